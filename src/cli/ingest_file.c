/* SPDX-License-Identifier: MIT */
#include "cli/ingest_file.h"

#include <errno.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "proc/pool.h"

enum {
	/* A part of a file of lines: two or three batches of rows. */
	PART_BYTES = 4 << 20,
	/* Rows of one transaction: a row group of the engine. */
	COMMIT_ROWS = 122880,
	/* Refused records that are shown, of each file. */
	MAX_SHOWN = 10,
	PRINT_BYTES =
		65536, /* of a large file's beginning, and before where reading ended */
	PRINT_ROOM = 65,
	PROGRESS_MS = 200,
	/* Frames between two marks: rows of 4 MiB of input or of 2048 records. */
	MAX_HELD_BYTES = 1 << 30,
	/* Rows wait so long at most before they are durable. */
	COMMIT_MS = 20000,
	/* Files up to this size are known again by all that is in them. */
	PRINT_ALL_BYTES = 64 << 20,
	/* Records of one part that may cost a worker before it is given up. */
	MAX_POISONS = 64,
};

/* A file under way; freed with its last job. */
struct file {
	struct hm_ingesting *g;
	char *path, *real; /* as given, and where it is */
	int fd;
	uint64_t size, done; /* bytes of the file; read and loaded of them */
	uint64_t seen;       /* how far reading has come, after decompression */
	uint64_t lines, records, refused, source;
	uint64_t jobs;   /* under way, and one while more may come */
	bool splittable; /* its parts can be read apart */
	bool failed;
	struct hm_ingest_probe probe;
	bool probed;
};

struct job {
	struct file *file;
	struct hm_ingest_request request;
	uint64_t begin, end;
	struct hm_buf held; /* frames since the last mark, each after its length */
	unsigned poisons;
	bool probe;
	bool done; /* its last frame has come */
};

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void clear_progress(struct hm_ingesting *g)
{
	if (g->progress && g->shown_ms != 0)
		fputs("\r\033[K", stderr);
	g->shown_ms = 0;
}

static void show_progress(struct hm_ingesting *g, const struct file *f)
{
	uint64_t now = now_ms();
	int percent = f->size != 0 ? (int)(f->seen * 100 / f->size) : 100;

	if (!g->progress || now - g->shown_ms < PROGRESS_MS)
		return;
	g->shown_ms = now;
	fprintf(stderr, "\r\033[K%s: ", hm_shown(g->arena, hm_bytes_of(f->path)));
	/* how large it is when decompressed is not known */
	if (f->probe.codec == HM_CODEC_NONE)
		fprintf(stderr, "%d%%, ", percent);
	else
		fprintf(stderr, "%" PRIu64 " MiB, ", f->seen >> 20);
	fprintf(stderr, "%" PRIu64 " rows", hm_load_counts(g->load).added);
}

/* The store failed: nothing more can be kept. */
static void stop(struct hm_ingesting *g)
{
	clear_progress(g);
	if (!g->stopped)
		g->status = hm_complain("%s", hm_store_why(g->store));
	g->stopped = true;
}

static void fail_file(struct file *f, const char *why)
{
	struct hm_ingesting *g = f->g;

	clear_progress(g);
	if (!f->failed)
		g->status = hm_complain("%s: %s", f->path, why);
	f->failed = g->lost = true;
}

/* ---- what was read before ---- */

static bool add_part(EVP_MD_CTX *digest, int fd, uint64_t at, uint64_t len)
{
	uint8_t bytes[8192];

	while (len != 0) {
		size_t part = len < sizeof(bytes) ? (size_t)len : sizeof(bytes);
		ssize_t got = pread(fd, bytes, part, (off_t)at);

		if (got != (ssize_t)part || EVP_DigestUpdate(digest, bytes, part) != 1)
			return false;
		at += part;
		len -= part;
	}
	return true;
}

/* An event log may change anywhere while its size stays. */
static bool may_change_inside(int fd)
{
	char head[8] = { 0 };

	return pread(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head) &&
	       memcmp(head, "ElfFile", sizeof(head)) == 0;
}

/* What tells the first len bytes of a file from others of that length: all of them, or
 * of a large file, which grows at its end, their beginning and their end. */
static bool print_of(int fd, uint64_t len, char out[PRINT_ROOM])
{
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	uint8_t hash[EVP_MAX_MD_SIZE];
	bool all = len <= PRINT_ALL_BYTES || may_change_inside(fd);
	uint64_t part = all ? len : PRINT_BYTES;
	unsigned hash_len = 0;

	bool done = digest != NULL &&
		    EVP_DigestInit_ex2(digest, EVP_sha256(), NULL) == 1 &&
		    add_part(digest, fd, 0, part) &&
		    (all || add_part(digest, fd, len - part, part)) &&
		    EVP_DigestFinal_ex(digest, hash, &hash_len) == 1;
	EVP_MD_CTX_free(digest);
	for (size_t i = 0; done && i < hash_len && 2 * i + 2 < PRINT_ROOM; i++)
		snprintf(out + 2 * i, 3, "%02x", hash[i]);
	return done;
}

