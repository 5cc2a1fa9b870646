/* SPDX-License-Identifier: MIT */
/*
 * rt_xml.c: parse_xml, by the table of Kusto's documentation (parse_xml function):
 *
 *	<e/>                     {"e":null}
 *	<e>text</e>              {"e":"text"}
 *	<e name="v"/>            {"e":{"@name":"v"}}
 *	<e name="v">text</e>     {"e":{"@name":"v","#text":"text"}}
 *	<e><a>x</a><b>y</b></e>  {"e":{"a":"x","b":"y"}}
 *	<e><a>x</a><a>y</a></e>  {"e":{"a":["x","y"]}}
 *	<e>text<a>x</a></e>      {"e":{"#text":"text","a":"x"}}
 *
 * What is not well-formed is null, and so is a text longer than 128 kB.
 */
#include <string.h>

#include "query/rt_fn.h"

enum { MAX_XML_BYTES = 128 << 10, MAX_XML_DEPTH = 100 };

/* What an element holds: attributes, texts and elements, in order. */
struct member {
	hm_bytes name;  /* "@name", "#text", or the element's */
	hm_bytes value; /* JSON */
	struct member *next;
	bool done; /* written, with an earlier one of its name */
};

struct reading {
	struct hm_rt *rt;
	struct hm_cur c;
	bool failed;
	unsigned depth;
};

static bool at(struct reading *r, const char *text)
{
	struct hm_cur ahead = r->c;

	for (; *text != 0; text++)
		if (!hm_more(&ahead) || hm_u8(&ahead, "mark") != (uint8_t)*text)
			return false;
	return true;
}

static bool take(struct reading *r, const char *text)
{
	if (!at(r, text))
		return false;
	hm_take(&r->c, strlen(text), "mark");
	return true;
}

/* What stands before text, which is stepped over too. */
static hm_bytes until(struct reading *r, const char *text)
{
	struct hm_cur from = r->c;
	size_t len = 0;

	while (hm_more(&r->c) && !at(r, text)) {
		hm_u8(&r->c, "text");
		len++;
	}
	r->failed |= !take(r, text);
	return hm_take(&from, len, "text");
}

