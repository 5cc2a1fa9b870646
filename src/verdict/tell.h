/* SPDX-License-Identifier: MIT */
/*
 * tell.h: parsed things as the texts of a verdict, copied to the arena.
 */
#ifndef HM_VERDICT_TELL_H
#define HM_VERDICT_TELL_H

#include "verdict/chain.h"

/* UTF-8 text of at most HM_MAX_TOLD bytes, cut at a character. */
enum { HM_MAX_TOLD = 4096 };
hm_bytes hm_tell_text(struct hm_arena *a, hm_bytes text);

/* The same of bytes that should be ASCII: others become '?'. */
hm_bytes hm_tell_ascii(struct hm_arena *a, hm_bytes text);

/* Lower-case hex. */
hm_bytes hm_tell_hex(struct hm_arena *a, hm_bytes bytes);

struct hm_link hm_tell_cert(struct hm_court *court, const struct hm_cert *cert,
			    bool from_file);

struct hm_chain_told hm_tell_chain(struct hm_court *court, const struct hm_chain *chain);

#endif
