/* SPDX-License-Identifier: MIT */
/*
 * rt_time.c: datetimes and timespans as text, and the calendar.
 *
 * A datetime without an offset is UTC; one with an offset is converted.  Dates that
 * begin with the month are MM-DD-YYYY, never DD-MM (kql.md B2.16).
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "query/rt_fn.h"

#define TICKS_HOUR   (3600 * HM_TICKS_SECOND)
#define TICKS_MINUTE (60 * HM_TICKS_SECOND)

void hm_rt_add_time(struct hm_rt_text *t, int64_t ticks)
{
	char text[HM_TIME_TEXT];

	hm_rt_add_str(t, hm_time_text(ticks, text));
}

void hm_rt_add_span(struct hm_rt_text *t, int64_t ticks)
{
	uint64_t left = ticks < 0 ? 0 - (uint64_t)ticks : (uint64_t)ticks;
	uint64_t seconds = left / (uint64_t)HM_TICKS_SECOND;
	unsigned fraction = (unsigned)(left % (uint64_t)HM_TICKS_SECOND);

	if (ticks < 0)
		hm_rt_add_u8(t, '-');
	if (seconds >= 86400)
		hm_rt_addf(t, "%u.", (unsigned)(seconds / 86400));
	hm_rt_addf(t, "%02u:%02u:%02u", (unsigned)(seconds / 3600 % 24),
		   (unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60));
	if (fraction != 0)
		hm_rt_addf(t, ".%07u", fraction);
}

/* A number of at most max digits, stepped over; -1 where there is none. */
static int64_t number(struct hm_cur *c, int max)
{
	int64_t value = -1;

	for (; max > 0 && isdigit(hm_peek(c)); max--)
		value = (value < 0 ? 0 : value) * 10 + (hm_u8(c, "digit") - '0');
	return value;
}

static bool step(struct hm_cur *c, char byte)
{
	if (hm_peek(c) != (uint8_t)byte || !hm_more(c))
		return false;
	hm_take(c, 1, "mark");
	return true;
}

static void spaces(struct hm_cur *c)
{
	while (step(c, ' ') || step(c, ','))
		continue;
}

static int32_t fraction(struct hm_cur *c)
{
	int32_t ticks = 0, unit = (int32_t)HM_TICKS_SECOND / 10;

	for (; isdigit(hm_peek(c)); unit /= 10)
		ticks += (hm_u8(c, "digit") - '0') * unit;
	return ticks;
}

static hm_bytes word(struct hm_cur *c)
{
	struct hm_cur begin = *c;

	while (isalpha(hm_peek(c)))
		hm_take(c, 1, "letter");
	return hm_take(&begin, hm_tell(c) - hm_tell(&begin), "word");
}

static int month_of(hm_bytes name)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (int i = 0; name.len >= 3 && i < 12; i++)
		if (hm_same_nocase(hm_rt_part(name, 0, 3),
				   (hm_bytes){ (const uint8_t *)&months[3 * i], 3 }))
			return i + 1;
	return 0;
}

static bool is_weekday(hm_bytes name)
{
	static const char *const all[] = {
		"mon", "tue", "wed", "thu", "fri", "sat", "sun"
	};

	for (size_t i = 0; name.len >= 3 && i < 7; i++)
		if (hm_is_nocase(hm_rt_part(name, 0, 3), all[i]))
			return true;
	return false;
}

static bool read_compact(struct hm_cur *c, struct hm_civil *t)
{
	struct hm_cur ahead = *c;
	int64_t value = number(&ahead, 9);

	if (hm_tell(&ahead) - hm_tell(c) != 8)
		return false;
	*c = ahead;
	t->year = (int)(value / 10000);
	t->month = (int)(value / 100 % 100);
	t->day = (int)(value % 100);
	return true;
}

/* Three parts, of which one may be a month's name: that part is -1. */
static bool read_parts(struct hm_cur *c, int64_t part[3], int *month)
{
	for (int i = 0; i < 3; i++) {
		hm_bytes name = word(c);
		if (name.len != 0) {
			if (*month != 0 || (*month = month_of(name)) == 0)
				return false;
			part[i] = -1;
		} else if ((part[i] = number(c, 4)) < 0) {
			return false;
		}
		if (i < 2 && !step(c, '-') && !step(c, '/') && !step(c, ' '))
			return false;
		spaces(c);
	}
	return true;
}

