/* SPDX-License-Identifier: MIT */
/* Functions whose arguments or results follow no signature. */
#include "query/binder.h"

/* The call in the text that a call in the tree stands for. */
static struct hm_expr *finish(const struct hm_ast *call, struct hm_expr *e)
{
	e->span = call->span;
	return e;
}

static struct hm_expr **bind_all(struct hm_binder *b, const struct hm_row *row,
				 const struct hm_ast *call)
{
	struct hm_expr **args =
		hm_new_n(b->arena, struct hm_expr *, call->kids.count + 1);

	for (size_t i = 0; i < call->kids.count; i++)
		args[i] = hm_bind_expr(b, row, hm_value_ast(call->kids.at[i]));
	return args;
}

static void check_condition(struct hm_binder *b, const struct hm_expr *e)
{
	if (e->type != HM_SCALAR_BOOL && e->type != HM_SCALAR_UNKNOWN)
		hm_refuse(b->fault, e->span, "KS107", "A value of type bool expected.");
}

/* Results at every `step`th argument from `first`, and at the last: made of one type.
 * Types that share none become dynamic. */
static enum hm_scalar unify(struct hm_binder *b, struct hm_expr **args, size_t count)
{
	struct hm_expr **results = hm_new_n(b->arena, struct hm_expr *, count);
	enum hm_scalar type;
	size_t n = 0;

	for (size_t i = 1; i < count; i += 2)
		results[n++] = args[i];
	results[n++] = args[count - 1];
	if (!hm_common_type(results, n, &type))
		type = HM_SCALAR_DYNAMIC;
	for (size_t i = 1; i < count - 1; i += 2)
		args[i] = hm_expr_as(b, args[i], type);
	args[count - 1] = hm_expr_as(b, args[count - 1], type);
	return type;
}

/* iff(condition, then, else), iif, case(condition, then, ..., else) */
static struct hm_expr *bind_case(struct hm_binder *b, const struct hm_row *row,
				 const struct hm_ast *call, enum hm_fn fn)
{
	const size_t count = call->kids.count;
	struct hm_expr **args;

	if (fn != HM_FN_case && count != 3)
		hm_refuse(b->fault, call->mark, "KS119",
			  "The function '%.*s' expects 3 arguments.",
			  HM_SHOW(call->name));
	if (count < 3 || count % 2 == 0)
		hm_refuse(b->fault, call->mark, "KS120",
			  "The function '%.*s' expects an odd number of arguments, 3 or "
			  "more.",
			  HM_SHOW(call->name));
	args = bind_all(b, row, call);
	for (size_t i = 0; i < count - 1; i += 2)
		check_condition(b, args[i]);
	return finish(call, hm_call(b, fn, unify(b, args, count), args, count));
}

/* bag_pack(name, value, ...) and its older names */
static struct hm_expr *bind_pack(struct hm_binder *b, const struct hm_row *row,
				 const struct hm_ast *call, enum hm_fn fn)
{
	struct hm_expr **args = bind_all(b, row, call);

	(void)fn;
	if (call->kids.count < 2 || call->kids.count % 2 != 0)
		hm_refuse(b->fault, call->mark, "KS120",
			  "The function '%.*s' expects pairs of a name and a value.",
			  HM_SHOW(call->name));
	for (size_t i = 0; i < call->kids.count; i += 2) {
		if (args[i]->type == HM_SCALAR_DYNAMIC)
			args[i] = hm_expr_as(b, args[i], HM_SCALAR_STRING);
		if (args[i]->type != HM_SCALAR_STRING &&
		    args[i]->type != HM_SCALAR_UNKNOWN)
			hm_refuse(b->fault, args[i]->span, "KS107",
				  "A value of type string expected.");
	}
	return finish(call, hm_call(b, HM_FN_bag_pack, HM_SCALAR_DYNAMIC, args,
				    call->kids.count));
}

/* pack_all([ignore_null_empty]), pack_array(*), bag_pack_columns(c, ...): written out as
 * bag_pack and pack_array; ignoring empty values stays pack_all's. */
static struct hm_expr *bind_pack_all(struct hm_binder *b, const struct hm_row *row,
				     const struct hm_ast *call, enum hm_fn fn)
{
	const struct hm_plan *plan = row ? row->plan : NULL;
	const size_t n = plan ? plan->columns.count : 0;
	struct hm_expr **args = hm_new_n(b->arena, struct hm_expr *, 2 * n + 2);
	size_t count = 0;
	bool ignore = false;

	if (!plan || row->aggs)
		hm_refuse(b->fault, call->span, "KS108", "Scalar value expected.");
	if (fn == HM_FN_pack_all && call->kids.count > 0) {
		const struct hm_expr *flag =
			hm_bind_constant(b, call->kids.at[0], HM_SCALAR_BOOL);

		ignore = flag->kind == HM_EXPR_LITERAL && flag->value.truth;
	}
	for (size_t i = 0; i < n; i++) {
		if (fn == HM_FN_pack_all)
			args[count++] = hm_text(b, plan->columns.at[i].name, call->span);
		args[count++] = hm_column_of(b, plan, i, call->span);
	}
	if (fn == HM_FN_pack_all)
		fn = ignore ? HM_FN_pack_all : HM_FN_bag_pack;
	return finish(call, hm_call(b, fn, HM_SCALAR_DYNAMIC, args, count));
}

