/* SPDX-License-Identifier: MIT */
/* sql_duckdb.c: from a plan to its common table expressions; see sql.h, sql_duckdb.h. */
#include "query/sql_duckdb.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "store/ddl.h"

void hm_sql_refuse(struct hm_printer *p, struct hm_span span, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	if (p->failed)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	p->failed = true;
	*p->diag = (struct hm_diag){ .code = "HM001",
				     .message = hm_keep(p->a, hm_bytes_of(text)),
				     .at = span.at,
				     .len = span.len };
}

size_t hm_sql_node(struct hm_printer *p, const struct hm_plan *plan)
{
	for (size_t i = 0; i < p->node_count; i++)
		if (p->nodes[i].plan == plan)
			return i;
	return SIZE_MAX;
}

/* Collecting: every node once, inputs before users. */

static void collect(struct hm_printer *p, const struct hm_plan *plan);

static void collect_expr(struct hm_printer *p, const struct hm_expr *e)
{
	if (e == NULL)
		return;
	for (size_t i = 0; i < e->arg_count; i++)
		collect_expr(p, e->args[i]);
	if (e->plan == NULL)
		return;
	collect(p, e->plan);
	p->nodes[hm_sql_node(p, e->plan)].whole = true;
}

static void collect_exprs(struct hm_printer *p, struct hm_expr **list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		collect_expr(p, list[i]);
}

static void collect_agg(struct hm_printer *p, const struct hm_agg *agg)
{
	collect_exprs(p, agg->args, agg->arg_count);
	collect_expr(p, agg->otherwise);
}

static void collect_all_exprs(struct hm_printer *p, const struct hm_plan *plan)
{
	struct hm_expr *single[] = { plan->test, plan->limit, plan->from,
				     plan->to,   plan->step,  plan->axis };

	collect_exprs(p, single, sizeof single / sizeof *single);
	collect_exprs(p, plan->exprs, plan->expr_count);
	collect_exprs(p, plan->keys, plan->key_count);
	for (size_t i = 0; i < plan->agg_count; i++)
		collect_agg(p, &plan->aggs[i]);
	for (size_t i = 0; i < plan->sort_count; i++)
		collect_expr(p, plan->sort[i].by);
	for (size_t i = 0; i < plan->join_key_count; i++) {
		collect_expr(p, plan->join_keys[i].left);
		collect_expr(p, plan->join_keys[i].right);
	}
	for (size_t i = 0; i < plan->expand_count; i++)
		collect_expr(p, plan->expands[i].from);
	for (size_t i = 0; i < plan->level_count; i++) {
		collect_expr(p, plan->levels[i].limit);
		collect_expr(p, plan->levels[i].of);
		collect_agg(p, &plan->levels[i].by);
	}
}

static void add_node(struct hm_printer *p, const struct hm_plan *plan)
{
	/* Grown by doubling: at a power of two the room is used up. */
	if ((p->node_count & (p->node_count - 1)) == 0) {
		size_t cap = p->node_count == 0 ? 1 : p->node_count * 2;
		struct hm_node *grown = hm_new_n(p->a, struct hm_node, cap);
		if (p->node_count != 0)
			memcpy(grown, p->nodes, p->node_count * sizeof *grown);
		p->nodes = grown;
	}
	p->nodes[p->node_count++] = (struct hm_node){ .plan = plan };
}

static void collect(struct hm_printer *p, const struct hm_plan *plan)
{
	size_t known = hm_sql_node(p, plan);

	if (known != SIZE_MAX) {
		p->nodes[known].uses++;
		return;
	}
	for (size_t i = 0; i < plan->input_count; i++)
		collect(p, plan->inputs[i]);
	collect_all_exprs(p, plan);
	if (plan->sub != NULL)
		collect(p, plan->sub);
	add_node(p, plan);
	p->nodes[p->node_count - 1].uses = 1;
}

/* Order: who can say in which order rows are, and who asks. */

