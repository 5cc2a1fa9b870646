/* SPDX-License-Identifier: MIT */
/*
 * evtx_reader.h: what the files of the EVTX reader share, and nobody else uses.
 */
#ifndef HM_TELEMETRY_EVTX_READER_H
#define HM_TELEMETRY_EVTX_READER_H

#include "telemetry/evtx.h"
#include "telemetry/evtx_fields.h"
#include "telemetry/evtx_program.h"
#include "telemetry/evtx_value.h"

enum {
	TEMPLATE_BUCKETS = 256,
	/* a value's descriptor takes four bytes of the chunk, and each is read once */
	MOST_VALUES = HM_EVTX_CHUNK_BYTES / 4,
};

/* A template, compiled; of a record without one, the record itself. */
struct hm_evtx_template {
	uint32_t at;                        /* of its definition in the chunk */
	uint32_t id;                        /* the first four bytes of its GUID */
	struct hm_evtx_program program;     /* for JSON */
	const struct hm_evtx_field *fields; /* for records */
	struct hm_evtx_template *next;      /* in its bucket */
};

struct hm_evtx {
	enum hm_evtx_want want;
	struct hm_arena keep;    /* templates */
	struct hm_arena scratch; /* what compiling one of them takes */
	struct hm_evtx_template *templates[TEMPLATE_BUCKETS];

	hm_bytes chunk;
	uint64_t chunk_at;            /* its offset in the file */
	uint32_t steps;               /* of work left for the chunk */
	size_t room;                  /* bytes of output left for it */
	struct hm_evtx_value *values; /* of the templates being written, a stack */
	size_t value_count;

	struct hm_buf text;  /* of the record under way, not as JSON */
	struct hm_buf found; /* its fields: struct found of evtx_record.c */
	struct hm_buf name;  /* of the file, in the JSON that follows each record */
	struct hm_evtx_stats stats;
};

/* A piece of binary XML ready to be written: a program and its values. */
struct hm_evtx_piece {
	const struct hm_evtx_template *template;
	const struct hm_evtx_value *values;
	size_t count;
};

/* The bytes [at, at + len) of the chunk. */
struct hm_cur hm_evtx_cursor(const struct hm_evtx *e, uint32_t at, uint32_t len);

/*
 * The next piece of the fragment at c; false at its end or on failure.  Its values
 * are pushed on the stack, and the caller sets value_count back after use.
 */
bool hm_evtx_next_piece(struct hm_evtx *e, struct hm_cur *c, struct hm_evtx_piece *out);

/* Value number slot; a null one where the record has fewer. */
static inline const struct hm_evtx_value *hm_evtx_slot(const struct hm_evtx_piece *piece,
						       uint16_t slot)
{
	static const struct hm_evtx_value none = { .type = HM_EVTX_NULL };

	return slot < piece->count ? &piece->values[slot] : &none;
}

/* Count a record that could not be decoded; returns the cursor's error. */
hm_err hm_evtx_unread(struct hm_evtx *e, const struct hm_cur *c);

#endif
