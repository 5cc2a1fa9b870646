/* SPDX-License-Identifier: MIT */
/*
 * rt_json.c: dynamic values: reading, printing, comparing, and the way into them.
 *
 * Numbers without point or exponent that fit are long, all others real.  A missing
 * member, an index outside and JSON null are all dynamic null.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "query/rt_fn.h"

const struct hm_json *hm_rt_json(struct hm_rt *rt, hm_bytes text)
{
	struct hm_cur c = hm_cur_of(text);
	const struct hm_json *node = hm_json_read(&c, &rt->row);

	return node == NULL || node->kind == HM_JSON_NULL ? NULL : node;
}

void hm_rt_add_quoted(struct hm_rt_text *t, hm_bytes string)
{
	struct hm_buf b = hm_buf_of(SIZE_MAX / 2);

	hm_put_json_string(&b, string);
	hm_rt_add(t, hm_buf_bytes(&b));
	hm_buf_done(&b);
}

static void add_number(struct hm_rt_text *t, struct hm_rt *rt, const struct hm_json *node)
{
	int64_t whole;
	double real;

	if (hm_json_int(node, &whole))
		hm_rt_addf(t, "%lld", (long long)whole);
	else if (hm_rt_parse_real(rt, node->text, &real) && isfinite(real))
		hm_rt_add_real(t, real);
	else
		hm_rt_add_str(t, "null");
}

static void add_string(struct hm_rt_text *t, hm_bytes text)
{
	hm_rt_add_u8(t, '"');
	hm_rt_add(t, text);
	hm_rt_add_u8(t, '"');
}

static void add_key(struct hm_rt_text *t, struct hm_rt *rt, const struct hm_json *member)
{
	if (member->key_escaped)
		hm_rt_add_quoted(t, hm_json_key(member, &rt->row));
	else
		add_string(t, member->key);
	hm_rt_add_u8(t, ':');
}

/* Recursion is bounded by HM_MAX_JSON_DEPTH. */
void hm_rt_add_json(struct hm_rt_text *t, struct hm_rt *rt, const struct hm_json *node)
{
	if (node == NULL) {
		hm_rt_add_str(t, "null");
		return;
	}
	switch (node->kind) {
	case HM_JSON_NULL: hm_rt_add_str(t, "null"); return;
	case HM_JSON_FALSE: hm_rt_add_str(t, "false"); return;
	case HM_JSON_TRUE: hm_rt_add_str(t, "true"); return;
	case HM_JSON_NUMBER: add_number(t, rt, node); return;
	case HM_JSON_STRING:
		if (node->escaped)
			hm_rt_add_quoted(t, hm_json_string(node, &rt->row));
		else
			add_string(t, node->text);
		return;
	case HM_JSON_ARRAY:
	case HM_JSON_OBJECT: break;
	}
	bool bag = node->kind == HM_JSON_OBJECT;
	hm_rt_add_u8(t, bag ? '{' : '[');
	for (const struct hm_json *i = node->first; i != NULL; i = i->next) {
		if (i != node->first)
			hm_rt_add_u8(t, ',');
		if (bag)
			add_key(t, rt, i);
		hm_rt_add_json(t, rt, i);
	}
	hm_rt_add_u8(t, bag ? '}' : ']');
}

hm_bytes hm_rt_json_text(struct hm_rt *rt, const struct hm_json *node)
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	if (node == NULL || node->kind == HM_JSON_NULL)
		return (hm_bytes){ 0 };
	if (node->kind == HM_JSON_STRING)
		return hm_json_string(node, &rt->row);
	hm_rt_add_json(&t, rt, node);
	return hm_rt_done(&t);
}

bool hm_rt_json_real(struct hm_rt *rt, const struct hm_json *node, double *out)
{
	if (node == NULL)
		return false;
	switch (node->kind) {
	case HM_JSON_FALSE: *out = 0; return true;
	case HM_JSON_TRUE: *out = 1; return true;
	case HM_JSON_NUMBER: return hm_rt_parse_real(rt, node->text, out);
	case HM_JSON_STRING:
		return hm_rt_parse_real(rt, hm_json_string(node, &rt->row), out);
	case HM_JSON_NULL:
	case HM_JSON_ARRAY:
	case HM_JSON_OBJECT: break;
	}
	return false;
}

