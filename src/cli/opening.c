/* SPDX-License-Identifier: MIT */
#include "cli/opening.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/folder.h"
#include "cli/cli.h"

static void waiting(void *ctx, const char *holder)
{
	(void)ctx;
	fprintf(stderr, "hallmark: waiting for %s\n", holder);
}

static void repaired(void *ctx, const char *what)
{
	(void)ctx;
	hm_complain("%s", what);
}

/* The folder that is meant; complains and gives NULL where none is known. */
static const char *folder_of(struct hm_arena *a, const char *folder)
{
	char *known = hm_new_n(a, char, PATH_MAX);

	if (folder != NULL)
		return folder;
	if (hm_data_folder(known, PATH_MAX))
		return known;
	hm_complain("no data folder: give one by --data, or set HOME");
	return NULL;
}

bool hm_data_is_there(struct hm_arena *a, const char *folder)
{
	const char *path = folder_of(a, folder);

	if (path == NULL)
		return false;
	if (access(path, F_OK) == 0)
		return true;
	hm_complain("%s: %s; \"hallmark scan\" and \"hallmark ingest\" make and fill a "
		    "data folder",
		    path, strerror(errno));
	return false;
}

struct hm_store *hm_open_data(struct hm_arena *a, const struct hm_store_spec *want)
{
	char *why = hm_new_n(a, char, HM_STORE_WHY);
	struct hm_store_spec spec = *want;
	struct hm_store *store;

	spec.folder = folder_of(a, want->folder);
	spec.waiting = waiting;
	spec.repaired = repaired;
	if (spec.folder == NULL)
		return NULL;
	if (hm_store_open(&spec, &store, why) == HM_OK)
		return store;
	hm_complain("%s", why);
	return NULL;
}

struct hm_watch {
	pthread_t thread;
	struct hm_store *store;
	unsigned timeout_seconds;
	bool started;
	atomic_bool done;
	const char *_Atomic why;
	sigset_t before;
};

/* What a watch waits for. */
static sigset_t watched(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGUSR1);
	return set;
}

enum { INTERRUPT_AGAIN_MS = 50 };

static struct timespec after_ms(long ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += ms % 1000 * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000;
	}
	return t;
}

/* How long until then; zero where it has passed. */
static struct timespec until(struct timespec end)
{
	struct timespec now = after_ms(0),
			left = { .tv_sec = end.tv_sec - now.tv_sec,
				 .tv_nsec = end.tv_nsec - now.tv_nsec };

	if (left.tv_nsec < 0) {
		left.tv_sec--;
		left.tv_nsec += 1000000000;
	}
	return left.tv_sec < 0 ? (struct timespec){ 0 } : left;
}

/* Ctrl-C, or the time that has run out.  A signal for the thread (SIGUSR1) or a wait that
 * was broken off tells nothing. */
static const char *wait_for_reason(const struct hm_watch *w, const sigset_t *set,
				   struct timespec end)
{
	struct timespec left = until(end);
	int got = w->timeout_seconds == 0 ? sigwaitinfo(set, NULL)
					  : sigtimedwait(set, NULL, &left);

	if (got == SIGINT)
		return "interrupted";
	return got < 0 && errno == EAGAIN ? "out of time" : NULL;
}

/* SIGUSR1 wakes the watcher when there is nothing left to watch.  The engine forgets an
 * interruption that comes just before a statement starts, so it is repeated. */
static void *watch(void *ctx)
{
	struct hm_watch *w = ctx;
	const struct timespec end = after_ms(1000 * (long)w->timeout_seconds),
			      again = { .tv_nsec = INTERRUPT_AGAIN_MS * 1000000 };
	const sigset_t set = watched();

	while (!atomic_load(&w->done) && atomic_load(&w->why) == NULL)
		atomic_store(&w->why, wait_for_reason(w, &set, end));
	while (!atomic_load(&w->done)) {
		hm_store_interrupt(w->store);
		if (sigtimedwait(&set, NULL, &again) == SIGINT)
			_Exit(128 + SIGINT);
	}
	return NULL;
}

struct hm_watch *hm_watch_start(struct hm_arena *a, struct hm_store *store,
				unsigned timeout_seconds)
{
	struct hm_watch *w = hm_new(a, struct hm_watch);
	const sigset_t set = watched();

	w->store = store;
	w->timeout_seconds = timeout_seconds;
	pthread_sigmask(SIG_BLOCK, &set, &w->before);
	w->started = pthread_create(&w->thread, NULL, watch, w) == 0;
	return w;
}

const char *hm_watch_stop(struct hm_watch *w)
{
	atomic_store(&w->done, true);
	if (w->started) {
		pthread_kill(w->thread, SIGUSR1);
		pthread_join(w->thread, NULL);
	}
	pthread_sigmask(SIG_SETMASK, &w->before, NULL);
	return atomic_load(&w->why);
}
