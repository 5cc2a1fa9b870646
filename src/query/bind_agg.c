/* SPDX-License-Identifier: MIT */
/* summarize, make-series and the operators that count: kql.md B4.25, B4.26. */
#include <string.h>

#include "query/binder.h"

static void add_result(struct hm_binder *b, struct hm_agg_list *l, enum hm_scalar type)
{
	if (l->columns.count == l->columns_room) {
		const size_t room = l->columns_room ? l->columns_room * 2 : 8;
		struct hm_field *more = hm_new_n(b->arena, struct hm_field, room);

		if (l->columns.count > 0)
			memcpy(more, l->columns.at, l->columns.count * sizeof(*more));
		l->columns.at = more;
		l->columns_room = room;
	}
	l->columns.at[l->columns.count++] = (struct hm_field){ .type = type };
}

static struct hm_agg *add_agg(struct hm_binder *b, struct hm_agg_list *l)
{
	if (l->count == l->room) {
		const size_t room = l->room ? l->room * 2 : 8;
		struct hm_agg *more = hm_new_n(b->arena, struct hm_agg, room);

		if (l->count > 0)
			memcpy(more, l->at, l->count * sizeof(*more));
		l->at = more;
		l->room = room;
	}
	l->at[l->count].first = l->keys + l->columns.count;
	return &l->at[l->count++];
}

static bool is_arg(enum hm_fn fn)
{
	return fn == HM_FN_agg_arg_max || fn == HM_FN_agg_arg_min ||
	       fn == HM_FN_agg_argmax || fn == HM_FN_agg_argmin;
}

static bool is_any(enum hm_fn fn)
{
	return fn == HM_FN_agg_any || fn == HM_FN_agg_take_any;
}

static bool is_percentiles(enum hm_fn fn)
{
	return fn == HM_FN_agg_percentiles || fn == HM_FN_agg_percentilesw;
}

/* Arguments of arg_max and take_any, * written out as all columns that are not there. */
struct arguments {
	struct hm_expr **at;
	hm_bytes *names;
	size_t count;
};

static bool has_column(const struct arguments *args, struct hm_expr *const *keys,
		       size_t key_count, size_t column)
{
	for (size_t i = 0; i < args->count; i++)
		if (args->at[i]->kind == HM_EXPR_COLUMN && args->at[i]->column == column)
			return true;
	for (size_t i = 0; i < key_count; i++)
		if (keys[i]->kind == HM_EXPR_COLUMN && keys[i]->column == column)
			return true;
	return false;
}

static struct arguments bind_arguments(struct hm_binder *b, const struct hm_row *over,
				       const struct hm_ast *call,
				       const struct hm_agg_list *list)
{
	const struct hm_plan *plan = over->plan;
	const size_t room = call->kids.count + plan->columns.count + 1;
	struct arguments args = { hm_new_n(b->arena, struct hm_expr *, room),
				  hm_new_n(b->arena, hm_bytes, room), 0 };
	bool star = false;

	for (size_t i = 0; i < call->kids.count; i++) {
		const struct hm_ast *kid = call->kids.at[i];

		star |= kid->kind == HM_AST_STAR;
		if (kid->kind == HM_AST_STAR)
			continue;
		args.at[args.count] = hm_bind_expr(b, over, kid);
		args.names[args.count++] = hm_result_name(b, over, kid);
	}
	for (size_t i = 0; star && i < plan->columns.count; i++)
		if (!has_column(&args, list->key_exprs, list->keys, i)) {
			args.names[args.count] = plan->columns.at[i].name;
			args.at[args.count++] = hm_column_of(b, plan, i, call->span);
		}
	return args;
}

static void check_orderable(struct hm_binder *b, const struct hm_expr *e)
{
	if (e->type == HM_SCALAR_DYNAMIC || e->type == HM_SCALAR_GUID)
		hm_refuse(b->fault, e->span, "KS206",
			  "The argument value must be orderable: a number, timespan, "
			  "datetime, string or boolean.");
}

