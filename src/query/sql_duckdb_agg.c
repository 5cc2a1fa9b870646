/* SPDX-License-Identifier: MIT */
/*
 * sql_duckdb_agg.c: summarize, make-series, pivot and their aggregates.
 *
 * Nulls are skipped, but count counts rows (kql.md B1.4); of nothing, sums and counts
 * are 0, averages NaN, lists empty.  arg_max and take_any of several columns are one
 * aggregate over a struct of them, so that they come from one row.
 */
#include <string.h>

#include "query/sql_duckdb.h"

enum shape {
	COUNT,
	DISTINCT,
	SUM,
	AVG,
	MIN,
	MAX,
	ANY,
	SIMPLE, /* name(x) of a real */
	PAIR,   /* name(x, y) of two reals */
	BITS,
	LIST,
	NULLS, /* a list with its nulls */
	SET,
	BAG,
};

/* predicate: the argument that says which rows count, 0 for none; limit likewise. */
static const struct row {
	enum hm_fn fn;
	enum shape shape;
	const char *name;
	size_t predicate, limit;
} rows[] = {
	/* clang-format off */
	{ HM_FN_agg_count, COUNT, NULL, 0, 0 },
	{ HM_FN_agg_cnt, COUNT, NULL, 0, 0 },
	{ HM_FN_agg_countif, COUNT, NULL, 1, 0 },
	{ HM_FN_agg_dcount, DISTINCT, NULL, 0, 0 },
	{ HM_FN_agg_dcountif, DISTINCT, NULL, 2, 0 },
	{ HM_FN_agg_count_distinct, DISTINCT, NULL, 0, 0 },
	{ HM_FN_agg_count_distinctif, DISTINCT, NULL, 2, 0 },
	{ HM_FN_agg_sum, SUM, NULL, 0, 0 },
	{ HM_FN_agg_sumif, SUM, NULL, 2, 0 },
	{ HM_FN_agg_avg, AVG, NULL, 0, 0 },
	{ HM_FN_agg_avgif, AVG, NULL, 2, 0 },
	{ HM_FN_agg_min, MIN, NULL, 0, 0 },
	{ HM_FN_agg_minif, MIN, NULL, 2, 0 },
	{ HM_FN_agg_max, MAX, NULL, 0, 0 },
	{ HM_FN_agg_maxif, MAX, NULL, 2, 0 },
	{ HM_FN_agg_any, ANY, NULL, 0, 0 },
	{ HM_FN_agg_take_any, ANY, NULL, 0, 0 },
	{ HM_FN_agg_anyif, ANY, NULL, 2, 0 },
	{ HM_FN_agg_take_anyif, ANY, NULL, 2, 0 },
	{ HM_FN_agg_stdev, SIMPLE, "stddev_samp", 0, 0 },
	{ HM_FN_agg_stdevif, SIMPLE, "stddev_samp", 2, 0 },
	{ HM_FN_agg_stdevp, SIMPLE, "stddev_pop", 0, 0 },
	{ HM_FN_agg_variance, SIMPLE, "var_samp", 0, 0 },
	{ HM_FN_agg_varianceif, SIMPLE, "var_samp", 2, 0 },
	{ HM_FN_agg_variancep, SIMPLE, "var_pop", 0, 0 },
	{ HM_FN_agg_variancepif, SIMPLE, "var_pop", 2, 0 },
	{ HM_FN_agg_covariance, PAIR, "covar_samp", 0, 0 },
	{ HM_FN_agg_covarianceif, PAIR, "covar_samp", 3, 0 },
	{ HM_FN_agg_covariancep, PAIR, "covar_pop", 0, 0 },
	{ HM_FN_agg_covariancepif, PAIR, "covar_pop", 3, 0 },
	{ HM_FN_agg_binary_all_and, BITS, "bit_and", 0, 0 },
	{ HM_FN_agg_binary_all_or, BITS, "bit_or", 0, 0 },
	{ HM_FN_agg_binary_all_xor, BITS, "bit_xor", 0, 0 },
	{ HM_FN_agg_make_list, LIST, NULL, 0, 2 },
	{ HM_FN_agg_make_list_if, LIST, NULL, 2, 3 },
	{ HM_FN_agg_makelist, LIST, NULL, 0, 2 },
	{ HM_FN_agg_make_list_with_nulls, NULLS, NULL, 0, 0 },
	{ HM_FN_agg_make_set, SET, NULL, 0, 2 },
	{ HM_FN_agg_make_set_if, SET, NULL, 2, 3 },
	{ HM_FN_agg_makeset, SET, NULL, 0, 2 },
	{ HM_FN_agg_make_bag, BAG, NULL, 0, 2 },
	{ HM_FN_agg_make_bag_if, BAG, NULL, 2, 3 },
	{ HM_FN_agg_make_dictionary, BAG, NULL, 0, 2 },
	/* clang-format on */
};

