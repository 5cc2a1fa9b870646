/* SPDX-License-Identifier: MIT */
/*
 * rt_capture.c: the operators parse and parse-kv on one text.
 *
 * A parse pattern becomes one regular expression over the whole text: `*` and captures
 * are lazy, what ends the pattern is greedy; in regex mode texts are expressions
 * themselves and captures greedy.  The printer hands the pattern over as JSON:
 *	{"mode":"simple"|"regex"|"relaxed","flags":"","parts":[{"t":"text"},{"c":"long"},{}]}
 * where {"c":type} captures and {} skips.
 */
#include <string.h>

#include "base/text.h"
#include "query/rt_fn.h"

enum { MAX_CAPTURES = 60 };

struct pattern {
	hm_bytes regex;
	struct hm_rt_regex *re;
	size_t count, group[MAX_CAPTURES];
	hm_bytes type[MAX_CAPTURES];
	bool relaxed;
};

static void add_literal(struct hm_rt_text *t, hm_bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t byte = text.at[i];
		if (byte < 0x80 && !hm_rt_is_word(byte)) {
			hm_rt_addf(t, "\\x%02x", byte);
			continue;
		}
		hm_rt_add_u8(t, byte);
	}
}

static const char *capture_of(bool regex, bool relaxed, bool last, hm_bytes type)
{
	bool whole = hm_is(type, "long") || hm_is(type, "int");

	if (whole || hm_is(type, "real") || hm_is(type, "decimal")) {
		/* What is no number may stand there when relaxed: it gives null. */
		if (relaxed)
			return whole ? "(?:([+-]?\\d+)|.*?)"
				     : "(?:([+-]?(?:\\d+\\.?\\d*|\\.\\d+)"
				       "(?:[eE][+-]?\\d+)?)|.*?)";
		return whole ? "([+-]?\\d+)"
			     : "([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)";
	}
	return regex || last ? "(.*)" : "(.*?)";
}

/* The groups that a text of the user opens, so that ours are counted right. */
static size_t groups_in(hm_bytes text)
{
	size_t count = 0;
	bool in_class = false;

	for (size_t i = 0; i < text.len; i++) {
		uint8_t byte = text.at[i];
		if (byte == '\\')
			i++;
		else if (byte == '[' || byte == ']')
			in_class = byte == '[';
		else if (byte == '(' && !in_class)
			count += i + 1 >= text.len || text.at[i + 1] != '?' ||
				 hm_is(hm_rt_part(text, i + 1, i + 4), "?P<");
	}
	return count;
}

static hm_bytes string_of(struct hm_rt *rt, const struct hm_json *object,
			  const char *name)
{
	const struct hm_json *node = hm_json_get(object, name);

	return node == NULL ? (hm_bytes){ 0 } : hm_json_string(node, &rt->call);
}

static void *make_pattern(struct hm_rt *rt, hm_bytes key)
{
	struct pattern *p = hm_new(&rt->call, struct pattern);
	struct hm_rt_text t = { .arena = &rt->call };
	struct hm_cur c = hm_cur_of(key);
	const struct hm_json *spec = hm_json_read(&c, &rt->call);
	hm_bytes mode = string_of(rt, spec, "mode"), flags = string_of(rt, spec, "flags");
	bool regex = hm_is(mode, "regex");
	size_t groups = 0;

	p->relaxed = hm_is(mode, "relaxed");
	if (!regex)
		flags = hm_bytes_of("s");
	if (flags.len != 0) {
		hm_rt_add_str(&t, "(?");
		hm_rt_add(&t, flags);
		hm_rt_add_u8(&t, ')');
	}
	hm_rt_add_u8(&t, '^');
	for (const struct hm_json *i = hm_json_get(spec, "parts")->first; i != NULL;
	     i = i->next) {
		const struct hm_json *text = hm_json_get(i, "t");
		hm_bytes type = string_of(rt, i, "c");
		if (text != NULL && regex) {
			hm_rt_add(&t, hm_json_string(text, &rt->call));
			groups += groups_in(hm_json_string(text, &rt->call));
		} else if (text != NULL) {
			add_literal(&t, hm_json_string(text, &rt->call));
		} else if (type.len == 0) {
			hm_rt_add_str(&t, regex || i->next == NULL ? ".*" : ".*?");
		} else if (p->count < MAX_CAPTURES) {
			p->type[p->count] = type;
			p->group[p->count++] = ++groups;
			hm_rt_add_str(
				&t, capture_of(regex, p->relaxed, i->next == NULL, type));
		}
	}
	hm_rt_add_u8(&t, '$');
	p->regex = hm_rt_done(&t);
	p->re = hm_rt_regex_of(rt, 2, p->regex);
	return p;
}

static bool converts(struct hm_rt *rt, hm_bytes text, hm_bytes type)
{
	int64_t whole;
	double real;
	bool truth;
	char guid[37];

	if (hm_is(type, "int") || hm_is(type, "long"))
		return hm_rt_parse_long(text, &whole);
	if (hm_is(type, "real") || hm_is(type, "decimal"))
		return hm_rt_parse_real(rt, text, &real);
	if (hm_is(type, "datetime"))
		return hm_rt_parse_time(text, &whole);
	if (hm_is(type, "timespan"))
		return hm_rt_parse_span(rt, text, &whole);
	if (hm_is(type, "bool"))
		return hm_rt_parse_bool(text, &truth);
	if (hm_is(type, "guid"))
		return hm_rt_parse_guid(text, guid);
	return true;
}

