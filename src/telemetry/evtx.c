/* SPDX-License-Identifier: MIT */
/*
 * evtx.c: the frame of an event log: file header, chunks, records.
 *
 * Layout after libyal's and MS-EVEN6's descriptions, pitfalls after what real logs
 * hold (docs/formats/evtx.md).
 */
#include "telemetry/evtx.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/json.h"
#include "base/limits.h"
#include "telemetry/evtx_reader.h"

enum {
	CHUNK_HEADER = 512,
	RECORD_HEADER = 24,
	RECORD_LEAST = RECORD_HEADER + 4,
	RECORD_MAGIC = 0x00002a2a,
	RECORD_STEP = 4, /* records begin at multiples of eight; damage may shift them */
	FLAG_DIRTY = 1,
	/* address space: used are some 100 KiB, and 70 MiB by a chunk made to be costly
	 */
	KEEP_BYTES = 128 << 20,
	SCRATCH_BYTES = 64 << 20,
	NAME_BYTES = 1 << 16,
	TEXT_BYTES = HM_MAX_EVTX_JSON_BYTES + (1 << 20),
};

/* What all lines of the file have in common at their ends. */
static void set_name(struct hm_evtx *e, hm_bytes name)
{
	static const char head[] = "\"Record\":{\"File\":", tail[] = ",\"Offset\":";

	hm_buf_clear(&e->name);
	hm_put_str(&e->name, head);
	hm_put_json_string(&e->name, name);
	hm_put_str(&e->name, tail);
	if (e->name.err == HM_OK)
		return;
	hm_buf_clear(&e->name);
	hm_put_str(&e->name, head);
	hm_put_str(&e->name, "null");
	hm_put_str(&e->name, tail);
}

hm_err hm_evtx_open(enum hm_evtx_want want, hm_full_fn full, void *ctx,
		    struct hm_evtx **out)
{
	struct hm_evtx *e = calloc(1, sizeof(*e));

	if (e == NULL)
		return HM_EIO;
	e->want = want;
	e->name = hm_buf_of(NAME_BYTES);
	e->text = hm_buf_of(TEXT_BYTES);
	e->found = hm_buf_of(TEXT_BYTES);
	e->values = calloc(MOST_VALUES, sizeof(*e->values));
	if (e->values == NULL ||
	    hm_arena_open(KEEP_BYTES, full, ctx, &e->keep) != HM_OK ||
	    hm_arena_open(SCRATCH_BYTES, full, ctx, &e->scratch) != HM_OK) {
		hm_evtx_close(e);
		return HM_EIO;
	}
	set_name(e, (hm_bytes){ 0 });
	*out = e;
	return HM_OK;
}

void hm_evtx_close(struct hm_evtx *e)
{
	if (e == NULL)
		return;
	hm_arena_close(&e->keep);
	hm_arena_close(&e->scratch);
	hm_buf_done(&e->name);
	hm_buf_done(&e->text);
	hm_buf_done(&e->found);
	free(e->values);
	free(e);
}

const struct hm_evtx_stats *hm_evtx_stats(const struct hm_evtx *e)
{
	return &e->stats;
}

static bool begins_with(hm_bytes what, const char *magic)
{
	/* seven letters and a NUL */
	return hm_same(hm_part(what, 0, 8), (hm_bytes){ (const uint8_t *)magic, 8 });
}

static bool is_header(hm_bytes what)
{
	return begins_with(what, "ElfFile");
}

static bool is_chunk(hm_bytes what)
{
	return begins_with(what, "ElfChnk");
}

bool hm_evtx_is(hm_bytes head)
{
	return is_header(head) || is_chunk(head);
}

hm_err hm_evtx_begin(struct hm_evtx *e, hm_bytes head, hm_bytes name, uint64_t *first)
{
	bool header = is_header(head);

	*first = is_chunk(head) ? 0 : HM_EVTX_HEADER_BYTES;
	if (!header && !is_chunk(hm_part(head, *first, head.len - *first)))
		return HM_EFORMAT;
	set_name(e, name);
	e->stats = (struct hm_evtx_stats){ .bad_header = !header };
	e->stats.dirty = header && (hm_at32le(head, 120) & FLAG_DIRTY) != 0;
	return HM_OK;
}

static bool is_zero(hm_bytes what)
{
	return what.len == 0 ||
	       (what.at[0] == 0 && memcmp(what.at, what.at + 1, what.len - 1) == 0);
}

