/* SPDX-License-Identifier: MIT */
/* json.c: see json.h.  Reading is iterative: depth costs a stack of pointers. */
#include "base/json.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"

static void skip_space(struct hm_cur *c)
{
	for (;;) {
		uint8_t byte = hm_peek(c);

		if (byte != ' ' && byte != '\t' && byte != '\n' && byte != '\r')
			return;
		hm_take(c, 1, "white space");
	}
}

static void read_escape(struct hm_cur *c)
{
	uint8_t escape = hm_u8(c, "escape");

	if (escape != 'u') {
		hm_rule(c, escape != 0 && strchr("\"\\/bfnrt", escape) != NULL,
			"escape is one of \"\\/bfnrtu");
		return;
	}
	uint8_t two[2];
	hm_rule(c, hm_unhex(hm_take(c, 4, "\\u"), two, 2), "\\u has four hex digits");
}

/* What lies between the quotes; the first of them is read. */
static hm_bytes read_string(struct hm_cur *c, bool *escaped)
{
	struct hm_cur begin = *c;

	*escaped = false;
	while (c->err == HM_OK) {
		hm_take_plain(c);
		uint8_t byte = hm_u8(c, "string");

		if (byte == '"')
			return hm_take(&begin, hm_tell(c) - hm_tell(&begin) - 1,
				       "string");
		hm_rule(c, byte >= 0x20, "no control character in a string");
		if (byte == '\\') {
			*escaped = true;
			read_escape(c);
		}
	}
	return (hm_bytes){ 0 };
}

static void read_digits(struct hm_cur *c)
{
	hm_rule(c, hm_peek(c) >= '0' && hm_peek(c) <= '9', "a digit");
	while (hm_peek(c) >= '0' && hm_peek(c) <= '9')
		hm_take(c, 1, "digit");
}

static hm_bytes read_number(struct hm_cur *c)
{
	struct hm_cur begin = *c;

	if (hm_peek(c) == '-')
		hm_take(c, 1, "sign");
	if (hm_peek(c) == '0')
		hm_take(c, 1, "zero");
	else
		read_digits(c);
	if (hm_peek(c) == '.') {
		hm_take(c, 1, "point");
		read_digits(c);
	}
	if (hm_peek(c) == 'e' || hm_peek(c) == 'E') {
		hm_take(c, 1, "exponent");
		if (hm_peek(c) == '+' || hm_peek(c) == '-')
			hm_take(c, 1, "sign");
		read_digits(c);
	}
	return hm_take(&begin, hm_tell(c) - hm_tell(&begin), "number");
}

static void read_word(struct hm_cur *c, struct hm_json *out)
{
	static const struct {
		const char *word;
		enum hm_json_kind kind;
	} words[] = { { "null", HM_JSON_NULL },
		      { "false", HM_JSON_FALSE },
		      { "true", HM_JSON_TRUE } };

	for (size_t i = 0; i < 3; i++) {
		struct hm_cur ahead = *c;

		if (!hm_is(hm_take(&ahead, strlen(words[i].word), "word"), words[i].word))
			continue;
		*c = ahead;
		out->kind = words[i].kind;
		return;
	}
	hm_fail(c, HM_EFORMAT, "a JSON value");
}

/* A value that holds no other, or the opening of one that does. */
static void read_head(struct hm_cur *c, struct hm_json *out)
{
	switch (hm_peek(c)) {
	case '{': out->kind = HM_JSON_OBJECT; break;
	case '[': out->kind = HM_JSON_ARRAY; break;
	case '"':
		hm_take(c, 1, "quote");
		out->kind = HM_JSON_STRING;
		out->text = read_string(c, &out->escaped);
		break;
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9':
		out->kind = HM_JSON_NUMBER;
		out->text = read_number(c);
		break;
	default: read_word(c, out);
	}
}

