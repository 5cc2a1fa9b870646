/* SPDX-License-Identifier: MIT */
#include "telemetry/ingest.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "telemetry/csv.h"
#include "telemetry/eventxml.h"
#include "telemetry/evtx.h"
#include "telemetry/ingest_part.h"
#include "telemetry/split.h"

enum {
	/* Tables and tallies that outlive a job: 3 MiB. */
	INGESTER_ARENA_BYTES = 8 << 20,
	/* What is shown and kept of a record that was refused. */
	MAX_REFUSED_TEXT = 1 << 16,
	/* Between two marks: what the caller holds until it comes. */
	MARK_ROWS = HM_BATCH_ROWS,
	MARK_BYTES = 4 << 20,
};

struct hm_ingester {
	struct hm_arena arena; /* lives as long as this */
	struct hm_reader reader;
	struct hm_tally tally;
	struct hm_batcher *batcher;
	struct hm_evtx *evtx;
	uint8_t *buffer; /* HM_WINDOW_BYTES */
	struct hm_buf out;
	struct hm_arena *work;             /* of the job under way */
	const struct hm_ingest_sink *sink; /* likewise */
};

HM_NORETURN static void no_memory(void *ctx)
{
	(void)ctx;
	abort();
}

static void emit_batch(void *ctx, hm_bytes batch)
{
	struct hm_ingester *g = ctx;

	hm_buf_clear(&g->out);
	hm_put_u8(&g->out, HM_FRAME_BATCH);
	hm_put(&g->out, batch);
	g->sink->frame(g->sink->ctx, hm_buf_bytes(&g->out));
}

struct hm_ingester *hm_ingester_new(void)
{
	struct hm_ingester *g = calloc(1, sizeof(*g));

	if (g == NULL)
		return NULL;
	g->out = hm_buf_of(HM_MAX_FRAME_BYTES);
	g->batcher = hm_batcher_new(emit_batch, g);
	g->buffer = malloc(HM_WINDOW_BYTES);
	if (g->batcher == NULL || g->buffer == NULL ||
	    hm_evtx_open(HM_EVTX_RECORDS, no_memory, NULL, &g->evtx) != HM_OK ||
	    hm_arena_open(INGESTER_ARENA_BYTES, no_memory, NULL, &g->arena) != HM_OK) {
		hm_ingester_free(g);
		return NULL;
	}
	g->reader = hm_reader_of(&g->arena);
	g->tally = hm_tally_of(&g->arena);
	g->reader.tally = &g->tally;
	return g;
}

void hm_ingester_free(struct hm_ingester *g)
{
	if (g == NULL)
		return;
	hm_batcher_free(g->batcher);
	hm_evtx_close(g->evtx);
	hm_buf_done(&g->out);
	hm_arena_close(&g->arena);
	free(g->buffer);
	free(g);
}

/* ---- a part's records ---- */

static const enum hm_column_id refs[HM_TABLE_COUNT] = {
#define HM_TABLE(id, name, meaning) [HM_TABLE_##id] = HM_COL_##id##_RecordRef,
#include "base/schema.def"
};

static const enum hm_column_id reports[HM_TABLE_COUNT] = {
#define HM_TABLE(id, name, meaning) [HM_TABLE_##id] = HM_COL_##id##_ReportId,
#include "base/schema.def"
};

static void take_row(void *ctx, const struct hm_event *row)
{
	struct hm_part_reading *p = ctx;
	/* the reader's own event, not yet finished: where it was read is added */
	struct hm_event *e = p->row;
	bool numbered = hm_event_has(row, reports[row->table]);

	*e = *row;
	if (row->table == HM_TABLE_PROC && hm_event_has(row, HM_COL_PROC_SHA1))
		hm_event_text(e, HM_COL_PROC_HashSource, hm_bytes_of("event"));
	hm_event_text(e, refs[row->table],
		      hm_bytes_of(hm_format(p->reader->arena, "%.*s@%llu",
					    (int)p->request->name.len,
					    (const char *)p->request->name.at,
					    (unsigned long long)p->offset)));
	if (hm_batcher_add(p->ingester->batcher, e, numbered) != HM_OK)
		p->reader->why = "its row is larger than 8 MiB";
	p->rows++;
}

