/* SPDX-License-Identifier: MIT */
#include "query/literal.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Units of timespan literals, in ticks. */
/* clang-format off */
static const struct {
	const char *name;
	double ticks;
} units[] = {
	{ "d", 864e9 }, { "day", 864e9 }, { "days", 864e9 },
	{ "h", 36e9 }, { "hr", 36e9 }, { "hrs", 36e9 }, { "hour", 36e9 }, { "hours", 36e9 },
	{ "m", 6e8 }, { "min", 6e8 }, { "minute", 6e8 }, { "minutes", 6e8 },
	{ "s", 1e7 }, { "sec", 1e7 }, { "second", 1e7 }, { "seconds", 1e7 },
	{ "ms", 1e4 }, { "milli", 1e4 }, { "millis", 1e4 }, { "millisec", 1e4 },
	{ "millisecond", 1e4 }, { "milliseconds", 1e4 },
	{ "micro", 10 }, { "micros", 10 }, { "microsec", 10 },
	{ "microsecond", 10 }, { "microseconds", 10 },
	{ "nano", 0.01 }, { "nanos", 0.01 }, { "nanosec", 0.01 },
	{ "nanosecond", 0.01 }, { "nanoseconds", 0.01 },
	{ "tick", 1 }, { "ticks", 1 },
};
/* clang-format on */

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* strtod in the C locale that programs start in; text must be all of it. */
static bool real_of(hm_bytes text, double *out)
{
	char copy[400];
	char *end;

	if (text.len == 0 || text.len >= sizeof(copy))
		return false;
	memcpy(copy, text.at, text.len);
	copy[text.len] = 0;
	if (!is_digit(text.at[0]) && text.at[0] != '.' && text.at[0] != '-' &&
	    text.at[0] != '+')
		return false;
	if (strpbrk(copy, "xXpPnN"))
		return false;
	*out = strtod(copy, &end);
	return end != copy && *end == 0;
}

static bool whole_of(hm_bytes text, int64_t *out)
{
	const bool minus = text.len > 0 && text.at[0] == '-';
	const size_t sign = text.len > 0 && (minus || text.at[0] == '+') ? 1 : 0;
	const bool hex = text.len > sign + 2 && text.at[sign] == '0' &&
			 hm_lower(text.at[sign + 1]) == 'x';
	char copy[32];
	char *end;

	if (text.len <= sign || text.len >= sizeof(copy) || !is_digit(text.at[sign]))
		return false;
	memcpy(copy, text.at, text.len);
	copy[text.len] = 0;
	errno = 0;
	if (hex) {
		*out = (int64_t)strtoull(copy + sign, &end, 16);
		if (minus)
			*out = (int64_t)(0 - (uint64_t)*out);
	} else {
		*out = strtoll(copy, &end, 10);
	}
	return *end == 0 && errno == 0;
}

static bool ticks_of(double count, double unit, int64_t *out)
{
	const double ticks = count * unit;

	if (!(fabs(ticks) < 9.2e18))
		return false;
	*out = (int64_t)(ticks < 0 ? ticks - 0.5 : ticks + 0.5);
	return true;
}

/* "1.5h": the number ends where letters begin. */
static bool with_unit(hm_bytes text, int64_t *out)
{
	size_t n = 0;
	hm_bytes unit;
	double count;

	while (n < text.len && (is_digit(text.at[n]) || text.at[n] == '.' ||
				(n == 0 && (text.at[n] == '-' || text.at[n] == '+'))))
		n++;
	unit = (hm_bytes){ text.at + n, text.len - n };
	if (n == 0 || !real_of((hm_bytes){ text.at, n }, &count))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (hm_is(unit, units[i].name))
			return ticks_of(count, units[i].ticks, out);
	return false;
}

bool hm_number_of(struct hm_arena *a, hm_bytes text, bool real, struct hm_value *out)
{
	int64_t whole;

	*out = (struct hm_value){ .type = HM_SCALAR_LONG };
	/* Written only after a minus, which the parser sees to. */
	if (hm_is(text, "9223372036854775808")) {
		out->whole = INT64_MIN;
		return true;
	}
	if (!real && whole_of(text, &whole)) {
		out->whole = whole;
		return true;
	}
	if (real && real_of(text, &out->real)) {
		out->type = HM_SCALAR_REAL;
		return true;
	}
	if (with_unit(text, &whole)) {
		out->type = HM_SCALAR_TIMESPAN;
		out->whole = whole;
		return true;
	}
	(void)a;
	return false;
}

