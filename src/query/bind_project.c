/* SPDX-License-Identifier: MIT */
/* project, extend, print, distinct, serialize; project-away, -keep, -rename, -reorder. */
#include <stdlib.h>
#include <string.h>

#include "query/binder.h"

/* Functions with several results: each is a column of its own (kql.md B4). */
/* clang-format off */
static const struct part {
	enum hm_fn fn;
	const char *suffix;
	enum hm_scalar type;
} parts[] = {
	{ HM_FN_series_stats, "min", HM_SCALAR_REAL },
	{ HM_FN_series_stats, "min_idx", HM_SCALAR_LONG },
	{ HM_FN_series_stats, "max", HM_SCALAR_REAL },
	{ HM_FN_series_stats, "max_idx", HM_SCALAR_LONG },
	{ HM_FN_series_stats, "avg", HM_SCALAR_REAL },
	{ HM_FN_series_stats, "stdev", HM_SCALAR_REAL },
	{ HM_FN_series_stats, "variance", HM_SCALAR_REAL },
	{ HM_FN_series_fit_line, "rsquare", HM_SCALAR_REAL },
	{ HM_FN_series_fit_line, "slope", HM_SCALAR_REAL },
	{ HM_FN_series_fit_line, "variance", HM_SCALAR_REAL },
	{ HM_FN_series_fit_line, "rvariance", HM_SCALAR_REAL },
	{ HM_FN_series_fit_line, "interception", HM_SCALAR_REAL },
	{ HM_FN_series_fit_line, "line_fit", HM_SCALAR_DYNAMIC },
	{ HM_FN_series_fit_2lines, "rsquare", HM_SCALAR_REAL },
	{ HM_FN_series_fit_2lines, "split_idx", HM_SCALAR_LONG },
	{ HM_FN_series_fit_2lines, "variance", HM_SCALAR_REAL },
	{ HM_FN_series_fit_2lines, "rvariance", HM_SCALAR_REAL },
	{ HM_FN_series_fit_2lines, "line_fit", HM_SCALAR_DYNAMIC },
	{ HM_FN_series_fit_2lines, "right_rsquare", HM_SCALAR_REAL },
	{ HM_FN_series_fit_2lines, "right_slope", HM_SCALAR_REAL },
	{ HM_FN_series_fit_2lines, "right_interception", HM_SCALAR_REAL },
	{ HM_FN_series_fit_2lines, "right_variance", HM_SCALAR_REAL },
	{ HM_FN_series_fit_2lines, "right_rvariance", HM_SCALAR_REAL },
	{ HM_FN_series_fit_2lines, "left_rsquare", HM_SCALAR_REAL },
	{ HM_FN_series_fit_2lines, "left_slope", HM_SCALAR_REAL },
	{ HM_FN_series_fit_2lines, "left_interception", HM_SCALAR_REAL },
	{ HM_FN_series_fit_2lines, "left_variance", HM_SCALAR_REAL },
	{ HM_FN_series_fit_2lines, "left_rvariance", HM_SCALAR_REAL },
	{ HM_FN_series_decompose, "baseline", HM_SCALAR_DYNAMIC },
	{ HM_FN_series_decompose, "seasonal", HM_SCALAR_DYNAMIC },
	{ HM_FN_series_decompose, "trend", HM_SCALAR_DYNAMIC },
	{ HM_FN_series_decompose, "residual", HM_SCALAR_DYNAMIC },
	{ HM_FN_series_decompose_forecast, "baseline", HM_SCALAR_DYNAMIC },
	{ HM_FN_series_decompose_forecast, "seasonal", HM_SCALAR_DYNAMIC },
	{ HM_FN_series_decompose_forecast, "trend", HM_SCALAR_DYNAMIC },
	{ HM_FN_series_decompose_forecast, "residual", HM_SCALAR_DYNAMIC },
	{ HM_FN_series_decompose_anomalies, "ad_flag", HM_SCALAR_DYNAMIC },
	{ HM_FN_series_decompose_anomalies, "ad_score", HM_SCALAR_DYNAMIC },
	{ HM_FN_series_decompose_anomalies, "baseline", HM_SCALAR_DYNAMIC },
	{ HM_FN_series_periods_detect, "periods", HM_SCALAR_DYNAMIC },
	{ HM_FN_series_periods_detect, "scores", HM_SCALAR_DYNAMIC },
	{ HM_FN_series_periods_validate, "periods", HM_SCALAR_DYNAMIC },
	{ HM_FN_series_periods_validate, "scores", HM_SCALAR_DYNAMIC },
	{ HM_FN_array_sort_asc, "sorted", HM_SCALAR_DYNAMIC },
	{ HM_FN_array_sort_desc, "sorted", HM_SCALAR_DYNAMIC },
	{ HM_FN_NONE, "", HM_SCALAR_DYNAMIC }, /* no such part */
};
/* clang-format on */

