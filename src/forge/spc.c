/* SPDX-License-Identifier: MIT */
#include "forge/spc.h"

/* SpcString ::= CHOICE { unicode [0] IMPLICIT BMPSTRING, ... } */
static hm_bytes spc_string(struct hm_arena *a, const char *text)
{
	hm_bytes ascii = hm_bytes_of(text);
	uint8_t *wide = hm_alloc(a, 2, ascii.len + 1);

	for (size_t i = 0; i < ascii.len; i++)
		wide[2 * i + 1] = ascii.at[i];
	return hm_mk_tlv(a, 0x80, (hm_bytes){ wide, 2 * ascii.len });
}

/* SpcSerializedObject with page hashes: class id, then the table under the OID of
 * its version (1: SHA-1, 2: SHA-256). */
static hm_bytes page_moniker(struct hm_arena *a, const struct hm_mk_spc *s)
{
	static const uint8_t class_id[16] = { 0xa6, 0xb5, 0x86, 0xd5, 0xb4, 0xa1,
					      0x24, 0x66, 0xae, 0x05, 0xa2, 0x17,
					      0xda, 0x8e, 0x60, 0xd6 };
	const char *version = s->pages_md == HM_MK_SHA1 ? "1.3.6.1.4.1.311.2.3.1"
							: "1.3.6.1.4.1.311.2.3.2";
	hm_bytes table = hm_mk_tlv(a, HM_MK_SET, hm_mk_octets(a, s->pages));
	hm_bytes attr = hm_mk_seq(a, hm_mk_oid(a, version), table);
	hm_bytes set = hm_mk_tlv(a, HM_MK_SET, attr);

	return hm_mk_tlv(a, 0xa1, hm_mk_octets(a, (hm_bytes){ class_id, 16 }),
			 hm_mk_octets(a, set));
}

/* SpcPeImageData: no flags, and a link that every signer leaves at "obsolete". */
static hm_bytes image_data(struct hm_arena *a, const struct hm_mk_spc *s)
{
	hm_bytes flags = hm_mk_bits(a, (hm_bytes){ 0 });
	hm_bytes link = hm_mk_tlv(a, 0xa2, spc_string(a, "<<<Obsolete>>>"));

	if (s->pages.len != 0)
		link = page_moniker(a, s);
	return hm_mk_seq(a, flags, hm_mk_tlv(a, 0xa0, link));
}

hm_bytes hm_mk_spc(struct hm_arena *a, const struct hm_mk_spc *s)
{
	const char *type = s->data_oid != NULL ? s->data_oid : "1.3.6.1.4.1.311.2.1.15";
	hm_bytes data = s->data.at != NULL ? s->data : image_data(a, s);
	hm_bytes alg = s->md_alg.at != NULL ? s->md_alg : hm_mk_md_alg(a, s->md);

	return hm_mk_seq(a, hm_mk_seq(a, hm_mk_oid(a, type), data),
			 hm_mk_seq(a, alg, hm_mk_octets(a, s->digest)));
}

hm_bytes hm_mk_opus(struct hm_arena *a, const char *name, const char *url)
{
	hm_bytes first = { 0 }, second = { 0 };

	if (name != NULL)
		first = hm_mk_tlv(a, 0xa0, spc_string(a, name));
	if (url != NULL)
		second = hm_mk_tlv(a, 0xa1, hm_mk_text(a, HM_MK_CONTEXT, url));
	return hm_mk_attr(a, "1.3.6.1.4.1.311.2.1.12", hm_mk_seq(a, first, second));
}

hm_bytes hm_mk_statement(struct hm_arena *a, bool commercial)
{
	const char *type =
		commercial ? "1.3.6.1.4.1.311.2.1.22" : "1.3.6.1.4.1.311.2.1.21";

	return hm_mk_attr(a, "1.3.6.1.4.1.311.2.1.11", hm_mk_seq(a, hm_mk_oid(a, type)));
}

static hm_bytes stamp_time(struct hm_arena *a, const struct hm_mk_stamp *s)
{
	if (s->time_value.at != NULL)
		return s->time_value;
	return s->kind == HM_MK_PKCS9 ? hm_mk_time(a, s->time)
				      : hm_mk_gentime(a, s->time);
}

static hm_bytes countersignature(struct hm_arena *a, const struct hm_mk_stamp *s,
				 hm_bytes signature)
{
	struct hm_mk_signer signer = s->signer;
	const char *type = s->content_type != NULL ? s->content_type : HM_MK_DATA;

	signer.more_attrs[0] = hm_mk_attr(a, HM_MK_SIGNING_TIME, stamp_time(a, s));
	return hm_mk_attr(a, HM_MK_COUNTERSIGN,
			  hm_mk_signer(a, &signer, type, signature));
}

/* TSTInfo (RFC 3161 2.4.2). */
static hm_bytes tst_info(struct hm_arena *a, const struct hm_mk_stamp *s,
			 hm_bytes signature)
{
	hm_bytes imprint = s->imprint;

	if (s->tst.at != NULL)
		return s->tst;
	if (imprint.at == NULL)
		imprint = hm_mk_digest(a, s->imprint_md, signature);
	return hm_mk_seq(
		a, hm_mk_int(a, 1), hm_mk_oid(a, "1.3.6.1.4.1.99999.1"),
		hm_mk_seq(a, hm_mk_md_alg(a, s->imprint_md), hm_mk_octets(a, imprint)),
		hm_mk_int(a, 4711), stamp_time(a, s), s->tst_tail);
}

static hm_bytes token(struct hm_arena *a, const struct hm_mk_stamp *s, hm_bytes signature)
{
	struct hm_mk_signer signer = s->signer;
	const char *type = s->content_type != NULL ? s->content_type : HM_MK_TST_INFO;
	hm_bytes info = tst_info(a, s, signature);

	if (!s->no_signing_cert) { /* SigningCertificateV2 (RFC 5035) */
		hm_bytes id = hm_mk_octets(a, hm_mk_digest(a, HM_MK_SHA256, s->cert));

		signer.more_attrs[0] =
			hm_mk_attr(a, "1.2.840.113549.1.9.16.2.47",
				   hm_mk_seq(a, hm_mk_seq(a, hm_mk_seq(a, id))));
	}
	const struct hm_mk_cms cms = {
		.version = hm_mk_int(a, 3),
		.md = signer.how.md,
		.content_type = type,
		.content = hm_mk_octets(a, info),
		.certs = s->certs,
		.signers = hm_mk_signer(a, &signer, type, info),
	};
	return hm_mk_attr(a, HM_MK_RFC3161, hm_mk_cms(a, &cms));
}

hm_bytes hm_mk_stamp(struct hm_arena *a, const struct hm_mk_stamp *s, hm_bytes signature)
{
	switch (s->kind) {
	case HM_MK_NO_STAMP: return (hm_bytes){ 0 };
	case HM_MK_PKCS9: return countersignature(a, s, signature);
	case HM_MK_TOKEN: return token(a, s, signature);
	}
	return (hm_bytes){ 0 };
}
