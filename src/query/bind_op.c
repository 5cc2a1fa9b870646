/* SPDX-License-Identifier: MIT */
/* Operators of expressions: which types they take, and what they give (kql.md B1, B2). */
#include <string.h>

#include "base/limits.h"
#include "query/binder.h"

static struct hm_expr **pair(struct hm_binder *b, struct hm_expr *left,
			     struct hm_expr *right)
{
	struct hm_expr **args = hm_new_n(b->arena, struct hm_expr *, 2);

	args[0] = left;
	args[1] = right;
	return args;
}

static void undefined(struct hm_binder *b, const struct hm_ast *ast,
		      struct hm_expr **args)
{
	hm_refuse(b->fault, ast->mark, "KS106",
		  "The operator '%.*s' is not defined for the operand types %s and %s.",
		  HM_SHOW(ast->word), hm_scalar_name(args[0]->type),
		  hm_scalar_name(args[1]->type));
}

static bool is_text(enum hm_scalar type)
{
	return type == HM_SCALAR_STRING || type == HM_SCALAR_DYNAMIC ||
	       type == HM_SCALAR_UNKNOWN;
}

static bool either(struct hm_expr **args, enum hm_scalar type)
{
	return args[0]->type == type || args[1]->type == type;
}

static bool both_numbers(struct hm_expr **args)
{
	return hm_scalar_is_number(args[0]->type) && hm_scalar_is_number(args[1]->type);
}

/* A bool beside a number counts as 0 or 1. */
static void widen(struct hm_binder *b, struct hm_expr **args)
{
	enum hm_scalar wide;

	for (unsigned i = 0; i < 2; i++)
		if (args[i]->type == HM_SCALAR_BOOL &&
		    hm_scalar_is_number(args[1 - i]->type))
			args[i] = hm_expr_as(b, args[i], HM_SCALAR_LONG);
	if (!both_numbers(args))
		return;
	wide = args[0]->type > args[1]->type ? args[0]->type : args[1]->type;
	args[0] = hm_expr_as(b, args[0], wide);
	args[1] = hm_expr_as(b, args[1], wide);
}

/* What turns a text into that type. */
static enum hm_fn from_text(enum hm_scalar type)
{
	switch (type) {
	case HM_SCALAR_BOOL: return HM_FN_tobool;
	case HM_SCALAR_INT: return HM_FN_toint;
	case HM_SCALAR_LONG: return HM_FN_tolong;
	case HM_SCALAR_REAL: return HM_FN_toreal;
	case HM_SCALAR_DECIMAL: return HM_FN_todecimal;
	case HM_SCALAR_DATETIME: return HM_FN_todatetime;
	case HM_SCALAR_TIMESPAN: return HM_FN_totimespan;
	case HM_SCALAR_GUID: return HM_FN_toguid;
	case HM_SCALAR_STRING:
	case HM_SCALAR_DYNAMIC:
	case HM_SCALAR_UNKNOWN: break;
	}
	return HM_FN_NONE;
}

static struct hm_expr *parse_text(struct hm_binder *b, struct hm_expr *text,
				  enum hm_scalar type)
{
	struct hm_expr **args = hm_new_n(b->arena, struct hm_expr *, 1);
	struct hm_value value = text->value;

	if (text->kind == HM_EXPR_LITERAL && hm_value_to(b->arena, &value, type))
		return hm_literal(b, value, text->span);
	args[0] = text;
	return hm_call(b, from_text(type), type, args, 1);
}

/*
 * Kusto lets a text be compared for equality with any type: EventID == "4688".  The
 * text is read as that type; one that spells no such value is null, so equal to
 * none.  Other pairs of types are never equal and are refused.
 */
