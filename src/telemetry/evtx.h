/* SPDX-License-Identifier: MIT */
/*
 * evtx.h: Windows event logs, as JSON lines or as records for the mapping.
 *
 * A file is a header of 4 KiB and chunks of 64 KiB, each readable by itself; they are
 * taken one after the other to the end of the file, whatever the header counts.  What
 * is damaged is stepped over and counted, never guessed at: a record is whole or it is
 * skipped.  What lies after a chunk's free-space offset is stale and is not read.
 * Facts: docs/formats/evtx.md.
 *
 * One chunk is held at a time and the work on it is bounded, so memory is too:
 * under 100 MiB for the worst of chunks, some 1 MiB for real ones.
 */
#ifndef HM_TELEMETRY_EVTX_H
#define HM_TELEMETRY_EVTX_H

#include "base/arena.h"
#include "base/buf.h"
#include "telemetry/record.h"

enum {
	HM_EVTX_HEADER_BYTES = 4096,
	HM_EVTX_CHUNK_BYTES = 65536,
	/* the header, and enough of a chunk to know it */
	HM_EVTX_HEAD_BYTES = HM_EVTX_HEADER_BYTES + 8,
};

/* What was seen of a log since hm_evtx_begin. */
struct hm_evtx_stats {
	uint64_t chunks;          /* that were read */
	uint64_t empty_chunks;    /* all zero: never written */
	uint64_t bad_chunks;      /* 64 KiB that are no chunk: skipped */
	uint64_t bad_checksums;   /* chunks read whose CRC-32 does not fit */
	uint64_t records;         /* that were handed out */
	uint64_t unread[6];       /* of these, not decoded; by hm_err */
	uint64_t gaps, gap_bytes; /* places in chunks where no record could be found */
	uint64_t missing;         /* promised by chunk headers and not found */
	bool bad_header;          /* the file's header is not one; its chunks are */
	bool dirty;               /* the header says that the log was not closed */
	/* the first record that was not decoded; HM_OK while there is none */
	hm_err first_err;
	const char *first_why;
	uint64_t first_where; /* offset in the file */
};

struct hm_evtx;

/* A record found; it and what is made of it live until the next chunk is begun. */
struct hm_evtx_record {
	uint64_t where;   /* its offset in the file */
	uint64_t id;      /* EventRecordID, from its header */
	uint64_t written; /* FILETIME, from its header */
	uint32_t at, len; /* its binary XML in the chunk */
};

typedef void (*hm_evtx_fn)(void *ctx, struct hm_evtx *e, const struct hm_evtx_record *r);

/* What records will be turned into. */
enum hm_evtx_want { HM_EVTX_JSON, HM_EVTX_RECORDS };

/*
 * A reader for any number of logs, one after the other.  full is called, and must not
 * return, where memory ends, which the limits should not let happen.  HM_EIO without
 * memory.  hm_evtx_close takes NULL.
 */
hm_err hm_evtx_open(enum hm_evtx_want want, hm_full_fn full, void *ctx,
		    struct hm_evtx **out);
void hm_evtx_close(struct hm_evtx *e);

/* Whether a file that begins so may be an event log, or chunks carved from one. */
bool hm_evtx_is(hm_bytes head);

/*
 * Begin a log, whose first HM_EVTX_HEAD_BYTES (or all it has) are head; *first is the
 * offset of its first chunk.  A header that was overwritten does not matter where a
 * chunk follows it; chunks carved from a log need none.  name is what JSON calls the
 * file; it is copied.  HM_EFORMAT: this is no event log.
 */
hm_err hm_evtx_begin(struct hm_evtx *e, hm_bytes head, hm_bytes name, uint64_t *first);

/*
 * Hand out the records of the HM_EVTX_CHUNK_BYTES that lie at offset where of the file,
 * a multiple of that from the first chunk on; less than so many only at the file's end.
 * Chunks may be given in any order, or not at all.
 */
void hm_evtx_chunk(struct hm_evtx *e, hm_bytes chunk, uint64_t where, hm_evtx_fn fn,
		   void *ctx);

const struct hm_evtx_stats *hm_evtx_stats(const struct hm_evtx *e);

/*
 * Inside hm_evtx_fn: append the record as one line of JSON, its newline included.  A
 * record that cannot be decoded adds nothing and is counted.
 */
hm_err hm_evtx_json(struct hm_evtx *e, const struct hm_evtx_record *r,
		    struct hm_buf *out);

typedef bool (*hm_evtx_wanted)(hm_bytes provider, int64_t event_id);

/*
 * Inside hm_evtx_fn: the record for the mapping.  Its texts live in a, the names of its
 * fields until the next chunk is begun.  wanted, unless NULL, may spare the fields: of
 * a record that it does not want only the head is filled.  Errors as hm_evtx_json.
 */
hm_err hm_evtx_to_record(struct hm_evtx *e, const struct hm_evtx_record *r,
			 hm_evtx_wanted wanted, struct hm_arena *a,
			 struct hm_record *out);

#endif
