/* SPDX-License-Identifier: MIT */
#include "base/bytes.h"

#include <string.h>

void hm_fail(struct hm_cur *c, hm_err err, const char *why)
{
	if (c->err != HM_OK)
		return;
	c->err = err;
	c->why = why;
	c->where = c->origin + c->pos;
}

void hm_join(struct hm_cur *c, const struct hm_cur *other)
{
	if (c->err != HM_OK)
		return;
	c->err = other->err;
	c->why = other->why;
	c->where = other->where;
}

void hm_rule(struct hm_cur *c, bool lawful, const char *rule)
{
	if (!lawful)
		hm_fail(c, HM_EFORMAT, rule);
}

/*
 * Step over len bytes: the place after the last of them, which is at most end, or 0
 * where they are not there.  This is the one bounds check.  What is read is counted
 * back from that place, since a prover that knows intervals and no relations sees at
 * once that past - 1 is inside (docs/proof.md).
 */
static size_t step(struct hm_cur *c, uint64_t len, const char *field)
{
	uint64_t past = c->pos + len;

	if (c->err != HM_OK)
		return 0;
	if (past < len || past > c->end) {
		hm_fail(c, HM_ETRUNC, field);
		return 0;
	}
	c->pos = (size_t)past;
	return (size_t)past;
}

uint8_t hm_u8(struct hm_cur *c, const char *field)
{
	size_t past = step(c, 1, field);

	return past >= 1 ? c->base[past - 1] : 0;
}

uint16_t hm_u16le(struct hm_cur *c, const char *field)
{
	size_t past = step(c, 2, field);

	if (past < 2)
		return 0;
	return (uint16_t)(c->base[past - 2] | c->base[past - 1] << 8);
}

uint32_t hm_u32le(struct hm_cur *c, const char *field)
{
	size_t past = step(c, 4, field);

	if (past < 4)
		return 0;
	return (uint32_t)c->base[past - 4] | (uint32_t)c->base[past - 3] << 8 |
	       (uint32_t)c->base[past - 2] << 16 | (uint32_t)c->base[past - 1] << 24;
}

uint64_t hm_u64le(struct hm_cur *c, const char *field)
{
	uint64_t low = hm_u32le(c, field);
	uint64_t high = hm_u32le(c, field);

	return c->err == HM_OK ? low | high << 32 : 0;
}

hm_bytes hm_take(struct hm_cur *c, uint64_t len, const char *field)
{
	size_t at = c->pos;

	step(c, len, field);
	if (c->err != HM_OK || c->base == NULL)
		return (hm_bytes){ 0 };
	return (hm_bytes){ c->base + at, (size_t)len };
}

/* Eight bytes as one word; the order does not matter to those who ask. */
static uint64_t word_at(const uint8_t *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

static const uint64_t ones = UINT64_C(0x0101010101010101);
static const uint64_t tops = UINT64_C(0x8080808080808080);

/* Whether some byte of the word is zero; with false alarms only above a true one. */
static bool has_zero(uint64_t word)
{
	return ((word - ones) & ~word & tops) != 0;
}

/* Whether some byte of the word is a quote, a backslash or below 0x20. */
static bool has_special(uint64_t word)
{
	return has_zero(word ^ ones * '"') || has_zero(word ^ ones * '\\') ||
	       ((word - ones * 0x20) & ~word & tops) != 0;
}

hm_bytes hm_take_plain(struct hm_cur *c)
{
	size_t at = c->pos, end = c->err == HM_OK ? c->end : c->pos;

	while (end - at >= 8 && !has_special(word_at(c->base + at)))
		at += 8;
	while (at < end && c->base[at] >= 0x20 && c->base[at] != '"' &&
	       c->base[at] != '\\')
		at++;
	return hm_take(c, at - c->pos, "text");
}

size_t hm_ascii_len(hm_bytes b)
{
	size_t at = 0;

	while (b.len - at >= 8 && (word_at(b.at + at) & tops) == 0)
		at += 8;
	while (at < b.len && b.at[at] < 0x80)
		at++;
	return at;
}

hm_bytes hm_rest(struct hm_cur *c)
{
	return hm_take(c, c->end - c->pos, "rest");
}

struct hm_cur hm_sub(struct hm_cur *c, uint64_t len, const char *field)
{
	struct hm_cur sub = *c;
	size_t at = c->pos;
	size_t past = step(c, len, field);

	if (c->err == HM_OK) {
		sub.start = sub.pos = at;
		sub.end = past;
	} else {
		sub.start = sub.end = sub.pos;
		hm_join(&sub, c);
	}
	return sub;
}

void hm_seek(struct hm_cur *c, uint64_t pos, const char *field)
{
	uint64_t to = c->start + pos;

	if (c->err != HM_OK)
		return;
	if (to < pos || to > c->end)
		hm_fail(c, HM_ETRUNC, field);
	else
		c->pos = (size_t)to;
}

size_t hm_find8(hm_bytes b, size_t from, uint8_t byte)
{
	if (from >= b.len)
		return b.len;

	const uint8_t *found = memchr(b.at + from, byte, b.len - from);
	return found != NULL ? (size_t)(found - b.at) : b.len;
}

int hm_order(hm_bytes a, hm_bytes b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	int order = shorter != 0 ? memcmp(a.at, b.at, shorter) : 0;

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}
