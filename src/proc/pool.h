/* SPDX-License-Identifier: MIT */
/*
 * pool.h: several boxes at work, their answers in the order of the jobs.
 *
 * Jobs are dealt out in turn and a few wait at each worker, so that none is idle
 * while the caller is busy.  A worker that is lost costs the job it was at, unless
 * the caller has another way to ask for it; what waited behind it is sent again.
 */
#ifndef HM_PROC_POOL_H
#define HM_PROC_POOL_H

#include "proc/box.h"

struct hm_pool_spec {
	struct hm_box_spec box;
	unsigned workers; /* 0: one a processor, at most 16 */
	/* One frame of the job that tag names. */
	void (*frame)(void *owner, void *tag, hm_bytes frame);
	/* The job has ended; err and why are hm_box_receive's. */
	void (*ended)(void *owner, void *tag, hm_err err, const char *why);
	/* The job's worker was lost: false, or fill request and have the job sent again
	 * in its place.  May be NULL. */
	bool (*again)(void *owner, void *tag, const char *why, struct hm_buf *request);
	void *owner;
};

struct hm_pool;

/* As hm_box_open. */
hm_err hm_pool_open(const struct hm_pool_spec *spec, struct hm_pool **out,
		    const char **why);

/* Send a job; may call frame and ended for earlier ones.  fd becomes the pool's and
 * request is copied.  A job that no worker can be had for ends with HM_EIO. */
void hm_pool_send(struct hm_pool *pool, void *tag, int fd, hm_bytes request);

/* Wait for all that was sent. */
void hm_pool_drain(struct hm_pool *pool);

/* Wait for all that was sent, then close.  Takes NULL. */
void hm_pool_finish(struct hm_pool *pool);

/* The Landlock ABI of the workers; 0 where the kernel has none. */
int hm_pool_landlock(const struct hm_pool *pool);

#endif
