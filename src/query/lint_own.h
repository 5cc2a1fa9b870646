/* SPDX-License-Identifier: MIT */
/*
 * lint_own.h: what the files of lint share, and nobody else uses.
 */
#ifndef HM_QUERY_LINT_OWN_H
#define HM_QUERY_LINT_OWN_H

#include "query/lint.h"
#include "query/plan.h"

struct hm_linter {
	struct hm_arena *arena;
	const struct hm_catalogue *catalogue;
	hm_bytes text;
	const struct hm_query *query;
	struct hm_findings found;
	bool proven; /* the query asks whether the signature holds, not only for a name */
	bool timed;  /* the other dialect's name of the time was found */
};

/* A column of a table of Defender's; the table is "FileProfile" for what that adds.
 * Both are empty for what is computed. */
struct hm_root {
	hm_bytes table, column;
};

/* Add a finding, once for each place. */
HM_PRINTF(4, 5)
void hm_lint_add(struct hm_linter *l, const char *code, struct hm_span at,
		 const char *fmt, ...);

/* Where that column of plan comes from. */
struct hm_root hm_lint_root(const struct hm_plan *plan, size_t column);
/* Where the value of e, over the rows of plan, comes from: through conversions and
 * changes of case. */
struct hm_root hm_lint_root_of(const struct hm_plan *plan, const struct hm_expr *e);

/* The rules on calls and operators (lint_values.c), and on joins (lint_joins.c). */
void hm_lint_call(struct hm_linter *l, const struct hm_plan *plan,
		  const struct hm_expr *e);
void hm_lint_join(struct hm_linter *l, const struct hm_plan *plan);

/* Whether the column tells that a signature holds, or names one certificate. */
bool hm_lint_is_proof(hm_bytes column);
/* How many hex digits its values have: -1 not hex, 0 any number. */
int hm_lint_digits(hm_bytes column);

#endif
