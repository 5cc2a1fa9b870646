/* SPDX-License-Identifier: MIT */
/*
 * Property: views of a trust list and of its entries lie in the input; a root whose
 * properties read well has dates that are times or absent.
 */
#include "arena.h"
#include "signature/ctl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz f;

	fuzz_open(&f, data, size);
	struct hm_ctl list = hm_ctl_read(f.in);
	struct hm_ctl_entry e;

	fuzz_inside(&f, list.list_id);
	while (hm_ctl_next(&list.entries, &e)) {
		struct hm_ctl_root root = hm_ctl_root_of(&e);

		fuzz_inside(&f, e.id);
		fuzz_inside(&f, root.eku);
		fuzz_inside(&f, root.sha256);
		fuzz_inside(&f, root.friendly);
		if (root.not_before != HM_NO_TIME && !root.has_not_before)
			abort();
		if (root.disallowed != HM_NO_TIME && root.disallowed < HM_FILETIME_0)
			abort();
		hm_eku_list_has(root.eku, HM_OID_EKU_CODE);
	}
	hm_arena_close(&f.arena);
	return 0;
}
