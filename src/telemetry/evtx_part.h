/* SPDX-License-Identifier: MIT */
/*
 * evtx_part.h: a part of an event log to JSON lines, as a job for a worker.
 *
 * A log is cut into parts by offset, which may be worked on side by side: a chunk
 * belongs to the part in which it begins.  The answer is frames of JSON lines, then
 * one of counts; each begins with a byte that says which it is.
 */
#ifndef HM_TELEMETRY_EVTX_PART_H
#define HM_TELEMETRY_EVTX_PART_H

#include "telemetry/evtx.h"

enum { HM_EVTX_FRAME_LINES = 'L', HM_EVTX_FRAME_COUNTS = 'C' };

/* The request for the chunks of fd that begin at [begin, end). */
void hm_evtx_part_write(struct hm_buf *b, uint64_t begin, uint64_t end, hm_bytes name);

/* What was counted, of one part or of many. */
struct hm_evtx_counts {
	bool is_log; /* false: this is no event log, and nothing was read */
	struct hm_evtx_stats stats;
	char why[64]; /* stats.first_why, which does not point anywhere */
};

/* Read a frame of counts and add them to sum.  HM_EFORMAT where it is none. */
hm_err hm_evtx_counts_add(hm_bytes frame, struct hm_evtx_counts *sum);

/* Inside a worker: its own state, and the job.  emit takes each frame. */
struct hm_evtx_part_work {
	struct hm_evtx *reader;
	struct hm_buf out;
	uint8_t chunk[HM_EVTX_CHUNK_BYTES];
	void (*emit)(void *ctx, hm_bytes frame);
	void *ctx;
};

void hm_evtx_part_run(struct hm_evtx_part_work *w, int fd, hm_bytes request);

#endif
