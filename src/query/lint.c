/* SPDX-License-Identifier: MIT */
#include "query/lint.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/binder.h"
#include "query/lint_own.h"
#include "query/parse.h"

/* Trees that the binder took are not deeper; one that it refused may be. */
enum { MOST_DEPTH = 1000 };

void hm_lint_add(struct hm_linter *l, const char *code, struct hm_span at,
		 const char *fmt, ...)
{
	struct hm_findings *f = &l->found;
	char message[512];
	va_list ap;

	for (size_t i = 0; i < f->count; i++)
		if (f->at[i].at == at.at && strcmp(f->at[i].code, code) == 0)
			return;
	if (f->count == f->room) {
		size_t room = f->room == 0 ? 16 : 2 * f->room;
		struct hm_diag *more = hm_new_n(l->arena, struct hm_diag, room);

		if (f->count != 0)
			memcpy(more, f->at, f->count * sizeof *more);
		f->at = more;
		f->room = room;
	}
	va_start(ap, fmt);
	vsnprintf(message, sizeof message, fmt, ap);
	va_end(ap);
	struct hm_diag *d = &f->at[f->count++];
	*d = (struct hm_diag){ .code = code,
			       .message = hm_diag_message(l->arena, message),
			       .at = at.at,
			       .len = at.len };
	hm_diag_place(d, l->text);
}

/* ---- where columns come from ---- */

/* The argument whose values an aggregate gives back as they are (max, arg_max...). */
static const struct hm_expr *aggregated(const struct hm_plan *p, size_t column)
{
	for (size_t i = 0; i < p->agg_count; i++) {
		const struct hm_agg *g = &p->aggs[i];
		size_t arg = column - g->first;

		if (column >= g->first && arg < g->count && arg < g->arg_count &&
		    g->args[arg]->type == p->columns.at[column].type)
			return g->args[arg];
	}
	return NULL;
}

/* The expression over p's input that gives a column; NULL where none does. */
static const struct hm_expr *made_by(const struct hm_plan *p, size_t column)
{
	const struct hm_expr *e = NULL;

	if (p->kind == HM_PLAN_PROJECT && column < p->expr_count)
		e = p->exprs[column];
	else if (p->kind == HM_PLAN_SUMMARIZE)
		e = column < p->key_count ? p->keys[column] : aggregated(p, column);
	while (e != NULL && e->kind == HM_EXPR_CONVERT)
		e = e->args[0];
	return e;
}

/* A place in the plan: step_back goes to where the column is taken over from, or gives
 * false where it begins. */
struct place {
	const struct hm_plan *plan;
	size_t column;
};

static bool step_by_pick(struct place *at)
{
	const struct hm_plan *p = at->plan;
	const bool many = p->kind == HM_PLAN_UNION;
	const struct hm_pick *pick = &p->picks[at->column];
	size_t input = 0;

	while (many && pick->column == HM_NO_COLUMN && ++input < p->input_count)
		pick += p->columns.count;
	if (pick->column == HM_NO_COLUMN)
		return false;
	if (!many)
		input = pick->input;
	at->plan = input < p->input_count ? p->inputs[input] : p->sub;
	at->column = pick->column;
	return at->plan != NULL;
}

static bool step_back(struct place *at)
{
	const struct hm_plan *p = at->plan;
	const struct hm_expr *e = made_by(p, at->column);

	if (p->picks != NULL)
		return step_by_pick(at);
	if (p->input_count != 1)
		return false;
	if (e != NULL && e->kind == HM_EXPR_COLUMN)
		at->column = e->column;
	else if (e != NULL || p->columns.at != p->inputs[0]->columns.at)
		return false;
	at->plan = p->inputs[0];
	return true;
}

struct hm_root hm_lint_root(const struct hm_plan *plan, size_t column)
{
	struct place at = { plan, column };

	while (at.column < at.plan->columns.count && step_back(&at))
		;
	plan = at.plan;
	column = at.column;
	if (column >= plan->columns.count)
		return (struct hm_root){ 0 };
	if (plan->kind == HM_PLAN_TABLE)
		return (struct hm_root){ plan->name, plan->columns.at[column].name };
	if (plan->kind == HM_PLAN_FILE_PROFILE &&
	    plan->picks[column].column == HM_NO_COLUMN)
		return (struct hm_root){ hm_bytes_of("FileProfile"),
					 plan->texts[column] };
	return (struct hm_root){ 0 };
}

