/* SPDX-License-Identifier: MIT */
/* An arena for one test program, and bytes from hex. */
#ifndef HM_TESTS_ARENA_H
#define HM_TESTS_ARENA_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

HM_NORETURN static void spent(void *ctx)
{
	(void)ctx;
	printf("Bail out! arena spent\n");
	exit(1);
}

static inline struct hm_arena open_arena(void)
{
	struct hm_arena a;

	if (hm_arena_open(64 << 20, spent, NULL, &a) != HM_OK)
		exit(1);
	return a;
}

/* Bytes of hex digits; spaces between them are for the reader. */
static inline hm_bytes hex(struct hm_arena *a, const char *digits)
{
	char *packed = hm_alloc(a, 1, strlen(digits) + 1);
	size_t len = 0;

	for (; *digits != '\0'; digits++)
		if (*digits != ' ')
			packed[len++] = *digits;
	uint8_t *out = hm_alloc(a, 1, len / 2 + 1);

	if (!hm_unhex((hm_bytes){ (uint8_t *)packed, len }, out, len / 2))
		exit(1);
	return (hm_bytes){ out, len / 2 };
}

#endif