/* 2 Dec 2022, Dec 2 2022, 12-02-2022, 12/02/2022, 2022/12/02 */
static bool read_date(struct hm_cur *c, struct hm_civil *t)
{
	int64_t part[3] = { 0 };
	int month = 0;

	if (read_compact(c, t))
		return true;
	if (!read_parts(c, part, &month))
		return false;
	if (month != 0) {
		int64_t rest[2] = { 0 };
		for (int i = 0, n = 0; i < 3 && n < 2; i++)
			if (part[i] >= 0)
				rest[n++] = part[i];
		bool year_first = rest[0] > 31;
		*t = (struct hm_civil){ .year = (int)rest[!year_first],
					.month = month,
					.day = (int)rest[year_first] };
	} else if (part[0] > 31) {
		*t = (struct hm_civil){ .year = (int)part[0],
					.month = (int)part[1],
					.day = (int)part[2] };
	} else {
		*t = (struct hm_civil){ .year = (int)part[2],
					.month = (int)part[0],
					.day = (int)part[1] };
	}
	if (t->year < 50)
		t->year += 2000;
	else if (t->year < 100)
		t->year += 1900;
	return true;
}

static bool read_clock(struct hm_cur *c, struct hm_civil *t)
{
	int64_t hour = number(c, 2), minute, second = 0;

	if (hour < 0 || !step(c, ':') || (minute = number(c, 2)) < 0)
		return false;
	if (step(c, ':') && (second = number(c, 2)) < 0)
		return false;
	if (step(c, '.'))
		t->ticks = fraction(c);
	spaces(c);
	struct hm_cur ahead = *c;
	hm_bytes half = word(&ahead);
	if (hm_is_nocase(half, "am") || hm_is_nocase(half, "pm")) {
		if (hour < 1 || hour > 12)
			return false;
		hour = hour % 12 + (hm_is_nocase(half, "pm") ? 12 : 0);
		*c = ahead;
	}
	t->hour = (int)hour;
	t->minute = (int)minute;
	t->second = (int)second;
	return true;
}

static bool read_zone(struct hm_cur *c, int64_t *offset)
{
	struct hm_cur ahead = *c;
	hm_bytes name = word(&ahead);

	if (hm_is_nocase(name, "z") || hm_is_nocase(name, "gmt") ||
	    hm_is_nocase(name, "utc")) {
		*c = ahead;
		return true;
	}
	bool minus = hm_peek(c) == '-';
	if (!step(c, '+') && !step(c, '-'))
		return name.len == 0;
	int64_t hour = number(c, 2), minute = 0;
	if (hour < 0 || (step(c, ':') && !isdigit(hm_peek(c))))
		return false;
	if (isdigit(hm_peek(c)))
		minute = number(c, 2);
	*offset = (hour * 60 + minute) * (minus ? -1 : 1);
	return true;
}

bool hm_rt_parse_time(hm_bytes s, int64_t *out)
{
	struct hm_civil t = { 0 };
	int64_t offset = 0;

	s = hm_trim(s);
	hm_time iso = hm_time_parse(s);
	if (iso != HM_NO_TIME) {
		*out = iso;
		return true;
	}
	struct hm_cur c = hm_cur_of(s), ahead = c;
	if (is_weekday(word(&ahead))) {
		c = ahead;
		spaces(&c);
	}
	if (!read_date(&c, &t))
		return false;
	if (!step(&c, 'T'))
		spaces(&c);
	if (isdigit(hm_peek(&c)) && !read_clock(&c, &t))
		return false;
	spaces(&c);
	if (!read_zone(&c, &offset) || hm_more(&c) || c.err != HM_OK)
		return false;
	hm_time time = hm_time_of(t);
	if (time == HM_NO_TIME)
		return false;
	*out = time - offset * TICKS_MINUTE;
	return *out >= 0 && *out <= HM_TIME_MAX;
}

