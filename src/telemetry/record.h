/* SPDX-License-Identifier: MIT */
/*
 * record.h: one record of a log, whatever shipped it: the common form that every
 * reader (EVTX, the JSON layouts, XML in syslog, CSV) brings its input to, and
 * from which one mapping makes rows.
 *
 * Fields are named values in the order of the source, duplicates kept.
 *   Windows events: EventData by its Data Name ("Image", "Hashes"), nameless Data
 *     as "Data"; UserData by the path of elements and attributes below it, joined
 *     with dots ("WinVerifyTrust.DigestInfo.digest").
 *   JSON documents: by the path of keys, joined with dots ("process.hash.sha1").
 * Values are UTF-8, as the source writes them: not trimmed, "-" not yet emptied.
 * A reader that knows a value to be a number, a truth value or JSON says so.
 *
 * Views live as long as the source's buffer and the arena of the work.
 */
#ifndef HM_TELEMETRY_RECORD_H
#define HM_TELEMETRY_RECORD_H

#include "base/time.h"

enum hm_field_kind {
	HM_FIELD_TEXT,
	HM_FIELD_JSON, /* text is JSON: a number, true, false, an object or an array */
};

struct hm_field {
	hm_bytes name, text;
	enum hm_field_kind kind;
};

struct hm_record {
	hm_bytes provider; /* "Microsoft-Windows-Sysmon"; empty where there is none */
	int64_t event_id;  /* of the provider; -1 where there is none */
	hm_bytes channel, computer;
	hm_bytes user_sid;    /* System/Security UserID: of the logger, not the actor */
	hm_bytes activity_id; /* System/Correlation ActivityID */
	hm_time time;         /* System/TimeCreated, HM_NO_TIME where absent */
	int64_t record_id;    /* System/EventRecordID, -1 where absent */
	const struct hm_field *fields;
	size_t field_count;
};

/* The first field of that name; NULL where there is none.  hint remembers where it
 * was found in the record before, which is where it mostly is again; it may be NULL. */
const struct hm_field *hm_record_field(const struct hm_record *r, hm_bytes name,
				       size_t *hint);

#endif
