/* SPDX-License-Identifier: MIT */
/*
 * store.h: the data folder and the DuckDB file in it.
 *
 * One process at a time owns the folder: the file "lock" is locked with fcntl, so
 * the kernel frees it whatever becomes of the process.  Who comes second is told
 * whom it waits for, and waits.
 *
 * The tables are those of base/schema.def, each with two more columns: _Row, the
 * 128-bit identity by which a record is stored once however often it is read, and
 * _Load, the file that it was first read from (load.h).
 * A new file is made under another name and renamed when it is whole.  The SQL
 * of others cannot reach files, the network or the configuration: see open_file.
 *
 * Views of the tables with TIMESTAMP columns, for other programs that read the
 * file, are in its schema "export".
 *
 * Threads: one, but for hm_store_interrupt.
 */
#ifndef HM_STORE_STORE_H
#define HM_STORE_STORE_H

#include <duckdb.h>

#include "base/bytes.h"

struct hm_store_spec {
	const char *folder;  /* made where it is missing; see base/folder.h */
	const char *command; /* shown to who waits for us: "ingest" */
	unsigned memory_mib; /* the engine's limit; 0: 512 */
	unsigned threads;    /* 0: as many as processors */
	const char *output;  /* one file that SQL may write, absolute; NULL: none */
	/* Called once, before waiting for another process.  May be NULL. */
	void (*waiting)(void *ctx, const char *holder);
	/* What had to be repaired while opening, and what was lost.  May be NULL. */
	void (*repaired)(void *ctx, const char *what);
	void *ctx;
};

enum { HM_STORE_WHY = 512 };

struct hm_store;

/* On failure why names the file and what is wrong with it, in one line. */
hm_err hm_store_open(const struct hm_store_spec *spec, struct hm_store **out,
		     char why[HM_STORE_WHY]);
/* Takes NULL.  What was committed is durable already. */
void hm_store_close(struct hm_store *s);

/* The connection, for registering functions and for statement.h. */
duckdb_connection hm_store_connection(struct hm_store *s);

/* The data folder, open: for files beside the database.  It stays the store's. */
int hm_store_folder(const struct hm_store *s);

/* Run SQL that is ours and gives no rows. */
hm_err hm_store_run(struct hm_store *s, const char *sql);

/* What the last call that failed said, in one line. */
const char *hm_store_why(const struct hm_store *s);
/* For the rest of store/: keep a message, shortened to one line.  Returns HM_EIO. */
hm_err hm_store_failed(struct hm_store *s, const char *message);

/* From any thread or a signal handler's thread: the query under way ends with an
 * error. */
void hm_store_interrupt(struct hm_store *s);

#endif
