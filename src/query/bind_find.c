/* SPDX-License-Identifier: MIT */
/* search and find: filters over all columns of many tables (kql.md B7.49). */
#include <string.h>

#include "query/binder.h"

/* "abc" has, "abc*" hasprefix, "*abc" hassuffix, "*abc*" contains. */
static enum hm_fn term_operator(hm_bytes *term, bool cs)
{
	const bool before = term->len > 0 && term->at[0] == '*';
	const bool after =
		term->len > (before ? 1u : 0u) && term->at[term->len - 1] == '*';

	term->at += before;
	term->len -= (size_t)before + (size_t)after;
	if (before && after)
		return cs ? HM_FN_op_contains_cs : HM_FN_op_contains;
	if (before)
		return cs ? HM_FN_op_hassuffix_cs : HM_FN_op_hassuffix;
	if (after)
		return cs ? HM_FN_op_hasprefix_cs : HM_FN_op_hasprefix;
	return cs ? HM_FN_op_has_cs : HM_FN_op_has;
}

static struct hm_expr *column_has(struct hm_binder *b, struct hm_plan *plan,
				  size_t column, hm_bytes term, bool cs)
{
	struct hm_expr *of = hm_column_of(b, plan, column, plan->span);
	struct hm_expr **args = hm_new_n(b->arena, struct hm_expr *, 2);
	struct hm_expr **one = hm_new_n(b->arena, struct hm_expr *, 1);
	const enum hm_fn fn = term_operator(&term, cs);

	one[0] = of;
	if (of->type != HM_SCALAR_STRING)
		of = hm_call(b, HM_FN_tostring, HM_SCALAR_STRING, one, 1);
	args[0] = of;
	args[1] = hm_text(b, term, plan->span);
	return hm_call(b, fn, HM_SCALAR_BOOL, args, 2);
}

/* A bare term: any column has it. */
static struct hm_expr *any_has(struct hm_binder *b, struct hm_plan *plan, hm_bytes term,
			       bool cs)
{
	const size_t n = plan->columns.count;
	struct hm_expr **args = hm_new_n(b->arena, struct hm_expr *, n + 1);
	size_t count = 0;

	hm_spend(b->fault, plan->span, n);
	for (size_t i = 0; i < n; i++)
		if (i != plan->source_column)
			args[count++] = column_has(b, plan, i, term, cs);
	if (count == 1)
		return args[0];
	return hm_call(b, HM_FN_op_or, HM_SCALAR_BOOL, args, count);
}

static struct hm_expr *bind_predicate(struct hm_binder *b, struct hm_plan *plan,
				      const struct hm_ast *ast, bool cs)
{
	const struct hm_row row = { .plan = plan };
	struct hm_expr **args;

	if (ast->kind == HM_AST_STAR)
		return hm_literal(
			b, (struct hm_value){ .type = HM_SCALAR_BOOL, .truth = true },
			ast->span);
	if (ast->kind == HM_AST_LITERAL && ast->value.type == HM_SCALAR_STRING)
		return any_has(b, plan, ast->value.text, cs);
	if (ast->kind == HM_AST_LITERAL && hm_scalar_is_number(ast->value.type))
		return any_has(
			b, plan,
			(hm_bytes){ b->fault->text.at + ast->span.at, ast->span.len },
			cs);
	if (ast->kind == HM_AST_CALL && hm_is(ast->name, "not") && ast->kids.count == 1) {
		args = hm_new_n(b->arena, struct hm_expr *, 1);
		args[0] = bind_predicate(b, plan, ast->kids.at[0], cs);
		return hm_call(b, HM_FN_not, HM_SCALAR_BOOL, args, 1);
	}
	if (ast->kind == HM_AST_OP &&
	    (ast->fn == HM_FN_op_and || ast->fn == HM_FN_op_or)) {
		args = hm_new_n(b->arena, struct hm_expr *, 2);
		hm_enter(b->fault, ast->span);
		args[0] = bind_predicate(b, plan, ast->kids.at[0], cs);
		args[1] = bind_predicate(b, plan, ast->kids.at[1], cs);
		hm_leave(b->fault);
		return hm_call(b, ast->fn, HM_SCALAR_BOOL, args, 2);
	}
	return hm_bind_bool(b, &row, ast);
}

static struct hm_plan *add_filter(struct hm_binder *b, struct hm_plan *over,
				  struct hm_expr *test, const struct hm_ast *op)
{
	struct hm_plan *plan = hm_plan_over(b, HM_PLAN_FILTER, over, op);

	plan->test = test;
	return hm_plan_add(b, plan);
}

/* `T | search` has a $table column too: its text is the table's name, or what as made
 * it, or Kusto's word for an expression. */
static struct hm_plan *with_table_column(struct hm_binder *b, struct hm_plan *input,
					 const struct hm_ast *op)
{
	struct hm_output o = { 0 };
	hm_bytes name = input->kind == HM_PLAN_TABLE ? input->name : input->called;

	if (name.len == 0)
		name = hm_bytes_of("search_arg0");

	hm_output_add(b, &o, (struct hm_title){ hm_bytes_of("$table"), false, op->span },
		      hm_text(b, name, op->span));
	for (size_t i = 0; i < input->columns.count; i++)
		hm_output_add(
			b, &o,
			(struct hm_title){ input->columns.at[i].name, false, op->span },
			hm_column_of(b, input, i, op->span));
	input = hm_plan_project(b, input, &o, op);
	input->source_column = 0;
	return hm_plan_add(b, input);
}