bool hm_rt_json_long(struct hm_rt *rt, const struct hm_json *node, int64_t *out)
{
	double real;

	if (node == NULL)
		return false;
	if (node->kind == HM_JSON_NUMBER && hm_json_int(node, out))
		return true;
	if (node->kind == HM_JSON_STRING)
		return hm_rt_parse_long(hm_json_string(node, &rt->row), out);
	if (!hm_rt_json_real(rt, node, &real) ||
	    !(real > -9223372036854775809.0 && real < 9223372036854775808.0))
		return false;
	*out = (int64_t)real;
	return true;
}

const struct hm_json **hm_rt_items(struct hm_rt *rt, const struct hm_json *array)
{
	const struct hm_json **items =
		hm_new_n(&rt->row, const struct hm_json *, array->count + 1);
	size_t n = 0;

	for (const struct hm_json *i = array->first; i != NULL; i = i->next)
		items[n++] = i;
	return items;
}

void hm_rt_put_json(struct hm_rt *rt, const struct hm_json *node, struct hm_rt_val *out)
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	out->null = node == NULL || node->kind == HM_JSON_NULL;
	if (out->null)
		return;
	hm_rt_add_json(&t, rt, node);
	out->s = hm_rt_done(&t);
}

/* Numbers and booleans before strings before the rest; null last. */
static int rank_of(const struct hm_json *node)
{
	if (node == NULL)
		return 4;
	switch (node->kind) {
	case HM_JSON_NUMBER: return 0;
	case HM_JSON_FALSE:
	case HM_JSON_TRUE: return 1;
	case HM_JSON_STRING: return 2;
	case HM_JSON_ARRAY:
	case HM_JSON_OBJECT: return 3;
	case HM_JSON_NULL: break;
	}
	return 4;
}

int hm_rt_json_order(struct hm_rt *rt, const struct hm_json *a, const struct hm_json *b)
{
	int ra = rank_of(a), rb = rank_of(b);
	double x = 0, y = 0;
	int64_t i, j;

	if (ra != rb || ra == 4)
		return ra - rb;
	if (ra == 2)
		return hm_order(hm_json_string(a, &rt->row), hm_json_string(b, &rt->row));
	if (ra == 3)
		return hm_order(hm_rt_json_text(rt, a), hm_rt_json_text(rt, b));
	if (hm_json_int(a, &i) && hm_json_int(b, &j))
		return i < j ? -1 : i > j;
	hm_rt_json_real(rt, a, &x);
	hm_rt_json_real(rt, b, &y);
	return x < y ? -1 : x > y;
}

bool hm_rt_json_same(struct hm_rt *rt, const struct hm_json *a, const struct hm_json *b)
{
	return hm_rt_json_order(rt, a, b) == 0;
}

/* Step by the name of a member. */
HM_RT_FN(member)
{
	const struct hm_json *node = hm_rt_json(rt, arg[0].s), *found = NULL;

	HM_RT_UNUSED(rt, num);
	if (hm_rt_is_bag(node))
		for (node = node->first; node != NULL; node = node->next)
			if (hm_same(hm_json_key(node, &rt->row), arg[1].s))
				found = node;
	hm_rt_put_json(rt, found, out);
}

/* Step by the place in an array; negative from the end. */
HM_RT_FN(element)
{
	const struct hm_json *node = hm_rt_json(rt, arg[0].s);
	int64_t index = arg[1].i;

	HM_RT_UNUSED(rt, num);
	out->null = true;
	if (!hm_rt_is_array(node))
		return;
	if (index < 0)
		index += (int64_t)node->count;
	if (index < 0 || index >= (int64_t)node->count)
		return;
	for (node = node->first; index > 0; index--)
		node = node->next;
	hm_rt_put_json(rt, node, out);
}

/* Step by a dynamic: a string names a member, a number an element. */
HM_RT_FN(step)
{
	const struct hm_json *by = hm_rt_json(rt, arg[1].s);
	struct hm_rt_val two[2] = { arg[0] };

	if (by != NULL && by->kind == HM_JSON_STRING) {
		two[1].s = hm_json_string(by, &rt->row);
		hm_kql_member(rt, two, num, out);
	} else if (by != NULL && by->kind == HM_JSON_NUMBER &&
		   hm_rt_json_long(rt, by, &two[1].i)) {
		hm_kql_element(rt, two, num, out);
	} else {
		out->null = true;
	}
}

/* The length of a name at the start of a JSON path: .name or ['name'] or [0]. */
struct path {
	struct hm_cur c;
	hm_bytes name;
	int64_t index;
	bool is_index;
	unsigned depth; /* steps made: what is built may be no deeper than what is read */
};

