/* SPDX-License-Identifier: MIT */
/*
 * cases_cms.c: the message: SignedData, SignerInfo, attributes, nesting.
 *
 * Spec: RFC 2315, RFC 5652; Windows Authenticode Portable Executable Signature
 * Format for SpcIndirectData.
 */
#include "forge/cases.h"

/* A digest of another length: as much of the right one as fits, then zeros. */
static hm_bytes digest_length(struct hm_mk_kit *k, int len)
{
	hm_bytes right = hm_mk_pe_digest(k->a, &k->pe, k->spc.md, hm_mk_pe(k->a, &k->pe));
	size_t keep = (size_t)len < right.len ? (size_t)len : right.len;

	k->spc.digest = hm_mk_cat(k->a, hm_mk_part(right, 0, keep),
				  hm_mk_fill(k->a, 0, (size_t)len - keep));
	return hm_mk_file(k);
}

static hm_bytes digest_zero(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->spc.digest = hm_mk_fill(k->a, 0, 32);
	return hm_mk_file(k);
}

/* Algorithms that disagree: in SignedData, in SpcIndirectData, in SignerInfo. */
static hm_bytes outer_md(struct hm_mk_kit *k, int md)
{
	k->cms.md_algs = hm_mk_md_alg(k->a, (enum hm_mk_md)md);
	return hm_mk_file(k);
}

static hm_bytes outer_md_none(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->cms.md_algs = hm_mk_fill(k->a, 0, 0);
	return hm_mk_file(k);
}

static hm_bytes file_md(struct hm_mk_kit *k, int md)
{
	k->spc.md = (enum hm_mk_md)md;
	return hm_mk_file(k);
}

/* The digest of one algorithm under the name of another. */
static hm_bytes file_md_misnamed(struct hm_mk_kit *k, int md)
{
	k->spc.md_alg = hm_mk_md_alg(k->a, (enum hm_mk_md)md);
	return hm_mk_file(k);
}

static hm_bytes signer_md_misnamed(struct hm_mk_kit *k, int md)
{
	k->signer.md_alg = hm_mk_md_alg(k->a, (enum hm_mk_md)md);
	return hm_mk_file(k);
}

/* sha256WithRSAEncryption where a digest algorithm belongs. */
static hm_bytes odd_md_oid(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	hm_bytes alg = hm_mk_sig_alg(k->a, k->signer.how);
	k->spc.md_alg = alg;
	k->signer.md_alg = alg;
	k->cms.md_algs = alg;
	return hm_mk_file(k);
}

static hm_bytes unknown_md(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	hm_bytes gost =
		hm_mk_seq(k->a, hm_mk_oid(k->a, "1.2.643.7.1.1.2.2"), hm_mk_null(k->a));
	k->spc.md_alg = gost;
	k->signer.md_alg = gost;
	k->cms.md_algs = gost;
	return hm_mk_file(k);
}

static hm_bytes md_without_null(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	hm_bytes alg = hm_mk_seq(k->a, hm_mk_oid(k->a, hm_mk_md_oid(HM_MK_SHA256)));
	k->spc.md_alg = alg;
	k->signer.md_alg = alg;
	k->cms.md_algs = alg;
	return hm_mk_file(k);
}

/* messageDigest in wrong shapes.  values is the content of its SET. */
static hm_bytes with_message_md(struct hm_mk_kit *k, hm_bytes values)
{
	k->signer.message_md_attr = hm_mk_attr(k->a, HM_MK_MESSAGE_MD, values);
	return hm_mk_file(k);
}

static hm_bytes right_message_md(struct hm_mk_kit *k)
{
	hm_bytes digest =
		hm_mk_pe_digest(k->a, &k->pe, k->spc.md, hm_mk_pe(k->a, &k->pe));
	hm_bytes content = hm_mk_without_header(hm_mk_kit_content(k, digest));

	return hm_mk_octets(k->a, hm_mk_digest(k->a, k->signer.how.md, content));
}

static hm_bytes no_message_md(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->signer.message_md_attr = hm_mk_fill(k->a, 0, 0);
	return hm_mk_file(k);
}

static hm_bytes empty_message_md(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	return with_message_md(k, hm_mk_fill(k->a, 0, 0));
}

