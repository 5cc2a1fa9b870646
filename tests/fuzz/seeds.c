/* SPDX-License-Identifier: MIT */
/*
 * seeds FOLDER NAME: honest material from the forge as seeds for target NAME, into
 * FOLDER/NAME.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "evtx_samples.h"
#include "forge/ctl.h"
#include "forge/kit.h"
#include "kql_seeds.h"
#include "telemetry_seeds.h"
#include "verdict/judge.h"
#include "verdict/plan.h"
#include "verdict/wire.h"

struct writer {
	struct hm_arena *a;
	const char *folder;
	int num;
};

HM_NORETURN static void spent(void *ctx)
{
	(void)ctx;
	exit(1);
}

static void put(struct writer *w, hm_bytes seed)
{
	char *path = hm_format(w->a, "%s/%02d", w->folder, w->num++);
	FILE *file = fopen(path, "wb");

	if (file == NULL || fwrite(seed.at, 1, seed.len, file) != seed.len ||
	    fclose(file) != 0) {
		perror(path);
		exit(1);
	}
}

/* The honest program and its relatives. */
enum { KITS = 6 };

static struct hm_mk_kit kit(struct hm_arena *a, int which)
{
	struct hm_mk_kit k = hm_mk_kit_of(a), inner = k;

	if (which == 1)
		k.stamp.kind = HM_MK_PKCS9;
	if (which == 2)
		k.content_in_octets = true;
	if (which == 3)
		k.more = hm_mk_attr(a, HM_MK_NESTED,
				    hm_mk_kit_sign(&inner, hm_mk_pe(a, &inner.pe)));
	if (which == 4)
		k.spc.pages = hm_mk_pe_pages(a, &k.pe, HM_MK_SHA256, hm_mk_pe(a, &k.pe));
	if (which == 5) {
		k.leaf.key = HM_MK_KEY_P256;
		hm_mk_follow_leaf(&k);
	}
	return k;
}

static void put_pe(struct writer *w)
{
	for (int i = 0; i < KITS; i++) {
		struct hm_mk_kit k = kit(w->a, i);

		put(w, hm_mk_file(&k));
	}
}

static void put_cms(struct writer *w)
{
	for (int i = 0; i < KITS; i++) {
		struct hm_mk_kit k = kit(w->a, i);

		put(w, hm_mk_kit_sign(&k, hm_mk_pe(w->a, &k.pe)));
	}
	struct hm_mk_kit k = kit(w->a, 0);
	hm_bytes cms = hm_mk_kit_sign(&k, hm_mk_pe(w->a, &k.pe));

	put(w, hm_mk_indefinite(w->a, HM_MK_SEQUENCE, hm_mk_without_header(cms)));
}

static void put_cert(struct writer *w)
{
	static const enum hm_mk_key keys[] = { HM_MK_KEY_SIGNER, HM_MK_KEY_P256,
					       HM_MK_KEY_P521,   HM_MK_KEY_DSA,
					       HM_MK_KEY_E3,     HM_MK_KEY_ED25519 };
	struct hm_mk_kit k = hm_mk_kit_of(w->a);

	put(w, hm_mk_cert(w->a, &k.root));
	put(w, hm_mk_cert(w->a, &k.tsa));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		k.leaf.key = keys[i];
		put(w, hm_mk_cert(w->a, &k.leaf));
	}
	k.leaf.how.scheme = HM_MK_PSS;
	put(w, hm_mk_cert(w->a, &k.leaf));
}

/* The values of both kinds of timestamp attribute. */
static void put_stamp(struct writer *w)
{
	for (int kind = HM_MK_PKCS9; kind <= HM_MK_TOKEN; kind++) {
		struct hm_mk_kit k = hm_mk_kit_of(w->a);
		struct hm_mk_stamp stamp = k.stamp;

		stamp.kind = (enum hm_mk_stamp_kind)kind;
		stamp.certs = hm_mk_cert(w->a, &k.tsa);
		hm_bytes attr = hm_mk_stamp(w->a, &stamp, hm_mk_fill(w->a, 1, 256));
		hm_bytes inside = hm_mk_without_header(attr);
		size_t oid = 2 + (size_t)inside.at[1];

		put(w, hm_mk_without_header(hm_mk_part(inside, oid, inside.len - oid)));
	}
}

static void put_crl(struct writer *w)
{
	struct hm_arena *a = w->a;
	struct hm_mk_kit k = hm_mk_kit_of(a);
	const struct hm_mk_revoked entries[] = {
		{ .serial = hm_mk_int(a, 5), .date = hm_mk_day(2024, 1, 1) },
		{ .serial = hm_mk_int(a, 6),
		  .date = hm_mk_day(2025, 1, 1),
		  .reason = 1,
		  .invalid = hm_mk_day(2024, 6, 1) },
	};
	struct hm_mk_crl crl = { .issuer = k.ca.subject,
				 .this_update = hm_mk_day(2026, 1, 1),
				 .next_update = hm_mk_day(2027, 1, 1),
				 .entries = entries,
				 .num_entries = 2,
				 .how = { .key = HM_MK_KEY_CA } };

	put(w, hm_mk_crl(a, &crl));
	crl.extensions =
		hm_mk_ext(a, "2.5.29.28", true, hm_mk_lit(0x30, 3, 0x84, 1, 0xff));
	put(w, hm_mk_crl(a, &crl));
}

