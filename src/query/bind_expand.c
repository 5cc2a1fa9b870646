/* SPDX-License-Identifier: MIT */
/* mv-expand, mv-apply, partition, parse, parse-kv: kql.md B4.29, B6.40, B7.47. */
#include <string.h>

#include "query/binder.h"

/* The output of an operator that keeps its input's columns and replaces or adds some. */
struct keeping {
	struct hm_plan *plan;
	struct hm_fields fields;
	struct hm_pick *picks;
	bool *taken; /* already replaced or added here */
};

static struct keeping keep_all(struct hm_binder *b, struct hm_plan *plan, size_t more)
{
	const struct hm_fields *in = &plan->inputs[0]->columns;
	struct keeping k = { .plan = plan };

	k.fields.at = hm_new_n(b->arena, struct hm_field, in->count + more + 1);
	k.fields.count = in->count;
	k.picks = hm_new_n(b->arena, struct hm_pick, in->count + more + 1);
	k.taken = hm_new_n(b->arena, bool, in->count + more + 1);
	for (size_t i = 0; i < in->count; i++) {
		k.fields.at[i] = in->at[i];
		k.picks[i] = (struct hm_pick){ 0, i };
	}
	return k;
}

/* The place of a column of that name: where it is, or at the end. */
static size_t put_column(struct hm_binder *b, struct keeping *k, hm_bytes name,
			 enum hm_scalar type, const struct hm_ast *at)
{
	size_t column = hm_find_field(&k->fields, name);

	if (column != HM_NO_COLUMN && k->taken[column])
		hm_refuse(b->fault, at->mark, "KS171",
			  "A column with the name '%.*s' is already declared.",
			  HM_SHOW(name));
	if (column == HM_NO_COLUMN)
		column = k->fields.count++;
	k->fields.at[column] = (struct hm_field){ name, type };
	k->picks[column].column = HM_NO_COLUMN;
	k->taken[column] = true;
	return column;
}

static void finish(struct hm_plan *plan, const struct keeping *k)
{
	plan->columns = k->fields;
	plan->picks = k->picks;
}

static struct hm_expand bind_item(struct hm_binder *b, struct keeping *k,
				  const struct hm_ast *item, unsigned *unnamed)
{
	const struct hm_row row = { .plan = k->plan->inputs[0] };
	const struct hm_ast *of;
	hm_bytes name;
	const bool chosen = hm_chosen_name(item->on, 0, &name, &of);
	struct hm_expand x = { .from = hm_bind_expr(b, &row, of) };

	if (x.from->type != HM_SCALAR_DYNAMIC && x.from->type != HM_SCALAR_UNKNOWN)
		hm_refuse(b->fault, of->span, "KS141",
			  "The expression must have the type dynamic.");
	x.to = item->typed ? item->type : HM_SCALAR_DYNAMIC;
	if (!chosen)
		name = hm_result_name(b, &row, of);
	if (name.len == 0)
		name = hm_bytes_of(hm_format(b->arena, "Column%u", ++*unnamed));
	x.column = put_column(b, k, name, x.to, item);
	return x;
}

static void bind_items(struct hm_binder *b, struct keeping *k, const struct hm_ast *op)
{
	const struct hm_ast *index = hm_param(op, "with_itemindex");
	struct hm_plan *plan = k->plan;
	unsigned unnamed = 0;

	plan->expands = hm_new_n(b->arena, struct hm_expand, op->kids.count);
	plan->expand_count = op->kids.count;
	for (size_t i = 0; i < op->kids.count; i++)
		plan->expands[i] = bind_item(b, k, op->kids.at[i], &unnamed);
	if (index)
		plan->index_column = put_column(b, k, index->name, HM_SCALAR_LONG, op);
	if (op->to)
		plan->limit = hm_bind_constant(b, op->to, HM_SCALAR_LONG);
}

static bool says_array(const struct hm_ast *op)
{
	const struct hm_ast *kind = hm_param(op, "kind");

	if (!kind)
		kind = hm_param(op, "bagexpansion");
	return kind && hm_is(kind->name, "array");
}

struct hm_plan *hm_bind_sub(struct hm_binder *b, struct hm_plan *owner,
			    struct hm_plan *leaf, const struct hm_ast *sub)
{
	struct hm_plan *outer = b->within, *at;

