/* SPDX-License-Identifier: MIT */
/*
 * cases_crypto.c: keys, paddings, curves, hashes.
 *
 * Spec: RFC 8017 (RSA), SEC 1 and FIPS 186 (ECDSA, DSA), RFC 5480 (EC keys).
 */
#include "forge/cases.h"

static hm_bytes leaf_key(struct hm_mk_kit *k, int key)
{
	k->leaf.key = (enum hm_mk_key)key;
	hm_mk_follow_leaf(k);
	return hm_mk_file(k);
}

static hm_bytes leaf_key_sha384(struct hm_mk_kit *k, int key)
{
	k->signer.how.md = HM_MK_SHA384;
	k->spc.md = HM_MK_SHA384;
	return leaf_key(k, key);
}

static hm_bytes ca_key(struct hm_mk_kit *k, int key)
{
	k->ca.key = (enum hm_mk_key)key;
	hm_mk_issued_by(&k->leaf, &k->ca);
	return hm_mk_file(k);
}

/* The certificate's algorithm is "ECDSA, by the hash in the parameters". */
static hm_bytes ecdsa_specified(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->leaf.inner_alg = hm_mk_seq(k->a, hm_mk_oid(k->a, "1.2.840.10045.4.3"),
				      hm_mk_md_alg(k->a, HM_MK_SHA256));
	return ca_key(k, HM_MK_KEY_P256);
}

/* SignerInfo names the key's kind and no hash, as Windows does for all keys. */
static hm_bytes ecdsa_by_key(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->signer.sig_alg = hm_mk_seq(k->a, hm_mk_oid(k->a, "1.2.840.10045.2.1"));
	return leaf_key(k, HM_MK_KEY_P256);
}

/* The signature over the attributes is made in another way. */
static hm_bytes scheme(struct hm_mk_kit *k, int scheme)
{
	k->signer.how.scheme = (enum hm_mk_scheme)scheme;
	return hm_mk_file(k);
}

/* Made by PSS, said to be PKCS #1 v1.5. */
static hm_bytes pss_as_pkcs1(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->signer.how.scheme = HM_MK_PSS;
	k->signer.sig_alg = hm_mk_sig_alg(k->a, (struct hm_mk_how){ .key = k->leaf.key });
	return hm_mk_file(k);
}

/* A certificate's signature, made in another way. */
static hm_bytes leaf_scheme(struct hm_mk_kit *k, int scheme)
{
	k->leaf.how.scheme = (enum hm_mk_scheme)scheme;
	return hm_mk_file(k);
}

/* An RSA signature that anybody can make for a key of exponent 3. */
static hm_bytes exponent_3(struct hm_mk_kit *k, int scheme)
{
	k->signer.how.scheme = (enum hm_mk_scheme)scheme;
	return leaf_key(k, HM_MK_KEY_E3);
}

static hm_bytes exponent_3_ca(struct hm_mk_kit *k, int scheme)
{
	k->leaf.how.scheme = (enum hm_mk_scheme)scheme;
	return ca_key(k, HM_MK_KEY_E3);
}

static hm_bytes exponent_1(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->leaf.spki =
		hm_mk_spki_rsa(k->a, hm_mk_modulus(k->a, HM_MK_KEY_SIGNER), hm_mk_lit(1));
	k->signer.how.scheme = HM_MK_EXPONENT_1;
	return hm_mk_file(k);
}

static hm_bytes odd_exponent(struct hm_mk_kit *k, int exponent)
{
	hm_bytes e = hm_mk_fill(k->a, (uint8_t)exponent, exponent == 0xff ? 256 : 1);

	k->leaf.spki = hm_mk_spki_rsa(k->a, hm_mk_modulus(k->a, HM_MK_KEY_SIGNER), e);
	return hm_mk_file(k);
}

/* Moduli that are none: even, zero, one, very long. */
static hm_bytes odd_modulus(struct hm_mk_kit *k, int len)
{
	hm_bytes modulus = hm_mk_cat(k->a, hm_mk_fill(k->a, 0xc3, (size_t)len - 1),
				     hm_mk_fill(k->a, len == 256 ? 0xc2 : 0xc3, 1));

	k->leaf.spki = hm_mk_spki_rsa(k->a, modulus, hm_mk_lit(1, 0, 1));
	k->signer.signature = hm_mk_fill(k->a, 0x11, (size_t)len);
	return hm_mk_file(k);
}