static hm_bytes wrong_message_md(struct hm_mk_kit *k, int len)
{
	return with_message_md(k, hm_mk_octets(k->a, hm_mk_fill(k->a, 0, (size_t)len)));
}

static hm_bytes short_message_md(struct hm_mk_kit *k, int len)
{
	hm_bytes right = hm_mk_without_header(right_message_md(k));

	return with_message_md(k, hm_mk_octets(k->a, hm_mk_part(right, 0, (size_t)len)));
}

static hm_bytes two_message_mds(struct hm_mk_kit *k, int wrong_first)
{
	hm_bytes right = right_message_md(k);
	hm_bytes wrong = hm_mk_octets(k->a, hm_mk_fill(k->a, 0, 32));

	if (wrong_first)
		return with_message_md(k, hm_mk_cat(k->a, wrong, right));
	return with_message_md(k, hm_mk_cat(k->a, right, wrong));
}

static hm_bytes message_md_twice(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->signer.more_attrs[2] = hm_mk_attr(k->a, HM_MK_MESSAGE_MD,
					     hm_mk_octets(k->a, hm_mk_fill(k->a, 0, 32)));
	return hm_mk_file(k);
}

/* The digest of the content with its tag and length, not of its value alone. */
static hm_bytes message_md_over_header(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	hm_bytes digest =
		hm_mk_pe_digest(k->a, &k->pe, k->spc.md, hm_mk_pe(k->a, &k->pe));
	hm_bytes content = hm_mk_kit_content(k, digest);

	return with_message_md(
		k, hm_mk_octets(k->a, hm_mk_digest(k->a, HM_MK_SHA256, content)));
}

static hm_bytes no_content_type(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->signer.content_type_attr = hm_mk_fill(k->a, 0, 0);
	return hm_mk_file(k);
}

static hm_bytes wrong_content_type(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->signer.content_type = HM_MK_DATA;
	return hm_mk_file(k);
}

static hm_bytes content_not_spc(struct hm_mk_kit *k, int ctl)
{
	k->cms.content_type = ctl ? HM_MK_CTL : HM_MK_DATA;
	return hm_mk_file(k);
}

static hm_bytes content_tst(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->cms.content_type = HM_MK_TST_INFO;
	return hm_mk_file(k);
}

static hm_bytes no_attrs(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->signer.no_attrs = true;
	return hm_mk_file(k);
}

/* Signed as [0], the tag they are written with, and not as SET. */
static hm_bytes attrs_signed_implicit(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	struct hm_mk_signer s = k->signer;
	hm_bytes digest =
		hm_mk_pe_digest(k->a, &k->pe, k->spc.md, hm_mk_pe(k->a, &k->pe));
	hm_bytes content = hm_mk_kit_content(k, digest);
	hm_bytes type =
		hm_mk_attr(k->a, HM_MK_CONTENT_TYPE, hm_mk_oid(k->a, HM_MK_SPC_INDIRECT));
	hm_bytes md = hm_mk_attr(k->a, HM_MK_MESSAGE_MD, right_message_md(k));
	hm_bytes set = hm_mk_set(k->a, type, md, s.more_attrs[0], s.more_attrs[1]);

	s.attrs_order = hm_mk_without_header(set);
	s.signed_over = hm_mk_tlv(k->a, 0xa0, s.attrs_order);
	k->signer = s;
	return hm_mk_kit_attach(k, hm_mk_pe(k->a, &k->pe),
				hm_mk_kit_cms(k, content, hm_mk_kit_signer(k, content)));
}

/* Signed content itself although attributes are there. */
static hm_bytes attrs_not_signed(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	hm_bytes digest =
		hm_mk_pe_digest(k->a, &k->pe, k->spc.md, hm_mk_pe(k->a, &k->pe));

	k->signer.signed_over = hm_mk_without_header(hm_mk_kit_content(k, digest));
	return hm_mk_file(k);
}

static hm_bytes no_signers(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->cms.signers = hm_mk_fill(k->a, 0, 0);
	return hm_mk_file(k);
}

