/* SPDX-License-Identifier: MIT */
/*
 * ingest_run.h: what a worker makes of a text, as text: a line for each row
 * ("DeviceProcessEvents FileName=a.exe SHA1=..."), each refused record ("refused 3:
 * why") and the end ("done records=1 refused=0 why").
 */
#ifndef HM_TESTS_INGEST_RUN_H
#define HM_TESTS_INGEST_RUN_H

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "telemetry/ingest.h"

struct run {
	struct hm_buf out;
	int rows;
	uint64_t records, refused; /* before the last mark */
};

static void put_cell(struct hm_buf *out, const struct hm_batch_column *col, size_t row)
{
	const struct hm_column *c = &hm_columns[col->column];
	char time[HM_TIME_TEXT];
	size_t at = 0;

	if (hm_batch_is_text(c->type)) {
		for (size_t i = 0; i < row; i++)
			at += hm_at32le(col->lens, i * 4);
		hm_bytes text = hm_part(col->bytes, at, hm_at32le(col->lens, row * 4));
		if (text.len != 0)
			hm_putf(out, " %s=%.*s", c->name, (int)text.len,
				(const char *)text.at);
		return;
	}
	int64_t number = (int64_t)hm_at64le(col->values, row * 8);
	if (hm_at8(col->valid, row) == 0)
		return;
	if (c->type == HM_TYPE_DATETIME)
		hm_putf(out, " %s=%s", c->name, hm_time_text(number, time));
	else
		hm_putf(out, " %s=%lld", c->name, (long long)number);
}

static void take_batch(struct run *r, hm_bytes body)
{
	struct hm_batch *b = malloc(sizeof(*b));

	if (b == NULL || hm_batch_read(body, b) != HM_OK)
		abort();
	for (size_t row = 0; row < b->rows; row++, r->rows++) {
		hm_put_str(&r->out, hm_tables[b->table].name);
		for (size_t i = 0; i < b->num_columns; i++)
			put_cell(&r->out, &b->columns[i], row);
		hm_put_str(&r->out, "\n");
	}
	free(b);
}

static void take_frame(void *ctx, hm_bytes frame)
{
	struct run *r = ctx;
	enum hm_ingest_frame kind;
	hm_bytes body;
	struct hm_refused refused;
	struct hm_ingest_done done;

	if (hm_ingest_frame_read(frame, &kind, &body) != HM_OK)
		abort();
	if (kind == HM_FRAME_BATCH)
		take_batch(r, body);
	if (kind == HM_FRAME_REFUSED && hm_refused_read(body, &refused) == HM_OK)
		hm_putf(&r->out, "refused %llu: %.*s\n", (unsigned long long)refused.line,
			(int)refused.why.len, (const char *)refused.why.at);
	/* marks come between; their counts are of what came before them */
	if (kind == HM_FRAME_MARK && hm_ingest_done_read(body, &done) == HM_OK) {
		r->records += done.records;
		r->refused += done.refused;
	}
	if (kind == HM_FRAME_DONE && hm_ingest_done_read(body, &done) == HM_OK)
		hm_putf(&r->out, "done records=%llu refused=%llu %.*s\n",
			(unsigned long long)(r->records + done.records),
			(unsigned long long)(r->refused + done.refused),
			(int)done.why.len, (const char *)done.why.at);
}

static void arena_full(void *ctx) HM_NORETURN;
static void arena_full(void *ctx)
{
	(void)ctx;
	abort();
}

/* What becomes of the text; the result is NUL-terminated and r->out's. */
static const char *run_text(struct hm_ingester *g, struct run *r, hm_bytes text,
			    struct hm_ingest_request request)
{
	struct hm_buf bytes = hm_buf_of(4096);
	const struct hm_ingest_sink sink = { take_frame, r };
	struct hm_arena a;
	int fd = memfd_create("text", 0);

	if (fd < 0 || write(fd, text.at, text.len) != (ssize_t)text.len ||
	    hm_arena_open(96 << 20, arena_full, NULL, &a) != HM_OK)
		abort();
	hm_buf_clear(&r->out);
	r->rows = 0;
	r->records = r->refused = 0;
	request.name = hm_bytes_of("f");
	if (request.end == 0)
		request.end = UINT64_MAX;
	hm_ingest_request_write(&request, &bytes);
	hm_ingest_run(g, fd, hm_buf_bytes(&bytes), &a, &sink);
	hm_put_u8(&r->out, 0);
	hm_buf_done(&bytes);
	hm_arena_close(&a);
	close(fd);
	return (const char *)r->out.at;
}

#endif
