/* SPDX-License-Identifier: MIT */
/*
 * box.h: work on hostile bytes in a process that can do nothing else.
 *
 * A box is one forked worker that serves jobs in the order they are sent.  It
 * has no file system and no network: seccomp denies every open and every socket
 * call and is required; Landlock is added where the kernel has it.  What it may
 * read is the descriptor and the bytes that come with a job; what it may say is
 * frames of bytes, which the caller reads as distrustfully as any input.
 *
 * A worker that crashes, spends its memory or its time costs the job it was at:
 * hm_box_receive says so, and the next hm_box_send starts a new worker.  Jobs
 * that were sent and not yet answered then are lost and are to be sent again.
 *
 * Open boxes before starting threads: a worker is made by fork.
 */
#ifndef HM_PROC_BOX_H
#define HM_PROC_BOX_H

#include "base/arena.h"
#include "base/buf.h"

/* One job, seen from inside.  All of it lasts until work returns. */
struct hm_job {
	int fd;                 /* the file to read, or -1; closed for you */
	hm_bytes request;       /* what the caller sent along */
	struct hm_arena *arena; /* reset after the job */
	void *ctx;
	int reply; /* the box's own: use hm_job_emit */
};

struct hm_box_spec {
	void (*work)(struct hm_job *job);
	void (*prepare)(void *ctx); /* once, before the lock goes on; may be NULL */
	void *ctx;
	size_t arena_bytes;      /* memory that one job may take */
	unsigned cpu_ms;         /* processor time that one job may take, */
	unsigned cpu_ms_per_mib; /* and so much more for each MiB of its file */
};

enum { HM_BOX_JOBS = 16 };

struct hm_box;

/*
 * Start a worker.  HM_EUNSUP where the system cannot confine it, HM_EIO where
 * it cannot be started; *why is then a static sentence.  Close it with
 * hm_box_close, which takes NULL.
 */
hm_err hm_box_open(const struct hm_box_spec *spec, struct hm_box **out, const char **why);
void hm_box_close(struct hm_box *box);

/* The Landlock ABI in force in the worker; 0 where the kernel has none. */
int hm_box_landlock(const struct hm_box *box);

/*
 * Give the worker a job: fd (-1 for none; stays the caller's) and request.
 * Up to HM_BOX_JOBS small jobs may be under way at once; one more is HM_ELIMIT.
 * Other errors as hm_box_open's.
 */
hm_err hm_box_send(struct hm_box *box, int fd, hm_bytes request);

/*
 * The next frame of the oldest unanswered job, in place of what frame held;
 * *done is set, and frame empty, when the job has ended.  When the worker is
 * lost: HM_ELIMIT where it spent its memory or its time, HM_EIO where it
 * crashed; hm_box_why tells in a static sentence.
 */
hm_err hm_box_receive(struct hm_box *box, struct hm_buf *frame, bool *done);
const char *hm_box_why(const struct hm_box *box);

/* From inside a job: one frame for the caller.  Ends the worker if it is gone. */
void hm_job_emit(struct hm_job *job, hm_bytes frame);

/*
 * From inside a job: the file as bytes, mapped read-only and unmapped when the
 * job ends.  A file cut short while it is mapped kills the worker, not the
 * program.  HM_EIO where it cannot be mapped.
 */
hm_err hm_job_map(struct hm_job *job, hm_bytes *out);

#endif
