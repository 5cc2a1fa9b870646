/* SPDX-License-Identifier: MIT */
/*
 * evtx_value.c: see evtx_value.h.
 *
 * A type is a row: which sizes it may have, whether JSON shows it bare, and how it
 * is written.  Text types stand apart, since their JSON needs escapes.
 */
#include "telemetry/evtx_value.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/time.h"

enum { MOST_DIGITS = 20 };

void hm_put_decimal(struct hm_buf *b, uint64_t value)
{
	/* the digits stand before the middle, so that a copy of fixed size reads no
	 * further than the end */
	uint8_t digits[2 * MOST_DIGITS];
	size_t at = MOST_DIGITS;
	uint8_t *room = hm_buf_room(b, MOST_DIGITS);

	if (room == NULL)
		return;
	do
		digits[--at] = (uint8_t)('0' + value % 10);
	while ((value /= 10) != 0);
	memset(digits + MOST_DIGITS, 0, MOST_DIGITS);
	memcpy(room, digits + at, MOST_DIGITS);
	hm_buf_return(b, at);
}

static uint64_t number_of(hm_bytes raw)
{
	switch (raw.len) {
	case 1: return hm_at8(raw, 0);
	case 2: return hm_at16le(raw, 0);
	case 4: return hm_at32le(raw, 0);
	default: return hm_at64le(raw, 0);
	}
}

static void put_unsigned(struct hm_buf *b, hm_bytes raw)
{
	hm_put_decimal(b, number_of(raw));
}

static void put_signed(struct hm_buf *b, hm_bytes raw)
{
	uint64_t value = number_of(raw);
	uint64_t sign = UINT64_C(1) << (8 * raw.len - 1);

	if ((value & sign) != 0) {
		hm_put_u8(b, '-');
		/* two's complement within its own width */
		value = (~value + 1) & (sign | (sign - 1));
	}
	hm_put_decimal(b, value);
}

static void put_bool(struct hm_buf *b, hm_bytes raw)
{
	hm_put_str(b, number_of(raw) != 0 ? "true" : "false");
}

static double real_of(hm_bytes raw)
{
	uint64_t bits = number_of(raw);
	uint32_t low = (uint32_t)bits;
	float single;
	double real;

	memcpy(&single, &low, sizeof(single));
	memcpy(&real, &bits, sizeof(real));
	return raw.len == 4 ? (double)single : real;
}

static void put_real(struct hm_buf *b, hm_bytes raw)
{
	/* as many digits as bring back the same number */
	hm_putf(b, raw.len == 4 ? "%.9g" : "%.17g", real_of(raw));
}

static void put_binary(struct hm_buf *b, hm_bytes raw)
{
	static const char hex[] = "0123456789ABCDEF";
	uint8_t *room = hm_buf_room(b, raw.len * 2);

	for (size_t i = 0; room != NULL && i < raw.len; i++) {
		room[2 * i] = (uint8_t)hex[raw.at[i] >> 4];
		room[2 * i + 1] = (uint8_t)hex[raw.at[i] & 15];
	}
}

static void put_hex(struct hm_buf *b, hm_bytes raw)
{
	uint8_t digits[18];
	size_t at = sizeof(digits);
	uint64_t value = number_of(raw);

	do
		digits[--at] = (uint8_t)"0123456789abcdef"[value & 15];
	while ((value >>= 4) != 0);
	digits[--at] = 'x';
	digits[--at] = '0';
	hm_put(b, (hm_bytes){ digits + at, sizeof(digits) - at });
}

static void put_guid(struct hm_buf *b, hm_bytes raw)
{
	/* where each byte's digits stand: the first three fields are little endian */
	static const uint8_t order[16] = { 3, 2, 1,  0,  5,  4,  7,  6,
					   8, 9, 10, 11, 12, 13, 14, 15 };
	static const char hex[] = "0123456789abcdef";
	uint8_t *out = hm_buf_room(b, 38);

	if (out == NULL)
		return;
	*out++ = '{';
	for (size_t i = 0; i < 16; i++) {
		uint8_t byte = hm_at8(raw, order[i]);

		if (i == 4 || i == 6 || i == 8 || i == 10)
			*out++ = '-';
		*out++ = (uint8_t)hex[byte >> 4];
		*out++ = (uint8_t)hex[byte & 15];
	}
	*out = '}';
}