/* Up to n digits at *at. */
static bool number(hm_bytes text, size_t *at, size_t most, int64_t *out)
{
	const size_t from = *at;

	*out = 0;
	while (*at < text.len && is_digit(text.at[*at]) && *at - from < most)
		*out = *out * 10 + (text.at[(*at)++] - '0');
	return *at > from;
}

static bool step_over(hm_bytes text, size_t *at, char sign)
{
	if (*at >= text.len || text.at[*at] != (uint8_t)sign)
		return false;
	(*at)++;
	return true;
}

/* The digits after the point of seconds, as ticks. */
static int64_t fraction(hm_bytes text, size_t *at)
{
	int64_t unit = HM_TICKS_SECOND / 10, ticks = 0;

	while (*at < text.len && is_digit(text.at[*at])) {
		ticks += unit * (text.at[(*at)++] - '0');
		unit /= 10;
	}
	return ticks;
}

/* [d.]hh:mm[:ss[.f]] */
static bool clock_of(hm_bytes text, size_t at, int64_t *out)
{
	int64_t days = 0, hours, minutes, seconds = 0, ticks = 0;

	if (!number(text, &at, 8, &hours))
		return false;
	if (step_over(text, &at, '.')) {
		days = hours;
		if (!number(text, &at, 2, &hours))
			return false;
	}
	if (!step_over(text, &at, ':') || !number(text, &at, 2, &minutes))
		return false;
	if (step_over(text, &at, ':') && !number(text, &at, 2, &seconds))
		return false;
	if (step_over(text, &at, '.'))
		ticks = fraction(text, &at);
	if (at != text.len || hours > 23 || minutes > 59 || seconds > 59 ||
	    days > 10675198)
		return false;
	*out = days * HM_TICKS_DAY +
	       ((hours * 60 + minutes) * 60 + seconds) * HM_TICKS_SECOND + ticks;
	return true;
}

bool hm_timespan_of(hm_bytes text, int64_t *ticks)
{
	const bool minus = text.len > 0 && text.at[0] == '-';
	int64_t days;

	if (with_unit(text, ticks))
		return true;
	if (clock_of(text, minus ? 1 : 0, ticks)) {
		*ticks = minus ? -*ticks : *ticks;
		return true;
	}
	if (!whole_of(text, &days) || days > 10675198 || days < -10675198)
		return false;
	*ticks = days * HM_TICKS_DAY;
	return true;
}

static hm_bytes unquoted(hm_bytes text)
{
	if (text.len >= 2 && (text.at[0] == '"' || text.at[0] == '\'') &&
	    text.at[text.len - 1] == text.at[0])
		return (hm_bytes){ text.at + 1, text.len - 2 };
	return text;
}

/* Lower case, with hyphens, from 32 hex digits with or without them. */
static bool guid_of(struct hm_arena *a, hm_bytes text, hm_bytes *out)
{
	char *guid = hm_new_n(a, char, 37);
	size_t digits = 0, at = 0;

	for (size_t i = 0; i < text.len; i++) {
		const uint8_t c = hm_lower(text.at[i]);

		if (c == '-' || c == '{' || c == '}')
			continue;
		if (digits == 32 || !(is_digit(c) || (c >= 'a' && c <= 'f')))
			return false;
		if (digits == 8 || digits == 12 || digits == 16 || digits == 20)
			guid[at++] = '-';
		guid[at++] = (char)c;
		digits++;
	}
	*out = (hm_bytes){ (const uint8_t *)guid, at };
	return digits == 32;
}

/* 2025, 6, 14: the parts as make_datetime takes them, three to six of them. */
static bool parts_of(hm_bytes text, int64_t *out)
{
	int64_t parts[6] = { 0 };
	size_t at = 0, count = 0;

	do {
		while (step_over(text, &at, ' '))
			;
		if (count == 6 || !number(text, &at, 4, &parts[count]))
			return false;
		count++;
		while (step_over(text, &at, ' '))
			;
	} while (step_over(text, &at, ','));
	if (count < 3 || at != text.len)
		return false;
	*out = hm_time_of((struct hm_civil){ (int)parts[0], (int)parts[1], (int)parts[2],
					     (int)parts[3], (int)parts[4], (int)parts[5],
					     0 });
	return *out != HM_NO_TIME;
}

/* A year, a year and month, a date with / or -, else ISO 8601; and KQL's own order
 * MM-DD-YYYY. */
