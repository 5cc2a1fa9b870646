/* SPDX-License-Identifier: MIT */
/* Rows are stored once, however often they are read. */
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "store/load.h"
#include "store/seen.h"
#include "store/statement.h"

static char folder[] = "/tmp/hallmark-test-XXXXXX";

struct loading {
	struct hm_load *load;
	hm_err err;
};

static void take(void *ctx, hm_bytes batch)
{
	struct loading *l = ctx;

	if (l->err == HM_OK)
		l->err = hm_load_batch(l->load, batch);
}

/* One letter a row: its FileName; upper case has a number of its own. */
static void put_rows(struct loading *l, const char *rows)
{
	struct hm_batcher *b = hm_batcher_new(take, l);
	struct hm_event e;

	for (; *rows != '\0'; rows++) {
		hm_event_begin(&e, HM_TABLE_PROC);
		hm_event_time(&e, HM_COL_PROC_Timestamp, HM_UNIX_0);
		hm_event_text(&e, HM_COL_PROC_FileName,
			      (hm_bytes){ (const uint8_t *)rows, 1 });
		if (hm_batcher_add(b, &e, *rows >= 'A' && *rows <= 'Z') != HM_OK)
			abort();
	}
	hm_batcher_flush(b);
	hm_batcher_free(b);
}

/* The letters stored, in order. */
static bool stored(struct hm_store *s, const char *want)
{
	struct hm_statement *st = NULL;
	duckdb_data_chunk chunk = NULL;
	bool same = false;

	if (hm_statement_open(s,
			      "SELECT coalesce(string_agg(FileName, '' ORDER BY "
			      "FileName), '') FROM main.DeviceProcessEvents",
			      &st) == HM_OK &&
	    hm_statement_start(st) == HM_OK && hm_statement_next(st, &chunk) == HM_OK &&
	    chunk != NULL) {
		same = hm_is(hm_chunk_text(chunk, 0, 0), want);
		if (!same)
			printf("# %.*s\n", (int)hm_chunk_text(chunk, 0, 0).len,
			       (const char *)hm_chunk_text(chunk, 0, 0).at);
	}
	hm_statement_close(st);
	return same;
}

/* A run of the program: rows of the readings in turn, each "SOURCE:rows"; committed
 * unless the run is cut off. */
static void run(struct hm_store *s, const char *readings, bool commit)
{
	struct loading l = { 0 };
	char text[128], *rest = text;

	snprintf(text, sizeof(text), "%s", readings);
	if (hm_load_open(s, HM_UNIX_0, &l.load) != HM_OK) {
		printf("# %s\n", hm_store_why(s));
		abort();
	}
	for (char *one = strtok_r(rest, " ", &rest); one != NULL;
	     one = strtok_r(rest, " ", &rest)) {
		hm_load_source(l.load, (uint64_t)(one[0] - '0'));
		put_rows(&l, one + 2);
	}
	if (commit && l.err == HM_OK)
		l.err = hm_load_commit(l.load);
	if (l.err != HM_OK)
		printf("# %s\n", hm_store_why(s));
	hm_load_close(l.load);
}

struct load_case {
	const char *name;
	const char *runs[3]; /* a leading "-": cut off before it commits */
	const char *want;
};

/* clang-format off */
static const struct load_case cases[] = {
	{ "rows are stored", { "1:abc" }, "abc" },
	{ "what looks the same in one file and has no number is two", { "1:aab" }, "aab" },
	{ "what has a number is one", { "1:AAB" }, "AB" },
	{ "the same file again", { "1:aab", "2:aab" }, "aab" },
	{ "two copies in one run", { "1:aab 2:aab" }, "aab" },
	{ "another file with one more of them", { "1:aab", "2:aaab" }, "aaab" },
	{ "another file with one less", { "1:aaab", "2:aab" }, "aaab" },
	{ "a run that is cut off leaves nothing", { "-1:abc" }, "" },
	{ "and again", { "-1:aab", "2:aab" }, "aab" },
	{ "a reading that goes on after an interrupted one", { "1:aa", "1:ab" }, "aaab" },
	{ "likewise, the third of them", { "1:aaa", "1:aab" }, "aaaaab" },
	{ "and the whole file once more", { "1:aa", "1:ab", "2:aaab" }, "aaab" },
};
/* clang-format on */

static void check_loads(struct hm_store *s)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (hm_store_run(s, "TRUNCATE DeviceProcessEvents") != HM_OK)
			abort();
		for (int r = 0; r < 3 && cases[i].runs[r] != NULL; r++) {
			const char *readings = cases[i].runs[r];
			bool commit = readings[0] != '-';

			run(s, commit ? readings : readings + 1, commit);
		}
		check(stored(s, cases[i].want), "%s", cases[i].name);
	}
}

static void check_marks(struct hm_store *s)
{
	struct hm_load_mark mark = { .path = hm_bytes_of("/a"),
				     .print = hm_bytes_of("p"),
				     .done = 7,
				     .line = 3,
				     .source = UINT64_MAX };
	struct hm_load_mark got = { .path = hm_bytes_of("/a") };
	char room[8];
	struct hm_load *l;
	bool found = true;

	if (hm_load_open(s, HM_UNIX_0, &l) != HM_OK)
		abort();
	check(hm_load_get_mark(l, &got, room, sizeof(room), &found) == HM_OK && !found,
	      "no mark before one is put");
	bool put = hm_load_put_mark(l, &mark) == HM_OK;
	mark.done = 9;
	put = put && hm_load_put_mark(l, &mark) == HM_OK && hm_load_commit(l) == HM_OK;
	hm_load_close(l);
	if (!put || hm_load_open(s, HM_UNIX_0, &l) != HM_OK)
		abort();
	check(hm_load_get_mark(l, &got, room, sizeof(room), &found) == HM_OK && found &&
		      got.done == 9 && got.line == 3 && got.source == UINT64_MAX &&
		      hm_is(got.print, "p"),
	      "the last mark is kept");
	check(hm_load_batch(l, hm_bytes_of("nonsense")) == HM_EFORMAT,
	      "what is no batch is refused");
	hm_load_close(l);
}

static void check_seen(void)
{
	struct hm_seen s = { 0 };
	uint64_t value = 0;
	int wrong = 0;

	wrong += hm_seen_get(&s, (struct hm_row_id){ 1, 2 }, &value);
	for (uint64_t i = 0; i < 20000; i++)
		hm_seen_put(&s, (struct hm_row_id){ i * 4096, i }, i);
	hm_seen_put(&s, (struct hm_row_id){ 4096, 1 }, 5);
	for (uint64_t i = 0; i < 20000; i++) {
		bool found = hm_seen_get(&s, (struct hm_row_id){ i * 4096, i }, &value);

		wrong += !found || value != (i == 1 ? 5 : i);
		wrong += hm_seen_get(&s, (struct hm_row_id){ i * 4096, i + 1 }, &value);
	}
	hm_seen_clear(&s);
	wrong += hm_seen_get(&s, (struct hm_row_id){ 4096, 1 }, &value);
	check(wrong == 0, "a number for each identity, as it grows");
	hm_seen_done(&s);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	return remove(path);
}

int main(void)
{
	struct hm_store_spec spec = {
		.folder = folder, .command = "test", .memory_mib = 128, .threads = 1
	};
	char why[HM_STORE_WHY];
	struct hm_store *s;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (mkdtemp(folder) == NULL || hm_store_open(&spec, &s, why) != HM_OK)
		abort();
	check_seen();
	check_loads(s);
	check_marks(s);
	hm_store_close(s);
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return check_done();
}
