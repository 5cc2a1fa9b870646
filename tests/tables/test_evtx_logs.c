/* SPDX-License-Identifier: MIT */
/*
 * test_evtx_logs TABLE FOLDER: real event logs against what is to be found in them.
 *
 * The table says of each log how many records it has, how many of them Debian's
 * evtxexport reads, how many its chunks promise and no longer hold, and why we read
 * more; then how often each provider's events occur in all of them.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "telemetry/evtx.h"

enum { MOST_LOGS = 1024, MOST_EVENTS = 4096, TEXT = 256 };

struct log_row {
	char name[TEXT];
	uint64_t records, floor, missing;
	bool has_reason, seen;
};

struct event_row {
	char provider[TEXT];
	int64_t id;
	uint64_t want, got;
};

struct table {
	struct log_row *logs;
	struct event_row *events;
	size_t num_logs, num_events;
	struct hm_evtx *reader;
	struct hm_arena arena;
	uint64_t strangers; /* records of an event that the table does not have */
};

HM_NORETURN static void full(void *ctx)
{
	(void)ctx;
	abort();
}

static void *room_for(size_t count, size_t size)
{
	void *room = calloc(count, size);

	if (room == NULL)
		abort();
	return room;
}

/* "log RECORDS FLOOR MISSING NAME [WHY MORE]" and "event COUNT ID PROVIDER" */
static void read_row(struct table *t, char *line)
{
	struct log_row *log = &t->logs[t->num_logs];
	struct event_row *event = &t->events[t->num_events];
	char why[2] = { 0 };

	if (sscanf(line, "log %lu %lu %lu %255s %1s", &log->records, &log->floor,
		   &log->missing, log->name, why) >= 4) {
		log->has_reason = why[0] != 0;
		t->num_logs += t->num_logs + 1 < MOST_LOGS;
	} else if (sscanf(line, "event %lu %ld %255[^\n]", &event->want, &event->id,
			  event->provider) == 3) {
		t->num_events += t->num_events + 1 < MOST_EVENTS;
	}
}

static bool read_table(struct table *t, const char *path)
{
	char line[1024];
	FILE *file = fopen(path, "r");

	if (file == NULL)
		return false;
	while (fgets(line, sizeof(line), file) != NULL)
		read_row(t, line);
	fclose(file);
	return true;
}

static struct event_row *event_of(struct table *t, const struct hm_record *r)
{
	for (size_t i = 0; i < t->num_events; i++)
		if (t->events[i].id == r->event_id &&
		    hm_is(r->provider, t->events[i].provider))
			return &t->events[i];
	return NULL;
}

static void count_record(void *ctx, struct hm_evtx *e, const struct hm_evtx_record *r)
{
	struct table *t = ctx;
	struct hm_record record;

	hm_arena_reset(&t->arena);
	if (hm_evtx_to_record(e, r, NULL, &t->arena, &record) != HM_OK)
		return;
	struct event_row *event = event_of(t, &record);
	if (event != NULL) {
		event->got++;
		return;
	}
	if (t->strangers++ < 5)
		printf("# no row for %ld of %.*s\n", record.event_id,
		       (int)record.provider.len, (const char *)record.provider.at);
}

static void read_log(struct table *t, const char *path)
{
	static uint8_t chunk[HM_EVTX_CHUNK_BYTES];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t at = 0;
	ssize_t got = fd >= 0 ? pread(fd, chunk, HM_EVTX_HEAD_BYTES, 0) : -1;

	if (got < 0 || hm_evtx_begin(t->reader, (hm_bytes){ chunk, (size_t)got },
				     hm_bytes_of(path), &at) != HM_OK)
		return;
	while ((got = pread(fd, chunk, sizeof(chunk), (off_t)at)) > 0) {
		hm_evtx_chunk(t->reader, (hm_bytes){ chunk, (size_t)got }, at,
			      count_record, t);
		at += (uint64_t)got;
	}
	close(fd);
}

static uint64_t decoded(const struct hm_evtx_stats *s)
{
	uint64_t lost = 0;

	for (size_t i = 0; i < sizeof(s->unread) / sizeof(s->unread[0]); i++)
		lost += s->unread[i];
	return s->records - lost;
}

static void test_log(struct table *t, const char *folder, const char *name)
{
	char path[4096];
	struct log_row *row = NULL;

	for (size_t i = 0; i < t->num_logs; i++)
		if (strcmp(t->logs[i].name, name) == 0)
			row = &t->logs[i];
	if (row == NULL) {
		check(false, "%s has a row", name);
		return;
	}
	row->seen = true;
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	read_log(t, path);
	const struct hm_evtx_stats *s = hm_evtx_stats(t->reader);
	check(decoded(s) == row->records && s->missing == row->missing &&
		      row->records >= row->floor &&
		      (row->records > row->floor) == row->has_reason,
	      "%s: %lu records, %lu missing", name, decoded(s), s->missing);
}

static void test_folder(struct table *t, const char *folder, DIR *dir)
{
	for (const struct dirent *entry; (entry = readdir(dir)) != NULL;)
		if (strstr(entry->d_name, ".evtx") != NULL)
			test_log(t, folder, entry->d_name);
	for (size_t i = 0; i < t->num_logs; i++)
		if (!t->logs[i].seen)
			check(false, "%s is there", t->logs[i].name);
	for (size_t i = 0; i < t->num_events; i++) {
		const struct event_row *e = &t->events[i];

		if (e->got != e->want)
			check(false, "%lu of %s: %lu, not %lu", e->id, e->provider,
			      e->got, e->want);
	}
	check(t->num_events != 0 && t->strangers == 0,
	      "every record is of a known event");
}

int main(int argc, char **argv)
{
	struct table t = { .logs = room_for(MOST_LOGS, sizeof(*t.logs)),
			   .events = room_for(MOST_EVENTS, sizeof(*t.events)) };
	DIR *dir = argc == 3 ? opendir(argv[2]) : NULL;

	if (dir == NULL) {
		puts("1..0 # SKIP the real logs are not here");
		return 0;
	}
	if (!read_table(&t, argv[1]) ||
	    hm_arena_open(64 << 20, full, NULL, &t.arena) != HM_OK ||
	    hm_evtx_open(HM_EVTX_RECORDS, full, NULL, &t.reader) != HM_OK)
		abort();
	test_folder(&t, argv[2], dir);
	closedir(dir);
	hm_evtx_close(t.reader);
	hm_arena_close(&t.arena);
	free(t.logs);
	free(t.events);
	return check_done();
}
