/* SPDX-License-Identifier: MIT */
/* Expressions.  From loose to tight: or, and, equality (in, between, has_any), order,
 * sum, product, string operators, sign, path (Kql.g4). */
#include "query/parser.h"

/* Operators of two operands, by how tightly they bind. */
enum level { OR, AND, EQUAL, ORDER, SUM, PRODUCT, TEXT, LEVELS };

/* clang-format off */
static const struct operator_row {
	const char *word;
	enum hm_fn fn;
	enum level level;
	bool list; /* the right side is a list in parentheses */
} operators[] = {
	{ "or", HM_FN_op_or, OR, false }, { "and", HM_FN_op_and, AND, false },
	{ "==", HM_FN_op_eq, EQUAL, false }, { "!=", HM_FN_op_ne, EQUAL, false },
	{ "<>", HM_FN_op_ne, EQUAL, false },
	{ "in", HM_FN_op_in, EQUAL, true }, { "!in", HM_FN_op_not_in, EQUAL, true },
	{ "in~", HM_FN_op_in_ci, EQUAL, true }, { "!in~", HM_FN_op_not_in_ci, EQUAL, true },
	{ "has_any", HM_FN_op_has_any, EQUAL, true },
	{ "has_all", HM_FN_op_has_all, EQUAL, true },
	{ "<", HM_FN_op_lt, ORDER, false }, { "<=", HM_FN_op_le, ORDER, false },
	{ ">", HM_FN_op_gt, ORDER, false }, { ">=", HM_FN_op_ge, ORDER, false },
	{ "+", HM_FN_op_add, SUM, false }, { "-", HM_FN_op_sub, SUM, false },
	{ "*", HM_FN_op_mul, PRODUCT, false }, { "/", HM_FN_op_div, PRODUCT, false },
	{ "%", HM_FN_op_mod, PRODUCT, false },
	{ "=~", HM_FN_op_eq_ci, TEXT, false }, { "!~", HM_FN_op_ne_ci, TEXT, false },
	{ "has", HM_FN_op_has, TEXT, false }, { "has_cs", HM_FN_op_has_cs, TEXT, false },
	{ "!has", HM_FN_op_not_has, TEXT, false }, { "!has_cs", HM_FN_op_not_has_cs, TEXT, false },
	{ "hasprefix", HM_FN_op_hasprefix, TEXT, false },
	{ "hasprefix_cs", HM_FN_op_hasprefix_cs, TEXT, false },
	{ "!hasprefix", HM_FN_op_not_hasprefix, TEXT, false },
	{ "!hasprefix_cs", HM_FN_op_not_hasprefix_cs, TEXT, false },
	{ "hassuffix", HM_FN_op_hassuffix, TEXT, false },
	{ "hassuffix_cs", HM_FN_op_hassuffix_cs, TEXT, false },
	{ "!hassuffix", HM_FN_op_not_hassuffix, TEXT, false },
	{ "!hassuffix_cs", HM_FN_op_not_hassuffix_cs, TEXT, false },
	{ "contains", HM_FN_op_contains, TEXT, false },
	{ "contains_cs", HM_FN_op_contains_cs, TEXT, false },
	{ "containscs", HM_FN_op_contains_cs, TEXT, false },
	{ "!contains", HM_FN_op_not_contains, TEXT, false },
	{ "!contains_cs", HM_FN_op_not_contains_cs, TEXT, false },
	{ "notcontains", HM_FN_op_not_contains, TEXT, false },
	{ "startswith", HM_FN_op_startswith, TEXT, false },
	{ "startswith_cs", HM_FN_op_startswith_cs, TEXT, false },
	{ "!startswith", HM_FN_op_not_startswith, TEXT, false },
	{ "!startswith_cs", HM_FN_op_not_startswith_cs, TEXT, false },
	{ "endswith", HM_FN_op_endswith, TEXT, false },
	{ "endswith_cs", HM_FN_op_endswith_cs, TEXT, false },
	{ "!endswith", HM_FN_op_not_endswith, TEXT, false },
	{ "!endswith_cs", HM_FN_op_not_endswith_cs, TEXT, false },
	{ "like", HM_FN_op_like, TEXT, false }, { "likecs", HM_FN_op_like_cs, TEXT, false },
	{ "notlike", HM_FN_op_not_like, TEXT, false },
	{ "notlikecs", HM_FN_op_not_like_cs, TEXT, false },
	{ "matches", HM_FN_op_matches_regex, TEXT, false },
	{ ":", HM_FN_op_has, TEXT, false },
	{ "=", HM_FN_op_eq, EQUAL, false },
};
/* clang-format on */

