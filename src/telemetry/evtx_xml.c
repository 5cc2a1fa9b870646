/* SPDX-License-Identifier: MIT */
#include "telemetry/evtx_xml.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"

/* MS-EVEN6 2.2.12.2; bit 0x40, "more follows", is masked off. */
enum token {
	TOKEN_EOF = 0x00,
	TOKEN_OPEN = 0x01,
	TOKEN_CLOSE_START = 0x02,
	TOKEN_CLOSE_EMPTY = 0x03,
	TOKEN_END = 0x04,
	TOKEN_VALUE = 0x05,
	TOKEN_ATTRIBUTE = 0x06,
	TOKEN_CDATA = 0x07,
	TOKEN_CHAR = 0x08,
	TOKEN_ENTITY = 0x09,
	TOKEN_PI_TARGET = 0x0a,
	TOKEN_PI_DATA = 0x0b,
	TOKEN_TEMPLATE = 0x0c,
	TOKEN_SUBSTITUTION = 0x0d,
	TOKEN_OPTIONAL = 0x0e,
	TOKEN_FRAGMENT = 0x0f,
};

enum { TOKEN_MORE = 0x40, VALUE_STRING = 0x01, VALUE_BINXML = 0x21 };

/* Units of text that cost as much as one token: names can be long and used often. */
enum { UNITS_A_STEP = 8 };

struct reader {
	struct hm_xml_source *source;
	struct hm_cur *c;
	bool in_template;
	/* the elements that are open, outermost first */
	struct hm_xml_node *open[HM_MAX_EVTX_DEPTH];
	size_t depth;
	struct hm_xml_node *attribute; /* whose value is being read, or NULL */
	struct hm_xml_list roots;
};

static void append(struct hm_xml_list *list, struct hm_xml_node *node)
{
	if (list->last != NULL)
		list->last->next = node;
	else
		list->first = node;
	list->last = node;
}

static struct hm_xml_node *add(struct reader *r, enum hm_xml_kind kind, hm_bytes text)
{
	struct hm_xml_node *node = hm_new(r->source->arena, struct hm_xml_node);

	node->kind = kind;
	node->text = text;
	if (r->attribute != NULL)
		append(&r->attribute->children, node);
	else if (r->depth != 0)
		append(&r->open[r->depth - 1]->children, node);
	else
		append(&r->roots, node);
	return node;
}

static void spend(struct reader *r, size_t steps)
{
	if (steps <= *r->source->steps)
		*r->source->steps -= (uint32_t)steps;
	else
		hm_fail(r->c, HM_ELIMIT, "work for one chunk");
}

/* UTF-8 in the arena: a unit of UTF-16 makes at most three bytes. */
static hm_bytes keep_utf16(struct reader *r, hm_bytes utf16)
{
	spend(r, utf16.len / (2 * UNITS_A_STEP));
	if (r->c->err != HM_OK)
		return (hm_bytes){ 0 };

	size_t most = utf16.len / 2 * 3;
	struct hm_buf b = { .at = hm_alloc(r->source->arena, 1, most),
			    .cap = most,
			    .max = most };

	hm_put_utf16le(&b, utf16);
	return hm_buf_bytes(&b);
}

/* u16 count of units, then so many */
static hm_bytes read_text(struct reader *r, const char *field)
{
	uint64_t units = hm_u16le(r->c, field);

	return keep_utf16(r, hm_take(r->c, units * 2, field));
}

/* u32 next in its bucket, u16 hash, u16 count of units, units, u16 0 */
static hm_bytes read_name_at(struct hm_cur *c)
{
	hm_take(c, 6, "name's links");
	uint64_t units = hm_u16le(c, "name's length");
	hm_bytes name = hm_take(c, units * 2, "name");

	hm_take(c, 2, "name's end");
	return name;
}

/* A name stands where it is used first in the chunk, and is referred to from then on. */
static hm_bytes read_name(struct reader *r)
{
	struct hm_cur there = hm_cur_of(r->source->chunk);
	uint32_t at = hm_u32le(r->c, "name's offset");
	bool here = at == r->c->pos;

	if (here)
		return keep_utf16(r, read_name_at(r->c));
	hm_seek(&there, at, "name's offset");
	hm_bytes name = read_name_at(&there);
	hm_join(r->c, &there);
	return keep_utf16(r, name);
}

static void open_element(struct reader *r, bool has_attributes)
{
	if (r->in_template)
		hm_u16le(r->c, "dependency id");
	hm_u32le(r->c, "element's size");
	r->attribute = NULL;
	struct hm_xml_node *element = add(r, HM_XML_ELEMENT, read_name(r));
	if (has_attributes)
		hm_u32le(r->c, "attributes' size");
	if (r->depth == HM_MAX_EVTX_DEPTH) {
		hm_fail(r->c, HM_ELIMIT, "depth of elements");
		return;
	}
	r->open[r->depth++] = element;
}

