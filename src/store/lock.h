/* SPDX-License-Identifier: MIT */
/*
 * lock.h: one process at a time owns a data folder.
 */
#ifndef HM_STORE_LOCK_H
#define HM_STORE_LOCK_H

#include "base/bytes.h"

enum { HM_LOCK_HOLDER = 128 };

struct hm_lock_spec {
	const char *path;
	const char *command; /* what we are, for those who wait for us */
	/* Called once where another process has it, with "ingest (process 7)". */
	void (*waiting)(void *ctx, const char *holder);
	void *ctx;
};

/* Own the file, waiting for it if need be; *fd then holds it until it is closed.
 * HM_EIO with errno where it cannot be opened or locked. */
hm_err hm_lock_take(const struct hm_lock_spec *spec, int *fd);

#endif
