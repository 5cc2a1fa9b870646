/* SPDX-License-Identifier: MIT */
#include "proc/pool.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"

enum { MAX_WORKERS = 16, JOBS_PER_WORKER = 4, MAX_JOBS = MAX_WORKERS * JOBS_PER_WORKER };

struct waiting {
	void *tag;
	int fd;
	hm_bytes request; /* a copy, owned */
	unsigned worker;
	hm_err sent;
};

struct hm_pool {
	struct hm_pool_spec spec;
	struct hm_box *boxes[MAX_WORKERS];
	unsigned num_boxes, next_box;
	struct waiting jobs[MAX_JOBS]; /* a ring, oldest at first */
	unsigned first, num_jobs;
	struct hm_buf frame;
};

static unsigned count_workers(unsigned wanted)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (wanted == 0)
		wanted = processors > 0 ? (unsigned)processors : 1;
	return wanted < MAX_WORKERS ? wanted : MAX_WORKERS;
}

static void close_all(struct hm_pool *pool)
{
	for (unsigned i = 0; i < pool->num_boxes; i++)
		hm_box_close(pool->boxes[i]);
	hm_buf_done(&pool->frame);
	free(pool);
}

hm_err hm_pool_open(const struct hm_pool_spec *spec, struct hm_pool **out,
		    const char **why)
{
	struct hm_pool *pool = malloc(sizeof(*pool));
	unsigned workers = count_workers(spec->workers);
	hm_err err = HM_OK;

	*why = "there is no memory for the workers";
	if (pool == NULL)
		return HM_EIO;
	*pool = (struct hm_pool){ .spec = *spec, .frame = hm_buf_of(HM_MAX_FRAME_BYTES) };
	while (err == HM_OK && pool->num_boxes < workers) {
		err = hm_box_open(&spec->box, &pool->boxes[pool->num_boxes], why);
		if (err == HM_OK)
			pool->num_boxes++;
	}
	if (err != HM_OK)
		close_all(pool);
	else
		*out = pool;
	return err;
}

int hm_pool_landlock(const struct hm_pool *pool)
{
	return hm_box_landlock(pool->boxes[0]);
}

static struct waiting *job_at(struct hm_pool *pool, unsigned i)
{
	return &pool->jobs[(pool->first + i) % MAX_JOBS];
}

static void send_job(struct hm_pool *pool, struct waiting *job)
{
	job->sent = hm_box_send(pool->boxes[job->worker], job->fd, job->request);
}

/* What waited at a worker that was lost. */
static void send_again(struct hm_pool *pool, unsigned worker)
{
	for (unsigned i = 1; i < pool->num_jobs; i++)
		if (job_at(pool, i)->worker == worker)
			send_job(pool, job_at(pool, i));
}

static void free_request(struct waiting *job)
{
	free((void *)(uintptr_t)job->request.at);
	job->request = (hm_bytes){ 0 };
}

static bool copy_request(struct waiting *job, hm_bytes request)
{
	uint8_t *copy = malloc(request.len + 1);

	if (copy == NULL)
		return false;
	if (request.len != 0)
		memcpy(copy, request.at, request.len);
	job->request.at = copy;
	job->request.len = request.len;
	return true;
}

/* Whether the caller asks for the lost job in another way. */
static bool ask_again(struct hm_pool *pool, struct waiting *job)
{
	const char *why = hm_box_why(pool->boxes[job->worker]);
	bool again;

	if (pool->spec.again == NULL)
		return false;
	hm_buf_clear(&pool->frame);
	again = pool->spec.again(pool->spec.owner, job->tag, why, &pool->frame) &&
		pool->frame.err == HM_OK;
	if (!again)
		return false;
	free_request(job);
	if (!copy_request(job, hm_buf_bytes(&pool->frame)))
		return false;
	send_job(pool, job);
	return true;
}

static hm_err receive_all(struct hm_pool *pool, struct waiting *job)
{
	struct hm_box *box = pool->boxes[job->worker];
	hm_err err = job->sent;
	bool done = false;

	while (err == HM_OK && !done) {
		err = hm_box_receive(box, &pool->frame, &done);
		if (err == HM_OK && !done)
			pool->spec.frame(pool->spec.owner, job->tag,
					 hm_buf_bytes(&pool->frame));
	}
	return err;
}

/* See the oldest job to its end. */
static void answer_first(struct hm_pool *pool)
{
	struct waiting *job = job_at(pool, 0);
	bool again;
	hm_err err;

	do {
		err = receive_all(pool, job);
		bool lost = err != HM_OK && job->sent == HM_OK;
		again = lost && ask_again(pool, job);
		if (lost)
			send_again(pool, job->worker);
	} while (again);
	pool->spec.ended(pool->spec.owner, job->tag, err,
			 hm_box_why(pool->boxes[job->worker]));
	if (job->fd >= 0)
		close(job->fd);
	free_request(job);
	pool->first = (pool->first + 1) % MAX_JOBS;
	pool->num_jobs--;
}

void hm_pool_send(struct hm_pool *pool, void *tag, int fd, hm_bytes request)
{
	if (pool->num_jobs == pool->num_boxes * JOBS_PER_WORKER)
		answer_first(pool);

	struct waiting *job = job_at(pool, pool->num_jobs++);
	*job = (struct waiting){ .tag = tag, .fd = fd, .worker = pool->next_box };
	pool->next_box = (pool->next_box + 1) % pool->num_boxes;
	if (copy_request(job, request))
		send_job(pool, job);
	else
		job->sent = HM_EIO;
}

void hm_pool_drain(struct hm_pool *pool)
{
	while (pool->num_jobs != 0)
		answer_first(pool);
}

void hm_pool_finish(struct hm_pool *pool)
{
	if (pool == NULL)
		return;
	hm_pool_drain(pool);
	close_all(pool);
}