/* Several SignerInfos; bad: which of them has a broken signature, -1 none. */
static hm_bytes two_signers(struct hm_mk_kit *k, int bad)
{
	hm_bytes image = hm_mk_pe(k->a, &k->pe);
	hm_bytes content =
		hm_mk_kit_content(k, hm_mk_pe_digest(k->a, &k->pe, k->spc.md, image));
	hm_bytes good = hm_mk_kit_signer(k, content);
	struct hm_mk_kit other = *k;
	other.signer.signature = hm_mk_fill(k->a, 0x42, 256);
	hm_bytes spoiled = hm_mk_kit_signer(&other, content);
	hm_bytes first = bad == 0 ? spoiled : good, second = bad == 1 ? spoiled : good;

	return hm_mk_kit_attach(
		k, image, hm_mk_kit_cms(k, content, hm_mk_cat(k->a, first, second)));
}

static hm_bytes many_signers(struct hm_mk_kit *k, int count)
{
	hm_bytes image = hm_mk_pe(k->a, &k->pe);
	k->stamp.kind = HM_MK_NO_STAMP;
	hm_bytes content =
		hm_mk_kit_content(k, hm_mk_pe_digest(k->a, &k->pe, k->spc.md, image));
	hm_bytes one = hm_mk_kit_signer(k, content);
	hm_bytes *all = hm_new_n(k->a, hm_bytes, (size_t)count);

	for (int i = 0; i < count; i++)
		all[i] = one;
	return hm_mk_kit_attach(
		k, image,
		hm_mk_kit_cms(k, content, hm_mk_join(k->a, all, (size_t)count)));
}

static hm_bytes no_bag(struct hm_mk_kit *k, int empty)
{
	if (empty)
		k->bag = hm_mk_fill(k->a, 0, 0);
	else
		k->bag = hm_mk_cert(k->a, &k->ca);
	return hm_mk_file(k);
}

static hm_bytes other_serial(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->signer.serial = hm_mk_int(k->a, 0x9999);
	return hm_mk_file(k);
}

static hm_bytes other_issuer(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->signer.issuer = hm_mk_name(k->a, "Hallmark Test", "Someone Else");
	return hm_mk_file(k);
}

static hm_bytes negative_serial(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->leaf.serial = hm_mk_tlv(k->a, HM_MK_INTEGER, hm_mk_lit(0xff, 0x12, 0x34));
	hm_mk_follow_leaf(k);
	return hm_mk_file(k);
}

static hm_bytes long_serial(struct hm_mk_kit *k, int len)
{
	k->leaf.serial = hm_mk_int_of(k->a, hm_mk_fill(k->a, 0x77, (size_t)len));
	hm_mk_follow_leaf(k);
	return hm_mk_file(k);
}

static hm_bytes shuffled_bag(struct hm_mk_kit *k, int order)
{
	hm_bytes leaf = hm_mk_cert(k->a, &k->leaf), ca = hm_mk_cert(k->a, &k->ca);
	hm_bytes root = hm_mk_cert(k->a, &k->root);

	if (order == 0)
		k->bag = hm_mk_cat(k->a, ca, leaf);
	else if (order == 1)
		k->bag = hm_mk_cat(k->a, root, ca, leaf);
	else
		k->bag = hm_mk_cat(k->a, leaf, leaf, ca, ca, leaf);
	return hm_mk_file(k);
}

/* A stranger's certificate, of another shape and with a useless key. */
static hm_bytes stranger(struct hm_mk_kit *k, int number)
{
	struct hm_mk_cert c = k->leaf;

	c.subject = hm_mk_name(k->a, "Stranger", hm_format(k->a, "Stranger %d", number));
	c.serial = hm_mk_int(k->a, 0x10000 + (uint64_t)number);
	c.signature = hm_mk_fill(k->a, 0x5a, 256);
	return hm_mk_cert(k->a, &c);
}

static hm_bytes many_strangers(struct hm_mk_kit *k, int count)
{
	hm_bytes *all = hm_new_n(k->a, hm_bytes, (size_t)count + 2);

	for (int i = 0; i < count; i++)
		all[i] = stranger(k, i);
	all[count] = hm_mk_cert(k->a, &k->leaf);
	all[count + 1] = hm_mk_cert(k->a, &k->ca);
	k->bag = hm_mk_join(k->a, all, (size_t)count + 2);
	return hm_mk_file(k);
}

/* What is no certificate lies in the bag: [1] an attribute certificate, or garbage. */
static hm_bytes odd_in_bag(struct hm_mk_kit *k, int tag)
{
	hm_bytes odd = hm_mk_tlv(k->a, (unsigned)tag, hm_mk_int(k->a, 1));

	k->bag = hm_mk_cat(k->a, hm_mk_cert(k->a, &k->leaf), hm_mk_cert(k->a, &k->ca),
			   odd);
	return hm_mk_file(k);
}

