/* SPDX-License-Identifier: MIT */
/*
 * windows.h: Windows events in the JSON of their shippers.
 *
 * Each shipper names provider, id, time, computer and record number in its own
 * way, and puts the event's data beside them, below them or in a list without
 * names.  They are brought to struct hm_record; keys are case-sensitive, since
 * NXLog's ProcessID is the logger's and ProcessId the event's.
 */
#ifndef HM_TELEMETRY_WINDOWS_H
#define HM_TELEMETRY_WINDOWS_H

#include "telemetry/document.h"

/* False where the object is no Windows event of a known shipper. */
bool hm_windows_read(struct hm_reader *r, const struct hm_json *object, int *rows);

/* A row of Sentinel's Event table, whose EventData is XML. */
bool hm_windows_read_event(struct hm_reader *r, const struct hm_json *object,
			   hm_bytes data, int *rows);

/* The time of a record: UTC, or with the zone that the user gave for local ones. */
hm_time hm_reader_time(const struct hm_reader *r, hm_bytes text, bool local);

/* Whether a time in ISO 8601 names its zone. */
bool hm_time_zoned(hm_bytes text);

#endif