static void read_name(struct hm_cur *c, struct hm_json *member)
{
	skip_space(c);
	hm_rule(c, hm_u8(c, "member name") == '"', "a member begins with its name");
	member->key = read_string(c, &member->key_escaped);
	skip_space(c);
	hm_rule(c, hm_u8(c, "colon") == ':', "a colon follows the name");
}

/* An array or object being read. */
struct level {
	struct hm_json *node, *last;
	struct hm_cur begin;
};

static bool at_close(struct hm_cur *c, const struct level *top)
{
	skip_space(c);
	return hm_peek(c) == (top->node->kind == HM_JSON_OBJECT ? '}' : ']');
}

/*
 * Who looks for a layout asks an object of 60 members for names that it mostly does not
 * have.  256 bits tell which names it may have, by their length, first and last byte.
 */
enum { NAME_BITS = 256, FEW_MEMBERS = 8 };

static unsigned name_bit(hm_bytes name)
{
	unsigned first = hm_at8(name, 0), last = hm_at8(name, name.len - 1);

	return ((unsigned)name.len * 37 + first * 5 + last * 11) % NAME_BITS;
}

static bool may_have(const struct hm_json *object, hm_bytes name)
{
	unsigned bit = name_bit(name);

	return object->names == NULL || (object->names[bit / 64] >> bit % 64 & 1) != 0;
}

static void note_names(struct hm_json *object, struct hm_arena *a)
{
	uint64_t *names = hm_new_n(a, uint64_t, NAME_BITS / 64);

	for (const struct hm_json *m = object->first; m != NULL; m = m->next) {
		unsigned bit = name_bit(m->key);

		names[bit / 64] |= UINT64_C(1) << bit % 64;
	}
	object->names = names;
}

static void finish(struct hm_cur *c, struct level *top, struct hm_arena *a)
{
	hm_take(c, 1, "closing bracket");
	top->node->text =
		hm_take(&top->begin, hm_tell(c) - hm_tell(&top->begin), "value");
	if (top->node->kind == HM_JSON_OBJECT && top->node->count > FEW_MEMBERS)
		note_names(top->node, a);
}

static struct hm_json *read_child(struct hm_cur *c, struct hm_arena *a, struct level *top)
{
	struct hm_json *child = hm_new(a, struct hm_json);

	if (top->last != NULL)
		hm_rule(c, hm_u8(c, "comma") == ',', "a comma between values");
	if (top->node->kind == HM_JSON_OBJECT)
		read_name(c, child);
	skip_space(c);
	if (top->last != NULL)
		top->last->next = child;
	else
		top->node->first = child;
	top->last = child;
	top->node->count++;
	return child;
}

static bool holds_others(const struct hm_json *node)
{
	return node->kind == HM_JSON_ARRAY || node->kind == HM_JSON_OBJECT;
}

struct hm_json *hm_json_read(struct hm_cur *c, struct hm_arena *a)
{
	struct level stack[HM_MAX_JSON_DEPTH];
	struct hm_json *root = hm_new(a, struct hm_json), *node = root;
	size_t depth = 0;

	skip_space(c);
	while (c->err == HM_OK) {
		struct hm_cur begin = *c;

		read_head(c, node);
		if (holds_others(node) && depth == HM_MAX_JSON_DEPTH) {
			hm_fail(c, HM_ELIMIT, "depth");
			break;
		}
		if (holds_others(node)) {
			hm_take(c, 1, "opening bracket");
			stack[depth++] = (struct level){ .node = node, .begin = begin };
		}
		while (depth != 0 && c->err == HM_OK && at_close(c, &stack[depth - 1]))
			finish(c, &stack[--depth], a);
		if (depth == 0)
			break;
		node = read_child(c, a, &stack[depth - 1]);
	}
	skip_space(c);
	return c->err == HM_OK ? root : NULL;
}

const struct hm_json *hm_json_get(const struct hm_json *object, const char *name)
{
	const struct hm_json *found = NULL;
	hm_bytes key = hm_bytes_of(name);

	if (object == NULL || object->kind != HM_JSON_OBJECT || !may_have(object, key))
		return NULL;
	for (const struct hm_json *m = object->first; m != NULL; m = m->next)
		if (!m->key_escaped && hm_same(m->key, key))
			found = m;
	return found;
}

