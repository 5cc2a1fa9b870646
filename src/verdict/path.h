/* SPDX-License-Identifier: MIT */
/*
 * path.h: the faults of one path, at a moment and for a purpose.
 *
 * Private to chain.c, which finds the paths.
 */
#ifndef HM_VERDICT_PATH_H
#define HM_VERDICT_PATH_H

#include "verdict/chain.h"

/* Adds to path's faults and flags all that its certificates and its root give rise to. */
void hm_path_weigh(struct hm_court *court, const struct hm_chain_ask *ask,
		   struct hm_chain *path);

#endif
