/* SPDX-License-Identifier: MIT */
/* sql_duckdb_rows.c: project and its window functions, join, union, ipv4_lookup. */
#include <string.h>

#include "query/sql_duckdb.h"

/*
 * Window functions nest (row_number(1, x != prev(x))) and SQL's do not, so each is
 * computed in a SELECT of its own level, above those that it needs:
 *	s counts the restarts, t marks rows that differ from the one before,
 *	u counts those marks, w is the function's value.
 */
enum { MAX_WINDOWS = 64 };

struct windows {
	struct hm_computed all[MAX_WINDOWS];
	unsigned level[MAX_WINDOWS]; /* of w */
	unsigned count, top;
};

static unsigned stages(enum hm_fn fn)
{
	switch ((int)fn) {
	case HM_FN_prev:
	case HM_FN_next: return 1;
	case HM_FN_row_rank_min:
	case HM_FN_row_rank: return 3;
	default: return 2;
	}
}

/* The level at which e is known; windows in it are added, inner ones first. */
static unsigned find_windows(struct hm_printer *p, struct windows *w,
			     const struct hm_expr *e)
{
	unsigned level = 0;

	if (!e->windowed)
		return 0;
	for (size_t i = 0; i < e->arg_count; i++) {
		unsigned of = find_windows(p, w, e->args[i]);
		level = of > level ? of : level;
	}
	if (e->kind != HM_EXPR_CALL || hm_fn_info(e->fn)->kind != HM_FN_KIND_WINDOW)
		return level;
	for (unsigned i = 0; i < w->count; i++)
		if (w->all[i].expr == e)
			return w->level[i];
	if (w->count == MAX_WINDOWS || e->fn == HM_FN_row_window_session) {
		hm_sql_refuse(p, e->span, "%s() is not supported here",
			      hm_fn_info(e->fn)->name);
		return level;
	}
	level += stages(e->fn);
	w->all[w->count] = (struct hm_computed){ e, w->count, "" };
	w->level[w->count++] = level;
	w->top = level > w->top ? level : w->top;
	return level;
}

static const struct hm_expr *restart_of(const struct hm_expr *e)
{
	for (size_t i = 1; i < e->arg_count; i++)
		if (e->args[i]->type == HM_SCALAR_BOOL &&
		    (e->fn != HM_FN_prev && e->fn != HM_FN_next))
			return e->args[i];
	return NULL;
}

/* " OVER (PARTITION BY ... ORDER BY o)", by segment s and run u of window at. */
static void put_over(struct hm_printer *p, bool grouped, unsigned at, const char *by)
{
	hm_put_str(&p->out, " OVER (");
	if (grouped || *by != '\0')
		hm_put_str(&p->out, "PARTITION BY ");
	hm_put_str(&p->out, grouped ? "g" : "");
	for (const char *letter = by; *letter != '\0'; letter++)
		hm_putf(&p->out, "%s%c%u", grouped || letter != by ? ", " : "", *letter,
			at);
	hm_put_str(&p->out, " ORDER BY o ROWS UNBOUNDED PRECEDING)");
}

static void put_lag(struct hm_printer *p, const struct hm_expr *e, bool grouped)
{
	bool text = e->type == HM_SCALAR_STRING;

	hm_put_str(&p->out, text ? "coalesce(" : "");
	hm_put_str(&p->out, e->fn == HM_FN_prev ? "lag(" : "lead(");
	hm_sql_expr(p, e->args[0]);
	hm_put_str(&p->out, ", ");
	if (e->arg_count > 1)
		hm_sql_as(p, e->args[1], 'l');
	else
		hm_put_str(&p->out, "1");
	if (e->arg_count > 2) {
		hm_put_str(&p->out, ", ");
		hm_sql_expr(p, e->args[2]);
	}
	hm_putf(&p->out, ") OVER (%sORDER BY o)%s", grouped ? "PARTITION BY g " : "",
		text ? ", '')" : "");
}

/* The first stage: segments, and for ranks the marks of change. */
static void put_marks(struct hm_printer *p, const struct hm_expr *e, unsigned at,
		      bool grouped)
{
	const struct hm_expr *restart = restart_of(e);
	bool rank = e->fn != HM_FN_row_number && e->fn != HM_FN_row_cumsum;

	hm_put_str(&p->out, ", ");
	if (restart == NULL) {
		hm_put_str(&p->out, "0");
	} else {
		hm_put_str(&p->out, "sum(CASE WHEN ");
		hm_sql_test(p, restart);
		hm_put_str(&p->out, " THEN 1 ELSE 0 END)");
		put_over(p, grouped, at, "");
	}
	hm_putf(&p->out, " AS s%u", at);
	if (!rank)
		return;
	hm_put_str(&p->out, ", CASE WHEN lag(1)");
	hm_putf(&p->out, " OVER (%sORDER BY o) IS NULL OR ",
		grouped ? "PARTITION BY g " : "");
	if (restart != NULL) {
		hm_sql_test(p, restart);
		hm_put_str(&p->out, " OR ");
	}
	hm_put_str(&p->out, "lag(");
	hm_sql_expr(p, e->args[0]);
	hm_putf(&p->out, ") OVER (%sORDER BY o) IS DISTINCT FROM ",
		grouped ? "PARTITION BY g " : "");
	hm_sql_expr(p, e->args[0]);
	hm_putf(&p->out, " THEN 1 ELSE 0 END AS t%u", at);
}