const struct hm_json *hm_json_get_kind(const struct hm_json *object, const char *name,
				       enum hm_json_kind kind)
{
	const struct hm_json *found = hm_json_get(object, name);

	return found != NULL && found->kind == kind ? found : NULL;
}

const struct hm_json *hm_json_get_nocase(const struct hm_json *object, const char *name)
{
	const struct hm_json *found = NULL;

	if (object == NULL || object->kind != HM_JSON_OBJECT)
		return NULL;
	for (const struct hm_json *m = object->first; m != NULL; m = m->next)
		if (!m->key_escaped && hm_is_nocase(m->key, name))
			found = m;
	return found;
}

/* The four hex digits of \u, which were checked when the text was read. */
static uint32_t unit_of(struct hm_cur *c)
{
	uint8_t two[2] = { 0 };

	hm_rule(c, hm_unhex(hm_take(c, 4, "\\u"), two, 2), "\\u has four hex digits");
	return (uint32_t)two[0] << 8 | two[1];
}

static void decode_unicode(struct hm_cur *c, struct hm_buf *b)
{
	uint32_t code = unit_of(c);
	struct hm_cur ahead = *c;

	if (code >= 0xd800 && code < 0xdc00 && hm_u8(&ahead, "\\") == '\\' &&
	    hm_u8(&ahead, "u") == 'u') {
		uint32_t low = unit_of(&ahead);

		if (ahead.err == HM_OK && low >= 0xdc00 && low < 0xe000) {
			code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
			*c = ahead;
		}
	}
	hm_put_utf8(b, code);
}

static void decode_escape(struct hm_cur *c, struct hm_buf *b)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	uint8_t escape = hm_u8(c, "escape");
	const char *named = escape != 0 ? strchr(from, escape) : NULL;

	if (escape == 'u')
		decode_unicode(c, b);
	else
		hm_put_u8(b, named != NULL ? (uint8_t)to[named - from] : escape);
}

/* Decoding never lengthens a text: \u and six bytes make at most three. */
static hm_bytes decode(hm_bytes text, bool escaped, struct hm_arena *a)
{
	if (!escaped)
		return text;

	struct hm_buf b = { .at = hm_alloc(a, 1, text.len),
			    .cap = text.len,
			    .max = text.len };
	struct hm_cur c = hm_cur_of(text);
	while (hm_more(&c)) {
		hm_put(&b, hm_take_plain(&c));
		if (!hm_more(&c))
			break;
		/* a quote or a control character was refused when the text was read */
		if (hm_u8(&c, "backslash") == '\\')
			decode_escape(&c, &b);
	}
	return hm_buf_bytes(&b);
}

hm_bytes hm_json_string(const struct hm_json *node, struct hm_arena *a)
{
	if (node == NULL || node->kind != HM_JSON_STRING)
		return (hm_bytes){ 0 };
	return decode(node->text, node->escaped, a);
}

hm_bytes hm_json_key(const struct hm_json *member, struct hm_arena *a)
{
	return decode(member->key, member->key_escaped, a);
}

bool hm_json_int(const struct hm_json *node, int64_t *out)
{
	if (node == NULL || node->kind != HM_JSON_NUMBER || node->text.len == 0)
		return false;

	struct hm_cur c = hm_cur_of(node->text);
	bool negative = hm_peek(&c) == '-';
	int64_t value = 0;
	if (negative)
		hm_take(&c, 1, "sign");
	while (hm_more(&c)) {
		int digit = hm_u8(&c, "digit") - '0';

		if (digit < 0 || digit > 9)
			return false;
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_sub_overflow(value, digit, &value))
			return false;
	}
	/* counted downwards, where one more value fits */
	if (!negative && value == INT64_MIN)
		return false;
	*out = negative ? value : -value;
	return true;
}

