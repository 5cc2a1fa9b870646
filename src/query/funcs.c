/* SPDX-License-Identifier: MIT */
#include "query/funcs.h"

static const struct hm_fn_info infos[HM_FN_COUNT] = {
	[HM_FN_NONE] = { "", "", "", HM_FN_KIND_OPERATOR, HM_NAMING_PLAIN },
#define HM_FN(kind, id, name, naming, prefix, signatures)                                \
	[HM_FN_##id] = { name, prefix, signatures, HM_FN_KIND_##kind,                    \
			 HM_NAMING_##naming },
#include "query/funcs.def"
#undef HM_FN
};

const struct hm_fn_info *hm_fn_info(enum hm_fn fn)
{
	return &infos[fn < HM_FN_COUNT ? fn : HM_FN_NONE];
}

/* The first row of the aggregates; those of the functions end before it. */
static enum hm_fn first_of(bool aggregates)
{
	unsigned low = HM_FN_NONE + 1;

	while (low < HM_FN_COUNT && (infos[low].kind == HM_FN_KIND_OPERATOR ||
				     (aggregates && infos[low].kind != HM_FN_KIND_AGG)))
		low++;
	return (enum hm_fn)low;
}

static enum hm_fn find(hm_bytes name, unsigned low, unsigned high)
{
	while (low < high) {
		const unsigned middle = low + (high - low) / 2;
		const int order = hm_order(hm_bytes_of(infos[middle].name), name);

		if (order == 0)
			return (enum hm_fn)middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return HM_FN_NONE;
}

enum hm_fn hm_fn_named(hm_bytes name)
{
	return find(name, first_of(false), first_of(true));
}

enum hm_fn hm_agg_named(hm_bytes name)
{
	return find(name, first_of(true), HM_FN_COUNT);
}
