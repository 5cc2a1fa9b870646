/* SPDX-License-Identifier: MIT */
#include "query/plan.h"

#include <string.h>

#include "base/limits.h"
#include "query/binder.h"

struct hm_plan *hm_plan_of(struct hm_binder *b, enum hm_plan_kind kind,
			   const struct hm_ast *ast)
{
	struct hm_plan *plan = hm_new(b->arena, struct hm_plan);

	hm_spend(b->fault, ast->span, 1);
	plan->kind = kind;
	plan->word = ast->word.len > 0 ? hm_cstr(b->arena, ast->word) : "";
	plan->span = ast->span;
	plan->within = b->within;
	plan->source_column = plan->index_column = plan->alias_of = HM_NO_COLUMN;
	return plan;
}

void hm_set_input(struct hm_binder *b, struct hm_plan *plan, struct hm_plan *left,
		  struct hm_plan *right)
{
	plan->inputs = hm_new_n(b->arena, struct hm_plan *, 2);
	plan->inputs[plan->input_count++] = left;
	if (right)
		plan->inputs[plan->input_count++] = right;
}

struct hm_plan *hm_plan_over(struct hm_binder *b, enum hm_plan_kind kind,
			     struct hm_plan *input, const struct hm_ast *ast)
{
	struct hm_plan *plan = hm_plan_of(b, kind, ast);

	hm_set_input(b, plan, input, NULL);
	plan->columns = input->columns;
	plan->serialized = input->serialized;
	plan->open = input->open;
	plan->alias = input->alias;
	plan->alias_of = input->alias_of;
	return plan;
}

struct hm_plan *hm_plan_add(struct hm_binder *b, struct hm_plan *plan)
{
	if (b->node_count == b->node_room) {
		const size_t room = b->node_room ? b->node_room * 2 : 32;
		struct hm_plan **more = hm_new_n(b->arena, struct hm_plan *, room);

		if (b->node_count > 0)
			memcpy(more, b->nodes, b->node_count * sizeof(struct hm_plan *));
		b->nodes = more;
		b->node_room = room;
	}
	if (b->node_count >= HM_MAX_KQL_NODES)
		hm_refuse(b->fault, plan->span, "HM002",
			  "The query has more than %d operators.", HM_MAX_KQL_NODES);
	plan->id = (uint32_t)b->node_count;
	b->nodes[b->node_count++] = plan;
	return plan;
}

size_t hm_find_field(const struct hm_fields *fields, hm_bytes name)
{
	for (size_t i = 0; i < fields->count; i++)
		if (fields->at[i].name.len == name.len &&
		    memcmp(fields->at[i].name.at, name.at, name.len) == 0)
			return i;
	return HM_NO_COLUMN;
}

size_t hm_find_column(const struct hm_plan *plan, hm_bytes name)
{
	const size_t found = hm_find_field(&plan->columns, name);

	if (found == HM_NO_COLUMN && plan->alias.len > 0 && hm_same(plan->alias, name))
		return plan->alias_of;
	return found;
}

/* Marking what the top needs.  Expressions form a tree of bounded weight, plans a
 * graph: each plan is walked once. */
static void mark(struct hm_plan *plan);

static void mark_expr(const struct hm_expr *e)
{
	if (!e)
		return;
	if (e->plan)
		mark(e->plan);
	for (size_t i = 0; i < e->arg_count; i++)
		mark_expr(e->args[i]);
}

static void mark_exprs(struct hm_expr **exprs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		mark_expr(exprs[i]);
}

static void mark_agg(const struct hm_agg *agg)
{
	mark_exprs(agg->args, agg->arg_count);
	mark_expr(agg->otherwise);
}

static void mark_lists(const struct hm_plan *p)
{
	for (size_t i = 0; i < p->agg_count; i++)
		mark_agg(&p->aggs[i]);
	for (size_t i = 0; i < p->sort_count; i++)
		mark_expr(p->sort[i].by);
	for (size_t i = 0; i < p->join_key_count; i++) {
		mark_expr(p->join_keys[i].left);
		mark_expr(p->join_keys[i].right);
	}
	for (size_t i = 0; i < p->expand_count; i++)
		mark_expr(p->expands[i].from);
	for (size_t i = 0; i < p->level_count; i++) {
		mark_expr(p->levels[i].limit);
		mark_expr(p->levels[i].of);
		mark_expr(p->levels[i].others);
		mark_agg(&p->levels[i].by);
	}
}

static void mark(struct hm_plan *plan)
{
	const struct hm_expr *single[] = { plan->test, plan->limit, plan->from,
					   plan->to,   plan->step,  plan->axis };

	if (plan->uses++ > 0)
		return;
	for (size_t i = 0; i < plan->input_count; i++)
		mark(plan->inputs[i]);
	if (plan->sub)
		mark(plan->sub);
	for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++)
		mark_expr(single[i]);
	mark_exprs(plan->exprs, plan->expr_count);
	mark_exprs(plan->keys, plan->key_count);
	mark_lists(plan);
}

struct hm_query *hm_plan_finish(struct hm_binder *b, struct hm_plan *top)
{
	struct hm_query *query = hm_new(b->arena, struct hm_query);

	mark(top);
	query->nodes = hm_new_n(b->arena, struct hm_plan *, b->node_count + 1);
	for (size_t i = 0; i < b->node_count; i++) {
		if (b->nodes[i]->uses == 0)
			continue;
		b->nodes[i]->id = (uint32_t)query->node_count;
		query->nodes[query->node_count++] = b->nodes[i];
	}
	query->top = top;
	query->render = b->render;
	return query;
}
