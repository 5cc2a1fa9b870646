/* SPDX-License-Identifier: MIT */
#include "store/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/bloom.h"
#include "store/load_rows.h"
#include "store/seen.h"
#include "store/statement.h"

enum {
	/* Rows that an appender may hold back: a row group of the engine, which it then
	 * compresses at once.  Smaller flushes cost a third more of the processor. */
	FLUSH_ROWS = 60 * HM_BATCH_ROWS,
	/* Bytes that all of them together may hold back. */
	MAX_HELD_BYTES = 144 << 20,
};

struct table {
	duckdb_appender appender;
	duckdb_data_chunk chunk;
	size_t held; /* rows given to the appender and not flushed */
	bool known;  /* the filter holds the identities of its rows */
};

struct hm_load {
	struct hm_store *store;
	struct table tables[HM_TABLE_COUNT];
	struct hm_bloom bloom;
	struct hm_seen stored;   /* what the table has, of the batch's suspects */
	struct hm_seen occurred; /* how often they came in this load */
	duckdb_appender probe;
	struct hm_load_counts counts;
	uint64_t source, pending;
	size_t batch_bytes, held_bytes; /* of the batch at hand; in the appenders */
	hm_time now;
	bool begun;
};

/* ---- opening ---- */

static duckdb_logical_type column_type(enum hm_type type)
{
	static const duckdb_type types[] = {
		[HM_TYPE_BOOL] = DUCKDB_TYPE_BOOLEAN,
		[HM_TYPE_INT] = DUCKDB_TYPE_INTEGER,
		[HM_TYPE_LONG] = DUCKDB_TYPE_BIGINT,
		[HM_TYPE_REAL] = DUCKDB_TYPE_DOUBLE,
		[HM_TYPE_DATETIME] = DUCKDB_TYPE_BIGINT,
		[HM_TYPE_STRING] = DUCKDB_TYPE_VARCHAR,
		[HM_TYPE_DYNAMIC] = DUCKDB_TYPE_VARCHAR,
	};

	return duckdb_create_logical_type(types[type]);
}

static duckdb_data_chunk new_chunk(const struct hm_table *table)
{
	duckdb_logical_type types[HM_TABLE_WIDTH + 2];
	idx_t num = 0;

	types[num++] = duckdb_create_logical_type(DUCKDB_TYPE_UHUGEINT);
	types[num++] = duckdb_create_logical_type(DUCKDB_TYPE_UBIGINT);
	for (int i = 0; i < table->count; i++)
		types[num++] = column_type(hm_columns[table->first + i].type);

	duckdb_data_chunk chunk = duckdb_create_data_chunk(types, num);
	while (num != 0)
		duckdb_destroy_logical_type(&types[--num]);
	return chunk;
}

static hm_err appender_failed(struct hm_load *l, duckdb_appender appender)
{
	return hm_store_failed(l->store, duckdb_appender_error(appender));
}

/* Columns by name: an older file has them in another order. */
static bool name_columns(duckdb_appender appender, const struct hm_table *table)
{
	bool done = duckdb_appender_add_column(appender, "_Row") == DuckDBSuccess &&
		    duckdb_appender_add_column(appender, "_Load") == DuckDBSuccess;

	for (int i = 0; done && i < table->count; i++)
		done = duckdb_appender_add_column(appender,
						  hm_columns[table->first + i].name) ==
		       DuckDBSuccess;
	return done;
}

static hm_err open_table(struct hm_load *l, enum hm_table_id id)
{
	struct table *t = &l->tables[id];

	if (t->appender != NULL)
		return HM_OK;
	if (duckdb_appender_create(hm_store_connection(l->store), "main",
				   hm_tables[id].name, &t->appender) != DuckDBSuccess ||
	    !name_columns(t->appender, &hm_tables[id]))
		return appender_failed(l, t->appender);
	t->chunk = new_chunk(&hm_tables[id]);
	return HM_OK;
}

