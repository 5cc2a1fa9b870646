/* SPDX-License-Identifier: MIT */
#include "cli/planning.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "proc/box.h"

enum { PLAN_ARENA = 256 << 20, PLAN_CPU_MS = 20000 };

/* What a job is about: the first octet of its request. */
enum {
	MERGE = 'm',
	IMPORT = 'i',
	DISTRUST = 'd',
	REMOVE = 'r',
	MISSING = '?',
	WRITE = 'w'
};

enum { NUM_COUNTS = sizeof(struct hm_plan_count) / sizeof(size_t) };

struct worker {
	struct hm_crypto *crypto;
	struct hm_arena arena; /* outlives the jobs */
	struct hm_plan *plan;
};

struct hm_planning {
	struct worker worker;
	struct hm_box *box;
	struct hm_buf frame; /* the last answer */
};

/* ---- in the worker ---- */

HM_NORETURN static void arena_full(void *ctx)
{
	(void)ctx;
	_exit(1);
}

static void prepare(void *ctx)
{
	struct worker *w = ctx;

	if (hm_arena_open(PLAN_ARENA, arena_full, NULL, &w->arena) != HM_OK ||
	    hm_crypto_open(&w->crypto) != HM_OK)
		_exit(1);
	w->plan = hm_plan_new(w->crypto, &w->arena);
}

/* Error, counts, sentence. */
static void answer(struct hm_job *job, hm_err err, const struct hm_plan_count *count,
		   const char *why)
{
	const size_t counts[NUM_COUNTS] = { count->lists,      count->roots,
					    count->others,     count->crls,
					    count->distrusted, count->removed,
					    count->skipped };
	struct hm_buf b = hm_buf_of(HM_MAX_FRAME_BYTES);

	hm_put_u8(&b, (uint8_t)err);
	for (int i = 0; i < NUM_COUNTS; i++)
		hm_put_u64le(&b, counts[i]);
	hm_put_str(&b, err != HM_OK && why != NULL ? why : "");
	hm_job_emit(job, hm_buf_bytes(&b));
	hm_buf_done(&b);
}

static void import(struct worker *w, struct hm_job *job, uint8_t as)
{
	struct hm_plan_count count = { 0 };
	const char *why = "it could not be read";
	hm_bytes file;
	hm_err err = hm_job_map(job, &file);

	if (err == HM_OK)
		err = hm_plan_import(w->plan, hm_keep(&w->arena, file),
				     (enum hm_import)as, &count, &why);
	answer(job, err, &count, why);
}

static void merge(struct worker *w, struct hm_job *job)
{
	const struct hm_plan_count none = { 0 };
	struct hm_trust old;
	hm_bytes file;
	hm_err err = hm_job_map(job, &file);

	if (err == HM_OK)
		err = hm_trust_open(hm_keep(&w->arena, file), &old);
	if (err == HM_OK)
		hm_plan_merge(w->plan, &old);
	answer(job, err, &none, "is no trust store of this version");
}

static void missing(struct worker *w, struct hm_job *job)
{
	struct hm_buf rows = hm_buf_of(HM_MAX_FRAME_BYTES);
	hm_bytes sha1, sha256;
	size_t walk = 0;

	while (hm_plan_missing(w->plan, &walk, &sha1, &sha256)) {
		if (sha1.len != HM_SHA1_LEN || sha256.len != HM_SHA256_LEN)
			continue;
		hm_put(&rows, sha1);
		hm_put(&rows, sha256);
	}
	hm_job_emit(job, hm_buf_bytes(&rows));
	hm_buf_done(&rows);
}

static void write_store(struct worker *w, struct hm_job *job)
{
	struct hm_buf store = hm_buf_of(HM_MAX_FRAME_BYTES);

	if (hm_plan_write(w->plan, &store) == HM_OK)
		hm_job_emit(job, hm_buf_bytes(&store));
	hm_buf_done(&store);
}

static void work(struct hm_job *job)
{
	const struct hm_plan_count none = { 0 };
	struct worker *w = job->ctx;
	struct hm_cur c = hm_cur_of(job->request);
	uint8_t what = hm_u8(&c, "what");

	if (what == MERGE)
		merge(w, job);
	else if (what == IMPORT)
		import(w, job, hm_u8(&c, "as"));
	else if (what == MISSING)
		missing(w, job);
	else if (what == WRITE)
		write_store(w, job);
	else if (what == DISTRUST) {
		hm_plan_distrust(w->plan, hm_rest(&c));
		answer(job, HM_OK, &none, NULL);
	} else if (what == REMOVE) {
		const struct hm_plan_count count = { .removed = hm_plan_remove(
							     w->plan, hm_rest(&c)) };

		answer(job, HM_OK, &count, NULL);
	}
}

/* ---- outside ---- */

