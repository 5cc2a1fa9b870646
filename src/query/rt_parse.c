/* SPDX-License-Identifier: MIT */
/* rt_parse.c: texts with a form of their own: URLs, paths, versions, CSV, commands. */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "query/rt_fn.h"

static void member(struct hm_rt_text *t, const char *name, hm_bytes value)
{
	hm_rt_addf(t, "%s\"%s\":", t->len > 1 ? "," : "", name);
	hm_rt_add_quoted(t, value);
}

/* Split s before and after the first mark; false where there is none. */
static bool cut(hm_bytes s, const char *mark, hm_bytes *before, hm_bytes *after)
{
	size_t at = hm_rt_find(s, hm_bytes_of(mark), 0);

	*before = at == SIZE_MAX ? s : hm_rt_part(s, 0, at);
	*after = at == SIZE_MAX ? (hm_bytes){ 0 } : hm_rt_from(s, at + strlen(mark));
	return at != SIZE_MAX;
}

static void add_query(struct hm_rt_text *t, hm_bytes query)
{
	hm_bytes pair, name, value;
	bool first = true;

	hm_rt_addf(t, "%s\"Query Parameters\":{", t->len > 1 ? "," : "");
	while (query.len != 0) {
		cut(query, "&", &pair, &query);
		cut(pair, "=", &name, &value);
		if (name.len == 0)
			continue;
		if (!first)
			hm_rt_add_u8(t, ',');
		first = false;
		hm_rt_add_quoted(t, name);
		hm_rt_add_u8(t, ':');
		hm_rt_add_quoted(t, value);
	}
	hm_rt_add_u8(t, '}');
}

HM_RT_FN(parse_urlquery)
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	HM_RT_UNUSED(rt, num);
	hm_rt_add_u8(&t, '{');
	add_query(&t, arg[0].s);
	hm_rt_add_u8(&t, '}');
	out->s = hm_rt_done(&t);
}

HM_RT_FN(parse_url)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	hm_bytes scheme, rest, fragment, query, host, path = { 0 }, user = { 0 },
						      pass = { 0 }, port = { 0 }, login;

	HM_RT_UNUSED(rt, num);
	if (!cut(arg[0].s, "://", &scheme, &rest)) {
		rest = arg[0].s;
		scheme = (hm_bytes){ 0 };
	}
	cut(rest, "#", &rest, &fragment);
	cut(rest, "?", &rest, &query);
	size_t slash = hm_rt_find(rest, hm_bytes_of("/"), 0);
	if (slash != SIZE_MAX)
		path = hm_rt_from(rest, slash);
	host = hm_rt_part(rest, 0, slash == SIZE_MAX ? rest.len : slash);
	if (cut(host, "@", &login, &rest)) {
		host = rest;
		cut(login, ":", &user, &pass);
	}
	if (host.len != 0 && host.at[0] == '[')
		cut(host, "]:", &rest, &port);
	else
		cut(host, ":", &host, &port);
	hm_rt_add_u8(&t, '{');
	member(&t, "Scheme", scheme);
	member(&t, "Host", host);
	member(&t, "Port", port);
	member(&t, "Path", path);
	member(&t, "Username", user);
	member(&t, "Password", pass);
	add_query(&t, query);
	member(&t, "Fragment", fragment);
	hm_rt_add_u8(&t, '}');
	out->s = hm_rt_done(&t);
}

static bool is_slash(uint8_t byte)
{
	return byte == '/' || byte == '\\';
}

/* Offset of the last slash, SIZE_MAX where there is none. */
static size_t last_slash(hm_bytes s)
{
	for (size_t i = s.len; i > 0; i--)
		if (is_slash(s.at[i - 1]))
			return i - 1;
	return SIZE_MAX;
}

static hm_bytes root_of(hm_bytes path)
{
	if (path.len >= 2 && isalpha(path.at[0]) && path.at[1] == ':')
		return hm_rt_part(path, 0, path.len > 2 && is_slash(path.at[2]) ? 3 : 2);
	return (hm_bytes){ 0 };
}

HM_RT_FN(parse_path)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	hm_bytes scheme, path, stream = { 0 }, name, folder, above = { 0 },
			       extension = { 0 };

	HM_RT_UNUSED(rt, num);
	if (!cut(arg[0].s, "://", &scheme, &path)) {
		path = arg[0].s;
		scheme = (hm_bytes){ 0 };
	}
	size_t slash = last_slash(path);
	name = slash == SIZE_MAX ? path : hm_rt_from(path, slash + 1);
	folder = slash == SIZE_MAX ? (hm_bytes){ 0 } : hm_rt_part(path, 0, slash);
	if (slash != SIZE_MAX || root_of(path).len == 0)
		cut(name, ":", &name, &stream);
	size_t up = last_slash(folder);
	above = up == SIZE_MAX ? folder : hm_rt_from(folder, up + 1);
	for (size_t i = name.len; i > 0 && extension.len == 0; i--)
		if (name.at[i - 1] == '.') {
			extension = hm_rt_from(name, i);
			break;
		}
	hm_rt_add_u8(&t, '{');
	member(&t, "Scheme", scheme);
	member(&t, "RootPath", root_of(path));
	member(&t, "DirectoryPath", folder);
	member(&t, "DirectoryName", above);
	member(&t, "Filename", name);
	member(&t, "Extension", extension);
	member(&t, "AlternateDataStreamName", stream);
	hm_rt_add_u8(&t, '}');
	out->s = hm_rt_done(&t);
}

