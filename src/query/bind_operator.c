/* SPDX-License-Identifier: MIT */
/* Pipes: each operator takes the plan before it. */
#include "query/binder.h"

static struct hm_plan *bind_where(struct hm_binder *b, struct hm_plan *input,
				  const struct hm_ast *op)
{
	const struct hm_row row = { .plan = input };
	struct hm_plan *plan = hm_plan_over(b, HM_PLAN_FILTER, input, op);

	plan->test = hm_bind_bool(b, &row, op->on);
	return hm_plan_add(b, plan);
}

static void bind_sort_keys(struct hm_binder *b, struct hm_plan *plan,
			   const struct hm_asts *by, bool any_type)
{
	const struct hm_row row = { .plan = plan->inputs[0] };

	plan->sort = hm_new_n(b->arena, struct hm_sort_key, by->count);
	plan->sort_count = by->count;
	for (size_t i = 0; i < by->count; i++) {
		const struct hm_ast *key = by->at[i];
		const struct hm_ast *of =
			key->on->kind == HM_AST_NAMED ? key->on->on : key->on;
		struct hm_sort_key *to = &plan->sort[i];

		to->by = hm_bind_expr(b, &row, of);
		if (to->by->type == HM_SCALAR_DYNAMIC && !any_type)
			hm_refuse(b->fault, of->span, "KS116",
				  "The value of type 'dynamic' is not allowed in this "
				  "context: use tostring() or toreal().");
		to->descending = key->flag;
		to->nulls_first = key->nulls ? key->nulls == 1 : !key->flag;
	}
}

static struct hm_plan *bind_sort(struct hm_binder *b, struct hm_plan *input,
				 const struct hm_ast *op)
{
	struct hm_plan *plan = hm_plan_over(b, HM_PLAN_SORT, input, op);

	bind_sort_keys(b, plan, &op->by, false);
	plan->serialized = true;
	return hm_plan_add(b, plan);
}

static struct hm_plan *bind_top(struct hm_binder *b, struct hm_plan *input,
				const struct hm_ast *op)
{
	struct hm_plan *plan = hm_plan_over(b, HM_PLAN_TOP, input, op);

	plan->limit = hm_bind_constant(b, op->on, HM_SCALAR_LONG);
	bind_sort_keys(b, plan, &op->by, true);
	plan->serialized = true;
	return hm_plan_add(b, plan);
}

static struct hm_plan *bind_take(struct hm_binder *b, struct hm_plan *input,
				 const struct hm_ast *op)
{
	const bool sample = hm_is(op->word, "sample");
	struct hm_plan *plan =
		hm_plan_over(b, sample ? HM_PLAN_SAMPLE : HM_PLAN_TAKE, input, op);

	plan->limit = hm_bind_constant(b, op->on, HM_SCALAR_LONG);
	plan->serialized &= !sample;
	return hm_plan_add(b, plan);
}

static void one_column(struct hm_binder *b, struct hm_plan *plan, hm_bytes name,
		       enum hm_scalar type)
{
	plan->columns = (struct hm_fields){ hm_new(b->arena, struct hm_field), 1 };
	plan->columns.at[0] = (struct hm_field){ name, type };
	plan->alias = (hm_bytes){ 0 };
	plan->alias_of = HM_NO_COLUMN;
}

static struct hm_plan *bind_count(struct hm_binder *b, struct hm_plan *input,
				  const struct hm_ast *op)
{
	struct hm_plan *plan = hm_plan_over(b, HM_PLAN_SUMMARIZE, input, op);

	plan->aggs = hm_new(b->arena, struct hm_agg);
	plan->aggs[0] = (struct hm_agg){ .fn = HM_FN_agg_count, .count = 1 };
	plan->agg_count = 1;
	plan->serialized = false;
	plan->open = false;
	one_column(b, plan, op->name.len > 0 ? op->name : hm_bytes_of("Count"),
		   HM_SCALAR_LONG);
	return hm_plan_add(b, plan);
}

/* T | as X: from here on X is that table, and union and search call it so. */
static struct hm_plan *bind_as(struct hm_binder *b, struct hm_plan *input,
			       const struct hm_ast *op)
{
	struct hm_name *name = hm_new(b->arena, struct hm_name);
	struct hm_output o = { 0 };
	struct hm_plan *plan;

	hm_output_all(b, &o, input, op);
	plan = hm_plan_project(b, input, &o, op);
	plan->called = op->name;
	name->name = op->name;
	name->bound.plan = hm_plan_add(b, plan);
	name->next = b->names;
	b->names = name;
	return plan;
}