static bool passes_order(enum hm_plan_kind kind)
{
	return kind == HM_PLAN_FILTER || kind == HM_PLAN_PROJECT ||
	       kind == HM_PLAN_TAKE || kind == HM_PLAN_MV_EXPAND ||
	       kind == HM_PLAN_PARSE || kind == HM_PLAN_PARSE_KV ||
	       kind == HM_PLAN_UNPACK || kind == HM_PLAN_MV_APPLY;
}

/* Groups come in the order of their first rows, but only where that costs nothing: where
 * rows are literals. */
static bool groups_rows(const struct hm_plan *plan)
{
	return (plan->kind == HM_PLAN_SUMMARIZE && plan->key_count != 0) ||
	       plan->kind == HM_PLAN_DISTINCT;
}

static bool from_values(const struct hm_plan *plan)
{
	while (passes_order(plan->kind) || groups_rows(plan) ||
	       plan->kind == HM_PLAN_SORT || plan->kind == HM_PLAN_TOP)
		plan = plan->inputs[0];
	return plan->kind == HM_PLAN_VALUES || plan->kind == HM_PLAN_RANGE ||
	       plan->kind == HM_PLAN_ROW;
}

static bool can_order(const struct hm_plan *plan)
{
	while (passes_order(plan->kind))
		plan = plan->inputs[0];
	if (groups_rows(plan))
		return from_values(plan);
	return plan->kind == HM_PLAN_VALUES || plan->kind == HM_PLAN_RANGE ||
	       plan->kind == HM_PLAN_SORT || plan->kind == HM_PLAN_TOP ||
	       plan->kind == HM_PLAN_ROW || plan->kind == HM_PLAN_SCAN ||
	       plan->kind == HM_PLAN_TOP_NESTED;
}

static bool windowed(const struct hm_plan *plan)
{
	if (plan->test != NULL && plan->test->windowed)
		return true;
	for (size_t i = 0; i < plan->expr_count; i++)
		if (plan->exprs[i] != NULL && plan->exprs[i]->windowed)
			return true;
	return false;
}

static bool asks_order(const struct hm_plan *plan)
{
	switch (plan->kind) {
	case HM_PLAN_SUMMARIZE: return plan->agg_count != 0;
	case HM_PLAN_TAKE:
	case HM_PLAN_SORT:
	case HM_PLAN_TOP:
	case HM_PLAN_SCAN:
	case HM_PLAN_MV_APPLY:
	case HM_PLAN_PIVOT:
	case HM_PLAN_MAKE_SERIES: return true;
	case HM_PLAN_JOIN: return plan->join == HM_JOIN_INNERUNIQUE;
	case HM_PLAN_TABLE:
	case HM_PLAN_VALUES:
	case HM_PLAN_ONE:
	case HM_PLAN_RANGE:
	case HM_PLAN_CATALOGUE:
	case HM_PLAN_ROW:
	case HM_PLAN_FILTER:
	case HM_PLAN_PROJECT:
	case HM_PLAN_DISTINCT:
	case HM_PLAN_SAMPLE:
	case HM_PLAN_SAMPLE_DISTINCT:
	case HM_PLAN_TOP_HITTERS:
	case HM_PLAN_MV_EXPAND:
	case HM_PLAN_PARTITION:
	case HM_PLAN_PARSE:
	case HM_PLAN_PARSE_KV:
	case HM_PLAN_TOP_NESTED:
	case HM_PLAN_UNPACK:
	case HM_PLAN_NARROW:
	case HM_PLAN_FILE_PROFILE:
	case HM_PLAN_UNION:
	case HM_PLAN_IPV4_LOOKUP: break;
	}
	return windowed(plan);
}

static void want_order(struct hm_printer *p, const struct hm_plan *plan)
{
	size_t at = hm_sql_node(p, plan);

	if (at != SIZE_MAX && can_order(plan))
		p->nodes[at].order = true;
}