/* arg_max, arg_min, take_any, any: a result for each argument. */
static struct hm_agg *bind_many(struct hm_binder *b, const struct hm_row *row,
				const struct hm_ast *call, enum hm_fn fn)
{
	const struct hm_row over = { .plan = row->plan };
	const struct arguments args = bind_arguments(b, &over, call, row->aggs);
	struct hm_agg *agg = add_agg(b, row->aggs);

	if (args.count == 0)
		hm_refuse(b->fault, call->mark, "KS120",
			  "The function '%.*s' expects arguments.", HM_SHOW(call->name));
	if (is_arg(fn))
		check_orderable(b, args.at[0]);
	agg->fn = fn;
	agg->args = args.at;
	agg->arg_count = agg->count = args.count;
	agg->names = args.names;
	for (size_t i = 0; i < args.count; i++)
		add_result(b, row->aggs, args.at[i]->type);
	return agg;
}

/* percentiles(x, 5, 50): a result for each level. */
static struct hm_agg *bind_percentiles(struct hm_binder *b, const struct hm_row *row,
				       const struct hm_ast *call, enum hm_fn fn)
{
	const struct hm_row over = { .plan = row->plan };
	const size_t skip = fn == HM_FN_agg_percentilesw ? 2 : 1;
	struct hm_expr **args =
		hm_new_n(b->arena, struct hm_expr *, call->kids.count + 1);
	struct hm_agg *agg = add_agg(b, row->aggs);

	if (call->kids.count <= skip)
		hm_refuse(b->fault, call->mark, "KS120",
			  "The function '%.*s' expects at least %zu arguments.",
			  HM_SHOW(call->name), skip + 1);
	for (size_t i = 0; i < call->kids.count; i++) {
		args[i] = hm_bind_expr(b, &over, call->kids.at[i]);
		if (i >= skip && !hm_scalar_is_number(args[i]->type))
			hm_refuse(b->fault, args[i]->span, "KS137",
				  "The expression value must be a number.");
	}
	agg->fn = fn;
	agg->args = args;
	agg->arg_count = call->kids.count;
	agg->count = call->kids.count - skip;
	for (size_t i = 0; i < agg->count; i++)
		add_result(b, row->aggs, args[0]->type);
	return agg;
}

struct hm_agg *hm_bind_agg(struct hm_binder *b, const struct hm_row *row,
			   const struct hm_ast *call)
{
	const enum hm_fn fn = hm_agg_named(call->name);
	const struct hm_row over = { .plan = row->plan };
	struct hm_expr **args, *e;
	struct hm_agg *agg;

	if (is_arg(fn) || is_any(fn))
		return bind_many(b, row, call, fn);
	if (is_percentiles(fn))
		return bind_percentiles(b, row, call, fn);
	args = hm_new_n(b->arena, struct hm_expr *, call->kids.count + 1);
	for (size_t i = 0; i < call->kids.count; i++)
		args[i] = hm_bind_expr(b, &over, call->kids.at[i]);
	e = hm_resolve(b, fn, args, call->kids.count, call->mark);
	agg = add_agg(b, row->aggs);
	agg->fn = fn;
	agg->args = e->args;
	agg->arg_count = e->arg_count;
	agg->count = 1;
	add_result(b, row->aggs, e->type);
	return agg;
}

/* percentiles(x, 5, 99.9) -> percentile_x_5, percentile_x_99_9 */
static hm_bytes percentile_name(struct hm_binder *b, const struct hm_row *row,
				const struct hm_ast *call, size_t level)
{
	const struct hm_span at = call->kids.at[level]->span;
	const hm_bytes of = hm_result_name(b, row, call->kids.at[0]);
	char *text = hm_format(b->arena, "percentile_%.*s_%.*s", HM_SHOW(of), (int)at.len,
			       (const char *)b->fault->text.at + at.at);

	for (char *c = text; *c; c++)
		*c = *c == '.' ? '_' : *c;
	return hm_bytes_of(text);
}

