/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/time.h"
#include "check.h"

/* clang-format off */
static const struct {
	const char *text, *iso; /* iso NULL: refused */
} cases[] = {
	{ "2020-01-01T00:00:00Z", "2020-01-01T00:00:00.0000000Z" },
	{ "2020-01-01", "2020-01-01T00:00:00.0000000Z" },
	{ "2020-08-30T06:38:35.7664356Z", "2020-08-30T06:38:35.7664356Z" },
	{ "2020-10-18 07:50:06.220", "2020-10-18T07:50:06.2200000Z" },
	{ "2020-01-01T00:00:00.123456789Z", "2020-01-01T00:00:00.1234567Z" },
	{ "2020-01-01T02:00:00+02:00", "2020-01-01T00:00:00.0000000Z" },
	{ "2019-12-31T19:00:00-0500", "2020-01-01T00:00:00.0000000Z" },
	{ "0001-01-01", "0001-01-01T00:00:00.0000000Z" },
	{ "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z" },
	{ "2024-02-29", "2024-02-29T00:00:00.0000000Z" },
	{ "2000-02-29", "2000-02-29T00:00:00.0000000Z" },
	{ "1900-02-29", NULL },
	{ "2023-02-29", NULL },
	{ "2020-13-01", NULL },
	{ "2020-00-01", NULL },
	{ "2020-01-32", NULL },
	{ "2020-01-01T24:00:00Z", NULL },
	{ "2020-01-01T00:00:60Z", NULL },
	{ "2020-01-01T00:00:00.Z", NULL },
	{ "2020-01-01T00:00:00.0123456789Z", NULL },
	{ "2020-01-01T00:00:00Zx", NULL },
	{ "0001-01-01T00:00:00+01:00", NULL },
	{ "9999-12-31T23:59:59-01:00", NULL },
	{ "0000-01-01", NULL },
	{ "", NULL },
	{ "now", NULL },
};
/* clang-format on */

static void test_parse(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[HM_TIME_TEXT];
		hm_time time = hm_time_parse(hm_bytes_of(cases[i].text));
		const char *want = cases[i].iso != NULL ? cases[i].iso : "";

		check(strcmp(hm_time_text(time, text), want) == 0, "\"%s\" is %s",
		      cases[i].text, text);
	}
}

static void test_calendar_is_its_own_inverse(void)
{
	bool same = true;

	for (hm_time t = 0; t < HM_TIME_MAX; t += HM_TICKS_DAY * 13 + 12345678901)
		same = same && hm_time_of(hm_civil_of(t)) == t;
	check(same, "civil date and time go to ticks and back");
}

static void test_epochs(void)
{
	check(hm_time_of_unix(0) == hm_time_parse(hm_bytes_of("1970-01-01")),
	      "Unix epoch");
	check(hm_time_of_filetime(0) == hm_time_parse(hm_bytes_of("1601-01-01")),
	      "FILETIME epoch");
	check(hm_time_of_filetime(UINT64_MAX) == HM_NO_TIME,
	      "FILETIME past year 9999 is none");
	check(hm_unix_of(hm_time_of_unix(-1)) == -1, "a second before 1970");
	check(hm_time_of_unix(INT64_MAX) == HM_NO_TIME,
	      "Unix time past year 9999 is none");
}

int main(void)
{
	test_parse();
	test_calendar_is_its_own_inverse();
	test_epochs();
	return check_done();
}