static bool is_space(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static void skip_space(struct reading *r)
{
	while (hm_more(&r->c) && is_space(hm_peek(&r->c)))
		hm_u8(&r->c, "space");
}

static hm_bytes read_name(struct reading *r)
{
	struct hm_cur from = r->c;
	size_t len = 0;

	while (hm_more(&r->c) && !is_space(hm_peek(&r->c)) &&
	       strchr("=/><\"'?!&", hm_peek(&r->c)) == NULL) {
		hm_u8(&r->c, "name");
		len++;
	}
	r->failed |= len == 0;
	return hm_take(&from, len, "name");
}

/* Comments, instructions and a document type say nothing. */
static bool skip_markup(struct reading *r)
{
	if (take(r, "<!--"))
		until(r, "-->");
	else if (take(r, "<?"))
		until(r, "?>");
	else if (at(r, "<!DOCTYPE"))
		until(r, ">");
	else
		return false;
	return true;
}

/* A digit of base 10 or 16; 99 where it is none. */
static uint32_t digit_of(uint8_t c, bool hex)
{
	if (c >= '0' && c <= '9')
		return (uint32_t)c - '0';
	c = (uint8_t)(c | 0x20);
	return hex && c >= 'a' && c <= 'f' ? (uint32_t)c - 'a' + 10 : 99;
}

/* &#65; &#x41; false where it is no character. */
static bool numbered(hm_bytes name, uint32_t *code)
{
	const bool hex = name.len > 2 && (name.at[1] == 'x' || name.at[1] == 'X');

	*code = 0;
	if (name.len < 2 || name.at[0] != '#')
		return false;
	for (size_t i = hex ? 2 : 1; i < name.len; i++) {
		const uint32_t digit = digit_of(name.at[i], hex);

		if (digit == 99 || *code > 0x10ffff)
			return false;
		*code = *code * (hex ? 16 : 10) + digit;
	}
	return *code > 0 && *code <= 0x10ffff && (*code < 0xd800 || *code > 0xdfff);
}

static void add_entity(struct reading *r, struct hm_rt_text *t, hm_bytes name)
{
	static const struct {
		const char *name;
		uint32_t code;
	} known[] = {
		{ "lt", '<' },   { "gt", '>' },    { "amp", '&' },
		{ "quot", '"' }, { "apos", '\'' },
	};
	uint32_t code;

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (hm_is(name, known[i].name)) {
			hm_rt_add_code(t, known[i].code);
			return;
		}
	if (numbered(name, &code))
		hm_rt_add_code(t, code);
	else
		r->failed = true;
}

/* Text with its entities replaced. */
static hm_bytes decoded(struct reading *r, hm_bytes raw)
{
	struct hm_rt_text t = hm_rt_text_of(r->rt);

	for (size_t i = 0; i < raw.len; i++) {
		size_t end = i + 1;

		if (raw.at[i] != '&') {
			hm_rt_add_u8(&t, raw.at[i]);
			continue;
		}
		while (end < raw.len && raw.at[end] != ';' && end - i < 12)
			end++;
		if (end == raw.len || raw.at[end] != ';')
			r->failed = true;
		else
			add_entity(r, &t, hm_part(raw, i + 1, end - i - 1));
		i = end;
	}
	return hm_rt_done(&t);
}

static hm_bytes trimmed(hm_bytes text)
{
	size_t from = 0, to = text.len;

	while (from < to && is_space(text.at[from]))
		from++;
	while (to > from && is_space(text.at[to - 1]))
		to--;
	return hm_part(text, from, to - from);
}

static hm_bytes as_json(struct reading *r, hm_bytes text)
{
	struct hm_rt_text t = hm_rt_text_of(r->rt);

	hm_rt_add_quoted(&t, text);
	return hm_rt_done(&t);
}

static struct member **append(struct reading *r, struct member **end, const char *prefix,
			      hm_bytes name, hm_bytes value)
{
	struct member *m = hm_new(&r->rt->row, struct member);
	struct hm_rt_text t = hm_rt_text_of(r->rt);

	hm_rt_add_str(&t, prefix);
	hm_rt_add(&t, name);
	m->name = hm_rt_done(&t);
	m->value = value;
	*end = m;
	return &m->next;
}

/* name="value" ... up to the end of the tag. */
static struct member **read_attributes(struct reading *r, struct member **end)
{
	for (skip_space(r); !r->failed && hm_more(&r->c) && !at(r, ">") && !at(r, "/>");
	     skip_space(r)) {
		const hm_bytes name = read_name(r);
		hm_bytes value = { 0 };

		skip_space(r);
		r->failed |= !take(r, "=");
		skip_space(r);
		if (take(r, "\""))
			value = until(r, "\"");
		else if (take(r, "'"))
			value = until(r, "'");
		else
			r->failed = true;
		end = append(r, end, "@", name, as_json(r, decoded(r, value)));
	}
	return end;
}

/* One member for all of a name: its value, or an array of them. */
static void write_member(struct hm_rt_text *t, struct member *m)
{
	bool several = false;

	for (const struct member *n = m->next; n != NULL; n = n->next)
		several |= hm_same(n->name, m->name);
	hm_rt_add_quoted(t, m->name);
	hm_rt_add_str(t, several ? ":[" : ":");
	hm_rt_add(t, m->value);
	for (struct member *n = m->next; n != NULL; n = n->next)
		if (hm_same(n->name, m->name)) {
			hm_rt_add_u8(t, ',');
			hm_rt_add(t, n->value);
			n->done = true;
		}
	hm_rt_add_str(t, several ? "]" : "");
}

static hm_bytes write_element(struct reading *r, struct member *members)
{
	struct hm_rt_text t = hm_rt_text_of(r->rt);
	const char *before = "{";

	if (members == NULL)
		return hm_bytes_of("null");
	if (members->next == NULL && hm_is(members->name, "#text"))
		return members->value;
	for (struct member *m = members; m != NULL; m = m->next) {
		if (m->done)
			continue;
		hm_rt_add_str(&t, before);
		write_member(&t, m);
		before = ",";
	}
	hm_rt_add_u8(&t, '}');
	return hm_rt_done(&t);
}

static hm_bytes read_element(struct reading *r, hm_bytes *name);

/* Texts and elements up to the closing tag. */
static void read_content(struct reading *r, struct member **end)
{
	while (!r->failed && !at(r, "</")) {
		struct hm_cur from = r->c;
		hm_bytes text = { 0 }, name, value;
		size_t len = 0;

		if (skip_markup(r))
			continue;
		if (take(r, "<![CDATA[")) {
			text = until(r, "]]>");
		} else if (at(r, "<")) {
			value = read_element(r, &name);
			end = append(r, end, "", name, value);
			continue;
		} else {
			while (hm_more(&r->c) && hm_peek(&r->c) != '<') {
				hm_u8(&r->c, "text");
				len++;
			}
			text = trimmed(decoded(r, hm_take(&from, len, "text")));
			r->failed |= !hm_more(&r->c);
		}
		if (text.len != 0)
			end = append(r, end, "#", hm_bytes_of("text"), as_json(r, text));
	}
}

/* An element at its '<': its name, and what it holds as JSON. */
static hm_bytes read_element(struct reading *r, hm_bytes *name)
{
	struct member *members = NULL, **end;

	*name = (hm_bytes){ 0 };
	r->failed |= ++r->depth > MAX_XML_DEPTH || !take(r, "<");
	if (r->failed)
		return *name;
	*name = read_name(r);
	end = read_attributes(r, &members);
	if (!take(r, "/>")) {
		r->failed |= !take(r, ">");
		read_content(r, end);
		r->failed |= !take(r, "</") || !hm_same(read_name(r), *name);
		skip_space(r);
		r->failed |= !take(r, ">");
	}
	r->depth--;
	return r->failed ? (hm_bytes){ 0 } : write_element(r, members);
}

HM_RT_FN(parse_xml)
{
	struct reading r = { .rt = rt, .c = hm_cur_of(arg[0].s) };
	struct hm_rt_text t = hm_rt_text_of(rt);
	hm_bytes name, value;

	(void)num;
	out->null = arg[0].s.len > MAX_XML_BYTES;
	for (skip_space(&r); !out->null && skip_markup(&r); skip_space(&r))
		out->null = r.failed;
	if (out->null)
		return;
	value = read_element(&r, &name);
	for (skip_space(&r); !r.failed && skip_markup(&r);)
		skip_space(&r);
	out->null = r.failed || hm_more(&r.c);
	if (out->null)
		return;
	hm_rt_add_u8(&t, '{');
	hm_rt_add_quoted(&t, name);
	hm_rt_add_u8(&t, ':');
	hm_rt_add(&t, value);
	hm_rt_add_u8(&t, '}');
	out->s = hm_rt_done(&t);
}