static uint32_t crc_of(hm_bytes first, hm_bytes second)
{
	uLong crc = crc32_z(0, first.at, first.len);

	return (uint32_t)crc32_z(crc, second.at, second.len);
}

/* The checksums of the header and of the records, as the chunk's header tells them. */
static bool sums_fit(hm_bytes chunk, size_t end)
{
	if (end < CHUNK_HEADER || end > chunk.len)
		return false;

	hm_bytes none = { chunk.at, 0 };
	return hm_at32le(chunk, 124) ==
		       crc_of(hm_part(chunk, 0, 120), hm_part(chunk, 128, 384)) &&
	       hm_at32le(chunk, 52) ==
		       crc_of(hm_part(chunk, CHUNK_HEADER, end - CHUNK_HEADER), none);
}

/* u32 magic, u32 size, u64 id, FILETIME, binary XML, u32 size again */
static size_t record_len(hm_bytes chunk, size_t at, size_t end)
{
	size_t len = hm_at32le(chunk, at + 4);

	if (hm_at32le(chunk, at) != RECORD_MAGIC || len < RECORD_LEAST ||
	    len > end - at || hm_at32le(chunk, at + len - 4) != len)
		return 0;
	return len;
}

/* The next place from at on where a record stands; end where there is none. */
static size_t next_record(hm_bytes chunk, size_t at, size_t end)
{
	while (end - at >= RECORD_LEAST && record_len(chunk, at, end) == 0)
		at += RECORD_STEP;
	return end - at >= RECORD_LEAST ? at : end;
}

static void hand_out(struct hm_evtx *e, size_t at, size_t len, hm_evtx_fn fn, void *ctx)
{
	struct hm_evtx_record r = {
		.where = e->chunk_at + at,
		.id = hm_at64le(e->chunk, at + 8),
		.written = hm_at64le(e->chunk, at + 16),
		.at = (uint32_t)(at + RECORD_HEADER),
		.len = (uint32_t)(len - RECORD_LEAST),
	};

	e->stats.records++;
	fn(ctx, e, &r);
}

static void add_gap(struct hm_evtx *e, size_t len)
{
	e->stats.gaps++;
	e->stats.gap_bytes += len;
}

/* How many records the header promises: their numbers' range.  A chunk has no room for
 * more than its bytes allow, whatever the header says. */
static uint64_t promised(hm_bytes chunk)
{
	uint64_t first = hm_at64le(chunk, 8), last = hm_at64le(chunk, 16);
	uint64_t most = (HM_EVTX_CHUNK_BYTES - CHUNK_HEADER) / RECORD_LEAST;

	return last >= first && last - first < most ? last - first + 1 : 0;
}

static void read_records(struct hm_evtx *e, size_t end, hm_evtx_fn fn, void *ctx)
{
	uint64_t found = 0, expected = promised(e->chunk);
	size_t at = CHUNK_HEADER;
	bool told = end >= CHUNK_HEADER && end <= e->chunk.len;

	/* without a lawful end the numbers tell where what is stale begins */
	if (!told)
		end = e->chunk.len;
	while (end - at >= RECORD_LEAST && (told || found < expected)) {
		size_t len = record_len(e->chunk, at, end);

		if (len == 0) {
			size_t next = next_record(e->chunk, at, end);

			/* some writers leave the end too late: only a loss is a gap */
			if (next != end || found < expected)
				add_gap(e, next - at);
			at = next;
			continue;
		}
		hand_out(e, at, len, fn, ctx);
		found++;
		at += len;
	}
	e->stats.missing += expected > found ? expected - found : 0;
}

void hm_evtx_chunk(struct hm_evtx *e, hm_bytes chunk, uint64_t where, hm_evtx_fn fn,
		   void *ctx)
{
	e->chunk = chunk;
	e->chunk_at = where;
	if (is_zero(chunk)) {
		e->stats.empty_chunks++;
		return;
	}
	if (!is_chunk(chunk) || chunk.len < CHUNK_HEADER) {
		e->stats.bad_chunks++;
		return;
	}

	size_t end = hm_at32le(chunk, 48);
	memset(e->templates, 0, sizeof(e->templates));
	hm_arena_reset(&e->keep);
	e->value_count = 0;
	e->steps = HM_MAX_EVTX_STEPS;
	e->room = HM_MAX_EVTX_JSON_BYTES;
	e->stats.chunks++;
	e->stats.bad_checksums += !sums_fit(chunk, end);
	read_records(e, end, fn, ctx);
}