hm_err hm_load_open(struct hm_store *s, hm_time now, struct hm_load **out)
{
	struct hm_load *l = calloc(1, sizeof(*l));
	hm_err err;

	if (l == NULL || hm_bloom_open(&l->bloom) != HM_OK) {
		free(l);
		return hm_store_failed(s, "out of memory");
	}
	l->store = s;
	l->now = now;
	err = hm_store_run(s, "CREATE TEMP TABLE IF NOT EXISTS _Probe (Row UHUGEINT, "
			      "Time BIGINT)");
	if (err == HM_OK &&
	    duckdb_appender_create_ext(hm_store_connection(s), "temp", "main", "_Probe",
				       &l->probe) != DuckDBSuccess)
		err = appender_failed(l, l->probe);
	if (err != HM_OK) {
		hm_load_close(l);
		return err;
	}
	*out = l;
	return HM_OK;
}

static void drop_appender(duckdb_appender *appender)
{
	/* what it still holds was not committed and is not wanted */
	if (*appender != NULL)
		duckdb_appender_destroy(appender);
}

void hm_load_close(struct hm_load *l)
{
	if (l == NULL)
		return;
	for (size_t i = 0; i < HM_TABLE_COUNT; i++) {
		drop_appender(&l->tables[i].appender);
		if (l->tables[i].chunk != NULL)
			duckdb_destroy_data_chunk(&l->tables[i].chunk);
	}
	drop_appender(&l->probe);
	if (l->begun && hm_store_run(l->store, "ROLLBACK") != HM_OK)
		l->begun =
			false; /* the connection is closed soon, and with it the rest */
	hm_bloom_close(&l->bloom);
	hm_seen_done(&l->stored);
	hm_seen_done(&l->occurred);
	free(l);
}

/* ---- identities ---- */

static struct hm_row_id id_at(const struct hm_batch *b, size_t row)
{
	return (struct hm_row_id){ hm_at64le(b->ids, row * 16),
				   hm_at64le(b->ids, row * 16 + 8) };
}

static void add_ids(struct hm_load *l, duckdb_data_chunk chunk)
{
	const duckdb_uhugeint *ids =
		duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0));

	for (idx_t i = 0; i < duckdb_data_chunk_get_size(chunk); i++)
		hm_bloom_add(&l->bloom, (struct hm_row_id){ ids[i].lower, ids[i].upper });
}

/* Tell the filter what the table holds. */
static hm_err learn_table(struct hm_load *l, enum hm_table_id id)
{
	char sql[128];
	struct hm_statement *st = NULL;
	duckdb_data_chunk chunk = NULL;

	if (l->tables[id].known)
		return HM_OK;
	snprintf(sql, sizeof(sql), "SELECT _Row FROM main.\"%s\"", hm_tables[id].name);
	hm_err err = hm_statement_open(l->store, sql, &st);
	if (err == HM_OK)
		err = hm_statement_start(st);
	while (err == HM_OK && (err = hm_statement_next(st, &chunk)) == HM_OK &&
	       chunk != NULL)
		add_ids(l, chunk);
	hm_statement_close(st);
	l->tables[id].known = err == HM_OK;
	return err;
}

/* ---- rows that may be stored already ---- */

struct suspects {
	uint16_t rows[HM_BATCH_ROWS];
	size_t num;
};

static int64_t time_of(const struct hm_batch *b, size_t row)
{
	/* Timestamp is the first column of every table, and no row lacks it */
	if (b->num_columns == 0 || b->columns[0].column != hm_tables[b->table].first)
		return 0;
	return (int64_t)hm_at64le(b->columns[0].values, row * 8);
}

static hm_err flush(struct hm_load *l, struct table *t)
{
	if (t->held == 0)
		return HM_OK;
	t->held = 0;
	return duckdb_appender_flush(t->appender) == DuckDBSuccess
		       ? HM_OK
		       : appender_failed(l, t->appender);
}

static bool put_probe(duckdb_appender probe, struct hm_row_id id, int64_t time)
{
	const duckdb_uhugeint row = { .lower = id.low, .upper = id.high };

	return duckdb_append_uhugeint(probe, row) == DuckDBSuccess &&
	       duckdb_append_int64(probe, time) == DuckDBSuccess &&
	       duckdb_appender_end_row(probe) == DuckDBSuccess;
}

