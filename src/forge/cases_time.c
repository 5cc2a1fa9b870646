/* SPDX-License-Identifier: MIT */
/*
 * cases_time.c: expiry, timestamps of both kinds, and revocation.
 *
 * Spec: RFC 3161, PKCS #9 5.6, "Time Stamping Authenticode Signatures".  The honest
 * stamp is of 2025-03-01, the signer's certificate ends with 2026.
 */
#include "forge/cases.h"

static hm_bytes honest(struct hm_mk_kit *k, int kind)
{
	k->stamp.kind = (enum hm_mk_stamp_kind)kind;
	return hm_mk_file(k);
}

/* The signer's own signingTime: a claim. */
static hm_bytes claims_time(struct hm_mk_kit *k, int year)
{
	k->stamp.kind = HM_MK_NO_STAMP;
	k->signer.more_attrs[2] = hm_mk_attr(k->a, HM_MK_SIGNING_TIME,
					     hm_mk_time(k->a, hm_mk_day(year, 3, 1)));
	return hm_mk_file(k);
}

static hm_bytes bare_hash(struct hm_mk_kit *k, int md)
{
	k->stamp.kind = HM_MK_PKCS9;
	k->stamp.signer.how.scheme = HM_MK_BARE_HASH;
	k->stamp.signer.how.md = (enum hm_mk_md)md;
	return hm_mk_file(k);
}

static hm_bytes pkcs9_as_token(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->stamp.kind = HM_MK_PKCS9;
	k->stamp.content_type = HM_MK_TST_INFO;
	return hm_mk_file(k);
}

static hm_bytes stamp_md(struct hm_mk_kit *k, int md)
{
	k->stamp.signer.how.md = (enum hm_mk_md)md;
	return hm_mk_file(k);
}

static hm_bytes imprint_md(struct hm_mk_kit *k, int md)
{
	k->stamp.imprint_md = (enum hm_mk_md)md;
	return hm_mk_file(k);
}

static hm_bytes imprint_wrong(struct hm_mk_kit *k, int len)
{
	k->stamp.imprint = hm_mk_fill(k->a, 0x21, (size_t)len);
	return hm_mk_file(k);
}

/* The imprint is of the file's digest, not of the signature. */
static hm_bytes imprint_of_file(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->stamp.imprint =
		hm_mk_pe_digest(k->a, &k->pe, HM_MK_SHA256, hm_mk_pe(k->a, &k->pe));
	return hm_mk_file(k);
}

/* A stamp made for another signature. */
static hm_bytes foreign(struct hm_mk_kit *k, int kind)
{
	struct hm_mk_stamp stamp = k->stamp;

	stamp.kind = (enum hm_mk_stamp_kind)kind;
	stamp.cert = hm_mk_cert(k->a, &k->tsa);
	stamp.certs = stamp.cert;
	k->more = hm_mk_stamp(k->a, &stamp, hm_bytes_of("another signature"));
	k->stamp.kind = HM_MK_NO_STAMP;
	if (kind == HM_MK_PKCS9)
		k->bag = hm_mk_cat(k->a, hm_mk_cert(k->a, &k->leaf),
				   hm_mk_cert(k->a, &k->ca), hm_mk_cert(k->a, &k->tsa));
	return hm_mk_file(k);
}

static hm_bytes tsa_untrusted(struct hm_mk_kit *k, int kind)
{
	k->stamp.kind = (enum hm_mk_stamp_kind)kind;
	k->tsa.issuer = hm_mk_name(k->a, "Other Test", "Other Test Root");
	k->tsa.how.key = HM_MK_KEY_OTHER;
	hm_mk_follow_tsa(k);
	return hm_mk_file(k);
}

static hm_bytes tsa_self_signed(struct hm_mk_kit *k, int kind)
{
	k->stamp.kind = (enum hm_mk_stamp_kind)kind;
	hm_mk_issued_by(&k->tsa, &k->tsa);
	hm_mk_follow_tsa(k);
	return hm_mk_file(k);
}

