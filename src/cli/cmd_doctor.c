/* SPDX-License-Identifier: MIT */
/*
 * cmd_doctor.c: says whether hostile files are read in a confined worker here.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/cli.h"
#include "proc/box.h"

static bool may_open(void)
{
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0;
}

static bool may_create(void)
{
	return open("/tmp/hallmark-doctor", O_CREAT | O_WRONLY | O_CLOEXEC, 0600) >= 0;
}

static bool may_connect(void)
{
	return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0 ||
	       socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0) >= 0 ||
	       socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0;
}

static bool may_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid > 0;
}

static const struct {
	const char *what;
	bool (*may)(void);
} probes[] = {
	{ "open a file", may_open },
	{ "create a file", may_create },
	{ "make a socket", may_connect },
	{ "start a process", may_fork },
};

enum { NUM_PROBES = sizeof(probes) / sizeof(probes[0]) };

/* Inside the worker: one byte a probe. */
static void probe(struct hm_job *job)
{
	uint8_t may[NUM_PROBES];

	for (size_t i = 0; i < NUM_PROBES; i++)
		may[i] = probes[i].may();
	hm_job_emit(job, (hm_bytes){ may, NUM_PROBES });
}

static int report(hm_bytes answers)
{
	int status = HM_EXIT_OK;

	for (size_t i = 0; i < NUM_PROBES; i++) {
		bool may = i >= answers.len || answers.at[i] != 0;

		printf("worker: %s: %s\n", probes[i].what, may ? "ALLOWED" : "denied");
		if (may)
			status = HM_EXIT_FAILED;
	}
	return status;
}

static const struct hm_command_help help = {
	.usage = "hallmark doctor",
	.about = "Starts a worker as verify and ingest do, tries in it what it must not "
		 "be able\n"
		 "to do, and prints what came of it.  Exit status 2 where it is not "
		 "confined.",
};

int hm_cmd_doctor(int argc, char **argv)
{
	static const struct hm_box_spec spec = { .work = probe,
						 .arena_bytes = 1 << 20,
						 .cpu_ms = 1000 };
	struct hm_arena a = hm_cli_arena();
	struct hm_list operands;
	struct hm_buf answers = hm_buf_of(NUM_PROBES);
	struct hm_box *box = NULL;
	const char *why;
	bool done;

	int status = hm_options(&help, argc, argv, &a, &operands);
	if (status != -1)
		return status;
	if (hm_box_open(&spec, &box, &why) != HM_OK)
		return hm_complain("%s", why);

	int abi = hm_box_landlock(box);
	puts("worker: seccomp: on");
	if (abi > 0)
		printf("worker: Landlock: on, ABI %d\n", abi);
	else
		puts("worker: Landlock: not in this kernel; seccomp alone confines it");
	if (hm_box_send(box, -1, hm_bytes_of("")) != HM_OK ||
	    hm_box_receive(box, &answers, &done) != HM_OK)
		status = hm_complain("%s", hm_box_why(box));
	else
		status = report(hm_buf_bytes(&answers));
	hm_buf_done(&answers);
	hm_box_close(box);
	hm_arena_close(&a);
	return status;
}
