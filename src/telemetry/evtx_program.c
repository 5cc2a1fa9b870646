/* SPDX-License-Identifier: MIT */
/*
 * evtx_program.c: see evtx_program.h.
 *
 * The rules of the shape, in the order of the functions that obey them:
 *   an element is a member named as it is; <Data Name="x"> is named x;
 *   those of one name under one parent become one array, in order, as does <Data>
 *   without a name even where it is alone;
 *   text alone is the element's value, and keeps its type if it is one value;
 *   attributes are an object "#attributes" beside it, the text is then "#text".
 */
#include "telemetry/evtx_program.h"

#include <string.h>

#include "base/buf.h"
#include "base/json.h"

struct writer {
	struct hm_arena *scratch;
	struct hm_buf ops, text;
	size_t begun;   /* where the text of the op to come begins */
	bool in_system; /* below Event/System */
};

enum { MOST_BYTES = 64 << 20, MOST_BEFORE_NAME = 3, MOST_DIGITS = 18, NO_TARGET = 0 };

static void lit(struct writer *w, const char *text)
{
	hm_put_str(&w->text, text);
}

/* Append an op that carries the text since the last one; returns its number. */
static uint32_t act(struct writer *w, enum hm_evtx_act act, uint16_t slot)
{
	struct hm_evtx_op op = { .at = (uint32_t)w->begun,
				 .len = (uint32_t)(w->text.len - w->begun),
				 .slot = slot,
				 .act = (uint8_t)act };

	hm_put(&w->ops, (hm_bytes){ (const uint8_t *)&op, sizeof(op) });
	w->begun = w->text.len;
	return (uint32_t)(w->ops.len / sizeof(op)) - 1;
}

static void set_target(struct writer *w, uint32_t from, uint32_t target)
{
	size_t at =
		from * sizeof(struct hm_evtx_op) + offsetof(struct hm_evtx_op, target);

	if (w->ops.err == HM_OK)
		memcpy(w->ops.at + at, &target, sizeof(target));
}

/* The op to come is where the jumps from..from+count-1 go.  Pending text is left
 * behind first, as a jump to the next op, for it belongs before the place. */
static void land(struct writer *w, uint32_t from, uint32_t count)
{
	if (w->text.len != w->begun) {
		uint32_t over = act(w, HM_ACT_JUMP, 0);

		set_target(w, over, over + 1);
	}
	for (uint32_t i = 0; i < count; i++)
		set_target(w, from + i,
			   (uint32_t)(w->ops.len / sizeof(struct hm_evtx_op)));
}

static bool is_one_value(const struct hm_xml_node *n)
{
	return n->children.first != NULL && n->children.first == n->children.last &&
	       n->children.first->kind == HM_XML_VALUE;
}

static bool is_data(const struct hm_xml_node *n)
{
	return n->kind == HM_XML_ELEMENT && hm_is(n->text, "Data");
}

/* The attribute that names a Data element, if it is literal and says something.
 * It is the first in all that Windows writes; looking further is bounded. */
static const struct hm_xml_node *name_of(const struct hm_xml_node *n)
{
	const struct hm_xml_node *a = n->attributes.first;

	if (!is_data(n))
		return NULL;
	for (int i = 0; i < MOST_BEFORE_NAME && a != NULL && !hm_is(a->text, "Name"); i++)
		a = a->next;
	if (a != NULL && !hm_is(a->text, "Name"))
		return NULL;
	bool literal = a != NULL && a->children.first != NULL &&
		       a->children.first == a->children.last &&
		       a->children.first->kind == HM_XML_TEXT &&
		       a->children.first->text.len != 0;
	return literal ? a : NULL;
}

static hm_bytes key_of(struct writer *w, const struct hm_xml_node *n)
{
	const struct hm_xml_node *name = name_of(n);

	if (name != NULL)
		return name->children.first->text;
	if (n->kind == HM_XML_INSTRUCTION)
		return hm_bytes_of(hm_format(w->scratch, "?%.*s", (int)n->text.len,
					     (const char *)n->text.at));
	return n->text;
}