/* The signer stamps himself. */
static hm_bytes self_stamped(struct hm_mk_kit *k, int kind)
{
	k->stamp.kind = (enum hm_mk_stamp_kind)kind;
	k->tsa = k->leaf;
	hm_mk_follow_tsa(k);
	return hm_mk_file(k);
}

static hm_bytes tsa_purpose(struct hm_mk_kit *k, int which)
{
	hm_bytes usage = hm_mk_ext_usage(k->a, 0x80);
	hm_bytes purposes[] = {
		hm_mk_ext_purposes(k->a, true, HM_MK_CODE_SIGNING),
		hm_mk_ext_purposes(k->a, true, HM_MK_SERVER_AUTH),
	};

	k->tsa.extensions = hm_mk_cat(k->a, usage, purposes[which]);
	return hm_mk_file(k);
}

/* As VeriSign's root of 1997 did: a root without any extension stamps itself. */
static hm_bytes tsa_is_root(struct hm_mk_kit *k, int kind)
{
	k->stamp.kind = (enum hm_mk_stamp_kind)kind;
	k->tsa = hm_mk_old_authority(k);
	hm_mk_follow_tsa(k);
	return hm_mk_file(k);
}

static hm_bytes tsa_expired(struct hm_mk_kit *k, int kind)
{
	k->stamp.kind = (enum hm_mk_stamp_kind)kind;
	k->tsa.not_after = hm_mk_day(2024, 6, 1);
	return hm_mk_file(k);
}

static hm_bytes tsa_not_yet(struct hm_mk_kit *k, int kind)
{
	k->stamp.kind = (enum hm_mk_stamp_kind)kind;
	k->tsa.not_before = hm_mk_day(2025, 9, 1);
	return hm_mk_file(k);
}

/* Valid at the stamp, expired since. */
static hm_bytes tsa_expired_since(struct hm_mk_kit *k, int kind)
{
	k->stamp.kind = (enum hm_mk_stamp_kind)kind;
	k->tsa.not_after = hm_mk_day(2025, 6, 1);
	return hm_mk_file(k);
}

static hm_bytes stamped_in(struct hm_mk_kit *k, int year)
{
	k->stamp.time = hm_mk_day(year, 3, 1);
	return hm_mk_file(k);
}

static hm_bytes countersigned_in(struct hm_mk_kit *k, int year)
{
	k->stamp.kind = HM_MK_PKCS9;
	return stamped_in(k, year);
}

static hm_bytes stamp_signature_wrong(struct hm_mk_kit *k, int kind)
{
	k->stamp.kind = (enum hm_mk_stamp_kind)kind;
	k->stamp.signer.signature = hm_mk_fill(k->a, 0x55, 256);
	return hm_mk_file(k);
}

/* Signed by another key than the one its certificate holds. */
static hm_bytes stamp_other_key(struct hm_mk_kit *k, int kind)
{
	k->stamp.kind = (enum hm_mk_stamp_kind)kind;
	k->stamp.signer.how.key = HM_MK_KEY_OTHER;
	return hm_mk_file(k);
}

static hm_bytes stamp_cert_missing(struct hm_mk_kit *k, int kind)
{
	k->stamp.kind = (enum hm_mk_stamp_kind)kind;
	k->stamp.certs = hm_mk_fill(k->a, 0, 0);
	k->bag = hm_mk_cat(k->a, hm_mk_cert(k->a, &k->leaf), hm_mk_cert(k->a, &k->ca));
	return hm_mk_file(k);
}

static hm_bytes stamp_message_md(struct hm_mk_kit *k, int kind)
{
	k->stamp.kind = (enum hm_mk_stamp_kind)kind;
	k->stamp.signer.message_md_attr = hm_mk_attr(
		k->a, HM_MK_MESSAGE_MD, hm_mk_octets(k->a, hm_mk_fill(k->a, 0x22, 32)));
	return hm_mk_file(k);
}