static void put_cumsum(struct hm_printer *p, const struct hm_expr *e, unsigned at,
		       bool grouped)
{
	hm_put_str(&p->out, "CAST(sum(coalesce(");
	hm_sql_expr(p, e->args[0]);
	hm_put_str(&p->out, ", 0))");
	put_over(p, grouped, at, "s");
	hm_putf(&p->out, " AS %s)", hm_sql_type_of(e->type));
}

static void put_row_number(struct hm_printer *p, const struct hm_expr *e, unsigned at,
			   bool grouped)
{
	hm_put_str(&p->out, "(row_number()");
	put_over(p, grouped, at, "s");
	if (e->arg_count != 0) {
		hm_put_str(&p->out, " - 1 + ");
		hm_sql_as(p, e->args[0], 'l');
	}
	hm_put_str(&p->out, ")");
}

/* The last stage: the function's value. */
static void put_window(struct hm_printer *p, const struct hm_expr *e, unsigned at,
		       bool grouped)
{
	hm_put_str(&p->out, ", ");
	if (e->fn == HM_FN_prev || e->fn == HM_FN_next) {
		put_lag(p, e, grouped);
	} else if (e->fn == HM_FN_row_number) {
		put_row_number(p, e, at, grouped);
	} else if (e->fn == HM_FN_row_cumsum) {
		put_cumsum(p, e, at, grouped);
	} else if (e->fn == HM_FN_row_rank_dense) {
		hm_putf(&p->out, "CAST(sum(t%u)", at);
		put_over(p, grouped, at, "s");
		hm_put_str(&p->out, " AS BIGINT)");
	} else {
		hm_put_str(&p->out, "(row_number()");
		put_over(p, grouped, at, "s");
		hm_put_str(&p->out, " - row_number()");
		put_over(p, grouped, at, "su");
		hm_put_str(&p->out, " + 1)");
	}
	hm_putf(&p->out, " AS w%u", at);
}

static void put_stage(struct hm_printer *p, const struct windows *w, unsigned at,
		      unsigned level, bool grouped)
{
	const struct hm_expr *e = w->all[at].expr;
	unsigned count = stages(e->fn), first = w->level[at] - count + 1;

	if (level == w->level[at]) {
		put_window(p, e, at, grouped);
	} else if (level == first) {
		put_marks(p, e, at, grouped);
	} else if (level > first && level < w->level[at]) {
		hm_putf(&p->out, ", sum(t%u)", at);
		put_over(p, grouped, at, "s");
		hm_putf(&p->out, " AS u%u", at);
	}
}

static void find_all(struct hm_printer *p, const struct hm_plan *plan, struct windows *w)
{
	if (plan->test != NULL)
		find_windows(p, w, plan->test);
	for (size_t i = 0; i < plan->expr_count; i++)
		find_windows(p, w, plan->exprs[i]);
}

/* FROM, with the window functions of plan's expressions as columns. */
static void put_from(struct hm_printer *p, const struct hm_plan *plan, struct windows *w)
{
	size_t input = hm_sql_node(p, plan->inputs[0]);
	bool grouped = p->nodes[input].grouped;

	find_all(p, plan, w);
	if (p->failed)
		return;
	if (w->count == 0) {
		hm_putf(&p->out, " FROM n%zu", input);
		return;
	}
	/* Levels are written from the outermost in; each needs what is below it, so
	 * they are printed in reverse into pieces. */
	struct hm_buf outer = p->out;
	const char *inner = hm_format(
		p->a, "SELECT *%s FROM n%zu",
		p->nodes[input].order ? "" : ", row_number() OVER () AS o", input);
	p->computed = w->all;
	p->computed_count = w->count;
	for (unsigned level = 1; level <= w->top; level++) {
		p->out = hm_buf_of(SIZE_MAX / 2);
		hm_put_str(&p->out, "SELECT *");
		for (unsigned i = 0; i < w->count; i++)
			put_stage(p, w, i, level, grouped);
		for (unsigned i = 0; i < w->count; i++)
			if (w->level[i] == level)
				w->all[i].letter = "w";
		hm_putf(&p->out, " FROM (%s)", inner);
		inner = hm_cstr(p->a, hm_buf_bytes(&p->out));
		hm_buf_done(&p->out);
	}
	p->out = outer;
	hm_putf(&p->out, " FROM (%s)", inner);
}

