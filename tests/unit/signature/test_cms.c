/* SPDX-License-Identifier: MIT */
/* SignedData, Authenticode's content and timestamps, as read from whole programs. */
#include "arena.h"
#include "check.h"
#include "forge/kit.h"
#include "signature/signed.h"

/* The honest kit, changed; the file it makes; what must hold of what is read. */
struct cms_case {
	const char *name;
	void (*change)(struct hm_mk_kit *k);
	hm_bytes (*make)(struct hm_mk_kit *k); /* hm_mk_file where NULL */
	hm_err err;
	const char *why;
	bool (*holds)(const struct hm_signed *s);
};

static const struct hm_signature *first(const struct hm_signed *s)
{
	return &s->signatures[0];
}

static bool signer_known(const struct hm_signed *s)
{
	return s->num_signatures == 1 && first(s)->cert != NULL;
}

static bool honest(const struct hm_signed *s)
{
	const struct hm_signature *g = first(s);

	return signer_known(s) && g->cms.version == 1 && g->cms.num_digest_algs == 1 &&
	       g->cms.content_type == HM_OID_SPC_INDIRECT_DATA &&
	       !g->cms.content_octets && !g->cms.flattened && g->cms.num_signers == 1 &&
	       g->signer->flags == 0 && g->signer->message_digest.len == 32 &&
	       g->spc.err == HM_OK && g->spc.type == HM_OID_SPC_PE_IMAGE_DATA &&
	       g->spc.digest.len == 32 && g->spc.digest_alg.hash == HM_HASH_SHA256 &&
	       g->stamps.num == 1 && g->stamps.at[0].err == HM_OK &&
	       g->stamps.at[0].kind == HM_STAMP_RFC3161 &&
	       g->stamps.at[0].imprint.len == 32 && !g->slack_nonzero &&
	       g->stuffing_len == 0 && g->stamps.at[0].time != HM_NO_TIME;
}

static void octets(struct hm_mk_kit *k)
{
	k->content_in_octets = true;
	k->cms.version = hm_mk_int(k->a, 3);
}

static bool is_octets(const struct hm_signed *s)
{
	const struct hm_signature *g = first(s);

	return g->cms.version == 3 && g->cms.content_octets && g->spc.err == HM_OK &&
	       g->spc.digest.len == 32 && hm_same(g->cms.content, g->cms.digested);
}

static void detached(struct hm_mk_kit *k)
{
	k->cms.encap = hm_mk_seq(k->a, hm_mk_oid(k->a, HM_MK_SPC_INDIRECT));
}

static bool is_detached(const struct hm_signed *s)
{
	return signer_known(s) && !first(s)->cms.has_content &&
	       first(s)->spc.digest.len == 0;
}

static void wrong_outer(struct hm_mk_kit *k)
{
	k->cms.outer_oid = HM_MK_DATA;
}

static void no_attrs(struct hm_mk_kit *k)
{
	k->signer.no_attrs = true;
}

static bool has_no_attrs(const struct hm_signed *s)
{
	return signer_known(s) && first(s)->signer->attrs.raw.len == 0 &&
	       first(s)->signer->flags == 0;
}

static void no_md(struct hm_mk_kit *k)
{
	k->signer.message_md_attr.at = (const uint8_t *)"";
}

static bool has_no_md(const struct hm_signed *s)
{
	return first(s)->signer->flags == HM_SIGNER_NO_MESSAGE_DIGEST;
}

static hm_bytes md_attr(struct hm_mk_kit *k)
{
	return hm_mk_attr(k->a, HM_MK_MESSAGE_MD,
			  hm_mk_octets(k->a, hm_mk_fill(k->a, 1, 32)));
}

static void two_md(struct hm_mk_kit *k)
{
	k->signer.more_attrs[0] = md_attr(k);
}

static bool has_two_md(const struct hm_signed *s)
{
	return (first(s)->signer->flags & HM_SIGNER_TWO_MESSAGE_DIGESTS) != 0;
}

static void two_md_values(struct hm_mk_kit *k)
{
	hm_bytes value = hm_mk_octets(k->a, hm_mk_fill(k->a, 1, 32));

	k->signer.message_md_attr =
		hm_mk_attr(k->a, HM_MK_MESSAGE_MD, hm_mk_cat(k->a, value, value));
}

