/* SPDX-License-Identifier: MIT */
/*
 * key.c: keys from their numbers, signatures by EVP.
 *
 * Algorithm identifiers: RFC 3279, 4055, 5480, 5758.
 */
#include "forge/key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <string.h>

#include "base/text.h"
#include "forge/testkeys.h"

static const struct {
	const char *name; /* EVP's */
	size_t len;
	const char *oid, *with_rsa, *with_ecdsa, *with_dsa;
} mds[HM_MK_MDS] = {
	/* clang-format off */
	[HM_MK_SHA256] = { "SHA256", 32, "2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.11", "1.2.840.10045.4.3.2", "2.16.840.1.101.3.4.3.2" },
	[HM_MK_SHA1]   = { "SHA1", 20, "1.3.14.3.2.26", "1.2.840.113549.1.1.5", "1.2.840.10045.4.1", "1.2.840.10040.4.3" },
	[HM_MK_SHA384] = { "SHA384", 48, "2.16.840.1.101.3.4.2.2", "1.2.840.113549.1.1.12", "1.2.840.10045.4.3.3", "2.16.840.1.101.3.4.3.3" },
	[HM_MK_SHA512] = { "SHA512", 64, "2.16.840.1.101.3.4.2.3", "1.2.840.113549.1.1.13", "1.2.840.10045.4.3.4", "2.16.840.1.101.3.4.3.4" },
	[HM_MK_MD5]    = { "MD5", 16, "1.2.840.113549.2.5", "1.2.840.113549.1.1.4", NULL, NULL },
	[HM_MK_MD4]    = { "MD4", 16, "1.2.840.113549.2.4", "1.2.840.113549.1.1.3", NULL, NULL },
	[HM_MK_MD2]    = { "MD2", 16, "1.2.840.113549.2.2", "1.2.840.113549.1.1.2", NULL, NULL },
	/* clang-format on */
};

/* Does not return: see key.h. */
static void need(struct hm_arena *a, bool ok)
{
	if (!ok)
		a->full(a->ctx);
}

static bool is_rsa(enum hm_mk_key key)
{
	return strcmp(hm_mk_numbers[key].type, "RSA") == 0;
}

static hm_bytes unhex(struct hm_arena *a, const char *hex)
{
	size_t len = strlen(hex) / 2;
	uint8_t *out = hm_alloc(a, 1, len + 1);

	need(a, hm_unhex(hm_bytes_of(hex), out, len));
	return (hm_bytes){ out, len };
}

/* The closers of OpenSSL take their own types; hm_defer passes void *. */
static void free_bn(void *bn)
{
	BN_clear_free(bn);
}

static void free_bn_ctx(void *ctx)
{
	BN_CTX_free(ctx);
}

static void free_build(void *build)
{
	OSSL_PARAM_BLD_free(build);
}

static void free_params(void *params)
{
	OSSL_PARAM_free(params);
}

static void free_pkey(void *pkey)
{
	EVP_PKEY_free(pkey);
}

static void free_pkey_ctx(void *ctx)
{
	EVP_PKEY_CTX_free(ctx);
}

static void free_md_ctx(void *ctx)
{
	EVP_MD_CTX_free(ctx);
}

static void free_md(void *md)
{
	EVP_MD_free(md);
}

static const EVP_MD *md_of(struct hm_arena *a, const char *name)
{
	EVP_MD *md = EVP_MD_fetch(NULL, name, NULL);

	need(a, md != NULL);
	hm_defer(a, free_md, md);
	return md;
}

static BIGNUM *new_bn(struct hm_arena *a)
{
	BIGNUM *bn = BN_new();

	need(a, bn != NULL);
	hm_defer(a, free_bn, bn);
	return bn;
}

static BIGNUM *bn_of(struct hm_arena *a, const char *hex)
{
	BIGNUM *bn = new_bn(a);

	need(a, BN_hex2bn(&bn, hex) != 0);
	return bn;
}

struct rsa {
	BIGNUM *p, *q, *n, *e, *d, *dp, *dq, *qinv;
};

