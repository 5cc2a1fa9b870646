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
 * Step over len bytes and tell whether they are there.  This is the one bounds
 * check: *at, the place of the first of them, is below end - len + 1.
 */
static bool step(struct hm_cur *c, uint64_t len, const char *field, size_t *at)
{
	if (c->err == HM_OK && len > c->end - c->pos)
		hm_fail(c, HM_ETRUNC, field);
	if (c->err != HM_OK)
		return false;

	*at = c->pos;
	c->pos += (size_t)len;
	return true;
}

uint8_t hm_u8(struct hm_cur *c, const char *field)
{
	size_t at;

	return step(c, 1, field, &at) ? c->base[at] : 0;
}

uint16_t hm_u16le(struct hm_cur *c, const char *field)
{
	size_t at;

	if (!step(c, 2, field, &at))
		return 0;
	return (uint16_t)(c->base[at] | c->base[at + 1] << 8);
}

uint32_t hm_u32le(struct hm_cur *c, const char *field)
{
	size_t at;

	if (!step(c, 4, field, &at))
		return 0;
	return (uint32_t)c->base[at] | (uint32_t)c->base[at + 1] << 8 |
	       (uint32_t)c->base[at + 2] << 16 | (uint32_t)c->base[at + 3] << 24;
}

uint64_t hm_u64le(struct hm_cur *c, const char *field)
{
	uint64_t low = hm_u32le(c, field);
	uint64_t high = hm_u32le(c, field);

	return c->err == HM_OK ? low | high << 32 : 0;
}

hm_bytes hm_take(struct hm_cur *c, uint64_t len, const char *field)
{
	size_t at;

	if (!step(c, len, field, &at) || c->base == NULL)
		return (hm_bytes){ 0 };
	return (hm_bytes){ c->base + at, (size_t)len };
}

hm_bytes hm_rest(struct hm_cur *c)
{
	return hm_take(c, c->end - c->pos, "rest");
}

struct hm_cur hm_sub(struct hm_cur *c, uint64_t len, const char *field)
{
	struct hm_cur sub = *c;
	size_t at = c->pos;

	if (step(c, len, field, &at)) {
		sub.start = sub.pos = at;
		sub.end = c->pos;
	} else {
		sub.start = sub.end = sub.pos;
		hm_join(&sub, c);
	}
	return sub;
}

void hm_seek(struct hm_cur *c, uint64_t pos, const char *field)
{
	if (c->err != HM_OK)
		return;
	if (pos > c->end - c->start)
		hm_fail(c, HM_ETRUNC, field);
	else
		c->pos = c->start + (size_t)pos;
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
