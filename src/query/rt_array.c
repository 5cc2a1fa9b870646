/* SPDX-License-Identifier: MIT */
/* rt_array.c: functions on dynamic arrays, and on arrays as sets. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "query/rt_fn.h"

HM_RT_FN(array_length)
{
	const struct hm_json *node = hm_rt_json(rt, arg[0].s);

	HM_RT_UNUSED(rt, num);
	out->null = !hm_rt_is_array(node);
	if (!out->null)
		out->i = (int64_t)node->count;
}

/* An array being written. */
struct made {
	struct hm_rt *rt;
	struct hm_rt_text t;
	size_t count;
};

static struct made made_of(struct hm_rt *rt)
{
	struct made m = { .rt = rt, .t = hm_rt_text_of(rt) };

	hm_rt_add_u8(&m.t, '[');
	return m;
}

static void push(struct made *m, const struct hm_json *node)
{
	if (m->count++ != 0)
		hm_rt_add_u8(&m->t, ',');
	hm_rt_add_json(&m->t, m->rt, node);
}

static void push_text(struct made *m, hm_bytes json)
{
	if (m->count++ != 0)
		hm_rt_add_u8(&m->t, ',');
	hm_rt_add(&m->t, json);
}

static void finish(struct made *m, struct hm_rt_val *out)
{
	hm_rt_add_u8(&m->t, ']');
	out->s = hm_rt_done(&m->t);
}

/* The items of an array argument; count 0 and false where it is none. */
struct items {
	const struct hm_json **at;
	size_t count;
};

static bool items_of(struct hm_rt *rt, const struct hm_rt_val *arg, struct items *out)
{
	const struct hm_json *node = arg->null ? NULL : hm_rt_json(rt, arg->s);

	*out = (struct items){ 0 };
	if (!hm_rt_is_array(node))
		return false;
	out->at = hm_rt_items(rt, node);
	out->count = node->count;
	return true;
}

/* The texts given, as an array: NULL is null. */
HM_RT_FN(pack_array)
{
	struct made m = made_of(rt);

	for (size_t i = 0; i < num; i++)
		push_text(&m, arg[i].null ? hm_bytes_of("null") : arg[i].s);
	finish(&m, out);
}

/* What is no array is passed over (dynamic-json-1565). */
HM_RT_FN(array_concat)
{
	struct made m = made_of(rt);
	struct items items;
	bool any = false;

	for (size_t i = 0; i < num; i++) {
		any |= items_of(rt, &arg[i], &items);
		for (size_t j = 0; j < items.count; j++)
			push(&m, items.at[j]);
	}
	finish(&m, out);
	out->null = !any;
}

HM_RT_FN(array_reverse)
{
	struct made m = made_of(rt);
	struct items items;

	HM_RT_UNUSED(rt, num);
	out->null = !items_of(rt, &arg[0], &items);
	for (size_t i = items.count; i > 0; i--)
		push(&m, items.at[i - 1]);
	finish(&m, out);
}

/* array_slice(array, first, last): both inclusive, negative from the end. */
HM_RT_FN(array_slice)
{
	struct made m = made_of(rt);
	struct items items;
	int64_t first = arg[1].i, last = arg[2].i;

	HM_RT_UNUSED(rt, num);
	out->null = !items_of(rt, &arg[0], &items);
	int64_t count = (int64_t)items.count;
	first = first < 0 ? first + count : first;
	last = last < 0 ? last + count : last;
	for (int64_t i = first < 0 ? 0 : first; i <= last && i < count; i++)
		push(&m, items.at[i]);
	finish(&m, out);
}

static void rotate(struct hm_rt *rt, const struct hm_rt_val *arg, int64_t by,
		   struct hm_rt_val *out)
{
	struct made m = made_of(rt);
	struct items items;

	out->null = !items_of(rt, &arg[0], &items);
	int64_t count = (int64_t)items.count;
	for (int64_t i = 0; i < count; i++)
		push(&m, items.at[((i + by % count) % count + count) % count]);
	finish(&m, out);
}

HM_RT_FN(array_rotate_left)
{
	HM_RT_UNUSED(rt, num);
	rotate(rt, arg, arg[1].i, out);
}

HM_RT_FN(array_rotate_right)
{
	HM_RT_UNUSED(rt, num);
	rotate(rt, arg, -(arg[1].i % INT64_MAX), out);
}