static void make_comparable(struct hm_binder *b, const struct hm_ast *ast,
			    struct hm_expr **args)
{
	if (args[0]->type == args[1]->type || either(args, HM_SCALAR_DYNAMIC) ||
	    either(args, HM_SCALAR_UNKNOWN))
		return;
	for (unsigned i = 0; i < 2; i++)
		if (args[i]->type == HM_SCALAR_STRING) {
			args[i] = parse_text(b, args[i], args[1 - i]->type);
			return;
		}
	undefined(b, ast, args);
}

static struct hm_expr *bind_equal(struct hm_binder *b, const struct hm_ast *ast,
				  struct hm_expr **args)
{
	widen(b, args);
	make_comparable(b, ast, args);
	return hm_call(b, ast->fn, HM_SCALAR_BOOL, args, 2);
}

static bool ordered_with_dynamic(struct hm_expr **args)
{
	return (args[0]->type == HM_SCALAR_DYNAMIC &&
		(hm_scalar_is_number(args[1]->type) ||
		 args[1]->type == HM_SCALAR_DYNAMIC)) ||
	       (args[1]->type == HM_SCALAR_DYNAMIC && hm_scalar_is_number(args[0]->type));
}

static struct hm_expr *bind_order(struct hm_binder *b, const struct hm_ast *ast,
				  struct hm_expr **args)
{
	const enum hm_scalar type = args[0]->type;

	widen(b, args);
	if (!ordered_with_dynamic(args) && !both_numbers(args) &&
	    !either(args, HM_SCALAR_UNKNOWN) &&
	    !(type == args[1]->type &&
	      (type == HM_SCALAR_BOOL || type == HM_SCALAR_DATETIME ||
	       type == HM_SCALAR_TIMESPAN)))
		undefined(b, ast, args);
	return hm_call(b, ast->fn, HM_SCALAR_BOOL, args, 2);
}

static struct hm_expr *bind_logic(struct hm_binder *b, const struct hm_ast *ast,
				  struct hm_expr **args)
{
	for (unsigned i = 0; i < 2; i++) {
		if (args[i]->type != HM_SCALAR_BOOL &&
		    args[i]->type != HM_SCALAR_DYNAMIC &&
		    args[i]->type != HM_SCALAR_UNKNOWN)
			undefined(b, ast, args);
		args[i] = hm_expr_as(b, args[i], HM_SCALAR_BOOL);
	}
	return hm_call(b, ast->fn, HM_SCALAR_BOOL, args, 2);
}

static struct hm_expr *bind_text(struct hm_binder *b, const struct hm_ast *ast,
				 struct hm_expr **args)
{
	if (!is_text(args[0]->type) || !is_text(args[1]->type))
		undefined(b, ast, args);
	args[0] = hm_expr_as(b, args[0], HM_SCALAR_STRING);
	args[1] = hm_expr_as(b, args[1], HM_SCALAR_STRING);
	return hm_call(b, ast->fn, HM_SCALAR_BOOL, args, 2);
}

/* Sums and products by type: what they give, and a dynamic beside a type is taken as it.
 * Numbers are seen to before. */
