/* SPDX-License-Identifier: MIT */
#include "query/tables.h"

#include <string.h>

#include "base/json.h"
#include "base/schema.h"
#include "query/binder.h"

static enum hm_scalar scalar_of(enum hm_type type)
{
	switch (type) {
	case HM_TYPE_BOOL: return HM_SCALAR_BOOL;
	case HM_TYPE_INT: return HM_SCALAR_INT;
	case HM_TYPE_LONG: return HM_SCALAR_LONG;
	case HM_TYPE_REAL: return HM_SCALAR_REAL;
	case HM_TYPE_DATETIME: return HM_SCALAR_DATETIME;
	case HM_TYPE_STRING: return HM_SCALAR_STRING;
	case HM_TYPE_DYNAMIC: break;
	}
	return HM_SCALAR_DYNAMIC;
}

static bool is_shown(enum hm_dialect dialect, enum hm_origin origin)
{
	return dialect == HM_DIALECT_HALLMARK || origin == HM_ORIGIN_DEFENDER ||
	       (dialect == HM_DIALECT_SENTINEL && origin == HM_ORIGIN_SENTINEL);
}

static struct hm_source *source_of(const struct hm_table *table, enum hm_dialect dialect,
				   struct hm_arena *a)
{
	struct hm_source *s = hm_new(a, struct hm_source);

	s->name = hm_bytes_of(table->name);
	s->columns.at = hm_new_n(a, struct hm_field, (size_t)table->count);
	s->alias = hm_bytes_of("TimeGenerated");
	for (int i = table->first; i < table->first + table->count; i++) {
		if (!is_shown(dialect, hm_columns[i].origin))
			continue;
		struct hm_field *f = &s->columns.at[s->columns.count];
		*f = (struct hm_field){ hm_bytes_of(hm_columns[i].name),
					scalar_of(hm_columns[i].type) };
		if (hm_is(f->name, "Timestamp"))
			s->alias_of = s->columns.count;
		s->columns.count++;
	}
	return s;
}

struct hm_source *hm_tables_of(enum hm_dialect dialect, struct hm_arena *a)
{
	struct hm_source *list = NULL;

	for (int i = HM_TABLE_COUNT; i > 0; i--) {
		struct hm_source *s = source_of(&hm_tables[i - 1], dialect, a);
		s->next = list;
		list = s;
	}
	return list;
}

static bool read_columns(const struct hm_json *object, struct hm_source *s,
			 struct hm_arena *a)
{
	if (object->kind != HM_JSON_OBJECT)
		return false;
	s->columns.at = hm_new_n(a, struct hm_field, object->count + 1);
	for (const struct hm_json *c = object->first; c != NULL; c = c->next) {
		struct hm_field *f = &s->columns.at[s->columns.count++];
		f->name = hm_json_key(c, a);
		if (c->kind != HM_JSON_STRING ||
		    !hm_scalar_named(hm_json_string(c, a), &f->type))
			return false;
	}
	return true;
}

/* A Device table with only one of the two names of the time knows the other as an alias:
 * Defender's name is Timestamp, Sentinel's TimeGenerated. */
static void set_alias(struct hm_source *s)
{
	const size_t stamp = hm_find_field(&s->columns, hm_bytes_of("Timestamp"));
	const size_t generated = hm_find_field(&s->columns, hm_bytes_of("TimeGenerated"));

	if (s->name.len < 6 || memcmp(s->name.at, "Device", 6) != 0 ||
	    (stamp == HM_NO_COLUMN) == (generated == HM_NO_COLUMN))
		return;
	s->alias = hm_bytes_of(stamp == HM_NO_COLUMN ? "Timestamp" : "TimeGenerated");
	s->alias_of = stamp == HM_NO_COLUMN ? generated : stamp;
}

/* Those of list that no table of the file hides, after the file's. */
static void append_rest(struct hm_source **end, struct hm_source *file,
			struct hm_source *list)
{
	for (struct hm_source *next; list != NULL; list = next) {
		const struct hm_source *f = file;

		next = list->next;
		*end = NULL;
		while (f != NULL && !hm_same(f->name, list->name))
			f = f->next;
		if (f != NULL)
			continue;
		*end = list;
		end = &list->next;
	}
}

struct hm_source *hm_tables_read(hm_bytes text, struct hm_source *list,
				 struct hm_arena *a, const char **why)
{
	struct hm_cur c = hm_cur_of(text);
	const struct hm_json *root = hm_json_read(&c, a);
	struct hm_source *file = NULL, **end = &file;

	if (root == NULL || root->kind != HM_JSON_OBJECT) {
		*why = "not a JSON object of tables";
		return NULL;
	}
	for (const struct hm_json *t = root->first; t != NULL; t = t->next) {
		struct hm_source *s = hm_new(a, struct hm_source);

		s->name = hm_json_key(t, a);
		if (!read_columns(t, s, a)) {
			*why = "a table is not an object of column names and KQL types";
			return NULL;
		}
		set_alias(s);
		s->added = true;
		*end = s;
		end = &s->next;
	}
	append_rest(end, file, list);
	return file;
}
