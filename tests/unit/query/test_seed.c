/* SPDX-License-Identifier: MIT */
/* The seed's query over a store: which pairs of a certificate row and a process become
 * alerts.  argv: the rule, and the seed's own text, which may be missing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "query/cell.h"
#include "query/run.h"

#define NOW "638000000000000000"
#define OLD "637990000000000000" /* more than a day before */
#define CERT                                                                             \
	"INSERT INTO \"DeviceFileCertificateInfo\" (_Load, _Row, \"Timestamp\", "        \
	"\"SHA1\", "                                                                     \
	"\"Signer\", \"SignatureState\", \"IsTrusted\", \"IsRootSignerMicrosoft\") "     \
	"SELECT 1, * FROM (VALUES "
#define PROC                                                                             \
	"INSERT INTO \"DeviceProcessEvents\" (_Load, _Row, \"Timestamp\", \"SHA1\", "    \
	"\"FileName\") SELECT 1, * FROM (VALUES "

struct seed_case {
	const char *what, *cert, *proc;
	size_t alerts;
};

static const struct seed_case cases[] = {
	{ "Invalid alerts", "(1," NOW ",'a1','M','Invalid',false,false)",
	  "(1," NOW ",'a1','x.exe')", 1 },
	{ "Untrusted alerts", "(1," NOW ",'a1','M','Untrusted',false,false)",
	  "(1," NOW ",'a1','x.exe')", 1 },
	{ "Expired alerts, whoever its root is",
	  "(1," NOW ",'a1','M','Expired',true,true)", "(1," NOW ",'a1','x.exe')", 1 },
	{ "Revoked alerts where the root is not known",
	  "(1," NOW ",'a1','M','Revoked',false,NULL)", "(1," NOW ",'a1','x.exe')", 1 },
	{ "Valid does not", "(1," NOW ",'a1','M','Valid',true,false)",
	  "(1," NOW ",'a1','x.exe')", 0 },
	{ "Unsigned does not", "(1," NOW ",'a1','M','Unsigned',false,false)",
	  "(1," NOW ",'a1','x.exe')", 0 },
	{ "without a signer it does not", "(1," NOW ",'a1','','Invalid',false,false)",
	  "(1," NOW ",'a1','x.exe')", 0 },
	{ "an old certificate row does not", "(1," OLD ",'a1','M','Invalid',false,false)",
	  "(1," NOW ",'a1','x.exe')", 0 },
	{ "an old process does not", "(1," NOW ",'a1','M','Invalid',false,false)",
	  "(1," OLD ",'a1','x.exe')", 0 },
	{ "an empty hash joins nothing", "(1," NOW ",'','M','Invalid',false,false)",
	  "(1," NOW ",'','x.exe')", 0 },
	{ "hashes are compared as they are written",
	  "(1," NOW ",'A1','M','Invalid',false,false)", "(1," NOW ",'a1','x.exe')", 0 },
	{ "every pair is an alert",
	  "(1," NOW ",'a1','M','Invalid',false,false),(2," NOW
	  ",'a1','M','Revoked',false,NULL)",
	  "(1," NOW ",'a1','x.exe'),(2," NOW ",'a1','y.exe')", 4 },
};

HM_NORETURN static void full(void *ctx)
{
	(void)ctx;
	abort();
}

static hm_bytes read_file(const char *path, struct hm_arena *a)
{
	FILE *f = fopen(path, "rb");
	static char text[65536];

	if (f == NULL)
		return (hm_bytes){ 0 };
	size_t len = fread(text, 1, sizeof text, f);
	fclose(f);
	return hm_keep(a, (hm_bytes){ (uint8_t *)text, len });
}

static size_t count_alerts(struct hm_session *s, hm_bytes rule)
{
	struct hm_arena a;
	struct hm_result r;
	struct hm_diag diag = { 0 };
	duckdb_data_chunk chunk = NULL;
	size_t count = 0;

	if (hm_arena_open(64 << 20, full, NULL, &a) != HM_OK)
		return SIZE_MAX;
	bool ok = hm_result_bind(s, rule, &a, &r, &diag) &&
		  hm_result_print(s, &a, &r, &diag) && hm_result_start(s, &a, &r, &diag);
	while (ok && (ok = hm_result_next(s, &a, &r, &chunk, &diag)) && chunk != NULL)
		count += duckdb_data_chunk_get_size(chunk);
	if (!ok)
		printf("# %.*s\n", (int)diag.message.len, (const char *)diag.message.at);
	hm_result_close(&r);
	hm_arena_close(&a);
	return ok ? count : SIZE_MAX;
}

static void check_case(struct hm_store *store, struct hm_session *s, hm_bytes rule,
		       const struct seed_case *c)
{
	char sql[1024];

	snprintf(sql, sizeof sql,
		 "DELETE FROM \"DeviceFileCertificateInfo\"; "
		 "DELETE FROM \"DeviceProcessEvents\"");
	bool ok = hm_store_run(store, sql) == HM_OK;
	snprintf(sql, sizeof sql, CERT "%s)", c->cert);
	ok = ok && hm_store_run(store, sql) == HM_OK;
	snprintf(sql, sizeof sql, PROC "%s)", c->proc);
	ok = ok && hm_store_run(store, sql) == HM_OK;
	if (!ok)
		printf("# %s\n", hm_store_why(store));
	check(ok && count_alerts(s, rule) == c->alerts, "%s", c->what);
}

int main(int argc, char **argv)
{
	char home[] = "/tmp/hallmark-seed-XXXXXX", command[64], why[HM_STORE_WHY];
	struct hm_store_spec spec = { .command = "test",
				      .memory_mib = 128,
				      .threads = 1 };
	struct hm_store *store = NULL;
	const char *fault = "";
	struct hm_arena a;

	if (argc < 3 || mkdtemp(home) == NULL ||
	    hm_arena_open(64 << 20, full, NULL, &a) != HM_OK)
		return 1;
	spec.folder = home;
	if (hm_store_open(&spec, &store, why) != HM_OK) {
		printf("Bail out! %s\n", why);
		return 1;
	}
	struct hm_session_spec session = { .store = store,
					   .now = INT64_C(638000000000000001) };
	struct hm_session *s = hm_session_open(&session, &a, &fault);
	hm_bytes rule = read_file(argv[1], &a), seed = read_file(argv[2], &a);

	check(s != NULL && rule.len != 0, "the rule is there");
	for (size_t i = 0; s != NULL && i < sizeof cases / sizeof *cases; i++)
		check_case(store, s, rule, &cases[i]);
	if (seed.len == 0)
		printf("ok %d - the rule is the seed's query # SKIP ../shared is "
		       "absent\n",
		       ++check_count);
	else
		check(hm_same(rule, seed), "the rule is the seed's query, byte for byte");
	hm_store_close(store);
	hm_arena_close(&a);
	snprintf(command, sizeof command, "%s/hallmark.duckdb", home);
	remove(command);
	snprintf(command, sizeof command, "%s/lock", home);
	remove(command);
	rmdir(home);
	return check_done();
}
