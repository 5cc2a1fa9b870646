/* SPDX-License-Identifier: MIT */
/*
 * sql_duckdb_scan.c: scan, as a recursion over the rows in order (Kusto's documentation,
 * scan operator, "Scan logic").
 *
 * q holds the rows with their number i; r, for every row, the state after it.  State k,
 * of step k, is a<k>, whether a sequence is in it; m<k>, the number of its match; and
 * x<k>_<r>, the value of reference r (a column of step k or of one before).  nx is the
 * number of the next match.  Beside the state are what the row gave: e<k>, whether step k
 * puts it out, d<k>_<d> the declared columns then, f<k> the match.
 *
 * A row goes through the steps from the last to the first.  It moves the state of the
 * step before (t<k>), or else matches in the step's own state (h<k>).  Expressions are
 * over the columns c0, c1... of the scan's row with the prefix p<k>_ (the references as
 * the step before has them) or s<k>_ (as the state that matched has them).
 *
 * One round of the recursion takes one row of every group, so the time grows with the
 * length of the longest.
 */
#include "query/sql_duckdb.h"

/* What a reference holds where its step has not matched: the default, or nothing. */
static void put_default(struct hm_printer *p, const struct hm_scan *scan, size_t column)
{
	const struct hm_expr *e =
		column >= scan->declared ? scan->defaults[column - scan->declared] : NULL;

	if (e != NULL)
		hm_sql_expr(p, e);
	else
		hm_sql_nothing(p, scan->row.at[column].type);
}

/* Columns of the scan's row that no state has: the input's and the defaults. */
static void put_plain(struct hm_printer *p, const struct hm_scan *scan, char letter,
		      size_t k)
{
	for (size_t i = 0; i < scan->declared; i++)
		hm_putf(&p->out, ", c%zu AS %c%zu_c%zu", i, letter, k, i);
	for (size_t i = 0; i < scan->declared_count; i++) {
		hm_put_str(&p->out, ", ");
		put_default(p, scan, scan->declared + i);
		hm_putf(&p->out, " AS %c%zu_c%zu", letter, k, scan->declared + i);
	}
}

static size_t first_ref(const struct hm_scan *scan)
{
	return scan->declared + scan->declared_count;
}

/* The references as the step before k has them. */
static void put_before(struct hm_printer *p, const struct hm_scan *scan, size_t k)
{
	put_plain(p, scan, 'p', k);
	for (size_t r = 0; r < scan->ref_count; r++) {
		hm_put_str(&p->out, ", ");
		if (scan->refs[r].step < k)
			hm_putf(&p->out, "x%zu_%zu", k - 1, r);
		else
			put_default(p, scan, scan->refs[r].column);
		hm_putf(&p->out, " AS p%zu_c%zu", k, first_ref(scan) + r);
	}
}

/* The references as the state has them that moved here, or that is here. */
static void put_chosen(struct hm_printer *p, const struct hm_scan *scan, size_t k)
{
	put_plain(p, scan, 's', k);
	for (size_t r = 0; r < scan->ref_count; r++) {
		const size_t step = scan->refs[r].step;

		hm_put_str(&p->out, ", CASE");
		if (k > 0 && step < k)
			hm_putf(&p->out, " WHEN t%zu THEN x%zu_%zu", k, k - 1, r);
		else if (k > 0)
			hm_putf(&p->out, " WHEN t%zu THEN ", k);
		if (k > 0 && step >= k)
			put_default(p, scan, scan->refs[r].column);
		if (step <= k)
			hm_putf(&p->out, " WHEN a%zu THEN x%zu_%zu", k, k, r);
		else
			hm_put_str(&p->out, " WHEN FALSE THEN NULL");
		hm_put_str(&p->out, " ELSE ");
		put_default(p, scan, scan->refs[r].column);
		hm_putf(&p->out, " END AS s%zu_c%zu", k, first_ref(scan) + r);
	}
}

static void put_over(struct hm_printer *p, const struct hm_expr *e, char letter, size_t k)
{
	const char *kept = p->prefix;

	p->prefix = hm_format(p->a, "%c%zu_", letter, k);
	hm_sql_expr(p, e);
	p->prefix = kept;
}

