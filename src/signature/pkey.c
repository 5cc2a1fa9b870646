/* SPDX-License-Identifier: MIT */
#include "signature/pkey.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <string.h>

#include "base/limits.h"

/* Numbers on their way into a key. */
struct builder {
	OSSL_PARAM_BLD *bld;
	BIGNUM *numbers[4];
	size_t num;
	bool ok;
	bool failed; /* OpenSSL could not do what has nothing to do with the key */
};

static void push_number(struct builder *b, const char *name, hm_bytes value)
{
	BIGNUM *n = BN_bin2bn(value.at, (int)value.len, NULL);

	b->numbers[b->num++] = n;
	b->failed |= n == NULL || OSSL_PARAM_BLD_push_BN(b->bld, name, n) != 1;
	b->ok = b->ok && !b->failed;
}

static void push_rsa(struct builder *b, const struct hm_key *key)
{
	push_number(b, OSSL_PKEY_PARAM_RSA_N, key->n);
	push_number(b, OSSL_PKEY_PARAM_RSA_E, key->e);
	b->ok = b->ok && BN_is_odd(b->numbers[0]) && BN_is_odd(b->numbers[1]) &&
		!BN_is_one(b->numbers[1]);
}

static void push_dsa(struct builder *b, const struct hm_key *key)
{
	push_number(b, OSSL_PKEY_PARAM_FFC_P, key->p);
	push_number(b, OSSL_PKEY_PARAM_FFC_Q, key->q);
	push_number(b, OSSL_PKEY_PARAM_FFC_G, key->g);
	push_number(b, OSSL_PKEY_PARAM_PUB_KEY, key->y);
	/* FIPS 186-4 4.2. */
	size_t q = key->q.len;

	b->ok = b->ok && BN_is_odd(b->numbers[0]) && (q == 20 || q == 28 || q == 32) &&
		key->p.len <= HM_MAX_DSA_BITS / 8;
}

static void push_ec(struct builder *b, const struct hm_key *key)
{
	/* clang-format off */
	static const struct { const char *group; size_t point_len; } curves[] = {
		[HM_CURVE_NONE] = { NULL, 0 },
		[HM_CURVE_P256] = { "P-256", 65 },
		[HM_CURVE_P384] = { "P-384", 97 },
		[HM_CURVE_P521] = { "P-521", 133 },
		[HM_CURVE_EXPLICIT] = { NULL, 0 },
	};
	/* clang-format on */
	struct hm_cur point = hm_cur_of(key->point);

	b->ok = b->ok && curves[key->curve].group != NULL &&
		key->point.len == curves[key->curve].point_len && hm_peek(&point) == 4;
	b->failed |=
		b->ok &&
		(OSSL_PARAM_BLD_push_utf8_string(b->bld, OSSL_PKEY_PARAM_GROUP_NAME,
						 curves[key->curve].group, 0) != 1 ||
		 OSSL_PARAM_BLD_push_octet_string(b->bld, OSSL_PKEY_PARAM_PUB_KEY,
						  key->point.at, key->point.len) != 1);
}