/* 1.5h, 90s, 2d: the units of KQL's literals. */
static bool parse_unit_span(struct hm_rt *rt, hm_bytes s, int64_t *out)
{
	static const struct {
		const char *name;
		double ticks;
	} units[] = { { "d", 864e9 },        { "day", 864e9 },   { "days", 864e9 },
		      { "h", 36e9 },         { "hr", 36e9 },     { "hour", 36e9 },
		      { "hours", 36e9 },     { "m", 6e8 },       { "min", 6e8 },
		      { "minute", 6e8 },     { "minutes", 6e8 }, { "s", 1e7 },
		      { "sec", 1e7 },        { "second", 1e7 },  { "seconds", 1e7 },
		      { "ms", 1e4 },         { "milli", 1e4 },   { "millisecond", 1e4 },
		      { "microsecond", 10 }, { "micro", 10 },    { "tick", 1 },
		      { "ticks", 1 } };
	size_t split = s.len;
	double value;

	while (split > 0 && isalpha(s.at[split - 1]))
		split--;
	if (split == s.len || !hm_rt_parse_real(rt, hm_rt_part(s, 0, split), &value))
		return false;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (!hm_is(hm_rt_from(s, split), units[i].name))
			continue;
		double ticks = value * units[i].ticks;
		if (!(ticks > -9.2e18 && ticks < 9.2e18))
			return false;
		*out = (int64_t)(ticks < 0 ? ticks - 0.5 : ticks + 0.5);
		return true;
	}
	return false;
}

bool hm_rt_parse_span(struct hm_rt *rt, hm_bytes s, int64_t *out)
{
	int64_t days = 0, hour, minute, second = 0;
	int32_t ticks = 0;

	s = hm_trim(s);
	if (parse_unit_span(rt, s, out))
		return true;
	struct hm_cur c = hm_cur_of(s);
	bool minus = step(&c, '-');
	hour = number(&c, 8);
	if (hour >= 0 && step(&c, '.')) {
		days = hour;
		hour = number(&c, 2);
	}
	if (hour < 0 || !step(&c, ':') || (minute = number(&c, 2)) < 0)
		return false;
	if (step(&c, ':') && (second = number(&c, 2)) < 0)
		return false;
	if (step(&c, '.'))
		ticks = fraction(&c);
	if (hm_more(&c) || hour > 23 || minute > 59 || second > 59 || days > 10675199)
		return false;
	*out = days * HM_TICKS_DAY + hour * TICKS_HOUR + minute * TICKS_MINUTE +
	       second * HM_TICKS_SECOND + ticks;
	if (minus)
		*out = -*out;
	return true;
}

/* Calendar arithmetic: a time outside years 1 to 9999 is null. */
static void put_time(struct hm_rt_val *out, hm_time time)
{
	out->i = time;
	out->null = time < 0 || time > HM_TIME_MAX;
}

static hm_time midnight(hm_time time)
{
	return time - time % HM_TICKS_DAY;
}

/* The first of the month that lies months after (year, month). */
static hm_time month_start(int year, int month, int64_t months)
{
	int64_t all = (int64_t)year * 12 + month - 1 + months;

	if (all < 12 || all > 9999 * 12 + 11)
		return HM_NO_TIME;
	return hm_time_of((struct hm_civil){
		.year = (int)(all / 12), .month = (int)(all % 12) + 1, .day = 1 });
}

/* 0001-01-01 is a Monday; weeks begin on Sunday. */
static hm_time week_start(hm_time time)
{
	int64_t day = time / HM_TICKS_DAY;

	return (day - (day + 1) % 7) * HM_TICKS_DAY;
}

enum unit {
	YEAR,
	QUARTER,
	MONTH,
	WEEK,
	DAY,
	HOUR,
	MINUTE,
	SECOND,
	MILLI,
	MICRO,
	NANO,
	NONE
};

static enum unit unit_of(hm_bytes name)
{
	static const char *const names[] = { "year",        "quarter",   "month",
					     "week",        "day",       "hour",
					     "minute",      "second",    "millisecond",
					     "microsecond", "nanosecond" };

	for (int i = YEAR; i < NONE; i++)
		if (hm_is_nocase(name, names[i]))
			return (enum unit)i;
	return NONE;
}

/* The start of the unit that time lies in, and count units on. */
static hm_time unit_start(hm_time time, enum unit unit, int64_t count)
{
	struct hm_civil c = hm_civil_of(time);

	switch (unit) {
	case YEAR: return month_start(c.year, 1, count * 12);
	case QUARTER: return month_start(c.year, (c.month - 1) / 3 * 3 + 1, count * 3);
	case MONTH: return month_start(c.year, c.month, count);
	case WEEK: return week_start(time) + count * 7 * HM_TICKS_DAY;
	case DAY:
	case HOUR:
	case MINUTE:
	case SECOND:
	case MILLI:
	case MICRO:
	case NANO:
	case NONE: break;
	}
	return midnight(time) + count * HM_TICKS_DAY;
}

