/* SPDX-License-Identifier: MIT */
/* cmd_query.c: run a KQL query over the data folder. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/folder.h"
#include "cli/cli.h"
#include "cli/opening.h"
#include "cli/output.h"
#include "cli/prompt.h"
#include "cli/querying.h"

struct options {
	const char *file, *format, *output, *data, *now, *schema, *timeout, *memory;
	bool batch, bind_only, explain;
};

static int parse(struct options *o, int argc, char **argv, struct hm_arena *a,
		 struct hm_list *operands)
{
	const struct hm_option options[] = {
		{ "file", 'f', "FILE",
		  "read the query from FILE, or from standard input for -", &o->file,
		  NULL, NULL },
		{ "format", 0, "FORMAT",
		  "table (on a terminal), jsonl, json, csv or parquet", &o->format, NULL,
		  NULL },
		{ "output", 'o', "FILE",
		  "write to FILE, whose ending tells the format, once all is there",
		  &o->output, NULL, NULL },
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

/* The word for the format: as asked for, or by the ending of the output. */
static const char *format_word(const struct options *o)
{
	static const char *const endings[] = { "parquet", "csv", "json", "jsonl" };
	const char *dot = o->output == NULL ? NULL : strrchr(o->output, '.');

	if (o->format != NULL)
		return o->format;
	for (size_t i = 0; dot != NULL && i < sizeof endings / sizeof endings[0]; i++)
		if (strcasecmp(dot + 1, endings[i]) == 0)
			return endings[i];
	return isatty(STDOUT_FILENO) && o->output == NULL ? "table" : "jsonl";
}

static bool set_format(const struct options *o, struct hm_querying *q,
		       const struct hm_output *out)
{
	const char *word = format_word(o);

	if (strcmp(word, "parquet") != 0) {
		if (hm_rows_format_named(word, &q->format))
			return true;
		hm_complain("--format: \"%s\" is none of table, jsonl, json, csv, "
			    "parquet",
			    word);
		return false;
	}
	q->parquet = out->fresh;
	if (q->parquet == NULL)
		hm_complain("parquet is no text: give a file to write it to by --output");
	return q->parquet != NULL;
}

static bool set_up(const struct options *o, struct hm_querying *q, struct hm_arena *a)
{
	struct hm_session_spec spec = { .now = hm_time_now() };
	const char *why = "";
	unsigned memory;

	if ((o->now != NULL && !hm_option_time("now", o->now, &spec.now)) ||
	    !number("timeout", o->timeout, &q->timeout_seconds) ||
	    !number("memory", o->memory, &memory) ||
	    (o->schema != NULL && !hm_querying_read(a, o->schema, &spec.schema)) ||
	    (o->data != NULL && !hm_data_is_there(a, o->data)))
		return false;
	q->store = hm_open_data(a, &(struct hm_store_spec){ .folder = o->data,
							    .command = "query",
							    .memory_mib = memory,
							    .output = q->parquet });
	spec.store = q->store;
	spec.checking = o->bind_only;
	if (q->store == NULL)
		return false;
	q->session = hm_session_open(&spec, a, &why);
	if (q->session == NULL)
		hm_complain("%s%s%s", o->schema == NULL ? "" : o->schema,
			    o->schema == NULL ? "" : ": ", why);
	return q->session != NULL;
}

/* ---- the prompt ---- */

struct typing {
	const struct options *options;
	const struct hm_querying *querying; /* the format and its like */
};

static void put_count(const struct hm_querying *q, size_t rows, hm_time start)
{
	double seconds = (double)(hm_time_now() - start) / (double)HM_TICKS_SECOND;

	fflush(stdout);
	if (q->format == HM_ROWS_TABLE)
		fprintf(stderr, "%zu row%s in %.2f s\n", rows, rows == 1 ? "" : "s",
			seconds);
}

/* The folder is held while a query runs and not while its user thinks: others may want
 * to add to it. */
static void run_typed(void *ctx, hm_bytes text)
{
	const struct typing *t = ctx;
	struct hm_arena a = hm_cli_arena();
	struct hm_querying q = *t->querying;
	hm_time start = hm_time_now();
	size_t rows;

	q.a = &a;
	if (set_up(t->options, &q, &a) &&
	    hm_querying_run(&q, "query", text, &rows) == HM_EXIT_OK && !q.explain &&
	    !q.bind_only)
		put_count(&q, rows, start);
	hm_store_close(q.store);
	hm_arena_close(&a);
}

static int run_prompt(const struct options *o, struct hm_querying *q)
{
	struct typing t = { .options = o, .querying = q };
	struct hm_prompt prompt = { .run = run_typed, .ctx = &t };
	char *folder = hm_new_n(q->a, char, PATH_MAX);
	struct hm_querying first = *q;
	bool ready = set_up(o, &first, q->a);

	hm_store_close(first.store);
	if (!ready)
		return HM_EXIT_FAILED;
	if (o->data != NULL || hm_data_folder(folder, PATH_MAX))
		prompt.history =
			hm_format(q->a, "%s/history", o->data != NULL ? o->data : folder);
	fputs("An empty line or ; ends a query, Ctrl-C drops it, Ctrl-D ends all.\n",
	      stderr);
	return hm_prompt_run(&prompt);
}

/* ---- the command ---- */

static int run(const struct options *o, const struct hm_list *operands,
	       struct hm_querying *q)
{
	hm_bytes text;
	size_t rows;

	if (!set_up(o, q, q->a))
		return HM_EXIT_FAILED;
	if (o->batch)
		return hm_querying_batch(q, stdin);
	const char *name = find_text(o, operands, q->a, &text);
	return name == NULL ? HM_EXIT_FAILED : hm_querying_run(q, name, text, &rows);
}

static bool wants_prompt(const struct options *o, const struct hm_list *operands)
{
	return operands->count == 0 && o->file == NULL && !o->batch &&
	       o->output == NULL && isatty(STDIN_FILENO);
}

static int run_all(const struct options *o, const struct hm_list *operands,
		   struct hm_querying *q)
{
	struct hm_output out = { .to = stdout };

	if (o->output != NULL && o->batch)
		return hm_complain("--output: --batch answers on standard output");
	if (o->output != NULL && !hm_output_open(&out, q->a, o->output))
		return HM_EXIT_FAILED;
	q->to = out.to;
	int status = HM_EXIT_FAILED;

	if (set_format(o, q, &out))
		status = wants_prompt(o, operands) ? run_prompt(o, q)
						   : run(o, operands, q);
	return o->output == NULL ? status : hm_output_close(&out, status);
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
		status = run_all(&o, &operands, &q);
	hm_store_close(q.store);
	hm_arena_close(&a);
	return hm_finish_output(status);
}
