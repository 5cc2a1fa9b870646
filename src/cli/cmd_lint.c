/* SPDX-License-Identifier: MIT */
/*
 * cmd_lint.c: looks through queries without running them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/querying.h"
#include "cli/walk.h"
#include "query/lint.h"
#include "query/tables.h"

struct options {
	const char *dialect, *format, *schema;
	struct hm_list ignore;
};

struct linting {
	const struct options *options;
	const struct hm_list *operands;
	struct hm_arena *a; /* for the whole command */
	struct hm_catalogue catalogue;
	bool jsonl;
	int status;
};

static int parse(struct options *o, int argc, char **argv, struct hm_arena *a,
		 struct hm_list *operands)
{
	const struct hm_option options[] = {
		{ "dialect", 0, "NAME",
		  "whose columns there are: hallmark, defender or sentinel", &o->dialect,
		  NULL, NULL },
		{ "schema", 0, "FILE",
		  "more tables, as {\"Table\":{\"Column\":\"type\"}}", &o->schema, NULL,
		  NULL },
		{ "ignore", 0, "CODE", "leave out findings of that code; may be repeated",
		  NULL, NULL, &o->ignore },
		{ "format", 0, "FORMAT", "text or jsonl", &o->format, NULL, NULL },
	};
	const struct hm_command_help help = {
		.usage = "hallmark lint [OPTION]... FILE...",
		.about = "Looks through queries in KQL for faults and for the usual "
			 "mistakes, and runs\n"
			 "none.  In a folder, the files *.kql, *.kusto and *.csl are "
			 "looked at.  Exit\n"
			 "status 1 says that something was found.",
		.options = options,
		.num_options = sizeof(options) / sizeof(options[0]),
	};

	return hm_options(&help, argc, argv, a, operands);
}

/* ---- what is found ---- */

static bool is_ignored(const struct options *o, const char *code)
{
	for (size_t i = 0; i < o->ignore.count; i++)
		if (strcmp(o->ignore.items[i], code) == 0)
			return true;
	return false;
}

static void put_text(struct hm_buf *b, struct hm_arena *a, const char *path,
		     const struct hm_diag *d)
{
	hm_putf(b, "%s:%zu:%zu: %s: %s\n", hm_shown(a, hm_bytes_of(path)), d->line,
		d->column, d->code, hm_shown(a, d->message));
}

static void put_jsonl(struct hm_buf *b, const char *path, const struct hm_diag *d)
{
	struct hm_json_out o = hm_json_out_of(b);

	hm_json_open(&o, '{');
	hm_json_member_str(&o, "file", path);
	hm_json_member_int(&o, "line", (int64_t)d->line);
	hm_json_member_int(&o, "column", (int64_t)d->column);
	hm_json_member_str(&o, "code", d->code);
	hm_json_member(&o, "message", d->message);
	hm_json_close(&o, '}');
	hm_put_u8(b, '\n');
}

static void report(struct linting *l, struct hm_arena *a, const char *path,
		   const struct hm_findings *found)
{
	struct hm_buf b = hm_buf_of(SIZE_MAX / 2);

	for (size_t i = 0; i < found->count; i++) {
		if (is_ignored(l->options, found->at[i].code))
			continue;
		l->status = hm_exit_worse(l->status, HM_EXIT_FOUND);
		if (l->jsonl)
			put_jsonl(&b, path, &found->at[i]);
		else
			put_text(&b, a, path, &found->at[i]);
	}
	if (b.len != 0)
		fwrite(b.at, 1, b.len, stdout);
	hm_buf_done(&b);
}

/* ---- the files ---- */

/* The text of an open file; false after a complaint. */
static bool read_text(struct hm_arena *a, const char *path, int fd, hm_bytes *out)
{
	struct hm_buf b = hm_buf_of(HM_MAX_KQL_BYTES);
	char part[8192];
	ssize_t got;

	lseek(fd, 0, SEEK_SET);
	while ((got = read(fd, part, sizeof part)) > 0)
		hm_put(&b, (hm_bytes){ (uint8_t *)part, (size_t)got });
	bool ok = false;
	if (got < 0)
		hm_complain("%s: %s", path, strerror(errno));
	else if (b.err != HM_OK)
		hm_complain("%s: larger than a query may be", path);
	else if (!hm_utf8_valid(hm_buf_bytes(&b)))
		hm_complain("%s: not UTF-8", path);
	else
		ok = true;
	if (ok)
		*out = hm_keep(a, hm_buf_bytes(&b));
	hm_buf_done(&b);
	return ok;
}

