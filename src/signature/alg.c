/* SPDX-License-Identifier: MIT */
#include "signature/alg.h"

#include "base/limits.h"

struct hash_row {
	const char *name;
	size_t len;
};

/* clang-format off */
static const struct hash_row hashes[HM_HASH_COUNT] = {
	[HM_HASH_NONE] = { "", 0 },
	[HM_HASH_MD5] = { "md5", 16 },
	[HM_HASH_SHA1] = { "sha1", 20 },
	[HM_HASH_SHA256] = { "sha256", 32 },
	[HM_HASH_SHA384] = { "sha384", 48 },
	[HM_HASH_SHA512] = { "sha512", 64 },
};

struct alg_row {
	enum hm_oid oid;
	enum hm_hash hash;
	enum hm_key_kind key;
};

static const struct alg_row algs[] = {
	{ HM_OID_MD5, HM_HASH_MD5, HM_KEY_NONE },
	{ HM_OID_SHA1, HM_HASH_SHA1, HM_KEY_NONE },
	{ HM_OID_SHA256, HM_HASH_SHA256, HM_KEY_NONE },
	{ HM_OID_SHA384, HM_HASH_SHA384, HM_KEY_NONE },
	{ HM_OID_SHA512, HM_HASH_SHA512, HM_KEY_NONE },
	{ HM_OID_RSA, HM_HASH_NONE, HM_KEY_RSA },
	{ HM_OID_RSA_MD5, HM_HASH_MD5, HM_KEY_RSA },
	{ HM_OID_RSA_MD5_OIW, HM_HASH_MD5, HM_KEY_RSA },
	{ HM_OID_RSA_SHA1, HM_HASH_SHA1, HM_KEY_RSA },
	{ HM_OID_RSA_SHA1_OIW, HM_HASH_SHA1, HM_KEY_RSA },
	{ HM_OID_RSA_SHA256, HM_HASH_SHA256, HM_KEY_RSA },
	{ HM_OID_RSA_SHA384, HM_HASH_SHA384, HM_KEY_RSA },
	{ HM_OID_RSA_SHA512, HM_HASH_SHA512, HM_KEY_RSA },
	{ HM_OID_RSA_PSS, HM_HASH_SHA1, HM_KEY_RSA },
	{ HM_OID_EC, HM_HASH_NONE, HM_KEY_EC },
	{ HM_OID_EC_SHA1, HM_HASH_SHA1, HM_KEY_EC },
	{ HM_OID_EC_SPECIFIED, HM_HASH_NONE, HM_KEY_EC },
	{ HM_OID_EC_SHA256, HM_HASH_SHA256, HM_KEY_EC },
	{ HM_OID_EC_SHA384, HM_HASH_SHA384, HM_KEY_EC },
	{ HM_OID_EC_SHA512, HM_HASH_SHA512, HM_KEY_EC },
	{ HM_OID_DSA, HM_HASH_NONE, HM_KEY_DSA },
	{ HM_OID_DSA_SHA1, HM_HASH_SHA1, HM_KEY_DSA },
	{ HM_OID_DSA_SHA1_OIW, HM_HASH_SHA1, HM_KEY_DSA },
	{ HM_OID_DSA_SHA256, HM_HASH_SHA256, HM_KEY_DSA },
};

static const struct {
	enum hm_oid oid;
	enum hm_curve curve;
	uint32_t bits;
} curves[] = {
	{ HM_OID_P256, HM_CURVE_P256, 256 },
	{ HM_OID_P384, HM_CURVE_P384, 384 },
	{ HM_OID_P521, HM_CURVE_P521, 521 },
};
/* clang-format on */

const char *hm_hash_name(enum hm_hash hash)
{
	return hashes[hash].name;
}

size_t hm_hash_len(enum hm_hash hash)
{
	return hashes[hash].len;
}

static void look_up(struct hm_alg *alg)
{
	for (size_t i = 0; i < sizeof(algs) / sizeof(algs[0]); i++)
		if (algs[i].oid == alg->oid) {
			alg->hash = algs[i].hash;
			alg->key = algs[i].key;
			return;
		}
}