/* parse(text, pattern): the captures, or null where text does not fit. */
HM_RT_FN(parse)
{
	const struct pattern *p = hm_rt_memo(rt, 1, arg[1].s, make_pattern);
	struct hm_rt_span groups[2 * MAX_CAPTURES];

	HM_RT_UNUSED(rt, num);
	out->null = true;
	if (p->re == NULL ||
	    hm_rt_match(rt, p->re, arg[0].s, 0, groups, 2 * MAX_CAPTURES) == 0)
		return;
	struct hm_rt_val *list = hm_new_n(&rt->row, struct hm_rt_val, p->count + 1);
	for (size_t i = 0; i < p->count; i++) {
		struct hm_rt_span span = p->group[i] < 2 * MAX_CAPTURES
						 ? groups[p->group[i]]
						 : (struct hm_rt_span){ SIZE_MAX, 0 };
		if (span.start != SIZE_MAX)
			list[i].s = hm_rt_part(arg[0].s, span.start, span.end);
		list[i].null = !converts(rt, list[i].s, p->type[i]);
		if (list[i].null && !p->relaxed)
			return;
	}
	out->list = list;
	out->count = p->count;
	out->null = false;
}

struct kv {
	hm_bytes pair, value, quote, escape;
	bool greedy;
	size_t count;
	hm_bytes *keys;
};

static void *make_kv(struct hm_rt *rt, hm_bytes key)
{
	struct kv *kv = hm_new(&rt->call, struct kv);
	struct hm_cur c = hm_cur_of(key);
	const struct hm_json *spec = hm_json_read(&c, &rt->call);
	const struct hm_json *keys = hm_json_get(spec, "keys");

	kv->pair = string_of(rt, spec, "pair");
	kv->value = string_of(rt, spec, "value");
	kv->quote = string_of(rt, spec, "quote");
	kv->escape = string_of(rt, spec, "escape");
	kv->greedy = hm_json_get(spec, "greedy")->kind == HM_JSON_TRUE;
	kv->keys = hm_new_n(&rt->call, hm_bytes, keys->count + 1);
	for (const struct hm_json *i = keys->first; i != NULL; i = i->next)
		kv->keys[kv->count++] = hm_json_string(i, &rt->call);
	return kv;
}

static bool starts(hm_bytes s, size_t at, hm_bytes what)
{
	return what.len != 0 && hm_same(hm_rt_part(s, at, at + what.len), what);
}

/* The quoted text at `at`, which is stepped over; quotes are one or two characters. */
static hm_bytes read_quoted(struct hm_rt *rt, const struct kv *kv, hm_bytes s, size_t *at)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	size_t i = *at + 1;
	uint8_t close = kv->quote.at[kv->quote.len - 1];

	for (; i < s.len && s.at[i] != close; i++) {
		if (starts(s, i, kv->escape) && i + kv->escape.len < s.len)
			i += kv->escape.len;
		hm_rt_add_u8(&t, s.at[i]);
	}
	*at = i < s.len ? i + 1 : i;
	return hm_rt_done(&t);
}

/* Where the next pair begins when greedy: the delimiter before the next known mark. */
static size_t end_of_value(const struct kv *kv, hm_bytes s, size_t at)
{
	size_t end = hm_rt_find(s, kv->pair, at);

	if (kv->pair.len == 0)
		end = hm_rt_find(s, hm_bytes_of(" "), at);
	if (!kv->greedy || end == SIZE_MAX)
		return end == SIZE_MAX ? s.len : end;
	size_t mark = hm_rt_find(s, kv->value, at), last = SIZE_MAX;
	while (end != SIZE_MAX && (mark == SIZE_MAX || end < mark)) {
		last = end;
		end = hm_rt_find(s, kv->pair, end + 1);
	}
	return mark == SIZE_MAX || last == SIZE_MAX ? s.len : last;
}

static void note(const struct kv *kv, struct hm_rt_val *list, hm_bytes key,
		 hm_bytes value)
{
	for (size_t i = 0; i < kv->count; i++)
		if (list[i].null && hm_same(kv->keys[i], key))
			list[i] = (struct hm_rt_val){ .s = value };
}

/* parse_kv(text, options): the value of each key, null where there is none. */
HM_RT_FN(parse_kv)
{
	const struct kv *kv = hm_rt_memo(rt, 1, arg[1].s, make_kv);
	struct hm_rt_val *list = hm_new_n(&rt->row, struct hm_rt_val, kv->count + 1);
	hm_bytes s = arg[0].s;
	size_t at = 0;

	HM_RT_UNUSED(rt, num);
	for (size_t i = 0; i < kv->count; i++)
		list[i].null = true;
	while (at < s.len && kv->value.len != 0) {
		size_t mark = hm_rt_find(s, kv->value, at), end;
		size_t pair = kv->pair.len == 0 ? SIZE_MAX : hm_rt_find(s, kv->pair, at);
		if (pair != SIZE_MAX && pair < mark) {
			at = pair + kv->pair.len;
			continue;
		}
		if (mark == SIZE_MAX)
			break;
		hm_bytes key = hm_trim(hm_rt_part(s, at, mark)), value;
		at = mark + kv->value.len;
		while (at < s.len && s.at[at] == ' ' && kv->pair.len != 0 &&
		       kv->pair.at[0] != ' ')
			at++;
		if (kv->quote.len != 0 && at < s.len && s.at[at] == kv->quote.at[0]) {
			value = read_quoted(rt, kv, s, &at);
			end = end_of_value(kv, s, at);
		} else {
			end = end_of_value(kv, s, at);
			value = hm_trim(hm_rt_part(s, at, end));
		}
		at = end + (kv->pair.len == 0 ? 1 : kv->pair.len);
		note(kv, list, key, value);
	}
	out->list = list;
	out->count = kv->count;
}
