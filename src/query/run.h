/* SPDX-License-Identifier: MIT */
/*
 * run.h: a KQL text over the store, rows streamed.
 *
 * A session is bound to one open store and one clock; its queries run one after
 * another.  What a query takes is in the arena given with it.
 */
#ifndef HM_QUERY_RUN_H
#define HM_QUERY_RUN_H

#include "query/bind.h"
#include "query/sql.h"
#include "store/statement.h"

struct hm_session;

struct hm_session_spec {
	struct hm_store *store; /* NULL: queries can be bound, not run */
	hm_time now;
	enum hm_dialect dialect;
	hm_bytes schema; /* more tables as JSON, see tables.h; empty for none */
	/* Queries are checked, not answered: externaldata without a copy is empty.  So it
	 * is with a schema, whose tables are. */
	bool checking;
};

/* why is set where it fails: a bad schema, an engine that refuses our functions. */
struct hm_session *hm_session_open(const struct hm_session_spec *spec, struct hm_arena *a,
				   const char **why);

/* A query that is bound, and after hm_result_start being read. */
struct hm_result {
	hm_bytes text;
	const struct hm_query *query;
	struct hm_fields columns;
	struct hm_sql sql;
	struct hm_statement *statement;
};

/* Parse and bind; false where it is refused: diag tells.  text outlives the result. */
bool hm_result_bind(struct hm_session *s, hm_bytes text, struct hm_arena *a,
		    struct hm_result *out, struct hm_diag *diag);

/* Print its SQL; false where the engine cannot do it: diag tells. */
bool hm_result_print(struct hm_session *s, struct hm_arena *a, struct hm_result *r,
		     struct hm_diag *diag);

/* Start a printed result; false where the engine refuses: diag tells. */
bool hm_result_start(struct hm_session *s, struct hm_arena *a, struct hm_result *r,
		     struct hm_diag *diag);

/* The next rows, valid until the next call; NULL after the last.  False where the engine
 * fails or was interrupted: diag tells. */
bool hm_result_next(struct hm_session *s, struct hm_arena *a, struct hm_result *r,
		    duckdb_data_chunk *out, struct hm_diag *diag);

/* For the rest of query/: the store, and what it said last as a diagnosis. */
struct hm_store *hm_session_store(struct hm_session *s);
void hm_session_failed(struct hm_session *s, struct hm_arena *a, struct hm_diag *diag);

/* May be called at any time after hm_result_bind, and twice. */
void hm_result_close(struct hm_result *r);

#endif
