/* SPDX-License-Identifier: MIT */
/*
 * rt_regex.c: regular expressions with PCRE2, held to what Kusto's engine accepts.
 *
 * Kusto's engine matches in linear time and so has no look-around, back references,
 * atomic groups or possessive repeats: a pattern that holds one is refused.  PCRE2
 * backtracks; a match that costs too much ends the query with a sentence, it is never
 * taken for "no match".  \d, \w, \s and \b are Unicode's, as in Kusto (string-ops-0026).
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

#include "query/rt_fn.h"

struct hm_rt_regex {
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *limits;
	size_t num_groups;
};

/* Steps of backtracking for one match: a second or so. */
enum { MATCH_LIMIT = 10000000 };

static void close_regex(void *object)
{
	struct hm_rt_regex *re = object;

	pcre2_match_data_free(re->match);
	pcre2_match_context_free(re->limits);
	pcre2_code_free(re->code);
}

/* Constructs that only a backtracking engine has, by what follows "(?" . */
static bool lawful_group(hm_bytes p, size_t at)
{
	hm_bytes rest = hm_rt_from(p, at);
	static const char *const refused[] = { "?=", "?!", "?<=", "?<!", "?>",
					       "?(", "?|", "?R",  "?&",  "?P>",
					       "?#", "?C", "?0",  "?+",  "*" };

	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		if (hm_is(hm_rt_part(rest, 0, strlen(refused[i])), refused[i]))
			return false;
	return true;
}

static bool repeats(uint8_t byte)
{
	return byte == '*' || byte == '+' || byte == '?' || byte == '}';
}

static bool lawful(hm_bytes p)
{
	bool in_class = false;

	for (size_t i = 0; i < p.len; i++) {
		uint8_t byte = p.at[i], next = i + 1 < p.len ? p.at[i + 1] : 0;

		if (byte == '\\') {
			if ((next >= '1' && next <= '9') || next == 'k' || next == 'g' ||
			    next == 'K' || next == 'G')
				return false;
			i++;
		} else if (byte == '[') {
			in_class = true;
		} else if (byte == ']') {
			in_class = false;
		} else if (!in_class && byte == '(' && !lawful_group(p, i + 1)) {
			return false;
		} else if (!in_class && next == '+' && repeats(byte)) {
			return false;
		}
	}
	return true;
}

static void *make_regex(struct hm_rt *rt, hm_bytes pattern)
{
	int code;
	PCRE2_SIZE offset;
	uint32_t groups = 0;
	struct hm_rt_regex *re = hm_new(&rt->call, struct hm_rt_regex);

	if (!lawful(pattern))
		return NULL;
	re->code = pcre2_compile(pattern.at, pattern.len,
				 PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C |
					 PCRE2_DOLLAR_ENDONLY,
				 &code, &offset, NULL);
	if (re->code == NULL)
		return NULL;
	pcre2_jit_compile(re->code, PCRE2_JIT_COMPLETE);
	pcre2_pattern_info(re->code, PCRE2_INFO_CAPTURECOUNT, &groups);
	re->num_groups = groups;
	re->match = pcre2_match_data_create_from_pattern(re->code, NULL);
	re->limits = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(re->limits, MATCH_LIMIT);
	hm_defer(&rt->call, close_regex, re);
	return re;
}

struct hm_rt_regex *hm_rt_regex_of(struct hm_rt *rt, size_t slot, hm_bytes pattern)
{
	struct hm_rt_regex *re = hm_rt_memo(rt, slot, pattern, make_regex);

	if (re == NULL)
		rt->error = "a regular expression that Kusto does not accept";
	return re;
}

size_t hm_rt_num_groups(const struct hm_rt_regex *re)
{
	return re->num_groups;
}

/* The sixth parameter is what pcre2 and a caller's array have between them. */
/* NOLINTNEXTLINE(readability-function-size) */
size_t hm_rt_match(struct hm_rt *rt, struct hm_rt_regex *re, hm_bytes s, size_t start,
		   struct hm_rt_span *groups, size_t max)
{
	int got = pcre2_match(re->code, s.at != NULL ? s.at : (const uint8_t *)"", s.len,
			      start, 0, re->match, re->limits);

	if (got == PCRE2_ERROR_NOMATCH)
		return 0;
	if (got < 0) {
		rt->error = "a regular expression that takes too long on a value";
		return 0;
	}
	const PCRE2_SIZE *v = pcre2_get_ovector_pointer(re->match);
	for (size_t i = 0; i < max; i++) {
		bool took = i < (size_t)got && v[2 * i] != PCRE2_UNSET;
		groups[i] = took ? (struct hm_rt_span){ v[2 * i], v[2 * i + 1] }
				 : (struct hm_rt_span){ SIZE_MAX, SIZE_MAX };
	}
	return (size_t)got;
}

