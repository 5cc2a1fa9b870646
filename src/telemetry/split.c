/* SPDX-License-Identifier: MIT */
#include "telemetry/split.h"

static bool is_space(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* The byte after a string that begins at its quote; 0 where it does not end. */
static size_t string_end(hm_bytes text, size_t at)
{
	for (at++; at < text.len; at++) {
		uint8_t byte = hm_at8(text, at);

		if (byte == '\\')
			at++;
		else if (byte == '"')
			return at + 1;
	}
	return 0;
}

static bool opens(uint8_t byte)
{
	return byte == '{' || byte == '[';
}

static bool closes(uint8_t byte)
{
	return byte == '}' || byte == ']';
}

/* The byte after the value that begins at at; 0 where it does not end in text. */
static size_t value_end(hm_bytes text, size_t at, bool ended)
{
	size_t depth = 0;

	while (at < text.len) {
		uint8_t byte = hm_at8(text, at);

		if (byte == '"') {
			at = string_end(text, at);
			if (at == 0 || depth == 0)
				return at;
			continue;
		}
		if (depth == 0 && (byte == ',' || is_space(byte)))
			return at;
		depth += opens(byte);
		depth -= closes(byte) && depth != 0;
		at++;
		if (closes(byte) && depth == 0)
			return at;
	}
	/* a number or a word may end with the text */
	return ended && depth == 0 ? at : 0;
}

static bool is_list_name(hm_bytes name)
{
	return hm_is(name, "\"Results\"") || hm_is(name, "\"results\"") ||
	       hm_is(name, "\"records\"");
}

static size_t skip_space(hm_bytes text, size_t at)
{
	while (is_space(hm_at8(text, at)))
		at++;
	return at;
}

/*
 * In an object that begins at 0: the byte after the "[" of a list to be taken
 * apart; 0 where there is none, or not yet.
 */
static size_t find_list(hm_bytes text, bool ended)
{
	size_t at = 1;

	for (;;) {
		at = skip_space(text, at);
		size_t end = hm_at8(text, at) == '"' ? string_end(text, at) : 0;
		if (end == 0)
			return 0;
		hm_bytes name = hm_part(text, at, end - at);
		at = skip_space(text, end);
		if (hm_at8(text, at) != ':')
			return 0;
		at = skip_space(text, at + 1);
		if (is_list_name(name) && hm_at8(text, at) == '[')
			return at + 1;
		end = value_end(text, at, ended);
		if (end == 0)
			return 0;
		at = skip_space(text, end);
		if (hm_at8(text, at) != ',')
			return 0;
		at++;
	}
}

/* Members after the list ("Stats", "@odata.nextLink") up to the object's end. */
static enum hm_split_found skip_members(struct hm_split *s, hm_bytes text, bool ended,
					size_t *len)
{
	size_t at = 0;

	while (at < text.len) {
		uint8_t byte = hm_at8(text, at);

		if (byte == '}') {
			s->closing = false;
			*len = at + 1;
			return HM_SPLIT_SKIP;
		}
		if (byte == ',' || byte == ':' || is_space(byte)) {
			at++;
			continue;
		}
		size_t end = value_end(text, at, ended);
		if (end == 0)
			break;
		if (end == at)
			return HM_SPLIT_BAD;
		at = end;
	}
	*len = at;
	return ended ? HM_SPLIT_BAD : HM_SPLIT_MORE;
}

static enum hm_split_found give(hm_bytes text, size_t at, size_t end, hm_bytes *record,
				size_t *len)
{
	*record = hm_part(text, at, end - at);
	*len = end;
	return HM_SPLIT_RECORD;
}

static enum hm_split_found next_in_list(struct hm_split *s, hm_bytes text, bool ended,
					hm_bytes *record, size_t *len)
{
	size_t at = 0;

	while (is_space(hm_at8(text, at)) || hm_at8(text, at) == ',')
		at++;
	/* that the list does not end is told when nothing follows */
	if (at == text.len) {
		*len = at;
		return HM_SPLIT_SKIP;
	}
	if (hm_at8(text, at) == ']') {
		s->in_list = false;
		s->closing = s->in_object;
		*len = at + 1;
		return HM_SPLIT_SKIP;
	}
	size_t end = value_end(text, at, ended);
	/* 0 is asked first: a value that goes on may begin at 0 */
	if (end == 0)
		return ended ? HM_SPLIT_BAD : HM_SPLIT_MORE;
	if (end == at)
		return HM_SPLIT_BAD;
	return give(text, at, end, record, len);
}

static enum hm_split_found open_list(struct hm_split *s, bool in_object, size_t at,
				     size_t *len)
{
	s->in_list = true;
	s->in_object = in_object;
	*len = at;
	return HM_SPLIT_SKIP;
}

static enum hm_split_found next_on_top(struct hm_split *s, hm_bytes text, bool ended,
				       hm_bytes *record, size_t *len)
{
	size_t at = skip_space(text, 0);

	/* a byte order mark, and RFC 7464's separator */
	while (hm_is(hm_part(text, at, 3), "\xef\xbb\xbf") || hm_at8(text, at) == 0x1e)
		at = skip_space(text, at + (hm_at8(text, at) == 0x1e ? 1 : 3));
	hm_bytes rest = hm_part(text, at, text.len - at);
	if (rest.len == 0) {
		*len = at;
		return HM_SPLIT_SKIP;
	}
	uint8_t first = hm_at8(rest, 0);
	if (first == '[')
		return open_list(s, false, at + 1, len);
	if (first != '{')
		return HM_SPLIT_BAD;
	size_t list = find_list(rest, ended);
	if (list != 0)
		return open_list(s, true, at + list, len);
	size_t end = value_end(rest, 0, ended);
	if (end == 0)
		return ended ? HM_SPLIT_BAD : HM_SPLIT_MORE;
	return give(text, at, at + end, record, len);
}

enum hm_split_found hm_split_next(struct hm_split *s, hm_bytes text, bool ended,
				  hm_bytes *record, size_t *len)
{
	*len = 0;
	if (s->closing)
		return skip_members(s, text, ended, len);
	if (s->in_list)
		return next_in_list(s, text, ended, record, len);
	return next_on_top(s, text, ended, record, len);
}

/* ---- damaged text ---- */

/* A walk over text of which nothing is sure. */
struct walk {
	hm_bytes text;
	size_t at, depth;
	uint8_t before; /* the last byte that is no white space */
};

static bool value_may_follow(uint8_t before)
{
	return before == 0 || opens(before) || before == ',' || before == ':';
}

/* Whether what was being read must have ended before this place: a line begins with
 * an object where no value can be, or ends within a string. */
static bool breaks_here(const struct walk *w)
{
	return hm_at8(w->text, w->at) == '{' && w->at != 0 &&
	       hm_at8(w->text, w->at - 1) == '\n' && !value_may_follow(w->before);
}

/* Over the string at w->at.  False: its line ends first, or the text does. */
static bool step_over_string(struct walk *w)
{
	size_t line = hm_find8(w->text, w->at, '\n');
	size_t end = string_end(hm_part(w->text, 0, line), w->at);

	w->before = '"';
	w->at = end != 0 ? end : line;
	return end != 0;
}

bool hm_split_is_lines(hm_bytes text)
{
	struct walk w = { .text = text };
	const size_t line = hm_find8(text, 0, '\n');

	while (w.at < text.len) {
		uint8_t byte = hm_at8(text, w.at);

		if (breaks_here(&w))
			return true;
		if (byte == '"') {
			if (!step_over_string(&w))
				return w.at < text.len;
			continue;
		}
		w.depth += opens(byte);
		w.depth -= closes(byte) && w.depth != 0;
		if (!is_space(byte))
			w.before = byte;
		w.at++;
		if (w.depth == 0)
			return w.at <= line && line < text.len;
	}
	return false;
}

size_t hm_split_resume(hm_bytes text)
{
	struct walk w = { .text = text };

	while (w.at < text.len) {
		uint8_t byte = hm_at8(text, w.at);

		if (breaks_here(&w))
			return w.at;
		if (byte == '"') {
			(void)step_over_string(&w);
			continue;
		}
		if (!is_space(byte))
			w.before = byte;
		w.at++;
	}
	return text.len;
}
