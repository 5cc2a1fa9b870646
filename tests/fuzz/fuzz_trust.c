/* SPDX-License-Identifier: MIT */
/*
 * Property: every view of a trust store, damaged or not, lies in the store; and one that
 * opens can be merged into a new store, which opens.
 */
#include "arena.h"
#include "verdict/plan.h"

static void roots(const struct fuzz *f, const struct hm_trust *t)
{
	struct hm_root root, other;

	for (size_t i = 0; i < hm_trust_num_roots(t) && i < 64; i++) {
		size_t walk = 0;

		if (!hm_trust_root(t, i, &root))
			continue;
		fuzz_inside(f, root.sha256);
		fuzz_inside(f, root.name);
		fuzz_inside(f, root.der);
		(void)hm_trust_by_sha256(t, root.sha256, &other);
		(void)hm_trust_by_subject(t, root.name, &walk, &other);
	}
}

static void rest(const struct fuzz *f, const struct hm_trust *t)
{
	struct hm_crl_row crl;
	struct hm_revoked_row entry;
	uint32_t by;

	for (size_t i = 0; i < hm_trust_num_distrusted(t) && i < 64; i++)
		fuzz_inside(f, hm_trust_distrusted(t, i, &by));
	for (size_t i = 0; i < hm_trust_num_crls(t) && i < 64; i++) {
		if (!hm_trust_crl(t, i, &crl))
			continue;
		fuzz_inside(f, crl.issuer);
		fuzz_inside(f, crl.head);
		fuzz_inside(f, hm_trust_crl_rows(t, &crl));
		(void)hm_trust_revoked(t, &crl, hm_bytes_of("\x05"), &entry);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct hm_crypto *crypto;
	static struct fuzz f;
	struct hm_buf again = hm_buf_of(64 << 20);
	struct hm_trust t;

	if (!crypto && hm_crypto_open(&crypto) != HM_OK)
		abort();
	fuzz_open(&f, data, size);
	if (setjmp(f.full) == 0 && hm_trust_open(f.in, &t) == HM_OK) {
		struct hm_plan *plan = hm_plan_new(crypto, &f.arena);
		struct hm_trust merged;

		roots(&f, &t);
		rest(&f, &t);
		hm_plan_merge(plan, &t);
		if (hm_plan_write(plan, &again) != HM_OK ||
		    hm_trust_open(hm_buf_bytes(&again), &merged) != HM_OK)
			abort();
	}
	hm_buf_done(&again);
	hm_arena_close(&f.arena);
	return 0;
}