static void close_element(struct reader *r)
{
	hm_rule(r->c, r->depth != 0, "an element ends that was open");
	r->attribute = NULL;
	if (r->depth != 0)
		r->depth--;
}

static void open_attribute(struct reader *r)
{
	hm_rule(r->c, r->depth != 0, "an attribute has an element");
	if (r->depth == 0)
		return;
	struct hm_xml_node *attribute = hm_new(r->source->arena, struct hm_xml_node);
	attribute->kind = HM_XML_ELEMENT;
	attribute->text = read_name(r);
	append(&r->open[r->depth - 1]->attributes, attribute);
	r->attribute = attribute;
}

static void read_value(struct reader *r)
{
	if (hm_u8(r->c, "value's type") != VALUE_STRING)
		hm_fail(r->c, HM_EUNSUP, "a value in the text that is no string");
	add(r, HM_XML_TEXT, read_text(r, "string"));
}

static void read_substitution(struct reader *r)
{
	struct hm_xml_node *value = add(r, HM_XML_VALUE, (hm_bytes){ 0 });

	value->slot = hm_u16le(r->c, "substitution");
	value->xml = hm_u8(r->c, "substitution's type") == VALUE_BINXML;
}

static void read_char(struct reader *r)
{
	hm_bytes unit = hm_take(r->c, 2, "character reference");

	add(r, HM_XML_TEXT, keep_utf16(r, unit));
}

static void read_entity(struct reader *r)
{
	static const struct {
		const char *name, *text;
	} entities[] = { { "lt", "<" },
			 { "gt", ">" },
			 { "amp", "&" },
			 { "quot", "\"" },
			 { "apos", "'" } };
	hm_bytes name = read_name(r);

	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
		if (!hm_is(name, entities[i].name))
			continue;
		add(r, HM_XML_TEXT, hm_bytes_of(entities[i].text));
		return;
	}
	/* one that nothing here declares stays as it is written */
	add(r, HM_XML_TEXT, hm_bytes_of("&"));
	add(r, HM_XML_TEXT, name);
	add(r, HM_XML_TEXT, hm_bytes_of(";"));
}

static void read_instruction(struct reader *r)
{
	struct hm_xml_node *pi = add(r, HM_XML_INSTRUCTION, read_name(r));

	if (hm_peek(r->c) != TOKEN_PI_DATA)
		return;
	hm_u8(r->c, "token");
	struct hm_xml_node *data = hm_new(r->source->arena, struct hm_xml_node);
	data->kind = HM_XML_TEXT;
	data->text = read_text(r, "instruction's data");
	append(&pi->children, data);
}

/* One token; false at the end. */
static bool read_token(struct reader *r)
{
	uint8_t byte = hm_u8(r->c, "token");
	bool more = (byte & TOKEN_MORE) != 0;

	switch ((enum token)(byte & ~TOKEN_MORE)) {
	case TOKEN_EOF: return false;
	case TOKEN_OPEN: open_element(r, more); break;
	case TOKEN_CLOSE_START: r->attribute = NULL; break;
	case TOKEN_CLOSE_EMPTY:
	case TOKEN_END: close_element(r); break;
	case TOKEN_VALUE: read_value(r); break;
	case TOKEN_ATTRIBUTE: open_attribute(r); break;
	case TOKEN_CDATA: add(r, HM_XML_TEXT, read_text(r, "CDATA")); break;
	case TOKEN_CHAR: read_char(r); break;
	case TOKEN_ENTITY: read_entity(r); break;
	case TOKEN_PI_TARGET: read_instruction(r); break;
	case TOKEN_SUBSTITUTION:
	case TOKEN_OPTIONAL: read_substitution(r); break;
	case TOKEN_FRAGMENT: hm_take(r->c, 3, "fragment header"); break;
	case TOKEN_TEMPLATE:
		hm_fail(r->c, HM_EUNSUP, "a template inside an element");
		break;
	case TOKEN_PI_DATA:
	default: hm_fail(r->c, HM_EFORMAT, "a token of binary XML"); break;
	}
	return true;
}

struct hm_xml_list hm_xml_read(struct hm_xml_source *s, struct hm_cur *c,
			       bool in_template)
{
	struct reader r = { .source = s, .c = c, .in_template = in_template };

	while (hm_more(c) && read_token(&r))
		spend(&r, 1);
	hm_rule(c, r.depth == 0, "every element ends");
	return r.roots;
}
