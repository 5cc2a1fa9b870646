/* SPDX-License-Identifier: MIT */
/*
 * cmd_verify.c: a verdict for each file, in the form that is asked for.
 */
#include "cli/report.h"
#include "cli/verify_options.h"

static const char about[] =
	"Judges the Authenticode signature of each FILE as Windows would, and prints for "
	"each\n"
	"its state: Valid, Unsigned, Invalid, Untrusted, Expired, Revoked or Unknown.\n"
	"\"-\" is standard input.  Nothing is fetched from any network.\n\n"
	"Exit status: 1 where a file is Invalid, Untrusted, Expired or Revoked; 2 where "
	"one\n"
	"could not be read or judged.";

struct printing {
	struct hm_report report;
	struct hm_buf buf;
};

static void print_one(void *ctx, const struct hm_judged_file *judged)
{
	struct printing *p = ctx;

	p->report.format->row(&p->report, judged);
	p->report.rows++;
	hm_arena_reset(p->report.arena);
	hm_report_print(&p->report);
}

static int verify(const struct hm_report_format *format, struct hm_judging *judging,
		  const struct hm_list *files)
{
	struct hm_arena row = hm_cli_arena();
	struct printing p = { .buf = hm_buf_of(HM_REPORT_BYTES) };

	p.report = (struct hm_report){ .format = format,
				       .out = &p.buf,
				       .arena = &row,
				       .colour = hm_wants_colour(stdout) };
	judging->facts = format->facts;
	judging->judged = print_one;
	judging->ctx = &p;
	if (format->begin != NULL)
		format->begin(&p.report);
	hm_report_print(&p.report);
	int status = hm_judge_files(judging, files);
	if (format->end != NULL)
		format->end(&p.report);
	hm_report_print(&p.report);
	hm_buf_done(&p.buf);
	hm_arena_close(&row);
	return status;
}

int hm_cmd_verify(int argc, char **argv)
{
	struct hm_arena a = hm_cli_arena();
	struct hm_verify_options v = { 0 };
	const char *form = "table";
	struct hm_option options[] = {
		HM_VERIFY_OPTIONS(v),
		{ .name = "recurse",
		  .letter = 'r',
		  .flag = &v.recurse,
		  .help = "walk into folders" },
		{ .name = "format",
		  .letter = 'f',
		  .argument = "FORM",
		  .text = &form,
		  .help = "table, json, jsonl, csv, sigcheck, ecs or ocsf" },
	};
	const struct hm_command_help help = { "hallmark verify [OPTION]... FILE...",
					      about, options,
					      sizeof(options) / sizeof(options[0]) };
	struct hm_list files;
	struct hm_judging judging;

	int status = hm_options(&help, argc, argv, &a, &files);
	if (status == -1 && !hm_verify_options_read(&v, &judging))
		status = HM_EXIT_FAILED;
	const struct hm_report_format *format = hm_report_find(form);
	if (status == -1 && format == NULL)
		status = hm_complain("--format: no form \"%s\"; there are %s", form,
				     hm_report_names);
	if (status == -1 && files.count == 0)
		status =
			hm_complain("verify needs a file; hallmark verify -h tells more");
	if (status == -1 && format != NULL)
		status = verify(format, &judging, &files);
	hm_arena_close(&a);
	return status;
}
