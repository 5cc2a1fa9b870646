/* SPDX-License-Identifier: MIT */
#include "format/carrier.h"

#include "format/foreign.h"
#include "format/pe.h"

struct hm_carrier hm_carrier_of(hm_bytes file)
{
	struct hm_carrier out = { .subject = HM_SUBJECT_UNKNOWN,
				  .format = "",
				  .file = file };

	if (file.len == 0) {
		out.subject = HM_SUBJECT_EMPTY;
		return out;
	}
	if (!hm_format_pe.sniff(file)) {
		const char *kind = hm_foreign_signed(file);

		if (kind != NULL) {
			out.subject = HM_SUBJECT_FOREIGN;
			out.format = kind;
		}
		return out;
	}
	struct hm_cur c = hm_cur_of(file);

	if (hm_format_pe.read(&c, &out) == HM_OK) {
		out.format = hm_format_pe.name;
	} else {
		out.subject = HM_SUBJECT_DOS;
		out.table_why = c.why;
		out.table_where = c.where;
	}
	return out;
}

const char *hm_image_name(enum hm_image image)
{
	static const char *const names[] = {
		[HM_IMAGE_NONE] = "",   [HM_IMAGE_EXE] = "EXE", [HM_IMAGE_DLL] = "DLL",
		[HM_IMAGE_SYS] = "SYS", [HM_IMAGE_EFI] = "EFI",
	};

	return names[image];
}