/* arg_max(x, y, f(z)) -> max_x or x, y, max_x_arg2; argmax(x, y) -> max_x, max_x_y */
static hm_bytes extreme_name(struct hm_binder *b, const struct hm_agg *agg, size_t i)
{
	const bool old = agg->fn == HM_FN_agg_argmax || agg->fn == HM_FN_agg_argmin;
	const bool least = agg->fn == HM_FN_agg_arg_min || agg->fn == HM_FN_agg_argmin;
	const char *word = least ? "min" : "max";

	if (!old && agg->names[i].len > 0)
		return agg->names[i];
	if (i == 0)
		return hm_bytes_of(
			hm_format(b->arena, "%s_%.*s", word, HM_SHOW(agg->names[0])));
	if (agg->names[i].len == 0)
		return hm_bytes_of(hm_format(b->arena, "%s_%.*s_arg%zu", word,
					     HM_SHOW(agg->names[0]), i));
	return hm_bytes_of(hm_format(b->arena, "%s_%.*s_%.*s", word,
				     HM_SHOW(agg->names[0]), HM_SHOW(agg->names[i])));
}

/* What result i of an aggregate is called. */
static hm_bytes result_name(struct hm_binder *b, const struct hm_row *row,
			    const struct hm_ast *call, const struct hm_agg *agg, size_t i)
{
	if (is_percentiles(agg->fn))
		return percentile_name(b, row, call, call->kids.count - agg->count + i);
	if (!agg->names)
		return hm_result_name(b, row, call);
	if (agg->fn == HM_FN_agg_any)
		return hm_bytes_of(hm_format(b->arena, "%s_%.*s",
					     hm_fn_info(agg->fn)->prefix,
					     HM_SHOW(agg->names[i])));
	if (agg->fn == HM_FN_agg_take_any)
		return agg->names[i];
	return extreme_name(b, agg, i);
}

/* Group keys: named as in project, of any type but dynamic. */
static void bind_keys(struct hm_binder *b, struct hm_plan *plan, const struct hm_asts *by,
		      struct hm_output *o)
{
	const struct hm_row row = { .plan = plan->inputs[0] };

	plan->keys = hm_new_n(b->arena, struct hm_expr *, by->count + 1);
	for (size_t i = 0; i < by->count; i++) {
		const struct hm_ast *of;
		hm_bytes name;
		const bool chosen = hm_chosen_name(by->at[i], 0, &name, &of);
		struct hm_expr *e = hm_bind_expr(b, &row, of);

		if (e->type == HM_SCALAR_DYNAMIC)
			hm_refuse(b->fault, of->span, "KS116",
				  "The value of type 'dynamic' is not allowed in this "
				  "context: use tostring().");
		if (!chosen)
			name = hm_result_name(b, &row, of);
		hm_output_add(b, o, (struct hm_title){ name, chosen, by->at[i]->mark },
			      e);
		plan->keys[plan->key_count++] = e;
	}
}

static bool is_agg_call(const struct hm_binder *b, const struct hm_ast *ast)
{
	return ast->kind == HM_AST_CALL && !hm_find_name(b->names, ast->name) &&
	       hm_agg_named(ast->name) != HM_FN_NONE;
}

/* A column of the summarize node, for the projection over it. */
static struct hm_expr *result_column(struct hm_binder *b, const struct hm_agg_list *l,
				     size_t column, struct hm_span at)
{
	struct hm_expr *e =
		hm_expr_new(b, HM_EXPR_COLUMN, l->columns.at[column - l->keys].type, at);

	e->column = column;
	return e;
}

static void add_results(struct hm_binder *b, const struct hm_row *row,
			const struct hm_ast *item, struct hm_output *o)
{
	const struct hm_ast *of;
	hm_bytes name;
	const struct hm_agg *agg;
	const size_t named = item->kind == HM_AST_NAMED ? item->by.count : 0;

	hm_chosen_name(item, 0, &name, &of);
	agg = hm_bind_agg(b, row, of);
	if (named > agg->count)
		hm_refuse(b->fault, item->by.at[agg->count]->span, "KS150",
			  "The name does not have a corresponding expression.");
	for (size_t i = 0; i < agg->count; i++) {
		const bool chosen = hm_chosen_name(item, i, &name, &of) && i < named;

		if (!chosen)
			name = result_name(b, row, of, agg, i);
		hm_output_add(b, o, (struct hm_title){ name, chosen, item->mark },
			      result_column(b, row->aggs, agg->first + i, of->span));
	}
}

