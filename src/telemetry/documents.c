/* SPDX-License-Identifier: MIT */
#include "telemetry/documents.h"

#include "base/text.h"
#include "telemetry/convert.h"

static const char *const layouts[] = { "ecs", "ocsf", "osquery" };

bool hm_is_document(hm_bytes provider)
{
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++)
		if (hm_is(provider, layouts[i]))
			return true;
	return false;
}

static hm_bytes get_text(struct hm_reader *r, const struct hm_json *object,
			 const char *name)
{
	return hm_json_string(hm_json_get(object, name), r->arena);
}

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

/* algorithm_id of OCSF's fingerprint object, by its name where the number is not there.
 */
static int64_t algorithm_of(const struct hm_json *hash, struct hm_arena *a)
{
	static const char *const names[][2] = { { "MD5", "MD5" },
						{ "SHA-1", "SHA1" },
						{ "SHA-256", "SHA256" } };
	hm_bytes name = hm_json_string(hm_json_get(hash, "algorithm"), a);
	int64_t algorithm;

	if (hm_json_int(hm_json_get(hash, "algorithm_id"), &algorithm))
		return algorithm;
	for (int i = 0; i < 3; i++)
		if (hm_is_nocase(name, names[i][0]) || hm_is_nocase(name, names[i][1]))
			return i + 1;
	return 0;
}

/* OCSF's list of hashes as fields: "OF.2" for algorithm_id 2, SHA-1. */
static void flatten_hashes(struct flattening *f, const char *of,
			   const struct hm_json *hashes)
{
	for (const struct hm_json *h = hashes != NULL ? hashes->first : NULL; h != NULL;
	     h = h->next) {
		int64_t algorithm = algorithm_of(h, f->arena);

		if (algorithm == 0 || f->num == f->room)
			continue;
		f->fields[f->num++] = (struct hm_field){
			.name = hm_bytes_of(
				hm_format(f->arena, "%s.%d", of, (int)algorithm)),
			.text = hm_json_string(hm_json_get(h, "value"), f->arena),
		};
	}
}