static void empty_md(struct hm_mk_kit *k)
{
	k->signer.message_md_attr = hm_mk_attr(k->a, HM_MK_MESSAGE_MD, (hm_bytes){ 0 });
}

static void no_type(struct hm_mk_kit *k)
{
	k->signer.content_type_attr.at = (const uint8_t *)"";
}

static bool has_no_type(const struct hm_signed *s)
{
	return first(s)->signer->flags == HM_SIGNER_NO_CONTENT_TYPE;
}

static void unsorted(struct hm_mk_kit *k)
{
	hm_bytes type =
		hm_mk_attr(k->a, HM_MK_CONTENT_TYPE, hm_mk_oid(k->a, HM_MK_SPC_INDIRECT));

	k->signer.attrs_order = hm_mk_cat(k->a, md_attr(k), type);
}

static bool is_unsorted(const struct hm_signed *s)
{
	return first(s)->signer->flags == HM_SIGNER_UNSORTED;
}

static hm_bytes file_without_signers(struct hm_mk_kit *k)
{
	hm_bytes image = hm_mk_pe(k->a, &k->pe);
	hm_bytes content =
		hm_mk_kit_content(k, hm_mk_pe_digest(k->a, &k->pe, HM_MK_SHA256, image));

	return hm_mk_kit_attach(k, image, hm_mk_kit_cms(k, content, (hm_bytes){ 0 }));
}

static bool has_no_signer(const struct hm_signed *s)
{
	return first(s)->signer == NULL && first(s)->cms.num_certs == 2;
}

static hm_bytes file_with_signers(struct hm_mk_kit *k)
{
	hm_bytes image = hm_mk_pe(k->a, &k->pe), signers = { 0 };
	hm_bytes content =
		hm_mk_kit_content(k, hm_mk_pe_digest(k->a, &k->pe, HM_MK_SHA256, image));
	hm_bytes one = hm_mk_kit_signer(k, content);

	for (int i = 0; i < 9; i++)
		signers = hm_mk_cat(k->a, signers, one);
	return hm_mk_kit_attach(k, image, hm_mk_kit_cms(k, content, signers));
}

static bool has_eight_signers(const struct hm_signed *s)
{
	return signer_known(s) && first(s)->cms.num_signers == 8;
}

static void no_bag(struct hm_mk_kit *k)
{
	k->bag.at = (const uint8_t *)"";
}

static bool signer_unknown(const struct hm_signed *s)
{
	return first(s)->signer != NULL && first(s)->cert == NULL;
}

static void other_serial(struct hm_mk_kit *k)
{
	k->signer.serial = hm_mk_int(k->a, 0x2003);
}

static void padded_serial(struct hm_mk_kit *k)
{
	k->signer.serial = hm_mk_cat(k->a, hm_mk_lit(2, 4, 0, 0, 0x20, 0x02));
}

static void by_key_id(struct hm_mk_kit *k)
{
	hm_bytes id = hm_mk_digest(k->a, HM_MK_SHA1, hm_mk_spki(k->a, HM_MK_KEY_SIGNER));

	k->signer.sid = hm_mk_tlv(k->a, 0x80, id);
	k->signer.version = hm_mk_int(k->a, 3);
}

/* Microsoft's spelling of the same: an issuer of one attribute, and serial 0. */
static void by_key_id_rdn(struct hm_mk_kit *k)
{
	hm_bytes id = hm_mk_digest(k->a, HM_MK_SHA1, hm_mk_spki(k->a, HM_MK_KEY_SIGNER));
	hm_bytes rdn = hm_mk_rdn(k->a, "1.3.6.1.4.1.311.10.7.1", HM_MK_OCTETS, id);

	k->signer.sid = hm_mk_seq(k->a, hm_mk_seq(k->a, rdn), hm_mk_int(k->a, 0));
}

/* What nobody needs may be broken: of 2,000 signed programs 69 have such a bag. */
static void junk_in_bag(struct hm_mk_kit *k)
{
	k->bag = hm_mk_cat(k->a, hm_mk_seq(k->a, hm_mk_null(k->a)),
			   hm_mk_tlv(k->a, 0xa1, hm_mk_null(k->a)),
			   hm_mk_kit_cert(k, &k->leaf), hm_mk_kit_cert(k, &k->ca));
}

