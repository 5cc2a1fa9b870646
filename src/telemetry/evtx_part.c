/* SPDX-License-Identifier: MIT */
#include "telemetry/evtx_part.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Lines are sent when there are so many bytes of them: a part's lines wait together, so
 * that a worker is done with its part while another's is still being printed. */
enum { SEND_BYTES = 8 << 20 };

void hm_evtx_part_write(struct hm_buf *b, uint64_t begin, uint64_t end, hm_bytes name)
{
	hm_put_u64le(b, begin);
	hm_put_u64le(b, end);
	hm_put(b, name);
}

/* As many of len bytes at offset as there are. */
static hm_bytes read_at(int fd, uint8_t *room, size_t len, uint64_t offset)
{
	size_t have = 0;

	while (have < len) {
		ssize_t got = pread(fd, room + have, len - have, (off_t)(offset + have));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		have += (size_t)got;
	}
	return (hm_bytes){ room, have };
}

static void flush(struct hm_evtx_part_work *w)
{
	if (w->out.len > 1)
		w->emit(w->ctx, hm_buf_bytes(&w->out));
	hm_buf_clear(&w->out);
	hm_put_u8(&w->out, HM_EVTX_FRAME_LINES);
}

static void put_line(void *ctx, struct hm_evtx *e, const struct hm_evtx_record *r)
{
	struct hm_evtx_part_work *w = ctx;

	/* the reader counts what cannot be decoded */
	(void)!hm_evtx_json(e, r, &w->out);
	if (w->out.len > SEND_BYTES)
		flush(w);
}

/* The counters of struct hm_evtx_stats that are sums, in the order of the frame. */
enum { NUM_OWN = 8, NUM_SUMS = NUM_OWN + HM_EIO + 1 };

static void sums_of(struct hm_evtx_stats *s, uint64_t *sums[NUM_SUMS])
{
	uint64_t *const own[] = { &s->chunks,    &s->empty_chunks,  &s->bad_chunks,
				  &s->records,   &s->bad_checksums, &s->gaps,
				  &s->gap_bytes, &s->missing };

	memcpy(sums, own, sizeof(own));
	for (size_t i = 0; i <= HM_EIO; i++)
		sums[NUM_OWN + i] = &s->unread[i];
}

static void emit_counts(struct hm_evtx_part_work *w, bool is_log)
{
	struct hm_evtx_stats s = *hm_evtx_stats(w->reader);
	uint64_t *sums[NUM_SUMS];

	sums_of(&s, sums);
	hm_buf_clear(&w->out);
	hm_put_u8(&w->out, HM_EVTX_FRAME_COUNTS);
	hm_put_u8(&w->out, is_log);
	hm_put_u8(&w->out, s.bad_header);
	hm_put_u8(&w->out, s.dirty);
	for (size_t i = 0; i < NUM_SUMS; i++)
		hm_put_u64le(&w->out, *sums[i]);
	hm_put_u8(&w->out, (uint8_t)s.first_err);
	hm_put_u64le(&w->out, s.first_where);
	hm_put_str(&w->out, s.first_why != NULL ? s.first_why : "");
	w->emit(w->ctx, hm_buf_bytes(&w->out));
}

hm_err hm_evtx_counts_add(hm_bytes frame, struct hm_evtx_counts *sum)
{
	struct hm_cur c = hm_cur_of(frame);
	uint64_t *sums[NUM_SUMS];

	hm_rule(&c, hm_u8(&c, "kind") == HM_EVTX_FRAME_COUNTS, "a frame of counts");
	sum->is_log = hm_u8(&c, "is_log") != 0;
	sum->stats.bad_header |= hm_u8(&c, "bad_header") != 0;
	sum->stats.dirty |= hm_u8(&c, "dirty") != 0;
	sums_of(&sum->stats, sums);
	for (size_t i = 0; i < NUM_SUMS; i++)
		*sums[i] += hm_u64le(&c, "count");
	uint8_t err = hm_u8(&c, "first error");
	uint64_t where = hm_u64le(&c, "where");
	hm_bytes why = hm_rest(&c);
	hm_rule(&c, err <= HM_EIO && why.len < sizeof(sum->why), "an error and its text");
	if (c.err != HM_OK || err == HM_OK || sum->stats.first_err != HM_OK)
		return c.err;
	sum->stats.first_err = (hm_err)err;
	sum->stats.first_where = where;
	if (why.len != 0)
		memcpy(sum->why, why.at, why.len);
	sum->why[why.len] = 0;
	return HM_OK;
}

void hm_evtx_part_run(struct hm_evtx_part_work *w, int fd, hm_bytes request)
{
	struct hm_cur c = hm_cur_of(request);
	uint64_t begin = hm_u64le(&c, "begin"), end = hm_u64le(&c, "end"), first;
	hm_bytes chunk = read_at(fd, w->chunk, HM_EVTX_HEAD_BYTES, 0);

	if (hm_evtx_begin(w->reader, chunk, hm_rest(&c), &first) != HM_OK) {
		emit_counts(w, false);
		return;
	}
	uint64_t at = first;
	if (begin > first)
		at += (begin - first + HM_EVTX_CHUNK_BYTES - 1) / HM_EVTX_CHUNK_BYTES *
		      HM_EVTX_CHUNK_BYTES;
	hm_buf_clear(&w->out);
	flush(w);
	for (; at < end; at += HM_EVTX_CHUNK_BYTES) {
		chunk = read_at(fd, w->chunk, HM_EVTX_CHUNK_BYTES, at);
		if (chunk.len == 0)
			break;
		hm_evtx_chunk(w->reader, chunk, at, put_line, w);
	}
	flush(w);
	emit_counts(w, true);
}