static const struct row *row_of(enum hm_fn fn)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].fn == fn)
			return &rows[i];
	return NULL;
}

void hm_sql_agg_filter(struct hm_printer *p, const struct hm_expr *test,
		       const struct hm_expr *value)
{
	const char *before = " FILTER (WHERE ";

	if (test != NULL) {
		hm_put_str(&p->out, before);
		hm_sql_test(p, test);
		before = " AND ";
	}
	if (p->only != NULL) {
		hm_put_str(&p->out, before);
		hm_sql_as(p, p->only, 's');
		hm_put_str(&p->out, " = ");
		hm_sql_text(p, p->only_text);
		before = " AND ";
	}
	if (value != NULL && hm_sql_nullable(value)) {
		hm_putf(&p->out, "%s(", before);
		hm_sql_expr(p, value);
		hm_put_str(&p->out, ") IS NOT NULL");
		before = " AND ";
	}
	hm_put_str(&p->out, before[1] == 'F' ? "" : ")");
}

static void put_filter(struct hm_printer *p, const struct hm_agg *agg,
		       const struct row *row, const struct hm_expr *value)
{
	const size_t at = row->predicate;

	hm_sql_agg_filter(p, at != 0 && at <= agg->arg_count ? agg->args[at - 1] : NULL,
			  value);
}

/* name(value) and its filter. */
static void put_of(struct hm_printer *p, const struct hm_agg *agg, const struct row *row,
		   const char *name, char kind)
{
	hm_putf(&p->out, "%s(", name);
	hm_sql_as(p, agg->args[0], kind);
	hm_put_str(&p->out, ")");
	put_filter(p, agg, row, NULL);
}

/* Decimals are gathered as an array, for a function of ours. */
static void put_decimals(struct hm_printer *p, const struct hm_agg *agg,
			 const struct row *row, const char *name)
{
	hm_putf(&p->out, "%s('[' || coalesce(string_agg(", name);
	hm_sql_as(p, agg->args[0], 'j');
	hm_put_str(&p->out, ", ',')");
	put_filter(p, agg, row, NULL);
	hm_put_str(&p->out, ", '') || ']')");
}

static void put_sum(struct hm_printer *p, const struct hm_agg *agg, const struct row *row)
{
	switch (agg->args[0]->type) {
	case HM_SCALAR_REAL:
		hm_put_str(&p->out, "coalesce(");
		put_of(p, agg, row, "sum", 0);
		hm_put_str(&p->out, ", 0::DOUBLE)");
		return;
	case HM_SCALAR_DECIMAL: put_decimals(p, agg, row, "hm_dec_sum"); return;
	case HM_SCALAR_BOOL:
	case HM_SCALAR_INT:
	case HM_SCALAR_LONG:
	case HM_SCALAR_DATETIME:
	case HM_SCALAR_TIMESPAN:
	case HM_SCALAR_STRING:
	case HM_SCALAR_GUID:
	case HM_SCALAR_DYNAMIC:
	case HM_SCALAR_UNKNOWN: break;
	}
	/* Sums have 128 bits; past 64 they wrap around, as Kusto's do. */
	hm_put_str(&p->out, "coalesce(TRY_CAST(");
	put_of(p, agg, row, "sum", 'l');
	hm_put_str(&p->out, " AS BIGINT), hm_wrap(CAST(");
	put_of(p, agg, row, "sum", 'l');
	hm_put_str(&p->out, " AS VARCHAR)), 0)");
}

