/* SPDX-License-Identifier: MIT */
/*
 * bench_seed RULE [PROCESSES CERTIFICATES]: the seed's query, with its window of a day
 * and with one of seven, against the same SQL written by hand, and has against
 * contains(lower, lower), over made-up rows.
 *
 * Without numbers: 2,000,000 process events and 200,000 certificate rows over 7 days, two
 * threads.  Each pair runs alternately, 15 times after a first run that warms up; medians
 * are printed.  Exit status 1 where a bound is passed: 0.5 s at the default size, 1.10
 * times the SQL by hand, 1.5 times contains.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "query/run.h"

enum { RUNS = 15 };

#define NOW INT64_C(638000000000000000)

/* Hashes follow no real distribution; one certificate row in 50 is bad. */
#define MAKE                                                                             \
	"INSERT INTO \"DeviceProcessEvents\" (_Load, _Row, \"Timestamp\", "              \
	"\"DeviceName\", "                                                               \
	"\"SHA1\", \"FileName\", \"FolderPath\", \"ProcessCommandLine\", "               \
	"\"InitiatingProcessFileName\", \"AccountName\") SELECT 1, i, "                  \
	"638000000000000000 - (i * 3023) %% 6048000 * 1000000, 'host' || (i %% 20000), " \
	"sha1((hash(i) %% 300000)::VARCHAR), 'program' || (hash(i) %% 300000) || "       \
	"'.exe', "                                                                       \
	"'C:\\Program Files\\Vendor ' || (i %% 977) || '\\bin', "                        \
	"'program.exe --config C:\\Users\\u' || (i %% 5003) || "                         \
	"'\\AppData\\Local\\x.json "                                                     \
	"--session ' || md5(i::VARCHAR) || CASE WHEN i %% 1009 = 0 THEN ' "              \
	"-EncodedCommand' "                                                              \
	"ELSE '' END, 'explorer.exe', 'user' || (i %% 5003) FROM range(%lld) t(i); "     \
	"INSERT INTO \"DeviceFileCertificateInfo\" (_Load, _Row, \"Timestamp\", "        \
	"\"DeviceName\", \"SHA1\", \"Signer\", \"SignatureState\", \"IsTrusted\", "      \
	"\"IsRootSignerMicrosoft\") SELECT 1, i, 638000000000000000 - (i * 7919) %% "    \
	"6048000 "                                                                       \
	"* 1000000, 'host' || (i %% 20000), sha1((hash(i * 31) %% "                      \
	"300000)::VARCHAR), "                                                            \
	"'Vendor ' || (i %% 977), CASE WHEN i %% 50 = 0 THEN 'Invalid' ELSE 'Valid' "    \
	"END, "                                                                          \
	"i %% 50 <> 0, i %% 3 = 0 FROM range(%lld) t(i);"

#define BY_HAND                                                                          \
	"WITH l AS (SELECT \"Timestamp\", \"DeviceName\", \"SHA1\", \"Signer\", "        \
	"\"SignatureState\", \"IsTrusted\" FROM \"DeviceFileCertificateInfo\" WHERE "    \
	"\"Timestamp\" > %lld AND (coalesce(\"IsRootSignerMicrosoft\" = "                \
	"FALSE, "                                                                        \
	"FALSE) OR \"SignatureState\" <> 'Valid') AND \"Signer\" <> ''), r AS (SELECT "  \
	"\"SHA1\", \"FileName\", \"FolderPath\", \"ProcessCommandLine\", "               \
	"\"InitiatingProcessFileName\", \"AccountName\" FROM \"DeviceProcessEvents\" "   \
	"WHERE "                                                                         \
	"\"Timestamp\" > %lld AND \"SHA1\" <> '') SELECT "                               \
	"l.\"Timestamp\", "                                                              \
	"l.\"DeviceName\", r.\"FileName\", r.\"FolderPath\", l.\"Signer\", "             \
	"l.\"SignatureState\", l.\"IsTrusted\", r.\"ProcessCommandLine\", "              \
	"r.\"InitiatingProcessFileName\", r.\"AccountName\" FROM l JOIN r ON "           \
	"l.\"SHA1\" = "                                                                  \
	"r.\"SHA1\" WHERE l.\"SignatureState\" IN ('Invalid', 'Untrusted', 'Expired', "  \
	"'Revoked') ORDER BY l.\"Timestamp\" DESC NULLS LAST"

#define CONTAINS                                                                         \
	"SELECT count(*) FROM \"DeviceProcessEvents\" WHERE "                            \
	"contains(lower(\"ProcessCommandLine\"), lower('EncodedCommand'))"

