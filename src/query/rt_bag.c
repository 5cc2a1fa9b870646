/* SPDX-License-Identifier: MIT */
/* rt_bag.c: functions on property bags.  Of members of one name the first wins. */
#include <stdlib.h>
#include <string.h>

#include "query/rt_fn.h"

/* A bag being written; small ones dominate, so names are looked up one by one. */
struct made {
	struct hm_rt *rt;
	struct hm_rt_text t;
	hm_bytes *keys;
	size_t count, cap;
};

static struct made made_of(struct hm_rt *rt)
{
	struct made m = { .rt = rt, .t = hm_rt_text_of(rt) };

	hm_rt_add_u8(&m.t, '{');
	return m;
}

static bool has(const struct made *m, hm_bytes key)
{
	for (size_t i = 0; i < m->count; i++)
		if (hm_same(m->keys[i], key))
			return true;
	return false;
}

static void push_text(struct made *m, hm_bytes key, hm_bytes json)
{
	if (has(m, key))
		return;
	if (m->count == m->cap) {
		m->cap = m->cap * 2 + 8;
		hm_bytes *grown = hm_new_n(&m->rt->row, hm_bytes, m->cap);
		if (m->count != 0)
			memcpy(grown, m->keys, m->count * sizeof *grown);
		m->keys = grown;
	}
	if (m->count != 0)
		hm_rt_add_u8(&m->t, ',');
	m->keys[m->count++] = key;
	hm_rt_add_quoted(&m->t, key);
	hm_rt_add_u8(&m->t, ':');
	hm_rt_add(&m->t, json);
}

static void push(struct made *m, hm_bytes key, const struct hm_json *value)
{
	struct hm_rt_text t = hm_rt_text_of(m->rt);

	if (has(m, key))
		return;
	hm_rt_add_json(&t, m->rt, value);
	push_text(m, key, hm_rt_done(&t));
}

static void push_all(struct made *m, const struct hm_json *bag)
{
	for (const struct hm_json *i = bag->first; i != NULL; i = i->next)
		push(m, hm_json_key(i, &m->rt->row), i);
}

static void finish(struct made *m, struct hm_rt_val *out)
{
	hm_rt_add_u8(&m->t, '}');
	out->s = hm_rt_done(&m->t);
}

/* bag_pack(name, value, name, value...): values are JSON or null. */
HM_RT_FN(bag_pack)
{
	struct made m = made_of(rt);

	for (size_t i = 0; i + 1 < num; i += 2)
		push_text(&m, arg[i].s,
			  arg[i + 1].null ? hm_bytes_of("null") : arg[i + 1].s);
	finish(&m, out);
}

/* pack_all(ignore empty, name, value...) for pack_all(true). */
HM_RT_FN(pack_filled)
{
	struct made m = made_of(rt);

	for (size_t i = 0; i + 1 < num; i += 2)
		if (!arg[i + 1].null && !hm_is(arg[i + 1].s, "\"\""))
			push_text(&m, arg[i].s, arg[i + 1].s);
	finish(&m, out);
}

HM_RT_FN(bag_merge)
{
	struct made m = made_of(rt);
	bool any = false;

	for (size_t i = 0; i < num; i++) {
		const struct hm_json *bag = arg[i].null ? NULL : hm_rt_json(rt, arg[i].s);
		if (!hm_rt_is_bag(bag))
			continue;
		any = true;
		push_all(&m, bag);
	}
	finish(&m, out);
	out->null = !any;
}

/* make_bag: one bag of an array of bags. */
HM_RT_FN(bag_of_array)
{
	struct made m = made_of(rt);
	const struct hm_json *list = hm_rt_json(rt, arg[0].s);

	HM_RT_UNUSED(rt, num);
	for (const struct hm_json *i = hm_rt_is_array(list) ? list->first : NULL;
	     i != NULL; i = i->next)
		if (hm_rt_is_bag(i))
			push_all(&m, i);
	finish(&m, out);
}

