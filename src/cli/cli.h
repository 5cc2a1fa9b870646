/* SPDX-License-Identifier: MIT */
/*
 * cli.h: what the commands share: exit statuses, messages, options, output.
 *
 * A command gets argv with its own name first, prints its results on standard
 * output and everything else on standard error, and returns an exit status.
 */
#ifndef HM_CLI_CLI_H
#define HM_CLI_CLI_H

#include <stdio.h>

#include "base/arena.h"
#include "base/time.h"

enum {
	HM_EXIT_OK = 0,     /* nothing found */
	HM_EXIT_FOUND = 1,  /* a bad state, an alert */
	HM_EXIT_FAILED = 2, /* some input could not be done; wins over FOUND */
};

/* Every command: hm_cmd_verify and so on. */
#define HM_COMMAND(name, program, summary) int hm_cmd_##name(int argc, char **argv);
#include "cli/commands.def"
#undef HM_COMMAND

/* The worse of two statuses. */
int hm_exit_worse(int a, int b);

/* One line on standard error: "hallmark: " and the message.  Control characters in
 * the arguments are shown escaped.  Returns HM_EXIT_FAILED. */
HM_PRINTF(1, 2) int hm_complain(const char *fmt, ...);

/* An arena for a whole command; when it is full the program says so and ends. */
struct hm_arena hm_cli_arena(void);

/* One option of a command.  Exactly one of text, flag and list is set. */
struct hm_option {
	const char *name;     /* long name, without the hyphens */
	char letter;          /* short name or 0 */
	const char *argument; /* what it takes, in capitals; NULL for a flag */
	const char *help;
	const char **text; /* the last one given is kept */
	bool *flag;
	struct hm_list *list; /* all are kept, in order */
};

struct hm_list {
	const char **items;
	size_t count;
};

struct hm_command_help {
	const char *usage; /* "hallmark verify [OPTION]... FILE..." */
	const char *about; /* a paragraph */
	const struct hm_option *options;
	size_t num_options;
};

/*
 * Parse argv[1..] by the table: long and short options anywhere, "--" ends them, "-" is
 * an operand.  The rest is left in *operands, in order.  Returns -1 to go on; else an
 * exit status: 0 after -h or --help was answered, 2 after a complaint.
 */
int hm_options(const struct hm_command_help *help, int argc, char **argv,
	       struct hm_arena *a, struct hm_list *operands);

/* --at and --now: ISO 8601, or "now".  Complains and returns false otherwise. */
bool hm_option_time(const char *name, const char *text, hm_time *out);

/* Whether to use colours on f: a terminal, and NO_COLOR is not set. */
bool hm_wants_colour(FILE *f);

/* text as it may be shown on a terminal: control characters and broken UTF-8 escaped,
 * in the arena. */
const char *hm_shown(struct hm_arena *a, hm_bytes text);

/* Flush standard output; complain, and give HM_EXIT_FAILED, where it could not be
 * written (full disk).  A reader that has seen enough, such as head, ends us by SIGPIPE.
 */
int hm_finish_output(int status);

#endif
