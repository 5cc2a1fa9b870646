/* SPDX-License-Identifier: MIT */
/* Where rows come from: tables, let statements, functions, datatable, externaldata. */
#include <string.h>

#include "base/text.h"
#include "query/binder.h"

static struct hm_fields copy_fields(struct hm_binder *b, const struct hm_fields *of)
{
	struct hm_fields fields = { hm_new_n(b->arena, struct hm_field, of->count + 1),
				    of->count };

	if (of->count > 0)
		memcpy(fields.at, of->at, of->count * sizeof(*of->at));
	return fields;
}

struct hm_plan *hm_plan_table(struct hm_binder *b, const struct hm_source *table,
			      const struct hm_ast *ast)
{
	struct hm_plan *plan;

	/* A table is one node however often it is named. */
	for (size_t i = 0; i < b->node_count; i++)
		if (b->nodes[i]->kind == HM_PLAN_TABLE &&
		    hm_same(b->nodes[i]->name, table->name))
			return b->nodes[i];
	plan = hm_plan_of(b, HM_PLAN_TABLE, ast);
	plan->word = "table";
	plan->within = NULL;
	plan->name = table->name;
	plan->columns = copy_fields(b, &table->columns);
	if (table->alias.len > 0) {
		plan->alias = table->alias;
		plan->alias_of = table->alias_of;
	}
	return hm_plan_add(b, plan);
}

/* The columns of Decls; * is for the caller, who says whether it may be there. */
struct hm_fields hm_decl_fields(struct hm_binder *b, struct hm_asts decls, bool *star)
{
	struct hm_output o = { 0 };

	for (size_t i = 0; i < decls.count; i++) {
		const struct hm_ast *decl = decls.at[i];

		if (decl->kind == HM_AST_STAR) {
			*star = true;
			continue;
		}
		hm_output_add(b, &o, (struct hm_title){ decl->name, true, decl->mark },
			      NULL);
		o.fields.at[o.fields.count - 1].type = decl->type;
	}
	return o.fields;
}

/* -9223372036854775808, which only a datatable takes without long(). */
static bool is_least_long(const struct hm_ast *ast)
{
	const struct hm_ast *of = ast->kind == HM_AST_OP ? ast->kids.at[0] : ast;

	return ast->kind == HM_AST_OP && ast->fn == HM_FN_op_neg &&
	       of->kind == HM_AST_LITERAL && of->value.type == HM_SCALAR_LONG &&
	       of->value.whole == INT64_MIN;
}

/* A value of datatable: a literal of the column's type, or one that converts to it. */
static struct hm_value table_value(struct hm_binder *b, const struct hm_ast *ast,
				   enum hm_scalar type)
{
	const struct hm_expr *e = is_least_long(ast)
					  ? hm_long(b, INT64_MIN, ast->span)
					  : hm_bind_constant(b, ast, HM_SCALAR_UNKNOWN);
	struct hm_value value = e->value;

	if (e->kind != HM_EXPR_LITERAL)
		hm_refuse(b->fault, ast->span, "KS005", "Expected: a literal");
	if (!hm_value_to(b->arena, &value, type))
		hm_refuse(b->fault, ast->span, "KS107", "A value of type %s expected.",
			  hm_scalar_name(type));
	return value;
}

static struct hm_plan *bind_datatable(struct hm_binder *b, const struct hm_ast *ast)
{
	struct hm_plan *plan = hm_plan_of(b, HM_PLAN_VALUES, ast);
	bool star = false;

	plan->word = "datatable";
	plan->columns = hm_decl_fields(b, ast->by, &star);
	if (star || plan->columns.count == 0)
		hm_refuse(b->fault, ast->span, "KS006", "Missing column declaration");
	if (ast->kids.count % plan->columns.count != 0)
		hm_refuse(b->fault, ast->span, "KS173",
			  "Incorrect number of data values. The values should appear in "
			  "multiples of %zu.",
			  plan->columns.count);
	hm_spend(b->fault, ast->span, ast->kids.count);
	plan->row_count = ast->kids.count / plan->columns.count;
	plan->values = hm_new_n(b->arena, struct hm_value, ast->kids.count + 1);
	for (size_t i = 0; i < ast->kids.count; i++)
		plan->values[i] =
			table_value(b, ast->kids.at[i],
				    plan->columns.at[i % plan->columns.count].type);
	return hm_plan_add(b, plan);
}

static hm_bytes literal_text(struct hm_binder *b, const struct hm_ast *ast)
{
	const struct hm_expr *e = hm_bind_constant(b, ast, HM_SCALAR_STRING);

	if (e->kind != HM_EXPR_LITERAL)
		hm_refuse(b->fault, e->span, "KS129",
			  "The expression must be a literal.");
	return e->value.text;
}

