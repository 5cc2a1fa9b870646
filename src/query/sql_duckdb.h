/* SPDX-License-Identifier: MIT */
/*
 * sql_duckdb.h: what the printer's files share.  Not for other files.
 *
 * A node of the plan is printed as the common table expression n<place>.  Beside its
 * columns c0, c1... it may have two more: o, the place of the row where the order of
 * rows matters to somebody, and g, the row of the owner that a row of a sub-plan
 * (mv-apply, partition) belongs to.
 */
#ifndef HM_QUERY_SQL_DUCKDB_H
#define HM_QUERY_SQL_DUCKDB_H

#include "query/sql.h"

struct hm_node {
	const struct hm_plan *plan;
	bool order;   /* has the column o */
	bool grouped; /* has the column g */
	unsigned uses;
	bool whole;   /* an expression reads it: all of its columns are needed */
	bool *needed; /* which of its columns are read; the others are not printed */
};

/* An expression that was computed before, and the name of its column. */
struct hm_computed {
	const struct hm_expr *expr;
	unsigned index;
	const char *letter; /* w or s */
};

struct hm_printer {
	struct hm_arena *a;
	struct hm_buf out;
	const struct hm_sql_options *options;
	struct hm_diag *diag;
	bool failed;
	struct hm_node *nodes;
	size_t node_count;
	hm_bytes *params;
	size_t param_count, param_cap;
	const char *prefix; /* before a column's name: "", "l.", "r." */
	const char *window; /* of window functions: "PARTITION BY g ORDER BY o" */
	const struct hm_expr
		*only;      /* pivot: aggregates see rows where this, as a string, */
	hm_bytes only_text; /* is that */
	struct hm_computed *computed;
	size_t computed_count;
};

/* Refuse the query, naming what at span; the first refusal stays. */
HM_PRINTF(3, 4)
void hm_sql_refuse(struct hm_printer *p, struct hm_span span, const char *fmt, ...);

/* The place of a plan that was collected. */
size_t hm_sql_node(struct hm_printer *p, const struct hm_plan *plan);

/* Find what is needed for all columns of top: every node, from the top down. */
void hm_sql_find_needs(struct hm_printer *p, const struct hm_plan *top);

/* A comma before all but the first of a list. */
void hm_sql_comma(struct hm_printer *p, size_t place);

/* $n, for a new parameter. */
void hm_sql_text(struct hm_printer *p, hm_bytes text);
const char *hm_sql_type_of(enum hm_scalar type);
/* A value of its type; strings become parameters. */
void hm_sql_value(struct hm_printer *p, const struct hm_value *v);
/* NULL of the type, "" for strings. */
void hm_sql_nothing(struct hm_printer *p, enum hm_scalar type);

void hm_sql_expr(struct hm_printer *p, const struct hm_expr *e);
/* A bool of which null and false mean the same: the test of a filter. */
void hm_sql_test(struct hm_printer *p, const struct hm_expr *e);
/* e turned to another kind: s tostring, j dynamic, l BIGINT, r DOUBLE, b BOOLEAN. */
void hm_sql_as(struct hm_printer *p, const struct hm_expr *e, char kind);
/* An SQL text of type turned to dynamic, printed by calls around it. */
void hm_sql_open_dynamic(struct hm_printer *p, enum hm_scalar type);
void hm_sql_close_dynamic(struct hm_printer *p, enum hm_scalar type);
/* A dynamic (SQL text sql) turned to type. */
void hm_sql_of_dynamic(struct hm_printer *p, const char *sql, enum hm_scalar type);
/* A text (SQL text sql) converted to type: null where it is none. */
void hm_sql_of_text(struct hm_printer *p, const char *sql, enum hm_scalar type);
/* A call of a function or an operator. */
void hm_sql_call(struct hm_printer *p, const struct hm_expr *e);
/* A series_ function that is no template; false where e is none. */
bool hm_sql_series(struct hm_printer *p, const struct hm_expr *e);
void hm_sql_operator(struct hm_printer *p, const struct hm_expr *e, bool test);

bool hm_sql_nullable(const struct hm_expr *e);
/* An expression that may stand for a sort key: NaN with null, decimals as numbers. */
void hm_sql_sort_key(struct hm_printer *p, const struct hm_sort_key *key);
void hm_sql_sort_keys(struct hm_printer *p, const struct hm_plan *plan);

/* The operators, each the body of its common table expression. */
void hm_sql_project(struct hm_printer *p, const struct hm_plan *plan, struct hm_node *n);
void hm_sql_summarize(struct hm_printer *p, const struct hm_plan *plan,
		      struct hm_node *n);
void hm_sql_make_series(struct hm_printer *p, const struct hm_plan *plan);
void hm_sql_pivot(struct hm_printer *p, const struct hm_plan *plan);
void hm_sql_join(struct hm_printer *p, const struct hm_plan *plan, struct hm_node *n);
void hm_sql_union(struct hm_printer *p, const struct hm_plan *plan, struct hm_node *n);
void hm_sql_ip_lookup(struct hm_printer *p, const struct hm_plan *plan);
void hm_sql_expand(struct hm_printer *p, const struct hm_plan *plan, struct hm_node *n);
void hm_sql_owner(struct hm_printer *p, const struct hm_plan *leaf);
void hm_sql_row_leaf(struct hm_printer *p, const struct hm_plan *plan, struct hm_node *n);
void hm_sql_apply(struct hm_printer *p, const struct hm_plan *plan, struct hm_node *n);
void hm_sql_parse(struct hm_printer *p, const struct hm_plan *plan, struct hm_node *n);
void hm_sql_unpack(struct hm_printer *p, const struct hm_plan *plan, struct hm_node *n);
void hm_sql_profile(struct hm_printer *p, const struct hm_plan *plan, struct hm_node *n);
void hm_sql_scan(struct hm_printer *p, const struct hm_plan *plan, struct hm_node *n);
void hm_sql_top_nested(struct hm_printer *p, const struct hm_plan *plan,
		       struct hm_node *n);

/* An aggregate's argument printed for a group of rows; order is " ORDER BY o" or "". */
void hm_sql_aggregate(struct hm_printer *p, const struct hm_agg *agg, enum hm_scalar type,
		      const char *order);

/* The FILTER of an aggregate: rows where test is true and value is not null; each may be
 * NULL. */
void hm_sql_agg_filter(struct hm_printer *p, const struct hm_expr *test,
		       const struct hm_expr *value);
/* Result `part` of a percentile; false where agg is none. */
bool hm_sql_percentile(struct hm_printer *p, const struct hm_agg *agg, size_t part);

/* ", o" and ", g" where the node has them, prefixed. */
void hm_sql_hidden(struct hm_printer *p, const struct hm_node *n, const char *prefix);

#endif
