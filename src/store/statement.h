/* SPDX-License-Identifier: MIT */
/*
 * statement.h: one SQL statement, prepared, bound and read chunk by chunk.
 *
 * Results stream: memory is bounded whatever their size.  While one is being read
 * the store runs no other statement.  What failed is told by hm_store_why.
 */
#ifndef HM_STORE_STATEMENT_H
#define HM_STORE_STATEMENT_H

#include "store/store.h"

struct hm_statement;

hm_err hm_statement_open(struct hm_store *s, const char *sql, struct hm_statement **out);
/* Takes NULL. */
void hm_statement_close(struct hm_statement *st);

/* Parameters count from 1.  A failure is kept and told by hm_statement_start. */
void hm_statement_bind_int(struct hm_statement *st, unsigned at, int64_t value);
void hm_statement_bind_real(struct hm_statement *st, unsigned at, double value);
void hm_statement_bind_bool(struct hm_statement *st, unsigned at, bool value);
void hm_statement_bind_text(struct hm_statement *st, unsigned at, hm_bytes text);
void hm_statement_bind_null(struct hm_statement *st, unsigned at);

/* Run it, from the beginning where it ran before. */
hm_err hm_statement_start(struct hm_statement *st);

/* The next chunk, valid until the next call; NULL after the last. */
hm_err hm_statement_next(struct hm_statement *st, duckdb_data_chunk *out);

/* The result's columns: after hm_statement_start. */
unsigned hm_statement_columns(struct hm_statement *st);
const char *hm_statement_name(struct hm_statement *st, unsigned column);
duckdb_type hm_statement_type(struct hm_statement *st, unsigned column);

/* Start it and read one integer from its first row; fallback where that is null or
 * there is none. */
hm_err hm_statement_int(struct hm_statement *st, int64_t fallback, int64_t *out);

/* Whether that row of a chunk's column is not null. */
bool hm_chunk_has(duckdb_data_chunk chunk, unsigned column, size_t row);
/* A VARCHAR, empty where null; valid while the chunk is. */
hm_bytes hm_chunk_text(duckdb_data_chunk chunk, unsigned column, size_t row);
/* A BIGINT; 0 where null. */
int64_t hm_chunk_int(duckdb_data_chunk chunk, unsigned column, size_t row);

#endif