static bool next_step(struct path *p)
{
	struct hm_cur begin;

	p->is_index = false;
	if (hm_peek(&p->c) == '.') {
		hm_take(&p->c, 1, "dot");
		begin = p->c;
		while (hm_more(&p->c) && hm_peek(&p->c) != '.' && hm_peek(&p->c) != '[')
			hm_take(&p->c, 1, "name");
		p->name = hm_take(&begin, hm_tell(&p->c) - hm_tell(&begin), "name");
		return p->name.len != 0;
	}
	if (hm_u8(&p->c, "bracket") != '[')
		return false;
	begin = p->c;
	while (hm_more(&p->c) && hm_peek(&p->c) != ']')
		hm_take(&p->c, 1, "name");
	p->name = hm_take(&begin, hm_tell(&p->c) - hm_tell(&begin), "name");
	hm_take(&p->c, 1, "bracket");
	if (p->name.len >= 2 && (p->name.at[0] == '\'' || p->name.at[0] == '"'))
		p->name = hm_rt_part(p->name, 1, p->name.len - 1);
	else
		p->is_index = hm_rt_parse_long(p->name, &p->index);
	return p->c.err == HM_OK;
}

static const struct hm_json *child(struct hm_rt *rt, const struct hm_json *node,
				   const struct path *p)
{
	const struct hm_json *found = NULL;

	if (p->is_index) {
		int64_t n = p->index;
		if (!hm_rt_is_array(node) || n < 0)
			return NULL;
		for (node = node->first; node != NULL && n > 0; n--)
			node = node->next;
		return node;
	}
	if (!hm_rt_is_bag(node))
		return NULL;
	for (node = node->first; node != NULL; node = node->next)
		if (hm_same(hm_json_key(node, &rt->row), p->name))
			found = node;
	return found;
}

static const struct hm_json *at_path(struct hm_rt *rt, const struct hm_json *node,
				     hm_bytes path)
{
	struct path p = { .c = hm_cur_of(path) };

	if (hm_u8(&p.c, "$") != '$')
		return NULL;
	while (node != NULL && hm_more(&p.c)) {
		if (!next_step(&p))
			return NULL;
		node = child(rt, node, &p);
	}
	return node;
}

/* extractjson(path, text): the value as text. */
HM_RT_FN(extract_json)
{
	HM_RT_UNUSED(rt, num);
	out->s = hm_rt_json_text(rt, at_path(rt, hm_rt_json(rt, arg[1].s), arg[0].s));
}

/* bag_has_key(bag, key or path) */
HM_RT_FN(bag_has_key)
{
	const struct hm_json *node = hm_rt_json(rt, arg[0].s);
	struct path one = { .name = arg[1].s };

	HM_RT_UNUSED(rt, num);
	if (!hm_rt_is_bag(node)) {
		out->null = true;
		return;
	}
	out->b = arg[1].s.len != 0 && arg[1].s.at[0] == '$'
			 ? at_path(rt, node, arg[1].s) != NULL
			 : child(rt, node, &one) != NULL;
}

static void add_member(struct hm_rt_text *t, bool *first)
{
	if (!*first)
		hm_rt_add_u8(t, ',');
	*first = false;
}

/* node with the value at the path, what is missing on the way made. */
static void add_with(struct hm_rt_text *t, struct hm_rt *rt, const struct hm_json *node,
		     struct path p, const struct hm_json *value)
{
	bool first = true;

	if (p.depth++ == HM_MAX_JSON_DEPTH) {
		rt->error = "bag_set_key: a path that is too deep";
		return;
	}
	if (!hm_more(&p.c) || !next_step(&p)) {
		hm_rt_add_json(t, rt, value);
		return;
	}
	hm_rt_add_u8(t, '{');
	const struct hm_json *members =
		node != NULL && hm_rt_is_bag(node) ? node->first : NULL;
	const struct hm_json *old = members != NULL ? child(rt, node, &p) : NULL;
	for (const struct hm_json *i = members; i != NULL; i = i->next) {
		if (i == old)
			continue;
		add_member(t, &first);
		add_key(t, rt, i);
		hm_rt_add_json(t, rt, i);
	}
	add_member(t, &first);
	hm_rt_add_quoted(t, p.name);
	hm_rt_add_u8(t, ':');
	add_with(t, rt, old, p, value);
	hm_rt_add_u8(t, '}');
}