/* array_shift_left(array, by, fill) */
static void shift(struct hm_rt *rt, const struct hm_rt_val *arg, int64_t by,
		  struct hm_rt_val *out)
{
	struct made m = made_of(rt);
	struct items items;
	const struct hm_json *fill = arg[2].null ? NULL : hm_rt_json(rt, arg[2].s);

	out->null = arg[1].null || !items_of(rt, &arg[0], &items);
	if (out->null)
		return;
	int64_t count = (int64_t)items.count;
	by = by > count ? count : by < -count ? -count : by;
	for (int64_t i = by; i < count + by; i++)
		push(&m, i < 0 || i >= count ? fill : items.at[i]);
	finish(&m, out);
}

HM_RT_FN(array_shift_left)
{
	HM_RT_UNUSED(rt, num);
	shift(rt, arg, arg[1].i, out);
}

HM_RT_FN(array_shift_right)
{
	HM_RT_UNUSED(rt, num);
	shift(rt, arg, -(arg[1].i % INT64_MAX), out);
}

static void push_range(struct made *m, const struct items *items, int64_t from,
		       int64_t to)
{
	struct made part = made_of(m->rt);
	struct hm_rt_val text = { 0 };

	for (int64_t i = from < 0 ? 0 : from; i < to && i < (int64_t)items->count; i++)
		push(&part, items->at[i]);
	finish(&part, &text);
	push_text(m, text.s);
}

/* array_split(array, index or array of indices) */
HM_RT_FN(array_split)
{
	struct made m = made_of(rt);
	struct items items, cuts;
	const struct hm_json *single;
	int64_t from = 0, cut;

	HM_RT_UNUSED(rt, num);
	out->null = !items_of(rt, &arg[0], &items);
	if (!items_of(rt, &arg[1], &cuts)) {
		single = hm_rt_json(rt, arg[1].s);
		cuts = (struct items){ &single, 1 };
	}
	for (size_t i = 0; i < cuts.count; i++) {
		if (!hm_rt_json_long(rt, cuts.at[i], &cut))
			continue;
		if (cut < 0)
			cut += (int64_t)items.count;
		push_range(&m, &items, from, cut);
		from = cut;
	}
	push_range(&m, &items, from, (int64_t)items.count);
	finish(&m, out);
}

/* Texts that were seen, in a table with open addressing. */
struct seen {
	hm_bytes *at;
	size_t mask;
};

static struct seen seen_of(struct hm_rt *rt, size_t most)
{
	size_t size = 16;

	while (size < most * 2)
		size *= 2;
	return (struct seen){ hm_new_n(&rt->row, hm_bytes, size), size - 1 };
}

static bool is_new(struct hm_rt *rt, struct seen *seen, const struct hm_json *node)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	uint64_t hash = UINT64_C(14695981039346656037);

	hm_rt_add_json(&t, rt, node);
	hm_bytes text = hm_rt_done(&t);
	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ text.at[i]) * UINT64_C(1099511628211);
	size_t slot = (size_t)(hash ^ hash >> 32) & seen->mask;
	for (; seen->at[slot].len != 0; slot = (slot + 1) & seen->mask)
		if (hm_same(seen->at[slot], text))
			return false;
	seen->at[slot] = text;
	return true;
}

HM_RT_FN(array_sum)
{
	struct items items;
	double value;

	HM_RT_UNUSED(rt, num);
	out->null = !items_of(rt, &arg[0], &items);
	for (size_t i = 0; i < items.count; i++) {
		if (items.at[i]->kind == HM_JSON_NULL)
			continue;
		if (items.at[i]->kind != HM_JSON_NUMBER) {
			out->null = true;
			return;
		}
		if (hm_rt_json_real(rt, items.at[i], &value))
			out->r += value;
	}
}

/* What make_list and make_set make of an array of dynamics: the items of arrays among
 * them in place of the arrays; once each where distinct; at most so many. */
HM_RT_FN(flatten)
{
	struct made m = made_of(rt);
	struct items items;
	size_t most = arg[2].i < 0 ? 0 : (size_t)arg[2].i;

	HM_RT_UNUSED(rt, num);
	out->null = !items_of(rt, &arg[0], &items);
	struct seen seen = seen_of(rt, arg[0].s.len / 2 + 1);
	for (size_t i = 0; i < items.count && m.count < most; i++) {
		const struct hm_json *node = items.at[i];
		bool array = node->kind == HM_JSON_ARRAY;
		for (node = array ? node->first : node; node != NULL && m.count < most;
		     node = array ? node->next : NULL)
			if (!arg[1].b || is_new(rt, &seen, node))
				push(&m, node);
	}
	finish(&m, out);
}