/* clang-format off */
static const struct {
	enum hm_fn fn;
	enum hm_scalar left, right, gives;
} sums[] = {
	{ HM_FN_op_add, HM_SCALAR_TIMESPAN, HM_SCALAR_TIMESPAN, HM_SCALAR_TIMESPAN },
	{ HM_FN_op_add, HM_SCALAR_DATETIME, HM_SCALAR_TIMESPAN, HM_SCALAR_DATETIME },
	{ HM_FN_op_add, HM_SCALAR_TIMESPAN, HM_SCALAR_DATETIME, HM_SCALAR_DATETIME },
	{ HM_FN_op_sub, HM_SCALAR_TIMESPAN, HM_SCALAR_TIMESPAN, HM_SCALAR_TIMESPAN },
	{ HM_FN_op_sub, HM_SCALAR_DATETIME, HM_SCALAR_DATETIME, HM_SCALAR_TIMESPAN },
	{ HM_FN_op_sub, HM_SCALAR_DATETIME, HM_SCALAR_TIMESPAN, HM_SCALAR_DATETIME },
	{ HM_FN_op_mul, HM_SCALAR_TIMESPAN, HM_SCALAR_LONG, HM_SCALAR_TIMESPAN },
	{ HM_FN_op_mul, HM_SCALAR_LONG, HM_SCALAR_TIMESPAN, HM_SCALAR_TIMESPAN },
	{ HM_FN_op_mul, HM_SCALAR_TIMESPAN, HM_SCALAR_REAL, HM_SCALAR_TIMESPAN },
	{ HM_FN_op_mul, HM_SCALAR_REAL, HM_SCALAR_TIMESPAN, HM_SCALAR_TIMESPAN },
	{ HM_FN_op_div, HM_SCALAR_TIMESPAN, HM_SCALAR_TIMESPAN, HM_SCALAR_REAL },
	{ HM_FN_op_div, HM_SCALAR_TIMESPAN, HM_SCALAR_LONG, HM_SCALAR_TIMESPAN },
	{ HM_FN_op_div, HM_SCALAR_TIMESPAN, HM_SCALAR_REAL, HM_SCALAR_TIMESPAN },
	{ HM_FN_op_div, HM_SCALAR_DATETIME, HM_SCALAR_TIMESPAN, HM_SCALAR_REAL },
	{ HM_FN_op_div, HM_SCALAR_DATETIME, HM_SCALAR_DATETIME, HM_SCALAR_REAL },
	{ HM_FN_op_mod, HM_SCALAR_TIMESPAN, HM_SCALAR_TIMESPAN, HM_SCALAR_TIMESPAN },
	{ HM_FN_op_mod, HM_SCALAR_TIMESPAN, HM_SCALAR_LONG, HM_SCALAR_TIMESPAN },
	{ HM_FN_op_mod, HM_SCALAR_DATETIME, HM_SCALAR_TIMESPAN, HM_SCALAR_TIMESPAN },
	{ HM_FN_op_mod, HM_SCALAR_DATETIME, HM_SCALAR_DATETIME, HM_SCALAR_TIMESPAN },
};
/* clang-format on */

static struct hm_expr *numeric(struct hm_binder *b, const struct hm_ast *ast,
			       struct hm_expr **args)
{
	enum hm_scalar wide;

	widen(b, args);
	wide = args[0]->type == HM_SCALAR_INT ? HM_SCALAR_LONG : args[0]->type;
	args[0] = hm_expr_as(b, args[0], wide);
	args[1] = hm_expr_as(b, args[1], wide);
	return hm_call(b, ast->fn, wide, args, 2);
}

/* d + 1 is a long; d - datetime is a timespan. */
static struct hm_expr *with_dynamic(struct hm_binder *b, const struct hm_ast *ast,
				    struct hm_expr **args)
{
	const unsigned other = args[0]->type == HM_SCALAR_DYNAMIC ? 1 : 0;
	enum hm_scalar type = args[other]->type;
	const bool sum = ast->fn == HM_FN_op_add || ast->fn == HM_FN_op_sub;

	if (type ==
	    HM_SCALAR_DYNAMIC) /* Kusto's binder lets it pass, its engine does not */
		undefined(b, ast, args);
	if (type == HM_SCALAR_INT)
		type = HM_SCALAR_LONG;
	if (!hm_scalar_is_number(type) &&
	    !(sum && (type == HM_SCALAR_DATETIME || type == HM_SCALAR_TIMESPAN)))
		undefined(b, ast, args);
	args[1 - other] = hm_expr_as(b, args[1 - other], type);
	args[other] = hm_expr_as(b, args[other], type);
	if (type == HM_SCALAR_DATETIME && ast->fn == HM_FN_op_add)
		args[1 - other] =
			hm_expr_as(b, args[1 - other]->args[0], HM_SCALAR_TIMESPAN);
	if (type == HM_SCALAR_DATETIME && ast->fn == HM_FN_op_sub)
		type = HM_SCALAR_TIMESPAN;
	return hm_call(b, ast->fn, type, args, 2);
}