struct hm_root hm_lint_root_of(const struct hm_plan *plan, const struct hm_expr *e)
{
	while ((e->kind == HM_EXPR_CONVERT ||
		(e->kind == HM_EXPR_CALL &&
		 (e->fn == HM_FN_tolower || e->fn == HM_FN_tostring ||
		  e->fn == HM_FN_tobool || e->fn == HM_FN_toboolean))) &&
	       e->arg_count == 1)
		e = e->args[0];
	return plan != NULL && e->kind == HM_EXPR_COLUMN ? hm_lint_root(plan, e->column)
							 : (struct hm_root){ 0 };
}

/* ---- over the whole plan ---- */

typedef void visit_fn(struct hm_linter *l, const struct hm_plan *over,
		      const struct hm_expr *e);

static void visit(struct hm_linter *l, const struct hm_plan *over,
		  const struct hm_expr *e, visit_fn *fn, unsigned depth)
{
	if (e == NULL || depth == MOST_DEPTH)
		return;
	fn(l, over, e);
	for (size_t i = 0; i < e->arg_count; i++)
		visit(l, over, e->args[i], fn, depth + 1);
}

static void note_proof(struct hm_linter *l, const struct hm_plan *over,
		       const struct hm_expr *e)
{
	if (e->kind == HM_EXPR_COLUMN && over != NULL)
		l->proven |= hm_lint_is_proof(hm_lint_root(over, e->column).column);
}

/* A column that is only carried along, as * and extend do, proves nothing; one that the
 * user names for the answer does. */
static bool is_carried(const struct hm_plan *p, const struct hm_expr *e)
{
	return e->kind == HM_EXPR_COLUMN && strcmp(p->word, "project") != 0 &&
	       strcmp(p->word, "distinct") != 0;
}

static void look_for_proof(struct hm_linter *l, const struct hm_plan *p)
{
	const struct hm_plan *over = p->input_count != 0 ? p->inputs[0] : NULL;

	visit(l, over, p->test, note_proof, 0);
	for (size_t i = 0; i < p->expr_count; i++)
		if (!is_carried(p, p->exprs[i]))
			visit(l, over, p->exprs[i], note_proof, 0);
	for (size_t i = 0; i < p->key_count; i++)
		visit(l, over, p->keys[i], note_proof, 0);
	for (size_t i = 0; i < p->agg_count; i++)
		if (p->aggs[i].arg_count == 1)
			visit(l, over, p->aggs[i].args[0], note_proof, 0);
	for (size_t i = 0; i < p->join_key_count; i++)
		visit(l, over, p->join_keys[i].left, note_proof, 0);
}

/* The time has a name of its own in each portal, and either takes only its own for sure.
 */
static void check_time(struct hm_linter *l, const struct hm_plan *over,
		       const struct hm_expr *e)
{
	const bool sentinel = l->catalogue->dialect == HM_DIALECT_SENTINEL;
	const char *wrong = sentinel ? "Timestamp" : "TimeGenerated";
	const hm_bytes written = hm_part(l->text, e->span.at, e->span.len);

	if (e->kind != HM_EXPR_COLUMN || over == NULL || !hm_is(written, wrong) ||
	    l->catalogue->dialect == HM_DIALECT_HALLMARK || l->timed)
		return;
	const hm_bytes column = hm_lint_root(over, e->column).column;

	if (!hm_is(column, "Timestamp") && !hm_is(column, "TimeGenerated"))
		return;
	l->timed = true;
	hm_lint_add(l, "HM111", e->span, "%s is %s name of the time; %s documents %s.",
		    wrong, sentinel ? "Defender's" : "Sentinel's",
		    sentinel ? "Sentinel" : "Defender",
		    sentinel ? "TimeGenerated" : "Timestamp");
}

static void check_expr(struct hm_linter *l, const struct hm_plan *over,
		       const struct hm_expr *e)
{
	hm_lint_call(l, over, e);
	check_time(l, over, e);
}

