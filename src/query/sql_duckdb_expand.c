/* SPDX-License-Identifier: MIT */
/*
 * sql_duckdb_expand.c: mv-expand, mv-apply and partition, parse, bag_unpack.
 *
 * unnest of several lists in one SELECT pads the shorter with NULL, which is what
 * mv-expand of several columns does.
 *
 * mv-apply runs its sub-plan over all rows at once: each row of its input has a number
 * (m<leaf>.g), the rows of the leaf carry it, every operator of the sub-plan works
 * within it, and the results are joined back by it.
 */
#include <string.h>

#include "base/json.h"
#include "query/sql_duckdb.h"

static void put_lists(struct hm_printer *p, const struct hm_plan *plan)
{
	for (size_t i = 0; i < plan->expand_count; i++) {
		hm_put_str(&p->out, ", ");
		hm_put_str(&p->out, plan->limit != NULL ? "list_slice(" : "");
		hm_put_str(&p->out, "hm_elements(");
		hm_sql_as(p, plan->expands[i].from, 'j');
		hm_putf(&p->out, ", %s)", plan->bag_as_array ? "TRUE" : "FALSE");
		if (plan->limit != NULL) {
			hm_put_str(&p->out, ", 1, ");
			hm_sql_as(p, plan->limit, 'l');
			hm_put_str(&p->out, ")");
		}
		hm_putf(&p->out, " AS l%zu", i);
	}
}

/* SELECT *, the elements e0, e1... and their place i, FROM what source says. */
static void put_unnested(struct hm_printer *p, const struct hm_plan *plan,
			 const char *source)
{
	hm_put_str(&p->out, "(SELECT *");
	for (size_t i = 0; i < plan->expand_count; i++)
		hm_putf(&p->out, ", unnest(l%zu) AS e%zu", i, i);
	hm_put_str(&p->out, ", unnest(range(greatest(");
	for (size_t i = 0; i < plan->expand_count; i++)
		hm_putf(&p->out, "%slen(l%zu)", i == 0 ? "" : ", ", i);
	hm_put_str(&p->out, "))) AS i FROM (SELECT *");
	put_lists(p, plan);
	hm_putf(&p->out, " FROM %s))", source);
}

static const struct hm_expand *expand_of(const struct hm_plan *plan, size_t column,
					 size_t *at)
{
	for (*at = 0; *at < plan->expand_count; (*at)++)
		if (plan->expands[*at].column == column)
			return &plan->expands[*at];
	return NULL;
}

static void put_element(struct hm_printer *p, const struct hm_expand *x, size_t at)
{
	hm_sql_of_dynamic(p, hm_format(p->a, "e%zu", at), x->to);
}

void hm_sql_expand(struct hm_printer *p, const struct hm_plan *plan, struct hm_node *n)
{
	size_t input = hm_sql_node(p, plan->inputs[0]), at;
	bool order = p->nodes[input].order;

	hm_put_str(&p->out, "SELECT ");
	for (size_t i = 0; i < plan->columns.count; i++) {
		const struct hm_expand *x = expand_of(plan, i, &at);
		hm_sql_comma(p, i);
		if (x != NULL)
			put_element(p, x, at);
		else if (i == plan->index_column)
			hm_put_str(&p->out, "i");
		else
			hm_putf(&p->out, "c%zu", plan->picks[i].column);
		hm_putf(&p->out, " AS c%zu", i);
	}
	if (n->order)
		hm_putf(&p->out, ", row_number() OVER (ORDER BY %si) AS o",
			order ? "o, " : "");
	hm_put_str(&p->out, n->grouped ? ", g FROM " : " FROM ");
	put_unnested(p, plan, hm_format(p->a, "n%zu", input));
}

/* The owner's input with a number for each row, or each group of rows. */
void hm_sql_owner(struct hm_printer *p, const struct hm_plan *leaf)
{
	const struct hm_plan *owner = leaf->within;
	size_t input = hm_sql_node(p, owner->inputs[0]);
	bool grouped = p->nodes[input].grouped;

	/* An outer owner's g travels as h. */
	hm_putf(&p->out, "SELECT *%s%s, ", grouped ? " EXCLUDE (g)" : "",
		grouped ? ", g AS h" : "");
	if (owner->kind == HM_PLAN_PARTITION) {
		hm_put_str(&p->out, "dense_rank() OVER (ORDER BY ");
		hm_sql_expr(p, owner->exprs[0]);
		hm_put_str(&p->out, ")");
	} else {
		hm_put_str(&p->out, "row_number() OVER ()");
	}
	hm_putf(&p->out, " AS g FROM n%zu", input);
}

