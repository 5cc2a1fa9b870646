/* SPDX-License-Identifier: MIT */
/*
 * cases_forms.c: the same thing written otherwise, and things in places that are not
 * theirs: what a second reader of the same bytes would see differently.
 *
 * Spec: X.690, RFC 5280, RFC 5652, RFC 3161, RFC 4055.
 */
#include "forge/cases.h"

#define RSA_PSS "1.2.840.113549.1.1.10"

/* --- the signer's attributes ------------------------------------------------------- */

/* The content of the SET of attributes, the longest first: no order of DER's. */
static hm_bytes attrs_unsorted(struct hm_mk_kit *k, hm_bytes content)
{
	hm_bytes value = hm_mk_without_header(content);
	hm_bytes digest = hm_mk_octets(k->a, hm_mk_digest(k->a, HM_MK_SHA256, value));

	return hm_mk_cat(
		k->a, k->signer.more_attrs[1], hm_mk_attr(k->a, HM_MK_MESSAGE_MD, digest),
		hm_mk_attr(k->a, HM_MK_CONTENT_TYPE, hm_mk_oid(k->a, HM_MK_SPC_INDIRECT)),
		k->signer.more_attrs[0]);
}

enum { SIGNED_AS_WRITTEN, SIGNED_AS_SORTED };

static hm_bytes unsorted(struct hm_mk_kit *k, int how)
{
	hm_bytes image = hm_mk_pe(k->a, &k->pe);
	hm_bytes content =
		hm_mk_kit_content(k, hm_mk_pe_digest(k->a, &k->pe, k->spc.md, image));

	if (how == SIGNED_AS_SORTED)
		k->signer.signature =
			hm_mk_signer_signature(k->a, &k->signer, HM_MK_SPC_INDIRECT,
					       hm_mk_without_header(content));
	k->signer.attrs_order = attrs_unsorted(k, content);
	hm_bytes signer = hm_mk_kit_signer(k, content);

	return hm_mk_kit_attach(k, image, hm_mk_kit_cms(k, content, signer));
}

static hm_bytes type_twice(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->signer.more_attrs[2] =
		hm_mk_attr(k->a, HM_MK_CONTENT_TYPE, hm_mk_oid(k->a, HM_MK_DATA));
	return hm_mk_file(k);
}

/* messageDigest is that of no content at all. */
static hm_bytes digest_of_nothing(struct hm_mk_kit *k, int arg)
{
	hm_bytes nothing = hm_mk_digest(k->a, HM_MK_SHA256, hm_bytes_of(""));

	(void)arg;
	k->signer.message_md_attr =
		hm_mk_attr(k->a, HM_MK_MESSAGE_MD, hm_mk_octets(k->a, nothing));
	return hm_mk_file(k);
}

/* RFC 5652 5.3: the signer named by its key's identifier. */
static hm_bytes signer_by_key(struct hm_mk_kit *k, int right)
{
	hm_bytes id = hm_mk_digest(k->a, HM_MK_SHA1, hm_mk_spki(k->a, HM_MK_KEY_SIGNER));

	if (!right)
		id = hm_mk_fill(k->a, 0x31, 20);
	k->signer.version = hm_mk_int(k->a, 3);
	k->signer.sid = hm_mk_tlv(k->a, HM_MK_CONTEXT, id);
	return hm_mk_file(k);
}

/* --- numbers, flags and times ------------------------------------------------------ */

static hm_bytes serial_padded(struct hm_mk_kit *k, int only_signer)
{
	hm_bytes padded = hm_mk_tlv(k->a, HM_MK_INTEGER, hm_mk_lit(0, 0, 0x20, 0x02));

	k->signer.serial = padded;
	if (!only_signer)
		k->leaf.serial = padded;
	return hm_mk_file(k);
}

/* BOOLEAN TRUE that is not 0xff, in the issuer's basicConstraints. */
static hm_bytes true_is_1(struct hm_mk_kit *k, int arg)
{
	hm_bytes yes = hm_mk_tlv(k->a, HM_MK_BOOLEAN, hm_mk_lit(1));

	(void)arg;
	k->ca.extensions =
		hm_mk_cat(k->a, hm_mk_ext(k->a, "2.5.29.19", true, hm_mk_seq(k->a, yes)),
			  hm_mk_ext_usage(k->a, 0x06));
	return hm_mk_file(k);
}

static hm_bytes md_params(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->spc.md_alg = hm_mk_seq(k->a, hm_mk_oid(k->a, hm_mk_md_oid(HM_MK_SHA256)),
				  hm_mk_octets(k->a, hm_bytes_of("parameters")));
	return hm_mk_file(k);
}

