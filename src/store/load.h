/* SPDX-License-Identifier: MIT */
/*
 * load.h: batches of rows into tables, each row once.
 *
 * What is loaded becomes durable with hm_load_commit, all of it or none.  A row
 * whose identity is stored already is counted and left out.  Records that carry no
 * number of their own may truly occur twice: within one load the second of two
 * that look the same is a row of its own, which the same file read again gives the
 * same identity; a number told by the record (batch.h) rules that out.
 *
 * How far a file was read is kept with the rows, in the same transaction.
 */
#ifndef HM_STORE_LOAD_H
#define HM_STORE_LOAD_H

#include "base/time.h"
#include "store/store.h"
#include "telemetry/batch.h"

struct hm_load;

struct hm_load_counts {
	uint64_t added;
	uint64_t known; /* stored already */
};

/* HM_EIO: hm_store_why tells. */
hm_err hm_load_open(struct hm_store *s, hm_time now, struct hm_load **out);
/* Takes NULL.  What was not committed is gone. */
void hm_load_close(struct hm_load *l);

/* From here on rows are of one reading of one file: a number that no other has, but
 * for the reading that goes on after an interrupted one. */
void hm_load_source(struct hm_load *l, uint64_t source);

/* Take the rows of a worker's batch.  HM_EFORMAT: it is none. */
hm_err hm_load_batch(struct hm_load *l, hm_bytes bytes);
hm_err hm_load_commit(struct hm_load *l);

/* Rows taken since the last commit, stored or known. */
uint64_t hm_load_pending(const struct hm_load *l);
struct hm_load_counts hm_load_counts(const struct hm_load *l);

/* How far a file was read: done bytes, which had that print (any text that changes
 * when they do), and lines.  Kept by the next commit. */
struct hm_load_mark {
	hm_bytes path, print;
	int64_t done, line;
	uint64_t source;
};

hm_err hm_load_put_mark(struct hm_load *l, const struct hm_load_mark *mark);
/* *found tells whether there is one for mark->path; print is copied to room. */
hm_err hm_load_get_mark(struct hm_load *l, struct hm_load_mark *mark, char *room,
			size_t size, bool *found);

#endif