static hm_err fill_probe(struct hm_load *l, const struct hm_batch *b,
			 const struct suspects *s)
{
	bool done = true;

	for (size_t i = 0; done && i < s->num; i++)
		done = put_probe(l->probe, id_at(b, s->rows[i]), time_of(b, s->rows[i]));
	if (done && duckdb_appender_flush(l->probe) == DuckDBSuccess)
		return HM_OK;
	return appender_failed(l, l->probe);
}

/* Note each probed identity that the table has, and the load it is from. */
static hm_err note_stored(struct hm_load *l, enum hm_table_id id)
{
	char sql[512];
	struct hm_statement *st = NULL;
	duckdb_data_chunk chunk = NULL;

	/* the bounds let whole row groups be left unread */
	snprintf(sql, sizeof(sql),
		 "SELECT t._Row, t._Load FROM _Probe p JOIN main.\"%s\" t ON t._Row = "
		 "p.Row WHERE t.Timestamp BETWEEN (SELECT min(Time) FROM _Probe) AND "
		 "(SELECT max(Time) FROM _Probe)",
		 hm_tables[id].name);
	hm_err err = hm_statement_open(l->store, sql, &st);
	if (err == HM_OK)
		err = hm_statement_start(st);
	while (err == HM_OK && (err = hm_statement_next(st, &chunk)) == HM_OK &&
	       chunk != NULL) {
		const duckdb_uhugeint *ids =
			duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0));
		const uint64_t *loads =
			duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 1));

		for (idx_t i = 0; i < duckdb_data_chunk_get_size(chunk); i++)
			hm_seen_put(&l->stored,
				    (struct hm_row_id){ ids[i].lower, ids[i].upper },
				    loads[i]);
	}
	hm_statement_close(st);
	return err == HM_OK ? hm_store_run(l->store, "DELETE FROM _Probe") : err;
}

static hm_err look_up(struct hm_load *l, const struct hm_batch *b,
		      const struct suspects *s)
{
	hm_seen_clear(&l->stored);
	hm_err err = flush(l, &l->tables[b->table]);
	if (err == HM_OK)
		err = fill_probe(l, b, s);
	return err == HM_OK ? note_stored(l, b->table) : err;
}

/* The identity of the nth row that looks the same. */
static struct hm_row_id nth(struct hm_row_id id, uint64_t n)
{
	id.low += n;
	id.high += id.low < n;
	return id;
}

struct place {
	struct hm_row_id id;
	bool stored;
	uint64_t from;
};

/* Whether the row is stored under that identity, and by which load; for the rare row
 * that occurred before in its own load. */
static hm_err look_up_one(struct hm_load *l, const struct hm_batch *b, size_t row,
			  struct place *p)
{
	struct hm_seen others = l->stored;

	l->stored = (struct hm_seen){ 0 };
	hm_err err = flush(l, &l->tables[b->table]);
	if (err == HM_OK && (!put_probe(l->probe, p->id, time_of(b, row)) ||
			     duckdb_appender_flush(l->probe) != DuckDBSuccess))
		err = appender_failed(l, l->probe);
	if (err == HM_OK)
		err = note_stored(l, b->table);
	p->stored = hm_seen_get(&l->stored, p->id, &p->from);
	hm_seen_done(&l->stored);
	l->stored = others;
	return err;
}

/*
 * Find the identity of a row that looks the same as one stored, and has no number: it
 * is one that occurred *times before in its file.  What a load that was interrupted
 * knew of that is told by the table.
 */
static hm_err find_place(struct hm_load *l, const struct hm_batch *b, size_t row,
			 struct hm_row_id *id, bool *store)
{
	struct hm_row_id first = *id;
	struct place p = { 0 };
	uint64_t times = 0;
	bool counted = hm_seen_get(&l->occurred, first, &times);
	hm_err err;

