/* SPDX-License-Identifier: MIT */
/*
 * csv.h: tables as text (RFC 4180): exports of the Defender portal, and the reports
 * of Sysinternals' sigcheck.
 *
 * The portal writes times as the browser's language does.  They are read where
 * they can mean one thing only: the order of day and month must be plain or given
 * (--dates), and a time that names no zone needs one (--tz).  Otherwise the row is
 * refused.  Log Analytics names the zone in the head: "TimeGenerated [UTC]".
 *
 * sigcheck writes a banner before the head, and code page 1252 or UTF-16.
 */
#ifndef HM_TELEMETRY_CSV_H
#define HM_TELEMETRY_CSV_H

#include "telemetry/ingest_part.h"

/* Whether the first line of a file is the head of such a table. */
bool hm_csv_is(hm_bytes head);

void hm_csv_read(struct hm_part_reading *p);

enum hm_date_order { HM_DATES_UNKNOWN, HM_DATES_DAY_FIRST, HM_DATES_MONTH_FIRST };

enum hm_locale_found {
	HM_LOCALE_TIME,
	HM_LOCALE_NONE,      /* no time of any known form */
	HM_LOCALE_AMBIGUOUS, /* day and month could be either way round */
	HM_LOCALE_LOCAL,     /* a time, but of no known zone; *out is as if UTC */
};

/* ISO 8601, or as people write it in English, German, French, Spanish, Italian,
 * Portuguese, Dutch, Swedish, Danish, Norwegian, Polish, Japanese, Chinese and Korean:
 * "13/03/2024, 3:40:13.988 pm", "13.03.2024 15:40:13", "May 7, 2024 6:41:33 PM",
 * "7 mai 2024 18:41". */
enum hm_locale_found hm_locale_time(hm_bytes text, enum hm_date_order order,
				    hm_time *out);

#endif
