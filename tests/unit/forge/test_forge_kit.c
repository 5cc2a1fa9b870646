/* SPDX-License-Identifier: MIT */
/*
 * The honest program: the same bytes on every run, signed by the keys it names.
 * Signatures are checked with EVP here, not with our verifier.
 */
#include <openssl/x509.h>
#include <stdlib.h>

#include "check.h"
#include "forge/kit.h"

HM_NORETURN static void full(void *ctx)
{
	(void)ctx;
	abort();
}

static EVP_PKEY *public_key(struct hm_arena *a, enum hm_mk_key key)
{
	hm_bytes spki = hm_mk_spki(a, key);
	const unsigned char *at = spki.at;

	return d2i_PUBKEY(NULL, &at, (long)spki.len);
}

static bool verifies(struct hm_arena *a, struct hm_mk_how how, const char *md)
{
	hm_bytes data = hm_bytes_of("what is signed");
	hm_bytes signature = hm_mk_sign(a, how, data);
	EVP_PKEY *key = public_key(a, how.key);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *params = NULL;
	bool ok = EVP_DigestVerifyInit_ex(ctx, &params, md, NULL, NULL, key, NULL) > 0;

	if (how.scheme == HM_MK_PSS)
		ok = ok && EVP_PKEY_CTX_ctrl_str(params, "rsa_padding_mode", "pss") > 0;
	ok = ok &&
	     EVP_DigestVerify(ctx, signature.at, signature.len, data.at, data.len) == 1;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	return ok;
}

static void check_keys(struct hm_arena *a)
{
	for (int key = 0; key < HM_MK_KEYS; key++) {
		struct hm_mk_how how = { .key = (enum hm_mk_key)key };
		const char *md = key == HM_MK_KEY_ED25519 ? NULL : "SHA256";

		check(verifies(a, how, md), "key %d signs what its public key verifies",
		      key);
	}
	struct hm_mk_how pss = { HM_MK_KEY_SIGNER, HM_MK_SHA384, HM_MK_PSS };
	check(verifies(a, pss, "SHA384"), "RSA-PSS");
	struct hm_mk_how sha1 = { HM_MK_KEY_SIGNER, HM_MK_SHA1, HM_MK_NATURAL };
	check(verifies(a, sha1, "SHA1"), "RSA with SHA-1");
	struct hm_mk_how bare = { HM_MK_KEY_SIGNER, HM_MK_SHA1, HM_MK_BARE_HASH };
	check(!verifies(a, bare, "SHA1"), "a bare hash is no PKCS #1 signature");
}

static void check_image(struct hm_arena *a)
{
	struct hm_mk_kit k = hm_mk_kit_of(a);
	hm_bytes file = hm_mk_file(&k);
	hm_bytes again = hm_mk_file(&k);
	hm_bytes image = hm_mk_pe(a, &k.pe);
	hm_bytes digest = hm_mk_pe_digest(a, &k.pe, HM_MK_SHA256, image);
	size_t security = hm_mk_pe_directory(&k.pe, HM_MK_SECURITY);

	check(hm_same(file, again), "two runs give the same %zu bytes", file.len);
	check(file.len % 8 == 0, "the table fills a multiple of 8");
	check(hm_mk_find(file, digest) > image.len,
	      "the signature holds the image's digest");
	check(hm_same(hm_mk_pe_digest(a, &k.pe, HM_MK_SHA256,
				      hm_mk_part(file, 0, image.len)),
		      digest),
	      "attaching changes nothing that is hashed");
	check(hm_same(hm_mk_pe_sum(a, &k.pe, file), file), "CheckSum is right");
	check(file.at[security] == 0 && file.at[security + 1] == 8,
	      "the directory points past the image");
}

int main(void)
{
	struct hm_arena a;

	if (hm_arena_open(1 << 26, full, NULL, &a) != HM_OK)
		return 1;
	check_keys(&a);
	check_image(&a);
	hm_arena_close(&a);
	return check_done();
}
