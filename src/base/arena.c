/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

struct hm_deferred {
	struct hm_deferred *older;
	void (*close)(void *object);
	void *object;
};

struct hm_arena hm_arena_of(void *mem, size_t size, hm_full_fn full, void *ctx)
{
	unsigned char *begin = mem;

	return (struct hm_arena){ .begin = begin,
				  .next = begin,
				  .end = begin + size,
				  .full = full,
				  .ctx = ctx };
}

hm_err hm_arena_open(size_t size, hm_full_fn full, void *ctx, struct hm_arena *out)
{
	void *mem = mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (mem == MAP_FAILED)
		return HM_EIO;
	*out = hm_arena_of(mem, size, full, ctx);
	return HM_OK;
}

static void close_deferred(struct hm_arena *a)
{
	struct hm_deferred *d = a->deferred;

	a->deferred = NULL;
	for (; d != NULL; d = d->older)
		d->close(d->object);
}

void hm_arena_reset(struct hm_arena *a)
{
	close_deferred(a);
	a->next = a->begin;
}

void hm_arena_end(struct hm_arena *a)
{
	close_deferred(a);
	*a = (struct hm_arena){ 0 };
}

void hm_arena_close(struct hm_arena *a)
{
	void *mem = a->begin;
	size_t size = (size_t)(a->end - a->begin);

	hm_arena_end(a);
	if (mem != NULL)
		munmap(mem, size);
}

void *hm_alloc(struct hm_arena *a, size_t size, size_t count)
{
	size_t align = alignof(max_align_t);
	size_t pad = (size_t)(-(uintptr_t)a->next & (align - 1));
	size_t room = (size_t)(a->end - a->next);

	if (pad > room || (size != 0 && count > (room - pad) / size))
		a->full(a->ctx);

	unsigned char *p = a->next + pad;
	a->next = p + size * count;
	return memset(p, 0, size * count);
}

void hm_defer(struct hm_arena *a, void (*close)(void *object), void *object)
{
	struct hm_deferred *d = hm_new(a, struct hm_deferred);

	*d = (struct hm_deferred){ a->deferred, close, object };
	a->deferred = d;
}

char *hm_cstr(struct hm_arena *a, hm_bytes what)
{
	char *copy = hm_alloc(a, 1, what.len + 1);

	if (what.len != 0)
		memcpy(copy, what.at, what.len);
	return copy;
}

hm_bytes hm_keep(struct hm_arena *a, hm_bytes what)
{
	return (hm_bytes){ (const uint8_t *)hm_cstr(a, what), what.len };
}

char *hm_format(struct hm_arena *a, const char *fmt, ...)
{
	va_list ap, again;

	va_start(ap, fmt);
	va_copy(again, ap);
	int len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);

	size_t size = len < 0 ? 1 : (size_t)len + 1;
	char *text = hm_alloc(a, 1, size);
	vsnprintf(text, size, fmt, again);
	va_end(again);
	return text;
}