static hm_bytes tiny_modulus(struct hm_mk_kit *k, int value)
{
	k->leaf.spki = hm_mk_spki_rsa(k->a, hm_mk_fill(k->a, (uint8_t)value, 1),
				      hm_mk_lit(1, 0, 1));
	return hm_mk_file(k);
}

/* Code in the modulus of an issuer, as in a stuffed YourPhone.exe. */
static hm_bytes code_in_modulus(struct hm_mk_kit *k, int arg)
{
	hm_bytes modulus = hm_mk_modulus(k->a, HM_MK_KEY_CA);
	hm_bytes code = hm_mk_lit(0x48, 0x83, 0xec, 0x28);

	(void)arg;
	k->ca.spki =
		hm_mk_spki_rsa(k->a,
			       hm_mk_cat(k->a, hm_mk_part(modulus, 0, 100), code,
					 hm_mk_part(modulus, 104, modulus.len - 104)),
			       hm_mk_lit(1, 0, 1));
	return hm_mk_file(k);
}

static hm_bytes right_signature(struct hm_mk_kit *k)
{
	hm_bytes digest =
		hm_mk_pe_digest(k->a, &k->pe, k->spc.md, hm_mk_pe(k->a, &k->pe));
	hm_bytes content = hm_mk_without_header(hm_mk_kit_content(k, digest));

	return hm_mk_signer_signature(k->a, &k->signer, k->cms.content_type, content);
}

static hm_bytes signature_flipped(struct hm_mk_kit *k, int at)
{
	k->signer.signature = hm_mk_flip(k->a, right_signature(k), (size_t)at, 0);
	return hm_mk_file(k);
}

static hm_bytes signature_length(struct hm_mk_kit *k, int len)
{
	hm_bytes right = right_signature(k);
	size_t keep = (size_t)len < right.len ? (size_t)len : right.len;

	k->signer.signature = hm_mk_cat(k->a, hm_mk_part(right, 0, keep),
					hm_mk_fill(k->a, 0, (size_t)len - keep));
	return hm_mk_file(k);
}

static hm_bytes signature_filled(struct hm_mk_kit *k, int byte)
{
	k->signer.signature = hm_mk_fill(k->a, (uint8_t)byte, 256);
	return hm_mk_file(k);
}

static hm_bytes other_key(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->signer.how.key = HM_MK_KEY_OTHER;
	return hm_mk_file(k);
}

/* ECDSA values: r and s of one kind or another. */
static hm_bytes ecdsa_value(struct hm_mk_kit *k, int which)
{
	static const uint8_t order[] = {
		0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
		0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
	};
	hm_bytes n = hm_mk_int_of(k->a, (hm_bytes){ order, sizeof(order) });
	hm_bytes values[] = {
		hm_mk_int(k->a, 0),
		hm_mk_int(k->a, 1),
		n,
		hm_mk_tlv(k->a, HM_MK_INTEGER, hm_mk_fill(k->a, 0xff, 1)),
		hm_mk_int_of(k->a, hm_mk_fill(k->a, 0x7f, 4096)),
		hm_mk_tlv(k->a, HM_MK_INTEGER, (hm_bytes){ 0 }),
	};

	k->signer.signature = hm_mk_seq(k->a, values[which], values[which]);
	return leaf_key(k, HM_MK_KEY_P256);
}

/* A right ECDSA signature, wrongly wrapped. */
static hm_bytes ecdsa_wrapping(struct hm_mk_kit *k, int which)
{
	k->leaf.key = HM_MK_KEY_P256;
	hm_mk_follow_leaf(k);
	hm_bytes right = right_signature(k);
	hm_bytes inner = hm_mk_without_header(right);

	if (which == 0)
		k->signer.signature = hm_mk_cat(k->a, right, hm_mk_null(k->a));
	else if (which == 1)
		k->signer.signature = hm_mk_seq(k->a, inner, hm_mk_null(k->a));
	else
		k->signer.signature = hm_mk_tlv(k->a, HM_MK_SET, inner);
	return hm_mk_file(k);
}

