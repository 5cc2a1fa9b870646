/* SPDX-License-Identifier: MIT */
#include "cli/verify_options.h"

bool hm_verify_options_read(const struct hm_verify_options *v, struct hm_judging *out)
{
	*out = (struct hm_judging){
		.now = HM_NO_TIME,
		.trust = &v->trust,
		.data = v->data,
		.require_revocation = v->require_revocation,
		.folders = v->recurse,
	};
	return hm_option_time("at", v->at != NULL ? v->at : "now", &out->now);
}