static void add_value(struct hm_binder *b, const struct hm_row *row,
		      const struct hm_ast *item, struct hm_output *o)
{
	const struct hm_ast *of;
	hm_bytes name;
	const bool chosen = hm_chosen_name(item, 0, &name, &of);
	struct hm_expr *e = hm_bind_expr(b, row, of);

	if (item->kind == HM_AST_NAMED && item->by.count > 1)
		hm_refuse(b->fault, item->span, "KS149",
			  "The expression does not have multiple named values.");
	if (!chosen)
		name = hm_result_name(b, row, of);
	hm_output_add(b, o, (struct hm_title){ name, chosen, item->mark }, e);
}

/* Whether the output is the node's columns in their order: then they only need names. */
static bool is_plain(const struct hm_output *o, size_t columns)
{
	for (size_t i = 0; i < o->fields.count; i++)
		if (o->exprs[i]->kind != HM_EXPR_COLUMN || o->exprs[i]->column != i)
			return false;
	return o->fields.count == columns;
}

static void key_columns(struct hm_binder *b, struct hm_output *o, struct hm_span at)
{
	for (size_t i = 0; i < o->fields.count; i++) {
		o->exprs[i] = hm_expr_new(b, HM_EXPR_COLUMN, o->fields.at[i].type, at);
		o->exprs[i]->column = i;
	}
}

/* Keys and results under names of their own; people see those of the projection. */
static void inner_columns(struct hm_binder *b, struct hm_plan *plan,
			  const struct hm_agg_list *l)
{
	const size_t n = l->keys + l->columns.count;

	plan->columns.at = hm_new_n(b->arena, struct hm_field, n + 1);
	plan->columns.count = n;
	for (size_t i = 0; i < n; i++) {
		plan->columns.at[i].name = hm_bytes_of(
			hm_format(b->arena, "%s%zu", i < l->keys ? "key" : "agg",
				  i < l->keys ? i : i - l->keys));
		plan->columns.at[i].type = i < l->keys ? plan->keys[i]->type
						       : l->columns.at[i - l->keys].type;
	}
}

struct hm_plan *hm_bind_summarize(struct hm_binder *b, struct hm_plan *input,
				  const struct hm_ast *op)
{
	struct hm_plan *plan = hm_plan_over(b, HM_PLAN_SUMMARIZE, input, op);
	struct hm_agg_list list = { 0 };
	struct hm_row row = { .plan = input, .aggs = &list };
	struct hm_output o = { 0 };

	plan->alias = (hm_bytes){ 0 };
	plan->alias_of = HM_NO_COLUMN;
	plan->serialized = false;
	bind_keys(b, plan, &op->by, &o);
	list.keys = plan->key_count;
	list.key_exprs = plan->keys;
	key_columns(b, &o, op->span);
	for (size_t i = 0; i < op->kids.count; i++) {
		const struct hm_ast *item = op->kids.at[i];
		const struct hm_ast *of = item->kind == HM_AST_NAMED ? item->on : item;

		if (is_agg_call(b, of))
			add_results(b, &row, item, &o);
		else
			add_value(b, &row, item, &o);
	}
	plan->aggs = list.at;
	plan->agg_count = list.count;
	inner_columns(b, plan, &list);
	if (is_plain(&o, plan->columns.count)) {
		plan->columns = o.fields;
		return hm_plan_add(b, plan);
	}
	hm_plan_add(b, plan);
	return hm_plan_add(b, hm_plan_project(b, plan, &o, op));
}

static void want_type(struct hm_binder *b, const struct hm_expr *e, enum hm_scalar type)
{
	if (e && e->type != type && e->type != HM_SCALAR_UNKNOWN)
		hm_refuse(b->fault, e->span, "KS107", "A value of type %s expected.",
			  hm_scalar_name(type));
}

