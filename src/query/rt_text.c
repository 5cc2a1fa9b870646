/* SPDX-License-Identifier: MIT */
/* rt_text.c: growing text, code points and folding for the functions of rt_*.c. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>

#include "base/text.h"
#include "query/rt_fn.h"

void *hm_rt_memo(struct hm_rt *rt, size_t slot, hm_bytes key,
		 void *(*make)(struct hm_rt *rt, hm_bytes key))
{
	struct hm_rt_memo *m = &rt->memo[slot];

	if (m->used && hm_same(m->key, key))
		return m->thing;
	m->used = true;
	m->key = hm_keep(&rt->call, key);
	m->thing = make(rt, m->key);
	return m->thing;
}

struct hm_rt_text hm_rt_text_of(struct hm_rt *rt)
{
	return (struct hm_rt_text){ .arena = &rt->row };
}

static uint8_t *room(struct hm_rt_text *t, size_t len)
{
	if (t->cap - t->len < len) {
		size_t cap = t->cap * 2 + len + 32;
		uint8_t *grown = hm_alloc(t->arena, 1, cap);

		if (t->len != 0)
			memcpy(grown, t->at, t->len);
		t->at = grown;
		t->cap = cap;
	}
	t->len += len;
	return &t->at[t->len - len];
}

void hm_rt_add(struct hm_rt_text *t, hm_bytes what)
{
	if (what.len != 0)
		memcpy(room(t, what.len), what.at, what.len);
}

void hm_rt_add_str(struct hm_rt_text *t, const char *what)
{
	hm_rt_add(t, hm_bytes_of(what));
}

void hm_rt_add_u8(struct hm_rt_text *t, uint8_t byte)
{
	*room(t, 1) = byte;
}

void hm_rt_add_code(struct hm_rt_text *t, uint32_t code)
{
	struct hm_buf b = hm_buf_of(8);

	hm_put_utf8(&b, code);
	hm_rt_add(t, hm_buf_bytes(&b));
	hm_buf_done(&b);
}

void hm_rt_addf(struct hm_rt_text *t, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	hm_rt_add_str(t, text);
}

hm_bytes hm_rt_done(const struct hm_rt_text *t)
{
	return (hm_bytes){ t->at, t->len };
}

hm_bytes hm_rt_part(hm_bytes s, size_t start, size_t end)
{
	if (end > s.len)
		end = s.len;
	if (start >= end)
		return (hm_bytes){ 0 };
	return (hm_bytes){ &s.at[start], end - start };
}

hm_bytes hm_rt_from(hm_bytes s, size_t start)
{
	return hm_rt_part(s, start, s.len);
}

size_t hm_rt_find(hm_bytes s, hm_bytes needle, size_t start)
{
	if (start > s.len || needle.len > s.len - start)
		return SIZE_MAX;
	if (needle.len == 0)
		return start;

	const uint8_t *hit = memmem(&s.at[start], s.len - start, needle.at, needle.len);
	return hit == NULL ? SIZE_MAX : (size_t)(hit - s.at);
}

uint32_t hm_rt_code(hm_bytes s, size_t at, size_t *len)
{
	if (at < s.len && s.at[at] < 0x80) {
		*len = 1;
		return s.at[at];
	}
	struct hm_cur c = hm_cur_of(hm_rt_from(s, at));
	uint32_t code = hm_utf8_next(&c);
	*len = hm_tell(&c);
	return code;
}

size_t hm_rt_offset(hm_bytes s, int64_t nth)
{
	size_t at = 0;

	while (nth > 0 && at < s.len) {
		size_t len;
		hm_rt_code(s, at, &len);
		at += len;
		nth--;
	}
	return at;
}

int64_t hm_rt_codes(hm_bytes s)
{
	int64_t count = 0;

	for (size_t at = 0, len; at < s.len; at += len, count++)
		hm_rt_code(s, at, &len);
	return count;
}

static bool all_ascii(hm_bytes s)
{
	uint8_t bits = 0;

	for (size_t i = 0; i < s.len; i++)
		bits |= s.at[i];
	return bits < 0x80;
}

/* As hm_lower on all of them, without a branch so that it is vectorised. */
static void fold_ascii(uint8_t *restrict out, const uint8_t *restrict in, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)(in[i] | ((uint8_t)(in[i] - 'A') < 26 ? 0x20 : 0));
}

hm_bytes hm_rt_folded(struct hm_arena *a, hm_bytes s)
{
	if (all_ascii(s)) {
		uint8_t *copy = hm_alloc(a, 1, s.len + 1);
		fold_ascii(copy, s.at, s.len);
		return (hm_bytes){ copy, s.len };
	}
	struct hm_rt_text t = { .arena = a };
	for (size_t at = 0, len; at < s.len; at += len) {
		uint32_t code = hm_rt_code(s, at, &len);
		hm_rt_add_code(&t, code < 0x80 ? hm_lower((uint8_t)code)
					       : uc_tolower(uc_toupper(code)));
	}
	return hm_rt_done(&t);
}

bool hm_rt_is_word(uint32_t code)
{
	if (code < 0x80)
		return (code >= '0' && code <= '9') ||
		       ((code | 0x20) >= 'a' && (code | 0x20) <= 'z');
	return uc_is_general_category_withtable(code,
						UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N);
}
