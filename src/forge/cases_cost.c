/* SPDX-License-Identifier: MIT */
/*
 * cases_cost.c: files made to be dear: nothing in them is slow by itself, there is much
 * of it, and each piece has to be looked at.  tests/law/test_bounds.c measures them.
 */
#include "forge/cases.h"

enum { ISSUERS = 120, STAMPS = 60 };

/* The issuer's name with other keys, so many times, before the issuer itself. */
static hm_bytes issuers(struct hm_mk_kit *k, const struct hm_mk_cert *like)
{
	struct hm_mk_cert each = *like;
	hm_bytes all[ISSUERS + 2] = { hm_mk_cert(k->a, &k->leaf) };

	for (int i = 0; i < ISSUERS; i++) {
		each.serial = hm_mk_int(k->a, 0x9000 + (uint64_t)i);
		all[1 + i] = hm_mk_cert(k->a, &each);
	}
	all[1 + ISSUERS] = hm_mk_cert(k->a, &k->ca);
	k->bag = hm_mk_join(k->a, all, ISSUERS + 2);
	return hm_mk_file(k);
}

/* A modulus and an exponent of so many octets, odd and with most bits set. */
static hm_bytes dear_rsa(struct hm_mk_kit *k, size_t modulus, size_t exponent)
{
	struct hm_mk_cert each = k->ca;

	k->leaf.signature = hm_mk_fill(k->a, 0x55, modulus);
	each.spki = hm_mk_spki_rsa(k->a, hm_mk_fill(k->a, 0xfb, modulus),
				   hm_mk_fill(k->a, 0x77, exponent));
	return issuers(k, &each);
}

static hm_bytes rsa_16384(struct hm_mk_kit *k, int exponent)
{
	return dear_rsa(k, 2048, (size_t)exponent);
}

static hm_bytes rsa_3072(struct hm_mk_kit *k, int exponent)
{
	return dear_rsa(k, 384, (size_t)exponent);
}

static hm_bytes other_key(struct hm_mk_kit *k, int key)
{
	struct hm_mk_cert each = k->ca;

	each.key = (enum hm_mk_key)key;
	k->leaf.how.key = (enum hm_mk_key)key;
	k->leaf.signature = hm_mk_sign(k->a, k->leaf.how, hm_bytes_of("something else"));
	return issuers(k, &each);
}

/* A certificate of many megabytes, to be hashed for each that may have issued it. */
static hm_bytes large_leaf(struct hm_mk_kit *k, int megabytes)
{
	struct hm_mk_cert each = k->ca;
	hm_bytes weight = hm_mk_fill(k->a, 0x20, (size_t)megabytes << 20);

	each.key = HM_MK_KEY_OTHER;
	k->leaf.extensions = hm_mk_cat(k->a, k->leaf.extensions,
				       hm_mk_ext(k->a, "1.3.6.1.4.1.99999.1", false,
						 hm_mk_octets(k->a, weight)));
	return issuers(k, &each);
}

/* Names that differ in their last octet only. */
static hm_bytes large_names(struct hm_mk_kit *k, int kilobytes)
{
	struct hm_mk_cert each = k->ca;
	hm_bytes value = hm_mk_fill(k->a, 'a', (size_t)kilobytes << 10);

	k->ca.subject = hm_mk_seq(k->a, hm_mk_rdn(k->a, "2.5.4.3", HM_MK_UTF8, value));
	hm_mk_issued_by(&k->leaf, &k->ca);
	hm_mk_follow_leaf(k);
	each.subject = hm_mk_seq(
		k->a, hm_mk_rdn(k->a, "2.5.4.3", HM_MK_UTF8,
				hm_mk_cat(k->a, hm_mk_part(value, 0, value.len - 1),
					  hm_bytes_of("b"))));
	return issuers(k, &each);
}

/* Stamps that hold for nothing, each with its own certificate. */
static hm_bytes many_stamps(struct hm_mk_kit *k, int kind)
{
	hm_bytes more = { 0 };
	hm_bytes other = hm_mk_fill(k->a, 0x11, 256);

	k->stamp.kind = (enum hm_mk_stamp_kind)kind;
	k->stamp.cert = k->stamp.certs = hm_mk_cert(k->a, &k->tsa);
	for (int i = 0; i < STAMPS; i++)
		more = hm_mk_cat(k->a, more, hm_mk_stamp(k->a, &k->stamp, other));
	k->more = more;
	k->stamp.kind = HM_MK_NO_STAMP;
	return hm_mk_file(k);
}

/* clang-format off */
const struct hm_mk_maker hm_mk_cases_cost[] = {
	{ "cost-issuers-rsa-16384", rsa_16384, 3 },
	{ "cost-issuers-rsa-16384-exponent-64", rsa_16384, 8 },
	{ "cost-issuers-rsa-3072-exponent-3072", rsa_3072, 384 },
	{ "cost-issuers-rsa-4096", other_key, HM_MK_KEY_RSA4096 },
	{ "cost-issuers-p384", other_key, HM_MK_KEY_P384 },
	{ "cost-issuers-p521", other_key, HM_MK_KEY_P521 },
	{ "cost-issuers-dsa", other_key, HM_MK_KEY_DSA },
	{ "cost-large-certificate", large_leaf, 4 },
	{ "cost-large-names", large_names, 64 },
	{ "cost-stamps-token", many_stamps, HM_MK_TOKEN },
	{ "cost-stamps-countersignature", many_stamps, HM_MK_PKCS9 },
	{ NULL, NULL, 0 },
};
/* clang-format on */