void hm_part_refuse(struct hm_part_reading *p, const char *why, hm_bytes text)
{
	struct hm_buf *out = &p->ingester->out;

	p->done.refused++;
	if (text.len > MAX_REFUSED_TEXT)
		text.len = MAX_REFUSED_TEXT;
	hm_buf_clear(out);
	hm_put_u8(out, HM_FRAME_REFUSED);
	hm_put_u64le(out, p->offset);
	hm_put_u64le(out, p->line);
	hm_put_u32le(out, (uint32_t)strlen(why));
	hm_put_str(out, why);
	hm_put(out, text);
	p->ingester->sink->frame(p->ingester->sink->ctx, hm_buf_bytes(out));
}

/* ---- marks ---- */

static void put_done(struct hm_part_reading *p, enum hm_ingest_frame kind, uint64_t next,
		     const char *why)
{
	struct hm_ingester *g = p->ingester;

	hm_batcher_flush(g->batcher);
	hm_buf_clear(&g->out);
	hm_put_u8(&g->out, (uint8_t)kind);
	hm_put_u64le(&g->out, next);
	hm_put_u8(&g->out, p->state);
	hm_put_u64le(&g->out, next > p->marked ? next - p->marked : 0);
	hm_put_u64le(&g->out, p->done.lines);
	hm_put_u64le(&g->out, p->done.records);
	hm_put_u64le(&g->out, p->done.refused);
	hm_put_u32le(&g->out, (uint32_t)strlen(why));
	hm_put_str(&g->out, why);
	hm_tally_write(&g->tally, &g->out);
	g->sink->frame(g->sink->ctx, hm_buf_bytes(&g->out));
	hm_tally_clear(&g->tally);
	p->done = (struct hm_ingest_done){ 0 };
	p->rows = 0;
	p->mark_now = false;
	p->marked = next;
}

void hm_part_mark(struct hm_part_reading *p, uint64_t next)
{
	if (next <= p->request->resume)
		return;
	if (p->request->careful || p->mark_now || p->rows >= MARK_ROWS ||
	    next - p->marked >= MARK_BYTES)
		put_done(p, HM_FRAME_MARK, next, "");
}

bool hm_part_wants(struct hm_part_reading *p, hm_bytes text)
{
	if (p->offset < p->request->resume)
		return false;
	p->done.records++;
	if (!p->poisoned)
		return true;
	p->poisoned = false;
	p->mark_now = true;
	hm_part_refuse(p, "a worker that read it was lost, twice", text);
	return false;
}

/* Memory of one record is given back after it. */
void hm_part_record(struct hm_part_reading *p, hm_bytes text,
		    void (*read)(struct hm_part_reading *p, hm_bytes text))
{
	struct hm_arena before = *p->reader->arena;

	if (!hm_part_wants(p, text))
		return;
	p->reader->why = NULL;
	read(p, text);
	if (p->reader->why != NULL)
		hm_part_refuse(p, p->reader->why, text);
	*p->reader->arena = before;
}

static void read_text(struct hm_part_reading *p, hm_bytes text)
{
	hm_text_read(p->reader, text);
}

/* ---- lines ---- */

static struct hm_window open_window(struct hm_part_reading *p, enum hm_codec codec,
				    uint64_t from, struct hm_arena *a)
{
	const struct hm_window_spec spec = {
		.fd = p->fd, .from = from, .codec = codec, .buffer = p->ingester->buffer
	};

	return hm_window_of(&spec, a);
}

void hm_part_open(struct hm_part_reading *p, uint64_t from)
{
	p->window = open_window(p, p->request->codec, from, p->ingester->work);
}

static size_t find_newline(hm_bytes text, size_t from)
{
	return hm_find8(text, from, '\n');
}

bool hm_part_line(struct hm_part_reading *p, hm_bytes *line, size_t *len)
{
	hm_bytes view = hm_window_view(&p->window);
	size_t seen = 0, end = find_newline(view, 0);

	while (end == view.len && hm_window_more(&p->window)) {
		seen = view.len;
		view = hm_window_view(&p->window);
		end = find_newline(view, seen);
	}
	if (view.len == 0)
		return false;
	*line = hm_part(view, 0, end);
	*len = end == view.len ? end : end + 1;
	return true;
}

