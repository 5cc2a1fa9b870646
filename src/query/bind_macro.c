/* SPDX-License-Identifier: MIT */
/*
 * bind_macro.c: plugins that KQL itself can say.
 *
 * Such a plugin is a text of KQL over the table $input, which is bound in the plugin's
 * place, and $table, its first argument.  In it {name} is what the query wrote for that
 * parameter, and a part ?name[[...]] or !name[[...]] is there where the parameter was
 * given (a flag: was true), or was not. Arguments are bound once by themselves before, so
 * that their faults are found where they stand; what is refused all the same is said of
 * the plugin.
 */
#include <string.h>

#include "base/text.h"
#include "query/binder.h"
#include "query/parse.h"

/*
 * What a parameter is, one letter each: T table  C column of the input  K column of
 * the table before  N number  D datetime  S timespan  I whole number  P predicate over
 * the input  F flag (constant)  * columns of the input, any number.  From `least` on they
 * may be absent, and be given by name.
 */
struct macro {
	const char *name, *kinds, *params[8];
	size_t least;
	const char *text;
};

/* The input's rows, numbered, with those of the table that a `where` after it picks. */
#define JOINED(of)                                                                       \
	"let $l = materialize($input | serialize $row = row_number(), $one = 1);\n"      \
	"let $m = materialize($l | join kind=inner ($table | extend $one = 1, " of       \
	" = {key}!return_lookup_key[[ | project-away {key}]]) on $one\n"
#define UNMATCHED(of)                                                                    \
	"| project-away $one, $one1, " of ");\n"                                         \
	"!return_unmatched[[$m]]"                                                        \
	"?return_unmatched[[union $m, ($l | join kind=leftanti $m on $row"               \
	" | project-away $one)]] | project-away $row"

/* clang-format off */
static const struct macro macros[] = {
	{ "geo_polygon_lookup", "TKCCNFNF",
	  { "table", "key", "lng", "lat", "radius", "return_unmatched", "lookup_area_radius",
	    "return_lookup_key" }, 4,
	  JOINED("$shape")
	  "| where !radius[[geo_point_in_polygon({lng}, {lat}, $shape)]]"
	  "?radius[[geo_distance_point_to_polygon({lng}, {lat}, $shape) <= {radius}]]\n"
	  UNMATCHED("$shape") },
	{ "geo_line_lookup", "TKCCNFNF",
	  { "table", "key", "lng", "lat", "radius", "return_unmatched", "lookup_area_radius",
	    "return_lookup_key" }, 5,
	  JOINED("$shape")
	  "| where geo_distance_point_to_line({lng}, {lat}, $shape) <= {radius}\n"
	  UNMATCHED("$shape") },
	{ "ipv6_lookup", "TCKF", { "table", "ip", "key", "return_unmatched" }, 3,
	  "let $l = materialize($input | serialize $row = row_number(), $one = 1);\n"
	  "let $m = materialize($l | join kind=inner ($table | extend $one = 1, $net = {key})\n"
	  "on $one | where ipv6_is_in_range({ip}, $net)\n"
	  UNMATCHED("$net") },
	{ "rows_near", "PII", { "test", "before", "after" }, 2,
	  "let $l = materialize($input | serialize $row = row_number());\n"
	  "let $near = $l | where {test} | mv-expand $at = range($row - {before}, $row + "
	  "!after[[{before}]]?after[[{after}]]) to typeof(long) | project $at;\n"
	  "$l | where $row in ($near) | project-away $row" },
	{ "activity_counts_metrics", "CCDDS*", { "id", "time", "start", "end", "step", "by" }, 5,
	  "let $e = materialize($input | where {time} >= {start} and {time} <= {end}\n"
	  "| extend $t = bin_at({time}, {step}, {start}), $id = {id}\n"
	  "| summarize $n = count() by $t, $id{by});\n"
	  "let $new = $e | summarize $t = min($t) by $id{by} | summarize $n = count() by $t{by};\n"
	  "$e | summarize ['count'] = sum($n), ['dcount'] = count() by $t{by}\n"
	  "| join kind=leftouter $new on $t{by}\n"
	  "| extend new_dcount = coalesce($n, 0)\n"
	  "| sort by !by[[$t asc]]?by[[{by asc}, $t asc]]\n"
	  "| extend aggregated_dcount = row_cumsum(new_dcount?by[[, {by restart}]])\n"
	  "| project {time} = $t{by}, ['count'], ['dcount'], new_dcount, aggregated_dcount" },
};
/* clang-format on */

enum { MACROS = sizeof macros / sizeof *macros, PARAMS = 8, MAX_MACRO = 1 << 20 };

