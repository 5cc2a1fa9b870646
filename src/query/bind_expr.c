/* SPDX-License-Identifier: MIT */
/* Names, paths and operators of expressions. */
#include <string.h>

#include "base/text.h"
#include "query/binder.h"

const struct hm_name *hm_find_name(const struct hm_name *scope, hm_bytes name)
{
	for (; scope; scope = scope->next)
		if (hm_same(scope->name, name))
			return scope;
	return NULL;
}

const struct hm_source *hm_find_table(const struct hm_binder *b, hm_bytes name)
{
	const struct hm_source *t = b->catalogue->tables;

	while (t && !hm_same(t->name, name))
		t = t->next;
	return t;
}

/* The nearest name seen so far. */
struct near {
	hm_bytes wanted, best;
	size_t least;
};

static void consider(struct near *n, hm_bytes name)
{
	const size_t far = hm_edit_distance(n->wanted, name, n->least - 1);

	if (far < n->least) {
		n->least = far;
		n->best = name;
	}
}

/* A third of the letters may be wrong. */
static struct near near_of(hm_bytes wanted)
{
	return (struct near){ .wanted = wanted, .least = wanted.len / 3 + 2 };
}

static const char *suggestion(struct hm_binder *b, const struct near *n)
{
	if (n->best.len == 0)
		return "";
	return hm_format(b->arena, " Did you mean '%.*s'?", HM_SHOW(n->best));
}

/* Columns that people expect of Defender's tables and that are not there. */
static const char *known_absence(const struct hm_binder *b, hm_bytes name)
{
	if (b->catalogue->dialect == HM_DIALECT_HALLMARK)
		return NULL;
	if (hm_is(name, "SignatureState"))
		return " Defender's tables have no such column: it is hallmark's "
		       "extension; "
		       "in Defender only 'invoke FileProfile()' gives a SignatureState. "
		       "Portable rules test IsTrusted and IsSigned.";
	return NULL;
}

void hm_unknown_name(struct hm_binder *b, const struct hm_row *row, hm_bytes name,
		     struct hm_span at)
{
	struct near n = near_of(name);
	const char *why = known_absence(b, name);

	for (const struct hm_name *i = b->names; i; i = i->next)
		consider(&n, i->name);
	for (size_t i = 0; row && row->plan && i < row->plan->columns.count; i++)
		consider(&n, row->plan->columns.at[i].name);
	hm_refuse(
		b->fault, at, "KS142",
		"The name '%.*s' does not refer to any known column, table, variable or "
		"function.%s",
		HM_SHOW(name), why ? why : suggestion(b, &n));
}

void hm_unknown_table(struct hm_binder *b, hm_bytes name, struct hm_span at)
{
	struct near n = near_of(name);

	for (const struct hm_name *i = b->names; i; i = i->next)
		consider(&n, i->name);
	for (const struct hm_source *t = b->catalogue->tables; t; t = t->next)
		consider(&n, t->name);
	hm_refuse(
		b->fault, at, "KS204",
		"The name '%.*s' does not refer to any known table, tabular variable or "
		"function.%s",
		HM_SHOW(name), suggestion(b, &n));
}

void hm_unsupported(struct hm_binder *b, struct hm_span at, const char *what,
		    hm_bytes name)
{
	hm_refuse(b->fault, at, "HM001", "hallmark does not support %s '%.*s'.", what,
		  HM_SHOW(name));
}

static struct hm_bound expr_bound(struct hm_expr *e)
{
	return (struct hm_bound){ .expr = e };
}

static struct hm_bound bind_column(struct hm_binder *b, const struct hm_row *row,
				   const struct hm_ast *ast, size_t column)
{
	if (row->aggs)
		hm_refuse(b->fault, ast->span, "KS236",
			  "The name '%.*s' is not an aggregate or scalar function: a "
			  "column "
			  "must stand within an aggregate, or after by.",
			  HM_SHOW(ast->name));
	return expr_bound(hm_column_of(b, row->plan, column, ast->span));
}

/* An open table may have any column once its rows are seen: bound, it has no type, and
 * a plan that holds it cannot be run. */
static struct hm_bound open_column(struct hm_binder *b, const struct hm_ast *ast)
{
	struct hm_expr *e = hm_expr_new(b, HM_EXPR_LITERAL, HM_SCALAR_UNKNOWN, ast->span);

