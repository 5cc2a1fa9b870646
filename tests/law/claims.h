/* SPDX-License-Identifier: MIT */
/*
 * claims.h: whether a file is a PE whose own security directory is not empty, worked out
 * apart from the reader under test.
 */
#ifndef HM_TESTS_CLAIMS_H
#define HM_TESTS_CLAIMS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static inline uint32_t claims_le32(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

static inline bool claims_signature(const uint8_t *file, size_t len)
{
	if (len < 0x40 || memcmp(file, "MZ", 2) != 0)
		return false;
	size_t pe = claims_le32(file + 0x3c);
	if (pe > len || len - pe < 24 + 112 + 5 * 8 ||
	    memcmp(file + pe, "PE\0\0", 4) != 0)
		return false;
	const uint8_t *opt = file + pe + 24;
	uint32_t magic = claims_le32(opt) & 0xffff;
	if (magic != 0x10b && magic != 0x20b)
		return false;
	size_t fixed = magic == 0x10b ? 96 : 112;
	return claims_le32(opt + fixed - 4) > 4 &&
	       claims_le32(opt + fixed + 4 * 8 + 4) != 0;
}

#endif
