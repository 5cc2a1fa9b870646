/* SPDX-License-Identifier: MIT */
/*
 * scan: patterns over rows in order.
 *
 * The expressions of steps are bound over a row of scan's own: the input's columns, then
 * the declared ones (by their bare name each is its default), then one for every
 * step.column that is named.
 */
#include "query/binder.h"

enum { MAX_REFS = 256, MAX_STEPS = 32 };

struct hm_scanning {
	struct hm_scan *scan;
	struct hm_plan *row;
	const struct hm_ast *op;
};

/* The column of the scan's row that stands for step.column. */
static size_t ref_of(struct hm_binder *b, struct hm_scanning *s, size_t step,
		     size_t column, struct hm_span at)
{
	struct hm_scan *scan = s->scan;
	const size_t known = scan->row.count - scan->ref_count;

	for (size_t i = 0; i < scan->ref_count; i++)
		if (scan->refs[i].step == step && scan->refs[i].column == column)
			return known + i;
	if (scan->ref_count == MAX_REFS)
		hm_refuse(b->fault, at, "HM002",
			  "The steps of scan name more than %d columns of steps.",
			  MAX_REFS);
	scan->refs[scan->ref_count++] = (struct hm_scan_ref){ step, column };
	scan->row.at[scan->row.count] =
		(struct hm_field){ (hm_bytes){ 0 }, scan->row.at[column].type };
	scan->row.count++;
	s->row->columns = scan->row;
	return scan->row.count - 1;
}

struct hm_expr *hm_bind_step_member(struct hm_binder *b, const struct hm_row *row,
				    const struct hm_ast *ast)
{
	struct hm_scanning *s = row ? row->scanning : NULL;
	const struct hm_ast *of = ast->kids.at[0];

	for (size_t i = 0; s && of->kind == HM_AST_NAME && i < s->op->kids.count; i++) {
		size_t column;

		if (!hm_same(s->op->kids.at[i]->name, of->name))
			continue;
		column = hm_find_column(s->row, ast->name);
		if (column == HM_NO_COLUMN)
			hm_unknown_name(b, row, ast->name, ast->mark);
		return hm_column_of(b, s->row, ref_of(b, s, i, column, ast->span),
				    ast->span);
	}
	return NULL;
}

/* The input's columns and the declared ones. */
static void declare(struct hm_binder *b, struct hm_plan *plan, struct hm_scan *scan,
		    const struct hm_ast *op)
{
	const struct hm_fields *in = &plan->inputs[0]->columns;

	scan->row.at = hm_new_n(b->arena, struct hm_field,
				in->count + op->by.count + MAX_REFS + 1);
	for (size_t i = 0; i < in->count; i++)
		scan->row.at[scan->row.count++] = in->at[i];
	scan->declared = in->count;
	scan->defaults = hm_new_n(b->arena, struct hm_expr *, op->by.count + 1);
	for (size_t i = 0; i < op->by.count; i++) {
		const struct hm_ast *decl = op->by.at[i];

		if (decl->kind != HM_AST_DECL || !decl->typed)
			hm_refuse(b->fault, decl->span, "KS005",
				  "Expected: a scalar column");
		if (hm_find_field(&scan->row, decl->name) != HM_NO_COLUMN)
			hm_refuse(b->fault, decl->span, "KS171",
				  "A column with the name '%.*s' is already declared.",
				  HM_SHOW(decl->name));
		scan->row.at[scan->row.count++] =
			(struct hm_field){ decl->name, decl->type };
		if (decl->on)
			scan->defaults[i] = hm_bind_constant(b, decl->on, decl->type);
		scan->declared_count++;
	}
}

/* Whether ast names that column barely. */
static bool names(const struct hm_ast *ast, hm_bytes name)
{
	if (!ast || ast->kind == HM_AST_MEMBER)
		return false;
	if (ast->kind == HM_AST_NAME && hm_same(ast->name, name))
		return true;
	for (size_t i = 0; i < ast->kids.count; i++)
		if (names(ast->kids.at[i], name))
			return true;
	return names(ast->on, name);
}

