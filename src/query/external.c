/* SPDX-License-Identifier: MIT */
/* See external.h.  Separated values are RFC 4180's, with Kusto's other separators. */
#include "query/external.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "query/fault.h"

/* How a copy is cut into rows. */
enum form { SEPARATED, LINES, WHOLE, JSON };

/* clang-format off */
static const struct {
	const char *name;
	enum form form;
	char separator;
} formats[] = {
	{ "csv", SEPARATED, ',' },   { "tsv", SEPARATED, '\t' }, { "tsve", SEPARATED, '\t' },
	{ "psv", SEPARATED, '|' },   { "scsv", SEPARATED, ';' }, { "sohsv", SEPARATED, '\1' },
	{ "txt", LINES, 0 },	     { "raw", WHOLE, 0 },	 { "json", JSON, 0 },
	{ "multijson", JSON, 0 },    { "ndjson", JSON, 0 },	 { "jsonl", JSON, 0 },
};
/* clang-format on */

enum { FORMATS = sizeof formats / sizeof formats[0] };

/* A copy, or why there is none: "" where nobody put it there. */
struct copy {
	hm_bytes text;
	const char *why;
};

/* Rows on their way into a table. */
struct loading {
	duckdb_appender to;
	size_t columns;
	const struct hm_fields *names; /* JSON: members by name */
	struct hm_arena *a;
	bool failed;
};

static void put_text(struct loading *l, hm_bytes text)
{
	l->failed |= duckdb_append_varchar_length(l->to, (const char *)text.at,
						  (idx_t)text.len) != DuckDBSuccess;
}

static void end_row(struct loading *l)
{
	l->failed |= duckdb_appender_end_row(l->to) != DuckDBSuccess;
}

/* A row of fields, of which there may be more or fewer than columns. */
struct fields {
	hm_bytes *at;
	size_t count, room;
};

static void add_field(struct hm_arena *a, struct fields *f, hm_bytes text)
{
	if (f->count == f->room) {
		const size_t room = f->room ? f->room * 2 : 16;
		hm_bytes *more = hm_new_n(a, hm_bytes, room);

		if (f->count > 0)
			memcpy(more, f->at, f->count * sizeof *more);
		f->at = more;
		f->room = room;
	}
	f->at[f->count++] = text;
}

static bool at_end(const struct hm_cur *c)
{
	return !hm_more(c) || hm_peek(c) == '\n' || hm_peek(c) == '\r';
}

/* The next byte of a quoted text; false at its closing quote, stepped over. */
static bool next_quoted(struct hm_cur *c, uint8_t *byte)
{
	if (!hm_more(c))
		return false;
	*byte = hm_u8(c, "quoted");
	if (*byte != '"')
		return true;
	if (!hm_more(c) || hm_peek(c) != '"')
		return false;
	hm_u8(c, "quote");
	return true;
}

/* "a ""b"" c", the first quote stepped over: looked through, then copied. */
static hm_bytes quoted(struct hm_cur *c, struct hm_arena *a)
{
	struct hm_cur ahead = *c;
	size_t len = 0;
	uint8_t byte;

	while (next_quoted(&ahead, &byte))
		len++;
	uint8_t *text = hm_new_n(a, uint8_t, len + 1);
	len = 0;
	while (next_quoted(c, &byte))
		text[len++] = byte;
	return (hm_bytes){ text, len };
}

static hm_bytes bare(struct hm_cur *c, char separator)
{
	struct hm_cur ahead = *c;
	size_t len = 0;

	while (!at_end(&ahead) && hm_peek(&ahead) != (uint8_t)separator) {
		hm_u8(&ahead, "field");
		len++;
	}
	return hm_take(c, len, "field");
}

/* One row, to the end of its line. */
static void read_fields(struct hm_cur *c, char separator, struct hm_arena *a,
			struct fields *out)
{
	bool more = true;