	e->value = (struct hm_value){ .type = HM_SCALAR_UNKNOWN, .null = true };
	e->constant = false;
	return expr_bound(e);
}

/* A column hides a let statement of the same name (kql.md B7.43). */
static struct hm_bound bind_name(struct hm_binder *b, const struct hm_row *row,
				 const struct hm_ast *ast)
{
	const struct hm_name *name = hm_find_name(b->names, ast->name);
	const struct hm_source *table;
	size_t column;

	if (row && row->plan) {
		column = hm_find_column(row->plan, ast->name);
		if (column != HM_NO_COLUMN)
			return bind_column(b, row, ast, column);
	}
	if (name && name->function)
		return hm_call_user(b, row, name, ast, NULL);
	/* A parameter that stands for columns of the caller's row means nothing in a
	 * table of the function's own. */
	if (name && name->bound.expr && !name->bound.expr->constant && row && row->plan)
		hm_refuse(
			b->fault, ast->span, "KS129",
			"The expression must be a constant: '%.*s' depends on the row of "
			"the caller.",
			HM_SHOW(ast->name));
	if (name)
		return name->bound;
	table = hm_find_table(b, ast->name);
	if (row && row->plan && row->plan->open && !table)
		return open_column(b, ast);
	if (table)
		return (struct hm_bound){ .plan = hm_plan_table(b, table, ast) };
	hm_unknown_name(b, row, ast->name, ast->span);
}

static struct hm_expr *bind_member(struct hm_binder *b, const struct hm_row *row,
				   const struct hm_ast *ast)
{
	struct hm_expr *of, *e;

	if (ast->kids.count > 1)
		hm_unsupported(b, ast->span, "the call of", ast->name);
	e = hm_bind_step_member(b, row, ast);
	if (e)
		return e;
	of = hm_bind_expr(b, row, ast->kids.at[0]);
	if (of->type != HM_SCALAR_DYNAMIC && of->type != HM_SCALAR_UNKNOWN)
		hm_refuse(b->fault, ast->mark, "KS142",
			  "The name '%.*s' does not refer to any known column, table, "
			  "variable or function: a %s has no members; parse_json() makes "
			  "it "
			  "dynamic.",
			  HM_SHOW(ast->name), hm_scalar_name(of->type));
	e = hm_expr_new(b, HM_EXPR_MEMBER, HM_SCALAR_DYNAMIC, ast->span);
	e->args = hm_new_n(b->arena, struct hm_expr *, 1);
	e->args[0] = of;
	e->arg_count = 1;
	e->text = ast->name;
	return hm_settle(b, e);
}

static struct hm_expr *bind_index(struct hm_binder *b, const struct hm_row *row,
				  const struct hm_ast *ast)
{
	struct hm_expr *of = hm_bind_expr(b, row, ast->kids.at[0]);
	struct hm_expr *index = hm_bind_expr(b, row, ast->kids.at[1]);
	struct hm_expr *e;

	if (of->type != HM_SCALAR_DYNAMIC && of->type != HM_SCALAR_UNKNOWN)
		hm_refuse(
			b->fault, ast->span, "KS147",
			"The element access operator [] is not allowed in this context.");
	if (index->type == HM_SCALAR_INT)
		index = hm_expr_as(b, index, HM_SCALAR_LONG);
	if (index->type == HM_SCALAR_DYNAMIC)
		index = hm_expr_as(b, index, HM_SCALAR_STRING);
	if (index->type != HM_SCALAR_LONG && index->type != HM_SCALAR_STRING &&
	    index->type != HM_SCALAR_UNKNOWN)
		hm_refuse(b->fault, index->span, "KS134",
			  "The expression value must be an integer.");
	if (index->kind == HM_EXPR_LITERAL && index->type == HM_SCALAR_STRING) {
		e = hm_expr_new(b, HM_EXPR_MEMBER, HM_SCALAR_DYNAMIC, ast->span);
		e->text = index->value.text;
	} else {
		e = hm_expr_new(b, HM_EXPR_ITEM, HM_SCALAR_DYNAMIC, ast->span);
	}
	e->args = hm_new_n(b->arena, struct hm_expr *, 2);
	e->args[0] = of;
	e->args[1] = index;
	e->arg_count = e->kind == HM_EXPR_ITEM ? 2 : 1;
	return hm_settle(b, e);
}