	b->within = owner;
	leaf->within = owner;
	at = hm_plan_add(b, leaf);
	for (size_t i = 0; i < sub->kids.count; i++)
		at = hm_bind_operator(b, at, sub->kids.at[i]);
	b->within = outer;
	return at;
}

/* Columns of the row that are not expanded, then the sub-query's that are new. */
static void apply_columns(struct hm_binder *b, struct hm_plan *plan,
			  const struct keeping *k)
{
	const struct hm_fields *row = &plan->inputs[0]->columns,
			       *sub = &plan->sub->columns;
	struct hm_fields *o = &plan->columns;

	*o = (struct hm_fields){
		hm_new_n(b->arena, struct hm_field, row->count + sub->count + 1), 0
	};
	plan->picks = hm_new_n(b->arena, struct hm_pick, row->count + sub->count + 1);
	for (size_t i = 0; i < row->count; i++) {
		if (k->taken[i])
			continue;
		plan->picks[o->count] = (struct hm_pick){ 0, i };
		o->at[o->count++] = row->at[i];
	}
	for (size_t i = 0; i < sub->count; i++) {
		if (hm_find_field(o, sub->at[i].name) != HM_NO_COLUMN)
			continue;
		plan->picks[o->count] = (struct hm_pick){ 1, i };
		o->at[o->count++] = sub->at[i];
	}
}

struct hm_plan *hm_bind_expand(struct hm_binder *b, struct hm_plan *input,
			       const struct hm_ast *op)
{
	const bool apply = hm_is(op->word, "mv-apply");
	struct hm_plan *plan =
		hm_plan_over(b, apply ? HM_PLAN_MV_APPLY : HM_PLAN_MV_EXPAND, input, op);
	struct keeping k = keep_all(b, plan, op->kids.count + 1);
	struct hm_plan *leaf;

	plan->alias = (hm_bytes){ 0 };
	plan->bag_as_array = says_array(op);
	bind_items(b, &k, op);
	if (hm_is(op->word, "mvexpand") && !plan->limit)
		plan->limit = hm_long(b, 128, op->span); /* the old word's default */
	if (!apply) {
		finish(plan, &k);
		return hm_plan_add(b, plan);
	}
	leaf = hm_plan_of(b, HM_PLAN_ROW, op);
	leaf->word = "row";
	leaf->columns = k.fields;
	leaf->serialized = true;
	leaf->open = input->open;
	plan->serialized = false;
	plan->sub = hm_bind_sub(b, plan, leaf, op->on);
	apply_columns(b, plan, &k);
	return hm_plan_add(b, plan);
}

struct hm_plan *hm_bind_partition(struct hm_binder *b, struct hm_plan *input,
				  const struct hm_ast *op)
{
	struct hm_plan *plan = hm_plan_over(b, HM_PLAN_PARTITION, input, op);
	struct hm_plan *leaf = hm_plan_of(b, HM_PLAN_ROW, op);
	const struct hm_row row = { .plan = input };

	plan->exprs = hm_new_n(b->arena, struct hm_expr *, 1);
	plan->exprs[0] = hm_bind_expr(b, &row, op->from);
	plan->expr_count = 1;
	leaf->word = "row";
	leaf->columns = input->columns;
	leaf->serialized = input->serialized;
	leaf->open = input->open;
	leaf->alias = input->alias;
	leaf->alias_of = input->alias_of;
	plan->sub = hm_bind_sub(b, plan, leaf, op->on);
	plan->columns = plan->sub->columns;
	plan->alias = plan->sub->alias;
	plan->alias_of = plan->sub->alias_of;
	plan->serialized = false;
	return hm_plan_add(b, plan);
}

static void bind_segments(struct hm_binder *b, struct keeping *k, const struct hm_ast *op)
{
	struct hm_plan *plan = k->plan;

	plan->segments = hm_new_n(b->arena, struct hm_segment, op->kids.count);
	plan->segment_count = op->kids.count;
	for (size_t i = 0; i < op->kids.count; i++) {
		const struct hm_ast *kid = op->kids.at[i];
		struct hm_segment *s = &plan->segments[i];

		s->column = HM_NO_COLUMN;
		if (kid->kind == HM_AST_STAR) {
			s->kind = HM_SEGMENT_SKIP;
		} else if (kid->kind == HM_AST_LITERAL) {
			s->kind = HM_SEGMENT_TEXT;
			if (kid->value.type != HM_SCALAR_STRING)
				hm_refuse(b->fault, kid->span, "KS107",
					  "A value of type string expected.");
			s->text = kid->value.text;
		} else {
			s->kind = HM_SEGMENT_COLUMN;
			if (i > 0 && plan->segments[i - 1].kind == HM_SEGMENT_COLUMN)
				hm_refuse(b->fault, kid->span, "KS101",
					  "The column name must follow a string literal");
			s->column = put_column(b, k, kid->name, kid->type, kid);
		}
	}
}

