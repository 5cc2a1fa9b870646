/* SPDX-License-Identifier: MIT */
/* make_disallowed FOLDER: disallowedcert.stl with one made-up thumbprint, and root.pem,
 * the made-up root that it is signed under. */
#include <stdio.h>
#include <stdlib.h>

#include "forge/ctl.h"
#include "forge/kit.h"

HM_NORETURN static void spent(void *ctx)
{
	(void)ctx;
	exit(1);
}

static void put(struct hm_arena *a, const char *folder, const char *name, hm_bytes bytes)
{
	FILE *file = fopen(hm_format(a, "%s/%s", folder, name), "wb");

	if (file == NULL || fwrite(bytes.at, 1, bytes.len, file) != bytes.len ||
	    fclose(file) != 0) {
		perror(name);
		exit(1);
	}
}

int main(int argc, char *argv[])
{
	struct hm_arena a;

	if (argc != 2 || hm_arena_open(16 << 20, spent, NULL, &a) != HM_OK)
		return 2;
	const struct hm_mk_subject subject = { .id = hm_mk_fill(&a, 0xd1, 16) };
	hm_bytes list =
		hm_mk_ctl(&a, &(struct hm_mk_ctl){ .usage = HM_MK_DISALLOWED,
						   .this_update = hm_mk_day(2026, 1, 2),
						   .subjects = &subject,
						   .num_subjects = 1 });
	struct hm_mk_kit k = hm_mk_kit_of(&a);

	k.cms.content_type = HM_MK_CTL;
	k.stamp.kind = HM_MK_NO_STAMP;
	/* szOID_KP_CTL_USAGE_SIGNING */
	k.leaf.extensions = hm_mk_ext_purposes(&a, false, "1.3.6.1.4.1.311.10.3.1");
	put(&a, argv[1], "disallowedcert.stl",
	    hm_mk_kit_cms(&k, list, hm_mk_kit_signer(&k, list)));
	put(&a, argv[1], "root.pem",
	    hm_mk_pem(&a, "CERTIFICATE", hm_mk_kit_cert(&k, &k.root)));
	hm_arena_close(&a);
	return 0;
}