static void put_avg(struct hm_printer *p, const struct hm_agg *agg, const struct row *row,
		    enum hm_scalar type)
{
	if (type == HM_SCALAR_DECIMAL) {
		put_decimals(p, agg, row, "hm_dec_avg");
	} else if (type == HM_SCALAR_DATETIME || type == HM_SCALAR_TIMESPAN) {
		/* By whole ticks: a double has too few digits for them. */
		hm_put_str(&p->out, "CAST(");
		put_of(p, agg, row, "sum", 'l');
		hm_put_str(&p->out, " // ");
		put_of(p, agg, row, "count", 'l');
		hm_put_str(&p->out, " AS BIGINT)");
	} else if (agg->args[0]->type == HM_SCALAR_LONG) {
		/* Of the sum as it wraps around (aggregation-0033). */
		hm_put_str(&p->out, "coalesce(CAST(");
		put_sum(p, agg, row);
		hm_put_str(&p->out, " AS DOUBLE) / nullif(");
		put_of(p, agg, row, "count", 'l');
		hm_put_str(&p->out, ", 0), 'nan'::DOUBLE)");
	} else {
		hm_put_str(&p->out, "coalesce(");
		put_of(p, agg, row, "avg", 'r');
		hm_put_str(&p->out, ", 'nan'::DOUBLE)");
	}
}

static void put_extreme(struct hm_printer *p, const struct hm_agg *agg,
			const struct row *row)
{
	const struct hm_expr *x = agg->args[0];
	const char *name = row->shape == MIN ? "min" : "max";

	if (x->type == HM_SCALAR_DECIMAL) {
		hm_putf(&p->out, "arg_%s(", name);
		hm_sql_expr(p, x);
		hm_put_str(&p->out, ", ");
		hm_sql_as(p, x, 'r');
		hm_put_str(&p->out, ")");
		put_filter(p, agg, row, NULL);
	} else if (x->type == HM_SCALAR_STRING) {
		hm_put_str(&p->out, "coalesce(");
		put_of(p, agg, row, name, 0);
		hm_put_str(&p->out, ", '')");
	} else if (x->type == HM_SCALAR_REAL && row->shape == MIN) {
		/* DuckDB orders NaN last; it is the least too (aggregation-0002). */
		hm_put_str(&p->out, "CASE WHEN bool_or(isnan(");
		hm_sql_expr(p, x);
		hm_put_str(&p->out, "))");
		put_filter(p, agg, row, NULL);
		hm_put_str(&p->out, " THEN 'nan'::DOUBLE ELSE ");
		put_of(p, agg, row, name, 0);
		hm_put_str(&p->out, " END");
	} else {
		put_of(p, agg, row, name, 0);
	}
}

static void put_any(struct hm_printer *p, const struct hm_agg *agg, const struct row *row,
		    const char *order)
{
	bool text = agg->args[0]->type == HM_SCALAR_STRING;

	hm_put_str(&p->out, text ? "coalesce(any_value(nullif(" : "any_value(");
	hm_sql_expr(p, agg->args[0]);
	hm_putf(&p->out, "%s%s)", text ? ", '')" : "", order);
	put_filter(p, agg, row, NULL);
	hm_put_str(&p->out, text ? ", '')" : "");
}

static void put_pair(struct hm_printer *p, const struct hm_agg *agg,
		     const struct row *row)
{
	hm_putf(&p->out, "%s(", row->name);
	hm_sql_as(p, agg->args[0], 'r');
	hm_put_str(&p->out, ", ");
	hm_sql_as(p, agg->args[1], 'r');
	hm_put_str(&p->out, ")");
	put_filter(p, agg, row, NULL);
}

/* The old names stop at 128 (kql.md B5.35). */
static void put_limit(struct hm_printer *p, const struct hm_agg *agg,
		      const struct row *row)
{
	bool old = agg->fn == HM_FN_agg_makelist || agg->fn == HM_FN_agg_makeset;

	if (row->limit != 0 && row->limit <= agg->arg_count)
		hm_sql_as(p, agg->args[row->limit - 1], 'l');
	else
		hm_put_str(&p->out, old ? "128" : "1048576");
}

/* Dynamics keep their nulls and lose the brackets of arrays (aggregation-0029); sets of
 * rows that have an order are in it. */
