/* SPDX-License-Identifier: MIT */
#include "signature/spc.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"

/* SpcPageHashes as SpcSerializedObject.classId. */
static const uint8_t page_hash_class[16] = { 0xa6, 0xb5, 0x86, 0xd5, 0xb4, 0xa1,
					     0x24, 0x66, 0xae, 0x05, 0xa2, 0x17,
					     0xda, 0x8e, 0x60, 0xd6 };

/* SET OF SEQUENCE { version, SET OF OCTET STRING }. */
static void read_page_hashes(struct hm_spc *spc, struct hm_cur *c)
{
	struct hm_der list = hm_ber_of(c, HM_DER_SET, "page hashes");

	while (hm_more(&list.in)) {
		struct hm_der e = hm_ber_of(&list.in, HM_DER_SEQUENCE, "page hashes");
		enum hm_oid version = hm_oid_of(hm_der_oid(&e.in, "page hash version"));
		struct hm_der set = hm_ber_of(&e.in, HM_DER_SET, "page hashes");
		struct hm_der rows =
			hm_ber_of(&set.in, HM_DER_OCTET_STRING, "page hashes");

		hm_join(&e.in, &set.in);
		hm_join(&list.in, &e.in);
		if (list.in.err != HM_OK || spc->page_hash == HM_HASH_SHA256)
			continue;
		if (version == HM_OID_SPC_PAGE_HASH_V1)
			spc->page_hash = HM_HASH_SHA1;
		else if (version == HM_OID_SPC_PAGE_HASH_V2)
			spc->page_hash = HM_HASH_SHA256;
		else
			continue;
		spc->pages = hm_der_value(&rows);
	}
	hm_join(c, &list.in);
}

/* SpcPeImageData { flags, file [0] SpcLink }; the link is a moniker where there are page
 * hashes, else the text "<<<Obsolete>>>". */
static void read_image_data(struct hm_spc *spc, struct hm_cur *c)
{
	struct hm_der image = hm_ber_of(c, HM_DER_SEQUENCE, "SpcPeImageData");
	struct hm_der e, moniker;

	if (hm_peek(&image.in) == HM_DER_BIT_STRING)
		hm_der_bits(&image.in, "flags");
	if (!hm_ber_if(&image.in, HM_DER_CONTEXT_CONS, "file", &e) ||
	    !hm_ber_if(&e.in, HM_DER_CONTEXT_CONS | 1, "moniker", &moniker))
		return;
	struct hm_der class = hm_ber_of(&moniker.in, HM_DER_OCTET_STRING, "classId");
	struct hm_der data =
		hm_ber_of(&moniker.in, HM_DER_OCTET_STRING, "serializedData");
	hm_bytes id = hm_der_value(&class);

	if (hm_same(id, (hm_bytes){ page_hash_class, sizeof(page_hash_class) }))
		read_page_hashes(spc, &data.in);
	hm_join(c, &moniker.in);
	hm_join(c, &data.in);
}

static void read_data(struct hm_spc *spc, struct hm_cur *c)
{
	struct hm_der data =
		hm_ber_of(c, HM_DER_SEQUENCE, "SpcAttributeTypeAndOptionalValue");

	spc->type_id = hm_der_oid(&data.in, "type");
	spc->type = hm_oid_of(spc->type_id);
	hm_join(c, &data.in);
	/* Only page hashes stand in there: a value that we cannot read has none. */
	if (spc->type == HM_OID_SPC_PE_IMAGE_DATA) {
		struct hm_cur value = data.in;

		read_image_data(spc, &value);
	}
}

struct hm_spc hm_spc_read(hm_bytes content)
{
	struct hm_spc spc = { 0 };
	struct hm_cur c = hm_cur_of(content);
	struct hm_cur whole = c;
	struct hm_der e = hm_ber_of(&whole, HM_DER_SEQUENCE, "SpcIndirectDataContent");