/* take n of a sort is a top n: no need to number all rows. */
static bool is_sorted_take(struct hm_printer *p, const struct hm_plan *plan)
{
	return plan->kind == HM_PLAN_TAKE && plan->inputs[0]->kind == HM_PLAN_SORT &&
	       p->nodes[hm_sql_node(p, plan->inputs[0])].uses == 1;
}

static void spread_order(struct hm_printer *p)
{
	for (size_t i = p->node_count; i > 0; i--) {
		struct hm_node *n = &p->nodes[i - 1];
		const struct hm_plan *plan = n->plan;
		bool pass = n->order && (passes_order(plan->kind) || groups_rows(plan));
		if ((pass || asks_order(plan)) && plan->input_count != 0 &&
		    !is_sorted_take(p, plan))
			want_order(p, plan->inputs[0]);
		if (plan->kind == HM_PLAN_MV_APPLY)
			want_order(p, plan->sub);
	}
}

static void spread_groups(struct hm_printer *p)
{
	for (size_t i = 0; i < p->node_count; i++) {
		struct hm_node *n = &p->nodes[i];
		n->grouped = n->plan->kind == HM_PLAN_ROW;
		for (size_t j = 0; j < n->plan->input_count; j++)
			n->grouped |=
				p->nodes[hm_sql_node(p, n->plan->inputs[j])].grouped;
	}
}

/* Leaves and the operators that are one clause. */

void hm_sql_hidden(struct hm_printer *p, const struct hm_node *n, const char *prefix)
{
	if (n->order)
		hm_putf(&p->out, ", %so", prefix);
	if (n->grouped)
		hm_putf(&p->out, ", %sg", prefix);
}

/* The columns of plan that are needed; something where none is. */
static void put_columns(struct hm_printer *p, const struct hm_plan *plan)
{
	const bool *needed = p->nodes[hm_sql_node(p, plan)].needed;
	bool any = false;

	for (size_t i = 0; i < plan->columns.count; i++) {
		if (!needed[i])
			continue;
		hm_putf(&p->out, "%sc%zu", any ? ", " : "", i);
		any = true;
	}
	hm_put_str(&p->out, any ? "" : "1 AS z");
}

static void print_empty(struct hm_printer *p, const struct hm_plan *plan)
{
	for (size_t i = 0; i < plan->columns.count; i++)
		hm_putf(&p->out, "%sNULL::%s AS c%zu", i == 0 ? "" : ", ",
			hm_sql_type_of(plan->columns.at[i].type), i);
	if (plan->columns.count == 0)
		hm_put_str(&p->out, "1 AS z");
}

static void print_table(struct hm_printer *p, const struct hm_plan *plan,
			const struct hm_node *n)
{
	const struct hm_sql_options *o = p->options;
	bool any = false;

	hm_put_str(&p->out, "SELECT ");
	if (o->stored == NULL || !o->stored(o->ctx, plan->name)) {
		print_empty(p, plan);
		hm_put_str(&p->out, " WHERE FALSE");
		return;
	}
	for (size_t i = 0; i < plan->columns.count; i++) {
		if (!n->needed[i])
			continue;
		hm_put_str(&p->out, any ? ", " : "");
		hm_put_sql_name(&p->out, plan->columns.at[i].name);
		hm_putf(&p->out, " AS c%zu", i);
		any = true;
	}
	hm_put_str(&p->out, any ? " FROM " : "1 AS z FROM ");
	hm_put_sql_name(&p->out, plan->name);
}

/* A pinned copy: texts, converted to what the query declares. */
static void print_copy(struct hm_printer *p, const struct hm_plan *plan)
{
	for (size_t i = 0; i < plan->columns.count; i++) {
		hm_put_str(&p->out, i == 0 ? "SELECT " : ", ");
		hm_sql_of_text(p, hm_format(p->a, "c%zu", i), plan->columns.at[i].type);
		hm_putf(&p->out, " AS c%zu", i);
	}
	hm_put_str(&p->out, " FROM ");
	hm_put_sql_name(&p->out, plan->name);
}