static hm_bytes crl_in_bag(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	const struct hm_mk_crl crl = { .issuer = k->ca.subject,
				       .this_update = hm_mk_day(2025, 1, 1),
				       .next_update = hm_mk_day(2030, 1, 1),
				       .how = { .key = k->ca.key } };

	k->cms.crls = hm_mk_crl(k->a, &crl);
	return hm_mk_file(k);
}

static hm_bytes detached(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->cms.encap = hm_mk_seq(k->a, hm_mk_oid(k->a, HM_MK_SPC_INDIRECT));
	return hm_mk_file(k);
}

/* eContent as CMS wants it: in an OCTET STRING, SignedData of version 3. */
static hm_bytes content_in_octets(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	hm_bytes digest =
		hm_mk_pe_digest(k->a, &k->pe, k->spc.md, hm_mk_pe(k->a, &k->pe));
	hm_bytes content = hm_mk_kit_content(k, digest);

	k->cms.version = hm_mk_int(k->a, 3);
	k->content_in_octets = true;
	/* The digest speaks for the OCTET STRING's value: the whole structure. */
	k->signer.message_md_attr =
		hm_mk_attr(k->a, HM_MK_MESSAGE_MD,
			   hm_mk_octets(k->a, hm_mk_digest(k->a, HM_MK_SHA256, content)));
	return hm_mk_file(k);
}

static hm_bytes content_followed(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	hm_bytes digest =
		hm_mk_pe_digest(k->a, &k->pe, k->spc.md, hm_mk_pe(k->a, &k->pe));

	k->cms.content = hm_mk_cat(k->a, hm_mk_kit_content(k, digest), hm_mk_null(k->a));
	return hm_mk_file(k);
}

static hm_bytes outer_oid(struct hm_mk_kit *k, int last)
{
	k->cms.outer_oid = hm_format(k->a, "1.2.840.113549.1.7.%d", last);
	return hm_mk_file(k);
}

static hm_bytes cms_version(struct hm_mk_kit *k, int version)
{
	k->cms.version = hm_mk_int(k->a, (uint64_t)version);
	return hm_mk_file(k);
}

static hm_bytes signer_version_0(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->signer.version = hm_mk_int(k->a, 0);
	return hm_mk_file(k);
}

/* Nested signatures: a whole message in an unsigned attribute of another. */
static hm_bytes nested_in(struct hm_mk_kit *outer, hm_bytes inner)
{
	outer->more = hm_mk_attr(outer->a, HM_MK_NESTED, inner);
	return hm_mk_kit_sign(outer, hm_mk_pe(outer->a, &outer->pe));
}

static hm_bytes sign_plain(struct hm_mk_kit *k)
{
	return hm_mk_kit_sign(k, hm_mk_pe(k->a, &k->pe));
}

static hm_bytes attach_plain(struct hm_mk_kit *k, hm_bytes cms)
{
	return hm_mk_kit_attach(k, hm_mk_pe(k->a, &k->pe), cms);
}

/* A second signature: SHA-1, or spoiled. */
static struct hm_mk_kit second_of(struct hm_mk_kit *k, bool spoiled)
{
	struct hm_mk_kit second = *k;

	second.spc.md = HM_MK_SHA1;
	second.signer.how.md = HM_MK_SHA1;
	second.stamp.kind = HM_MK_NO_STAMP;
	if (spoiled)
		second.spc.digest = hm_mk_fill(k->a, 0x11, 20);
	return second;
}

static hm_bytes nested_good(struct hm_mk_kit *k, int spoiled)
{
	struct hm_mk_kit inner = second_of(k, spoiled != 0);

	return attach_plain(k, nested_in(k, sign_plain(&inner)));
}

static hm_bytes nested_rescue(struct hm_mk_kit *k, int arg)
{
	struct hm_mk_kit outer = second_of(k, true);

	(void)arg;
	return attach_plain(k, nested_in(&outer, sign_plain(k)));
}

