/* SPDX-License-Identifier: MIT */
/* Statements: let, functions of the user, the query's result (kql.md B7.43). */
#include "query/bind.h"

#include "query/binder.h"
#include "query/parse.h"

/* A function of the user takes the columns it declares; more may be there. */
static void check_columns(struct hm_binder *b, const struct hm_ast *decl,
			  const struct hm_plan *plan, struct hm_span at)
{
	for (size_t i = 0; i < decl->by.count; i++) {
		const struct hm_ast *wanted = decl->by.at[i];
		size_t column;

		if (wanted->kind == HM_AST_STAR)
			continue;
		column = hm_find_column(plan, wanted->name);
		if (column == HM_NO_COLUMN
			    ? !plan->open
			    : plan->columns.at[column].type != wanted->type)
			hm_refuse(b->fault, at, "KS249",
				  "The tabular value does not have the required columns: "
				  "'%.*s' of type %s.",
				  HM_SHOW(wanted->name), hm_scalar_name(wanted->type));
	}
}

/* As the type that the parameter declares: a number widens, a dynamic is converted. */
static struct hm_expr *as_declared(struct hm_binder *b, struct hm_expr *e,
				   enum hm_scalar type)
{
	if (e->type != type && e->type != HM_SCALAR_DYNAMIC &&
	    e->type != HM_SCALAR_UNKNOWN && type != HM_SCALAR_DYNAMIC &&
	    !(hm_scalar_is_number(e->type) && hm_scalar_is_number(type) &&
	      e->type <= type) &&
	    !(e->type == HM_SCALAR_LONG && type == HM_SCALAR_INT &&
	      e->kind == HM_EXPR_LITERAL))
		hm_refuse(b->fault, e->span, "KS107", "A value of type %s expected.",
			  hm_scalar_name(type));
	return hm_expr_as(b, e, type);
}

struct argument {
	const struct hm_ast *ast;
	struct hm_plan *plan;
};

/* The argument for parameter i: by name, else by position. */
static struct argument argument_of(const struct hm_ast *call, const struct hm_ast *decl,
				   size_t i, struct hm_plan *first)
{
	struct argument arg = { 0 };
	const size_t at = first ? i - 1 : i;

	if (first && i == 0) {
		arg.plan = first;
		return arg;
	}
	for (size_t k = 0; call->kind == HM_AST_CALL && k < call->kids.count; k++) {
		const struct hm_ast *kid = call->kids.at[k];

		if (kid->kind == HM_AST_NAMED && hm_same(kid->by.at[0]->name, decl->name))
			arg.ast = kid->on;
		else if (kid->kind != HM_AST_NAMED && k == at)
			arg.ast = kid;
	}
	return arg;
}

static struct hm_bound bind_argument(struct hm_binder *b, const struct hm_row *row,
				     const struct hm_ast *decl,
				     const struct argument *arg,
				     const struct hm_ast *call)
{
	struct hm_bound bound = { .plan = arg->plan };

	if (decl->typed) {
		const struct hm_ast *value = arg->ast ? arg->ast : decl->on;

		if (!value)
			hm_refuse(b->fault, call->mark, "KS119",
				  "The function '%.*s' expects an argument '%.*s'.",
				  HM_SHOW(call->name), HM_SHOW(decl->name));
		bound.expr = as_declared(b, hm_bind_expr(b, arg->ast ? row : NULL, value),
					 decl->type);
		return bound;
	}
	if (!bound.plan && !arg->ast)
		hm_refuse(b->fault, call->mark, "KS119",
			  "The function '%.*s' expects a table '%.*s'.",
			  HM_SHOW(call->name), HM_SHOW(decl->name));
	if (!bound.plan)
		bound.plan = hm_bind_table(b, arg->ast);
	check_columns(b, decl, bound.plan, call->span);
	return bound;
}