static void put_flat_list(struct hm_printer *p, const struct hm_agg *agg,
			  const struct row *row, const char *order)
{
	const struct hm_expr *x = agg->args[0];
	bool dynamic = x->type == HM_SCALAR_DYNAMIC;

	hm_put_str(&p->out, "hm_flatten('[' || coalesce(string_agg(");
	hm_put_str(&p->out, dynamic ? "coalesce(" : "");
	hm_sql_as(p, x, 'j');
	hm_put_str(&p->out, dynamic ? ", 'null')" : "");
	hm_putf(&p->out, ", ','%s)", order);
	put_filter(p, agg, row, dynamic ? NULL : x);
	hm_putf(&p->out, ", '') || ']', %s, ", row->shape == SET ? "TRUE" : "FALSE");
	put_limit(p, agg, row);
	hm_put_str(&p->out, ")");
}

static void put_list(struct hm_printer *p, const struct hm_agg *agg,
		     const struct row *row, const char *order)
{
	bool set = row->shape == SET, nulls = row->shape == NULLS;
	const struct hm_expr *x = agg->args[0];

	if (x->type == HM_SCALAR_DYNAMIC || (set && order[0] != '\0')) {
		put_flat_list(p, agg, row, order);
		return;
	}
	hm_put_str(&p->out, "'[' || coalesce(array_to_string(list_slice(list(");
	hm_put_str(&p->out, set ? "DISTINCT " : nulls ? "coalesce(" : "");
	hm_sql_as(p, x, 'j');
	hm_put_str(&p->out, nulls ? ", 'null')" : "");
	hm_putf(&p->out, "%s)", set ? "" : order);
	put_filter(p, agg, row, nulls ? NULL : x);
	hm_put_str(&p->out, ", 1, ");
	put_limit(p, agg, row);
	hm_put_str(&p->out, "), ','), '') || ']'");
}

static void put_bag(struct hm_printer *p, const struct hm_agg *agg, const struct row *row,
		    const char *order)
{
	hm_put_str(&p->out, "hm_bag_of_array('[' || coalesce(string_agg(");
	hm_sql_as(p, agg->args[0], 'j');
	hm_putf(&p->out, ", ','%s)", order);
	put_filter(p, agg, row, NULL);
	hm_put_str(&p->out, ", '') || ']')");
}

void hm_sql_aggregate(struct hm_printer *p, const struct hm_agg *agg, enum hm_scalar type,
		      const char *order)
{
	const struct row *row = row_of(agg->fn);

	if (hm_sql_percentile(p, agg, 0))
		return;
	if (row == NULL) {
		struct hm_span at =
			agg->arg_count != 0 ? agg->args[0]->span : (struct hm_span){ 0 };
		hm_sql_refuse(p, at, "%s() is not supported", hm_fn_info(agg->fn)->name);
		return;
	}
	switch (row->shape) {
	case COUNT:
		hm_put_str(&p->out, "count(*)");
		put_filter(p, agg, row, NULL);
		return;
	case DISTINCT:
		hm_put_str(&p->out, "count(DISTINCT ");
		hm_sql_expr(p, agg->args[0]);
		hm_put_str(&p->out, ")");
		put_filter(p, agg, row, NULL);
		return;
	case SUM: put_sum(p, agg, row); return;
	case AVG: put_avg(p, agg, row, type); return;
	case MIN:
	case MAX: put_extreme(p, agg, row); return;
	case ANY: put_any(p, agg, row, order); return;
	case SIMPLE:
	case PAIR:
		/* Of one value there is no spread (aggregation-0013). */
		hm_put_str(&p->out, "coalesce(");
		if (row->shape == PAIR)
			put_pair(p, agg, row);
		else
			put_of(p, agg, row, row->name, 'r');
		hm_put_str(&p->out, ", 0::DOUBLE)");
		return;
	case BITS: put_of(p, agg, row, row->name, 'l'); return;
	case LIST:
	case NULLS:
	case SET: put_list(p, agg, row, order); return;
	case BAG: put_bag(p, agg, row, order); return;
	}
}

static bool is_arg(enum hm_fn fn)
{
	return fn == HM_FN_agg_arg_max || fn == HM_FN_agg_arg_min ||
	       fn == HM_FN_agg_argmax || fn == HM_FN_agg_argmin;
}

/* Whether its results are the fields of one struct. */
static bool is_struct(const struct hm_agg *agg)
{
	bool any = agg->fn == HM_FN_agg_take_any || agg->fn == HM_FN_agg_any;

	return is_arg(agg->fn) || (any && agg->count > 1);
}