static hm_bytes nested_deep(struct hm_mk_kit *k, int depth)
{
	k->stamp.kind = HM_MK_NO_STAMP;
	hm_bytes cms = sign_plain(k);

	for (int i = 0; i < depth; i++)
		cms = nested_in(k, cms);
	return attach_plain(k, cms);
}

static hm_bytes nested_two_values(struct hm_mk_kit *k, int arg)
{
	struct hm_mk_kit first = second_of(k, false), second = second_of(k, true);

	(void)arg;
	return attach_plain(k, nested_in(k, hm_mk_cat(k->a, sign_plain(&first),
						      sign_plain(&second))));
}

static hm_bytes nested_garbage(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	return attach_plain(k,
			    nested_in(k, hm_mk_octets(k->a, hm_bytes_of("no message"))));
}

/* Unsigned attributes hold what nobody signed. */
static hm_bytes unauthenticated(struct hm_mk_kit *k, int len)
{
	k->more = hm_mk_attr(k->a, "1.3.6.1.4.1.42921.1.2.1",
			     hm_mk_octets(k->a, hm_mk_fill(k->a, 'u', (size_t)len)));
	return hm_mk_file(k);
}

static hm_bytes unauthenticated_many(struct hm_mk_kit *k, int count)
{
	hm_bytes *all = hm_new_n(k->a, hm_bytes, (size_t)count);

	for (int i = 0; i < count; i++)
		all[i] = hm_mk_attr(k->a, hm_format(k->a, "1.3.6.1.4.1.99999.2.%d", i),
				    hm_mk_int(k->a, 1));
	k->more = hm_mk_join(k->a, all, (size_t)count);
	return hm_mk_file(k);
}

static hm_bytes opus(struct hm_mk_kit *k, int which)
{
	static const char *const names[] = { "=cmd|' /C calc'!A0",
					     "\033[2J\033]0;owned\007",
					     "<img src=x onerror=alert(1)>", "" };

	k->signer.more_attrs[0] = hm_mk_opus(k->a, names[which], NULL);
	return hm_mk_file(k);
}

static hm_bytes opus_url(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->signer.more_attrs[0] = hm_mk_opus(k->a, NULL, "file://evil.example/share");
	return hm_mk_file(k);
}

static hm_bytes opus_long(struct hm_mk_kit *k, int len)
{
	char *name = hm_cstr(k->a, hm_mk_fill(k->a, 'n', (size_t)len));

	k->signer.more_attrs[0] = hm_mk_opus(k->a, name, NULL);
	return hm_mk_file(k);
}

static hm_bytes opus_broken(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->signer.more_attrs[0] = hm_mk_attr(k->a, "1.3.6.1.4.1.311.2.1.12",
					     hm_mk_octets(k->a, hm_bytes_of("broken")));
	return hm_mk_file(k);
}

static hm_bytes commercial(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->signer.more_attrs[1] = hm_mk_statement(k->a, true);
	return hm_mk_file(k);
}

/* Data of another format's kind (SPC_CAB_DATA) in a program. */
static hm_bytes cab_data(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->spc.data_oid = "1.3.6.1.4.1.311.2.1.25";
	return hm_mk_file(k);
}

static hm_bytes spc_broken(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	hm_bytes content = hm_mk_seq(k->a, hm_mk_int(k->a, 1));

	return attach_plain(k, hm_mk_kit_cms(k, content, hm_mk_kit_signer(k, content)));
}