static void put_mark(struct file *f)
{
	char print[PRINT_ROOM] = { 0 };
	struct hm_load_mark mark = { .done = (int64_t)f->done,
				     .line = (int64_t)f->lines,
				     .source = f->source };

	if (f->real == NULL || f->failed || f->g->stopped ||
	    !print_of(f->fd, f->done, print))
		return;
	mark.path = hm_bytes_of(f->real);
	mark.print = hm_bytes_of(print);
	if (hm_load_put_mark(f->g->load, &mark) != HM_OK)
		stop(f->g);
}

/* A number that no other reading of a file has. */
static uint64_t new_source(const struct file *f)
{
	return (uint64_t)hm_time_now() ^ (uint64_t)getpid() << 40 ^ (uint64_t)f->fd << 56;
}

/* Take up where an earlier reading of the same file ended. */
static void find_mark(struct file *f)
{
	char then[PRINT_ROOM], now[PRINT_ROOM] = { 0 };
	struct hm_load_mark mark = { .path = hm_bytes_of(f->real) };
	bool found;

	f->source = new_source(f);
	if (f->g->again)
		return;
	if (hm_load_get_mark(f->g->load, &mark, then, sizeof(then), &found) != HM_OK) {
		stop(f->g);
		return;
	}
	if (!found || mark.done <= 0 || (uint64_t)mark.done > f->size ||
	    !print_of(f->fd, (uint64_t)mark.done, now) || strcmp(then, now) != 0)
		return;
	f->done = f->seen = (uint64_t)mark.done;
	f->lines = (uint64_t)mark.line;
	f->source = mark.source;
}

/* ---- refused records ---- */

static void show_refused(struct file *f, const struct hm_refused *r)
{
	char where[64];

	clear_progress(f->g);
	if (r->line != 0)
		snprintf(where, sizeof(where), "line %" PRIu64, f->lines + r->line);
	else
		snprintf(where, sizeof(where), "offset %" PRIu64, r->offset);
	hm_complain("%s: %s: skipped: %.*s", f->path, where, (int)r->why.len,
		    (const char *)r->why.at);
}

static void take_refused(struct file *f, hm_bytes body)
{
	struct hm_refused r;

	if (hm_refused_read(body, &r) != HM_OK) {
		fail_file(f, "the worker's answer is damaged");
		return;
	}
	hm_refused_put(f->g->refused_log, f->path, r.line != 0 ? f->lines + r.line : 0,
		       &r);
	if (++f->refused <= MAX_SHOWN)
		show_refused(f, &r);
}

/* ---- frames ---- */

static void take_batch(struct file *f, hm_bytes body)
{
	struct hm_ingesting *g = f->g;

	if (g->stopped)
		return;
	hm_load_source(g->load, f->source);
	hm_err err = hm_load_batch(g->load, body);
	if (err == HM_EFORMAT)
		fail_file(f, "the worker's answer is damaged");
	else if (err != HM_OK)
		stop(g);
}

/* ---- what is held until a mark ---- */

/* A worker that is lost is asked again from its last mark on: what came after it is
 * dropped, so that no row is taken twice. */
static void hold(struct job *job, hm_bytes frame)
{
	hm_put_u32le(&job->held, (uint32_t)frame.len);
	hm_put(&job->held, frame);
	if (job->held.err != HM_OK)
		fail_file(job->file, "there is no memory for what was read of it");
}

static void take_frame(struct file *f, hm_bytes frame)
{
	enum hm_ingest_frame kind;
	hm_bytes body;

	if (hm_ingest_frame_read(frame, &kind, &body) != HM_OK)
		fail_file(f, "the worker's answer is damaged");
	else if (kind == HM_FRAME_BATCH)
		take_batch(f, body);
	else if (kind == HM_FRAME_REFUSED)
		take_refused(f, body);
}

static void take_held(struct job *job)
{
	struct hm_cur c = hm_cur_of(hm_buf_bytes(&job->held));

	while (hm_more(&c)) {
		uint32_t len = hm_u32le(&c, "length");

		take_frame(job->file, hm_take(&c, len, "frame"));
	}
	hm_buf_clear(&job->held);
}