/* Those of an object's file, and of the certificate that signed it. */
static void flatten_file(struct flattening *f, const char *of,
			 const struct hm_json *object)
{
	const struct hm_json *file = hm_json_get(object, "file");
	const struct hm_json *certificate =
		hm_json_get(hm_json_get(file, "signature"), "certificate");
	const struct hm_json *hashes = hm_json_get_kind(file, "hashes", HM_JSON_ARRAY);

	/* before version 1.0 */
	if (hashes == NULL)
		hashes = hm_json_get_kind(file, "fingerprints", HM_JSON_ARRAY);
	flatten_hashes(f, hm_format(f->arena, "%s.file.hashes", of), hashes);
	flatten_hashes(
		f, hm_format(f->arena, "%s.file.signature.certificate.fingerprints", of),
		hm_json_get_kind(certificate, "fingerprints", HM_JSON_ARRAY));
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

bool hm_ocsf_try(struct hm_reader *r, const struct hm_json *object, int *rows)
{
	struct flattening f;
	int64_t class, activity = 0;

	if (!hm_json_int(hm_json_get(object, "class_uid"), &class))
		return false;
	hm_json_int(hm_json_get(object, "activity_id"), &activity);
	*rows = 0;
	/* activity 1: Launch of 1007, Load of 1005 */
	if ((class != 1007 && class != 1005) || activity != 1) {
		hm_tally_add(r->tally, hm_bytes_of("ocsf"), class, 1, 0);
		return true;
	}
	f = flattening_of(r);
	flatten(&f, "", object, 0);
	flatten_file(&f, class == 1007 ? "process" : "module",
		     hm_json_get(object, class == 1007 ? "process" : "module"));
	const struct hm_json *actor =
		hm_json_get(hm_json_get(object, "actor"), "process");
	flatten_file(&f, "actor.process", actor);
	*rows = read_document(
		r, "ocsf", class == 1007 ? HM_DOCUMENT_PROCESS : HM_DOCUMENT_MODULE, &f);
	return true;
}

/* A process that started, and not one that ended or forked: by the columns that the
 * event tables of the three systems tell it with. */
static bool is_start(struct hm_reader *r, const struct hm_json *columns)
{
	hm_bytes type = get_text(r, columns, "type");        /* process_etw_events */
	hm_bytes event = get_text(r, columns, "event_type"); /* es_process_events */
	hm_bytes syscall = get_text(r, columns, "syscall");  /* process_events */

	if (hm_json_get(columns, "cmdline") == NULL &&
	    hm_json_get(columns, "pid") == NULL)
		return false;
	return (type.len == 0 || hm_is_nocase(type, "ProcessStart")) &&
	       (event.len == 0 || hm_is_nocase(event, "exec")) &&
	       (syscall.len == 0 || hm_is(hm_part(syscall, 0, 4), "exec"));
}

static int read_columns(struct hm_reader *r, const struct hm_json *object,
			const struct hm_json *columns)
{
	struct flattening f = flattening_of(r);

	flatten(&f, "", object, 0);
	if (hm_json_get(object, "columns") != columns)
		flatten(&f, "columns", columns, 0);
	if (hm_json_get(columns, "result") != NULL &&
	    hm_json_get(columns, "subject_name") != NULL)
		return read_document(r, "osquery", HM_DOCUMENT_AUTHENTICODE, &f);
	if (is_start(r, columns))
		return read_document(r, "osquery", HM_DOCUMENT_PROCESS, &f);
	hm_tally_add(r->tally, hm_bytes_of("osquery"), -1, 1, 0);
	return 0;
}

/* A result of one row, or all rows of a snapshot or of a batch of differences. */
bool hm_osquery_try(struct hm_reader *r, const struct hm_json *object, int *rows)
{
	const struct hm_json *columns =
		hm_json_get_kind(object, "columns", HM_JSON_OBJECT);
	const struct hm_json *list = hm_json_get_kind(object, "snapshot", HM_JSON_ARRAY);

	if (list == NULL)
		list = hm_json_get_kind(hm_json_get(object, "diffResults"), "added",
					HM_JSON_ARRAY);
	if (hm_json_get(object, "hostIdentifier") == NULL ||
	    (columns == NULL && list == NULL))
		return false;
	*rows = 0;
	if (columns == NULL)
		for (const struct hm_json *c = list->first; c != NULL; c = c->next)
			*rows += read_columns(r, object, c);
	else if (hm_is(get_text(r, object, "action"), "removed"))
		hm_tally_add(r->tally, hm_bytes_of("osquery"), -1, 1, 0);
	else
		*rows = read_columns(r, object, columns);
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

static bool is_ecs(const struct hm_json *object)
{
	return hm_json_get(object, "@timestamp") != NULL &&
	       (hm_json_get(object, "event") != NULL ||
		hm_json_get(object, "event.category") != NULL ||
		hm_json_get(object, "ecs") != NULL);
}

bool hm_ecs_try(struct hm_reader *r, const struct hm_json *object, int *rows)
{
	struct flattening f;

	if (!is_ecs(object))
		return false;
	f = flattening_of(r);
	flatten(&f, "", object, 0);
	hm_bytes category = value_at(&f, "event.category");
	hm_bytes type = value_at(&f, "event.type");
	if (holds(category, "library") || holds(category, "driver"))
		*rows = read_document(r, "ecs", HM_DOCUMENT_MODULE, &f);
	else if (holds(category, "process") && holds(type, "start"))
		*rows = read_document(r, "ecs", HM_DOCUMENT_PROCESS, &f);
	else
		return false;
	return true;
}

/* A document of Elastic about something else. */
bool hm_other_ecs_try(struct hm_reader *r, const struct hm_json *object, int *rows)
{
	if (!is_ecs(object))
		return false;
	hm_tally_add(r->tally, hm_bytes_of("ecs"), -1, 1, 0);
	*rows = 0;
	return true;
}