static hm_bytes group_of(hm_bytes s, struct hm_rt_span span)
{
	return span.start == SIZE_MAX ? (hm_bytes){ 0 }
				      : hm_rt_part(s, span.start, span.end);
}

/* A new search after a match: past an empty one goes one code point further. */
static size_t after(hm_bytes s, struct hm_rt_span span)
{
	size_t len = 1;

	if (span.end > span.start)
		return span.end;
	if (span.end < s.len)
		hm_rt_code(s, span.end, &len);
	return span.end + len;
}

HM_RT_FN(matches)
{
	struct hm_rt_span whole;
	struct hm_rt_regex *re = hm_rt_regex_of(rt, 1, arg[1].s);

	HM_RT_UNUSED(rt, num);
	out->b = re != NULL && hm_rt_match(rt, re, arg[0].s, 0, &whole, 1) != 0;
}

enum { MAX_GROUPS = 64 };

/* extract(regex, group, text): "" where there is no match or no such group. */
HM_RT_FN(extract)
{
	struct hm_rt_span groups[MAX_GROUPS];
	struct hm_rt_regex *re = hm_rt_regex_of(rt, 0, arg[0].s);

	HM_RT_UNUSED(rt, num);
	if (re == NULL || arg[1].i < 0 || arg[1].i >= MAX_GROUPS ||
	    (size_t)arg[1].i > re->num_groups ||
	    hm_rt_match(rt, re, arg[2].s, 0, groups, MAX_GROUPS) == 0)
		return;
	out->s = group_of(arg[2].s, groups[arg[1].i]);
}

/* The group that an element of extract_all's second argument names. */
static size_t group_index(struct hm_rt *rt, const struct hm_rt_regex *re,
			  const struct hm_json *item)
{
	int64_t index;

	if (item->kind == HM_JSON_STRING) {
		char *name = hm_cstr(&rt->row, hm_json_string(item, &rt->row));
		int n = pcre2_substring_number_from_name(re->code, (const uint8_t *)name);
		return n < 0 ? SIZE_MAX : (size_t)n;
	}
	if (!hm_rt_json_long(rt, item, &index) || index < 0)
		return SIZE_MAX;
	return (size_t)index;
}

static size_t pick_groups(struct hm_rt *rt, const struct hm_rt_regex *re, hm_bytes which,
			  size_t *pick)
{
	const struct hm_json *list = which.len == 0 ? NULL : hm_rt_json(rt, which);
	size_t count = 0;

	if (list == NULL || !hm_rt_is_array(list)) {
		for (size_t i = 1; i <= re->num_groups && count < MAX_GROUPS; i++)
			pick[count++] = i;
		return count;
	}
	for (const struct hm_json *i = list->first; i != NULL; i = i->next) {
		size_t index = group_index(rt, re, i);
		if (index <= re->num_groups && index < MAX_GROUPS && count < MAX_GROUPS)
			pick[count++] = index;
	}
	return count;
}

static void add_match(struct hm_rt_text *t, hm_bytes s, const struct hm_rt_span *groups,
		      const size_t *pick, size_t count)
{
	if (count != 1)
		hm_rt_add_u8(t, '[');
	for (size_t i = 0; i < count; i++) {
		if (i != 0)
			hm_rt_add_u8(t, ',');
		hm_rt_add_quoted(t, group_of(s, groups[pick[i]]));
	}
	if (count != 1)
		hm_rt_add_u8(t, ']');
}

/* extract_all(regex, groups or '', text): an array; null where nothing matches. */
HM_RT_FN(extract_all)
{
	size_t pick[MAX_GROUPS], found = 0;
	struct hm_rt_span groups[MAX_GROUPS];
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct hm_rt_regex *re = hm_rt_regex_of(rt, 0, arg[0].s);
	hm_bytes s = arg[2].s;

	HM_RT_UNUSED(rt, num);
	out->null = true;
	if (re == NULL)
		return;
	if (re->num_groups == 0) {
		rt->error = "extract_all needs a capturing group in its regular "
			    "expression";
		return;
	}
	size_t count = pick_groups(rt, re, arg[1].s, pick);
	hm_rt_add_u8(&t, '[');
	for (size_t at = 0;
	     at <= s.len && hm_rt_match(rt, re, s, at, groups, MAX_GROUPS) != 0;
	     at = after(s, groups[0])) {
		if (found++ != 0)
			hm_rt_add_u8(&t, ',');
		add_match(&t, s, groups, pick, count);
	}
	hm_rt_add_u8(&t, ']');
	out->null = found == 0;
	out->s = hm_rt_done(&t);
}

