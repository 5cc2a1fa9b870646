/* SPDX-License-Identifier: MIT */
#include "telemetry/windows.h"

#include <string.h>

#include "base/text.h"
#include "telemetry/convert.h"
#include "telemetry/eventxml.h"

/* Sysmon's events have about 25 values; flat ones carry as many of the shipper's. */
enum { MAX_FIELDS = 512 };

enum data {
	DATA_FLAT,  /* beside the system's keys */
	DATA_BELOW, /* an object, or text that is JSON */
	DATA_WAZUH, /* an object, the names' first letters lower-cased */
	DATA_MOVED, /* an object, of which some values were moved elsewhere */
	DATA_LIST,  /* values without names, in the manifest's order */
};

/* How a shipper writes; paths are dotted, alternatives in order of preference. */
struct shape {
	const char *key; /* what tells it; a path */
	const char *provider, *id, *channel, *record, *user;
	const char *computer[3], *time[3];
	enum data kind;
	const char *data, *user_data;
};

/* clang-format off */
static const struct shape shapes[] = {
#define HM_SHAPE(title, ...) { __VA_ARGS__ },
#include "telemetry/shapes.def"
};

/* Where Elastic's pipelines put what they take out of an event's own data. */
static const struct moved {
	const char *provider;
	int64_t id; /* 0: any */
	const char *name, *paths[3];
} moves[] = {
#define HM_MOVED(provider, id, name, ...) { provider, id, name, { __VA_ARGS__ } },
#include "telemetry/shapes.def"
};

/* Keys of flat shippers that are not the event's own data. */
static const char *const system_keys[] = {
	"EventID", "SourceName", "ProviderGuid", "Channel", "Hostname", "Computer",
	"TimeCreated", "@timestamp", "@version", "Message", "Level", "Keywords", "Task",
	"Opcode", "OpcodeValue", "Severity", "SeverityValue", "EventTime", "EventType",
	"EventReceivedTime", "SourceModuleName", "SourceModuleType", "RecordNumber",
	"ThreadID", "ProcessID", "ExecutionProcessID", "ExecutionThreadID", "UserID",
	"AccountName", "AccountType", "Domain", "Category", "Version", "host", "port",
	"tags", "type", "TimeGenerated", "TenantId", "Type", "SourceSystem", "_ResourceId",
	"EventSourceName", "EventRecordId", "StringInserts", "TimeCollected", "ManagementGroupName",
	"SourceComputerId", "EventOriginId", "MG", "Activity", "EventData",
};

/* Values in the order of the provider's manifest; the last is missing in older ones. */
static const struct manifest {
	const char *provider;
	int64_t id;
	const char *names[24];
} manifests[] = {
	{ "Microsoft-Windows-Sysmon", 1,
	  { "RuleName", "UtcTime", "ProcessGuid", "ProcessId", "Image", "FileVersion",
	    "Description", "Product", "Company", "OriginalFileName", "CommandLine",
	    "CurrentDirectory", "User", "LogonGuid", "LogonId", "TerminalSessionId",
	    "IntegrityLevel", "Hashes", "ParentProcessGuid", "ParentProcessId",
	    "ParentImage", "ParentCommandLine", "ParentUser" } },
	{ "Microsoft-Windows-Sysmon", 5,
	  { "RuleName", "UtcTime", "ProcessGuid", "ProcessId", "Image", "User" } },
	{ "Microsoft-Windows-Sysmon", 6,
	  { "RuleName", "UtcTime", "ImageLoaded", "Hashes", "Signed", "Signature",
	    "SignatureStatus" } },
	{ "Microsoft-Windows-Sysmon", 7,
	  { "RuleName", "UtcTime", "ProcessGuid", "ProcessId", "Image", "ImageLoaded",
	    "FileVersion", "Description", "Product", "Company", "OriginalFileName",
	    "Hashes", "Signed", "Signature", "SignatureStatus", "User" } },
	{ "Microsoft-Windows-Sysmon", 11,
	  { "RuleName", "UtcTime", "ProcessGuid", "ProcessId", "Image",
	    "TargetFilename", "CreationUtcTime", "User" } },
	{ "Microsoft-Windows-Security-Auditing", 4688,
	  { "SubjectUserSid", "SubjectUserName", "SubjectDomainName",
	    "SubjectLogonId", "NewProcessId", "NewProcessName", "TokenElevationType",
	    "ProcessId", "CommandLine", "TargetUserSid", "TargetUserName",
	    "TargetDomainName", "TargetLogonId", "ParentProcessName",
	    "MandatoryLabel" } },
};
/* clang-format on */

