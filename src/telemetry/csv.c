/* SPDX-License-Identifier: MIT */
#include "telemetry/csv.h"

#include <string.h>

#include "base/text.h"
#include "telemetry/defender.h"

/* The widest export has 75 columns. */
enum { MAX_CSV_COLUMNS = 512 };

struct line {
	hm_bytes cells[MAX_CSV_COLUMNS];
	size_t num;
};

struct csv {
	struct hm_part_reading *part;
	struct line head;          /* kept in the job's arena */
	bool utc[MAX_CSV_COLUMNS]; /* the head says that times are UTC */
	uint8_t separator;
	bool sigcheck;
};

/* ---- RFC 4180 ---- */

/* The end of the record that begins at 0: its newline, or where the text ends.
 * *whole tells whether no quote is open there. */
static size_t record_end(hm_bytes text, bool *whole)
{
	bool quoted = false;

	for (size_t at = 0; at < text.len; at++) {
		uint8_t byte = hm_at8(text, at);

		if (byte == '"')
			quoted = !quoted;
		if (byte == '\n' && !quoted) {
			*whole = true;
			return at;
		}
	}
	*whole = false;
	return text.len;
}

/* The cell at the cursor; two quotes within quotes stand for one. */
static hm_bytes read_cell(struct hm_cur *c, uint8_t separator, struct hm_arena *a)
{
	struct hm_cur begin = *c;
	struct hm_buf b;

	if (hm_peek(c) != '"') {
		while (hm_more(c) && hm_peek(c) != separator)
			hm_take(c, 1, "cell");
		return hm_take(&begin, hm_tell(c) - hm_tell(&begin), "cell");
	}
	b = hm_buf_of(hm_left(c));
	hm_take(c, 1, "quote");
	while (hm_more(c)) {
		uint8_t byte = hm_u8(c, "cell");

		if (byte == '"' && hm_peek(c) != '"')
			break;
		if (byte == '"')
			hm_take(c, 1, "quote");
		hm_put_u8(&b, byte);
	}
	hm_bytes cell = hm_keep(a, hm_buf_bytes(&b));
	hm_buf_done(&b);
	while (hm_more(c) && hm_peek(c) != separator)
		hm_take(c, 1, "after the quote");
	return cell;
}

static void read_line(hm_bytes text, uint8_t separator, struct hm_arena *a,
		      struct line *out)
{
	if (hm_at8(text, text.len - 1) == '\r')
		text.len--;

	struct hm_cur c = hm_cur_of(text);
	out->num = 0;
	do {
		out->cells[out->num++] = read_cell(&c, separator, a);
	} while (hm_more(&c) && hm_u8(&c, "separator") == separator &&
		 out->num < MAX_CSV_COLUMNS);
}

/* Code page 1252, of which 0x80 to 0x9f differ from Latin 1. */
static hm_bytes from_windows(hm_bytes text, struct hm_arena *a)
{
	static const uint16_t high[32] = {
		0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
		0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd,
		0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
		0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
	};
	struct hm_buf b = hm_buf_of(3 * text.len);

	for (size_t i = 0; i < text.len; i++) {
		uint8_t byte = hm_at8(text, i);

		hm_put_utf8(&b, byte >= 0x80 && byte < 0xa0 ? high[byte - 0x80] : byte);
	}
	text = hm_keep(a, hm_buf_bytes(&b));
	hm_buf_done(&b);
	return text;
}

/* ---- which table ---- */

static hm_bytes first_line(hm_bytes head)
{
	bool whole;

	if (hm_is(hm_part(head, 0, 3), "\xef\xbb\xbf"))
		head = hm_part(head, 3, head.len - 3);
	return hm_part(head, 0, record_end(head, &whole));
}

static bool has(hm_bytes text, const char *word)
{
	hm_bytes w = hm_bytes_of(word);

	for (size_t at = 0; at + w.len <= text.len; at++)
		if (hm_same(hm_part(text, at, w.len), w))
			return true;
	return false;
}

/* Lines of sigcheck's banner that may stand before the head. */
enum { MOST_BANNER_LINES = 8 };

static bool is_head(hm_bytes line)
{
	if (!has(line, ",") && !has(line, "\t"))
		return false;
	return (has(line, "Path") && has(line, "Verified")) || has(line, "Timestamp") ||
	       has(line, "TimeGenerated");
}

static bool is_banner(hm_bytes line)
{
	line = hm_trim(line);
	return line.len == 0 || has(line, "igcheck v") || has(line, "Copyright") ||
	       has(line, "ysinternals");
}

