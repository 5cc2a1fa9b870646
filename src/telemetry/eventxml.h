/* SPDX-License-Identifier: MIT */
/*
 * eventxml.h: one Windows event as rendered XML, with or without a syslog head:
 * Sysmon for Linux, Splunk's XmlWinEventLog, wevtutil.
 *
 * Just the XML that Windows writes: elements, attributes, text, the five named
 * entities and character references.  No DTD, no other entities, no namespaces:
 * such input is refused.
 */
#ifndef HM_TELEMETRY_EVENTXML_H
#define HM_TELEMETRY_EVENTXML_H

#include "telemetry/document.h"

/* Whether the text holds "<Event" followed by ">" or a space. */
bool hm_has_event_xml(hm_bytes text);

/* All events in the text.  Returns rows; sets r->why where one is refused. */
int hm_eventxml_read(struct hm_reader *r, hm_bytes text);

/* The data of an event alone ("<EventData>..." or "<DataItem>..." as Sentinel's Event
 * table has it) as fields.  HM_EFORMAT where it is malformed. */
hm_err hm_eventxml_fields(hm_bytes data, struct hm_arena *a, struct hm_field **out,
			  size_t *num);

#endif
