/* SPDX-License-Identifier: MIT */
/*
 * main.c: finds the command and runs it.
 *
 * This file makes two programs: hallmark, which starts in a millisecond because
 * it carries no database, and hallmark-engine, which carries all.  Asked for an
 * engine command, hallmark becomes the hallmark-engine that lies beside it or in
 * the libexec folder it was built for.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

enum program { LIGHT, ENGINE };

struct command {
	const char *name, *summary;
	enum program program;
	int (*run)(int argc, char **argv); /* NULL where the other program has it */
};

#define LIGHT_RUN(name) hm_cmd_##name
#ifdef HM_ENGINE
#define ENGINE_RUN(name) hm_cmd_##name
#else
#define ENGINE_RUN(name) NULL
#endif

/* clang-format off */
static const struct command commands[] = {
#define HM_COMMAND(name, program, summary) { #name, summary, program, program##_RUN(name) },
#include "cli/commands.def"
#undef HM_COMMAND
};
/* clang-format on */

enum { NUM_COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static int usage(FILE *to)
{
	fputs("usage: hallmark COMMAND [OPTION]... [ARGUMENT]...\n\n"
	      "Finds programs that run under a code signature that does not hold.\n\n"
	      "Commands:\n",
	      to);
	for (size_t i = 0; i < NUM_COMMANDS; i++)
		fprintf(to, "  %-10s %s\n", commands[i].name, commands[i].summary);
	fputs("\n\"hallmark COMMAND -h\" tells more of each.\n"
	      "Exit status: 0 nothing found, 1 something found, 2 some input could not "
	      "be done.\n",
	      to);
	return to == stdout ? hm_finish_output(HM_EXIT_OK) : HM_EXIT_FAILED;
}

/* Run the engine in our place, with the same arguments. */
static int become_engine(char **argv)
{
	char self[PATH_MAX + 1] = { 0 }, engine[2 * PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, PATH_MAX);

	if (len <= 0)
		return hm_complain("/proc/self/exe: %s", strerror(errno));
	snprintf(engine, sizeof(engine), "%s/hallmark-engine", dirname(self));
	execv(engine, argv);
	int beside = errno;
	if (beside == ENOENT)
		execv(HM_LIBEXEC "/hallmark-engine", argv);
	return hm_complain("%s: %s", engine, strerror(beside));
}

/* A standard descriptor that the caller closed is taken, so that no file of ours gets its
 * number; what it is taken by can neither be read nor written in its stead. */
static void hold_standard(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)!open("/dev/null",
				    fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	hold_standard();
	if (strcmp(name, "-h") == 0 || strcmp(name, "--help") == 0 ||
	    strcmp(name, "help") == 0)
		return usage(stdout);
	if (strcmp(name, "--version") == 0) {
		puts("hallmark " HM_VERSION);
		return hm_finish_output(HM_EXIT_OK);
	}
	for (size_t i = 0; i < NUM_COMMANDS; i++) {
		if (strcmp(commands[i].name, name) != 0)
			continue;
		if (commands[i].run == NULL)
			return become_engine(argv);
		return hm_finish_output(commands[i].run(argc - 1, argv + 1));
	}
	if (name[0] != '\0')
		hm_complain("no command \"%s\"", name);
	return usage(stderr);
}
