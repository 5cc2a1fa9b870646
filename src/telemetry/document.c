/* SPDX-License-Identifier: MIT */
#include "telemetry/document.h"

#include "base/limits.h"
#include "base/text.h"
#include "telemetry/convert.h"
#include "telemetry/defender.h"
#include "telemetry/documents.h"
#include "telemetry/eventxml.h"
#include "telemetry/windows.h"

struct hm_reader hm_reader_of(struct hm_arena *a)
{
	return (struct hm_reader){ .arena = a,
				   .map = hm_map_new(a),
				   .defender = hm_defender_new(a),
				   .table = -1 };
}

/* ---- rows and records ---- */

static const enum hm_column_id time_columns[HM_TABLE_COUNT] = {
#define HM_TABLE(id, name, meaning) [HM_TABLE_##id] = HM_COL_##id##_Timestamp,
#include "base/schema.def"
};

/* A row without a time would be found by no query that asks for one. */
static bool has_time(struct hm_reader *r, const struct hm_event *e)
{
	if (hm_event_has(e, time_columns[e->table]))
		return true;
	r->why = "it has no time, or none that names its time zone";
	return false;
}

struct checking {
	struct hm_reader *reader;
	int rows;
};

static void check_row(void *ctx, const struct hm_event *e)
{
	struct checking *c = ctx;

	if (!has_time(c->reader, e))
		return;
	c->reader->sink.row(c->reader->sink.ctx, e);
	c->rows++;
}

int hm_record_read(struct hm_reader *r, const struct hm_record *record)
{
	struct checking c = { .reader = r };
	const struct hm_sink sink = { .row = check_row, .ctx = &c };

	hm_map_record(r->map, record, r->arena, &sink);
	hm_tally_add(r->tally, record->provider, record->event_id, 1, (uint64_t)c.rows);
	return c.rows;
}

static int read_row(struct hm_reader *r, enum hm_table_id table,
		    const struct hm_json *object)
{
	struct hm_event *e = hm_new(r->arena, struct hm_event);

	hm_defender_row(r->defender, table, object, e, r->arena);
	bool good = has_time(r, e);
	if (good)
		r->sink.row(r->sink.ctx, e);
	hm_tally_add(r->tally, hm_bytes_of(hm_tables[table].name), -1, 1, good);
	return good;
}

/* A row of a table by its name; tables that we do not hold are counted only. */
static int read_named(struct hm_reader *r, hm_bytes name, const struct hm_json *object)
{
	const struct hm_table *table = hm_table_find(name);

	if (table != NULL)
		return read_row(r, (enum hm_table_id)(table - hm_tables), object);
	hm_tally_add(r->tally, name, -1, 1, 0);
	return 0;
}

/* ---- what an object is, by its keys ---- */

static hm_bytes get_text(struct hm_reader *r, const struct hm_json *object,
			 const char *name)
{
	return hm_json_string(hm_json_get(object, name), r->arena);
}

static bool starts(hm_bytes text, const char *with)
{
	hm_bytes head = hm_bytes_of(with);

	return text.len >= head.len && hm_same(hm_part(text, 0, head.len), head);
}

/* Each try_ returns false where the object is none of its kind. */
typedef bool (*try_fn)(struct hm_reader *r, const struct hm_json *object, int *rows);

static int read_value(struct hm_reader *r, const struct hm_json *value);

/* A row of Log Analytics' query API as an object: the columns' names, the row's values.
 */
static const struct hm_json *row_object(struct hm_reader *r,
					const struct hm_json *columns,
					const struct hm_json *row)
{
	struct hm_json *object = hm_new(r->arena, struct hm_json), **to = &object->first;
	const struct hm_json *c = columns->first;

	object->kind = HM_JSON_OBJECT;
	for (const struct hm_json *v = row->first; v != NULL && c != NULL;
	     v = v->next, c = c->next) {
		const struct hm_json *name = hm_json_get_kind(c, "name", HM_JSON_STRING);
		struct hm_json *member = hm_new(r->arena, struct hm_json);

		if (name == NULL)
			name = hm_json_get_kind(c, "ColumnName", HM_JSON_STRING);
		*member = *v;
		member->next = NULL;
		member->key = name != NULL ? name->text : (hm_bytes){ 0 };
		member->key_escaped = name != NULL && name->escaped;
		*to = member;
		to = &member->next;
		object->count++;
	}
	return object;
}

