/* SPDX-License-Identifier: MIT */
/* plan_own.h: what a plan is made of: for plan.c, import.c, lists.c and compile.c only.
 */
#ifndef HM_VERDICT_PLAN_OWN_H
#define HM_VERDICT_PLAN_OWN_H

#include "verdict/plan.h"

struct hm_plan_root {
	struct hm_plan_root *next;
	struct hm_root root; /* what the list says of it; own and uefi besides */
	hm_bytes sha1;       /* empty where neither list nor certificate was seen */
	hm_bytes subject;
	bool listed; /* named by the root list that is in the plan */
};

struct hm_plan_distrusted {
	struct hm_plan_distrusted *next;
	hm_bytes id;
	uint32_t by; /* HM_BY_*; nobody's word any more: not written */
};

struct hm_plan_crl {
	struct hm_plan_crl *next;
	struct hm_crl_row row;
	uint8_t *entries; /* rows as the store has them, sorted */
};

struct hm_plan {
	struct hm_crypto *crypto;
	struct hm_arena *arena;
	hm_time list_date, disallow_date;
	struct hm_plan_root *roots;
	struct hm_plan_distrusted *distrusted;
	struct hm_plan_crl *crls;
};

struct hm_plan_root *hm_plan_find(const struct hm_plan *plan, hm_bytes sha256);

/* Found or new, with no purposes yet. */
struct hm_plan_root *hm_plan_root(struct hm_plan *plan, hm_bytes sha256);

void hm_plan_add_distrust(struct hm_plan *plan, hm_bytes id, uint32_t by);

/* lists.c: a signed list: read, its signature checked as of its own time, taken over. */
hm_err hm_plan_list(struct hm_plan *plan, const struct hm_cms *cms,
		    struct hm_plan_count *count, const char **why);

/* crls.c */
hm_err hm_plan_crl(struct hm_plan *plan, hm_bytes der, struct hm_plan_count *count,
		   const char **why);

#endif
