/* SPDX-License-Identifier: MIT */
/*
 * judging.h: files to verdicts, for every command that judges files.
 *
 * The caller opens, the workers read and judge, the answers come back in the
 * order of the files.  What no worker could answer for is a verdict of its own,
 * Unknown, and makes the exit status 2.
 */
#ifndef HM_CLI_JUDGING_H
#define HM_CLI_JUDGING_H

#include "cli/cli.h"
#include "verdict/facts.h"
#include "verdict/verdict.h"

struct hm_judged_file {
	const char *path;
	const struct hm_verdict *verdict;
	const struct hm_facts *facts; /* NULL unless they were asked for */
};

/* What the options of verify, explain and scan say. */
struct hm_judging {
	hm_time now;
	const struct hm_list *trust; /* files of --trust, and the word uefi */
	const char *data;            /* data folder; NULL: the default one */
	bool require_revocation;
	bool folders; /* walk into folders */
	bool facts;
	/* Called once before the first file, when the workers are there; false stops.
	 * May be NULL. */
	bool (*ready)(void *ctx);
	/* Called for each file, in order; all of judged lasts until it returns. */
	void (*judged)(void *ctx, const struct hm_judged_file *judged);
	void *ctx;
};

/* Judge the files; HM_EXIT_FOUND where one is Invalid, Untrusted, Expired or Revoked,
 * HM_EXIT_FAILED where one could not be opened or judged. */
int hm_judge_files(const struct hm_judging *judging, const struct hm_list *paths);

#endif