HM_NORETURN static void full(void *ctx)
{
	(void)ctx;
	abort();
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static double run_sql(struct hm_store *store, const char *sql, size_t *rows)
{
	double start = seconds();
	struct hm_statement *st = NULL;
	duckdb_data_chunk chunk = NULL;

	*rows = 0;
	if (hm_statement_open(store, sql, &st) != HM_OK ||
	    hm_statement_start(st) != HM_OK)
		printf("# %s\n", hm_store_why(store));
	while (st != NULL && hm_statement_next(st, &chunk) == HM_OK && chunk != NULL)
		*rows += duckdb_data_chunk_get_size(chunk);
	hm_statement_close(st);
	return seconds() - start;
}

/* From the text to the last row: parsing, binding and printing are in it. */
static double run_kql(struct hm_session *s, hm_bytes text, size_t *rows)
{
	double start = seconds();
	struct hm_arena a;
	struct hm_result r;
	struct hm_diag diag = { 0 };
	duckdb_data_chunk chunk = NULL;

	*rows = 0;
	if (hm_arena_open(64 << 20, full, NULL, &a) != HM_OK)
		return 0;
	bool ok = hm_result_bind(s, text, &a, &r, &diag) &&
		  hm_result_print(s, &a, &r, &diag) && hm_result_start(s, &a, &r, &diag);
	while (ok && (ok = hm_result_next(s, &a, &r, &chunk, &diag)) && chunk != NULL)
		*rows += duckdb_data_chunk_get_size(chunk);
	if (!ok)
		printf("# %.*s\n", (int)diag.message.len, (const char *)diag.message.at);
	hm_result_close(&r);
	double end = seconds() - start;
	hm_arena_close(&a);
	return end;
}

static bool compare(struct hm_session *s, struct hm_store *store, const char *name,
		    const char *kql, const char *sql, double most)
{
	double ours[RUNS], hand[RUNS];
	size_t rows, same;

	run_kql(s, hm_bytes_of(kql), &rows);
	run_sql(store, sql, &same);
	for (int i = 0; i < RUNS; i++) {
		ours[i] = run_kql(s, hm_bytes_of(kql), &rows);
		hand[i] = run_sql(store, sql, &same);
	}
	qsort(ours, RUNS, sizeof *ours, by_size);
	qsort(hand, RUNS, sizeof *hand, by_size);
	double ratio = ours[RUNS / 2] / hand[RUNS / 2];
	printf("%s: %.4f s, by hand %.4f s, ratio %.2f (bound %.2f), %zu rows%s\n", name,
	       ours[RUNS / 2], hand[RUNS / 2], ratio, most, rows,
	       rows == same ? "" : ", NOT THE SAME");
	return rows == same && ratio <= most;
}

/* The rule with its windows of 24 hours turned to so many, and the SQL for it. */
static bool compare_seed(struct hm_session *s, struct hm_store *store, const char *rule,
			 int days)
{
	static char kql[70000], sql[8192], name[32];
	const long long since = NOW - days * 864000000000LL;
	size_t len = 0;

	for (const char *at = rule; *at != '\0' && len + 8 < sizeof kql;)
		if (strncmp(at, "24h", 3) == 0) {
			len += (size_t)snprintf(kql + len, 8, "%dd", days);
			at += 3;
		} else {
			kql[len++] = *at++;
		}
	kql[len] = '\0';
	snprintf(sql, sizeof sql, BY_HAND, since, since);
	snprintf(name, sizeof name, "seed, %d day%s", days, days == 1 ? "" : "s");
	return compare(s, store, name, kql, sql, 1.10);
}

static bool run_all(struct hm_store *store, const char *rule, long long processes,
		    long long certificates)
{
	static char sql[8192];
	struct hm_arena a;
	const char *why = "";

	if (hm_arena_open(64 << 20, full, NULL, &a) != HM_OK)
		return false;
	struct hm_session_spec spec = { .store = store, .now = NOW };
	struct hm_session *s = hm_session_open(&spec, &a, &why);
	snprintf(sql, sizeof sql, MAKE, processes, certificates);
	double start = seconds();
	bool ok = s != NULL && hm_store_run(store, sql) == HM_OK &&
		  hm_store_run(store, "CHECKPOINT") == HM_OK;
	printf("made %lld process events and %lld certificate rows in %.1f s\n",
	       processes, certificates, seconds() - start);
	if (!ok)
		printf("# %s %s\n", why, hm_store_why(store));
	ok = ok && compare_seed(s, store, rule, 1);
	ok &= s != NULL && compare_seed(s, store, rule, 7);
	ok &= s != NULL && compare(s, store, "has",
				   "DeviceProcessEvents | where ProcessCommandLine has "
				   "'EncodedCommand' | count",
				   CONTAINS, 1.5);
	hm_arena_close(&a);
	return ok;
}

int main(int argc, char **argv)
{
	char home[] = "/tmp/hallmark-bench-XXXXXX", why[HM_STORE_WHY], command[128];
	static char rule[65536];
	struct hm_store_spec spec = { .command = "bench",
				      .memory_mib = 2048,
				      .threads = 2 };
	struct hm_store *store = NULL;
	FILE *f = argc > 1 ? fopen(argv[1], "rb") : NULL;

	if (f == NULL || fread(rule, 1, sizeof rule - 1, f) == 0 || mkdtemp(home) == NULL)
		return 2;
	fclose(f);
	spec.folder = home;
	if (hm_store_open(&spec, &store, why) != HM_OK) {
		printf("%s\n", why);
		return 2;
	}
	bool ok = run_all(store, rule, argc > 2 ? strtoll(argv[2], NULL, 10) : 2000000,
			  argc > 3 ? strtoll(argv[3], NULL, 10) : 200000);
	hm_store_close(store);
	snprintf(command, sizeof command, "%s/hallmark.duckdb", home);
	remove(command);
	snprintf(command, sizeof command, "%s/lock", home);
	remove(command);
	rmdir(home);
	return !ok;
}