static hm_bytes token_content_type(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->stamp.content_type = HM_MK_DATA;
	return hm_mk_file(k);
}

static hm_bytes token_garbage(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->stamp.tst = hm_mk_octets(k->a, hm_bytes_of("no TSTInfo"));
	return hm_mk_file(k);
}

static hm_bytes attribute_garbage(struct hm_mk_kit *k, int kind)
{
	const char *type = kind == HM_MK_PKCS9 ? HM_MK_COUNTERSIGN : HM_MK_RFC3161;

	k->stamp.kind = HM_MK_NO_STAMP;
	k->more = hm_mk_attr(k->a, type, hm_mk_octets(k->a, hm_bytes_of("no stamp")));
	return hm_mk_file(k);
}

/* genTime in other forms: RFC 3161 2.4.2 wants UTC, fractions allowed. */
static hm_bytes gen_time(struct hm_mk_kit *k, int which)
{
	static const char *const forms[] = { "20250301120000.123Z", "20250301120000+0100",
					     "20251301120000Z", "202503011200Z" };

	k->stamp.time_value = hm_mk_text(k->a, HM_MK_GENTIME, forms[which]);
	return hm_mk_file(k);
}

static hm_bytes signing_time_none(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->stamp.kind = HM_MK_PKCS9;
	k->stamp.time_value = hm_mk_null(k->a);
	return hm_mk_file(k);
}

static hm_bytes accuracy(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->stamp.tst_tail = hm_mk_cat(k->a, hm_mk_seq(k->a, hm_mk_int(k->a, 1)),
				      hm_mk_bool(k->a, true), hm_mk_int(k->a, 0x1234));
	return hm_mk_file(k);
}

/* Two tokens: one good, one of an untrusted authority. */
static hm_bytes two_tokens(struct hm_mk_kit *k, int arg)
{
	struct hm_mk_kit other = *k;

	(void)arg;
	tsa_self_signed(&other, HM_MK_TOKEN);
	struct hm_mk_stamp stamp = other.stamp;
	stamp.time = hm_mk_day(2019, 1, 1);
	stamp.cert = hm_mk_cert(k->a, &other.tsa);
	stamp.certs = stamp.cert;
	hm_bytes digest =
		hm_mk_pe_digest(k->a, &k->pe, k->spc.md, hm_mk_pe(k->a, &k->pe));
	hm_bytes content = hm_mk_without_header(hm_mk_kit_content(k, digest));
	hm_bytes value =
		hm_mk_signer_signature(k->a, &k->signer, k->cms.content_type, content);
	k->more = hm_mk_stamp(k->a, &stamp, value);
	return hm_mk_file(k);
}

/* Only the nested signature is stamped. */
static hm_bytes stamp_in_nested_only(struct hm_mk_kit *k, int arg)
{
	hm_bytes inner = hm_mk_kit_sign(k, hm_mk_pe(k->a, &k->pe));

	(void)arg;
	k->stamp.kind = HM_MK_NO_STAMP;
	k->more = hm_mk_attr(k->a, HM_MK_NESTED, inner);
	return hm_mk_file(k);
}

static hm_bytes lifetime(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->leaf.extensions = hm_mk_cat(k->a, hm_mk_ext_usage(k->a, 0x80),
				       hm_mk_ext_purposes(k->a, false,
							  HM_MK_CODE_SIGNING
							  " " HM_MK_LIFETIME_SIGNING));
	return hm_mk_file(k);
}

static hm_bytes ca_expired(struct hm_mk_kit *k, int stamped)
{
	k->ca.not_after = hm_mk_day(2025, 6, 1);
	k->stamp.kind = stamped ? HM_MK_TOKEN : HM_MK_NO_STAMP;
	return hm_mk_file(k);
}

