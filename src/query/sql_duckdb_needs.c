/* SPDX-License-Identifier: MIT */
/*
 * sql_duckdb_needs.c: which columns of each node anybody reads.
 *
 * Defender's tables have some eighty columns and a query reads ten.  DuckDB drops the
 * rest by itself, but only after it has bound all of them in every common table
 * expression, which took longer than the seed's query itself.
 */
#include <string.h>

#include "query/sql_duckdb.h"

static void need_all(struct hm_node *n)
{
	memset(n->needed, true, n->plan->columns.count);
}

static struct hm_node *node_of(struct hm_printer *p, const struct hm_plan *plan)
{
	return &p->nodes[hm_sql_node(p, plan)];
}

/* The columns of n, an input, that e reads. */
static void need_expr(struct hm_node *n, const struct hm_expr *e)
{
	if (e == NULL || n == NULL)
		return;
	if (e->kind == HM_EXPR_COLUMN)
		n->needed[e->column] = true;
	for (size_t i = 0; i < e->arg_count; i++)
		need_expr(n, e->args[i]);
}

/* An operator that hands columns on by place. */
static void need_same(const struct hm_node *n, struct hm_node *input)
{
	for (size_t i = 0; i < n->plan->columns.count; i++)
		input->needed[i] |= n->needed[i];
}

static void need_picks(struct hm_printer *p, const struct hm_node *n)
{
	const struct hm_plan *plan = n->plan;
	size_t count = plan->columns.count;
	size_t parts = plan->kind == HM_PLAN_UNION ? plan->input_count : 1;

	for (size_t i = 0; i < parts * count; i++) {
		const struct hm_pick *pick = &plan->picks[i];
		size_t input = plan->kind == HM_PLAN_UNION ? i / count : pick->input;
		if (n->needed[i % count] && pick->column != HM_NO_COLUMN)
			node_of(p, plan->inputs[input])->needed[pick->column] = true;
	}
}

static void need_keys(struct hm_printer *p, const struct hm_plan *plan)
{
	for (size_t i = 0; i < plan->join_key_count; i++) {
		need_expr(node_of(p, plan->inputs[0]), plan->join_keys[i].left);
		need_expr(node_of(p, plan->inputs[1]), plan->join_keys[i].right);
	}
}

static void need_summary(const struct hm_plan *plan, struct hm_node *input)
{
	for (size_t i = 0; i < plan->key_count; i++)
		need_expr(input, plan->keys[i]);
	for (size_t i = 0; i < plan->agg_count; i++)
		for (size_t j = 0; j < plan->aggs[i].arg_count; j++)
			need_expr(input, plan->aggs[i].args[j]);
}

static void need_inputs(struct hm_printer *p, struct hm_node *n)
{
	const struct hm_plan *plan = n->plan;

	if (plan->input_count == 0)
		return;
	struct hm_node *input = node_of(p, plan->inputs[0]);
	switch ((int)plan->kind) {
	case HM_PLAN_FILTER:
	case HM_PLAN_SORT:
	case HM_PLAN_TOP:
	case HM_PLAN_TAKE:
		need_same(n, input);
		need_expr(input, plan->test);
		need_expr(input, plan->limit);
		for (size_t i = 0; i < plan->sort_count; i++)
			need_expr(input, plan->sort[i].by);
		return;
	case HM_PLAN_PROJECT:
		for (size_t i = 0; i < plan->columns.count; i++)
			if (n->needed[i])
				need_expr(input, plan->exprs[i]);
		return;
	case HM_PLAN_SUMMARIZE: need_summary(plan, input); return;
	case HM_PLAN_JOIN:
		need_picks(p, n);
		need_keys(p, plan);
		return;
	case HM_PLAN_UNION: need_picks(p, n); return;
	default: break;
	}
	/* The others read all of what is below them. */
	for (size_t i = 0; i < plan->input_count; i++)
		need_all(node_of(p, plan->inputs[i]));
	if (plan->sub != NULL)
		need_all(node_of(p, plan->sub));
}

void hm_sql_find_needs(struct hm_printer *p, const struct hm_plan *top)
{
	for (size_t i = 0; i < p->node_count; i++) {
		struct hm_node *n = &p->nodes[i];
		n->needed = hm_new_n(p->a, bool, n->plan->columns.count + 1);
		/* What is distinct depends on all of it. */
		if (n->whole || n->plan->kind == HM_PLAN_DISTINCT)
			need_all(n);
	}
	need_all(node_of(p, top));
	for (size_t i = p->node_count; i > 0; i--)
		need_inputs(p, &p->nodes[i - 1]);
}