static void print_row(struct hm_printer *p, const struct hm_plan *plan, size_t row)
{
	size_t count = plan->columns.count;

	hm_put_str(&p->out, row == 0 ? "(" : ", (");
	for (size_t i = 0; i < count; i++) {
		hm_sql_comma(p, i);
		hm_sql_value(p, &plan->values[row * count + i]);
	}
	hm_putf(&p->out, "%s%zu)", count == 0 ? "" : ", ", row);
}

static void print_values(struct hm_printer *p, const struct hm_plan *plan,
			 const struct hm_node *n)
{
	hm_put_str(&p->out, "SELECT ");
	if (plan->row_count == 0) {
		print_empty(p, plan);
		hm_putf(&p->out, "%s WHERE FALSE", n->order ? ", 0 AS o" : "");
		return;
	}
	for (size_t i = 0; i < plan->columns.count; i++)
		hm_putf(&p->out, "%sc%zu::%s AS c%zu", i == 0 ? "" : ", ", i,
			hm_sql_type_of(plan->columns.at[i].type), i);
	if (plan->columns.count == 0)
		hm_put_str(&p->out, "1 AS z");
	hm_putf(&p->out, "%s FROM (VALUES ", n->order ? ", o" : "");
	for (size_t row = 0; row < plan->row_count; row++)
		print_row(p, plan, row);
	hm_put_str(&p->out, ") t(");
	for (size_t i = 0; i < plan->columns.count; i++)
		hm_putf(&p->out, "c%zu, ", i);
	hm_put_str(&p->out, "o)");
}

/* One row of what a range begins with, ends with, and steps by. */
static void put_ends(struct hm_printer *p, const struct hm_plan *plan, char kind)
{
	hm_put_str(&p->out, "(SELECT ");
	hm_sql_as(p, plan->from, kind);
	hm_put_str(&p->out, " AS a, ");
	hm_sql_as(p, plan->to, kind);
	hm_put_str(&p->out, " AS b, ");
	hm_sql_as(p, plan->step, kind);
	hm_put_str(&p->out, " AS s)");
}

/* Whole numbers and ticks step exactly; reals by multiples of the step.  The engine makes
 * the rows of its range as they are read where that depends on no other row; a list,
 * which it makes else, would be in memory at once. */
static void print_range(struct hm_printer *p, const struct hm_plan *plan,
			const struct hm_node *n)
{
	const char *order = n->order ? ", i AS o" : "";
	bool real = plan->columns.at[0].type == HM_SCALAR_REAL;
	bool narrow = plan->columns.at[0].type == HM_SCALAR_INT;

	hm_putf(&p->out, "SELECT %sa + s * i%s AS c0%s FROM ", narrow ? "CAST(" : "",
		narrow ? " AS INTEGER)" : "", order);
	put_ends(p, plan, real ? 'r' : 'l');
	hm_put_str(&p->out, ", range((SELECT CASE WHEN s = 0 OR (b - a) / s < 0 THEN 0 "
			    "ELSE ");
	hm_put_str(&p->out,
		   real ? "CAST(floor((b - a) / s + 1e-9) AS BIGINT)" : "(b - a) // s");
	hm_put_str(&p->out, " + 1 END FROM ");
	put_ends(p, plan, real ? 'r' : 'l');
	hm_put_str(&p->out, ")) t(i)");
}

static void from(struct hm_printer *p, const struct hm_plan *plan, unsigned input)
{
	hm_putf(&p->out, " FROM n%zu", hm_sql_node(p, plan->inputs[input]));
}

static void print_filter(struct hm_printer *p, const struct hm_plan *plan,
			 struct hm_node *n)
{
	if (plan->test->windowed) {
		hm_sql_project(p, plan, n);
		return;
	}
	hm_put_str(&p->out, "SELECT ");
	put_columns(p, plan);
	hm_sql_hidden(p, n, "");
	from(p, plan, 0);
	hm_put_str(&p->out, " WHERE ");
	hm_sql_test(p, plan->test);
}