HM_RT_FN(bag_keys)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	const struct hm_json *bag = hm_rt_json(rt, arg[0].s);

	HM_RT_UNUSED(rt, num);
	out->null = !hm_rt_is_bag(bag);
	if (out->null)
		return;
	hm_rt_add_u8(&t, '[');
	for (const struct hm_json *i = bag->first; i != NULL; i = i->next) {
		if (i != bag->first)
			hm_rt_add_u8(&t, ',');
		hm_rt_add_quoted(&t, hm_json_key(i, &rt->row));
	}
	hm_rt_add_u8(&t, ']');
	out->s = hm_rt_done(&t);
}

static bool listed(struct hm_rt *rt, const struct hm_json *list, hm_bytes key)
{
	for (const struct hm_json *i = list->first; i != NULL; i = i->next)
		if (i->kind == HM_JSON_STRING &&
		    hm_same(hm_json_string(i, &rt->row), key))
			return true;
	return false;
}

/* bag_remove_keys(bag, names): a name that is a path is refused. */
HM_RT_FN(bag_remove_keys)
{
	struct made m = made_of(rt);
	const struct hm_json *bag = hm_rt_json(rt, arg[0].s);
	const struct hm_json *keys = hm_rt_json(rt, arg[1].s);

	HM_RT_UNUSED(rt, num);
	out->null = !hm_rt_is_bag(bag) || !hm_rt_is_array(keys);
	if (out->null)
		return;
	for (const struct hm_json *i = keys->first; i != NULL; i = i->next)
		if (i->kind == HM_JSON_STRING && i->text.len > 1 &&
		    hm_is(hm_rt_part(i->text, 0, 2), "$.")) {
			rt->error = "bag_remove_keys: paths are not supported";
			return;
		}
	for (const struct hm_json *i = bag->first; i != NULL; i = i->next) {
		hm_bytes key = hm_json_key(i, &rt->row);
		if (!listed(rt, keys, key))
			push(&m, key, i);
	}
	finish(&m, out);
}

/* bag_zip(names, values): names that are no strings are passed over. */
HM_RT_FN(bag_zip)
{
	struct made m = made_of(rt);
	const struct hm_json *keys = hm_rt_json(rt, arg[0].s);
	const struct hm_json *values = hm_rt_json(rt, arg[1].s);

	HM_RT_UNUSED(rt, num);
	out->null = !hm_rt_is_array(keys) || !hm_rt_is_array(values);
	if (out->null)
		return;
	values = values->first;
	for (const struct hm_json *k = keys->first; k != NULL; k = k->next) {
		if (k->kind == HM_JSON_STRING)
			push(&m, hm_json_string(k, &rt->row), values);
		values = values == NULL ? NULL : values->next;
	}
	finish(&m, out);
}

/* For bag_unpack: a bag's members, each as the letter of its kind and its name. */
HM_RT_FN(members)
{
	const struct hm_json *bag = hm_rt_json(rt, arg[0].s);
	size_t n = 0;

	HM_RT_UNUSED(rt, num);
	out->null = !hm_rt_is_bag(bag);
	if (out->null)
		return;
	struct hm_rt_val *list = hm_new_n(&rt->row, struct hm_rt_val, bag->count + 1);
	for (const struct hm_json *i = bag->first; i != NULL; i = i->next) {
		struct hm_rt_text t = hm_rt_text_of(rt);
		static const char kinds[] = "nbblsdd";
		int64_t whole;
		uint8_t kind = (uint8_t)kinds[i->kind];
		if (i->kind == HM_JSON_NUMBER && !hm_json_int(i, &whole))
			kind = 'r';
		hm_rt_add_u8(&t, kind);
		hm_rt_add(&t, hm_json_key(i, &rt->row));
		list[n++].s = hm_rt_done(&t);
	}
	out->list = list;
	out->count = n;
}
