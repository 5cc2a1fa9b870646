/* SPDX-License-Identifier: MIT */
#include "check.h"
#include "telemetry/event.h"
#include "telemetry/record.h"

static void check_event(void)
{
	static struct hm_event e;

	hm_event_begin(&e, HM_TABLE_PROC);
	check(!hm_event_has(&e, HM_COL_PROC_SHA1), "a new event is empty");
	hm_event_text(&e, HM_COL_PROC_SHA1, hm_bytes_of("ab"));
	hm_event_text(&e, HM_COL_PROC_MD5, hm_bytes_of(""));
	hm_event_time(&e, HM_COL_PROC_ProcessCreationTime, HM_NO_TIME);
	hm_event_int(&e, HM_COL_PROC_IngestedAt, 7);
	check(hm_is(hm_event_get(&e, HM_COL_PROC_SHA1), "ab"), "a text is set");
	check(!hm_event_has(&e, HM_COL_PROC_MD5), "an empty text sets nothing");
	check(!hm_event_has(&e, HM_COL_PROC_ProcessCreationTime), "nor does no time");
	check(hm_event_has(&e, HM_COL_PROC_IngestedAt), "the last column has room");
	hm_event_begin(&e, HM_TABLE_CERT);
	check(hm_event_get(&e, HM_COL_CERT_Signer).len == 0, "beginning again empties");
}

static void check_record(void)
{
	const struct hm_field fields[] = {
		{ .name = hm_bytes_of("Image"), .text = hm_bytes_of("a") },
		{ .name = hm_bytes_of("Data"), .text = hm_bytes_of("b") },
		{ .name = hm_bytes_of("Data"), .text = hm_bytes_of("c") },
	};
	const struct hm_record r = { .fields = fields, .field_count = 3 };
	size_t hint = 9;

	check(hm_record_field(&r, hm_bytes_of("Data"), &hint) == &fields[1],
	      "the first of a name is found");
	check(hint == 1, "and remembered");
	check(hm_record_field(&r, hm_bytes_of("Image"), &hint) == &fields[0],
	      "a wrong hint does no harm");
	check(hm_record_field(&r, hm_bytes_of("image"), NULL) == NULL, "case matters");
}

int main(void)
{
	check_event();
	check_record();
	return check_done();
}