	/* In an OCTET STRING there is the SEQUENCE, or only what is in one. */
	if (whole.err == HM_OK && !hm_more(&whole))
		c = e.in;
	read_data(&spc, &c);
	struct hm_der info = hm_ber_of(&c, HM_DER_SEQUENCE, "DigestInfo");

	spc.digest_alg = hm_alg_read(&info.in, "digestAlgorithm");
	struct hm_der digest = hm_ber_of(&info.in, HM_DER_OCTET_STRING, "digest");

	spc.digest = hm_der_value(&digest);
	hm_der_end(&info.in, "DigestInfo");
	hm_join(&c, &info.in);
	hm_der_end(&c, "SpcIndirectDataContent");
	spc.err = c.err;
	spc.why = c.why;
	return spc;
}

/* Opus. */

/* SpcString: unicode [0] BMPString, ascii [1] IA5String; both implicit. */
static const char *read_spc_string(struct hm_cur *c, struct hm_arena *a)
{
	struct hm_der e = hm_ber_next(c, "SpcString");

	e.tag = e.tag == HM_DER_CONTEXT ? HM_DER_BMP : HM_DER_IA5;
	return hm_string_text(&e, a);
}

/* SpcLink: url [0] IA5String, moniker [1], file [2] SpcString. */
static const char *read_link(struct hm_cur *c, struct hm_arena *a)
{
	struct hm_der e = hm_ber_next(c, "SpcLink");

	if (e.tag == HM_DER_CONTEXT) {
		e.tag = HM_DER_IA5;
		return hm_string_text(&e, a);
	}
	return e.tag == (HM_DER_CONTEXT_CONS | 2) ? read_spc_string(&e.in, a) : "";
}

static void read_statement(const struct hm_signer *signer, struct hm_opus *opus)
{
	const struct hm_attr *attr =
		hm_attr_get(&signer->attrs, HM_OID_SPC_STATEMENT_TYPE, NULL);

	if (attr == NULL)
		return;
	struct hm_cur c = hm_cur_of(attr->values);
	struct hm_der e = hm_ber_of(&c, HM_DER_SEQUENCE, "SpcStatementType");

	while (hm_more(&e.in)) {
		enum hm_oid type = hm_oid_of(hm_der_oid(&e.in, "SpcStatementType"));

		opus->individual = opus->individual || type == HM_OID_SPC_INDIVIDUAL;
		opus->commercial = opus->commercial || type == HM_OID_SPC_COMMERCIAL;
	}
}

struct hm_opus hm_opus_read(const struct hm_signer *signer, struct hm_arena *a)
{
	struct hm_opus opus = { .program = "", .url = "" };
	const struct hm_attr *attr =
		hm_attr_get(&signer->attrs, HM_OID_SPC_OPUS_INFO, NULL);

	read_statement(signer, &opus);
	if (attr == NULL)
		return opus;
	struct hm_cur c = hm_cur_of(attr->values);
	struct hm_der e = hm_ber_of(&c, HM_DER_SEQUENCE, "SpcSpOpusInfo");
	struct hm_der field;

	if (hm_ber_if(&e.in, HM_DER_CONTEXT_CONS, "programName", &field))
		opus.program = read_spc_string(&field.in, a);
	if (hm_ber_if(&e.in, HM_DER_CONTEXT_CONS | 1, "moreInfo", &field))
		opus.url = read_link(&field.in, a);
	return opus;
}

/* Timestamps. */

static struct hm_stamp read_countersignature(struct hm_der e, const struct hm_cms *in,
					     struct hm_arena *a)
{
	struct hm_stamp stamp = { .kind = HM_STAMP_PKCS9,
				  .whole = e.whole,
				  .certs = in->certs,
				  .num_certs = in->num_certs };
	struct hm_cur c = hm_cur_of(e.whole);

