/* SPDX-License-Identifier: MIT */
/* Trust stores: what is put into a plan is what its compiled file says. */
#include <setjmp.h>
#include <string.h>

#include "check.h"
#include "forge/kit.h"
#include "verdict/pem.h"
#include "verdict/plan.h"

HM_NORETURN static void spent(void *ctx)
{
	(void)ctx;
	puts("Bail out! out of memory");
	_Exit(1);
}

struct bench {
	struct hm_arena a;
	struct hm_crypto *crypto;
	struct hm_plan_count count;
	const char *why;
};

static hm_bytes a_root(struct hm_arena *a, const char *cn)
{
	struct hm_mk_cert root = {
		.serial = hm_mk_int(a, 1),
		.issuer = hm_mk_name(a, "Test", cn),
		.subject = hm_mk_name(a, "Test", cn),
		.not_before = hm_time_of((struct hm_civil){ 2020, 1, 1, 0, 0, 0, 0 }),
		.not_after = hm_time_of((struct hm_civil){ 2030, 1, 1, 0, 0, 0, 0 }),
		.extensions = hm_mk_ext_ca(a, true, HM_MK_NO_PATHLEN),
	};

	return hm_mk_cert(a, &root);
}

static struct hm_trust compiled(struct bench *b, const struct hm_plan *plan,
				struct hm_buf *out)
{
	struct hm_trust trust = { 0 };

	check(hm_plan_write(plan, out) == HM_OK, "written");
	check(hm_trust_open(hm_buf_bytes(out), &trust) == HM_OK, "opened");
	(void)b;
	return trust;
}

static void user_roots(struct bench *b)
{
	struct hm_plan *plan = hm_plan_new(b->crypto, &b->a);
	hm_bytes one = a_root(&b->a, "One"), two = a_root(&b->a, "Two");
	hm_bytes pem = hm_mk_pem(&b->a, "CERTIFICATE", one);
	struct hm_cert cert = hm_cert_read(one, &b->a);
	struct hm_digest sha256 = hm_cert_sha256(b->crypto, &cert);
	struct hm_buf out = hm_buf_of(1 << 20);
	struct hm_trust trust;
	struct hm_root root;
	size_t walk = 0;

	check(hm_plan_import(plan, pem, HM_IMPORT_USER, &b->count, &b->why) == HM_OK,
	      "a root in PEM");
	check(hm_plan_import(plan, two, HM_IMPORT_USER, &b->count, &b->why) == HM_OK,
	      "a root in DER");
	trust = compiled(b, plan, &out);
	check(hm_trust_num_roots(&trust) == 2, "two roots");
	check(hm_trust_by_sha256(&trust, hm_digest_bytes(&sha256), &root) &&
		      root.kind == HM_ANCHOR_USER && hm_same(root.der, one) &&
		      hm_is(root.name, "One") && root.purposes == HM_PURPOSE_ALL,
	      "found by thumbprint, the user's own, whole");
	check(hm_trust_by_subject(&trust, cert.subject, &walk, &root) &&
		      hm_same(root.der, one),
	      "found by subject");
	check(!hm_trust_by_subject(&trust, cert.subject, &walk, &root), "and no other");
	check(trust.list_date == HM_NO_TIME, "no list");
	hm_buf_done(&out);
}

static void unlisted(struct bench *b)
{
	struct hm_plan *plan = hm_plan_new(b->crypto, &b->a);
	struct hm_plan_count count = { 0 };
	hm_bytes one = a_root(&b->a, "One");

	check(hm_plan_import(plan, one, HM_IMPORT_LISTED, &count, &b->why) == HM_OK &&
		      count.roots == 0 && count.others == 1,
	      "a root that no list names is not admitted");
	check(hm_plan_import(plan, hm_bytes_of("MZ no list"), HM_IMPORT_LISTED, &count,
			     &b->why) == HM_EFORMAT &&
		      b->why[0],
	      "what is none of these is refused: %s", b->why);
}