/* The declared columns and the match, as step k gives them. */
static void put_results(struct hm_printer *p, const struct hm_scan *scan, size_t k)
{
	for (size_t d = 0; d < scan->declared_count; d++) {
		const struct hm_expr *e = scan->steps[k].values[d];

		hm_put_str(&p->out, ", CAST(");
		if (e != NULL)
			put_over(p, e, 's', k);
		else
			put_default(p, scan, scan->declared + d);
		hm_putf(&p->out, " AS %s) AS v%zu_%zu",
			hm_sql_type_of(scan->row.at[scan->declared + d].type), k, d);
	}
	hm_put_str(&p->out, ", CASE");
	if (k > 0)
		hm_putf(&p->out, " WHEN t%zu THEN m%zu", k, k - 1);
	hm_putf(&p->out, " WHEN a%zu THEN m%zu ELSE nx END AS w%zu", k, k, k);
}

/* REPLACE: the state of step k after the row, and of the one before. */
static void put_new_state(struct hm_printer *p, const struct hm_scan *scan, size_t k)
{
	hm_putf(&p->out,
		"(h%zu OR a%zu) AS a%zu, CASE WHEN h%zu THEN w%zu ELSE m%zu END AS m%zu",
		k, k, k, k, k, k, k);
	if (k > 0)
		hm_putf(&p->out, ", (a%zu AND NOT t%zu) AS a%zu", k - 1, k, k - 1);
	else
		hm_put_str(&p->out,
			   ", nx + CASE WHEN h0 AND NOT a0 THEN 1 ELSE 0 END AS nx");
	for (size_t r = 0; r < scan->ref_count; r++) {
		const size_t column = scan->refs[r].column;

		if (scan->refs[r].step > k)
			continue;
		hm_putf(&p->out, ", CASE WHEN h%zu THEN ", k);
		if (scan->refs[r].step < k)
			hm_putf(&p->out, "s%zu_c%zu", k, first_ref(scan) + r);
		else if (column < scan->declared)
			hm_putf(&p->out, "c%zu", column);
		else
			hm_putf(&p->out, "v%zu_%zu", k, column - scan->declared);
		hm_putf(&p->out, " ELSE x%zu_%zu END AS x%zu_%zu", k, r, k, r);
	}
}

/* What stands before the select that step k takes its rows from; put_after ends it. */
static void put_step(struct hm_printer *p, const struct hm_scan *scan, size_t k)
{
	hm_put_str(&p->out, "SELECT * REPLACE (");
	put_new_state(p, scan, k);
	hm_put_str(&p->out, ") FROM (SELECT *");
	put_results(p, scan, k);
	hm_putf(&p->out, " FROM (SELECT *, (t%zu OR (%s%s%s AND coalesce(", k,
		k == 0 ? "TRUE" : "a", k == 0 ? "" : hm_format(p->a, "%zu", k), "");
	put_over(p, scan->steps[k].test, 's', k);
	hm_putf(&p->out, ", FALSE))) AS h%zu FROM (SELECT *", k);
	put_chosen(p, scan, k);
	if (k == 0) {
		hm_put_str(&p->out, " FROM (SELECT *, FALSE AS t0 FROM (");
		return;
	}
	hm_putf(&p->out, " FROM (SELECT *, (a%zu AND coalesce(", k - 1);
	put_over(p, scan->steps[k].test, 'p', k);
	hm_putf(&p->out, ", FALSE)) AS t%zu FROM (SELECT *", k);
	put_before(p, scan, k);
	hm_put_str(&p->out, " FROM (");
}

static void put_after(struct hm_printer *p, size_t k)
{
	hm_put_str(&p->out, k == 0 ? ")))))" : "))))))");
}

/* The columns of r's state, as they are. */
static void put_state(struct hm_printer *p, const struct hm_scan *scan, const char *from)
{
	for (size_t k = 0; k < scan->step_count; k++) {
		hm_putf(&p->out, ", %sa%zu, %sm%zu", from, k, from, k);
		for (size_t r = 0; r < scan->ref_count; r++)
			if (scan->refs[r].step <= k)
				hm_putf(&p->out, ", %sx%zu_%zu", from, k, r);
	}
	hm_putf(&p->out, ", %snx", from);
}

