/* SPDX-License-Identifier: MIT */
/* rt_puny.c: Punycode (RFC 3492): Unicode as letters, digits and hyphens. */
#include <string.h>

#include "query/rt_fn.h"

/* Section 5's parameters. */
enum {
	BASE = 36,
	LEAST = 1,
	MOST = 26,
	SKEW = 38,
	DAMP = 700,
	FIRST_BIAS = 72,
	FIRST = 128
};

enum { MAX_PUNY = 1 << 14 }; /* code points; the time grows with their square */

/* Section 6.1. */
static uint32_t adapted(uint64_t delta, uint64_t points, bool first)
{
	uint32_t k = 0;

	delta = first ? delta / DAMP : delta / 2;
	for (delta += delta / points; delta > (BASE - LEAST) * MOST / 2; k += BASE)
		delta /= BASE - LEAST;
	return k + (uint32_t)((BASE - LEAST + 1) * delta / (delta + SKEW));
}

static uint32_t threshold(uint32_t k, uint32_t bias)
{
	if (k <= bias)
		return LEAST;
	return k >= bias + MOST ? MOST : k - bias;
}

/* A number in digits of a base that varies (section 3.3). */
static void put_number(struct hm_rt_text *t, uint64_t n, uint32_t bias)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";

	for (uint32_t k = BASE;; k += BASE) {
		const uint32_t least = threshold(k, bias);

		if (n < least)
			break;
		hm_rt_add_u8(t, (uint8_t)digits[least + (n - least) % (BASE - least)]);
		n = (n - least) / (BASE - least);
	}
	hm_rt_add_u8(t, (uint8_t)digits[n]);
}

/* The code points of a text; false for one that is too long. */
static bool read_points(struct hm_rt *rt, hm_bytes text, uint32_t **points, size_t *count)
{
	size_t len;

	*points = hm_new_n(&rt->row, uint32_t, text.len + 1);
	*count = 0;
	for (size_t i = 0; i < text.len; i += len)
		(*points)[(*count)++] = hm_rt_code(text, i, &len);
	if (*count > MAX_PUNY)
		rt->error = "a text that is too long for Punycode";
	return *count <= MAX_PUNY;
}

/* The deltas of all code points from n on (section 6.3). */
static void put_deltas(struct hm_rt_text *t, const uint32_t *points, size_t count,
		       size_t basic)
{
	uint32_t n = FIRST, bias = FIRST_BIAS;
	uint64_t delta = 0;
	size_t done = basic;

	while (done < count) {
		uint32_t next = UINT32_MAX;

		for (size_t i = 0; i < count; i++)
			if (points[i] >= n && points[i] < next)
				next = points[i];
		delta += (uint64_t)(next - n) * (done + 1);
		n = next;
		for (size_t i = 0; i < count; i++) {
			delta += points[i] < n;
			if (points[i] != n)
				continue;
			put_number(t, delta, bias);
			bias = adapted(delta, done + 1, done == basic);
			delta = 0;
			done++;
		}
		delta++;
		n++;
	}
}

static void put_encoded(struct hm_rt *rt, struct hm_rt_text *t, hm_bytes text)
{
	uint32_t *points;
	size_t count, basic = 0;

	if (!read_points(rt, text, &points, &count))
		return;
	for (size_t i = 0; i < count; i++)
		if (points[i] < FIRST) {
			hm_rt_add_u8(t, (uint8_t)points[i]);
			basic++;
		}
	if (basic > 0)
		hm_rt_add_u8(t, '-');
	put_deltas(t, points, count, basic);
}

/* punycode_from_string(text) */
HM_RT_FN(punycode_encode)
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	(void)num;
	put_encoded(rt, &t, arg[0].s);
	out->s = hm_rt_done(&t);
}

static uint32_t digit_of(uint8_t c)
{
	const uint8_t low = c | 0x20;

	if (c >= '0' && c <= '9')
		return (uint32_t)c - '0' + 26;
	return low >= 'a' && low <= 'z' ? (uint32_t)low - 'a' : BASE;
}

/* The next delta; false where there is none. */
static bool read_number(struct hm_cur *c, uint32_t bias, uint64_t *out)
{
	uint64_t weight = 1;

	*out = 0;
	for (uint32_t k = BASE;; k += BASE) {
		const uint32_t least = threshold(k, bias);
		const uint32_t digit = hm_more(c) ? digit_of(hm_u8(c, "digit")) : BASE;

		if (digit >= BASE || weight > UINT32_MAX)
			return false;
		*out += digit * weight;
		if (digit < least)
			return *out <= UINT32_MAX;
		weight *= BASE - least;
	}
}

/* Section 6.2, after the basic code points. */
static bool decode(struct hm_cur *c, uint32_t *points, size_t *count)
{
	uint64_t n = FIRST, i = 0;
	uint32_t bias = FIRST_BIAS;
	bool first = true;

	while (hm_more(c)) {
		uint64_t delta;

		if (!read_number(c, bias, &delta))
			return false;
		i += delta;
		bias = adapted(delta, *count + 1, first);
		first = false;
		n += i / (*count + 1);
		i %= *count + 1;
		if (n > 0x10ffff || (n >= 0xd800 && n < 0xe000))
			return false;
		memmove(points + i + 1, points + i, (*count - i) * sizeof *points);
		points[i++] = (uint32_t)n;
		++*count;
	}
	return true;
}

/* punycode_to_string(text): "" where it is none */
HM_RT_FN(punycode_decode)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	const hm_bytes text = arg[0].s;
	uint32_t *points = hm_new_n(&rt->row, uint32_t, text.len + 1);
	size_t basic = text.len, count;

	(void)num;
	if (text.len > MAX_PUNY)
		rt->error = "a text that is too long for Punycode";
	while (basic > 0 && text.at[basic - 1] != '-')
		basic--;
	struct hm_cur c = hm_cur_of(hm_part(text, basic, text.len - basic));
	for (count = 0; count + 1 < basic; count++) {
		points[count] = text.at[count];
		if (points[count] >= FIRST)
			return;
	}
	if (rt->error != NULL || !decode(&c, points, &count))
		return;
	for (size_t i = 0; i < count; i++)
		hm_rt_add_code(&t, points[i]);
	out->s = hm_rt_done(&t);
}
