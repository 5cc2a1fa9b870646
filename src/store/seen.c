/* SPDX-License-Identifier: MIT */
#include "store/seen.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAP = 4096, MAX_CAP = 1 << 22 };

/* The entry of id, or the free one where it belongs. */
static struct hm_seen_entry *place(const struct hm_seen *s, struct hm_row_id id)
{
	size_t at = (size_t)id.low & (s->cap - 1);

	while (s->entries[at].used &&
	       (s->entries[at].id.low != id.low || s->entries[at].id.high != id.high))
		at = (at + 1) & (s->cap - 1);
	return &s->entries[at];
}

static bool grow(struct hm_seen *s)
{
	struct hm_seen bigger = { .cap = s->cap != 0 ? s->cap * 2 : FIRST_CAP,
				  .num = s->num };

	if (bigger.cap > MAX_CAP)
		return false;
	bigger.entries = calloc(bigger.cap, sizeof(*bigger.entries));
	if (bigger.entries == NULL)
		return false;
	for (size_t i = 0; i < s->cap; i++)
		if (s->entries[i].used)
			*place(&bigger, s->entries[i].id) = s->entries[i];
	free(s->entries);
	*s = bigger;
	return true;
}

void hm_seen_put(struct hm_seen *s, struct hm_row_id id, uint64_t value)
{
	if (s->num >= s->cap / 2 && !grow(s) && s->num >= s->cap / 4 * 3)
		return;

	struct hm_seen_entry *e = place(s, id);
	s->num += !e->used;
	*e = (struct hm_seen_entry){ id, value, true };
}

bool hm_seen_get(const struct hm_seen *s, struct hm_row_id id, uint64_t *value)
{
	if (s->num == 0)
		return false;

	const struct hm_seen_entry *e = place(s, id);
	if (e->used)
		*value = e->value;
	return e->used;
}

void hm_seen_clear(struct hm_seen *s)
{
	if (s->num != 0)
		memset(s->entries, 0, s->cap * sizeof(*s->entries));
	s->num = 0;
}

void hm_seen_done(struct hm_seen *s)
{
	free(s->entries);
	*s = (struct hm_seen){ 0 };
}