static hm_bytes revoked_program(struct hm_mk_kit *k, int stamped)
{
	k->stamp.kind = stamped ? HM_MK_TOKEN : HM_MK_NO_STAMP;
	return hm_mk_file(k);
}

/* clang-format off */
const struct hm_mk_maker hm_mk_cases_time[] = {
	{ "time-no-stamp", honest, HM_MK_NO_STAMP },
	{ "time-no-stamp-expired", honest, HM_MK_NO_STAMP },
	{ "time-not-yet-valid", honest, HM_MK_NO_STAMP },
	{ "time-clock-1970", honest, HM_MK_NO_STAMP },
	{ "time-clock-2038", honest, HM_MK_TOKEN },
	{ "time-clock-2100", honest, HM_MK_TOKEN },
	{ "time-last-second", honest, HM_MK_NO_STAMP },
	{ "time-first-second-after", honest, HM_MK_NO_STAMP },
	{ "stamp-token", honest, HM_MK_TOKEN },
	{ "stamp-token-expired-signer", honest, HM_MK_TOKEN },
	{ "stamp-pkcs9", honest, HM_MK_PKCS9 },
	{ "stamp-pkcs9-expired-signer", honest, HM_MK_PKCS9 },
	{ "stamp-pkcs9-bare-sha1", bare_hash, HM_MK_SHA1 },
	{ "stamp-pkcs9-bare-md5", bare_hash, HM_MK_MD5 },
	{ "stamp-pkcs9-content-type-tst", pkcs9_as_token, 0 },
	{ "stamp-token-sha1", stamp_md, HM_MK_SHA1 },
	{ "stamp-token-sha512", stamp_md, HM_MK_SHA512 },
	{ "stamp-imprint-sha1", imprint_md, HM_MK_SHA1 },
	{ "stamp-imprint-sha512", imprint_md, HM_MK_SHA512 },
	{ "stamp-imprint-wrong", imprint_wrong, 32 },
	{ "stamp-imprint-empty", imprint_wrong, 0 },
	{ "stamp-imprint-70000", imprint_wrong, 70000 },
	{ "stamp-imprint-of-file", imprint_of_file, 0 },
	{ "stamp-of-other-signature", foreign, HM_MK_TOKEN },
	{ "stamp-pkcs9-of-other-signature", foreign, HM_MK_PKCS9 },
	{ "stamp-authority-untrusted", tsa_untrusted, HM_MK_TOKEN },
	{ "stamp-pkcs9-authority-untrusted", tsa_untrusted, HM_MK_PKCS9 },
	{ "stamp-authority-self-signed", tsa_self_signed, HM_MK_TOKEN },
	{ "stamp-by-signer-himself", self_stamped, HM_MK_TOKEN },
	{ "stamp-pkcs9-by-signer-himself", self_stamped, HM_MK_PKCS9 },
	{ "stamp-pkcs9-by-root", tsa_is_root, HM_MK_PKCS9 },
	{ "stamp-authority-for-code", tsa_purpose, 0 },
	{ "stamp-authority-for-servers", tsa_purpose, 1 },
	{ "stamp-authority-expired", tsa_expired, HM_MK_TOKEN },
	{ "stamp-pkcs9-authority-expired", tsa_expired, HM_MK_PKCS9 },
	{ "stamp-authority-not-yet-valid", tsa_not_yet, HM_MK_TOKEN },
	{ "stamp-authority-expired-since", tsa_expired_since, HM_MK_TOKEN },
	{ "stamp-pkcs9-authority-expired-since", tsa_expired_since, HM_MK_PKCS9 },
	{ "stamp-before-certificate", stamped_in, 2023 },
	{ "stamp-pkcs9-before-certificate", countersigned_in, 2023 },
	{ "stamp-after-certificate", stamped_in, 2027 },
	{ "stamp-in-future", stamped_in, 2026 },
	{ "stamp-signature-wrong", stamp_signature_wrong, HM_MK_TOKEN },
	{ "stamp-pkcs9-signature-wrong", stamp_signature_wrong, HM_MK_PKCS9 },
	{ "stamp-of-other-key", stamp_other_key, HM_MK_TOKEN },
	{ "stamp-pkcs9-of-other-key", stamp_other_key, HM_MK_PKCS9 },
	{ "stamp-certificate-missing", stamp_cert_missing, HM_MK_TOKEN },
	{ "stamp-pkcs9-certificate-missing", stamp_cert_missing, HM_MK_PKCS9 },
	{ "stamp-message-digest-wrong", stamp_message_md, HM_MK_TOKEN },
	{ "stamp-pkcs9-message-digest-wrong", stamp_message_md, HM_MK_PKCS9 },
	{ "stamp-token-content-data", token_content_type, 0 },
	{ "stamp-token-garbage-inside", token_garbage, 0 },
	{ "stamp-token-garbage", attribute_garbage, HM_MK_TOKEN },
	{ "stamp-pkcs9-garbage", attribute_garbage, HM_MK_PKCS9 },
	{ "stamp-time-fraction", gen_time, 0 },
	{ "stamp-time-month-13", gen_time, 2 },
	{ "stamp-pkcs9-time-null", signing_time_none, 0 },
	{ "stamp-accuracy", accuracy, 0 },
	{ "stamp-two", two_tokens, 0 },
	{ "stamp-in-nested-only", stamp_in_nested_only, 0 },
	{ "claimed-time-back-dated", claims_time, 2025 },
	{ "claimed-time-in-future", claims_time, 2030 },
	{ "lifetime-before-expiry", lifetime, 0 },
	{ "lifetime-after-expiry", lifetime, 0 },
	{ "issuer-expired-stamped", ca_expired, 1 },
	{ "issuer-expired-no-stamp", ca_expired, 0 },
	{ "revoked-before-stamp", revoked_program, 1 },
	{ "revoked-after-stamp", revoked_program, 1 },
	{ "revoked-after-stamp-expired", revoked_program, 1 },
	{ "revoked-no-stamp", revoked_program, 0 },
	{ "revoked-at-stamp-second", revoked_program, 1 },
	{ "revoked-key-compromise-after-stamp", revoked_program, 1 },
	{ "revoked-issuer", revoked_program, 1 },
	{ "revoked-authority-before", revoked_program, 1 },
	{ "revoked-authority-after", revoked_program, 1 },
	{ "revoked-list-forged", revoked_program, 1 },
	{ "revoked-list-of-other-issuer", revoked_program, 1 },
	{ "revoked-list-empty", revoked_program, 1 },
	{ "revoked-on-hold", revoked_program, 1 },
	{ "revoked-list-old", revoked_program, 1 },
	{ "revoked-list-without-end", revoked_program, 1 },
	{ "revoked-serial-padded", revoked_program, 1 },
	{ "revoked-two-lists", revoked_program, 1 },
	{ "revoked-two-lists-other-order", revoked_program, 1 },
	{ "revoked-lifetime-after-stamp", lifetime, 0 },
	{ NULL, NULL, 0 },
};
/* clang-format on */