/* Project, and a filter that has a window function. */
void hm_sql_project(struct hm_printer *p, const struct hm_plan *plan, struct hm_node *n)
{
	struct windows w = { 0 };
	struct hm_buf outer = p->out;

	/* FROM first: it names what the expressions may use. */
	p->out = hm_buf_of(SIZE_MAX / 2);
	put_from(p, plan, &w);
	const char *from = hm_cstr(p->a, hm_buf_bytes(&p->out));
	hm_buf_done(&p->out);
	p->out = outer;

	hm_put_str(&p->out, "SELECT ");
	bool any = false;
	for (size_t i = 0; i < plan->columns.count; i++) {
		if (!n->needed[i])
			continue;
		hm_put_str(&p->out, any ? ", " : "");
		any = true;
		if (plan->kind == HM_PLAN_PROJECT) {
			hm_sql_expr(p, plan->exprs[i]);
			hm_putf(&p->out, " AS c%zu", i);
		} else {
			hm_putf(&p->out, "c%zu", i);
		}
	}
	hm_put_str(&p->out, any ? "" : "1 AS z");
	hm_sql_hidden(p, n, "");
	hm_put_str(&p->out, from);
	if (plan->test != NULL) {
		hm_put_str(&p->out, " WHERE ");
		hm_sql_test(p, plan->test);
	}
	p->computed = NULL;
	p->computed_count = 0;
}

static void put_key(struct hm_printer *p, const struct hm_expr *e, const char *prefix)
{
	p->prefix = prefix;
	hm_sql_expr(p, e);
	p->prefix = "";
}

/* Null joins null; strings are never null, and plain equality is the faster. */
static void put_condition(struct hm_printer *p, const struct hm_plan *plan, bool grouped)
{
	for (size_t i = 0; i < plan->join_key_count; i++) {
		const struct hm_join_key *key = &plan->join_keys[i];
		bool text = key->left->type == HM_SCALAR_STRING;
		hm_put_str(&p->out, i == 0 ? "" : " AND ");
		put_key(p, key->left, "l.");
		hm_put_str(&p->out, text ? " = " : " IS NOT DISTINCT FROM ");
		put_key(p, key->right, "r.");
	}
	if (grouped)
		hm_putf(&p->out, "%sl.g = r.g", plan->join_key_count == 0 ? "" : " AND ");
	else if (plan->join_key_count == 0)
		hm_put_str(&p->out, "TRUE");
}

static void put_unique(struct hm_printer *p, const struct hm_plan *plan, bool grouped)
{
	size_t input = hm_sql_node(p, plan->inputs[0]);

	hm_put_str(&p->out, "(SELECT DISTINCT ON (");
	for (size_t i = 0; i < plan->join_key_count; i++) {
		hm_sql_comma(p, i);
		put_key(p, plan->join_keys[i].left, "");
	}
	hm_putf(&p->out, "%s) * FROM n%zu%s) l", grouped ? ", g" : "", input,
		p->nodes[input].order ? " ORDER BY o" : "");
}

static const char *join_word(enum hm_join_kind kind)
{
	switch (kind) {
	case HM_JOIN_INNERUNIQUE:
	case HM_JOIN_INNER: return "JOIN";
	case HM_JOIN_LEFTOUTER: return "LEFT JOIN";
	case HM_JOIN_RIGHTOUTER: return "RIGHT JOIN";
	case HM_JOIN_FULLOUTER: return "FULL JOIN";
	case HM_JOIN_LEFTSEMI:
	case HM_JOIN_RIGHTSEMI: return "SEMI JOIN";
	case HM_JOIN_LEFTANTI:
	case HM_JOIN_RIGHTANTI: return "ANTI JOIN";
	case HM_JOIN_CROSS: break;
	}
	return "CROSS JOIN";
}

static bool is_padded(enum hm_join_kind kind, unsigned input)
{
	return kind == HM_JOIN_FULLOUTER || (kind == HM_JOIN_LEFTOUTER && input == 1) ||
	       (kind == HM_JOIN_RIGHTOUTER && input == 0);
}

