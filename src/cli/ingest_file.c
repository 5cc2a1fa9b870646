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
	PRINT_BYTES = 4096, /* of a file's beginning, and before where reading ended */
	PRINT_ROOM = 65,
	PROGRESS_MS = 200,
};

/* A file under way; freed with its last job. */
struct file {
	struct hm_ingesting *g;
	char *path, *real; /* as given, and where it is */
	int fd;
	uint64_t size, done; /* bytes of the file; read and loaded of them */
	uint64_t lines, records, refused, source;
	uint64_t jobs;   /* under way, and one while more may come */
	bool splittable; /* its parts can be read apart */
	bool failed;
	struct hm_ingest_probe probe;
	bool probed;
};

struct job {
	struct file *file;
	uint64_t begin, end;
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
	int percent = f->size != 0 ? (int)(f->done * 100 / f->size) : 100;

	if (!g->progress || now - g->shown_ms < PROGRESS_MS)
		return;
	g->shown_ms = now;
	fprintf(stderr, "\r\033[K%s: %d%%, %" PRIu64 " rows",
		hm_shown(g->arena, hm_bytes_of(f->path)), percent,
		hm_load_counts(g->load).added);
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
	f->failed = true;
}

/* ---- what was read before ---- */

static bool add_part(EVP_MD_CTX *digest, int fd, uint64_t at, size_t len)
{
	uint8_t bytes[PRINT_BYTES];
	ssize_t got = pread(fd, bytes, len, (off_t)at);

	return got == (ssize_t)len && EVP_DigestUpdate(digest, bytes, len) == 1;
}

/* What tells the first len bytes of a file from others of that length: their beginning
 * and their end. */
static bool print_of(int fd, uint64_t len, char out[PRINT_ROOM])
{
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	uint8_t hash[EVP_MAX_MD_SIZE];
	size_t part = len < PRINT_BYTES ? (size_t)len : PRINT_BYTES;
	unsigned hash_len = 0;

	bool done =
		digest != NULL && EVP_DigestInit_ex2(digest, EVP_sha256(), NULL) == 1 &&
		add_part(digest, fd, 0, part) && add_part(digest, fd, len - part, part) &&
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
	f->done = (uint64_t)mark.done;
	f->lines = (uint64_t)mark.line;
	f->source = mark.source;
}

/* ---- refused records ---- */

static void keep_refused(struct file *f, const struct hm_refused *r)
{
	struct hm_buf b = hm_buf_of(1 << 22);
	struct hm_json_out o = hm_json_out_of(&b);

	hm_json_open(&o, '{');
	hm_json_member_str(&o, "file", f->path);
	if (r->line != 0)
		hm_json_member_int(&o, "line", (int64_t)(f->lines + r->line));
	hm_json_member_int(&o, "offset", (int64_t)r->offset);
	hm_json_member(&o, "why", r->why);
	hm_json_member(&o, "text", r->text);
	hm_json_close(&o, '}');
	hm_put_u8(&b, '\n');
	if (b.err == HM_OK && f->g->refused_file != NULL)
		fwrite(b.at, 1, b.len, f->g->refused_file);
	hm_buf_done(&b);
}

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
	keep_refused(f, &r);
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

static void take_done(struct file *f, struct job *job, hm_bytes body)
{
	struct hm_ingesting *g = f->g;
	struct hm_ingest_done d;

	job->done = true;
	if (hm_ingest_done_read(body, &d) != HM_OK ||
	    hm_tally_merge(&g->tally, d.tally) != HM_OK) {
		fail_file(f, "the worker's answer is damaged");
		return;
	}
	if (d.why.len != 0)
		fail_file(f, hm_format(g->arena, "%.*s", (int)d.why.len,
				       (const char *)d.why.at));
	f->lines += d.lines;
	f->records += d.records;
	g->bytes += d.bytes;
	g->records += d.records;
	g->refused += d.refused;
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
	case HM_FRAME_BATCH: take_batch(f, body); break;
	case HM_FRAME_REFUSED: take_refused(f, body); break;
	case HM_FRAME_DONE: take_done(f, job, body); break;
	}
}

/* ---- the end of jobs and files ---- */

static void commit(struct hm_ingesting *g)
{
	if (g->stopped)
		return;
	/* refused records are kept before the rows beside them become durable */
	if (g->refused_file != NULL && fflush(g->refused_file) != 0)
		g->status = hm_complain("%s: %s", g->refused_path, strerror(errno));
	if (hm_load_commit(g->load) != HM_OK)
		stop(g);
}

static void close_file(struct file *f)
{
	struct hm_ingesting *g = f->g;

	if (f->refused > MAX_SHOWN) {
		clear_progress(g);
		hm_complain("%s: %" PRIu64 " records skipped in all; see %s", f->path,
			    f->refused, g->refused_path);
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
		fail_file(f, hm_format(g->arena,
				       "bytes %" PRIu64 " to %" PRIu64 " are lost: %s",
				       job->begin, job->end, why));
	else if (!job->done)
		fail_file(f, "the worker did not answer");
	if (!job->probe && !f->failed)
		f->done = job->end;
	if (hm_load_pending(g->load) >= COMMIT_ROWS) {
		put_mark(f);
		commit(g);
	}
	show_progress(g, f);
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
		f->probe.mode == HM_INGEST_LINES && f->probe.codec == HM_CODEC_NONE;
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

void hm_ingest_end(struct hm_ingesting *g)
{
	clear_progress(g);
	commit(g);
	if (!g->stopped && hm_hashes_derive(g->store, &g->hashes) != HM_OK)
		stop(g);
}
