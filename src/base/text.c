/* SPDX-License-Identifier: MIT */
#include "base/text.h"

enum {
	REPLACEMENT = 0xfffd,
	SURROGATES = 0xd800,
	LOW_SURROGATES = 0xdc00,
	AFTER_SURROGATES = 0xe000,
	SUPPLEMENTARY = 0x10000,
	LAST_CODE = 0x10ffff,
};

/* Bytes that follow a lead byte, and the smallest code that needs as many. */
static int followers(uint8_t lead, uint32_t *least)
{
	static const uint32_t leasts[] = { 0, 0x80, 0x800, SUPPLEMENTARY };
	int count = lead < 0xc2 || lead > 0xf4 ? 0
		    : lead < 0xe0              ? 1
		    : lead < 0xf0              ? 2
					       : 3;

	*least = leasts[count];
	return count;
}

uint32_t hm_utf8_next(struct hm_cur *c)
{
	uint8_t lead = hm_u8(c, "UTF-8");
	uint32_t least = 0;
	int left = followers(lead, &least);

	if (lead < 0x80)
		return lead;

	struct hm_cur ahead = *c;
	uint32_t code = lead & (0x3fu >> left);
	for (int i = 0; i < left; i++) {
		uint8_t next = hm_u8(&ahead, "UTF-8");

		hm_rule(&ahead, (next & 0xc0) == 0x80, "UTF-8 continuation");
		code = code << 6 | (next & 0x3f);
	}
	bool surrogate = code >= SURROGATES && code < AFTER_SURROGATES;
	if (left == 0 || ahead.err != HM_OK || code < least || code > LAST_CODE ||
	    surrogate)
		return REPLACEMENT;
	*c = ahead;
	return code;
}

bool hm_utf8_valid(hm_bytes text)
{
	struct hm_cur c = hm_cur_of(text);

	hm_take(&c, hm_ascii_len(text), "ASCII");
	while (hm_more(&c)) {
		size_t at = hm_tell(&c);

		/* a real U+FFFD is three bytes long, a broken one is one */
		if (hm_utf8_next(&c) == REPLACEMENT && hm_tell(&c) == at + 1)
			return false;
	}
	return true;
}

void hm_put_utf8(struct hm_buf *b, uint32_t code)
{
	if (code > LAST_CODE || (code >= SURROGATES && code < AFTER_SURROGATES))
		code = REPLACEMENT;
	if (code < 0x80) {
		hm_put_u8(b, (uint8_t)code);
		return;
	}

	int left = code < 0x800 ? 1 : code < SUPPLEMENTARY ? 2 : 3;
	static const uint8_t lead[] = { 0, 0xc0, 0xe0, 0xf0 };
	hm_put_u8(b, (uint8_t)(lead[left] | code >> 6 * left));
	for (int i = left - 1; i >= 0; i--)
		hm_put_u8(b, (uint8_t)(0x80 | (code >> 6 * i & 0x3f)));
}

static uint16_t unit_of(struct hm_cur *c, bool big)
{
	uint16_t unit = hm_u16le(c, "UTF-16");

	if (!big)
		return unit;
	return (uint16_t)(unit >> 8 | unit << 8);
}

/* The ASCII that a text begins with, which is mostly all of it; units copied. */
static size_t put_ascii(struct hm_buf *b, hm_bytes utf16le)
{
	size_t count = utf16le.len / 2, done = 0;
	uint8_t *room = hm_buf_room(b, count);

	if (room == NULL)
		return 0;
	for (; done < count; done++) {
		uint16_t unit = hm_at16le(utf16le, 2 * done);

		if (unit >= 0x80)
			break;
		room[done] = (uint8_t)unit;
	}
	hm_buf_return(b, count - done);
	return done;
}

static void put_utf16(struct hm_buf *b, hm_bytes utf16, bool big)
{
	struct hm_cur c = hm_cur_of(utf16);

	if (!big)
		hm_take(&c, 2 * put_ascii(b, utf16), "ASCII");
	while (hm_left(&c) >= 2) {
		uint32_t code = unit_of(&c, big);

		if (code >= SURROGATES && code < LOW_SURROGATES) {
			struct hm_cur ahead = c;
			uint32_t low = unit_of(&ahead, big);

			if (low >= LOW_SURROGATES && low < AFTER_SURROGATES) {
				code = SUPPLEMENTARY + ((code - SURROGATES) << 10) +
				       (low - LOW_SURROGATES);
				c = ahead;
			}
		}
		hm_put_utf8(b, code);
	}
}

void hm_put_utf16le(struct hm_buf *b, hm_bytes utf16)
{
	put_utf16(b, utf16, false);
}

void hm_put_utf16be(struct hm_buf *b, hm_bytes utf16)
{
	put_utf16(b, utf16, true);
}

void hm_put_hex(struct hm_buf *b, hm_bytes bytes)
{
	static const char hex[] = "0123456789abcdef";
	uint8_t *room = hm_buf_room(b, bytes.len * 2);

	for (size_t i = 0; room != NULL && i < bytes.len; i++) {
		room[2 * i] = (uint8_t)hex[bytes.at[i] >> 4];
		room[2 * i + 1] = (uint8_t)hex[bytes.at[i] & 15];
	}
}

static int nibble(uint8_t digit)
{
	digit = hm_lower(digit);
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

bool hm_unhex(hm_bytes hex, uint8_t *out, size_t out_len)
{
	if (hex.len / 2 != out_len || hex.len % 2 != 0)
		return false;
	for (size_t i = 0; i < out_len; i++) {
		int high = nibble(hex.at[2 * i]), low = nibble(hex.at[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

uint8_t hm_lower(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + ('a' - 'A')) : byte;
}

bool hm_same_nocase(hm_bytes a, hm_bytes b)
{
	bool same = a.len == b.len;

	for (size_t i = 0; same && i < a.len; i++)
		same = hm_lower(a.at[i]) == hm_lower(b.at[i]);
	return same;
}

bool hm_is_nocase(hm_bytes a, const char *text)
{
	return hm_same_nocase(a, hm_bytes_of(text));
}

static bool is_space(uint8_t byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

hm_bytes hm_trim(hm_bytes text)
{
	while (text.len != 0 && is_space(text.at[text.len - 1]))
		text.len--;
	while (text.len != 0 && is_space(text.at[0])) {
		text.at++;
		text.len--;
	}
	return text;
}