/* Two signs are operators in some places only. */
static bool allowed(const struct hm_parser *p, const char *word)
{
	if (word[0] == ':')
		return p->searching;
	return word[0] != '=' || word[1] != 0 || p->filtering;
}

static const struct operator_row *operator_at(const struct hm_parser *p)
{
	const struct hm_word *word = hm_ahead(p, 0);

	if (word->kind != HM_WORD_SIGN && word->kind != HM_WORD_NAME)
		return NULL;
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (word->text.at[0] == (uint8_t)operators[i].word[0] &&
		    hm_is(word->text, operators[i].word))
			return allowed(p, operators[i].word) ? &operators[i] : NULL;
	return NULL;
}

static struct hm_ast *op_new(struct hm_parser *p, enum hm_fn fn,
			     const struct hm_ast *left)
{
	struct hm_ast *node = hm_ast_new(p, HM_AST_OP);

	node->fn = fn;
	node->word = hm_ahead(p, 0)->text;
	node->span.at = left->span.at;
	return node;
}

static struct hm_asts kids_of(struct hm_parser *p, struct hm_ast *a, struct hm_ast *b)
{
	struct hm_ast_list list = { 0 };

	hm_ast_add(p, &list, a);
	if (b)
		hm_ast_add(p, &list, b);
	return list.list;
}

/* Between: left 'between' '(' Expr '..' Expr ')' */
static struct hm_ast *parse_between(struct hm_parser *p, struct hm_ast *left)
{
	const bool plain = hm_at_name(p, "between");
	struct hm_ast *node =
		op_new(p, plain ? HM_FN_op_between : HM_FN_op_not_between, left);
	struct hm_ast_list kids = { 0 };

	hm_next(p);
	hm_want_sign(p, "(");
	hm_ast_add(p, &kids, left);
	hm_ast_add(p, &kids, hm_parse_expr(p));
	hm_want_sign(p, "..");
	hm_ast_add(p, &kids, hm_parse_expr(p));
	hm_want_sign(p, ")");
	node->kids = kids.list;
	hm_ast_end(p, node);
	return node;
}

/* List: '(' Pipe (',' Pipe)* ')' */
static struct hm_asts parse_candidates(struct hm_parser *p, struct hm_ast *left)
{
	struct hm_ast_list list = { 0 };

	hm_ast_add(p, &list, left);
	hm_want_sign(p, "(");
	do
		hm_ast_add(p, &list, hm_parse_pipe(p));
	while (hm_take_sign(p, ","));
	hm_want_sign(p, ")");
	return list.list;
}

/*
 * Expr: Unary (Operator Unary)*, by the table above.  Equality and order do not chain:
 * a == b == c is no expression, as in Kusto.
 */
static struct hm_ast *parse_level(struct hm_parser *p, enum level least)
{
	struct hm_ast *left = hm_parse_unary(p);
	const struct operator_row *row;
	enum level most = LEVELS;

	for (;;) {
		if (least <= EQUAL && most >= EQUAL &&
		    (hm_at_name(p, "between") || hm_at_name(p, "!between"))) {
			left = parse_between(p, left);
			most = AND;
			continue;
		}
		row = operator_at(p);
		if (!row || row->level < least || row->level > most)
			return left;
		struct hm_ast *node = op_new(p, row->fn, left);

		hm_next(p);
		if (row->fn == HM_FN_op_matches_regex)
			hm_want_name(p, "regex");
		hm_enter(p->fault, node->mark);
		if (row->list)
			node->kids = parse_candidates(p, left);
		else
			node->kids = kids_of(p, left, parse_level(p, row->level + 1));
		hm_leave(p->fault);
		hm_ast_end(p, node);
		left = node;
		most = row->level == EQUAL || row->level == ORDER ? row->level - 1
								  : row->level;
	}
}

