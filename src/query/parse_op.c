/* SPDX-License-Identifier: MIT */
/* Pipes and the operators in them. */
#include "base/text.h"
#include "query/parser.h"

/* Operator words that carry parameters before their operands: kind=inner... */
static bool is_param(hm_bytes name)
{
	static const char *const names[] = {
		"kind",           "withsource", "with_source", "isfuzzy",
		"with_itemindex", "flags",      "datascope",   "bagexpansion",
		"expandoutput",   "nonempty",   "bestmatches", "decodeblocks",
		"with_match_id",  "accuracy",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (hm_is(name, names[i]))
			return true;
	return false;
}

static struct hm_ast *parse_param(struct hm_parser *p)
{
	struct hm_ast *node = hm_ast_new(p, HM_AST_NAMED);

	node->name = hm_next(p)->text;
	if (hm_take_sign(p, ".")) {
		hm_parse_word(p);
		hm_ast_end(p, node);
		node->name =
			(hm_bytes){ p->fault->text.at + node->span.at, node->span.len };
	}
	hm_want_sign(p, "=");
	node->on = hm_ahead(p, 0)->kind == HM_WORD_NAME ? hm_parse_word(p)
							: hm_parse_unary(p);
	hm_ast_end(p, node);
	return node;
}

/* Params: ((Name | 'hint' '.' Name) '=' (Name | Unary))* */
struct hm_asts hm_parse_params(struct hm_parser *p)
{
	struct hm_ast_list list = { 0 };

	while (hm_ahead(p, 0)->kind == HM_WORD_NAME) {
		const bool hint =
			hm_at_name(p, "hint") && hm_is(hm_ahead(p, 1)->text, ".");

		if (!hint &&
		    !(is_param(hm_ahead(p, 0)->text) && hm_is(hm_ahead(p, 1)->text, "=")))
			break;
		hm_ast_add(p, &list, parse_param(p));
		hm_take_sign(p, ",");
	}
	return list.list;
}

/* Wild: a name with * in it, or a name */
struct hm_ast *hm_parse_wild(struct hm_parser *p)
{
	struct hm_ast *node = hm_ast_new(p, HM_AST_NAME);
	size_t end = node->span.at;

	if (hm_at_sign(p, "["))
		return hm_parse_name(p);
	for (;;) {
		const struct hm_word *word = hm_ahead(p, 0);
		const bool star = hm_at_sign(p, "*");

		if (word->span.at != end || (!star && word->kind != HM_WORD_NAME &&
					     word->kind != HM_WORD_LITERAL))
			break;
		if (star)
			node->kind = HM_AST_WILD;
		end = word->span.at + word->span.len;
		hm_next(p);
	}
	if (end == node->span.at)
		hm_refuse(p->fault, node->span, "KS006", "Missing name");
	hm_ast_end(p, node);
	node->name = (hm_bytes){ p->fault->text.at + node->span.at, node->span.len };
	return node;
}

/* [asc | desc] [nulls (first | last)] */
static void parse_order(struct hm_parser *p, struct hm_ast *key)
{
	key->flag = true;
	if (hm_at_name(p, "asc") || hm_at_name(p, "desc")) {
		key->said = true;
		key->flag = hm_is(hm_next(p)->text, "desc");
	} else if (hm_at_name(p, "granny-asc") || hm_at_name(p, "granny-desc")) {
		hm_expected(p, "asc or desc");
	}
	if (!hm_take_name(p, "nulls"))
		return;
	if (hm_take_name(p, "first"))
		key->nulls = 1;
	else if (hm_take_name(p, "last"))
		key->nulls = 2;
	else
		hm_expected(p, "first or last");
}

/* Key: Named Order */
static struct hm_ast *parse_key(struct hm_parser *p)
{
	struct hm_ast *key = hm_ast_new(p, HM_AST_KEY);

	key->on = hm_parse_named(p);
	parse_order(p, key);
	hm_ast_end(p, key);
	return key;
}

static void parse_where(struct hm_parser *p, struct hm_ast *op)
{
	p->filtering = true;
	op->on = hm_parse_expr(p);
	p->filtering = false;
}

static struct hm_ast *parse_star_or_named(struct hm_parser *p)
{
	struct hm_ast *star = hm_ast_new(p, HM_AST_STAR);

	return hm_take_sign(p, "*") ? star : hm_parse_named(p);
}

static bool at_end(const struct hm_parser *p)
{
	return hm_ahead(p, 0)->kind == HM_WORD_END || hm_at_sign(p, "|") ||
	       hm_at_sign(p, ";") || hm_at_sign(p, ")") || hm_at_sign(p, "}");
}

/* (project | extend | distinct | print | serialize) [* | Named, ...] */
static void parse_project(struct hm_parser *p, struct hm_ast *op)
{
	if (hm_is(op->word, "serialize") && at_end(p))
		return;
	op->kids = hm_parse_list(p, parse_star_or_named);
}

static struct hm_ast *parse_reorder(struct hm_parser *p)
{
	struct hm_ast *key = hm_ast_new(p, HM_AST_KEY);

	key->on = hm_parse_wild(p);
	parse_order(p, key);
	return key;
}

static void parse_picking(struct hm_parser *p, struct hm_ast *op)
{
	if (hm_is(op->word, "project-rename"))
		op->kids = hm_parse_list(p, hm_parse_named);
	else if (hm_is(op->word, "project-reorder"))
		op->kids = hm_parse_list(p, parse_reorder);
	else
		op->kids = hm_parse_list(p, hm_parse_wild);
}

/* summarize Params [Named, ...] ['by' Named, ...] */
static void parse_summarize(struct hm_parser *p, struct hm_ast *op)
{
	if (!hm_at_name(p, "by") && !at_end(p))
		op->kids = hm_parse_list(p, hm_parse_named);
	if (hm_take_name(p, "by"))
		op->by = hm_parse_list(p, hm_parse_named);
	else if (op->kids.count == 0)
		hm_refuse(p->fault, hm_ahead(p, 0)->span, "KS006", "Missing expression");
}

static void parse_sort(struct hm_parser *p, struct hm_ast *op)
{
	hm_want_name(p, "by");
	op->by = hm_parse_list(p, parse_key);
}

static void parse_top(struct hm_parser *p, struct hm_ast *op)
{
	struct hm_ast_list list = { 0 };

	op->on = hm_parse_expr(p);
	hm_want_name(p, "by");
	hm_ast_add(p, &list, parse_key(p));
	op->by = list.list;
}

static void parse_take(struct hm_parser *p, struct hm_ast *op)
{
	op->on = hm_parse_expr(p);
}

static void parse_number_of(struct hm_parser *p, struct hm_ast *op)
{
	op->on = hm_parse_expr(p);
	hm_want_name(p, "of");
	op->from = hm_parse_named(p);
	if (op->kind == HM_AST_TOP_HITTERS && hm_take_name(p, "by"))
		op->to = hm_parse_expr(p);
}

static void parse_count(struct hm_parser *p, struct hm_ast *op)
{
	if (hm_take_name(p, "as"))
		op->name = hm_parse_name(p)->name;
}

/* (join | lookup) Params Unary 'on' Expr, ... */
static void parse_join(struct hm_parser *p, struct hm_ast *op)
{
	op->on = hm_parse_unary(p);
	if (hm_take_name(p, "on"))
		op->by = hm_parse_list(p, hm_parse_expr);
}

/* Whether Name* or * stands here: a set of tables. */
static bool at_wild_table(const struct hm_parser *p)
{
	const struct hm_word *word = hm_ahead(p, 0), *after = hm_ahead(p, 1);

	if (hm_at_sign(p, "*"))
		return true;
	return word->kind == HM_WORD_NAME && after->kind == HM_WORD_SIGN &&
	       hm_is(after->text, "*") &&
	       after->span.at == word->span.at + word->span.len;
}

static struct hm_ast *parse_table(struct hm_parser *p)
{
	if (at_wild_table(p))
		return hm_parse_wild(p);
	return hm_parse_unary(p);
}

static void parse_union(struct hm_parser *p, struct hm_ast *op)
{
	op->kids = hm_parse_list(p, parse_table);
}

/* Item: Named ['to' Typeof] */
static struct hm_ast *parse_item(struct hm_parser *p)
{
	struct hm_ast *item = hm_ast_new(p, HM_AST_ITEM);

	item->on = hm_parse_named(p);
	if (hm_take_name(p, "to")) {
		const struct hm_ast *type = hm_parse_typeof(p);

		item->typed = true;
		item->type = type->type;
	}
	hm_ast_end(p, item);
	return item;
}

/* SubQuery: '(' Operator ('|' Operator)* ')' */
static struct hm_ast *parse_sub(struct hm_parser *p)
{
	struct hm_ast *node = hm_ast_new(p, HM_AST_PIPE);
	struct hm_ast_list list = { 0 };

	hm_want_sign(p, "(");
	hm_enter(p->fault, node->span);
	hm_take_sign(p, "|");
	do
		hm_ast_add(p, &list, hm_parse_operator(p));
	while (hm_take_sign(p, "|"));
	hm_leave(p->fault);
	hm_want_sign(p, ")");
	node->kids = list.list;
	hm_ast_end(p, node);
	return node;
}

/* (mv-expand | mv-apply) Params Item, ... ['limit' Expr] ['on' SubQuery] */
static void parse_expand(struct hm_parser *p, struct hm_ast *op)
{
	op->kids = hm_parse_list(p, parse_item);
	if (hm_take_name(p, "limit"))
		op->to = hm_parse_unary(p);
	if (!hm_is(op->word, "mv-apply"))
		return;
	if (hm_take_name(p, "id"))
		hm_next(p);
	hm_want_name(p, "on");
	op->on = parse_sub(p);
}

/* Segment: '*' | String | Name [':' Type] */
static struct hm_ast *parse_segment(struct hm_parser *p)
{
	struct hm_ast *node = hm_ast_new(p, HM_AST_STAR);

	if (hm_take_sign(p, "*"))
		return node;
	if (hm_ahead(p, 0)->kind == HM_WORD_LITERAL)
		return hm_parse_literal(p);
	node->kind = HM_AST_DECL;
	node->type = HM_SCALAR_STRING;
	node->name = hm_parse_name(p)->name;
	node->mark.len = (uint32_t)node->name.len;
	if (hm_take_sign(p, ":")) {
		node->typed = true;
		node->type = hm_parse_type(p);
	}
	hm_ast_end(p, node);
	return node;
}

/* (parse | parse-where) Params Expr 'with' Segment+ */
static void parse_parse(struct hm_parser *p, struct hm_ast *op)
{
	struct hm_ast_list list = { 0 };

	op->on = hm_parse_expr(p);
	hm_want_name(p, "with");
	do
		hm_ast_add(p, &list, parse_segment(p));
	while (!at_end(p));
	op->kids = list.list;
}

static struct hm_ast *parse_property(struct hm_parser *p)
{
	struct hm_ast *node = hm_ast_new(p, HM_AST_NAMED);

	node->name = hm_parse_word(p)->name;
	hm_want_sign(p, "=");
	node->on = hm_ahead(p, 0)->kind == HM_WORD_NAME ? hm_parse_word(p)
							: hm_parse_unary(p);
	return node;
}

static void parse_properties(struct hm_parser *p, struct hm_ast *op)
{
	if (!hm_take_name(p, "with"))
		return;
	hm_want_sign(p, "(");
	op->params = hm_parse_list(p, parse_property);
	hm_want_sign(p, ")");
}

/* parse-kv Expr 'as' Decls ['with' '(' Property, ... ')'] */
static void parse_kv(struct hm_parser *p, struct hm_ast *op)
{
	op->on = hm_parse_expr(p);
	hm_want_name(p, "as");
	op->by = hm_parse_decls(p);
	parse_properties(p, op);
}

static struct hm_ast *parse_series_item(struct hm_parser *p)
{
	struct hm_ast *item = hm_ast_new(p, HM_AST_ITEM);

	item->on = hm_parse_named(p);
	if (hm_take_name(p, "default")) {
		hm_want_sign(p, "=");
		item->from = hm_parse_unary(p);
	}
	hm_ast_end(p, item);
	return item;
}

/* make-series Params Item, ... 'on' Unary Range ['by' Named, ...]
 * Range: ['from' Expr] ['to' Expr] 'step' Expr | 'in' 'range' '(' Expr, Expr, Expr ')' */
static void parse_series(struct hm_parser *p, struct hm_ast *op)
{
	op->kids = hm_parse_list(p, parse_series_item);
	hm_want_name(p, "on");
	op->on = hm_parse_unary(p);
	if (hm_take_name(p, "in")) {
		hm_want_name(p, "range");
		hm_want_sign(p, "(");
		op->from = hm_parse_expr(p);
		hm_want_sign(p, ",");
		op->to = hm_parse_expr(p);
		hm_want_sign(p, ",");
		op->step = hm_parse_expr(p);
		hm_want_sign(p, ")");
		op->flag = true; /* here the end belongs to the range */
	} else {
		if (hm_take_name(p, "from"))
			op->from = hm_parse_expr(p);
		if (hm_take_name(p, "to"))
			op->to = hm_parse_expr(p);
		hm_want_name(p, "step");
		op->step = hm_parse_expr(p);
	}
	if (hm_take_name(p, "by"))
		op->by = hm_parse_list(p, hm_parse_named);
}

/* Level: [Expr] 'of' Named ['with' 'others' '=' Expr] 'by' Named [asc | desc] */
static struct hm_ast *parse_level(struct hm_parser *p)
{
	struct hm_ast *level = hm_ast_new(p, HM_AST_LEVEL);

	if (!hm_at_name(p, "of"))
		level->from = hm_parse_expr(p);
	hm_want_name(p, "of");
	level->on = hm_parse_named(p);
	if (hm_take_name(p, "with")) {
		hm_want_name(p, "others");
		hm_want_sign(p, "=");
		level->step = hm_parse_expr(p);
	}
	hm_want_name(p, "by");
	level->to = hm_parse_named(p);
	if (hm_at_name(p, "asc") || hm_at_name(p, "desc"))
		level->flag = hm_is(hm_next(p)->text, "asc");
	hm_ast_end(p, level);
	return level;
}

/* top-nested Level (',' ['top-nested'] Level)* */
static void parse_nested(struct hm_parser *p, struct hm_ast *op)
{
	struct hm_ast_list list = { 0 };

	do {
		hm_take_name(p, "top-nested");
		hm_ast_add(p, &list, parse_level(p));
	} while (hm_take_sign(p, ","));
	op->kids = list.list;
}

/* ['in' '(' Table, ... ')'] */
static void parse_tables(struct hm_parser *p, struct hm_ast *op)
{
	if (!hm_take_name(p, "in"))
		return;
	hm_want_sign(p, "(");
	op->kids = hm_parse_list(p, parse_table);
	hm_want_sign(p, ")");
}

/* search Params ['in' '(' Table, ... ')'] Expr */
static void parse_search(struct hm_parser *p, struct hm_ast *op)
{
	parse_tables(p, op);
	p->searching = true;
	if (hm_at_sign(p, "*") &&
	    (hm_is(hm_ahead(p, 1)->text, "|") || hm_ahead(p, 1)->kind == HM_WORD_END)) {
		op->on = hm_ast_new(p, HM_AST_STAR);
		hm_next(p);
	} else {
		op->on = hm_parse_expr(p);
	}
	p->searching = false;
}

/* find Params ['in' '(' Table, ... ')'] ['where'] Expr
 *      ['project-smart' | 'project' Named [':' Type], ...] */
static struct hm_ast *parse_find_column(struct hm_parser *p)
{
	struct hm_ast *node = hm_ast_new(p, HM_AST_DECL);

	if (hm_at_name(p, "pack") && hm_is(hm_ahead(p, 1)->text, "(")) {
		node->kind = HM_AST_STAR;
		p->at += 2;
		hm_want_sign(p, "*");
		hm_want_sign(p, ")");
		return node;
	}
	node->name = hm_parse_name(p)->name;
	if (hm_take_sign(p, ":")) {
		node->typed = true;
		node->type = hm_parse_type(p);
	}
	return node;
}

static void parse_find(struct hm_parser *p, struct hm_ast *op)
{
	parse_tables(p, op);
	hm_take_name(p, "where");
	op->on = hm_parse_expr(p);
	op->flag = !hm_take_name(p, "project");
	if (!op->flag)
		op->by = hm_parse_list(p, parse_find_column);
	else
		hm_take_name(p, "project-smart");
}

/* evaluate Params Call [':' Decls] */
static void parse_evaluate(struct hm_parser *p, struct hm_ast *op)
{
	if (hm_ahead(p, 0)->kind != HM_WORD_NAME)
		hm_expected(p, "the name of a plugin");
	op->on = hm_parse_call(p, hm_next(p));
	if (hm_take_sign(p, ":")) {
		op->from = hm_ast_new(p, HM_AST_SHAPE);
		op->from->by = hm_parse_decls(p);
		hm_ast_end(p, op->from);
	}
}

static void parse_invoke(struct hm_parser *p, struct hm_ast *op)
{
	if (hm_ahead(p, 0)->kind != HM_WORD_NAME)
		hm_expected(p, "the name of a function");
	op->on = hm_parse_call(p, hm_next(p));
}

/* partition Params 'by' Name (SubQuery | '{' Pipe '}') */
static void parse_partition(struct hm_parser *p, struct hm_ast *op)
{
	hm_want_name(p, "by");
	op->from = hm_parse_name(p);
	if (hm_at_sign(p, "{"))
		hm_refuse(p->fault, hm_ahead(p, 0)->span, "HM001",
			  "hallmark does not support partition with { }; use ( ).");
	op->on = parse_sub(p);
}

static void parse_as(struct hm_parser *p, struct hm_ast *op)
{
	op->name = hm_parse_name(p)->name;
}

/* Step over an operand that does not change rows, or of an operator refused later. */
static void skip_operand(struct hm_parser *p, struct hm_ast *op)
{
	size_t depth = 0;

	if (hm_ahead(p, 0)->kind == HM_WORD_NAME)
		op->name = hm_ahead(p, 0)->text;
	while (hm_ahead(p, 0)->kind != HM_WORD_END && (depth > 0 || !at_end(p))) {
		depth += hm_at_sign(p, "(") || hm_at_sign(p, "{");
		depth -= hm_at_sign(p, ")") || hm_at_sign(p, "}");
		hm_next(p);
	}
}

/* clang-format off */
static const struct {
	const char *word;
	enum hm_ast_kind kind;
	void (*parse)(struct hm_parser *p, struct hm_ast *op);
} operators[] = {
	{ "where", HM_AST_WHERE, parse_where },
	{ "filter", HM_AST_WHERE, parse_where },
	{ "project", HM_AST_PROJECT, parse_project },
	{ "extend", HM_AST_PROJECT, parse_project },
	{ "distinct", HM_AST_PROJECT, parse_project },
	{ "print", HM_AST_PROJECT, parse_project },
	{ "serialize", HM_AST_PROJECT, parse_project },
	{ "project-away", HM_AST_PICKING, parse_picking },
	{ "project-keep", HM_AST_PICKING, parse_picking },
	{ "project-rename", HM_AST_PICKING, parse_picking },
	{ "project-reorder", HM_AST_PICKING, parse_picking },
	{ "summarize", HM_AST_SUMMARIZE, parse_summarize },
	{ "sort", HM_AST_SORT, parse_sort },
	{ "order", HM_AST_SORT, parse_sort },
	{ "top", HM_AST_TOP, parse_top },
	{ "take", HM_AST_TAKE, parse_take },
	{ "limit", HM_AST_TAKE, parse_take },
	{ "sample", HM_AST_TAKE, parse_take },
	{ "sample-distinct", HM_AST_SAMPLE_DISTINCT, parse_number_of },
	{ "top-hitters", HM_AST_TOP_HITTERS, parse_number_of },
	{ "count", HM_AST_COUNT, parse_count },
	{ "join", HM_AST_JOIN, parse_join },
	{ "lookup", HM_AST_JOIN, parse_join },
	{ "union", HM_AST_UNION, parse_union },
	{ "mv-expand", HM_AST_EXPAND, parse_expand },
	{ "mvexpand", HM_AST_EXPAND, parse_expand },
	{ "mv-apply", HM_AST_EXPAND, parse_expand },
	{ "parse", HM_AST_PARSE, parse_parse },
	{ "parse-where", HM_AST_PARSE, parse_parse },
	{ "parse-kv", HM_AST_PARSE_KV, parse_kv },
	{ "make-series", HM_AST_SERIES, parse_series },
	{ "top-nested", HM_AST_NESTED, parse_nested },
	{ "search", HM_AST_SEARCH, parse_search },
	{ "find", HM_AST_FIND, parse_find },
	{ "evaluate", HM_AST_EVALUATE, parse_evaluate },
	{ "invoke", HM_AST_INVOKE, parse_invoke },
	{ "partition", HM_AST_PARTITION, parse_partition },
	{ "as", HM_AST_AS, parse_as },
	{ "getschema", HM_AST_PLAIN, skip_operand },
	{ "consume", HM_AST_PLAIN, skip_operand },
	{ "render", HM_AST_PLAIN, skip_operand },
	{ "scan", HM_AST_SCAN, hm_parse_scan },
	{ "fork", HM_AST_REFUSED, skip_operand },
	{ "facet", HM_AST_REFUSED, skip_operand },
	{ "reduce", HM_AST_REFUSED, skip_operand },
	{ "make-graph", HM_AST_REFUSED, skip_operand },
	{ "graph-match", HM_AST_REFUSED, skip_operand },
	{ "graph-merge", HM_AST_REFUSED, skip_operand },
	{ "graph-to-table", HM_AST_REFUSED, skip_operand },
	{ "graph-shortest-paths", HM_AST_REFUSED, skip_operand },
	{ "graph-mark-components", HM_AST_REFUSED, skip_operand },
	{ "assert-schema", HM_AST_REFUSED, skip_operand },
	{ "macro-expand", HM_AST_REFUSED, skip_operand },
	{ "execute-and-cache", HM_AST_REFUSED, skip_operand },
	{ "project-by-names", HM_AST_REFUSED, skip_operand },
};
/* clang-format on */

enum { OPERATORS = sizeof(operators) / sizeof(operators[0]) };

/* The operator word nearest to a misspelt one. */
static const char *nearest(hm_bytes word)
{
	const char *best = NULL;
	size_t least = 3;

	for (size_t i = 0; i < OPERATORS; i++) {
		const size_t far =
			hm_edit_distance(word, hm_bytes_of(operators[i].word), least - 1);

		if (far < least) {
			least = far;
			best = operators[i].word;
		}
	}
	return best;
}

static void unknown_operator(struct hm_parser *p)
{
	const struct hm_word *word = hm_ahead(p, 0);
	const char *near = word->kind == HM_WORD_NAME ? nearest(word->text) : NULL;

	hm_refuse(p->fault, word->span, "KS176", "Query operator expected.%s%s%s",
		  near ? " Did you mean '" : "", near ? near : "", near ? "'?" : "");
}

/* Operator: a row of the table above */
struct hm_ast *hm_parse_operator(struct hm_parser *p)
{
	struct hm_ast *op = hm_ast_new(p, HM_AST_REFUSED);
	const struct hm_word *word = hm_ahead(p, 0);

	for (size_t i = 0; word->kind == HM_WORD_NAME && i < OPERATORS; i++) {
		if (!hm_is(word->text, operators[i].word))
			continue;
		hm_next(p);
		op->kind = operators[i].kind;
		op->word = word->text;
		op->params = hm_parse_params(p);
		operators[i].parse(p, op);
		hm_ast_end(p, op);
		return op;
	}
	unknown_operator(p);
	return op;
}

/* range Name 'from' Expr 'to' Expr 'step' Expr */
static struct hm_ast *parse_range(struct hm_parser *p)
{
	struct hm_ast *node = hm_ast_new(p, HM_AST_RANGE);

	node->word = hm_next(p)->text;
	node->name = hm_parse_name(p)->name;
	hm_want_name(p, "from");
	node->from = hm_parse_expr(p);
	hm_want_name(p, "to");
	node->to = hm_parse_expr(p);
	hm_want_name(p, "step");
	node->step = hm_parse_expr(p);
	hm_ast_end(p, node);
	return node;
}

/* Whether an operator that needs no rows before it begins here. */
static bool at_leading(const struct hm_parser *p)
{
	static const char *const words[] = { "print", "union", "search", "find",
					     "evaluate" };
	const struct hm_word *after = hm_ahead(p, 1);
	const bool sign = after->kind == HM_WORD_SIGN;

	if (sign && !hm_is(after->text, "(") && !hm_is(after->text, "-") &&
	    !hm_is(after->text, "*") && !hm_is(after->text, "+") &&
	    !hm_is(after->text, "["))
		return false;
	if (after->kind == HM_WORD_END)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (hm_at_name(p, words[i]))
			return true;
	return false;
}

static struct hm_ast *parse_head(struct hm_parser *p)
{
	if (hm_at_name(p, "range") && hm_ahead(p, 1)->kind == HM_WORD_NAME &&
	    hm_is(hm_ahead(p, 2)->text, "from"))
		return parse_range(p);
	if (at_leading(p))
		return hm_parse_operator(p);
	return hm_parse_expr(p);
}

/* Pipe: (Range | Operator | Expr) ('|' Operator)* */
struct hm_ast *hm_parse_pipe(struct hm_parser *p)
{
	struct hm_ast *head, *pipe;
	struct hm_ast_list list = { 0 };

	hm_enter(p->fault, hm_ahead(p, 0)->span);
	head = parse_head(p);
	hm_leave(p->fault);
	if (!hm_at_sign(p, "|") && head->kind < HM_AST_WHERE)
		return head;
	pipe = hm_ast_new(p, HM_AST_PIPE);
	pipe->span = head->span;
	hm_ast_add(p, &list, head);
	while (hm_take_sign(p, "|"))
		hm_ast_add(p, &list, hm_parse_operator(p));
	pipe->kids = list.list;
	hm_ast_end(p, pipe);
	return pipe;
}