static void put_struct(struct hm_printer *p, const struct hm_agg *agg)
{
	hm_put_str(&p->out, "{");
	for (size_t i = 0; i < agg->arg_count; i++) {
		hm_putf(&p->out, "%sf%zu: ", i == 0 ? "" : ", ", i);
		hm_sql_expr(p, agg->args[i]);
	}
	hm_put_str(&p->out, "}");
}

static void put_arg(struct hm_printer *p, const struct hm_agg *agg, const char *order)
{
	bool max = agg->fn == HM_FN_agg_arg_max || agg->fn == HM_FN_agg_argmax;
	enum hm_scalar type = agg->args[0]->type;

	if (is_arg(agg->fn)) {
		hm_putf(&p->out, "coalesce(arg_%s(", max ? "max" : "min");
		put_struct(p, agg);
		hm_put_str(&p->out, ", ");
		hm_sql_as(p, agg->args[0],
			  type == HM_SCALAR_BOOL      ? 'l'
			  : type == HM_SCALAR_DECIMAL ? 'r'
						      : 0);
		hm_put_str(&p->out, "), ");
	}
	hm_put_str(&p->out, "any_value(");
	put_struct(p, agg);
	hm_putf(&p->out, "%s)%s", is_arg(agg->fn) ? "" : order,
		is_arg(agg->fn) ? ")" : "");
}

static void put_results(struct hm_printer *p, const struct hm_plan *plan, size_t at,
			const char *order)
{
	const struct hm_agg *agg = &plan->aggs[at];

	if (is_struct(agg)) {
		put_arg(p, agg, order);
		hm_putf(&p->out, " AS x%zu", at);
		return;
	}
	for (size_t i = 0; i < agg->count; i++) {
		hm_sql_comma(p, i);
		if (!hm_sql_percentile(p, agg, i))
			hm_sql_aggregate(p, agg, plan->columns.at[agg->first + i].type,
					 order);
		hm_putf(&p->out, " AS c%zu", agg->first + i);
	}
}

/* A result of aggregate at, out of its struct where it has one. */
static void put_result(struct hm_printer *p, const struct hm_plan *plan, size_t at,
		       size_t part)
{
	size_t column = plan->aggs[at].first + part;
	bool text = plan->columns.at[column].type == HM_SCALAR_STRING;

	hm_sql_comma(p, column);
	if (is_struct(&plan->aggs[at]))
		hm_putf(&p->out, "%sx%zu.f%zu%s AS c%zu", text ? "coalesce(" : "", at,
			part, text ? ", '')" : "", column);
	else
		hm_putf(&p->out, "c%zu", column);
}

static void put_unpacked(struct hm_printer *p, const struct hm_plan *plan, bool order,
			 bool grouped)
{
	hm_put_str(&p->out, "SELECT ");
	for (size_t i = 0; i < plan->key_count; i++) {
		hm_sql_comma(p, i);
		hm_putf(&p->out, "c%zu", i);
	}
	for (size_t i = 0; i < plan->agg_count; i++)
		for (size_t j = 0; j < plan->aggs[i].count; j++)
			put_result(p, plan, i, j);
	hm_putf(&p->out, "%s%s FROM (", order ? ", o" : "", grouped ? ", g" : "");
}

static void put_group_by(struct hm_printer *p, const struct hm_plan *plan, bool grouped)
{
	hm_put_str(&p->out, " GROUP BY ");
	for (size_t i = 0; i < plan->key_count; i++) {
		hm_sql_comma(p, i);
		hm_putf(&p->out, "%zu", i + 1);
	}
	if (grouped) {
		hm_sql_comma(p, plan->key_count);
		hm_put_str(&p->out, "g");
	}
}

