/* SPDX-License-Identifier: MIT */
/*
 * Property: views of a revocation list lie in the input; every entry that the walk gives
 * is found by its serial, unless a later part of the list is broken.
 */
#include "arena.h"
#include "signature/crl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz f;

	fuzz_open(&f, data, size);
	struct hm_crl crl = hm_crl_read(f.in);
	struct hm_cur walk = crl.entries;
	struct hm_revoked each, found;
	hm_err err;

	fuzz_inside(&f, crl.tbs);
	fuzz_inside(&f, crl.issuer);
	fuzz_inside(&f, crl.signature);
	/* A few: finding walks the list. */
	for (int i = 0; i < 8 && hm_crl_next(&walk, &each); i++) {
		fuzz_inside(&f, each.serial);
		bool there = hm_crl_find(&crl, each.serial, &found, &err);

		if (there != (err == HM_OK) ||
		    (there && !hm_serial_same(found.serial, each.serial)))
			abort();
	}
	hm_arena_close(&f.arena);
	return 0;
}