/* RSASSA-PSS has AlgorithmIdentifiers as parameters, and MGF1 in there one more: they
 * are read by this, so that nothing recurses. */
static struct hm_alg read_plain(struct hm_cur *c, const char *field)
{
	struct hm_alg alg = { 0 };
	struct hm_der e = hm_ber_of(c, HM_DER_SEQUENCE, field);

	alg.id = hm_der_oid(&e.in, field);
	alg.oid = hm_oid_of(alg.id);
	if (hm_more(&e.in)) {
		struct hm_der params = hm_ber_next(&e.in, field);

		alg.params = params.whole;
		hm_der_end(&e.in, field);
	}
	hm_join(c, &e.in);
	look_up(&alg);
	return alg;
}

/* RSASSA-PSS-params, RFC 4055 3.1: every field may be left out. */
static void read_pss(struct hm_alg *alg)
{
	struct hm_cur c = hm_cur_of(alg->params);
	struct hm_der fields = hm_ber_of(&c, HM_DER_SEQUENCE, "RSASSA-PSS parameters");
	struct hm_cur *in = &fields.in;
	struct hm_der e;

	alg->padding = HM_PAD_PSS;
	alg->mgf_hash = HM_HASH_SHA1;
	alg->salt_len = 20;
	if (hm_ber_if(in, HM_DER_CONTEXT_CONS, "hashAlgorithm", &e)) {
		struct hm_alg hash = read_plain(&e.in, "hashAlgorithm");

		hm_join(in, &e.in);
		alg->hash = hash.key == HM_KEY_NONE ? hash.hash : HM_HASH_NONE;
	}
	if (hm_ber_if(in, HM_DER_CONTEXT_CONS | 1, "maskGenAlgorithm", &e)) {
		struct hm_alg mgf = read_plain(&e.in, "maskGenAlgorithm");
		struct hm_cur params = hm_cur_of(mgf.params);
		struct hm_alg hash = read_plain(&params, "MGF1 hash");

		hm_join(in, &e.in);
		hm_join(in, &params);
		hm_rule(in, mgf.oid == HM_OID_MGF1, "maskGenAlgorithm is MGF1");
		alg->mgf_hash = hash.hash;
	}
	if (hm_ber_if(in, HM_DER_CONTEXT_CONS | 2, "saltLength", &e)) {
		alg->salt_len = hm_der_small(&e.in, "saltLength");
		hm_join(in, &e.in);
	}
	if (hm_ber_if(in, HM_DER_CONTEXT_CONS | 3, "trailerField", &e)) {
		hm_rule(in, hm_der_small(&e.in, "trailerField") == 1,
			"trailerField is 1");
		hm_join(in, &e.in);
	}
	hm_der_end(in, "RSASSA-PSS parameters");
	hm_join(&c, in);
	alg->odd = c.err != HM_OK || alg->salt_len > HM_HASH_MAX_LEN;
}

/* The hash is a parameter, as Windows' own authorities write it where they are told to
 * use the newer signature formats. */
static void read_specified(struct hm_alg *alg)
{
	struct hm_cur c = hm_cur_of(alg->params);
	struct hm_alg hash = read_plain(&c, "hashAlgorithm");

	alg->hash = hash.key == HM_KEY_NONE ? hash.hash : HM_HASH_NONE;
	alg->odd = c.err != HM_OK;
}

/* Digests and RSA take NULL or nothing; an EC key takes a curve. */
static bool params_odd(const struct hm_alg *alg)
{
	bool none = alg->params.len == 0;
	struct hm_cur c = hm_cur_of(alg->params);
	bool null = alg->params.len == 2 && hm_peek(&c) == HM_DER_NULL;

	return alg->oid != HM_OID_NONE && alg->oid != HM_OID_EC &&
	       alg->key != HM_KEY_DSA && alg->oid != HM_OID_MGF1 && !none && !null;
}

struct hm_alg hm_alg_read(struct hm_cur *c, const char *field)
{
	struct hm_alg alg = read_plain(c, field);

