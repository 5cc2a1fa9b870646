/* SPDX-License-Identifier: MIT */
#include "base/schema.h"

const struct hm_column hm_columns[HM_COL_COUNT] = {
#define HM_COLUMN(id, name_, type_, origin_, meaning_)                                   \
	[HM_COL_##id##_##name_] = { .name = #name_,                                      \
				    .type = HM_TYPE_##type_,                             \
				    .origin = HM_ORIGIN_##origin_,                       \
				    .table = HM_TABLE_##id,                              \
				    .meaning = meaning_ },
#include "base/schema.def"
};

/* Each table begins with Timestamp and ends with IngestedAt. */
const struct hm_table hm_tables[HM_TABLE_COUNT] = {
#define HM_TABLE(id, name_, meaning_)                                                    \
	[HM_TABLE_##id] = { .name = #name_,                                              \
			    .meaning = meaning_,                                         \
			    .first = HM_COL_##id##_Timestamp,                            \
			    .count = HM_COL_##id##_IngestedAt -                          \
				     HM_COL_##id##_Timestamp + 1 },
#include "base/schema.def"
};

const struct hm_table *hm_table_find(hm_bytes name)
{
	for (int i = 0; i < HM_TABLE_COUNT; i++)
		if (hm_is(name, hm_tables[i].name))
			return &hm_tables[i];
	return NULL;
}

int hm_column_find(const struct hm_table *table, hm_bytes name)
{
	if (hm_is(name, "TimeGenerated"))
		return table->first;
	for (int i = table->first; i < table->first + table->count; i++)
		if (hm_is(name, hm_columns[i].name))
			return i;
	return -1;
}

const char *hm_type_name(enum hm_type type)
{
	static const char *const names[] = {
		[HM_TYPE_BOOL] = "bool",         [HM_TYPE_INT] = "int",
		[HM_TYPE_LONG] = "long",         [HM_TYPE_REAL] = "real",
		[HM_TYPE_DATETIME] = "datetime", [HM_TYPE_STRING] = "string",
		[HM_TYPE_DYNAMIC] = "dynamic",
	};

	return names[type];
}