enum { PARTS = sizeof(parts) / sizeof(parts[0]) - 1 };

static bool sorts_arrays(enum hm_fn fn)
{
	return fn == HM_FN_array_sort_asc || fn == HM_FN_array_sort_desc;
}

static const struct part *part_of(enum hm_fn fn, size_t i)
{
	for (size_t p = 0; p < PARTS; p++)
		if (parts[p].fn == fn && (i-- == 0 || sorts_arrays(fn)))
			return &parts[p];
	return &parts[PARTS];
}

size_t hm_part_count(const struct hm_expr *e)
{
	size_t n = 0;

	if (e->kind != HM_EXPR_CALL)
		return 0;
	if (sorts_arrays(e->fn)) {
		while (n < e->arg_count && e->args[n]->type == HM_SCALAR_DYNAMIC)
			n++;
		return n;
	}
	while (part_of(e->fn, n)->fn != HM_FN_NONE)
		n++;
	return n;
}

/* Part i of such a call. */
static struct hm_expr *take_part(struct hm_binder *b, const struct hm_expr *of, size_t i)
{
	struct hm_expr *e = hm_new(b->arena, struct hm_expr);

	*e = *of;
	e->column = i;
	e->type = part_of(of->fn, i)->type;
	return e;
}

/* series_stats(n) -> series_stats_n_min; array_sort_asc(n) -> n_sorted */
static hm_bytes part_name(struct hm_binder *b, const struct hm_row *row,
			  const struct hm_ast *call, const struct hm_expr *of, size_t i)
{
	const size_t from = sorts_arrays(of->fn) && i < call->kids.count ? i : 0;
	const hm_bytes arg = hm_result_name(b, row, call->kids.at[from]);

	if (sorts_arrays(of->fn))
		return hm_bytes_of(hm_format(b->arena, "%.*s_sorted", HM_SHOW(arg)));
	return hm_bytes_of(hm_format(b->arena, "%s_%.*s_%s", hm_fn_info(of->fn)->name,
				     HM_SHOW(arg), part_of(of->fn, i)->suffix));
}

/* One item of a projection on its way into the output. */
struct item {
	const struct hm_ast *ast; /* with its names */
	const struct hm_ast *of;  /* without */
	const struct hm_row *row;
	bool extending; /* a name that is there is replaced */
	hm_bytes name;
	bool chosen; /* by the author of the query */
};

static void place(struct hm_binder *b, struct hm_output *o, const struct item *item,
		  struct hm_expr *e)
{
	const struct hm_title title = { item->name, item->chosen, item->ast->mark };
	const size_t found = item->name.len > 0 && item->extending
				     ? hm_find_field(&o->fields, item->name)
				     : HM_NO_COLUMN;

	if (found >= o->fields.count) { /* HM_NO_COLUMN, that is */
		hm_output_add(b, o, title, e);
		return;
	}
	if (item->chosen && o->chosen[found])
		hm_refuse(b->fault, item->ast->mark, "KS171",
			  "A column with the name '%.*s' is already declared.",
			  HM_SHOW(item->name));
	o->exprs[found] = e;
	o->fields.at[found].type = e->type;
	o->chosen[found] |= item->chosen;
}