	if (alg.oid == HM_OID_RSA_PSS)
		read_pss(&alg);
	else if (alg.oid == HM_OID_EC_SPECIFIED)
		read_specified(&alg);
	else
		alg.odd = params_odd(&alg);
	return alg;
}

/* Keys. */

static void read_rsa(struct hm_key *key, struct hm_cur c)
{
	struct hm_der e = hm_ber_of(&c, HM_DER_SEQUENCE, "RSAPublicKey");

	key->n = hm_der_unsigned(hm_der_integer(&e.in, "modulus"));
	key->e = hm_der_unsigned(hm_der_integer(&e.in, "publicExponent"));
	hm_join(&c, &e.in);
	if (c.err != HM_OK) {
		key->why = c.why;
		return;
	}
	struct hm_cur n = hm_cur_of(key->n);
	uint8_t top = hm_peek(&n);

	key->bits = (uint32_t)(key->n.len * 8);
	for (; top != 0 && (top & 0x80) == 0; top = (uint8_t)(top << 1))
		key->bits--;
	if (key->n.len > HM_MAX_RSA_BITS / 8)
		key->why = "modulus is within our limit";
	else if (key->n.len == 0 || key->e.len == 0)
		key->why = "modulus and exponent are not zero";
}

/* RFC 5480: a named curve.  Written-out parameters may define a curve on which anyone's
 * public key has a known private one (CVE-2020-0601). */
static void read_ec(struct hm_key *key)
{
	struct hm_cur c = hm_cur_of(key->alg.params);

	key->point = key->raw;
	if (hm_peek(&c) == HM_DER_SEQUENCE) {
		key->curve = HM_CURVE_EXPLICIT;
		key->why = "curve parameters are written out";
		return;
	}
	enum hm_oid oid = hm_oid_of(hm_der_oid(&c, "namedCurve"));

	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++)
		if (curves[i].oid == oid) {
			key->curve = curves[i].curve;
			key->bits = curves[i].bits;
		}
	if (key->curve == HM_CURVE_NONE)
		key->why = "curve is P-256, P-384 or P-521";
}

static void read_dsa(struct hm_key *key, struct hm_cur c)
{
	struct hm_cur params = hm_cur_of(key->alg.params);
	struct hm_der e = hm_ber_of(&params, HM_DER_SEQUENCE, "DSA parameters");

	key->p = hm_der_unsigned(hm_der_integer(&e.in, "p"));
	key->q = hm_der_unsigned(hm_der_integer(&e.in, "q"));
	key->g = hm_der_unsigned(hm_der_integer(&e.in, "g"));
	key->y = hm_der_unsigned(hm_der_integer(&c, "y"));
	hm_join(&c, &params);
	hm_join(&c, &e.in);
	key->bits = (uint32_t)(key->p.len * 8);
	if (c.err != HM_OK)
		key->why = c.why;
	else if (key->bits > HM_MAX_DSA_BITS)
		key->why = "p is within our limit";
}

struct hm_key hm_key_read(hm_bytes spki)
{
	struct hm_key key = { 0 };
	struct hm_cur c = hm_cur_of(spki);
	struct hm_der e = hm_ber_of(&c, HM_DER_SEQUENCE, "SubjectPublicKeyInfo");

	key.alg = hm_alg_read(&e.in, "algorithm");
	key.raw = hm_der_bits(&e.in, "subjectPublicKey");
	hm_join(&c, &e.in);
	if (c.err != HM_OK) {
		key.why = c.why;
		return key;
	}
	key.kind = key.alg.key;
	if (key.alg.oid == HM_OID_RSA || key.alg.oid == HM_OID_RSA_PSS)
		read_rsa(&key, hm_cur_of(key.raw));
	else if (key.alg.oid == HM_OID_EC)
		read_ec(&key);
	else if (key.alg.oid == HM_OID_DSA)
		read_dsa(&key, hm_cur_of(key.raw));
	else
		key.why = "key is RSA, EC or DSA";
	return key;
}

const char *hm_key_name(enum hm_key_kind kind)
{
	static const char *const names[] = { "", "RSA", "EC", "DSA" };

	return names[kind];
}