static void distrust(struct bench *b)
{
	struct hm_plan *plan = hm_plan_new(b->crypto, &b->a);
	hm_bytes one = a_root(&b->a, "One");
	struct hm_cert cert = hm_cert_read(one, &b->a);
	struct hm_digest sha256 = hm_cert_sha256(b->crypto, &cert);
	struct hm_buf out = hm_buf_of(1 << 20);
	struct hm_trust trust;
	uint32_t by = 0;

	check(hm_plan_import(plan, one, HM_IMPORT_DISTRUST, &b->count, &b->why) == HM_OK,
	      "distrust a certificate");
	hm_plan_distrust(plan, hm_bytes_of("0123456789abcdef"));
	hm_plan_distrust(plan, hm_bytes_of("0123456789abcdef0123"));
	trust = compiled(b, plan, &out);
	check(hm_trust_distrusts(&trust, hm_digest_bytes(&sha256), &by) &&
		      by == HM_BY_USER,
	      "by its SHA-256, the user's own");
	check(hm_trust_distrusts(&trust, hm_bytes_of("0123456789abcdef"), &by),
	      "by an MD5");
	check(!hm_trust_distrusts(&trust, hm_bytes_of("0123456789abcdeg"), &by),
	      "another is not");
	check(!hm_trust_distrusts(&trust, hm_bytes_of("0123456789abcdef012"), &by),
	      "nor is a beginning of one");
	hm_buf_done(&out);
}

static hm_bytes empty_crl(struct hm_arena *a)
{
	struct hm_mk_crl list = { .issuer = hm_mk_name(a, "Test", "One"),
				  .this_update = hm_mk_day(2024, 5, 1) };

	return hm_mk_crl(a, &list);
}

/* What the user said is taken back, and nothing else. */
static void removal(struct bench *b)
{
	struct hm_plan *plan = hm_plan_new(b->crypto, &b->a);
	struct hm_plan_count count = { 0 };
	hm_bytes one = a_root(&b->a, "One"), two = a_root(&b->a, "Two");
	hm_bytes three = a_root(&b->a, "Three");
	struct hm_cert cert = hm_cert_read(one, &b->a);
	struct hm_digest sha1 = hm_cert_sha1(b->crypto, &cert);
	struct hm_buf out = hm_buf_of(1 << 20);
	struct hm_trust trust;
	uint32_t by;

	if (hm_plan_import(plan, one, HM_IMPORT_USER, &count, &b->why) != HM_OK ||
	    hm_plan_import(plan, two, HM_IMPORT_UEFI, &count, &b->why) != HM_OK ||
	    hm_plan_import(plan, two, HM_IMPORT_DISTRUST, &count, &b->why) != HM_OK)
		return;
	hm_plan_distrust(plan, hm_bytes_of("0123456789abcdef"));
	trust = compiled(b, plan, &out);
	plan = hm_plan_new(b->crypto, &b->a);
	hm_plan_merge(plan, &trust);
	check(hm_plan_remove(plan, hm_digest_bytes(&sha1)) &&
		      !hm_plan_remove(plan, hm_digest_bytes(&sha1)),
	      "the user's own root is removed by its SHA-1, once");
	check(hm_plan_import(plan, two, HM_IMPORT_REMOVE, &count, &b->why) == HM_OK &&
		      count.removed == 1,
	      "the firmware's and the distrusted one by its file");
	check(hm_plan_import(plan, three, HM_IMPORT_REMOVE, &count, &b->why) == HM_OK &&
		      count.removed == 1,
	      "of a stranger there is nothing to remove");
	check(hm_plan_import(plan, empty_crl(&b->a), HM_IMPORT_REMOVE, &count, &b->why) ==
		      HM_EFORMAT,
	      "a revocation list is nothing to take back: %s", b->why);
	out.len = 0;
	trust = compiled(b, plan, &out);
	check(hm_trust_num_crls(&trust) == 0 && hm_trust_num_roots(&trust) == 0 &&
		      hm_trust_num_distrusted(&trust) == 1 &&
		      hm_trust_distrusts(&trust, hm_bytes_of("0123456789abcdef"), &by),
	      "what was not named stays");
	hm_buf_done(&out);
}

