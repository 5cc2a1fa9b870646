/* SPDX-License-Identifier: MIT */
/* ingest_evtx.c: event logs, record by record, through the mapping. */
#include "telemetry/evtx.h"
#include "telemetry/ingest_part.h"

static void take_record(void *ctx, struct hm_evtx *e, const struct hm_evtx_record *found)
{
	struct hm_part_reading *p = ctx;
	struct hm_reader *r = p->reader;
	struct hm_arena before = *r->arena;
	struct hm_record record;

	p->offset = found->where;
	if (!hm_part_wants(p, (hm_bytes){ 0 }))
		return;
	r->why = NULL;
	hm_err err = hm_evtx_to_record(e, found, hm_map_knows, r->arena, &record);
	if (err == HM_OK)
		hm_record_read(r, &record);
	else
		r->why = "the record is damaged";
	if (r->why != NULL)
		hm_part_refuse(p, r->why, (hm_bytes){ 0 });
	*r->arena = before;
	if (p->request->careful)
		hm_part_mark(p, found->where + 1);
}

/* Damage that no record tells of. */
static void tell_damage(struct hm_part_reading *p, const struct hm_evtx_stats *s)
{
	static const char *const what[] = { "a chunk that is none",
					    "a place where no record can be found" };
	const uint64_t times[] = { s->bad_chunks, s->gaps };

	for (size_t i = 0; i < 2; i++)
		for (uint64_t n = 0; n < times[i]; n++)
			hm_part_refuse(p, what[i], (hm_bytes){ 0 });
}

/* The first chunk of the part: those before it are another's. */
static uint64_t first_chunk(const struct hm_ingest_request *r, uint64_t first)
{
	uint64_t before = r->begin > first ? r->begin - first : 0;

	return first + (before + HM_EVTX_CHUNK_BYTES - 1) / HM_EVTX_CHUNK_BYTES *
			       HM_EVTX_CHUNK_BYTES;
}

void hm_part_evtx(struct hm_part_reading *p)
{
	hm_part_open(p, 0);
	hm_bytes bytes = hm_part_take(p, HM_EVTX_HEAD_BYTES);
	uint64_t first = bytes.len;

	if (hm_evtx_begin(p->evtx, bytes, p->request->name, &first) != HM_OK)
		p->why = "this is no event log";
	if (p->request->codec == HM_CODEC_NONE)
		hm_part_open(p, first_chunk(p->request, first));
	else
		hm_window_skip(&p->window, first);
	while (p->why == NULL && hm_window_tell(&p->window) < p->request->end &&
	       (bytes = hm_part_take(p, HM_EVTX_CHUNK_BYTES)).len != 0) {
		hm_evtx_chunk(p->evtx, bytes, hm_window_tell(&p->window), take_record, p);
		hm_window_skip(&p->window, bytes.len);
		hm_part_mark(p, hm_window_tell(&p->window));
	}
	tell_damage(p, hm_evtx_stats(p->evtx));
}
