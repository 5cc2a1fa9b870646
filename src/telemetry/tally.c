/* SPDX-License-Identifier: MIT */
#include "telemetry/tally.h"

#include <stdlib.h>
#include <string.h>

struct hm_tally hm_tally_of(struct hm_arena *a)
{
	return (struct hm_tally){ .counts = hm_new_n(a, struct hm_count, HM_MAX_TALLY) };
}

void hm_tally_clear(struct hm_tally *t)
{
	t->num = t->last = 0;
}

static bool is_for(const struct hm_count *c, hm_bytes name, int64_t id)
{
	return c->id == id && hm_is(name, c->name);
}

static struct hm_count *find(struct hm_tally *t, hm_bytes name, int64_t id)
{
	if (t->last < t->num && is_for(&t->counts[t->last], name, id))
		return &t->counts[t->last];
	for (size_t i = 0; i < t->num; i++) {
		if (!is_for(&t->counts[i], name, id))
			continue;
		t->last = i;
		return &t->counts[i];
	}
	return NULL;
}

static struct hm_count *add_new(struct hm_tally *t, hm_bytes name, int64_t id)
{
	struct hm_count *c = &t->counts[t->last = t->num++];

	*c = (struct hm_count){ .id = id };
	if (name.len != 0)
		memcpy(c->name, name.at, name.len);
	return c;
}

void hm_tally_add(struct hm_tally *t, hm_bytes name, int64_t id, uint64_t records,
		  uint64_t rows)
{
	if (name.len >= HM_MAX_TALLY_NAME)
		name.len = HM_MAX_TALLY_NAME - 1;
	/* a name is a C string here */
	name.len = name.len != 0 ? strnlen((const char *)name.at, name.len) : 0;

	struct hm_count *c = find(t, name, id);
	if (c == NULL && t->num == HM_MAX_TALLY - 1) {
		name = hm_bytes_of("other");
		id = -1;
		c = find(t, name, id);
	}
	if (c == NULL && t->num < HM_MAX_TALLY)
		c = add_new(t, name, id);
	if (c == NULL)
		c = &t->counts[HM_MAX_TALLY - 1];
	c->records += records;
	c->rows += rows;
}

void hm_tally_write(const struct hm_tally *t, struct hm_buf *out)
{
	for (size_t i = 0; i < t->num; i++) {
		const struct hm_count *c = &t->counts[i];
		hm_bytes name = hm_bytes_of(c->name);

		hm_put_u8(out, (uint8_t)name.len);
		hm_put(out, name);
		hm_put_u64le(out, (uint64_t)c->id);
		hm_put_u64le(out, c->records);
		hm_put_u64le(out, c->rows);
	}
}

hm_err hm_tally_merge(struct hm_tally *t, hm_bytes written)
{
	struct hm_cur c = hm_cur_of(written);

	while (hm_more(&c)) {
		hm_bytes name = hm_take(&c, hm_u8(&c, "name's length"), "name");
		int64_t id = (int64_t)hm_u64le(&c, "id");
		uint64_t records = hm_u64le(&c, "records");
		uint64_t rows = hm_u64le(&c, "rows");

		if (c.err == HM_OK)
			hm_tally_add(t, name, id, records, rows);
	}
	return c.err == HM_OK ? HM_OK : HM_EFORMAT;
}

static int by_name(const void *left, const void *right)
{
	const struct hm_count *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	return order != 0 ? order : (a->id > b->id) - (a->id < b->id);
}

void hm_tally_sort(struct hm_tally *t)
{
	if (t->num != 0)
		qsort(t->counts, t->num, sizeof(*t->counts), by_name);
	t->last = 0;
}
