/* SPDX-License-Identifier: MIT */
/*
 * hashes.h: the SHA-1 of processes that were reported without one.
 *
 * Rules are written for SHA1, but one process start in eight is logged without it:
 * Sysmon with other algorithms, Security 4688.  Other rows may tell it.  In order:
 *
 *   imageload  the load of the same image by the process of that identifier, which
 *              Sysmon logs for each program as it starts.  The path must match:
 *              identifiers of processes are used again
 *   sha256     a row of any table that has the process's SHA-256 and a SHA-1
 *   md5        likewise with MD5
 *   path       what was at that path of that machine within a day before or after,
 *              no change of the file being known between; nothing where what was
 *              there before and after differs
 *
 * DeviceProcessEvents.HashSource tells which; "event" where the event itself had it.
 * Only hashes that were reported count as evidence, so the result does not depend on
 * the order in which files are loaded: what was derived is derived anew each time.
 */
#ifndef HM_STORE_HASHES_H
#define HM_STORE_HASHES_H

#include "store/store.h"

struct hm_hash_counts {
	int64_t without; /* processes reported without SHA-1; of them: */
	int64_t imageload, sha256, md5, path;
};

/* One transaction.  HM_EIO: hm_store_why tells. */
hm_err hm_hashes_derive(struct hm_store *s, struct hm_hash_counts *out);

#endif
