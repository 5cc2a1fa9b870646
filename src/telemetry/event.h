/* SPDX-License-Identifier: MIT */
/*
 * event.h: one row of one of base/schema.def's tables, on its way to the store.
 *
 * Readers bring their input to struct hm_record (record.h), the mapping makes
 * events of it, and batches of events (batch.h) cross from the worker to the
 * process that owns the tables.  A cell that was not set is null, or empty where
 * the column is a string.
 *
 * Texts are views; they live as long as what they were set from.
 */
#ifndef HM_TELEMETRY_EVENT_H
#define HM_TELEMETRY_EVENT_H

#include "base/schema.h"
#include "base/time.h"

enum {
	/* the widest table of schema.def has room; event.c asserts it */
	HM_TABLE_WIDTH = 128,
};

struct hm_cell {
	hm_bytes text;  /* string and dynamic */
	int64_t number; /* bool, int, long; datetime as hm_time */
	double real;
};

struct hm_event {
	enum hm_table_id table;
	uint64_t set[HM_TABLE_WIDTH / 64];   /* which cells hold a value */
	struct hm_cell cell[HM_TABLE_WIDTH]; /* indexed from the table's first column */
};

/* An empty row of that table. */
void hm_event_begin(struct hm_event *e, enum hm_table_id table);

/* Set a cell of the event's table.  An empty text and HM_NO_TIME set nothing. */
void hm_event_text(struct hm_event *e, enum hm_column_id column, hm_bytes text);
void hm_event_int(struct hm_event *e, enum hm_column_id column, int64_t number);
void hm_event_time(struct hm_event *e, enum hm_column_id column, hm_time time);
void hm_event_real(struct hm_event *e, enum hm_column_id column, double real);

bool hm_event_has(const struct hm_event *e, enum hm_column_id column);
/* Empty where the cell was not set. */
hm_bytes hm_event_get(const struct hm_event *e, enum hm_column_id column);

#endif