static void put_ctl(struct writer *w)
{
	struct hm_arena *a = w->a;
	hm_bytes date = hm_mk_filetime(a, hm_mk_day(2021, 8, 1));
	const struct hm_mk_subject subjects[] = {
		{ .id = hm_mk_fill(a, 1, 20),
		  .attrs = hm_mk_cat(
			  a, hm_mk_property(a, 98, hm_mk_fill(a, 2, 32)),
			  hm_mk_property(a, 9, hm_mk_purposes(a, HM_MK_CODE_SIGNING)),
			  hm_mk_property(a, 104, date), hm_mk_property(a, 126, date),
			  hm_mk_property(a, 127, hm_mk_purposes(a, HM_MK_SERVER_AUTH))) },
		{ .id = hm_mk_fill(a, 3, 20) },
	};

	put(w, hm_mk_ctl(a, &(struct hm_mk_ctl){ .usage = HM_MK_ROOT_PROGRAM,
						 .this_update = hm_mk_day(2026, 1, 2),
						 .subjects = subjects,
						 .num_subjects = 2 }));
}

static struct hm_crypto *crypto(void)
{
	static struct hm_crypto *one;

	if (!one && hm_crypto_open(&one) != HM_OK)
		exit(1);
	return one;
}

/* Verdicts on the same programs as they cross from a worker. */
static void put_wire(struct writer *w)
{
	const struct hm_policy policy = { .crypto = crypto(),
					  .now = hm_mk_day(2026, 6, 1) };

	for (int i = 0; i < KITS; i++) {
		struct hm_mk_kit k = kit(w->a, i);
		struct hm_buf out = hm_buf_of(1 << 20);
		struct hm_verdict v;

		hm_judge(hm_mk_file(&k), &policy, w->a, &v);
		hm_verdict_write(&v, &out);
		put(w, hm_buf_bytes(&out));
		hm_buf_done(&out);
	}
}

/* What may be imported, and the store that comes of it. */
static void put_import(struct writer *w)
{
	struct hm_mk_kit k = hm_mk_kit_of(w->a);

	put(w, hm_mk_cert(w->a, &k.root));
	put(w, hm_mk_pem(w->a, "CERTIFICATE", hm_mk_cert(w->a, &k.root)));
	put_crl(w);
	put(w, hm_mk_file(&k));
}

static void put_trust(struct writer *w)
{
	struct hm_mk_kit k = hm_mk_kit_of(w->a);
	struct hm_plan *plan = hm_plan_new(crypto(), w->a);
	struct hm_plan_count count = { 0 };
	struct hm_buf out = hm_buf_of(1 << 20);
	const char *why;

	if (hm_plan_import(plan, hm_mk_cert(w->a, &k.root), HM_IMPORT_USER, &count,
			   &why) != HM_OK)
		exit(1);
	hm_plan_distrust(plan, hm_mk_fill(w->a, 7, 20));
	if (hm_plan_write(plan, &out) != HM_OK)
		exit(1);
	put(w, hm_buf_bytes(&out));
	hm_buf_done(&out);
}

/* Chunks of event logs, without the zeros at their ends. */
static void put_evtx(struct writer *w)
{
	static void (*const trees[])(struct build *) = { many_names, attributes, entities,
							 instruction, system_numbers };
	struct build b;

	for (size_t i = 0; i < 4; i++) {
		build_begin(&b);
		if (i == 0)
			put_process(&b);
		if (i == 1 || i == 2)
			put_event(&b, i == 1);
		for (size_t t = 0; i == 3 && t < sizeof(trees) / sizeof(trees[0]); t++)
			put_direct(&b, trees[t]);
		build_end(&b);
		put(w, (hm_bytes){ b.chunk, b.at });
		build_done(&b);
	}
}

static void put_kql(struct writer *w)
{
	for (size_t i = 0; i < sizeof(kql_seeds) / sizeof(kql_seeds[0]); i++)
		put(w, hm_bytes_of(kql_seeds[i]));
}

static void put_json(struct writer *w)
{
	for (size_t i = 0; i < sizeof(json_seeds) / sizeof(json_seeds[0]); i++)
		put(w, hm_bytes_of(json_seeds[i]));
}

static void put_csv(struct writer *w)
{
	for (size_t i = 0; i < sizeof(csv_seeds) / sizeof(csv_seeds[0]); i++)
		put(w, hm_bytes_of(csv_seeds[i]));
}

static void put_xml(struct writer *w)
{
	for (size_t i = 0; i < sizeof(xml_seeds) / sizeof(xml_seeds[0]); i++)
		put(w, hm_bytes_of(xml_seeds[i]));
}

/* clang-format off */
static const struct {
	const char *name;
	void (*put)(struct writer *w);
} targets[] = {
	{ "cert", put_cert }, { "cms", put_cms }, { "crl", put_crl }, { "ctl", put_ctl },
	{ "der", put_cms }, { "full", put_pe }, { "pe", put_pe }, { "stamp", put_stamp },
	{ "judge", put_pe }, { "wire", put_wire }, { "trust", put_trust },
	{ "import", put_import }, { "evtx", put_evtx }, { "kql", put_kql },
	{ "json", put_json }, { "csv", put_csv }, { "xml", put_xml },
};
/* clang-format on */

int main(int argc, char *argv[])
{
	struct hm_arena a;

	if (argc != 3 || hm_arena_open(64 << 20, spent, NULL, &a) != HM_OK)
		return 2;
	struct writer w = { &a, hm_format(&a, "%s/%s", argv[1], argv[2]), 0 };

	if ((mkdir(argv[1], 0777) != 0 && errno != EEXIST) ||
	    (mkdir(w.folder, 0777) != 0 && errno != EEXIST)) {
		perror(w.folder);
		return 1;
	}
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		if (strcmp(targets[i].name, argv[2]) == 0)
			targets[i].put(&w);
	hm_arena_close(&a);
	return w.num == 0;
}
