/* SPDX-License-Identifier: MIT */
/*
 * test_truth: every PE of real-files.tsv has the state that a Windows host reports.
 *
 * test_truth TABLE FOLDER [TRUST_FOLDER]: with the program's root list and certificates
 * from TRUST_FOLDER, or, without it, with what is compiled in.  Judged as of 2026-11-22.
 * A row whose reason begins with NOTE is a question for a Windows machine and not judged.
 */
#include <string.h>

#include "check.h"
#include "tables/stores.h"
#include "verdict/judge.h"

enum {
	PACKAGE,
	PATH,
	SHA256,
	FORMAT,
	STATE,
	SIGNER,
	ISSUER,
	ROOT,
	STAMP,
	STAMPED,
	COLUMNS = 14
};

HM_NORETURN static void spent(void *ctx)
{
	(void)ctx;
	puts("Bail out! out of memory");
	exit(1);
}

static bool begins(hm_bytes text, const char *with)
{
	return text.len >= strlen(with) && memcmp(text.at, with, strlen(with)) == 0;
}

static void compare(const hm_bytes *row, const struct hm_verdict *v, struct hm_arena *a)
{
	const struct hm_link *signer = hm_verdict_signer(v);
	const struct hm_stamp_told *stamp = hm_verdict_stamp(v);
	char when[HM_TIME_TEXT] = "";
	bool state = hm_is(row[STATE], hm_state_name(v->state));
	bool names = hm_same(row[SIGNER], signer->subject);
	bool time;

	if (stamp)
		hm_time_short(stamp->time, when);
	/* The table has "2018-05-15 20:22:10", we "2018-05-15 20:22:10 UTC". */
	time = row[STAMPED].len == 0 ||
	       begins(hm_bytes_of(when), hm_cstr(a, row[STAMPED]));
	check(state && names && time, "%s %s: %s (%s), signer %s, stamped %s",
	      hm_cstr(a, row[PATH]), hm_cstr(a, row[STATE]), hm_state_name(v->state),
	      hm_reason_row(v->reason)->word, hm_cstr(a, signer->subject), when);
	check(hm_same(row[SHA256], v->sha256), "%s sha256", hm_cstr(a, row[PATH]));
}

static void judge_row(const hm_bytes *row, const char *folder,
		      const struct hm_policy *policy, struct hm_arena *a)
{
	const char *path = hm_format(a, "%s/%s/%s", folder, hm_cstr(a, row[PACKAGE]),
				     hm_cstr(a, row[PATH]));
	hm_bytes file = slurp(path);
	struct hm_verdict v;

	if (!file.at) {
		check(true, "%s # SKIP not fetched", hm_cstr(a, row[PATH]));
		return;
	}
	hm_judge(file, policy, a, &v);
	compare(row, &v, a);
	unslurp(file);
}

static size_t run(hm_bytes table, const char *folder, const struct hm_policy *policy,
		  struct hm_arena *a)
{
	size_t num = 0;

	until(&table, '\n');
	while (table.len) {
		hm_bytes line = until(&table, '\n'), row[COLUMNS] = { 0 };

		for (size_t i = 0; i < COLUMNS; i++)
			row[i] = until(&line, '\t');
		if (!begins(row[FORMAT], "PE"))
			continue;
		num++;
		if (!begins(row[COLUMNS - 1], "NOTE"))
			judge_row(row, folder, policy, a);
		hm_arena_reset(a);
	}
	return num;
}

/* Microsoft's whole list, compiled. */
static bool add_program(const char *folder, struct hm_policy *policy, struct hm_arena *a)
{
	static struct made_store store;
	static const struct hm_trust *stores[1];

	if (!program_store(folder, policy->crypto, a, &store))
		return false;
	check(hm_trust_num_roots(&store.trust) == 517 && store.count.others == 0 &&
		      store.count.lists == 1,
	      "every root of the list and both that Windows ships besides: %zu, %zu "
	      "others",
	      hm_trust_num_roots(&store.trust), store.count.others);
	stores[0] = &store.trust;
	policy->stores = stores;
	policy->num_stores = 1;
	return true;
}

int main(int argc, char **argv)
{
	hm_bytes table = argc > 2 ? slurp(argv[1]) : (hm_bytes){ 0 };
	struct hm_policy policy = {
		.now = hm_time_of(
			(struct hm_civil){ .year = 2026, .month = 11, .day = 22 }),
	};
	struct hm_arena a, lists;

	if (!table.at) {
		puts("1..0 # SKIP no table of real files");
		return 0;
	}
	if (hm_arena_open(256 << 20, spent, NULL, &a) != HM_OK ||
	    hm_arena_open(256 << 20, spent, NULL, &lists) != HM_OK ||
	    hm_crypto_open(&policy.crypto) != HM_OK)
		return 1;
	if (argc > 3 && !add_program(argv[3], &policy, &lists)) {
		puts("1..0 # SKIP no root list");
		return 0;
	}
	check(run(table, argv[2], &policy, &a) == 278, "278 rows");
	hm_crypto_close(policy.crypto);
	hm_arena_close(&a);
	hm_arena_close(&lists);
	unslurp(table);
	return check_done();
}
