/* SPDX-License-Identifier: MIT */
/* Kusto's lexical rules: reference grammar KqlTokens.g4, kql.md B2.15 and B3.23. */
#include "query/lex.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "query/literal.h"

struct lexer {
	struct hm_fault *fault;
	hm_bytes text;
	size_t at;
	struct hm_word *words;
	size_t count, room;
};

static uint8_t peek(const struct lexer *l, size_t ahead)
{
	return l->at + ahead < l->text.len ? l->text.at[l->at + ahead] : 0;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

static bool is_part(uint8_t c)
{
	return is_letter(c) || is_digit(c);
}

static hm_bytes slice(const struct lexer *l, size_t from, size_t to)
{
	return (hm_bytes){ l->text.at + from, to - from };
}

static struct hm_span span_of(size_t from, size_t to)
{
	return (struct hm_span){ (uint32_t)from, (uint32_t)(to - from) };
}

static struct hm_word *add(struct lexer *l, enum hm_word_kind kind, size_t from)
{
	struct hm_word *word;

	if (l->count == l->room) {
		struct hm_word *more =
			hm_new_n(l->fault->arena, struct hm_word, l->room * 2);

		memcpy(more, l->words, l->count * sizeof(*more));
		l->words = more;
		l->room *= 2;
	}
	word = &l->words[l->count++];
	word->kind = kind;
	word->span = span_of(from, l->at);
	word->text = slice(l, from, l->at);
	return word;
}

/* Bytes of a space that web pages and editors leave behind: no-break spaces, those of
 * U+2000 to U+200F, line separators, the ideographic space, the byte order mark. */
static size_t wide_blank(const struct lexer *l)
{
	const uint8_t a = peek(l, 0), b = peek(l, 1), c = peek(l, 2);

	if (a == 0xC2 && (b == 0xA0 || b == 0x85))
		return 2;
	if (a == 0xE2 && b == 0x80 && (c <= 0x8F || c == 0xA8 || c == 0xA9 || c == 0xAF))
		return c >= 0x80 ? 3 : 0;
	if ((a == 0xE2 && b == 0x81 && (c == 0x9F || c == 0xA0)) ||
	    (a == 0xE3 && b == 0x80 && c == 0x80) ||
	    (a == 0xEF && b == 0xBB && c == 0xBF))
		return 3;
	return 0;
}

static void skip_blank(struct lexer *l)
{
	for (;;) {
		const uint8_t c = peek(l, 0);

		if (l->at < l->text.len && (c == ' ' || (c >= '\t' && c <= '\r'))) {
			l->at++;
		} else if (wide_blank(l)) {
			l->at += wide_blank(l);
		} else if (c == '/' && peek(l, 1) == '/') {
			while (l->at < l->text.len && peek(l, 0) != '\n')
				l->at++;
		} else {
			return;
		}
	}
}

static void put_string(struct lexer *l, size_t from, hm_bytes value)
{
	struct hm_word *word = add(l, HM_WORD_LITERAL, from);

	word->value = (struct hm_value){ .type = HM_SCALAR_STRING, .text = value };
}

static void unclosed(struct lexer *l, const char *quote)
{
	hm_refuse(l->fault, span_of(l->at, l->at), "KS001", "Missing: %s", quote);
}

/* ```any text``` and ~~~any text~~~ */
static void lex_long_string(struct lexer *l, size_t from)
{
	const uint8_t fence = peek(l, 0);
	size_t start;

	l->at += 3;
	start = l->at;
	while (l->at < l->text.len &&
	       !(peek(l, 0) == fence && peek(l, 1) == fence && peek(l, 2) == fence))
		l->at++;
	if (l->at >= l->text.len)
		unclosed(l, fence == '`' ? "```" : "~~~");
	l->at += 3;
	put_string(l, from, slice(l, start, l->at - 3));
}

/* @"..." in which only the quote is special: doubled. */
static void lex_verbatim(struct lexer *l, size_t from)
{
	const uint8_t quote = peek(l, 1);
	size_t start, len = 0;
	uint8_t *out;

	l->at += 2;
	start = l->at;
	while (l->at < l->text.len && !(peek(l, 0) == quote && peek(l, 1) != quote))
		l->at += peek(l, 0) == quote ? 2 : 1;
	if (l->at >= l->text.len)
		unclosed(l, quote == '"' ? "\"" : "'");
	out = hm_new_n(l->fault->arena, uint8_t, l->at - start + 1);
	for (size_t i = start; i < l->at; i++) {
		out[len++] = l->text.at[i];
		i += l->text.at[i] == quote;
	}
	l->at++;
	put_string(l, from, (hm_bytes){ out, len });
}

static unsigned hex_digit(uint8_t c)
{
	if (is_digit(c))
		return c - '0';
	c = hm_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10u : 16;
}

/* Up to most digits of base; refuses where there is none. */
static uint32_t escape_number(struct lexer *l, unsigned base, unsigned least,
			      unsigned most)
{
	uint32_t code = 0;
	unsigned n = 0;

	while (n < most && hex_digit(peek(l, 0)) < base) {
		code = code * base + hex_digit(peek(l, 0));
		l->at++;
		n++;
	}
	if (n < least)
		hm_refuse(l->fault, span_of(l->at, l->at + 1), "KS001",
			  "Malformed escape in a string.");
	return code;
}

static uint32_t lex_escape(struct lexer *l)
{
	static const char plain[] = "abfnrtv\\\"'?";
	static const char means[] = "\a\b\f\n\r\t\v\\\"'?";
	const uint8_t c = peek(l, 1);
	const char *found = c ? strchr(plain, c) : NULL;

	if (is_digit(c) && c < '8') {
		l->at += 1;
		return escape_number(l, 8, 1, 3);
	}
	l->at += 2;
	if (found)
		return (uint8_t)means[found - plain];
	if (c == 'x')
		return escape_number(l, 16, 1, 2);
	if (c == 'u')
		return escape_number(l, 16, 4, 4);
	if (c == 'U')
		return escape_number(l, 16, 8, 8);
	hm_refuse(l->fault, span_of(l->at - 2, l->at), "KS001",
		  "'\\%c' is no escape of a string; write @\"...\" or \\\\.",
		  c >= ' ' && c < 0x7F ? c : '?');
}

/* A code unit of \u may be half of a pair: the other half must follow. */
static uint32_t join_surrogates(struct lexer *l, uint32_t code)
{
	if (code >= 0xD800 && code < 0xDC00 && peek(l, 0) == '\\' && peek(l, 1) == 'u') {
		const uint32_t low = lex_escape(l);

		if (low >= 0xDC00 && low < 0xE000)
			return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
	}
	return code;
}

static size_t put_code(uint8_t *out, uint32_t code)
{
	if (code < 0x80) {
		out[0] = (uint8_t)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (uint8_t)(0xC0 | code >> 6);
		out[1] = (uint8_t)(0x80 | (code & 0x3F));
		return 2;
	}
	if (code >= 0x10000 && code < 0x110000) {
		out[0] = (uint8_t)(0xF0 | code >> 18);
		out[1] = (uint8_t)(0x80 | (code >> 12 & 0x3F));
		out[2] = (uint8_t)(0x80 | (code >> 6 & 0x3F));
		out[3] = (uint8_t)(0x80 | (code & 0x3F));
		return 4;
	}
	if (code >= 0x10000 || (code >= 0xD800 && code < 0xE000))
		code = 0xFFFD;
	out[0] = (uint8_t)(0xE0 | code >> 12);
	out[1] = (uint8_t)(0x80 | (code >> 6 & 0x3F));
	out[2] = (uint8_t)(0x80 | (code & 0x3F));
	return 3;
}

/* The offset of the quote that ends the string begun before from. */
static size_t string_end(struct lexer *l, size_t from, uint8_t quote)
{
	size_t i = from;

	while (i < l->text.len && l->text.at[i] != quote && l->text.at[i] != '\n')
		i += l->text.at[i] == '\\' && i + 1 < l->text.len ? 2 : 1;
	if (i >= l->text.len || l->text.at[i] != quote) {
		l->at = i < l->text.len ? i : l->text.len;
		unclosed(l, quote == '"' ? "\"" : "'");
	}
	return i;
}

/* "..." or '...' with C's escapes, on one line.  No escape is shorter than the
 * UTF-8 that it stands for. */
static void lex_string(struct lexer *l, size_t from)
{
	const uint8_t quote = peek(l, 0);
	const size_t start = ++l->at, end = string_end(l, start, quote);
	size_t len = 0;
	uint8_t *out;

	if (!memchr(l->text.at + start, '\\', end - start)) {
		l->at = end + 1;
		put_string(l, from, slice(l, start, end));
		return;
	}
	out = hm_new_n(l->fault->arena, uint8_t, end - start + 4);
	while (l->at < end) {
		if (peek(l, 0) == '\\')
			len += put_code(out + len, join_surrogates(l, lex_escape(l)));
		else
			out[len++] = l->text.at[l->at++];
	}
	l->at = end + 1;
	put_string(l, from, (hm_bytes){ out, len });
}

/* A string with its prefixes, or false. */
static bool try_string(struct lexer *l)
{
	const size_t from = l->at;
	size_t skip = 0;

	if ((peek(l, 0) == 'h' || peek(l, 0) == 'H') &&
	    (peek(l, 1) == '"' || peek(l, 1) == '\'' || peek(l, 1) == '@'))
		skip = 1;
	if (peek(l, skip) == '@' &&
	    (peek(l, skip + 1) == '"' || peek(l, skip + 1) == '\'')) {
		l->at += skip;
		lex_verbatim(l, from);
		return true;
	}
	if (peek(l, skip) == '"' || peek(l, skip) == '\'') {
		l->at += skip;
		lex_string(l, from);
		return true;
	}
	if ((peek(l, 0) == '`' || peek(l, 0) == '~') && peek(l, 1) == peek(l, 0) &&
	    peek(l, 2) == peek(l, 0)) {
		lex_long_string(l, from);
		return true;
	}
	return false;
}

/* Names with hyphens.  No other name has one: a-b is a difference. */
static const char *const hyphened[] = {
	"assert-schema",
	"graph-to-table",
	"graph-match",
	"graph-merge",
	"graph-where-edges",
	"graph-where-nodes",
	"graph-mark-components",
	"graph-shortest-paths",
	"make-graph",
	"make-series",
	"macro-expand",
	"mv-apply",
	"mv-expand",
	"parse-kv",
	"parse-where",
	"project-away",
	"project-by-names",
	"project-keep",
	"project-rename",
	"project-reorder",
	"project-smart",
	"sample-distinct",
	"top-hitters",
	"top-nested",
	"execute-and-cache",
	"partition-by",
};

static size_t hyphened_len(const struct lexer *l)
{
	size_t best = 0;

	for (size_t i = 0; i < sizeof(hyphened) / sizeof(hyphened[0]); i++) {
		const hm_bytes word = hm_bytes_of(hyphened[i]);

		if (word.len > best && l->text.len - l->at >= word.len &&
		    memcmp(l->text.at + l->at, word.at, word.len) == 0 &&
		    !is_part(peek(l, word.len)))
			best = word.len;
	}
	return best;
}

/* Names after which ( begins a literal that has rules of its own. */
static bool is_literal_type(hm_bytes name)
{
	static const char *const types[] = { "datetime", "date",    "time", "timespan",
					     "guid",     "uuid",    "int",  "long",
					     "real",     "double",  "bool", "boolean",
					     "decimal",  "uniqueid" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (hm_is(name, types[i]))
			return true;
	return false;
}

static void lex_typed(struct lexer *l, size_t from, hm_bytes type)
{
	const size_t start = ++l->at;
	struct hm_word *word;
	hm_bytes text;

	while (l->at < l->text.len && peek(l, 0) != ')')
		l->at++;
	if (l->at >= l->text.len)
		unclosed(l, ")");
	l->at++;
	word = add(l, HM_WORD_LITERAL, from);
	text = hm_trim(slice(l, start, l->at - 1));
	if (!hm_literal_of(l->fault->arena, type, text, &word->value))
		hm_refuse(l->fault, word->span, "KS002", "'%.*s' is no %.*s.",
			  HM_SHOW(text), HM_SHOW(type));
}

static void lex_name(struct lexer *l)
{
	const size_t from = l->at, hyphen = hyphened_len(l);
	hm_bytes name;

	if (hyphen > 0)
		l->at += hyphen;
	else
		while (is_part(peek(l, 0)))
			l->at++;
	name = slice(l, from, l->at);
	if (peek(l, 0) == '(' && is_literal_type(name)) {
		lex_typed(l, from, name);
		return;
	}
	if (peek(l, 0) == '~' && hm_is(name, "in"))
		l->at++;
	add(l, HM_WORD_NAME, from);
}

/* !in, !in~, !has_cs...: one word. */
static bool try_negation(struct lexer *l)
{
	const size_t from = l->at;

	if (peek(l, 0) != '!' || !is_letter(peek(l, 1)))
		return false;
	l->at++;
	while (is_part(peek(l, 0)))
		l->at++;
	if (peek(l, 0) == '~' && hm_is(slice(l, from, l->at), "!in"))
		l->at++;
	add(l, HM_WORD_NAME, from);
	return true;
}

static size_t digits(struct lexer *l)
{
	const size_t from = l->at;

	while (is_digit(peek(l, 0)))
		l->at++;
	return l->at - from;
}

/* The exponent of a real, if one stands here whole. */
static bool exponent(struct lexer *l)
{
	const size_t sign = peek(l, 1) == '+' || peek(l, 1) == '-' ? 1 : 0;

	if (hm_lower(peek(l, 0)) != 'e' || !is_digit(peek(l, 1 + sign)))
		return false;
	l->at += 1 + sign;
	digits(l);
	return true;
}

/* A number, a timespan such as 1.5h, or a name that begins with a digit. */
static void lex_number(struct lexer *l)
{
	const size_t from = l->at;
	bool real = false;
	struct hm_value value;

	if (peek(l, 0) == '0' && hm_lower(peek(l, 1)) == 'x' &&
	    hex_digit(peek(l, 2)) < 16) {
		l->at += 2;
		while (hex_digit(peek(l, 0)) < 16)
			l->at++;
	} else {
		digits(l);
		if (peek(l, 0) == '.' && peek(l, 1) != '.' && !is_letter(peek(l, 1))) {
			real = true;
			l->at++;
			digits(l);
		}
		real |= exponent(l);
	}
	while (is_part(peek(l, 0)))
		l->at++;
	if (hm_number_of(l->fault->arena, slice(l, from, l->at), real, &value))
		add(l, HM_WORD_LITERAL, from)->value = value;
	else
		add(l, HM_WORD_NAME, from);
}

static void lex_sign(struct lexer *l)
{
	static const char *const signs[] = { "==", "=~", "=>", "!=", "!~",
					     "<>", "<=", ">=", ".." };
	const size_t from = l->at;

	if (l->text.at[from] == '#')
		hm_refuse(
			l->fault, span_of(from, from + 1), "KS250",
			"A line that begins with # is a directive, and unknown; comments "
			"begin with //.");
	l->at++;
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (l->text.at[from] == (uint8_t)signs[i][0] &&
		    peek(l, 0) == (uint8_t)signs[i][1]) {
			l->at++;
			break;
		}
	if (!strchr("=!<>.+-*/%|,;:()[]{}", l->text.at[from]) || l->text.at[from] == 0)
		hm_refuse(l->fault, span_of(from, l->at), "KS002", "Unexpected: %.*s",
			  l->text.at[from] > ' ' && l->text.at[from] < 0x7F ? 1 : 0,
			  (const char *)l->text.at + from);
	add(l, HM_WORD_SIGN, from);
}

struct hm_word *hm_lex(struct hm_fault *f, size_t *count)
{
	struct lexer l = { .fault = f, .text = f->text, .room = 64 + f->text.len / 4 };

	if (f->text.len > HM_MAX_KQL_BYTES)
		hm_refuse(f, (struct hm_span){ 0, 0 }, "HM002",
			  "The query is longer than %d bytes.", HM_MAX_KQL_BYTES);
	l.words = hm_new_n(f->arena, struct hm_word, l.room);
	for (skip_blank(&l); l.at < l.text.len; skip_blank(&l)) {
		if (try_string(&l) || try_negation(&l))
			continue;
		if (is_digit(peek(&l, 0)))
			lex_number(&l);
		else if (is_letter(peek(&l, 0)))
			lex_name(&l);
		else
			lex_sign(&l);
	}
	add(&l, HM_WORD_END, l.at);
	*count = l.count;
	return l.words;
}
