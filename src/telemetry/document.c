/* SPDX-License-Identifier: MIT */
#include "telemetry/document.h"

#include "base/limits.h"
#include "base/text.h"
#include "telemetry/convert.h"
#include "telemetry/defender.h"
#include "telemetry/eventxml.h"
#include "telemetry/windows.h"

static const char *const layouts[] = { "ecs", "ocsf", "osquery" };

bool hm_is_document(hm_bytes provider)
{
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++)
		if (hm_is(provider, layouts[i]))
			return true;
	return false;
}

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

static const struct hm_json *get(const struct hm_json *object, const char *name)
{
	return hm_json_get(object, name);
}

static const struct hm_json *get_kind(const struct hm_json *object, const char *name,
				      enum hm_json_kind kind)
{
	const struct hm_json *found = hm_json_get(object, name);

	return found != NULL && found->kind == kind ? found : NULL;
}

static hm_bytes get_text(struct hm_reader *r, const struct hm_json *object,
			 const char *name)
{
	return hm_json_string(get(object, name), r->arena);
}

static bool starts(hm_bytes text, const char *with)
{
	hm_bytes head = hm_bytes_of(with);

	return text.len >= head.len && hm_same(hm_part(text, 0, head.len), head);
}

/* Each try_ returns false where the object is none of its kind. */
typedef bool (*try_fn)(struct hm_reader *r, const struct hm_json *object, int *rows);

static int read_value(struct hm_reader *r, const struct hm_json *value);

static bool try_container(struct hm_reader *r, const struct hm_json *object, int *rows)
{
	static const char *const names[] = { "records", "Results", "results" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct hm_json *list = get_kind(object, names[i], HM_JSON_ARRAY);

		if (list == NULL)
			continue;
		*rows = read_value(r, list);
		return true;
	}
	const struct hm_json *source = get_kind(object, "_source", HM_JSON_OBJECT);
	if (source != NULL)
		*rows = read_value(r, source);
	return source != NULL;
}

static bool try_stream(struct hm_reader *r, const struct hm_json *object, int *rows)
{
	static const char prefix[] = "AdvancedHunting-";
	const struct hm_json *properties = get_kind(object, "properties", HM_JSON_OBJECT);
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
	if (get(object, "TimeGenerated") == NULL || !starts(type, "Device"))
		return false;
	*rows = read_named(r, type, object);
	return true;
}

static bool try_windows(struct hm_reader *r, const struct hm_json *object, int *rows)
{
	return hm_windows_read(r, object, rows);
}

/* ---- documents: ECS, OCSF, osquery ---- */

/* A document's values by the path of their keys. */
struct flattening {
	struct hm_arena *arena;
	struct hm_field *fields;
	size_t num, room;
};

/* A document of Elastic has about 150 values. */
enum { MAX_DOCUMENT_FIELDS = 1024, MAX_DOCUMENT_DEPTH = 12 };

static void flatten(struct flattening *f, const char *prefix,
		    const struct hm_json *object, int depth)
{
	for (const struct hm_json *m = object->first; m != NULL; m = m->next) {
		hm_bytes key = hm_json_key(m, f->arena);
		const char *path =
			prefix[0] == '\0' ? hm_cstr(f->arena, key)
					  : hm_format(f->arena, "%s.%.*s", prefix,
						      (int)key.len, (const char *)key.at);
		bool text = m->kind == HM_JSON_STRING;

		if (m->kind == HM_JSON_OBJECT && depth < MAX_DOCUMENT_DEPTH) {
			flatten(f, path, m, depth + 1);
			continue;
		}
		if (m->kind == HM_JSON_NULL || f->num == f->room)
			continue;
		hm_bytes value = text ? hm_json_string(m, f->arena) : m->text;
		if (m->kind == HM_JSON_TRUE || m->kind == HM_JSON_FALSE)
			value = hm_bytes_of(m->kind == HM_JSON_TRUE ? "true" : "false");
		f->fields[f->num++] = (struct hm_field){
			.name = hm_bytes_of(path),
			.text = value,
			.kind = text ? HM_FIELD_TEXT : HM_FIELD_JSON,
		};
	}
}

/* OCSF's list of hashes as fields: "...file.hashes.2" for algorithm_id 2, SHA-1. */
static void flatten_hashes(struct flattening *f, const char *of,
			   const struct hm_json *object)
{
	const struct hm_json *file = get_kind(object, "file", HM_JSON_OBJECT);
	const struct hm_json *hashes = get_kind(file, "hashes", HM_JSON_ARRAY);

	for (const struct hm_json *h = hashes != NULL ? hashes->first : NULL; h != NULL;
	     h = h->next) {
		int64_t algorithm;

		if (!hm_json_int(get(h, "algorithm_id"), &algorithm) || f->num == f->room)
			continue;
		f->fields[f->num++] = (struct hm_field){
			.name = hm_bytes_of(hm_format(f->arena, "%s.file.hashes.%d", of,
						      (int)algorithm)),
			.text = hm_json_string(get(h, "value"), f->arena),
		};
	}
}