static struct hm_expr *bind_pack_columns(struct hm_binder *b, const struct hm_row *row,
					 const struct hm_ast *call, enum hm_fn fn)
{
	struct hm_expr **args =
		hm_new_n(b->arena, struct hm_expr *, 2 * call->kids.count + 1);

	(void)fn;
	for (size_t i = 0; i < call->kids.count; i++) {
		args[2 * i] =
			hm_text(b, hm_result_name(b, row, call->kids.at[i]), call->span);
		args[2 * i + 1] = hm_bind_expr(b, row, call->kids.at[i]);
	}
	return finish(call, hm_call(b, HM_FN_bag_pack, HM_SCALAR_DYNAMIC, args,
				    2 * call->kids.count));
}

static struct hm_expr *bind_pack_array(struct hm_binder *b, const struct hm_row *row,
				       const struct hm_ast *call, enum hm_fn fn)
{
	if (call->kids.count == 1 && call->kids.at[0]->kind == HM_AST_STAR)
		return bind_pack_all(b, row, call, fn);
	return finish(call, hm_call(b, fn, HM_SCALAR_DYNAMIC, bind_all(b, row, call),
				    call->kids.count));
}

/* column_ifexists("name", otherwise) */
static struct hm_expr *bind_if_exists(struct hm_binder *b, const struct hm_row *row,
				      const struct hm_ast *call, enum hm_fn fn)
{
	const struct hm_expr *name;
	size_t column = HM_NO_COLUMN;

	(void)fn;
	if (call->kids.count != 2)
		hm_refuse(b->fault, call->mark, "KS119",
			  "The function '%.*s' expects 2 arguments.",
			  HM_SHOW(call->name));
	name = hm_bind_constant(b, call->kids.at[0], HM_SCALAR_STRING);
	if (name->kind != HM_EXPR_LITERAL || name->type != HM_SCALAR_STRING)
		hm_refuse(b->fault, name->span, "KS129",
			  "The expression must be a literal.");
	if (row && row->plan)
		column = hm_find_column(row->plan, name->value.text);
	if (column == HM_NO_COLUMN)
		return hm_bind_expr(b, row, call->kids.at[1]);
	return hm_column_of(b, row->plan, column, call->span);
}

/* toscalar(table) */
static struct hm_expr *bind_toscalar(struct hm_binder *b, const struct hm_row *row,
				     const struct hm_ast *call, enum hm_fn fn)
{
	struct hm_bound bound;
	struct hm_expr *e;

	(void)fn;
	(void)row;
	if (call->kids.count != 1)
		hm_refuse(b->fault, call->mark, "KS119",
			  "The function 'toscalar' expects 1 argument.");
	bound = hm_bind_any(b, NULL, call->kids.at[0]);
	if (bound.expr)
		return bound.expr;
	if (bound.plan->columns.count == 0)
		hm_refuse(b->fault, call->span, "KS108", "Scalar value expected.");
	e = hm_expr_new(b, HM_EXPR_SCALAR, bound.plan->columns.at[0].type, call->span);
	e->plan = bound.plan;
	return e;
}

/* column_names_of(table) */
static struct hm_expr *bind_column_names(struct hm_binder *b, const struct hm_row *row,
					 const struct hm_ast *call, enum hm_fn fn)
{
	const struct hm_plan *plan;
	struct hm_expr **args;

	(void)row;
	(void)fn;
	if (call->kids.count != 1)
		hm_refuse(b->fault, call->mark, "KS119",
			  "The function 'column_names_of' expects 1 argument.");
	plan = hm_bind_table(b, call->kids.at[0]);
	args = hm_new_n(b->arena, struct hm_expr *, plan->columns.count + 1);
	for (size_t i = 0; i < plan->columns.count; i++)
		args[i] = hm_text(b, plan->columns.at[i].name, call->span);
	return finish(call, hm_call(b, HM_FN_pack_array, HM_SCALAR_DYNAMIC, args,
				    plan->columns.count));
}