static hm_bytes root_pem(struct hm_mk_kit *k, int key)
{
	struct hm_mk_cert root = k->root;

	root.key = (enum hm_mk_key)key;
	root.how.key = (enum hm_mk_key)key;
	return hm_mk_pem(k->a, "CERTIFICATE", hm_mk_cert(k->a, &root));
}

static hm_bytes other_root_pem(struct hm_mk_kit *k, int arg)
{
	struct hm_mk_cert root = k->root;

	(void)arg;
	root.subject = hm_mk_name(k->a, "Other Test", "Other Test Root");
	root.key = HM_MK_KEY_OTHER;
	hm_mk_issued_by(&root, &root);
	return hm_mk_pem(k->a, "CERTIFICATE", hm_mk_cert(k->a, &root));
}

enum crl {
	LEAF,
	LEAF_AT,
	LEAF_AFTER,
	LEAF_COMPROMISE,
	CA,
	TSA,
	TSA_AFTER,
	FORGED,
	OTHER,
	EMPTY,
	HOLD,
	OLD,
	ENDLESS,
	PADDED,
};

/* What a list says of itself. */
static void crl_form(int which, struct hm_mk_crl *list)
{
	if (which == OLD)
		list->next_update = hm_mk_day(2025, 7, 1);
	if (which == ENDLESS)
		list->next_update = 0;
	if (which == FORGED)
		list->how.key = HM_MK_KEY_OTHER;
}