static bool is_query(const char *path)
{
	static const char *const endings[] = { ".kql", ".kusto", ".csl" };
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (dot != NULL && strcasecmp(dot, endings[i]) == 0)
			return true;
	return false;
}

/* A file that is named is looked at whatever its name is. */
static bool is_wanted(const struct linting *l, const char *path)
{
	for (size_t i = 0; i < l->operands->count; i++)
		if (strcmp(l->operands->items[i], path) == 0)
			return true;
	return is_query(path);
}

static bool lint_file(void *ctx, const char *path, int fd)
{
	struct linting *l = ctx;
	struct hm_arena a = hm_cli_arena();
	hm_bytes text;

	if (!is_wanted(l, path)) {
		/* something else in the folder */
	} else if (read_text(&a, path, fd, &text)) {
		struct hm_findings found = hm_lint(text, &l->catalogue, &a);

		report(l, &a, path, &found);
	} else {
		l->status = HM_EXIT_FAILED;
	}
	close(fd);
	hm_arena_close(&a);
	return true;
}

/* ---- the command ---- */

static bool find_dialect(const char *name, enum hm_dialect *out)
{
	static const char *const names[] = { [HM_DIALECT_HALLMARK] = "hallmark",
					     [HM_DIALECT_DEFENDER] = "defender",
					     [HM_DIALECT_SENTINEL] = "sentinel" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (name == NULL || strcmp(names[i], name) == 0) {
			*out = (enum hm_dialect)i;
			return true;
		}
	}
	hm_complain("--dialect: \"%s\" is none of hallmark, defender, sentinel", name);
	return false;
}

/* Nothing is fetched, nor looked for: the columns that the query declares are enough. */
static hm_bytes any_external(void *ctx, const struct hm_external *what,
			     struct hm_arena *a, const char **why)
{
	(void)ctx;
	(void)a;
	(void)why;
	return what->urls[0];
}

static bool set_up(struct linting *l)
{
	const struct options *o = l->options;
	const char *why = "";
	hm_bytes schema;

	l->jsonl = o->format != NULL && strcmp(o->format, "jsonl") == 0;
	if (o->format != NULL && !l->jsonl && strcmp(o->format, "text") != 0) {
		hm_complain("--format: \"%s\" is none of text, jsonl", o->format);
		return false;
	}
	if (!find_dialect(o->dialect, &l->catalogue.dialect))
		return false;
	struct hm_source *tables = hm_tables_of(l->catalogue.dialect, l->a);
	if (o->schema != NULL && !hm_querying_read(l->a, o->schema, &schema))
		return false;
	if (o->schema != NULL) {
		tables = hm_tables_read(schema, tables, l->a, &why);
		if (tables == NULL)
			hm_complain("%s: %s", o->schema, why);
	}
	l->catalogue.tables = tables;
	l->catalogue.external = any_external;
	return tables != NULL;
}

static int run(struct linting *l)
{
	const struct hm_walk walk = { .folders = true, .file = lint_file, .ctx = l };

	if (l->operands->count == 0)
		return hm_complain("lint: name the files to look at");
	if (!set_up(l))
		return HM_EXIT_FAILED;
	int status = hm_walk(&walk, l->operands);
	return hm_exit_worse(status, l->status);
}

int hm_cmd_lint(int argc, char **argv)
{
	struct hm_arena a = hm_cli_arena();
	struct options o = { 0 };
	struct hm_list operands;
	int status = parse(&o, argc, argv, &a, &operands);
	struct linting l = { .options = &o, .operands = &operands, .a = &a };

	if (status < 0)
		status = run(&l);
	hm_arena_close(&a);
	return hm_finish_output(status);
}