static void put_key(struct writer *w, hm_bytes key)
{
	hm_put_json_string(&w->text, key);
	lit(w, ":");
}

/* Text and values in a row, of which n is the first of several, as one string. */
static void put_mixed(struct writer *w, const struct hm_xml_node *n)
{
	lit(w, "\"");
	for (; n != NULL; n = n->next) {
		struct hm_buf quoted = hm_buf_of(MOST_BYTES);

		if (n->kind == HM_XML_VALUE)
			act(w, HM_ACT_INNER, n->slot);
		if (n->kind != HM_XML_TEXT)
			continue;
		hm_put_json_string(&quoted, n->text);
		if (quoted.err == HM_OK)
			hm_put(&w->text,
			       hm_part(hm_buf_bytes(&quoted), 1, quoted.len - 2));
		hm_buf_done(&quoted);
	}
	lit(w, "\"");
}

/* What a template has as numbers, a record written without one has as text: in System,
 * whose types are known, it is made a number again. */
static bool is_system_number(const struct writer *w, const struct hm_xml_node *n)
{
	static const char *const names[] = { "EventID",   "Version",  "Level",
					     "Task",      "Opcode",   "EventRecordID",
					     "ProcessID", "ThreadID", "Qualifiers" };
	const struct hm_xml_node *only = n->children.first;
	bool number = false;

	if (!w->in_system || only->next != NULL || only->kind != HM_XML_TEXT)
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		number = number || hm_is(n->text, names[i]);
	number = number && only->text.len != 0 && only->text.len <= MOST_DIGITS &&
		 (only->text.len == 1 || hm_at8(only->text, 0) != '0');
	for (size_t i = 0; number && i < only->text.len; i++)
		number = only->text.at[i] >= '0' && only->text.at[i] <= '9';
	return number;
}

static void put_text(struct writer *w, const struct hm_xml_node *n)
{
	if (n->children.first == NULL)
		lit(w, "null");
	else if (is_system_number(w, n))
		hm_put(&w->text, n->children.first->text);
	else if (is_one_value(n))
		act(w, HM_ACT_VALUE, n->children.first->slot);
	else
		put_mixed(w, n->children.first);
}

/* The attributes that are shown: all but the one that names a Data element. */
static const struct hm_xml_node *next_attribute(const struct hm_xml_node *n,
						const struct hm_xml_node *after)
{
	const struct hm_xml_node *a = after == NULL ? n->attributes.first : after->next;

	return a != NULL && a == name_of(n) ? a->next : a;
}

/* How many attributes are shown; *sure: one of them is there in every record. */
static uint32_t count_attributes(const struct hm_xml_node *n, bool *sure)
{
	uint32_t count = 0;

	*sure = false;
	for (const struct hm_xml_node *a = next_attribute(n, NULL); a != NULL;
	     a = next_attribute(n, a)) {
		*sure = *sure || !is_one_value(a);
		count++;
	}
	return count;
}

/* Jumps taken when any attribute has a value; returns the first of them. */
static uint32_t jump_if_any(struct writer *w, const struct hm_xml_node *n)
{
	uint32_t first = 0, count = 0;

	for (const struct hm_xml_node *a = next_attribute(n, NULL); a != NULL;
	     a = next_attribute(n, a)) {
		uint32_t op = act(w, HM_ACT_IF_SET, a->children.first->slot);

		if (count++ == 0)
			first = op;
	}
	return first;
}