struct hm_json_out hm_json_out_of(struct hm_buf *buf)
{
	return (struct hm_json_out){ .buf = buf };
}

static void begin_value(struct hm_json_out *o)
{
	if (o->after)
		hm_put_u8(o->buf, ',');
	o->after = true;
}

void hm_json_open(struct hm_json_out *o, char bracket)
{
	begin_value(o);
	hm_put_u8(o->buf, (uint8_t)bracket);
	o->after = false;
}

void hm_json_close(struct hm_json_out *o, char bracket)
{
	hm_put_u8(o->buf, (uint8_t)bracket);
	o->after = true;
}

void hm_json_name(struct hm_json_out *o, hm_bytes name)
{
	begin_value(o);
	hm_put_json_string(o->buf, name);
	hm_put_u8(o->buf, ':');
	o->after = false;
}

void hm_json_put(struct hm_json_out *o, hm_bytes string)
{
	begin_value(o);
	hm_put_json_string(o->buf, string);
}

void hm_json_put_int(struct hm_json_out *o, int64_t value)
{
	begin_value(o);
	hm_putf(o->buf, "%lld", (long long)value);
}

void hm_json_put_bool(struct hm_json_out *o, bool value)
{
	begin_value(o);
	hm_put_str(o->buf, value ? "true" : "false");
}

void hm_json_put_null(struct hm_json_out *o)
{
	begin_value(o);
	hm_put_str(o->buf, "null");
}

void hm_json_put_raw(struct hm_json_out *o, hm_bytes text)
{
	begin_value(o);
	hm_put(o->buf, text);
}

void hm_json_member(struct hm_json_out *o, const char *name, hm_bytes string)
{
	hm_json_name(o, hm_bytes_of(name));
	hm_json_put(o, string);
}

void hm_json_member_str(struct hm_json_out *o, const char *name, const char *string)
{
	hm_json_member(o, name, hm_bytes_of(string));
}

void hm_json_member_int(struct hm_json_out *o, const char *name, int64_t value)
{
	hm_json_name(o, hm_bytes_of(name));
	hm_json_put_int(o, value);
}

void hm_json_member_bool(struct hm_json_out *o, const char *name, bool value)
{
	hm_json_name(o, hm_bytes_of(name));
	hm_json_put_bool(o, value);
}

/* The letter after the backslash for bytes with a short escape, else 0. */
static char short_escape(uint8_t byte)
{
	switch (byte) {
	case '"': return '"';
	case '\\': return '\\';
	case '\b': return 'b';
	case '\f': return 'f';
	case '\n': return 'n';
	case '\r': return 'r';
	case '\t': return 't';
	default: return 0;
	}
}

static void put_odd(struct hm_buf *b, struct hm_cur *c)
{
	uint32_t code = hm_utf8_next(c);
	char letter = code < 0x80 ? short_escape((uint8_t)code) : 0;

	if (letter != 0) {
		hm_put_u8(b, '\\');
		hm_put_u8(b, (uint8_t)letter);
	} else if (code < 0x20 || code == 0x7f) {
		hm_putf(b, "\\u%04x", code);
	} else {
		hm_put_utf8(b, code);
	}
}

void hm_put_json_string(struct hm_buf *b, hm_bytes string)
{
	struct hm_cur c = hm_cur_of(string);

	hm_put_u8(b, '"');
	while (hm_more(&c)) {
		struct hm_cur begin = c;
		uint8_t byte = hm_peek(&c);

		while (hm_more(&c) && byte >= 0x20 && byte < 0x7f && byte != '"' &&
		       byte != '\\') {
			hm_take(&c, 1, "string");
			byte = hm_peek(&c);
		}
		hm_put(b, hm_take(&begin, hm_tell(&c) - hm_tell(&begin), "string"));
		if (hm_more(&c))
			put_odd(b, &c);
	}
	hm_put_u8(b, '"');
}
