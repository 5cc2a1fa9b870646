/* SPDX-License-Identifier: MIT */
/*
 * pem.h: the blocks of a PEM text (RFC 7468), whatever stands between them.
 */
#ifndef HM_VERDICT_PEM_H
#define HM_VERDICT_PEM_H

#include "base/arena.h"

struct hm_pem {
	hm_bytes label; /* "CERTIFICATE" */
	hm_bytes der;   /* decoded, in the arena */
};

/* Whether text holds the beginning of a block. */
bool hm_pem_is(hm_bytes text);

/* The next block; false at the end, or at a broken one: text->err tells. */
bool hm_pem_next(struct hm_cur *text, struct hm_arena *a, struct hm_pem *out);

#endif