	out->count = 0;
	while (more) {
		const bool quote = hm_more(c) && hm_peek(c) == '"';
		hm_bytes field;

		if (quote) {
			hm_u8(c, "quote");
			field = quoted(c, a);
			while (!at_end(c) && hm_peek(c) != (uint8_t)separator)
				hm_u8(c, "after a quote");
		} else {
			field = bare(c, separator);
		}
		add_field(a, out, field);
		more = hm_more(c) && hm_peek(c) == (uint8_t)separator;
		if (more)
			hm_u8(c, "separator");
	}
	if (hm_more(c) && hm_peek(c) == '\r')
		hm_u8(c, "return");
	if (hm_more(c) && hm_peek(c) == '\n')
		hm_u8(c, "newline");
}

static void put_row(struct loading *l, const struct fields *f)
{
	for (size_t i = 0; i < l->columns; i++)
		put_text(l, i < f->count ? f->at[i] : (hm_bytes){ 0 });
	end_row(l);
}

static void load_separated(struct loading *l, hm_bytes text, char separator, bool skip)
{
	struct hm_cur c = hm_cur_of(text);
	struct fields f = { 0 };

	while (hm_more(&c) && !l->failed) {
		const bool empty = at_end(&c);

		read_fields(&c, separator, l->a, &f);
		if (!empty && !skip)
			put_row(l, &f);
		skip = false;
	}
}

static void load_lines(struct loading *l, hm_bytes text, bool skip)
{
	struct hm_cur c = hm_cur_of(text);

	while (hm_more(&c) && !l->failed) {
		hm_bytes line = bare(&c, '\n');
		struct fields f = { &line, 1, 1 };

		while (hm_more(&c) && hm_peek(&c) == '\r')
			hm_u8(&c, "return");
		if (hm_more(&c))
			hm_u8(&c, "newline");
		if (line.len > 0 && !skip)
			put_row(l, &f);
		skip = false;
	}
}

/* An object: its members by the columns' names; a text as it is, all else as JSON. */
static void put_object(struct loading *l, const struct hm_json *object)
{
	for (size_t i = 0; i < l->columns; i++) {
		const struct hm_json *m = object->first;
		hm_bytes text = { 0 };

		while (m != NULL && !hm_same(hm_json_key(m, l->a), l->names->at[i].name))
			m = m->next;
		if (m != NULL && m->kind == HM_JSON_STRING)
			text = hm_json_string(m, l->a);
		else if (m != NULL && m->kind != HM_JSON_NULL)
			text = m->text;
		put_text(l, text);
	}
	end_row(l);
}

static bool load_json(struct loading *l, hm_bytes text)
{
	struct hm_cur c = hm_cur_of(text);

	while (hm_more(&c) && !l->failed) {
		const struct hm_json *node = hm_json_read(&c, l->a);

		if (node == NULL)
			return false;
		if (node->kind == HM_JSON_OBJECT)
			put_object(l, node);
		for (const struct hm_json *i = node->kind == HM_JSON_ARRAY ? node->first
									   : NULL;
		     i != NULL; i = i->next)
			if (i->kind == HM_JSON_OBJECT)
				put_object(l, i);
	}
	return true;
}

static size_t format_of(const struct hm_external *what, hm_bytes path)
{
	hm_bytes format = what->format;
	size_t dot = path.len;

	while (format.len == 0 && dot > 0 && path.at[dot - 1] != '.' &&
	       path.at[dot - 1] != '/')
		dot--;
	if (format.len == 0 && dot > 0 && path.at[dot - 1] == '.')
		format = hm_part(path, dot, path.len - dot);
	for (size_t i = 0; i < FORMATS; i++)
		if (hm_is_nocase(format, formats[i].name))
			return i;
	/* Kusto's own default (externaldata operator, "format"). */
	return what->format.len == 0 ? 0 : FORMATS;
}

/* What lies below a folder of the catalogue can be named: no step goes up, and the name
 * ends where the C library thinks it ends. */
static bool is_below(hm_bytes path)
{
	size_t from = 0;

	for (size_t i = 0; i <= path.len; i++) {
		if (i < path.len && path.at[i] != '/') {
			if (path.at[i] == 0)
				return false;
			continue;
		}
		if (hm_is(hm_part(path, from, i - from), ".."))
			return false;
		from = i + 1;
	}
	return path.len > 0;
}

