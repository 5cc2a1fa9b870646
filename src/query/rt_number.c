/* SPDX-License-Identifier: MIT */
/*
 * rt_number.c: numbers to text and back, and the arithmetic that SQL does otherwise.
 *
 * Reals print in their shortest form that reads back the same, in .NET's manner:
 * at least one decimal ("1.0"), an exponent from 1E+15 on and below 1E-05.
 */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "query/rt_fn.h"

/* The shortest digits of r > 0, and its decimal exponent: 0.digits * 10^exponent. */
static int shortest(double r, char digits[32])
{
	char text[40];
	int precision = 1;

	do
		snprintf(text, sizeof text, "%.*e", precision - 1, r);
	while (strtod(text, NULL) != r && ++precision <= 17);

	size_t n = 0;
	char *e = strchr(text, 'e');
	for (char *p = text; p < e; p++)
		if (*p != '.')
			digits[n++] = *p;
	while (n > 1 && digits[n - 1] == '0')
		n--;
	digits[n] = '\0';
	return (int)strtol(e + 1, NULL, 10) + 1;
}

static void add_plain(struct hm_rt_text *t, const char *digits, int point)
{
	int n = (int)strlen(digits);

	if (point <= 0) {
		hm_rt_add_str(t, "0.");
		for (int i = point; i < 0; i++)
			hm_rt_add_u8(t, '0');
		hm_rt_add_str(t, digits);
		return;
	}
	for (int i = 0; i < point || i < n; i++) {
		if (i == point)
			hm_rt_add_u8(t, '.');
		hm_rt_add_u8(t, i < n ? (uint8_t)digits[i] : '0');
	}
	if (point >= n)
		hm_rt_add_str(t, ".0");
}

void hm_rt_add_real(struct hm_rt_text *t, double r)
{
	char digits[32] = { 0 };

	if (isnan(r) || isinf(r)) {
		hm_rt_add_str(t, isnan(r) ? "NaN" : r > 0 ? "Infinity" : "-Infinity");
		return;
	}
	if (signbit(r))
		hm_rt_add_u8(t, '-');
	if (r == 0) {
		hm_rt_add_str(t, "0.0");
		return;
	}
	int point = shortest(fabs(r), digits);
	if (point > -4 && point <= 15) {
		add_plain(t, digits, point);
		return;
	}
	hm_rt_add_u8(t, (uint8_t)digits[0]);
	if (digits[1] != '\0')
		hm_rt_addf(t, ".%s", digits + 1);
	hm_rt_addf(t, "E%c%02d", point > 0 ? '+' : '-', abs(point - 1));
}

static bool parse_hex(hm_bytes s, int64_t *out)
{
	uint64_t value = 0;

	if (s.len < 3 || s.len > 18 || s.at[0] != '0' || hm_lower(s.at[1]) != 'x')
		return false;
	for (size_t i = 2; i < s.len; i++) {
		uint8_t c = hm_lower(s.at[i]);
		if (!isxdigit(c))
			return false;
		value = value << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	*out = (int64_t)value;
	return true;
}

bool hm_rt_parse_long(hm_bytes s, int64_t *out)
{
	uint64_t value = 0;

	s = hm_trim(s);
	if (parse_hex(s, out))
		return true;
	bool minus = s.len != 0 && s.at[0] == '-';
	if (s.len != 0 && (minus || s.at[0] == '+'))
		s = hm_rt_from(s, 1);
	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		uint64_t digit = (uint64_t)(s.at[i] - '0');
		if (!isdigit(s.at[i]) || __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, digit, &value))
			return false;
	}
	if (value > (uint64_t)INT64_MAX + minus)
		return false;
	*out = (int64_t)(minus ? 0 - value : value);
	return true;
}

static bool parse_special(hm_bytes s, double *out)
{
	bool minus = s.len != 0 && s.at[0] == '-';

	if (s.len != 0 && (minus || s.at[0] == '+'))
		s = hm_rt_from(s, 1);
	if (hm_is_nocase(s, "nan"))
		*out = (double)NAN;
	else if (hm_is(s, "inf") || hm_is_nocase(s, "infinity"))
		*out = minus ? -(double)INFINITY : (double)INFINITY;
	else
		return false;
	return true;
}