/* from, to and step of make-series, of the axis's type. */
static void bind_axis(struct hm_binder *b, struct hm_plan *plan, const struct hm_ast *op)
{
	const struct hm_row row = { .plan = plan->inputs[0] };
	enum hm_scalar type;

	plan->axis = hm_bind_expr(b, &row, op->on);
	type = plan->axis->type;
	plan->step = hm_bind_constant(b, op->step, HM_SCALAR_UNKNOWN);
	if (op->from)
		plan->from = hm_bind_constant(b, op->from, HM_SCALAR_UNKNOWN);
	if (op->to)
		plan->to = hm_bind_constant(b, op->to, HM_SCALAR_UNKNOWN);
	if (!hm_scalar_is_number(type) && type != HM_SCALAR_DATETIME &&
	    type != HM_SCALAR_TIMESPAN && type != HM_SCALAR_UNKNOWN)
		hm_refuse(b->fault, op->on->span, "KS138",
			  "The argument value must be summable: a number, timespan or "
			  "datetime.");
	if (hm_scalar_is_number(type)) {
		plan->step = hm_expr_as(b, plan->step, type);
		plan->from = plan->from ? hm_expr_as(b, plan->from, type) : NULL;
		plan->to = plan->to ? hm_expr_as(b, plan->to, type) : NULL;
	}
	if (type == HM_SCALAR_UNKNOWN)
		return;
	want_type(b, plan->step, type == HM_SCALAR_DATETIME ? HM_SCALAR_TIMESPAN : type);
	want_type(b, plan->from, type);
	want_type(b, plan->to, type);
	/* `in range(a, b, s)` counts b, `to b` does not. */
	plan->to_inclusive = op->flag;
}

static void bind_series_item(struct hm_binder *b, const struct hm_row *row,
			     const struct hm_ast *item, struct hm_output *o)
{
	const struct hm_ast *of;
	hm_bytes name;
	const bool chosen = hm_chosen_name(item->on, 0, &name, &of);
	struct hm_agg *agg;
	struct hm_expr *e;

	if (!is_agg_call(b, of))
		hm_refuse(b->fault, of->span, "HM001",
			  "hallmark supports plain aggregates in make-series, not "
			  "expressions over them.");
	agg = hm_bind_agg(b, row, of);
	if (agg->count != 1)
		hm_unsupported(b, of->span, "in make-series the aggregate", of->name);
	if (item->from)
		agg->otherwise = hm_bind_constant(b, item->from, HM_SCALAR_UNKNOWN);
	if (!chosen)
		name = result_name(b, row, of, agg, 0);
	e = hm_expr_new(b, HM_EXPR_COLUMN, HM_SCALAR_DYNAMIC, of->span);
	hm_output_add(b, o, (struct hm_title){ name, chosen, item->mark }, e);
}

struct hm_plan *hm_bind_series(struct hm_binder *b, struct hm_plan *input,
			       const struct hm_ast *op)
{
	struct hm_plan *plan = hm_plan_over(b, HM_PLAN_MAKE_SERIES, input, op);
	struct hm_agg_list list = { 0 };
	struct hm_row row = { .plan = input, .aggs = &list };
	const struct hm_row over = { .plan = input };
	struct hm_output o = { 0 };
	const struct hm_ast *of;
	hm_bytes name;
	bool chosen;

	plan->alias = (hm_bytes){ 0 };
	plan->alias_of = HM_NO_COLUMN;
	plan->serialized = false;
	bind_keys(b, plan, &op->by, &o);
	list.keys = plan->key_count;
	list.key_exprs = plan->keys;
	bind_axis(b, plan, op);
	for (size_t i = 0; i < op->kids.count; i++)
		bind_series_item(b, &row, op->kids.at[i], &o);
	chosen = hm_chosen_name(op->on, 0, &name, &of);
	if (!chosen)
		name = hm_result_name(b, &over, of);
	hm_output_add(b, &o, (struct hm_title){ name, false, of->mark },
		      hm_expr_new(b, HM_EXPR_COLUMN, HM_SCALAR_DYNAMIC, of->span));
	plan->aggs = list.at;
	plan->agg_count = list.count;
	plan->columns = o.fields;
	return hm_plan_add(b, plan);
}

static void bind_level(struct hm_binder *b, struct hm_plan *input,
		       const struct hm_ast *ast, struct hm_level *level,
		       struct hm_output *o)
{
	struct hm_agg_list list = { 0 };
	const struct hm_row over = { .plan = input };
	struct hm_row row = { .plan = input, .aggs = &list };
	const struct hm_ast *of;
	hm_bytes name, value;
	bool chosen = hm_chosen_name(ast->on, 0, &name, &of);

