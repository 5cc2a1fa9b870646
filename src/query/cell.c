/* SPDX-License-Identifier: MIT */
#include "query/cell.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

struct hm_value hm_cell(duckdb_data_chunk chunk, size_t column, size_t row,
			enum hm_scalar type)
{
	duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, column);
	uint64_t *valid = duckdb_vector_get_validity(vector);
	void *data = duckdb_vector_get_data(vector);
	struct hm_value v = { .type = type };

	v.null = valid != NULL && !duckdb_validity_row_is_valid(valid, row);
	if (v.null)
		return v;
	switch (type) {
	case HM_SCALAR_BOOL: v.truth = ((bool *)data)[row]; return v;
	case HM_SCALAR_INT: v.whole = ((int32_t *)data)[row]; return v;
	case HM_SCALAR_LONG:
	case HM_SCALAR_DATETIME:
	case HM_SCALAR_TIMESPAN: v.whole = ((int64_t *)data)[row]; return v;
	case HM_SCALAR_REAL: v.real = ((double *)data)[row]; return v;
	case HM_SCALAR_UNKNOWN:
	case HM_SCALAR_DECIMAL:
	case HM_SCALAR_STRING:
	case HM_SCALAR_GUID:
	case HM_SCALAR_DYNAMIC: break;
	}
	duckdb_string_t *text = &((duckdb_string_t *)data)[row];
	v.text = (hm_bytes){ (const uint8_t *)duckdb_string_t_data(text),
			     duckdb_string_t_length(*text) };
	return v;
}

static void put_real(struct hm_buf *b, double r)
{
	char text[40];

	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, r);
		if (strtod(text, NULL) == r)
			break;
	}
	hm_put_str(b, text);
}

static void put_span(struct hm_buf *b, int64_t ticks)
{
	uint64_t left = ticks < 0 ? 0 - (uint64_t)ticks : (uint64_t)ticks;
	uint64_t seconds = left / (uint64_t)HM_TICKS_SECOND;
	unsigned fraction = (unsigned)(left % (uint64_t)HM_TICKS_SECOND);

	hm_put_str(b, ticks < 0 ? "-" : "");
	if (seconds >= 86400)
		hm_putf(b, "%u.", (unsigned)(seconds / 86400));
	hm_putf(b, "%02u:%02u:%02u", (unsigned)(seconds / 3600 % 24),
		(unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60));
	if (fraction != 0)
		hm_putf(b, ".%07u", fraction);
}

static bool is_plain(const struct hm_value *v)
{
	return v->type == HM_SCALAR_BOOL || v->type == HM_SCALAR_INT ||
	       v->type == HM_SCALAR_LONG || v->type == HM_SCALAR_DYNAMIC ||
	       v->type == HM_SCALAR_UNKNOWN ||
	       (v->type == HM_SCALAR_REAL && isfinite(v->real));
}

void hm_put_cell_text(struct hm_buf *b, const struct hm_value *v)
{
	char time[HM_TIME_TEXT];

	if (v->null)
		return;
	switch (v->type) {
	case HM_SCALAR_BOOL: hm_put_str(b, v->truth ? "true" : "false"); return;
	case HM_SCALAR_INT:
	case HM_SCALAR_LONG: hm_putf(b, "%lld", (long long)v->whole); return;
	case HM_SCALAR_DATETIME: hm_put_str(b, hm_time_text(v->whole, time)); return;
	case HM_SCALAR_TIMESPAN: put_span(b, v->whole); return;
	case HM_SCALAR_REAL:
		if (isfinite(v->real))
			put_real(b, v->real);
		else
			hm_put_str(b, isnan(v->real) ? "NaN"
				      : v->real > 0  ? "Infinity"
						     : "-Infinity");
		return;
	case HM_SCALAR_UNKNOWN:
	case HM_SCALAR_DECIMAL:
	case HM_SCALAR_STRING:
	case HM_SCALAR_GUID:
	case HM_SCALAR_DYNAMIC: break;
	}
	hm_put(b, v->text);
}

void hm_put_cell_json(struct hm_buf *b, const struct hm_value *v)
{
	if (v->null) {
		hm_put_str(b, "null");
	} else if (is_plain(v)) {
		hm_put_cell_text(b, v);
	} else if (v->type == HM_SCALAR_STRING || v->type == HM_SCALAR_DECIMAL ||
		   v->type == HM_SCALAR_GUID) {
		hm_put_json_string(b, v->text);
	} else {
		hm_put_u8(b, '"');
		hm_put_cell_text(b, v);
		hm_put_u8(b, '"');
	}
}
