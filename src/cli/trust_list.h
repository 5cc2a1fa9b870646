/* SPDX-License-Identifier: MIT */
/*
 * trust_list.h: what a trust store holds, for people and for programs.
 *
 * Each takes the store's path, prints, and returns an exit status.  Where there is
 * no store they say so, and what serves in its place.
 */
#ifndef HM_CLI_TRUST_LIST_H
#define HM_CLI_TRUST_LIST_H

#include "cli/cli.h"

/* Dates and counts. */
int hm_trust_tell(const char *store);

/* One root a line; format is "table", "jsonl" or NULL: a table on a terminal. */
int hm_trust_list(const char *store, const char *format);

/* Roots by SHA-1 or SHA-256, also of those compiled in, and whether they are
 * distrusted.  HM_EXIT_FAILED for one that is not known. */
int hm_trust_show(const char *store, const struct hm_list *thumbprints);

#endif