/* A line that does not fit: refused, and its rest stepped over. */
static void skip_long_line(struct hm_part_reading *p, hm_bytes line)
{
	if (hm_part_wants(p, line))
		hm_part_refuse(p, "the line is longer than 8 MiB", line);
	for (;;) {
		hm_bytes view = hm_window_view(&p->window);
		size_t end = find_newline(view, 0);

		if (view.len == 0)
			return;
		hm_window_skip(&p->window, end == view.len ? end : end + 1);
		if (end != view.len)
			return;
	}
}

/* The first line that begins in the part: the one at its begin, or after the first
 * line's end where the part begins within a line.  What was read before a worker was
 * lost ends with a line. */
static void find_first_line(struct hm_part_reading *p)
{
	hm_bytes line;
	size_t len;

	if (p->request->resume > p->request->begin)
		hm_part_open(p, p->request->resume);
	else if (p->request->begin != 0 && hm_part_line(p, &line, &len))
		hm_window_skip(&p->window, len);
	p->marked = hm_window_tell(&p->window);
}

static void read_line(struct hm_part_reading *p, hm_bytes line)
{
	p->line = ++p->done.lines;
	if (p->offset == 0 && hm_is(hm_part(line, 0, 3), "\xef\xbb\xbf"))
		line = hm_part(line, 3, line.len - 3);
	if (hm_trim(line).len != 0)
		hm_part_record(p, line, read_text);
}

static void read_lines(struct hm_part_reading *p)
{
	hm_bytes line;
	size_t len;

	find_first_line(p);
	while (hm_window_tell(&p->window) < p->request->end &&
	       hm_part_line(p, &line, &len)) {
		p->offset = hm_window_tell(&p->window);
		if (line.len > HM_MAX_RECORD_BYTES) {
			p->line = ++p->done.lines;
			skip_long_line(p, line);
		} else {
			read_line(p, line);
			hm_window_skip(&p->window, len);
		}
		hm_part_mark(p, hm_window_tell(&p->window));
	}
}

/* ---- a stream of JSON values ---- */

/* Refuse what the stream begins with, and go on after it where that can be told. */
static void refuse_stream(struct hm_part_reading *p, struct hm_split *split,
			  hm_bytes view)
{
	p->done.records++;
	hm_part_refuse(p, "it is no JSON, or a value of it is longer than 8 MiB",
		       hm_part(view, 0, view.len < 256 ? view.len : 256));
	split->closing = false;
	hm_window_skip(&p->window, hm_split_resume(view));
}

static void take_value(struct hm_part_reading *p, hm_bytes record, size_t *len)
{
	uint64_t refused = p->done.refused;

	hm_part_record(p, record, read_text);
	/* a value that was not closed may hold those that follow it */
	if (p->done.refused != refused && hm_split_resume(record) != record.len)
		*len -= record.len - hm_split_resume(record);
}

static uint8_t state_of(const struct hm_split *s)
{
	return (uint8_t)(s->in_list | s->in_object << 1 | s->closing << 2);
}

/* Where the stream is taken up: what stands before was read, and is not looked at. */
static struct hm_split take_up(struct hm_part_reading *p)
{
	const struct hm_ingest_request *r = p->request;

	if (r->resume == 0)
		return (struct hm_split){ 0 };
	while (hm_window_tell(&p->window) < r->resume) {
		uint64_t left = r->resume - hm_window_tell(&p->window);
		hm_bytes view = hm_window_view(&p->window);

		if (view.len == 0)
			break;
		hm_window_skip(&p->window, left < view.len ? (size_t)left : view.len);
	}
	return (struct hm_split){ .in_list = (r->state & 1) != 0,
				  .in_object = (r->state & 2) != 0,
				  .closing = (r->state & 4) != 0 };
}

/* Lines are not counted here: what is refused is named by its offset. */
static void read_stream(struct hm_part_reading *p)
{
	struct hm_split split = take_up(p);

	for (;;) {
		hm_bytes view = hm_window_view(&p->window), record = { 0 };
		size_t len;

		if (view.len == 0)
			break;
		bool ended = p->window.ended;
		enum hm_split_found found =
			hm_split_next(&split, view, ended, &record, &len);
		p->offset = hm_window_tell(&p->window);
		if (found == HM_SPLIT_RECORD)
			take_value(p, record, &len);
		if (found == HM_SPLIT_MORE && (ended || !hm_window_more(&p->window)) &&
		    !p->window.ended)
			found = HM_SPLIT_BAD;
		if (found == HM_SPLIT_BAD)
			refuse_stream(p, &split, view);
		else
			hm_window_skip(&p->window, found == HM_SPLIT_MORE ? 0 : len);
		p->state = state_of(&split);
		if (found == HM_SPLIT_RECORD)
			hm_part_mark(p, hm_window_tell(&p->window));
	}
	if (split.in_list || split.closing)
		hm_part_refuse(p, "the text ends before its list does", (hm_bytes){ 0 });
}