/* Output columns are in order only where the struct ones are picked apart after. */
void hm_sql_summarize(struct hm_printer *p, const struct hm_plan *plan, struct hm_node *n)
{
	size_t input = hm_sql_node(p, plan->inputs[0]);
	const char *order = p->nodes[input].order ? " ORDER BY o" : "";
	bool groups = plan->agg_count != 0 || n->order;

	put_unpacked(p, plan, n->order, n->grouped);
	hm_put_str(&p->out, groups ? "SELECT " : "SELECT DISTINCT ");
	for (size_t i = 0; i < plan->key_count; i++) {
		hm_sql_comma(p, i);
		hm_sql_expr(p, plan->keys[i]);
		hm_putf(&p->out, " AS c%zu", i);
	}
	for (size_t i = 0; i < plan->agg_count; i++) {
		hm_sql_comma(p, plan->key_count + i);
		put_results(p, plan, i, order);
	}
	hm_putf(&p->out, "%s%s FROM n%zu", n->order ? ", min(o) AS o" : "",
		n->grouped ? ", g" : "", input);
	if (groups && (plan->key_count != 0 || n->grouped))
		put_group_by(p, plan, n->grouped);
	hm_put_str(&p->out, ")");
}

/* make-series: a, b and s are where it starts, where it ends and how far it steps. */
static void put_bounds(struct hm_printer *p, const struct hm_plan *plan, char kind)
{
	size_t input = hm_sql_node(p, plan->inputs[0]);
	const char *bin = kind == 'r' ? "hm_rbin" : "hm_bin";

	hm_put_str(&p->out, "SELECT ");
	hm_sql_as(p, plan->step, kind);
	hm_put_str(&p->out, " AS s, ");
	if (plan->from != NULL) {
		hm_sql_as(p, plan->from, kind);
	} else {
		hm_putf(&p->out, "%s(min(", bin);
		hm_sql_as(p, plan->axis, kind);
		hm_put_str(&p->out, "), ");
		hm_sql_as(p, plan->step, kind);
		hm_put_str(&p->out, ")");
	}
	hm_put_str(&p->out, " AS a, ");
	if (plan->to != NULL) {
		hm_sql_as(p, plan->to, kind);
	} else {
		hm_put_str(&p->out, "max(");
		hm_sql_as(p, plan->axis, kind);
		hm_put_str(&p->out, kind == 'r' ? ") + 1e-9" : ") + 1");
	}
	hm_put_str(&p->out, " AS b");
	if (plan->from == NULL || plan->to == NULL)
		hm_putf(&p->out, " FROM n%zu", input);
}

static void put_buckets(struct hm_printer *p, const struct hm_plan *plan, char kind)
{
	size_t input = hm_sql_node(p, plan->inputs[0]);

	hm_put_str(&p->out, "SELECT ");
	for (size_t i = 0; i < plan->key_count; i++) {
		hm_sql_expr(p, plan->keys[i]);
		hm_putf(&p->out, " AS k%zu, ", i);
	}
	hm_put_str(&p->out, kind == 'r' ? "CAST(floor((" : "((");
	hm_sql_as(p, plan->axis, kind);
	hm_put_str(&p->out,
		   kind == 'r' ? " - a) / s) AS BIGINT) AS i" : " - a) // s) AS i");
	for (size_t i = 0; i < plan->agg_count; i++) {
		hm_put_str(&p->out, ", ");
		hm_sql_aggregate(p, &plan->aggs[i], HM_SCALAR_UNKNOWN, "");
		hm_putf(&p->out, " AS v%zu", i);
	}
	hm_putf(&p->out, " FROM n%zu, bounds WHERE ", input);
	hm_sql_as(p, plan->axis, kind);
	hm_put_str(&p->out, " >= a AND ");
	hm_sql_as(p, plan->axis, kind);
	hm_put_str(&p->out, " < b GROUP BY ");
	for (size_t i = 0; i <= plan->key_count; i++)
		hm_putf(&p->out, "%s%zu", i == 0 ? "" : ", ", i + 1);
}

/* The type of an aggregate's value inside its array. */
static enum hm_scalar series_type(const struct hm_agg *agg)
{
	const struct row *row = row_of(agg->fn);
	enum shape shape = row == NULL ? COUNT : row->shape;

	if (shape == COUNT || shape == DISTINCT || agg->arg_count == 0)
		return HM_SCALAR_LONG;
	enum hm_scalar type = agg->args[0]->type;
	if (shape == SIMPLE || shape == PAIR || (shape == AVG && type <= HM_SCALAR_REAL))
		return HM_SCALAR_REAL;
	if (shape == LIST || shape == SET || shape == BAG || shape == NULLS)
		return HM_SCALAR_DYNAMIC;
	return shape == SUM && type == HM_SCALAR_INT ? HM_SCALAR_LONG : type;
}

