/* SPDX-License-Identifier: MIT */
/*
 * confine.h: give up every right that a worker does not need, for good.
 */
#ifndef HM_PROC_CONFINE_H
#define HM_PROC_CONFINE_H

#include <stddef.h>

#include "base/err.h"

/*
 * Keep only the descriptors 2 and keep, limit memory to what is mapped already (an
 * arena of memory_bytes among it), deny new processes, files and sockets.  *abi is the
 * Landlock ABI found, 0 where there is none.  HM_EUNSUP, with *why a static
 * sentence, where seccomp cannot be set: then nothing hostile may be read.
 */
hm_err hm_confine(int keep, size_t memory_bytes, int *abi, const char **why);

#endif
