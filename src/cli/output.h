/* SPDX-License-Identifier: MIT */
/*
 * output.h: a file that is there when it is whole.
 *
 * It is written under another name beside its own, and takes its name in the end; until
 * then, and where all fails, an older file of the name stays.  What is no regular file (a
 * pipe, /dev/null) is written to as it is.
 */
#ifndef HM_CLI_OUTPUT_H
#define HM_CLI_OUTPUT_H

#include "cli/cli.h"

struct hm_output {
	const char *path, *fresh; /* fresh: absolute; NULL where path itself is written */
	FILE *to;
};

/* False after a complaint. */
bool hm_output_open(struct hm_output *o, struct hm_arena *a, const char *path);

/* Close it, and give it its name where status says that nothing failed.  The status, or
 * HM_EXIT_FAILED after a complaint. */
int hm_output_close(struct hm_output *o, int status);

#endif