/* ---- values by path ---- */

/* The value at a dotted path; a key may itself hold dots, as Elastic's may. */
static const struct hm_json *at_path(const struct hm_json *object, const char *path)
{
	char key[64];
	const struct hm_json *whole = hm_json_get(object, path);

	if (whole != NULL)
		return whole;
	for (const char *dot = strchr(path, '.'); dot != NULL;
	     dot = strchr(dot + 1, '.')) {
		size_t len = (size_t)(dot - path);

		if (len >= sizeof(key))
			return NULL;
		memcpy(key, path, len);
		key[len] = '\0';
		const struct hm_json *below = hm_json_get(object, key);
		if (below != NULL && below->kind == HM_JSON_OBJECT)
			return at_path(below, dot + 1);
	}
	return NULL;
}

/* A value as text: strings decoded, numbers as spelt, {"#text": v} as v. */
static hm_bytes text_of(const struct hm_json *v, struct hm_arena *a)
{
	if (v == NULL)
		return (hm_bytes){ 0 };
	switch (v->kind) {
	case HM_JSON_NULL: return (hm_bytes){ 0 };
	case HM_JSON_STRING: return hm_json_string(v, a);
	case HM_JSON_OBJECT: {
		const struct hm_json *text = hm_json_get(v, "#text");

		return text != NULL && text->kind != HM_JSON_OBJECT ? text_of(text, a)
								    : v->text;
	}
	case HM_JSON_FALSE: return hm_bytes_of("false");
	case HM_JSON_TRUE: return hm_bytes_of("true");
	case HM_JSON_NUMBER:
	case HM_JSON_ARRAY: return v->text;
	}
	return (hm_bytes){ 0 };
}

static hm_bytes text_at(struct hm_reader *r, const struct hm_json *object,
			const char *path)
{
	return text_of(path != NULL ? at_path(object, path) : NULL, r->arena);
}

static hm_bytes first_text(struct hm_reader *r, const struct hm_json *object,
			   const char *const paths[3])
{
	hm_bytes found = { 0 };

	for (size_t i = 0; i < 3 && found.len == 0; i++)
		found = text_at(r, object, paths[i]);
	return found;
}

/* ---- times ---- */

/* Whether an offset follows the clock, after a blank or none. */
bool hm_time_zoned(hm_bytes text)
{
	uint8_t last = hm_at8(text, text.len - 1);

	if (last == 'Z' || last == 'z')
		return true;
	for (size_t i = 11; i < text.len; i++)
		if (hm_at8(text, i) == '+' || hm_at8(text, i) == '-')
			return true;
	return false;
}

/* "2024-03-13 15:40:13 +0900" has a blank that ISO 8601 has not. */
static hm_bytes without_blank(hm_bytes text, struct hm_arena *a)
{
	size_t at = text.len;

	for (size_t i = 11; i + 1 < text.len; i++)
		if (hm_at8(text, i) == ' ' && at == text.len)
			at = i;
	if (at == text.len)
		return text;
	hm_bytes head = hm_part(text, 0, at);
	hm_bytes tail = hm_part(text, at + 1, text.len - at - 1);
	return hm_bytes_of(hm_format(a, "%.*s%.*s", (int)head.len, (const char *)head.at,
				     (int)tail.len, (const char *)tail.at));
}

hm_time hm_reader_time(const struct hm_reader *r, hm_bytes text, bool local)
{
	text = hm_trim(text);
	if (text.len == 0)
		return HM_NO_TIME;

	bool zoned = hm_time_zoned(text);
	hm_time time = hm_time_parse(without_blank(text, r->arena));
	if (time == HM_NO_TIME || zoned || !local)
		return time;
	if (!r->zone_given)
		return HM_NO_TIME;
	return time - r->zone * 60 * HM_TICKS_SECOND;
}

/* EventTime of NXLog is the machine's own time, all others are UTC. */
static hm_time first_time(struct hm_reader *r, const struct hm_json *object,
			  const char *const paths[3])
{
	hm_time time = HM_NO_TIME;

	for (size_t i = 0; i < 3 && time == HM_NO_TIME && paths[i] != NULL; i++)
		time = hm_reader_time(r, text_at(r, object, paths[i]),
				      strcmp(paths[i], "EventTime") == 0);
	return time;
}

/* ---- the event's data ---- */

