/* SPDX-License-Identifier: MIT */
/*
 * bloom.h: which row identities may be stored already.
 *
 * A filter of blocks of 64 bytes: no false negatives, and with 64 MiB one false
 * positive in 100,000 at 20 million rows.  Identities are taken from SHA-256, so
 * their own bits serve as hashes.
 */
#ifndef HM_STORE_BLOOM_H
#define HM_STORE_BLOOM_H

#include "base/bytes.h"

struct hm_row_id {
	uint64_t low, high;
};

struct hm_bloom {
	uint64_t *words;
	size_t num_blocks;
};

/* 64 MiB of address space; pages cost nothing until used. */
hm_err hm_bloom_open(struct hm_bloom *out);
void hm_bloom_close(struct hm_bloom *b);

/* Add an identity; whether it may have been there. */
bool hm_bloom_add(struct hm_bloom *b, struct hm_row_id id);

#endif
