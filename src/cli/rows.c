/* SPDX-License-Identifier: MIT */
#include "cli/rows.h"

#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/text.h"
#include "cli/cli.h"
#include "query/cell.h"

/* A column of a table takes at most so many characters. */
enum { MOST_WIDTH = 60 };

bool hm_rows_format_named(const char *name, enum hm_rows_format *out)
{
	static const char *const names[] = { [HM_ROWS_TABLE] = "table",
					     [HM_ROWS_JSON] = "json",
					     [HM_ROWS_JSONL] = "jsonl",
					     [HM_ROWS_CSV] = "csv" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(names[i], name) == 0) {
			*out = (enum hm_rows_format)i;
			return true;
		}
	}
	return false;
}

void hm_put_columns(struct hm_buf *b, struct hm_fields columns)
{
	hm_put_str(b, "\"columns\":[");
	for (size_t i = 0; i < columns.count; i++) {
		hm_put_str(b, i == 0 ? "{\"name\":" : ",{\"name\":");
		hm_put_json_string(b, columns.at[i].name);
		hm_putf(b, ",\"type\":\"%s\"}", hm_scalar_name(columns.at[i].type));
	}
	hm_put_str(b, "]");
}

void hm_put_row(struct hm_buf *b, struct hm_fields columns, duckdb_data_chunk chunk,
		size_t row)
{
	hm_put_u8(b, '[');
	for (size_t i = 0; i < columns.count; i++) {
		struct hm_value v = hm_cell(chunk, i, row, columns.at[i].type);
		hm_put_str(b, i == 0 ? "" : ",");
		hm_put_cell_json(b, &v);
	}
	hm_put_u8(b, ']');
}

static void flush(struct hm_rows_out *o)
{
	if (o->buf.len != 0)
		fwrite(o->buf.at, 1, o->buf.len, o->to);
	hm_buf_clear(&o->buf);
}

static void put_object(struct hm_rows_out *o, duckdb_data_chunk chunk, size_t row)
{
	for (size_t i = 0; i < o->columns.count; i++) {
		struct hm_value v = hm_cell(chunk, i, row, o->columns.at[i].type);
		hm_put_str(&o->buf, i == 0 ? "{" : ",");
		hm_put_json_string(&o->buf, o->columns.at[i].name);
		hm_put_u8(&o->buf, ':');
		hm_put_cell_json(&o->buf, &v);
	}
	hm_put_str(&o->buf, o->columns.count == 0 ? "{}\n" : "}\n");
}

static void put_csv(struct hm_buf *b, hm_bytes text)
{
	bool quote = false;

	for (size_t i = 0; i < text.len; i++)
		quote |= memchr("\",\r\n", text.at[i], 4) != NULL;
	if (!quote) {
		hm_put(b, text);
		return;
	}
	hm_put_u8(b, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '"')
			hm_put_u8(b, '"');
		hm_put_u8(b, text.at[i]);
	}
	hm_put_u8(b, '"');
}

/* On a terminal, what would steer it is escaped. */
static void put_field(struct hm_rows_out *o, struct hm_arena *a, hm_bytes text)
{
	put_csv(&o->buf, o->terminal ? hm_bytes_of(hm_shown(a, text)) : text);
}

static void put_line(struct hm_rows_out *o, duckdb_data_chunk chunk, size_t row)
{
	struct hm_buf cell = hm_buf_of(SIZE_MAX / 2);
	struct hm_arena a = { 0 };

	if (o->terminal)
		a = hm_cli_arena();
	for (size_t i = 0; i < o->columns.count; i++) {
		struct hm_value v = hm_cell(chunk, i, row, o->columns.at[i].type);
		hm_buf_clear(&cell);
		hm_put_cell_text(&cell, &v);
		hm_put_str(&o->buf, i == 0 ? "" : ",");
		/* an empty line would be no record to most readers */
		if (cell.len == 0 && o->columns.count == 1)
			hm_put_str(&o->buf, "\"\"");
		else
			put_field(o, &a, hm_buf_bytes(&cell));
	}
	hm_put_str(&o->buf, "\r\n");
	hm_buf_done(&cell);
	hm_arena_close(&a);
}

