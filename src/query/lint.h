/* SPDX-License-Identifier: MIT */
/*
 * lint.h: what is wrong, or most likely a mistake, in a query, without running it.
 *
 * First of all the binder's refusal, if it refuses.  A query that is bound is looked
 * through for the mistakes that published detections make with signatures: a name
 * taken for a proof, hashes that can never be equal, joins that lose or mix up rows.
 * Where a column comes from is followed through the plan, so renamed ones are known.
 */
#ifndef HM_QUERY_LINT_H
#define HM_QUERY_LINT_H

#include "query/catalog.h"
#include "query/diag.h"

/* In the order of the text. */
struct hm_findings {
	struct hm_diag *at;
	size_t count, room;
};

/* text must outlive the findings, which are in a. */
struct hm_findings hm_lint(hm_bytes text, const struct hm_catalogue *catalogue,
			   struct hm_arena *a);

#endif
