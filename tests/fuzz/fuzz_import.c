/* SPDX-License-Identifier: MIT */
/*
 * Property: whatever file is imported as the user's trust, what comes of it compiles to a
 * store that opens; and where the import fails it says why.
 */
#include "arena.h"
#include "verdict/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct hm_crypto *crypto;
	static struct fuzz f;
	struct hm_buf out = hm_buf_of(64 << 20);

	if (!crypto && hm_crypto_open(&crypto) != HM_OK)
		abort();
	fuzz_open(&f, data, size);
	if (setjmp(f.full) == 0) {
		struct hm_plan *plan = hm_plan_new(crypto, &f.arena);
		struct hm_plan_count count = { 0 };
		const char *why = NULL;
		struct hm_trust t;
		hm_err err = hm_plan_import(plan, f.in, HM_IMPORT_USER, &count, &why);

		if (!why || (err != HM_OK && !why[0]))
			abort();
		if (hm_plan_write(plan, &out) != HM_OK ||
		    hm_trust_open(hm_buf_bytes(&out), &t) != HM_OK)
			abort();
		if (err == HM_OK && hm_trust_num_roots(&t) > count.roots)
			abort();
	}
	hm_buf_done(&out);
	hm_arena_close(&f.arena);
	return 0;
}
