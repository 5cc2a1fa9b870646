/* SPDX-License-Identifier: MIT */
/*
 * cmd_ingest.c: telemetry in, rows of Defender's tables out.
 *
 * Files are parsed by confined workers; this process owns the tables.  The workers
 * are made before the engine starts its threads.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/ingest_file.h"
#include "cli/ingest_kafka.h"
#include "cli/walk.h"
#include "proc/pool.h"

enum {
	/* The tree of a record of 8 MiB fits unless it is made to be large. */
	WORKER_ARENA_BYTES = 96 << 20,
	/* Parsing takes 5 ms a MiB; an expanding file more. */
	WORKER_CPU_MS = 20000,
	WORKER_CPU_MS_PER_MIB = 1000,
};

struct choices {
	const char *data, *table, *zone, *dates, *device, *format, *workers, *kafka;
	bool again, once;
};

/* ---- options ---- */

/* "+01:00", "-0330", "UTC" */
static bool read_zone(const char *text, int *minutes)
{
	hm_bytes zone = hm_bytes_of(text);
	char probe[64];

	if (hm_is_nocase(zone, "utc") || hm_is_nocase(zone, "z"))
		zone = hm_bytes_of("+00:00");
	snprintf(probe, sizeof(probe), "2000-01-02T00:00%.*s", (int)zone.len,
		 (const char *)zone.at);
	hm_time time = hm_time_parse(hm_bytes_of(probe));
	hm_time utc = hm_time_parse(hm_bytes_of("2000-01-02T00:00Z"));
	*minutes = (int)((utc - time) / (60 * HM_TICKS_SECOND));
	return zone.len > 1 && time != HM_NO_TIME;
}

static int read_table(const char *text, int *out)
{
	const struct hm_table *table = hm_table_find(hm_bytes_of(text));

	if (table == NULL)
		return hm_complain("--table: there is no table %s; hallmark schema lists "
				   "them",
				   text);
	*out = (int)(table - hm_tables);
	return HM_EXIT_OK;
}

static int read_choices(const struct choices *c, struct hm_ingest_request *out)
{
	out->table = -1;
	if (c->table != NULL && read_table(c->table, &out->table) != HM_EXIT_OK)
		return HM_EXIT_FAILED;
	if (c->zone != NULL && !read_zone(c->zone, &out->zone))
		return hm_complain("--tz: \"%s\" is no offset; write one like +01:00 or "
				   "UTC",
				   c->zone);
	out->zone_given = c->zone != NULL;
	out->day_first = c->dates != NULL && strcmp(c->dates, "dmy") == 0;
	out->month_first = c->dates != NULL && strcmp(c->dates, "mdy") == 0;
	if (c->dates != NULL && !out->day_first && !out->month_first)
		return hm_complain("--dates is dmy or mdy");
	if (c->format != NULL && strcmp(c->format, "text") != 0 &&
	    strcmp(c->format, "jsonl") != 0)
		return hm_complain("--format is text or jsonl");
	out->device = hm_bytes_of(c->device != NULL ? c->device : "");
	return HM_EXIT_OK;
}

/* ---- the workers ---- */

static void prepare(void *ctx)
{
	*(struct hm_ingester **)ctx = hm_ingester_new();
}

static void emit(void *ctx, hm_bytes frame)
{
	hm_job_emit(ctx, frame);
}

static void work(struct hm_job *job)
{
	struct hm_ingester **g = job->ctx;
	const struct hm_ingest_sink sink = { emit, job };

	/* without memory no answer is given, which the caller tells of */
	if (*g != NULL)
		hm_ingest_run(*g, job->fd, job->request, job->arena, &sink);
}

static int open_workers(struct hm_ingesting *g, const char *workers,
			struct hm_ingester **ingester)
{
	const struct hm_pool_spec spec = {
		.box = { .work = work,
			 .prepare = prepare,
			 .ctx = ingester,
			 .arena_bytes = WORKER_ARENA_BYTES,
			 .cpu_ms = WORKER_CPU_MS,
			 .cpu_ms_per_mib = WORKER_CPU_MS_PER_MIB },
		.workers = workers != NULL ? (unsigned)strtoul(workers, NULL, 10) : 0,
		.frame = hm_ingest_frame_in,
		.ended = hm_ingest_job_ended,
		.again = hm_ingest_again,
		.owner = g,
	};
	const char *why;

	return hm_pool_open(&spec, &g->pool, &why) == HM_OK ? HM_EXIT_OK
							    : hm_complain("%s", why);
}

/* ---- the tables ---- */

static void on_waiting(void *ctx, const char *holder)
{
	(void)ctx;
	hm_complain("waiting for %s, which has the data folder", holder);
}

static void on_repaired(void *ctx, const char *what)
{
	(void)ctx;
	hm_complain("%s", what);
}

