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

struct hm_store *hm_open_data(struct hm_arena *a, const char *folder, const char *command,
			      unsigned memory_mib)
{
	char *why = hm_new_n(a, char, HM_STORE_WHY);
	struct hm_store *store;
	struct hm_store_spec spec = { .folder = folder_of(a, folder),
				      .command = command,
				      .memory_mib = memory_mib,
				      .waiting = waiting,
				      .repaired = repaired };
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

/* SIGUSR1 wakes the watcher when there is nothing left to watch. */
static void *watch(void *ctx)
{
	struct hm_watch *w = ctx;
	struct timespec end = { .tv_sec = w->timeout_seconds };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGUSR1);
	while (!atomic_load(&w->done)) {
		int got = w->timeout_seconds == 0 || atomic_load(&w->why) != NULL
				  ? sigwaitinfo(&set, NULL)
				  : sigtimedwait(&set, NULL, &end);
		if (atomic_load(&w->done) || got == SIGUSR1)
			continue;
		if (atomic_load(&w->why) != NULL && got == SIGINT)
			_Exit(128 + SIGINT);
		atomic_store(&w->why, got == SIGINT ? "interrupted" : "out of time");
		hm_store_interrupt(w->store);
	}
	return NULL;
}

struct hm_watch *hm_watch_start(struct hm_arena *a, struct hm_store *store,
				unsigned timeout_seconds)
{
	struct hm_watch *w = hm_new(a, struct hm_watch);
	sigset_t set;

	w->store = store;
	w->timeout_seconds = timeout_seconds;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGUSR1);
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
