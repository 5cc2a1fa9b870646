/* SPDX-License-Identifier: MIT */
/*
 * cmd_forge.c: writes the catalogue of attacks, for measuring any verifier.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "forge/cases.h"

struct forge {
	struct hm_arena *a;
	const char *out;
	struct hm_list names; /* cases asked for; none: all */
	bool list;
	size_t written;
	size_t seen; /* names that were found */
};

static const char header[] = "file\tclock\ttrust\tstate\treason\tflags\tsource\twrong\n";

static bool make_folder(struct forge *f, const char *name)
{
	const char *path = hm_format(f->a, "%s%s", f->out, name);

	if (mkdir(path, 0777) == 0 || errno == EEXIST)
		return true;
	hm_complain("%s: %s", path, strerror(errno));
	return false;
}

static bool write_file(struct forge *f, const char *name, hm_bytes content)
{
	const char *path = hm_format(f->a, "%s/%s", f->out, name);
	FILE *to = fopen(path, "wb");
	bool ok = to != NULL;

	if (ok && content.len != 0)
		ok = fwrite(content.at, 1, content.len, to) == content.len;
	if (to != NULL)
		ok = fclose(to) == 0 && ok;
	if (!ok)
		hm_complain("%s: %s", path, strerror(errno));
	return ok;
}

static void print_field(FILE *to, hm_bytes text, char end)
{
	fwrite(text.at, 1, text.len, to);
	putc(end, to);
}

/* The table's line: paths as they lie under DIR. */
static void print_line(FILE *to, struct hm_arena *a, const struct hm_mk_case *c)
{
	fprintf(to, "cases/%s.exe\t", hm_cstr(a, c->name));
	print_field(to, c->clock, '\t');
	print_field(to, c->trust, '\t');
	print_field(to, c->state, '\t');
	print_field(to, c->reason, '\t');
	print_field(to, c->flags, '\t');
	print_field(to, c->source, '\t');
	print_field(to, c->wrong, '\n');
}

static bool wanted(struct forge *f, hm_bytes name)
{
	for (size_t i = 0; i < f->names.count; i++) {
		if (hm_is(name, f->names.items[i])) {
			f->seen++;
			return true;
		}
	}
	return f->names.count == 0;
}

/* A fresh arena for each file: the largest take hundreds of megabytes to compose. */
static bool write_made(struct forge *f, const char *name,
		       hm_bytes (*make)(struct hm_arena *a, hm_bytes name), hm_bytes key)
{
	struct hm_arena a = hm_cli_arena();
	bool ok = write_file(f, name, make(&a, key));

	hm_arena_close(&a);
	f->written += ok;
	return ok;
}

static int write_trust(struct forge *f)
{
	const char *name;

	for (size_t i = 0; (name = hm_mk_trust_name(i)) != NULL; i++) {
		if (!write_made(f, hm_format(f->a, "trust/%s", name), hm_mk_trust_file,
				hm_bytes_of(name)))
			return HM_EXIT_FAILED;
	}
	return HM_EXIT_OK;
}

static int write_cases(struct forge *f, FILE *table)
{
	struct hm_mk_case c;

	fputs(header, table);
	for (size_t walk = 0; hm_mk_next_case(&walk, &c);) {
		if (!wanted(f, c.name))
			continue;
		print_line(table, f->a, &c);
		const char *name = hm_format(f->a, "cases/%s.exe", hm_cstr(f->a, c.name));
		if (!f->list && !write_made(f, name, hm_mk_case_file, c.name))
			return HM_EXIT_FAILED;
	}
	if (f->seen < f->names.count)
		return hm_complain("no such case; --list prints them all");
	return HM_EXIT_OK;
}

static int write_all(struct forge *f)
{
	if (!make_folder(f, "") || !make_folder(f, "/cases") || !make_folder(f, "/trust"))
		return HM_EXIT_FAILED;

	const char *path = hm_format(f->a, "%s/cases.tsv", f->out);
	FILE *table = fopen(path, "w");
	if (table == NULL)
		return hm_complain("%s: %s", path, strerror(errno));
	int status = write_trust(f);
	if (status == HM_EXIT_OK)
		status = write_cases(f, table);
	bool whole = ferror(table) == 0;
	if (fclose(table) != 0 || !whole)
		return hm_complain("%s: %s", path, strerror(errno));
	if (status == HM_EXIT_OK)
		printf("%zu files and %s\n", f->written, path);
	return status;
}

int hm_cmd_forge(int argc, char **argv)
{
	struct hm_arena a = hm_cli_arena();
	struct forge f = { .a = &a };
	const struct hm_option options[] = {
		{ "out", 'o', "DIR", "folder to write to, made where it is missing",
		  &f.out, NULL, NULL },
		{ "list", 'l', NULL, "print the table and write nothing", NULL, &f.list,
		  NULL },
	};
	const struct hm_command_help help = {
		.usage = "hallmark forge --out DIR [CASE]...\n       hallmark forge "
			 "--list",
		.about = "Writes the catalogue of attacks on code signatures: one small "
			 "program a case,\nwith one thing wrong, and cases.tsv, which "
			 "says "
			 "what a verifier should answer,\nwhen, and why. The programs do "
			 "nothing; their keys are public test keys.",
		.options = options,
		.num_options = sizeof(options) / sizeof(options[0]),
	};

	int status = hm_options(&help, argc, argv, &a, &f.names);
	if (status == -1) {
		if (f.list)
			status = write_cases(&f, stdout);
		else if (f.out == NULL)
			status = hm_complain("forge: --out DIR says where to write");
		else
			status = write_all(&f);
		status = hm_finish_output(status);
	}
	hm_arena_close(&a);
	return status;
}