/* Column = expression, of a step. */
static void bind_assignment(struct hm_binder *b, const struct hm_row *row,
			    const struct hm_ast *ast, struct hm_step *step)
{
	const struct hm_scan *scan = row->scanning->scan;
	size_t column;

	if (ast->kind != HM_AST_NAMED || ast->by.count != 1)
		hm_refuse(b->fault, ast->span, "KS005", "Expected: name = expression");
	column = hm_find_column(row->plan, ast->by.at[0]->name);
	if (column == HM_NO_COLUMN || column < scan->declared)
		hm_refuse(b->fault, ast->by.at[0]->span, "KS142",
			  "The name '%.*s' is not that of a declared column.",
			  HM_SHOW(ast->by.at[0]->name));
	/* Whether it is the new value or the default, no case of the engine tells. */
	for (size_t i = 0; i < scan->declared_count; i++)
		if (step->values[i] &&
		    names(ast->on, scan->row.at[scan->declared + i].name))
			hm_refuse(b->fault, ast->on->span, "HM001",
				  "hallmark does not support a column that the same "
				  "step has just assigned: name it by its step.");
	step->values[column - scan->declared] =
		hm_expr_as(b, hm_bind_expr(b, row, ast->on), scan->row.at[column].type);
}

static void bind_step(struct hm_binder *b, const struct hm_row *row,
		      const struct hm_ast *ast, struct hm_step *step)
{
	const struct hm_scan *scan = row->scanning->scan;

	step->output = !ast->flag;
	step->test = hm_bind_bool(b, row, ast->on);
	step->values = hm_new_n(b->arena, struct hm_expr *, scan->declared_count + 1);
	for (size_t i = 0; i < ast->kids.count; i++)
		bind_assignment(b, row, ast->kids.at[i], step);
}

/* Into the list that all who walk a plan look at. */
static void list_exprs(struct hm_binder *b, struct hm_plan *plan)
{
	const struct hm_scan *scan = plan->scan;
	const size_t each = scan->declared_count + 1;

	plan->exprs = hm_new_n(b->arena, struct hm_expr *, each * (scan->step_count + 1));
	for (size_t i = 0; i < scan->step_count; i++) {
		plan->exprs[plan->expr_count++] = scan->steps[i].test;
		for (size_t k = 0; k < scan->declared_count; k++)
			if (scan->steps[i].values[k])
				plan->exprs[plan->expr_count++] =
					scan->steps[i].values[k];
	}
	for (size_t k = 0; k < scan->declared_count; k++)
		if (scan->defaults[k])
			plan->exprs[plan->expr_count++] = scan->defaults[k];
}

/* The input's columns, the declared ones, and the number of the match. */
static void output_columns(struct hm_binder *b, struct hm_plan *plan,
			   const struct hm_ast *op)
{
	const struct hm_ast *match = hm_param(op, "with_match_id");
	struct hm_scan *scan = plan->scan;
	const size_t count = scan->declared + scan->declared_count;

	plan->columns =
		(struct hm_fields){ hm_new_n(b->arena, struct hm_field, count + 1),
				    count };
	for (size_t i = 0; i < count; i++)
		plan->columns.at[i] = scan->row.at[i];
	scan->match_column = HM_NO_COLUMN;
	if (!match)
		return;
	scan->match_column = count;
	plan->columns.at[count] =
		(struct hm_field){ hm_unique(b, &plan->columns, match->name),
				   HM_SCALAR_LONG };
	plan->columns.count++;
}

struct hm_plan *hm_bind_scan(struct hm_binder *b, struct hm_plan *input,
			     const struct hm_ast *op)
{
	struct hm_plan *plan = hm_plan_over(b, HM_PLAN_SCAN, input, op);
	struct hm_plan *over = hm_plan_of(b, HM_PLAN_ROW, op);
	struct hm_scan *scan = hm_new(b->arena, struct hm_scan);
	struct hm_scanning scanning = { scan, over, op };
	const struct hm_row row = { .plan = over, .scanning = &scanning };

	if (op->kids.count > MAX_STEPS)
		hm_refuse(b->fault, op->span, "HM002", "scan has more than %d steps.",
			  MAX_STEPS);
	plan->scan = scan;
	declare(b, plan, scan, op);
	over->columns = scan->row;
	over->open = input->open;
	over->alias = input->alias;
	over->alias_of = input->alias_of;
	scan->refs = hm_new_n(b->arena, struct hm_scan_ref, MAX_REFS);
	scan->steps = hm_new_n(b->arena, struct hm_step, op->kids.count);
	scan->step_count = op->kids.count;
	for (size_t i = 0; i < op->kids.count; i++)
		bind_step(b, &row, op->kids.at[i], &scan->steps[i]);
	list_exprs(b, plan);
	output_columns(b, plan, op);
	plan->serialized = true;
	return hm_plan_add(b, plan);
}