/* What the query wrote: args[i] for parameter i, the last of which may have several. */
struct given {
	const struct macro *m;
	const struct hm_ast *args[PARAMS];
	const struct hm_ast *const *more; /* of the star */
	size_t more_count;
};

static size_t find_param(const struct macro *m, hm_bytes name)
{
	size_t i = 0;

	while (m->kinds[i] != 0 && !hm_is_nocase(name, m->params[i]))
		i++;
	return i;
}

static void take_arguments(struct hm_binder *b, const struct hm_ast *call,
			   struct given *g)
{
	const size_t most = strlen(g->m->kinds);

	if (call->kids.count < g->m->least)
		hm_refuse(b->fault, call->mark, "KS120",
			  "The function '%s' expects at least %zu arguments.", g->m->name,
			  g->m->least);
	for (size_t i = 0; i < call->kids.count; i++) {
		const struct hm_ast *kid = call->kids.at[i];
		const bool named = kid->kind == HM_AST_NAMED;
		const size_t at = named ? find_param(g->m, kid->by.at[0]->name) : i;

		if (at < most && g->m->kinds[at] == '*') {
			g->args[at] = kid;
			g->more = (const struct hm_ast *const *)&call->kids.at[i];
			g->more_count = call->kids.count - i;
			return;
		}
		if (at >= most || g->args[at] != NULL)
			hm_refuse(b->fault, kid->span, "KS119",
				  "The function '%s' expects at most %zu arguments.",
				  g->m->name, most);
		g->args[at] = hm_value_ast(kid);
	}
}

static void want_column(struct hm_binder *b, struct hm_plan *plan,
			const struct hm_ast *ast)
{
	const struct hm_row row = { .plan = plan };
	const struct hm_expr *e = hm_bind_expr(b, &row, ast);

	if (e->kind != HM_EXPR_COLUMN || ast->kind != HM_AST_NAME)
		hm_refuse(b->fault, ast->span, "KS109", "Column name expected.");
}

/* A constant, of a flag: whether it is true. */
static bool want_constant(struct hm_binder *b, const struct hm_ast *ast, char kind)
{
	static const struct {
		char kind;
		enum hm_scalar type;
	} types[] = { { 'N', HM_SCALAR_REAL },
		      { 'D', HM_SCALAR_DATETIME },
		      { 'S', HM_SCALAR_TIMESPAN },
		      { 'I', HM_SCALAR_LONG },
		      { 'F', HM_SCALAR_BOOL } };
	const struct hm_expr *e;
	size_t i = 0;

	while (types[i].kind != kind)
		i++;
	e = hm_bind_constant(b, ast, types[i].type);
	if (kind == 'F' && e->kind != HM_EXPR_LITERAL)
		hm_refuse(b->fault, ast->span, "KS129",
			  "The expression must be a literal.");
	return kind != 'F' || e->value.truth;
}

static void add_table(struct hm_binder *b, const char *name, struct hm_plan *plan)
{
	struct hm_name *n = hm_new(b->arena, struct hm_name);

	n->name = hm_bytes_of(name);
	n->bound.plan = plan;
	n->next = b->names;
	b->names = n;
}

/* Bind each argument by itself; a flag that is false is as one not given. */
static void check_arguments(struct hm_binder *b, struct hm_plan *input, struct given *g)
{
	struct hm_plan *table = NULL;
	const struct hm_row row = { .plan = input };

	for (size_t i = 0; g->m->kinds[i] != 0; i++) {
		if (g->args[i] == NULL)
			continue;
		switch (g->m->kinds[i]) {
		case 'T':
			table = hm_bind_table(b, g->args[i]);
			add_table(b, "$table", table);
			break;
		case 'K': want_column(b, table, g->args[i]); break;
		case 'C': want_column(b, input, g->args[i]); break;
		case 'P': hm_bind_bool(b, &row, g->args[i]); break;
		case '*':
			for (size_t k = 0; k < g->more_count; k++)
				want_column(b, input, g->more[k]);
			break;
		default:
			if (!want_constant(b, g->args[i], g->m->kinds[i]))
				g->args[i] = NULL;
		}
	}
}

/* The query's own text where ast stands. */
static hm_bytes written(struct hm_binder *b, const struct hm_ast *ast)
{
	const struct hm_fault *f = b->fault;

	return hm_part(f->inlay != NULL ? f->inlay->text : f->text, ast->span.at,
		       ast->span.len);
}

/* The columns of the star: {by}: ", a, b", {by asc}: "a asc, b asc", {by restart}:
 * whether one differs from the row before. */
