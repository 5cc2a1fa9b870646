/* SPDX-License-Identifier: MIT */
/*
 * How many public detections parse, and bind to the result schema that Microsoft's
 * own binder gives them.  Prints each that does not with the reason, the
 * percentages, and how long a query takes.
 *
 *     bind_detections SHARED
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "check.h"
#include "query/bind.h"
#include "query/parse.h"

enum { PARSE_PERCENT = 99, BIND_PERCENT = 97 };

static void full(void *ctx) HM_NORETURN;
static void full(void *ctx)
{
	(void)ctx;
	printf("Bail out! an arena is full\n");
	exit(1);
}

struct tally {
	unsigned all, parsed, with_columns, bound, shown;
	double *times;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static hm_bytes read_file(struct hm_arena *a, const char *folder, const char *name)
{
	FILE *f = fopen(hm_format(a, "%s/kql/%s", folder, name), "rb");
	hm_bytes content = { 0 };
	long size;
	uint8_t *to;

	if (!f)
		return content;
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	rewind(f);
	to = hm_new_n(a, uint8_t, (size_t)size + 1);
	content = (hm_bytes){ to, fread(to, 1, (size_t)size, f) };
	fclose(f);
	return content;
}

/* schemas.json: {"Table": {"Column": "type", ...}, ...} */
static struct hm_source *read_schemas(struct hm_arena *a, hm_bytes text)
{
	struct hm_cur c = hm_cur_of(text);
	const struct hm_json *all = hm_json_read(&c, a);
	struct hm_source *first = NULL, **end = &first;

	for (const struct hm_json *t = all ? all->first : NULL; t; t = t->next) {
		struct hm_source *table = hm_new(a, struct hm_source);

		table->name = hm_json_key(t, a);
		table->columns.at = hm_new_n(a, struct hm_field, t->count + 1);
		for (const struct hm_json *col = t->first; col; col = col->next) {
			struct hm_field *f = &table->columns.at[table->columns.count++];

			f->name = hm_json_key(col, a);
			if (!hm_scalar_named(hm_json_string(col, a), &f->type))
				printf("# type of %.*s\n", (int)f->name.len,
				       (const char *)f->name.at);
		}
		*end = table;
		end = &table->next;
	}
	return first;
}

static bool parses(struct hm_arena *a, hm_bytes text, struct hm_diag *diag)
{
	struct hm_fault *f = hm_new(a, struct hm_fault);

	f->arena = a;
	f->text = text;
	f->diag = diag;
	if (setjmp(f->out))
		return false;
	return hm_parse(f) != NULL;
}

static hm_bytes external(void *ctx, const struct hm_external *what, struct hm_arena *a,
			 const char **why)
{
	(void)ctx;
	(void)a;
	(void)why;
	return what->urls[0];
}

/* "name:type, ..." of the expected columns. */
static const char *wanted(struct hm_arena *a, const struct hm_json *columns)
{
	const char *text = "";

	for (const struct hm_json *c = columns->first; c; c = c->next) {
		const hm_bytes name = hm_json_string(c->first, a),
			       type = hm_json_string(c->first->next, a);

		text = hm_format(a, "%s%.*s:%.*s, ", text, (int)name.len,
				 (const char *)name.at, (int)type.len,
				 (const char *)type.at);
	}
	return text;
}

static const char *given(struct hm_arena *a, const struct hm_fields *f)
{
	const char *text = "";

	for (size_t i = 0; i < f->count; i++)
		text = hm_format(a, "%s%.*s:%s, ", text, (int)f->at[i].name.len,
				 (const char *)f->at[i].name.at,
				 hm_scalar_name(f->at[i].type));
	return text;
}

static void show(struct tally *t, hm_bytes id, const char *what, const char *detail)
{
	t->shown++;
	printf("# %.*s: %s %s\n", (int)id.len, (const char *)id.at, what, detail);
}

static void bind_one(struct tally *t, struct hm_arena *a,
		     const struct hm_catalogue *tables, const struct hm_json *row)
{
	const struct hm_json *columns = hm_json_get(row, "columns");
	const hm_bytes text = hm_json_string(hm_json_get(row, "query"), a),
		       id = hm_json_string(hm_json_get(row, "id"), a);
	struct hm_diag diag = { 0 };
	struct hm_query *q;
	double start;

	t->all++;
	if (!parses(a, text, &diag)) {
		show(t, id, "does not parse:",
		     hm_format(a, "%zu:%zu %s %.*s", diag.line, diag.column, diag.code,
			       (int)diag.message.len, (const char *)diag.message.at));
		return;
	}
	t->parsed++;
	start = now();
	q = hm_bind(text, tables, a, &diag);
	t->times[t->all - 1] = now() - start;
	if (!columns || columns->kind != HM_JSON_ARRAY)
		return;
	t->with_columns++;
	if (!q) {
		show(t, id, "is refused:",
		     hm_format(a, "%zu:%zu %s %.*s", diag.line, diag.column, diag.code,
			       (int)diag.message.len, (const char *)diag.message.at));
		return;
	}
	if (strcmp(wanted(a, columns), given(a, &q->top->columns)) == 0)
		t->bound++;
	else
		show(t, id, "has other columns:",
		     hm_format(a, "%.400s\n#   wanted %.400s", given(a, &q->top->columns),
			       wanted(a, columns)));
}

static int by_size(const void *left, const void *right)
{
	const double a = *(const double *)left, b = *(const double *)right;

	return a < b ? -1 : a > b;
}

static void run(struct tally *t, struct hm_arena *a, hm_bytes lines,
		const struct hm_catalogue *tables)
{
	struct hm_cur c = hm_cur_of(lines);
	struct hm_arena work;

	if (hm_arena_open((size_t)1 << 28, full, NULL, &work) != HM_OK)
		full(NULL);
	t->times = hm_new_n(a, double, 100000);
	while (hm_more(&c) && t->all < 100000) {
		const struct hm_json *row = hm_json_read(&c, &work);

		if (!row)
			break;
		bind_one(t, &work, tables, row);
		hm_arena_reset(&work);
	}
	hm_arena_close(&work);
}

int main(int argc, char **argv)
{
	struct hm_arena a;
	struct tally t = { 0 };
	struct hm_catalogue tables = { .external = external };
	hm_bytes lines;

	if (argc < 2 || hm_arena_open((size_t)1 << 28, full, NULL, &a) != HM_OK)
		return 2;
	lines = read_file(&a, argv[1], "detections.jsonl");
	tables.tables = read_schemas(&a, read_file(&a, argv[1], "schemas.json"));
	if (lines.len == 0 || !tables.tables) {
		printf("1..0 # SKIP %s/kql is not here\n", argv[1]);
		return 0;
	}
	run(&t, &a, lines, &tables);
	qsort(t.times, t.all, sizeof(*t.times), by_size);
	check(t.parsed * 100u >= t.all * PARSE_PERCENT, "%u of %u parse: %.2f %%",
	      t.parsed, t.all, 100.0 * t.parsed / t.all);
	check(t.bound * 100u >= t.with_columns * BIND_PERCENT,
	      "%u of %u bind to the official schema: %.2f %%", t.bound, t.with_columns,
	      100.0 * t.bound / t.with_columns);
	printf("# parse and bind: median %.3f ms, 99th percentile %.3f ms\n",
	       t.times[t.all / 2], t.times[t.all * 99 / 100]);
	hm_arena_close(&a);
	return check_done();
}