/* ---- a stream of events in XML ---- */

/* "<Event>" or "<Event ", not "<Events>": where it begins; the length where there is
 * none. */
static size_t find_event(hm_bytes text, size_t from)
{
	size_t at = hm_find8(text, from, '<');

	while (at < text.len) {
		uint8_t next = hm_at8(text, at + 6);

		if (hm_is(hm_part(text, at, 6), "<Event") &&
		    (next == '>' || next == ' ' || next == '\r' || next == '\n'))
			return at;
		at = hm_find8(text, at + 1, '<');
	}
	return text.len;
}

/* Past "</Event>"; 0 where the text does not have it. */
static size_t event_end(hm_bytes text, size_t from)
{
	hm_bytes tag = hm_bytes_of("</Event>");

	for (size_t at = hm_find8(text, from, '<'); at < text.len;
	     at = hm_find8(text, at + 1, '<'))
		if (hm_same(hm_part(text, at, tag.len), tag))
			return at + tag.len;
	return 0;
}

/* Go to the next event; false where there is none. */
static bool find_next_event(struct hm_part_reading *p)
{
	enum { TAG = 7 }; /* "<Event" and what must follow it */

	for (;;) {
		hm_bytes view = hm_window_view(&p->window);
		size_t at = find_event(view, 0);

		if (at < view.len) {
			hm_window_skip(&p->window, at);
			return true;
		}
		if (p->window.ended || view.len == 0)
			return false;
		/* a tag may be cut off here */
		if (view.len > TAG)
			hm_window_skip(&p->window, view.len - TAG);
		hm_window_more(&p->window);
	}
}

/* The length of the event at the window's beginning, or of what there is of it. */
static size_t take_event(struct hm_part_reading *p)
{
	size_t end;

	do {
		end = event_end(hm_window_view(&p->window), 0);
	} while (end == 0 && hm_window_more(&p->window));
	return end != 0 ? end : hm_window_view(&p->window).len;
}

static void read_xml(struct hm_part_reading *p)
{
	while (find_next_event(p)) {
		size_t len = take_event(p);

		p->offset = hm_window_tell(&p->window);
		if (len <= HM_MAX_RECORD_BYTES)
			hm_part_record(p, hm_part(hm_window_view(&p->window), 0, len),
				       read_text);
		else if (hm_part_wants(p, (hm_bytes){ 0 }))
			hm_part_refuse(p, "an event in XML is longer than 8 MiB",
				       (hm_bytes){ 0 });
		hm_window_skip(&p->window, len);
		hm_part_mark(p, hm_window_tell(&p->window));
	}
}

/* ---- what a file is ---- */

/* Whether events span lines, or share one: the first of them tells. */
static bool is_xml(hm_bytes text)
{
	size_t begin = find_event(text, 0), end = event_end(text, begin);
	hm_bytes rest = hm_part(text, end, text.len - end);

	if (begin == text.len)
		return hm_is(hm_part(text, 0, 5), "<?xml") ||
		       hm_is(hm_part(text, 0, 7), "<Events");
	return end == 0 || find_newline(text, begin) < end ||
	       find_event(rest, 0) < find_newline(rest, 0);
}

enum { PROBE_BYTES = 1 << 16 };

/* Whether the first line is a whole JSON value, or was to be one. */
static bool is_lines(hm_bytes head, struct hm_arena *a)
{
	size_t end = find_newline(head, 0);
	struct hm_cur c = hm_cur_of(hm_part(head, 0, end));

	return (end != head.len && hm_json_read(&c, a) != NULL && hm_left(&c) == 0) ||
	       hm_split_is_lines(head);
}

