/* SPDX-License-Identifier: MIT */
/*
 * refused.h: records that were not understood, kept in refused.jsonl of the data
 * folder, each once: a file that is read again adds nothing.
 */
#ifndef HM_CLI_REFUSED_H
#define HM_CLI_REFUSED_H

#include "telemetry/ingest.h"

struct hm_refused_log;

/* Open the folder's log, making it where it is missing; NULL where errno tells why not.
 */
struct hm_refused_log *hm_refused_open(const char *folder);

/* Keep one record of the file of that name; line counts from 1, 0 where lines are not
 * counted. */
void hm_refused_put(struct hm_refused_log *log, const char *file, uint64_t line,
		    const struct hm_refused *r);

/* Have it on the disk: false where errno tells why not. */
bool hm_refused_sync(struct hm_refused_log *log);

const char *hm_refused_path(const struct hm_refused_log *log);

/* Takes NULL. */
void hm_refused_close(struct hm_refused_log *log);

#endif
