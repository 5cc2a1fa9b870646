/* SPDX-License-Identifier: MIT */
#include "forge/ctl.h"

#include <string.h>

hm_bytes hm_mk_ctl(struct hm_arena *a, const struct hm_mk_ctl *c)
{
	hm_bytes alg =
		c->subject_alg.at != NULL ? c->subject_alg : hm_mk_md_alg(a, HM_MK_SHA1);
	hm_bytes *each = hm_new_n(a, hm_bytes, c->num_subjects);

	for (size_t i = 0; i < c->num_subjects; i++) {
		const struct hm_mk_subject *s = &c->subjects[i];

		each[i] = hm_mk_seq(a, hm_mk_octets(a, s->id),
				    hm_mk_tlv(a, HM_MK_SET, s->attrs));
	}
	return hm_mk_seq(a, hm_mk_seq(a, hm_mk_oid(a, c->usage)), hm_mk_int(a, 1),
			 hm_mk_time(a, c->this_update), alg,
			 hm_mk_wrap(a, HM_MK_SEQUENCE, each, c->num_subjects));
}

hm_bytes hm_mk_property(struct hm_arena *a, unsigned id, hm_bytes value)
{
	return hm_mk_attr(a, hm_format(a, "1.3.6.1.4.1.311.10.11.%u", id),
			  hm_mk_octets(a, value));
}

hm_bytes hm_mk_filetime(struct hm_arena *a, hm_time time)
{
	uint8_t *out = hm_alloc(a, 1, 8);

	for (unsigned i = 0; i < 8; i++)
		out[i] = (uint8_t)((uint64_t)(time - HM_FILETIME_0) >> 8 * i);
	return (hm_bytes){ out, 8 };
}

hm_bytes hm_mk_purposes(struct hm_arena *a, const char *oids)
{
	char *list = hm_cstr(a, hm_bytes_of(oids));
	char *rest = NULL;
	hm_bytes all = { 0 };

	for (char *one = strtok_r(list, " ", &rest); one != NULL;
	     one = strtok_r(NULL, " ", &rest))
		all = hm_mk_cat(a, all, hm_mk_oid(a, one));
	return hm_mk_seq(a, all);
}