static bool has_junk(const struct hm_signed *s)
{
	const struct hm_cms *cms = &first(s)->cms;

	return signer_known(s) && cms->num_certs == 3 && cms->certs[0].err != HM_OK &&
	       cms->certs[1].err == HM_OK;
}

static void many_certs(struct hm_mk_kit *k)
{
	hm_bytes cert = hm_mk_kit_cert(k, &k->leaf);

	for (int i = 0; i < 129; i++)
		k->bag = hm_mk_cat(k->a, k->bag, cert);
}

static void pkcs9(struct hm_mk_kit *k)
{
	k->stamp.kind = HM_MK_PKCS9;
}

static bool is_pkcs9(const struct hm_signed *s)
{
	const struct hm_stamp *t = &first(s)->stamps.at[0];

	return first(s)->stamps.num == 1 && t->kind == HM_STAMP_PKCS9 &&
	       t->err == HM_OK && t->time != HM_NO_TIME &&
	       hm_signer_cert(&t->signer, t->certs, t->num_certs) != NULL;
}

static void broken_token(struct hm_mk_kit *k)
{
	k->stamp.tst = hm_mk_seq(k->a, hm_mk_int(k->a, 1));
}

/* A broken stamp is there, and says so: it is not as if there were none. */
static bool stamp_is_broken(const struct hm_signed *s)
{
	return first(s)->stamps.num == 1 && first(s)->stamps.at[0].err != HM_OK &&
	       first(s)->stamps.at[0].time == HM_NO_TIME;
}

static void token_without_date(struct hm_mk_kit *k)
{
	k->stamp.time_value = hm_mk_text(k->a, HM_MK_GENTIME, "20241301000000Z");
}

static void token_in_utctime(struct hm_mk_kit *k)
{
	k->stamp.time_value = hm_mk_text(k->a, HM_MK_UTCTIME, "241201000000Z");
}

static void stuffed(struct hm_mk_kit *k)
{
	k->more = hm_mk_attr(k->a, "1.3.6.1.4.1.42921.1.2.1",
			     hm_mk_octets(k->a, hm_mk_fill(k->a, 7, 1000)));
}

static bool is_stuffed(const struct hm_signed *s)
{
	return first(s)->stuffing_len == 1004 &&
	       hm_oid_of(first(s)->stuffing_id) == HM_OID_UNAUTH_DATA_BLOB;
}

static void many_attrs(struct hm_mk_kit *k)
{
	for (int i = 0; i < 65; i++)
		k->more = hm_mk_cat(k->a, k->more,
				    hm_mk_attr(k->a, "1.2.3", hm_mk_null(k->a)));
}

static hm_bytes a_signature(struct hm_mk_kit *k)
{
	struct hm_mk_kit other = hm_mk_kit_of(k->a);

	return hm_mk_kit_sign(&other, hm_mk_pe(k->a, &other.pe));
}

/* Two in one attribute, and one that is no message at all. */
static void nested(struct hm_mk_kit *k)
{
	hm_bytes sig = a_signature(k);

	k->more =
		hm_mk_cat(k->a, hm_mk_attr(k->a, HM_MK_NESTED, hm_mk_cat(k->a, sig, sig)),
			  hm_mk_attr(k->a, HM_MK_NESTED, hm_mk_null(k->a)));
}

static bool are_nested(const struct hm_signed *s)
{
	return s->num_signatures == 4 && s->signatures[1].depth == 1 &&
	       s->signatures[1].parent == 0 && s->signatures[1].cms.err == HM_OK &&
	       s->signatures[2].cms.err == HM_OK &&
	       s->signatures[3].cms.err == HM_EFORMAT && first(s)->stuffing_len == 0;
}

static void deep(struct hm_mk_kit *k)
{
	for (int i = 0; i < 8; i++) {
		struct hm_mk_kit other = hm_mk_kit_of(k->a);

		other.more = k->more;
		k->more = hm_mk_attr(k->a, HM_MK_NESTED,
				     hm_mk_kit_sign(&other, hm_mk_pe(k->a, &other.pe)));
	}
}

