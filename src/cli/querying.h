/* SPDX-License-Identifier: MIT */
/*
 * querying.h: one KQL text from the command line to rows on standard output; what
 * query, hunt and the prompt share.
 */
#ifndef HM_CLI_QUERYING_H
#define HM_CLI_QUERYING_H

#include "cli/rows.h"
#include "query/run.h"

struct hm_querying {
	struct hm_session *session;
	struct hm_store *store;
	struct hm_arena *a;
	FILE *to;            /* where rows go */
	const char *parquet; /* not NULL: there instead, as Parquet */
	enum hm_rows_format format;
	unsigned timeout_seconds;
	bool bind_only, explain;
};

/* Run text, which name names in messages; rows counts what was written.  The exit status:
 * 0 or 2. */
int hm_querying_run(struct hm_querying *q, const char *name, hm_bytes text, size_t *rows);

/* {"id","query"} lines on in, an answer line each on standard output. */
int hm_querying_batch(struct hm_querying *q, FILE *in);

/* A file, or standard input for "-", in a; false after a complaint. */
bool hm_querying_read(struct hm_arena *a, const char *path, hm_bytes *out);

#endif