static int open_tables(struct hm_ingesting *g, const char *folder)
{
	const struct hm_store_spec spec = { .folder = folder,
					    .command = "ingest",
					    .waiting = on_waiting,
					    .repaired = on_repaired };
	char why[HM_STORE_WHY];

	if (hm_store_open(&spec, &g->store, why) != HM_OK)
		return hm_complain("%s", why);
	if (hm_load_open(g->store, hm_time_now(), &g->load) != HM_OK)
		return hm_complain("%s", hm_store_why(g->store));
	g->refused_log = hm_refused_open(folder);
	return g->refused_log != NULL
		       ? HM_EXIT_OK
		       : hm_complain("%s/refused.jsonl: %s", folder, strerror(errno));
}

static const char *folder_of(const struct choices *c, struct hm_arena *a)
{
	char *room = hm_new_n(a, char, 4096);

	if (c->data != NULL)
		return c->data;
	return hm_data_folder(room, 4096) ? room : NULL;
}

/* ---- the summary ---- */

static void print_hashes(const struct hm_hash_counts *h)
{
	int64_t found = h->imageload + h->sha256 + h->md5 + h->path;

	if (h->without == 0)
		return;
	printf("%" PRId64 " processes in all were reported without SHA-1: %" PRId64
	       " have it from their image load, %" PRId64 " from SHA-256, %" PRId64
	       " from MD5, %" PRId64 " from their path; %" PRId64 " have none\n",
	       h->without, h->imageload, h->sha256, h->md5, h->path, h->without - found);
}

static void print_text(const struct hm_ingesting *g)
{
	struct hm_load_counts c = hm_load_counts(g->load);

	for (size_t i = 0; i < g->tally.num; i++) {
		const struct hm_count *t = &g->tally.counts[i];
		const char *name = hm_shown(g->arena, hm_bytes_of(t->name));
		const char *id =
			t->id >= 0 ? hm_format(g->arena, " %" PRId64, t->id) : "";

		printf("%-52s %10" PRIu64 " records",
		       hm_format(g->arena, "%s%s", name, id), t->records);
		if (t->rows != 0)
			printf(" %10" PRIu64 " rows\n", t->rows);
		else
			puts("            not mapped");
	}
	printf("%" PRIu64 " rows added, %" PRIu64 " stored before; %" PRIu64
	       " records read, %" PRIu64 " skipped; %" PRIu64 " files",
	       c.added, c.known, g->records, g->refused, g->files);
	if (g->known_files != 0)
		printf(", %" PRIu64 " of them read before", g->known_files);
	putchar('\n');
	print_hashes(&g->hashes);
}

static void print_json(const struct hm_ingesting *g)
{
	struct hm_load_counts c = hm_load_counts(g->load);
	struct hm_buf b = hm_buf_of(4 << 20);
	struct hm_json_out o = hm_json_out_of(&b);

	for (size_t i = 0; i < g->tally.num; i++) {
		const struct hm_count *t = &g->tally.counts[i];

		o.after = false;
		hm_json_open(&o, '{');
		hm_json_member_str(&o, "source", t->name);
		if (t->id >= 0)
			hm_json_member_int(&o, "id", t->id);
		hm_json_member_int(&o, "records", (int64_t)t->records);
		hm_json_member_int(&o, "rows", (int64_t)t->rows);
		hm_json_close(&o, '}');
		hm_put_u8(&b, '\n');
	}
	o.after = false;
	hm_json_open(&o, '{');
	hm_json_member_int(&o, "files", (int64_t)g->files);
	hm_json_member_int(&o, "files_read_before", (int64_t)g->known_files);
	hm_json_member_int(&o, "bytes", (int64_t)g->bytes);
	hm_json_member_int(&o, "records", (int64_t)g->records);
	hm_json_member_int(&o, "skipped", (int64_t)g->refused);
	hm_json_member_int(&o, "rows_added", (int64_t)c.added);
	hm_json_member_int(&o, "rows_known", (int64_t)c.known);
	hm_json_member_int(&o, "processes_without_sha1", g->hashes.without);
	hm_json_member_int(&o, "sha1_from_imageload", g->hashes.imageload);
	hm_json_member_int(&o, "sha1_from_sha256", g->hashes.sha256);
	hm_json_member_int(&o, "sha1_from_md5", g->hashes.md5);
	hm_json_member_int(&o, "sha1_from_path", g->hashes.path);
	hm_json_close(&o, '}');
	hm_put_u8(&b, '\n');
	fwrite(b.at, 1, b.len, stdout);
	hm_buf_done(&b);
}

static void print_summary(struct hm_ingesting *g, const char *format)
{
	bool text = format != NULL ? strcmp(format, "text") == 0 : isatty(STDOUT_FILENO);

	hm_tally_sort(&g->tally);
	if (text)
		print_text(g);
	else
		print_json(g);
}

/* ---- the command ---- */

