/* SPDX-License-Identifier: MIT */
#include "cli/judging.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/trusting.h"
#include "cli/walk.h"
#include "proc/pool.h"
#include "verdict/judge.h"
#include "verdict/wire.h"

enum {
	JUDGE_ARENA = 64 << 20, /* memory that judging one file may take */
	/* digests run at 300 MB/s at least, and public keys are counted (HM_MAX_...) */
	JUDGE_CPU_MS = 2000,
	JUDGE_CPU_MS_PER_MIB = 100,
};

/* What the workers are forked with. */
struct bench {
	struct hm_policy policy;
	bool facts;
};

/* One file under way. */
struct job {
	char *path;
	struct hm_buf verdict, facts;
};

struct court {
	const struct hm_judging *judging;
	struct hm_pool *pool;
	struct hm_arena arena; /* for one answer */
	int status;
};

/* ---- in the worker ---- */

static void emit(struct hm_job *job, struct hm_buf *frame)
{
	hm_job_emit(job, hm_buf_bytes(frame));
	hm_buf_done(frame);
}

/* OpenSSL is set up in the worker alone: the caller needs none of it. */
static void prepare(void *ctx)
{
	struct bench *bench = ctx;

	if (hm_crypto_open(&bench->policy.crypto) != HM_OK)
		_exit(1);
}

static void judge_one(struct hm_job *job)
{
	const struct bench *bench = job->ctx;
	struct hm_verdict verdict;
	struct hm_buf frame = hm_buf_of(HM_MAX_FRAME_BYTES);
	hm_bytes file;

	if (hm_job_map(job, &file) != HM_OK)
		verdict = hm_verdict_plain(HM_REASON_NOT_CHECKED, bench->policy.now,
					   job->arena);
	else
		hm_judge(file, &bench->policy, job->arena, &verdict);
	hm_verdict_write(&verdict, &frame);
	emit(job, &frame);
	if (bench->facts && verdict.reason != HM_REASON_NOT_CHECKED) {
		struct hm_facts facts =
			hm_facts_of(file, bench->policy.crypto, job->arena);

		hm_facts_write(&facts, &frame);
		emit(job, &frame);
	}
}

/* ---- outside ---- */

static void take_frame(void *owner, void *tag, hm_bytes frame)
{
	struct job *job = tag;

	(void)owner;
	hm_put(job->verdict.len == 0 ? &job->verdict : &job->facts, frame);
}

static bool is_bad(enum hm_state state)
{
	return state == HM_STATE_INVALID || state == HM_STATE_UNTRUSTED ||
	       state == HM_STATE_EXPIRED || state == HM_STATE_REVOKED;
}

static void report(struct court *court, const struct job *job)
{
	struct hm_verdict verdict;
	struct hm_facts facts = { 0 };
	struct hm_judged_file judged = { .path = job->path, .verdict = &verdict };

	hm_err err =
		hm_verdict_read(hm_buf_bytes(&job->verdict), &court->arena, &verdict);
	if (err == HM_OK && job->facts.len != 0 &&
	    hm_facts_read(hm_buf_bytes(&job->facts), &court->arena, &facts) == HM_OK)
		judged.facts = &facts;
	if (err != HM_OK)
		verdict = hm_verdict_plain(HM_REASON_CHECK_FAILED, court->judging->now,
					   &court->arena);
	if (verdict.state == HM_STATE_UNKNOWN &&
	    verdict.reason != HM_REASON_REVOCATION_UNKNOWN)
		court->status = HM_EXIT_FAILED;
	if (is_bad(verdict.state))
		court->status = hm_exit_worse(court->status, HM_EXIT_FOUND);
	court->judging->judged(court->judging->ctx, &judged);
}

static void end_job(void *owner, void *tag, hm_err err, const char *why)
{
	struct court *court = owner;
	struct job *job = tag;

	if (err != HM_OK) {
		court->status = hm_complain("%s: %s", job->path, why);
		hm_buf_clear(&job->verdict);
	}
	report(court, job);
	hm_arena_reset(&court->arena);
	hm_buf_done(&job->verdict);
	hm_buf_done(&job->facts);
	free(job->path);
	free(job);
}

static bool send_file(void *ctx, const char *path, int fd)
{
	struct court *court = ctx;
	struct job *job = calloc(1, sizeof(*job));

	if (job == NULL || (job->path = strdup(path)) == NULL) {
		free(job);
		close(fd);
		court->status = hm_complain("%s: out of memory", path);
		return false;
	}
	job->verdict = hm_buf_of(HM_MAX_FRAME_BYTES);
	job->facts = hm_buf_of(HM_MAX_FRAME_BYTES);
	hm_pool_send(court->pool, job, fd, (hm_bytes){ 0 });
	return true;
}

/* One worker is enough for one file; folders hold who knows how many. */
static unsigned workers_for(const struct hm_judging *judging, const struct hm_list *paths)
{
	return judging->folders || paths->count > 1 ? 0 : 1;
}

static hm_err open_pool(struct court *court, struct bench *bench, unsigned workers,
			const char **why)
{
	const struct hm_pool_spec spec = {
		.box = { .work = judge_one,
			 .prepare = prepare,
			 .ctx = bench,
			 .arena_bytes = JUDGE_ARENA,
			 .cpu_ms = JUDGE_CPU_MS,
			 .cpu_ms_per_mib = JUDGE_CPU_MS_PER_MIB },
		.workers = workers,
		.frame = take_frame,
		.ended = end_job,
		.owner = court,
	};

	return hm_pool_open(&spec, &court->pool, why);
}

/* Said once a run: the confinement is weaker than it could be. */
static void say_landlock(const struct court *court)
{
	if (hm_pool_landlock(court->pool) == 0)
		fprintf(stderr, "hallmark: this kernel has no Landlock; seccomp alone "
				"confines the "
				"workers\n");
}

static void judge_all(struct court *court, const struct hm_list *paths)
{
	const struct hm_judging *judging = court->judging;
	const struct hm_walk walk = { .folders = judging->folders,
				      .file = send_file,
				      .ctx = court };
	int walked = HM_EXIT_FAILED;

	say_landlock(court);
	if (judging->ready == NULL || judging->ready(judging->ctx))
		walked = hm_walk(&walk, paths);
	hm_pool_finish(court->pool);
	court->status = hm_exit_worse(court->status, walked);
}

int hm_judge_files(const struct hm_judging *judging, const struct hm_list *paths)
{
	struct court court = { .judging = judging, .status = HM_EXIT_OK };
	struct bench bench = { .facts = judging->facts };
	struct hm_trusting trusting;
	const char *why;

	if (!hm_trusting_open(judging, &trusting))
		return HM_EXIT_FAILED;
	bench.policy = hm_trusting_policy(&trusting, judging);
	court.arena = hm_cli_arena();
	if (open_pool(&court, &bench, workers_for(judging, paths), &why) != HM_OK)
		court.status = hm_complain("%s", why);
	else
		judge_all(&court, paths);
	hm_arena_close(&court.arena);
	hm_trusting_close(&trusting);
	return court.status;
}
