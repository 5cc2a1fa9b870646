/* SPDX-License-Identifier: MIT */
/*
 * Property: what a worker sends is refused, or is a verdict whose enumerators, indices
 * and texts are lawful and which, written again, is the same bytes.
 */
#include <string.h>

#include "arena.h"
#include "verdict/wire.h"

static void lawful(const struct hm_verdict *v)
{
	if (v->state != hm_reason_row(v->reason)->state || !hm_utf8_valid(v->why))
		abort();
	if (!hm_utf8_valid(hm_verdict_signer(v)->subject) ||
	    !hm_utf8_valid(hm_verdict_issuer(v)->subject))
		abort();
	if (hm_verdict_stamp(v) && hm_verdict_stamp(v)->reason >= HM_REASON_COUNT)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz f;
	struct hm_buf again = hm_buf_of(64 << 20);
	struct hm_verdict v;

	fuzz_open(&f, data, size);
	if (setjmp(f.full) == 0 && hm_verdict_read(f.in, &f.arena, &v) == HM_OK) {
		lawful(&v);
		hm_verdict_write(&v, &again);
		if (again.len != size || memcmp(again.at, data, size) != 0)
			abort();
	}
	hm_buf_done(&again);
	hm_arena_close(&f.arena);
	return 0;
}
