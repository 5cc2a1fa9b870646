/* SPDX-License-Identifier: MIT */
#include "query/explain.h"

/* Deeper is cut, and so are the columns of a line: a table has 80. */
enum { MOST_DEPTH = 64, MOST_COLUMNS = 12 };

static void put_plan(struct hm_buf *b, const struct hm_plan *plan, size_t depth)
{
	for (size_t i = 0; i < depth; i++)
		hm_put_str(b, "  ");
	hm_put_str(b, plan->word == NULL ? "table" : plan->word);
	if (plan->name.len != 0) {
		hm_put_u8(b, ' ');
		hm_put(b, plan->name);
	}
	hm_put_str(b, " (");
	for (size_t i = 0; i < plan->columns.count && i < MOST_COLUMNS; i++) {
		hm_put_str(b, i == 0 ? "" : ", ");
		hm_put(b, plan->columns.at[i].name);
		hm_putf(b, ": %s", hm_scalar_name(plan->columns.at[i].type));
	}
	if (plan->columns.count > MOST_COLUMNS)
		hm_putf(b, ", and %zu more", plan->columns.count - MOST_COLUMNS);
	hm_put_str(b, ")\n");
	if (depth == MOST_DEPTH)
		return;
	if (plan->sub != NULL)
		put_plan(b, plan->sub, depth + 1);
	for (size_t i = 0; i < plan->input_count; i++)
		put_plan(b, plan->inputs[i], depth + 1);
}

void hm_explain_put(struct hm_buf *b, const struct hm_query *query)
{
	put_plan(b, query->top, 0);
}