static void start_of(const struct hm_rt_val *arg, enum unit unit, struct hm_rt_val *out)
{
	if (arg[1].i > 4000000 || arg[1].i < -4000000)
		out->null = true;
	else
		put_time(out, unit_start(arg[0].i, unit, arg[1].i));
}

static void end_of(const struct hm_rt_val *arg, enum unit unit, struct hm_rt_val *out)
{
	struct hm_rt_val next[2] = { arg[0], { .i = arg[1].i + 1 } };
	/* The last year ends with the last tick there is. */
	bool last = arg[1].i == 0 && unit_start(arg[0].i, unit, 1) == HM_NO_TIME;

	if (last) {
		put_time(out, HM_TIME_MAX);
		return;
	}
	if (arg[1].i > 4000000 || arg[1].i < -4000000)
		out->null = true;
	else
		put_time(out, unit_start(next[0].i, unit, next[1].i) - 1);
}

HM_RT_FN(startofday)
{
	HM_RT_UNUSED(rt, num);
	start_of(arg, DAY, out);
}
HM_RT_FN(startofweek)
{
	HM_RT_UNUSED(rt, num);
	start_of(arg, WEEK, out);
}
HM_RT_FN(startofmonth)
{
	HM_RT_UNUSED(rt, num);
	start_of(arg, MONTH, out);
}
HM_RT_FN(startofyear)
{
	HM_RT_UNUSED(rt, num);
	start_of(arg, YEAR, out);
}
HM_RT_FN(endofday)
{
	HM_RT_UNUSED(rt, num);
	end_of(arg, DAY, out);
}
HM_RT_FN(endofweek)
{
	HM_RT_UNUSED(rt, num);
	end_of(arg, WEEK, out);
}
HM_RT_FN(endofmonth)
{
	HM_RT_UNUSED(rt, num);
	end_of(arg, MONTH, out);
}
HM_RT_FN(endofyear)
{
	HM_RT_UNUSED(rt, num);
	end_of(arg, YEAR, out);
}

/* A timespan: Sunday is none, Monday a day (datetime-0043). */
HM_RT_FN(dayofweek)
{
	HM_RT_UNUSED(rt, num);
	out->i = (arg[0].i / HM_TICKS_DAY + 1) % 7 * HM_TICKS_DAY;
}

static int day_of_year(hm_time time)
{
	struct hm_civil c = hm_civil_of(time);

	return (int)(hm_days_of(c.year, c.month, c.day) - hm_days_of(c.year, 1, 1)) + 1;
}

/* ISO 8601: the week of the year's first Thursday is the first. */
static int iso_week(hm_time time)
{
	int64_t day = time / HM_TICKS_DAY;
	int64_t thursday = day - day % 7 + 3;

	return (day_of_year(thursday * HM_TICKS_DAY) - 1) / 7 + 1;
}

/* datetime_part(part, time); null for an unknown part. */
HM_RT_FN(datetime_part)
{
	struct hm_civil c = hm_civil_of(arg[1].i);
	const struct {
		const char *name;
		int64_t value;
	} parts[] = { { "year", c.year },
		      { "quarter", (c.month - 1) / 3 + 1 },
		      { "month", c.month },
		      { "week_of_year", iso_week(arg[1].i) },
		      { "weekofyear", iso_week(arg[1].i) },
		      { "week", iso_week(arg[1].i) },
		      { "day", c.day },
		      { "dayofyear", day_of_year(arg[1].i) },
		      { "hour", c.hour },
		      { "minute", c.minute },
		      { "second", c.second },
		      { "millisecond", c.ticks / 10000 },
		      { "microsecond", c.ticks / 10 },
		      { "nanosecond", (int64_t)c.ticks * 100 } };

	HM_RT_UNUSED(rt, num);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (hm_is_nocase(arg[0].s, parts[i].name)) {
			out->i = parts[i].value;
			return;
		}
	}
	out->null = true;
}

static int64_t unit_ticks(enum unit unit)
{
	static const int64_t ticks[] = { [WEEK] = 7 * HM_TICKS_DAY,
					 [DAY] = HM_TICKS_DAY,
					 [HOUR] = TICKS_HOUR,
					 [MINUTE] = TICKS_MINUTE,
					 [SECOND] = HM_TICKS_SECOND,
					 [MILLI] = 10000,
					 [MICRO] = 10,
					 [NANO] = 0,
					 [NONE] = 0 };
	return ticks[unit];
}

