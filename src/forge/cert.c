/* SPDX-License-Identifier: MIT */
#include "forge/cert.h"

#include <string.h>

static hm_bytes or (hm_bytes given, hm_bytes honest)
{
	return given.at != NULL ? given : honest;
}

static hm_bytes validity(struct hm_arena *a, const struct hm_mk_cert *c)
{
	if (c->validity.at != NULL)
		return c->validity;
	return hm_mk_seq(a, hm_mk_time(a, c->not_before), hm_mk_time(a, c->not_after));
}

static hm_bytes extensions(struct hm_arena *a, unsigned tag, hm_bytes elements)
{
	if (elements.len == 0)
		return (hm_bytes){ 0 };
	return hm_mk_tlv(a, tag, hm_mk_seq(a, elements));
}

hm_bytes hm_mk_cert(struct hm_arena *a, const struct hm_mk_cert *c)
{
	hm_bytes v3 = hm_mk_tlv(a, 0xa0, hm_mk_int(a, 2));
	hm_bytes inner = or (c->inner_alg, hm_mk_sig_alg(a, c->how));
	hm_bytes spki = c->spki.at != NULL ? c->spki : hm_mk_spki(a, c->key);
	hm_bytes tbs = hm_mk_seq(a, or (c->version, v3), c->serial, inner, c->issuer,
				 validity(a, c), c->subject, spki,
				 extensions(a, 0xa3, c->extensions));
	hm_bytes signature =
		c->signature.at != NULL ? c->signature : hm_mk_sign(a, c->how, tbs);

	return hm_mk_seq(a, tbs, or (c->outer_alg, inner), hm_mk_bits(a, signature));
}

hm_bytes hm_mk_rdn(struct hm_arena *a, const char *oid, unsigned tag, hm_bytes value)
{
	return hm_mk_tlv(a, HM_MK_SET,
			 hm_mk_seq(a, hm_mk_oid(a, oid), hm_mk_tlv(a, tag, value)));
}

hm_bytes hm_mk_name(struct hm_arena *a, const char *org, const char *cn)
{
	hm_bytes last = hm_mk_rdn(a, "2.5.4.3", HM_MK_UTF8, hm_bytes_of(cn));

	if (org == NULL)
		return hm_mk_seq(a, last);
	return hm_mk_seq(a, hm_mk_rdn(a, "2.5.4.10", HM_MK_UTF8, hm_bytes_of(org)), last);
}

hm_bytes hm_mk_ext(struct hm_arena *a, const char *oid, bool critical, hm_bytes value)
{
	hm_bytes flag = critical ? hm_mk_bool(a, true) : (hm_bytes){ 0 };

	return hm_mk_seq(a, hm_mk_oid(a, oid), flag, hm_mk_octets(a, value));
}

hm_bytes hm_mk_ext_ca(struct hm_arena *a, bool ca, int pathlen)
{
	hm_bytes flag = ca ? hm_mk_bool(a, true) : (hm_bytes){ 0 };
	hm_bytes depth = pathlen >= 0 ? hm_mk_int(a, (uint64_t)pathlen) : (hm_bytes){ 0 };

	return hm_mk_ext(a, "2.5.29.19", true, hm_mk_seq(a, flag, depth));
}

/* A named bit list ends at its last one bit (X.690 11.2.2). */
hm_bytes hm_mk_ext_usage(struct hm_arena *a, uint8_t bits)
{
	uint8_t unused = 0;

	while (unused < 7 && bits != 0 && (bits >> unused & 1) == 0)
		unused++;
	const uint8_t content[] = { unused, bits };
	return hm_mk_ext(a, "2.5.29.15", true,
			 hm_mk_tlv(a, HM_MK_BITS, (hm_bytes){ content, 2 }));
}