struct hm_ast *hm_parse_expr(struct hm_parser *p)
{
	struct hm_ast *node;

	hm_enter(p->fault, hm_ahead(p, 0)->span);
	node = parse_level(p, OR);
	hm_leave(p->fault);
	return node;
}

/* Words that Kusto takes for a name only in brackets: ['first']. */
static const char *const reserved[] = {
	"and",          "anomalychart",   "areachart",
	"asc",          "bagexpansion",   "barchart",
	"between",      "boolean",        "byte",
	"callout",      "cancel",         "card",
	"char",         "columnchart",    "contains_cs",
	"containscs",   "cycles",         "dataexport",
	"datascope",    "date",           "datetime",
	"decimal",      "decodeblocks",   "desc",
	"double",       "dynamic",        "endswith",
	"endswith_cs",  "expandoutput",   "external_data",
	"first",        "flags",          "float",
	"harddelete",   "has_all",        "has_any",
	"has_cs",       "hasprefix",      "hasprefix_cs",
	"hassuffix",    "hassuffix_cs",   "hotcache",
	"int",          "int16",          "int32",
	"int64",        "int8",           "isfuzzy",
	"journal",      "kind",           "ladderchart",
	"last",         "like",           "likecs",
	"linechart",    "long",           "matches",
	"missing",      "nooptimization", "notcontains",
	"notlike",      "notlikecs",      "or",
	"others",       "pathformat",     "piechart",
	"pivotchart",   "project",        "queries",
	"real",         "regex",          "relaxed",
	"scatterchart", "seal",           "seals",
	"shards",       "simple",         "stackedareachart",
	"startswith",   "startswith_cs",  "statistics",
	"string",       "time",           "timechart",
	"timeline",     "timepivot",      "timespan",
	"treemap",      "uint",           "uint16",
	"uint32",       "uint64",         "uint8",
	"ulong",        "union",          "uniqueid",
	"views",        "with_itemindex", "withsource",
};

/* ... and those that may be declared, yet not used without brackets. */
static const char *const operators_only[] = { "by", "contains", "has",   "in",
					      "of", "to",       "where", "as" };

static bool is_among(hm_bytes word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (word.at[0] == (uint8_t)words[i][0] && hm_is(word, words[i]))
			return true;
	return false;
}

static void check_reserved(struct hm_parser *p, const struct hm_word *word, bool used)
{
	const bool taken =
		is_among(word->text, reserved, sizeof(reserved) / sizeof(reserved[0])) ||
		(used && is_among(word->text, operators_only,
				  sizeof(operators_only) / sizeof(char *)));

	if (taken)
		hm_refuse(
			p->fault, word->span, "KS228",
			"The name '%.*s' needs to be bracketed as ['%.*s'] to be used in "
			"this context.",
			HM_SHOW(word->text), HM_SHOW(word->text));
}

/* Name: an identifier, or ['any text'] */
struct hm_ast *hm_parse_name(struct hm_parser *p)
{
	struct hm_ast *node = hm_ast_new(p, HM_AST_NAME);

	if (hm_take_sign(p, "[")) {
		const struct hm_word *word = hm_next(p);

		if (word->kind != HM_WORD_LITERAL || word->value.type != HM_SCALAR_STRING)
			hm_refuse(p->fault, word->span, "KS006", "Missing name");
		node->name = word->value.text;
		hm_want_sign(p, "]");
		hm_ast_end(p, node);
		return node;
	}
	if (hm_ahead(p, 0)->kind != HM_WORD_NAME || hm_ahead(p, 0)->text.at[0] == '!')
		hm_refuse(p->fault, hm_ahead(p, 0)->span, "KS006", "Missing name");
	check_reserved(p, hm_ahead(p, 0), false);
	node->name = hm_next(p)->text;
	return node;
}

/* Word: an identifier, were it a keyword: the value or the name of an option */
struct hm_ast *hm_parse_word(struct hm_parser *p)
{
	struct hm_ast *node = hm_ast_new(p, HM_AST_NAME);

