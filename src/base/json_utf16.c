/* SPDX-License-Identifier: MIT */
/*
 * json_utf16.c: UTF-16LE text to the inside of a JSON string.
 *
 * Windows writes mostly ASCII in UTF-16.  Eight units are looked at together and
 * packed where none needs more than its low byte; what is left goes one by one.
 */
#include <string.h>

#include "base/json.h"

enum {
	REPLACEMENT = 0xfffd,
	UNITS_A_STEP = 8,
	UNITS_A_PIECE = 1024,
	MOST_BYTES_A_UNIT = 6, /* \u001f */
};

typedef uint16_t units __attribute__((vector_size(2 * UNITS_A_STEP)));
typedef uint8_t octets __attribute__((vector_size(2 * UNITS_A_STEP)));

/* A view of which every read is checked by its caller, and room that is enough. */
struct copy {
	const uint8_t *in;
	size_t next, count; /* units */
	uint8_t *out;
};

static uint32_t unit_at(const struct copy *c, size_t i)
{
	return (uint32_t)c->in[2 * i] | (uint32_t)c->in[2 * i + 1] << 8;
}

/* Which byte in memory is the first that is not zero; one is not. */
static size_t first_byte(uint64_t bytes)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (size_t)__builtin_ctzll(bytes) / 8;
#else
	return (size_t)__builtin_clzll(bytes) / 8;
#endif
}

/* The low byte of each unit. */
static uint64_t pack(units in)
{
	octets low = (octets)in;
	uint64_t packed;

	low = __builtin_shufflevector(low, low, 0, 2, 4, 6, 8, 10, 12, 14, 0, 2, 4, 6, 8,
				      10, 12, 14);
	memcpy(&packed, &low, sizeof(packed));
	return packed;
}

/* Units of ASCII that need no escape, from here on, eight by eight; stops at the first
 * other, or where less than eight are left. */
static void copy_plain(struct copy *c, size_t end)
{
	while (end - c->next >= UNITS_A_STEP) {
		units in;

		memcpy(&in, c->in + 2 * c->next, sizeof(in));
		units odd = (units)(in < 0x20) | (units)(in > 0x7e) | (units)(in == '"') |
			    (units)(in == '\\');
		uint64_t low = pack(in), others = pack(odd);
		/* those behind the first odd one are written over */
		memcpy(c->out, &low, sizeof(low));
		size_t plain = others == 0 ? UNITS_A_STEP : first_byte(others);
		c->out += plain;
		c->next += plain;
		if (others != 0)
			return;
	}
}

static void copy_code(struct copy *c, uint32_t code)
{
	uint8_t *out = c->out;

	if (code < 0x800) {
		*out++ = (uint8_t)(0xc0 | code >> 6);
	} else if (code < 0x10000) {
		*out++ = (uint8_t)(0xe0 | code >> 12);
		*out++ = (uint8_t)(0x80 | (code >> 6 & 0x3f));
	} else {
		*out++ = (uint8_t)(0xf0 | code >> 18);
		*out++ = (uint8_t)(0x80 | (code >> 12 & 0x3f));
		*out++ = (uint8_t)(0x80 | (code >> 6 & 0x3f));
	}
	*out++ = (uint8_t)(0x80 | (code & 0x3f));
	c->out = out;
}

static void copy_escape(struct copy *c, uint32_t unit)
{
	static const char names[32] = {
		['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'
	};
	static const char hex[] = "0123456789abcdef";
	char name = unit < 0x20 ? names[unit] : (char)unit;

	*c->out++ = '\\';
	if (name != 0 && unit != 0x7f) {
		*c->out++ = (uint8_t)name;
		return;
	}
	memcpy(c->out, "u00", 3);
	c->out[3] = (uint8_t)hex[unit >> 4];
	c->out[4] = (uint8_t)hex[unit & 15];
	c->out += 5;
}

static void copy_wide(struct copy *c, uint32_t unit)
{
	uint32_t low = c->next < c->count ? unit_at(c, c->next) : 0;

	if (unit < 0xd800 || unit > 0xdfff) {
		copy_code(c, unit);
	} else if (unit < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
		c->next++;
		copy_code(c, 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
	} else {
		copy_code(c, REPLACEMENT);
	}
}

static void copy_one(struct copy *c)
{
	uint32_t unit = unit_at(c, c->next++);

	if (unit > 0x7f)
		copy_wide(c, unit);
	else if (unit < 0x20 || unit == '"' || unit == '\\' || unit == 0x7f)
		copy_escape(c, unit);
	else
		*c->out++ = (uint8_t)unit;
}

/* What stopped copy_plain: an escape goes alone, for plain text mostly follows it;
 * wide units come in company, so a step of them is taken. */
static void copy_odd(struct copy *c, size_t end)
{
	if (end - c->next >= UNITS_A_STEP && unit_at(c, c->next) <= 0x7f) {
		copy_one(c);
		return;
	}
	if (end > c->next + UNITS_A_STEP)
		end = c->next + UNITS_A_STEP;
	while (c->next < end)
		copy_one(c);
}

void hm_put_json_utf16le(struct hm_buf *b, hm_bytes utf16)
{
	struct copy c = { .in = utf16.at, .count = utf16.len / 2 };

	while (c.next < c.count) {
		size_t left = c.count - c.next;
		size_t piece = left < UNITS_A_PIECE ? left : UNITS_A_PIECE;
		size_t end = c.next + piece;
		uint8_t *room = hm_buf_room(b, piece * MOST_BYTES_A_UNIT);

		if (room == NULL)
			return;
		c.out = room;
		while (c.next < end) {
			copy_plain(&c, end);
			if (c.next < end)
				copy_odd(&c, end);
		}
		hm_buf_return(b, piece * MOST_BYTES_A_UNIT - (size_t)(c.out - room));
	}
}
