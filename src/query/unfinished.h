/* SPDX-License-Identifier: MIT */
/*
 * unfinished.h: whether a text that is being typed wants more, though it ends with `;`.
 */
#ifndef HM_QUERY_UNFINISHED_H
#define HM_QUERY_UNFINISHED_H

#include "base/arena.h"

/* True within brackets, and where there are let statements only or nothing at all.  A
 * text with a fault is finished: the fault is to be shown. */
bool hm_is_unfinished(hm_bytes text, struct hm_arena *a);

#endif