struct fields {
	struct hm_field *at;
	size_t num;
};

static struct fields fields_of(struct hm_reader *r)
{
	return (struct fields){ .at = hm_new_n(r->arena, struct hm_field, MAX_FIELDS) };
}

static void add_field(struct fields *f, hm_bytes name, const struct hm_json *v,
		      struct hm_arena *a)
{
	bool json = v->kind == HM_JSON_ARRAY || v->kind == HM_JSON_OBJECT;

	if (v->kind == HM_JSON_NULL || f->num == MAX_FIELDS)
		return;
	f->at[f->num++] = (struct hm_field){
		.name = name,
		.text = text_of(v, a),
		.kind = json ? HM_FIELD_JSON : HM_FIELD_TEXT,
	};
}

static bool is_system(hm_bytes key)
{
	for (size_t i = 0; i < sizeof(system_keys) / sizeof(system_keys[0]); i++)
		if (hm_is(key, system_keys[i]))
			return true;
	return false;
}

static void add_flat(struct fields *f, const struct hm_json *object, struct hm_arena *a)
{
	for (const struct hm_json *m = object->first; m != NULL; m = m->next)
		if (!is_system(m->key))
			add_field(f, hm_json_key(m, a), m, a);
}

/* {"Data": [{"#attributes": {"Name": "Image"}, "#text": "..."}]} */
static void add_listed(struct fields *f, const struct hm_json *list, struct hm_arena *a)
{
	for (const struct hm_json *v = list->first; v != NULL; v = v->next) {
		hm_bytes name = hm_json_string(at_path(v, "#attributes.Name"), a);

		add_field(f, name.len != 0 ? name : hm_bytes_of("Data"), v, a);
	}
}

static hm_bytes capitalised(hm_bytes name, struct hm_arena *a)
{
	uint8_t first = hm_at8(name, 0);

	if (first < 'a' || first > 'z')
		return name;
	return hm_bytes_of(hm_format(a, "%c%.*s", first - 'a' + 'A', (int)name.len - 1,
				     (const char *)name.at + 1));
}

/* Some versions of Wazuh escape backslashes twice: then every run of them is even. */
static hm_bytes undoubled(hm_bytes text, struct hm_arena *a)
{
	struct hm_buf b = hm_buf_of(text.len);
	size_t run = 0, found = 0;
	bool even = true;

	for (size_t i = 0; i <= text.len; i++) {
		bool slash = i < text.len && hm_at8(text, i) == '\\';

		even &= slash || run % 2 == 0;
		run = slash ? run + 1 : 0;
		found += slash;
		if (i < text.len && (!slash || run % 2 == 1))
			hm_put_u8(&b, hm_at8(text, i));
	}
	if (even && found != 0)
		text = hm_keep(a, hm_buf_bytes(&b));
	hm_buf_done(&b);
	return text;
}

static void add_below(struct fields *f, const struct hm_json *data, enum data kind,
		      struct hm_arena *a)
{
	for (const struct hm_json *m = data->first; m != NULL; m = m->next) {
		hm_bytes name = hm_json_key(m, a);

		if (hm_is(name, "Data") && m->kind == HM_JSON_ARRAY)
			add_listed(f, m, a);
		else if (!hm_is(name, "#attributes"))
			add_field(f, kind == DATA_WAZUH ? capitalised(name, a) : name, m,
				  a);
	}
	for (size_t i = 0; kind == DATA_WAZUH && i < f->num; i++)
		f->at[i].text = undoubled(f->at[i].text, a);
}

/* {"sha1": "ab", "md5": "cd"} as Sysmon writes it, {"domain": "D", "name": "u"} as
 * DOMAIN\\user; anything else as it is. */
static hm_bytes joined(const struct hm_json *v, const char *name, struct hm_arena *a)
{
	const char *text = "";

	if (v->kind != HM_JSON_OBJECT)
		return text_of(v, a);
	if (strcmp(name, "User") == 0) {
		const struct hm_json *domain = hm_json_get(v, "domain");
		const struct hm_json *user = hm_json_get(v, "name");

		return hm_bytes_of(hm_format(a, "%s%s%s", hm_cstr(a, text_of(domain, a)),
					     domain != NULL ? "\\" : "",
					     hm_cstr(a, text_of(user, a))));
	}
	for (const struct hm_json *m = v->first; m != NULL; m = m->next)
		text = hm_format(a, "%s%s%s=%s", text, text[0] != '\0' ? "," : "",
				 hm_cstr(a, hm_json_key(m, a)),
				 hm_cstr(a, text_of(m, a)));
	return hm_bytes_of(text);
}