struct hm_plan *hm_bind_search(struct hm_binder *b, struct hm_plan *input,
			       const struct hm_ast *op)
{
	const struct hm_ast *kind = hm_param(op, "kind");
	const bool cs = kind && hm_is(kind->name, "case_sensitive");
	struct hm_plan *over =
		input ? with_table_column(b, input, op)
		      : hm_union_of(b, &op->kids, hm_bytes_of("$table"), op);

	return add_filter(b, over, bind_predicate(b, over, op->on, cs), op);
}

/* Whether the predicate of find names that column. */
static bool mentions(const struct hm_ast *ast, hm_bytes name)
{
	if (!ast)
		return false;
	if (ast->kind == HM_AST_NAME && hm_same(ast->name, name))
		return true;
	for (size_t i = 0; i < ast->kids.count; i++)
		if (mentions(ast->kids.at[i], name))
			return true;
	return mentions(ast->on, name);
}

static bool is_common(const struct hm_plan *all, size_t column)
{
	for (size_t k = 0; k < all->input_count; k++)
		if (all->picks[k * all->columns.count + column].column == HM_NO_COLUMN)
			return false;
	return true;
}

/* What find gives without project: columns of all tables, and those it asks for. */
static struct hm_fields find_columns(struct hm_binder *b, struct hm_plan *all,
				     const struct hm_ast *op)
{
	struct hm_fields fields = { hm_new_n(b->arena, struct hm_field,
					     all->columns.count + op->by.count + 1),
				    0 };

	for (size_t i = 1; op->by.count == 0 && i < all->columns.count; i++)
		if (is_common(all, i))
			fields.at[fields.count++] = all->columns.at[i];
	for (size_t i = 1; op->by.count == 0 && i < all->columns.count; i++)
		if (!is_common(all, i) && mentions(op->on, all->columns.at[i].name))
			fields.at[fields.count++] = all->columns.at[i];
	for (size_t i = 0; i < op->by.count; i++) {
		const struct hm_ast *decl = op->by.at[i];
		const size_t found = hm_find_column(all, decl->name);
		const struct hm_row row = { .plan = all };

		if (decl->kind == HM_AST_STAR)
			continue;
		if (found == HM_NO_COLUMN && !decl->typed)
			hm_unknown_name(b, &row, decl->name, decl->mark);
		fields.at[fields.count++] = (struct hm_field){
			decl->name, decl->typed ? decl->type : all->columns.at[found].type
		};
	}
	return fields;
}

static bool wants_pack(const struct hm_ast *op)
{
	for (size_t i = 0; i < op->by.count; i++)
		if (op->by.at[i]->kind == HM_AST_STAR)
			return true;
	return op->by.count == 0;
}

/* pack_: the other columns that have a value. */
static struct hm_expr *pack_rest(struct hm_binder *b, struct hm_plan *all,
				 const struct hm_fields *shown)
{
	struct hm_expr **args =
		hm_new_n(b->arena, struct hm_expr *, 2 * all->columns.count + 1);
	size_t count = 0;

	for (size_t i = 0; i < all->columns.count; i++) {
		if (i == 0 || /* the source */
		    hm_find_field(shown, all->columns.at[i].name) != HM_NO_COLUMN)
			continue;
		args[count++] = hm_text(b, all->columns.at[i].name, all->span);
		args[count++] = hm_column_of(b, all, i, all->span);
	}
	return hm_call(b, HM_FN_pack_all, HM_SCALAR_DYNAMIC, args, count);
}

struct hm_plan *hm_bind_find(struct hm_binder *b, struct hm_plan *input,
			     const struct hm_ast *op)
{
	const struct hm_ast *source = hm_param(op, "withsource");
	const hm_bytes name = source ? source->name : hm_bytes_of("source_");
	struct hm_plan *all, *rows;
	struct hm_output o = { 0 };
	struct hm_fields shown;

	if (input)
		hm_refuse(b->fault, op->span, "KS176", "find does not follow a table.");
	all = hm_union_of(b, &op->kids, name, op);
	rows = add_filter(b, all, bind_predicate(b, all, op->on, false), op);
	shown = find_columns(b, all, op);
	hm_output_add(b, &o, (struct hm_title){ name, false, op->span },
		      hm_column_of(b, rows, 0, op->span));
	for (size_t i = 0; i < shown.count; i++) {
		const size_t column = hm_find_column(all, shown.at[i].name);
		struct hm_value none = { .type = shown.at[i].type,
					 .null = shown.at[i].type != HM_SCALAR_STRING };
		struct hm_expr *e = column == HM_NO_COLUMN
					    ? hm_literal(b, none, op->span)
					    : hm_column_of(b, rows, column, op->span);

		hm_output_add(b, &o,
			      (struct hm_title){ shown.at[i].name, true, op->span },
			      hm_expr_as(b, e, shown.at[i].type));
	}
	if (wants_pack(op))
		hm_output_add(b, &o,
			      (struct hm_title){ hm_bytes_of("pack_"), false, op->span },
			      pack_rest(b, rows, &shown));
	return hm_plan_add(b, hm_plan_project(b, rows, &o, op));
}
