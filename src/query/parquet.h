/* SPDX-License-Identifier: MIT */
/*
 * parquet.h: the rows of a query as a Parquet file, written by the engine.
 *
 * Types: bool, int, long and real as they are; datetime as TIMESTAMP in nanoseconds, UTC,
 * which holds the years 1678 to 2262 with all seven digits of KQL; dynamic as JSON;
 * timespan, decimal and guid as the text that the other forms have.  A null is a null.
 */
#ifndef HM_QUERY_PARQUET_H
#define HM_QUERY_PARQUET_H

#include "query/run.h"

struct hm_parquet_to {
	struct hm_arena *arena;
	const char *path;
	size_t *rows; /* how many were written */
};

/*
 * Run a printed result into the file to->path, which is the store's output (store.h) and
 * is written over.  False where the engine fails, or where two columns differ by case
 * only: diag tells, and the file may hold a part.
 */
bool hm_parquet_write(struct hm_session *s, struct hm_result *r,
		      const struct hm_parquet_to *to, struct hm_diag *diag);

#endif
