/* SPDX-License-Identifier: MIT */
/*
 * cmd_evtx.c: Windows event logs as JSON lines.
 *
 * A log is cut into parts that workers read side by side; their lines come out in the
 * order of the log.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/cli.h"
#include "cli/walk.h"
#include "proc/pool.h"
#include "telemetry/evtx_part.h"

enum {
	PART_BYTES = 2 << 20,
	/* address space of the reader; RLIMIT_DATA counts it whether used or not */
	WORKER_BYTES = 256 << 20,
	PART_CPU_MS = 10000, /* 2 MiB of chunks made to be costly take 3 s */
	COPY_BYTES = 8192,
};

struct printer {
	struct hm_pool *pool;
	const struct hm_list *operands;
	int status;
	bool stopped; /* standard output is gone */
	uint64_t logs, records, lost, others;
};

struct log {
	struct printer *printer;
	char *path;
	bool named;     /* by the user, not found in a folder */
	unsigned parts; /* under way, and one while more are to come */
	bool failed;
	struct hm_evtx_counts counts;
};

struct part {
	struct log *log;
	uint64_t begin, end;
	bool counted;
};

/* ---- inside a worker ---- */

HM_NORETURN static void full(void *ctx)
{
	(void)ctx;
	abort();
}

static void prepare(void *ctx)
{
	struct hm_evtx_part_work *w = ctx;

	w->out = hm_buf_of(HM_MAX_FRAME_BYTES);
	if (hm_evtx_open(HM_EVTX_JSON, full, NULL, &w->reader) != HM_OK)
		w->reader = NULL;
}

static void emit(void *ctx, hm_bytes frame)
{
	hm_job_emit(ctx, frame);
}

static void work(struct hm_job *job)
{
	struct hm_evtx_part_work *w = job->ctx;

	if (w->reader == NULL)
		return;
	w->emit = emit;
	w->ctx = job;
	hm_evtx_part_run(w, job->fd, job->request);
}

/* ---- what is told of a log ---- */

static uint64_t unread_of(const struct hm_evtx_stats *s)
{
	uint64_t sum = 0;

	for (size_t i = 0; i <= HM_EIO; i++)
		sum += s->unread[i];
	return sum;
}

static void say(struct hm_buf *b, uint64_t count, const char *what)
{
	if (count != 0)
		hm_putf(b, "%s%s: %llu", b->len != 0 ? "; " : "", what,
			(unsigned long long)count);
}

/* One line where something is lost, or may be; nothing for a sound log. */
static void say_log(struct log *log)
{
	const struct hm_evtx_stats *s = &log->counts.stats;
	struct hm_buf b = hm_buf_of(4096);
	uint64_t unread = unread_of(s);

	say(&b, unread, "records not decoded");
	if (unread != 0)
		hm_putf(&b, " (the first at offset %llu: %s: %s)",
			(unsigned long long)s->first_where, hm_err_name(s->first_err),
			log->counts.why);
	say(&b, s->gaps, "places in chunks without a record");
	if (s->gaps != 0)
		hm_putf(&b, " (%llu bytes)", (unsigned long long)s->gap_bytes);
	say(&b, s->missing, "records promised by chunks and missing");
	say(&b, s->bad_chunks, "blocks that are no chunk");
	if (b.len != 0)
		log->failed = true;
	say(&b, s->bad_checksums, "chunks whose checksum does not fit");
	if (s->bad_header)
		hm_putf(&b, "%sno file header", b.len != 0 ? "; " : "");
	if (s->dirty)
		hm_putf(&b, "%sthe log was not closed", b.len != 0 ? "; " : "");
	if (b.len != 0)
		hm_complain("%s: %.*s", log->path, (int)b.len, (const char *)b.at);
	hm_buf_done(&b);
}

static void end_log(struct log *log)
{
	struct printer *p = log->printer;
	const struct hm_evtx_stats *s = &log->counts.stats;

	if (log->counts.is_log) {
		say_log(log);
		p->logs++;
		p->records += s->records - unread_of(s);
		p->lost += unread_of(s) + s->missing;
	} else if (!log->failed) {
		p->others++;
		if (log->named) {
			hm_complain("%s: is no Windows event log", log->path);
			log->failed = true;
		}
	}
	if (log->failed)
		p->status = HM_EXIT_FAILED;
	free(log->path);
	free(log);
}

static void release(struct log *log)
{
	if (--log->parts == 0)
		end_log(log);
}

/* ---- the parts on their way ---- */

static void take_frame(void *owner, void *tag, hm_bytes frame)
{
	struct printer *p = owner;
	struct part *part = tag;

	if (hm_at8(frame, 0) != HM_EVTX_FRAME_LINES) {
		part->counted = hm_evtx_counts_add(frame, &part->log->counts) == HM_OK;
		return;
	}
	if (!p->stopped &&
	    fwrite(frame.at + 1, 1, frame.len - 1, stdout) != frame.len - 1)
		p->stopped = true;
}

static void end_part(void *owner, void *tag, hm_err err, const char *why)
{
	struct printer *p = owner;
	struct part *part = tag;

	if (err == HM_OK && !part->counted)
		why = "the worker has no memory";
	if (err != HM_OK || !part->counted) {
		hm_complain("%s: bytes %llu to %llu were not read: %s", part->log->path,
			    (unsigned long long)part->begin,
			    (unsigned long long)part->end, why);
		part->log->failed = true;
	}
	if (p->stopped)
		p->status = HM_EXIT_FAILED;
	release(part->log);
	free(part);
}

