/* SPDX-License-Identifier: MIT */
/* rt_string.c: functions on strings.  Positions and lengths count code points. */
#include <string.h>
#include <unicase.h>

#include "base/text.h"
#include "query/rt_fn.h"

HM_RT_FN(strlen)
{
	HM_RT_UNUSED(rt, num);
	out->i = hm_rt_codes(arg[0].s);
}

HM_RT_FN(string_size)
{
	HM_RT_UNUSED(rt, num);
	out->i = (int64_t)arg[0].s.len;
}

static hm_bytes mapped(struct hm_rt *rt, hm_bytes s, ucs4_t (*map)(ucs4_t))
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	for (size_t at = 0, len; at < s.len; at += len)
		hm_rt_add_code(&t, map(hm_rt_code(s, at, &len)));
	return hm_rt_done(&t);
}

HM_RT_FN(tolower)
{
	HM_RT_UNUSED(rt, num);
	out->s = mapped(rt, arg[0].s, uc_tolower);
}

HM_RT_FN(toupper)
{
	HM_RT_UNUSED(rt, num);
	out->s = mapped(rt, arg[0].s, uc_toupper);
}

HM_RT_FN(reverse)
{
	hm_bytes s = arg[0].s;
	uint8_t *back = hm_alloc(&rt->row, 1, s.len + 1);

	HM_RT_UNUSED(rt, num);
	for (size_t at = 0, len; at < s.len; at += len) {
		hm_rt_code(s, at, &len);
		memcpy(&back[s.len - at - len], &s.at[at], len);
	}
	out->s = (hm_bytes){ back, s.len };
}

/* substring(s, start, length): a negative start counts from the end. */
HM_RT_FN(substring)
{
	int64_t start = arg[1].i, length = arg[2].i;

	HM_RT_UNUSED(rt, num);
	if (length <= 0)
		return;
	if (start < 0)
		start += hm_rt_codes(arg[0].s);
	if (start < 0)
		return;
	hm_bytes rest = hm_rt_from(arg[0].s, hm_rt_offset(arg[0].s, start));
	out->s = hm_rt_part(rest, 0, hm_rt_offset(rest, length));
}

/* The byte at which an indexof of s begins; SIZE_MAX where that is outside. */
static size_t start_byte(hm_bytes s, int64_t start)
{
	int64_t count = hm_rt_codes(s);

	if (start < 0)
		start += count;
	if (start < 0 || start > count)
		return SIZE_MAX;
	return hm_rt_offset(s, start);
}

/* indexof(s, needle, start, length, occurrence) */
HM_RT_FN(indexof)
{
	hm_bytes s = arg[0].s, needle = arg[1].s;
	size_t at = start_byte(s, arg[2].i);
	int64_t nth = arg[4].i;

	HM_RT_UNUSED(rt, num);
	out->i = -1;
	out->null = needle.len == 0;
	if (at == SIZE_MAX || nth < 1 || out->null)
		return;
	/* An occurrence counts where it begins in the range, wherever it ends. */
	size_t end =
		arg[3].i < 0 ? s.len : at + hm_rt_offset(hm_rt_from(s, at), arg[3].i);
	while ((at = hm_rt_find(s, needle, at)) != SIZE_MAX && at < end) {
		if (--nth == 0) {
			out->i = hm_rt_codes(hm_rt_part(s, 0, at));
			return;
		}
		at++;
	}
}

/* Overlapping occurrences count. */
HM_RT_FN(countof)
{
	HM_RT_UNUSED(rt, num);
	if (arg[1].s.len == 0)
		return;
	for (size_t at = 0; (at = hm_rt_find(arg[0].s, arg[1].s, at)) != SIZE_MAX; at++)
		out->i++;
}

HM_RT_FN(replace_string)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	hm_bytes s = arg[0].s, needle = arg[1].s;
	size_t done = 0, at = 0;

	HM_RT_UNUSED(rt, num);
	while (needle.len != 0 && (at = hm_rt_find(s, needle, done)) != SIZE_MAX) {
		hm_rt_add(&t, hm_rt_part(s, done, at));
		hm_rt_add(&t, arg[2].s);
		done = at + needle.len;
	}
	hm_rt_add(&t, hm_rt_from(s, done));
	out->s = hm_rt_done(&t);
}