static enum hm_ingest_mode mode_of(hm_bytes head, bool whole, struct hm_arena *a)
{
	if (hm_evtx_is(head))
		return HM_INGEST_EVTX;
	if (hm_is(hm_part(head, 0, 3), "\xef\xbb\xbf"))
		head = hm_part(head, 3, head.len - 3);
	hm_bytes text = hm_trim(head);
	uint8_t first = hm_at8(text, 0);
	if (first == '[')
		return HM_INGEST_STREAM;
	if (first == '{' || first == 0x1e)
		return is_lines(text, a) || (whole && find_newline(text, 0) == text.len)
			       ? HM_INGEST_LINES
			       : HM_INGEST_STREAM;
	if (hm_csv_is(head))
		return HM_INGEST_CSV;
	if (first == '<' && is_xml(text))
		return HM_INGEST_XML;
	if (hm_has_event_xml(text))
		return HM_INGEST_LINES;
	/* syslog may open with lines of others */
	return hm_utf8_valid(hm_part(head, 0, whole ? head.len : 0)) && first != 0
		       ? HM_INGEST_LINES
		       : HM_INGEST_UNKNOWN;
}

/* What the file is, by its beginning. */
static struct hm_ingest_probe look(struct hm_part_reading *p, struct hm_arena *a)
{
	enum hm_codec codec = hm_codec_of(hm_window_view(&p->window));

	p->window = open_window(p, codec, 0, a);
	hm_bytes head = hm_window_view(&p->window);
	while (head.len < PROBE_BYTES && hm_window_more(&p->window))
		head = hm_window_view(&p->window);
	return (struct hm_ingest_probe){ mode_of(head, p->window.ended, a), codec };
}

static void probe(struct hm_part_reading *p, struct hm_arena *a)
{
	struct hm_buf *out = &p->ingester->out;
	struct hm_ingest_probe found = look(p, a);

	hm_buf_clear(out);
	hm_put_u8(out, HM_FRAME_PROBE);
	hm_put_u8(out, (uint8_t)found.mode);
	hm_put_u8(out, (uint8_t)found.codec);
	p->ingester->sink->frame(p->ingester->sink->ctx, hm_buf_bytes(out));
}

/* ---- a job ---- */

static void finish(struct hm_part_reading *p)
{
	const char *why = p->why != NULL ? p->why : "";

	if (p->window.err != HM_OK)
		why = p->window.why;
	put_done(p, HM_FRAME_DONE, hm_window_tell(&p->window), why);
}

static void run(struct hm_part_reading *p, enum hm_ingest_mode mode, struct hm_arena *a)
{
	if (mode == HM_INGEST_WHOLE) {
		struct hm_ingest_probe found = look(p, a);

		p->window = open_window(p, found.codec, 0, a);
		mode = found.mode;
	}
	switch (mode) {
	case HM_INGEST_PROBE: probe(p, a); return;
	case HM_INGEST_WHOLE: break; /* look answers a mode that is none of asking */
	case HM_INGEST_LINES: read_lines(p); break;
	case HM_INGEST_STREAM: read_stream(p); break;
	case HM_INGEST_XML: read_xml(p); break;
	case HM_INGEST_CSV: hm_csv_read(p); break;
	case HM_INGEST_EVTX: hm_part_evtx(p); break;
	case HM_INGEST_MESSAGES: hm_part_messages(p); break;
	case HM_INGEST_UNKNOWN:
	case HM_INGEST_MODES: p->why = "it is of no kind that hallmark reads"; break;
	}
	finish(p);
}

void hm_ingest_run(struct hm_ingester *g, int fd, hm_bytes request, struct hm_arena *a,
		   const struct hm_ingest_sink *sink)
{
	struct hm_ingest_request r;

	if (hm_ingest_request_read(request, &r) != HM_OK)
		return;

	struct hm_part_reading p = { .ingester = g,
				     .reader = &g->reader,
				     .request = &r,
				     .fd = fd,
				     .evtx = g->evtx,
				     .marked = r.resume > r.begin ? r.resume : r.begin,
				     .poisoned = r.poisoned,
				     .row = hm_new(a, struct hm_event) };
	/* the byte before a part tells whether a line begins with it */
	p.window = open_window(&p, r.codec, r.begin != 0 ? r.begin - 1 : 0, a);
	g->sink = sink;
	g->work = a;
	g->reader.arena = a;
	g->reader.sink = (struct hm_sink){ take_row, &p };
	g->reader.table = r.table;
	g->reader.zone = r.zone;
	g->reader.zone_given = r.zone_given;
	hm_tally_clear(&g->tally);
	run(&p, r.mode, a);
}
