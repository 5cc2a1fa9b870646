/* SPDX-License-Identifier: MIT */
/* What a worker can and cannot do, and what becomes of one that fails. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "proc/box.h"

static void probe_open(struct hm_job *job)
{
	(void)job;
	hm_job_emit(job,
		    hm_bytes_of(open("/etc/passwd", O_RDONLY) < 0 ? "denied" : "opened"));
}

static void probe_create(struct hm_job *job)
{
	int fd = open("/tmp/hallmark-box-test", O_CREAT | O_WRONLY, 0600);

	hm_job_emit(job, hm_bytes_of(fd < 0 ? "denied" : "created"));
}

static void probe_socket(struct hm_job *job)
{
	int families[] = { AF_INET, AF_INET6, AF_UNIX, AF_NETLINK };
	bool denied = true;

	for (size_t i = 0; i < 4; i++)
		denied = denied && socket(families[i], SOCK_DGRAM, 0) < 0;
	hm_job_emit(job, hm_bytes_of(denied ? "denied" : "a socket"));
}

static void probe_process(struct hm_job *job)
{
	char name[] = "true", *argv[] = { name, NULL };
	bool ran = execv("/bin/true", argv) == 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	hm_job_emit(job, hm_bytes_of(!ran && pid < 0 ? "denied" : "a process"));
}

static void probe_code(struct hm_job *job)
{
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	hm_job_emit(job, hm_bytes_of(at == MAP_FAILED ? "denied" : "code"));
}

static void probe_signal(struct hm_job *job)
{
	hm_job_emit(job, hm_bytes_of(kill(getppid(), 0) != 0 ? "denied" : "a signal"));
}

static void echo(struct hm_job *job)
{
	hm_bytes file = { 0 };

	hm_job_emit(job, job->request);
	if (job->fd >= 0 && hm_job_map(job, &file) == HM_OK)
		hm_job_emit(job, file);
}

static void crash(struct hm_job *job)
{
	(void)job;
	_exit(3);
}

static void spin(struct hm_job *job)
{
	while (job->request.len != 12345)
		__asm__ volatile("");
}

static void eat(struct hm_job *job)
{
	for (;;)
		hm_alloc(job->arena, 1, 4096);
}

static void flood(struct hm_job *job)
{
	uint8_t *frame = hm_alloc(job->arena, 1, 1 << 20);

	for (int i = 0; i < 20; i++)
		hm_job_emit(job, (hm_bytes){ frame, 1 << 20 });
}

/* The request's first letter chooses what the worker does. */
static void work(struct hm_job *job)
{
	static void (*const acts[])(struct hm_job *) = {
		['o'] = probe_open,    ['n'] = probe_create, ['s'] = probe_socket,
		['p'] = probe_process, ['x'] = probe_code,   ['k'] = probe_signal,
		['e'] = echo,          ['c'] = crash,        ['l'] = spin,
		['m'] = eat,           ['f'] = flood,
	};

	acts[job->request.at[0]](job);
}

static const struct hm_box_spec spec = { .work = work,
					 .arena_bytes = 4 << 20,
					 .cpu_ms = 200 };

static void test_rights(struct hm_box *box)
{
	static const struct {
		const char *act, *what;
	} probes[] = { { "o", "opening a file" },  { "n", "creating a file" },
		       { "s", "making a socket" }, { "p", "starting a process" },
		       { "x", "memory to run" },   { "k", "signalling the caller" } };
	struct hm_buf frame = hm_buf_of(1 << 20);
	bool done;

	for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
		hm_err err = hm_box_send(box, -1, hm_bytes_of(probes[i].act));

		if (err == HM_OK)
			err = hm_box_receive(box, &frame, &done);
		check(err == HM_OK && hm_is(hm_buf_bytes(&frame), "denied"),
		      "%s is denied", probes[i].what);
		err = hm_box_receive(box, &frame, &done);
		check(err == HM_OK && done, "and the job ends");
	}
	hm_buf_done(&frame);
}

static void test_jobs_in_order(struct hm_box *box)
{
	struct hm_buf frame = hm_buf_of(1 << 20);
	int fd = memfd_create("test", 0);
	bool done = false, sent = true, same = true;

	sent = write(fd, "content", 7) == 7;
	for (int i = 0; i < 8; i++)
		sent = sent && hm_box_send(box, fd,
					   (hm_bytes){ (const uint8_t *)"e1234567",
						       (size_t)i + 1 }) == HM_OK;
	check(sent, "eight jobs are sent before one is answered");
	for (size_t i = 0; i < 8; i++) {
		same = same && hm_box_receive(box, &frame, &done) == HM_OK &&
		       frame.len == i + 1;
		same = same && hm_box_receive(box, &frame, &done) == HM_OK &&
		       hm_is(hm_buf_bytes(&frame), "content");
		same = same && hm_box_receive(box, &frame, &done) == HM_OK && done;
	}
	check(same, "and are answered in order, each with the file's bytes");
	close(fd);
	hm_buf_done(&frame);
}

static void test_loss(struct hm_box *box)
{
	static const struct {
		const char *act, *what;
		hm_err err;
	} losses[] = { { "c", "a crash", HM_EIO },
		       { "l", "an endless loop", HM_ELIMIT },
		       { "m", "endless memory", HM_ELIMIT } };
	struct hm_buf frame = hm_buf_of(1 << 20);
	bool done;

	for (size_t i = 0; i < 3; i++) {
		hm_err err = hm_box_send(box, -1, hm_bytes_of(losses[i].act));

		if (err == HM_OK)
			err = hm_box_receive(box, &frame, &done);
		check(err == losses[i].err, "%s is told: %s", losses[i].what,
		      hm_box_why(box));
		err = hm_box_send(box, -1, hm_bytes_of("e"));
		check(err == HM_OK && hm_box_receive(box, &frame, &done) == HM_OK &&
			      hm_is(hm_buf_bytes(&frame), "e"),
		      "and a new worker serves");
		check(hm_box_receive(box, &frame, &done) == HM_OK && done, "to the end");
	}
	hm_buf_done(&frame);
}

static void test_many_bytes(struct hm_box *box)
{
	struct hm_buf frame = hm_buf_of(2 << 20);
	size_t total = 0;
	bool done = false;
	hm_err err = hm_box_send(box, -1, hm_bytes_of("f"));

	while (err == HM_OK && !done) {
		err = hm_box_receive(box, &frame, &done);
		total += frame.len;
	}
	check(err == HM_OK && total == 20 << 20, "20 MiB of frames arrive");
	hm_buf_done(&frame);
}

int main(void)
{
	struct hm_box *box = NULL;
	const char *why = NULL;
	hm_err err = hm_box_open(&spec, &box, &why);

	check(err == HM_OK, "a box opens%s%s", why != NULL ? ": " : "",
	      why != NULL ? why : "");
	if (err != HM_OK)
		return check_done();
	test_rights(box);
	test_jobs_in_order(box);
	test_loss(box);
	test_many_bytes(box);
	hm_box_close(box);
	return check_done();
}