bool hm_rt_parse_real(struct hm_rt *rt, hm_bytes s, double *out)
{
	s = hm_trim(s);
	if (s.len == 0 || s.len > 400)
		return false;
	if (parse_special(s, out))
		return true;
	for (size_t i = 0; i < s.len; i++)
		if (!isdigit(s.at[i]) && strchr("+-.eE", s.at[i]) == NULL)
			return false;

	char *text = hm_cstr(&rt->row, s), *end;
	*out = strtod(text, &end);
	return *end == '\0' && end != text;
}

bool hm_rt_parse_bool(hm_bytes s, bool *out)
{
	int64_t number;

	if (hm_is_nocase(s, "true") || hm_is_nocase(s, "false")) {
		*out = hm_is_nocase(s, "true");
		return true;
	}
	if (!hm_rt_parse_long(s, &number))
		return false;
	*out = number != 0;
	return true;
}

bool hm_rt_parse_guid(hm_bytes s, char out[37])
{
	size_t digits = 0, at = 0;

	s = hm_trim(s);
	if (s.len > 2 && ((s.at[0] == '{' && s.at[s.len - 1] == '}') ||
			  (s.at[0] == '(' && s.at[s.len - 1] == ')')))
		s = hm_rt_part(s, 1, s.len - 1);
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '-')
			continue;
		if (!isxdigit(s.at[i]) || digits == 32)
			return false;
		if (digits == 8 || digits == 12 || digits == 16 || digits == 20)
			out[at++] = '-';
		out[at++] = (char)hm_lower(s.at[i]);
		digits++;
	}
	out[at] = '\0';
	return digits == 32;
}

/* Long arithmetic wraps around, as Kusto's does (null-and-edge-0012). */
HM_RT_FN(add)
{
	HM_RT_UNUSED(rt, num);
	out->i = (int64_t)((uint64_t)arg[0].i + (uint64_t)arg[1].i);
}

HM_RT_FN(sub)
{
	HM_RT_UNUSED(rt, num);
	out->i = (int64_t)((uint64_t)arg[0].i - (uint64_t)arg[1].i);
}

HM_RT_FN(mul)
{
	HM_RT_UNUSED(rt, num);
	out->i = (int64_t)((uint64_t)arg[0].i * (uint64_t)arg[1].i);
}

HM_RT_FN(neg)
{
	HM_RT_UNUSED(rt, num);
	out->i = (int64_t)(0 - (uint64_t)arg[0].i);
}

/* The low 64 bits of a whole number that may have more: a sum that ran over. */
HM_RT_FN(wrap)
{
	bool minus = arg[0].s.len != 0 && arg[0].s.at[0] == '-';
	uint64_t value = 0;

	HM_RT_UNUSED(rt, num);
	for (size_t i = minus; i < arg[0].s.len; i++)
		value = value * 10 + (uint64_t)(arg[0].s.at[i] - '0');
	out->i = (int64_t)(minus ? 0 - value : value);
}

HM_RT_FN(div)
{
	HM_RT_UNUSED(rt, num);
	out->null = arg[1].i == 0;
	if (arg[1].i == -1)
		out->i = (int64_t)(0 - (uint64_t)arg[0].i);
	else if (!out->null)
		out->i = arg[0].i / arg[1].i;
}

/* Euclidean: never negative (type-casts-0001). */
HM_RT_FN(mod)
{
	HM_RT_UNUSED(rt, num);
	out->null = arg[1].i == 0;
	if (out->null || arg[1].i == -1)
		return;
	out->i = arg[0].i % arg[1].i;
	if (out->i < 0)
		out->i = arg[1].i > 0 ? out->i + arg[1].i : out->i - arg[1].i;
}

HM_RT_FN(rmod)
{
	HM_RT_UNUSED(rt, num);
	double b = fabs(arg[1].r), r = fmod(arg[0].r, b);

	out->r = r < 0 ? r + b : r;
}

