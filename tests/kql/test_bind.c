/* SPDX-License-Identifier: MIT */
/* bind.tbl: each query, then "= " and the columns or the refusal that it must give. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "query/bind.h"

static void full(void *ctx) HM_NORETURN;
static void full(void *ctx)
{
	(void)ctx;
	printf("Bail out! an arena is full\n");
	exit(1);
}

/* A table with a column of every type. */
static const char all[] = "datatable(a:long,i:int,r:real,m:decimal,s:string,b:bool,"
			  "t:datetime,n:timespan,g:guid,d:dynamic)[]";

static const char *expand(struct hm_arena *a, const char *query)
{
	const char *at = strstr(query, "ALL");

	if (!at)
		return query;
	return hm_format(a, "%.*s%s%s", (int)(at - query), query, all, at + 3);
}

static const char *outcome(struct hm_arena *a, const char *query)
{
	const struct hm_catalogue none = { 0 };
	struct hm_diag diag;
	const struct hm_query *q = hm_bind(hm_bytes_of(query), &none, a, &diag);
	const char *text = "";

	if (!q)
		return hm_format(a, "%s %zu", diag.code, diag.at + 1);
	for (size_t i = 0; i < q->top->columns.count; i++) {
		const struct hm_field *f = &q->top->columns.at[i];

		text = hm_format(a, "%s%s%.*s:%s", text, i > 0 ? ", " : "",
				 (int)f->name.len, (const char *)f->name.at,
				 hm_scalar_name(f->type));
	}
	return text;
}

static void try(struct hm_arena *a, const char *query, const char *want)
{
	const char *got = outcome(a, expand(a, query));
	const bool same = strcmp(got, want) == 0;

	check(same, "%.100s", query);
	if (!same)
		printf("#   got  %s\n#   want %s\n", got, want);
	hm_arena_reset(a);
}

int main(int argc, char **argv)
{
	struct hm_arena a;
	FILE *table = argc > 1 ? fopen(argv[1], "r") : NULL;
	char line[2048], query[2048] = "";

	if (!table || hm_arena_open((size_t)1 << 28, full, NULL, &a) != HM_OK)
		return 2;
	while (fgets(line, sizeof(line), table)) {
		line[strcspn(line, "\n")] = 0;
		if (line[0] == '=')
			try(&a, query, line + 2);
		else if (line[0] != '#' && line[0] != 0)
			memcpy(query, line, sizeof(query));
	}
	fclose(table);
	hm_arena_close(&a);
	return check_done();
}
