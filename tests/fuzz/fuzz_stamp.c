/* SPDX-License-Identifier: MIT */
/*
 * Property: the input as the value of a timestamp attribute, of either kind, is one
 * stamp an element; one that is not broken has a time and a signature.
 */
#include "arena.h"
#include "base/limits.h"
#include "signature/spc.h"

static void stamps(struct fuzz *f, enum hm_oid oid)
{
	struct hm_attr attr = { .oid = oid, .values = f->in };
	struct hm_signer signer = { .unsigned_attrs = { .at = &attr, .num = 1 } };
	const struct hm_cms in = { 0 };
	struct hm_stamps got = hm_stamps_read(&signer, &in, &f->arena);

	if (got.num > HM_MAX_STAMPS)
		abort();
	for (size_t i = 0; i < got.num; i++) {
		const struct hm_stamp *s = &got.at[i];

		fuzz_inside(f, s->whole);
		fuzz_inside(f, s->imprint);
		if (s->err == HM_OK &&
		    (s->time == HM_NO_TIME || s->signer.whole.len == 0))
			abort();
		if (s->err == HM_OK && oid == HM_OID_MS_TIMESTAMP &&
		    s->token.content_type != HM_OID_TST_INFO)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz f;

	fuzz_open(&f, data, size);
	if (setjmp(f.full) == 0) {
		stamps(&f, HM_OID_MS_TIMESTAMP);
		stamps(&f, HM_OID_COUNTERSIGNATURE);
	}
	hm_arena_close(&f.arena);
	return 0;
}