static hm_bytes ec_spki(struct hm_mk_kit *k, hm_bytes params, hm_bytes point)
{
	hm_bytes alg = hm_mk_seq(k->a, hm_mk_oid(k->a, "1.2.840.10045.2.1"), params);

	return hm_mk_spki_of(k->a, alg, point);
}

/* Points that are none. */
static hm_bytes odd_point(struct hm_mk_kit *k, int which)
{
	hm_bytes p256 = hm_mk_oid(k->a, "1.2.840.10045.3.1.7");
	hm_bytes point = hm_mk_point(k->a, HM_MK_KEY_P256);
	hm_bytes points[] = {
		hm_mk_flip(k->a, point, 40, 0),
		hm_mk_fill(k->a, 0, 1),
		hm_mk_part(point, 0, 33),
	};

	k->leaf.key = HM_MK_KEY_P256;
	hm_mk_follow_leaf(k);
	k->leaf.spki = ec_spki(k, p256, points[which]);
	return hm_mk_file(k);
}

/* ECParameters of P-256 written out (SEC 2), with a generator at will. */
static hm_bytes explicit_p256(struct hm_mk_kit *k, hm_bytes generator)
{
	static const uint8_t p[] = {
		0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	};
	static const uint8_t a[] = {
		0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfc,
	};
	static const uint8_t b[] = {
		0x5a, 0xc6, 0x35, 0xd8, 0xaa, 0x3a, 0x93, 0xe7, 0xb3, 0xeb, 0xbd,
		0x55, 0x76, 0x98, 0x86, 0xbc, 0x65, 0x1d, 0x06, 0xb0, 0xcc, 0x53,
		0xb0, 0xf6, 0x3b, 0xce, 0x3c, 0x3e, 0x27, 0xd2, 0x60, 0x4b,
	};
	static const uint8_t n[] = {
		0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
		0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
	};
	hm_bytes field = hm_mk_seq(k->a, hm_mk_oid(k->a, "1.2.840.10045.1.1"),
				   hm_mk_int_of(k->a, (hm_bytes){ p, sizeof(p) }));
	hm_bytes curve = hm_mk_seq(k->a, hm_mk_octets(k->a, (hm_bytes){ a, sizeof(a) }),
				   hm_mk_octets(k->a, (hm_bytes){ b, sizeof(b) }));

	return hm_mk_seq(
		k->a, hm_mk_int(k->a, 1), field, curve, hm_mk_octets(k->a, generator),
		hm_mk_int_of(k->a, (hm_bytes){ n, sizeof(n) }), hm_mk_int(k->a, 1));
}

/* The right curve with the right generator, but spelled out. */
static hm_bytes explicit_leaf(struct hm_mk_kit *k, int arg)
{
	static const uint8_t generator[] = {
		0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc,
		0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d,
		0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
		0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb,
		0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31,
		0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
	};
	hm_bytes params = explicit_p256(k, (hm_bytes){ generator, sizeof(generator) });

	(void)arg;
	k->leaf.key = HM_MK_KEY_P256;
	hm_mk_follow_leaf(k);
	k->leaf.spki = ec_spki(k, params, hm_mk_point(k->a, HM_MK_KEY_P256));
	return hm_mk_file(k);
}

/* The leaf's own key with a generator that makes the private key 1. */
static hm_bytes curveball_leaf(struct hm_mk_kit *k, int arg)
{
	hm_bytes point = hm_mk_point(k->a, HM_MK_KEY_P256);

	(void)arg;
	k->leaf.key = HM_MK_KEY_P256;
	hm_mk_follow_leaf(k);
	k->leaf.spki = ec_spki(k, explicit_p256(k, point), point);
	k->signer.how.scheme = HM_MK_CURVEBALL;
	return hm_mk_file(k);
}

/* A root with the trusted root's name and public key, and a generator of its own. */
static hm_bytes curveball_root(struct hm_mk_kit *k, int with_root)
{
	hm_bytes point = hm_mk_point(k->a, HM_MK_KEY_P256);

	k->root.key = HM_MK_KEY_P256;
	k->root.how.key = HM_MK_KEY_P256;
	k->root.how.scheme = HM_MK_CURVEBALL;
	k->root.spki = ec_spki(k, explicit_p256(k, point), point);
	k->leaf.issuer = k->root.subject;
	k->leaf.how = k->root.how;
	hm_mk_follow_leaf(k);
	k->stamp.kind = HM_MK_NO_STAMP;
	k->bag = hm_mk_cert(k->a, &k->leaf);
	if (with_root)
		k->bag = hm_mk_cat(k->a, k->bag, hm_mk_cert(k->a, &k->root));
	return hm_mk_file(k);
}