hm_bytes hm_mk_ext_purposes(struct hm_arena *a, bool critical, const char *oids)
{
	char *list = hm_cstr(a, hm_bytes_of(oids));
	char *rest = NULL;
	hm_bytes all = { 0 };

	for (char *one = strtok_r(list, " ", &rest); one != NULL;
	     one = strtok_r(NULL, " ", &rest))
		all = hm_mk_cat(a, all, hm_mk_oid(a, one));
	return hm_mk_ext(a, "2.5.29.37", critical, hm_mk_seq(a, all));
}

hm_bytes hm_mk_ext_key_id(struct hm_arena *a, hm_bytes id)
{
	return hm_mk_ext(a, "2.5.29.14", false, hm_mk_octets(a, id));
}

hm_bytes hm_mk_ext_authority(struct hm_arena *a, hm_bytes id)
{
	return hm_mk_ext(a, "2.5.29.35", false, hm_mk_seq(a, hm_mk_tlv(a, 0x80, id)));
}

static hm_bytes crl_entry(struct hm_arena *a, const struct hm_mk_revoked *e)
{
	const uint8_t reason[] = { (uint8_t)e->reason };
	hm_bytes all = { 0 };

	if (e->reason != 0)
		all = hm_mk_ext(a, "2.5.29.21", false,
				hm_mk_tlv(a, HM_MK_ENUM, (hm_bytes){ reason, 1 }));
	if (e->invalid != 0 && e->invalid != HM_NO_TIME)
		all = hm_mk_cat(
			a, all,
			hm_mk_ext(a, "2.5.29.24", false, hm_mk_gentime(a, e->invalid)));
	if (all.len != 0)
		all = hm_mk_seq(a, all);
	return hm_mk_seq(a, e->serial, hm_mk_time(a, e->date), all);
}

/* TBSCertList (RFC 5280 5.1). */
hm_bytes hm_mk_crl(struct hm_arena *a, const struct hm_mk_crl *c)
{
	hm_bytes *each = hm_new_n(a, hm_bytes, c->num_entries);
	for (size_t i = 0; i < c->num_entries; i++)
		each[i] = crl_entry(a, &c->entries[i]);
	hm_bytes entries = { 0 };
	if (c->num_entries != 0)
		entries = hm_mk_wrap(a, HM_MK_SEQUENCE, each, c->num_entries);

	hm_bytes next =
		c->next_update != 0 ? hm_mk_time(a, c->next_update) : (hm_bytes){ 0 };
	hm_bytes alg = hm_mk_sig_alg(a, c->how);
	hm_bytes tbs = hm_mk_seq(a, hm_mk_int(a, 1), alg, c->issuer,
				 hm_mk_time(a, c->this_update), next, entries,
				 extensions(a, 0xa0, c->extensions));
	hm_bytes signature =
		c->signature.at != NULL ? c->signature : hm_mk_sign(a, c->how, tbs);
	return hm_mk_seq(a, tbs, alg, hm_mk_bits(a, signature));
}

static void put_base64(char *out, const uint8_t *in, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t three = (uint32_t)in[0] << 16;

	if (len > 1)
		three |= (uint32_t)in[1] << 8;
	if (len > 2)
		three |= in[2];
	for (unsigned i = 0; i < 4; i++)
		out[i] = i <= len ? digits[three >> 6 * (3 - i) & 63] : '=';
}

hm_bytes hm_mk_pem(struct hm_arena *a, const char *label, hm_bytes der)
{
	char *text = hm_alloc(a, 1, der.len * 2 + 8);
	size_t used = 0;

	for (size_t at = 0; at < der.len; at += 3) {
		put_base64(text + used, der.at + at, der.len - at < 3 ? der.len - at : 3);
		used += 4;
		if (at % 48 == 45 || at + 3 >= der.len)
			text[used++] = '\n';
	}
	return hm_mk_cat(a, hm_bytes_of(hm_format(a, "-----BEGIN %s-----\n", label)),
			 (hm_bytes){ (const uint8_t *)text, used },
			 hm_bytes_of(hm_format(a, "-----END %s-----\n", label)));
}
