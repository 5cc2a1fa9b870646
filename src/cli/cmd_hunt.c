/* SPDX-License-Identifier: MIT */
/*
 * cmd_hunt.c: run the detection of T1036.001 and show its alerts.
 *
 * The rule is rules/T1036.001.kql, the query of the page that the project was made
 * from, character for character.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/opening.h"
#include "cli/querying.h"

/* Made of rules/T1036.001.kql by tools/embed. */
extern const char hm_rule_t1036_001[];

struct options {
	const char *format, *data, *now;
};

static int parse(struct options *o, int argc, char **argv, struct hm_arena *a,
		 struct hm_list *operands)
{
	const struct hm_option options[] = {
		{ "format", 0, "FORMAT", "table (on a terminal), jsonl, json or csv",
		  &o->format, NULL, NULL },
		{ "data", 0, "FOLDER", "the data folder", &o->data, NULL, NULL },
		{ "now", 0, "TIME", "what now() and ago() count from", &o->now, NULL,
		  NULL },
	};
	const struct hm_command_help help = {
		.usage = "hallmark hunt [OPTION]...",
		.about = "Runs the detection T1036.001, Invalid Code Signature, over the "
			 "data "
			 "folder and shows its alerts.  Exit status 1 says that there "
			 "are some.",
		.options = options,
		.num_options = sizeof(options) / sizeof(options[0]),
	};

	return hm_options(&help, argc, argv, a, operands);
}

static bool set_up(const struct options *o, struct hm_querying *q, struct hm_arena *a)
{
	struct hm_session_spec spec = { .now = hm_time_now() };
	const char *why = "";

	q->format = isatty(STDOUT_FILENO) ? HM_ROWS_TABLE : HM_ROWS_JSONL;
	if (o->format != NULL && !hm_rows_format_named(o->format, &q->format)) {
		hm_complain("--format: \"%s\" is none of table, jsonl, json, csv",
			    o->format);
		return false;
	}
	if ((o->now != NULL && !hm_option_time("now", o->now, &spec.now)) ||
	    !hm_data_is_there(a, o->data))
		return false;
	q->store = hm_open_data(
		a, &(struct hm_store_spec){ .folder = o->data, .command = "hunt" });
	spec.store = q->store;
	if (q->store == NULL)
		return false;
	q->session = hm_session_open(&spec, a, &why);
	if (q->session == NULL)
		hm_complain("%s", why);
	return q->session != NULL;
}

int hm_cmd_hunt(int argc, char **argv)
{
	struct hm_arena a = hm_cli_arena();
	struct options o = { 0 };
	struct hm_list operands;
	struct hm_querying q = { .a = &a, .to = stdout };
	int status = parse(&o, argc, argv, &a, &operands);
	size_t alerts = 0;

	if (status < 0 && operands.count != 0)
		status = hm_complain("hunt: takes no argument, but got \"%s\"",
				     operands.items[0]);
	else if (status < 0 && !set_up(&o, &q, &a))
		status = HM_EXIT_FAILED;
	else if (status < 0)
		status = hm_querying_run(&q, "T1036.001", hm_bytes_of(hm_rule_t1036_001),
					 &alerts);
	if (status == HM_EXIT_OK && alerts != 0)
		status = HM_EXIT_FOUND;
	hm_store_close(q.store);
	hm_arena_close(&a);
	return hm_finish_output(status);
}