static bool is_deep(const struct hm_signed *s)
{
	return s->limit && s->num_signatures == 5 && s->signatures[4].depth == 4 &&
	       s->signatures[4].parent == 3;
}

static void opus(struct hm_mk_kit *k)
{
	k->signer.more_attrs[0] = hm_mk_opus(k->a, "Setup of X", "http://example.org/");
	k->signer.more_attrs[1] = hm_mk_statement(k->a, true);
}

static bool has_opus(const struct hm_signed *s)
{
	const struct hm_opus *o = &first(s)->opus;

	return strcmp(o->program, "Setup of X") == 0 &&
	       strcmp(o->url, "http://example.org/") == 0 && o->commercial &&
	       !o->individual;
}

static void long_digest(struct hm_mk_kit *k)
{
	k->spc.digest = hm_mk_fill(k->a, 7, 70000);
}

static bool has_long_digest(const struct hm_signed *s)
{
	return first(s)->spc.err == HM_OK && first(s)->spc.digest.len == 70000;
}

static void other_content(struct hm_mk_kit *k)
{
	k->spc.data_oid = "1.2.3";
}

static bool has_other_content(const struct hm_signed *s)
{
	return first(s)->spc.err == HM_OK && first(s)->spc.type == HM_OID_NONE;
}

static void sha1_as_signature(struct hm_mk_kit *k)
{
	k->spc.md_alg = hm_mk_seq(k->a, hm_mk_oid(k->a, "1.2.840.113549.1.1.5"));
}

static bool is_sha1(const struct hm_signed *s)
{
	return first(s)->spc.digest_alg.hash == HM_HASH_SHA1;
}

static void pages(struct hm_mk_kit *k)
{
	k->spc.pages = hm_mk_pe_pages(k->a, &k->pe, HM_MK_SHA256, hm_mk_pe(k->a, &k->pe));
}

static bool has_pages(const struct hm_signed *s)
{
	return first(s)->spc.page_hash == HM_HASH_SHA256 &&
	       first(s)->spc.pages.len % 36 == 0 && first(s)->spc.pages.len != 0;
}

static hm_bytes file_in_ber(struct hm_mk_kit *k)
{
	hm_bytes image = hm_mk_pe(k->a, &k->pe);
	hm_bytes cms = hm_mk_kit_sign(k, image);

	return hm_mk_kit_attach(
		k, image,
		hm_mk_indefinite(k->a, HM_MK_SEQUENCE, hm_mk_without_header(cms)));
}

static bool is_ber(const struct hm_signed *s)
{
	return first(s)->cms.flattened && first(s)->cert != NULL &&
	       first(s)->stamps.num == 1 && !first(s)->slack_nonzero;
}

static hm_bytes file_with_slack(struct hm_mk_kit *k)
{
	hm_bytes image = hm_mk_pe(k->a, &k->pe);

	return hm_mk_kit_attach(
		k, image,
		hm_mk_cat(k->a, hm_mk_kit_sign(k, image), hm_mk_fill(k->a, 1, 100)));
}

static bool has_slack(const struct hm_signed *s)
{
	return first(s)->cms.err == HM_OK && first(s)->slack_nonzero &&
	       first(s)->slack.len >= 100;
}

static hm_bytes file_with_tail(struct hm_mk_kit *k)
{
	hm_bytes image = hm_mk_pe(k->a, &k->pe);
	hm_bytes cms = hm_mk_kit_sign(k, image);
	hm_bytes inner = hm_mk_cat(k->a, hm_mk_without_header(cms), hm_mk_null(k->a));

	return hm_mk_kit_attach(k, image, hm_mk_seq(k->a, inner));
}