static bool send_part(struct log *log, int fd, uint64_t begin, uint64_t end)
{
	struct part *part = malloc(sizeof(*part));
	struct hm_buf request = hm_buf_of(HM_MAX_FRAME_BYTES);
	int own = dup(fd);

	hm_evtx_part_write(&request, begin, end, hm_bytes_of(log->path));
	if (part == NULL || own < 0 || request.err != HM_OK) {
		log->failed = true;
		hm_complain("%s: %s", log->path, strerror(errno));
		free(part);
		if (own >= 0)
			close(own);
	} else {
		*part = (struct part){ .log = log, .begin = begin, .end = end };
		log->parts++;
		hm_pool_send(log->printer->pool, part, own, hm_buf_bytes(&request));
	}
	hm_buf_done(&request);
	return part != NULL && !log->failed;
}

static bool is_operand(const struct printer *p, const char *path)
{
	for (size_t i = 0; i < p->operands->count; i++)
		if (strcmp(p->operands->items[i], path) == 0)
			return true;
	return false;
}

static bool send_log(void *ctx, const char *path, int fd)
{
	struct printer *p = ctx;
	struct log *log = calloc(1, sizeof(*log));
	struct stat st;

	if (log == NULL || fstat(fd, &st) != 0 || (log->path = strdup(path)) == NULL) {
		p->status = hm_complain("%s: %s", path, strerror(errno));
		free(log);
		close(fd);
		return true;
	}
	log->printer = p;
	log->named = is_operand(p, path);
	log->parts = 1;
	uint64_t size = (uint64_t)st.st_size, at = 0;
	do {
		if (!send_part(log, fd, at, at + PART_BYTES))
			break;
		at += PART_BYTES;
	} while (at < size && !p->stopped);
	close(fd);
	release(log);
	return !p->stopped;
}

/* ---- the command ---- */

/* Standard input as a file that can be read at any place: itself, or a copy on disk,
 * for it may be longer than memory. */
static int open_input(void)
{
	char part[COPY_BYTES];
	ssize_t got = 0;

	if (lseek(STDIN_FILENO, 0, SEEK_CUR) == 0)
		return dup(STDIN_FILENO);
	FILE *copy = tmpfile();
	if (copy == NULL)
		return -1;
	while ((got = read(STDIN_FILENO, part, sizeof(part))) > 0)
		if (fwrite(part, 1, (size_t)got, copy) != (size_t)got)
			break;
	int fd = got == 0 && fflush(copy) == 0 ? dup(fileno(copy)) : -1;
	fclose(copy);
	return fd;
}

static void print_input(struct printer *p)
{
	int fd = open_input();

	if (fd < 0)
		p->status = hm_complain("standard input: %s", strerror(errno));
	else
		send_log(p, "-", fd);
}

/* The operands in their order; "-" is not walk.h's, which holds it in memory. */
static void print_all(struct printer *p)
{
	const struct hm_walk walk = { .folders = true, .file = send_log, .ctx = p };

	for (size_t i = 0; i < p->operands->count && !p->stopped; i++) {
		const struct hm_list one = { p->operands->items + i, 1 };

		if (strcmp(one.items[0], "-") == 0)
			print_input(p);
		else
			p->status = hm_exit_worse(p->status, hm_walk(&walk, &one));
	}
}

static int print_logs(struct printer *p, struct hm_evtx_part_work *worker,
		      unsigned workers)
{
	const struct hm_pool_spec spec = {
		.box = { .work = work,
			 .prepare = prepare,
			 .ctx = worker,
			 .arena_bytes = WORKER_BYTES,
			 .cpu_ms = PART_CPU_MS },
		.workers = workers,
		.frame = take_frame,
		.ended = end_part,
		.owner = p,
	};
	const char *why;

	if (hm_pool_open(&spec, &p->pool, &why) != HM_OK)
		return hm_complain("%s", why);
	print_all(p);
	hm_pool_finish(p->pool);
	return p->status;
}

static const char about[] =
	"Prints each record of Windows event logs as one line of JSON, with all its "
	"fields.\n"
	"FILE may be a folder, of which all event logs are read, or \"-\" for standard "
	"input.\n"
	"Damaged records and chunks are stepped over; what was lost is said on standard\n"
	"error, and the exit status is then 2.";

int hm_cmd_evtx(int argc, char **argv)
{
	struct hm_arena a = hm_cli_arena();
	struct hm_list operands;
	bool quiet = false;
	const struct hm_option options[] = {
		{ .name = "quiet",
		  .letter = 'q',
		  .flag = &quiet,
		  .help = "no summary on standard error" },
	};
	const struct hm_command_help help = { .usage =
						      "hallmark evtx [OPTION]... FILE...",
					      .about = about,
					      .options = options,
					      .num_options = 1 };
	int status = hm_options(&help, argc, argv, &a, &operands);

	if (status != -1)
		return status;
	if (operands.count == 0)
		return hm_complain("evtx: which FILE?");

	struct printer p = { .operands = &operands, .status = HM_EXIT_OK };
	status = print_logs(&p, hm_new(&a, struct hm_evtx_part_work), 0);
	if (!quiet)
		fprintf(stderr, "hallmark: %llu records of %llu logs, %llu lost\n",
			(unsigned long long)p.records, (unsigned long long)p.logs,
			(unsigned long long)p.lost);
	hm_arena_close(&a);
	return hm_finish_output(status);
}
