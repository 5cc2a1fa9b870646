/* SPDX-License-Identifier: MIT */
/*
 * buf.h: a growing buffer to write to, with a maximum; the mirror of the cursor.
 *
 * The first failure sticks: past max, or without memory, further writes do
 * nothing and err tells why.  Ask once, when all is written.
 */
#ifndef HM_BASE_BUF_H
#define HM_BASE_BUF_H

#include <stdarg.h>
#include <string.h>

#include "base/bytes.h"

struct hm_buf {
	uint8_t *at;
	size_t len, cap;
	size_t max; /* bytes that it may grow to */
	hm_err err; /* HM_ELIMIT past max, HM_EIO without memory */
};

/* Empty, holding no memory yet.  hm_buf_done frees and may be called twice. */
struct hm_buf hm_buf_of(size_t max);
void hm_buf_done(struct hm_buf *b);

/* Forget the content and a failure, keep the memory. */
void hm_buf_clear(struct hm_buf *b);

/* The rare half of hm_buf_room: grow, or fail. */
uint8_t *hm_buf_grow(struct hm_buf *b, size_t len);

/* Room for len bytes more, to be filled by the caller; NULL after a failure.
 * The bytes count as written. */
static inline uint8_t *hm_buf_room(struct hm_buf *b, size_t len)
{
	if (b->err != HM_OK || b->at == NULL || len > b->cap - b->len)
		return hm_buf_grow(b, len);

	uint8_t *room = b->at + b->len;
	b->len += len;
	return room;
}

/* Take back what was not used of the room just given. */
static inline void hm_buf_return(struct hm_buf *b, size_t len)
{
	if (len <= b->len)
		b->len -= len;
}

void hm_put(struct hm_buf *b, hm_bytes what);

static inline void hm_put_str(struct hm_buf *b, const char *text)
{
	hm_put(b, (hm_bytes){ (const uint8_t *)text, strlen(text) });
}

static inline void hm_put_u8(struct hm_buf *b, uint8_t byte)
{
	uint8_t *room = hm_buf_room(b, 1);

	if (room != NULL)
		*room = byte;
}

void hm_put_u32le(struct hm_buf *b, uint32_t value);
void hm_put_u64le(struct hm_buf *b, uint64_t value);
HM_PRINTF(2, 3) void hm_putf(struct hm_buf *b, const char *fmt, ...);

/* What is written; valid until the next write. */
hm_bytes hm_buf_bytes(const struct hm_buf *b);

#endif