/* Where a lookup of replace_strings stands: the earlier in the list takes its text first.
 */
static void claim(hm_bytes s, hm_bytes old, size_t index, size_t *owner)
{
	for (size_t at = 0; old.len != 0 && (at = hm_rt_find(s, old, at)) != SIZE_MAX;) {
		bool taken = false;
		for (size_t i = at; i < at + old.len; i++)
			taken |= owner[i] != 0;
		for (size_t i = at; i < at + old.len && !taken; i++)
			owner[i] = index + 1;
		at += taken ? 1 : old.len;
	}
}

/* replace_strings(s, needles, replacements): one that is no string replaces nothing. */
HM_RT_FN(replace_strings)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	const struct hm_json *from = hm_rt_json(rt, arg[1].s);
	const struct hm_json *to = hm_rt_json(rt, arg[2].s);
	hm_bytes s = arg[0].s;

	HM_RT_UNUSED(rt, num);
	out->s = s;
	if (!hm_rt_is_array(from))
		return;
	const struct hm_json **olds = hm_rt_items(rt, from);
	bool each = hm_rt_is_array(to);
	const struct hm_json **news = each ? hm_rt_items(rt, to) : NULL;
	size_t *owner = hm_new_n(&rt->row, size_t, s.len + 1);
	for (size_t i = 0; i < from->count; i++)
		claim(s, hm_rt_json_text(rt, olds[i]), i, owner);
	for (size_t at = 0; at < s.len;) {
		size_t who = owner[at];
		if (who == 0) {
			hm_rt_add_u8(&t, s.at[at++]);
			continue;
		}
		const struct hm_json *new =
			!each || who - 1 < to->count ? each ? news[who - 1] : to : NULL;
		hm_bytes old = hm_rt_json_text(rt, olds[who - 1]);
		bool text = new != NULL &&new->kind == HM_JSON_STRING;
		hm_rt_add(&t, text ? hm_rt_json_text(rt, new) : old);
		at += old.len;
	}
	out->s = hm_rt_done(&t);
}

/* translate(from, to, s): each code point of from by the one at its place in to. */
HM_RT_FN(translate)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	hm_bytes from = arg[0].s, to = arg[1].s, s = arg[2].s;
	int64_t last = hm_rt_codes(to) - 1;

	HM_RT_UNUSED(rt, num);
	for (size_t at = 0, len; at < s.len; at += len) {
		hm_rt_code(s, at, &len);
		size_t place = hm_rt_find(from, hm_rt_part(s, at, at + len), 0);
		if (place == SIZE_MAX) {
			hm_rt_add(&t, hm_rt_part(s, at, at + len));
			continue;
		}
		int64_t nth = hm_rt_codes(hm_rt_part(from, 0, place));
		if (last < 0)
			continue;
		size_t with = hm_rt_offset(to, nth > last ? last : nth), width;
		hm_rt_code(to, with, &width);
		hm_rt_add(&t, hm_rt_part(to, with, with + width));
	}
	out->s = hm_rt_done(&t);
}

static void add_split(struct hm_rt_text *t, hm_bytes part, size_t *count)
{
	if ((*count)++ != 0)
		hm_rt_add_u8(t, ',');
	hm_rt_add_quoted(t, part);
}

/* split(s, delimiter): an array of strings. */
HM_RT_FN(split)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	hm_bytes s = arg[0].s, mark = arg[1].s;
	size_t done = 0, at, count = 0;

	HM_RT_UNUSED(rt, num);
	hm_rt_add_u8(&t, '[');
	while (mark.len != 0 && (at = hm_rt_find(s, mark, done)) != SIZE_MAX) {
		add_split(&t, hm_rt_part(s, done, at), &count);
		done = at + mark.len;
	}
	add_split(&t, hm_rt_from(s, done), &count);
	hm_rt_add_u8(&t, ']');
	out->s = hm_rt_done(&t);
}