static hm_bytes ends(struct hm_mk_kit *k, int which)
{
	static const struct {
		unsigned tag;
		const char *text;
	} times[] = {
		{ HM_MK_UTCTIME, "491231235959Z" },     /* 2049 */
		{ HM_MK_UTCTIME, "500101000000Z" },     /* 1950 */
		{ HM_MK_UTCTIME, "260601003000+0100" }, /* 23:30 the day before */
		{ HM_MK_UTCTIME, "260531233000-0100" }, /* 00:30 the day after */
		{ HM_MK_UTCTIME, "270101000060Z" },
		{ HM_MK_GENTIME, "20260531235959.9Z" },
	};

	k->stamp.kind = HM_MK_NO_STAMP;
	k->leaf.validity =
		hm_mk_seq(k->a, hm_mk_time(k->a, k->leaf.not_before),
			  hm_mk_text(k->a, times[which].tag, times[which].text));
	return hm_mk_file(k);
}

/* --- keys -------------------------------------------------------------------------- */

/* A point as its x alone and a sign, or with both and a sign (X9.62 4.3.6). */
static hm_bytes point_form(struct hm_mk_kit *k, int hybrid)
{
	hm_bytes point = hm_mk_point(k->a, HM_MK_KEY_P256);
	uint8_t odd = point.at[64] & 1;
	const uint8_t first = (uint8_t)((hybrid ? 6 : 2) | odd);
	hm_bytes form = hm_mk_cat(k->a, (hm_bytes){ &first, 1 },
				  hm_mk_part(point, 1, hybrid ? 64 : 32));

	k->leaf.key = HM_MK_KEY_P256;
	hm_mk_follow_leaf(k);
	k->leaf.spki = hm_mk_spki_of(k->a,
				     hm_mk_seq(k->a, hm_mk_oid(k->a, "1.2.840.10045.2.1"),
					       hm_mk_oid(k->a, "1.2.840.10045.3.1.7")),
				     form);
	return hm_mk_file(k);
}

/* The key is for RSA-PSS only (RFC 4055 1.2), the signature is not. */
static hm_bytes pss_key(struct hm_mk_kit *k, int scheme)
{
	hm_bytes alg = hm_mk_seq(k->a, hm_mk_oid(k->a, RSA_PSS));
	hm_bytes key =
		hm_mk_seq(k->a, hm_mk_int_of(k->a, hm_mk_modulus(k->a, HM_MK_KEY_SIGNER)),
			  hm_mk_int(k->a, 65537));

	k->leaf.spki = hm_mk_spki_of(k->a, alg, key);
	k->signer.how.scheme = (enum hm_mk_scheme)scheme;
	return hm_mk_file(k);
}

/* RSASSA-PSS-params with another salt length, or a trailer that nobody defined. */
static hm_bytes pss_params(struct hm_mk_kit *k, int which)
{
	hm_bytes md = hm_mk_md_alg(k->a, HM_MK_SHA256);
	hm_bytes mgf = hm_mk_seq(k->a, hm_mk_oid(k->a, "1.2.840.113549.1.1.8"), md);
	hm_bytes salt = hm_mk_int(k->a, which == 0 ? 20 : 32);
	hm_bytes trailer = hm_mk_int(k->a, which == 0 ? 1 : 2);

	k->signer.how.scheme = HM_MK_PSS;
	k->signer.sig_alg = hm_mk_seq(
		k->a, hm_mk_oid(k->a, RSA_PSS),
		hm_mk_seq(k->a, hm_mk_tlv(k->a, 0xa0, md), hm_mk_tlv(k->a, 0xa1, mgf),
			  hm_mk_tlv(k->a, 0xa2, salt), hm_mk_tlv(k->a, 0xa3, trailer)));
	return hm_mk_file(k);
}

/* --- the content ------------------------------------------------------------------- */

/* DigestInfo twice in SpcIndirectDataContent: the file's and a stranger's. */
static hm_bytes two_digests(struct hm_mk_kit *k, int right_first)
{
	hm_bytes image = hm_mk_pe(k->a, &k->pe);
	hm_bytes right = hm_mk_pe_digest(k->a, &k->pe, HM_MK_SHA256, image);
	hm_bytes wrong = hm_mk_fill(k->a, 0x44, 32);
	hm_bytes honest = hm_mk_kit_content(k, right_first ? right : wrong);
	hm_bytes second = hm_mk_seq(k->a, hm_mk_md_alg(k->a, HM_MK_SHA256),
				    hm_mk_octets(k->a, right_first ? wrong : right));
	hm_bytes content = hm_mk_seq(k->a, hm_mk_without_header(honest), second);
	hm_bytes signer = hm_mk_kit_signer(k, content);

	return hm_mk_kit_attach(k, image, hm_mk_kit_cms(k, content, signer));
}