hm_err hm_planning_open(struct hm_planning **out, const char **why)
{
	struct hm_planning *p = calloc(1, sizeof(*p));

	*why = "out of memory";
	if (p == NULL)
		return HM_EIO;
	p->frame = hm_buf_of(HM_MAX_FRAME_BYTES);
	const struct hm_box_spec spec = { .work = work,
					  .prepare = prepare,
					  .ctx = &p->worker,
					  .arena_bytes = PLAN_ARENA,
					  .cpu_ms = PLAN_CPU_MS };
	hm_err err = hm_box_open(&spec, &p->box, why);

	if (err == HM_OK)
		*out = p;
	else
		hm_planning_close(p);
	return err;
}

void hm_planning_close(struct hm_planning *p)
{
	if (p == NULL)
		return;
	if (p->box != NULL)
		hm_box_close(p->box);
	hm_buf_done(&p->frame);
	free(p);
}

/* One job; its one frame, empty where it had nothing to say, is left in p->frame. */
static hm_err ask(struct hm_planning *p, int fd, hm_bytes request, const char **why)
{
	struct hm_buf ignored = hm_buf_of(HM_MAX_FRAME_BYTES);
	bool done = false;
	hm_err err = hm_box_send(p->box, fd, request);

	if (err == HM_OK)
		err = hm_box_receive(p->box, &p->frame, &done);
	while (err == HM_OK && !done)
		err = hm_box_receive(p->box, &ignored, &done);
	hm_buf_done(&ignored);
	if (err != HM_OK)
		*why = hm_box_why(p->box);
	return err;
}

/* Takes an answer apart; what is no answer is HM_EIO. */
static hm_err read_answer(struct hm_planning *p, struct hm_plan_count *count,
			  const char **why)
{
	struct hm_cur c = hm_cur_of(hm_buf_bytes(&p->frame));
	size_t *const counts[NUM_COUNTS] = { &count->lists,      &count->roots,
					     &count->others,     &count->crls,
					     &count->distrusted, &count->removed,
					     &count->skipped };
	uint8_t err = hm_u8(&c, "error");

	for (int i = 0; i < NUM_COUNTS; i++)
		*counts[i] += (size_t)hm_u64le(&c, "count");
	if (c.err != HM_OK || err > HM_EIO) {
		*why = "the worker's answer is not whole";
		return HM_EIO;
	}
	/* The sentence ends where the frame does. */
	hm_put_u8(&p->frame, 0);
	*why = (const char *)p->frame.at + hm_tell(&c);
	return (hm_err)err;
}

static hm_err ask_counts(struct hm_planning *p, int fd, hm_bytes request,
			 struct hm_plan_count *count, const char **why)
{
	hm_err err = ask(p, fd, request, why);

	return err == HM_OK ? read_answer(p, count, why) : err;
}

hm_err hm_planning_merge(struct hm_planning *p, int fd, const char **why)
{
	const uint8_t request[] = { MERGE };
	struct hm_plan_count ignored = { 0 };

	return ask_counts(p, fd, (hm_bytes){ request, sizeof(request) }, &ignored, why);
}

hm_err hm_planning_import(struct hm_planning *p, int fd, enum hm_import as,
			  struct hm_plan_count *count, const char **why)
{
	const uint8_t request[] = { IMPORT, (uint8_t)as };

	return ask_counts(p, fd, (hm_bytes){ request, sizeof(request) }, count, why);
}

static hm_err ask_of_id(struct hm_planning *p, uint8_t what, hm_bytes id,
			struct hm_plan_count *count, const char **why)
{
	struct hm_buf request = hm_buf_of(1 + HM_DISTRUST_LEN);

	hm_put_u8(&request, what);
	hm_put(&request, id);
	hm_err err = ask_counts(p, -1, hm_buf_bytes(&request), count, why);

	hm_buf_done(&request);
	return err;
}

hm_err hm_planning_distrust(struct hm_planning *p, hm_bytes id, const char **why)
{
	struct hm_plan_count ignored = { 0 };

	return ask_of_id(p, DISTRUST, id, &ignored, why);
}

hm_err hm_planning_remove(struct hm_planning *p, hm_bytes id, struct hm_plan_count *count,
			  const char **why)
{
	return ask_of_id(p, REMOVE, id, count, why);
}

hm_err hm_planning_missing(struct hm_planning *p, hm_bytes *rows, const char **why)
{
	const uint8_t request[] = { MISSING };
	hm_err err = ask(p, -1, (hm_bytes){ request, sizeof(request) }, why);

	*rows = hm_buf_bytes(&p->frame);
	return err;
}

hm_err hm_planning_write(struct hm_planning *p, struct hm_buf *out, const char **why)
{
	const uint8_t request[] = { WRITE };
	hm_err err = ask(p, -1, (hm_bytes){ request, sizeof(request) }, why);

	if (err != HM_OK)
		return err;
	if (p->frame.len == 0) {
		*why = "the store is too large";
		return HM_ELIMIT;
	}
	*out = p->frame;
	p->frame = hm_buf_of(HM_MAX_FRAME_BYTES);
	return HM_OK;
}
