/* SPDX-License-Identifier: MIT */
/*
 * Property of the whole verifier: a second look gives the same answer; a program whose
 * own security directory is not empty is never Unsigned; and nothing is Valid but what
 * one of the seeds' signers signed: its digest must be among the seeds'.
 */
#include <string.h>

#include "law/claims.h"
#include "law/court.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DIGESTS = 16, DIGEST_TEXT = 129 };

/* Where the fuzzer's process keeps what it needs from one input to the next. */
struct full {
	struct court court;
	bool open;
	char digests[DIGESTS][DIGEST_TEXT];
	size_t num;
};

/* Digests of the programs that seeds.c writes: the honest image, as each seed hashes it.
 */
static void remember(struct full *f)
{
	static const enum hm_mk_md mds[] = { HM_MK_SHA256, HM_MK_SHA1 };
	struct hm_mk_kit k = hm_mk_kit_of(&f->court.forge);

	for (size_t i = 0; i < sizeof(mds) / sizeof(mds[0]); i++) {
		hm_bytes d = hm_mk_pe_digest(k.a, &k.pe, mds[i], hm_mk_pe(k.a, &k.pe));

		for (size_t b = 0; b < d.len; b++)
			snprintf(f->digests[f->num] + 2 * b, 3, "%02x", d.at[b]);
		f->num++;
	}
	/* A leak checker does not look into arenas. */
	hm_arena_reset(&f->court.forge);
}

static bool known(const struct full *f, hm_bytes digest)
{
	for (size_t i = 0; i < f->num; i++) {
		if (hm_is(digest, f->digests[i]))
			return true;
	}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct full f;

	if (!f.open) {
		court_open(&f.court, "2026-06-01");
		remember(&f);
		f.open = true;
	}
	const struct hm_verdict *v = court_judge(&f.court, (hm_bytes){ data, size });
	enum hm_reason reason = v->reason;
	uint64_t flags = v->flags;

	if (v->state == HM_STATE_UNSIGNED && claims_signature(data, size))
		abort();
	if (v->state == HM_STATE_VALID && !known(&f, v->sigs[0].computed))
		abort();
	v = court_judge(&f.court, (hm_bytes){ data, size });
	if (v->reason != reason || v->flags != flags)
		abort();
	return 0;
}