static void take_mark(struct job *job, hm_bytes body)
{
	struct file *f = job->file;
	struct hm_ingesting *g = f->g;
	struct hm_ingest_done d;

	take_held(job);
	if (hm_ingest_done_read(body, &d) != HM_OK ||
	    hm_tally_merge(&g->tally, d.tally) != HM_OK) {
		fail_file(f, "the worker's answer is damaged");
		return;
	}
	if (d.why.len != 0)
		fail_file(f, hm_format(g->arena, "%.*s", (int)d.why.len,
				       (const char *)d.why.at));
	f->lines += d.lines;
	f->seen = d.next;
	g->bytes += d.bytes;
	f->records += d.records;
	g->records += d.records;
	g->refused += d.refused;
	/* the record that cost a worker is behind */
	if (d.next > job->request.resume) {
		job->request.resume = d.next;
		job->request.state = d.state;
		job->request.poisoned = false;
	}
	show_progress(g, f);
}

void hm_ingest_frame_in(void *owner, void *tag, hm_bytes frame)
{
	struct job *job = tag;
	struct file *f = job->file;
	enum hm_ingest_frame kind;
	hm_bytes body;

	(void)owner;
	if (hm_ingest_frame_read(frame, &kind, &body) != HM_OK) {
		fail_file(f, "the worker's answer is damaged");
		return;
	}
	switch (kind) {
	case HM_FRAME_PROBE:
		f->probed = hm_ingest_probe_read(body, &f->probe) == HM_OK;
		job->done = true;
		break;
	case HM_FRAME_BATCH:
	case HM_FRAME_REFUSED: hold(job, frame); break;
	case HM_FRAME_DONE:
		job->done = true;
		take_mark(job, body);
		break;
	case HM_FRAME_MARK: take_mark(job, body); break;
	}
}

/*
 * A worker was lost.  Once it is only asked again from its last mark on, with a mark
 * after each record; lost again, the record after the last mark is what it was lost of,
 * and is refused unread.  Lost once more at that place, the rest is given up.
 */
bool hm_ingest_again(void *owner, void *tag, const char *why, struct hm_buf *request)
{
	struct job *job = tag;
	struct hm_ingest_request *r = &job->request;

	(void)owner;
	hm_buf_clear(&job->held);
	if (job->probe || r->poisoned || job->poisons == MAX_POISONS || job->file->failed)
		return false;
	r->poisoned = r->careful;
	job->poisons += r->careful;
	r->careful = !r->careful;
	clear_progress(job->file->g);
	hm_complain("%s: a worker was lost (%s); reading on from byte %" PRIu64,
		    job->file->path, why, r->resume > r->begin ? r->resume : r->begin);
	hm_ingest_request_write(r, request);
	return request->err == HM_OK;
}

/* ---- the end of jobs and files ---- */

void hm_ingest_commit(struct hm_ingesting *g)
{
	if (g->stopped)
		return;
	/* refused records are kept before the rows beside them become durable */
	if (!hm_refused_sync(g->refused_log))
		g->status = hm_complain("%s: %s", hm_refused_path(g->refused_log),
					strerror(errno));
	if (hm_load_commit(g->load) != HM_OK)
		stop(g);
	g->committed_ms = now_ms();
}

static void close_file(struct file *f)
{
	struct hm_ingesting *g = f->g;

	if (f->refused > MAX_SHOWN) {
		clear_progress(g);
		hm_complain("%s: %" PRIu64 " records skipped in all; see %s", f->path,
			    f->refused, hm_refused_path(g->refused_log));
	}
	if (f->refused != 0 && f->refused == f->records)
		g->status =
			hm_complain("%s: not one record of it could be read", f->path);
	put_mark(f);
	close(f->fd);
	free(f->path);
	free(f->real);
	free(f);
}

static void release(struct file *f)
{
	if (--f->jobs == 0)
		close_file(f);
}

void hm_ingest_job_ended(void *owner, void *tag, hm_err err, const char *why)
{
	struct hm_ingesting *g = owner;
	struct job *job = tag;
	struct file *f = job->file;

	if (err != HM_OK)
		fail_file(f,
			  hm_format(g->arena,
				    "bytes %" PRIu64 " to %" PRIu64 " are lost: %s",
				    job->request.resume > job->begin ? job->request.resume
								     : job->begin,
				    job->end, why));
	else if (!job->done)
		fail_file(f, "the worker did not answer");
	if (!job->probe && !f->failed)
		f->done = job->end;
	if (hm_load_pending(g->load) >= COMMIT_ROWS ||
	    now_ms() - g->committed_ms >= COMMIT_MS) {
		put_mark(f);
		hm_ingest_commit(g);
	}
	show_progress(g, f);
	hm_buf_done(&job->held);
	free(job);
	release(f);
}