static struct hm_expr *bind_sum(struct hm_binder *b, const struct hm_ast *ast,
				struct hm_expr **args)
{
	if (both_numbers(args))
		return numeric(b, ast, args);
	if (either(args, HM_SCALAR_UNKNOWN))
		return hm_call(b, ast->fn,
			       args[0]->type == HM_SCALAR_UNKNOWN ? args[1]->type
								  : args[0]->type,
			       args, 2);
	if (either(args, HM_SCALAR_DYNAMIC))
		return with_dynamic(b, ast, args);
	for (unsigned i = 0; i < 2; i++) {
		if (args[i]->type == HM_SCALAR_INT)
			args[i] = hm_expr_as(b, args[i], HM_SCALAR_LONG);
		if (args[i]->type == HM_SCALAR_DECIMAL)
			args[i] = hm_expr_as(b, args[i], HM_SCALAR_REAL);
	}
	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++)
		if (sums[i].fn == ast->fn && sums[i].left == args[0]->type &&
		    sums[i].right == args[1]->type)
			return hm_call(b, ast->fn, sums[i].gives, args, 2);
	undefined(b, ast, args);
	return NULL;
}

static struct hm_expr *bind_negation(struct hm_binder *b, const struct hm_row *row,
				     const struct hm_ast *ast)
{
	struct hm_expr *of = hm_bind_expr(b, row, ast->kids.at[0]);
	struct hm_expr **args = hm_new_n(b->arena, struct hm_expr *, 1);

	if (of->kind == HM_EXPR_LITERAL && !of->value.null &&
	    (of->type == HM_SCALAR_REAL || of->type == HM_SCALAR_TIMESPAN ||
	     of->type == HM_SCALAR_LONG)) {
		struct hm_value value = of->value;

		if (value.whole == INT64_MIN) /* parse-search-0017 */
			hm_refuse(b->fault, ast->span, "KS006",
				  "The number is out of the range of long; "
				  "long(-9223372036854775808) is the least.");
		value.whole = -value.whole;
		value.real = -value.real;
		return hm_literal(b, value, ast->span);
	}
	if (of->type == HM_SCALAR_INT)
		of = hm_expr_as(b, of, HM_SCALAR_LONG);
	if (!hm_scalar_is_number(of->type) && of->type != HM_SCALAR_TIMESPAN &&
	    of->type != HM_SCALAR_DYNAMIC && of->type != HM_SCALAR_UNKNOWN)
		hm_refuse(b->fault, ast->mark, "KS106",
			  "The operator '-' is not defined for the operand type %s.",
			  hm_scalar_name(of->type));
	args[0] = of;
	return hm_call(b, HM_FN_op_neg, of->type, args, 1);
}

