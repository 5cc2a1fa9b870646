/* SPDX-License-Identifier: MIT */
/*
 * batch.h: rows on their way from a worker to the process that owns the tables.
 *
 * A batch holds up to HM_BATCH_ROWS rows of one table, column after column, as the
 * engine takes them.  What is written in a worker is read back as distrustfully as
 * any input: lengths must add up, texts must be UTF-8.
 *
 * Each row has an identity: half of the SHA-256 over the names and values of its
 * cells, so that the same record read twice is the same row, from whatever file it
 * came.  RecordRef and IngestedAt, which tell where and when it was read, are left
 * out of it.
 */
#ifndef HM_TELEMETRY_BATCH_H
#define HM_TELEMETRY_BATCH_H

#include "base/arena.h"
#include "base/buf.h"
#include "telemetry/event.h"

enum {
	HM_BATCH_ROWS = 2048, /* the engine's own vector size */
};

/* ---- writing ---- */

struct hm_batcher;

/* Takes a batch's bytes; they last until it returns. */
typedef void (*hm_batch_fn)(void *ctx, hm_bytes batch);

/* A batcher that lives as long as the process; NULL without memory or SHA-256. */
struct hm_batcher *hm_batcher_new(hm_batch_fn emit, void *ctx);
void hm_batcher_free(struct hm_batcher *b);

/* Add a row; a full batch is given to emit.  Broken UTF-8 becomes U+FFFD.  numbered
 * says that the record carries a number of its own, so that one that looks the same
 * is the same.  HM_ELIMIT where the row is too large to store: it is not added. */
hm_err hm_batcher_add(struct hm_batcher *b, const struct hm_event *e, bool numbered);

/* Give what is left to emit. */
void hm_batcher_flush(struct hm_batcher *b);

/* ---- reading ---- */

struct hm_batch_column {
	int column;      /* enum hm_column_id */
	hm_bytes lens;   /* texts: a u32 a row; 0: none */
	hm_bytes bytes;  /* texts, one after the other */
	hm_bytes valid;  /* numbers: a byte a row, 1 where there is one */
	hm_bytes values; /* numbers: a u64 a row; reals as their bits */
};

struct hm_batch {
	enum hm_table_id table;
	size_t rows;
	hm_bytes ids;      /* 16 bytes a row, little endian */
	hm_bytes numbered; /* a byte a row */
	size_t num_columns;
	struct hm_batch_column columns[HM_TABLE_WIDTH]; /* those that hold something */
};

/* Views live as long as bytes.  HM_EFORMAT where it is no batch. */
hm_err hm_batch_read(hm_bytes bytes, struct hm_batch *out);

/* Whether the column's values are texts. */
bool hm_batch_is_text(enum hm_type type);

#endif