static struct hm_external external_of(struct hm_binder *b, const struct hm_ast *ast,
				      struct hm_fields columns)
{
	const struct hm_ast *format = hm_param(ast, "format");
	const struct hm_ast *ignore = hm_param(ast, "ignoreFirstRecord");
	struct hm_external what = { .columns = columns };

	what.urls = hm_new_n(b->arena, hm_bytes, ast->kids.count);
	for (size_t i = 0; i < ast->kids.count; i++)
		what.urls[what.url_count++] = literal_text(b, ast->kids.at[i]);
	if (format)
		what.format = format->kind == HM_AST_NAME ? format->name
							  : literal_text(b, format);
	what.ignore_first = ignore && ((ignore->kind == HM_AST_LITERAL &&
					ignore->value.type == HM_SCALAR_BOOL &&
					ignore->value.truth) ||
				       hm_is_nocase(ignore->name, "true"));
	return what;
}

static struct hm_plan *bind_external(struct hm_binder *b, const struct hm_ast *ast)
{
	const struct hm_catalogue *c = b->catalogue;
	struct hm_plan *plan = hm_plan_of(b, HM_PLAN_CATALOGUE, ast);
	struct hm_external what;
	const char *why = "";
	bool star = false;

	plan->word = "externaldata";
	plan->columns = hm_decl_fields(b, ast->by, &star);
	if (star || plan->columns.count == 0)
		hm_refuse(b->fault, ast->span, "KS006", "Missing column declaration");
	if (ast->kids.count == 0)
		hm_refuse(b->fault, ast->span, "KS006", "Missing URI");
	what = external_of(b, ast, plan->columns);
	if (c->external)
		plan->name = c->external(c->ctx, &what, b->arena, &why);
	if (plan->name.len == 0 && *why != 0)
		hm_refuse(b->fault, ast->span, "HM004", "externaldata: %s", why);
	if (plan->name.len == 0)
		hm_refuse(b->fault, ast->span, "HM004",
			  "externaldata is never fetched while a query runs: there is no "
			  "pinned copy of '%.*s' in the catalogue.",
			  HM_SHOW(what.urls[0]));
	return hm_plan_add(b, plan);
}

/* The type of a range's values: of numbers the widest, else that of its beginning. */
static enum hm_scalar range_type(const struct hm_expr *from, const struct hm_expr *to,
				 const struct hm_expr *step)
{
	enum hm_scalar type = from->type;

	if (type == HM_SCALAR_DYNAMIC && hm_scalar_is_number(to->type))
		return to->type;
	if (!hm_scalar_is_number(type))
		return type;
	if (type == HM_SCALAR_INT)
		type = HM_SCALAR_LONG;
	if (hm_scalar_is_number(to->type) && to->type > type)
		type = to->type;
	return hm_scalar_is_number(step->type) && step->type > type ? step->type : type;
}

static void check_summable(struct hm_binder *b, const struct hm_expr *e)
{
	if (!hm_scalar_is_number(e->type) && e->type != HM_SCALAR_DATETIME &&
	    e->type != HM_SCALAR_TIMESPAN && e->type != HM_SCALAR_DYNAMIC)
		hm_refuse(b->fault, e->span, "KS138",
			  "The argument value must be summable: a number, timespan or "
			  "datetime.");
}

/* What is added to a value of the type must be a number, or a timespan. */
static void check_step(struct hm_binder *b, enum hm_scalar type,
		       const struct hm_expr *step)
{
	const bool fits = hm_scalar_is_number(type) ? hm_scalar_is_number(step->type)
						    : step->type == HM_SCALAR_TIMESPAN;

	if (!fits)
		hm_refuse(b->fault, step->span, "KS106",
			  "The operator '+' is not defined for the operand types %s and "
			  "%s.",
			  hm_scalar_name(type), hm_scalar_name(step->type));
}

/* range Name from A to B step S */
static struct hm_plan *bind_range(struct hm_binder *b, const struct hm_ast *ast)
{
	struct hm_plan *plan = hm_plan_of(b, HM_PLAN_RANGE, ast);
	struct hm_expr *step = hm_bind_constant(b, ast->step, HM_SCALAR_UNKNOWN);
	enum hm_scalar type;

