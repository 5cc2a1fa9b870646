/* SPDX-License-Identifier: MIT */
#include "telemetry/defender.h"

#include <string.h>

#include "base/text.h"
#include "telemetry/convert.h"
#include "telemetry/state.h"

/* Positions remembered; rows have about 70 members. */
enum { HINTS = 256 };

struct hm_defender {
	hm_bytes names[HM_COL_COUNT];
	bool lower[HM_COL_COUNT]; /* hashes and serials: lower case */
	int hint[HM_TABLE_COUNT][HINTS];
};

static bool ends(const char *name, const char *with)
{
	size_t len = strlen(name), tail = strlen(with);

	return len >= tail && strcmp(name + len - tail, with) == 0;
}

static bool is_hex_column(const char *name)
{
	static const char *const tails[] = { "SHA1",       "SHA256",     "MD5",
					     "SignerHash", "IssuerHash", "SerialNumber" };

	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
		if (ends(name, tails[i]))
			return true;
	return false;
}

struct hm_defender *hm_defender_new(struct hm_arena *a)
{
	struct hm_defender *d = hm_new(a, struct hm_defender);

	for (int i = 0; i < HM_COL_COUNT; i++) {
		d->names[i] = hm_bytes_of(hm_columns[i].name);
		d->lower[i] = is_hex_column(hm_columns[i].name);
	}
	return d;
}

/* The column of that name in the table, or -1; at is the value's place in the row. */
static int find(struct hm_defender *d, enum hm_table_id table, hm_bytes name, size_t at)
{
	int *hint = &d->hint[table][at % HINTS];

	if (hm_columns[*hint].table == table && hm_same(d->names[*hint], name))
		return *hint;
	int column = hm_column_find(&hm_tables[table], name);
	if (column >= 0 && !hm_is(name, "TimeGenerated"))
		*hint = column;
	return column;
}

/* A row being filled. */
struct filling {
	struct hm_defender *defender;
	struct hm_event *e;
	struct hm_arena *arena;
	struct hm_buf extra;
	struct hm_json_out out;
};

static void keep_extra(struct filling *f, const struct hm_value *v)
{
	if (f->extra.len == 0)
		hm_json_open(&f->out, '{');
	hm_json_name(&f->out, v->name);
	if (v->json)
		hm_json_put_raw(&f->out, v->text);
	else
		hm_json_put(&f->out, v->text);
}

static bool set_text(struct filling *f, enum hm_column_id column, hm_bytes text)
{
	if (f->defender->lower[column])
		text = hm_lower_text(text, f->arena);
	hm_event_text(f->e, column, text);
	return true;
}

static bool set_number(struct filling *f, enum hm_column_id column, hm_bytes text)
{
	int64_t number;

	if (!hm_integer_of(text, &number))
		return false;
	if (hm_columns[column].type == HM_TYPE_INT &&
	    (number < INT32_MIN || number > INT32_MAX))
		return false;
	hm_event_int(f->e, column, number);
	return true;
}

static bool set_truth(struct filling *f, enum hm_column_id column, hm_bytes text)
{
	bool truth;

	if (!hm_boolean_of(text, &truth))
		return false;
	hm_event_int(f->e, column, truth);
	return true;
}

static bool set_time(struct filling *f, enum hm_column_id column, hm_bytes text)
{
	hm_time time = hm_time_parse(hm_trim(text));

	if (time == HM_NO_TIME)
		return false;
	hm_event_time(f->e, column, time);
	return true;
}

/* Only _BilledSize is real: decimal digits with an optional fraction. */
static bool set_real(struct filling *f, enum hm_column_id column, hm_bytes text)
{
	double value = 0, scale = 1;
	bool fraction = false;

	for (size_t i = 0; i < text.len; i++) {
		uint8_t byte = hm_at8(text, i);

		if (byte == '.' && !fraction) {
			fraction = true;
			continue;
		}
		if (byte < '0' || byte > '9')
			return false;
		value = value * 10 + (byte - '0');
		scale *= fraction ? 10 : 1;
	}
	hm_event_real(f->e, column, value / scale);
	return true;
}

/* A value's text when it is shown: JSON strings are given decoded. */
static bool set_value(struct filling *f, enum hm_column_id column,
		      const struct hm_value *v)
{
	switch (hm_columns[column].type) {
	case HM_TYPE_STRING: return set_text(f, column, v->text);
	case HM_TYPE_BOOL: return set_truth(f, column, v->text);
	case HM_TYPE_INT:
	case HM_TYPE_LONG: return set_number(f, column, v->text);
	case HM_TYPE_REAL: return set_real(f, column, v->text);
	case HM_TYPE_DATETIME: return set_time(f, column, v->text);
	case HM_TYPE_DYNAMIC:
		if (v->json)
			hm_event_text(f->e, column, v->text);
		else
			hm_event_convert(f->e, column, HM_CONVERT_JSON, v->text,
					 f->arena);
		return true;
	}
	return false;
}

static void take(struct filling *f, size_t at, const struct hm_value *v)
{
	int column = find(f->defender, f->e->table, v->name, at);

	if (v->text.len == 0)
		return;
	/* Timestamp is the better of two names for one column */
	bool taken = column >= 0 && hm_is(v->name, "TimeGenerated") &&
		     hm_event_has(f->e, (enum hm_column_id)column);
	if (taken)
		return;
	if (column < 0 || !set_value(f, (enum hm_column_id)column, v))
		keep_extra(f, v);
}