static void print_distinct(struct hm_printer *p, const struct hm_plan *plan,
			   const struct hm_node *n)
{
	hm_put_str(&p->out, n->order ? "SELECT " : "SELECT DISTINCT ");
	put_columns(p, plan);
	hm_put_str(&p->out, n->order ? ", min(o) AS o" : "");
	hm_put_str(&p->out, n->grouped ? ", g" : "");
	from(p, plan, 0);
	if (!n->order)
		return;
	hm_put_str(&p->out, " GROUP BY ");
	put_columns(p, plan);
	hm_put_str(&p->out, n->grouped ? ", g" : "");
}

void hm_sql_sort_keys(struct hm_printer *p, const struct hm_plan *plan)
{
	bool stable = p->nodes[hm_sql_node(p, plan->inputs[0])].order;

	for (size_t i = 0; i < plan->sort_count; i++) {
		hm_sql_comma(p, i);
		hm_sql_sort_key(p, &plan->sort[i]);
	}
	if (stable)
		hm_put_str(&p->out, ", o");
}

static void print_sort(struct hm_printer *p, const struct hm_plan *plan,
		       const struct hm_node *n)
{
	hm_put_str(&p->out, "SELECT ");
	put_columns(p, plan);
	if (n->order) {
		hm_put_str(&p->out, ", row_number() OVER (ORDER BY ");
		hm_sql_sort_keys(p, plan);
		hm_put_str(&p->out, ") AS o");
	}
	hm_put_str(&p->out, n->grouped ? ", g" : "");
	from(p, plan, 0);
}

static void print_limit(struct hm_printer *p, const struct hm_expr *limit)
{
	hm_put_str(&p->out, "greatest(");
	hm_sql_as(p, limit, 'l');
	hm_put_str(&p->out, ", 0)");
}

/* The first by the keys of sorted; sorted is plan, or the sort below a take. */
static void print_top(struct hm_printer *p, const struct hm_plan *plan,
		      const struct hm_plan *sorted, const struct hm_node *n)
{
	size_t input = hm_sql_node(p, sorted->inputs[0]);

	hm_put_str(&p->out, "SELECT ");
	put_columns(p, plan);
	if (n->order) {
		hm_put_str(&p->out, ", row_number() OVER (ORDER BY ");
		hm_sql_sort_keys(p, sorted);
		hm_put_str(&p->out, ") AS o");
	}
	hm_put_str(&p->out, n->grouped ? ", g" : "");
	if (n->grouped) {
		hm_putf(&p->out,
			" FROM n%zu QUALIFY row_number() OVER (PARTITION BY g "
			"ORDER BY ",
			input);
		hm_sql_sort_keys(p, sorted);
		hm_put_str(&p->out, ") <= ");
		print_limit(p, plan->limit);
		return;
	}
	hm_putf(&p->out, " FROM (SELECT * FROM n%zu ORDER BY ", input);
	hm_sql_sort_keys(p, sorted);
	hm_put_str(&p->out, " LIMIT ");
	print_limit(p, plan->limit);
	hm_put_str(&p->out, ")");
}

static void print_take(struct hm_printer *p, const struct hm_plan *plan,
		       const struct hm_node *n)
{
	bool order = p->nodes[hm_sql_node(p, plan->inputs[0])].order;

	if (is_sorted_take(p, plan)) {
		print_top(p, plan, plan->inputs[0], n);
		return;
	}
	hm_put_str(&p->out, "SELECT ");
	put_columns(p, plan);
	hm_sql_hidden(p, n, "");
	from(p, plan, 0);
	if (n->grouped)
		hm_putf(&p->out, " QUALIFY row_number() OVER (PARTITION BY g%s) <= ",
			order ? " ORDER BY o" : "");
	else
		hm_putf(&p->out, "%s LIMIT ", order ? " ORDER BY o" : "");
	print_limit(p, plan->limit);
}

