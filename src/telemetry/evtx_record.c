/* SPDX-License-Identifier: MIT */
/*
 * evtx_record.c: a record of an event log as struct hm_record, without JSON between.
 */
#include <string.h>

#include "base/limits.h"
#include "telemetry/evtx_reader.h"

/* A field whose text still lies in the reader's buffer, which may move. */
struct found {
	hm_bytes name;
	size_t at, len;
	enum hm_field_kind kind;
};

struct collect {
	struct hm_evtx *e;
	struct hm_cur *c; /* takes the first failure */
	struct hm_arena *a;
	struct hm_record *out;
	hm_evtx_wanted wanted;
	bool unwanted; /* it is asked for no more than its head */
	unsigned depth;
};

static hm_bytes text_from(const struct hm_evtx *e, size_t at)
{
	return hm_part(hm_buf_bytes(&e->text), at, e->text.len - at);
}

/* Put the field's text into the buffer; returns whether it is JSON. */
static bool put_parts(struct hm_evtx *e, const struct hm_evtx_piece *p,
		      const struct hm_evtx_field *f)
{
	bool json = false;

	for (size_t i = 0; i < f->num_parts; i++) {
		const struct hm_evtx_part *part = &f->parts[i];

		if (part->literal)
			hm_put(&e->text, part->text);
		else
			json = hm_evtx_put_text(&e->text, hm_evtx_slot(p, part->slot));
	}
	return json && f->num_parts == 1;
}

static void add_found(struct hm_evtx *e, hm_bytes name, size_t at, bool json)
{
	struct found found = { .name = name,
			       .at = at,
			       .len = e->text.len - at,
			       .kind = json ? HM_FIELD_JSON : HM_FIELD_TEXT };

	hm_put(&e->found, (hm_bytes){ (const uint8_t *)&found, sizeof(found) });
}

static void collect_field(struct collect *k, const struct hm_evtx_piece *p,
			  const struct hm_evtx_field *f, hm_bytes name)
{
	struct hm_evtx *e = k->e;
	size_t at = e->text.len;
	const struct hm_evtx_value *only = f->num_parts == 1 && !f->parts[0].literal
						   ? hm_evtx_slot(p, f->parts[0].slot)
						   : NULL;

	if (!f->list || only == NULL || (only->type & HM_EVTX_ARRAY) == 0) {
		bool json = put_parts(e, p, f);

		add_found(e, name, at, json);
		return;
	}
	struct hm_evtx_value rest = *only, item;
	while (hm_evtx_next(&rest, &item)) {
		at = e->text.len;
		bool json = hm_evtx_put_text(&e->text, &item);
		add_found(e, name, at, json);
	}
}

static int64_t int_of(hm_bytes text)
{
	int64_t value = 0;

	if (text.len == 0)
		return -1;
	for (size_t i = 0; i < text.len; i++) {
		uint8_t digit = text.at[i];

		if (digit < '0' || digit > '9' ||
		    __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, digit - '0', &value))
			return -1;
	}
	return value;
}

static void collect_system(struct collect *k, const struct hm_evtx_piece *p,
			   const struct hm_evtx_field *f)
{
	struct hm_evtx *e = k->e;
	struct hm_record *out = k->out;
	size_t at = e->text.len;

	put_parts(e, p, f);
	hm_bytes text = text_from(e, at);
	switch (f->use) {
	case HM_USE_PROVIDER: out->provider = hm_keep(k->a, text); break;
	case HM_USE_EVENT_ID: out->event_id = int_of(text); break;
	case HM_USE_TIME: out->time = hm_time_parse(text); break;
	case HM_USE_RECORD_ID: out->record_id = int_of(text); break;
	case HM_USE_ACTIVITY: out->activity_id = hm_keep(k->a, text); break;
	case HM_USE_CHANNEL: out->channel = hm_keep(k->a, text); break;
	case HM_USE_COMPUTER: out->computer = hm_keep(k->a, text); break;
	case HM_USE_USER: out->user_sid = hm_keep(k->a, text); break;
	case HM_USE_FIELD:
	case HM_USE_INNER: break;
	}
	e->text.len = at;
}

static void collect_inner(struct collect *k, const struct hm_evtx_value *v,
			  hm_bytes path);

