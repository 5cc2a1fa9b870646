/* SPDX-License-Identifier: MIT */
/*
 * cmd_schema.c: the tables and columns that queries can name, from base/schema.def.
 */
#include <string.h>

#include "base/json.h"
#include "base/schema.h"
#include "cli/cli.h"

/* Far more than the text of all columns. */
enum { MOST_BYTES = 1 << 20 };

struct writer {
	struct hm_buf buf;
	struct hm_json_out json;
};

static const char *origin_name(enum hm_origin origin)
{
	static const char *const names[] = {
		[HM_ORIGIN_DEFENDER] = "defender",
		[HM_ORIGIN_SENTINEL] = "sentinel",
		[HM_ORIGIN_OURS] = "hallmark",
	};

	return names[origin];
}

/* ---- for people ---- */

static void put_tables(struct hm_buf *b)
{
	hm_putf(b, "%-27s  %7s  %s\n", "TABLE", "COLUMNS", "MEANING");
	for (int i = 0; i < HM_TABLE_COUNT; i++)
		hm_putf(b, "%-27s  %7d  %s\n", hm_tables[i].name, hm_tables[i].count,
			hm_tables[i].meaning);
}

static int name_width(const struct hm_table *table)
{
	size_t width = 0;

	for (int i = table->first; i < table->first + table->count; i++) {
		size_t len = strlen(hm_columns[i].name);

		width = len > width ? len : width;
	}
	return (int)width;
}

static void put_table(struct writer *w, const struct hm_table *table)
{
	int width = name_width(table);

	hm_putf(&w->buf, "%s: %s\n\n%-*s  %-8s  %-8s  %s\n", table->name, table->meaning,
		width, "COLUMN", "TYPE", "FROM", "MEANING");
	for (int i = table->first; i < table->first + table->count; i++) {
		const struct hm_column *c = &hm_columns[i];

		hm_putf(&w->buf, "%-*s  %-8s  %-8s  %s\n", width, c->name,
			hm_type_name(c->type), origin_name(c->origin), c->meaning);
	}
	hm_put_str(&w->buf, "\nTimeGenerated is another name of Timestamp.\n");
}

/* ---- for programs ---- */

static void put_members(struct hm_json_out *o, const struct hm_column *c)
{
	hm_json_member_str(o, "name", c->name);
	hm_json_member_str(o, "type", hm_type_name(c->type));
	hm_json_member_str(o, "from", origin_name(c->origin));
	hm_json_member_str(o, "meaning", c->meaning);
}

static void put_json(struct writer *w, const struct hm_table *table)
{
	struct hm_json_out *o = &w->json;

	hm_json_open(o, '{');
	hm_json_member_str(o, "table", table->name);
	hm_json_member_str(o, "meaning", table->meaning);
	hm_json_name(o, hm_bytes_of("columns"));
	hm_json_open(o, '[');
	for (int i = table->first; i < table->first + table->count; i++) {
		hm_json_open(o, '{');
		put_members(o, &hm_columns[i]);
		hm_json_close(o, '}');
	}
	hm_json_close(o, ']');
	hm_json_close(o, '}');
}

static void put_jsonl(struct writer *w, const struct hm_table *table)
{
	for (int i = table->first; i < table->first + table->count; i++) {
		struct hm_json_out o = hm_json_out_of(&w->buf);

		hm_json_open(&o, '{');
		hm_json_member_str(&o, "table", table->name);
		put_members(&o, &hm_columns[i]);
		hm_json_close(&o, '}');
		hm_put_u8(&w->buf, '\n');
	}
}

static const struct form {
	const char *name;
	bool array; /* of what is put */
	void (*put)(struct writer *w, const struct hm_table *table);
} forms[] = {
	{ "table", false, put_table },
	{ "json", true, put_json },
	{ "jsonl", false, put_jsonl },
};

static const struct form *find_form(const char *name)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (name == NULL || strcmp(forms[i].name, name) == 0)
			return &forms[i];
	hm_complain("--format: \"%s\" is none of table, json, jsonl", name);
	return NULL;
}

/* ---- the command ---- */

/* A table by its name, whose case a person may forget. */
static const struct hm_table *find_table(const char *name)
{
	for (int i = 0; i < HM_TABLE_COUNT; i++)
		if (strcasecmp(hm_tables[i].name, name) == 0)
			return &hm_tables[i];
	hm_complain("no table \"%s\"; hallmark schema lists them", name);
	return NULL;
}

static int put_all(struct writer *w, const struct form *form,
		   const struct hm_list *operands)
{
	int status = HM_EXIT_OK;

	if (form->array)
		hm_json_open(&w->json, '[');
	for (size_t i = 0; i < operands->count; i++) {
		const struct hm_table *table = find_table(operands->items[i]);

		if (table == NULL)
			status = HM_EXIT_FAILED;
		else
			form->put(w, table);
	}
	for (int i = 0; i < HM_TABLE_COUNT && operands->count == 0; i++)
		form->put(w, &hm_tables[i]);
	if (form->array) {
		hm_json_close(&w->json, ']');
		hm_put_u8(&w->buf, '\n');
	}
	return status;
}

static int run(const struct form *form, const struct hm_list *operands)
{
	struct writer w = { .buf = hm_buf_of(MOST_BYTES) };
	int status = HM_EXIT_OK;

	w.json = hm_json_out_of(&w.buf);
	if (form->put == put_table && operands->count == 0)
		put_tables(&w.buf);
	else
		status = put_all(&w, form, operands);
	if (w.buf.len != 0)
		fwrite(w.buf.at, 1, w.buf.len, stdout);
	hm_buf_done(&w.buf);
	return status;
}

int hm_cmd_schema(int argc, char **argv)
{
	const char *format = NULL;
	const struct hm_option options[] = {
		{ "format", 0, "FORMAT", "table, json or jsonl", &format, NULL, NULL },
	};
	const struct hm_command_help help = {
		.usage = "hallmark schema [OPTION]... [TABLE]...",
		.about = "Lists the tables that queries can name, or the columns of a "
			 "table with their\n"
			 "types, whose they are (Defender's, Sentinel's, hallmark's own) "
			 "and what they mean.",
		.options = options,
		.num_options = sizeof(options) / sizeof(options[0]),
	};
	struct hm_arena a = hm_cli_arena();
	struct hm_list operands;
	int status = hm_options(&help, argc, argv, &a, &operands);

	if (status < 0) {
		const struct form *form = find_form(format);

		status = form == NULL ? HM_EXIT_FAILED : run(form, &operands);
	}
	hm_arena_close(&a);
	return status;
}
