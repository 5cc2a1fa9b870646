/* SPDX-License-Identifier: MIT */
#include "forge/der.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_HEADER = 10 };

hm_bytes hm_mk_join(struct hm_arena *a, const hm_bytes *parts, size_t count)
{
	size_t len = 0;

	for (size_t i = 0; i < count; i++)
		len += parts[i].len;

	uint8_t *all = hm_alloc(a, 1, len + 1);
	size_t at = 0;
	for (size_t i = 0; i < count; i++) {
		if (parts[i].len != 0)
			memcpy(all + at, parts[i].at, parts[i].len);
		at += parts[i].len;
	}
	return (hm_bytes){ all, len };
}

/* Octets that a length above 127 needs. */
static unsigned length_octets(uint64_t len)
{
	unsigned num = 1;

	while (num < 8 && len >> 8 * num != 0)
		num++;
	return num;
}

static size_t put_long_length(uint8_t *out, uint64_t len, unsigned num)
{
	out[0] = (uint8_t)(0x80 | num);
	for (unsigned i = 0; i < num; i++)
		out[1 + i] = (uint8_t)(len >> 8 * (num - 1 - i));
	return 1 + num;
}

static hm_bytes header(struct hm_arena *a, unsigned tag, uint64_t len)
{
	uint8_t *out = hm_alloc(a, 1, MAX_HEADER);
	size_t used = 1;

	out[0] = (uint8_t)tag;
	if (len < 0x80)
		out[used++] = (uint8_t)len;
	else
		used += put_long_length(out + 1, len, length_octets(len));
	return (hm_bytes){ out, used };
}

hm_bytes hm_mk_wrap(struct hm_arena *a, unsigned tag, const hm_bytes *parts, size_t count)
{
	hm_bytes content = hm_mk_join(a, parts, count);

	return hm_mk_cat(a, header(a, tag, content.len), content);
}

static int by_bytes(const void *left, const void *right)
{
	return hm_order(*(const hm_bytes *)left, *(const hm_bytes *)right);
}

hm_bytes hm_mk_set_of(struct hm_arena *a, const hm_bytes *parts, size_t count)
{
	hm_bytes *sorted = hm_new_n(a, hm_bytes, count);

	memcpy(sorted, parts, count * sizeof(*parts));
	qsort(sorted, count, sizeof(*sorted), by_bytes);
	return hm_mk_wrap(a, HM_MK_SET, sorted, count);
}

static hm_bytes base128(struct hm_arena *a, uint64_t arc)
{
	uint8_t *out = hm_alloc(a, 1, MAX_HEADER);
	unsigned num = 1;

	while (num < 10 && arc >> 7 * num != 0)
		num++;
	for (unsigned i = 0; i < num; i++) {
		uint64_t seven = arc >> 7 * (num - 1 - i) & 0x7f;

		out[i] = (uint8_t)(seven | (i + 1 < num ? 0x80 : 0));
	}
	return (hm_bytes){ out, num };
}

hm_bytes hm_mk_oid(struct hm_arena *a, const char *dotted)
{
	char *rest = NULL;
	uint64_t first = strtoull(dotted, &rest, 10);
	assert(*rest == '.');
	uint64_t second = strtoull(rest + 1, &rest, 10);
	hm_bytes content = base128(a, first * 40 + second);

	while (*rest == '.')
		content =
			hm_mk_cat(a, content, base128(a, strtoull(rest + 1, &rest, 10)));
	return hm_mk_tlv(a, HM_MK_OID, content);
}

hm_bytes hm_mk_int(struct hm_arena *a, uint64_t value)
{
	uint8_t be[8];

	for (unsigned i = 0; i < 8; i++)
		be[i] = (uint8_t)(value >> 8 * (7 - i));
	return hm_mk_int_of(a, (hm_bytes){ be, 8 });
}

hm_bytes hm_mk_int_of(struct hm_arena *a, hm_bytes magnitude)
{
	hm_bytes zero = hm_mk_fill(a, 0, 1);

	while (magnitude.len > 1 && magnitude.at[0] == 0)
		magnitude = hm_mk_part(magnitude, 1, magnitude.len - 1);
	if (magnitude.len != 0 && magnitude.at[0] < 0x80)
		return hm_mk_tlv(a, HM_MK_INTEGER, magnitude);
	return hm_mk_tlv(a, HM_MK_INTEGER, zero, magnitude);
}