/* array_index_of(array, value, start, length, occurrence) */
HM_RT_FN(array_index_of)
{
	struct items items;
	const struct hm_json *value = arg[1].null ? NULL : hm_rt_json(rt, arg[1].s);
	int64_t nth = arg[4].i, start = arg[2].i;

	HM_RT_UNUSED(rt, num);
	out->null = !items_of(rt, &arg[0], &items);
	out->i = -1;
	int64_t count = (int64_t)items.count;
	int64_t end = arg[3].i < 0 || arg[3].i > count ? count : start + arg[3].i;
	for (int64_t i = start < 0 ? start + count : start;
	     i >= 0 && i < end && i < count; i++) {
		if (hm_rt_json_same(rt, items.at[i], value) && --nth == 0) {
			out->i = i;
			return;
		}
	}
}

/* array_iff(conditions, ifs, elses): a scalar stands for all places. */
HM_RT_FN(array_iff)
{
	struct made m = made_of(rt);
	struct items conditions, branch[2];
	const struct hm_json *scalar[2];
	bool array[2];

	HM_RT_UNUSED(rt, num);
	out->null = !items_of(rt, &arg[0], &conditions);
	for (int i = 0; i < 2; i++) {
		array[i] = items_of(rt, &arg[1 + i], &branch[i]);
		scalar[i] = arg[1 + i].null ? NULL : hm_rt_json(rt, arg[1 + i].s);
	}
	for (size_t i = 0; i < conditions.count; i++) {
		enum hm_json_kind kind = conditions.at[i]->kind;
		double number = 0;
		bool known = kind == HM_JSON_TRUE || kind == HM_JSON_FALSE ||
			     hm_rt_json_real(rt, conditions.at[i], &number);
		int side = kind == HM_JSON_TRUE || number != 0 ? 0 : 1;
		const struct hm_json *pick = scalar[side];
		if (array[side])
			pick = i < branch[side].count ? branch[side].at[i] : NULL;
		push(&m, known ? pick : NULL);
	}
	finish(&m, out);
}

/* Sorting keeps the order of what is equal; nulls go last unless told otherwise. */
struct sorting {
	const struct hm_json *node;
	size_t place;
	struct hm_rt *rt;
	bool descending, nulls_last;
};

static int by_value(const void *a, const void *b)
{
	const struct sorting *x = a, *y = b;
	bool xn = x->node->kind == HM_JSON_NULL, yn = y->node->kind == HM_JSON_NULL;

	if (xn != yn)
		return xn == x->nulls_last ? 1 : -1;
	int order = hm_rt_json_order(x->rt, x->node, y->node);
	if (order == 0)
		return x->place < y->place ? -1 : x->place > y->place;
	return x->descending ? -order : order;
}

static struct sorting *sorted(struct hm_rt *rt, const struct items *items,
			      bool descending, bool nulls_last)
{
	struct sorting *all = hm_new_n(&rt->row, struct sorting, items->count + 1);

	for (size_t i = 0; i < items->count; i++)
		all[i] = (struct sorting){ items->at[i], i, rt, descending, nulls_last };
	qsort(all, items->count, sizeof *all, by_value);
	return all;
}

/* array_sort(array, descending, nulls last, other): other in the order of array. */
HM_RT_FN(array_sort)
{
	struct made m = made_of(rt);
	struct items keys, other;

	HM_RT_UNUSED(rt, num);
	out->null = !items_of(rt, &arg[0], &keys) || !items_of(rt, &arg[3], &other) ||
		    other.count != keys.count;
	if (out->null)
		return;
	struct sorting *all = sorted(rt, &keys, arg[1].b, arg[2].b);
	for (size_t i = 0; i < keys.count; i++)
		push(&m, other.at[all[i].place]);
	finish(&m, out);
}

/* A set under construction: in the order of first appearance. */
struct set {
	const struct hm_json **at;
	size_t count;
};

static bool set_has(struct hm_rt *rt, const struct set *s, const struct hm_json *node)
{
	for (size_t i = 0; i < s->count; i++)
		if (hm_rt_json_same(rt, s->at[i], node))
			return true;
	return false;
}

static struct set set_of(struct hm_rt *rt, const struct items *items)
{
	struct set s = { hm_new_n(&rt->row, const struct hm_json *, items->count + 1),
			 0 };

