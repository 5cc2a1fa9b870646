/* SPDX-License-Identifier: MIT */
/*
 * cell.h: values of a result, and how they are written.
 *
 * The machine form: datetime 2020-01-01T00:00:00.0000000Z, timespan
 * [-][d.]hh:mm:ss[.fffffff], dynamic as JSON, bool true and false, numbers as digits,
 * real in its shortest form that reads back the same, decimal and guid as strings,
 * NaN and the infinities as the strings NaN, Infinity and -Infinity, null as null.
 */
#ifndef HM_QUERY_CELL_H
#define HM_QUERY_CELL_H

#include <duckdb.h>

#include "base/buf.h"
#include "query/types.h"

/* A view of one value, valid while chunk is. */
struct hm_value hm_cell(duckdb_data_chunk chunk, size_t column, size_t row,
			enum hm_scalar type);

void hm_put_cell_json(struct hm_buf *b, const struct hm_value *v);

/* For people and CSV: strings as they are, null as nothing. */
void hm_put_cell_text(struct hm_buf *b, const struct hm_value *v);

#endif