static hm_time add_months(hm_time time, int64_t months)
{
	struct hm_civil c = hm_civil_of(time);
	hm_time first = month_start(c.year, c.month, months);
	hm_time next = month_start(c.year, c.month, months + 1);

	if (first == HM_NO_TIME)
		return HM_NO_TIME;
	int64_t days = next == HM_NO_TIME ? 31 : (next - first) / HM_TICKS_DAY;
	int64_t day = c.day > days ? days : c.day;
	return first + (day - 1) * HM_TICKS_DAY + time % HM_TICKS_DAY;
}

/* datetime_add(unit, count, time) */
HM_RT_FN(datetime_add)
{
	enum unit unit = unit_of(arg[0].s);
	int64_t count = arg[1].i, ticks;

	HM_RT_UNUSED(rt, num);
	if (unit == NONE || count > 1000000000000 || count < -1000000000000) {
		out->null = true;
		return;
	}
	if (unit <= MONTH) {
		int64_t months = unit == YEAR ? 12 : unit == QUARTER ? 3 : 1;
		put_time(out, count > 200000 || count < -200000
				      ? HM_NO_TIME
				      : add_months(arg[2].i, count * months));
		return;
	}
	bool over = unit == NANO
			    ? (ticks = count / 100, false)
			    : __builtin_mul_overflow(count, unit_ticks(unit), &ticks);
	if (over || __builtin_add_overflow(arg[2].i, ticks, &ticks))
		out->null = true;
	else
		put_time(out, ticks);
}

/* datetime_diff(unit, a, b): boundaries of the unit crossed from b to a. */
HM_RT_FN(datetime_diff)
{
	enum unit unit = unit_of(arg[0].s);
	struct hm_civil a = hm_civil_of(arg[1].i), b = hm_civil_of(arg[2].i);

	HM_RT_UNUSED(rt, num);
	switch (unit) {
	case YEAR: out->i = a.year - b.year; break;
	case QUARTER:
		out->i = (a.year - b.year) * 4 + (a.month - 1) / 3 - (b.month - 1) / 3;
		break;
	case MONTH: out->i = (a.year - b.year) * 12 + a.month - b.month; break;
	case WEEK:
		out->i = (week_start(arg[1].i) - week_start(arg[2].i)) /
			 (7 * HM_TICKS_DAY);
		break;
	case NANO: out->i = (arg[1].i - arg[2].i) * 100; break;
	case NONE: out->null = true; break;
	case DAY:
	case HOUR:
	case MINUTE:
	case SECOND:
	case MILLI:
	case MICRO:
		out->i = arg[1].i / unit_ticks(unit) - arg[2].i / unit_ticks(unit);
		break;
	}
}

/* make_datetime(year, month, day, hour, minute, seconds) */
HM_RT_FN(make_datetime)
{
	double seconds = arg[5].r;

	HM_RT_UNUSED(rt, num);
	out->null = true;
	for (int i = 0; i < 5; i++)
		if (arg[i].i < 0 || arg[i].i > 9999)
			return;
	if (!(seconds >= 0 && seconds < 60))
		return;
	put_time(out, hm_time_of((struct hm_civil){ .year = (int)arg[0].i,
						    .month = (int)arg[1].i,
						    .day = (int)arg[2].i,
						    .hour = (int)arg[3].i,
						    .minute = (int)arg[4].i }));
	if (!out->null)
		out->i += (int64_t)(seconds * (double)HM_TICKS_SECOND + 0.5);
}

/* make_timespan(days, hours, minutes, seconds) */
HM_RT_FN(make_timespan)
{
	double seconds = arg[3].r;

	HM_RT_UNUSED(rt, num);
	out->null = arg[0].i < 0 || arg[0].i > 10675198 || arg[1].i < 0 ||
		    arg[1].i > 23 || arg[2].i < 0 || arg[2].i > 59 ||
		    !(seconds >= 0 && seconds < 60);
	if (!out->null)
		out->i = arg[0].i * HM_TICKS_DAY + arg[1].i * TICKS_HOUR +
			 arg[2].i * TICKS_MINUTE +
			 (int64_t)(seconds * (double)HM_TICKS_SECOND + 0.5);
}

/* unixtime_*_todatetime: ticks in one unit of the argument. */
HM_RT_FN(unixtime)
{
	double ticks = arg[0].r * arg[1].r;

	HM_RT_UNUSED(rt, num);
	out->null = !(ticks > -1e18 && ticks < 3e18);
	if (!out->null)
		put_time(out, HM_UNIX_0 + (int64_t)ticks);
}

