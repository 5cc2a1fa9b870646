/* SPDX-License-Identifier: MIT */
/*
 * eventxml.c: [MS-EVEN6] 2.2.17 gives the schema of the event; XML 1.0 the syntax.
 *
 * One pass: elements are kept on a stack as a dotted path, text and attributes go
 * where the path says.
 */
#include "telemetry/eventxml.h"

#include "base/text.h"
#include "telemetry/convert.h"

enum { MAX_XML_DEPTH = 16, MAX_XML_FIELDS = 256 };

struct xml {
	struct hm_cur c;
	struct hm_arena *arena;
	hm_bytes names[MAX_XML_DEPTH]; /* of the open elements */
	size_t depth;
	hm_bytes data_name; /* Name of the open Data element */
	struct hm_buf text; /* of the open element */
	struct hm_record record;
	struct hm_field *fields;
	size_t num;
};

/* ---- characters ---- */

static bool is_name_byte(uint8_t byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '_' || byte == '-' ||
	       byte == '.' || byte == ':' || byte >= 0x80;
}

static bool is_space(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static void skip_space(struct hm_cur *c)
{
	while (is_space(hm_peek(c)))
		hm_take(c, 1, "white space");
}

static hm_bytes read_name(struct hm_cur *c)
{
	struct hm_cur begin = *c;

	while (is_name_byte(hm_peek(c)))
		hm_take(c, 1, "name");
	size_t len = hm_tell(c) - hm_tell(&begin);
	hm_rule(c, len != 0, "a name");
	return hm_take(&begin, len, "name");
}

/* "38" or "x26" */
static bool read_code(hm_bytes digits, int64_t *code)
{
	int64_t base = hm_at8(digits, 0) == 'x' ? 16 : 10;

	*code = 0;
	for (size_t i = base == 16; i < digits.len && *code <= 0x10ffff; i++) {
		uint8_t byte = hm_lower(hm_at8(digits, i));
		int value = byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : byte - '0';

		if (value < 0 || value >= base)
			return false;
		*code = *code * base + value;
	}
	return digits.len > (base == 16);
}

/* What stands between & and ; */
static void put_reference(struct hm_cur *c, struct hm_buf *out, hm_bytes name)
{
	static const struct {
		const char *name;
		uint8_t byte;
	} entities[] = { { "lt", '<' },
			 { "gt", '>' },
			 { "amp", '&' },
			 { "quot", '"' },
			 { "apos", '\'' } };
	int64_t code = 0;

	for (size_t i = 0; i < 5; i++) {
		if (!hm_is(name, entities[i].name))
			continue;
		hm_put_u8(out, entities[i].byte);
		return;
	}
	/* a character reference: "#38" or "#x26" */
	bool known = hm_at8(name, 0) == '#' &&
		     read_code(hm_part(name, 1, name.len - 1), &code);
	hm_rule(c, known && code >= 0 && code <= 0x10ffff, "an entity that XML defines");
	hm_put_utf8(out, (uint32_t)code);
}

/* Text up to one of two bytes, references resolved. */
static void read_text(struct xml *x, uint8_t end)
{
	struct hm_cur *c = &x->c;
	struct hm_buf *out = &x->text;

	while (hm_more(c) && hm_peek(c) != end && hm_peek(c) != '<') {
		if (hm_peek(c) != '&') {
			hm_put_u8(out, hm_u8(c, "text"));
			continue;
		}
		hm_take(c, 1, "&");
		struct hm_cur begin = *c;
		while (hm_more(c) && hm_peek(c) != ';' &&
		       hm_tell(c) - hm_tell(&begin) < 12)
			hm_take(c, 1, "reference");
		put_reference(c, out,
			      hm_take(&begin, hm_tell(c) - hm_tell(&begin), "reference"));
		hm_rule(c, hm_u8(c, "semicolon") == ';', "a reference ends with ;");
	}
}

/* ---- where things go ---- */

static void add_field(struct xml *x, hm_bytes name, hm_bytes text)
{
	hm_rule(&x->c, x->num < MAX_XML_FIELDS, "at most 256 values");
	if (x->c.err == HM_OK)
		x->fields[x->num++] = (struct hm_field){ .name = name, .text = text };
}

/* The open elements from the given level on, and a name below them. */
static hm_bytes path_from(struct xml *x, size_t level, hm_bytes below)
{
	struct hm_buf b = hm_buf_of(4096);

	for (; level < x->depth; level++) {
		hm_put(&b, x->names[level]);
		hm_put_u8(&b, '.');
	}
	hm_put(&b, below);
	if (below.len == 0 && b.len != 0)
		b.len--;
	hm_bytes path = hm_keep(x->arena, hm_buf_bytes(&b));
	hm_buf_done(&b);
	return path;
}

/* The level of UserData among the open elements, or depth where it is not open. */
static size_t user_data_level(const struct xml *x)
{
	size_t level = 0;

	while (level < x->depth && !hm_is(x->names[level], "UserData"))
		level++;
	return level;
}

static void take_attribute(struct xml *x, hm_bytes name, hm_bytes value)
{
	hm_bytes element = x->names[x->depth - 1];
	size_t level = user_data_level(x);

	if (level + 1 < x->depth && !hm_is(name, "xmlns"))
		add_field(x, path_from(x, level + 1, name), value);
	if (hm_is(element, "Data") && hm_is(name, "Name"))
		x->data_name = value;
	else if (hm_is(element, "Provider") && hm_is(name, "Name"))
		x->record.provider = value;
	else if (hm_is(element, "TimeCreated") && hm_is(name, "SystemTime"))
		x->record.time = hm_time_parse(value);
	else if (hm_is(element, "Security") && hm_is(name, "UserID"))
		x->record.user_sid = value;
	else if (hm_is(element, "Correlation") && hm_is(name, "ActivityID"))
		x->record.activity_id = value;
}

static void take_text(struct xml *x)
{
	hm_bytes element = x->names[x->depth - 1];
	hm_bytes parent = x->depth > 1 ? x->names[x->depth - 2] : (hm_bytes){ 0 };
	hm_bytes text = hm_keep(x->arena, hm_buf_bytes(&x->text));
	size_t level = user_data_level(x);

	if (hm_is(element, "Data"))
		add_field(x, x->data_name.len != 0 ? x->data_name : hm_bytes_of("Data"),
			  text);
	else if (level + 1 < x->depth && hm_trim(text).len != 0)
		add_field(x, path_from(x, level + 1, (hm_bytes){ 0 }), text);
	else if (!hm_is(parent, "System"))
		return;
	else if (hm_is(element, "EventID"))
		hm_integer_of(text, &x->record.event_id);
	else if (hm_is(element, "EventRecordID"))
		hm_integer_of(text, &x->record.record_id);
	else if (hm_is(element, "Channel"))
		x->record.channel = text;
	else if (hm_is(element, "Computer"))
		x->record.computer = text;
}

/* ---- elements ---- */

static void read_attributes(struct xml *x)
{
	for (;;) {
		skip_space(&x->c);
		uint8_t next = hm_peek(&x->c);
		if (!is_name_byte(next))
			return;

		hm_bytes name = read_name(&x->c);
		skip_space(&x->c);
		hm_rule(&x->c, hm_u8(&x->c, "=") == '=', "an attribute has a value");
		skip_space(&x->c);
		uint8_t quote = hm_u8(&x->c, "quote");
		hm_rule(&x->c, quote == '"' || quote == '\'', "a value is quoted");
		hm_buf_clear(&x->text);
		read_text(x, quote);
		hm_rule(&x->c, hm_u8(&x->c, "quote") == quote,
			"a value ends with its quote");
		take_attribute(x, name, hm_keep(x->arena, hm_buf_bytes(&x->text)));
	}
}

static void close_element(struct xml *x)
{
	take_text(x);
	if (hm_is(x->names[x->depth - 1], "Data"))
		x->data_name = (hm_bytes){ 0 };
	x->depth--;
	hm_buf_clear(&x->text);
}

static void open_element(struct xml *x)
{
	hm_bytes name = read_name(&x->c);

	hm_rule(&x->c, x->depth < MAX_XML_DEPTH, "at most 16 elements deep");
	if (x->c.err != HM_OK)
		return;
	x->names[x->depth++] = name;
	read_attributes(x);
	hm_buf_clear(&x->text);
	uint8_t next = hm_u8(&x->c, ">");
	if (next == '/') {
		hm_rule(&x->c, hm_u8(&x->c, ">") == '>', "an element ends with >");
		close_element(x);
		return;
	}
	hm_rule(&x->c, next == '>', "a tag ends with >");
}

static void read_tag(struct xml *x)
{
	hm_take(&x->c, 1, "<");
	if (hm_peek(&x->c) != '/') {
		open_element(x);
		return;
	}
	hm_take(&x->c, 1, "/");
	hm_bytes name = read_name(&x->c);
	hm_rule(&x->c, x->depth != 0 && hm_same(x->names[x->depth - 1], name),
		"an element is closed by its own name");
	skip_space(&x->c);
	hm_rule(&x->c, hm_u8(&x->c, ">") == '>', "a tag ends with >");
	if (x->c.err == HM_OK)
		close_element(x);
}

/* One element and all in it, the cursor at its "<". */
static void read_element(struct xml *x)
{
	do {
		if (hm_peek(&x->c) == '<')
			read_tag(x);
		else
			read_text(x, '<');
	} while (x->depth != 0 && hm_more(&x->c));
	hm_rule(&x->c, x->depth == 0, "every element is closed");
	if (x->text.err != HM_OK)
		hm_fail(&x->c, x->text.err, "text");
}

static struct xml xml_of(struct hm_cur c, struct hm_arena *a)
{
	return (struct xml){
		.c = c,
		.arena = a,
		.text = hm_buf_of(1 << 20),
		.record = { .event_id = -1, .record_id = -1, .time = HM_NO_TIME },
		.fields = hm_new_n(a, struct hm_field, MAX_XML_FIELDS),
	};
}

hm_err hm_eventxml_fields(hm_bytes data, struct hm_arena *a, struct hm_field **out,
			  size_t *num)
{
	struct xml x = xml_of(hm_cur_of(hm_trim(data)), a);

	while (hm_peek(&x.c) == '<')
		read_element(&x);
	hm_rule(&x.c, hm_left(&x.c) == 0, "nothing but elements");
	hm_buf_done(&x.text);
	*out = x.fields;
	*num = x.num;
	return x.c.err == HM_OK ? HM_OK : HM_EFORMAT;
}

/* Go to the next "<Event>" or "<Event "; false where there is none. */
static bool find_event(struct hm_cur *c)
{
	while (hm_more(c)) {
		struct hm_cur ahead = *c;
		hm_bytes head = hm_take(&ahead, 6, "<Event");
		uint8_t next = hm_peek(&ahead);

		if (ahead.err == HM_OK && hm_is(head, "<Event") &&
		    (next == '>' || is_space(next)))
			return true;
		hm_take(c, 1, "text");
	}
	return false;
}

bool hm_has_event_xml(hm_bytes text)
{
	struct hm_cur c = hm_cur_of(text);

	return find_event(&c);
}

int hm_eventxml_read(struct hm_reader *r, hm_bytes text)
{
	struct hm_cur c = hm_cur_of(text);
	int rows = 0;

	while (find_event(&c)) {
		struct hm_arena before = *r->arena;
		struct xml x = xml_of(c, r->arena);

		read_element(&x);
		hm_buf_done(&x.text);
		c = x.c;
		if (x.c.err != HM_OK) {
			r->why = x.c.why;
			return rows;
		}
		x.record.fields = x.fields;
		x.record.field_count = x.num;
		if (x.record.provider.len == 0 || x.record.event_id < 0)
			r->why = "the event has no provider or no id";
		else
			rows += hm_record_read(r, &x.record);
		/* a log saved as XML is one line of thousands of events */
		*r->arena = before;
	}
	return rows;
}