static void place_parts(struct hm_binder *b, struct hm_output *o, struct item *item,
			struct hm_expr *e, size_t count)
{
	/* A name for one asks for the first alone (window-series-scan-0015). */
	if (item->ast->kind == HM_AST_NAMED && !sorts_arrays(e->fn) &&
	    item->ast->by.count == 1)
		count = 1;
	for (size_t i = 0; i < count; i++) {
		const struct hm_ast *of;

		item->chosen = hm_chosen_name(item->ast, i, &item->name, &of);
		if (!item->chosen)
			item->name = part_name(b, item->row, of, e, i);
		if (item->extending && !item->chosen)
			item->name = hm_unique(b, &o->fields, item->name);
		place(b, o, item, take_part(b, e, i));
	}
}

/* extend numbers what has no name past the columns that are there. */
static hm_bytes unnamed(struct hm_binder *b, struct hm_output *o,
			const struct hm_plan *input)
{
	hm_bytes name;

	do
		name = hm_bytes_of(hm_format(b->arena, "Column%u", ++o->unnamed));
	while (hm_find_field(&input->columns, name) != HM_NO_COLUMN);
	return name;
}

static void add_item(struct hm_binder *b, struct hm_output *o, struct item *item)
{
	const bool chosen = hm_chosen_name(item->ast, 0, &item->name, &item->of);
	struct hm_expr *e = hm_bind_expr(b, item->row, item->of);
	const size_t count = item->of->kind == HM_AST_CALL ? hm_part_count(e) : 0;

	if (count > (o->stem ? 1 : 0)) {
		place_parts(b, o, item, e, count);
		return;
	}
	if (item->ast->kind == HM_AST_NAMED && item->ast->by.count > 1)
		hm_refuse(b->fault, item->ast->span, "KS149",
			  "The expression does not have multiple named values.");
	if (o->stem && item->ast->kind != HM_AST_NAMED)
		item->name = hm_bytes_of(
			hm_format(b->arena, "%s%zu", o->stem, o->fields.count));
	else if (!chosen)
		item->name = hm_result_name(b, item->row, item->of);
	if (item->name.len == 0 && item->extending)
		item->name = unnamed(b, o, item->row->plan);
	item->chosen = chosen && (!o->stem || item->ast->kind == HM_AST_NAMED);
	place(b, o, item, e);
}

/* All columns as they are. */
void hm_output_all(struct hm_binder *b, struct hm_output *o, struct hm_plan *input,
		   const struct hm_ast *ast)
{
	for (size_t i = 0; i < input->columns.count; i++)
		hm_output_add(
			b, o,
			(struct hm_title){ input->columns.at[i].name, false, ast->span },
			hm_column_of(b, input, i, ast->span));
}

static struct hm_plan *bind_print_input(struct hm_binder *b, const struct hm_ast *op)
{
	struct hm_plan *one = hm_plan_of(b, HM_PLAN_ONE, op);

	return hm_plan_add(b, one);
}

static void refuse_dynamic(struct hm_binder *b, const struct hm_plan *plan,
			   const struct hm_ast *op)
{
	for (size_t i = 0; i < plan->columns.count; i++)
		if (plan->columns.at[i].type == HM_SCALAR_DYNAMIC) {
			const struct hm_ast *at =
				i < op->kids.count ? op->kids.at[i] : op;

			hm_refuse(b->fault, at->span, "KS116",
				  "The value of type 'dynamic' is not allowed in this "
				  "context: use tostring().");
		}
}

static struct hm_plan *add_distinct(struct hm_binder *b, struct hm_plan *project,
				    const struct hm_ast *op)
{
	struct hm_plan *plan;

	refuse_dynamic(b, project, op);
	plan = hm_plan_over(b, HM_PLAN_DISTINCT, project, op);
	plan->serialized = false;
	return hm_plan_add(b, plan);
}

