/* SPDX-License-Identifier: MIT */
/*
 * documents.h: JSON of systems that are not Windows' own log: Elastic Common Schema,
 * OCSF process and module activity, osquery.  For document.c only.
 *
 * Each returns false where the object is none of its kind, and else tells how many
 * rows it gave.
 */
#ifndef HM_TELEMETRY_DOCUMENTS_H
#define HM_TELEMETRY_DOCUMENTS_H

#include "telemetry/document.h"

bool hm_ocsf_try(struct hm_reader *r, const struct hm_json *object, int *rows);
bool hm_osquery_try(struct hm_reader *r, const struct hm_json *object, int *rows);
/* A process that started, or a library or driver that was loaded. */
bool hm_ecs_try(struct hm_reader *r, const struct hm_json *object, int *rows);
/* A document of Elastic about something else: counted. */
bool hm_other_ecs_try(struct hm_reader *r, const struct hm_json *object, int *rows);

#endif
