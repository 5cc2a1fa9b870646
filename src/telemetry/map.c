/* SPDX-License-Identifier: MIT */
#include "telemetry/map.h"

#include <string.h>

#include "base/json.h"
#include "telemetry/convert.h"
#include "telemetry/document.h"
#include "telemetry/state.h"

enum key {
#define HM_EVENT(key, provider, id, table, action, source, finish) KEY_##key,
#include "telemetry/map.def"
	KEY_COUNT,
};

struct rule {
	const char *provider;
	int64_t id;
	enum hm_table_id table;
	const char *action, *source;
	enum hm_finish finish;
};

static const struct rule rules[KEY_COUNT] = {
#define HM_EVENT(key, provider_, id_, table_, action_, source_, finish_)                 \
	[KEY_##key] = { .provider = provider_,                                           \
			.id = id_,                                                       \
			.table = HM_TABLE_##table_,                                      \
			.action = action_,                                               \
			.source = source_,                                               \
			.finish = HM_FINISH_##finish_ },
#include "telemetry/map.def"
};

struct from {
	enum key key;
	enum hm_column_id column;
	enum hm_convert convert;
	const char *path;
};

static const struct from froms[] = {
#define HM_FROM(key, table, column, convert, path)                                       \
	{ KEY_##key, HM_COL_##table##_##column, HM_CONVERT_##convert, path },
#include "telemetry/map.def"
};

enum { NUM_FROMS = sizeof(froms) / sizeof(froms[0]) };

struct hm_map {
	size_t first[KEY_COUNT + 1]; /* of each key's rows in froms */
	hm_bytes path[NUM_FROMS];
	size_t hint[NUM_FROMS];
	/* which fields of the record the rows have used */
	uint64_t used[8];
};

/* Records have about 30 fields; those past this many go unmarked to ExtraFields. */
enum { MARKED_FIELDS = 8 * 64 };

struct hm_map *hm_map_new(struct hm_arena *a)
{
	struct hm_map *map = hm_new(a, struct hm_map);
	size_t at = 0;

	for (size_t key = 0; key < KEY_COUNT; key++) {
		map->first[key] = at;
		while (at < NUM_FROMS && froms[at].key == (enum key)key) {
			map->path[at] = hm_bytes_of(froms[at].path);
			at++;
		}
	}
	map->first[KEY_COUNT] = at;
	return map;
}

bool hm_map_knows(hm_bytes provider, int64_t event_id)
{
	for (size_t key = 0; key < KEY_COUNT; key++)
		if (rules[key].id == event_id && hm_is(provider, rules[key].provider))
			return true;
	return false;
}

static hm_bytes field(const struct hm_record *r, const char *name)
{
	const struct hm_field *found = hm_record_field(r, hm_bytes_of(name), NULL);

	return found != NULL ? found->text : (hm_bytes){ 0 };
}

/* Columns that each table has under its own number. */
struct common {
	enum hm_column_id time, device, device_id, report, source, extra, action;
};

static const struct common commons[HM_TABLE_COUNT] = {
#define COMMON(t)                                                                        \
	.time = HM_COL_##t##_Timestamp, .device = HM_COL_##t##_DeviceName,               \
	.device_id = HM_COL_##t##_DeviceId, .report = HM_COL_##t##_ReportId,             \
	.source = HM_COL_##t##_RecordSource, .extra = HM_COL_##t##_ExtraFields
	[HM_TABLE_CERT] = { COMMON(CERT), .action = HM_COL_CERT_SignatureSource },
	[HM_TABLE_PROC] = { COMMON(PROC), .action = HM_COL_PROC_ActionType },
	[HM_TABLE_LOAD] = { COMMON(LOAD), .action = HM_COL_LOAD_ActionType },
	[HM_TABLE_FILE] = { COMMON(FILE), .action = HM_COL_FILE_ActionType },
	[HM_TABLE_EVENT] = { COMMON(EVENT), .action = HM_COL_EVENT_ActionType },
#undef COMMON
};

static void fill_columns(struct hm_map *map, enum key key, const struct hm_record *r,
			 struct hm_event *e, struct hm_arena *a)
{
	for (size_t i = map->first[key]; i < map->first[key + 1]; i++) {
		const struct hm_field *f =
			hm_record_field(r, map->path[i], &map->hint[i]);

		if (f == NULL)
			continue;
		size_t at = (size_t)(f - r->fields);
		if (at < MARKED_FIELDS)
			map->used[at / 64] |= UINT64_C(1) << at % 64;
		if (!hm_event_has(e, froms[i].column))
			hm_event_convert(e, froms[i].column, froms[i].convert, f->text,
					 a);
	}
}

/* ---- what follows from several fields at once ---- */

static void finish_sysmon(const struct hm_record *r, struct hm_event *e)
{
	hm_bytes is_signed = field(r, "Signed"), status = field(r, "SignatureStatus");
	bool yes;

	hm_put_judged(e, hm_judge_sysmon(is_signed, field(r, "Signature"), status));
	if (hm_boolean_of(is_signed, &yes))
		hm_event_int(e, HM_COL_CERT_IsSigned, yes);
	if (!hm_nothing(status)) {
		hm_event_int(e, HM_COL_CERT_IsTrusted, hm_is(status, "Valid"));
		hm_event_text(e, HM_COL_CERT_SignatureText, status);
	} else if (!hm_nothing(is_signed)) {
		hm_event_text(e, HM_COL_CERT_SignatureText, is_signed);
	}
}

/* SignatureType of event 3089. */
static const char *signature_type(int64_t code)
{
	switch (code) {
	case 1: return "Embedded";
	case 3:
	case 4: return "Catalog";
	default: return "";
	}
}

static void finish_code_integrity(const struct hm_record *r, struct hm_event *e)
{
	int64_t error = -1, type = -1;

	if (hm_integer_of(field(r, "VerificationError"), &error))
		hm_put_judged(e, hm_judge_code_integrity(error));
	hm_event_text(e, HM_COL_CERT_SignatureText, field(r, "VerificationError"));
	if (!hm_integer_of(field(r, "SignatureType"), &type))
		return;
	hm_event_text(e, HM_COL_CERT_SignatureType, hm_bytes_of(signature_type(type)));
	hm_event_int(e, HM_COL_CERT_IsSigned, type != 0);
}

static void finish_capi2(const struct hm_record *r, struct hm_event *e,
			 struct hm_arena *a)
{
	hm_bytes value = field(r, "WinVerifyTrust.Result.value");
	int64_t result;

	/* hex digits without 0x */
	value = hm_bytes_of(
		hm_format(a, "0x%.*s", (int)value.len, (const char *)value.at));
	if (!hm_integer_of(value, &result))
		return;
	hm_put_judged(e, hm_judge_hresult((uint32_t)result));
	hm_event_text(e, HM_COL_CERT_SignatureHResult,
		      hm_bytes_of(hm_format(a, "0x%08X", (unsigned)result)));
	hm_event_text(e, HM_COL_CERT_SignatureText, field(r, "WinVerifyTrust.Result"));
	hm_event_int(e, HM_COL_CERT_IsTrusted, (uint32_t)result == 0);
	if (hm_event_has(e, HM_COL_CERT_SignatureCatalog))
		hm_event_text(e, HM_COL_CERT_SignatureType, hm_bytes_of("Catalog"));
}

/* The signature of the program, or of the library or driver that it loaded. */
static void finish_ecs(const struct hm_record *r, struct hm_event *e, const char *of,
		       struct hm_arena *a)
{
	hm_bytes status = field(r, hm_format(a, "%s.code_signature.status", of));
	hm_bytes exists = field(r, hm_format(a, "%s.code_signature.exists", of));
	hm_bytes trusted = field(r, hm_format(a, "%s.code_signature.trusted", of));

	if (hm_event_has(e, HM_COL_CERT_SignatureState))
		return;
	hm_put_judged(e, hm_judge_elastic(status, exists, trusted));
	hm_event_text(e, HM_COL_CERT_SignatureText, status);
}

static void finish_ocsf(const struct hm_record *r, struct hm_event *e)
{
	hm_bytes text = field(r, "process.file.signature.state_id");
	int64_t state_id;

	if (text.len == 0)
		text = field(r, "module.file.signature.state_id");
	if (!hm_integer_of(text, &state_id))
		return;
	hm_put_judged(e, hm_judge_ocsf(state_id));
	hm_event_text(e, HM_COL_CERT_SignatureText, text);
	hm_event_int(e, HM_COL_CERT_IsSigned, 1);
	hm_event_int(e, HM_COL_CERT_IsTrusted, state_id == 1);
}

static void finish_osquery(const struct hm_record *r, struct hm_event *e)
{
	hm_bytes result = field(r, "columns.result");

	hm_put_judged(e, hm_judge_osquery(result));
	hm_event_text(e, HM_COL_CERT_SignatureText, result);
	if (result.len != 0 && !hm_is(result, "unknown"))
		hm_event_int(e, HM_COL_CERT_IsSigned, !hm_is(result, "missing"));
	if (result.len != 0)
		hm_event_int(e, HM_COL_CERT_IsTrusted, hm_is(result, "trusted"));
}

static void finish_sigcheck(const struct hm_record *r, struct hm_event *e)
{
	hm_bytes verified = field(r, "Verified");
	struct hm_judged judged = hm_judge_sigcheck(verified);

	hm_put_judged(e, judged);
	if (judged.state == NULL)
		return;
	hm_event_int(e, HM_COL_CERT_IsSigned, !hm_is(verified, "Unsigned"));
	hm_event_int(e, HM_COL_CERT_IsTrusted, strcmp(judged.state, "Valid") == 0);
}

static void finish(enum hm_finish how, const struct hm_record *r, struct hm_event *e,
		   struct hm_arena *a)
{
	switch (how) {
	case HM_FINISH_NONE: break;
	case HM_FINISH_SYSMON: finish_sysmon(r, e); break;
	case HM_FINISH_CODE_INTEGRITY: finish_code_integrity(r, e); break;
	case HM_FINISH_CAPI2: finish_capi2(r, e, a); break;
	case HM_FINISH_ECS_PROCESS: finish_ecs(r, e, "process", a); break;
	case HM_FINISH_ECS_MODULE:
		finish_ecs(r, e, "dll", a);
		finish_ecs(r, e, "file", a);
		break;
	case HM_FINISH_OCSF: finish_ocsf(r, e); break;
	case HM_FINISH_OSQUERY: finish_osquery(r, e); break;
	case HM_FINISH_SIGCHECK: finish_sigcheck(r, e); break;
	}
}

/* ---- the row ---- */

static void fill_common(const struct rule *rule, const struct hm_record *r,
			struct hm_event *e, struct hm_arena *a)
{
	const struct common *c = &commons[rule->table];

	if (!hm_event_has(e, c->time))
		hm_event_time(e, c->time, r->time);
	if (!hm_event_has(e, c->device))
		hm_event_text(e, c->device, r->computer);
	if (!hm_event_has(e, c->device_id))
		hm_event_text(e, c->device_id, hm_lower_text(r->computer, a));
	if (!hm_event_has(e, c->report) && r->record_id >= 0)
		hm_event_int(e, c->report, r->record_id);
	hm_event_text(e, c->source, hm_bytes_of(rule->source));
	hm_event_text(
		e, c->action,
		hm_bytes_of(rule->table == HM_TABLE_CERT ? rule->source : rule->action));
}

static bool is_used(const struct hm_map *map, size_t at)
{
	return at < MARKED_FIELDS && (map->used[at / 64] >> at % 64 & 1) != 0;
}

/* Whether what no column takes is kept: events of Windows and reports; a document of
 * Elastic would be kept nearly whole. */
static bool keeps_extra(const struct rule *rule, const struct hm_record *r)
{
	if (rule->finish == HM_FINISH_SIGCHECK)
		return true;
	return rule->table != HM_TABLE_CERT && !hm_is_document(r->provider);
}

/* The fields of a record that no column took. */
static void fill_extra(const struct hm_map *map, const struct hm_record *r,
		       struct hm_event *e, struct hm_arena *a)
{
	struct hm_buf b = hm_buf_of(1 << 20);
	struct hm_json_out o = hm_json_out_of(&b);

	hm_json_open(&o, '{');
	for (size_t i = 0; i < r->field_count; i++) {
		const struct hm_field *f = &r->fields[i];

		if (is_used(map, i) || hm_nothing(f->text))
			continue;
		hm_json_name(&o, f->name);
		if (f->kind == HM_FIELD_JSON)
			hm_json_put_raw(&o, f->text);
		else
			hm_json_put(&o, f->text);
	}
	hm_json_close(&o, '}');
	if (b.err == HM_OK && b.len > 2)
		hm_event_text(e, commons[e->table].extra, hm_keep(a, hm_buf_bytes(&b)));
	hm_buf_done(&b);
}

/* Whether the row says anything: a verdict row must hold a verdict. */
static bool says_something(const struct hm_event *e)
{
	return e->table != HM_TABLE_CERT || hm_event_has(e, HM_COL_CERT_SignatureState);
}

static bool make_row(struct hm_map *map, enum key key, const struct hm_record *r,
		     struct hm_event *e, struct hm_arena *a)
{
	const struct rule *rule = &rules[key];

	hm_event_begin(e, rule->table);
	for (size_t i = 0; i < sizeof(map->used) / sizeof(map->used[0]); i++)
		map->used[i] = 0;
	fill_columns(map, key, r, e, a);
	finish(rule->finish, r, e, a);
	fill_common(rule, r, e, a);
	if (keeps_extra(rule, r))
		fill_extra(map, r, e, a);
	return says_something(e);
}

int hm_map_record(struct hm_map *map, const struct hm_record *r, struct hm_arena *a,
		  const struct hm_sink *sink)
{
	struct hm_event *e = NULL;
	int rows = 0;

	for (size_t key = 0; key < KEY_COUNT; key++) {
		if (rules[key].id != r->event_id ||
		    !hm_is(r->provider, rules[key].provider))
			continue;
		if (e == NULL)
			e = hm_new(a, struct hm_event);
		if (!make_row(map, (enum key)key, r, e, a))
			continue;
		sink->row(sink->ctx, e);
		rows++;
	}
	return rows;
}