/* {"tables": [{"columns": [{"name": ...}], "rows": [[...]]}]} */
static int read_tables(struct hm_reader *r, const struct hm_json *tables)
{
	int found = 0;

	for (const struct hm_json *t = tables->first; t != NULL; t = t->next) {
		const struct hm_json *columns = hm_json_get_nocase(t, "columns");
		const struct hm_json *rows = hm_json_get_nocase(t, "rows");

		if (columns == NULL || columns->kind != HM_JSON_ARRAY || rows == NULL ||
		    rows->kind != HM_JSON_ARRAY) {
			r->why = "a table of it has no columns or no rows";
			continue;
		}
		for (const struct hm_json *row = rows->first; row != NULL;
		     row = row->next)
			found += read_value(r, row_object(r, columns, row));
	}
	return found;
}

static bool try_container(struct hm_reader *r, const struct hm_json *object, int *rows)
{
	static const char *const lists[] = { "records", "Results", "results" };
	/* Elasticsearch, Splunk's export */
	static const char *const objects[] = { "_source", "result" };
	const struct hm_json *inner = NULL;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]) && inner == NULL; i++)
		inner = hm_json_get_kind(object, lists[i], HM_JSON_ARRAY);
	for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]) && inner == NULL; i++)
		inner = hm_json_get_kind(object, objects[i], HM_JSON_OBJECT);
	if (inner == NULL)
		inner = hm_json_get_kind(hm_json_get(object, "hits"), "hits",
					 HM_JSON_ARRAY);
	/* what osquery's TLS logger sends */
	if (inner == NULL && hm_json_get(object, "log_type") != NULL)
		inner = hm_json_get_kind(object, "data", HM_JSON_ARRAY);
	if (inner != NULL) {
		*rows = read_value(r, inner);
		return true;
	}
	const struct hm_json *tables = hm_json_get_kind(object, "tables", HM_JSON_ARRAY);
	if (tables == NULL)
		tables = hm_json_get_kind(object, "Tables", HM_JSON_ARRAY);
	if (tables == NULL)
		return false;
	*rows = read_tables(r, tables);
	return true;
}

static bool try_stream(struct hm_reader *r, const struct hm_json *object, int *rows)
{
	static const char prefix[] = "AdvancedHunting-";
	const struct hm_json *properties =
		hm_json_get_kind(object, "properties", HM_JSON_OBJECT);
	hm_bytes category = get_text(r, object, "category");
	size_t skip = sizeof(prefix) - 1;

	if (properties == NULL || !starts(category, prefix))
		return false;
	*rows = read_named(r, hm_part(category, skip, category.len - skip), properties);
	return true;
}

/* Tables of Sentinel that hold Windows events; WindowsEvent and SecurityEvent are told
 * by hm_windows_read. */
static bool try_sentinel(struct hm_reader *r, const struct hm_json *object, int *rows)
{
	hm_bytes type = get_text(r, object, "Type");

	if (hm_is(type, "Event") || hm_is(type, "Syslog")) {
		const char *from = hm_is(type, "Event") ? "EventData" : "SyslogMessage";
		hm_bytes text = get_text(r, object, from);

		if (hm_is(type, "Syslog")) {
			*rows = hm_text_read(r, text);
			return true;
		}
		return hm_windows_read_event(r, object, text, rows);
	}
	if (hm_json_get(object, "TimeGenerated") == NULL || !starts(type, "Device"))
		return false;
	*rows = read_named(r, type, object);
	return true;
}

static bool try_windows(struct hm_reader *r, const struct hm_json *object, int *rows)
{
	return hm_windows_read(r, object, rows);
}

/* ---- wrappers and bare rows ---- */

static bool try_bare(struct hm_reader *r, const struct hm_json *object, int *rows)
{
	int table = r->table >= 0 ? r->table : hm_defender_guess(object);

	if (table < 0)
		return false;
	*rows = read_row(r, (enum hm_table_id)table, object);
	return true;
}