	stamp.signer = hm_signer_read(&c, a);
	stamp.time = stamp.signer.signing_time;
	hm_rule(&c, stamp.time != HM_NO_TIME, "a countersignature has a signingTime");
	stamp.err = c.err;
	stamp.why = c.why;
	return stamp;
}

/* RFC 3161 2.4.2. */
static void read_tst_info(struct hm_stamp *stamp, struct hm_cur *c)
{
	struct hm_der info = hm_ber_of(c, HM_DER_SEQUENCE, "TSTInfo");
	struct hm_cur *in = &info.in;

	hm_der_small(in, "version");
	stamp->policy = hm_der_oid(in, "policy");
	struct hm_der imprint = hm_ber_of(in, HM_DER_SEQUENCE, "messageImprint");

	stamp->imprint_alg = hm_alg_read(&imprint.in, "hashAlgorithm");
	struct hm_der hash = hm_ber_of(&imprint.in, HM_DER_OCTET_STRING, "hashedMessage");

	stamp->imprint = hm_der_value(&hash);
	hm_join(in, &imprint.in);
	stamp->serial = hm_der_integer(in, "serialNumber");
	hm_rule(in, hm_peek(in) == HM_DER_GENERALIZED_TIME, "genTime");
	stamp->time = hm_der_time(in, "genTime");
	hm_rule(in, stamp->time != HM_NO_TIME, "genTime is a time");
	hm_join(c, in);
	hm_der_end(c, "TSTInfo");
}

static struct hm_stamp read_token(struct hm_der e, const struct hm_cms *in,
				  struct hm_arena *a)
{
	struct hm_stamp stamp = { .kind = HM_STAMP_RFC3161,
				  .whole = e.whole,
				  .time = HM_NO_TIME,
				  .signer = { .signing_time = HM_NO_TIME } };

	stamp.token = hm_cms_read(e.whole, a, NULL);
	bool own = stamp.token.num_certs != 0;

	stamp.certs = own ? stamp.token.certs : in->certs;
	stamp.num_certs = own ? stamp.token.num_certs : in->num_certs;
	if (stamp.token.num_signers != 0)
		stamp.signer = stamp.token.signers[0];
	struct hm_cur c = hm_cur_of(stamp.token.content);

	if (stamp.token.err != HM_OK)
		hm_fail(&c, stamp.token.err, stamp.token.why);
	hm_rule(&c, stamp.token.content_type == HM_OID_TST_INFO,
		"eContentType is TSTInfo");
	hm_rule(&c, stamp.token.num_signers == 1, "a token has one signer");
	read_tst_info(&stamp, &c);
	stamp.err = c.err;
	stamp.why = c.why;
	return stamp;
}

static void add_stamps(struct hm_stamps *out, const struct hm_attr *attr,
		       const struct hm_cms *in, struct hm_arena *a)
{
	struct hm_cur c = hm_cur_of(attr->values);

	while (hm_more(&c)) {
		struct hm_der e = hm_ber_next(&c, "timestamp");

		if (out->num == HM_MAX_STAMPS) {
			out->limit = true;
			return;
		}
		out->at[out->num++] = attr->oid == HM_OID_MS_TIMESTAMP
					      ? read_token(e, in, a)
					      : read_countersignature(e, in, a);
	}
}

struct hm_stamps hm_stamps_read(const struct hm_signer *signer, const struct hm_cms *in,
				struct hm_arena *a)
{
	struct hm_stamps stamps = { 0 };
	const struct hm_attrs *attrs = &signer->unsigned_attrs;

	for (size_t i = 0; i < attrs->num; i++) {
		const struct hm_attr *attr = &attrs->at[i];

		if (attr->oid != HM_OID_MS_TIMESTAMP &&
		    attr->oid != HM_OID_COUNTERSIGNATURE)
			continue;
		if (stamps.at == NULL)
			stamps.at = hm_new_n(a, struct hm_stamp, HM_MAX_STAMPS);
		add_stamps(&stamps, attr, in, a);
	}
	return stamps;
}