static void put_attributes(struct writer *w, const struct hm_xml_node *n)
{
	lit(w, "\"#attributes\":{");
	for (const struct hm_xml_node *a = next_attribute(n, NULL); a != NULL;
	     a = next_attribute(n, a)) {
		bool one = is_one_value(a);
		uint32_t over =
			one ? act(w, HM_ACT_IF_NULL, a->children.first->slot) : NO_TARGET;

		put_key(w, a->text);
		put_text(w, a);
		lit(w, ",");
		if (one)
			land(w, over, 1);
	}
	act(w, HM_ACT_CLOSE, '}');
	lit(w, ",");
}

/* The attributes, where a record may bring none of them. */
static void put_attributes_if_any(struct writer *w, const struct hm_xml_node *n)
{
	bool sure;
	uint32_t count = count_attributes(n, &sure);

	if (count == 0)
		return;
	if (sure) {
		put_attributes(w, n);
		return;
	}
	uint32_t first = jump_if_any(w, n);
	uint32_t over = act(w, HM_ACT_JUMP, 0);
	land(w, first, count);
	put_attributes(w, n);
	land(w, over, 1);
}

/* An element with text only.  Without attributes the text is its value. */
static void put_simple(struct writer *w, const struct hm_xml_node *n)
{
	bool sure;
	uint32_t count = count_attributes(n, &sure), first = 0, over = 0;

	if (count != 0 && !sure)
		first = jump_if_any(w, n);
	if (!sure)
		put_text(w, n);
	if (count == 0)
		return;
	if (!sure) {
		over = act(w, HM_ACT_JUMP, 0);
		land(w, first, count);
	}
	lit(w, "{");
	put_attributes(w, n);
	if (n->children.first != NULL) {
		lit(w, "\"#text\":");
		put_text(w, n);
		lit(w, ",");
	}
	act(w, HM_ACT_CLOSE, '}');
	if (!sure)
		land(w, over, 1);
}

/* Members that share a key: a chain in the order of the document. */
struct group {
	hm_bytes key;
	const struct hm_xml_node **nodes; /* node i is followed by node next[i] */
	struct group *next;
	size_t count, cap;
};

static uint32_t hash_of(hm_bytes key)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < key.len; i++)
		hash = (hash ^ key.at[i]) * 16777619u;
	return hash;
}

static bool is_member(const struct hm_xml_node *n)
{
	return n->kind == HM_XML_ELEMENT || n->kind == HM_XML_INSTRUCTION;
}

static void add_node(struct writer *w, struct group *g, const struct hm_xml_node *n)
{
	if (g->count == g->cap) {
		size_t cap = g->cap == 0 ? 1 : g->cap * 2;
		const struct hm_xml_node **more =
			hm_new_n(w->scratch, const struct hm_xml_node *, cap);

		if (g->count != 0)
			memcpy(more, g->nodes, g->count * sizeof(struct hm_xml_node *));
		g->nodes = more;
		g->cap = cap;
	}
	g->nodes[g->count++] = n;
}

/* The groups of a parent's members, in the order of each group's first. */
static struct group *group_members(struct writer *w, const struct hm_xml_node *first)
{
	size_t count = 0, cap = 4;
	struct group *head = NULL, **tail = &head;

	for (const struct hm_xml_node *n = first; n != NULL; n = n->next)
		count += is_member(n);
	while (cap < 2 * count)
		cap *= 2;
	struct group **table = hm_new_n(w->scratch, struct group *, cap);

	for (const struct hm_xml_node *n = first; n != NULL; n = n->next) {
		if (!is_member(n))
			continue;
		hm_bytes key = key_of(w, n);
		size_t at = hash_of(key) & (cap - 1);
		while (table[at] != NULL && !hm_same(table[at]->key, key))
			at = (at + 1) & (cap - 1);
		if (table[at] == NULL) {
			*tail = table[at] = hm_new(w->scratch, struct group);
			tail = &table[at]->next;
			table[at]->key = key;
		}
		add_node(w, table[at], n);
	}
	return head;
}

static bool has_members(const struct hm_xml_node *n)
{
	for (const struct hm_xml_node *k = n->children.first; k != NULL; k = k->next)
		if (is_member(k) || k->xml)
			return true;
	return false;
}

