/* SPDX-License-Identifier: MIT */
/*
 * evtx_template.c: fragments of binary XML to programs and values.
 *
 * A template is defined inside the first record of a chunk that uses it and known by
 * its offset from then on; it is compiled when it is met first.
 */
#include "base/limits.h"
#include "telemetry/evtx_reader.h"

enum { TOKEN_EOF = 0x00, TOKEN_TEMPLATE = 0x0c, TOKEN_FRAGMENT = 0x0f };

struct hm_cur hm_evtx_cursor(const struct hm_evtx *e, uint32_t at, uint32_t len)
{
	struct hm_cur c = hm_cur_of(e->chunk);

	c.origin = e->chunk_at;
	hm_seek(&c, at, "binary XML's place");
	return hm_sub(&c, len, "binary XML");
}

static void compile(struct hm_evtx *e, struct hm_cur *c, bool in_template,
		    struct hm_evtx_template *out)
{
	struct hm_xml_source source = { .chunk = e->chunk,
					.arena = &e->scratch,
					.steps = &e->steps };
	struct hm_xml_list nodes = hm_xml_read(&source, c, in_template);

	if (c->err != HM_OK)
		return;
	if (e->want == HM_EVTX_RECORDS) {
		if (hm_evtx_fields(&nodes, &e->keep, &e->steps, &out->fields) != HM_OK)
			hm_fail(c, HM_ELIMIT, "work for one chunk");
		return;
	}
	out->program = hm_evtx_compile(&nodes, &e->scratch, &e->keep);
	if (out->program.ops == NULL)
		hm_fail(c, HM_ELIMIT, "size of a compiled template");
}

/* u32 next in its bucket, GUID, u32 size, then a fragment of so many bytes */
static struct hm_evtx_template *define(struct hm_evtx *e, struct hm_cur *c, uint32_t at)
{
	struct hm_cur there = hm_evtx_cursor(e, 0, (uint32_t)e->chunk.len);

	hm_seek(&there, at, "template's offset");
	hm_u32le(&there, "template's link");
	hm_bytes guid = hm_take(&there, 16, "template's GUID");
	uint32_t size = hm_u32le(&there, "template's size");
	struct hm_cur body = hm_sub(&there, size, "template");
	struct hm_evtx_template *t = hm_new(&e->keep, struct hm_evtx_template);
	struct hm_evtx_template **bucket = &e->templates[at % TEMPLATE_BUCKETS];

	compile(e, &body, true, t);
	hm_join(c, &body);
	if (c->err != HM_OK)
		return NULL;
	t->at = at;
	t->id = hm_at32le(guid, 0);
	t->next = *bucket;
	*bucket = t;
	return t;
}

static struct hm_evtx_template *find(struct hm_evtx *e, struct hm_cur *c, uint32_t at)
{
	struct hm_evtx_template *t = e->templates[at % TEMPLATE_BUCKETS];

	while (t != NULL && t->at != at && e->steps != 0) {
		t = t->next;
		e->steps--;
	}
	return t != NULL && t->at == at ? t : define(e, c, at);
}

/* n times u16 size, u8 type, u8 0; then the values' bytes, back to back */
static void read_values(struct hm_evtx *e, struct hm_cur *c, struct hm_evtx_piece *out)
{
	size_t count = hm_u32le(c, "number of values");
	hm_bytes table = hm_take(c, (uint64_t)count * 4, "table of values");

	if (c->err == HM_OK && count > MOST_VALUES - e->value_count)
		hm_fail(c, HM_ELIMIT, "number of values");
	if (c->err != HM_OK)
		return;

	struct hm_evtx_value *values = e->values + e->value_count;
	size_t at = c->pos, sum = 0;
	for (size_t i = 0; i < count; i++) {
		size_t size = hm_at16le(table, 4 * i);

		values[i] = (struct hm_evtx_value){
			.raw = hm_part(e->chunk, at + sum, size),
			.at = (uint32_t)(at + sum),
			.type = hm_at8(table, 4 * i + 2),
		};
		sum += size;
	}
	hm_take(c, sum, "values");
	e->value_count += count;
	out->values = values;
	out->count = count;
}

/* u8 1, u32 id, u32 offset of the definition, which stands here if it is new */
static void read_instance(struct hm_evtx *e, struct hm_cur *c, struct hm_evtx_piece *out)
{
	hm_take(c, 2, "template instance");
	uint32_t id = hm_u32le(c, "template's id");
	uint32_t at = hm_u32le(c, "template's offset");

	if (c->err == HM_OK && at == c->pos) {
		hm_take(c, 20, "template's head");
		hm_take(c, hm_u32le(c, "template's size"), "template");
	}
	if (c->err != HM_OK)
		return;
	out->template = find(e, c, at);
	if (out->template == NULL)
		return;
	/* else another has been written over the one that this record means */
	hm_rule(c, out->template->id == id, "the template is the record's");
	read_values(e, c, out);
}

static void read_direct(struct hm_evtx *e, struct hm_cur *c, struct hm_evtx_piece *out)
{
	struct hm_evtx_template *t = hm_new(&e->keep, struct hm_evtx_template);

	compile(e, c, false, t);
	out->template = t;
	/* it read to the fragment's end; what follows there is padding */
	hm_rest(c);
}

bool hm_evtx_next_piece(struct hm_evtx *e, struct hm_cur *c, struct hm_evtx_piece *out)
{
	*out = (struct hm_evtx_piece){ 0 };
	while (hm_peek(c) == TOKEN_FRAGMENT && hm_more(c))
		hm_take(c, 4, "fragment header");
	if (!hm_more(c) || hm_peek(c) == TOKEN_EOF)
		return false;

	if (hm_peek(c) == TOKEN_TEMPLATE)
		read_instance(e, c, out);
	else
		read_direct(e, c, out);
	hm_arena_reset(&e->scratch);
	return c->err == HM_OK;
}

hm_err hm_evtx_unread(struct hm_evtx *e, const struct hm_cur *c)
{
	struct hm_evtx_stats *s = &e->stats;

	s->unread[c->err]++;
	if (s->first_err == HM_OK) {
		s->first_err = c->err;
		s->first_why = c->why;
		s->first_where = c->where;
	}
	return c->err;
}
