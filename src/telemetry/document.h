/* SPDX-License-Identifier: MIT */
/*
 * document.h: from JSON values to records and rows, whatever layout they are in.
 *
 * The layout is found out value by value, by the keys that are characteristic of
 * it (reference: sources 1 to 10 of the telemetry notes):
 *
 *   containers   arrays; {"records": []} of Event Hubs; {"Results": []} of the
 *                advanced hunting API and {"results": []} of Graph; Elasticsearch's
 *                {"_source": {}}
 *   Defender     {"category": "AdvancedHunting-T", "properties": {}}; rows of Log
 *                Analytics ("Type": "T"); bare rows, told by their columns
 *   Windows      Winlogbeat 7 and Elastic Agent (winlog.*), Winlogbeat 6, flat
 *                (NXLog, forwarded events), Event.System.*, Wazuh (data.win.*),
 *                Fluent Bit, Sentinel's Event, WindowsEvent and SecurityEvent
 *   documents    ECS, OCSF 1007 and 1005, osquery
 *   wrappers     Vector's and Fluent Bit's {"message": TEXT}, Sentinel's Syslog,
 *                whose text is read in turn
 *
 * A value in none of them is refused by name, not guessed at.
 */
#ifndef HM_TELEMETRY_DOCUMENT_H
#define HM_TELEMETRY_DOCUMENT_H

#include "base/json.h"
#include "telemetry/map.h"
#include "telemetry/tally.h"

/* The event ids of the layouts "ecs", "ocsf" and "osquery" in map.def. */
enum hm_document {
	HM_DOCUMENT_PROCESS = 1,
	HM_DOCUMENT_MODULE = 2,
	HM_DOCUMENT_AUTHENTICODE = 3,
};

/* Whether a record's provider is such a layout. */
bool hm_is_document(hm_bytes provider);

struct hm_defender;

struct hm_reader {
	struct hm_arena *arena; /* for what lives as long as the row */
	struct hm_map *map;
	struct hm_defender *defender;
	struct hm_sink sink;
	struct hm_tally *tally;
	int table;       /* enum hm_table_id of bare rows where it was given, or -1 */
	int zone;        /* minutes east of UTC of times that name no zone */
	bool zone_given; /* without it such times are refused where they are local */
	const char *why; /* set where a value was refused: a static sentence */
};

/* A reader whose tables live in a.  sink, tally and the options are the caller's. */
struct hm_reader hm_reader_of(struct hm_arena *a);

/* Give the sink the rows of one JSON value, or of all that it holds.  Returns how
 * many; a value that is known but not mapped gives none and no why. */
int hm_document_read(struct hm_reader *r, const struct hm_json *value);

/* A line of text: JSON, an event in XML with or without a syslog head, or neither. */
int hm_text_read(struct hm_reader *r, hm_bytes line);

/* A record that some reader made: counted, mapped, its rows given to the sink. */
int hm_record_read(struct hm_reader *r, const struct hm_record *record);

#endif