/* Lists of June 2025, good until 2040. */
static hm_bytes crl(struct hm_mk_kit *k, int which)
{
	hm_bytes leaf = k->leaf.serial, ca = k->ca.serial, tsa = k->tsa.serial;
	hm_bytes padded = hm_mk_tlv(k->a, HM_MK_INTEGER, hm_mk_lit(0, 0, 0x20, 0x02));
	hm_time before = hm_mk_day(2025, 2, 1), at = k->stamp.time;
	hm_time after = hm_mk_day(2025, 5, 1), long_before = hm_mk_day(2024, 6, 1);
	const struct hm_mk_revoked entries[] = {
		[LEAF] = { leaf, before, 0, 0 },
		[LEAF_AT] = { leaf, at, 0, 0 },
		[LEAF_AFTER] = { leaf, after, 0, 0 },
		[LEAF_COMPROMISE] = { leaf, after, 1, long_before },
		[CA] = { ca, before, 0, 0 },
		[TSA] = { tsa, before, 0, 0 },
		[TSA_AFTER] = { tsa, after, 0, 0 },
		[FORGED] = { leaf, before, 0, 0 },
		[OTHER] = { leaf, before, 0, 0 },
		[EMPTY] = { leaf, before, 0, 0 },
		[HOLD] = { leaf, before, 6, 0 },
		[OLD] = { leaf, before, 0, 0 },
		[ENDLESS] = { leaf, before, 0, 0 },
		[PADDED] = { padded, before, 0, 0 },
	};
	bool by_root =
		which == CA || which == TSA || which == TSA_AFTER || which == OTHER;
	struct hm_mk_crl list = {
		.issuer = by_root ? k->root.subject : k->ca.subject,
		.this_update = hm_mk_day(2025, 6, 1),
		.next_update = hm_mk_day(2040, 1, 1),
		.entries = &entries[which],
		.num_entries = which == EMPTY ? 0 : 1,
		.how = { .key = by_root ? k->root.key : k->ca.key },
	};

	crl_form(which, &list);
	return hm_mk_crl(k->a, &list);
}

/* clang-format off */
const struct hm_mk_maker hm_mk_cases_trust[] = {
	{ "root.pem", root_pem, HM_MK_KEY_ROOT },
	{ "root-p256.pem", root_pem, HM_MK_KEY_P256 },
	{ "other-root.pem", other_root_pem, 0 },
	{ "leaf-before.crl", crl, LEAF },
	{ "leaf-at.crl", crl, LEAF_AT },
	{ "leaf-after.crl", crl, LEAF_AFTER },
	{ "leaf-compromise.crl", crl, LEAF_COMPROMISE },
	{ "issuer.crl", crl, CA },
	{ "authority-before.crl", crl, TSA },
	{ "authority-after.crl", crl, TSA_AFTER },
	{ "forged.crl", crl, FORGED },
	{ "other-issuer.crl", crl, OTHER },
	{ "empty.crl", crl, EMPTY },
	{ "leaf-hold.crl", crl, HOLD },
	{ "leaf-old.crl", crl, OLD },
	{ "leaf-endless.crl", crl, ENDLESS },
	{ "leaf-padded.crl", crl, PADDED },
	{ NULL, NULL, 0 },
};
/* clang-format on */