	if (hm_ahead(p, 0)->kind != HM_WORD_NAME)
		hm_refuse(p->fault, hm_ahead(p, 0)->span, "KS006", "Missing name");
	node->name = hm_next(p)->text;
	return node;
}

/* Argument: '*' | [Name '='] Pipe */
static struct hm_ast *parse_argument(struct hm_parser *p)
{
	struct hm_ast *node = hm_ast_new(p, HM_AST_STAR);

	if (hm_take_sign(p, "*"))
		return node;
	if (hm_ahead(p, 0)->kind == HM_WORD_NAME && hm_is(hm_ahead(p, 1)->text, "=")) {
		node->kind = HM_AST_NAMED;
		node->by = kids_of(p, hm_parse_name(p), NULL);
		hm_want_sign(p, "=");
		node->on = hm_parse_pipe(p);
		hm_ast_end(p, node);
		return node;
	}
	return hm_parse_pipe(p);
}

/* Call: Name '(' [Argument (',' Argument)*] ')' */
struct hm_ast *hm_parse_call(struct hm_parser *p, const struct hm_word *name)
{
	struct hm_ast *node = hm_ast_new(p, HM_AST_CALL);
	struct hm_ast_list args = { 0 };

	node->name = name->text;
	node->span.at = name->span.at;
	node->mark = name->span;
	hm_want_sign(p, "(");
	if (!hm_at_sign(p, ")"))
		do
			hm_ast_add(p, &args, parse_argument(p));
		while (hm_take_sign(p, ","));
	hm_want_sign(p, ")");
	node->kids = args.list;
	hm_ast_end(p, node);
	return node;
}

/* Group: '(' Pipe ')' */
struct hm_ast *hm_parse_group(struct hm_parser *p)
{
	const struct hm_span open = hm_ahead(p, 0)->span;
	struct hm_ast *node;

	hm_want_sign(p, "(");
	node = hm_parse_pipe(p);
	hm_want_sign(p, ")");
	node->span.at = open.at;
	hm_ast_end(p, node);
	return node;
}

/* Client parameter: '{' Name '}', which a portal fills in before it asks Kusto */
static struct hm_ast *parse_client(struct hm_parser *p)
{
	struct hm_ast *node = hm_ast_new(p, HM_AST_CLIENT);

	hm_want_sign(p, "{");
	node->name = hm_parse_name(p)->name;
	hm_want_sign(p, "}");
	hm_ast_end(p, node);
	return node;
}

/* Primary: Literal | Source | Call | Name | Group */
static struct hm_ast *parse_primary(struct hm_parser *p)
{
	const struct hm_word *word = hm_ahead(p, 0);
	struct hm_ast *node = hm_parse_literal(p);

	if (node)
		return node;
	if (word->kind == HM_WORD_SIGN) {
		if (hm_is(word->text, "("))
			return hm_parse_group(p);
		if (hm_is(word->text, "["))
			return hm_parse_name(p);
		if (hm_is(word->text, "{"))
			return parse_client(p);
		if (hm_is(word->text, "*")) { /* where * has "x" */
			node = hm_ast_new(p, HM_AST_STAR);
			hm_next(p);
			return node;
		}
	}
	if (word->kind != HM_WORD_NAME || word->text.at[0] == '!')
		hm_refuse(p->fault, word->span, "KS006", "Missing expression");
	node = hm_parse_source(p);
	if (node)
		return node;
	if (hm_is(hm_ahead(p, 1)->text, "(") && hm_ahead(p, 1)->kind == HM_WORD_SIGN)
		return hm_parse_call(p, hm_next(p));
	check_reserved(p, word, true);
	return hm_parse_name(p);
}

/* Member: Path '.' (Name | Call) */
static struct hm_ast *parse_member(struct hm_parser *p, struct hm_ast *of)
{
	struct hm_ast *node = hm_ast_new(p, HM_AST_MEMBER);
	const struct hm_word *word = hm_ahead(p, 0);