/* ---- sending ---- */

static void send_job(struct file *f, enum hm_ingest_mode mode, uint64_t begin,
		     uint64_t end)
{
	struct hm_ingesting *g = f->g;
	struct hm_ingest_request r = g->options;
	struct job *job = malloc(sizeof(*job));
	struct hm_buf request = hm_buf_of(1 << 16);
	int fd = dup(f->fd);

	r.mode = mode;
	r.codec = mode != HM_INGEST_PROBE ? f->probe.codec : HM_CODEC_NONE;
	r.begin = begin;
	r.end = end;
	r.name = hm_bytes_of(f->path);
	hm_ingest_request_write(&r, &request);
	if (job == NULL || fd < 0 || request.err != HM_OK) {
		fail_file(f, "there is no memory to read it");
		free(job);
		if (fd >= 0)
			close(fd);
	} else {
		*job = (struct job){ .file = f,
				     .request = r,
				     .held = hm_buf_of(MAX_HELD_BYTES),
				     .begin = begin,
				     .end = end < f->size ? end : f->size,
				     .probe = mode == HM_INGEST_PROBE };
		f->jobs++;
		hm_pool_send(g->pool, job, fd, hm_buf_bytes(&request));
	}
	hm_buf_done(&request);
}

static void send_parts(struct file *f)
{
	if (f->size <= PART_BYTES) {
		send_job(f, HM_INGEST_WHOLE, 0, UINT64_MAX);
		return;
	}
	if (!f->splittable) {
		send_job(f, f->probe.mode, 0, UINT64_MAX);
		return;
	}
	for (uint64_t at = f->done; at < f->size && !f->failed && !f->g->stopped;
	     at += PART_BYTES)
		send_job(f, f->probe.mode, at,
			 at + PART_BYTES < f->size ? at + PART_BYTES : UINT64_MAX);
}

/* Ask a worker what the file is, and wait for the answer. */
static void probe_file(struct file *f)
{
	f->probe.mode = HM_INGEST_UNKNOWN;
	send_job(f, HM_INGEST_PROBE, 0, UINT64_MAX);
	hm_pool_drain(f->g->pool);
	if (f->failed)
		return;
	if (!f->probed || f->probe.mode == HM_INGEST_UNKNOWN)
		fail_file(f, "it is of no kind that hallmark reads");
	f->splittable =
		(f->probe.mode == HM_INGEST_LINES || f->probe.mode == HM_INGEST_EVTX) &&
		f->probe.codec == HM_CODEC_NONE;
}

static struct file *open_file(struct hm_ingesting *g, const char *path, int fd)
{
	struct file *f = calloc(1, sizeof(*f));
	struct stat st;

	if (f == NULL || fstat(fd, &st) != 0) {
		g->status = hm_complain("%s: %s", path, strerror(errno));
		free(f);
		close(fd);
		return NULL;
	}
	f->g = g;
	f->fd = fd;
	f->path = strdup(path);
	f->real = realpath(path, NULL);
	f->size = (uint64_t)st.st_size;
	f->jobs = 1;
	g->options.file_time = hm_time_of_unix(st.st_mtime);
	if (f->real == NULL)
		f->real = strdup(path);
	return f;
}

bool hm_ingest_file(struct hm_ingesting *g, const char *path, int fd)
{
	struct file *f = open_file(g, path, fd);

	if (f == NULL)
		return true;
	g->files++;
	if (f->path == NULL || f->real == NULL)
		fail_file(f, "out of memory");
	else
		find_mark(f);
	if (!f->failed && f->size != 0 && f->done == f->size) {
		g->known_files++;
	} else if (!f->failed && f->size != 0 && !g->stopped) {
		if (f->size > PART_BYTES)
			probe_file(f);
		if (!f->failed)
			send_parts(f);
	}
	bool go_on = !g->stopped;
	release(f);
	return go_on;
}

void hm_ingest_messages(struct hm_ingesting *g, const char *name, int fd)
{
	struct file *f = open_file(g, name, fd);

	if (f == NULL)
		return;
	free(f->real);
	f->real = NULL; /* what tells how far it was read is kept elsewhere */
	f->source = new_source(f);
	f->probe.mode = HM_INGEST_MESSAGES;
	if (f->path == NULL)
		fail_file(f, "out of memory");
	else
		send_job(f, HM_INGEST_MESSAGES, 0, UINT64_MAX);
	release(f);
	hm_pool_drain(g->pool);
}

void hm_ingest_end(struct hm_ingesting *g)
{
	clear_progress(g);
	hm_ingest_commit(g);
	if (!g->stopped && hm_hashes_derive(g->store, &g->hashes) != HM_OK)
		stop(g);
}
