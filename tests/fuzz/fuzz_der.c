/* SPDX-License-Identifier: MIT */
/*
 * Property: elements lie in the input one after the other and account for all of it
 * up to the first failure; what the strict reader takes, the lax one reads the same;
 * flattening leaves no indefinite length and, done again, changes nothing.
 */
#include "arena.h"
#include "signature/der.h"
#include "signature/oid.h"

static void walk(const struct fuzz *f, hm_bytes in)
{
	struct hm_cur strict = hm_cur_of(in);
	size_t sum = 0;

	while (hm_more(&strict)) {
		struct hm_cur lax = strict;
		struct hm_der e = hm_der_next(&strict, "element");
		struct hm_der same = hm_ber_next(&lax, "element");

		if (strict.err != HM_OK)
			return;
		if (e.tag != same.tag || !hm_same(e.whole, same.whole))
			abort();
		fuzz_inside(f, e.whole);
		sum += e.whole.len;
	}
	if (strict.err == HM_OK && sum != in.len)
		abort();
}

static void typed(hm_bytes in, struct hm_arena *a)
{
	struct hm_cur c = hm_cur_of(in), again = c;

	hm_der_time(&c, "time");
	c = again;
	hm_der_small(&c, "small");
	c = again;
	hm_der_bits(&c, "bits");
	c = again;
	fuzz_text(hm_oid_text(hm_der_oid(&c, "oid"), a));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz f;
	size_t used;
	hm_err err;

	fuzz_open(&f, data, size);
	if (setjmp(f.full) == 0) {
		walk(&f, f.in);
		typed(f.in, &f.arena);
		hm_bytes flat = hm_ber_flatten(f.in, &f.arena, &used, &err);

		fuzz_inside(&f, flat);
		if (used > size || (err != HM_OK && flat.len != 0))
			abort();
		hm_bytes twice = hm_ber_flatten(flat, &f.arena, &used, &err);

		if (twice.at != flat.at || twice.len != flat.len)
			abort();
	}
	hm_arena_close(&f.arena);
	return 0;
}