/* {"message": "..."} of Vector, {"log": "..."} of Fluent Bit: the text is the record. */
static bool try_wrapper(struct hm_reader *r, const struct hm_json *object, int *rows)
{
	static const char *const names[] = { "message", "log", "MESSAGE", "_raw" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		hm_bytes text = hm_trim(get_text(r, object, names[i]));

		if (hm_at8(text, 0) != '{' && !hm_has_event_xml(text))
			continue;
		*rows = hm_text_read(r, text);
		return true;
	}
	return false;
}

/* In the order in which they can be told apart. */
static const try_fn tries[] = {
	try_container,  try_stream, try_sentinel, try_windows, hm_ocsf_try,
	hm_osquery_try, try_bare,   hm_ecs_try,   try_wrapper, hm_other_ecs_try,
};

static int read_object(struct hm_reader *r, const struct hm_json *object)
{
	int rows = 0;

	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
		if (tries[i](r, object, &rows))
			return rows;
	r->why = "no known layout has these keys";
	return 0;
}

/* The first value that is a record: Fluent Bit and fluentd write [TIME, RECORD], or
 * [[TIME, METADATA], RECORD]. */
static const struct hm_json *after_stamp(const struct hm_json *list)
{
	const struct hm_json *first = list->first;
	const struct hm_json *stamp =
		first != NULL && first->kind == HM_JSON_ARRAY ? first->first : first;

	if (list->count == 2 && stamp != NULL && stamp->kind == HM_JSON_NUMBER)
		return first->next;
	return first;
}

/* Arrays within arrays are as deep as the JSON reader permits. */
static int read_value(struct hm_reader *r, const struct hm_json *value)
{
	int rows = 0;

	if (value->kind == HM_JSON_OBJECT)
		return read_object(r, value);
	if (value->kind != HM_JSON_ARRAY) {
		r->why = "it is no JSON object";
		return 0;
	}
	for (const struct hm_json *v = after_stamp(value); v != NULL; v = v->next)
		rows += read_value(r, v);
	return rows;
}

int hm_document_read(struct hm_reader *r, const struct hm_json *value)
{
	return read_value(r, value);
}

static const char *why_no_json(struct hm_reader *r, const struct hm_cur *c)
{
	if (c->err == HM_OK)
		return "text follows the JSON value";
	if (c->err == HM_ETRUNC)
		return "its JSON ends early";
	return hm_format(r->arena, "its JSON is wrong: %s", c->why);
}

/* JSON behind the head of syslog, or the time and tag of fluentd: all that is left from
 * a bracket on that follows a space. */
static const struct hm_json *value_after_head(struct hm_reader *r, hm_bytes text)
{
	int tried = 0;

	for (size_t i = 1; i < text.len && tried < 4; i++) {
		uint8_t byte = hm_at8(text, i), before = hm_at8(text, i - 1);

		if ((byte != '{' && byte != '[') ||
		    (before != ' ' && before != '\t' && before != ':'))
			continue;
		struct hm_cur c = hm_cur_of(hm_part(text, i, text.len - i));
		const struct hm_json *value = hm_json_read(&c, r->arena);
		if (value != NULL && hm_left(&c) == 0)
			return value;
		tried++;
	}
	return NULL;
}

int hm_text_read(struct hm_reader *r, hm_bytes line)
{
	hm_bytes text = hm_trim(line);
	uint8_t first = hm_at8(text, 0);

	if (first == '{' || first == '[') {
		struct hm_cur c = hm_cur_of(text);
		const struct hm_json *value = hm_json_read(&c, r->arena);

		if (value != NULL && hm_left(&c) == 0)
			return read_value(r, value);
		r->why = why_no_json(r, &c);
		return 0;
	}
	if (hm_has_event_xml(text))
		return hm_eventxml_read(r, text);
	const struct hm_json *value = value_after_head(r, text);
	if (value != NULL)
		return read_value(r, value);
	r->why = "it is neither JSON nor a Windows event in XML";
	return 0;
}
