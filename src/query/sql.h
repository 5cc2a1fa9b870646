/* SPDX-License-Identifier: MIT */
/*
 * sql.h: a plan as SQL of DuckDB.
 *
 * One common table expression a node, each with its columns listed: c0, c1... by
 * place, since KQL's names differ by case and SQL's do not.  Texts are parameters
 * ($1, $2...); names pass through one quoting function; numbers and times are printed.
 *
 * How values are kept is rt.h's: datetime and timespan BIGINT ticks, strings never
 * NULL, dynamic the text of its JSON, decimal and guid text.
 */
#ifndef HM_QUERY_SQL_H
#define HM_QUERY_SQL_H

#include "query/diag.h"
#include "query/plan.h"

struct hm_sql {
	const char *text; /* one SELECT; its columns are those of the plan, by place */
	hm_bytes *params; /* of $1, $2... */
	size_t param_count;
};

struct hm_sql_options {
	hm_time now; /* what now() says */
	void *ctx;
	/* Not NULL: this over each row of the plan, once each value, in column c0. */
	const struct hm_expr *of;
	/* Whether the database holds that table; one that it does not hold is empty. */
	bool (*stored)(void *ctx, hm_bytes table);
};

/*
 * Print plan; false where it holds what DuckDB is not given: diag names it.  The SQL
 * lives in a.  What is printed is of any size the plan is: it is not cut.
 */
bool hm_sql_print(const struct hm_plan *plan, const struct hm_sql_options *options,
		  struct hm_arena *a, struct hm_sql *out, struct hm_diag *diag);

#endif
