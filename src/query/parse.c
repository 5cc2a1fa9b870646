/* SPDX-License-Identifier: MIT */
#include "query/parse.h"

#include <string.h>

#include "query/parser.h"

const struct hm_word *hm_ahead(const struct hm_parser *p, size_t ahead)
{
	return &p->words[p->at + ahead < p->count ? p->at + ahead : p->count - 1];
}

const struct hm_word *hm_next(struct hm_parser *p)
{
	const struct hm_word *word = hm_ahead(p, 0);

	p->at += p->at < p->count - 1;
	return word;
}

bool hm_at_sign(const struct hm_parser *p, const char *sign)
{
	const struct hm_word *word = hm_ahead(p, 0);

	return word->kind == HM_WORD_SIGN && hm_is(word->text, sign);
}

bool hm_at_name(const struct hm_parser *p, const char *name)
{
	const struct hm_word *word = hm_ahead(p, 0);

	return word->kind == HM_WORD_NAME && hm_is(word->text, name);
}

bool hm_take_sign(struct hm_parser *p, const char *sign)
{
	const bool found = hm_at_sign(p, sign);

	p->at += found;
	return found;
}

bool hm_take_name(struct hm_parser *p, const char *name)
{
	const bool found = hm_at_name(p, name);

	p->at += found;
	return found;
}

void hm_expected(struct hm_parser *p, const char *what)
{
	hm_refuse(p->fault, hm_ahead(p, 0)->span, "KS005", "Expected: %s", what);
}

void hm_want_sign(struct hm_parser *p, const char *sign)
{
	if (!hm_take_sign(p, sign))
		hm_expected(p, sign);
}

void hm_want_name(struct hm_parser *p, const char *name)
{
	if (!hm_take_name(p, name))
		hm_expected(p, name);
}

struct hm_ast *hm_ast_new(struct hm_parser *p, enum hm_ast_kind kind)
{
	struct hm_ast *node = hm_new(p->fault->arena, struct hm_ast);

	node->kind = kind;
	node->span = node->mark = hm_ahead(p, 0)->span;
	return node;
}

void hm_ast_end(struct hm_parser *p, struct hm_ast *node)
{
	const struct hm_span last = p->words[p->at > 0 ? p->at - 1 : 0].span;

	if (last.at + last.len > node->span.at)
		node->span.len = last.at + last.len - node->span.at;
}

void hm_ast_add(struct hm_parser *p, struct hm_ast_list *l, struct hm_ast *node)
{
	if (l->list.count == l->room) {
		const size_t room = l->room ? l->room * 2 : 4;
		struct hm_ast **more = hm_new_n(p->fault->arena, struct hm_ast *, room);

		if (l->list.count > 0)
			memcpy(more, l->list.at, l->list.count * sizeof(struct hm_ast *));
		l->list.at = more;
		l->room = room;
	}
	l->list.at[l->list.count++] = node;
}

/* rule (',' rule)* */
struct hm_asts hm_parse_list(struct hm_parser *p,
			     struct hm_ast *(*rule)(struct hm_parser *))
{
	struct hm_ast_list list = { 0 };

	do
		hm_ast_add(p, &list, rule(p));
	while (hm_take_sign(p, ","));
	return list.list;
}

/* Type: a scalar type's name. */
enum hm_scalar hm_parse_type(struct hm_parser *p)
{
	enum hm_scalar type = HM_SCALAR_UNKNOWN;

	const struct hm_word *word = hm_next(p);

	if (word->kind != HM_WORD_NAME || !hm_scalar_declared(word->text, &type))
		hm_refuse(p->fault, word->span, "KS160",
			  "The name '%.*s' is not a valid type name that can be used "
			  "here: bool, int, long, real, decimal, string, datetime, "
			  "timespan, guid or dynamic.",
			  HM_SHOW(word->text));
	return type;
}

/* Decl: Name ':' (Type | '(' ('*' | Decls) ')') ['=' Literal] */
static struct hm_ast *parse_decl(struct hm_parser *p)
{
	struct hm_ast *decl = hm_ast_new(p, HM_AST_DECL);

	if (hm_take_sign(p, "*")) {
		decl->kind = HM_AST_STAR;
		return decl;
	}
	decl->name = hm_parse_name(p)->name;
	hm_ast_end(p, decl);
	hm_want_sign(p, ":");
	if (hm_at_sign(p, "(")) {
		decl->by = hm_parse_decls(p);
	} else {
		decl->typed = true;
		decl->type = hm_parse_type(p);
	}
	if (hm_take_sign(p, "="))
		decl->on = hm_parse_unary(p);
	return decl;
}

/* Decls: '(' [Decl (',' Decl)* [',']] ')' */
struct hm_asts hm_parse_decls(struct hm_parser *p)
{
	struct hm_ast_list list = { 0 };

	hm_want_sign(p, "(");
	hm_enter(p->fault, hm_ahead(p, 0)->span);
	while (!hm_at_sign(p, ")")) {
		hm_ast_add(p, &list, parse_decl(p));
		if (!hm_take_sign(p, ","))
			break;
	}
	hm_leave(p->fault);
	hm_want_sign(p, ")");
	return list.list;
}

/* Whether '(' ... ')' '{' stands here: the beginning of a function. */
static bool at_function(const struct hm_parser *p)
{
	size_t depth = 0;

	for (size_t i = 0; p->at + i < p->count; i++) {
		const struct hm_word *word = hm_ahead(p, i);

		if (word->kind != HM_WORD_SIGN)
			continue;
		depth += hm_is(word->text, "(");
		if (!hm_is(word->text, ")"))
			continue;
		if (--depth == 0)
			return hm_ahead(p, i + 1)->kind == HM_WORD_SIGN &&
			       hm_is(hm_ahead(p, i + 1)->text, "{");
	}
	return false;
}