static size_t run_of(hm_bytes format, size_t at)
{
	size_t end = at;

	while (end < format.len && format.at[end] == format.at[at])
		end++;
	return end - at;
}

/* Digits of the fraction: f pads, F drops zeros at the end. */
static void add_fraction(struct hm_rt_text *t, unsigned ticks, size_t digits, bool pad)
{
	char text[16];

	if (digits > 7)
		digits = 7;
	snprintf(text, sizeof text, "%07u", ticks % 10000000);
	while (!pad && digits > 0 && text[digits - 1] == '0')
		digits--;
	hm_rt_add(t, (hm_bytes){ (const uint8_t *)text, digits });
}

static bool is_mark(uint8_t byte)
{
	return byte != 0 && strchr(" /-:,._[]", byte) != NULL;
}

/* Two letters or one: Kusto reads "dddd" as "dd" twice (datetime-0538). */
static size_t add_two(struct hm_rt_text *t, int value, size_t run)
{
	hm_rt_addf(t, run >= 2 ? "%02d" : "%d", value);
	return run >= 2 ? 2 : 1;
}

/* One field of format_datetime; the letters used, 0 where it is none. */
static size_t add_field(struct hm_rt_text *t, struct hm_civil c, uint8_t letter,
			size_t run)
{
	switch (letter) {
	case 'y':
		if (run >= 4) {
			hm_rt_addf(t, "%04d", c.year);
			return 4;
		}
		hm_rt_addf(t, "%02d", c.year % 100);
		return run >= 2 ? 2 : 1;
	case 'M': return add_two(t, c.month, run);
	case 'd': return add_two(t, c.day, run);
	case 'H': return add_two(t, c.hour, run);
	case 'h': return add_two(t, (c.hour + 11) % 12 + 1, run);
	case 'm': return add_two(t, c.minute, run);
	case 's': return add_two(t, c.second, run);
	case 'f':
	case 'F': add_fraction(t, (unsigned)c.ticks, run, letter == 'f'); return run;
	case 't': hm_rt_add_str(t, c.hour < 12 ? "AM" : "PM"); return run >= 2 ? 2 : 1;
	default: return 0;
	}
}

HM_RT_FN(format_datetime)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct hm_civil c = hm_civil_of(arg[0].i);
	hm_bytes format = arg[1].s;

	HM_RT_UNUSED(rt, num);
	for (size_t i = 0, used; i < format.len; i += used) {
		used = add_field(&t, c, format.at[i], run_of(format, i));
		if (used == 0 && is_mark(format.at[i])) {
			hm_rt_add_u8(&t, format.at[i]);
			used = 1;
		} else if (used == 0) {
			rt->error = "format_datetime: a letter that is no part of a time";
			return;
		}
	}
	out->s = hm_rt_done(&t);
}

static size_t add_span_field(struct hm_rt_text *t, uint64_t ticks, uint8_t letter,
			     size_t run)
{
	uint64_t seconds = ticks / (uint64_t)HM_TICKS_SECOND;

	switch (letter) {
	case 'd':
		hm_rt_addf(t, "%0*u", (int)run, (unsigned)(seconds / 86400));
		return run;
	case 'h':
	case 'H': return add_two(t, (int)(seconds / 3600 % 24), run);
	case 'm': return add_two(t, (int)(seconds / 60 % 60), run);
	case 's': return add_two(t, (int)(seconds % 60), run);
	case 'f':
	case 'F':
		add_fraction(t, (unsigned)(ticks % (uint64_t)HM_TICKS_SECOND), run,
			     letter == 'f');
		return run;
	default: return 0;
	}
}

HM_RT_FN(format_timespan)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	uint64_t ticks = arg[0].i < 0 ? 0 - (uint64_t)arg[0].i : (uint64_t)arg[0].i;
	hm_bytes format = arg[1].s;

	HM_RT_UNUSED(rt, num);
	if (arg[0].i < 0)
		hm_rt_add_u8(&t, '-');
	for (size_t i = 0, used; i < format.len; i += used) {
		used = add_span_field(&t, ticks, format.at[i], run_of(format, i));
		if (used == 0 && is_mark(format.at[i])) {
			hm_rt_add_u8(&t, format.at[i]);
			used = 1;
		} else if (used == 0) {
			rt->error = "format_timespan: a letter that is no part of a time";
			return;
		}
	}
	out->s = hm_rt_done(&t);
}