	node->span.at = of->span.at;
	if (hm_at_sign(p, "[")) { /* d.[0] is d[0] */
		hm_next(p);
		node->kind = HM_AST_INDEX;
		node->kids = kids_of(p, of, hm_parse_expr(p));
		hm_want_sign(p, "]");
	} else if (word->kind == HM_WORD_NAME && hm_is(hm_ahead(p, 1)->text, "(") &&
		   hm_ahead(p, 1)->kind == HM_WORD_SIGN) {
		node->kids = kids_of(p, of, hm_parse_call(p, hm_next(p)));
		node->name = node->kids.at[1]->name;
	} else {
		node->kids = kids_of(p, of, NULL);
		node->name = hm_parse_name(p)->name;
	}
	hm_ast_end(p, node);
	return node;
}

/* Path: Primary ('.' Member | '[' Expr ']')* */
static struct hm_ast *parse_path(struct hm_parser *p)
{
	struct hm_ast *node = parse_primary(p);
	unsigned length = 0;

	while (hm_at_sign(p, ".") || hm_at_sign(p, "[")) {
		hm_enter(p->fault, hm_ahead(p, 0)->span);
		length++;
		if (hm_take_sign(p, ".")) {
			node = parse_member(p, node);
			continue;
		}
		struct hm_ast *index = hm_ast_new(p, HM_AST_INDEX);

		hm_want_sign(p, "[");
		index->span.at = node->span.at;
		index->kids = kids_of(p, node, hm_parse_expr(p));
		hm_want_sign(p, "]");
		hm_ast_end(p, index);
		node = index;
	}
	while (length-- > 0)
		hm_leave(p->fault);
	return node;
}

/* Unary: ('-' | '+') Unary | Path */
struct hm_ast *hm_parse_unary(struct hm_parser *p)
{
	struct hm_ast *node, *of;

	if (hm_take_sign(p, "+"))
		return hm_parse_unary(p);
	if (!hm_at_sign(p, "-"))
		return parse_path(p);
	node = hm_ast_new(p, HM_AST_OP);
	node->fn = HM_FN_op_neg;
	node->word = hm_next(p)->text;
	hm_enter(p->fault, node->span);
	of = hm_parse_unary(p);
	hm_leave(p->fault);
	if (of->kind == HM_AST_LITERAL && of->value.type == HM_SCALAR_LONG &&
	    of->value.whole != INT64_MIN) {
		of->value.whole = -of->value.whole;
		of->span.at = node->span.at;
		return of;
	}
	node->kids = kids_of(p, of, NULL);
	hm_ast_end(p, node);
	return node;
}

/* Whether '(' Name (',' Name)* ')' '=' stands here. */
static bool at_names(const struct hm_parser *p)
{
	size_t i = 1;

	if (!hm_at_sign(p, "("))
		return false;
	while (hm_ahead(p, i)->kind == HM_WORD_NAME &&
	       hm_is(hm_ahead(p, i + 1)->text, ","))
		i += 2;
	return hm_ahead(p, i)->kind == HM_WORD_NAME &&
	       hm_is(hm_ahead(p, i + 1)->text, ")") &&
	       hm_ahead(p, i + 2)->kind == HM_WORD_SIGN &&
	       hm_is(hm_ahead(p, i + 2)->text, "=");
}

/* Whether Name '=' or ['name'] '=' stands here. */
static bool at_name(const struct hm_parser *p)
{
	const size_t i = hm_at_sign(p, "[") ? 3 : 1;
	const struct hm_word *sign = hm_ahead(p, i);

	if (i == 1 && hm_ahead(p, 0)->kind != HM_WORD_NAME)
		return false;
	return sign->kind == HM_WORD_SIGN && hm_is(sign->text, "=");
}

/* Named: [(Name | '(' Name (',' Name)* ')') '='] Expr */
struct hm_ast *hm_parse_named(struct hm_parser *p)
{
	struct hm_ast *node;

	if (!at_names(p) && !at_name(p))
		return hm_parse_expr(p);
	node = hm_ast_new(p, HM_AST_NAMED);
	if (hm_take_sign(p, "(")) {
		node->by = hm_parse_list(p, hm_parse_name);
		hm_want_sign(p, ")");
	} else {
		node->by = kids_of(p, hm_parse_name(p), NULL);
	}
	hm_want_sign(p, "=");
	node->on = hm_parse_expr(p);
	hm_ast_end(p, node);
	return node;
}