static struct rsa rsa_of(struct hm_arena *a, const struct hm_mk_numbers *k)
{
	struct rsa r = { bn_of(a, k->prime1), bn_of(a, k->prime2), new_bn(a), new_bn(a),
			 new_bn(a),           new_bn(a),           new_bn(a), new_bn(a) };
	BIGNUM *p1 = new_bn(a), *q1 = new_bn(a), *phi = new_bn(a);
	BN_CTX *ctx = BN_CTX_new();

	need(a, ctx != NULL);
	hm_defer(a, free_bn_ctx, ctx);
	need(a, BN_set_word(r.e, k->exponent) && BN_mul(r.n, r.p, r.q, ctx) &&
			BN_sub(p1, r.p, BN_value_one()) &&
			BN_sub(q1, r.q, BN_value_one()) && BN_mul(phi, p1, q1, ctx) &&
			BN_mod_inverse(r.d, r.e, phi, ctx) &&
			BN_mod(r.dp, r.d, p1, ctx) && BN_mod(r.dq, r.d, q1, ctx) &&
			BN_mod_inverse(r.qinv, r.q, r.p, ctx));
	return r;
}

static hm_bytes bn_bytes(struct hm_arena *a, const BIGNUM *bn)
{
	int len = BN_num_bytes(bn);
	uint8_t *out = hm_alloc(a, 1, (size_t)len + 1);

	BN_bn2bin(bn, out);
	return (hm_bytes){ out, (size_t)len };
}

static void push_rsa(struct hm_arena *a, OSSL_PARAM_BLD *to,
		     const struct hm_mk_numbers *k)
{
	struct rsa r = rsa_of(a, k);

	need(a, OSSL_PARAM_BLD_push_BN(to, OSSL_PKEY_PARAM_RSA_N, r.n) &&
			OSSL_PARAM_BLD_push_BN(to, OSSL_PKEY_PARAM_RSA_E, r.e) &&
			OSSL_PARAM_BLD_push_BN(to, OSSL_PKEY_PARAM_RSA_D, r.d) &&
			OSSL_PARAM_BLD_push_BN(to, OSSL_PKEY_PARAM_RSA_FACTOR1, r.p) &&
			OSSL_PARAM_BLD_push_BN(to, OSSL_PKEY_PARAM_RSA_FACTOR2, r.q) &&
			OSSL_PARAM_BLD_push_BN(to, OSSL_PKEY_PARAM_RSA_EXPONENT1, r.dp) &&
			OSSL_PARAM_BLD_push_BN(to, OSSL_PKEY_PARAM_RSA_EXPONENT2, r.dq) &&
			OSSL_PARAM_BLD_push_BN(to, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
					       r.qinv));
}

static void push_octets(struct hm_arena *a, OSSL_PARAM_BLD *to, const char *name,
			const char *hex)
{
	hm_bytes octets = unhex(a, hex);

	need(a, OSSL_PARAM_BLD_push_octet_string(to, name, octets.at, octets.len));
}

static void push_dsa(struct hm_arena *a, OSSL_PARAM_BLD *to,
		     const struct hm_mk_numbers *k)
{
	need(a,
	     OSSL_PARAM_BLD_push_BN(to, OSSL_PKEY_PARAM_FFC_P, bn_of(a, k->p)) &&
		     OSSL_PARAM_BLD_push_BN(to, OSSL_PKEY_PARAM_FFC_Q, bn_of(a, k->q)) &&
		     OSSL_PARAM_BLD_push_BN(to, OSSL_PKEY_PARAM_FFC_G, bn_of(a, k->g)) &&
		     OSSL_PARAM_BLD_push_BN(to, OSSL_PKEY_PARAM_PUB_KEY,
					    bn_of(a, k->pub)) &&
		     OSSL_PARAM_BLD_push_BN(to, OSSL_PKEY_PARAM_PRIV_KEY,
					    bn_of(a, k->priv)));
}