	plan->from = hm_bind_constant(b, ast->from, HM_SCALAR_UNKNOWN);
	plan->to = hm_bind_constant(b, ast->to, HM_SCALAR_UNKNOWN);
	check_summable(b, plan->from);
	check_summable(b, plan->to);
	check_summable(b, step);
	type = range_type(plan->from, plan->to, step);
	check_step(b, type, step);
	plan->from = hm_expr_as(b, plan->from, type);
	if (hm_scalar_is_number(type)) {
		plan->to = hm_expr_as(b, plan->to, type);
		step = hm_expr_as(b, step, type);
	}
	if (plan->to->type != type)
		hm_refuse(b->fault, ast->span, "KS138",
			  "range needs numbers, datetimes or timespans of one type.");
	plan->step = step;
	plan->serialized = true;
	plan->columns.at = hm_new(b->arena, struct hm_field);
	plan->columns.at[0] = (struct hm_field){ ast->name, type };
	plan->columns.count = 1;
	return hm_plan_add(b, plan);
}

static struct hm_plan *bind_watchlist(struct hm_binder *b, const struct hm_ast *call)
{
	const struct hm_catalogue *c = b->catalogue;
	struct hm_plan *plan = hm_plan_of(b, HM_PLAN_CATALOGUE, call);
	const char *why = "";
	hm_bytes name;

	if (call->kids.count == 0)
		hm_refuse(b->fault, call->mark, "KS119",
			  "The function '_GetWatchlist' expects 1 argument.");
	name = literal_text(b, hm_value_ast(call->kids.at[0]));
	if (c->watchlist)
		plan->columns = c->watchlist(c->ctx, name, b->arena, &plan->name, &why);
	if (plan->columns.count == 0)
		hm_refuse(b->fault, call->span, "HM004",
			  "There is no watchlist '%.*s' in the catalogue.%s%s",
			  HM_SHOW(name), *why != 0 ? " " : "", why);
	plan->word = "watchlist";
	return hm_plan_add(b, plan);
}

/* materialize(T): its own node, so that a printer evaluates it once. */
static struct hm_plan *bind_materialize(struct hm_binder *b, const struct hm_ast *call)
{
	struct hm_plan *of, *plan;

	if (call->kids.count != 1)
		hm_refuse(b->fault, call->mark, "KS119",
			  "The function 'materialize' expects 1 argument.");
	of = hm_bind_table(b, call->kids.at[0]);
	plan = hm_new(b->arena, struct hm_plan);
	*plan = *of;
	if (of->within != b->within || of->kind == HM_PLAN_ROW)
		return of;
	plan->materialized = true;
	return hm_plan_add(b, plan);
}

static struct hm_plan *bind_table_call(struct hm_binder *b, const struct hm_ast *call)
{
	const struct hm_source *table;
	const struct hm_expr *name;

	if (call->kids.count == 0)
		hm_refuse(b->fault, call->mark, "KS119",
			  "The function 'table' expects 1 argument.");
	name = hm_bind_constant(b, call->kids.at[0], HM_SCALAR_STRING);
	if (name->kind != HM_EXPR_LITERAL || name->type != HM_SCALAR_STRING)
		hm_refuse(b->fault, call->kids.at[0]->span, "KS107",
			  "A value of type string expected.");
	table = hm_find_table(b, name->value.text);
	if (!table)
		hm_unknown_table(b, name->value.text, call->kids.at[0]->span);
	return hm_plan_table(b, table, call);
}

struct hm_plan *hm_bind_special_table(struct hm_binder *b, const struct hm_ast *call)
{
	static const char *const refused[] = { "external_table", "materialized_view",
					       "stored_query_result", "entity_group" };

	if (hm_is(call->name, "materialize"))
		return bind_materialize(b, call);
	if (hm_is(call->name, "table"))
		return bind_table_call(b, call);
	if (hm_is(call->name, "_GetWatchlist") || hm_is(call->name, "GetWatchlist"))
		return bind_watchlist(b, call);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (hm_is(call->name, refused[i]))
			hm_unsupported(b, call->mark, "the function", call->name);
	return NULL;
}

/* What a datatable, externaldata or range is; NULL for any other node. */
struct hm_plan *hm_bind_source(struct hm_binder *b, const struct hm_ast *ast)
{
	if (ast->kind == HM_AST_DATATABLE)
		return bind_datatable(b, ast);
	if (ast->kind == HM_AST_EXTERNAL)
		return bind_external(b, ast);
	if (ast->kind == HM_AST_RANGE)
		return bind_range(b, ast);
	return NULL;
}

struct hm_plan *hm_bind_table(struct hm_binder *b, const struct hm_ast *ast)
{
	struct hm_bound bound;

	if (ast->kind == HM_AST_NAME && !hm_find_name(b->names, ast->name) &&
	    !hm_find_table(b, ast->name))
		hm_unknown_table(b, ast->name, ast->span);
	bound = hm_bind_any(b, NULL, ast);
	if (!bound.plan)
		hm_refuse(b->fault, ast->span, "KS117",
			  "A table is expected here, not a scalar value.");
	return bound.plan;
}
