/* SPDX-License-Identifier: MIT */
/* Queries written as Parquet, and read back by an engine that knows nothing of us. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "query/parquet.h"

static const struct {
	const char *query;
	const char *file; /* what of it is asked for in SQL; NULL: refused with why */
	const char *answer;
} rows[] = {
	{ "range a from 1 to 3 step 1 | extend b = tostring(a), c = a / 2.0, d = a > 2, "
	  "e = toint(a)",
	  "SELECT string_agg(concat_ws(' ', a, b, c, d, e), ',') FROM",
	  "1 1 0.5 false 1,"
	  "2 2 1.0 false 2,3 3 1.5 true 3" },
	{ "print t = datetime(2026-11-24T08:30:00.1234567Z)", "SELECT t::VARCHAR FROM",
	  "2026-11-24 08:30:00.1234567" },
	{ "print n = long(null), s = '', t = datetime(null), d = dynamic(null), "
	  "p = timespan(null)",
	  "SELECT concat_ws(' ', n IS NULL, s = '', t IS NULL, d IS NULL, p IS NULL) "
	  "FROM",
	  "true true true true true" },
	{ "print d = dynamic({'k': [1, \"x\"]}), p = -1.5d, g = "
	  "guid(74be27de-1e4e-49d9-b579-fe0b331d3642), m = decimal(1.50)",
	  "SELECT concat_ws(' ', d->>'$.k[1]', p, g, typeof(d)) FROM",
	  "x -1.12:00:00 74be27de-1e4e-49d9-b579-fe0b331d3642 JSON" },
	{ "range a from 1 to 5 step 1 | sort by a desc", "SELECT string_agg(a, '') FROM",
	  "54321" },
	{ "print ['a \"b\"'] = 'it''s'", "SELECT \"a \"\"b\"\"\" FROM", "its" },
	{ "DeviceEvents | take 0", "SELECT count(*)::VARCHAR FROM", "0" },
	{ "print a = 1, A = 2", NULL, "differ by case only" },
	{ "print t = datetime(0001-01-01)", NULL, "does not fit Parquet's nanoseconds" },
};

HM_NORETURN static void full(void *ctx)
{
	(void)ctx;
	abort();
}

/* The first cell of what the other engine makes of sql. */
static void ask(const char *sql, char *out, size_t size)
{
	duckdb_database db = NULL;
	duckdb_connection c = NULL;
	duckdb_result r = { 0 };

	out[0] = '\0';
	if (duckdb_open(NULL, &db) != DuckDBSuccess ||
	    duckdb_connect(db, &c) != DuckDBSuccess)
		return;
	if (duckdb_query(c, sql, &r) != DuckDBSuccess) {
		snprintf(out, size, "%s", duckdb_result_error(&r));
	} else {
		duckdb_data_chunk chunk = duckdb_fetch_chunk(r);
		hm_bytes text = hm_chunk_text(chunk, 0, 0);

		snprintf(out, size, "%.*s", (int)text.len, (const char *)text.at);
		duckdb_destroy_data_chunk(&chunk);
	}
	duckdb_destroy_result(&r);
	duckdb_disconnect(&c);
	duckdb_close(&db);
}

static void test_row(struct hm_session *s, size_t i, const char *folder)
{
	struct hm_arena a;
	struct hm_result r;
	struct hm_diag diag = { 0 };
	size_t count;
	char got[256];

	if (hm_arena_open(64 << 20, full, NULL, &a) != HM_OK)
		return;
	const struct hm_parquet_to to = { &a, hm_format(&a, "%s/o'ut.parquet", folder),
					  &count };
	bool written = hm_result_bind(s, hm_bytes_of(rows[i].query), &a, &r, &diag) &&
		       hm_result_print(s, &a, &r, &diag) &&
		       hm_parquet_write(s, &r, &to, &diag);
	hm_result_close(&r);
	snprintf(got, sizeof got, "%.*s", (int)diag.message.len,
		 diag.message.at == NULL ? "" : (const char *)diag.message.at);
	if (written && rows[i].file != NULL)
		ask(hm_format(&a, "%s read_parquet('%s/o''ut.parquet')", rows[i].file,
			      folder),
		    got, sizeof got);
	bool ok = written == (rows[i].file != NULL) &&
		  (written ? strcmp(got, rows[i].answer) == 0
			   : strstr(got, rows[i].answer) != NULL);
	if (!ok)
		printf("# %s\n", got);
	check(ok, "%s", rows[i].query);
	hm_arena_close(&a);
}

static void run(struct hm_store *store, const char *folder)
{
	struct hm_session_spec spec = { .store = store, .now = HM_TICKS_SECOND };
	struct hm_arena a;
	const char *why = "";
	size_t count;

	if (hm_arena_open(64 << 20, full, NULL, &a) != HM_OK)
		return;
	struct hm_session *s = hm_session_open(&spec, &a, &why);
	const char *other = hm_format(&a, "%s/other.parquet", folder);

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		test_row(s, i, folder);
	struct hm_result r;
	struct hm_diag diag = { 0 };
	bool elsewhere =
		hm_result_bind(s, hm_bytes_of("print 1"), &a, &r, &diag) &&
		hm_result_print(s, &a, &r, &diag) &&
		hm_parquet_write(s, &r, &(struct hm_parquet_to){ &a, other, &count },
				 &diag);
	hm_result_close(&r);
	check(!elsewhere && access(other, F_OK) != 0, "no other file can be written");
	hm_arena_close(&a);
}

int main(void)
{
	char folder[] = "/tmp/hallmark-parquet-XXXXXX", name[256], why[HM_STORE_WHY];
	struct hm_store_spec spec = { .command = "test", .folder = folder };
	struct hm_store *store;

	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(name, sizeof name, "%s/o'ut.parquet", folder);
	spec.output = name;
	if (hm_store_open(&spec, &store, why) != HM_OK) {
		printf("Bail out! %s\n", why);
		return 1;
	}
	run(store, folder);
	hm_store_close(store);
	snprintf(name, sizeof name, "rm -r %s", folder);
	return system(name) != 0 || check_done();
}
