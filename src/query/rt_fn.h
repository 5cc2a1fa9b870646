/* SPDX-License-Identifier: MIT */
/*
 * rt_fn.h: what the functions of rt_*.c share.  Not for other files.
 *
 * All text made here lives in rt->row, so until the row is done.
 */
#ifndef HM_QUERY_RT_FN_H
#define HM_QUERY_RT_FN_H

#include "query/rt.h"

#define HM_RT_FN(name)                                                                   \
	void hm_kql_##name(struct hm_rt *rt, const struct hm_rt_val *arg, size_t num,    \
			   struct hm_rt_val *out)
/* Quiets the warning of a function that needs neither. */
#define HM_RT_UNUSED(rt, num) ((void)(rt), (void)(num))

/* The memo of argument slot, made anew by make where the argument differs from the
 * row before.  make gets the argument's bytes, kept for as long as what it returns. */
void *hm_rt_memo(struct hm_rt *rt, size_t slot, hm_bytes key,
		 void *(*make)(struct hm_rt *rt, hm_bytes key));

/* Growing text in rt->row; sized by its first use, never fails. */
struct hm_rt_text {
	struct hm_arena *arena;
	uint8_t *at;
	size_t len, cap;
};

struct hm_rt_text hm_rt_text_of(struct hm_rt *rt);
void hm_rt_add(struct hm_rt_text *t, hm_bytes what);
void hm_rt_add_str(struct hm_rt_text *t, const char *what);
void hm_rt_add_u8(struct hm_rt_text *t, uint8_t byte);
void hm_rt_add_code(struct hm_rt_text *t, uint32_t code);
HM_PRINTF(2, 3) void hm_rt_addf(struct hm_rt_text *t, const char *fmt, ...);
hm_bytes hm_rt_done(const struct hm_rt_text *t);

/* Parts of a text; past its end they are empty. */
hm_bytes hm_rt_from(hm_bytes s, size_t start);
hm_bytes hm_rt_part(hm_bytes s, size_t start, size_t end);
/* Where needle first stands at or after start; SIZE_MAX where it does not. */
size_t hm_rt_find(hm_bytes s, hm_bytes needle, size_t start);
/* The code point at offset at, and its length; U+FFFD and 1 where broken. */
uint32_t hm_rt_code(hm_bytes s, size_t at, size_t *len);
/* Offset of the nth code point, s.len past the end. */
size_t hm_rt_offset(hm_bytes s, int64_t nth);
int64_t hm_rt_codes(hm_bytes s);

/* Case folding as Kusto's insensitive operators do: per code point, all scripts. */
hm_bytes hm_rt_folded(struct hm_arena *a, hm_bytes s);
bool hm_rt_is_word(uint32_t code); /* letter or digit of any script */

/* Text of values, as tostring gives it. */
void hm_rt_add_real(struct hm_rt_text *t, double r);
void hm_rt_add_time(struct hm_rt_text *t, int64_t ticks);
void hm_rt_add_span(struct hm_rt_text *t, int64_t ticks);

/* And back; false where the text is no such value. */
bool hm_rt_parse_long(hm_bytes s, int64_t *out);
bool hm_rt_parse_real(struct hm_rt *rt, hm_bytes s, double *out);
bool hm_rt_parse_time(hm_bytes s, int64_t *out);
bool hm_rt_parse_span(struct hm_rt *rt, hm_bytes s, int64_t *out);
bool hm_rt_parse_bool(hm_bytes s, bool *out);
bool hm_rt_parse_guid(hm_bytes s, char out[37]);

/* A dynamic value; NULL where it is null or no JSON. */
const struct hm_json *hm_rt_json(struct hm_rt *rt, hm_bytes text);
/* Kusto's compact form of node: numbers normalised. */
void hm_rt_add_json(struct hm_rt_text *t, struct hm_rt *rt, const struct hm_json *node);
void hm_rt_add_quoted(struct hm_rt_text *t, hm_bytes string);
/* The string of a string node, else its JSON text; null is "". */
hm_bytes hm_rt_json_text(struct hm_rt *rt, const struct hm_json *node);
bool hm_rt_json_real(struct hm_rt *rt, const struct hm_json *node, double *out);
bool hm_rt_json_long(struct hm_rt *rt, const struct hm_json *node, int64_t *out);
static inline bool hm_rt_is_array(const struct hm_json *node)
{
	return node != NULL && node->kind == HM_JSON_ARRAY;
}

static inline bool hm_rt_is_bag(const struct hm_json *node)
{
	return node != NULL && node->kind == HM_JSON_OBJECT;
}
/* The nodes of an array as a vector. */
const struct hm_json **hm_rt_items(struct hm_rt *rt, const struct hm_json *array);
/* Sets out to the dynamic value node, or to null. */
void hm_rt_put_json(struct hm_rt *rt, const struct hm_json *node, struct hm_rt_val *out);
/* Order of two values as array_sort_asc and the comparison of dynamics know it. */
int hm_rt_json_order(struct hm_rt *rt, const struct hm_json *a, const struct hm_json *b);
bool hm_rt_json_same(struct hm_rt *rt, const struct hm_json *a, const struct hm_json *b);

/* Regular expressions (rt_regex.c). */
struct hm_rt_regex;
/* The compiled pattern in argument slot; NULL after setting rt->error. */
struct hm_rt_regex *hm_rt_regex_of(struct hm_rt *rt, size_t slot, hm_bytes pattern);
/* The first match at or after start: spans of groups, at most max. */
struct hm_rt_span {
	size_t start, end; /* start is SIZE_MAX where the group took no part */
};
size_t hm_rt_match(struct hm_rt *rt, struct hm_rt_regex *re, hm_bytes s, size_t start,
		   struct hm_rt_span *groups, size_t max);
size_t hm_rt_num_groups(const struct hm_rt_regex *re);

#endif