static void put_columns(struct hm_binder *b, struct hm_buf *out, const struct given *g,
			hm_bytes form)
{
	const bool restart = hm_is(form, " restart");
	const char *between = restart ? " or " : ", ";

	for (size_t i = 0; i < g->more_count; i++) {
		const hm_bytes column = written(b, g->more[i]);

		if (i > 0 || form.len == 0)
			hm_put_str(out, between);
		hm_put(out, column);
		if (restart)
			hm_putf(out, " != prev(%.*s)", HM_SHOW(column));
		else
			hm_put(out, form);
	}
}

/* {name}: as it was written. */
static void put_argument(struct hm_binder *b, struct hm_buf *out, const struct given *g,
			 hm_bytes name)
{
	size_t len = 0;

	while (len < name.len && name.at[len] != ' ')
		len++;
	const size_t at = find_param(g->m, hm_part(name, 0, len));

	if (g->m->kinds[at] == '*') {
		put_columns(b, out, g, hm_part(name, len, name.len - len));
		return;
	}
	const bool column = g->args[at]->kind == HM_AST_NAME;
	hm_put_str(out, column ? "" : "(");
	hm_put(out, written(b, g->args[at]));
	hm_put_str(out, column ? "" : ")");
}

static bool begins(hm_bytes text, size_t at, const char *with)
{
	return hm_is(hm_part(text, at, strlen(with)), with);
}

static size_t find(hm_bytes text, size_t from, const char *what)
{
	while (from < text.len && !begins(text, from, what))
		from++;
	return from;
}

static void expand(struct hm_binder *b, struct hm_buf *out, const struct given *g,
		   hm_bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		const uint8_t c = text.at[i];
		const size_t open = find(text, i, "[["), close = find(text, open, "]]");

		if (c == '{') {
			const size_t end = find(text, i, "}");

			put_argument(b, out, g, hm_part(text, i + 1, end - i - 1));
			i = end;
		} else if ((c == '?' || c == '!') && close < text.len &&
			   find(text, i + 1, " ") > open) {
			const size_t at =
				find_param(g->m, hm_part(text, i + 1, open - i - 1));

			if ((g->args[at] != NULL) == (c == '?'))
				expand(b, out, g,
				       hm_part(text, open + 2, close - open - 2));
			i = close + 1;
		} else {
			hm_put_u8(out, c);
		}
	}
}

static hm_bytes text_of(struct hm_binder *b, const struct given *g,
			const struct hm_ast *call)
{
	struct hm_buf out = hm_buf_of(MAX_MACRO);
	hm_bytes text;

	expand(b, &out, g, hm_bytes_of(g->m->text));
	text = hm_keep(b->arena, hm_buf_bytes(&out));
	const bool fits = out.err == HM_OK;
	hm_buf_done(&out);
	if (!fits)
		hm_refuse(b->fault, call->span, "HM002", "The plugin is too long.");
	return text;
}

static void move_all(struct hm_asts list, struct hm_span to);

/* Let what stands in the macro's text stand where the plugin is named. */
static void move(struct hm_ast *ast, struct hm_span to)
{
	if (ast == NULL)
		return;
	ast->span = ast->mark = to;
	move_all(ast->kids, to);
	move_all(ast->by, to);
	move_all(ast->params, to);
	move(ast->on, to);
	move(ast->from, to);
	move(ast->to, to);
	move(ast->step, to);
}

static void move_all(struct hm_asts list, struct hm_span to)
{
	for (size_t i = 0; i < list.count; i++)
		move(list.at[i], to);
}

static struct hm_bound bind_text(struct hm_binder *b, const struct hm_inlay *inlay,
				 hm_bytes text)
{
	struct hm_fault *f = b->fault;
	const struct hm_inlay *outer_inlay = f->inlay;
	const hm_bytes outer = f->text;
	struct hm_bound bound;

	f->inlay = inlay;
	f->text = text;
	hm_enter(f, inlay->at);
	struct hm_ast *body = hm_parse(f);
	move(body, inlay->at);
	bound = hm_bind_body(b, body);
	hm_leave(f);
	f->inlay = outer_inlay;
	f->text = outer;
	return bound;
}

struct hm_plan *hm_bind_macro(struct hm_binder *b, struct hm_plan *input,
			      const struct hm_ast *call)
{
	const struct hm_inlay *outer = b->fault->inlay;
	const struct hm_name *names = b->names;
	struct given g = { .m = macros };
	struct hm_bound bound;

	while (g.m < macros + MACROS && !hm_is(call->name, g.m->name))
		g.m++;
	if (g.m == macros + MACROS)
		return NULL;
	take_arguments(b, call, &g);
	check_arguments(b, input, &g);
	const hm_bytes text = text_of(b, &g, call);
	const struct hm_inlay inlay = { outer ? outer->text : b->fault->text,
					outer ? outer->at : call->mark };
	add_table(b, "$input", input);
	bound = bind_text(b, &inlay, text);
	b->names = names;
	return bound.plan;
}