static void print_sample(struct hm_printer *p, const struct hm_plan *plan)
{
	hm_put_str(&p->out, "SELECT ");
	put_columns(p, plan);
	from(p, plan, 0);
	hm_put_str(&p->out, " ORDER BY random() LIMIT ");
	print_limit(p, plan->limit);
}

static void print_sample_distinct(struct hm_printer *p, const struct hm_plan *plan)
{
	hm_put_str(&p->out, "SELECT DISTINCT ");
	hm_sql_expr(p, plan->exprs[0]);
	hm_put_str(&p->out, " AS c0");
	from(p, plan, 0);
	hm_put_str(&p->out, " LIMIT ");
	print_limit(p, plan->limit);
}

static void print_top_hitters(struct hm_printer *p, const struct hm_plan *plan)
{
	hm_put_str(&p->out, "SELECT ");
	hm_sql_expr(p, plan->exprs[0]);
	hm_put_str(&p->out, " AS c0, ");
	if (plan->expr_count > 1) {
		hm_putf(&p->out, "CAST(sum(");
		hm_sql_expr(p, plan->exprs[1]);
		hm_putf(&p->out, ") AS %s)", hm_sql_type_of(plan->columns.at[1].type));
	} else {
		hm_put_str(&p->out, "count(*)");
	}
	hm_put_str(&p->out, " AS c1");
	from(p, plan, 0);
	hm_put_str(&p->out, " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ");
	print_limit(p, plan->limit);
}

static void print_node(struct hm_printer *p, struct hm_node *n)
{
	const struct hm_plan *plan = n->plan;

	switch (plan->kind) {
	case HM_PLAN_TABLE: print_table(p, plan, n); return;
	case HM_PLAN_VALUES: print_values(p, plan, n); return;
	case HM_PLAN_ONE: hm_put_str(&p->out, "SELECT 1 AS z"); return;
	case HM_PLAN_RANGE: print_range(p, plan, n); return;
	case HM_PLAN_FILTER: print_filter(p, plan, n); return;
	case HM_PLAN_PROJECT: hm_sql_project(p, plan, n); return;
	case HM_PLAN_DISTINCT: print_distinct(p, plan, n); return;
	case HM_PLAN_SUMMARIZE: hm_sql_summarize(p, plan, n); return;
	case HM_PLAN_SORT: print_sort(p, plan, n); return;
	case HM_PLAN_TOP: print_top(p, plan, plan, n); return;
	case HM_PLAN_TAKE: print_take(p, plan, n); return;
	case HM_PLAN_SAMPLE: print_sample(p, plan); return;
	case HM_PLAN_SAMPLE_DISTINCT: print_sample_distinct(p, plan); return;
	case HM_PLAN_TOP_HITTERS: print_top_hitters(p, plan); return;
	case HM_PLAN_MV_EXPAND: hm_sql_expand(p, plan, n); return;
	case HM_PLAN_ROW: hm_sql_row_leaf(p, plan, n); return;
	case HM_PLAN_MV_APPLY:
	case HM_PLAN_PARTITION: hm_sql_apply(p, plan, n); return;
	case HM_PLAN_PARSE:
	case HM_PLAN_PARSE_KV: hm_sql_parse(p, plan, n); return;
	case HM_PLAN_MAKE_SERIES: hm_sql_make_series(p, plan); return;
	case HM_PLAN_PIVOT: hm_sql_pivot(p, plan); return;
	case HM_PLAN_UNPACK: hm_sql_unpack(p, plan, n); return;
	case HM_PLAN_JOIN: hm_sql_join(p, plan, n); return;
	case HM_PLAN_UNION: hm_sql_union(p, plan, n); return;
	case HM_PLAN_IPV4_LOOKUP: hm_sql_ip_lookup(p, plan); return;
	case HM_PLAN_SCAN: hm_sql_scan(p, plan, n); return;
	case HM_PLAN_TOP_NESTED: hm_sql_top_nested(p, plan, n); return;
	case HM_PLAN_CATALOGUE: print_copy(p, plan); return;
	case HM_PLAN_FILE_PROFILE: hm_sql_profile(p, plan, n); return;
	case HM_PLAN_NARROW: break;
	}
	hm_sql_refuse(p, plan->span, "%s is not supported", plan->word);
}