bool hm_csv_is(hm_bytes head)
{
	for (int i = 0; i < MOST_BANNER_LINES && head.len != 0; i++) {
		hm_bytes line = first_line(head);

		if (is_head(line))
			return true;
		if (!is_banner(line))
			return false;
		size_t end = hm_find8(head, 0, '\n');
		head = end < head.len ? hm_part(head, end + 1, head.len - end - 1)
				      : (hm_bytes){ 0 };
	}
	return false;
}

static size_t column(const struct csv *csv, const char *name)
{
	size_t at = 0;

	while (at < csv->head.num && !hm_is_nocase(csv->head.cells[at], name))
		at++;
	return at;
}

/* The line's cell under that name; empty where it has none. */
static hm_bytes cell(const struct csv *csv, const struct line *line, const char *name)
{
	size_t at = column(csv, name);

	if (at >= line->num)
		return (hm_bytes){ 0 };
	hm_bytes text = line->cells[at];
	return hm_is_nocase(text, "n/a") ? (hm_bytes){ 0 } : text;
}

/* ---- sigcheck ---- */

/* The line by the heads of the report; "n/a" is nothing. */
static size_t fill_fields(const struct csv *csv, const struct line *line,
			  struct hm_field *fields)
{
	size_t num = 0;

	for (size_t i = 0; i < line->num && i < csv->head.num; i++)
		if (!hm_is_nocase(line->cells[i], "n/a"))
			fields[num++] = (struct hm_field){ .name = csv->head.cells[i],
							   .text = line->cells[i] };
	return num;
}

/* A report names neither its machine nor its time: they are the user's, or the
 * file's own time. */
static void read_sigcheck(const struct csv *csv, const struct line *line)
{
	struct hm_part_reading *p = csv->part;
	struct hm_reader *r = p->reader;
	struct hm_field *fields = hm_new_n(r->arena, struct hm_field, MAX_CSV_COLUMNS);
	const struct hm_record record = {
		.provider = hm_bytes_of("sigcheck"),
		.event_id = HM_DOCUMENT_AUTHENTICODE,
		.computer = p->request->device,
		.time = p->request->file_time,
		.record_id = -1,
		.fields = fields,
		.field_count = fill_fields(csv, line, fields),
	};

	if (cell(csv, line, "Path").len == 0 || cell(csv, line, "Verified").len == 0)
		r->why = "it has no path or no verdict";
	else
		hm_record_read(r, &record);
}

/* ---- Defender ---- */

static enum hm_date_order order_of(const struct hm_ingest_request *r)
{
	if (r->day_first)
		return HM_DATES_DAY_FIRST;
	return r->month_first ? HM_DATES_MONTH_FIRST : HM_DATES_UNKNOWN;
}

/* A time in UTC as ISO 8601; what cannot mean one time only is refused. */
static bool settle_time(struct hm_part_reading *p, hm_bytes *text, bool utc)
{
	const struct hm_ingest_request *r = p->request;
	char iso[HM_TIME_TEXT];
	hm_time time;

	switch (hm_locale_time(*text, order_of(r), &time)) {
	case HM_LOCALE_TIME: break;
	case HM_LOCALE_NONE: p->reader->why = "a time of it cannot be read"; return false;
	case HM_LOCALE_AMBIGUOUS:
		p->reader->why = "day and month of a date could be either way round; "
				 "give --dates dmy or --dates mdy";
		return false;
	case HM_LOCALE_LOCAL:
		if (utc)
			break;
		if (!r->zone_given) {
			p->reader->why = "a time of it names no time zone; give --tz";
			return false;
		}
		time -= r->zone * 60 * HM_TICKS_SECOND;
		break;
	}
	*text = hm_keep(p->reader->arena, hm_bytes_of(hm_time_text(time, iso)));
	return true;
}

static bool fill_values(const struct csv *csv, const struct line *line,
			const struct hm_table *table, struct hm_value *values)
{
	for (size_t i = 0; i < line->num; i++) {
		hm_bytes name = csv->head.cells[i];
		int col = hm_column_find(table, name);

		values[i] = (struct hm_value){ .name = name, .text = line->cells[i] };
		if (col >= 0 && hm_columns[col].type == HM_TYPE_DATETIME &&
		    values[i].text.len != 0 &&
		    !settle_time(csv->part, &values[i].text, csv->utc[i]))
			return false;
	}
	return true;
}