static void push_numbers(struct hm_arena *a, OSSL_PARAM_BLD *to,
			 const struct hm_mk_numbers *k)
{
	if (k->prime1 != NULL) {
		push_rsa(a, to, k);
	} else if (k->p != NULL) {
		push_dsa(a, to, k);
	} else if (k->group != NULL) {
		need(a, OSSL_PARAM_BLD_push_utf8_string(to, OSSL_PKEY_PARAM_GROUP_NAME,
							k->group, 0) &&
				OSSL_PARAM_BLD_push_BN(to, OSSL_PKEY_PARAM_PRIV_KEY,
						       bn_of(a, k->priv)));
		push_octets(a, to, OSSL_PKEY_PARAM_PUB_KEY, k->pub);
	} else {
		push_octets(a, to, OSSL_PKEY_PARAM_PRIV_KEY, k->priv);
		push_octets(a, to, OSSL_PKEY_PARAM_PUB_KEY, k->pub);
	}
}

static EVP_PKEY *open_key(struct hm_arena *a, enum hm_mk_key key)
{
	const struct hm_mk_numbers *k = &hm_mk_numbers[key];
	EVP_PKEY *pkey = NULL;
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	need(a, build != NULL);
	hm_defer(a, free_build, build);
	push_numbers(a, build, k);
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
	need(a, params != NULL);
	hm_defer(a, free_params, params);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, k->type, NULL);
	need(a, ctx != NULL);
	hm_defer(a, free_pkey_ctx, ctx);

	need(a, EVP_PKEY_fromdata_init(ctx) > 0 &&
			EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params) > 0);
	hm_defer(a, free_pkey, pkey);
	return pkey;
}

hm_bytes hm_mk_digest(struct hm_arena *a, enum hm_mk_md md, hm_bytes data)
{
	uint8_t *out = hm_alloc(a, 1, EVP_MAX_MD_SIZE);

	/* MD2 and MD4 are not in OpenSSL's default provider: any bytes stand for them. */
	if (md == HM_MK_MD2 || md == HM_MK_MD4)
		return hm_mk_digest(a, HM_MK_MD5, data);
	need(a, EVP_Q_digest(NULL, mds[md].name, NULL, data.at, data.len, out, NULL));
	return (hm_bytes){ out, mds[md].len };
}

size_t hm_mk_digest_len(enum hm_mk_md md)
{
	return mds[md].len;
}

/* Signs what is given: a digest, or a padded block, by what set up prepared. */
static hm_bytes sign_with(struct hm_arena *a, EVP_PKEY_CTX *ctx, hm_bytes what)
{
	size_t len = 0;
	need(a, EVP_PKEY_sign(ctx, NULL, &len, what.at, what.len) > 0);
	uint8_t *out = hm_alloc(a, 1, len);

	need(a, EVP_PKEY_sign(ctx, out, &len, what.at, what.len) > 0);
	return (hm_bytes){ out, len };
}

static EVP_PKEY_CTX *start_sign(struct hm_arena *a, enum hm_mk_key key)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, open_key(a, key), NULL);

	need(a, ctx != NULL);
	hm_defer(a, free_pkey_ctx, ctx);
	need(a, EVP_PKEY_sign_init(ctx) > 0);
	return ctx;
}

hm_bytes hm_mk_rsa_raw(struct hm_arena *a, enum hm_mk_key key, hm_bytes block)
{
	EVP_PKEY_CTX *ctx = start_sign(a, key);

	need(a, EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) > 0);
	return sign_with(a, ctx, block);
}

/* 00 type padding 00 inner tail, as long as the modulus. */
static hm_bytes pad_block(struct hm_arena *a, size_t len, uint8_t type, hm_bytes inner)
{
	return hm_mk_cat(a, hm_mk_lit(0, type),
			 hm_mk_fill(a, type == 0 ? 0 : 0xff, len - inner.len - 3),
			 hm_mk_lit(0), inner);
}

static hm_bytes filled_to(struct hm_arena *a, hm_bytes begin, size_t len)
{
	return hm_mk_cat(a, begin, hm_mk_fill(a, 0, len - begin.len));
}

/* The least padding that PKCS #1 allows, then inner. */
static hm_bytes short_block(struct hm_arena *a, hm_bytes inner)
{
	return hm_mk_cat(a, hm_mk_lit(0, 1), hm_mk_fill(a, 0xff, 8), hm_mk_lit(0), inner);
}

