/* SPDX-License-Identifier: MIT */
/*
 * report.h: verdicts in the forms that people and programs read.
 *
 * One row of report_formats a form.  Each writes to a buffer that the caller
 * prints; texts from files are escaped as the form demands, so that a name in a
 * certificate can neither break a line nor start a formula.
 */
#ifndef HM_CLI_REPORT_H
#define HM_CLI_REPORT_H

#include "base/buf.h"
#include "cli/judging.h"

/* The longest text of one verdict: 256 signatures of 64 links. */
enum { HM_REPORT_BYTES = 64 << 20 };

struct hm_report {
	const struct hm_report_format *format;
	struct hm_buf *out;
	struct hm_arena *arena; /* for one row */
	bool colour;
	size_t rows;
};

struct hm_report_format {
	const char *name;
	bool facts; /* needs hm_judged_file.facts */
	void (*begin)(struct hm_report *r);
	void (*row)(struct hm_report *r, const struct hm_judged_file *judged);
	void (*end)(struct hm_report *r);
};

/* The form of that name, or NULL; hm_report_names lists them for messages. */
const struct hm_report_format *hm_report_find(const char *name);
extern const char hm_report_names[];

/* The members of the json and jsonl forms, between braces: for explain and others. */
void hm_report_json(struct hm_report *r, const struct hm_judged_file *judged);

/* The forms, a file each. */
extern const struct hm_report_format hm_report_table, hm_report_json_form,
	hm_report_jsonl, hm_report_csv, hm_report_sigcheck, hm_report_ecs, hm_report_ocsf;

/* Give standard output what was written, and forget it. */
void hm_report_print(struct hm_report *r);

/* The words of a verdict's flags, separated by spaces, in the arena. */
hm_bytes hm_report_flags(struct hm_arena *a, uint64_t flags);

/* ISO 8601 without a fraction that is zero; "" where there is no time. */
const char *hm_iso(struct hm_arena *a, hm_time time);

/* A CSV field: quoted, quotes doubled, and a leading = + - @ tab or return disarmed
 * with an apostrophe where guard is set. */
void hm_put_csv(struct hm_buf *b, hm_bytes field, bool guard);

#endif
