/* SPDX-License-Identifier: MIT */
/* How results are called: kql.md B4, which every translator of KQL gets wrong. */
#include <stdio.h>
#include <string.h>

#include "query/binder.h"

static hm_bytes joined(struct hm_binder *b, hm_bytes left, hm_bytes right)
{
	if (left.len == 0)
		return right;
	if (right.len == 0)
		return hm_bytes_of(hm_format(b->arena, "%.*s_", HM_SHOW(left)));
	return hm_bytes_of(
		hm_format(b->arena, "%.*s_%.*s", HM_SHOW(left), HM_SHOW(right)));
}

/* 95 -> 95, 99.9 -> 99_9 */
static hm_bytes level_name(struct hm_binder *b, const struct hm_ast *level)
{
	char *text;

	if (level->kind != HM_AST_LITERAL)
		return (hm_bytes){ 0 };
	text = hm_cstr(b->arena,
		       (hm_bytes){ b->fault->text.at + level->span.at, level->span.len });
	for (char *c = text; *c; c++)
		if (*c == '.')
			*c = '_';
	return hm_bytes_of(text);
}

static hm_bytes index_name(struct hm_binder *b, const struct hm_row *row,
			   const struct hm_ast *ast)
{
	const hm_bytes base = hm_result_name(b, row, ast->kids.at[0]);
	const struct hm_ast *index = ast->kids.at[1];

	if (index->kind != HM_AST_LITERAL)
		return base.len > 0 ? joined(b, base, (hm_bytes){ 0 }) : base;
	if (index->value.type == HM_SCALAR_STRING)
		return joined(b, base, index->value.text);
	if (index->value.type == HM_SCALAR_LONG && index->value.whole >= 0)
		return joined(b, base,
			      hm_bytes_of(hm_format(b->arena, "%lld",
						    (long long)index->value.whole)));
	return base.len > 0 ? joined(b, base, (hm_bytes){ 0 }) : base;
}

/* column_ifexists("a", ...) is called a where there is one. */
static hm_bytes if_exists_name(const struct hm_row *row, const struct hm_ast *ast)
{
	const struct hm_ast *first = ast->kids.count > 0 ? ast->kids.at[0] : NULL;

	if (first && first->kind == HM_AST_LITERAL && row && row->plan &&
	    hm_find_column(row->plan, first->value.text) != HM_NO_COLUMN)
		return first->value.text;
	return (hm_bytes){ 0 };
}

static hm_bytes by_rule(struct hm_binder *b, const struct hm_row *row,
			const struct hm_ast *ast, const struct hm_fn_info *info)
{
	const struct hm_ast *first = ast->kids.count > 0 ? ast->kids.at[0] : NULL;
	hm_bytes of = { 0 };

	if (first && first->kind != HM_AST_STAR)
		of = hm_result_name(b, row, first);
	switch (info->naming) {
	case HM_NAMING_PLAIN: break;
	case HM_NAMING_FIRST: return of;
	case HM_NAMING_PREFIX:
		return hm_bytes_of(
			hm_format(b->arena, "%s_%.*s", info->prefix, HM_SHOW(of)));
	case HM_NAMING_ONLY: return ast->kids.count == 1 ? of : (hm_bytes){ 0 };
	}
	return (hm_bytes){ 0 };
}

static bool is_covariance(enum hm_fn fn)
{
	return fn == HM_FN_agg_covariance || fn == HM_FN_agg_covarianceif ||
	       fn == HM_FN_agg_covariancep || fn == HM_FN_agg_covariancepif;
}

static hm_bytes agg_name(struct hm_binder *b, const struct hm_row *row,
			 const struct hm_ast *ast, enum hm_fn fn)
{
	const hm_bytes of = ast->kids.count > 0 && ast->kids.at[0]->kind != HM_AST_STAR
				    ? hm_result_name(b, row, ast->kids.at[0])
				    : (hm_bytes){ 0 };

	if (fn == HM_FN_agg_percentile || fn == HM_FN_agg_percentilew) {
		const hm_bytes level = level_name(
			b, ast->kids.at[ast->kids.count > 1 ? ast->kids.count - 1 : 0]);

		return hm_bytes_of(hm_format(b->arena, "percentile_%.*s_%.*s",
					     HM_SHOW(of), HM_SHOW(level)));
	}
	if (fn == HM_FN_agg_percentiles_array || fn == HM_FN_agg_percentilesw_array)
		return hm_bytes_of(hm_format(b->arena, "percentiles_%.*s", HM_SHOW(of)));
	if (fn == HM_FN_agg_take_any)
		return of;
	if (is_covariance(fn) && ast->kids.count > 1)
		return joined(b, by_rule(b, row, ast, hm_fn_info(fn)),
			      hm_result_name(b, row, ast->kids.at[1]));
	return by_rule(b, row, ast, hm_fn_info(fn));
}