static uint8_t *put_padded(uint8_t *out, unsigned value, unsigned width)
{
	for (unsigned i = width; i-- != 0; value /= 10)
		out[i] = (uint8_t)('0' + value % 10);
	return out + width;
}

/* "2020-01-01T00:00:00.", to which the caller adds the fraction. */
static uint8_t *put_civil(uint8_t *out, const struct hm_civil *c)
{
	out = put_padded(out, (unsigned)c->year, 4);
	*out++ = '-';
	out = put_padded(out, (unsigned)c->month, 2);
	*out++ = '-';
	out = put_padded(out, (unsigned)c->day, 2);
	*out++ = 'T';
	out = put_padded(out, (unsigned)c->hour, 2);
	*out++ = ':';
	out = put_padded(out, (unsigned)c->minute, 2);
	*out++ = ':';
	out = put_padded(out, (unsigned)c->second, 2);
	*out++ = '.';
	return out;
}

void hm_put_filetime(struct hm_buf *b, uint64_t filetime)
{
	hm_time time = hm_time_of_filetime(filetime);

	if (time == HM_NO_TIME)
		return;
	struct hm_civil civil = hm_civil_of(time);
	uint8_t *out = hm_buf_room(b, 28);
	if (out == NULL)
		return;
	out = put_padded(put_civil(out, &civil), (unsigned)civil.ticks, 7);
	*out = 'Z';
}

static void put_filetime(struct hm_buf *b, hm_bytes raw)
{
	hm_put_filetime(b, hm_at64le(raw, 0));
}

/* SYSTEMTIME: year, month, day of week, day, hour, minute, second, milliseconds. */
static struct hm_civil civil_of(hm_bytes raw)
{
	return (struct hm_civil){
		.year = hm_at16le(raw, 0),
		.month = hm_at16le(raw, 2),
		.day = hm_at16le(raw, 6),
		.hour = hm_at16le(raw, 8),
		.minute = hm_at16le(raw, 10),
		.second = hm_at16le(raw, 12),
		.ticks = hm_at16le(raw, 14) * 10000,
	};
}

static void put_systemtime(struct hm_buf *b, hm_bytes raw)
{
	struct hm_civil civil = civil_of(raw);
	uint8_t *out = hm_buf_room(b, 24);

	if (out == NULL)
		return;
	out = put_padded(put_civil(out, &civil), (unsigned)civil.ticks / 10000, 3);
	*out = 'Z';
}

static size_t sid_len(hm_bytes raw)
{
	return 8 + 4 * (size_t)hm_at8(raw, 1);
}

/* MS-DTYP 2.4.2.1: the authority is hexadecimal from 2^32 on. */
static void put_sid(struct hm_buf *b, hm_bytes raw)
{
	uint64_t authority = 0;

	for (size_t i = 2; i < 8; i++)
		authority = authority << 8 | hm_at8(raw, i);
	hm_put_str(b, "S-");
	hm_put_decimal(b, hm_at8(raw, 0));
	if (authority >> 32 != 0)
		hm_putf(b, "-0x%012llX", (unsigned long long)authority);
	else {
		hm_put_u8(b, '-');
		hm_put_decimal(b, authority);
	}
	for (size_t i = 8; i < sid_len(raw); i += 4) {
		hm_put_u8(b, '-');
		hm_put_decimal(b, hm_at32le(raw, i));
	}
}

/* SIZES_LOOK: the size alone does not tell; see looks_regular. */
enum { SIZES_LOOK = 0, SIZES_INT = 1 << 1 | 1 << 2 | 1 << 4 | 1 << 8 };