/* split(s, delimiter, index): that part alone in an array, null past the end. */
HM_RT_FN(split_at)
{
	hm_bytes s = arg[0].s, mark = arg[1].s;
	size_t done = 0, at;
	int64_t index = arg[2].i;

	HM_RT_UNUSED(rt, num);
	out->null = true;
	for (int64_t i = 0; index >= 0; i++) {
		at = mark.len == 0 ? SIZE_MAX : hm_rt_find(s, mark, done);
		if (i == index) {
			struct hm_rt_text t = hm_rt_text_of(rt);
			hm_rt_add_u8(&t, '[');
			hm_rt_add_quoted(&t, hm_rt_part(s, done, at));
			hm_rt_add_u8(&t, ']');
			out->s = hm_rt_done(&t);
			out->null = false;
			return;
		}
		if (at == SIZE_MAX)
			return;
		done = at + mark.len;
	}
}

/* Nulls have become "" before they reach it. */
HM_RT_FN(strcat)
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	for (size_t i = 0; i < num; i++)
		hm_rt_add(&t, arg[i].s);
	out->s = hm_rt_done(&t);
}

HM_RT_FN(strcat_delim)
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	for (size_t i = 1; i < num; i++) {
		if (i > 1)
			hm_rt_add(&t, arg[0].s);
		hm_rt_add(&t, arg[i].s);
	}
	out->s = hm_rt_done(&t);
}

/* strrep(s, count, delimiter): at most 1024 times. */
HM_RT_FN(strrep)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	int64_t count = arg[1].i > 1024 ? 1024 : arg[1].i;

	HM_RT_UNUSED(rt, num);
	for (int64_t i = 0; i < count; i++) {
		if (i != 0)
			hm_rt_add(&t, arg[2].s);
		hm_rt_add(&t, arg[0].s);
	}
	out->s = hm_rt_done(&t);
}

HM_RT_FN(strcmp)
{
	int order = hm_order(arg[0].s, arg[1].s);

	HM_RT_UNUSED(rt, num);
	out->i = order < 0 ? -1 : order > 0;
}

HM_RT_FN(isascii)
{
	HM_RT_UNUSED(rt, num);
	out->b = true;
	for (size_t i = 0; i < arg[0].s.len; i++)
		out->b &= arg[0].s.at[i] < 0x80;
}

HM_RT_FN(isutf8)
{
	HM_RT_UNUSED(rt, num);
	out->b = hm_utf8_valid(arg[0].s);
}

HM_RT_FN(codes_of)
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	HM_RT_UNUSED(rt, num);
	hm_rt_add_u8(&t, '[');
	for (size_t at = 0, len; at < arg[0].s.len; at += len) {
		if (at != 0)
			hm_rt_add_u8(&t, ',');
		hm_rt_addf(&t, "%u", (unsigned)hm_rt_code(arg[0].s, at, &len));
	}
	hm_rt_add_u8(&t, ']');
	out->s = hm_rt_done(&t);
}

static void add_codes(struct hm_rt *rt, struct hm_rt_text *t, const struct hm_json *node)
{
	int64_t code;

	if (hm_rt_json_long(rt, node, &code) && code > 0 && code <= 0x10ffff)
		hm_rt_add_code(t, (uint32_t)code);
}

/* Of dynamics: code points and arrays of them. */
HM_RT_FN(of_codes)
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	for (size_t i = 0; i < num; i++) {
		const struct hm_json *node =
			arg[i].null ? NULL : hm_rt_json(rt, arg[i].s);
		if (!hm_rt_is_array(node)) {
			add_codes(rt, &t, node);
			continue;
		}
		for (node = node->first; node != NULL; node = node->next)
			add_codes(rt, &t, node);
	}
	out->s = hm_rt_done(&t);
}

static bool is_meta(uint8_t byte)
{
	return byte != 0 && strchr("\\.+*?()|[]{}^$#&-~ ", byte) != NULL;
}

HM_RT_FN(regex_quote)
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	HM_RT_UNUSED(rt, num);
	for (size_t i = 0; i < arg[0].s.len; i++) {
		if (is_meta(arg[0].s.at[i]))
			hm_rt_add_u8(&t, '\\');
		hm_rt_add_u8(&t, arg[0].s.at[i]);
	}
	out->s = hm_rt_done(&t);
}