static EVP_PKEY *finish(struct builder *b, const char *type)
{
	EVP_PKEY *pkey = NULL;
	bool whole = b->ok && !b->failed;
	OSSL_PARAM *params = whole ? OSSL_PARAM_BLD_to_param(b->bld) : NULL;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	bool ready = params != NULL && ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1;

	if (ready && EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		pkey = NULL;
	b->failed |= b->bld == NULL || (whole && !ready) ||
		     (ready && pkey == NULL && ERR_peek_error() == 0);
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(b->bld);
	for (size_t i = 0; i < b->num; i++)
		BN_free(b->numbers[i]);
	return pkey;
}

/* NULL where OpenSSL or we refuse the key, or with *failed where it was not asked. */
static EVP_PKEY *build(const struct hm_key *key, bool *failed)
{
	struct builder b = { .bld = OSSL_PARAM_BLD_new() };
	EVP_PKEY *pkey = NULL;

	b.ok = b.bld != NULL;
	switch (key->kind) {
	case HM_KEY_NONE: OSSL_PARAM_BLD_free(b.bld); break;
	case HM_KEY_RSA:
		push_rsa(&b, key);
		pkey = finish(&b, "RSA");
		break;
	case HM_KEY_EC:
		push_ec(&b, key);
		pkey = finish(&b, "EC");
		break;
	case HM_KEY_DSA:
		push_dsa(&b, key);
		pkey = finish(&b, "DSA");
		break;
	}
	*failed |= b.failed;
	return pkey;
}

/* RFC 8017 9.2, note 1: what stands before the hash.  The second form, without NULL, is
 * lawful to Windows too (and to RFC 8017, appendix B.1). */
struct prefix {
	uint8_t at[19];
	uint8_t len;
};

/* clang-format off */
static const struct prefix prefixes[HM_HASH_COUNT][2] = {
	[HM_HASH_MD5] = {
		{ { 0x30, 0x20, 0x30, 0x0c, 0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
		    0x02, 0x05, 0x05, 0x00, 0x04, 0x10 }, 18 },
		{ { 0x30, 0x1e, 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
		    0x02, 0x05, 0x04, 0x10 }, 16 } },
	[HM_HASH_SHA1] = {
		{ { 0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05,
		    0x00, 0x04, 0x14 }, 15 },
		{ { 0x30, 0x1f, 0x30, 0x07, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x04,
		    0x14 }, 13 } },
	[HM_HASH_SHA256] = {
		{ { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03,
		    0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 }, 19 },
		{ { 0x30, 0x2f, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03,
		    0x04, 0x02, 0x01, 0x04, 0x20 }, 17 } },
	[HM_HASH_SHA384] = {
		{ { 0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03,
		    0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30 }, 19 },
		{ { 0x30, 0x3f, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03,
		    0x04, 0x02, 0x02, 0x04, 0x30 }, 17 } },
	[HM_HASH_SHA512] = {
		{ { 0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03,
		    0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40 }, 19 },
		{ { 0x30, 0x4f, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03,
		    0x04, 0x02, 0x03, 0x04, 0x40 }, 17 } },
};
/* clang-format on */

static enum hm_check compare_block(hm_bytes block, const struct hm_check_args *args)
{
	hm_bytes hash = hm_digest_bytes(args->digest);

	for (int i = 0; i < 2; i++) {
		const struct prefix *p = &prefixes[args->digest->hash][i];
		struct hm_cur c = hm_cur_of(block);

		if (block.len == p->len + hash.len &&
		    hm_same(hm_take(&c, p->len, "prefix"), (hm_bytes){ p->at, p->len }) &&
		    hm_same(hm_rest(&c), hash))
			return HM_CHECK_GOOD;
	}
	return args->bare && hm_same(block, hash) ? HM_CHECK_BARE : HM_CHECK_BAD;
}

static enum hm_check check_pkcs1(EVP_PKEY_CTX *ctx, const struct hm_check_args *args,
				 bool *failed)
{
	uint8_t block[HM_MAX_RSA_BITS / 8];
	size_t len = sizeof(block);

	*failed |= EVP_PKEY_verify_recover_init(ctx) != 1 ||
		   EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) != 1;
	if (*failed || EVP_PKEY_verify_recover(ctx, block, &len, args->signature.at,
					       args->signature.len) != 1)
		return HM_CHECK_BAD;
	return compare_block((hm_bytes){ block, len }, args);
}

static enum hm_check check_digest(EVP_PKEY_CTX *ctx, const struct hm_check_args *args,
				  EVP_MD *const *md, bool *failed)
{
	const struct hm_alg *alg = args->alg;
	hm_bytes hash = hm_digest_bytes(args->digest);

	if (EVP_PKEY_verify_init(ctx) != 1) {
		*failed = true;
		return HM_CHECK_UNSUP;
	}
	if (alg->key == HM_KEY_RSA &&
	    (EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) != 1 ||
	     EVP_PKEY_CTX_set_signature_md(ctx, md[args->digest->hash]) != 1 ||
	     EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, md[alg->mgf_hash]) != 1 ||
	     EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, (int)alg->salt_len) != 1))
		return HM_CHECK_UNSUP;
	return EVP_PKEY_verify(ctx, args->signature.at, args->signature.len, hash.at,
			       hash.len) == 1
		       ? HM_CHECK_GOOD
		       : HM_CHECK_BAD;
}

/* OpenSSL queues its reasons per thread; that it had no memory is the one that counts:
 * its answer is then none. */
static bool had_no_memory(void)
{
	bool none = false;

	for (unsigned long err; (err = ERR_get_error()) != 0;)
		none |= ERR_GET_REASON(err) == ERR_R_MALLOC_FAILURE ||
			ERR_GET_REASON(err) == ERR_R_INTERNAL_ERROR;
	return none;
}

enum hm_check hm_pkey_check(const struct hm_check_args *args, EVP_MD *const *md,
			    bool *failed)
{
	EVP_PKEY *pkey = build(args->key, failed);
	EVP_PKEY_CTX *ctx =
		pkey != NULL ? EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL) : NULL;
	enum hm_check check = HM_CHECK_UNSUP;

	*failed |= pkey != NULL && ctx == NULL;
	if (ctx != NULL && args->alg->key == HM_KEY_RSA &&
	    args->alg->padding == HM_PAD_PKCS1)
		check = check_pkcs1(ctx, args, failed);
	else if (ctx != NULL)
		check = check_digest(ctx, args, md, failed);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	*failed |= had_no_memory();
	return check;
}