static const struct type {
	void (*put)(struct hm_buf *b, hm_bytes raw);
	uint32_t sizes;    /* bit n: it may be n bytes long */
	uint8_t item_size; /* in an array; 0 where the items tell themselves */
	bool bare;         /* JSON shows it without quotes */
} types[] = {
	/* clang-format off */
	[HM_EVTX_INT8]       = { put_signed,     SIZES_INT, 1, true },
	[HM_EVTX_UINT8]      = { put_unsigned,   SIZES_INT, 1, true },
	[HM_EVTX_INT16]      = { put_signed,     SIZES_INT, 2, true },
	[HM_EVTX_UINT16]     = { put_unsigned,   SIZES_INT, 2, true },
	[HM_EVTX_INT32]      = { put_signed,     SIZES_INT, 4, true },
	[HM_EVTX_UINT32]     = { put_unsigned,   SIZES_INT, 4, true },
	[HM_EVTX_INT64]      = { put_signed,     SIZES_INT, 8, true },
	[HM_EVTX_UINT64]     = { put_unsigned,   SIZES_INT, 8, true },
	[HM_EVTX_FLOAT]      = { put_real,       SIZES_LOOK, 4, true },
	[HM_EVTX_DOUBLE]     = { put_real,       SIZES_LOOK, 8, true },
	[HM_EVTX_BOOL]       = { put_bool,       SIZES_INT, 4, true },
	[HM_EVTX_GUID]       = { put_guid,       1 << 16, 16, false },
	[HM_EVTX_SIZE]       = { put_hex,        SIZES_INT, 8, false },
	[HM_EVTX_FILETIME]   = { put_filetime,   SIZES_LOOK, 8, false },
	[HM_EVTX_SYSTEMTIME] = { put_systemtime, SIZES_LOOK, 16, false },
	[HM_EVTX_SID]        = { put_sid,        SIZES_LOOK, 0, false },
	[HM_EVTX_HEX32]      = { put_hex,        SIZES_INT, 4, false },
	[HM_EVTX_HEX64]      = { put_hex,        SIZES_INT, 8, false },
	/* clang-format on */
};

enum { NUM_TYPES = sizeof(types) / sizeof(types[0]) };

/* For what is irregular, and for binary. */
static const struct type raw_type = { .put = put_binary };

static bool looks_regular(uint8_t type, hm_bytes raw)
{
	switch (type) {
	case HM_EVTX_SID: return raw.len >= 8 && raw.len >= sid_len(raw);
	case HM_EVTX_FLOAT:
	case HM_EVTX_DOUBLE:
		return (raw.len == 4 || raw.len == 8) && isfinite(real_of(raw));
	case HM_EVTX_FILETIME:
		return raw.len == 8 &&
		       hm_time_of_filetime(hm_at64le(raw, 0)) != HM_NO_TIME;
	case HM_EVTX_SYSTEMTIME:
		return raw.len == 16 && hm_time_of(civil_of(raw)) != HM_NO_TIME;
	default: return false;
	}
}

/* How to write what is no text. */
static inline const struct type *type_of(uint8_t type, hm_bytes raw)
{
	if (type >= NUM_TYPES)
		return &raw_type;
	if (raw.len <= 16 && (types[type].sizes >> raw.len & 1) != 0)
		return &types[type];
	return looks_regular(type, raw) ? &types[type] : &raw_type;
}

static bool is_text(uint8_t type)
{
	return type == HM_EVTX_STRING || type == HM_EVTX_ANSI || type == HM_EVTX_XML;
}

/* Without the NULs that end it. */
static hm_bytes trim_utf16(hm_bytes raw)
{
	raw.len &= ~(size_t)1;
	while (raw.len != 0 && hm_at16le(raw, raw.len - 2) == 0)
		raw.len -= 2;
	return raw;
}

static hm_bytes trim_ansi(hm_bytes raw)
{
	while (raw.len != 0 && hm_at8(raw, raw.len - 1) == 0)
		raw.len--;
	return raw;
}

/* What bytes 80 to 9f are in Windows' code page 1252; five of them are nothing. */
static const uint16_t cp1252[32] = {
	0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd,
	0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
};

/* The log does not say its code page: UTF-8 where it is that, else 1252. */
static void put_ansi(struct hm_buf *b, hm_bytes raw)
{
	raw = trim_ansi(raw);
	if (hm_utf8_valid(raw)) {
		hm_put(b, raw);
		return;
	}
	for (size_t i = 0; i < raw.len; i++) {
		uint8_t byte = raw.at[i];

		hm_put_utf8(b, byte >= 0x80 && byte < 0xa0 ? cp1252[byte - 0x80] : byte);
	}
}