	for (size_t i = 0; i < items->count; i++)
		if (!set_has(rt, &s, items->at[i]))
			s.at[s.count++] = items->at[i];
	return s;
}

static void put_set(struct hm_rt *rt, const struct set *s, struct hm_rt_val *out)
{
	struct made m = made_of(rt);

	for (size_t i = 0; i < s->count; i++)
		push(&m, s->at[i]);
	finish(&m, out);
}

HM_RT_FN(set_union)
{
	struct items items, all = { 0 };
	size_t total = 0;
	bool any = false;

	for (size_t i = 0; i < num; i++) {
		any |= items_of(rt, &arg[i], &items);
		total += items.count;
	}
	out->null = !any;
	all.at = hm_new_n(&rt->row, const struct hm_json *, total + 1);
	for (size_t i = 0; i < num; i++) {
		items_of(rt, &arg[i], &items);
		for (size_t j = 0; j < items.count; j++)
			all.at[all.count++] = items.at[j];
	}
	struct set s = set_of(rt, &all);
	put_set(rt, &s, out);
}

static void set_filter(struct hm_rt *rt, const struct hm_rt_val *arg, size_t num,
		       bool keep, struct hm_rt_val *out)
{
	struct items items;

	out->null = !items_of(rt, &arg[0], &items);
	struct set s = set_of(rt, &items);
	for (size_t i = 1; i < num && !out->null; i++) {
		struct items other;
		out->null = !items_of(rt, &arg[i], &other);
		struct set o = { other.at, other.count };
		size_t kept = 0;
		for (size_t j = 0; j < s.count; j++)
			if (set_has(rt, &o, s.at[j]) == keep)
				s.at[kept++] = s.at[j];
		s.count = kept;
	}
	put_set(rt, &s, out);
}

HM_RT_FN(set_intersect)
{
	set_filter(rt, arg, num, true, out);
}

HM_RT_FN(set_difference)
{
	set_filter(rt, arg, num, false, out);
}

HM_RT_FN(set_has_element)
{
	struct items items;

	HM_RT_UNUSED(rt, num);
	out->null = !items_of(rt, &arg[0], &items);
	struct set s = { items.at, items.count };
	out->b = set_has(rt, &s, arg[1].null ? NULL : hm_rt_json(rt, arg[1].s));
}

/* For in~ over an array that is not known before. */
HM_RT_FN(set_has_nocase)
{
	struct items items;
	hm_bytes sought =
		hm_rt_json_text(rt, arg[1].null ? NULL : hm_rt_json(rt, arg[1].s));

	HM_RT_UNUSED(rt, num);
	out->null = !items_of(rt, &arg[0], &items);
	sought = hm_rt_folded(&rt->row, sought);
	for (size_t i = 0; i < items.count && !out->b; i++)
		out->b = hm_same(hm_rt_folded(&rt->row, hm_rt_json_text(rt, items.at[i])),
				 sought);
}

HM_RT_FN(set_equals)
{
	struct items a, b;

	HM_RT_UNUSED(rt, num);
	out->null = !items_of(rt, &arg[0], &a) || !items_of(rt, &arg[1], &b);
	if (out->null)
		return;
	struct set x = set_of(rt, &a), y = set_of(rt, &b);
	out->b = x.count == y.count;
	for (size_t i = 0; i < x.count && out->b; i++)
		out->b = set_has(rt, &y, x.at[i]);
}

HM_RT_FN(jaccard_index)
{
	struct items a, b;
	size_t common = 0;

	HM_RT_UNUSED(rt, num);
	out->null = !items_of(rt, &arg[0], &a) || !items_of(rt, &arg[1], &b);
	if (out->null)
		return;
	struct set x = set_of(rt, &a), y = set_of(rt, &b);
	for (size_t i = 0; i < x.count; i++)
		common += set_has(rt, &y, x.at[i]);
	size_t all = x.count + y.count - common;
	out->r = all == 0 ? (double)NAN : (double)common / (double)all;
}

/* zip: arrays of the items at one place, as long as the longest. */
HM_RT_FN(zip)
{
	struct made m = made_of(rt);
	struct items *all = hm_new_n(&rt->row, struct items, num);
	size_t longest = 0;

	for (size_t i = 0; i < num; i++) {
		items_of(rt, &arg[i], &all[i]);
		if (all[i].count > longest)
			longest = all[i].count;
	}
	for (size_t j = 0; j < longest; j++) {
		struct made row = made_of(rt);
		struct hm_rt_val text = { 0 };
		for (size_t i = 0; i < num; i++)
			push(&row, j < all[i].count ? all[i].at[j] : NULL);
		finish(&row, &text);
		push_text(&m, text.s);
	}
	finish(&m, out);
}