/* Left by a positive count of bits, right by a negative one; counts wrap at 64. */
HM_RT_FN(shift)
{
	uint64_t bits = (uint64_t)arg[0].i;

	HM_RT_UNUSED(rt, num);
	if (arg[1].i >= 0)
		out->i = (int64_t)(bits << ((uint64_t)arg[1].i & 63));
	else
		out->i = arg[0].i >> ((0 - (uint64_t)arg[1].i) & 63);
}

/* Order of two reals; 2 where one is no number. */
HM_RT_FN(rcmp)
{
	double a = arg[0].r, b = arg[1].r;

	HM_RT_UNUSED(rt, num);
	out->i = isnan(a) || isnan(b) ? 2 : a < b ? -1 : a > b;
}

static int64_t floor_to(int64_t value, int64_t width)
{
	int64_t rest = value % width;

	if (rest < 0)
		rest += width;
	return (int64_t)((uint64_t)value - (uint64_t)rest);
}

HM_RT_FN(bin)
{
	HM_RT_UNUSED(rt, num);
	out->null = arg[1].i <= 0;
	if (!out->null)
		out->i = floor_to(arg[0].i, arg[1].i);
}

HM_RT_FN(rbin)
{
	HM_RT_UNUSED(rt, num);
	out->null = !(arg[1].r > 0);
	out->r = floor(arg[0].r / arg[1].r) * arg[1].r;
}

/* bin_at(value, width, fixed point) */
HM_RT_FN(bin_at)
{
	HM_RT_UNUSED(rt, num);
	out->null = arg[1].i <= 0;
	if (!out->null)
		out->i = floor_to(arg[0].i - arg[2].i, arg[1].i) + arg[2].i;
}

HM_RT_FN(rbin_at)
{
	HM_RT_UNUSED(rt, num);
	out->null = !(arg[1].r > 0);
	out->r = floor((arg[0].r - arg[2].r) / arg[1].r) * arg[1].r + arg[2].r;
}

/* Half away from zero, then to the decimal that is nearest. */
HM_RT_FN(round)
{
	HM_RT_UNUSED(rt, num);
	double scale = pow(10, (double)llabs(arg[1].i));
	bool left = arg[1].i < 0;
	double scaled = left ? arg[0].r / scale : arg[0].r * scale;

	out->r = arg[0].r;
	if (!isfinite(scaled))
		return;
	double whole = round(scaled);
	out->r = left ? whole * scale : whole / scale;
}

/* tohex(value, least digits): two's complement of 64 bits, or of 32 for int. */
HM_RT_FN(tohex)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	int width = arg[1].i < 0 ? 0 : arg[1].i > 64 ? 64 : (int)arg[1].i;

	HM_RT_UNUSED(rt, num);
	hm_rt_addf(&t, "%0*llx", width, (unsigned long long)arg[0].i);
	out->s = hm_rt_done(&t);
}

static double scaled_bytes(double size, size_t steps)
{
	for (size_t i = 0; i < steps; i++)
		size /= 1024;
	return size;
}

/* format_bytes(size, decimals, unit or ""). */
HM_RT_FN(format_bytes)
{
	static const char *const units[] = { "Bytes", "KB", "MB", "GB", "TB", "PB" };
	struct hm_rt_text t = hm_rt_text_of(rt);
	char text[400];
	size_t unit = 0, count = sizeof units / sizeof *units;

	HM_RT_UNUSED(rt, num);
	if (arg[2].s.len != 0)
		while (unit < count && !hm_is_nocase(arg[2].s, units[unit]))
			unit++;
	else
		while (unit + 1 < count && fabs(scaled_bytes(arg[0].r, unit)) >= 1024)
			unit++;
	if (unit == count) {
		rt->error = "format_bytes: no such unit";
		return;
	}
	int decimals = arg[1].i < 0 || arg[1].i > 15 ? 0 : (int)arg[1].i;
	snprintf(text, sizeof text, "%.*f", decimals, scaled_bytes(arg[0].r, unit));
	if (decimals != 0) {
		size_t len = strlen(text);
		while (text[len - 1] == '0')
			text[--len] = '\0';
		if (text[len - 1] == '.')
			text[len - 1] = '\0';
	}
	hm_rt_addf(&t, "%.300s %s", text, units[unit]);
	out->s = hm_rt_done(&t);
}
