/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAP = 256 };

struct hm_buf hm_buf_of(size_t max)
{
	return (struct hm_buf){ .max = max };
}

void hm_buf_done(struct hm_buf *b)
{
	free(b->at);
	*b = hm_buf_of(b->max);
}

void hm_buf_clear(struct hm_buf *b)
{
	b->len = 0;
	b->err = HM_OK;
}

static void enlarge(struct hm_buf *b, size_t need)
{
	size_t cap = b->cap != 0 ? b->cap : FIRST_CAP;

	while (cap < need)
		cap *= 2;
	if (cap > b->max)
		cap = b->max;

	uint8_t *bigger = realloc(b->at, cap);
	if (bigger == NULL) {
		b->err = HM_EIO;
		return;
	}
	b->at = bigger;
	b->cap = cap;
}

uint8_t *hm_buf_grow(struct hm_buf *b, size_t len)
{
	if (b->err == HM_OK && len > b->max - b->len)
		b->err = HM_ELIMIT;
	if (b->err == HM_OK && len > b->cap - b->len)
		enlarge(b, b->len + len);
	if (b->err != HM_OK || b->at == NULL)
		return NULL;

	uint8_t *room = b->at + b->len;
	b->len += len;
	return room;
}

void hm_put(struct hm_buf *b, hm_bytes what)
{
	uint8_t *room = hm_buf_room(b, what.len);

	if (room != NULL && what.len != 0)
		memcpy(room, what.at, what.len);
}

void hm_put_u32le(struct hm_buf *b, uint32_t value)
{
	uint8_t *room = hm_buf_room(b, 4);

	for (unsigned i = 0; room != NULL && i < 4; i++)
		room[i] = (uint8_t)(value >> 8 * i);
}

void hm_put_u64le(struct hm_buf *b, uint64_t value)
{
	hm_put_u32le(b, (uint32_t)value);
	hm_put_u32le(b, (uint32_t)(value >> 32));
}

void hm_putf(struct hm_buf *b, const char *fmt, ...)
{
	va_list ap, again;

	va_start(ap, fmt);
	va_copy(again, ap);
	int len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);

	/* vsnprintf also writes a NUL: take room for it and give it back. */
	char *room = (char *)hm_buf_room(b, len < 0 ? 1 : (size_t)len + 1);
	if (room != NULL) {
		vsnprintf(room, (size_t)len + 1, fmt, again);
		b->len--;
	}
	va_end(again);
}

hm_bytes hm_buf_bytes(const struct hm_buf *b)
{
	return (hm_bytes){ b->at, b->len };
}