/* bag_set_key(bag, key or path, value) */
HM_RT_FN(bag_set_key)
{
	const struct hm_json *node = hm_rt_json(rt, arg[0].s);
	struct hm_rt_text t = hm_rt_text_of(rt), key = hm_rt_text_of(rt);

	HM_RT_UNUSED(rt, num);
	out->null = !hm_rt_is_bag(node);
	if (out->null)
		return;
	if (arg[1].s.len == 0 || arg[1].s.at[0] != '$') {
		hm_rt_add_str(&key, "$.");
		hm_rt_add(&key, arg[1].s);
	} else {
		hm_rt_add(&key, arg[1].s);
	}
	struct path p = { .c = hm_cur_of(hm_rt_done(&key)) };
	hm_take(&p.c, 1, "$");
	add_with(&t, rt, node, p, arg[2].null ? NULL : hm_rt_json(rt, arg[2].s));
	out->s = hm_rt_done(&t);
}

/* Comparison of a dynamic with a dynamic: -1, 0, 1; null where they do not compare. */
HM_RT_FN(dyn_cmp)
{
	const struct hm_json *a = hm_rt_json(rt, arg[0].s), *b = hm_rt_json(rt, arg[1].s);

	HM_RT_UNUSED(rt, num);
	out->null = a == NULL || b == NULL || rank_of(a) != rank_of(b);
	if (out->null)
		return;
	int order = hm_rt_json_order(rt, a, b);
	out->i = order < 0 ? -1 : order > 0;
}

/* Whether two dynamics are the same value. */
HM_RT_FN(dyn_same)
{
	HM_RT_UNUSED(rt, num);
	out->b = hm_rt_json_same(rt, hm_rt_json(rt, arg[0].s), hm_rt_json(rt, arg[1].s));
}

static int by_key(const void *a, const void *b)
{
	const struct hm_json *const *x = a, *const *y = b;

	return hm_order((*x)->key, (*y)->key);
}

/* As hm_rt_add_json with the members of bags in the order of their names. */
static void add_sorted(struct hm_rt_text *t, struct hm_rt *rt, const struct hm_json *node)
{
	bool bag = hm_rt_is_bag(node);

	if (!bag && !hm_rt_is_array(node)) {
		hm_rt_add_json(t, rt, node);
		return;
	}
	const struct hm_json **items = hm_rt_items(rt, node);
	if (bag)
		qsort(items, node->count, sizeof *items, by_key);
	hm_rt_add_u8(t, bag ? '{' : '[');
	for (size_t i = 0; i < node->count; i++) {
		if (i != 0)
			hm_rt_add_u8(t, ',');
		if (bag)
			add_key(t, rt, items[i]);
		add_sorted(t, rt, items[i]);
	}
	hm_rt_add_u8(t, bag ? '}' : ']');
}

HM_RT_FN(dynamic_to_json)
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	HM_RT_UNUSED(rt, num);
	add_sorted(&t, rt, hm_rt_json(rt, arg[0].s));
	out->s = hm_rt_done(&t);
}

static void add_paths(struct hm_rt_text *t, struct hm_rt *rt, hm_bytes prefix,
		      const struct hm_json *node, size_t *count)
{
	bool bag = hm_rt_is_bag(node);

	if (!bag && !hm_rt_is_array(node))
		return;
	for (const struct hm_json *i = node->first; i != NULL; i = i->next) {
		struct hm_rt_text path = hm_rt_text_of(rt);
		hm_rt_add(&path, prefix);
		if (bag) {
			hm_rt_add_str(&path, "['");
			hm_rt_add(&path, hm_json_key(i, &rt->row));
			hm_rt_add_str(&path, "']");
		} else {
			hm_rt_addf(&path, "[0]");
		}
		if ((*count)++ != 0)
			hm_rt_add_u8(t, ',');
		hm_rt_add_quoted(t, hm_rt_done(&path));
		add_paths(t, rt, hm_rt_done(&path), i, count);
		if (!bag)
			break;
	}
}

/* treepath: the paths to all values; an array's elements share that of the first. */
HM_RT_FN(treepath)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	const struct hm_json *node = hm_rt_json(rt, arg[0].s);
	size_t count = 0;

	HM_RT_UNUSED(rt, num);
	out->null = !hm_rt_is_bag(node) && !hm_rt_is_array(node);
	hm_rt_add_u8(&t, '[');
	add_paths(&t, rt, (hm_bytes){ 0 }, node, &count);
	hm_rt_add_u8(&t, ']');
	out->s = hm_rt_done(&t);
}
