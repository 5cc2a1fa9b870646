/* SPDX-License-Identifier: MIT */
/*
 * defender.h: rows of Defender's own tables, as exports and streams name them.
 *
 * A column takes the value of its name; what no column takes, or what is not what
 * the column holds, is kept in ExtraFields.  Nothing is lost.
 */
#ifndef HM_TELEMETRY_DEFENDER_H
#define HM_TELEMETRY_DEFENDER_H

#include "base/json.h"
#include "telemetry/event.h"
#include "telemetry/record.h"

/* Which member was which column in the row before: for speed. */
struct hm_defender;
struct hm_defender *hm_defender_new(struct hm_arena *a);

/* One named value of a row; json says that text is JSON, not text. */
struct hm_value {
	hm_bytes name, text;
	bool json;
};

struct hm_values {
	const struct hm_value *at;
	size_t num;
};

/* Fill an event from an object, or from values such as a CSV line's. */
void hm_defender_row(struct hm_defender *d, enum hm_table_id table,
		     const struct hm_json *object, struct hm_event *e,
		     struct hm_arena *a);
void hm_defender_values(struct hm_defender *d, enum hm_table_id table,
			struct hm_values values, struct hm_event *e, struct hm_arena *a);

/* The table that a row without a table's name belongs to, by its columns and its
 * ActionType; -1 where that cannot be told. */
int hm_defender_guess(const struct hm_json *object);
int hm_defender_guess_names(const hm_bytes *names, size_t num, hm_bytes action);

#endif
