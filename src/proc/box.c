/* SPDX-License-Identifier: MIT */
/*
 * box.c: the worker's loop and the caller's side of it.
 *
 * Both sides speak over one stream socket: a head of two 32-bit numbers, then as
 * many bytes as the first says.  A job's head carries its descriptor.
 */
#include "proc/box.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "proc/confine.h"

enum kind { KIND_JOB, KIND_READY, KIND_FRAME, KIND_DONE };

/* How a worker ends when its arena is full. */
enum { EXIT_MEMORY = 77, POLL_MS = 50 };

struct head {
	uint32_t len;
	uint32_t kind;
};

struct hm_box {
	struct hm_box_spec spec;
	pid_t pid;  /* 0 while there is no worker */
	int socket; /* to it, or -1 */
	int abi;
	int64_t since_ns; /* its processor time when it last took up a job */
	int64_t allowed_ns[HM_BOX_JOBS]; /* for each job under way: a ring */
	unsigned first, num_jobs;
	const char *why;
};

/* Move all of len bytes; false where the other side is gone. */
static bool write_all(int to, const void *what, size_t len)
{
	const uint8_t *next = what;

	while (len != 0) {
		struct iovec part = { (void *)(uintptr_t)next, len };
		struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
		ssize_t sent = sendmsg(to, &message, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		next += sent;
		len -= (size_t)sent;
	}
	return true;
}

static bool read_all(int from, void *what, size_t len)
{
	uint8_t *next = what;

	while (len != 0) {
		ssize_t got = read(from, next, len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		next += got;
		len -= (size_t)got;
	}
	return true;
}

union descriptor {
	struct cmsghdr head;
	char room[CMSG_SPACE(sizeof(int))];
};

/* A head, with fd as a passenger unless it is -1. */
static bool send_head(int to, struct head head, int fd)
{
	union descriptor control = { .room = { 0 } };
	struct iovec part = { &head, sizeof(head) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	if (fd >= 0) {
		message.msg_control = control.room;
		message.msg_controllen = sizeof(control.room);
		control.head =
			(struct cmsghdr){ CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
		memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	}
	ssize_t sent;
	do
		sent = sendmsg(to, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	/* eight bytes go whole or not at all into a stream socket that has room */
	return sent == (ssize_t)sizeof(head);
}

static bool receive_head(int from, struct head *head, int *fd)
{
	union descriptor control = { .room = { 0 } };
	struct iovec part = { head, sizeof(*head) };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control.room,
				  .msg_controllen = sizeof(control.room) };
	ssize_t got;

	*fd = -1;
	do
		got = recvmsg(from, &message, MSG_WAITALL);
	while (got < 0 && errno == EINTR);
	const struct cmsghdr *first = CMSG_FIRSTHDR(&message);
	if (got > 0 && first != NULL && first->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(first), sizeof(*fd));
	return got == (ssize_t)sizeof(*head);
}

/* ---- inside the worker ---- */

HM_NORETURN static void arena_full(void *ctx)
{
	(void)ctx;
	_exit(EXIT_MEMORY);
}

void hm_job_emit(struct hm_job *job, hm_bytes frame)
{
	struct head head = { (uint32_t)frame.len, KIND_FRAME };

	if (frame.len > HM_MAX_FRAME_BYTES)
		_exit(EXIT_MEMORY);
	if (!write_all(job->reply, &head, sizeof(head)) ||
	    !write_all(job->reply, frame.at, frame.len))
		_exit(0);
}

struct mapping {
	void *at;
	size_t len;
};

static void unmap(void *object)
{
	struct mapping *m = object;

	munmap(m->at, m->len);
}

hm_err hm_job_map(struct hm_job *job, hm_bytes *out)
{
	off_t size = lseek(job->fd, 0, SEEK_END);

	if (size < 0)
		return HM_EIO;
	if (size == 0) {
		*out = (hm_bytes){ (const uint8_t *)"", 0 };
		return HM_OK;
	}
	void *at = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, job->fd, 0);
	if (at == MAP_FAILED)
		return HM_EIO;

	struct mapping *m = hm_new(job->arena, struct mapping);
	*m = (struct mapping){ at, (size_t)size };
	hm_defer(job->arena, unmap, m);
	*out = (hm_bytes){ at, (size_t)size };
	return HM_OK;
}

static bool serve_one(const struct hm_box_spec *spec, int socket, struct hm_arena *arena)
{
	struct head head;
	struct hm_job job = { .arena = arena, .ctx = spec->ctx, .reply = socket };

	if (!receive_head(socket, &head, &job.fd))
		return false;
	uint8_t *request = hm_alloc(arena, 1, head.len);
	if (!read_all(socket, request, head.len))
		return false;
	job.request = (hm_bytes){ request, head.len };
	spec->work(&job);
	if (job.fd >= 0)
		close(job.fd);
	hm_arena_reset(arena);

	struct head done = { 0, KIND_DONE };
	return write_all(socket, &done, sizeof(done));
}

/* The first thing a worker says: the Landlock ABI, or why it cannot work. */
static bool say_ready(int socket, int abi, const char *why)
{
	struct head head = { (uint32_t)sizeof(why), KIND_READY };

	if (why == NULL)
		head.len = 0;
	/* the pointer is to a static sentence, the same one in both processes */
	return write_all(socket, &head, sizeof(head)) &&
	       write_all(socket, &abi, sizeof(abi)) &&
	       (why == NULL || write_all(socket, &why, sizeof(why)));
}

HM_NORETURN static void be_worker(const struct hm_box_spec *spec, int socket)
{
	struct hm_arena arena;
	const char *why = "there is no memory for the worker";
	int abi = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_IGN);
	if (spec->prepare != NULL)
		spec->prepare(spec->ctx);
	hm_err err = hm_arena_open(spec->arena_bytes, arena_full, NULL, &arena);
	if (err == HM_OK)
		err = hm_confine(socket, spec->arena_bytes, &abi, &why);
	if (!say_ready(socket, abi, err == HM_OK ? NULL : why) || err != HM_OK)
		_exit(1);
	while (serve_one(spec, socket, &arena))
		;
	_exit(0);
}

/* ---- the caller's side ---- */

static void reap(struct hm_box *box, int *status)
{
	pid_t got;

	*status = 0;
	if (box->pid == 0)
		return;
	/* First: a worker that we stopped listening to waits for our next word. */
	close(box->socket);
	do
		got = waitpid(box->pid, status, 0);
	while (got < 0 && errno == EINTR);
	box->pid = 0;
	box->socket = -1;
	box->num_jobs = 0;
}

/* What the worker has spent of the processor, in nanoseconds. */
static int64_t spent_ns(const struct hm_box *box)
{
	clockid_t clock;
	struct timespec spent;

	if (clock_getcpuclockid(box->pid, &clock) != 0 ||
	    clock_gettime(clock, &spent) != 0)
		return 0;
	return spent.tv_sec * INT64_C(1000000000) + spent.tv_nsec;
}

/* End a worker that is lost and say why. */
static hm_err lose(struct hm_box *box, bool late)
{
	int status;

	if (late)
		kill(box->pid, SIGKILL);
	reap(box, &status);
	if (late) {
		box->why = "the worker spent its time on it";
		return HM_ELIMIT;
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_MEMORY) {
		box->why = "the worker spent its memory on it";
		return HM_ELIMIT;
	}
	box->why = WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS
			   ? "the file changed while it was read"
			   : "the worker crashed on it";
	return HM_EIO;
}

static hm_err await_ready(struct hm_box *box)
{
	struct head head;
	const char *why = "the worker did not start";
	int status;

	bool heard = read_all(box->socket, &head, sizeof(head)) &&
		     head.kind == KIND_READY &&
		     read_all(box->socket, &box->abi, sizeof(box->abi));
	if (heard && head.len == 0)
		return HM_OK;
	hm_err err = HM_EIO;
	/* The pointer itself crosses: the worker is our fork, its text is ours too. */
	/* NOLINTNEXTLINE(bugprone-sizeof-expression) */
	if (heard && read_all(box->socket, &why, sizeof(why)))
		err = HM_EUNSUP;
	box->why = why;
	reap(box, &status);
	return err;
}

/* A machine that is short of processes or memory for a moment gives them the next. */
static pid_t fork_patiently(void)
{
	const struct timespec a_while = { .tv_nsec = 100000000 };
	pid_t pid = fork();

	for (int i = 0; i < 50 && pid < 0 && (errno == EAGAIN || errno == ENOMEM); i++) {
		nanosleep(&a_while, NULL);
		pid = fork();
	}
	return pid;
}

static hm_err start(struct hm_box *box)
{
	int pair[2];

	box->why = "the worker could not be started";
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return HM_EIO;
	pid_t pid = fork_patiently();
	if (pid == 0) {
		/* a fixed place, above the standard three, whatever was open before */
		int fixed = fcntl(pair[1], F_DUPFD_CLOEXEC, 3);

		be_worker(&box->spec, fixed);
	}
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return HM_EIO;
	}
	box->pid = pid;
	box->socket = pair[0];
	box->since_ns = 0;
	return await_ready(box);
}

hm_err hm_box_open(const struct hm_box_spec *spec, struct hm_box **out, const char **why)
{
	struct hm_box *box = malloc(sizeof(*box));

	*why = "there is no memory for the box";
	if (box == NULL)
		return HM_EIO;
	*box = (struct hm_box){ .spec = *spec, .socket = -1 };
	hm_err err = start(box);
	if (err != HM_OK) {
		*why = box->why;
		free(box);
		return err;
	}
	*out = box;
	return HM_OK;
}

void hm_box_close(struct hm_box *box)
{
	int status;

	if (box == NULL)
		return;
	if (box->pid != 0) {
		kill(box->pid, SIGKILL);
		reap(box, &status);
	}
	free(box);
}

int hm_box_landlock(const struct hm_box *box)
{
	return box->abi;
}

const char *hm_box_why(const struct hm_box *box)
{
	return box->why;
}

/* Processor time for a job with that file, in nanoseconds. */
static int64_t allowance(const struct hm_box *box, int fd)
{
	struct stat st = { 0 };
	bool known = fd >= 0 && fstat(fd, &st) == 0;
	int64_t mib = known ? st.st_size >> 20 : 0;

	return (box->spec.cpu_ms + mib * box->spec.cpu_ms_per_mib) * 1000000;
}

hm_err hm_box_send(struct hm_box *box, int fd, hm_bytes request)
{
	struct head head = { (uint32_t)request.len, KIND_JOB };

	if (request.len > HM_MAX_FRAME_BYTES || box->num_jobs == HM_BOX_JOBS)
		return HM_ELIMIT;
	if (box->pid == 0) {
		hm_err err = start(box);
		if (err != HM_OK)
			return err;
	}
	box->allowed_ns[(box->first + box->num_jobs++) % HM_BOX_JOBS] =
		allowance(box, fd);
	/* hm_box_receive finds out, and tells, that a worker is gone: which this one is
	 * where half a job would leave it waiting for the rest */
	if (!send_head(box->socket, head, fd) ||
	    !write_all(box->socket, request.at, request.len))
		shutdown(box->socket, SHUT_RDWR);
	return HM_OK;
}

/* Whether the worker says something before its time is spent. */
static bool await_frame(struct hm_box *box)
{
	struct pollfd poller = { .fd = box->socket, .events = POLLIN };
	int64_t most = box->allowed_ns[box->first];

	for (;;) {
		int ready = poll(&poller, 1, POLL_MS);

		if (ready > 0)
			return true;
		if (ready < 0 && errno != EINTR)
			return false;
		if (ready == 0 && spent_ns(box) - box->since_ns > most)
			return false;
	}
}

hm_err hm_box_receive(struct hm_box *box, struct hm_buf *frame, bool *done)
{
	struct head head;

	*done = false;
	hm_buf_clear(frame);
	if (box->pid == 0) {
		box->why = "the worker was lost";
		return HM_EIO;
	}
	if (!await_frame(box))
		return lose(box, true);
	if (!read_all(box->socket, &head, sizeof(head)))
		return lose(box, false);

	/* from here on the worker is as hostile as the file that it reads */
	bool lawful = (head.kind == KIND_FRAME && head.len <= HM_MAX_FRAME_BYTES) ||
		      (head.kind == KIND_DONE && head.len == 0);
	uint8_t *room = lawful && head.len != 0 ? hm_buf_room(frame, head.len) : NULL;
	if (!lawful || (head.len != 0 && room == NULL) ||
	    !read_all(box->socket, room, head.len)) {
		kill(box->pid, SIGKILL);
		return lose(box, false);
	}
	*done = head.kind == KIND_DONE;
	if (*done) {
		box->since_ns = spent_ns(box);
		box->first = (box->first + 1) % HM_BOX_JOBS;
		box->num_jobs--;
	}
	return HM_OK;
}
