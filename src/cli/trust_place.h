/* SPDX-License-Identifier: MIT */
/*
 * trust_place.h: the trust store's place in the data folder.
 *
 * One command at a time changes it (trust.lock); readers need no lock, since the
 * store is replaced in one step when the new one is whole.
 */
#ifndef HM_CLI_TRUST_PLACE_H
#define HM_CLI_TRUST_PLACE_H

#include <limits.h>

#include "base/bytes.h"
#include "cli/planning.h"

struct hm_trust_place {
	char store[PATH_MAX];   /* the compiled store */
	char partial[PATH_MAX]; /* folder of what a broken-off update has fetched */
	int lock;               /* -1: not taken */
};

/* data NULL: the default folder.  Complains and returns false. */
bool hm_trust_place_of(const char *data, struct hm_trust_place *out);

/* Make the folder and own the store, waiting for another command if need be. */
bool hm_trust_place_lock(struct hm_trust_place *place);
void hm_trust_place_unlock(struct hm_trust_place *place);

/* A plan with all that the store has; NULL after a complaint.  A store of another
 * version is left out, which is said. */
struct hm_planning *hm_trust_place_plan(const struct hm_trust_place *place);

/* Compile the plan and put it in the store's place, durably.  Complains. */
bool hm_trust_place_commit(const struct hm_trust_place *place,
			   struct hm_planning *planning);

/* bytes as file path, whole or not at all; durable: also through a power failure.
 * Complains. */
bool hm_write_whole(const char *path, hm_bytes bytes, bool durable);

/* A descriptor over a copy of bytes, to be closed; -1 after a complaint. */
int hm_memory_file(const char *name, hm_bytes bytes);

#endif