static void read_defender(const struct csv *csv, const struct line *line)
{
	struct hm_reader *r = csv->part->reader;
	struct hm_value *values = hm_new_n(r->arena, struct hm_value, MAX_CSV_COLUMNS);
	struct hm_event *e = hm_new(r->arena, struct hm_event);
	int table = r->table;

	if (line->num != csv->head.num) {
		r->why = "it has not as many cells as the head";
		return;
	}
	if (table < 0)
		table = hm_defender_guess_names(csv->head.cells, csv->head.num,
						cell(csv, line, "ActionType"));
	if (table < 0) {
		r->why = "its columns do not tell which table it is of; give --table";
		return;
	}
	if (!fill_values(csv, line, &hm_tables[table], values))
		return;
	hm_defender_values(r->defender, (enum hm_table_id)table,
			   (struct hm_values){ values, line->num }, e, r->arena);
	bool timed = hm_event_has(e, (enum hm_column_id)hm_tables[table].first);
	hm_tally_add(r->tally, hm_bytes_of(hm_tables[table].name), -1, 1, timed);
	if (timed)
		r->sink.row(r->sink.ctx, e);
	else
		r->why = "it has no time";
}

/* ---- the file ---- */

/* The next record with its newline; false at the end. */
static bool next_record(struct hm_part_reading *p, hm_bytes *record, size_t *len)
{
	bool whole;
	hm_bytes view = hm_window_view(&p->window);
	size_t end = record_end(view, &whole);

	while (!whole && hm_window_more(&p->window)) {
		view = hm_window_view(&p->window);
		end = record_end(view, &whole);
	}
	if (view.len == 0)
		return false;
	if (!whole && !p->window.ended)
		p->why = "a quote that opens is not closed within 8 MiB";
	*record = hm_part(view, 0, end);
	*len = whole ? end + 1 : end;
	return p->why == NULL;
}

/* "TimeGenerated [UTC]" */
static void take_zones(struct csv *csv)
{
	hm_bytes utc = hm_bytes_of(" [UTC]");

	for (size_t i = 0; i < csv->head.num; i++) {
		hm_bytes *name = &csv->head.cells[i];

		*name = hm_trim(*name);
		if (name->len <= utc.len ||
		    !hm_same(hm_part(*name, name->len - utc.len, utc.len), utc))
			continue;
		csv->utc[i] = true;
		name->len -= utc.len;
	}
}

static bool read_head(struct csv *csv)
{
	hm_bytes record;
	size_t len;

	do {
		if (!next_record(csv->part, &record, &len))
			return false;
		if (hm_is(hm_part(record, 0, 3), "\xef\xbb\xbf"))
			record = hm_part(record, 3, record.len - 3);
		if (is_head(record))
			break;
		hm_window_skip(&csv->part->window, len);
	} while (++csv->part->done.lines < MOST_BANNER_LINES);
	csv->separator = has(record, "\t") ? '\t' : ',';
	/* the window's bytes move on, the head stays */
	record = hm_keep(csv->part->reader->arena, record);
	read_line(record, csv->separator, csv->part->reader->arena, &csv->head);
	take_zones(csv);
	csv->sigcheck = column(csv, "Verified") < csv->head.num;
	hm_window_skip(&csv->part->window, len);
	csv->part->done.lines++;
	return true;
}

static void read_record(struct csv *csv, hm_bytes text)
{
	struct hm_part_reading *p = csv->part;
	struct line *line = hm_new(p->reader->arena, struct line);

	if (!hm_utf8_valid(text))
		text = from_windows(text, p->reader->arena);
	read_line(text, csv->separator, p->reader->arena, line);
	if (csv->sigcheck)
		read_sigcheck(csv, line);
	else
		read_defender(csv, line);
}

void hm_csv_read(struct hm_part_reading *p)
{
	struct csv *csv = hm_new(p->reader->arena, struct csv);
	hm_bytes record;
	size_t len;

	csv->part = p;
	if (!read_head(csv))
		return;
	/* counted when it was read for the first time */
	if (p->request->resume != 0)
		p->done.lines = 0;
	while (next_record(p, &record, &len)) {
		struct hm_arena before = *p->reader->arena;

		p->offset = hm_window_tell(&p->window);
		if (p->offset >= p->request->resume)
			p->line = ++p->done.lines;
		p->reader->why = NULL;
		if (hm_trim(record).len != 0 && hm_part_wants(p, record))
			read_record(csv, record);
		if (p->reader->why != NULL)
			hm_part_refuse(p, p->reader->why, record);
		*p->reader->arena = before;
		hm_window_skip(&p->window, len);
		hm_part_mark(p, hm_window_tell(&p->window));
	}
}
