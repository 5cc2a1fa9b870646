/* SPDX-License-Identifier: MIT */
/*
 * arena.h: memory for one piece of work, given back all at once.
 *
 * One arena per file verified, per query compiled, per request served.  What
 * is taken from it is zeroed, aligned, and never freed on its own.  Foreign
 * things that must be closed (file descriptors, OpenSSL objects) are tied to
 * it with hm_defer and closed, last tied first, when it ends.
 *
 * There is no failure to check: past its budget the arena calls full(), which
 * does not return (a worker exits, a test jumps back).
 */
#ifndef HM_BASE_ARENA_H
#define HM_BASE_ARENA_H

#include <stddef.h>

#include "base/bytes.h"

/* What to do when the budget is spent.  Does not return. */
typedef HM_NORETURN void (*hm_full_fn)(void *ctx);

struct hm_arena {
	unsigned char *begin, *next, *end;
	struct hm_deferred *deferred; /* newest first */
	hm_full_fn full;
	void *ctx;
};

/* An arena over size bytes at mem, which the caller owns and keeps. */
struct hm_arena hm_arena_of(void *mem, size_t size, hm_full_fn full, void *ctx);

/* An arena that owns size bytes of address space; pages cost nothing until used.
 * HM_EIO where the system has none. */
hm_err hm_arena_open(size_t size, hm_full_fn full, void *ctx, struct hm_arena *out);
void hm_arena_close(struct hm_arena *a);

/* Close what was deferred and take everything back: the arena is as new. */
void hm_arena_reset(struct hm_arena *a);

/* Close what was deferred; after this nothing taken from a may be used. */
void hm_arena_end(struct hm_arena *a);

/* Zeroed room for count objects of size bytes, aligned for any type. */
HM_ALLOC(2, 3) void *hm_alloc(struct hm_arena *a, size_t size, size_t count);

/* Call close(object) when a ends or is reset. */
void hm_defer(struct hm_arena *a, void (*close)(void *object), void *object);

/* Copies in the arena; the strings are NUL-terminated, the NUL not counted. */
hm_bytes hm_keep(struct hm_arena *a, hm_bytes what);
char *hm_cstr(struct hm_arena *a, hm_bytes what);
HM_PRINTF(2, 3) char *hm_format(struct hm_arena *a, const char *fmt, ...);

#define hm_new(arena, type)      ((type *)hm_alloc((arena), sizeof(type), 1))
#define hm_new_n(arena, type, n) ((type *)hm_alloc((arena), sizeof(type), (n)))

#endif
