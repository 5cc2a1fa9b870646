/* SPDX-License-Identifier: MIT */
/*
 * bench_kql SHARED: how long a query takes before the engine sees it.
 *
 * Every public detection of SHARED/kql/detections.jsonl is parsed, bound and printed as
 * SQL, over the tables of SHARED/kql/schemas.json; the best of three times is its own.
 * Exit status 1 where a bound is passed: a median of 0.2 ms, a 99th percentile of 5 ms.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/json.h"
#include "query/bind.h"
#include "query/sql.h"
#include "query/tables.h"

enum { MOST_QUERIES = 100000, TIMES = 3 };

HM_NORETURN static void full(void *ctx)
{
	(void)ctx;
	abort();
}

static double milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static hm_bytes read_file(struct hm_arena *a, const char *folder, const char *name)
{
	FILE *f = fopen(hm_format(a, "%s/kql/%s", folder, name), "rb");
	hm_bytes content = { 0 };

	if (f == NULL || fseek(f, 0, SEEK_END) != 0)
		return content;
	size_t size = (size_t)ftell(f);
	uint8_t *to = hm_new_n(a, uint8_t, size + 1);
	rewind(f);
	content = (hm_bytes){ to, fread(to, 1, size, f) };
	fclose(f);
	return content;
}

static hm_bytes any_external(void *ctx, const struct hm_external *what,
			     struct hm_arena *a, const char **why)
{
	(void)ctx;
	(void)a;
	(void)why;
	return what->urls[0];
}

static bool any_table(void *ctx, hm_bytes table)
{
	(void)ctx;
	(void)table;
	return true;
}

/* The best time of one query; *printed says whether it came as far as SQL. */
static double time_one(hm_bytes text, const struct hm_catalogue *c, bool *printed)
{
	const struct hm_sql_options options = { .now = HM_TICKS_SECOND,
						.stored = any_table };
	double best = 1e9;

	for (int i = 0; i < TIMES; i++) {
		struct hm_arena a;
		struct hm_diag diag;
		struct hm_sql sql;

		if (hm_arena_open((size_t)1 << 28, full, NULL, &a) != HM_OK)
			full(NULL);
		double start = milliseconds();
		const struct hm_query *q = hm_bind(text, c, &a, &diag);
		*printed = q != NULL && hm_sql_print(q->top, &options, &a, &sql, &diag);
		double took = milliseconds() - start;
		best = took < best ? took : best;
		hm_arena_close(&a);
	}
	return best;
}

static int by_size(const void *left, const void *right)
{
	const double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

static bool run(struct hm_arena *a, hm_bytes lines, const struct hm_catalogue *c)
{
	double *times = hm_new_n(a, double, MOST_QUERIES);
	size_t count = 0, whole = 0;
	struct hm_cur cur = hm_cur_of(lines);

	while (hm_more(&cur) && count < MOST_QUERIES) {
		const struct hm_json *row = hm_json_read(&cur, a);
		bool printed;

		if (row == NULL)
			break;
		times[count++] = time_one(hm_json_string(hm_json_get(row, "query"), a), c,
					  &printed);
		whole += printed;
	}
	if (count == 0)
		return false;
	qsort(times, count, sizeof *times, by_size);
	double median = times[count / 2], high = times[count * 99 / 100];
	printf("parse, bind and print: median %.3f ms (bound 0.2), 99th percentile %.3f "
	       "ms (bound 5), %zu queries, %zu of them to SQL\n",
	       median, high, count, whole);
	return median < 0.2 && high < 5;
}

int main(int argc, char **argv)
{
	struct hm_arena a;
	const char *why;

	if (argc < 2 || hm_arena_open((size_t)1 << 30, full, NULL, &a) != HM_OK)
		return 2;
	const hm_bytes lines = read_file(&a, argv[1], "detections.jsonl");
	struct hm_catalogue c = {
		.tables = hm_tables_read(read_file(&a, argv[1], "schemas.json"),
					 hm_tables_of(HM_DIALECT_HALLMARK, &a), &a, &why),
		.external = any_external
	};
	if (lines.len == 0 || c.tables == NULL) {
		printf("%s/kql is not here: nothing was measured\n", argv[1]);
		return 0;
	}
	bool ok = run(&a, lines, &c);
	hm_arena_close(&a);
	return !ok;
}
