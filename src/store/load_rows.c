/* SPDX-License-Identifier: MIT */
#include "store/load_rows.h"

#include <string.h>

enum { INLINE_BYTES = 12 /* the longest text that a duckdb_string_t holds itself */ };

struct filling {
	const struct hm_batch *batch;
	const struct hm_rows_chosen *chosen;
};

static void put_text(duckdb_vector vector, duckdb_string_t *to, size_t row, hm_bytes text)
{
	if (text.len > INLINE_BYTES) {
		duckdb_vector_assign_string_element_len(vector, row,
							(const char *)text.at, text.len);
		return;
	}
	to[row].value.inlined.length = (uint32_t)text.len;
	if (text.len != 0)
		memcpy(to[row].value.inlined.inlined, text.at, text.len);
}

/* Null instead of empty: dynamic columns. */
static void put_null(duckdb_vector vector, size_t row)
{
	duckdb_vector_ensure_validity_writable(vector);
	duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
}

static void fill_texts(duckdb_vector vector, const struct filling *f,
		       const struct hm_batch_column *col)
{
	bool nulls = hm_columns[col->column].type == HM_TYPE_DYNAMIC;
	duckdb_string_t *to = duckdb_vector_get_data(vector);
	size_t at = 0, row = 0;

	memset(to, 0, f->chosen->num * sizeof(*to));
	for (size_t i = 0; i < f->chosen->num; i++) {
		for (; row < f->chosen->rows[i]; row++)
			at += hm_at32le(col->lens, row * 4);
		size_t len = hm_at32le(col->lens, row * 4);
		put_text(vector, to, i, hm_part(col->bytes, at, len));
		if (nulls && len == 0)
			put_null(vector, i);
	}
}

static void put_number(void *data, enum hm_type type, size_t row, uint64_t value)
{
	switch (type) {
	case HM_TYPE_BOOL: ((bool *)data)[row] = value != 0; break;
	case HM_TYPE_INT: ((int32_t *)data)[row] = (int32_t)value; break;
	case HM_TYPE_LONG:
	case HM_TYPE_DATETIME: ((int64_t *)data)[row] = (int64_t)value; break;
	case HM_TYPE_REAL: memcpy((double *)data + row, &value, sizeof(value)); break;
	case HM_TYPE_STRING:
	case HM_TYPE_DYNAMIC: break;
	}
}

static void fill_numbers(duckdb_vector vector, const struct filling *f,
			 const struct hm_batch_column *col)
{
	void *data = duckdb_vector_get_data(vector);

	for (size_t i = 0; i < f->chosen->num; i++) {
		size_t row = f->chosen->rows[i];

		if (hm_at8(col->valid, row) != 0)
			put_number(data, hm_columns[col->column].type, i,
				   hm_at64le(col->values, row * 8));
		else
			put_null(vector, i);
	}
}

/* A column that no row of the batch has: empty texts, nulls. */
static void fill_absent(duckdb_vector vector, enum hm_type type, size_t rows)
{
	if (type == HM_TYPE_STRING) {
		memset(duckdb_vector_get_data(vector), 0, rows * sizeof(duckdb_string_t));
		return;
	}
	duckdb_vector_ensure_validity_writable(vector);
	memset(duckdb_vector_get_validity(vector), 0, (rows + 63) / 64 * 8);
}

static void fill_identities(duckdb_data_chunk chunk, const struct hm_rows_chosen *chosen,
			    uint64_t source)
{
	duckdb_uhugeint *ids =
		duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0));
	uint64_t *loads = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 1));

	for (size_t i = 0; i < chosen->num; i++) {
		ids[i] = (duckdb_uhugeint){ chosen->ids[i].low, chosen->ids[i].high };
		loads[i] = source;
	}
}

static void fill_now(duckdb_vector vector, size_t rows, hm_time now)
{
	int64_t *to = duckdb_vector_get_data(vector);

	for (size_t i = 0; i < rows; i++)
		to[i] = now;
}

void hm_rows_fill(duckdb_data_chunk chunk, const struct hm_batch *b,
		  const struct hm_rows_chosen *chosen, uint64_t source, hm_time now)
{
	const struct filling f = { b, chosen };
	const struct hm_table *table = &hm_tables[b->table];
	size_t next = 0;

	duckdb_data_chunk_reset(chunk);
	fill_identities(chunk, chosen, source);
	for (int i = 0; i < table->count; i++) {
		enum hm_type type = hm_columns[table->first + i].type;
		duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, (idx_t)i + 2);
		bool present = next < b->num_columns &&
			       b->columns[next].column == table->first + i;

		/* IngestedAt is the last of every table */
		if (i == table->count - 1)
			fill_now(vector, chosen->num, now);
		else if (!present)
			fill_absent(vector, type, chosen->num);
		else if (hm_batch_is_text(type))
			fill_texts(vector, &f, &b->columns[next]);
		else
			fill_numbers(vector, &f, &b->columns[next]);
		next += present;
	}
	duckdb_data_chunk_set_size(chunk, chosen->num);
}