static enum hm_parse_mode parse_mode(struct hm_binder *b, const struct hm_ast *op)
{
	const struct hm_ast *kind = hm_param(op, "kind");

	if (!kind || hm_is(kind->name, "simple"))
		return HM_PARSE_SIMPLE;
	if (hm_is(kind->name, "regex"))
		return HM_PARSE_REGEX;
	if (hm_is(kind->name, "relaxed"))
		return HM_PARSE_RELAXED;
	hm_refuse(b->fault, kind->span, "KS005",
		  "Expected one of: simple, regex, relaxed");
}

static struct hm_expr *bind_text(struct hm_binder *b, struct hm_plan *input,
				 const struct hm_ast *ast)
{
	const struct hm_row row = { .plan = input };
	struct hm_expr *e = hm_bind_expr(b, &row, ast);

	if (e->type == HM_SCALAR_STRING || e->type == HM_SCALAR_UNKNOWN)
		return e;
	return hm_expr_as(b, e, HM_SCALAR_STRING);
}

struct hm_plan *hm_bind_parse(struct hm_binder *b, struct hm_plan *input,
			      const struct hm_ast *op)
{
	struct hm_plan *plan = hm_plan_over(b, HM_PLAN_PARSE, input, op);
	struct keeping k = keep_all(b, plan, op->kids.count);
	const struct hm_ast *flags = hm_param(op, "flags");

	plan->parse = parse_mode(b, op);
	plan->only_matches = hm_is(op->word, "parse-where");
	if (flags)
		plan->flags =
			flags->kind == HM_AST_LITERAL ? flags->value.text : flags->name;
	plan->exprs = hm_new_n(b->arena, struct hm_expr *, 1);
	plan->exprs[0] = bind_text(b, input, op->on);
	plan->expr_count = 1;
	bind_segments(b, &k, op);
	finish(plan, &k);
	return hm_plan_add(b, plan);
}

static void bind_options(struct hm_binder *b, struct hm_plan *plan,
			 const struct hm_ast *op)
{
	const struct {
		const char *name;
		hm_bytes *to;
	} texts[] = { { "pair_delimiter", &plan->kv.pair },
		      { "kv_delimiter", &plan->kv.value },
		      { "quote", &plan->kv.quote },
		      { "escape", &plan->kv.escape } };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct hm_ast *param = hm_param(op, texts[i].name);
		const struct hm_expr *value;

		if (!param)
			continue;
		value = hm_bind_constant(b, param, HM_SCALAR_STRING);
		if (value->kind != HM_EXPR_LITERAL)
			hm_refuse(b->fault, param->span, "KS129",
				  "The expression must be a literal.");
		*texts[i].to = value->value.text;
	}
	if (hm_param(op, "regex"))
		hm_refuse(b->fault, op->span, "HM001",
			  "hallmark does not support parse-kv with a regex.");
	plan->kv.greedy = hm_param(op, "greedy") != NULL;
}

struct hm_plan *hm_bind_parse_kv(struct hm_binder *b, struct hm_plan *input,
				 const struct hm_ast *op)
{
	struct hm_plan *plan = hm_plan_over(b, HM_PLAN_PARSE_KV, input, op);
	struct keeping k = keep_all(b, plan, op->by.count);

	plan->exprs = hm_new_n(b->arena, struct hm_expr *, 1);
	plan->exprs[0] = bind_text(b, input, op->on);
	plan->expr_count = 1;
	bind_options(b, plan, op);
	for (size_t i = 0; i < op->by.count; i++)
		put_column(b, &k, op->by.at[i]->name, op->by.at[i]->type, op->by.at[i]);
	finish(plan, &k);
	return hm_plan_add(b, plan);
}
