/* SPDX-License-Identifier: MIT */
/* Answers come in order and exactly once, whatever becomes of the workers. */
#include <unistd.h>

#include "check.h"
#include "proc/pool.h"

enum { NUM_JOBS = 500, BAD_EVERY = 50 };

struct seen {
	unsigned next, good, lost, wrong;
	bool framed;
};

static void work(struct hm_job *job)
{
	if (job->request.at[0] == 'c')
		_exit(3);
	hm_job_emit(job, job->request);
}

static void frame(void *owner, void *tag, hm_bytes got)
{
	struct seen *seen = owner;
	const unsigned *number = tag;

	seen->framed = got.len == 2 && got.at[1] == (uint8_t)*number;
}

static void ended(void *owner, void *tag, hm_err err, const char *why)
{
	struct seen *seen = owner;
	const unsigned *number = tag;
	bool bad = *number % BAD_EVERY == 0;

	(void)why;
	if (*number != seen->next++ || (err == HM_OK) == bad ||
	    (err == HM_OK && !seen->framed))
		seen->wrong++;
	if (err == HM_OK)
		seen->good++;
	else
		seen->lost++;
	seen->framed = false;
}

int main(void)
{
	struct seen seen = { 0 };
	struct hm_pool_spec spec = {
		.box = { .work = work, .arena_bytes = 1 << 20, .cpu_ms = 1000 },
		.workers = 3,
		.frame = frame,
		.ended = ended,
		.owner = &seen
	};
	static unsigned numbers[NUM_JOBS];
	struct hm_pool *pool = NULL;
	const char *why;

	hm_err err = hm_pool_open(&spec, &pool, &why);
	check(err == HM_OK, "a pool opens");
	if (err != HM_OK)
		return check_done();
	for (unsigned i = 0; i < NUM_JOBS; i++) {
		uint8_t request[] = { i % BAD_EVERY == 0 ? 'c' : 'e', (uint8_t)i };

		numbers[i] = i;
		hm_pool_send(pool, &numbers[i], -1, (hm_bytes){ request, 2 });
	}
	hm_pool_finish(pool);
	check(seen.next == NUM_JOBS && seen.wrong == 0,
	      "every job is answered once, in order");
	check(seen.good == 490 && seen.lost == 10, "ten crashes cost ten jobs");
	return check_done();
}
