/* SPDX-License-Identifier: MIT */
/*
 * rows.h: the rows of a query on standard output, chunk by chunk.
 *
 * Memory is that of one chunk: a table's widths are those of its first, later rows that
 * are wider push their line out.
 */
#ifndef HM_CLI_ROWS_H
#define HM_CLI_ROWS_H

#include <duckdb.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "query/types.h"

enum hm_rows_format {
	HM_ROWS_TABLE, /* for people: control characters shown, long texts cut */
	HM_ROWS_JSON,  /* {"columns":[...],"rows":[[...],...]} */
	HM_ROWS_JSONL, /* an object a row */
	HM_ROWS_CSV,   /* RFC 4180, with a header */
};

/* "table", "json", "jsonl", "csv"; false for another name. */
bool hm_rows_format_named(const char *name, enum hm_rows_format *out);

struct hm_rows_out {
	FILE *to;
	enum hm_rows_format format;
	struct hm_fields columns;
	struct hm_arena *a;
	struct hm_buf buf;
	size_t *widths;
	size_t count;  /* rows written */
	bool terminal; /* control characters are escaped in every form */
};

struct hm_rows_out hm_rows_begin(FILE *to, enum hm_rows_format format,
				 struct hm_fields columns, struct hm_arena *a);
void hm_rows_write(struct hm_rows_out *o, duckdb_data_chunk chunk);
void hm_rows_end(struct hm_rows_out *o);

/* "columns":[{"name":...,"type":...},...] */
void hm_put_columns(struct hm_buf *b, struct hm_fields columns);
/* [cell, cell, ...] */
void hm_put_row(struct hm_buf *b, struct hm_fields columns, duckdb_data_chunk chunk,
		size_t row);

#endif
