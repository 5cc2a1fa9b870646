/* SPDX-License-Identifier: MIT */
/*
 * rt_decimal.c: decimals as text, computed on 128-bit integers.
 *
 * A value is digits times a power of ten, at most 34 digits as in Kusto.  A result
 * that does not fit ends the query; a division is cut after 34 digits.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "query/rt_fn.h"

__extension__ typedef unsigned __int128 u128;

struct decimal {
	u128 digits;
	int scale; /* value is digits / 10^scale; not negative */
	bool minus;
};

enum { MOST_DIGITS = 34 };

static int width(u128 value)
{
	int n = 0;

	for (; value != 0; value /= 10)
		n++;
	return n;
}

static struct decimal trimmed(struct decimal d)
{
	while (d.scale > 0 && d.digits % 10 == 0) {
		d.digits /= 10;
		d.scale--;
	}
	return d;
}

static bool read_exponent(struct hm_cur *c, int *exponent)
{
	int sign = 1, value = 0, n = 0;

	if (hm_peek(c) == '+' || hm_peek(c) == '-')
		sign = hm_u8(c, "sign") == '-' ? -1 : 1;
	for (; isdigit(hm_peek(c)) && n < 4; n++)
		value = value * 10 + (hm_u8(c, "digit") - '0');
	*exponent = sign * value;
	return n != 0 && n < 4;
}

static bool read_decimal(hm_bytes text, struct decimal *out)
{
	struct hm_cur c = hm_cur_of(hm_trim(text));
	struct decimal d = { 0 };
	bool point = false, any = false;
	int exponent = 0;

	if (hm_peek(&c) == '-' || hm_peek(&c) == '+')
		d.minus = hm_u8(&c, "sign") == '-';
	while (isdigit(hm_peek(&c)) || (hm_peek(&c) == '.' && !point)) {
		uint8_t byte = hm_u8(&c, "digit");
		if (byte == '.') {
			point = true;
			continue;
		}
		any = true;
		/* Digits past the 34th of a fraction are dropped. */
		if (width(d.digits) >= MOST_DIGITS) {
			if (!point)
				return false;
			continue;
		}
		d.digits = d.digits * 10 + (unsigned)(byte - '0');
		d.scale += point;
	}
	if (any && (hm_peek(&c) == 'e' || hm_peek(&c) == 'E')) {
		hm_take(&c, 1, "e");
		if (!read_exponent(&c, &exponent))
			return false;
	}
	d.scale -= exponent;
	while (d.scale < 0 && width(d.digits) < MOST_DIGITS) {
		d.digits *= 10;
		d.scale++;
	}
	*out = trimmed(d);
	return any && !hm_more(&c) && c.err == HM_OK && d.scale >= 0 && d.scale <= 60;
}

static void put(struct hm_rt *rt, struct decimal d, struct hm_rt_val *out)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	char digits[128];
	int n = 0;

	d = trimmed(d);
	for (u128 left = d.digits; left != 0 || n <= d.scale; left /= 10)
		digits[n++] = (char)('0' + (int)(left % 10));
	if (d.minus && d.digits != 0)
		hm_rt_add_u8(&t, '-');
	while (n > 0) {
		if (n == d.scale)
			hm_rt_add_u8(&t, '.');
		hm_rt_add_u8(&t, (uint8_t)digits[--n]);
	}
	out->s = hm_rt_done(&t);
}

/* Both to one scale; false where they no longer fit. */
static bool align(struct decimal *a, struct decimal *b)
{
	while (a->scale < b->scale && width(a->digits) < 38) {
		a->digits *= 10;
		a->scale++;
	}
	while (b->scale < a->scale && width(b->digits) < 38) {
		b->digits *= 10;
		b->scale++;
	}
	return a->scale == b->scale;
}

static bool add(struct decimal a, struct decimal b, struct decimal *out)
{
	if (!align(&a, &b))
		return false;
	*out = a;
	if (a.minus == b.minus) {
		out->digits = a.digits + b.digits;
	} else {
		out->minus = a.digits >= b.digits ? a.minus : b.minus;
		out->digits =
			a.digits >= b.digits ? a.digits - b.digits : b.digits - a.digits;
	}
	return true;
}

static bool multiply(struct decimal a, struct decimal b, struct decimal *out)
{
	a = trimmed(a);
	b = trimmed(b);
	*out = (struct decimal){ a.digits * b.digits, a.scale + b.scale,
				 a.minus != b.minus };
	return width(a.digits) + width(b.digits) <= 38;
}