struct hm_bound hm_call_user(struct hm_binder *b, const struct hm_row *row,
			     const struct hm_name *name, const struct hm_ast *call,
			     struct hm_plan *first)
{
	const struct hm_ast *f = name->function;
	const struct hm_name *outer = b->names, *scope = name->scope;
	const size_t given =
		(call->kind == HM_AST_CALL ? call->kids.count : 0) + (first ? 1 : 0);
	struct hm_bound bound;

	if (given > f->by.count)
		hm_refuse(b->fault, call->mark, "KS119",
			  "The function '%.*s' expects %zu argument%s.",
			  HM_SHOW(name->name), f->by.count, f->by.count == 1 ? "" : "s");
	for (size_t i = 0; i < f->by.count; i++) {
		const struct hm_ast *decl = f->by.at[i];
		const struct argument arg = argument_of(call, decl, i, first);
		struct hm_name *parameter = hm_new(b->arena, struct hm_name);

		parameter->bound = bind_argument(b, row, decl, &arg, call);
		parameter->name = decl->name;
		parameter->next = scope;
		scope = parameter;
	}
	b->names = scope;
	hm_enter(b->fault, call->span);
	bound = hm_bind_body(b, f->on);
	hm_leave(b->fault);
	b->names = outer;
	return bound;
}

static void add_name(struct hm_binder *b, const struct hm_ast *let,
		     const struct hm_name *block)
{
	struct hm_name *name = hm_new(b->arena, struct hm_name);

	for (const struct hm_name *i = b->names; i && i != block; i = i->next)
		if (hm_same(i->name, let->name))
			hm_refuse(b->fault, let->mark, "KS201",
				  "A variable with the name '%.*s' has already been "
				  "declared.",
				  HM_SHOW(let->name));
	name->name = let->name;
	name->next = b->names;
	if (let->on->kind == HM_AST_FUNCTION) {
		name->function = let->on;
		name->scope = b->names;
	} else {
		name->bound = hm_bind_any(b, NULL, let->on);
		if (let->typed && name->bound.expr)
			name->bound.expr = as_declared(b, name->bound.expr, let->type);
	}
	b->names = name;
}

struct hm_bound hm_bind_body(struct hm_binder *b, const struct hm_ast *body)
{
	const struct hm_name *block = b->names;
	struct hm_bound bound = { 0 };

	for (size_t i = 0; i < body->kids.count; i++) {
		const struct hm_ast *statement = body->kids.at[i];

		bound = (struct hm_bound){ 0 };
		if (statement->kind == HM_AST_LET)
			add_name(b, statement, block);
		else if (statement->kind == HM_AST_NAME &&
			 !hm_find_name(b->names, statement->name))
			bound.plan = hm_bind_table(b, statement);
		else
			bound = hm_bind_any(b, NULL, statement);
	}
	b->names = block;
	if (!bound.expr && !bound.plan)
		hm_refuse(b->fault, body->span, "KS006",
			  "Missing expression: let statements alone give no rows.");
	return bound;
}

static struct hm_query *bind_text(struct hm_binder *b)
{
	const struct hm_ast *body = hm_parse(b->fault);
	const struct hm_bound bound = hm_bind_body(b, body);

	if (!bound.plan)
		hm_refuse(b->fault, body->span, "KS117",
			  "A table is expected here, not a scalar value: use print.");
	return hm_plan_finish(b, bound.plan);
}

struct hm_query *hm_bind(hm_bytes text, const struct hm_catalogue *catalogue,
			 struct hm_arena *a, struct hm_diag *diag)
{
	struct hm_fault *fault = hm_new(a, struct hm_fault);
	struct hm_binder *b = hm_new(a, struct hm_binder);

	*diag = (struct hm_diag){ 0 };
	fault->arena = a;
	fault->diag = diag;
	fault->text = text;
	b->fault = fault;
	b->arena = a;
	b->catalogue = catalogue;
	if (setjmp(fault->out))
		return NULL;
	return bind_text(b);
}