	if (!counted)
		times = 1;
	do {
		p.id = nth(first, times++);
		err = look_up_one(l, b, row, &p);
	} while (err == HM_OK && p.stored && !counted && p.from == l->source);
	hm_seen_put(&l->occurred, first, times);
	*id = p.id;
	*store = !p.stored;
	return err;
}

/*
 * Decide about a suspect: whether to store it, and under which identity.  What was
 * stored by this load and carries no number of its own occurred twice in its file.
 */
static hm_err judge(struct hm_load *l, const struct hm_batch *b, size_t row,
		    struct hm_row_id *id, bool *store)
{
	uint64_t from = 0, times;

	*id = id_at(b, row);
	*store = !hm_seen_get(&l->stored, *id, &from);
	if (*store) {
		hm_seen_put(&l->stored, *id, l->source);
		return HM_OK;
	}
	if (hm_at8(b->numbered, row) != 0)
		return HM_OK;
	if (hm_seen_get(&l->occurred, *id, &times) || from == l->source)
		return find_place(l, b, row, id, store);
	/* of another load: this is the first time in this one */
	hm_seen_put(&l->occurred, *id, 1);
	return HM_OK;
}

/* ---- a batch ---- */

static hm_err flush_all(struct hm_load *l)
{
	hm_err err = HM_OK;

	for (size_t i = 0; i < HM_TABLE_COUNT && err == HM_OK; i++)
		err = flush(l, &l->tables[i]);
	l->held_bytes = 0;
	return err;
}

static hm_err append(struct hm_load *l, const struct hm_batch *b,
		     const struct hm_rows_chosen *chosen)
{
	struct table *t = &l->tables[b->table];

	if (chosen->num == 0)
		return HM_OK;
	hm_rows_fill(t->chunk, b, chosen, l->source, l->now);
	if (duckdb_append_data_chunk(t->appender, t->chunk) != DuckDBSuccess)
		return appender_failed(l, t->appender);
	t->held += chosen->num;
	l->counts.added += chosen->num;
	l->held_bytes += l->batch_bytes;
	if (l->held_bytes >= MAX_HELD_BYTES)
		return flush_all(l);
	return t->held >= FLUSH_ROWS ? flush(l, t) : HM_OK;
}

static hm_err append_suspects(struct hm_load *l, const struct hm_batch *b,
			      const struct suspects *s, struct hm_rows_chosen *chosen)
{
	hm_err err = look_up(l, b, s);

	chosen->num = 0;
	for (size_t i = 0; i < s->num && err == HM_OK; i++) {
		struct hm_row_id id;
		bool store;

		err = judge(l, b, s->rows[i], &id, &store);
		if (store) {
			chosen->rows[chosen->num] = s->rows[i];
			chosen->ids[chosen->num++] = id;
		} else {
			l->counts.known++;
		}
	}
	return err == HM_OK ? append(l, b, chosen) : err;
}

static hm_err begin(struct hm_load *l)
{
	if (l->begun)
		return HM_OK;
	hm_err err = hm_store_run(l->store, "BEGIN");
	l->begun = err == HM_OK;
	return err;
}

/* Tell the rows that are new beyond doubt from those that may have been seen. */
static void sift(struct hm_load *l, const struct hm_batch *b,
		 struct hm_rows_chosen *chosen, struct suspects *suspects)
{
	chosen->num = 0;
	suspects->num = 0;
	for (size_t row = 0; row < b->rows; row++) {
		struct hm_row_id id = id_at(b, row);

		if (hm_bloom_add(&l->bloom, id)) {
			suspects->rows[suspects->num++] = (uint16_t)row;
			continue;
		}
		chosen->rows[chosen->num] = (uint16_t)row;
		chosen->ids[chosen->num++] = id;
	}
}

static hm_err load(struct hm_load *l, const struct hm_batch *b,
		   struct hm_rows_chosen *chosen)
{
	struct suspects suspects;
	hm_err err = begin(l);

