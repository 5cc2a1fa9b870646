/* SPDX-License-Identifier: MIT */
/*
 * Property: of any bytes, no more records are found than fit in them; a record is one
 * line of JSON that our own reader takes, or nothing; a chunk makes no more output than
 * its limit allows; as a record for the mapping it has only UTF-8.  The input is the
 * chunks of a log.
 */
#include "arena.h"
#include "base/json.h"
#include "base/limits.h"
#include "telemetry/evtx.h"

enum { LEAST_RECORD = 28, MOST_LINE = HM_MAX_EVTX_JSON_BYTES + (1 << 20) };

struct run {
	struct fuzz f;
	struct hm_buf out;
	struct hm_arena texts;
	size_t lines; /* bytes of them in this chunk */
};

HM_NORETURN static void texts_full(void *ctx)
{
	(void)ctx;
	abort();
}

static void check_line(struct run *r, struct hm_evtx *e, const struct hm_evtx_record *rec)
{
	hm_buf_clear(&r->out);
	if (hm_evtx_json(e, rec, &r->out) != HM_OK) {
		if (r->out.len != 0)
			abort();
		return;
	}
	struct hm_cur c = hm_cur_of(hm_buf_bytes(&r->out));
	hm_arena_reset(&r->f.arena);
	const struct hm_json *json = hm_json_read(&c, &r->f.arena);
	if (json == NULL && c.err != HM_ELIMIT)
		abort();
	if (json != NULL && (json->kind != HM_JSON_OBJECT || hm_left(&c) != 0 ||
			     !hm_utf8_valid(json->text)))
		abort();
	r->lines += r->out.len;
	if (r->out.at[r->out.len - 1] != '\n' || r->lines > MOST_LINE)
		abort();
}

static void json(void *ctx, struct hm_evtx *e, const struct hm_evtx_record *rec)
{
	check_line(ctx, e, rec);
}

static void record(void *ctx, struct hm_evtx *e, const struct hm_evtx_record *rec)
{
	struct run *r = ctx;
	struct hm_record out;

	hm_arena_reset(&r->texts);
	if (hm_evtx_to_record(e, rec, NULL, &r->texts, &out) != HM_OK)
		return;
	for (size_t i = 0; i < out.field_count; i++)
		if (!hm_utf8_valid(out.fields[i].name) ||
		    !hm_utf8_valid(out.fields[i].text))
			abort();
	if (!hm_utf8_valid(out.provider) || !hm_utf8_valid(out.computer))
		abort();
}

static void read_all(struct run *r, struct hm_evtx *e, hm_evtx_fn fn)
{
	static const uint8_t head[] = "ElfChnk";
	uint64_t first;

	/* begins the counts anew */
	if (hm_evtx_begin(e, (hm_bytes){ head, sizeof(head) }, r->f.in, &first) != HM_OK)
		abort();
	for (size_t at = 0; at < r->f.in.len; at += HM_EVTX_CHUNK_BYTES) {
		size_t left = r->f.in.len - at;
		size_t len = left < HM_EVTX_CHUNK_BYTES ? left : HM_EVTX_CHUNK_BYTES;

		r->lines = 0;
		hm_evtx_chunk(e, hm_part(r->f.in, at, len), at, fn, r);
	}
	if (hm_evtx_stats(e)->records > r->f.in.len / LEAST_RECORD)
		abort();
}

/* One of each kind for all runs: what one input leaves in it must not matter to the
 * next. */
static struct hm_evtx *reader_of(enum hm_evtx_want want)
{
	static struct hm_evtx *readers[2];

	if (readers[want] == NULL &&
	    hm_evtx_open(want, texts_full, NULL, &readers[want]) != HM_OK)
		abort();
	return readers[want];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct run r;

	r.out = hm_buf_of(MOST_LINE);
	fuzz_open(&r.f, data, size);
	if (hm_arena_open(64 << 20, texts_full, NULL, &r.texts) != HM_OK)
		abort();
	/* a line too long for the checker's arena is not looked into */
	if (setjmp(r.f.full) == 0)
		read_all(&r, reader_of(HM_EVTX_JSON), json);
	read_all(&r, reader_of(HM_EVTX_RECORDS), record);
	hm_arena_close(&r.texts);
	hm_arena_close(&r.f.arena);
	hm_buf_done(&r.out);
	return 0;
}