static size_t characters(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

static const char *shown_cell(struct hm_rows_out *o, struct hm_arena *a,
			      duckdb_data_chunk chunk, size_t column, size_t row)
{
	struct hm_value v = hm_cell(chunk, column, row, o->columns.at[column].type);
	struct hm_buf cell = hm_buf_of(SIZE_MAX / 2);

	hm_put_cell_text(&cell, &v);
	const char *text = hm_shown(a, hm_buf_bytes(&cell));
	hm_buf_done(&cell);
	return text;
}

/* text in width characters, cut with an ellipsis; the last column is not padded. */
static void put_padded(struct hm_rows_out *o, const char *text, size_t column)
{
	size_t width = o->widths[column], count = characters(text), taken = 0;
	bool last = column + 1 == o->columns.count;

	if (count > MOST_WIDTH && !last) {
		for (; *text != '\0'; text++) {
			taken += ((unsigned char)*text & 0xc0) != 0x80;
			if (taken == MOST_WIDTH)
				break;
			hm_put_u8(&o->buf, (uint8_t)*text);
		}
		hm_put_str(&o->buf, "…");
		count = MOST_WIDTH;
	} else {
		hm_put_str(&o->buf, text);
	}
	for (; !last && count < width + 2; count++)
		hm_put_u8(&o->buf, ' ');
	hm_put_str(&o->buf, last ? "\n" : "");
}

static void put_header(struct hm_rows_out *o)
{
	for (size_t i = 0; i < o->columns.count; i++)
		put_padded(o, hm_shown(o->a, o->columns.at[i].name), i);
	for (size_t i = 0; i < o->columns.count; i++) {
		char *line = hm_new_n(o->a, char, MOST_WIDTH + 1);
		memset(line, '-', o->widths[i]);
		put_padded(o, line, i);
	}
}

static void measure(struct hm_rows_out *o, struct hm_arena *a, duckdb_data_chunk chunk)
{
	size_t rows = chunk == NULL ? 0 : duckdb_data_chunk_get_size(chunk);

	o->widths = hm_new_n(o->a, size_t, o->columns.count + 1);
	for (size_t i = 0; i < o->columns.count; i++) {
		size_t width = characters(hm_shown(o->a, o->columns.at[i].name));
		for (size_t row = 0; row < rows; row++) {
			size_t n = characters(shown_cell(o, a, chunk, i, row));
			width = n > width ? n : width;
		}
		o->widths[i] = width > MOST_WIDTH ? MOST_WIDTH : width;
	}
}

static void write_table(struct hm_rows_out *o, duckdb_data_chunk chunk)
{
	struct hm_arena scratch = hm_cli_arena();

	if (o->widths == NULL) {
		measure(o, &scratch, chunk);
		put_header(o);
	}
	for (size_t row = 0; row < duckdb_data_chunk_get_size(chunk); row++)
		for (size_t i = 0; i < o->columns.count; i++)
			put_padded(o, shown_cell(o, &scratch, chunk, i, row), i);
	hm_arena_close(&scratch);
}

struct hm_rows_out hm_rows_begin(FILE *to, enum hm_rows_format format,
				 struct hm_fields columns, struct hm_arena *a)
{
	struct hm_rows_out o = { .to = to,
				 .format = format,
				 .columns = columns,
				 .a = a,
				 .terminal = isatty(fileno(to)) == 1,
				 .buf = hm_buf_of(SIZE_MAX / 2) };

	if (format == HM_ROWS_JSON) {
		hm_put_u8(&o.buf, '{');
		hm_put_columns(&o.buf, columns);
		hm_put_str(&o.buf, ",\"rows\":[");
	} else if (format == HM_ROWS_CSV) {
		for (size_t i = 0; i < columns.count; i++) {
			hm_put_str(&o.buf, i == 0 ? "" : ",");
			put_field(&o, a, columns.at[i].name);
		}
		hm_put_str(&o.buf, "\r\n");
	}
	return o;
}

void hm_rows_write(struct hm_rows_out *o, duckdb_data_chunk chunk)
{
	size_t rows = duckdb_data_chunk_get_size(chunk);

	if (o->format == HM_ROWS_TABLE)
		write_table(o, chunk);
	for (size_t row = 0; row < rows; row++) {
		if (o->format == HM_ROWS_JSON) {
			hm_put_str(&o->buf, o->count + row == 0 ? "" : ",");
			hm_put_row(&o->buf, o->columns, chunk, row);
		} else if (o->format == HM_ROWS_JSONL) {
			put_object(o, chunk, row);
		} else if (o->format == HM_ROWS_CSV) {
			put_line(o, chunk, row);
		}
	}
	o->count += rows;
	flush(o);
}

void hm_rows_end(struct hm_rows_out *o)
{
	if (o->format == HM_ROWS_TABLE && o->widths == NULL) {
		measure(o, o->a, NULL);
		put_header(o);
	}
	if (o->format == HM_ROWS_JSON)
		hm_put_str(&o->buf, "]}\n");
	flush(o);
	hm_buf_done(&o->buf);
}