static bool on_file(void *ctx, const char *path, int fd)
{
	return hm_ingest_file(ctx, path, fd);
}

/* Files, or one topic. */
static int read_operands(struct hm_ingesting *g, const struct hm_list *paths,
			 const struct choices *c)
{
	const struct hm_walk walk = { .folders = true, .file = on_file, .ctx = g };
	const struct hm_kafka_spec kafka = { .address = paths->items[0],
					     .settings = c->kafka,
					     .once = c->once };

	if (hm_kafka_is(paths->items[0]))
		return hm_kafka_read(g, &kafka);
	return hm_walk(&walk, paths);
}

static int ingest(struct hm_ingesting *g, const struct hm_list *paths,
		  const struct choices *c)
{
	struct hm_ingester *ingester = NULL;
	const char *folder = folder_of(c, g->arena);

	if (folder == NULL)
		return hm_complain("neither HOME nor XDG_DATA_HOME tells where the data "
				   "folder is; give --data");
	int status = open_workers(g, c->workers, &ingester);
	if (status == HM_EXIT_OK)
		status = open_tables(g, folder);
	if (status == HM_EXIT_OK) {
		status = read_operands(g, paths, c);
		hm_pool_drain(g->pool);
		hm_ingest_end(g);
		if (!g->stopped)
			print_summary(g, c->format);
	}
	hm_pool_finish(g->pool);
	hm_load_close(g->load);
	hm_store_close(g->store);
	hm_refused_close(g->refused_log);
	return hm_exit_worse(status, g->status);
}

static int check_operands(const struct hm_list *paths)
{
	if (paths->count == 0)
		return hm_complain("name a file, a folder, - for standard input, or a "
				   "topic as kafka://HOST:PORT/TOPIC");
	if (!hm_kafka_is(paths->items[0]))
		return HM_EXIT_OK;
	if (paths->count != 1)
		return hm_complain("a topic is read by itself");
	hm_kafka_hold_signals();
	return HM_EXIT_OK;
}

/* clang-format off */
static const char about[] =
	"Reads process telemetry into Defender-shaped tables: exports and streams of\n"
	"Defender, Windows event logs, Sysmon and other Windows events in the JSON of\n"
	"their shippers, ECS, OCSF, osquery, CSV, sigcheck reports; plain, gzip or zstd;\n"
	"files, or a topic of Kafka.  What a file is, is found out record by record.\n"
	"What is read twice is stored once.  Exit status 2 where a file could not be read\n"
	"to its end.";
/* clang-format on */

int hm_cmd_ingest(int argc, char **argv)
{
	struct choices c = { 0 };
	/* clang-format off */
	const struct hm_option options[] = {
		{ .name = "data", .argument = "FOLDER", .text = &c.data,
		  .help = "where the tables are" },
		{ .name = "table", .argument = "TABLE", .text = &c.table,
		  .help = "the table of rows that do not tell it" },
		{ .name = "tz", .argument = "OFFSET", .text = &c.zone,
		  .help = "time zone of local times: +01:00, UTC" },
		{ .name = "dates", .argument = "ORDER", .text = &c.dates,
		  .help = "dates like 03/04/2024 are dmy or mdy" },
		{ .name = "device", .argument = "NAME", .text = &c.device,
		  .help = "machine of reports that name none (sigcheck)" },
		{ .name = "again", .flag = &c.again,
		  .help = "read files that were read before" },
		{ .name = "kafka-settings", .argument = "FILE", .text = &c.kafka,
		  .help = "librdkafka's settings, as NAME=VALUE lines" },
		{ .name = "once", .flag = &c.once,
		  .help = "of a topic: stop where nothing follows" },
		{ .name = "workers", .argument = "N", .text = &c.workers,
		  .help = "processes that parse; default one a processor" },
		{ .name = "format", .argument = "FORMAT", .text = &c.format,
		  .help = "of the summary: text or jsonl" },
	};
	/* clang-format on */
	const struct hm_command_help help = {
		.usage = "hallmark ingest [OPTION]... FILE...\n"
			 "       hallmark ingest [OPTION]... kafka://HOST:PORT/TOPIC",
		.about = about,
		.options = options,
		.num_options = sizeof(options) / sizeof(options[0]),
	};
	struct hm_arena a = hm_cli_arena();
	struct hm_ingesting g = { .arena = &a, .progress = isatty(STDERR_FILENO) };
	struct hm_list paths;

	int status = hm_options(&help, argc, argv, &a, &paths);
	if (status == -1)
		status = read_choices(&c, &g.options);
	else
		return status;
	if (status == HM_EXIT_OK)
		status = check_operands(&paths);
	if (status == HM_EXIT_OK) {
		g.again = c.again;
		g.tally = hm_tally_of(&a);
		status = ingest(&g, &paths, &c);
	}
	hm_arena_close(&a);
	return status;
}