/* Algorithms that Windows has no name for. */
static hm_bytes unknown_sig_alg(struct hm_mk_kit *k, int which)
{
	static const char *const oids[] = { "1.2.643.7.1.1.3.2", "1.2.156.10197.1.501",
					    "2.16.840.1.101.3.4.3.17", "1.2.3.4" };

	k->signer.sig_alg = hm_mk_seq(k->a, hm_mk_oid(k->a, oids[which]));
	return hm_mk_file(k);
}

static hm_bytes unknown_key_alg(struct hm_mk_kit *k, int which)
{
	static const char *const oids[] = { "1.2.643.7.1.1.1.1", "1.3.101.113",
					    "1.2.3.4" };

	k->leaf.spki = hm_mk_spki_of(k->a, hm_mk_seq(k->a, hm_mk_oid(k->a, oids[which])),
				     hm_mk_fill(k->a, 0x77, 64));
	return hm_mk_file(k);
}

static hm_bytes leaf_md(struct hm_mk_kit *k, int md)
{
	k->leaf.how.md = (enum hm_mk_md)md;
	return hm_mk_file(k);
}

static hm_bytes ca_md(struct hm_mk_kit *k, int md)
{
	k->ca.how.md = (enum hm_mk_md)md;
	return hm_mk_file(k);
}

/* Two AlgorithmIdentifiers in one certificate that disagree (RFC 5280 4.1.1.2). */
static hm_bytes leaf_algs_disagree(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->leaf.inner_alg = hm_mk_sig_alg(
		k->a, (struct hm_mk_how){ .key = HM_MK_KEY_CA, .md = HM_MK_SHA1 });
	k->leaf.outer_alg = hm_mk_sig_alg(k->a, k->leaf.how);
	return hm_mk_file(k);
}

static hm_bytes leaf_signature(struct hm_mk_kit *k, int len)
{
	k->leaf.signature = hm_mk_fill(k->a, 0x33, (size_t)len);
	return hm_mk_file(k);
}

