/* SPDX-License-Identifier: MIT */
/*
 * judge.h: bytes of a file, clock and trust -> verdict.
 *
 * A pure function: the same bytes and policy give the same verdict.  It never fails;
 * what cannot be read is a reason.  The verdict lives in the arena.  The bytes are
 * hostile: call it in a worker (proc/).
 */
#ifndef HM_VERDICT_JUDGE_H
#define HM_VERDICT_JUDGE_H

#include "verdict/policy.h"

void hm_judge(hm_bytes file, const struct hm_policy *policy, struct hm_arena *a,
	      struct hm_verdict *out);

#endif