static hm_bytes call_name(struct hm_binder *b, const struct hm_row *row,
			  const struct hm_ast *ast)
{
	enum hm_fn fn = hm_agg_named(ast->name);

	if (hm_find_name(b->names, ast->name))
		return (hm_bytes){ 0 };
	if (hm_is(ast->name, "column_ifexists") || hm_is(ast->name, "columnifexists"))
		return if_exists_name(row, ast);
	if (row && row->aggs && fn != HM_FN_NONE)
		return agg_name(b, row, ast, fn);
	fn = hm_fn_named(ast->name);
	if (fn == HM_FN_ingestion_time)
		return hm_bytes_of("$IngestionTime");
	return by_rule(b, row, ast, hm_fn_info(fn));
}

hm_bytes hm_result_name(struct hm_binder *b, const struct hm_row *row,
			const struct hm_ast *ast)
{
	hm_bytes name = { 0 };

	hm_enter(b->fault, ast->span);
	if (ast->kind == HM_AST_NAME)
		name = ast->name;
	else if (ast->kind == HM_AST_NAMED)
		name = ast->by.at[0]->name;
	else if (ast->kind == HM_AST_MEMBER && ast->kids.count == 1)
		name = joined(b, hm_result_name(b, row, ast->kids.at[0]), ast->name);
	else if (ast->kind == HM_AST_INDEX)
		name = index_name(b, row, ast);
	else if (ast->kind == HM_AST_CALL)
		name = call_name(b, row, ast);
	hm_leave(b->fault);
	return name;
}

hm_bytes hm_unique(struct hm_binder *b, const struct hm_fields *fields, hm_bytes name)
{
	hm_bytes free = name;

	for (unsigned n = 1; hm_find_field(fields, free) != HM_NO_COLUMN; n++)
		free = hm_bytes_of(hm_format(b->arena, "%.*s%u", HM_SHOW(name), n));
	return free;
}

static void grow(struct hm_binder *b, struct hm_output *o)
{
	const size_t room = o->room ? o->room * 2 : 16, n = o->fields.count;
	struct hm_field *fields = hm_new_n(b->arena, struct hm_field, room);
	struct hm_expr **exprs = hm_new_n(b->arena, struct hm_expr *, room);
	bool *chosen = hm_new_n(b->arena, bool, room);

	if (n > 0) {
		memcpy(fields, o->fields.at, n * sizeof(*fields));
		memcpy(exprs, o->exprs, n * sizeof(struct hm_expr *));
		memcpy(chosen, o->chosen, n * sizeof(*chosen));
	}
	o->fields.at = fields;
	o->exprs = exprs;
	o->chosen = chosen;
	o->room = room;
}

size_t hm_output_add(struct hm_binder *b, struct hm_output *o, struct hm_title title,
		     struct hm_expr *expr)
{
	hm_bytes name = title.name;
	size_t found;

	if (o->fields.count == o->room)
		grow(b, o);
	if (name.len == 0)
		name = hm_bytes_of(hm_format(b->arena, "%s%u",
					     o->stem ? o->stem : "Column", ++o->unnamed));
	found = hm_find_field(&o->fields, name);
	if (found != HM_NO_COLUMN && title.chosen && o->chosen[found])
		hm_refuse(b->fault, title.at, "KS171",
			  "A column with the name '%.*s' is already declared.",
			  HM_SHOW(name));
	if (found != HM_NO_COLUMN)
		name = hm_unique(b, &o->fields, name);
	hm_spend(b->fault, title.at, 1);
	o->fields.at[o->fields.count] =
		(struct hm_field){ name, expr ? expr->type : HM_SCALAR_UNKNOWN };
	o->exprs[o->fields.count] = expr;
	o->chosen[o->fields.count] = title.chosen;
	return o->fields.count++;
}

bool hm_chosen_name(const struct hm_ast *ast, size_t i, hm_bytes *name,
		    const struct hm_ast **of)
{
	*of = ast;
	*name = (hm_bytes){ 0 };
	if (ast->kind == HM_AST_NAMED) {
		*of = ast->on;
		if (i < ast->by.count)
			*name = ast->by.at[i]->name;
		return i < ast->by.count;
	}
	if (ast->kind == HM_AST_NAME && i == 0)
		*name = ast->name;
	return name->len > 0;
}

struct hm_plan *hm_plan_project(struct hm_binder *b, struct hm_plan *input,
				const struct hm_output *o, const struct hm_ast *ast)
{
	struct hm_plan *plan = hm_plan_over(b, HM_PLAN_PROJECT, input, ast);

	plan->columns = o->fields;
	plan->exprs = o->exprs;
	plan->expr_count = o->fields.count;
	if (plan->alias_of != HM_NO_COLUMN) {
		const hm_bytes name = input->columns.at[input->alias_of].name;

		plan->alias_of = hm_find_field(&plan->columns, name);
	}
	if (plan->alias_of == HM_NO_COLUMN ||
	    hm_find_field(&plan->columns, plan->alias) != HM_NO_COLUMN)
		plan->alias = (hm_bytes){ 0 };
	return plan;
}
