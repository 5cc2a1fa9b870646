/* SPDX-License-Identifier: MIT */
/*
 * Property: every text is bound, printed, explained and looked through, or refused with a
 * code and a place in the text, within the memory of one query; columns of a plan have
 * names, and messages about UTF-8 are UTF-8.
 */
#include "arena.h"
#include "query/bind.h"
#include "query/explain.h"
#include "query/lint.h"
#include "query/sql.h"
#include "query/tables.h"
#include "query/unfinished.h"

/* What the command gives one query. */
enum { ARENA_MIB = 512 };

HM_NORETURN static void spent(void *ctx)
{
	(void)ctx;
	abort();
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
	return table.len % 2 == 0;
}

static void check_diag(const struct hm_diag *d, hm_bytes text)
{
	struct hm_buf out = hm_buf_of(1 << 24);

	if (d->code == NULL || d->message.len == 0 || d->at > text.len)
		abort();
	if (hm_utf8_valid(text) && !hm_utf8_valid(d->message))
		abort();
	hm_diag_put(&out, "seed", text, d);
	hm_buf_done(&out);
}

static void print(const struct hm_query *q, hm_bytes text, struct hm_arena *a)
{
	const struct hm_sql_options options = { .now = HM_TICKS_SECOND,
						.stored = any_table };
	struct hm_buf out = hm_buf_of(1 << 28);
	struct hm_diag diag = { 0 };
	struct hm_sql sql;

	for (size_t i = 0; i < q->top->columns.count; i++)
		if (q->top->columns.at[i].name.len == 0)
			abort();
	hm_explain_put(&out, q);
	hm_buf_done(&out);
	if (!hm_sql_print(q->top, &options, a, &sql, &diag))
		check_diag(&diag, text);
}

static void run(hm_bytes text, enum hm_dialect dialect, struct hm_arena *a)
{
	const struct hm_catalogue c = { .dialect = dialect,
					.tables = hm_tables_of(dialect, a),
					.external = any_external };
	struct hm_diag diag;
	const struct hm_query *q = hm_bind(text, &c, a, &diag);

	if (q == NULL)
		check_diag(&diag, text);
	else
		print(q, text, a);
	const struct hm_findings found = hm_lint(text, &c, a);

	for (size_t i = 0; i < found.count; i++)
		check_diag(&found.at[i], text);
	if (q == NULL && found.count == 0)
		abort();
	hm_is_unfinished(text, a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hm_arena a;

	if (hm_arena_open((size_t)ARENA_MIB << 20, spent, NULL, &a) != HM_OK)
		abort();
	run((hm_bytes){ data, size }, size % 3, &a);
	hm_arena_close(&a);
	return 0;
}