static hm_bytes join(struct collect *k, hm_bytes path, hm_bytes name)
{
	if (path.len == 0 || name.len == 0)
		return path.len == 0 ? name : path;
	return hm_bytes_of(hm_format(k->a, "%.*s.%.*s", (int)path.len,
				     (const char *)path.at, (int)name.len,
				     (const char *)name.at));
}

static void collect_one(struct collect *k, const struct hm_evtx_piece *p,
			const struct hm_evtx_field *f, hm_bytes path)
{
	const struct hm_evtx_value *only = f->num_parts == 1 && !f->parts[0].literal
						   ? hm_evtx_slot(p, f->parts[0].slot)
						   : NULL;
	bool inner = only != NULL && only->type == HM_EVTX_BINXML;

	if (f->use > HM_USE_INNER) {
		collect_system(k, p, f);
		return;
	}
	/* Windows writes System first; where it is not first, nothing is spared */
	if (k->wanted != NULL && k->out->provider.len != 0 && k->out->event_id >= 0)
		k->unwanted = !k->wanted(k->out->provider, k->out->event_id);
	if (k->unwanted)
		return;
	if (inner)
		collect_inner(k, only, join(k, path, f->name));
	else if (f->use == HM_USE_FIELD || (only != NULL && !hm_evtx_is_null(only)))
		collect_field(k, p, f, join(k, path, f->name));
}

static void collect_pieces(struct collect *k, struct hm_cur *c, hm_bytes path)
{
	struct hm_evtx *e = k->e;
	size_t mark = e->value_count;
	struct hm_evtx_piece p;

	while (hm_evtx_next_piece(e, c, &p)) {
		struct hm_cur *outer = k->c;

		k->c = c;
		for (const struct hm_evtx_field *f = p.template->fields;
		     f != NULL && c->err == HM_OK; f = f->next) {
			collect_one(k, &p, f, path);
			if (e->steps == 0 || e->text.len > e->room ||
			    e->text.err != HM_OK || e->found.err != HM_OK)
				hm_fail(c, HM_ELIMIT, "fields of one chunk");
			else
				e->steps--;
		}
		k->c = outer;
		e->value_count = mark;
	}
	e->value_count = mark;
}

/* Bounded as in evtx_json.c. */
static void collect_inner(struct collect *k, const struct hm_evtx_value *v, hm_bytes path)
{
	struct hm_cur c = hm_evtx_cursor(k->e, v->at, (uint32_t)v->raw.len);

	if (k->depth == HM_MAX_EVTX_NEST)
		hm_fail(&c, HM_ELIMIT, "depth of binary XML in values");
	k->depth++;
	collect_pieces(k, &c, path);
	k->depth--;
	hm_join(k->c, &c);
}

/* The texts and fields, now that they do not move any more. */
static void settle(struct hm_evtx *e, struct hm_arena *a, struct hm_record *out)
{
	size_t count = e->found.len / sizeof(struct found);
	struct hm_field *fields = hm_new_n(a, struct hm_field, count);
	hm_bytes text = hm_keep(a, hm_buf_bytes(&e->text));

	for (size_t i = 0; i < count; i++) {
		struct found found;

		memcpy(&found, e->found.at + i * sizeof(found), sizeof(found));
		fields[i] =
			(struct hm_field){ found.name, hm_part(text, found.at, found.len),
					   found.kind };
	}
	out->fields = fields;
	out->field_count = count;
}

hm_err hm_evtx_to_record(struct hm_evtx *e, const struct hm_evtx_record *r,
			 hm_evtx_wanted wanted, struct hm_arena *a, struct hm_record *out)
{
	struct hm_cur c = hm_evtx_cursor(e, r->at, r->len);
	struct collect k = { .e = e, .c = &c, .a = a, .out = out, .wanted = wanted };

	*out = (struct hm_record){ .event_id = -1, .record_id = -1, .time = HM_NO_TIME };
	hm_buf_clear(&e->text);
	hm_buf_clear(&e->found);
	collect_pieces(&k, &c, (hm_bytes){ 0 });
	if (c.err != HM_OK)
		return hm_evtx_unread(e, &c);
	settle(e, a, out);
	e->room -= e->text.len < e->room ? e->text.len : e->room;
	return HM_OK;
}
