/* SPDX-License-Identifier: MIT */
/*
 * prompt.h: queries typed at a terminal, one after another.
 *
 * A query may take several lines; an empty line ends it, and so does a `;` at the end of
 * a line, unless it ends a let statement.  Ctrl-C drops what was typed, Ctrl-D ends. What
 * was asked is kept in a history file.  Lines are edited with libedit, as ~/.editrc says.
 */
#ifndef HM_CLI_PROMPT_H
#define HM_CLI_PROMPT_H

#include "cli/cli.h"

struct hm_prompt {
	/* Run a query; what is wrong with it was told already. */
	void (*run)(void *ctx, hm_bytes text);
	void *ctx;
	const char *history; /* path of the file; NULL: none is kept */
};

/* Until Ctrl-D.  HM_EXIT_OK, or HM_EXIT_FAILED where there is no terminal to read from.
 */
int hm_prompt_run(const struct hm_prompt *prompt);

#endif