/* clang-format off */
const struct hm_mk_maker hm_mk_cases_cms[] = {
	{ "digest-length-0", digest_length, 0 },
	{ "digest-length-1", digest_length, 1 },
	{ "digest-length-31", digest_length, 31 },
	{ "digest-length-33", digest_length, 33 },
	{ "digest-length-64", digest_length, 64 },
	{ "digest-length-65", digest_length, 65 },
	{ "digest-length-70000", digest_length, 70000 },
	{ "digest-zero", digest_zero, 0 },
	{ "digest-outer-sha1", outer_md, HM_MK_SHA1 },
	{ "digest-outer-none", outer_md_none, 0 },
	{ "digest-file-sha1", file_md, HM_MK_SHA1 },
	{ "digest-file-misnamed", file_md_misnamed, HM_MK_SHA1 },
	{ "digest-signer-misnamed", signer_md_misnamed, HM_MK_SHA1 },
	{ "digest-oid-odd", odd_md_oid, 0 },
	{ "digest-unknown", unknown_md, 0 },
	{ "digest-without-null", md_without_null, 0 },
	{ "message-digest-missing", no_message_md, 0 },
	{ "message-digest-empty-set", empty_message_md, 0 },
	{ "message-digest-wrong", wrong_message_md, 32 },
	{ "message-digest-length-0", short_message_md, 0 },
	{ "message-digest-length-1", short_message_md, 1 },
	{ "message-digest-length-31", short_message_md, 31 },
	{ "message-digest-length-64", wrong_message_md, 64 },
	{ "message-digest-two-values", two_message_mds, 0 },
	{ "message-digest-two-values-wrong-first", two_message_mds, 1 },
	{ "message-digest-twice", message_md_twice, 0 },
	{ "message-digest-over-header", message_md_over_header, 0 },
	{ "content-type-missing", no_content_type, 0 },
	{ "content-type-wrong", wrong_content_type, 0 },
	{ "content-data", content_not_spc, 0 },
	{ "content-trust-list", content_not_spc, 1 },
	{ "content-timestamp", content_tst, 0 },
	{ "attributes-none", no_attrs, 0 },
	{ "attributes-signed-as-context-0", attrs_signed_implicit, 0 },
	{ "attributes-not-signed", attrs_not_signed, 0 },
	{ "signers-none", no_signers, 0 },
	{ "signers-two", two_signers, -1 },
	{ "signers-bad-first", two_signers, 0 },
	{ "signers-bad-second", two_signers, 1 },
	{ "signers-1000", many_signers, 1000 },
	{ "bag-without-signer", no_bag, 0 },
	{ "bag-empty", no_bag, 1 },
	{ "signer-other-serial", other_serial, 0 },
	{ "signer-other-issuer", other_issuer, 0 },
	{ "signer-negative-serial", negative_serial, 0 },
	{ "signer-serial-20", long_serial, 20 },
	{ "signer-serial-2000", long_serial, 2000 },
	{ "bag-reversed", shuffled_bag, 0 },
	{ "bag-with-root", shuffled_bag, 1 },
	{ "bag-duplicates", shuffled_bag, 2 },
	{ "bag-strangers-20", many_strangers, 20 },
	{ "bag-strangers-5000", many_strangers, 5000 },
	{ "bag-attribute-certificate", odd_in_bag, 0xa1 },
	{ "bag-other-format", odd_in_bag, 0xa3 },
	{ "bag-broken-certificate", odd_in_bag, 0x30 },
	{ "bag-crl", crl_in_bag, 0 },
	{ "content-detached", detached, 0 },
	{ "content-in-octet-string", content_in_octets, 0 },
	{ "content-followed", content_followed, 0 },
	{ "outer-type-data", outer_oid, 1 },
	{ "outer-type-enveloped", outer_oid, 3 },
	{ "outer-type-digested", outer_oid, 5 },
	{ "cms-version-3", cms_version, 3 },
	{ "signer-version-0", signer_version_0, 0 },
	{ "nested-good", nested_good, 0 },
	{ "nested-bad", nested_good, 1 },
	{ "nested-cannot-rescue", nested_rescue, 0 },
	{ "nested-depth-2", nested_deep, 2 },
	{ "nested-depth-8", nested_deep, 8 },
	{ "nested-depth-64", nested_deep, 64 },
	{ "nested-two-values", nested_two_values, 0 },
	{ "nested-garbage", nested_garbage, 0 },
	{ "unauthenticated-1", unauthenticated, 1 },
	{ "unauthenticated-64-kib", unauthenticated, 1 << 16 },
	{ "unauthenticated-1-mib", unauthenticated, 1 << 20 },
	{ "unauthenticated-100-attributes", unauthenticated_many, 100 },
	{ "opus-formula", opus, 0 },
	{ "opus-escape", opus, 1 },
	{ "opus-markup", opus, 2 },
	{ "opus-empty", opus, 3 },
	{ "opus-file-url", opus_url, 0 },
	{ "opus-1-mib", opus_long, 1 << 19 },
	{ "opus-broken", opus_broken, 0 },
	{ "statement-commercial", commercial, 0 },
	{ "content-of-cabinet", cab_data, 0 },
	{ "content-broken", spc_broken, 0 },
	{ NULL, NULL, 0 },
};
/* clang-format on */
