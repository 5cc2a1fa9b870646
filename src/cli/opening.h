/* SPDX-License-Identifier: MIT */
/*
 * opening.h: the data folder, for the commands that need one.
 */
#ifndef HM_CLI_OPENING_H
#define HM_CLI_OPENING_H

#include "base/arena.h"
#include "store/store.h"

/*
 * Open want->folder, or the default one where it is NULL, for want->command.  Waits for
 * another process that has it, and says for whom; complains and gives NULL where it
 * cannot.
 */
struct hm_store *hm_open_data(struct hm_arena *a, const struct hm_store_spec *want);

/* Whether there is such a folder; complains where not.  For commands that only read: what
 * was mistyped is not to pass for a folder without events. */
bool hm_data_is_there(struct hm_arena *a, const char *folder);

/*
 * Ctrl-C and a time limit for what the store runs: from hm_watch_start on, the first of
 * them interrupts it.  Ctrl-C twice ends the program as it does without us.
 */
struct hm_watch;
struct hm_watch *hm_watch_start(struct hm_arena *a, struct hm_store *store,
				unsigned timeout_seconds);
/* Stop watching.  Why it was interrupted, or NULL where it was not. */
const char *hm_watch_stop(struct hm_watch *w);

#endif