/* DigestInfo that fills the block but for 11 octets, garbage where alg has it. */
static hm_bytes garbage_params(struct hm_arena *a, struct hm_mk_how how, hm_bytes digest,
			       size_t room)
{
	hm_bytes oid = hm_mk_oid(a, mds[how.md].oid);
	hm_bytes garbage =
		hm_mk_octets(a, hm_mk_fill(a, 'g', room - oid.len - digest.len - 14));

	return hm_mk_seq(a, hm_mk_seq(a, oid, garbage), hm_mk_octets(a, digest));
}

/*
 * EMSA-PKCS1-v1_5 (RFC 8017 9.2): DigestInfo and padding written here, so that
 * digests that OpenSSL does not know are signed like any other, and so that every
 * part of it can be wrong.
 */
static hm_bytes pkcs1_block(struct hm_arena *a, struct hm_mk_how how, hm_bytes digest)
{
	size_t len = hm_mk_modulus(a, how.key).len;
	hm_bytes alg = hm_mk_md_alg(a, how.md);
	hm_bytes info = hm_mk_seq(a, alg, hm_mk_octets(a, digest));
	hm_bytes other =
		hm_mk_md_alg(a, how.md == HM_MK_SHA1 ? HM_MK_SHA256 : HM_MK_SHA1);

	switch ((int)how.scheme) {
	case HM_MK_BARE_HASH: return pad_block(a, len, 1, digest);
	case HM_MK_CUBE_ROOT:
	case HM_MK_GARBAGE_END: return filled_to(a, short_block(a, info), len);
	case HM_MK_GARBAGE_PARAMS:
		return pad_block(a, len, 1, garbage_params(a, how, digest, len - 11));
	case HM_MK_GARBAGE_INSIDE:
		return pad_block(a, len, 1,
				 hm_mk_seq(a, alg, hm_mk_octets(a, digest),
					   hm_mk_octets(a, hm_mk_fill(a, 'g', 64))));
	case HM_MK_TYPE_0: return pad_block(a, len, 0, info);
	case HM_MK_TYPE_2: return pad_block(a, len, 2, info);
	case HM_MK_SHORT_PADDING:
		return hm_mk_cat(a, hm_mk_fill(a, 0, len - info.len - 9), hm_mk_lit(1),
				 hm_mk_fill(a, 0xff, 7), hm_mk_lit(0), info);
	case HM_MK_BER_INFO:
		return pad_block(a, len, 1,
				 hm_mk_long_length(a, HM_MK_SEQUENCE,
						   hm_mk_without_header(info), 1));
	case HM_MK_OTHER_MD_OID:
		return pad_block(a, len, 1, hm_mk_seq(a, other, hm_mk_octets(a, digest)));
	case HM_MK_DIGEST_CUT:
		digest = hm_mk_part(digest, 0, digest.len - 1);
		return pad_block(a, len, 1, hm_mk_seq(a, alg, hm_mk_octets(a, digest)));
	default: return pad_block(a, len, 1, info);
	}
}

static BIGNUM *bn_from(struct hm_arena *a, hm_bytes be)
{
	BIGNUM *bn = new_bn(a);

	need(a, BN_bin2bn(be.at, (int)be.len, bn) != NULL);
	return bn;
}

/* The number right-aligned in len octets. */
static hm_bytes bn_padded(struct hm_arena *a, const BIGNUM *bn, size_t len)
{
	uint8_t *out = hm_alloc(a, 1, len);

	need(a, BN_bn2binpad(bn, out, (int)len) == (int)len);
	return (hm_bytes){ out, len };
}

/* The least number whose cube is not below block's, found bit by bit from the top. */
static hm_bytes cube_root(struct hm_arena *a, hm_bytes block)
{
	BIGNUM *want = bn_from(a, block), *root = new_bn(a), *cube = new_bn(a);
	BN_CTX *ctx = BN_CTX_new();

	need(a, ctx != NULL);
	hm_defer(a, free_bn_ctx, ctx);
	for (int bit = (int)block.len * 8 / 3 + 1; bit >= 0; bit--) {
		need(a, BN_set_bit(root, bit) && BN_sqr(cube, root, ctx) &&
				BN_mul(cube, cube, root, ctx));
		if (BN_cmp(cube, want) >= 0)
			need(a, BN_clear_bit(root, bit));
	}
	need(a, BN_add_word(root, 1));
	return bn_padded(a, root, block.len);
}