/* ingestion_time(): a column of hallmark's own tables; of others it is not known. */
static struct hm_expr *bind_ingestion(struct hm_binder *b, const struct hm_row *row,
				      const struct hm_ast *call, enum hm_fn fn)
{
	const size_t column =
		row && row->plan && !row->aggs
			? hm_find_field(&row->plan->columns, hm_bytes_of("IngestedAt"))
			: HM_NO_COLUMN;

	if (call->kids.count == 0 && column != HM_NO_COLUMN &&
	    row->plan->columns.at[column].type == HM_SCALAR_DATETIME)
		return hm_column_of(b, row->plan, column, call->span);
	return finish(call, hm_resolve(b, fn, bind_all(b, row, call), call->kids.count,
				       call->mark));
}

/* What `set query_bin_auto_size = ...` said, or NULL. */
static struct hm_expr *setting(struct hm_binder *b, const char *name)
{
	const struct hm_name *found = hm_find_name(b->names, hm_bytes_of(name));

	return found ? found->bound.expr : NULL;
}

/* bin_auto(x): bin_at with what the set statements of the query say. */
static struct hm_expr *bind_bin_auto(struct hm_binder *b, const struct hm_row *row,
				     const struct hm_ast *call, enum hm_fn fn)
{
	struct hm_expr **args = hm_new_n(b->arena, struct hm_expr *, 3);
	struct hm_expr *size = setting(b, "$query_bin_auto_size");
	struct hm_expr *at = setting(b, "$query_bin_auto_at");

	(void)fn;
	if (call->kids.count != 1)
		hm_refuse(b->fault, call->mark, "KS119",
			  "The function 'bin_auto' expects 1 argument.");
	if (!size)
		hm_refuse(b->fault, call->mark, "HM006",
			  "bin_auto needs a statement 'set query_bin_auto_size = ...'.");
	args[0] = hm_bind_expr(b, row, call->kids.at[0]);
	args[1] = size;
	args[2] = at;
	return finish(call, hm_resolve(b, at ? HM_FN_bin_at : HM_FN_bin, args, at ? 3 : 2,
				       call->mark));
}

/* The array functions with several results take any number of arrays, then a flag. */
static struct hm_expr *bind_sort_array(struct hm_binder *b, const struct hm_row *row,
				       const struct hm_ast *call, enum hm_fn fn)
{
	struct hm_expr **args = bind_all(b, row, call), *e;
	size_t arrays = 0;

	while (arrays < call->kids.count && (args[arrays]->type == HM_SCALAR_DYNAMIC ||
					     args[arrays]->type == HM_SCALAR_UNKNOWN))
		arrays++;
	if (arrays == 0)
		hm_refuse(b->fault, call->mark, "KS234",
			  "The expression value must be a dynamic array.");
	if (arrays + 1 < call->kids.count)
		hm_refuse(b->fault, args[arrays]->span, "KS234",
			  "The expression value must be a dynamic array.");
	e = finish(call, hm_call(b, fn, HM_SCALAR_DYNAMIC, args, call->kids.count));
	e->column = HM_NO_COLUMN; /* all of them, until one part is taken */
	return e;
}

/* clang-format off */
static const struct {
	const char *name;
	enum hm_fn fn;
	struct hm_expr *(*bind)(struct hm_binder *b, const struct hm_row *row,
				const struct hm_ast *call, enum hm_fn fn);
} customs[] = {
	{ "iff", HM_FN_iff, bind_case },
	{ "iif", HM_FN_iff, bind_case },
	{ "case", HM_FN_case, bind_case },
	{ "pack", HM_FN_bag_pack, bind_pack },
	{ "bag_pack", HM_FN_bag_pack, bind_pack },
	{ "pack_dictionary", HM_FN_bag_pack, bind_pack },
	{ "pack_all", HM_FN_pack_all, bind_pack_all },
	{ "pack_array", HM_FN_pack_array, bind_pack_array },
	{ "bag_pack_columns", HM_FN_bag_pack, bind_pack_columns },
	{ "column_ifexists", HM_FN_NONE, bind_if_exists },
	{ "columnifexists", HM_FN_NONE, bind_if_exists },
	{ "toscalar", HM_FN_NONE, bind_toscalar },
	{ "column_names_of", HM_FN_NONE, bind_column_names },
	{ "bin_auto", HM_FN_bin_auto, bind_bin_auto },
	{ "ingestion_time", HM_FN_ingestion_time, bind_ingestion },
	{ "array_sort_asc", HM_FN_array_sort_asc, bind_sort_array },
	{ "array_sort_desc", HM_FN_array_sort_desc, bind_sort_array },
};
/* clang-format on */

struct hm_expr *hm_bind_custom(struct hm_binder *b, const struct hm_row *row,
			       const struct hm_ast *call)
{
	for (size_t i = 0; i < sizeof(customs) / sizeof(customs[0]); i++)
		if (hm_is(call->name, customs[i].name))
			return customs[i].bind(b, row, call, customs[i].fn);
	return NULL;
}
