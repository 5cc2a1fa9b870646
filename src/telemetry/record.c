/* SPDX-License-Identifier: MIT */
#include "telemetry/record.h"

const struct hm_field *hm_record_field(const struct hm_record *r, hm_bytes name,
				       size_t *hint)
{
	if (hint != NULL && *hint < r->field_count &&
	    hm_same(r->fields[*hint].name, name))
		return &r->fields[*hint];

	for (size_t i = 0; i < r->field_count; i++) {
		if (!hm_same(r->fields[i].name, name))
			continue;
		if (hint != NULL)
			*hint = i;
		return &r->fields[i];
	}
	return NULL;
}