/* x between (a .. b): numbers; dates, where b may be a length; timespans. */
static struct hm_expr *bind_between(struct hm_binder *b, const struct hm_row *row,
				    const struct hm_ast *ast)
{
	struct hm_expr **args = hm_new_n(b->arena, struct hm_expr *, 3);
	const struct hm_kinds {
		enum hm_scalar low, high;
	} kinds[] = { { HM_SCALAR_DATETIME, HM_SCALAR_DATETIME },
		      { HM_SCALAR_DATETIME, HM_SCALAR_TIMESPAN },
		      { HM_SCALAR_TIMESPAN, HM_SCALAR_TIMESPAN } };
	bool ok = true;
	enum hm_scalar wide = HM_SCALAR_INT;

	for (unsigned i = 0; i < 3; i++) {
		args[i] = hm_bind_expr(b, row, ast->kids.at[i]);
		if (args[i]->type == HM_SCALAR_UNKNOWN)
			return hm_call(b, ast->fn, HM_SCALAR_BOOL, args, 1);
		ok &= hm_scalar_is_number(args[i]->type) ||
		      args[i]->type == HM_SCALAR_DYNAMIC;
		if (hm_scalar_is_number(args[i]->type) && args[i]->type > wide)
			wide = args[i]->type;
	}
	for (unsigned i = 0; ok && i < 3; i++)
		if (args[i]->type != HM_SCALAR_DYNAMIC)
			args[i] = hm_expr_as(b, args[i], wide);
	for (unsigned i = 0; !ok && i < 3; i++)
		if (args[0]->type == kinds[i].low && args[1]->type == kinds[i].low &&
		    args[2]->type == kinds[i].high)
			return hm_call(b, ast->fn, HM_SCALAR_BOOL, args, 3);
	if (!ok)
		hm_refuse(
			b->fault, ast->mark, "KS106",
			"The operator '%.*s' is not defined for the operand types %s, %s "
			"and %s.",
			HM_SHOW(ast->word), hm_scalar_name(args[0]->type),
			hm_scalar_name(args[1]->type), hm_scalar_name(args[2]->type));
	return hm_call(b, ast->fn, HM_SCALAR_BOOL, args, 3);
}

static bool folds_case(enum hm_fn fn)
{
	return fn == HM_FN_op_in_ci || fn == HM_FN_op_not_in_ci ||
	       fn == HM_FN_op_has_any || fn == HM_FN_op_has_all;
}

/* x in (T): T's first column, of x's type or convertible to it. */
static struct hm_expr *bind_in_table(struct hm_binder *b, const struct hm_ast *ast,
				     struct hm_expr *of, struct hm_plan *table)
{
	struct hm_expr *e = hm_expr_new(b, HM_EXPR_IN, HM_SCALAR_BOOL, ast->span);
	struct hm_expr *pairs[2];

	if (table->columns.count == 0)
		hm_refuse(b->fault, ast->span, "KS108", "Scalar value expected.");
	pairs[0] = of;
	pairs[1] = hm_column_of(b, table, 0, ast->span);
	if (!folds_case(ast->fn) && !both_numbers(pairs))
		make_comparable(b, ast, pairs);
	if (pairs[1]->kind != HM_EXPR_COLUMN)
		hm_refuse(b->fault, ast->mark, "HM001",
			  "hallmark does not compare a %s with a table of texts: convert "
			  "the "
			  "table's column first.",
			  hm_scalar_name(of->type));
	e->fn = ast->fn;
	e->plan = table;
	e->args = hm_new_n(b->arena, struct hm_expr *, 1);
	e->args[0] = pairs[0];
	e->arg_count = 1;
	return hm_settle(b, e);
}

/* A candidate of x in (...): a value of x's type, or a dynamic array of them. */
static struct hm_expr *candidate(struct hm_binder *b, const struct hm_ast *ast,
				 struct hm_expr *of, struct hm_expr *value)
{
	struct hm_expr *pairs[2] = { of, value };

	if (value->type == HM_SCALAR_DYNAMIC || value->type == HM_SCALAR_UNKNOWN)
		return value;
	if (folds_case(ast->fn)) {
		if (value->type != HM_SCALAR_STRING)
			hm_refuse(b->fault, value->span, "KS107",
				  "A value of type string or dynamic expected.");
		return value;
	}
	if (of->type == HM_SCALAR_BOOL || value->type == HM_SCALAR_BOOL) {
		widen(b, pairs);
	}
	if (!both_numbers(pairs) && of->type != HM_SCALAR_STRING)
		make_comparable(b, ast, pairs);
	return pairs[1];
}

static bool mixed(struct hm_expr **args, const struct hm_ast *ast)
{
	for (size_t i = 1; i < ast->kids.count; i++)
		if (args[i]->type != HM_SCALAR_STRING &&
		    args[i]->type != HM_SCALAR_DYNAMIC)
			return true;
	return false;
}