/* Function: ['view'] Decls '{' Block '}' */
static struct hm_ast *parse_function(struct hm_parser *p)
{
	struct hm_ast *node = hm_ast_new(p, HM_AST_FUNCTION);

	node->flag = hm_take_name(p, "view");
	node->by = hm_parse_decls(p);
	hm_want_sign(p, "{");
	node->on = hm_parse_block(p, true);
	hm_want_sign(p, "}");
	hm_ast_end(p, node);
	return node;
}

/* Let: 'let' Name '=' (Function | Pipe) */
static struct hm_ast *parse_let(struct hm_parser *p)
{
	struct hm_ast *let = hm_ast_new(p, HM_AST_LET);
	struct hm_ast *name;

	hm_want_name(p, "let");
	name = hm_parse_name(p);
	let->name = name->name;
	let->mark = name->span;
	hm_want_sign(p, "=");
	if ((hm_at_sign(p, "(") && at_function(p)) ||
	    (hm_at_name(p, "view") && hm_is(hm_ahead(p, 1)->text, "(")))
		let->on = parse_function(p);
	else
		let->on = hm_parse_pipe(p);
	hm_ast_end(p, let);
	return let;
}

/* QueryParameters: 'declare' 'query_parameters' Decls; each with a default is as a let.
 */
static void parse_declare(struct hm_parser *p, struct hm_ast_list *statements)
{
	struct hm_asts decls;

	hm_want_name(p, "declare");
	if (!hm_take_name(p, "query_parameters"))
		hm_expected(p, "query_parameters");
	decls = hm_parse_decls(p);
	for (size_t i = 0; i < decls.count; i++) {
		if (!decls.at[i]->on)
			hm_refuse(
				p->fault, decls.at[i]->span, "HM001",
				"hallmark runs queries without parameters: '%.*s' needs "
				"a default.",
				HM_SHOW(decls.at[i]->name));
		decls.at[i]->kind = HM_AST_LET;
		hm_ast_add(p, statements, decls.at[i]);
	}
}

/* Set: 'set' Name ['=' Literal]: options of the service.  None changes a result, but for
 * those of bin_auto, which are as a let of that name after a dollar sign. */
static void parse_set(struct hm_parser *p, struct hm_ast_list *statements)
{
	struct hm_ast *let = hm_ast_new(p, HM_AST_LET);
	hm_bytes name;

	hm_want_name(p, "set");
	name = hm_ahead(p, 0)->text;
	hm_parse_word(p);
	if (!hm_take_sign(p, "="))
		return;
	if (!hm_is(name, "query_bin_auto_size") && !hm_is(name, "query_bin_auto_at")) {
		hm_next(p);
		return;
	}
	let->name = hm_bytes_of(hm_format(p->fault->arena, "$%.*s", HM_SHOW(name)));
	let->on = hm_parse_unary(p);
	hm_ast_end(p, let);
	hm_ast_add(p, statements, let);
}

static void refuse_statement(struct hm_parser *p)
{
	static const char *const words[] = { "alias", "pattern", "restrict" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (hm_at_name(p, words[i]) && hm_ahead(p, 1)->kind == HM_WORD_NAME)
			hm_refuse(p->fault, hm_ahead(p, 0)->span, "HM001",
				  "hallmark does not support the statement '%s'.",
				  words[i]);
}

/* Statement: Let | Set | QueryParameters | Pipe */
static void parse_statement(struct hm_parser *p, struct hm_ast_list *statements)
{
	const bool named =
		hm_ahead(p, 1)->kind == HM_WORD_NAME || hm_is(hm_ahead(p, 1)->text, "[");

	if (hm_at_name(p, "let") && named)
		hm_ast_add(p, statements, parse_let(p));
	else if (hm_at_name(p, "set") && named)
		parse_set(p, statements);
	else if (hm_at_name(p, "declare") && named)
		parse_declare(p, statements);
	else
		hm_ast_add(p, statements, (refuse_statement(p), hm_parse_pipe(p)));
}

/* Block: Statement (';' Statement)* [';'] */
struct hm_ast *hm_parse_block(struct hm_parser *p, bool braces)
{
	struct hm_ast *block = hm_ast_new(p, HM_AST_BLOCK);
	struct hm_ast_list list = { 0 };

	hm_enter(p->fault, block->span);
	while (hm_ahead(p, 0)->kind != HM_WORD_END && !(braces && hm_at_sign(p, "}"))) {
		parse_statement(p, &list);
		if (!hm_take_sign(p, ";"))
			break;
	}
	hm_leave(p->fault);
	block->kids = list.list;
	hm_ast_end(p, block);
	return block;
}

struct hm_ast *hm_parse(struct hm_fault *f)
{
	struct hm_parser p = { .fault = f };
	struct hm_ast *block;

	p.words = hm_lex(f, &p.count);
	block = hm_parse_block(&p, false);
	if (hm_ahead(&p, 0)->kind != HM_WORD_END) {
		const struct hm_word *word = hm_ahead(&p, 0);

		hm_refuse(f, word->span, "KS198",
			  "The incomplete fragment is unexpected: %.*s",
			  HM_SHOW(word->text));
	}
	if (block->kids.count == 0)
		hm_refuse(f, block->span, "KS006", "Missing expression");
	return block;
}
