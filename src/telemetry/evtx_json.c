/* SPDX-License-Identifier: MIT */
/*
 * evtx_json.c: a record as one line of JSON, by running the programs of its templates.
 */
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "telemetry/evtx_reader.h"

struct run {
	struct hm_evtx *e;
	struct hm_cur *c; /* takes the first failure */
	struct hm_buf *out;
	size_t most; /* length of out that this record may reach */
	unsigned depth;
};

static void put_fragment(struct run *r, const struct hm_evtx_value *v);

/* End an object or array: over the comma of its last member, if it has one.  No text
 * ends with a comma: all that is written are whole members, names and brackets. */
static void put_close(struct hm_buf *out, uint8_t bracket)
{
	if (out->err == HM_OK && out->len != 0 && out->at[out->len - 1] == ',')
		out->at[out->len - 1] = bracket;
	else
		hm_put_u8(out, bracket);
}

static void put_value(struct run *r, const struct hm_evtx_value *v)
{
	if (v->type == HM_EVTX_BINXML && v->raw.len != 0) {
		hm_put_u8(r->out, '{');
		put_fragment(r, v);
		put_close(r->out, '}');
	} else {
		hm_evtx_put_json(r->out, v);
	}
}

static void put_items(struct run *r, const struct hm_evtx_value *v)
{
	struct hm_evtx_value rest = *v, item;

	if ((v->type & HM_EVTX_ARRAY) == 0) {
		put_value(r, v);
		hm_put_u8(r->out, ',');
		return;
	}
	while (hm_evtx_next(&rest, &item)) {
		hm_evtx_put_json(r->out, &item);
		hm_put_u8(r->out, ',');
	}
}

static void put_members(struct run *r, const struct hm_evtx_value *v)
{
	if (hm_evtx_is_null(v))
		return;
	if (v->type == HM_EVTX_BINXML) {
		put_fragment(r, v);
		return;
	}
	hm_put_str(r->out, "\"#text\":");
	hm_evtx_put_json(r->out, v);
	hm_put_u8(r->out, ',');
}

/* Most literal texts are short: steps of fixed size beat a call of memcpy. */
static void put_literal(struct hm_buf *out, const uint8_t *text, size_t len)
{
	uint8_t *room = hm_buf_room(out, len + HM_EVTX_PAD);

	if (room == NULL)
		return;
	for (size_t i = 0; i < len; i += HM_EVTX_PAD)
		memcpy(room + i, text + i, HM_EVTX_PAD);
	hm_buf_return(out, HM_EVTX_PAD);
}

/* The op that follows op i. */
static size_t step(struct run *r, const struct hm_evtx_piece *p, size_t i)
{
	const struct hm_evtx_op *op = &p->template->program.ops[i];
	const struct hm_evtx_value *v = hm_evtx_slot(p, op->slot);

	switch ((enum hm_evtx_act)op->act) {
	case HM_ACT_VALUE: put_value(r, v); break;
	case HM_ACT_INNER: hm_evtx_put_inner(r->out, v); break;
	case HM_ACT_ITEMS: put_items(r, v); break;
	case HM_ACT_MEMBERS: put_members(r, v); break;
	case HM_ACT_CLOSE: put_close(r->out, (uint8_t)op->slot); break;
	case HM_ACT_IF_SET: return hm_evtx_is_null(v) ? i + 1 : op->target;
	case HM_ACT_IF_NULL: return hm_evtx_is_null(v) ? op->target : i + 1;
	case HM_ACT_JUMP: return op->target;
	case HM_ACT_END: break;
	}
	return i + 1;
}

/* Ops lead only forward, so a piece takes at most as many steps as it has ops. */
static void run_piece(struct run *r, const struct hm_evtx_piece *p)
{
	const struct hm_evtx_program *program = &p->template->program;
	struct hm_evtx *e = r->e;

	if (e->steps < program->num_ops)
		hm_fail(r->c, HM_ELIMIT, "work for one chunk");
	else
		e->steps -= program->num_ops;
	for (size_t i = 0; r->c->err == HM_OK && i < program->num_ops;) {
		const struct hm_evtx_op *op = &program->ops[i];

		put_literal(r->out, program->text.at + op->at, op->len);
		i = step(r, p, i);
		if (r->out->len > r->most)
			hm_fail(r->c, HM_ELIMIT, "JSON of one chunk");
	}
}

static void put_pieces(struct run *r, struct hm_cur *c)
{
	size_t mark = r->e->value_count;
	struct hm_evtx_piece piece;

	while (hm_evtx_next_piece(r->e, c, &piece)) {
		struct hm_cur *outer = r->c;

		r->c = c;
		run_piece(r, &piece);
		r->c = outer;
		r->e->value_count = mark;
	}
	r->e->value_count = mark;
}

/* Recursion is bounded: a value in a value lies within it, and by HM_MAX_EVTX_NEST. */
static void put_fragment(struct run *r, const struct hm_evtx_value *v)
{
	struct hm_cur c = hm_evtx_cursor(r->e, v->at, (uint32_t)v->raw.len);

	if (r->depth == HM_MAX_EVTX_NEST)
		hm_fail(&c, HM_ELIMIT, "depth of binary XML in values");
	r->depth++;
	put_pieces(r, &c);
	r->depth--;
	hm_join(r->c, &c);
}

static void put_tail(struct run *r, const struct hm_evtx_record *record)
{
	struct hm_buf *out = r->out;

	hm_put(out, hm_buf_bytes(&r->e->name));
	hm_put_decimal(out, record->where);
	hm_put_str(out, ",\"Id\":");
	hm_put_decimal(out, record->id);
	hm_put_str(out, ",\"Written\":\"");
	hm_put_filetime(out, record->written);
	hm_put_str(out, "\"}}\n");
}

hm_err hm_evtx_json(struct hm_evtx *e, const struct hm_evtx_record *record,
		    struct hm_buf *out)
{
	struct hm_cur c = hm_evtx_cursor(e, record->at, record->len);
	size_t begin = out->len;
	struct run r = { .e = e, .c = &c, .out = out, .most = begin + e->room };

	hm_put_u8(out, '{');
	put_pieces(&r, &c);
	if (c.err == HM_OK && out->len == begin + 1)
		hm_fail(&c, HM_EFORMAT, "a record has an element");
	if (c.err == HM_OK)
		put_tail(&r, record);
	if (c.err == HM_OK && out->err != HM_OK)
		hm_fail(&c, out->err, "room for JSON");
	if (c.err != HM_OK) {
		out->len = begin;
		out->err = HM_OK;
		return hm_evtx_unread(e, &c);
	}
	e->room -= out->len - begin < e->room ? out->len - begin : e->room;
	return HM_OK;
}