/* clang-format off */
const struct hm_mk_maker hm_mk_cases_crypto[] = {
	{ "key-rsa-4096", leaf_key, HM_MK_KEY_RSA4096 },
	{ "key-rsa-1024", leaf_key, HM_MK_KEY_RSA1024 },
	{ "key-rsa-512", leaf_key, HM_MK_KEY_RSA512 },
	{ "key-rsa-512-issuer", ca_key, HM_MK_KEY_RSA512 },
	{ "key-p256", leaf_key, HM_MK_KEY_P256 },
	{ "key-p384", leaf_key_sha384, HM_MK_KEY_P384 },
	{ "key-p521", leaf_key, HM_MK_KEY_P521 },
	{ "key-p384-issuer", ca_key, HM_MK_KEY_P384 },
	{ "key-dsa", leaf_key, HM_MK_KEY_DSA },
	{ "key-secp256k1", leaf_key, HM_MK_KEY_K256 },
	{ "key-ed25519", leaf_key, HM_MK_KEY_ED25519 },
	{ "key-exponent-3", exponent_3, HM_MK_NATURAL },
	{ "key-gost", unknown_key_alg, 0 },
	{ "key-ed448", unknown_key_alg, 1 },
	{ "key-unknown", unknown_key_alg, 2 },
	{ "algorithm-gost", unknown_sig_alg, 0 },
	{ "algorithm-sm2", unknown_sig_alg, 1 },
	{ "algorithm-ml-dsa", unknown_sig_alg, 2 },
	{ "algorithm-unknown", unknown_sig_alg, 3 },
	{ "pss", scheme, HM_MK_PSS },
	{ "pss-mgf-mismatch", scheme, HM_MK_MD_MISMATCH_PSS },
	{ "pss-as-pkcs1", pss_as_pkcs1, 0 },
	{ "certificate-ecdsa-specified", ecdsa_specified, 0 },
	{ "key-p256-named-by-key", ecdsa_by_key, 0 },
	{ "certificate-pss", leaf_scheme, HM_MK_PSS },
	{ "rsa-bare-hash", scheme, HM_MK_BARE_HASH },
	{ "rsa-e3-cube-root", exponent_3, HM_MK_CUBE_ROOT },
	{ "rsa-e3-cube-root-issuer", exponent_3_ca, HM_MK_CUBE_ROOT },
	{ "rsa-garbage-end", scheme, HM_MK_GARBAGE_END },
	{ "rsa-garbage-parameters", scheme, HM_MK_GARBAGE_PARAMS },
	{ "rsa-garbage-inside", scheme, HM_MK_GARBAGE_INSIDE },
	{ "rsa-block-type-0", scheme, HM_MK_TYPE_0 },
	{ "rsa-block-type-2", scheme, HM_MK_TYPE_2 },
	{ "rsa-short-padding", scheme, HM_MK_SHORT_PADDING },
	{ "rsa-ber-digest-info", scheme, HM_MK_BER_INFO },
	{ "rsa-other-digest-named", scheme, HM_MK_OTHER_MD_OID },
	{ "rsa-digest-cut", scheme, HM_MK_DIGEST_CUT },
	{ "rsa-garbage-end-issuer", leaf_scheme, HM_MK_GARBAGE_END },
	{ "rsa-bare-hash-issuer", leaf_scheme, HM_MK_BARE_HASH },
	{ "rsa-exponent-1", exponent_1, 0 },
	{ "rsa-exponent-2", odd_exponent, 2 },
	{ "rsa-exponent-0", odd_exponent, 0 },
	{ "rsa-exponent-2048-bits", odd_exponent, 0xff },
	{ "rsa-modulus-even", odd_modulus, 256 },
	{ "rsa-modulus-16384", odd_modulus, 2048 },
	{ "rsa-modulus-128000", odd_modulus, 16000 },
	{ "rsa-modulus-0", tiny_modulus, 0 },
	{ "rsa-modulus-1", tiny_modulus, 1 },
	{ "rsa-code-in-issuer-modulus", code_in_modulus, 0 },
	{ "signature-flip-first", signature_flipped, 0 },
	{ "signature-flip-last", signature_flipped, 255 },
	{ "signature-length-0", signature_length, 0 },
	{ "signature-length-255", signature_length, 255 },
	{ "signature-length-257", signature_length, 257 },
	{ "signature-zeros", signature_filled, 0 },
	{ "signature-ones", signature_filled, 0xff },
	{ "signature-of-other-key", other_key, 0 },
	{ "ecdsa-0-0", ecdsa_value, 0 },
	{ "ecdsa-1-1", ecdsa_value, 1 },
	{ "ecdsa-n-n", ecdsa_value, 2 },
	{ "ecdsa-negative", ecdsa_value, 3 },
	{ "ecdsa-32768-bits", ecdsa_value, 4 },
	{ "ecdsa-empty-integers", ecdsa_value, 5 },
	{ "ecdsa-followed", ecdsa_wrapping, 0 },
	{ "ecdsa-three-elements", ecdsa_wrapping, 1 },
	{ "ecdsa-in-a-set", ecdsa_wrapping, 2 },
	{ "ec-point-off-curve", odd_point, 0 },
	{ "ec-point-infinity", odd_point, 1 },
	{ "ec-point-cut", odd_point, 2 },
	{ "ec-explicit-honest", explicit_leaf, 0 },
	{ "curveball-leaf", curveball_leaf, 0 },
	{ "curveball-root", curveball_root, 1 },
	{ "curveball-root-left-out", curveball_root, 0 },
	{ "certificate-md5", leaf_md, HM_MK_MD5 },
	{ "certificate-md4", leaf_md, HM_MK_MD4 },
	{ "certificate-md2", leaf_md, HM_MK_MD2 },
	{ "certificate-sha1", leaf_md, HM_MK_SHA1 },
	{ "issuer-md5", ca_md, HM_MK_MD5 },
	{ "issuer-sha1", ca_md, HM_MK_SHA1 },
	{ "certificate-algorithms-disagree", leaf_algs_disagree, 0 },
	{ "certificate-signature-wrong", leaf_signature, 256 },
	{ "certificate-signature-empty", leaf_signature, 0 },
	{ NULL, NULL, 0 },
};
/* clang-format on */