static void crls(struct bench *b)
{
	struct hm_plan *plan = hm_plan_new(b->crypto, &b->a);
	hm_time then = hm_time_of((struct hm_civil){ 2024, 5, 1, 0, 0, 0, 0 });
	struct hm_mk_revoked entries[] = {
		{ .serial = hm_mk_int(&b->a, 900), .date = then, .reason = 1 },
		{ .serial = hm_mk_int(&b->a, 7), .date = then + HM_TICKS_DAY },
	};
	struct hm_mk_crl list = {
		.issuer = hm_mk_name(&b->a, "Test", "One"),
		.this_update = then,
		.next_update = then + 30 * HM_TICKS_DAY,
		.entries = entries,
		.num_entries = 2,
	};
	struct hm_buf out = hm_buf_of(1 << 20), again = hm_buf_of(1 << 20);
	struct hm_trust trust;
	struct hm_crl_row crl;
	struct hm_revoked_row found;
	size_t walk = 0;

	check(hm_plan_import(plan, hm_mk_crl(&b->a, &list), HM_IMPORT_LISTED, &b->count,
			     &b->why) == HM_OK,
	      "a revocation list");
	trust = compiled(b, plan, &out);
	check(hm_trust_crl_by_issuer(&trust, list.issuer, &walk, &crl) && crl.num == 2,
	      "found by issuer");
	check(hm_trust_revoked(&trust, &crl, hm_bytes_of("\x07"), &found) &&
		      found.date == then + HM_TICKS_DAY,
	      "an entry and its date");
	check(hm_trust_revoked(&trust, &crl, hm_bytes_of("\x03\x84"), &found) &&
		      found.reason == 1,
	      "another and its reason");
	check(!hm_trust_revoked(&trust, &crl, hm_bytes_of("\x08"), &found), "none for 8");
	plan = hm_plan_new(b->crypto, &b->a);
	hm_plan_merge(plan, &trust);
	check(hm_plan_write(plan, &again) == HM_OK && again.len == out.len &&
		      memcmp(again.at, out.at, out.len) == 0,
	      "a store merged into an empty plan is the same store");
	hm_buf_done(&out);
	hm_buf_done(&again);
}

/* Whatever a damaged store says, reading it stays inside it (ASan is the judge). */
static void damaged(struct bench *b)
{
	struct hm_plan *plan = hm_plan_new(b->crypto, &b->a);
	hm_bytes one = a_root(&b->a, "One");
	struct hm_cert cert = hm_cert_read(one, &b->a);
	struct hm_buf out = hm_buf_of(1 << 20);
	size_t opened = 0;

	if (hm_plan_import(plan, one, HM_IMPORT_USER, &b->count, &b->why) != HM_OK ||
	    hm_plan_write(plan, &out) != HM_OK)
		return;
	for (size_t i = 0; i < out.len; i++) {
		struct hm_trust trust;
		struct hm_root root;
		size_t walk = 0;
		uint8_t was = out.at[i];

		out.at[i] = 0xff;
		if (hm_trust_open(hm_buf_bytes(&out), &trust) == HM_OK) {
			opened++;
			(void)hm_trust_by_subject(&trust, cert.subject, &walk, &root);
			(void)hm_trust_by_sha256(&trust, root.sha256, &root);
		}
		out.at[i] = was;
	}
	check(opened > 0 && opened < out.len, "some damage is seen at once");
	for (size_t len = 0; len < out.len; len++) {
		struct hm_trust trust;

		if (hm_trust_open((hm_bytes){ out.at, len }, &trust) == HM_OK)
			check(false, "a beginning of a store was opened");
	}
	hm_buf_done(&out);
}

static void pem(struct bench *b)
{
	hm_bytes text = hm_bytes_of(
		"words\r\n-----BEGIN A-----\r\nAAEC\r\nAw==\r\n-----END A-----\r\n"
		"-----BEGIN B-----\nnot base64!\n-----END B-----\n");
	struct hm_cur c = hm_cur_of(text);
	struct hm_pem block;

	check(hm_pem_is(text), "there is a block");
	check(hm_pem_next(&c, &b->a, &block) && hm_is(block.label, "A") &&
		      block.der.len == 4 && block.der.at[3] == 3,
	      "a block is decoded");
	check(!hm_pem_next(&c, &b->a, &block) && c.err == HM_EFORMAT,
	      "a broken one fails");
	c = hm_cur_of(hm_bytes_of("-----BEGIN A-----\nAAEC\n"));
	check(!hm_pem_next(&c, &b->a, &block) && c.err == HM_EFORMAT,
	      "and so does one without an end");
}

int main(void)
{
	struct bench b = { 0 };

	if (hm_arena_open(64 << 20, spent, NULL, &b.a) != HM_OK ||
	    hm_crypto_open(&b.crypto) != HM_OK)
		return 1;
	user_roots(&b);
	unlisted(&b);
	distrust(&b);
	removal(&b);
	crls(&b);
	damaged(&b);
	pem(&b);
	hm_crypto_close(b.crypto);
	hm_arena_close(&b.a);
	return check_done();
}