static const struct {
	enum hm_column_id source, extra;
} ours[HM_TABLE_COUNT] = {
#define HM_TABLE(id, name, meaning)                                                      \
	[HM_TABLE_##id] = { HM_COL_##id##_RecordSource, HM_COL_##id##_ExtraFields },
#include "base/schema.def"
};

static struct filling begin(struct hm_defender *d, enum hm_table_id table,
			    struct hm_event *e, struct hm_arena *a)
{
	hm_event_begin(e, table);
	return (struct filling){
		.defender = d, .e = e, .arena = a, .extra = hm_buf_of(16 << 20)
	};
}

static void end(struct filling *f)
{
	struct hm_event *e = f->e;

	if (f->extra.len != 0) {
		hm_json_close(&f->out, '}');
		if (f->extra.err == HM_OK)
			hm_event_text(e, ours[e->table].extra,
				      hm_keep(f->arena, hm_buf_bytes(&f->extra)));
	}
	hm_buf_done(&f->extra);
	if (!hm_event_has(e, ours[e->table].source))
		hm_event_text(e, ours[e->table].source, hm_bytes_of("mde"));
	if (e->table != HM_TABLE_CERT)
		return;
	if (!hm_event_has(e, HM_COL_CERT_SignatureState))
		hm_put_judged(e, hm_judge_defender(e));
	if (!hm_event_has(e, HM_COL_CERT_SignatureSource))
		hm_event_text(e, HM_COL_CERT_SignatureSource, hm_bytes_of("mde"));
}

void hm_defender_values(struct hm_defender *d, enum hm_table_id table,
			struct hm_values values, struct hm_event *e, struct hm_arena *a)
{
	struct filling f = begin(d, table, e, a);

	f.out = hm_json_out_of(&f.extra);
	for (size_t i = 0; i < values.num; i++)
		take(&f, i, &values.at[i]);
	end(&f);
}

void hm_defender_row(struct hm_defender *d, enum hm_table_id table,
		     const struct hm_json *object, struct hm_event *e, struct hm_arena *a)
{
	struct filling f = begin(d, table, e, a);
	size_t at = 0;

	f.out = hm_json_out_of(&f.extra);
	for (const struct hm_json *m = object->first; m != NULL; m = m->next, at++) {
		bool text = m->kind == HM_JSON_STRING;
		struct hm_value v = { .name = hm_json_key(m, a), .json = !text };

		if (m->kind == HM_JSON_NULL)
			continue;
		v.text = text ? hm_json_string(m, a) : m->text;
		if (m->kind == HM_JSON_TRUE || m->kind == HM_JSON_FALSE)
			v.text = hm_bytes_of(m->kind == HM_JSON_TRUE ? "true" : "false");
		take(&f, at, &v);
	}
	end(&f);
}

/* ---- which table ---- */

/* Columns that one table alone has. */
static const struct {
	const char *column;
	enum hm_table_id table;
} telling[] = {
	{ "IsRootSignerMicrosoft", HM_TABLE_CERT },
	{ "CertificateSerialNumber", HM_TABLE_CERT },
	{ "SignerHash", HM_TABLE_CERT },
	{ "ProcessIntegrityLevel", HM_TABLE_PROC },
	{ "ProcessVersionInfoCompanyName", HM_TABLE_PROC },
	{ "PreviousFolderPath", HM_TABLE_FILE },
	{ "SensitivityLabel", HM_TABLE_FILE },
};

static const struct {
	const char *action;
	enum hm_table_id table;
} actions[] = {
	{ "ProcessCreated", HM_TABLE_PROC }, { "ImageLoaded", HM_TABLE_LOAD },
	{ "FileCreated", HM_TABLE_FILE },    { "FileModified", HM_TABLE_FILE },
	{ "FileRenamed", HM_TABLE_FILE },    { "FileDeleted", HM_TABLE_FILE },
	{ "DriverLoad", HM_TABLE_EVENT },
};

static int by_action(hm_bytes action)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (hm_is(action, actions[i].action))
			return (int)actions[i].table;
	return -1;
}

static int by_column(hm_bytes name)
{
	for (size_t i = 0; i < sizeof(telling) / sizeof(telling[0]); i++)
		if (hm_is(name, telling[i].column))
			return (int)telling[i].table;
	return -1;
}

int hm_defender_guess_names(const hm_bytes *names, size_t num, hm_bytes action)
{
	bool time = false, command_line = false;
	int table = by_action(action);

	for (size_t i = 0; i < num; i++) {
		time |= hm_is(names[i], "Timestamp") || hm_is(names[i], "TimeGenerated");
		command_line |= hm_is(names[i], "ProcessCommandLine");
		if (table < 0)
			table = by_column(names[i]);
	}
	/* a projection of DeviceProcessEvents; DeviceEvents has an ActionType */
	if (table < 0 && command_line && action.len == 0)
		table = HM_TABLE_PROC;
	return time ? table : -1;
}

int hm_defender_guess(const struct hm_json *object)
{
	hm_bytes names[HINTS], action = { 0 };
	size_t num = 0;

	for (const struct hm_json *m = object->first; m != NULL && num < HINTS;
	     m = m->next) {
		if (hm_is(m->key, "ActionType") && m->kind == HM_JSON_STRING)
			action = m->text;
		names[num++] = m->key;
	}
	return hm_defender_guess_names(names, num, action);
}
