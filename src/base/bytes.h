/* SPDX-License-Identifier: MIT */
/*
 * bytes.h: borrowed bytes, and a cursor that cannot leave them.
 *
 * Every parser of untrusted input reads through struct hm_cur; bytes.[ch] are the
 * only files that do arithmetic on such pointers.  The first failure sticks:
 * from then on every read yields zero or an empty span, so a parser reads like
 * the format's own table and asks once, at its end, whether all went well.
 *
 * A cursor and all its children index one buffer, base, and only their bounds
 * differ; this is the shape that a static prover can follow.
 *
 * A value read may be used as a length, an offset or a loop bound before that
 * question is asked, since those uses are checked here again; it may not be
 * used to index memory or to size an allocation.
 */
#ifndef HM_BASE_BYTES_H
#define HM_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"

/* A view: never owns, never freed, valid while what it views is. */
typedef struct hm_bytes {
	const uint8_t *at;
	size_t len;
} hm_bytes;

struct hm_cur {
	const uint8_t *base; /* the buffer of this cursor and its children */
	size_t start;        /* first byte of base that this cursor may read */
	size_t pos;          /* next unread byte of base: start to end */
	size_t end;          /* one past the last byte it may read */
	uint64_t origin;     /* offset of base[0] in the file, for messages */
	hm_err err;          /* first failure, HM_OK while there is none */
	const char *why;     /* the field or rule that failed, static text */
	uint64_t where;      /* offset in the file at which it failed */
};

static inline struct hm_cur hm_cur_of(hm_bytes in)
{
	return (struct hm_cur){ .base = in.at, .end = in.at != NULL ? in.len : 0 };
}

/* Read one integer and step over it.  field names it in messages. */
uint8_t hm_u8(struct hm_cur *c, const char *field);
uint16_t hm_u16le(struct hm_cur *c, const char *field);
uint32_t hm_u32le(struct hm_cur *c, const char *field);
uint64_t hm_u64le(struct hm_cur *c, const char *field);

/* Whether unread bytes remain and nothing has failed: the test of a loop. */
static inline bool hm_more(const struct hm_cur *c)
{
	return c->err == HM_OK && c->pos < c->end;
}

/* The next byte without stepping over it; 0 at the end or after a failure. */
static inline uint8_t hm_peek(const struct hm_cur *c)
{
	return c->err == HM_OK && c->pos < c->end ? c->base[c->pos] : 0;
}

/* The next len bytes, stepped over; empty after a failure. */
hm_bytes hm_take(struct hm_cur *c, uint64_t len, const char *field);

/* The bytes up to the next '"', '\\' or control character, stepped over: what stands
 * for itself in a JSON string. */
hm_bytes hm_take_plain(struct hm_cur *c);

/* All bytes that are left, stepped over. */
hm_bytes hm_rest(struct hm_cur *c);

/* A cursor over the next len bytes, which c steps over; it inherits a failure. */
struct hm_cur hm_sub(struct hm_cur *c, uint64_t len, const char *field);

/* Let a failure of other, if it has one, be c's. */
void hm_join(struct hm_cur *c, const struct hm_cur *other);

/* Go to offset pos from the cursor's start, forwards or back. */
void hm_seek(struct hm_cur *c, uint64_t pos, const char *field);

/* Offset of the next unread byte from the cursor's start, and what is left. */
static inline size_t hm_tell(const struct hm_cur *c)
{
	return c->pos - c->start;
}

static inline size_t hm_left(const struct hm_cur *c)
{
	return c->err == HM_OK ? c->end - c->pos : 0;
}

/* Fail with HM_EFORMAT unless lawful. */
void hm_rule(struct hm_cur *c, bool lawful, const char *rule);

/* Record a failure, if it is the first. */
void hm_fail(struct hm_cur *c, hm_err err, const char *why);

/*
 * Random access into a view, little endian: zero, or an empty view, where it would
 * leave it.  For tables whose every entry would be too dear as a cursor's call; a
 * parser checks the table's length once, when it takes it.
 */
static inline uint8_t hm_at8(hm_bytes b, size_t at)
{
	return at < b.len ? b.at[at] : 0;
}

static inline uint16_t hm_at16le(hm_bytes b, size_t at)
{
	if (b.len < 2 || at > b.len - 2)
		return 0;
	return (uint16_t)(b.at[at] | b.at[at + 1] << 8);
}

static inline uint32_t hm_at32le(hm_bytes b, size_t at)
{
	if (b.len < 4 || at > b.len - 4)
		return 0;
	return (uint32_t)b.at[at] | (uint32_t)b.at[at + 1] << 8 |
	       (uint32_t)b.at[at + 2] << 16 | (uint32_t)b.at[at + 3] << 24;
}

static inline uint64_t hm_at64le(hm_bytes b, size_t at)
{
	if (b.len < 8 || at > b.len - 8)
		return 0;
	return hm_at32le(b, at) | (uint64_t)hm_at32le(b, at + 4) << 32;
}

static inline hm_bytes hm_part(hm_bytes b, size_t at, size_t len)
{
	if (at > b.len || len > b.len - at)
		return (hm_bytes){ 0 };
	return (hm_bytes){ b.at + at, len };
}

/* How many bytes at the beginning are ASCII. */
size_t hm_ascii_len(hm_bytes b);

/* Where the first such byte at or after from is; the length where there is none. */
size_t hm_find8(hm_bytes b, size_t from, uint8_t byte);

/* Values.  hm_bytes_of views a C string without its NUL; NULL is the empty view. */
static inline hm_bytes hm_bytes_of(const char *text)
{
	return (hm_bytes){ (const uint8_t *)text, text != NULL ? strlen(text) : 0 };
}

static inline bool hm_same(hm_bytes a, hm_bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static inline bool hm_is(hm_bytes a, const char *text)
{
	return hm_same(a, hm_bytes_of(text));
}

/* Bytewise order, shorter first where one begins the other: for qsort. */
int hm_order(hm_bytes a, hm_bytes b);

#endif