/* Before the first row: no sequence anywhere. */
static void put_start(struct hm_printer *p, const struct hm_scan *scan, bool grouped)
{
	hm_putf(&p->out, "SELECT 0::BIGINT AS i%s", grouped ? ", g" : "");
	for (size_t k = 0; k < scan->step_count; k++) {
		hm_putf(&p->out, ", FALSE AS a%zu, 0::BIGINT AS m%zu", k, k);
		for (size_t r = 0; r < scan->ref_count; r++) {
			if (scan->refs[r].step > k)
				continue;
			hm_put_str(&p->out, ", ");
			hm_sql_nothing(p, scan->row.at[scan->refs[r].column].type);
			hm_putf(&p->out, " AS x%zu_%zu", k, r);
		}
	}
	hm_put_str(&p->out, ", 0::BIGINT AS nx");
	for (size_t k = 0; k < scan->step_count; k++) {
		hm_putf(&p->out, ", FALSE AS e%zu, 0::BIGINT AS f%zu", k, k);
		for (size_t d = 0; d < scan->declared_count; d++) {
			hm_put_str(&p->out, ", ");
			hm_sql_nothing(p, scan->row.at[scan->declared + d].type);
			hm_putf(&p->out, " AS d%zu_%zu", k, d);
		}
	}
	hm_put_str(&p->out, grouped ? " FROM (SELECT DISTINCT g FROM q)" : "");
}

/* The next row of each group, with the state that it finds, through all steps. */
static void put_round(struct hm_printer *p, const struct hm_scan *scan, bool grouped)
{
	hm_putf(&p->out, "SELECT i%s", grouped ? ", g" : "");
	put_state(p, scan, "");
	for (size_t k = 0; k < scan->step_count; k++) {
		hm_putf(&p->out, ", h%zu, w%zu", k, k);
		for (size_t d = 0; d < scan->declared_count; d++)
			hm_putf(&p->out, ", v%zu_%zu", k, d);
	}
	hm_put_str(&p->out, " FROM (");
	for (size_t k = 0; k < scan->step_count; k++)
		put_step(p, scan, k);
	hm_put_str(&p->out, "SELECT q.*");
	put_state(p, scan, "r.");
	hm_putf(&p->out, " FROM r JOIN q ON q.i = r.i + 1%s",
		grouped ? " AND q.g = r.g" : "");
	for (size_t k = scan->step_count; k-- > 0;)
		put_after(p, k);
	hm_put_str(&p->out, ")");
}

static void put_output(struct hm_printer *p, const struct hm_plan *plan,
		       const struct hm_node *n, size_t k)
{
	const struct hm_scan *scan = plan->scan;

	hm_put_str(&p->out, "SELECT ");
	for (size_t i = 0; i < scan->declared; i++)
		hm_putf(&p->out, "%sq.c%zu", i == 0 ? "" : ", ", i);
	for (size_t d = 0; d < scan->declared_count; d++)
		hm_putf(&p->out, ", r.d%zu_%zu AS c%zu", k, d, scan->declared + d);
	if (scan->match_column != HM_NO_COLUMN)
		hm_putf(&p->out, ", r.f%zu AS c%zu", k, scan->match_column);
	if (n->order)
		hm_putf(&p->out, ", q.i * %zu - %zu AS o", scan->step_count, k);
	hm_putf(&p->out, "%s FROM r JOIN q ON q.i = r.i%s WHERE r.e%zu",
		n->grouped ? ", q.g" : "", n->grouped ? " AND q.g = r.g" : "", k);
}

void hm_sql_scan(struct hm_printer *p, const struct hm_plan *plan, struct hm_node *n)
{
	const struct hm_scan *scan = plan->scan;
	const size_t input = hm_sql_node(p, plan->inputs[0]);
	bool any = false;

	hm_put_str(&p->out, "WITH RECURSIVE q AS (SELECT ");
	for (size_t i = 0; i < scan->declared; i++)
		hm_putf(&p->out, "c%zu, ", i);
	hm_putf(&p->out, "%srow_number() OVER (%s%s) AS i FROM n%zu), r AS (",
		n->grouped ? "g, " : "", n->grouped ? "PARTITION BY g" : "",
		p->nodes[input].order ? " ORDER BY o" : "", input);
	put_start(p, scan, n->grouped);
	hm_put_str(&p->out, " UNION ALL ");
	put_round(p, scan, n->grouped);
	hm_put_str(&p->out, ") ");
	for (size_t k = 0; k < scan->step_count; k++) {
		if (!scan->steps[k].output)
			continue;
		hm_put_str(&p->out, any ? " UNION ALL " : "");
		put_output(p, plan, n, k);
		any = true;
	}
	if (any)
		return;
	put_output(p, plan, n, 0);
	hm_put_str(&p->out, " AND FALSE");
}
