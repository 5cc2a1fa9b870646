/* SPDX-License-Identifier: MIT */
/* stores.h: a compiled trust store out of files, for the table runners. */
#ifndef HM_TESTS_STORES_H
#define HM_TESTS_STORES_H

#include "tables/files.h"
#include "verdict/plan.h"

struct made_store {
	struct hm_buf bytes;
	struct hm_trust trust;
	struct hm_plan_count count;
};

/* Import one file into plan; false and a line on stdout where it cannot be. */
static inline bool add_file(struct hm_plan *plan, const char *path, enum hm_import as,
			    struct hm_plan_count *count)
{
	hm_bytes file = slurp(path);
	const char *why = "cannot be read";

	/* The plan's arena keeps what it needs; the file may go. */
	if (file.at && hm_plan_import(plan, file, as, count, &why) == HM_OK) {
		unslurp(file);
		return true;
	}
	printf("# %s: %s\n", path, why);
	unslurp(file);
	return false;
}

/* Microsoft's list and its roots from a folder as ../shared/trust. */
static inline bool program_store(const char *folder, struct hm_crypto *crypto,
				 struct hm_arena *a, struct made_store *out)
{
	static const char *const files[] = { "authroot.stl", "program-roots.pem",
					     "legacy-roots.pem" };
	struct hm_plan *plan = hm_plan_new(crypto, a);

	*out = (struct made_store){ .bytes = hm_buf_of(64 << 20) };
	for (size_t i = 0; i < 3; i++) {
		const char *path = hm_format(a, "%s/%s", folder, files[i]);

		if (!add_file(plan, path, HM_IMPORT_LISTED, &out->count))
			return false;
	}
	return hm_plan_write(plan, &out->bytes) == HM_OK &&
	       hm_trust_open(hm_buf_bytes(&out->bytes), &out->trust) == HM_OK;
}

#endif
