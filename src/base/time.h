/* SPDX-License-Identifier: MIT */
/*
 * time.h: one kind of time everywhere.
 *
 * hm_time counts 100-nanosecond ticks since 0001-01-01 00:00:00 UTC in the
 * proleptic Gregorian calendar, as KQL's datetime does.  HM_NO_TIME stands for
 * a time that is absent.  Nothing here asks the clock but hm_time_now.
 */
#ifndef HM_BASE_TIME_H
#define HM_BASE_TIME_H

#include "base/bytes.h"

typedef int64_t hm_time;

#define HM_NO_TIME      INT64_MIN
#define HM_TICKS_SECOND INT64_C(10000000)
#define HM_TICKS_DAY    (86400 * HM_TICKS_SECOND)
/* 9999-12-31 23:59:59.9999999, the last time that KQL knows. */
#define HM_TIME_MAX INT64_C(3155378975999999999)
/* 1601-01-01 and 1970-01-01 in ticks. */
#define HM_FILETIME_0 INT64_C(504911232000000000)
#define HM_UNIX_0     INT64_C(621355968000000000)

/* Broken-down UTC.  month and day count from 1; ticks are within the second. */
struct hm_civil {
	int year, month, day, hour, minute, second;
	int32_t ticks;
};

hm_time hm_time_now(void);

/* HM_NO_TIME where the fields name no time between years 1 and 9999;
 * second 60 is none. */
hm_time hm_time_of(struct hm_civil civil);
struct hm_civil hm_civil_of(hm_time time);

/* Days since 0001-01-01 of a date, and back. */
int64_t hm_days_of(int year, int month, int day);

/* Between the two epochs; out of range is HM_NO_TIME. */
hm_time hm_time_of_filetime(uint64_t filetime);
hm_time hm_time_of_unix(int64_t seconds);
int64_t hm_unix_of(hm_time time);

/*
 * ISO 8601: YYYY-MM-DD[(T| )hh:mm[:ss[.f{1,9}]]][Z|(+|-)hh[:]mm], the whole text. Without
 * an offset it is UTC; with one it is converted.  Digits past the seventh are
 * dropped.  HM_NO_TIME where the text is anything else.
 */
hm_time hm_time_parse(hm_bytes text);

/* "2020-01-01T00:00:00.0000000Z" and "2020-01-01 00:00:00 UTC": both need room for
 * HM_TIME_TEXT bytes and return out; HM_NO_TIME gives "". */
enum { HM_TIME_TEXT = 32 };
char *hm_time_text(hm_time time, char out[HM_TIME_TEXT]);
char *hm_time_short(hm_time time, char out[HM_TIME_TEXT]);

#endif