struct hm_plan *hm_bind_project(struct hm_binder *b, struct hm_plan *input,
				const struct hm_ast *op)
{
	const bool print = hm_is(op->word, "print"),
		   distinct = hm_is(op->word, "distinct");
	const bool serialize = hm_is(op->word, "serialize");
	const bool extending = serialize || hm_is(op->word, "extend");
	struct hm_output o = { .stem = print ? "print_" : NULL };
	struct hm_plan *plan, *from = print ? bind_print_input(b, op) : input;
	struct hm_row row = { .plan = from };

	if (distinct && op->kids.count == 1 && op->kids.at[0]->kind == HM_AST_STAR)
		return add_distinct(b, input, op);
	if (serialize) { /* what follows it may look at neighbours */
		from = hm_plan_over(b, HM_PLAN_PROJECT, input, op);
		from->serialized = true;
		row.plan = from;
		from->inputs = input->inputs;
	}
	if (extending)
		hm_output_all(b, &o, input, op);
	for (size_t i = 0; i < op->kids.count; i++) {
		struct item item = { .ast = op->kids.at[i],
				     .row = &row,
				     .extending = extending };

		add_item(b, &o, &item);
	}
	plan = hm_plan_project(b, print ? from : input, &o, op);
	plan->serialized |= serialize;
	hm_plan_add(b, plan);
	return distinct ? add_distinct(b, plan, op) : plan;
}

