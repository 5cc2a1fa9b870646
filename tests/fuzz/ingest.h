/* SPDX-License-Identifier: MIT */
/*
 * What fuzz_json, fuzz_csv and fuzz_xml share.  Property: whatever a file of telemetry
 * holds, each batch of rows is one that the loader takes, each row has its time, each
 * refused record its reason, and a reading that is taken up at a mark in its middle
 * gives just what was left.
 */
#ifndef HM_TESTS_FUZZ_INGEST_H
#define HM_TESTS_FUZZ_INGEST_H

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "telemetry/ingest.h"

struct ingest_sum {
	uint64_t rows, records, refused;
};

struct ingest_run {
	struct ingest_sum sum, at_mark; /* of all; up to the mark that is kept */
	uint64_t marks, keep;           /* the mark that is kept, counted from 1 */
	uint64_t next;                  /* its place */
	uint8_t state;                  /* and what else it tells */
};

HM_NORETURN static void ingest_full(void *ctx)
{
	(void)ctx;
	abort();
}

static void ingest_batch(struct ingest_run *r, hm_bytes body)
{
	static struct hm_batch b;

	if (hm_batch_read(body, &b) != HM_OK || b.rows == 0 || b.num_columns == 0 ||
	    b.columns[0].column != hm_tables[b.table].first)
		abort();
	for (size_t i = 0; i < b.rows; i++)
		if (hm_at8(b.columns[0].valid, i) != 1)
			abort();
	r->sum.rows += b.rows;
}

static void ingest_done(struct ingest_run *r, hm_bytes body, bool mark)
{
	struct hm_ingest_done d;

	if (hm_ingest_done_read(body, &d) != HM_OK)
		abort();
	r->sum.records += d.records;
	r->sum.refused += d.refused;
	if (mark && ++r->marks == r->keep) {
		r->at_mark = r->sum;
		r->next = d.next;
		r->state = d.state;
	}
}

static void ingest_frame(void *ctx, hm_bytes frame)
{
	struct hm_refused refused;
	enum hm_ingest_frame kind;
	hm_bytes body;

	if (hm_ingest_frame_read(frame, &kind, &body) != HM_OK)
		abort();
	if (kind == HM_FRAME_BATCH)
		ingest_batch(ctx, body);
	if (kind == HM_FRAME_REFUSED &&
	    (hm_refused_read(body, &refused) != HM_OK || refused.why.len == 0))
		abort();
	if (kind == HM_FRAME_MARK || kind == HM_FRAME_DONE)
		ingest_done(ctx, body, kind == HM_FRAME_MARK);
}

static void ingest_read(struct ingest_run *r, int fd, struct hm_ingest_request request)
{
	static struct hm_ingester *g;
	const struct hm_ingest_sink sink = { ingest_frame, r };
	struct hm_buf bytes = hm_buf_of(4096);
	struct hm_arena a;

	if (g == NULL)
		g = hm_ingester_new();
	if (g == NULL || hm_arena_open(96 << 20, ingest_full, NULL, &a) != HM_OK)
		abort();
	request.table = -1;
	request.end = UINT64_MAX;
	request.zone_given = request.day_first = true;
	request.file_time = HM_UNIX_0;
	request.name = hm_bytes_of("f");
	hm_ingest_request_write(&request, &bytes);
	hm_ingest_run(g, fd, hm_buf_bytes(&bytes), &a, &sink);
	hm_buf_done(&bytes);
	hm_arena_close(&a);
}

static int ingest_fuzz(enum hm_ingest_mode mode, const uint8_t *data, size_t size)
{
	struct ingest_run first = { 0 }, again = { 0 }, rest = { 0 };
	int fd = memfd_create("input", MFD_CLOEXEC);

	/* an arena is not spent by so little */
	if (size > 1 << 16)
		size = 1 << 16;
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	ingest_read(&first, fd,
		    (struct hm_ingest_request){ .mode = mode, .careful = true });
	if (first.sum.refused > first.sum.records + 1)
		abort();
	again.keep = (first.marks + 1) / 2;
	ingest_read(&again, fd,
		    (struct hm_ingest_request){ .mode = mode, .careful = true });
	if (again.next != 0)
		ingest_read(&rest, fd,
			    (struct hm_ingest_request){ .mode = mode,
							.resume = again.next,
							.state = again.state });
	if (again.next != 0 &&
	    (again.at_mark.rows + rest.sum.rows != first.sum.rows ||
	     again.at_mark.records + rest.sum.records != first.sum.records))
		abort();
	close(fd);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