static bool has_field(const struct fields *f, const char *name)
{
	for (size_t i = 0; i < f->num; i++)
		if (hm_is(f->at[i].name, name))
			return true;
	return false;
}

static void add_moved(struct fields *f, const struct hm_json *object,
		      const struct hm_record *record, struct hm_arena *a)
{
	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		const struct moved *m = &moves[i];
		const struct hm_json *v = NULL;

		if (!hm_is(record->provider, m->provider) ||
		    (m->id != 0 && m->id != record->event_id) || has_field(f, m->name))
			continue;
		for (size_t p = 0; p < 3 && v == NULL && m->paths[p] != NULL; p++)
			v = at_path(object, m->paths[p]);
		if (v != NULL && v->kind != HM_JSON_NULL && f->num != MAX_FIELDS)
			f->at[f->num++] = (struct hm_field){
				.name = hm_bytes_of(m->name),
				.text = joined(v, m->name, a),
				.kind = HM_FIELD_TEXT,
			};
	}
}

/* UserData: by path, without the attributes' own level. */
static void add_user_data(struct fields *f, const char *prefix,
			  const struct hm_json *object, struct hm_arena *a, int depth)
{
	for (const struct hm_json *m = object->first; m != NULL; m = m->next) {
		hm_bytes key = hm_json_key(m, a);
		const char *dot = prefix[0] != '\0' ? "." : "";
		const char *path = hm_format(a, "%s%s%.*s", prefix, dot, (int)key.len,
					     (const char *)key.at);

		if (hm_is(key, "#attributes") || hm_is(key, "#text"))
			path = prefix;
		if (m->kind == HM_JSON_OBJECT && depth < 8)
			add_user_data(f, path, m, a, depth + 1);
		else
			add_field(f, hm_bytes_of(path), m, a);
	}
}

static const struct manifest *find_manifest(const struct hm_record *record)
{
	for (size_t i = 0; i < sizeof(manifests) / sizeof(manifests[0]); i++)
		if (manifests[i].id == record->event_id &&
		    hm_is(record->provider, manifests[i].provider))
			return &manifests[i];
	return NULL;
}

/* Sysmon's rendered text is a line "Name: value" for each of its values, whatever the
 * language of Windows. */
static bool add_message(struct fields *f, hm_bytes message)
{
	size_t before = f->num;

	for (size_t at = 0, end; at < message.len && f->num != MAX_FIELDS; at = end + 1) {
		end = hm_find8(message, at, '\n');
		hm_bytes line = hm_trim(hm_part(message, at, end - at));
		size_t colon = hm_find8(line, 0, ':');

		if (colon != 0 && colon < line.len)
			f->at[f->num++] = (struct hm_field){
				.name = hm_part(line, 0, colon),
				.text = hm_trim(
					hm_part(line, colon + 1, line.len - colon - 1)),
				.kind = HM_FIELD_TEXT,
			};
	}
	if (has_field(f, "UtcTime"))
		return true;
	f->num = before;
	return false;
}

static bool looks_right(const char *name, hm_bytes text)
{
	if (hm_nothing(text))
		return true;
	if (strcmp(name, "UtcTime") == 0)
		return hm_time_parse(text) != HM_NO_TIME;
	if (strstr(name, "Guid") != NULL)
		return hm_at8(text, 0) == '{' && text.len == 38;
	if (strcmp(name, "Hashes") == 0)
		return hm_find8(text, 0, '=') < text.len;
	if (strcmp(name, "ProcessId") == 0 || strcmp(name, "NewProcessId") == 0 ||
	    strcmp(name, "ParentProcessId") == 0) {
		int64_t number;

		return hm_integer_of(text, &number);
	}
	if (strcmp(name, "Image") == 0 || strcmp(name, "ImageLoaded") == 0 ||
	    strcmp(name, "NewProcessName") == 0)
		return hm_find8(text, 0, '\\') < text.len;
	return true;
}

/* Values without names: only as many as the manifest has, or one less, are trusted,
 * and only where those that can be told by their looks stand where they should: an
 * older Sysmon has fewer, and others are missing than the last. */
