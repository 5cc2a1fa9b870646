/* SPDX-License-Identifier: MIT */
#include "signature/crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "signature/pkey.h"

struct hm_crypto {
	EVP_MD *md[HM_HASH_COUNT];
	EVP_MD_CTX *ctx[HM_HASH_COUNT];
	bool failed; /* since hm_crypto_begin */
};

/* clang-format off */
static const char *const md_names[HM_HASH_COUNT] = {
	[HM_HASH_MD5] = "MD5", [HM_HASH_SHA1] = "SHA1", [HM_HASH_SHA256] = "SHA256",
	[HM_HASH_SHA384] = "SHA384", [HM_HASH_SHA512] = "SHA512",
};
/* clang-format on */

void hm_crypto_close(struct hm_crypto *crypto)
{
	if (crypto == NULL)
		return;
	for (int i = 0; i < HM_HASH_COUNT; i++) {
		EVP_MD_CTX_free(crypto->ctx[i]);
		EVP_MD_free(crypto->md[i]);
	}
	free(crypto);
}

static bool fetch(struct hm_crypto *crypto)
{
	for (int i = HM_HASH_NONE + 1; i < HM_HASH_COUNT; i++) {
		crypto->md[i] = EVP_MD_fetch(NULL, md_names[i], NULL);
		crypto->ctx[i] = EVP_MD_CTX_new();
		if (crypto->md[i] == NULL || crypto->ctx[i] == NULL)
			return false;
	}
	return true;
}

hm_err hm_crypto_open(struct hm_crypto **out)
{
	/* Reading openssl.cnf is a way in, and is denied in the box; what is needed later
	 * is found in memory then.  Texts of errors, old names of ciphers and tidying up
	 * at the end would cost half a millisecond of each run. */
	const uint64_t lean = OPENSSL_INIT_NO_LOAD_CONFIG |
			      OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS |
			      OPENSSL_INIT_NO_ADD_ALL_CIPHERS |
			      OPENSSL_INIT_NO_ADD_ALL_DIGESTS | OPENSSL_INIT_NO_ATEXIT;

	if (OPENSSL_init_crypto(lean, NULL) != 1)
		return HM_EIO;
	struct hm_crypto *crypto = calloc(1, sizeof(*crypto));

	if (crypto == NULL)
		return HM_EIO;
	if (!fetch(crypto)) {
		hm_crypto_close(crypto);
		return HM_EIO;
	}
	*out = crypto;
	return HM_OK;
}

void hm_crypto_begin(struct hm_crypto *crypto)
{
	crypto->failed = false;
}

bool hm_crypto_failed(const struct hm_crypto *crypto)
{
	return crypto->failed;
}

/* Digests. */

hm_bytes hm_digest_bytes(const struct hm_digest *digest)
{
	return (hm_bytes){ digest->at, hm_hash_len(digest->hash) };
}

bool hm_digest_is(const struct hm_digest *digest, hm_bytes claimed)
{
	return digest->hash != HM_HASH_NONE && hm_same(hm_digest_bytes(digest), claimed);
}

/* A piece fits the first-level cache, so that a second digest reads it for nothing. */
enum { PIECE = 16384 };

static bool update(struct hm_crypto *crypto, uint32_t hashes, hm_bytes span)
{
	struct hm_cur c = hm_cur_of(span);
	bool ok = true;

	while (hm_more(&c)) {
		size_t left = hm_left(&c);
		hm_bytes piece = hm_take(&c, left < PIECE ? left : PIECE, "piece");

		for (int i = HM_HASH_NONE + 1; i < HM_HASH_COUNT; i++)
			if ((hashes & 1U << i) != 0)
				ok &= EVP_DigestUpdate(crypto->ctx[i], piece.at,
						       piece.len) == 1;
	}
	return ok;
}

void hm_digests_spans(struct hm_crypto *crypto, uint32_t hashes, const hm_bytes *spans,
		      size_t num, struct hm_digest *out)
{
	bool ok = true;

	for (int i = 0; i < HM_HASH_COUNT; i++) {
		out[i] = (struct hm_digest){ .hash = HM_HASH_NONE };
		if (i != HM_HASH_NONE && (hashes & 1U << i) != 0)
			ok &= EVP_DigestInit_ex2(crypto->ctx[i], crypto->md[i], NULL) ==
			      1;
	}
	/* A context that was not set up must not be used: OpenSSL would follow NULL. */
	for (size_t i = 0; ok && i < num; i++)
		ok = update(crypto, hashes, spans[i]);
	for (int i = HM_HASH_NONE + 1; i < HM_HASH_COUNT; i++)
		if (ok && (hashes & 1U << i) != 0 &&
		    EVP_DigestFinal_ex(crypto->ctx[i], out[i].at, NULL) == 1)
			out[i].hash = (enum hm_hash)i;
	crypto->failed |= !ok;
}

struct hm_digest hm_digest_spans(struct hm_crypto *crypto, enum hm_hash hash,
				 const hm_bytes *spans, size_t num)
{
	struct hm_digest all[HM_HASH_COUNT];

	hm_digests_spans(crypto, 1U << hash, spans, num, all);
	return all[hash];
}

struct hm_digest hm_digest_of(struct hm_crypto *crypto, enum hm_hash hash, hm_bytes what)
{
	return hm_digest_spans(crypto, hash, &what, 1);
}