/* A name with * in it, anywhere. */
bool hm_wild_match(hm_bytes pattern, hm_bytes name)
{
	size_t p = 0, n = 0, star = SIZE_MAX, mark = 0;

	while (n < name.len) {
		if (p < pattern.len && pattern.at[p] == '*') {
			star = p++;
			mark = n;
		} else if (p < pattern.len && pattern.at[p] == name.at[n]) {
			p++;
			n++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			n = ++mark;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.at[p] == '*')
		p++;
	return p == pattern.len;
}

/* Set in `picked` what a NAME or WILD names; refuses a name that is not there. */
static void pick(struct hm_binder *b, const struct hm_plan *input,
		 const struct hm_ast *ast, bool *picked)
{
	const struct hm_row row = { .plan = (struct hm_plan *)(uintptr_t)input };
	size_t column, found = 0;

	for (size_t i = 0; ast->kind == HM_AST_WILD && i < input->columns.count; i++)
		if (hm_wild_match(ast->name, input->columns.at[i].name)) {
			picked[i] = true;
			found++;
		}
	if (ast->kind == HM_AST_WILD) {
		if (found == 0 && !input->open)
			hm_refuse(b->fault, ast->span, "KS109",
				  "Column name expected: no column matches '%.*s'.",
				  HM_SHOW(ast->name));
		return;
	}
	column = hm_find_column(input, ast->name);
	if (column == HM_NO_COLUMN && input->open)
		return;
	if (column == HM_NO_COLUMN)
		hm_unknown_name(b, &row, ast->name, ast->span);
	picked[column] = true;
}

static struct hm_plan *bind_away(struct hm_binder *b, struct hm_plan *input,
				 const struct hm_ast *op)
{
	const bool keep = hm_is(op->word, "project-keep");
	bool *picked = hm_new_n(b->arena, bool, input->columns.count + 1);
	struct hm_output o = { 0 };

	for (size_t i = 0; i < op->kids.count; i++)
		pick(b, input, op->kids.at[i], picked);
	for (size_t i = 0; i < input->columns.count; i++)
		if (picked[i] == keep)
			hm_output_add(b, &o,
				      (struct hm_title){ input->columns.at[i].name, false,
							 op->span },
				      hm_column_of(b, input, i, op->span));
	return hm_plan_project(b, input, &o, op);
}

static void rename_one(struct hm_binder *b, struct hm_plan *input,
		       const struct hm_ast *item, bool *renamed, struct hm_fields *fields)
{
	const struct hm_row row = { .plan = input };
	size_t column;

	if (item->kind != HM_AST_NAMED || item->by.count != 1)
		hm_refuse(b->fault, item->span, "KS110",
			  "Column rename assignment expected.");
	if (item->on->kind != HM_AST_NAME)
		hm_refuse(b->fault, item->on->span, "KS109", "Column name expected.");
	column = hm_find_column(input, item->on->name);
	if (column == HM_NO_COLUMN && input->open)
		return;
	if (column == HM_NO_COLUMN)
		hm_unknown_name(b, &row, item->on->name, item->on->span);
	renamed[column] = true;
	fields->at[column].name = item->by.at[0]->name;
}

static struct hm_plan *bind_rename(struct hm_binder *b, struct hm_plan *input,
				   const struct hm_ast *op)
{
	const size_t n = input->columns.count;
	struct hm_fields fields = { hm_new_n(b->arena, struct hm_field, n + 1), n };
	bool *renamed = hm_new_n(b->arena, bool, n + 1);
	struct hm_output o = { 0 };

	for (size_t i = 0; i < n; i++)
		fields.at[i] = input->columns.at[i];
	for (size_t i = 0; i < op->kids.count; i++)
		rename_one(b, input, op->kids.at[i], renamed, &fields);
	for (size_t i = 0; i < n; i++)
		hm_output_add(b, &o,
			      (struct hm_title){ fields.at[i].name, true, op->span },
			      hm_column_of(b, input, i, op->span));
	return hm_plan_project(b, input, &o, op);
}

struct named_index {
	hm_bytes name;
	size_t index;
};

static int by_name(const void *left, const void *right)
{
	const struct named_index *a = left, *b = right;

	return hm_order(a->name, b->name);
}

/* project-reorder: those named come first; a pattern with asc or desc sorts its own. */
static void reorder(struct hm_binder *b, struct hm_plan *input, const struct hm_ast *key,
		    bool *placed, struct hm_output *o)
{
	const size_t n = input->columns.count;
	struct named_index *list = hm_new_n(b->arena, struct named_index, n + 1);
	bool *picked = hm_new_n(b->arena, bool, n + 1);
	size_t count = 0;

	if (key->on->kind != HM_AST_WILD || !hm_is(key->on->name, "*"))
		pick(b, input, key->on, picked);
	else
		memset(picked, 1, n);
	for (size_t i = 0; i < n; i++)
		if (picked[i] && !placed[i])
			list[count++] =
				(struct named_index){ input->columns.at[i].name, i };
	if (key->said && count > 1)
		qsort(list, count, sizeof(*list), by_name);
	for (size_t i = 0; i < count; i++) {
		const size_t column =
			list[key->said && key->flag ? count - 1 - i : i].index;

		placed[column] = true;
		hm_output_add(b, o,
			      (struct hm_title){ input->columns.at[column].name, false,
						 key->span },
			      hm_column_of(b, input, column, key->span));
	}
}

static struct hm_plan *bind_reorder(struct hm_binder *b, struct hm_plan *input,
				    const struct hm_ast *op)
{
	bool *placed = hm_new_n(b->arena, bool, input->columns.count + 1);
	struct hm_output o = { 0 };

	for (size_t i = 0; i < op->kids.count; i++)
		reorder(b, input, op->kids.at[i], placed, &o);
	for (size_t i = 0; i < input->columns.count; i++)
		if (!placed[i])
			hm_output_add(b, &o,
				      (struct hm_title){ input->columns.at[i].name, false,
							 op->span },
				      hm_column_of(b, input, i, op->span));
	return hm_plan_project(b, input, &o, op);
}

struct hm_plan *hm_bind_picking(struct hm_binder *b, struct hm_plan *input,
				const struct hm_ast *op)
{
	if (hm_is(op->word, "project-rename"))
		return hm_plan_add(b, bind_rename(b, input, op));
	if (hm_is(op->word, "project-reorder"))
		return hm_plan_add(b, bind_reorder(b, input, op));
	return hm_plan_add(b, bind_away(b, input, op));
}