/* A column of the rows that an owner feeds its sub-plan. */
static void put_leaf_column(struct hm_printer *p, const struct hm_plan *leaf,
			    size_t column)
{
	const struct hm_plan *owner = leaf->within;
	bool apply = owner->kind == HM_PLAN_MV_APPLY;
	size_t at;
	const struct hm_expand *x = apply ? expand_of(owner, column, &at) : NULL;

	if (x != NULL)
		put_element(p, x, at);
	else if (apply && column == owner->index_column)
		hm_put_str(&p->out, "i");
	else
		hm_putf(&p->out, "c%zu",
			leaf->picks != NULL ? leaf->picks[column].column : column);
}

void hm_sql_row_leaf(struct hm_printer *p, const struct hm_plan *plan, struct hm_node *n)
{
	const struct hm_plan *owner = plan->within;
	const char *source = hm_format(p->a, "m%zu", hm_sql_node(p, plan));
	bool apply = owner->kind == HM_PLAN_MV_APPLY;
	bool order = p->nodes[hm_sql_node(p, owner->inputs[0])].order;

	hm_put_str(&p->out, "SELECT ");
	for (size_t i = 0; i < plan->columns.count; i++) {
		hm_sql_comma(p, i);
		put_leaf_column(p, plan, i);
		hm_putf(&p->out, " AS c%zu", i);
	}
	if (n->order)
		hm_putf(&p->out, ", %s AS o",
			apply   ? "row_number() OVER (ORDER BY g, i)"
			: order ? "o"
				: "row_number() OVER ()");
	hm_put_str(&p->out, ", g FROM ");
	if (apply)
		put_unnested(p, owner, source);
	else
		hm_put_str(&p->out, source);
}

static const struct hm_plan *leaf_of(struct hm_printer *p, const struct hm_plan *owner)
{
	for (size_t i = 0; i < p->node_count; i++)
		if (p->nodes[i].plan->kind == HM_PLAN_ROW &&
		    p->nodes[i].plan->within == owner)
			return p->nodes[i].plan;
	return NULL;
}

void hm_sql_apply(struct hm_printer *p, const struct hm_plan *plan, struct hm_node *n)
{
	const struct hm_plan *leaf = leaf_of(p, plan);
	size_t sub = hm_sql_node(p, plan->sub);
	bool apply = plan->kind == HM_PLAN_MV_APPLY;

	if (leaf == NULL || !p->nodes[sub].grouped) {
		hm_sql_refuse(p, plan->span, "%s whose query does not use the row",
			      plan->word);
		return;
	}
	hm_put_str(&p->out, "SELECT ");
	for (size_t i = 0; i < plan->columns.count; i++) {
		bool outer = apply && plan->picks[i].input == 0;
		hm_putf(&p->out, "%s%c.c%zu AS c%zu", i == 0 ? "" : ", ",
			outer ? 'm' : 's', apply ? plan->picks[i].column : i, i);
	}
	if (n->order)
		hm_putf(&p->out, ", row_number() OVER (ORDER BY s.g%s) AS o",
			p->nodes[sub].order ? ", s.o" : "");
	hm_put_str(&p->out, n->grouped ? ", m.h AS g" : "");
	hm_putf(&p->out, " FROM n%zu s", sub);
	if (apply || n->grouped)
		hm_putf(&p->out, " JOIN m%zu m ON m.g = s.g", hm_sql_node(p, leaf));
}

static const char *mode_name(enum hm_parse_mode mode)
{
	return mode == HM_PARSE_REGEX     ? "regex"
	       : mode == HM_PARSE_RELAXED ? "relaxed"
					  : "simple";
}

/* The pattern as rt_capture.c reads it. */
static hm_bytes pattern_of(struct hm_printer *p, const struct hm_plan *plan)
{
	struct hm_buf b = hm_buf_of(SIZE_MAX / 2);
	struct hm_json_out o = hm_json_out_of(&b);

	hm_json_open(&o, '{');
	hm_json_member_str(&o, "mode", mode_name(plan->parse));
	hm_json_member(&o, "flags", plan->flags);
	hm_json_name(&o, hm_bytes_of("parts"));
	hm_json_open(&o, '[');
	for (size_t i = 0; i < plan->segment_count; i++) {
		const struct hm_segment *s = &plan->segments[i];
		hm_json_open(&o, '{');
		if (s->kind == HM_SEGMENT_TEXT)
			hm_json_member(&o, "t", s->text);
		if (s->kind == HM_SEGMENT_COLUMN)
			hm_json_member_str(
				&o, "c",
				hm_scalar_name(plan->columns.at[s->column].type));
		hm_json_close(&o, '}');
	}
	hm_json_close(&o, ']');
	hm_json_close(&o, '}');
	hm_bytes text = hm_keep(p->a, hm_buf_bytes(&b));
	hm_buf_done(&b);
	return text;
}

