/* SPDX-License-Identifier: MIT */
/*
 * sql_duckdb_nested.c: top-nested: the best groups, and within each the best of the next
 * level.
 *
 * b holds the rows with each level's value beside them (k0, k1...); level i is a table
 * l<i> of the values so far and its aggregate a<i>, over the rows that the level above
 * kept.
 */
#include "query/sql_duckdb.h"

static void put_keys(struct hm_printer *p, const char *table, size_t count)
{
	for (size_t i = 0; i < count; i++)
		hm_putf(&p->out, "%s%sk%zu", i == 0 ? "" : ", ", table, i);
}

static void put_matches(struct hm_printer *p, const char *left, size_t level)
{
	for (size_t i = 0; i < level; i++)
		hm_putf(&p->out, "%s%s.k%zu IS NOT DISTINCT FROM l%zu.k%zu",
			i == 0 ? "" : " AND ", left, i, level - 1, i);
}

static void put_rows(struct hm_printer *p, const struct hm_plan *plan)
{
	hm_put_str(&p->out, "WITH b AS (SELECT *");
	for (size_t i = 0; i < plan->level_count; i++) {
		hm_put_str(&p->out, ", ");
		hm_sql_expr(p, plan->levels[i].of);
		hm_putf(&p->out, " AS k%zu", i);
	}
	hm_putf(&p->out, " FROM n%zu)", hm_sql_node(p, plan->inputs[0]));
}

/* The groups of one level, the best of them where it has a limit; of equals, those that
 * come first by value. */
static void put_level(struct hm_printer *p, const struct hm_plan *plan, size_t at)
{
	const struct hm_level *level = &plan->levels[at];
	const enum hm_scalar type = plan->columns.at[level->by.first].type;

	hm_putf(&p->out, ", l%zu AS (SELECT * FROM (SELECT ", at);
	put_keys(p, "b.", at + 1);
	hm_put_str(&p->out, ", ");
	hm_sql_aggregate(p, &level->by, type, "");
	hm_putf(&p->out, " AS a%zu FROM b", at);
	if (at > 0) {
		hm_putf(&p->out, " JOIN l%zu ON ", at - 1);
		put_matches(p, "b", at);
	}
	hm_put_str(&p->out, " GROUP BY ");
	put_keys(p, "b.", at + 1);
	hm_put_str(&p->out, ")");
	if (level->limit != NULL) {
		hm_put_str(&p->out, " QUALIFY row_number() OVER (");
		hm_put_str(&p->out, at > 0 ? "PARTITION BY " : "");
		put_keys(p, "", at);
		hm_putf(&p->out, " ORDER BY a%zu %s NULLS LAST, k%zu) <= ", at,
			level->descending ? "DESC" : "ASC", at);
		hm_sql_as(p, level->limit, 'l');
	}
	hm_put_str(&p->out, ")");
}

/* The best first, at every level. */
static void put_order(struct hm_printer *p, const struct hm_plan *plan)
{
	hm_put_str(&p->out, ", row_number() OVER (ORDER BY ");
	for (size_t i = 0; i < plan->level_count; i++)
		hm_putf(&p->out, "%sl%zu.a%zu %s NULLS LAST, l%zu.k%zu",
			i == 0 ? "" : ", ", i, i,
			plan->levels[i].descending ? "DESC" : "ASC", i, i);
	hm_put_str(&p->out, ") AS o");
}

void hm_sql_top_nested(struct hm_printer *p, const struct hm_plan *plan,
		       struct hm_node *n)
{
	const size_t last = plan->level_count - 1;

	for (size_t i = 0; i < plan->level_count; i++)
		if (plan->levels[i].others != NULL) {
			hm_sql_refuse(p, plan->span,
				      "top-nested with others is not supported");
			return;
		}
	put_rows(p, plan);
	for (size_t i = 0; i <= last; i++)
		put_level(p, plan, i);
	hm_put_str(&p->out, " SELECT ");
	for (size_t i = 0; i <= last; i++)
		hm_putf(&p->out, "%sl%zu.k%zu AS c%zu, l%zu.a%zu AS c%zu",
			i == 0 ? "" : ", ", last, i, plan->levels[i].column, i, i,
			plan->levels[i].by.first);
	if (n->order)
		put_order(p, plan);
	hm_putf(&p->out, " FROM l%zu", last);
	for (size_t i = last; i > 0; i--) {
		const char *table = hm_format(p->a, "l%zu", last);

		hm_putf(&p->out, " JOIN l%zu ON ", i - 1);
		put_matches(p, table, i);
	}
}
