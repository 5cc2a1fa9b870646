/* SPDX-License-Identifier: MIT */
#include "base/time.h"

#include <stdio.h>
#include <time.h>

hm_time hm_time_now(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		return HM_NO_TIME;
	return hm_time_of_unix(now.tv_sec) + now.tv_nsec / 100;
}

/* Counting years from March puts the leap day last (Hinnant, days_from_civil). */
int64_t hm_days_of(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	/* 306: days from 0000-03-01 to 0001-01-01 */
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 306;
}

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

hm_time hm_time_of(struct hm_civil c)
{
	if (c.year < 1 || c.year > 9999 || c.month < 1 || c.month > 12)
		return HM_NO_TIME;
	if (c.day < 1 || c.day > days_in(c.year, c.month))
		return HM_NO_TIME;
	if (c.hour < 0 || c.hour > 23 || c.minute < 0 || c.minute > 59)
		return HM_NO_TIME;
	if (c.second < 0 || c.second > 59 || c.ticks < 0 || c.ticks >= HM_TICKS_SECOND)
		return HM_NO_TIME;

	int64_t seconds = (c.hour * 60 + c.minute) * 60 + c.second;
	return hm_days_of(c.year, c.month, c.day) * HM_TICKS_DAY +
	       seconds * HM_TICKS_SECOND + c.ticks;
}

struct hm_civil hm_civil_of(hm_time time)
{
	bool before = time % HM_TICKS_DAY < 0;
	int64_t days = time / HM_TICKS_DAY - before;
	int64_t ticks = time % HM_TICKS_DAY + (before ? HM_TICKS_DAY : 0);
	int64_t shifted = days + 306;
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int64_t of_era = shifted - era * 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t march = (5 * of_year + 2) / 153;
	int month = (int)(march < 10 ? march + 3 : march - 9);
	int64_t seconds = ticks / HM_TICKS_SECOND;

	return (struct hm_civil){
		.year = (int)(year + era * 400 + (month <= 2)),
		.month = month,
		.day = (int)(of_year - (153 * march + 2) / 5 + 1),
		.hour = (int)(seconds / 3600),
		.minute = (int)(seconds / 60 % 60),
		.second = (int)(seconds % 60),
		.ticks = (int32_t)(ticks % HM_TICKS_SECOND),
	};
}

hm_time hm_time_of_filetime(uint64_t filetime)
{
	if (filetime > (uint64_t)(HM_TIME_MAX - HM_FILETIME_0))
		return HM_NO_TIME;
	return HM_FILETIME_0 + (hm_time)filetime;
}

hm_time hm_time_of_unix(int64_t seconds)
{
	if (seconds < -HM_UNIX_0 / HM_TICKS_SECOND ||
	    seconds > (HM_TIME_MAX - HM_UNIX_0) / HM_TICKS_SECOND)
		return HM_NO_TIME;
	return HM_UNIX_0 + seconds * HM_TICKS_SECOND;
}

int64_t hm_unix_of(hm_time time)
{
	int64_t since = time - HM_UNIX_0;

	return since / HM_TICKS_SECOND - (since % HM_TICKS_SECOND < 0);
}

/* width decimal digits, no sign, no space. */
static int read_digits(struct hm_cur *c, int width, const char *field)
{
	int value = 0;

	for (int i = 0; i < width; i++) {
		uint8_t byte = hm_u8(c, field);

		hm_rule(c, byte >= '0' && byte <= '9', field);
		value = value * 10 + byte - '0';
	}
	return c->err == HM_OK ? value : 0;
}

static bool skip(struct hm_cur *c, char byte)
{
	if (!hm_more(c) || hm_peek(c) != byte)
		return false;
	hm_take(c, 1, "separator");
	return true;
}

static int32_t read_fraction(struct hm_cur *c)
{
	int32_t ticks = 0;
	int seen = 0;

	for (; hm_peek(c) >= '0' && hm_peek(c) <= '9'; seen++) {
		int digit = read_digits(c, 1, "fraction");
		if (seen < 7)
			ticks = ticks * 10 + digit;
	}
	hm_rule(c, seen >= 1 && seen <= 9, "one to nine digits of fraction");
	for (; seen < 7; seen++)
		ticks *= 10;
	return ticks;
}

static void read_clock(struct hm_cur *c, struct hm_civil *out)
{
	out->hour = read_digits(c, 2, "hour");
	hm_rule(c, skip(c, ':'), "colon");
	out->minute = read_digits(c, 2, "minute");
	if (!skip(c, ':'))
		return;
	out->second = read_digits(c, 2, "second");
	if (skip(c, '.'))
		out->ticks = read_fraction(c);
}

/* Ticks to subtract to come to UTC. */
static int64_t read_offset(struct hm_cur *c)
{
	if (!hm_more(c) || skip(c, 'Z') || skip(c, 'z'))
		return 0;

	bool east = hm_peek(c) == '+';
	hm_rule(c, skip(c, '+') || skip(c, '-'), "sign of the offset");
	int hours = read_digits(c, 2, "hours of the offset");
	skip(c, ':');
	int minutes = read_digits(c, 2, "minutes of the offset");
	hm_rule(c, hours <= 14 && minutes <= 59, "an offset is at most 14 hours");
	return (east ? 1 : -1) * (hours * 60 + minutes) * 60 * HM_TICKS_SECOND;
}

hm_time hm_time_parse(hm_bytes text)
{
	struct hm_cur c = hm_cur_of(text);
	struct hm_civil civil = { 0 };
	int64_t east = 0;

	civil.year = read_digits(&c, 4, "year");
	hm_rule(&c, skip(&c, '-'), "hyphen");
	civil.month = read_digits(&c, 2, "month");
	hm_rule(&c, skip(&c, '-'), "hyphen");
	civil.day = read_digits(&c, 2, "day");
	if (skip(&c, 'T') || skip(&c, ' ')) {
		read_clock(&c, &civil);
		east = read_offset(&c);
	}
	hm_rule(&c, hm_left(&c) == 0, "nothing after the time");

	hm_time time = c.err == HM_OK ? hm_time_of(civil) : HM_NO_TIME;
	if (time == HM_NO_TIME || time < east || time - east > HM_TIME_MAX)
		return HM_NO_TIME;
	return time - east;
}

char *hm_time_text(hm_time time, char out[HM_TIME_TEXT])
{
	struct hm_civil c = hm_civil_of(time);

	out[0] = '\0';
	if (time >= 0 && time <= HM_TIME_MAX)
		snprintf(out, HM_TIME_TEXT, "%04u-%02u-%02uT%02u:%02u:%02u.%07uZ",
			 (unsigned)c.year % 10000, (unsigned)c.month % 100,
			 (unsigned)c.day % 100, (unsigned)c.hour % 100,
			 (unsigned)c.minute % 100, (unsigned)c.second % 100,
			 (unsigned)c.ticks % 10000000);
	return out;
}

char *hm_time_short(hm_time time, char out[HM_TIME_TEXT])
{
	struct hm_civil c = hm_civil_of(time);

	out[0] = '\0';
	if (time >= 0 && time <= HM_TIME_MAX)
		snprintf(out, HM_TIME_TEXT, "%04u-%02u-%02u %02u:%02u:%02u UTC",
			 (unsigned)c.year % 10000, (unsigned)c.month % 100,
			 (unsigned)c.day % 100, (unsigned)c.hour % 100,
			 (unsigned)c.minute % 100, (unsigned)c.second % 100);
	return out;
}
