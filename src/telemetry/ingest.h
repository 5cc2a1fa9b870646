/* SPDX-License-Identifier: MIT */
/*
 * ingest.h: the work that a worker does on telemetry: from a part of a file to
 * batches of rows.
 *
 * A job is a request and a descriptor.  Its answer is frames: batches of rows
 * (batch.h), records that were refused with the reason, and at the end a count of
 * all that was read.  A probe answers what kind of file it is and whether its parts
 * can be read apart.
 *
 * A part of a file of lines holds the lines that begin in it, one of an event log the
 * chunks that do.
 */
#ifndef HM_TELEMETRY_INGEST_H
#define HM_TELEMETRY_INGEST_H

#include "telemetry/batch.h"
#include "telemetry/document.h"
#include "telemetry/window.h"

enum hm_ingest_mode {
	HM_INGEST_PROBE,
	HM_INGEST_WHOLE,  /* a small file: find out and read it */
	HM_INGEST_LINES,  /* a record a line; parts can be read apart */
	HM_INGEST_STREAM, /* JSON values one after the other, or in one large array */
	HM_INGEST_XML,    /* events in XML, each over several lines or all on one */
	HM_INGEST_CSV,
	HM_INGEST_EVTX,
	/* messages of a queue: each a u64 offset, a u32 length and so many bytes, little
	 * endian; offsets rise */
	HM_INGEST_MESSAGES,
	HM_INGEST_UNKNOWN, /* an answer to a probe only */
	HM_INGEST_MODES,
};

struct hm_ingest_request {
	enum hm_ingest_mode mode;
	enum hm_codec codec;
	uint64_t begin, end; /* of the part; end UINT64_MAX: to the end */
	int table;           /* as struct hm_reader's */
	int zone;
	bool zone_given;
	/* After a worker was lost.  Records before resume, which is an offset as refused
	 * records have it, were read and are stepped over; careful: a mark after each
	 * record; poisoned: the first record from there on is refused unread. */
	uint64_t resume;
	bool careful, poisoned;
	uint8_t state;               /* of the mark at which reading is taken up */
	bool day_first, month_first; /* order of dates like 03/04/2024 */
	hm_time file_time;           /* for reports that tell no time of their own */
	hm_bytes device;             /* for reports that name no machine */
	hm_bytes name;               /* of the file, for RecordRef */
};

void hm_ingest_request_write(const struct hm_ingest_request *r, struct hm_buf *out);
hm_err hm_ingest_request_read(hm_bytes bytes, struct hm_ingest_request *out);

enum hm_ingest_frame {
	HM_FRAME_PROBE = 'P',
	HM_FRAME_BATCH = 'B',
	HM_FRAME_REFUSED = 'R',
	HM_FRAME_MARK = 'M',
	HM_FRAME_DONE = 'D',
};

/* A record that was not understood. */
struct hm_refused {
	uint64_t offset; /* in the file, or in what it decompresses to */
	uint64_t line; /* counted from 1 within the part; 0 where lines are not counted */
	hm_bytes why;  /* one sentence */
	hm_bytes text; /* the record, or the beginning of it */
};

/* What a job ends with.  A mark is the same for the rows and refused records since the
 * mark before: all that was read is in frames before it, and reading can be taken up
 * again at next. */
struct hm_ingest_done {
	uint64_t next;
	uint8_t state;    /* for the request that takes up there */
	uint64_t bytes;   /* read, after decompression */
	uint64_t lines;   /* begun in the part */
	uint64_t records; /* understood and refused */
	uint64_t refused;
	hm_bytes why;   /* not empty: the part could not be read to its end */
	hm_bytes tally; /* for hm_tally_merge */
};

struct hm_ingest_probe {
	enum hm_ingest_mode mode;
	enum hm_codec codec;
};

/* The kind of a frame, and what it holds.  HM_EFORMAT where it is none. */
hm_err hm_ingest_frame_read(hm_bytes frame, enum hm_ingest_frame *kind, hm_bytes *body);
hm_err hm_refused_read(hm_bytes body, struct hm_refused *out);
hm_err hm_ingest_done_read(hm_bytes body, struct hm_ingest_done *out);
hm_err hm_ingest_probe_read(hm_bytes body, struct hm_ingest_probe *out);

/* ---- in the worker ---- */

/* Where frames go; how the job is run is not known here. */
struct hm_ingest_sink {
	void (*frame)(void *ctx, hm_bytes frame);
	void *ctx;
};

/* What outlives a job: tables and buffers.  NULL without memory. */
struct hm_ingester;
struct hm_ingester *hm_ingester_new(void);
void hm_ingester_free(struct hm_ingester *g);

/* Do one job.  a holds what the job needs and is the caller's to reset. */
void hm_ingest_run(struct hm_ingester *g, int fd, hm_bytes request, struct hm_arena *a,
		   const struct hm_ingest_sink *sink);

#endif