static void put_picks(struct hm_printer *p, const struct hm_plan *plan,
		      const bool *needed)
{
	bool any = false;

	for (size_t i = 0; i < plan->columns.count; i++) {
		const struct hm_pick *pick = &plan->picks[i];
		if (!needed[i])
			continue;
		bool pad = plan->columns.at[i].type == HM_SCALAR_STRING &&
			   is_padded(plan->join, pick->input);
		hm_putf(&p->out, "%s%s%c.c%zu%s AS c%zu", any ? ", " : "",
			pad ? "coalesce(" : "", pick->input == 0 ? 'l' : 'r',
			pick->column, pad ? ", '')" : "", i);
		any = true;
	}
	hm_put_str(&p->out, any ? "" : "1 AS z");
}

/* The owner's row of a joined one. */
static const char *group_of(bool left, bool right)
{
	if (left && right)
		return ", coalesce(l.g, r.g) AS g";
	return left ? ", l.g" : right ? ", r.g" : "";
}

void hm_sql_join(struct hm_printer *p, const struct hm_plan *plan, struct hm_node *n)
{
	size_t left = hm_sql_node(p, plan->inputs[0]);
	size_t right = hm_sql_node(p, plan->inputs[1]);
	bool gl = p->nodes[left].grouped, gr = p->nodes[right].grouped;
	bool swap = plan->join == HM_JOIN_RIGHTSEMI || plan->join == HM_JOIN_RIGHTANTI;
	bool cross = plan->join == HM_JOIN_CROSS && !(gl && gr);

	hm_put_str(&p->out, "SELECT ");
	put_picks(p, plan, n->needed);
	hm_put_str(&p->out, group_of(gl, gr));
	hm_put_str(&p->out, " FROM ");
	if (plan->join == HM_JOIN_INNERUNIQUE)
		put_unique(p, plan, gl);
	else
		hm_putf(&p->out, "n%zu %c", swap ? right : left, swap ? 'r' : 'l');
	hm_putf(&p->out, " %s n%zu %c",
		cross || plan->join != HM_JOIN_CROSS ? join_word(plan->join) : "JOIN",
		swap ? left : right, swap ? 'l' : 'r');
	if (cross)
		return;
	hm_put_str(&p->out, " ON ");
	put_condition(p, plan, gl && gr);
}

static void put_part(struct hm_printer *p, const struct hm_plan *plan, size_t at,
		     const struct hm_node *n)
{
	size_t count = plan->columns.count;
	bool any = false;

	hm_put_str(&p->out, at == 0 ? "SELECT " : " UNION ALL SELECT ");
	for (size_t i = 0; i < count; i++) {
		const struct hm_pick *pick = &plan->picks[at * count + i];
		if (!n->needed[i])
			continue;
		hm_put_str(&p->out, any ? ", " : "");
		any = true;
		if (i == plan->source_column)
			hm_sql_text(p, plan->texts[at]);
		else if (pick->column == HM_NO_COLUMN)
			hm_sql_nothing(p, plan->columns.at[i].type);
		else
			hm_putf(&p->out, "c%zu", pick->column);
		hm_putf(&p->out, " AS c%zu", i);
	}
	hm_put_str(&p->out, any ? "" : "1 AS z");
	hm_putf(&p->out, "%s FROM n%zu", n->grouped ? ", g" : "",
		hm_sql_node(p, plan->inputs[at]));
}

void hm_sql_union(struct hm_printer *p, const struct hm_plan *plan, struct hm_node *n)
{
	for (size_t i = 0; i < plan->input_count; i++) {
		if (n->grouped && !p->nodes[hm_sql_node(p, plan->inputs[i])].grouped)
			hm_sql_refuse(p, plan->span,
				      "a union with another table inside mv-apply is not "
				      "supported");
		put_part(p, plan, i, n);
	}
}

void hm_sql_ip_lookup(struct hm_printer *p, const struct hm_plan *plan)
{
	size_t left = hm_sql_node(p, plan->inputs[0]);
	size_t right = hm_sql_node(p, plan->inputs[1]);

	hm_put_str(&p->out, "SELECT ");
	for (size_t i = 0; i < plan->columns.count; i++) {
		const struct hm_pick *pick = &plan->picks[i];
		bool pad = plan->keep_unmatched && pick->input == 1 &&
			   plan->columns.at[i].type == HM_SCALAR_STRING;
		hm_putf(&p->out, "%s%s%c.c%zu%s AS c%zu", i == 0 ? "" : ", ",
			pad ? "coalesce(" : "", pick->input == 0 ? 'l' : 'r',
			pick->column, pad ? ", '')" : "", i);
	}
	hm_putf(&p->out, " FROM n%zu l %s n%zu r ON hm_ipv6_is_in_range(", left,
		plan->keep_unmatched ? "LEFT JOIN" : "JOIN", right);
	put_key(p, plan->exprs[0], "l.");
	hm_put_str(&p->out, ", ");
	put_key(p, plan->exprs[1], "r.");
	hm_put_str(&p->out, ") AND ");
	put_condition(p, plan, false);
}