/* n of P-256 (SEC 2, 2.4.2). */
static const char p256_order[] =
	"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

/*
 * Where the generator is the public key Q, the private key is 1.  With nonce 1
 * the point is Q itself: r is its x, s = z + r (mod n).
 */
static hm_bytes curveball(struct hm_arena *a, enum hm_mk_key key, hm_bytes digest)
{
	BIGNUM *n = bn_of(a, p256_order), *s = new_bn(a);
	BIGNUM *r = bn_from(a, hm_mk_part(hm_mk_point(a, key), 1, 32));
	BN_CTX *ctx = BN_CTX_new();

	need(a, ctx != NULL);
	hm_defer(a, free_bn_ctx, ctx);
	need(a, BN_nnmod(r, r, n, ctx) && BN_mod_add(s, bn_from(a, digest), r, n, ctx));
	return hm_mk_seq(a, hm_mk_int_of(a, bn_bytes(a, r)),
			 hm_mk_int_of(a, bn_bytes(a, s)));
}

static hm_bytes sign_pss(struct hm_arena *a, struct hm_mk_how how, hm_bytes digest)
{
	EVP_PKEY_CTX *ctx = start_sign(a, how.key);
	const EVP_MD *md = md_of(a, mds[how.md].name);
	const EVP_MD *mgf = how.scheme == HM_MK_PSS ? md : md_of(a, "SHA1");

	need(a,
	     EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0 &&
		     EVP_PKEY_CTX_set_signature_md(ctx, md) > 0 &&
		     EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, mgf) > 0 &&
		     EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) > 0);
	return sign_with(a, ctx, digest);
}

static bool is_pss(struct hm_mk_how how)
{
	return how.scheme == HM_MK_PSS || how.scheme == HM_MK_MD_MISMATCH_PSS;
}

hm_bytes hm_mk_sign_digest(struct hm_arena *a, struct hm_mk_how how, hm_bytes digest)
{
	if (how.scheme == HM_MK_CURVEBALL)
		return curveball(a, how.key, digest);
	if (is_pss(how))
		return sign_pss(a, how, digest);
	if (!is_rsa(how.key))
		return sign_with(a, start_sign(a, how.key), digest);

	hm_bytes block = pkcs1_block(a, how, digest);
	if (how.scheme == HM_MK_EXPONENT_1)
		return block;
	return how.scheme == HM_MK_CUBE_ROOT ? cube_root(a, block)
					     : hm_mk_rsa_raw(a, how.key, block);
}

/* Ed25519 signs messages, not digests. */
static hm_bytes sign_ed25519(struct hm_arena *a, enum hm_mk_key key, hm_bytes data)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t *out = hm_alloc(a, 1, 64);
	size_t len = 64;

	need(a, ctx != NULL);
	hm_defer(a, free_md_ctx, ctx);
	need(a, EVP_DigestSignInit(ctx, NULL, NULL, NULL, open_key(a, key)) > 0 &&
			EVP_DigestSign(ctx, out, &len, data.at, data.len) > 0);
	return (hm_bytes){ out, len };
}

hm_bytes hm_mk_sign(struct hm_arena *a, struct hm_mk_how how, hm_bytes data)
{
	if (how.key == HM_MK_KEY_ED25519)
		return sign_ed25519(a, how.key, data);
	return hm_mk_sign_digest(a, how, hm_mk_digest(a, how.md, data));
}

hm_bytes hm_mk_modulus(struct hm_arena *a, enum hm_mk_key key)
{
	return bn_bytes(a, rsa_of(a, &hm_mk_numbers[key]).n);
}

hm_bytes hm_mk_spki_of(struct hm_arena *a, hm_bytes algorithm, hm_bytes key_bits)
{
	return hm_mk_seq(a, algorithm, hm_mk_bits(a, key_bits));
}

hm_bytes hm_mk_spki_rsa(struct hm_arena *a, hm_bytes modulus, hm_bytes exponent)
{
	hm_bytes alg = hm_mk_seq(a, hm_mk_oid(a, "1.2.840.113549.1.1.1"), hm_mk_null(a));

	return hm_mk_spki_of(
		a, alg,
		hm_mk_seq(a, hm_mk_int_of(a, modulus), hm_mk_int_of(a, exponent)));
}