struct hm_digest hm_digest_attrs(struct hm_crypto *crypto, enum hm_hash hash,
				 const struct hm_attrs *attrs)
{
	static const uint8_t set = HM_DER_SET;
	struct hm_cur c = hm_cur_of(attrs->raw);

	hm_u8(&c, "tag");
	const hm_bytes spans[] = { { &set, 1 }, hm_rest(&c) };

	return hm_digest_spans(crypto, attrs->raw.len != 0 ? hash : HM_HASH_NONE, spans,
			       2);
}

/* Checks. */

bool hm_check_ok(enum hm_check check)
{
	return check == HM_CHECK_GOOD || check == HM_CHECK_BARE;
}

/*
 * RSA takes two multiplications for each bit of the exponent, each in the square of the
 * modulus' length; 160 with 4,096 bits take half a millisecond, as does an operation on
 * a curve.  The longest key of Microsoft's program, of 8,192 bits, counts 2.
 */
static uint32_t weight(const struct hm_key *key)
{
	enum { MULTIPLICATIONS = 16, MODULUS = 512, OF_ONE = 160 };
	/* OpenSSL refuses an exponent above the modulus at once. */
	uint64_t n = key->n.len, e = key->e.len < n ? key->e.len : n;

	if (key->kind != HM_KEY_RSA)
		return 1;
	return (uint32_t)(1 + MULTIPLICATIONS * e * n * n /
				      ((uint64_t)OF_ONE * MODULUS * MODULUS));
}

enum hm_check hm_check(struct hm_crypto *crypto, struct hm_budget *budget,
		       const struct hm_check_args *args)
{
	const struct hm_key *key = args->key;
	const struct hm_alg *alg = args->alg;
	enum hm_hash hash = args->digest->hash;

	if (key->why != NULL || key->kind == HM_KEY_NONE || alg->key == HM_KEY_NONE ||
	    hash == HM_HASH_NONE)
		return HM_CHECK_UNSUP;
	if (alg->padding == HM_PAD_PSS && (alg->odd || alg->mgf_hash == HM_HASH_NONE))
		return HM_CHECK_UNSUP;
	bool pss_key = key->alg.oid == HM_OID_RSA_PSS;

	if (alg->key != key->kind || (alg->hash != HM_HASH_NONE && alg->hash != hash) ||
	    (pss_key && alg->padding != HM_PAD_PSS))
		return HM_CHECK_BAD;
	if (weight(key) > budget->max - budget->used)
		return HM_CHECK_LIMIT;
	budget->used += weight(key);
	return hm_pkey_check(args, crypto->md, &crypto->failed);
}

enum hm_check hm_check_cert(struct hm_crypto *crypto, struct hm_budget *budget,
			    struct hm_hashed *last, const struct hm_cert *cert,
			    const struct hm_key *issuer)
{
	if (cert->err != HM_OK)
		return HM_CHECK_UNSUP;
	/* RFC 5280 4.1.1.2: both say the same. */
	if (!hm_same(cert->alg.id, cert->tbs_alg.id) ||
	    !hm_same(cert->alg.params, cert->tbs_alg.params))
		return HM_CHECK_BAD;
	if (last->what.at != cert->tbs.at || last->what.len != cert->tbs.len ||
	    last->digest.hash != cert->alg.hash)
		*last = (struct hm_hashed){
			.what = cert->tbs,
			.digest = hm_digest_of(crypto, cert->alg.hash, cert->tbs),
		};
	return hm_check(crypto, budget,
			&(struct hm_check_args){ .key = issuer,
						 .alg = &cert->alg,
						 .digest = &last->digest,
						 .signature = cert->signature });
}

enum hm_check hm_check_signer(struct hm_crypto *crypto, struct hm_budget *budget,
			      const struct hm_signer *signer, hm_bytes content,
			      const struct hm_key *key)
{
	struct hm_alg alg = signer->alg;

	/* The hash is that of digestAlgorithm, whatever the signature's algorithm names:
	 * only RSASSA-PSS has one of its own.  So does Windows, and so do old signers. */
	enum hm_hash hash = signer->digest_alg.hash;

	if (alg.padding == HM_PAD_PSS)
		hash = alg.hash;
	else
		alg.hash = hash;
	struct hm_digest digest = signer->attrs.raw.len != 0
					  ? hm_digest_attrs(crypto, hash, &signer->attrs)
					  : hm_digest_of(crypto, hash, content);

	return hm_check(crypto, budget,
			&(struct hm_check_args){ .key = key,
						 .alg = &alg,
						 .digest = &digest,
						 .signature = signer->signature,
						 .bare = true });
}

bool hm_signer_digest_ok(struct hm_crypto *crypto, const struct hm_signer *signer,
			 hm_bytes content)
{
	if (signer->attrs.raw.len == 0)
		return true;
	struct hm_digest digest = hm_digest_of(crypto, signer->digest_alg.hash, content);

	return hm_digest_is(&digest, signer->message_digest);
}

struct hm_digest hm_cert_sha1(struct hm_crypto *crypto, const struct hm_cert *cert)
{
	return hm_digest_of(crypto, HM_HASH_SHA1, cert->der);
}

struct hm_digest hm_cert_sha256(struct hm_crypto *crypto, const struct hm_cert *cert)
{
	return hm_digest_of(crypto, HM_HASH_SHA256, cert->der);
}