/* A sort at the end is the last SELECT's own order. */
static bool is_last_sort(struct hm_printer *p, const struct hm_plan *top)
{
	return top->kind == HM_PLAN_SORT && p->options->of == NULL &&
	       p->nodes[hm_sql_node(p, top)].uses == 1;
}

/* What follows the last of the common table expressions. */
static void print_final(struct hm_printer *p, const struct hm_plan *top)
{
	struct hm_node *n = &p->nodes[hm_sql_node(p, top)];
	bool sorted = is_last_sort(p, top);

	if (p->options->of != NULL) {
		hm_put_str(&p->out, "\nSELECT DISTINCT ");
		hm_sql_expr(p, p->options->of);
		hm_putf(&p->out, " AS c0 FROM n%zu", hm_sql_node(p, top));
		return;
	}
	hm_put_str(&p->out, "\nSELECT ");
	put_columns(p, top);
	if (sorted)
		from(p, top, 0);
	else
		hm_putf(&p->out, " FROM n%zu", hm_sql_node(p, top));
	if (sorted) {
		hm_put_str(&p->out, "\nORDER BY ");
		hm_sql_sort_keys(p, top);
	} else if (n->order) {
		hm_put_str(&p->out, "\nORDER BY o");
	}
}

static void print_with(struct hm_printer *p, const struct hm_plan *top)
{
	size_t last = hm_sql_node(p, top);
	bool any = false;

	for (size_t i = 0; i < p->node_count && !p->failed; i++) {
		struct hm_node *n = &p->nodes[i];
		if (i == last && is_last_sort(p, top))
			continue;
		hm_put_str(&p->out, any ? ",\n" : "WITH ");
		any = true;
		if (n->plan->kind == HM_PLAN_ROW) {
			hm_putf(&p->out, "m%zu AS MATERIALIZED (", i);
			hm_sql_owner(p, n->plan);
			hm_put_str(&p->out, "),\n");
		}
		hm_putf(&p->out, "n%zu AS %s(", i,
			n->plan->materialized && n->uses > 1 ? "MATERIALIZED " : "");
		print_node(p, n);
		hm_put_str(&p->out, ")");
	}
}

static struct hm_printer printer_of(const struct hm_sql_options *options,
				    struct hm_arena *a, struct hm_diag *diag)
{
	return (struct hm_printer){ .a = a,
				    .out = hm_buf_of(SIZE_MAX / 2),
				    .options = options,
				    .diag = diag,
				    .prefix = "",
				    .window = "" };
}

static bool finish(struct hm_printer *p, struct hm_sql *out)
{
	bool ok = !p->failed && p->out.err == HM_OK;

	if (ok)
		*out = (struct hm_sql){ hm_cstr(p->a, hm_buf_bytes(&p->out)), p->params,
					p->param_count };
	hm_buf_done(&p->out);
	return ok;
}

bool hm_sql_print(const struct hm_plan *plan, const struct hm_sql_options *options,
		  struct hm_arena *a, struct hm_sql *out, struct hm_diag *diag)
{
	struct hm_printer p = printer_of(options, a, diag);

	collect(&p, plan);
	collect_expr(&p, options->of);
	if (can_order(plan) && plan->kind != HM_PLAN_SORT && options->of == NULL)
		p.nodes[hm_sql_node(&p, plan)].order = true;
	spread_order(&p);
	spread_groups(&p);
	hm_sql_find_needs(&p, plan);
	print_with(&p, plan);
	print_final(&p, plan);
	return finish(&p, out);
}