/* ANSI to the inside of a JSON string, by way of a buffer: it is rare. */
static void put_ansi_inner(struct hm_buf *b, hm_bytes raw)
{
	struct hm_buf text = hm_buf_of(raw.len * 3 + 1);
	struct hm_buf quoted = hm_buf_of(raw.len * 18 + 2);

	put_ansi(&text, raw);
	hm_put_json_string(&quoted, hm_buf_bytes(&text));
	if (quoted.err == HM_OK)
		hm_put(b, hm_part(hm_buf_bytes(&quoted), 1, quoted.len - 2));
	else if (b->err == HM_OK)
		b->err = quoted.err;
	hm_buf_done(&text);
	hm_buf_done(&quoted);
}

void hm_evtx_put_inner(struct hm_buf *b, const struct hm_evtx_value *v)
{
	if (v->type == HM_EVTX_STRING || v->type == HM_EVTX_XML)
		hm_put_json_utf16le(b, trim_utf16(v->raw));
	else if (v->type == HM_EVTX_ANSI)
		put_ansi_inner(b, v->raw);
	else if (!hm_evtx_is_null(v))
		type_of(v->type, v->raw)->put(b, v->raw);
}

static void put_scalar(struct hm_buf *b, const struct hm_evtx_value *v)
{
	if (hm_evtx_is_null(v)) {
		hm_put_str(b, "null");
		return;
	}
	if (!is_text(v->type)) {
		const struct type *type = type_of(v->type, v->raw);

		if (type->bare) {
			type->put(b, v->raw);
			return;
		}
	}
	hm_put_u8(b, '"');
	hm_evtx_put_inner(b, v);
	hm_put_u8(b, '"');
}

/* The length of the first item, with the NUL that ends a text. */
static size_t item_len(uint8_t type, hm_bytes raw, size_t *ended)
{
	size_t step = type == HM_EVTX_ANSI ? 1 : 2;

	*ended = 0;
	for (size_t i = 0; i + step <= raw.len; i += step) {
		if (hm_at8(raw, i) != 0 || (step == 2 && hm_at8(raw, i + 1) != 0))
			continue;
		*ended = step;
		return i;
	}
	return raw.len;
}

bool hm_evtx_next(struct hm_evtx_value *v, struct hm_evtx_value *item)
{
	uint8_t type = v->type & (uint8_t)~HM_EVTX_ARRAY;
	size_t len = v->raw.len, ended = 0;

	if (len == 0)
		return false;
	if (is_text(type))
		len = item_len(type, v->raw, &ended);
	else if (type == HM_EVTX_SID)
		len = sid_len(v->raw);
	else if (type == HM_EVTX_SIZE && len % 8 != 0)
		len = 4; /* of a 32-bit system */
	else if (type < NUM_TYPES && types[type].item_size != 0)
		len = types[type].item_size;
	if (len > v->raw.len)
		len = v->raw.len;

	*item = (struct hm_evtx_value){ hm_part(v->raw, 0, len), v->at, type };
	len += ended;
	v->raw = hm_part(v->raw, len, v->raw.len - len);
	v->at += (uint32_t)len;
	return true;
}

void hm_evtx_put_json(struct hm_buf *b, const struct hm_evtx_value *v)
{
	struct hm_evtx_value rest = *v, item;
	bool first = true;

	if ((v->type & HM_EVTX_ARRAY) == 0) {
		put_scalar(b, v);
		return;
	}
	hm_put_u8(b, '[');
	for (; hm_evtx_next(&rest, &item); first = false) {
		if (!first)
			hm_put_u8(b, ',');
		put_scalar(b, &item);
	}
	hm_put_u8(b, ']');
}

bool hm_evtx_put_text(struct hm_buf *b, const struct hm_evtx_value *v)
{
	if ((v->type & HM_EVTX_ARRAY) != 0) {
		hm_evtx_put_json(b, v);
		return true;
	}
	if (v->type == HM_EVTX_STRING || v->type == HM_EVTX_XML)
		hm_put_utf16le(b, trim_utf16(v->raw));
	else if (v->type == HM_EVTX_ANSI)
		put_ansi(b, v->raw);
	else if (!hm_evtx_is_null(v)) {
		const struct type *type = type_of(v->type, v->raw);

		type->put(b, v->raw);
		return type->bare;
	}
	return false;
}