	if (ast->from)
		level->limit = hm_bind_constant(b, ast->from, HM_SCALAR_LONG);
	level->of = hm_bind_expr(b, &over, of);
	if (!chosen)
		name = hm_result_name(b, &over, of);
	level->column = hm_output_add(
		b, o, (struct hm_title){ name, chosen, ast->on->mark }, level->of);
	value = o->fields.at[level->column].name;
	if (ast->step)
		level->others = hm_bind_constant(b, ast->step, level->of->type);
	level->descending = !ast->flag;
	chosen = hm_chosen_name(ast->to, 0, &name, &of);
	if (!is_agg_call(b, of))
		hm_refuse(b->fault, of->span, "HM001",
			  "hallmark supports plain aggregates in top-nested, not "
			  "expressions "
			  "over them.");
	level->by = *hm_bind_agg(b, &row, of);
	if (!chosen)
		name = hm_bytes_of(
			hm_format(b->arena, "aggregated_%.*s", HM_SHOW(value)));
	level->by.first = hm_output_add(
		b, o, (struct hm_title){ name, chosen, ast->to->mark },
		hm_expr_new(b, HM_EXPR_COLUMN, list.columns.at[0].type, of->span));
}

struct hm_plan *hm_bind_nested(struct hm_binder *b, struct hm_plan *input,
			       const struct hm_ast *op)
{
	struct hm_plan *plan = hm_plan_over(b, HM_PLAN_TOP_NESTED, input, op);
	struct hm_output o = { 0 };

	plan->alias = (hm_bytes){ 0 };
	plan->alias_of = HM_NO_COLUMN;
	plan->serialized = false;
	plan->levels = hm_new_n(b->arena, struct hm_level, op->kids.count);
	plan->level_count = op->kids.count;
	for (size_t i = 0; i < op->kids.count; i++)
		bind_level(b, input, op->kids.at[i], &plan->levels[i], &o);
	plan->columns = o.fields;
	return hm_plan_add(b, plan);
}

static struct hm_expr *bind_plain_column(struct hm_binder *b, const struct hm_row *row,
					 const struct hm_ast *ast)
{
	struct hm_expr *e = hm_bind_expr(b, row, ast);

	if (e->kind != HM_EXPR_COLUMN)
		hm_refuse(b->fault, ast->span, "KS109", "Column name expected.");
	return e;
}

/* sample-distinct N of column; top-hitters N of column [by column] */
struct hm_plan *hm_bind_hitters(struct hm_binder *b, struct hm_plan *input,
				const struct hm_ast *op)
{
	const bool hitters = op->kind == HM_AST_TOP_HITTERS;
	const struct hm_row row = { .plan = input };
	struct hm_plan *plan = hm_plan_over(
		b, hitters ? HM_PLAN_TOP_HITTERS : HM_PLAN_SAMPLE_DISTINCT, input, op);
	struct hm_output o = { 0 };
	hm_bytes name;

	plan->alias = (hm_bytes){ 0 };
	plan->alias_of = HM_NO_COLUMN;
	plan->serialized = hitters;
	plan->limit = hm_bind_constant(b, op->on, HM_SCALAR_LONG);
	plan->exprs = hm_new_n(b->arena, struct hm_expr *, 2);
	plan->exprs[plan->expr_count++] = bind_plain_column(b, &row, op->from);
	name = hm_result_name(b, &row, op->from);
	hm_output_add(b, &o, (struct hm_title){ name, true, op->from->mark },
		      plan->exprs[0]);
	if (hitters && op->to) {
		plan->exprs[plan->expr_count++] = bind_plain_column(b, &row, op->to);
		name = hm_result_name(b, &row, op->to);
		hm_output_add(b, &o,
			      (struct hm_title){ hm_bytes_of(hm_format(
							 b->arena, "approximate_sum_%.*s",
							 HM_SHOW(name))),
						 false, op->to->mark },
			      plan->exprs[1]);
	} else if (hitters) {
		hm_output_add(
			b, &o,
			(struct hm_title){
				hm_bytes_of(hm_format(b->arena, "approximate_count_%.*s",
						      HM_SHOW(name))),
				false, op->mark },
			hm_long(b, 0, op->span));
	}
	plan->columns = o.fields;
	return hm_plan_add(b, plan);
}
