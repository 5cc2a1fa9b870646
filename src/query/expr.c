/* SPDX-License-Identifier: MIT */
/* Making typed expressions. */
#include "query/binder.h"
#include "query/literal.h"

struct hm_expr *hm_expr_new(struct hm_binder *b, enum hm_expr_kind kind,
			    enum hm_scalar type, struct hm_span at)
{
	struct hm_expr *e = hm_new(b->arena, struct hm_expr);

	hm_spend(b->fault, at, 1);
	e->kind = kind;
	e->type = type;
	e->span = at;
	e->weight = 1;
	e->constant = kind != HM_EXPR_COLUMN;
	return e;
}

struct hm_expr *hm_settle(struct hm_binder *b, struct hm_expr *e)
{
	uint64_t weight = 1;

	e->windowed =
		e->kind == HM_EXPR_CALL && hm_fn_info(e->fn)->kind == HM_FN_KIND_WINDOW;
	for (size_t i = 0; i < e->arg_count; i++) {
		weight += e->args[i]->weight;
		e->constant &= e->args[i]->constant;
		e->windowed |= e->args[i]->windowed;
	}
	e->constant &= !e->windowed;
	/* A let that names a let that names a let: the text is short, the tree is not. */
	if (weight > 20000)
		hm_refuse(b->fault, e->span, "HM002",
			  "The expression grows past 20000 nodes, its let statements "
			  "written out.");
	e->weight = (uint32_t)weight;
	return e;
}

struct hm_expr *hm_column_of(struct hm_binder *b, const struct hm_plan *plan,
			     size_t column, struct hm_span at)
{
	struct hm_expr *e =
		hm_expr_new(b, HM_EXPR_COLUMN, plan->columns.at[column].type, at);

	e->column = column;
	return e;
}

struct hm_expr *hm_literal(struct hm_binder *b, struct hm_value value, struct hm_span at)
{
	struct hm_expr *e = hm_expr_new(b, HM_EXPR_LITERAL, value.type, at);

	e->value = value;
	return e;
}

struct hm_expr *hm_long(struct hm_binder *b, int64_t value, struct hm_span at)
{
	return hm_literal(b, (struct hm_value){ .type = HM_SCALAR_LONG, .whole = value },
			  at);
}

struct hm_expr *hm_text(struct hm_binder *b, hm_bytes value, struct hm_span at)
{
	return hm_literal(b, (struct hm_value){ .type = HM_SCALAR_STRING, .text = value },
			  at);
}

struct hm_expr *hm_call(struct hm_binder *b, enum hm_fn fn, enum hm_scalar type,
			struct hm_expr **args, size_t count)
{
	const struct hm_span none = { 0, 0 };
	struct hm_expr *e =
		hm_expr_new(b, HM_EXPR_CALL, type, count > 0 ? args[0]->span : none);

	e->fn = fn;
	e->args = args;
	e->arg_count = count;
	return hm_settle(b, e);
}

/* A number literal is converted here and now. */
static bool convert_literal(struct hm_value *v, enum hm_scalar to)
{
	if (v->null && v->type != HM_SCALAR_DYNAMIC && to != HM_SCALAR_STRING &&
	    to != HM_SCALAR_DYNAMIC) {
		*v = (struct hm_value){ .type = to, .null = true };
		return true;
	}
	if ((v->type != HM_SCALAR_LONG && v->type != HM_SCALAR_INT) || v->null)
		return false;
	if (to == HM_SCALAR_LONG ||
	    (to == HM_SCALAR_INT && v->whole >= INT32_MIN && v->whole <= INT32_MAX)) {
		v->type = to;
		return true;
	}
	if (to != HM_SCALAR_REAL || v->whole > (INT64_C(1) << 53) ||
	    v->whole < -(INT64_C(1) << 53))
		return false;
	*v = (struct hm_value){ .type = to, .real = (double)v->whole };
	return true;
}

/* datatable's literals: numbers widen and narrow, a text becomes what it spells. */
bool hm_value_to(struct hm_arena *a, struct hm_value *v, enum hm_scalar type)
{
	if (v->type == type)
		return true;
	if (convert_literal(v, type))
		return true;
	if (v->type == HM_SCALAR_LONG && type == HM_SCALAR_DECIMAL)
		v->text = hm_bytes_of(hm_format(a, "%lld", (long long)v->whole));
	else if (v->type == HM_SCALAR_LONG && type == HM_SCALAR_BOOL)
		v->truth = v->whole != 0;
	else if (v->type == HM_SCALAR_STRING && type != HM_SCALAR_DYNAMIC)
		return hm_literal_of(a, hm_bytes_of(hm_scalar_name(type)), v->text, v);
	else
		return false;
	v->type = type;
	return true;
}

struct hm_expr *hm_expr_as(struct hm_binder *b, struct hm_expr *of, enum hm_scalar to)
{
	struct hm_expr *e;
	struct hm_value value = of->value;

	if (of->type == to || of->type == HM_SCALAR_UNKNOWN || to == HM_SCALAR_UNKNOWN)
		return of;
	if (of->kind == HM_EXPR_LITERAL && convert_literal(&value, to))
		return hm_literal(b, value, of->span);
	e = hm_expr_new(b, HM_EXPR_CONVERT, to, of->span);
	e->args = hm_new_n(b->arena, struct hm_expr *, 1);
	e->args[0] = of;
	e->arg_count = 1;
	return hm_settle(b, e);
}
