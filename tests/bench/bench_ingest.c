/* SPDX-License-Identifier: MIT */
/*
 * bench_ingest.c: how fast JSON lines become rows, against the engine alone.
 *
 *     bench_ingest make ROWS FILE      write Defender process events as JSON lines
 *     bench_ingest appender FILE DB    rows/s at which DuckDB's appender takes the rows
 *                                      of FILE, already parsed, into a new DB
 *
 * The second is the bound that tools/bench-ingest holds "hallmark ingest" to, in the
 * same run: rows are parsed and put into chunks before the clock starts, and it stops
 * when they are durable.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/ddl.h"
#include "store/load_rows.h"
#include "store/store.h"
#include "telemetry/ingest.h"

/* ---- made input ---- */

static uint64_t next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void put_hash(FILE *f, const char *name, uint64_t seed, int digits)
{
	fprintf(f, ",\"%s\":\"", name);
	for (int i = 0; i < digits; i += 8)
		fprintf(f, "%08x", (unsigned)next(&seed));
	fputc('"', f);
}

static void put_event(FILE *f, uint64_t n, uint64_t *random)
{
	unsigned file = (unsigned)(next(random) % 300000),
		 device = (unsigned)(next(random) % 20000);
	unsigned pid = (unsigned)(next(random) % 60000), second = (unsigned)(n % 86400);

	fprintf(f,
		"{\"Timestamp\":\"2026-11-%02uT%02u:%02u:%02u.%07uZ\",\"DeviceId\":\"%"
		"040u\","
		"\"DeviceName\":\"host-%u.corp.example\",\"ActionType\":"
		"\"ProcessCreated\","
		"\"FileName\":\"program%u.exe\",\"FolderPath\":\"C:\\\\Program "
		"Files\\\\Vendor "
		"%u\\\\program%u.exe\"",
		(unsigned)(n / 86400 % 28 + 1), second / 3600, second / 60 % 60,
		second % 60, (unsigned)(next(random) % 10000000), device, device, file,
		file % 997, file);
	put_hash(f, "SHA1", file + 1, 40);
	put_hash(f, "SHA256", file + 7, 64);
	put_hash(f, "MD5", file + 9, 32);
	fprintf(f,
		",\"FileSize\":%u,\"ProcessVersionInfoCompanyName\":\"Vendor %u\","
		"\"ProcessId\":%u,\"ProcessCommandLine\":\"\\\"C:\\\\Program "
		"Files\\\\Vendor "
		"%u\\\\program%u.exe\\\" --session %u --config "
		"C:\\\\ProgramData\\\\c%u.json\","
		"\"ProcessIntegrityLevel\":\"Medium\",\"AccountDomain\":\"corp\","
		"\"AccountName\":"
		"\"user%u\",\"AccountSid\":\"S-1-5-21-1004336348-1177238915-682003330-%"
		"u\","
		"\"LogonId\":%u,\"InitiatingProcessFileName\":\"explorer.exe\","
		"\"InitiatingProcessFolderPath\":\"c:\\\\windows\\\\explorer.exe\","
		"\"InitiatingProcessId\":%u,\"InitiatingProcessCommandLine\":\"explorer."
		"exe\","
		"\"InitiatingProcessSignatureStatus\":\"Valid\","
		"\"InitiatingProcessSignerType\":"
		"\"OsVendor\",\"ReportId\":%llu}\n",
		file * 13, file % 997, pid, file % 997, file, pid, pid % 31, pid % 5000,
		pid % 5000, (unsigned)(next(random) % 1000000),
		(unsigned)(next(random) % 60000), (unsigned long long)n);
}

static int make(uint64_t rows, const char *path)
{
	FILE *f = fopen(path, "w");
	uint64_t random = 88172645463325252u;

	if (f == NULL)
		return 2;
	for (uint64_t n = 0; n < rows; n++)
		put_event(f, n, &random);
	return fclose(f) == 0 ? 0 : 2;
}

/* ---- parsed rows ---- */

struct kept {
	duckdb_data_chunk *chunks;
	size_t num, room, rows;
};