/* HOST/PATH of a URL, without a query or a key; empty where it is none. */
static hm_bytes place_of(hm_bytes url)
{
	size_t from = 0, to = 0;

	while (from + 3 <= url.len && memcmp(url.at + from, "://", 3) != 0)
		from++;
	if (from + 3 >= url.len)
		return (hm_bytes){ 0 };
	url = hm_part(url, from + 3, url.len - from - 3);
	while (to < url.len && url.at[to] != '?' && url.at[to] != ';' &&
	       url.at[to] != '#')
		to++;
	return hm_part(url, 0, to);
}

/* Open a file below a folder.  No step may be a symbolic link: one that came with a copy
 * would lead out of the catalogue. */
static int open_below(int folder, const char *kind, hm_bytes path, struct hm_arena *a)
{
	const int deeper = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK;
	int fd = openat(folder, kind, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
	size_t from = 0;

	for (size_t i = 0; i <= path.len && fd >= 0; i++) {
		if (i < path.len && path.at[i] != '/')
			continue;
		if (i > from) {
			const int above = fd;
			const char *step = hm_cstr(a, hm_part(path, from, i - from));

			fd = openat(above, step,
				    deeper | (i < path.len ? O_DIRECTORY : 0));
			const int why = errno;
			close(above);
			errno = why;
		}
		from = i + 1;
	}
	return fd;
}

/* All size bytes of a file. */
static const char *read_file(int fd, size_t size, struct hm_arena *a, hm_bytes *out)
{
	uint8_t *bytes = hm_new_n(a, uint8_t, size + 1);
	size_t got = 0;

	for (ssize_t n = 1; n > 0 && got < size; got += n > 0 ? (size_t)n : 0)
		n = read(fd, bytes + got, size - got);
	*out = (hm_bytes){ bytes, got };
	if (got != size)
		return "could not be read";
	if (!hm_utf8_valid(*out))
		return "is not UTF-8";
	if (got >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		*out = hm_part(*out, 3, got - 3);
	return NULL;
}

/* All of a file below a folder of the catalogue; false with an empty why where there is
 * none. */
static bool read_copy(struct hm_copies *c, const char *kind, hm_bytes path,
		      struct hm_arena *a, struct copy *out)
{
	const char *fault = NULL;
	struct stat st;
	int fd = -1;

	*out = (struct copy){ .why = "" };
	if (!is_below(path))
		return false;
	fd = open_below(hm_store_folder(c->store), kind, path, a);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return false;
	if (fd < 0)
		fault = strerror(errno);
	else if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		fault = "is no file";
	else if (st.st_size > (off_t)(HM_MAX_COPY_BYTES - c->bytes))
		fault = "would make more copies than a query may read";
	else
		fault = read_file(fd, (size_t)st.st_size, a, &out->text);
	c->bytes += out->text.len;
	if (fd >= 0)
		close(fd);
	if (fault != NULL)
		out->why = hm_format(a, "%s/%.*s %s", kind, HM_SHOW(path), fault);
	return fault == NULL;
}

/* A temporary table of texts, c0, c1... */
static hm_bytes make_table(struct hm_copies *c, size_t columns, struct hm_arena *a)
{
	const char *name = hm_format(a, "_Copy%u", c->made++);
	struct hm_buf sql = hm_buf_of(1 << 20);

	hm_putf(&sql, "CREATE TEMP TABLE %s (", name);
	for (size_t i = 0; i < columns; i++)
		hm_putf(&sql, "%sc%zu VARCHAR", i == 0 ? "" : ", ", i);
	hm_put_str(&sql, ")");
	const char *text = hm_cstr(a, hm_buf_bytes(&sql));
	const bool made = sql.err == HM_OK && hm_store_run(c->store, text) == HM_OK;
	hm_buf_done(&sql);
	return made ? hm_bytes_of(name) : (hm_bytes){ 0 };
}

static bool cut(struct loading *l, size_t format, hm_bytes text, bool skip)
{
	switch (formats[format].form) {
	case SEPARATED: load_separated(l, text, formats[format].separator, skip); break;
	case LINES: load_lines(l, text, skip); break;
	case WHOLE: put_row(l, &(struct fields){ &text, 1, 1 }); break;
	case JSON: return load_json(l, text);
	}
	return true;
}

/* What is loaded, and with what. */
struct loader {
	struct hm_copies *copies;
	const struct hm_external *what;
	struct hm_arena *a;
};

/* The rows of one copy into a table. */
static bool load(const struct loader *by, size_t format, hm_bytes text, hm_bytes table)
{
	struct loading l = { .columns = by->what->columns.count,
			     .names = &by->what->columns,
			     .a = by->a };
	bool ok = duckdb_appender_create(hm_store_connection(by->copies->store), NULL,
					 hm_cstr(by->a, table), &l.to) == DuckDBSuccess;

	ok = ok && cut(&l, format, text, by->what->ignore_first) && !l.failed;
	ok = ok && duckdb_appender_flush(l.to) == DuckDBSuccess;
	duckdb_appender_destroy(&l.to);
	return ok;
}

/* The copy of one URL into a table; false where why tells what is wrong, or that nothing
 * is there (""). */
static bool load_url(const struct loader *l, hm_bytes url, hm_bytes table,
		     const char **why)
{
	const hm_bytes place = place_of(url);
	const size_t format = format_of(l->what, place);
	struct copy copy;

	*why = "";
	if (format == FORMATS)
		*why = "hallmark reads csv, tsv, psv, scsv, txt, raw and json";
	else if (!read_copy(l->copies, "catalogue/external", place, l->a, &copy))
		*why = copy.why;
	else if (!load(l, format, copy.text, table))
		*why = hm_format(l->a, "the copy of '%.*s' is no %s", HM_SHOW(url),
				 formats[format].name);
	else
		return true;
	return format != FORMATS && **why == 0 && l->copies->may_lack;
}

/* The columns that the first line names; none where it does not name each differently. */
static struct hm_fields header_of(hm_bytes text, struct hm_arena *a)
{
	struct hm_cur cur = hm_cur_of(text);
	struct fields head = { 0 };
	struct hm_fields out;

	read_fields(&cur, ',', a, &head);
	out.at = hm_new_n(a, struct hm_field, head.count);
	out.count = head.count;
	for (size_t i = 0; i < head.count; i++) {
		out.at[i] = (struct hm_field){ head.at[i], HM_SCALAR_STRING };
		for (size_t j = 0; j < i; j++)
			if (hm_same(head.at[i], head.at[j]))
				out.count = 0;
		if (head.at[i].len == 0)
			out.count = 0;
	}
	return (struct hm_fields){ out.at, out.count == head.count ? head.count : 0 };
}

hm_bytes hm_external_load(struct hm_copies *c, const struct hm_external *what,
			  struct hm_arena *a, const char **why)
{
	const struct loader l = { c, what, a };
	const hm_bytes table = make_table(c, what->columns.count, a);

	*why = table.len == 0 ? hm_store_why(c->store) : "";
	for (size_t i = 0; table.len != 0 && i < what->url_count; i++)
		if (!load_url(&l, what->urls[i], table, why))
			return (hm_bytes){ 0 };
	return table;
}

struct hm_fields hm_watchlist_load(struct hm_copies *c, hm_bytes name, struct hm_arena *a,
				   hm_bytes *table, const char **why)
{
	const char *file = hm_format(a, "%.*s.csv", HM_SHOW(name));
	struct hm_external what = { .ignore_first = true };
	const struct loader l = { c, &what, a };
	struct copy copy = { .why = "" };
	const bool one = memchr(hm_cstr(a, name), '/', name.len) == NULL &&
			 memchr(hm_cstr(a, name), 0, name.len) == NULL;

	if (!one || !read_copy(c, "catalogue/watchlists", hm_bytes_of(file), a, &copy)) {
		*why = copy.why;
		return (struct hm_fields){ 0 };
	}
	what.columns = header_of(copy.text, a);
	if (what.columns.count == 0) {
		*why = hm_format(a, "The first line of %s names no columns.", file);
		return what.columns;
	}
	*table = make_table(c, what.columns.count, a);
	if (table->len != 0 && load(&l, 0, copy.text, *table))
		return what.columns;
	*why = hm_format(a, "%s could not be loaded", file);
	return (struct hm_fields){ 0 };
}

void hm_copies_drop(struct hm_copies *c, struct hm_arena *a)
{
	c->bytes = 0;
	while (c->made > 0)
		(void)!hm_store_run(c->store, hm_format(a, "DROP TABLE IF EXISTS _Copy%u",
							--c->made));
}