/* A text among values of other types: each is compared as == would compare it. */
static struct hm_expr *bind_text_in(struct hm_binder *b, const struct hm_ast *ast,
				    struct hm_expr **args)
{
	const bool in = ast->fn == HM_FN_op_in;
	const size_t count = ast->kids.count - 1;
	struct hm_expr **each = hm_new_n(b->arena, struct hm_expr *, count);

	for (size_t i = 0; i < count; i++) {
		struct hm_expr **two = pair(b, args[0], args[i + 1]);

		if (two[1]->type == HM_SCALAR_DYNAMIC) {
			each[i] = hm_call(b, ast->fn, HM_SCALAR_BOOL, two, 2);
			continue;
		}
		make_comparable(b, ast, two);
		each[i] = hm_call(b, in ? HM_FN_op_eq : HM_FN_op_ne, HM_SCALAR_BOOL, two,
				  2);
	}
	if (count == 1)
		return each[0];
	return hm_call(b, in ? HM_FN_op_or : HM_FN_op_and, HM_SCALAR_BOOL, each, count);
}

static struct hm_expr *bind_in(struct hm_binder *b, const struct hm_row *row,
			       const struct hm_ast *ast)
{
	struct hm_expr **args = hm_new_n(b->arena, struct hm_expr *, ast->kids.count + 1);

	args[0] = hm_bind_expr(b, row, ast->kids.at[0]);
	if (folds_case(ast->fn)) {
		if (!is_text(args[0]->type))
			hm_refuse(b->fault, args[0]->span, "KS107",
				  "A value of type string or dynamic expected.");
		args[0] = hm_expr_as(b, args[0], HM_SCALAR_STRING);
	}
	if (ast->kids.count < 2)
		hm_refuse(b->fault, ast->span, "KS006", "Missing expression");
	for (size_t i = 1; i < ast->kids.count; i++) {
		const struct hm_bound bound = hm_bind_any(b, row, ast->kids.at[i]);

		if (bound.plan && ast->kids.count == 2)
			return bind_in_table(b, ast, args[0], bound.plan);
		if (!bound.expr)
			hm_refuse(b->fault, ast->kids.at[i]->span, "KS108",
				  "Scalar value expected.");
		args[i] = candidate(b, ast, args[0], bound.expr);
	}
	if (args[0]->type == HM_SCALAR_STRING && !folds_case(ast->fn) && mixed(args, ast))
		return bind_text_in(b, ast, args);
	return hm_call(b, ast->fn, HM_SCALAR_BOOL, args, ast->kids.count);
}

static bool is_negative(enum hm_fn fn)
{
	return hm_fn_info(fn)->name[0] == '!' || fn == HM_FN_op_not_like ||
	       fn == HM_FN_op_not_like_cs;
}

/* * has "x": any column has it, as or of them all; * !has "x": no column has. */
static struct hm_expr *bind_any_column(struct hm_binder *b, const struct hm_row *row,
				       const struct hm_ast *ast)
{
	struct hm_expr *right = hm_bind_expr(b, row, ast->kids.at[1]);
	struct hm_expr *all = NULL;
	const enum hm_fn join = is_negative(ast->fn) ? HM_FN_op_and : HM_FN_op_or;

	if (!row || !row->plan)
		hm_refuse(b->fault, ast->span, "KS108", "Scalar value expected.");
	for (size_t i = 0; i < row->plan->columns.count; i++) {
		struct hm_expr *column = hm_column_of(b, row->plan, i, ast->span);
		struct hm_expr **to = pair(b, column, NULL), *one;

		if (column->type != HM_SCALAR_STRING && ast->fn != HM_FN_op_eq &&
		    ast->fn != HM_FN_op_ne)
			column = hm_call(b, HM_FN_tostring, HM_SCALAR_STRING, to, 1);
		if (column->type != right->type && column->type != HM_SCALAR_DYNAMIC)
			continue;
		one = hm_call(b, ast->fn, HM_SCALAR_BOOL, pair(b, column, right), 2);
		all = all ? hm_call(b, join, HM_SCALAR_BOOL, pair(b, all, one), 2) : one;
	}
	if (!all)
		return hm_literal(b, (struct hm_value){ .type = HM_SCALAR_BOOL },
				  ast->span);
	return all;
}