static bool is_passed(const struct hm_plan *plan, size_t column)
{
	return plan->picks[column].column != HM_NO_COLUMN;
}

static hm_bytes kv_of(struct hm_printer *p, const struct hm_plan *plan)
{
	struct hm_buf b = hm_buf_of(SIZE_MAX / 2);
	struct hm_json_out o = hm_json_out_of(&b);

	hm_json_open(&o, '{');
	hm_json_member(&o, "pair", plan->kv.pair);
	hm_json_member(&o, "value", plan->kv.value);
	hm_json_member(&o, "quote", plan->kv.quote);
	hm_json_member(&o, "escape", plan->kv.escape);
	hm_json_member_bool(&o, "greedy", plan->kv.greedy);
	hm_json_name(&o, hm_bytes_of("keys"));
	hm_json_open(&o, '[');
	for (size_t i = 0; i < plan->columns.count; i++)
		if (!is_passed(plan, i))
			hm_json_put(&o, plan->columns.at[i].name);
	hm_json_close(&o, ']');
	hm_json_close(&o, '}');
	hm_bytes text = hm_keep(p->a, hm_buf_bytes(&b));
	hm_buf_done(&b);
	return text;
}

/* Which capture, from 1, fills a column. */
static size_t capture_of(const struct hm_plan *plan, size_t column)
{
	size_t n = 0;

	if (plan->kind == HM_PLAN_PARSE_KV) {
		for (size_t i = 0; i <= column; i++)
			n += !is_passed(plan, i);
		return n;
	}
	for (size_t i = 0; i < plan->segment_count; i++) {
		n += plan->segments[i].kind == HM_SEGMENT_COLUMN;
		if (plan->segments[i].kind == HM_SEGMENT_COLUMN &&
		    plan->segments[i].column == column)
			return n;
	}
	return 0;
}

void hm_sql_parse(struct hm_printer *p, const struct hm_plan *plan, struct hm_node *n)
{
	bool kv = plan->kind == HM_PLAN_PARSE_KV;

	hm_put_str(&p->out, "SELECT ");
	for (size_t i = 0; i < plan->columns.count; i++) {
		enum hm_scalar type = plan->columns.at[i].type;
		bool text = type == HM_SCALAR_STRING;
		hm_sql_comma(p, i);
		if (is_passed(plan, i)) {
			hm_putf(&p->out, "c%zu", plan->picks[i].column);
		} else {
			const char *one = hm_format(p->a, "v[%zu]", capture_of(plan, i));
			hm_put_str(&p->out, text ? "coalesce(" : "CASE WHEN ");
			if (!text)
				hm_putf(&p->out, "%s IS NOT NULL THEN ", one);
			hm_sql_of_text(p, one, type);
			hm_put_str(&p->out, text ? ", '')" : " END");
		}
		hm_putf(&p->out, " AS c%zu", i);
	}
	hm_sql_hidden(p, n, "");
	hm_put_str(&p->out, " FROM (SELECT *, ");
	hm_put_str(&p->out, kv ? "hm_parse_kv(" : "hm_parse(");
	hm_sql_as(p, plan->exprs[0], 's');
	hm_put_str(&p->out, ", ");
	hm_sql_text(p, kv ? kv_of(p, plan) : pattern_of(p, plan));
	hm_putf(&p->out, ") AS v FROM n%zu)%s", hm_sql_node(p, plan->inputs[0]),
		plan->only_matches ? " WHERE v IS NOT NULL" : "");
}

void hm_sql_unpack(struct hm_printer *p, const struct hm_plan *plan, struct hm_node *n)
{
	if (plan->open) {
		hm_sql_refuse(p, plan->span, "the columns of bag_unpack are not known");
		return;
	}
	hm_put_str(&p->out, "SELECT ");
	for (size_t i = 0; i < plan->columns.count; i++) {
		hm_sql_comma(p, i);
		if (is_passed(plan, i)) {
			hm_putf(&p->out, "c%zu", plan->picks[i].column);
		} else {
			struct hm_expr member = { .kind = HM_EXPR_MEMBER,
						  .type = HM_SCALAR_DYNAMIC,
						  .args = plan->exprs,
						  .arg_count = 1,
						  .text = plan->texts[i] };
			struct hm_expr *one[] = { &member };
			struct hm_expr to = { .kind = HM_EXPR_CONVERT,
					      .type = plan->columns.at[i].type,
					      .args = one,
					      .arg_count = 1 };
			hm_sql_expr(p, &to);
		}
		hm_putf(&p->out, " AS c%zu", i);
	}
	hm_sql_hidden(p, n, "");
	hm_putf(&p->out, " FROM n%zu", hm_sql_node(p, plan->inputs[0]));
}
