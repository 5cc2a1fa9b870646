/* SPDX-License-Identifier: MIT */
/* Literals and the tables that a query brings itself: dynamic(), typeof(), datatable,
 * externaldata. */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "query/literal.h"
#include "query/parser.h"

static void close_buf(void *buf)
{
	hm_buf_done(buf);
}

/* A buffer that the arena closes: a refusal may jump over its user. */
static struct hm_buf *buf_in(struct hm_arena *a)
{
	struct hm_buf *buf = hm_new(a, struct hm_buf);

	*buf = hm_buf_of((size_t)HM_MAX_KQL_BYTES * 8);
	hm_defer(a, close_buf, buf);
	return buf;
}

static void put_json(struct hm_parser *p, struct hm_buf *out);

/* Pairs of an object or elements of an array, up to the closing sign. */
static void put_members(struct hm_parser *p, struct hm_buf *out, bool object)
{
	const char *close = object ? "}" : "]";

	hm_put_str(out, object ? "{" : "[");
	hm_enter(p->fault, hm_ahead(p, 0)->span);
	while (!hm_at_sign(p, close)) {
		if (object) {
			const struct hm_word *key = hm_next(p);

			if (key->kind != HM_WORD_LITERAL ||
			    key->value.type != HM_SCALAR_STRING)
				hm_refuse(p->fault, key->span, "KS005", "Expected: }");
			hm_put_json_string(out, key->value.text);
			hm_want_sign(p, ":");
			hm_put_str(out, ":");
		}
		put_json(p, out);
		if (!hm_take_sign(p, ","))
			break;
		hm_put_str(out, ",");
		if (hm_at_sign(p, close))
			hm_refuse(p->fault, hm_ahead(p, 0)->span, "KS006",
				  "Missing json value");
	}
	hm_leave(p->fault);
	hm_want_sign(p, close);
	hm_put_str(out, close);
}

static void put_scalar(struct hm_parser *p, struct hm_buf *out,
		       const struct hm_word *word, bool minus)
{
	const struct hm_value *v = &word->value;
	char text[HM_TIME_TEXT];

	if (v->null) {
		hm_put_str(out, "null");
		return;
	}
	switch (v->type) {
	case HM_SCALAR_LONG:
	case HM_SCALAR_INT:
		hm_putf(out, "%s%lld", minus && v->whole != INT64_MIN ? "-" : "",
			(long long)v->whole);
		break;
	case HM_SCALAR_REAL:
		hm_put_str(out, minus ? "-" : "");
		if (word->text.at[word->text.len - 1] == '.')
			hm_putf(out, "%.17g", v->real);
		else
			hm_put(out, word->text);
		break;
	case HM_SCALAR_BOOL: hm_put_str(out, v->truth ? "true" : "false"); break;
	case HM_SCALAR_DATETIME:
		hm_put_json_string(out, hm_bytes_of(hm_time_text(v->whole, text)));
		break;
	case HM_SCALAR_TIMESPAN:
		hm_put_json_string(out, hm_timespan_text(p->fault->arena, v->whole));
		break;
	case HM_SCALAR_STRING:
	case HM_SCALAR_GUID:
	case HM_SCALAR_DECIMAL: hm_put_json_string(out, v->text); break;
	case HM_SCALAR_DYNAMIC:
	case HM_SCALAR_UNKNOWN: hm_put_str(out, "null"); break;
	}
}

/* Json: '{' [String ':' Json, ...] '}' | '[' [Json, ...] ']' | ['-'] Literal |
 * 'true' | 'false' | 'null' */
static void put_json(struct hm_parser *p, struct hm_buf *out)
{
	static const char *const words[] = { "true", "false", "null" };
	const struct hm_word *word = hm_ahead(p, 0);
	bool minus = false;

	if (hm_take_sign(p, "{")) {
		put_members(p, out, true);
		return;
	}
	if (hm_take_sign(p, "[")) {
		put_members(p, out, false);
		return;
	}
	if (hm_take_sign(p, "-")) {
		minus = true;
		word = hm_ahead(p, 0);
	} else {
		hm_take_sign(p, "+");
	}
	for (size_t i = 0; i < 3; i++)
		if (hm_take_name(p, words[i])) {
			hm_put_str(out, words[i]);
			return;
		}
	if (hm_at_name(p, "dynamic")) {
		hm_put(out, hm_parse_literal(p)->value.text);
		return;
	}
	if (word->kind != HM_WORD_LITERAL)
		hm_refuse(p->fault, word->span, "KS006", "Missing json value");
	if (word->value.type == HM_SCALAR_REAL && !word->value.null &&
	    isinf(word->value.real) && word->text.at[0] >= '0' && word->text.at[0] <= '9')
		hm_refuse(p->fault, word->span, "HM002",
			  "The number is past the range of real.");
	if (word->value.type == HM_SCALAR_STRING)
		hm_put_json_string(out, hm_parse_literal(p)->value.text);
	else
		put_scalar(p, out, hm_next(p), minus);
}

/* Dynamic: 'dynamic' '(' Json ')' */
static struct hm_ast *parse_dynamic(struct hm_parser *p)
{
	struct hm_ast *node = hm_ast_new(p, HM_AST_LITERAL);
	struct hm_buf *out = buf_in(p->fault->arena);

	hm_want_name(p, "dynamic");
	hm_want_sign(p, "(");
	node->value.type = HM_SCALAR_DYNAMIC;
	put_json(p, out);
	hm_want_sign(p, ")");
	if (out->err != HM_OK)
		hm_refuse(p->fault, node->span, "HM002",
			  "The dynamic literal is too large.");
	node->value.text = hm_keep(p->fault->arena, hm_buf_bytes(out));
	node->value.null = hm_is(node->value.text, "null");
	hm_buf_done(out);
	hm_ast_end(p, node);
	return node;
}