/* One row a column, of constants. */
static struct hm_plan *bind_getschema(struct hm_binder *b, struct hm_plan *input,
				      const struct hm_ast *op)
{
	static const struct {
		const char *name;
		enum hm_scalar type;
	} columns[] = { { "ColumnName", HM_SCALAR_STRING },
			{ "ColumnOrdinal", HM_SCALAR_LONG },
			{ "DataType", HM_SCALAR_STRING },
			{ "ColumnType", HM_SCALAR_STRING } };
	struct hm_plan *plan = hm_plan_of(b, HM_PLAN_VALUES, op);

	plan->columns = (struct hm_fields){ hm_new_n(b->arena, struct hm_field, 4), 4 };
	for (size_t i = 0; i < 4; i++)
		plan->columns.at[i] = (struct hm_field){ hm_bytes_of(columns[i].name),
							 columns[i].type };
	plan->row_count = input->columns.count;
	plan->values = hm_new_n(b->arena, struct hm_value, 4 * plan->row_count + 1);
	for (size_t i = 0; i < plan->row_count; i++) {
		const struct hm_field *f = &input->columns.at[i];
		struct hm_value *v = &plan->values[4 * i];

		v[0] = (struct hm_value){ .type = HM_SCALAR_STRING, .text = f->name };
		v[1] = (struct hm_value){ .type = HM_SCALAR_LONG, .whole = (int64_t)i };
		v[2] = (struct hm_value){ .type = HM_SCALAR_STRING,
					  .text = hm_bytes_of(
						  hm_scalar_dotnet(f->type)) };
		v[3] = (struct hm_value){ .type = HM_SCALAR_STRING,
					  .text = hm_bytes_of(hm_scalar_name(f->type)) };
	}
	plan->serialized = true;
	return hm_plan_add(b, plan);
}

static struct hm_plan *bind_plain(struct hm_binder *b, struct hm_plan *input,
				  const struct hm_ast *op)
{
	if (hm_is(op->word, "getschema"))
		return bind_getschema(b, input, op);
	if (hm_is(op->word, "consume"))
		hm_unsupported(b, op->mark, "the operator", op->word);
	b->render = op->name;
	return input;
}

static struct hm_plan *refuse(struct hm_binder *b, struct hm_plan *input,
			      const struct hm_ast *op)
{
	(void)input;
	hm_unsupported(b, op->mark, "the operator", op->word);
}

static struct hm_plan *bind_pipe(struct hm_binder *b, struct hm_plan *input,
				 const struct hm_ast *pipe)
{
	const struct hm_ast *head = pipe->kids.at[0];
	struct hm_plan *at;

	(void)input;
	at = head->kind >= HM_AST_WHERE ? hm_bind_operator(b, NULL, head)
					: hm_bind_table(b, head);
	for (size_t i = 1; i < pipe->kids.count; i++)
		at = hm_bind_operator(b, at, pipe->kids.at[i]);
	return at;
}

/* clang-format off */
static const struct {
	enum hm_ast_kind kind;
	hm_bind_operator_fn *bind;
	bool leading; /* may stand without a table before it */
} operators[] = {
	{ HM_AST_PIPE, bind_pipe, true },
	{ HM_AST_WHERE, bind_where, false },
	{ HM_AST_PROJECT, hm_bind_project, false },
	{ HM_AST_PICKING, hm_bind_picking, false },
	{ HM_AST_SUMMARIZE, hm_bind_summarize, false },
	{ HM_AST_SORT, bind_sort, false },
	{ HM_AST_TOP, bind_top, false },
	{ HM_AST_TAKE, bind_take, false },
	{ HM_AST_SAMPLE_DISTINCT, hm_bind_hitters, false },
	{ HM_AST_TOP_HITTERS, hm_bind_hitters, false },
	{ HM_AST_COUNT, bind_count, false },
	{ HM_AST_JOIN, hm_bind_join, false },
	{ HM_AST_UNION, hm_bind_union, true },
	{ HM_AST_EXPAND, hm_bind_expand, false },
	{ HM_AST_PARSE, hm_bind_parse, false },
	{ HM_AST_PARSE_KV, hm_bind_parse_kv, false },
	{ HM_AST_SERIES, hm_bind_series, false },
	{ HM_AST_NESTED, hm_bind_nested, false },
	{ HM_AST_SEARCH, hm_bind_search, true },
	{ HM_AST_FIND, hm_bind_find, true },
	{ HM_AST_EVALUATE, hm_bind_evaluate, true },
	{ HM_AST_INVOKE, hm_bind_invoke, false },
	{ HM_AST_PARTITION, hm_bind_partition, false },
	{ HM_AST_SCAN, hm_bind_scan, false },
	{ HM_AST_AS, bind_as, false },
	{ HM_AST_PLAIN, bind_plain, false },
	{ HM_AST_REFUSED, refuse, true },
};
/* clang-format on */

struct hm_plan *hm_bind_operator(struct hm_binder *b, struct hm_plan *input,
				 const struct hm_ast *op)
{
	struct hm_plan *plan = NULL;

	hm_enter(b->fault, op->mark);
	if (op->kind < HM_AST_WHERE && op->kind != HM_AST_PIPE)
		plan = hm_bind_source(b, op);
	for (size_t i = 0; !plan && i < sizeof(operators) / sizeof(operators[0]); i++) {
		if (operators[i].kind != op->kind)
			continue;
		if (!input && !operators[i].leading && !hm_is(op->word, "print"))
			hm_refuse(b->fault, op->mark, "KS117",
				  "The operator '%.*s' needs a table before it.",
				  HM_SHOW(op->word));
		plan = operators[i].bind(b, input, op);
	}
	hm_leave(b->fault);
	if (!plan)
		hm_refuse(b->fault, op->span, "KS117", "A table is expected here.");
	return plan;
}
