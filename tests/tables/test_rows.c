/* SPDX-License-Identifier: MIT */
/*
 * test_rows TABLE FOLDER...: real logs through the readers and the mapping, against
 * how many records of which events are in each folder and how many rows they become.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "telemetry/ingest.h"

enum { MOST_EVENTS = 4096, TEXT = 128 };

struct want {
	char set[TEXT], source[TEXT];
	int64_t id;
	uint64_t records, rows;
	bool seen;
};

struct table {
	struct want *wants;
	size_t num;
	struct hm_ingester *ingester;
	struct hm_arena arena, work;
	struct hm_tally tally;
	uint64_t records, refused, lines;
};

HM_NORETURN static void full(void *ctx)
{
	(void)ctx;
	abort();
}

/* "SET RECORDS ROWS ID SOURCE", of which the source may hold spaces */
static bool read_table(struct table *t, const char *path)
{
	char line[512];
	FILE *file = fopen(path, "r");

	if (file == NULL)
		return false;
	while (fgets(line, sizeof(line), file) != NULL && t->num < MOST_EVENTS) {
		struct want *w = &t->wants[t->num];

		if (line[0] != '#' &&
		    sscanf(line, "%127s %lu %lu %ld %127[^\n]", w->set, &w->records,
			   &w->rows, &w->id, w->source) == 5)
			t->num++;
	}
	fclose(file);
	return true;
}

static void take_frame(void *ctx, hm_bytes frame)
{
	struct table *t = ctx;
	enum hm_ingest_frame kind;
	struct hm_ingest_done done;
	hm_bytes body;

	if (hm_ingest_frame_read(frame, &kind, &body) != HM_OK)
		abort();
	if (kind != HM_FRAME_DONE && kind != HM_FRAME_MARK)
		return;
	if (hm_ingest_done_read(body, &done) != HM_OK ||
	    hm_tally_merge(&t->tally, done.tally) != HM_OK || done.why.len != 0)
		abort();
	t->records += done.records;
	t->refused += done.refused;
}

/* Lines that are not empty: each is a record of the JSON logs. */
static uint64_t count_lines(FILE *file)
{
	uint64_t lines = 0;
	bool empty = true;

	for (int c = getc(file); c != EOF; c = getc(file)) {
		lines += c == '\n' && !empty;
		empty = c == '\n';
	}
	return lines + !empty;
}

static void read_file(struct table *t, const char *path)
{
	const struct hm_ingest_request request = { .mode = HM_INGEST_WHOLE,
						   .table = -1,
						   .end = UINT64_MAX,
						   .file_time = HM_UNIX_0,
						   .name = hm_bytes_of("f") };
	const struct hm_ingest_sink sink = { take_frame, t };
	struct hm_buf bytes = hm_buf_of(4096);
	FILE *file = fopen(path, "r");

	if (file == NULL)
		return;
	if (strstr(path, ".json") != NULL)
		t->lines += count_lines(file);
	hm_ingest_request_write(&request, &bytes);
	hm_arena_reset(&t->work);
	hm_ingest_run(t->ingester, fileno(file), hm_buf_bytes(&bytes), &t->work, &sink);
	hm_buf_done(&bytes);
	fclose(file);
}

static const struct want *find(struct table *t, const char *set, const struct hm_count *c)
{
	for (size_t i = 0; i < t->num; i++) {
		struct want *w = &t->wants[i];

		if (strcmp(w->set, set) != 0 || w->id != c->id ||
		    strcmp(w->source, c->name) != 0)
			continue;
		w->seen = true;
		return w;
	}
	return NULL;
}

static bool compare(struct table *t, const char *set)
{
	bool same = true;

	hm_tally_sort(&t->tally);
	for (size_t i = 0; i < t->tally.num; i++) {
		const struct hm_count *c = &t->tally.counts[i];
		const struct want *w = find(t, set, c);

		if (w != NULL && w->records == c->records && w->rows == c->rows)
			continue;
		same = false;
		printf("# %s %lu %lu %ld %s\n", set, c->records, c->rows, c->id, c->name);
	}
	for (size_t i = 0; i < t->num; i++)
		if (strcmp(t->wants[i].set, set) == 0 && !t->wants[i].seen) {
			same = false;
			printf("# %s: no %ld of %s\n", set, t->wants[i].id,
			       t->wants[i].source);
		}
	return same;
}

static void test_folder(struct table *t, const char *folder)
{
	const char *set =
		strrchr(folder, '/') != NULL ? strrchr(folder, '/') + 1 : folder;
	DIR *dir = opendir(folder);
	char path[4096];

	if (dir == NULL) {
		check(true, "%s # SKIP not here", set);
		return;
	}
	hm_tally_clear(&t->tally);
	t->records = t->refused = t->lines = 0;
	for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
		snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		if (e->d_name[0] != '.')
			read_file(t, path);
	}
	closedir(dir);
	check(compare(t, set), "%s: records and rows by source and id", set);
	if (t->lines != 0)
		check(t->records == t->lines && t->refused == 0,
		      "%s: each of %lu lines is a record, none is refused", set,
		      t->lines);
}

int main(int argc, char **argv)
{
	struct table t = { 0 };

	t.wants = calloc(MOST_EVENTS, sizeof(*t.wants));
	t.ingester = hm_ingester_new();
	if (argc < 3 || t.wants == NULL || t.ingester == NULL ||
	    hm_arena_open(16 << 20, full, NULL, &t.arena) != HM_OK ||
	    hm_arena_open(96 << 20, full, NULL, &t.work) != HM_OK)
		return 2;
	t.tally = hm_tally_of(&t.arena);
	setvbuf(stdout, NULL, _IOLBF, 0);
	check(read_table(&t, argv[1]) && t.num != 0, "the table has rows");
	for (int i = 2; i < argc; i++)
		test_folder(&t, argv[i]);
	hm_ingester_free(t.ingester);
	hm_arena_close(&t.arena);
	hm_arena_close(&t.work);
	free(t.wants);
	return check_done();
}
