/* SPDX-License-Identifier: MIT */
/*
 * test_catalogue: every file of the forge's catalogue gets the state, the reason and the
 * flags that catalogue.tbl expects, within the bounds on time.
 *
 * test_catalogue [NAME...]: only these.  At the end it tells the slowest case.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "forge/cases.h"
#include "verdict/judge.h"
#include "verdict/plan.h"

enum {
	FORGE_ROOM = 1 << 30,  /* address space; pages cost nothing until used */
	JUDGE_ROOM = 64 << 20, /* what one verification may take */
	PLAN_ROOM = 16 << 20,
	/* Least acceptable: forging and judging of the catalogue cover what the issue
	 * asks for. */
	MIN_CASES = 250,
	MIN_BUGS = 40,
};

/* Generous for sanitized builds on a busy machine; the bound itself is measured by
 * tests/law/bounds. */
static const double max_seconds = 5;

struct runner {
	struct hm_arena forge, judge, plan;
	struct hm_crypto *crypto;
	double slowest;
	char slowest_name[80];
	size_t cases, bugs;
};

HM_NORETURN static void spent(void *ctx)
{
	printf("Bail out! out of %s memory\n", (const char *)ctx);
	exit(1);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The next word of text up to sep, stepped over. */
static hm_bytes word(hm_bytes *text, uint8_t sep)
{
	size_t len = 0;

	while (len < text->len && text->at[len] != sep)
		len++;
	hm_bytes one = hm_mk_part(*text, 0, len);
	size_t step = len < text->len ? len + 1 : len;
	*text = hm_mk_part(*text, step, text->len - step);
	return one;
}

static bool one_of(hm_bytes list, const char *what)
{
	while (list.len != 0) {
		if (hm_is(word(&list, '/'), what))
			return true;
	}
	return false;
}

/* The first flag that should be there and is not; empty where all are. */
static hm_bytes missing_flag(hm_bytes flags, uint64_t set)
{
	while (flags.len != 0) {
		hm_bytes want = word(&flags, ' ');
		bool there = false;

		for (int f = 0; f < HM_FLAG_COUNT; f++) {
			if (hm_is(want, hm_flag_word((enum hm_flag)f)))
				there = (set >> f & 1) != 0;
		}
		if (!there)
			return want;
	}
	return (hm_bytes){ 0 };
}

/* A compiled store of the trust files that a case names. */
static struct hm_trust trust_of(struct runner *r, hm_bytes names, struct hm_buf *store)
{
	struct hm_plan *plan = hm_plan_new(r->crypto, &r->plan);
	struct hm_trust trust = { 0 };

	while (names.len != 0 && !hm_is(names, "none")) {
		hm_bytes name = word(&names, ' ');
		hm_bytes file = hm_mk_trust_file(&r->forge, name);
		struct hm_plan_count count = { 0 };
		const char *why = "no such trust file";

		if (file.at == NULL ||
		    hm_plan_import(plan, file, HM_IMPORT_USER, &count, &why) != HM_OK)
			printf("Bail out! trust file %s: %s\n", hm_cstr(&r->plan, name),
			       why);
	}
	if (hm_plan_write(plan, store) != HM_OK ||
	    hm_trust_open(hm_buf_bytes(store), &trust) != HM_OK)
		puts("Bail out! no trust store");
	return trust;
}

static void compare(struct runner *r, const struct hm_mk_case *c,
		    const struct hm_verdict *v)
{
	const char *state = hm_state_name(v->state);
	const char *reason = hm_reason_row(v->reason)->word;
	bool right = one_of(c->state, state) &&
		     (hm_is(c->reason, "*") || hm_is(c->reason, reason));
	hm_bytes missing = missing_flag(c->flags, v->flags);

	check(right && missing.len == 0, "%s: %s %s, got %s %s%s%s; %s",
	      hm_cstr(&r->plan, c->name), hm_cstr(&r->plan, c->state),
	      hm_cstr(&r->plan, c->reason), state, reason,
	      missing.len != 0 ? ", without flag " : "", hm_cstr(&r->plan, missing),
	      hm_cstr(&r->plan, c->wrong));
}

static void run_case(struct runner *r, const struct hm_mk_case *c)
{
	struct hm_buf store = hm_buf_of(PLAN_ROOM);
	hm_bytes file = hm_mk_case_file(&r->forge, c->name);
	struct hm_trust trust = trust_of(r, c->trust, &store);
	const struct hm_trust *const stores[] = { &trust };
	const struct hm_policy policy = {
		.now = hm_time_parse(c->clock),
		.stores = stores,
		.num_stores = 1,
		.crypto = r->crypto,
	};
	struct hm_verdict verdict;
	double before = seconds();

	check(file.at != NULL && policy.now != HM_NO_TIME, "%s can be made",
	      hm_cstr(&r->plan, c->name));
	hm_judge(file, &policy, &r->judge, &verdict);
	double took = seconds() - before;
	if (took > r->slowest) {
		r->slowest = took;
		snprintf(r->slowest_name, sizeof(r->slowest_name), "%s",
			 hm_cstr(&r->plan, c->name));
	}
	compare(r, c, &verdict);
	hm_buf_done(&store);
	hm_arena_reset(&r->plan);
	hm_arena_reset(&r->forge);
	hm_arena_reset(&r->judge);
}

/* A CVE, or a fault of a public tool by name. */
static bool is_bug(hm_bytes source)
{
	static const char *const marks[] = {
		"CVE-",    "osslsigncode", "YARA",
		"LIEF",    "signify",      "relic",
		"pe-sign", "uthenticode",  "authenticode-parser",
		"psign",   "ClamAV"
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (memmem(source.at, source.len, marks[i], strlen(marks[i])) != NULL)
			return true;
	}
	return false;
}

static bool wanted(hm_bytes name, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (hm_is(name, argv[i]))
			return true;
	}
	return argc < 2;
}

static void run_all(struct runner *r, int argc, char **argv)
{
	struct hm_mk_case c;

	for (size_t walk = 0; hm_mk_next_case(&walk, &c);) {
		r->cases++;
		r->bugs += is_bug(c.source);
		if (wanted(c.name, argc, argv))
			run_case(r, &c);
	}
	check(r->cases >= MIN_CASES, "%zu cases", r->cases);
	check(r->bugs >= MIN_BUGS, "%zu cases tied to a CVE or a public bug", r->bugs);
	check(r->cases == hm_mk_num_makers(), "every file that can be made has its line");
	check(r->slowest < max_seconds, "slowest: %s, %.0f ms", r->slowest_name,
	      r->slowest * 1000);
}

int main(int argc, char **argv)
{
	static char forge[] = "forge", judge[] = "judge", plan[] = "plan";
	struct runner r = { 0 };

	if (hm_arena_open(FORGE_ROOM, spent, forge, &r.forge) != HM_OK ||
	    hm_arena_open(JUDGE_ROOM, spent, judge, &r.judge) != HM_OK ||
	    hm_arena_open(PLAN_ROOM, spent, plan, &r.plan) != HM_OK ||
	    hm_crypto_open(&r.crypto) != HM_OK)
		return 1;
	run_all(&r, argc, argv);
	hm_crypto_close(r.crypto);
	hm_arena_close(&r.plan);
	hm_arena_close(&r.judge);
	hm_arena_close(&r.forge);
	return check_done();
}
