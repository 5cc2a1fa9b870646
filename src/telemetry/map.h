/* SPDX-License-Identifier: MIT */
/*
 * map.h: from records to rows, by the table in map.def.
 */
#ifndef HM_TELEMETRY_MAP_H
#define HM_TELEMETRY_MAP_H

#include "base/arena.h"
#include "telemetry/event.h"
#include "telemetry/record.h"

enum hm_finish {
	HM_FINISH_NONE,
	HM_FINISH_SYSMON,         /* `Signed`, `Signature`, `SignatureStatus` */
	HM_FINISH_CODE_INTEGRITY, /* `VerificationError`, `SignatureType` */
	HM_FINISH_CAPI2,          /* `WinVerifyTrust.Result.value` */
	HM_FINISH_ECS_PROCESS,    /* `process.code_signature` */
	HM_FINISH_ECS_MODULE,     /* `dll.code_signature`, `file.code_signature` */
	HM_FINISH_OCSF,           /* `signature.state_id` */
	HM_FINISH_OSQUERY,        /* `columns.result` */
	HM_FINISH_SIGCHECK,       /* `Verified` */
};

/* Takes each row; it lives until the call returns. */
struct hm_sink {
	void (*row)(void *ctx, const struct hm_event *row);
	void *ctx;
};

/* Where things were found in the record before: for speed, nothing else.  Zeroed
 * before first use; one for each reader. */
struct hm_map;
struct hm_map *hm_map_new(struct hm_arena *a);

/* Give sink the record's rows.  Returns how many; 0 where the map has no such event. */
int hm_map_record(struct hm_map *map, const struct hm_record *r, struct hm_arena *a,
		  const struct hm_sink *sink);

/* Whether some row of map.def is for this provider and id. */
bool hm_map_knows(hm_bytes provider, int64_t event_id);

#endif