	if (err == HM_OK)
		err = open_table(l, b->table);
	if (err == HM_OK)
		err = learn_table(l, b->table);
	if (err != HM_OK)
		return err;
	sift(l, b, chosen, &suspects);
	l->pending += b->rows;
	err = append(l, b, chosen);
	if (err == HM_OK && suspects.num != 0)
		err = append_suspects(l, b, &suspects, chosen);
	return err;
}

hm_err hm_load_batch(struct hm_load *l, hm_bytes bytes)
{
	struct hm_batch *b = malloc(sizeof(*b));
	struct hm_rows_chosen *chosen = malloc(sizeof(*chosen));
	hm_err err;

	l->batch_bytes = bytes.len;
	if (b == NULL || chosen == NULL)
		err = hm_store_failed(l->store, "out of memory");
	else if ((err = hm_batch_read(bytes, b)) == HM_OK)
		err = load(l, b, chosen);
	free(chosen);
	free(b);
	return err;
}

void hm_load_source(struct hm_load *l, uint64_t source)
{
	if (source != l->source)
		hm_seen_clear(&l->occurred);
	l->source = source;
}

hm_err hm_load_commit(struct hm_load *l)
{
	hm_err err = flush_all(l);

	if (err == HM_OK && l->begun) {
		err = hm_store_run(l->store, "COMMIT");
		l->begun = err != HM_OK;
	}
	if (err == HM_OK)
		l->pending = 0;
	return err;
}

uint64_t hm_load_pending(const struct hm_load *l)
{
	return l->pending;
}

struct hm_load_counts hm_load_counts(const struct hm_load *l)
{
	return l->counts;
}

/* ---- how far files were read ---- */

static hm_err run_mark(struct hm_load *l, const char *sql,
		       const struct hm_load_mark *mark, bool whole)
{
	struct hm_statement *st = NULL;
	hm_err err = hm_statement_open(l->store, sql, &st);

	if (err != HM_OK)
		return err;
	hm_statement_bind_text(st, 1, mark->path);
	if (whole) {
		hm_statement_bind_text(st, 2, mark->print);
		hm_statement_bind_int(st, 3, mark->done);
		hm_statement_bind_int(st, 4, mark->line);
		hm_statement_bind_int(st, 5, (int64_t)mark->source);
		hm_statement_bind_int(st, 6, l->now);
	}
	err = hm_statement_start(st);
	hm_statement_close(st);
	return err;
}

hm_err hm_load_put_mark(struct hm_load *l, const struct hm_load_mark *mark)
{
	hm_err err = begin(l);

	if (err == HM_OK)
		err = run_mark(l, "DELETE FROM _Loads WHERE Path = $1", mark, false);
	if (err == HM_OK)
		err = run_mark(l, "INSERT INTO _Loads VALUES ($1, $2, $3, $4, $5, $6)",
			       mark, true);
	return err;
}

static void read_mark(duckdb_data_chunk chunk, struct hm_load_mark *mark, char *room,
		      size_t size)
{
	hm_bytes print = hm_chunk_text(chunk, 0, 0);

	snprintf(room, size, "%.*s", (int)print.len, (const char *)print.at);
	mark->print = hm_bytes_of(room);
	mark->done = hm_chunk_int(chunk, 1, 0);
	mark->line = hm_chunk_int(chunk, 2, 0);
	mark->source = (uint64_t)hm_chunk_int(chunk, 3, 0);
}

hm_err hm_load_get_mark(struct hm_load *l, struct hm_load_mark *mark, char *room,
			size_t size, bool *found)
{
	struct hm_statement *st = NULL;
	duckdb_data_chunk chunk = NULL;
	hm_err err = hm_statement_open(
		l->store, "SELECT Print, Done, Line, Source FROM _Loads WHERE Path = $1",
		&st);

	*found = false;
	if (err != HM_OK)
		return err;
	hm_statement_bind_text(st, 1, mark->path);
	err = hm_statement_start(st);
	if (err == HM_OK)
		err = hm_statement_next(st, &chunk);
	if (err == HM_OK && chunk != NULL && duckdb_data_chunk_get_size(chunk) != 0) {
		read_mark(chunk, mark, room, size);
		*found = true;
	}
	hm_statement_close(st);
	return err;
}
