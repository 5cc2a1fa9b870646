/* SPDX-License-Identifier: MIT */
/*
 * schema.h: the tables that hallmark holds, as data.  See schema.def.
 *
 * How values are stored: datetime as 100 ns ticks since year 1 in a BIGINT, null
 * where absent; string as text, never null, empty where absent; dynamic as the
 * text of its JSON, null where absent; hashes and serials in lower case.
 */
#ifndef HM_BASE_SCHEMA_H
#define HM_BASE_SCHEMA_H

#include "base/bytes.h"

/* KQL's scalar types that a column may have. */
enum hm_type {
	HM_TYPE_BOOL,
	HM_TYPE_INT,
	HM_TYPE_LONG,
	HM_TYPE_REAL,
	HM_TYPE_DATETIME,
	HM_TYPE_STRING,
	HM_TYPE_DYNAMIC,
};

enum hm_origin {
	HM_ORIGIN_DEFENDER,
	HM_ORIGIN_SENTINEL,
	HM_ORIGIN_OURS,
};

enum hm_table_id {
#define HM_TABLE(id, name, meaning) HM_TABLE_##id,
#include "base/schema.def"
	HM_TABLE_COUNT,
};

/* Positions of columns over all tables: HM_COL_PROC_SHA1.  A table's own are
 * together, from its first on. */
enum hm_column_id {
#define HM_COLUMN(id, name, type, origin, meaning) HM_COL_##id##_##name,
#include "base/schema.def"
	HM_COL_COUNT,
};

struct hm_column {
	const char *name;
	enum hm_type type;
	enum hm_origin origin;
	enum hm_table_id table;
	const char *meaning; /* one sentence, without a full stop */
};

struct hm_table {
	const char *name;
	const char *meaning;
	int first; /* enum hm_column_id of its first column */
	int count; /* of its columns */
};

/* Indexed by enum hm_table_id and enum hm_column_id. */
extern const struct hm_table hm_tables[HM_TABLE_COUNT];
extern const struct hm_column hm_columns[HM_COL_COUNT];

/* KQL's names are case-sensitive.  NULL where there is no such table; -1 where the
 * table has no such column.  hm_column_find takes TimeGenerated for Timestamp. */
const struct hm_table *hm_table_find(hm_bytes name);
int hm_column_find(const struct hm_table *table, hm_bytes name);

/* "string", "datetime"... as KQL spells them. */
const char *hm_type_name(enum hm_type type);

#endif
