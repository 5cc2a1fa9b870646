/* SPDX-License-Identifier: MIT */
#include "store/statement.h"

#include <stdlib.h>

struct hm_statement {
	struct hm_store *store;
	duckdb_prepared_statement prepared;
	duckdb_result result;
	duckdb_data_chunk chunk;
	bool started, unbound;
};

hm_err hm_statement_open(struct hm_store *s, const char *sql, struct hm_statement **out)
{
	struct hm_statement *st = calloc(1, sizeof(*st));

	if (st == NULL)
		return hm_store_failed(s, "out of memory");
	st->store = s;
	if (duckdb_prepare(hm_store_connection(s), sql, &st->prepared) != DuckDBSuccess) {
		hm_err err = hm_store_failed(s, duckdb_prepare_error(st->prepared));
		hm_statement_close(st);
		return err;
	}
	*out = st;
	return HM_OK;
}

static void end_result(struct hm_statement *st)
{
	if (st->chunk != NULL)
		duckdb_destroy_data_chunk(&st->chunk);
	if (st->started)
		duckdb_destroy_result(&st->result);
	st->chunk = NULL;
	st->started = false;
}

void hm_statement_close(struct hm_statement *st)
{
	if (st == NULL)
		return;
	end_result(st);
	duckdb_destroy_prepare(&st->prepared);
	free(st);
}

static void note(struct hm_statement *st, duckdb_state state)
{
	st->unbound |= state != DuckDBSuccess;
}

void hm_statement_bind_int(struct hm_statement *st, unsigned at, int64_t value)
{
	note(st, duckdb_bind_int64(st->prepared, at, value));
}

void hm_statement_bind_real(struct hm_statement *st, unsigned at, double value)
{
	note(st, duckdb_bind_double(st->prepared, at, value));
}

void hm_statement_bind_bool(struct hm_statement *st, unsigned at, bool value)
{
	note(st, duckdb_bind_boolean(st->prepared, at, value));
}

void hm_statement_bind_text(struct hm_statement *st, unsigned at, hm_bytes text)
{
	const char *from = text.len != 0 ? (const char *)text.at : "";

	note(st, duckdb_bind_varchar_length(st->prepared, at, from, text.len));
}

void hm_statement_bind_null(struct hm_statement *st, unsigned at)
{
	note(st, duckdb_bind_null(st->prepared, at));
}

hm_err hm_statement_start(struct hm_statement *st)
{
	duckdb_pending_result pending = NULL;

	end_result(st);
	if (st->unbound)
		return hm_store_failed(st->store, "a parameter could not be bound");
	if (duckdb_pending_prepared_streaming(st->prepared, &pending) != DuckDBSuccess) {
		hm_err err = hm_store_failed(st->store, duckdb_pending_error(pending));
		duckdb_destroy_pending(&pending);
		return err;
	}
	st->started = true;
	bool done = duckdb_execute_pending(pending, &st->result) == DuckDBSuccess;
	duckdb_destroy_pending(&pending);
	return done ? HM_OK
		    : hm_store_failed(st->store, duckdb_result_error(&st->result));
}

hm_err hm_statement_next(struct hm_statement *st, duckdb_data_chunk *out)
{
	if (st->chunk != NULL)
		duckdb_destroy_data_chunk(&st->chunk);
	st->chunk = duckdb_fetch_chunk(st->result);

	/* the end and a failure look alike but for this */
	const char *error = st->chunk == NULL ? duckdb_result_error(&st->result) : NULL;
	if (error != NULL)
		return hm_store_failed(st->store, error);
	*out = st->chunk;
	return HM_OK;
}

unsigned hm_statement_columns(struct hm_statement *st)
{
	return (unsigned)duckdb_column_count(&st->result);
}

const char *hm_statement_name(struct hm_statement *st, unsigned column)
{
	return duckdb_column_name(&st->result, column);
}

duckdb_type hm_statement_type(struct hm_statement *st, unsigned column)
{
	return duckdb_column_type(&st->result, column);
}

hm_err hm_statement_int(struct hm_statement *st, int64_t fallback, int64_t *out)
{
	duckdb_data_chunk chunk = NULL;
	hm_err err = hm_statement_start(st);

	if (err == HM_OK)
		err = hm_statement_next(st, &chunk);
	if (err != HM_OK)
		return err;
	*out = fallback;
	if (chunk != NULL && duckdb_data_chunk_get_size(chunk) != 0 &&
	    hm_chunk_has(chunk, 0, 0))
		*out = hm_chunk_int(chunk, 0, 0);
	end_result(st);
	return HM_OK;
}

bool hm_chunk_has(duckdb_data_chunk chunk, unsigned column, size_t row)
{
	duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, column);
	uint64_t *validity = duckdb_vector_get_validity(vector);

	/* no mask: no nulls */
	return validity == NULL || duckdb_validity_row_is_valid(validity, row);
}

hm_bytes hm_chunk_text(duckdb_data_chunk chunk, unsigned column, size_t row)
{
	if (!hm_chunk_has(chunk, column, row))
		return (hm_bytes){ 0 };

	duckdb_string_t *texts =
		duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, column));
	return (hm_bytes){ (const uint8_t *)duckdb_string_t_data(&texts[row]),
			   duckdb_string_t_length(texts[row]) };
}

int64_t hm_chunk_int(duckdb_data_chunk chunk, unsigned column, size_t row)
{
	const int64_t *numbers =
		duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, column));

	return hm_chunk_has(chunk, column, row) ? numbers[row] : 0;
}
