/* SPDX-License-Identifier: MIT */
/*
 * court.h: forged files before the judge, for the laws, the faults and the fuzzer.
 *
 * A court trusts the forge's own root (and whatever else it is opened with) and judges
 * at one moment.  Each verdict lives until the next.
 */
#ifndef HM_TESTS_COURT_H
#define HM_TESTS_COURT_H

#include <stdio.h>
#include <stdlib.h>

#include "forge/cases.h"
#include "verdict/judge.h"
#include "verdict/plan.h"

enum {
	COURT_FORGE_ROOM = 1 << 30, /* address space; pages cost nothing until used */
	COURT_JUDGE_ROOM = 64 << 20,
};

/* The signer's certificate has expired by then, so only a good stamp saves the file. */
#define COURT_LATE "2028-06-01"

struct court {
	struct hm_arena forge, judge, own;
	struct hm_crypto *crypto;
	struct hm_buf store;
	struct hm_trust trust;
	const struct hm_trust *stores[1];
	struct hm_policy policy;
	struct hm_verdict verdict;
};

HM_NORETURN static inline void court_spent(void *ctx)
{
	printf("Bail out! out of memory: %s\n", (const char *)ctx);
	exit(1);
}

static inline bool court_import(struct court *c, struct hm_plan *plan, const char *name)
{
	struct hm_plan_count count = { 0 };
	const char *why = NULL;
	hm_bytes file = hm_mk_trust_file(&c->forge, hm_bytes_of(name));

	return file.at != NULL &&
	       hm_plan_import(plan, file, HM_IMPORT_USER, &count, &why) == HM_OK;
}

/* Bails out where something is missing: the tests cannot go on. */
static inline void court_open(struct court *c, const char *clock)
{
	static char forge[] = "forge", judge[] = "judge", own[] = "own";
	struct hm_plan *plan;

	*c = (struct court){ .store = hm_buf_of(16 << 20) };
	if (hm_arena_open(COURT_FORGE_ROOM, court_spent, forge, &c->forge) != HM_OK ||
	    hm_arena_open(COURT_JUDGE_ROOM, court_spent, judge, &c->judge) != HM_OK ||
	    hm_arena_open(16 << 20, court_spent, own, &c->own) != HM_OK ||
	    hm_crypto_open(&c->crypto) != HM_OK)
		court_spent(own);
	plan = hm_plan_new(c->crypto, &c->own);
	if (!court_import(c, plan, "root.pem") ||
	    hm_plan_write(plan, &c->store) != HM_OK ||
	    hm_trust_open(hm_buf_bytes(&c->store), &c->trust) != HM_OK)
		court_spent(forge);
	hm_arena_reset(&c->forge);
	c->stores[0] = &c->trust;
	c->policy = (struct hm_policy){
		.now = hm_time_parse(hm_bytes_of(clock)),
		.stores = c->stores,
		.num_stores = 1,
		.crypto = c->crypto,
	};
}

static inline const struct hm_verdict *court_judge(struct court *c, hm_bytes file)
{
	hm_arena_reset(&c->judge);
	hm_judge(file, &c->policy, &c->judge, &c->verdict);
	return &c->verdict;
}

static inline void court_close(struct court *c)
{
	hm_buf_done(&c->store);
	hm_crypto_close(c->crypto);
	hm_arena_close(&c->own);
	hm_arena_close(&c->judge);
	hm_arena_close(&c->forge);
}

#endif