/* Typeof: 'typeof' '(' Type | Decl (',' Decl)* ')' */
struct hm_ast *hm_parse_typeof(struct hm_parser *p)
{
	struct hm_ast *node = hm_ast_new(p, HM_AST_TYPEOF);

	hm_want_name(p, "typeof");
	if (hm_is(hm_ahead(p, 2)->text, ":") || hm_is(hm_ahead(p, 1)->text, "*")) {
		node->by = hm_parse_decls(p);
	} else {
		hm_want_sign(p, "(");
		node->typed = true;
		node->type = hm_parse_type(p);
		hm_want_sign(p, ")");
	}
	hm_ast_end(p, node);
	return node;
}

/* Adjacent strings are one: "a" 'b'. */
static void join_strings(struct hm_parser *p, struct hm_value *value)
{
	const struct hm_word *word = hm_ahead(p, 0);

	while (word->kind == HM_WORD_LITERAL && word->value.type == HM_SCALAR_STRING) {
		const size_t len = value->text.len + word->value.text.len;
		uint8_t *both = hm_new_n(p->fault->arena, uint8_t, len + 1);

		if (value->text.len)
			memcpy(both, value->text.at, value->text.len);
		if (word->value.text.len)
			memcpy(both + value->text.len, word->value.text.at,
			       word->value.text.len);
		value->text = (hm_bytes){ both, len };
		hm_next(p);
		word = hm_ahead(p, 0);
	}
}

static bool is_bool(hm_bytes word, bool *truth)
{
	*truth = hm_is(word, "true") || hm_is(word, "True") || hm_is(word, "TRUE");
	return *truth || hm_is(word, "false") || hm_is(word, "False") ||
	       hm_is(word, "FALSE");
}

/* Literal: Number | String+ | Type '(' ... ')' | 'true' | 'false' | Dynamic | Typeof.
 * NULL where none stands here. */
struct hm_ast *hm_parse_literal(struct hm_parser *p)
{
	const struct hm_word *word = hm_ahead(p, 0);
	const bool called = hm_is(hm_ahead(p, 1)->text, "(");
	struct hm_ast *node;
	bool truth;

	if (word->kind == HM_WORD_NAME && called && hm_is(word->text, "dynamic"))
		return parse_dynamic(p);
	if (word->kind == HM_WORD_NAME && called && hm_is(word->text, "typeof"))
		return hm_parse_typeof(p);
	if (word->kind == HM_WORD_NAME && !called && is_bool(word->text, &truth)) {
		node = hm_ast_new(p, HM_AST_LITERAL);
		node->value = (struct hm_value){ .type = HM_SCALAR_BOOL, .truth = truth };
		hm_next(p);
		return node;
	}
	if (word->kind != HM_WORD_LITERAL)
		return NULL;
	node = hm_ast_new(p, HM_AST_LITERAL);
	node->value = word->value;
	if (word->value.type == HM_SCALAR_LONG && word->value.whole == INT64_MIN &&
	    (p->at == 0 || !hm_is(p->words[p->at - 1].text, "-")))
		hm_refuse(p->fault, word->span, "KS002", "The number is too large.");
	hm_next(p);
	if (node->value.type == HM_SCALAR_STRING)
		join_strings(p, &node->value);
	hm_ast_end(p, node);
	return node;
}

/* '[' [Unary (',' Unary)* [',']] ']' */
static struct hm_asts parse_values(struct hm_parser *p)
{
	struct hm_ast_list list = { 0 };

	hm_want_sign(p, "[");
	while (!hm_at_sign(p, "]")) {
		hm_ast_add(p, &list, hm_parse_unary(p));
		if (!hm_take_sign(p, ","))
			break;
	}
	hm_want_sign(p, "]");
	return list.list;
}

/* Param: Name ['.' Name]* '=' (Unary | '(' ... ')') */
static struct hm_ast *parse_property(struct hm_parser *p)
{
	struct hm_ast *node = hm_ast_new(p, HM_AST_NAMED);

	node->name = hm_parse_word(p)->name;
	hm_want_sign(p, "=");
	node->on = hm_parse_unary(p);
	hm_ast_end(p, node);
	return node;
}

/* Source: 'datatable' Decls Values
 *       | 'externaldata' Decls Values ['with' '(' Param (',' Param)* ')']
 * NULL where none stands here. */
struct hm_ast *hm_parse_source(struct hm_parser *p)
{
	const bool external =
		hm_at_name(p, "externaldata") || hm_at_name(p, "external_data");
	struct hm_ast *node;

	if ((!external && !hm_at_name(p, "datatable")) ||
	    !hm_is(hm_ahead(p, 1)->text, "("))
		return NULL;
	node = hm_ast_new(p, external ? HM_AST_EXTERNAL : HM_AST_DATATABLE);
	hm_next(p);
	node->by = hm_parse_decls(p);
	if (external && hm_at_sign(p, "(")) { /* externaldata(...)(URL), an old form */
		hm_next(p);
		node->kids = hm_parse_list(p, hm_parse_unary);
		hm_want_sign(p, ")");
	} else {
		node->kids = parse_values(p);
	}
	if (external && hm_take_name(p, "with")) {
		hm_want_sign(p, "(");
		node->params = hm_parse_list(p, parse_property);
		hm_want_sign(p, ")");
	}
	hm_ast_end(p, node);
	return node;
}
