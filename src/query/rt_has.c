/* SPDX-License-Identifier: MIT */
/*
 * rt_has.c: the operators that look for one text in another.
 *
 * has finds a needle whose ends, where they are letters or digits, stand at the end
 * of a term: a run of letters and digits of any script (kql.md B3.18).  A needle that
 * begins or ends with something else needs no term there.
 */
#include <string.h>

#include "query/rt_fn.h"

enum ends {
	END_NONE = 0,
	END_FRONT = 1,
	END_BACK = 2,
	END_BOTH = 3,
};

struct needle {
	hm_bytes text;
	bool front_word, back_word; /* its first, its last code point is one of a term */
};

struct needles {
	size_t count;
	struct needle *all;
};

static uint32_t code_before(hm_bytes s, size_t at)
{
	size_t len, from = at - 1;

	while (from > 0 && (s.at[from] & 0xc0) == 0x80)
		from--;
	return hm_rt_code(s, from, &len);
}

static struct needle needle_of(hm_bytes text)
{
	size_t len;

	if (text.len == 0)
		return (struct needle){ 0 };
	return (struct needle){ text, hm_rt_is_word(hm_rt_code(text, 0, &len)),
				hm_rt_is_word(code_before(text, text.len)) };
}

static bool at_term(hm_bytes s, size_t at, const struct needle *n, enum ends ends)
{
	size_t end = at + n->text.len, len;

	if ((ends & END_FRONT) && n->front_word && at > 0 &&
	    hm_rt_is_word(code_before(s, at)))
		return false;
	return !((ends & END_BACK) && n->back_word && end < s.len &&
		 hm_rt_is_word(hm_rt_code(s, end, &len)));
}

static bool finds(hm_bytes s, const struct needle *n, enum ends ends)
{
	size_t at = 0;

	if (n->text.len == 0)
		return true;
	while ((at = hm_rt_find(s, n->text, at)) != SIZE_MAX) {
		if (at_term(s, at, n, ends))
			return true;
		at++;
	}
	return false;
}

static void *make_folded(struct hm_rt *rt, hm_bytes key)
{
	struct needle *n = hm_new(&rt->call, struct needle);

	*n = needle_of(hm_rt_folded(&rt->call, key));
	return n;
}

static void *make_exact(struct hm_rt *rt, hm_bytes key)
{
	struct needle *n = hm_new(&rt->call, struct needle);

	*n = needle_of(key);
	return n;
}

static void look(struct hm_rt *rt, const struct hm_rt_val *arg, enum ends ends,
		 struct hm_rt_val *out)
{
	const struct needle *n = hm_rt_memo(rt, 1, arg[1].s, make_folded);

	out->b = n->text.len <= arg[0].s.len * 3 &&
		 finds(hm_rt_folded(&rt->row, arg[0].s), n, ends);
}

static void look_exact(struct hm_rt *rt, const struct hm_rt_val *arg, enum ends ends,
		       struct hm_rt_val *out)
{
	out->b = finds(arg[0].s, hm_rt_memo(rt, 1, arg[1].s, make_exact), ends);
}

HM_RT_FN(has)
{
	HM_RT_UNUSED(rt, num);
	look(rt, arg, END_BOTH, out);
}

HM_RT_FN(has_cs)
{
	HM_RT_UNUSED(rt, num);
	look_exact(rt, arg, END_BOTH, out);
}

HM_RT_FN(hasprefix)
{
	HM_RT_UNUSED(rt, num);
	look(rt, arg, END_FRONT, out);
}

HM_RT_FN(hasprefix_cs)
{
	HM_RT_UNUSED(rt, num);
	look_exact(rt, arg, END_FRONT, out);
}

HM_RT_FN(hassuffix)
{
	HM_RT_UNUSED(rt, num);
	look(rt, arg, END_BACK, out);
}

HM_RT_FN(hassuffix_cs)
{
	HM_RT_UNUSED(rt, num);
	look_exact(rt, arg, END_BACK, out);
}

HM_RT_FN(contains)
{
	HM_RT_UNUSED(rt, num);
	look(rt, arg, END_NONE, out);
}

HM_RT_FN(startswith)
{
	const struct needle *n = hm_rt_memo(rt, 1, arg[1].s, make_folded);

	HM_RT_UNUSED(rt, num);
	/* Folding may change the length: three bytes a character are enough. */
	out->b = hm_same(
		hm_rt_part(hm_rt_folded(&rt->row,
					hm_rt_part(arg[0].s, 0, n->text.len * 3 + 4)),
			   0, n->text.len),
		n->text);
}

HM_RT_FN(endswith)
{
	const struct needle *n = hm_rt_memo(rt, 1, arg[1].s, make_folded);
	hm_bytes s = hm_rt_folded(&rt->row, arg[0].s);

	HM_RT_UNUSED(rt, num);
	out->b = s.len >= n->text.len &&
		 hm_same(hm_rt_from(s, s.len - n->text.len), n->text);
}

/* The text to compare by =~ and in~. */
HM_RT_FN(fold)
{
	HM_RT_UNUSED(rt, num);
	out->s = hm_rt_folded(&rt->row, arg[0].s);
}

static void *make_needles(struct hm_rt *rt, hm_bytes key)
{
	struct needles *list = hm_new(&rt->call, struct needles);
	struct hm_cur c = hm_cur_of(key);
	const struct hm_json *array = hm_json_read(&c, &rt->call);

	if (array == NULL)
		return list;
	bool many = array->kind == HM_JSON_ARRAY;
	const struct hm_json *item = many ? array->first : array;
	list->all = hm_new_n(&rt->call, struct needle, many ? array->count + 1 : 1);
	for (; item != NULL; item = many ? item->next : NULL) {
		if (item->kind == HM_JSON_NULL)
			continue;
		hm_bytes text = item->kind == HM_JSON_STRING
					? hm_json_string(item, &rt->call)
					: hm_rt_json_text(rt, item);
		list->all[list->count++] = needle_of(hm_rt_folded(&rt->call, text));
	}
	return list;
}

HM_RT_FN(has_any)
{
	const struct needles *list = hm_rt_memo(rt, 1, arg[1].s, make_needles);
	hm_bytes s = hm_rt_folded(&rt->row, arg[0].s);

	HM_RT_UNUSED(rt, num);
	for (size_t i = 0; i < list->count && !out->b; i++)
		out->b = finds(s, &list->all[i], END_BOTH);
}

HM_RT_FN(has_all)
{
	const struct needles *list = hm_rt_memo(rt, 1, arg[1].s, make_needles);
	hm_bytes s = hm_rt_folded(&rt->row, arg[0].s);

	HM_RT_UNUSED(rt, num);
	out->b = true;
	for (size_t i = 0; i < list->count && out->b; i++)
		out->b = finds(s, &list->all[i], END_BOTH);
}

HM_RT_FN(has_any_index)
{
	const struct needles *list = hm_rt_memo(rt, 1, arg[1].s, make_needles);
	hm_bytes s = hm_rt_folded(&rt->row, arg[0].s);

	HM_RT_UNUSED(rt, num);
	out->i = -1;
	for (size_t i = 0; i < list->count && out->i < 0; i++)
		if (finds(s, &list->all[i], END_BOTH))
			out->i = (int64_t)i;
}

/* The terms of a text that are equal to a number or name, for search's *. */
HM_RT_FN(equals_nocase)
{
	const struct needle *n = hm_rt_memo(rt, 1, arg[1].s, make_folded);

	HM_RT_UNUSED(rt, num);
	out->b = hm_same(hm_rt_folded(&rt->row, arg[0].s), n->text);
}
