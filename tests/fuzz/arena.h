/* SPDX-License-Identifier: MIT */
/* What the targets share: an arena for one input, and what views must keep to. */
#ifndef HM_TESTS_FUZZ_ARENA_H
#define HM_TESTS_FUZZ_ARENA_H

#include <setjmp.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/text.h"

struct fuzz {
	struct hm_arena arena;
	hm_bytes in;
	jmp_buf full; /* the arena is spent: a lawful end of a greedy input */
};

HM_NORETURN static void fuzz_full(void *ctx)
{
	longjmp(((struct fuzz *)ctx)->full, 1);
}

/* 64 MiB: what a worker has for one file. */
static inline void fuzz_open(struct fuzz *f, const uint8_t *data, size_t size)
{
	f->in = (hm_bytes){ data, size };
	if (hm_arena_open(64 << 20, fuzz_full, f, &f->arena) != HM_OK)
		abort();
}

/* A view lies in the input or in the arena. */
static inline void fuzz_inside(const struct fuzz *f, hm_bytes view)
{
	uintptr_t at = (uintptr_t)view.at, end = at + view.len;
	uintptr_t in = (uintptr_t)f->in.at, arena = (uintptr_t)f->arena.begin;

	if (view.len == 0)
		return;
	if ((at < in || end > in + f->in.len) &&
	    (at < arena || end > (uintptr_t)f->arena.end))
		abort();
}

/* Text for people is UTF-8 whatever the input was. */
static inline void fuzz_text(const char *text)
{
	if (!hm_utf8_valid(hm_bytes_of(text)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