static struct flattening flattening_of(struct hm_reader *r)
{
	return (struct flattening){
		.arena = r->arena,
		.fields = hm_new_n(r->arena, struct hm_field, MAX_DOCUMENT_FIELDS),
		.room = MAX_DOCUMENT_FIELDS,
	};
}

static int read_document(struct hm_reader *r, const char *layout, enum hm_document what,
			 const struct flattening *f)
{
	const struct hm_record record = { .provider = hm_bytes_of(layout),
					  .event_id = what,
					  .time = HM_NO_TIME,
					  .record_id = -1,
					  .fields = f->fields,
					  .field_count = f->num };

	return hm_record_read(r, &record);
}

static bool try_ocsf(struct hm_reader *r, const struct hm_json *object, int *rows)
{
	struct flattening f;
	int64_t class, activity = 0;

	if (!hm_json_int(get(object, "class_uid"), &class))
		return false;
	hm_json_int(get(object, "activity_id"), &activity);
	*rows = 0;
	/* activity 1: Launch of 1007, Load of 1005 */
	if ((class != 1007 && class != 1005) || activity != 1) {
		hm_tally_add(r->tally, hm_bytes_of("ocsf"), class, 1, 0);
		return true;
	}
	f = flattening_of(r);
	flatten(&f, "", object, 0);
	flatten_hashes(&f, class == 1007 ? "process" : "module",
		       get(object, class == 1007 ? "process" : "module"));
	const struct hm_json *actor = get(get(object, "actor"), "process");
	flatten_hashes(&f, "actor.process", actor);
	*rows = read_document(
		r, "ocsf", class == 1007 ? HM_DOCUMENT_PROCESS : HM_DOCUMENT_MODULE, &f);
	return true;
}

static bool try_osquery(struct hm_reader *r, const struct hm_json *object, int *rows)
{
	const struct hm_json *columns = get_kind(object, "columns", HM_JSON_OBJECT);
	struct flattening f;

	if (columns == NULL || get(object, "hostIdentifier") == NULL)
		return false;
	f = flattening_of(r);
	flatten(&f, "", object, 0);
	bool verdict =
		get(columns, "result") != NULL && get(columns, "subject_name") != NULL;
	bool process = get(columns, "cmdline") != NULL || get(columns, "pid") != NULL;
	*rows = 0;
	if (hm_is(get_text(r, object, "action"), "removed") || (!verdict && !process))
		hm_tally_add(r->tally, hm_bytes_of("osquery"), -1, 1, 0);
	else
		*rows = read_document(
			r, "osquery",
			verdict ? HM_DOCUMENT_AUTHENTICODE : HM_DOCUMENT_PROCESS, &f);
	return true;
}

static hm_bytes value_at(const struct flattening *f, const char *path)
{
	const struct hm_record r = { .fields = f->fields, .field_count = f->num };
	const struct hm_field *found = hm_record_field(&r, hm_bytes_of(path), NULL);

	return found != NULL ? found->text : (hm_bytes){ 0 };
}

/* Whether value is the word, or a JSON list that holds it. */
static bool holds(hm_bytes value, const char *word)
{
	hm_bytes w = hm_bytes_of(word);

	for (size_t i = 0; i + w.len <= value.len; i++)
		if (hm_same(hm_part(value, i, w.len), w))
			return true;
	return false;
}

static bool try_ecs(struct hm_reader *r, const struct hm_json *object, int *rows)
{
	struct flattening f;

	if (get(object, "@timestamp") == NULL ||
	    (get(object, "event") == NULL && get(object, "event.category") == NULL &&
	     get(object, "ecs") == NULL))
		return false;
	f = flattening_of(r);
	flatten(&f, "", object, 0);
	hm_bytes category = value_at(&f, "event.category");
	hm_bytes type = value_at(&f, "event.type");
	*rows = 0;
	if (holds(category, "process") && holds(type, "start"))
		*rows = read_document(r, "ecs", HM_DOCUMENT_PROCESS, &f);
	else if (holds(category, "library") || holds(category, "driver"))
		*rows = read_document(r, "ecs", HM_DOCUMENT_MODULE, &f);
	else
		hm_tally_add(r->tally, hm_bytes_of("ecs"), -1, 1, 0);
	return true;
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
	static const char *const names[] = { "message", "log", "MESSAGE" };

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
	try_container, try_stream, try_sentinel, try_windows, try_ocsf,
	try_osquery,   try_bare,   try_ecs,      try_wrapper,
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
	for (const struct hm_json *v = value->first; v != NULL; v = v->next)
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
	r->why = "it is neither JSON nor a Windows event in XML";
	return 0;
}