hm_bytes hm_mk_bool(struct hm_arena *a, bool value)
{
	return hm_mk_tlv(a, HM_MK_BOOLEAN, hm_mk_fill(a, value ? 0xff : 0, 1));
}

hm_bytes hm_mk_null(struct hm_arena *a)
{
	return hm_mk_wrap(a, HM_MK_NULL, NULL, 0);
}

hm_bytes hm_mk_octets(struct hm_arena *a, hm_bytes content)
{
	return hm_mk_tlv(a, HM_MK_OCTETS, content);
}

hm_bytes hm_mk_bits(struct hm_arena *a, hm_bytes content)
{
	return hm_mk_tlv(a, HM_MK_BITS, hm_mk_fill(a, 0, 1), content);
}

hm_bytes hm_mk_text(struct hm_arena *a, unsigned tag, const char *text)
{
	return hm_mk_tlv(a, tag, hm_bytes_of(text));
}

hm_bytes hm_mk_gentime(struct hm_arena *a, hm_time time)
{
	struct hm_civil t = hm_civil_of(time);

	return hm_mk_text(a, HM_MK_GENTIME,
			  hm_format(a, "%04d%02d%02d%02d%02d%02dZ", t.year, t.month,
				    t.day, t.hour, t.minute, t.second));
}

hm_bytes hm_mk_time(struct hm_arena *a, hm_time time)
{
	struct hm_civil t = hm_civil_of(time);

	if (t.year < 1950 || t.year > 2049)
		return hm_mk_gentime(a, time);
	return hm_mk_text(a, HM_MK_UTCTIME,
			  hm_format(a, "%02d%02d%02d%02d%02d%02dZ", t.year % 100, t.month,
				    t.day, t.hour, t.minute, t.second));
}

hm_bytes hm_mk_long_length(struct hm_arena *a, unsigned tag, hm_bytes content,
			   unsigned num)
{
	uint8_t *out = hm_alloc(a, 1, MAX_HEADER);

	out[0] = (uint8_t)tag;
	return hm_mk_cat(
		a, (hm_bytes){ out, 1 + put_long_length(out + 1, content.len, num) },
		content);
}

hm_bytes hm_mk_claimed_length(struct hm_arena *a, unsigned tag, uint64_t len,
			      hm_bytes content)
{
	return hm_mk_cat(a, header(a, tag, len), content);
}

hm_bytes hm_mk_indefinite(struct hm_arena *a, unsigned tag, hm_bytes content)
{
	uint8_t *head = hm_alloc(a, 1, 2);

	head[0] = (uint8_t)tag;
	head[1] = 0x80;
	return hm_mk_cat(a, (hm_bytes){ head, 2 }, content, hm_mk_fill(a, 0, 2));
}

hm_bytes hm_mk_fill(struct hm_arena *a, uint8_t byte, size_t len)
{
	uint8_t *out = hm_alloc(a, 1, len + 1);

	memset(out, byte, len);
	return (hm_bytes){ out, len };
}

hm_bytes hm_mk_flip(struct hm_arena *a, hm_bytes in, size_t at, unsigned bit)
{
	uint8_t *out = hm_alloc(a, 1, in.len + 1);

	assert(at < in.len);
	memcpy(out, in.at, in.len);
	out[at] ^= (uint8_t)(1u << bit);
	return (hm_bytes){ out, in.len };
}

hm_bytes hm_mk_part(hm_bytes in, size_t from, size_t len)
{
	assert(from <= in.len && len <= in.len - from);
	return (hm_bytes){ in.at + from, len };
}

hm_bytes hm_mk_without_header(hm_bytes element)
{
	size_t skip = 2 + (element.at[1] > 0x80 ? element.at[1] & 0x7fu : 0);

	return hm_mk_part(element, skip, element.len - skip);
}

size_t hm_mk_find(hm_bytes where, hm_bytes what)
{
	const uint8_t *hit = memmem(where.at, where.len, what.at, what.len);

	assert(hit != NULL);
	return (size_t)(hit - where.at);
}

hm_bytes hm_mk_replace(struct hm_arena *a, hm_bytes where, hm_bytes what, hm_bytes with)
{
	size_t at = hm_mk_find(where, what);
	size_t after = at + what.len;

	return hm_mk_cat(a, hm_mk_part(where, 0, at), with,
			 hm_mk_part(where, after, where.len - after));
}