/* clang-format off */
static const struct cms_case cases[] = {
	{ "honest", NULL, NULL, HM_OK, NULL, honest },
	{ "content in an OCTET STRING, version 3", octets, NULL, HM_OK, NULL, is_octets },
	{ "detached", detached, NULL, HM_OK, NULL, is_detached },
	{ "outer type data", wrong_outer, NULL, HM_EFORMAT, "contentType is signedData", NULL },
	{ "no signed attributes", no_attrs, NULL, HM_OK, NULL, has_no_attrs },
	{ "no messageDigest", no_md, NULL, HM_OK, NULL, has_no_md },
	{ "two messageDigests", two_md, NULL, HM_OK, NULL, has_two_md },
	{ "messageDigest of two values", two_md_values, NULL, HM_OK, NULL, has_two_md },
	{ "messageDigest of no value", empty_md, NULL, HM_OK, NULL, has_no_md },
	{ "no contentType", no_type, NULL, HM_OK, NULL, has_no_type },
	{ "attributes out of order", unsorted, NULL, HM_OK, NULL, is_unsorted },
	{ "no signer", NULL, file_without_signers, HM_OK, NULL, has_no_signer },
	{ "nine signers", NULL, file_with_signers, HM_ELIMIT,
	  "certificates, crls or signerInfos", has_eight_signers },
	{ "no certificates", no_bag, NULL, HM_OK, NULL, signer_unknown },
	{ "another serial", other_serial, NULL, HM_OK, NULL, signer_unknown },
	{ "serial with zeros in front", padded_serial, NULL, HM_OK, NULL, signer_known },
	{ "signer by key identifier", by_key_id, NULL, HM_OK, NULL, signer_known },
	{ "signer by key identifier in a Name", by_key_id_rdn, NULL, HM_OK, NULL, signer_known },
	{ "junk among the certificates", junk_in_bag, NULL, HM_OK, NULL, has_junk },
	{ "129 certificates", many_certs, NULL, HM_ELIMIT, "certificates, crls or signerInfos",
	  signer_known },
	{ "countersignature", pkcs9, NULL, HM_OK, NULL, is_pkcs9 },
	{ "token without imprint", broken_token, NULL, HM_OK, NULL, stamp_is_broken },
	{ "token of month 13", token_without_date, NULL, HM_OK, NULL, stamp_is_broken },
	{ "token with UTCTime", token_in_utctime, NULL, HM_OK, NULL, stamp_is_broken },
	{ "1,000 octets in an unsigned attribute", stuffed, NULL, HM_OK, NULL, is_stuffed },
	{ "66 unsigned attributes", many_attrs, NULL, HM_ELIMIT, "attributes", signer_known },
	{ "nested signatures", nested, NULL, HM_OK, NULL, are_nested },
	{ "nested eight deep", deep, NULL, HM_OK, NULL, is_deep },
	{ "program name and statement", opus, NULL, HM_OK, NULL, has_opus },
	{ "digest of 70,000 octets", long_digest, NULL, HM_OK, NULL, has_long_digest },
	{ "content of another kind", other_content, NULL, HM_OK, NULL, has_other_content },
	{ "digest written as sha1WithRSA", sha1_as_signature, NULL, HM_OK, NULL, is_sha1 },
	{ "page hashes", pages, NULL, HM_OK, NULL, has_pages },
	{ "indefinite length", NULL, file_in_ber, HM_OK, NULL, is_ber },
	{ "100 octets behind the message", NULL, file_with_slack, HM_OK, NULL, has_slack },
	{ "an element more in ContentInfo", NULL, file_with_tail, HM_EFORMAT, "ContentInfo",
	  signer_known },
};
/* clang-format on */

int main(void)
{
	struct hm_arena a = open_arena();

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct cms_case *t = &cases[i];
		struct hm_mk_kit k = hm_mk_kit_of(&a);

		if (t->change != NULL)
			t->change(&k);
		struct hm_carrier carrier =
			hm_carrier_of(t->make != NULL ? t->make(&k) : hm_mk_file(&k));
		struct hm_signed got = hm_signed_read(&carrier, &a);
		struct hm_cms none = { .err = HM_EIO };
		const struct hm_cms *cms =
			got.num_signatures != 0 ? &first(&got)->cms : &none;

		check(cms->err == t->err &&
			      (t->why == NULL || strcmp(cms->why, t->why) == 0) &&
			      (t->holds == NULL || t->holds(&got)),
		      "%s: %s, %s", t->name, hm_err_name(cms->err),
		      cms->why != NULL ? cms->why : "-");
	}
	hm_arena_close(&a);
	return check_done();
}