static bool add_inserts(struct fields *f, const struct hm_json *list,
			const struct hm_record *record, struct hm_arena *a)
{
	const struct manifest *m = find_manifest(record);
	size_t names = 0, at = 0;

	if (m == NULL)
		return true;
	while (m->names[names] != NULL)
		names++;
	if (list->count != names && list->count + 1 != names)
		return false;
	for (const struct hm_json *v = list->first; v != NULL && at < names;
	     v = v->next) {
		if (!looks_right(m->names[at], text_of(v, a)))
			return false;
		add_field(f, hm_bytes_of(m->names[at++]), v, a);
	}
	return true;
}

static bool add_list(struct hm_reader *r, const struct hm_json *object,
		     const struct hm_json *list, const struct hm_record *record,
		     struct fields *f)
{
	if (hm_is(record->provider, "Microsoft-Windows-Sysmon") &&
	    (add_message(f, text_at(r, object, "Message")) ||
	     add_message(f, text_at(r, object, "Description"))))
		return true;
	return list == NULL || list->kind != HM_JSON_ARRAY ||
	       add_inserts(f, list, record, r->arena);
}

/* An object, or a text that holds one (WindowsEvent has either). */
static const struct hm_json *object_at(struct hm_reader *r, const struct hm_json *object,
				       const char *path)
{
	const struct hm_json *v = path != NULL ? at_path(object, path) : NULL;

	if (v == NULL || v->kind != HM_JSON_STRING)
		return v;
	struct hm_cur c = hm_cur_of(hm_json_string(v, r->arena));
	return hm_json_read(&c, r->arena);
}

static bool add_data(struct hm_reader *r, const struct shape *s,
		     const struct hm_json *object, const struct hm_record *record,
		     struct fields *f)
{
	if (s->kind == DATA_FLAT) {
		add_flat(f, object, r->arena);
		return true;
	}
	const struct hm_json *data = object_at(r, object, s->data);
	const struct hm_json *user = object_at(r, object, s->user_data);
	if (s->kind == DATA_LIST) {
		if (data == NULL || data->kind != HM_JSON_ARRAY)
			data = user;
		return add_list(r, object, data, record, f);
	}
	if (data != NULL && data->kind == HM_JSON_OBJECT)
		add_below(f, data, s->kind, r->arena);
	if (user != NULL && user->kind == HM_JSON_OBJECT)
		add_user_data(f, "", user, r->arena, 0);
	if (s->kind == DATA_MOVED)
		add_moved(f, object, record, r->arena);
	return true;
}

static bool fill_system(struct hm_reader *r, const struct shape *s,
			const struct hm_json *object, struct hm_record *out)
{
	*out = (struct hm_record){
		.provider = text_at(r, object, s->provider),
		.channel = text_at(r, object, s->channel),
		.computer = first_text(r, object, s->computer),
		.user_sid = text_at(r, object, s->user),
		.time = first_time(r, object, s->time),
		.event_id = -1,
		.record_id = -1,
	};
	hm_integer_of(text_at(r, object, s->record), &out->record_id);
	return out->provider.len != 0 &&
	       hm_integer_of(text_at(r, object, s->id), &out->event_id);
}

bool hm_windows_read(struct hm_reader *r, const struct hm_json *object, int *rows)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		struct hm_record record;
		struct fields f;

		if (at_path(object, shapes[i].key) == NULL ||
		    !fill_system(r, &shapes[i], object, &record))
			continue;
		*rows = 0;
		if (!hm_map_knows(record.provider, record.event_id)) {
			hm_tally_add(r->tally, record.provider, record.event_id, 1, 0);
			return true;
		}
		f = fields_of(r);
		if (!add_data(r, &shapes[i], object, &record, &f)) {
			r->why = "its values have no names, and are not those of the "
				 "event's manifest";
			return true;
		}
		record.fields = f.at;
		record.field_count = f.num;
		*rows = hm_record_read(r, &record);
		return true;
	}
	return false;
}

bool hm_windows_read_event(struct hm_reader *r, const struct hm_json *object,
			   hm_bytes data, int *rows)
{
	static const struct shape event = {
		.provider = "Source",
		.id = "EventID",
		.channel = "EventLog",
		.record = "EventRecordId",
		.computer = { "Computer" },
		.time = { "TimeGenerated" },
	};
	struct hm_record record;
	struct hm_field *fields;

	if (!fill_system(r, &event, object, &record))
		return false;
	*rows = 0;
	if (hm_eventxml_fields(data, r->arena, &fields, &record.field_count) != HM_OK) {
		r->why = "its EventData is not the XML that Windows writes";
		return true;
	}
	record.fields = fields;
	*rows = hm_record_read(r, &record);
	return true;
}