/* Databases of elsewhere: workspace("x").T, cluster("x").database("y").T. */
static bool is_remote(const struct hm_ast *ast)
{
	static const char *const names[] = { "workspace", "cluster", "database", "app",
					     "resource",  "arg",     "adx" };

	while (ast->kind == HM_AST_MEMBER)
		ast = ast->kids.at[0];
	for (size_t i = 0;
	     ast->kind == HM_AST_CALL && i < sizeof(names) / sizeof(names[0]); i++)
		if (hm_is(ast->name, names[i]))
			return true;
	return false;
}

static bool is_table_ast(const struct hm_ast *ast)
{
	return ast->kind == HM_AST_PIPE || ast->kind == HM_AST_DATATABLE ||
	       ast->kind == HM_AST_EXTERNAL || ast->kind == HM_AST_RANGE ||
	       ast->kind >= HM_AST_WHERE;
}

static struct hm_bound bind_node(struct hm_binder *b, const struct hm_row *row,
				 const struct hm_ast *ast)
{
	if (is_table_ast(ast))
		return (struct hm_bound){ .plan = hm_bind_operator(b, NULL, ast) };
	if (is_remote(ast))
		hm_refuse(
			b->fault, ast->span, "HM001",
			"hallmark reads its own tables only, none of a remote database.");
	if (ast->kind == HM_AST_NAME)
		return bind_name(b, row, ast);
	if (ast->kind == HM_AST_LITERAL)
		return expr_bound(hm_literal(b, ast->value, ast->span));
	if (ast->kind == HM_AST_OP)
		return expr_bound(hm_bind_op(b, row, ast));
	if (ast->kind == HM_AST_CALL)
		return hm_bind_call(b, row, ast);
	if (ast->kind == HM_AST_MEMBER)
		return expr_bound(bind_member(b, row, ast));
	if (ast->kind == HM_AST_INDEX)
		return expr_bound(bind_index(b, row, ast));
	if (ast->kind == HM_AST_TYPEOF && ast->typed)
		return expr_bound(
			hm_text(b, hm_bytes_of(hm_scalar_name(ast->type)), ast->span));
	if (ast->kind == HM_AST_CLIENT)
		hm_refuse(b->fault, ast->span, "KS213",
			  "Client parameters are not supported or enabled.");
	hm_refuse(b->fault, ast->span, "KS108", "Scalar value expected.");
}

struct hm_bound hm_bind_any(struct hm_binder *b, const struct hm_row *row,
			    const struct hm_ast *ast)
{
	struct hm_bound bound;

	hm_enter(b->fault, ast->span);
	bound = bind_node(b, row, ast);
	hm_leave(b->fault);
	return bound;
}

struct hm_expr *hm_bind_expr(struct hm_binder *b, const struct hm_row *row,
			     const struct hm_ast *ast)
{
	const struct hm_bound bound = hm_bind_any(b, row, ast);

	if (!bound.expr)
		hm_refuse(b->fault, ast->span, "KS108", "Scalar value expected.");
	return bound.expr;
}

struct hm_expr *hm_bind_bool(struct hm_binder *b, const struct hm_row *row,
			     const struct hm_ast *ast)
{
	struct hm_expr *e = hm_bind_expr(b, row, ast);

	if (e->type != HM_SCALAR_BOOL && e->type != HM_SCALAR_UNKNOWN)
		hm_refuse(b->fault, ast->span, "KS141",
			  "The expression must have the type bool.");
	return e;
}

struct hm_expr *hm_bind_constant(struct hm_binder *b, const struct hm_ast *ast,
				 enum hm_scalar type)
{
	struct hm_expr *e = hm_bind_expr(b, NULL, ast);

	if (!e->constant)
		hm_refuse(b->fault, ast->span, "KS129",
			  "The expression must be a constant.");
	if (type == HM_SCALAR_LONG && e->type != HM_SCALAR_LONG &&
	    e->type != HM_SCALAR_INT && e->type != HM_SCALAR_DYNAMIC &&
	    e->type != HM_SCALAR_UNKNOWN)
		hm_refuse(b->fault, ast->span, "KS134",
			  "The expression value must be an integer.");
	return type == HM_SCALAR_UNKNOWN ? e : hm_expr_as(b, e, type);
}
