/* SPDX-License-Identifier: MIT */
/*
 * Property: whatever the bytes, there is a verdict whose state is its reason's; a program
 * that claims a signature is never Unsigned; Valid means that the digest in the signature
 * is the file's; the faults are in order; and the verdict comes through the wire whole.
 */
#include <string.h>

#include "arena.h"
#include "forge/kit.h"
#include "verdict/judge.h"
#include "verdict/plan.h"
#include "verdict/wire.h"

/* The honest root, trusted; made once. */
static const struct hm_policy *honest_policy(void)
{
	struct hm_arena a;
	static struct hm_trust trust;
	static const struct hm_trust *stores[] = { &trust };
	static struct hm_policy policy;
	static struct hm_buf bytes;
	static struct fuzz own;
	struct hm_plan_count count = { 0 };
	const char *why;

	if (policy.crypto)
		return &policy;
	if (hm_arena_open(16 << 20, fuzz_full, &own, &a) != HM_OK ||
	    hm_crypto_open(&policy.crypto) != HM_OK)
		abort();
	struct hm_mk_kit kit = hm_mk_kit_of(&a);
	struct hm_plan *plan = hm_plan_new(policy.crypto, &a);

	bytes = hm_buf_of(1 << 20);
	if (hm_plan_import(plan, hm_mk_cert(&a, &kit.root), HM_IMPORT_USER, &count,
			   &why) != HM_OK ||
	    hm_plan_write(plan, &bytes) != HM_OK ||
	    hm_trust_open(hm_buf_bytes(&bytes), &trust) != HM_OK)
		abort();
	hm_arena_close(&a);
	policy.stores = stores;
	policy.num_stores = 1;
	policy.now = hm_mk_day(2026, 6, 1);
	return &policy;
}

static void lawful(const struct hm_sig_verdict *sig)
{
	if (sig->state != hm_reason_row(sig->reason)->state)
		abort();
	if (sig->state == HM_STATE_VALID &&
	    (sig->embedded.len == 0 || !hm_same(sig->embedded, sig->computed)))
		abort();
	for (size_t i = 1; i < sig->faults.num; i++) {
		if (sig->faults.at[i - 1].reason >= sig->faults.at[i].reason)
			abort();
	}
}

static void through_the_wire(const struct hm_verdict *v, struct hm_arena *a)
{
	struct hm_buf first = hm_buf_of(64 << 20), second = hm_buf_of(64 << 20);
	struct hm_verdict back;

	hm_verdict_write(v, &first);
	if (hm_verdict_read(hm_buf_bytes(&first), a, &back) != HM_OK)
		abort();
	hm_verdict_write(&back, &second);
	if (first.len != second.len || memcmp(first.at, second.at, first.len) != 0)
		abort();
	hm_buf_done(&first);
	hm_buf_done(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz f;
	struct hm_verdict v;

	fuzz_open(&f, data, size);
	if (setjmp(f.full) == 0) {
		hm_judge(f.in, honest_policy(), &f.arena, &v);
		if (v.claimed && v.state == HM_STATE_UNSIGNED)
			abort();
		if (v.state != hm_reason_row(v.reason)->state)
			abort();
		for (size_t i = 0; i < v.num_sigs; i++)
			lawful(&v.sigs[i]);
		through_the_wire(&v, &f.arena);
	}
	hm_arena_close(&f.arena);
	return 0;
}
