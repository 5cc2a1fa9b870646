/* SPDX-License-Identifier: MIT */
#include "telemetry/event.h"

#include <assert.h>
#include <string.h>

#define HM_TABLE(id, name, meaning)                                                      \
	static_assert(HM_COL_##id##_IngestedAt - HM_COL_##id##_Timestamp <               \
		      HM_TABLE_WIDTH);
#include "base/schema.def"

void hm_event_begin(struct hm_event *e, enum hm_table_id table)
{
	e->table = table;
	memset(e->set, 0, sizeof(e->set));
}

static size_t place(const struct hm_event *e, enum hm_column_id column)
{
	assert(hm_columns[column].table == e->table);
	return (size_t)((int)column - hm_tables[e->table].first);
}

static struct hm_cell *claim(struct hm_event *e, enum hm_column_id column)
{
	size_t at = place(e, column);

	e->set[at / 64] |= UINT64_C(1) << at % 64;
	return &e->cell[at];
}

void hm_event_text(struct hm_event *e, enum hm_column_id column, hm_bytes text)
{
	if (text.len != 0)
		claim(e, column)->text = text;
}

void hm_event_int(struct hm_event *e, enum hm_column_id column, int64_t number)
{
	claim(e, column)->number = number;
}

void hm_event_time(struct hm_event *e, enum hm_column_id column, hm_time time)
{
	if (time != HM_NO_TIME)
		claim(e, column)->number = time;
}

void hm_event_real(struct hm_event *e, enum hm_column_id column, double real)
{
	claim(e, column)->real = real;
}

bool hm_event_has(const struct hm_event *e, enum hm_column_id column)
{
	size_t at = place(e, column);

	return (e->set[at / 64] >> at % 64 & 1) != 0;
}

hm_bytes hm_event_get(const struct hm_event *e, enum hm_column_id column)
{
	return hm_event_has(e, column) ? e->cell[place(e, column)].text : (hm_bytes){ 0 };
}