static struct hm_expr *bind_two(struct hm_binder *b, const struct hm_ast *ast,
				struct hm_expr **args)
{
	switch ((int)ast->fn) {
	case HM_FN_op_eq:
	case HM_FN_op_ne: return bind_equal(b, ast, args);
	case HM_FN_op_lt:
	case HM_FN_op_le:
	case HM_FN_op_gt:
	case HM_FN_op_ge: return bind_order(b, ast, args);
	case HM_FN_op_and:
	case HM_FN_op_or: return bind_logic(b, ast, args);
	case HM_FN_op_add:
	case HM_FN_op_sub:
	case HM_FN_op_mul:
	case HM_FN_op_div:
	case HM_FN_op_mod: return bind_sum(b, ast, args);
	default: return bind_text(b, ast, args);
	}
}

static bool chains(const struct hm_ast *left, const struct hm_ast *of)
{
	return left->kind == HM_AST_OP && left->fn == of->fn && left->kids.count == 2 &&
	       left->kids.at[0]->kind != HM_AST_STAR;
}

/* and, or: one call over all operands of the chain. */
static struct hm_expr *join_logic(struct hm_binder *b, const struct hm_ast *ast,
				  struct hm_expr **operands, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct hm_expr *two[2] = { operands[i], operands[i > 0 ? i - 1 : 1] };

		operands[i] = bind_logic(b, ast, two)->args[0];
	}
	return hm_call(b, ast->fn, HM_SCALAR_BOOL, operands, count);
}

/*
 * a or b or c is a tree as deep as it is long, to the left.  Lists of hundreds are
 * common, so the left edge is walked, not entered.
 */
static struct hm_expr *bind_chain(struct hm_binder *b, const struct hm_row *row,
				  const struct hm_ast *ast)
{
	const struct hm_ast *edge = ast, **edges;
	struct hm_expr **operands, *left;
	size_t count = 2;

	for (; chains(edge->kids.at[0], ast); edge = edge->kids.at[0])
		count++;
	edges = hm_new_n(b->arena, const struct hm_ast *, count);
	operands = hm_new_n(b->arena, struct hm_expr *, count);
	edge = ast;
	for (size_t i = count - 1; i > 0; i--, edge = edge->kids.at[0])
		edges[i] = edge;
	operands[0] = hm_bind_expr(b, row, edges[1]->kids.at[0]);
	for (size_t i = 1; i < count; i++)
		operands[i] = hm_bind_expr(b, row, edges[i]->kids.at[1]);
	if (ast->fn == HM_FN_op_and || ast->fn == HM_FN_op_or)
		return join_logic(b, ast, operands, count);
	left = operands[0];
	for (size_t i = 1; i < count; i++)
		left = bind_two(b, edges[i], pair(b, left, operands[i]));
	return left;
}

struct hm_expr *hm_bind_op(struct hm_binder *b, const struct hm_row *row,
			   const struct hm_ast *ast)
{
	struct hm_expr *e;

	if (ast->fn == HM_FN_op_neg)
		return bind_negation(b, row, ast);
	if (ast->fn == HM_FN_op_between || ast->fn == HM_FN_op_not_between)
		return bind_between(b, row, ast);
	if (ast->kids.count != 2 || folds_case(ast->fn) || ast->fn == HM_FN_op_in ||
	    ast->fn == HM_FN_op_not_in)
		return bind_in(b, row, ast);
	if (ast->kids.at[0]->kind == HM_AST_STAR)
		return bind_any_column(b, row, ast);
	e = bind_chain(b, row, ast);
	e->span = ast->span;
	return e;
}