hm_bytes hm_mk_point(struct hm_arena *a, enum hm_mk_key key)
{
	return unhex(a, hm_mk_numbers[key].pub);
}

static const char *curve_oid(enum hm_mk_key key)
{
	switch ((int)key) {
	case HM_MK_KEY_P256: return "1.2.840.10045.3.1.7";
	case HM_MK_KEY_P384: return "1.3.132.0.34";
	case HM_MK_KEY_P521: return "1.3.132.0.35";
	default: return "1.3.132.0.10"; /* secp256k1 */
	}
}

hm_bytes hm_mk_spki(struct hm_arena *a, enum hm_mk_key key)
{
	const struct hm_mk_numbers *k = &hm_mk_numbers[key];

	if (is_rsa(key)) {
		hm_bytes e = bn_bytes(a, rsa_of(a, k).e);

		return hm_mk_spki_rsa(a, hm_mk_modulus(a, key), e);
	}
	if (key == HM_MK_KEY_ED25519)
		return hm_mk_spki_of(a, hm_mk_seq(a, hm_mk_oid(a, "1.3.101.112")),
				     unhex(a, k->pub));
	if (k->group != NULL)
		return hm_mk_spki_of(a,
				     hm_mk_seq(a, hm_mk_oid(a, "1.2.840.10045.2.1"),
					       hm_mk_oid(a, curve_oid(key))),
				     unhex(a, k->pub));
	hm_bytes domain = hm_mk_seq(a, hm_mk_int_of(a, unhex(a, k->p)),
				    hm_mk_int_of(a, unhex(a, k->q)),
				    hm_mk_int_of(a, unhex(a, k->g)));
	return hm_mk_spki_of(a, hm_mk_seq(a, hm_mk_oid(a, "1.2.840.10040.4.1"), domain),
			     hm_mk_int_of(a, unhex(a, k->pub)));
}

const char *hm_mk_md_oid(enum hm_mk_md md)
{
	return mds[md].oid;
}

hm_bytes hm_mk_md_alg(struct hm_arena *a, enum hm_mk_md md)
{
	return hm_mk_seq(a, hm_mk_oid(a, mds[md].oid), hm_mk_null(a));
}

/* RSASSA-PSS-params (RFC 4055 3.1). */
static hm_bytes pss_alg(struct hm_arena *a, enum hm_mk_md md)
{
	hm_bytes hash = hm_mk_md_alg(a, md);
	hm_bytes mgf = hm_mk_seq(a, hm_mk_oid(a, "1.2.840.113549.1.1.8"), hash);
	hm_bytes salt = hm_mk_int(a, mds[md].len);
	hm_bytes params = hm_mk_seq(a, hm_mk_tlv(a, 0xa0, hash), hm_mk_tlv(a, 0xa1, mgf),
				    hm_mk_tlv(a, 0xa2, salt));

	return hm_mk_seq(a, hm_mk_oid(a, "1.2.840.113549.1.1.10"), params);
}

hm_bytes hm_mk_sig_alg(struct hm_arena *a, struct hm_mk_how how)
{
	if (how.key == HM_MK_KEY_ED25519)
		return hm_mk_seq(a, hm_mk_oid(a, "1.3.101.112"));
	if (is_pss(how))
		return pss_alg(a, how.md);
	if (is_rsa(how.key))
		return hm_mk_seq(a, hm_mk_oid(a, mds[how.md].with_rsa), hm_mk_null(a));
	return hm_mk_seq(a,
			 hm_mk_oid(a, how.key == HM_MK_KEY_DSA ? mds[how.md].with_dsa
							       : mds[how.md].with_ecdsa));
}

hm_bytes hm_mk_signer_alg(struct hm_arena *a, struct hm_mk_how how)
{
	if (is_rsa(how.key) && !is_pss(how))
		return hm_mk_seq(a, hm_mk_oid(a, "1.2.840.113549.1.1.1"), hm_mk_null(a));
	return hm_mk_sig_alg(a, how);
}