/* A second element after SignedData, or after the last field in it. */
static hm_bytes followed(struct hm_mk_kit *k, int inside)
{
	hm_bytes image = hm_mk_pe(k->a, &k->pe);
	hm_bytes cms = hm_mk_kit_sign(k, image);
	hm_bytes more = hm_mk_octets(k->a, hm_bytes_of("more"));
	hm_bytes fields = hm_mk_without_header(cms);
	hm_bytes type = hm_mk_oid(k->a, HM_MK_SIGNED_DATA);
	hm_bytes data = hm_mk_part(fields, type.len, fields.len - type.len);

	if (inside)
		data = hm_mk_tlv(
			k->a, 0xa0,
			hm_mk_seq(k->a, hm_mk_without_header(hm_mk_without_header(data)),
				  more));
	else
		data = hm_mk_cat(k->a, data, more);
	return hm_mk_kit_attach(k, image, hm_mk_seq(k->a, type, data));
}

/* --- issuers ----------------------------------------------------------------------- */

/* Signed with the trusted root's own key, or its issuing authority's. */
static hm_bytes signed_by(struct hm_mk_kit *k, int authority)
{
	k->leaf = authority ? k->ca : k->root;
	hm_mk_follow_leaf(k);
	return hm_mk_file(k);
}

static hm_bytes leaf_any_purpose(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->leaf.extensions = hm_mk_cat(k->a, hm_mk_ext_usage(k->a, 0x80),
				       hm_mk_ext_purposes(k->a, false, "2.5.29.37.0"));
	return hm_mk_file(k);
}

/* --- stamps ------------------------------------------------------------------------ */

/* signingCertificateV2 names another certificate than the one that verifies. */
static hm_bytes stamp_names_other(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->stamp.cert = hm_mk_cert(k->a, &k->leaf);
	k->stamp.certs = hm_mk_cert(k->a, &k->tsa);
	return hm_mk_file(k);
}

static hm_bytes stamp_zone(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->stamp.time_value = hm_mk_text(k->a, HM_MK_GENTIME, "20250301010000+0100");
	return hm_mk_file(k);
}

/* A token whose imprint algorithm is none, or whose digest is said to be another. */
static hm_bytes imprint_misnamed(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->stamp.imprint_md = HM_MK_MD4;
	k->stamp.imprint = hm_mk_fill(k->a, 0, 16);
	return hm_mk_file(k);
}

/* clang-format off */
const struct hm_mk_maker hm_mk_cases_forms[] = {
	{ "attributes-unsorted", unsorted, SIGNED_AS_WRITTEN },
	{ "attributes-unsorted-signed-sorted", unsorted, SIGNED_AS_SORTED },
	{ "content-type-twice", type_twice, 0 },
	{ "message-digest-of-nothing", digest_of_nothing, 0 },
	{ "signer-by-key-identifier", signer_by_key, 1 },
	{ "signer-by-other-key-identifier", signer_by_key, 0 },
	{ "signer-serial-padded", serial_padded, 1 },
	{ "serial-padded", serial_padded, 0 },
	{ "chain-issuer-true-is-1", true_is_1, 0 },
	{ "digest-parameters", md_params, 0 },
	{ "validity-utc-49", ends, 0 },
	{ "validity-utc-50", ends, 1 },
	{ "validity-zone-east", ends, 2 },
	{ "validity-zone-west", ends, 3 },
	{ "validity-second-60", ends, 4 },
	{ "validity-fraction", ends, 5 },
	{ "ec-point-compressed", point_form, 0 },
	{ "ec-point-hybrid", point_form, 1 },
	{ "pss-key", pss_key, HM_MK_PSS },
	{ "pss-key-pkcs1", pss_key, HM_MK_NATURAL },
	{ "pss-salt-misnamed", pss_params, 0 },
	{ "pss-trailer-2", pss_params, 1 },
	{ "digest-second-right", two_digests, 0 },
	{ "digest-second-wrong", two_digests, 1 },
	{ "cms-followed", followed, 0 },
	{ "cms-followed-inside", followed, 1 },
	{ "chain-root-signs", signed_by, 0 },
	{ "chain-authority-signs", signed_by, 1 },
	{ "chain-leaf-any-purpose", leaf_any_purpose, 0 },
	{ "stamp-names-other-certificate", stamp_names_other, 0 },
	{ "stamp-time-zone", stamp_zone, 0 },
	{ "stamp-imprint-md4", imprint_misnamed, 0 },
	{ NULL, NULL, 0 },
};
/* clang-format on */
