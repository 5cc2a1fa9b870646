/* SPDX-License-Identifier: MIT */
/* sql_duckdb_series.c: the series_ functions whose SQL is no template. */
#include "query/sql_duckdb.h"

/* Optional numbers that are null where they are absent. */
static void put_number(struct hm_printer *p, const struct hm_expr *e, size_t i,
		       const char *absent)
{
	hm_put_str(&p->out, ", ");
	if (i < e->arg_count)
		hm_sql_as(p, e->args[i], 'r');
	else
		hm_put_str(&p->out, absent);
}

static void put_two(struct hm_printer *p, const struct hm_expr *e)
{
	hm_put_str(&p->out, ", ");
	hm_sql_as(p, e->args[0], 'j');
	hm_put_str(&p->out, ", ");
	hm_sql_as(p, e->args[1], 'j');
	hm_put_str(&p->out, ")");
}

static const struct {
	enum hm_fn fn;
	const char *name;
} pairs[] = { { HM_FN_series_add, "add" },
	      { HM_FN_series_subtract, "subtract" },
	      { HM_FN_series_multiply, "multiply" },
	      { HM_FN_series_divide, "divide" },
	      { HM_FN_series_pow, "pow" } };

static bool put_pair(struct hm_printer *p, const struct hm_expr *e)
{
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		if (pairs[i].fn != e->fn)
			continue;
		hm_putf(&p->out, "hm_series_pair('%s'", pairs[i].name);
		put_two(p, e);
		return true;
	}
	return false;
}

/* Bits: 1 less, 2 equal, 4 greater. */
static const struct {
	enum hm_fn fn;
	int mask;
} comparisons[] = { { HM_FN_series_less, 1 },        { HM_FN_series_equals, 2 },
		    { HM_FN_series_less_equals, 3 }, { HM_FN_series_greater, 4 },
		    { HM_FN_series_not_equals, 5 },  { HM_FN_series_greater_equals, 6 } };

static bool put_comparison(struct hm_printer *p, const struct hm_expr *e)
{
	for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
		if (comparisons[i].fn != e->fn)
			continue;
		hm_putf(&p->out, "hm_series_compare(%d", comparisons[i].mask);
		put_two(p, e);
		return true;
	}
	return false;
}

static bool put_fill(struct hm_printer *p, const struct hm_expr *e)
{
	bool linear = e->fn == HM_FN_series_fill_linear;
	bool constant = e->fn == HM_FN_series_fill_const;

	if (!linear && !constant && e->fn != HM_FN_series_fill_forward &&
	    e->fn != HM_FN_series_fill_backward)
		return false;
	hm_putf(&p->out, "hm_%s(", hm_fn_info(e->fn)->name);
	hm_sql_as(p, e->args[0], 'j');
	put_number(p, e, 1, constant ? "0::DOUBLE" : "NULL::DOUBLE");
	if (constant)
		put_number(p, e, 2, "NULL::DOUBLE");
	if (linear) {
		hm_put_str(&p->out, ", ");
		if (e->arg_count > 2)
			hm_sql_as(p, e->args[2], 'b');
		else
			hm_put_str(&p->out, "TRUE");
		put_number(p, e, 3, "0::DOUBLE");
	}
	hm_put_str(&p->out, ")");
	return true;
}

/* series_stats and series_fit_line: the part that column says. */
static bool put_part(struct hm_printer *p, const struct hm_expr *e)
{
	bool stats = e->fn == HM_FN_series_stats, whole = e->type == HM_SCALAR_LONG;

	if (!stats && e->fn != HM_FN_series_fit_line)
		return false;
	if (e->type == HM_SCALAR_DYNAMIC && (stats || e->column != 5)) {
		hm_sql_refuse(p, e->span,
			      "%s() within an expression is not supported: use "
			      "%s_dynamic()",
			      hm_fn_info(e->fn)->name, hm_fn_info(e->fn)->name);
		return true;
	}
	if (e->type == HM_SCALAR_DYNAMIC) {
		hm_put_str(&p->out, "hm_series_line_fit(");
		hm_sql_as(p, e->args[0], 'j');
		hm_put_str(&p->out, ")");
		return true;
	}
	hm_putf(&p->out, "%shm_%s(", whole ? "CAST(" : "", hm_fn_info(e->fn)->name);
	hm_sql_as(p, e->args[0], 'j');
	if (stats && e->arg_count > 1) {
		hm_put_str(&p->out, ", ");
		hm_sql_as(p, e->args[1], 'b');
	} else if (stats) {
		hm_put_str(&p->out, ", FALSE");
	}
	hm_putf(&p->out, ", %zu)%s", e->column, whole ? " AS BIGINT)" : "");
	return true;
}

static bool put_seasonal(struct hm_printer *p, const struct hm_expr *e)
{
	if (e->fn != HM_FN_series_seasonal)
		return false;
	if (e->arg_count < 2) {
		hm_sql_refuse(p, e->span,
			      "series_seasonal() is supported with the period said");
		return true;
	}
	hm_put_str(&p->out, "hm_series_seasonal(");
	hm_sql_as(p, e->args[0], 'j');
	hm_put_str(&p->out, ", ");
	hm_sql_as(p, e->args[1], 'l');
	hm_put_str(&p->out, ", ");
	if (e->arg_count > 2)
		hm_sql_as(p, e->args[2], 'l');
	else
		hm_put_str(&p->out, "0");
	hm_put_str(&p->out, ")");
	return true;
}

bool hm_sql_series(struct hm_printer *p, const struct hm_expr *e)
{
	return put_pair(p, e) || put_comparison(p, e) || put_fill(p, e) ||
	       put_part(p, e) || put_seasonal(p, e);
}