static bool datetime_of(struct hm_arena *a, hm_bytes text, int64_t *out)
{
	int64_t first, second, third;
	size_t at = 0;
	hm_bytes rest;

	*out = hm_time_parse(text);
	if (*out != HM_NO_TIME || parts_of(text, out))
		return true;
	if (!number(text, &at, 4, &first))
		return false;
	if (at == 4 && at == text.len) {
		*out = hm_time_of((struct hm_civil){ (int)first, 1, 1, 0, 0, 0, 0 });
		return *out != HM_NO_TIME;
	}
	if (at >= text.len || (text.at[at] != '-' && text.at[at] != '/'))
		return false;
	at++;
	if (!number(text, &at, 2, &second))
		return false;
	if (first > 31 && at == text.len) {
		*out = hm_time_of(
			(struct hm_civil){ (int)first, (int)second, 1, 0, 0, 0, 0 });
		return *out != HM_NO_TIME;
	}
	if (at >= text.len || (text.at[at] != '-' && text.at[at] != '/'))
		return false;
	at++;
	if (!number(text, &at, 4, &third))
		return false;
	rest = (hm_bytes){ text.at + at, text.len - at };
	if (first <= 12) { /* MM-DD-YYYY */
		const int64_t year = third;

		third = second;
		second = first;
		first = year;
	}
	*out = hm_time_parse(
		hm_bytes_of(hm_format(a, "%04d-%02d-%02d%.*s", (int)first, (int)second,
				      (int)third, (int)rest.len, (const char *)rest.at)));
	return *out != HM_NO_TIME;
}

static bool bool_of(hm_bytes text, bool *out)
{
	int64_t whole;

	*out = hm_is_nocase(text, "true");
	if (*out || hm_is_nocase(text, "false"))
		return true;
	if (!whole_of(text, &whole))
		return false;
	*out = whole != 0;
	return true;
}

static bool special_real(hm_bytes text, double *out)
{
	if (hm_is_nocase(text, "nan"))
		*out = (double)NAN;
	else if (hm_is_nocase(text, "+inf") || hm_is_nocase(text, "inf"))
		*out = (double)INFINITY;
	else if (hm_is_nocase(text, "-inf"))
		*out = -(double)INFINITY;
	else
		return false;
	return true;
}

/* Digits with at most one point, at most one sign, and an exponent. */
static bool decimal_of(hm_bytes text, hm_bytes *out)
{
	double ignored;

	*out = text;
	return text.len <= 60 && real_of(text, &ignored);
}

bool hm_literal_of(struct hm_arena *a, hm_bytes type, hm_bytes text, struct hm_value *out)
{
	bool ok = true;

	*out = (struct hm_value){ 0 };
	if (!hm_scalar_named(type, &out->type))
		return false;
	text = unquoted(text);
	switch (out->type) {
	case HM_SCALAR_BOOL: ok = bool_of(text, &out->truth); break;
	case HM_SCALAR_INT:
		ok = whole_of(text, &out->whole) && out->whole >= INT32_MIN &&
		     out->whole <= INT32_MAX;
		break;
	case HM_SCALAR_LONG: ok = whole_of(text, &out->whole); break;
	case HM_SCALAR_REAL:
		ok = real_of(text, &out->real) || special_real(text, &out->real);
		break;
	case HM_SCALAR_DECIMAL: ok = decimal_of(text, &out->text); break;
	case HM_SCALAR_DATETIME: ok = datetime_of(a, text, &out->whole); break;
	case HM_SCALAR_TIMESPAN: ok = hm_timespan_of(text, &out->whole); break;
	case HM_SCALAR_GUID: ok = guid_of(a, text, &out->text); break;
	case HM_SCALAR_STRING: out->text = text; break;
	case HM_SCALAR_UNKNOWN:
	case HM_SCALAR_DYNAMIC: return false;
	}
	out->null = !ok;
	return true;
}

hm_bytes hm_timespan_text(struct hm_arena *a, int64_t ticks)
{
	const uint64_t size = ticks < 0 ? 0 - (uint64_t)ticks : (uint64_t)ticks;
	const uint64_t seconds = size / (uint64_t)HM_TICKS_SECOND,
		       part = size % (uint64_t)HM_TICKS_SECOND;
	char days[24] = "", tail[16] = "";

	if (seconds >= 86400)
		snprintf(days, sizeof(days), "%llu.",
			 (unsigned long long)(seconds / 86400));
	if (part)
		snprintf(tail, sizeof(tail), ".%07llu", (unsigned long long)part);
	return hm_bytes_of(hm_format(a, "%s%s%02u:%02u:%02u%s", ticks < 0 ? "-" : "",
				     days, (unsigned)(seconds / 3600 % 24),
				     (unsigned)(seconds / 60 % 60),
				     (unsigned)(seconds % 60), tail));
}
