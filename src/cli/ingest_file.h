/* SPDX-License-Identifier: MIT */
/*
 * ingest_file.h: one run of "hallmark ingest": files to workers, rows to tables.
 */
#ifndef HM_CLI_INGEST_FILE_H
#define HM_CLI_INGEST_FILE_H

#include "cli/cli.h"
#include "cli/refused.h"
#include "store/hashes.h"
#include "store/load.h"
#include "telemetry/ingest.h"

struct hm_pool;

struct hm_ingesting {
	struct hm_store *store;
	struct hm_load *load;
	struct hm_pool *pool;
	struct hm_arena *arena; /* of the command */
	struct hm_tally tally;
	struct hm_ingest_request options; /* what the user chose, for every request */
	struct hm_refused_log *refused_log;
	bool again;    /* read files that were read before */
	bool progress; /* on a terminal */
	bool stopped;  /* the store failed: read no more */
	bool lost;     /* something could not be read, and was told of */
	int status;
	uint64_t files, known_files, bytes, records, refused;
	struct hm_hash_counts hashes;
	uint64_t shown_ms;     /* when progress was last shown */
	uint64_t committed_ms; /* when rows were last made durable */
};

/* Read one open file, which is closed.  False to stop the walk. */
bool hm_ingest_file(struct hm_ingesting *g, const char *path, int fd);

/* Read messages as HM_INGEST_MESSAGES has them, all of them; fd is closed. */
void hm_ingest_messages(struct hm_ingesting *g, const char *name, int fd);

/* Make durable what was read. */
void hm_ingest_commit(struct hm_ingesting *g);

/* hm_pool_spec's callbacks. */
void hm_ingest_frame_in(void *owner, void *tag, hm_bytes frame);
bool hm_ingest_again(void *owner, void *tag, const char *why, struct hm_buf *request);
void hm_ingest_job_ended(void *owner, void *tag, hm_err err, const char *why);

/* After the pool has finished: commit what is left, and find the hashes of processes
 * that were reported without. */
void hm_ingest_end(struct hm_ingesting *g);

#endif
