/* SPDX-License-Identifier: MIT */
/*
 * ingest_part.h: what the readers of ingest.c share while they read one part of a
 * file.  For telemetry/ only.
 */
#ifndef HM_TELEMETRY_INGEST_PART_H
#define HM_TELEMETRY_INGEST_PART_H

#include "telemetry/ingest.h"

struct hm_part_reading {
	struct hm_ingester *ingester;
	struct hm_reader *reader;
	const struct hm_ingest_request *request;
	int fd;
	struct hm_evtx *evtx;
	struct hm_event *row;
	struct hm_window window;
	struct hm_ingest_done done;
	uint64_t offset, line; /* of the record under way */
	uint64_t rows;         /* since the mark before */
	uint64_t marked;       /* where that was */
	uint8_t state;         /* what a mark must tell beside its place */
	bool poisoned;         /* the next record is refused unread */
	bool mark_now;         /* tell where reading is after this record */
	const char *why;       /* set where the part cannot be read on */
};

/* Read one record with read, refuse it where the reader says why, and give back the
 * memory that it took. */
void hm_part_record(struct hm_part_reading *p, hm_bytes text,
		    void (*read)(struct hm_part_reading *p, hm_bytes text));

/* For records that hm_part_record does not read: whether the one at p->offset is to be
 * read, and was not before a worker was lost, nor is what it was lost of. */
bool hm_part_wants(struct hm_part_reading *p, hm_bytes text);

/* After each record: tell what was read up to next, now and then. */
void hm_part_mark(struct hm_part_reading *p, uint64_t next);

/* The file from there on, seen through the job's window. */
void hm_part_open(struct hm_part_reading *p, uint64_t from);

void hm_part_refuse(struct hm_part_reading *p, const char *why, hm_bytes text);

/* The next line without its newline, and what to step over; false at the end. */
bool hm_part_line(struct hm_part_reading *p, hm_bytes *line, size_t *len);

/* len bytes of the window, or what is left of it. */
hm_bytes hm_part_take(struct hm_part_reading *p, size_t len);

/* An event log; messages of a queue. */
void hm_part_evtx(struct hm_part_reading *p);
void hm_part_messages(struct hm_part_reading *p);

#endif
