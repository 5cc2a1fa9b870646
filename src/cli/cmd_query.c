/* SPDX-License-Identifier: MIT */
/* cmd_query.c: run a KQL query over the data folder. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/opening.h"
#include "cli/querying.h"

struct options {
	const char *file, *format, *data, *now, *schema, *timeout, *memory;
	bool batch, bind_only, explain;
};

static int parse(struct options *o, int argc, char **argv, struct hm_arena *a,
		 struct hm_list *operands)
{
	const struct hm_option options[] = {
		{ "file", 'f', "FILE",
		  "read the query from FILE, or from standard input for -", &o->file,
		  NULL, NULL },
		{ "format", 0, "FORMAT", "table (on a terminal), jsonl, json or csv",
		  &o->format, NULL, NULL },
		{ "data", 0, "FOLDER", "the data folder", &o->data, NULL, NULL },
		{ "now", 0, "TIME", "what now() and ago() count from", &o->now, NULL,
		  NULL },
		{ "schema", 0, "FILE",
		  "more tables (empty ones) as {\"Table\":{\"Column\":\"type\"}}",
		  &o->schema, NULL, NULL },
		{ "timeout", 0, "SECONDS", "give up after so long", &o->timeout, NULL,
		  NULL },
		{ "memory", 0, "MIB", "the engine's memory limit", &o->memory, NULL,
		  NULL },
		{ "batch", 0, NULL,
		  "{\"id\",\"query\"} lines in, an answer line each out", NULL, &o->batch,
		  NULL },
		{ "bind-only", 0, NULL,
		  "check the query and show its columns, do not run it", NULL,
		  &o->bind_only, NULL },
		{ "explain", 0, NULL, "show the operators and the SQL, do not run it",
		  NULL, &o->explain, NULL },
	};
	const struct hm_command_help help = {
		.usage = "hallmark query [OPTION]... ['KQL' | -f FILE | --batch]",
		.about = "Runs a query in KQL, as Sentinel and Defender take it, over "
			 "the data "
			 "folder.",
		.options = options,
		.num_options = sizeof(options) / sizeof(options[0]),
	};

	return hm_options(&help, argc, argv, a, operands);
}

static bool number(const char *name, const char *text, unsigned *out)
{
	char *end;

	*out = 0;
	if (text == NULL)
		return true;
	unsigned long value = strtoul(text, &end, 10);
	if (*text == '\0' || *text == '-' || *end != '\0' || value == 0 ||
	    value > 1 << 30) {
		hm_complain("--%s: \"%s\" is no number above 0", name, text);
		return false;
	}
	*out = (unsigned)value;
	return true;
}

/* The query's text, by whichever way it was given; NULL name after a complaint. */
static const char *find_text(const struct options *o, const struct hm_list *operands,
			     struct hm_arena *a, hm_bytes *out)
{
	bool input = operands->count == 1 && strcmp(operands->items[0], "-") == 0;

	if (o->file != NULL && operands->count == 0)
		return hm_querying_read(a, o->file, out)
			       ? strcmp(o->file, "-") == 0 ? "standard input" : o->file
			       : NULL;
	if (input)
		return hm_querying_read(a, "-", out) ? "standard input" : NULL;
	if (o->file == NULL && operands->count == 1) {
		*out = hm_bytes_of(operands->items[0]);
		return "query";
	}
	hm_complain("query: give one query, by an argument or by --file");
	return NULL;
}

static bool set_up(const struct options *o, struct hm_querying *q, struct hm_arena *a)
{
	struct hm_session_spec spec = { .now = hm_time_now() };
	const char *why = "";
	unsigned memory;

	q->format = isatty(STDOUT_FILENO) ? HM_ROWS_TABLE : HM_ROWS_JSONL;
	if (o->format != NULL && !hm_rows_format_named(o->format, &q->format)) {
		hm_complain("--format: \"%s\" is none of table, jsonl, json, csv",
			    o->format);
		return false;
	}
	if ((o->now != NULL && !hm_option_time("now", o->now, &spec.now)) ||
	    !number("timeout", o->timeout, &q->timeout_seconds) ||
	    !number("memory", o->memory, &memory) ||
	    (o->schema != NULL && !hm_querying_read(a, o->schema, &spec.schema)) ||
	    (o->data != NULL && !hm_data_is_there(a, o->data)))
		return false;
	q->store = hm_open_data(a, o->data, "query", memory);
	spec.store = q->store;
	if (q->store == NULL)
		return false;
	q->session = hm_session_open(&spec, a, &why);
	if (q->session == NULL)
		hm_complain("%s%s%s", o->schema == NULL ? "" : o->schema,
			    o->schema == NULL ? "" : ": ", why);
	return q->session != NULL;
}

static int run(const struct options *o, const struct hm_list *operands,
	       struct hm_querying *q)
{
	hm_bytes text;
	size_t rows;

	if (o->batch)
		return hm_querying_batch(q, stdin);
	const char *name = find_text(o, operands, q->a, &text);
	return name == NULL ? HM_EXIT_FAILED : hm_querying_run(q, name, text, &rows);
}

int hm_cmd_query(int argc, char **argv)
{
	struct hm_arena a = hm_cli_arena();
	struct options o = { 0 };
	struct hm_list operands;
	int status = parse(&o, argc, argv, &a, &operands);
	struct hm_querying q = { .a = &a,
				 .bind_only = o.bind_only,
				 .explain = o.explain };

	if (status < 0)
		status = set_up(&o, &q, &a) ? run(&o, &operands, &q) : HM_EXIT_FAILED;
	hm_store_close(q.store);
	hm_arena_close(&a);
	return hm_finish_output(status);
}