static void put_members(struct writer *w, const struct hm_xml_node *first);

/* Recursion is as deep as the tree: HM_MAX_EVTX_DEPTH. */
static void put_node(struct writer *w, const struct hm_xml_node *n)
{
	if (!has_members(n)) {
		put_simple(w, n);
		return;
	}
	bool outer = w->in_system;
	w->in_system = outer || hm_is(n->text, "System");
	lit(w, "{");
	put_attributes_if_any(w, n);
	put_members(w, n->children.first);
	act(w, HM_ACT_CLOSE, '}');
	w->in_system = outer;
}

static void put_group(struct writer *w, const struct group *g)
{
	bool list =
		g->count > 1 || (is_data(g->nodes[0]) && name_of(g->nodes[0]) == NULL);

	put_key(w, g->key);
	if (!list) {
		put_node(w, g->nodes[0]);
		lit(w, ",");
		return;
	}
	lit(w, "[");
	for (size_t i = 0; i < g->count; i++) {
		const struct hm_xml_node *n = g->nodes[i];

		if (n->attributes.first == NULL && is_one_value(n) && !has_members(n)) {
			act(w, HM_ACT_ITEMS, n->children.first->slot);
			continue;
		}
		put_node(w, n);
		lit(w, ",");
	}
	act(w, HM_ACT_CLOSE, ']');
	lit(w, ",");
}

/* What stands between the members is their parent's text. */
static void put_loose_text(struct writer *w, const struct hm_xml_node *first)
{
	struct hm_xml_node parent = { .kind = HM_XML_ELEMENT };
	struct hm_xml_node *copy;

	for (const struct hm_xml_node *n = first; n != NULL; n = n->next) {
		if (is_member(n) || n->xml)
			continue;
		copy = hm_new(w->scratch, struct hm_xml_node);
		*copy = *n;
		copy->next = NULL;
		if (parent.children.last != NULL)
			parent.children.last->next = copy;
		else
			parent.children.first = copy;
		parent.children.last = copy;
	}
	if (parent.children.first == NULL)
		return;
	lit(w, "\"#text\":");
	put_text(w, &parent);
	lit(w, ",");
}

static void put_members(struct writer *w, const struct hm_xml_node *first)
{
	put_loose_text(w, first);
	for (const struct group *g = group_members(w, first); g != NULL; g = g->next)
		put_group(w, g);
	for (const struct hm_xml_node *n = first; n != NULL; n = n->next)
		if (n->kind == HM_XML_VALUE && n->xml)
			act(w, HM_ACT_MEMBERS, n->slot);
}

struct hm_evtx_program hm_evtx_compile(const struct hm_xml_list *nodes,
				       struct hm_arena *scratch, struct hm_arena *keep)
{
	struct writer w = { .scratch = scratch,
			    .ops = hm_buf_of(MOST_BYTES),
			    .text = hm_buf_of(MOST_BYTES) };

	put_members(&w, nodes->first);
	act(&w, HM_ACT_END, 0);

	struct hm_evtx_program out = { 0 };
	if (w.ops.err == HM_OK && w.text.err == HM_OK) {
		struct hm_evtx_op *ops =
			hm_new_n(keep, struct hm_evtx_op, w.ops.len / sizeof(*ops));

		uint8_t *text = hm_alloc(keep, 1, w.text.len + HM_EVTX_PAD);
		memcpy(ops, w.ops.at, w.ops.len);
		if (w.text.len != 0)
			memcpy(text, w.text.at, w.text.len);
		out = (struct hm_evtx_program){ .ops = ops,
						.num_ops = (uint32_t)(w.ops.len /
								      sizeof(*ops)),
						.text = { text, w.text.len } };
	}
	hm_buf_done(&w.ops);
	hm_buf_done(&w.text);
	return out;
}