static duckdb_data_chunk new_chunk(const struct hm_table *table)
{
	static const duckdb_type types[] = {
		[HM_TYPE_BOOL] = DUCKDB_TYPE_BOOLEAN,
		[HM_TYPE_INT] = DUCKDB_TYPE_INTEGER,
		[HM_TYPE_LONG] = DUCKDB_TYPE_BIGINT,
		[HM_TYPE_REAL] = DUCKDB_TYPE_DOUBLE,
		[HM_TYPE_DATETIME] = DUCKDB_TYPE_BIGINT,
		[HM_TYPE_STRING] = DUCKDB_TYPE_VARCHAR,
		[HM_TYPE_DYNAMIC] = DUCKDB_TYPE_VARCHAR,
	};
	duckdb_logical_type all[HM_TABLE_WIDTH + 2];
	idx_t num = 0;

	all[num++] = duckdb_create_logical_type(DUCKDB_TYPE_UHUGEINT);
	all[num++] = duckdb_create_logical_type(DUCKDB_TYPE_UBIGINT);
	for (int i = 0; i < table->count; i++)
		all[num++] = duckdb_create_logical_type(
			types[hm_columns[table->first + i].type]);
	duckdb_data_chunk chunk = duckdb_create_data_chunk(all, num);
	while (num != 0)
		duckdb_destroy_logical_type(&all[--num]);
	return chunk;
}

static void keep(struct kept *k, hm_bytes body)
{
	static struct hm_batch b;
	static struct hm_rows_chosen all;

	if (hm_batch_read(body, &b) != HM_OK || b.table != HM_TABLE_PROC)
		abort();
	if (k->num == k->room) {
		k->room = k->room * 2 + 64;
		k->chunks = realloc(k->chunks, k->room * sizeof(*k->chunks));
		if (k->chunks == NULL)
			abort();
	}
	all.num = b.rows;
	for (size_t i = 0; i < b.rows; i++) {
		all.rows[i] = (uint16_t)i;
		all.ids[i] = (struct hm_row_id){ hm_at64le(b.ids, i * 16),
						 hm_at64le(b.ids, i * 16 + 8) };
	}
	k->chunks[k->num] = new_chunk(&hm_tables[HM_TABLE_PROC]);
	hm_rows_fill(k->chunks[k->num++], &b, &all, 1, 1);
	k->rows += b.rows;
}

static void take_frame(void *ctx, hm_bytes frame)
{
	enum hm_ingest_frame kind;
	hm_bytes body;

	if (hm_ingest_frame_read(frame, &kind, &body) != HM_OK)
		abort();
	if (kind == HM_FRAME_BATCH)
		keep(ctx, body);
}

HM_NORETURN static void arena_full(void *ctx)
{
	(void)ctx;
	abort();
}

static double seconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double parse(const char *path, struct kept *k)
{
	struct hm_ingest_request r = { .mode = HM_INGEST_LINES,
				       .table = -1,
				       .end = UINT64_MAX,
				       .name = hm_bytes_of(path) };
	const struct hm_ingest_sink sink = { take_frame, k };
	struct hm_ingester *g = hm_ingester_new();
	struct hm_buf request = hm_buf_of(4096);
	struct hm_arena a;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || g == NULL || hm_arena_open(96 << 20, arena_full, NULL, &a) != HM_OK)
		exit(2);
	hm_ingest_request_write(&r, &request);
	double begin = seconds(CLOCK_PROCESS_CPUTIME_ID);
	hm_ingest_run(g, fd, hm_buf_bytes(&request), &a, &sink);
	double spent = seconds(CLOCK_PROCESS_CPUTIME_ID) - begin;
	hm_buf_done(&request);
	hm_ingester_free(g);
	hm_arena_close(&a);
	close(fd);
	return spent;
}

static int appender(const char *path, const char *folder)
{
	const struct hm_store_spec spec = { .folder = folder, .command = "bench" };
	struct kept k = { 0 };
	char why[HM_STORE_WHY];
	struct hm_store *s;
	duckdb_appender to;
	double parsing = parse(path, &k);

	if (hm_store_open(&spec, &s, why) != HM_OK)
		return fprintf(stderr, "%s\n", why), 2;
	double begin = seconds(CLOCK_MONOTONIC);
	double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
	bool done = hm_store_run(s, "BEGIN") == HM_OK &&
		    duckdb_appender_create(hm_store_connection(s), "main",
					   "DeviceProcessEvents", &to) == DuckDBSuccess;
	for (size_t i = 0; done && i < k.num; i++)
		done = duckdb_append_data_chunk(to, k.chunks[i]) == DuckDBSuccess;
	done = done && duckdb_appender_destroy(&to) == DuckDBSuccess &&
	       hm_store_run(s, "COMMIT") == HM_OK;
	hm_store_close(s);
	printf("{\"rows\":%zu,\"wall_s\":%.3f,\"cpu_s\":%.3f,\"parse_cpu_s\":%.3f}\n",
	       k.rows, seconds(CLOCK_MONOTONIC) - begin,
	       seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, parsing);
	return done ? 0 : 2;
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "make") == 0)
		return make(strtoull(argv[2], NULL, 10), argv[3]);
	if (argc == 4 && strcmp(argv[1], "appender") == 0)
		return appender(argv[2], argv[3]);
	fputs("usage: bench_ingest make ROWS FILE | appender FILE FOLDER\n", stderr);
	return 2;
}