/* \0 to \9 of replace_regex's second argument are groups. */
static void add_rewrite(struct hm_rt_text *t, hm_bytes s, hm_bytes rewrite,
			const struct hm_rt_span *groups)
{
	for (size_t i = 0; i < rewrite.len; i++) {
		uint8_t next = i + 1 < rewrite.len ? rewrite.at[i + 1] : 0;

		if (rewrite.at[i] == '\\' && next >= '0' && next <= '9') {
			hm_rt_add(t, group_of(s, groups[next - '0']));
			i++;
		} else if (rewrite.at[i] == '\\' && next == '\\') {
			hm_rt_add_u8(t, '\\');
			i++;
		} else {
			hm_rt_add_u8(t, rewrite.at[i]);
		}
	}
}

/* replace_regex(text, regex, rewrite) */
HM_RT_FN(replace_regex)
{
	struct hm_rt_span groups[10];
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct hm_rt_regex *re = hm_rt_regex_of(rt, 1, arg[1].s);
	hm_bytes s = arg[0].s;
	size_t done = 0;

	HM_RT_UNUSED(rt, num);
	if (re == NULL)
		return;
	for (size_t at = 0; at <= s.len && hm_rt_match(rt, re, s, at, groups, 10) != 0;
	     at = after(s, groups[0])) {
		hm_rt_add(&t, hm_rt_part(s, done, groups[0].start));
		add_rewrite(&t, s, arg[2].s, groups);
		done = groups[0].end;
	}
	hm_rt_add(&t, hm_rt_from(s, done));
	out->s = hm_rt_done(&t);
}

/* countof(text, regex, kind="regex"): matches may overlap by all but a character. */
HM_RT_FN(countof_regex)
{
	struct hm_rt_span whole;
	struct hm_rt_regex *re = hm_rt_regex_of(rt, 1, arg[1].s);

	HM_RT_UNUSED(rt, num);
	for (size_t at = 0; re != NULL && at <= arg[0].s.len &&
			    hm_rt_match(rt, re, arg[0].s, at, &whole, 1) != 0;
	     at = after(arg[0].s, whole))
		out->i++;
}

/* indexof_regex(text, regex, start, length, occurrence); -1 where there is none. */
HM_RT_FN(indexof_regex)
{
	struct hm_rt_span whole;
	struct hm_rt_regex *re = hm_rt_regex_of(rt, 1, arg[1].s);
	int64_t start = arg[2].i, length = arg[3].i, nth = arg[4].i;

	HM_RT_UNUSED(rt, num);
	out->i = -1;
	if (re == NULL)
		return;
	if (start < 0 || length < -1 || nth < 1) {
		out->null = true;
		return;
	}
	size_t at = hm_rt_offset(arg[0].s, start);
	hm_bytes s =
		length < 0
			? arg[0].s
			: hm_rt_part(arg[0].s, 0,
				     at + hm_rt_offset(hm_rt_from(arg[0].s, at), length));
	for (; at <= s.len && hm_rt_match(rt, re, s, at, &whole, 1) != 0;
	     at = after(s, whole)) {
		if (--nth == 0) {
			out->i = hm_rt_codes(hm_rt_part(s, 0, whole.start));
			return;
		}
	}
}

/* trim takes one match off an end (string-ops-0007). */
static hm_bytes trim_start(struct hm_rt *rt, struct hm_rt_regex *re, hm_bytes s)
{
	struct hm_rt_span whole;

	if (hm_rt_match(rt, re, s, 0, &whole, 1) != 0 && whole.start == 0)
		return hm_rt_from(s, whole.end);
	return s;
}

static hm_bytes trim_end(struct hm_rt *rt, struct hm_rt_regex *re, hm_bytes s)
{
	struct hm_rt_span whole;

	for (size_t at = 0; at < s.len && hm_rt_match(rt, re, s, at, &whole, 1) != 0;) {
		if (whole.end == s.len)
			return hm_rt_part(s, 0, whole.start);
		size_t len;
		hm_rt_code(s, whole.start, &len);
		at = whole.start + len;
	}
	return s;
}

HM_RT_FN(trim)
{
	struct hm_rt_regex *re = hm_rt_regex_of(rt, 0, arg[0].s);

	HM_RT_UNUSED(rt, num);
	if (re != NULL)
		out->s = trim_end(rt, re, trim_start(rt, re, arg[1].s));
}

HM_RT_FN(trim_start)
{
	struct hm_rt_regex *re = hm_rt_regex_of(rt, 0, arg[0].s);

	HM_RT_UNUSED(rt, num);
	if (re != NULL)
		out->s = trim_start(rt, re, arg[1].s);
}

HM_RT_FN(trim_end)
{
	struct hm_rt_regex *re = hm_rt_regex_of(rt, 0, arg[0].s);

	HM_RT_UNUSED(rt, num);
	if (re != NULL)
		out->s = trim_end(rt, re, arg[1].s);
}