/* Up to four parts of up to eight digits, each padded to eight: a decimal. */
HM_RT_FN(parse_version)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct hm_cur c = hm_cur_of(hm_trim(arg[0].s));
	char part[16];
	int parts = 0;

	HM_RT_UNUSED(rt, num);
	out->null = true;
	for (; parts < 4; parts++) {
		int digits = 0;
		if (parts != 0 && hm_more(&c) && hm_u8(&c, "dot") != '.')
			return;
		while (isdigit(hm_peek(&c)) && digits < 9)
			part[digits++] = (char)hm_u8(&c, "digit");
		if (digits > 8 || (digits == 0 && (parts == 0 || hm_more(&c))))
			return;
		for (int i = digits; i < 8; i++)
			hm_rt_add_u8(&t, '0');
		hm_rt_add(&t, (hm_bytes){ (uint8_t *)part, (size_t)digits });
	}
	if (hm_more(&c) || c.err != HM_OK)
		return;
	hm_bytes all = hm_rt_done(&t);
	size_t zeros = 0;
	while (zeros + 1 < all.len && all.at[zeros] == '0')
		zeros++;
	out->s = hm_rt_from(all, zeros);
	out->null = false;
}

/* One field of a record; whether another follows it. */
static bool read_csv_field(struct hm_cur *c, struct hm_rt_text *field)
{
	bool quoted = hm_peek(c) == '"' && hm_more(c);

	if (quoted)
		hm_take(c, 1, "quote");
	while (hm_more(c)) {
		uint8_t byte = hm_u8(c, "byte");

		if (quoted && byte == '"' && hm_peek(c) != '"') {
			quoted = false;
			continue;
		}
		if (quoted && byte == '"')
			hm_take(c, 1, "quote");
		else if (!quoted && byte == ',')
			return true;
		else if (!quoted && (byte == '\n' || byte == '\r'))
			return false;
		hm_rt_add_u8(field, byte);
	}
	return false;
}

/* The first record, as an array of strings (RFC 4180). */
HM_RT_FN(parse_csv)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct hm_cur c = hm_cur_of(arg[0].s);
	bool more = true;

	HM_RT_UNUSED(rt, num);
	hm_rt_add_u8(&t, '[');
	while (more) {
		struct hm_rt_text field = hm_rt_text_of(rt);

		more = read_csv_field(&c, &field);
		if (t.len > 1)
			hm_rt_add_u8(&t, ',');
		hm_rt_add_quoted(&t, hm_rt_done(&field));
	}
	hm_rt_add_u8(&t, ']');
	out->s = hm_rt_done(&t);
}

/* The backslashes at the cursor; they escape only before a quote. */
static void add_slashes(struct hm_cur *c, struct hm_rt_text *word, bool *literal_quote)
{
	size_t count = 0;

	while (hm_peek(c) == '\\') {
		hm_take(c, 1, "backslash");
		count++;
	}
	bool quote = hm_peek(c) == '"' && hm_more(c);
	for (size_t i = 0; i < (quote ? count / 2 : count); i++)
		hm_rt_add_u8(word, '\\');
	*literal_quote = quote && count % 2 == 1;
}

/* The word at the cursor, which a space outside quotes ends; false where none is left. */
static bool read_word(struct hm_cur *c, struct hm_rt_text *word)
{
	bool quoted = false, any = false;

	while (hm_more(c)) {
		bool literal = false;

		if (hm_peek(c) == '\\') {
			add_slashes(c, word, &literal);
			any = true;
			if (!literal)
				continue;
		}
		uint8_t byte = hm_u8(c, "byte");
		if (!literal && !quoted && isspace(byte)) {
			if (any)
				return true;
			continue;
		}
		any = true;
		if (byte == '"' && !literal)
			quoted = !quoted;
		else
			hm_rt_add_u8(word, byte);
	}
	return any;
}

/* parse_command_line(text, "windows"): as CommandLineToArgvW does. */
HM_RT_FN(parse_command_line)
{
	struct hm_rt_text t = hm_rt_text_of(rt), word = hm_rt_text_of(rt);
	struct hm_cur c = hm_cur_of(arg[0].s);

	HM_RT_UNUSED(rt, num);
	if (!hm_is_nocase(arg[1].s, "windows")) {
		rt->error = "parse_command_line: the only parser is \"windows\"";
		return;
	}
	out->null = hm_trim(arg[0].s).len == 0;
	hm_rt_add_u8(&t, '[');
	while (read_word(&c, &word)) {
		if (t.len > 1)
			hm_rt_add_u8(&t, ',');
		hm_rt_add_quoted(&t, hm_rt_done(&word));
		word.len = 0;
	}
	hm_rt_add_u8(&t, ']');
	out->s = hm_rt_done(&t);
}