static void put_array(struct hm_printer *p, const struct hm_plan *plan, size_t at)
{
	const struct hm_agg *agg = &plan->aggs[at];
	enum hm_scalar type = series_type(agg);

	hm_put_str(&p->out, "'[' || string_agg(coalesce(");
	hm_sql_open_dynamic(p, type);
	hm_putf(&p->out, "v%zu", at);
	hm_sql_close_dynamic(p, type);
	hm_put_str(&p->out, ", ");
	if (agg->otherwise == NULL)
		hm_put_str(&p->out, type == HM_SCALAR_REAL ? "'0.0'" : "'0'");
	else if (agg->otherwise->kind == HM_EXPR_LITERAL && agg->otherwise->value.null)
		hm_put_str(&p->out, "'null'");
	else
		hm_sql_as(p, agg->otherwise, 'j');
	hm_putf(&p->out, "), ',' ORDER BY r.i) || ']' AS c%zu", plan->key_count + at);
}

void hm_sql_make_series(struct hm_printer *p, const struct hm_plan *plan)
{
	enum hm_scalar type = plan->axis->type;
	char kind = type == HM_SCALAR_REAL ? 'r' : 'l';
	size_t last = plan->columns.count - 1;

	hm_put_str(&p->out, "WITH bounds AS (");
	put_bounds(p, plan, kind);
	hm_put_str(&p->out, "), buckets AS (");
	put_buckets(p, plan, kind);
	hm_put_str(&p->out,
		   "), places AS (SELECT unnest(range(CAST(ceil((b - a) / s) AS "
		   "BIGINT))) AS i, a, s FROM bounds), groups AS (SELECT DISTINCT ");
	for (size_t i = 0; i < plan->key_count; i++)
		hm_putf(&p->out, "%sk%zu", i == 0 ? "" : ", ", i);
	hm_put_str(&p->out,
		   plan->key_count == 0 ? "1 AS z) SELECT " : " FROM buckets) SELECT ");
	for (size_t i = 0; i < plan->key_count; i++)
		hm_putf(&p->out, "w.k%zu AS c%zu, ", i, i);
	for (size_t i = 0; i < plan->agg_count; i++) {
		put_array(p, plan, i);
		hm_put_str(&p->out, ", ");
	}
	hm_put_str(&p->out, "'[' || string_agg(");
	hm_sql_open_dynamic(p, type);
	hm_put_str(&p->out, "r.a + r.i * r.s");
	hm_sql_close_dynamic(p, type);
	hm_putf(&p->out,
		", ',' ORDER BY r.i) || ']' AS c%zu FROM groups w CROSS JOIN places r "
		"LEFT JOIN buckets v ON v.i = r.i",
		last);
	for (size_t i = 0; i < plan->key_count; i++)
		hm_putf(&p->out, " AND v.k%zu IS NOT DISTINCT FROM w.k%zu", i, i);
	if (plan->key_count != 0)
		hm_put_str(&p->out, " GROUP BY ");
	for (size_t i = 0; i < plan->key_count; i++)
		hm_putf(&p->out, "%s%zu", i == 0 ? "" : ", ", i + 1);
	hm_put_str(&p->out, " HAVING count(*) > 0");
}

void hm_sql_pivot(struct hm_printer *p, const struct hm_plan *plan)
{
	size_t input = hm_sql_node(p, plan->inputs[0]);

	if (plan->open) {
		hm_sql_refuse(p, plan->span, "the columns of pivot are not known");
		return;
	}
	hm_put_str(&p->out, "SELECT ");
	for (size_t i = 0; i < plan->columns.count; i++) {
		hm_sql_comma(p, i);
		if (i < plan->key_count) {
			hm_sql_expr(p, plan->keys[i]);
		} else {
			p->only = plan->exprs[0];
			p->only_text = plan->texts[i];
			hm_sql_aggregate(p, &plan->aggs[0], plan->columns.at[i].type, "");
			p->only = NULL;
		}
		hm_putf(&p->out, " AS c%zu", i);
	}
	hm_putf(&p->out, " FROM n%zu", input);
	if (plan->key_count != 0)
		hm_put_str(&p->out, " GROUP BY ");
	for (size_t i = 0; i < plan->key_count; i++)
		hm_putf(&p->out, "%s%zu", i == 0 ? "" : ", ", i + 1);
}