static void look_at_calls(struct hm_linter *l, const struct hm_plan *p)
{
	const struct hm_plan *over = p->input_count != 0 ? p->inputs[0] : NULL;

	visit(l, over, p->test, check_expr, 0);
	for (size_t i = 0; i < p->expr_count; i++)
		visit(l, over, p->exprs[i], check_expr, 0);
	for (size_t i = 0; i < p->key_count; i++)
		visit(l, over, p->keys[i], check_expr, 0);
	for (size_t i = 0; i < p->agg_count; i++)
		for (size_t k = 0; k < p->aggs[i].arg_count; k++)
			visit(l, over, p->aggs[i].args[k], check_expr, 0);
}

static void look_at_profile(struct hm_linter *l, const struct hm_plan *p)
{
	/* defender-xdr/advanced-hunting-fileprofile-function: 1 to 1,000 records */
	bool known = p->limit != NULL && p->limit->kind == HM_EXPR_LITERAL;

	if (l->catalogue->dialect == HM_DIALECT_SENTINEL)
		hm_lint_add(l, "HM110", p->span, "Sentinel has no FileProfile().");
	else if (l->catalogue->dialect == HM_DIALECT_DEFENDER && known &&
		 (p->limit->value.whole < 1 || p->limit->value.whole > 1000))
		hm_lint_add(l, "HM110", p->span,
			    "Defender's FileProfile() takes 1 to 1000 records.");
}

static void look_at_plan(struct hm_linter *l)
{
	for (size_t i = 0; i < l->query->node_count; i++)
		look_for_proof(l, l->query->nodes[i]);
	for (size_t i = 0; i < l->query->node_count; i++) {
		const struct hm_plan *p = l->query->nodes[i];

		look_at_calls(l, p);
		if (p->kind == HM_PLAN_JOIN)
			hm_lint_join(l, p);
		else if (p->kind == HM_PLAN_FILE_PROFILE)
			look_at_profile(l, p);
	}
}

/* ---- over the text's tree, which has what is never run as well ---- */

static void look_at_tree(struct hm_linter *l, const struct hm_ast *ast, unsigned depth);

static void look_at_all(struct hm_linter *l, struct hm_asts list, unsigned depth)
{
	for (size_t i = 0; i < list.count; i++)
		look_at_tree(l, list.at[i], depth);
}

static void look_at_tree(struct hm_linter *l, const struct hm_ast *ast, unsigned depth)
{
	if (ast == NULL || depth == MOST_DEPTH)
		return;
	if (ast->kind == HM_AST_JOIN && hm_is(ast->word, "join") &&
	    hm_param(ast, "kind") == NULL)
		hm_lint_add(l, "HM106", ast->mark,
			    "A join without kind= is innerunique: it keeps one row, any, "
			    "of the left rows with the same key. Say which kind is "
			    "meant.");
	look_at_tree(l, ast->on, depth + 1);
	look_at_tree(l, ast->from, depth + 1);
	look_at_tree(l, ast->to, depth + 1);
	look_at_tree(l, ast->step, depth + 1);
	look_at_all(l, ast->kids, depth + 1);
	look_at_all(l, ast->by, depth + 1);
}

static void look_at_text(struct hm_linter *l)
{
	struct hm_fault *fault = hm_new(l->arena, struct hm_fault);
	struct hm_diag diag;

	*fault = (struct hm_fault){ .arena = l->arena, .diag = &diag, .text = l->text };
	if (setjmp(fault->out) == 0)
		look_at_tree(l, hm_parse(fault), 0);
}

static int by_place(const void *a, const void *b)
{
	const struct hm_diag *x = a, *y = b;

	return x->at != y->at ? (x->at > y->at) - (x->at < y->at)
			      : strcmp(x->code, y->code);
}

struct hm_findings hm_lint(hm_bytes text, const struct hm_catalogue *catalogue,
			   struct hm_arena *a)
{
	struct hm_linter l = { .arena = a, .catalogue = catalogue, .text = text };
	struct hm_diag diag = { 0 };

	l.query = hm_bind(text, catalogue, a, &diag);
	if (l.query == NULL)
		hm_lint_add(&l, diag.code,
			    (struct hm_span){ (uint32_t)diag.at, (uint32_t)diag.len },
			    "%.*s", HM_SHOW(diag.message));
	else
		look_at_plan(&l);
	look_at_text(&l);
	if (l.found.count != 0)
		qsort(l.found.at, l.found.count, sizeof *l.found.at, by_place);
	return l.found;
}
