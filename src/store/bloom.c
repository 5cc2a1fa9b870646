/* SPDX-License-Identifier: MIT */
#include "store/bloom.h"

#include <sys/mman.h>

enum { BLOCK_WORDS = 8, BLOOM_BLOCKS = 1 << 20, BITS = 8 };

hm_err hm_bloom_open(struct hm_bloom *out)
{
	size_t bytes = sizeof(uint64_t) * BLOCK_WORDS * BLOOM_BLOCKS;
	void *mem = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (mem == MAP_FAILED)
		return HM_EIO;
	*out = (struct hm_bloom){ .words = mem, .num_blocks = BLOOM_BLOCKS };
	return HM_OK;
}

void hm_bloom_close(struct hm_bloom *b)
{
	if (b->words != NULL)
		munmap(b->words, sizeof(uint64_t) * BLOCK_WORDS * b->num_blocks);
	*b = (struct hm_bloom){ 0 };
}

bool hm_bloom_add(struct hm_bloom *b, struct hm_row_id id)
{
	uint64_t *block = &b->words[(id.low % b->num_blocks) * BLOCK_WORDS];
	uint64_t bits = id.high;
	bool there = true;

	/* one bit in each word of the block, by six bits of the identity */
	for (size_t i = 0; i < BITS; i++) {
		uint64_t mask = UINT64_C(1) << (bits >> 6 * i & 63);

		there &= (block[i] & mask) != 0;
		block[i] |= mask;
	}
	return there;
}