/* strcat_array(array, delimiter) */
HM_RT_FN(strcat_array)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct items items;

	HM_RT_UNUSED(rt, num);
	items_of(rt, &arg[0], &items);
	for (size_t i = 0; i < items.count; i++) {
		if (i != 0)
			hm_rt_add(&t, arg[1].s);
		hm_rt_add(&t, hm_rt_json_text(rt, items.at[i]));
	}
	out->s = hm_rt_done(&t);
}

enum { MOST_OF_RANGE = 1048576 };

/* range over longs; ticks too: kind 't' or 'n' prints them as time or timespan. */
HM_RT_FN(range_long)
{
	struct made m = made_of(rt);
	int64_t from = arg[0].i, to = arg[1].i, step = arg[2].i;
	uint8_t kind = arg[3].s.len == 0 ? 'l' : arg[3].s.at[0];

	HM_RT_UNUSED(rt, num);
	out->null = step == 0;
	while (step != 0 && m.count < MOST_OF_RANGE &&
	       (step > 0 ? from <= to : from >= to)) {
		struct hm_rt_text one = hm_rt_text_of(rt);
		if (kind == 't' || kind == 'n') {
			hm_rt_add_u8(&one, '"');
			if (kind == 't')
				hm_rt_add_time(&one, from);
			else
				hm_rt_add_span(&one, from);
			hm_rt_add_u8(&one, '"');
		} else {
			hm_rt_addf(&one, "%lld", (long long)from);
		}
		push_text(&m, hm_rt_done(&one));
		if (__builtin_add_overflow(from, step, &from))
			break;
	}
	finish(&m, out);
}

HM_RT_FN(range_real)
{
	struct made m = made_of(rt);
	double from = arg[0].r, to = arg[1].r, step = arg[2].r;

	HM_RT_UNUSED(rt, num);
	out->null = step == 0 || !isfinite(step);
	for (size_t i = 0; !out->null && i < MOST_OF_RANGE; i++) {
		/* by multiplication: a sum would gather the rounding of every step */
		double r = from + step * (double)i;
		if (step > 0 ? r > to : r < to)
			break;
		struct hm_rt_text one = hm_rt_text_of(rt);
		hm_rt_add_real(&one, r);
		push_text(&m, hm_rt_done(&one));
	}
	finish(&m, out);
}

HM_RT_FN(repeat)
{
	struct made m = made_of(rt);
	int64_t count = arg[1].i > MOST_OF_RANGE ? MOST_OF_RANGE : arg[1].i;

	HM_RT_UNUSED(rt, num);
	out->null = arg[1].null;
	for (int64_t i = 0; i < count; i++)
		push_text(&m, arg[0].null ? hm_bytes_of("null") : arg[0].s);
	finish(&m, out);
}

/* The rows that mv-expand makes of a value: the items of an array, the members of a
 * bag each as a bag of one or as [name, value], anything else as it is. */
HM_RT_FN(elements)
{
	const struct hm_json *node = arg[0].null ? NULL : hm_rt_json(rt, arg[0].s);
	bool bag = hm_rt_is_bag(node), many = bag || hm_rt_is_array(node);
	size_t n = 0;

	HM_RT_UNUSED(rt, num);
	struct hm_rt_val *list =
		hm_new_n(&rt->row, struct hm_rt_val, many ? node->count + 1 : 1);
	if (!many)
		hm_rt_put_json(rt, node, &list[n++]);
	for (const struct hm_json *i = many ? node->first : NULL; i != NULL;
	     i = i->next) {
		struct hm_rt_text t = hm_rt_text_of(rt);
		if (!bag) {
			hm_rt_put_json(rt, i, &list[n++]);
			continue;
		}
		hm_rt_add_u8(&t, arg[1].b ? '[' : '{');
		hm_rt_add_quoted(&t, hm_json_key(i, &rt->row));
		hm_rt_add_u8(&t, arg[1].b ? ',' : ':');
		hm_rt_add_json(&t, rt, i);
		hm_rt_add_u8(&t, arg[1].b ? ']' : '}');
		list[n++].s = hm_rt_done(&t);
	}
	/* An empty bag stays one row of nothing, an empty array none at all. */
	if (bag && n == 0)
		list[n++].null = true;
	out->list = list;
	out->count = n;
}