static void divide(struct decimal a, struct decimal b, struct decimal *out)
{
	u128 rest = a.digits % b.digits;
	struct decimal d = { a.digits / b.digits, a.scale - b.scale, a.minus != b.minus };

	while ((rest != 0 || d.scale < 0) && width(d.digits) < MOST_DIGITS &&
	       width(rest) < 38) {
		rest *= 10;
		d.digits = d.digits * 10 + rest / b.digits;
		rest %= b.digits;
		d.scale++;
	}
	*out = d;
}

/* Two arguments, or the query ends: the binder has seen that both are decimal. */
static bool two(struct hm_rt *rt, const struct hm_rt_val *arg, struct decimal *a,
		struct decimal *b)
{
	if (read_decimal(arg[0].s, a) && read_decimal(arg[1].s, b))
		return true;
	rt->error = "a decimal with more than 34 digits";
	return false;
}

static void result(struct hm_rt *rt, bool fits, struct decimal d, struct hm_rt_val *out)
{
	if (fits)
		put(rt, d, out);
	else
		rt->error = "a decimal with more than 34 digits";
}

HM_RT_FN(dec_add)
{
	struct decimal a, b, d = { 0 };

	HM_RT_UNUSED(rt, num);
	if (two(rt, arg, &a, &b))
		result(rt, add(a, b, &d), d, out);
}

HM_RT_FN(dec_sub)
{
	struct decimal a, b, d = { 0 };

	HM_RT_UNUSED(rt, num);
	if (!two(rt, arg, &a, &b))
		return;
	b.minus = !b.minus;
	result(rt, add(a, b, &d), d, out);
}

HM_RT_FN(dec_mul)
{
	struct decimal a, b, d = { 0 };

	HM_RT_UNUSED(rt, num);
	if (two(rt, arg, &a, &b))
		result(rt, multiply(a, b, &d), d, out);
}

HM_RT_FN(dec_div)
{
	struct decimal a, b, d = { 0 };

	HM_RT_UNUSED(rt, num);
	if (!two(rt, arg, &a, &b))
		return;
	out->null = b.digits == 0;
	if (out->null)
		return;
	divide(a, b, &d);
	result(rt, d.scale >= 0, d, out);
}

HM_RT_FN(dec_cmp)
{
	struct decimal a, b, d = { 0 };

	HM_RT_UNUSED(rt, num);
	if (!two(rt, arg, &a, &b))
		return;
	b.minus = !b.minus;
	if (!add(a, b, &d))
		rt->error = "a decimal with more than 34 digits";
	out->i = d.digits == 0 ? 0 : d.minus ? -1 : 1;
}

HM_RT_FN(dec_str)
{
	struct decimal d;

	HM_RT_UNUSED(rt, num);
	out->null = !read_decimal(arg[0].s, &d);
	if (!out->null)
		put(rt, d, out);
}

HM_RT_FN(real_dec)
{
	HM_RT_UNUSED(rt, num);
	out->null = !hm_rt_parse_real(rt, arg[0].s, &out->r);
}

HM_RT_FN(long_dec)
{
	struct decimal d;

	HM_RT_UNUSED(rt, num);
	out->null = !read_decimal(arg[0].s, &d);
	for (; !out->null && d.scale > 0; d.scale--)
		d.digits /= 10;
	if (out->null || d.digits > (u128)INT64_MAX)
		out->null = true;
	else
		out->i = d.minus ? -(int64_t)d.digits : (int64_t)d.digits;
}

/* Of an array of decimals as strings: their sum, or their mean. */
static void total(struct hm_rt *rt, const struct hm_rt_val *arg, bool mean,
		  struct hm_rt_val *out)
{
	const struct hm_json *list = hm_rt_json(rt, arg[0].s);
	struct decimal sum = { 0 }, d, count = { 0 };
	bool fits = true;

	for (const struct hm_json *i = hm_rt_is_array(list) ? list->first : NULL;
	     i != NULL; i = i->next) {
		if (!read_decimal(hm_rt_json_text(rt, i), &d))
			continue;
		fits &= add(sum, d, &sum);
		count.digits++;
	}
	out->null = mean && count.digits == 0;
	if (mean && count.digits != 0)
		divide(sum, count, &sum);
	result(rt, fits && sum.scale >= 0, sum, out);
}

HM_RT_FN(dec_sum)
{
	HM_RT_UNUSED(rt, num);
	total(rt, arg, false, out);
}

HM_RT_FN(dec_avg)
{
	HM_RT_UNUSED(rt, num);
	total(rt, arg, true, out);
}
