/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/folder.h"
#include "check.h"
#include "store/statement.h"
#include "store/store.h"

static char home[] = "/tmp/hallmark-test-XXXXXX";
static char folder[64];

static struct hm_store_spec spec_of(void)
{
	return (struct hm_store_spec){
		.folder = folder, .command = "test", .memory_mib = 128, .threads = 1
	};
}

static struct hm_store *open_it(struct hm_store_spec spec)
{
	char why[HM_STORE_WHY];
	struct hm_store *s = NULL;

	if (hm_store_open(&spec, &s, why) != HM_OK)
		printf("# %s\n", why);
	return s;
}

static int64_t number(struct hm_store *s, const char *sql)
{
	struct hm_statement *st = NULL;
	int64_t out = -1;

	if (hm_statement_open(s, sql, &st) != HM_OK ||
	    hm_statement_int(st, -2, &out) != HM_OK)
		printf("# %s\n", hm_store_why(s));
	hm_statement_close(st);
	return out;
}

static bool exists(const char *name)
{
	char path[256];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return stat(path, &st) == 0;
}

static void check_new(void)
{
	struct hm_store *s = open_it(spec_of());

	check(s != NULL, "a folder is made, with its parents");
	check(!exists("hallmark.duckdb.new"), "nothing half made is left");
	check(number(s, "SELECT count(*) FROM DeviceProcessEvents") == 0, "tables exist");
	check(hm_store_run(s, "INSERT INTO DeviceProcessEvents (_Row, _Load, Timestamp) "
			      "VALUES (1, 1, 637134336000000000)") == HM_OK,
	      "defaults stand in for what is not given");
	check(number(s, "SELECT epoch(TimeGenerated)::BIGINT FROM "
			"export.DeviceProcessEvents") == 1577836800,
	      "the export view shows times as other programs know them");
	check(hm_store_run(s, "SELECT * FROM read_csv('/etc/passwd')") == HM_EIO,
	      "SQL cannot read files");
	check(hm_store_run(s, "SET enable_external_access = true") == HM_EIO,
	      "nor permit itself to");
	check(strchr(hm_store_why(s), '\n') == NULL, "a failure is told in one line");
	hm_store_close(s);
}

static void check_statement(void)
{
	struct hm_store *s = open_it(spec_of());
	struct hm_statement *st = NULL;
	duckdb_data_chunk chunk;
	size_t rows = 0;

	check(hm_statement_open(s, "SELECT $2, i FROM range($1) t(i)", &st) == HM_OK,
	      "a statement is prepared");
	hm_statement_bind_int(st, 1, 5000);
	hm_statement_bind_text(st, 2, hm_bytes_of("x'y"));
	check(hm_statement_start(st) == HM_OK, "and started");
	while (hm_statement_next(st, &chunk) == HM_OK && chunk != NULL) {
		rows += duckdb_data_chunk_get_size(chunk);
		if (!hm_is(hm_chunk_text(chunk, 0, 0), "x'y"))
			rows = 1000000;
	}
	check(rows == 5000, "all rows come, chunk by chunk");
	hm_statement_close(st);
	check(hm_statement_open(s, "SELECT nothing", &st) == HM_EIO,
	      "a wrong one is not");
	check(number(s, "SELECT NULL::BIGINT") == -2, "null gives the fallback");
	hm_store_close(s);
}

static void on_waiting(void *ctx, const char *holder)
{
	snprintf(ctx, 64, "%s", holder);
}

/* A second process waits for the first, knows its name, and then has its turn. */
static void check_two(void)
{
	struct hm_store *s = open_it(spec_of());
	char seen[64] = { 0 }, go;
	int said[2];

	if (pipe(said) != 0)
		abort();
	pid_t pid = fork();
	if (pid == 0) {
		struct hm_store_spec spec = spec_of();
		char holder[64] = { 0 };

		spec.waiting = on_waiting;
		spec.ctx = holder;
		struct hm_store *second = open_it(spec);
		_exit(second == NULL ||
		      write(said[1], holder, sizeof(holder)) != sizeof(holder));
	}
	usleep(200000);
	check(fcntl(said[0], F_SETFL, O_NONBLOCK) == 0 && read(said[0], &go, 1) == -1,
	      "the second has not begun");
	fcntl(said[0], F_SETFL, 0);
	hm_store_close(s);
	bool heard = read(said[0], seen, sizeof(seen)) == sizeof(seen);
	check(heard && strncmp(seen, "test (process ", 14) == 0,
	      "the second waited and was told for whom: %s", seen);
	int status;
	waitpid(pid, &status, 0);
	check(status == 0, "and had its turn");
}

static void on_repaired(void *ctx, const char *what)
{
	snprintf(ctx, 512, "%s", what);
}

/* Die with a log that is not checkpointed, and flip bytes in it. */
static void damage_log(void)
{
	char path[128];
	pid_t pid = fork();

	if (pid == 0) {
		struct hm_store *s = open_it(spec_of());

		hm_err err =
			hm_store_run(s, "INSERT INTO DeviceProcessEvents (_Row, _Load) "
					"SELECT i, 1 FROM range(5000) t(i)");
		_exit(err != HM_OK);
	}
	waitpid(pid, NULL, 0);
	snprintf(path, sizeof(path), "%s/hallmark.duckdb.wal", folder);
	int fd = open(path, O_RDWR);
	if (fd < 0 || lseek(fd, 0, SEEK_END) < 1000 || pwrite(fd, "\1\2\3", 3, 500) != 3)
		printf("# no log to damage\n");
	close(fd);
}

static void check_damage(void)
{
	struct hm_store_spec spec = spec_of();
	char what[512] = { 0 };

	damage_log();
	spec.repaired = on_repaired;
	spec.ctx = what;
	struct hm_store *s = open_it(spec);
	check(s != NULL && strstr(what, "set aside as hallmark.duckdb.wal.bad-") != NULL,
	      "a damaged log is set aside and told of");
	check(s != NULL && number(s, "SELECT count(*) FROM DeviceProcessEvents") == 1,
	      "what was checkpointed is there");
	hm_store_close(s);
}

static void check_old_file(void)
{
	struct hm_store *s = open_it(spec_of());

	hm_err err = hm_store_run(s, "DROP VIEW export.DeviceEvents; ALTER TABLE "
				     "DeviceEvents DROP COLUMN ReportId");
	hm_store_close(s);
	s = open_it(spec_of());
	check(err == HM_OK && s != NULL &&
		      number(s, "SELECT count(ReportId) FROM export.DeviceEvents") == 0,
	      "a column that the file lacks is added");
	hm_store_close(s);
}

static void check_refusals(void)
{
	char why[HM_STORE_WHY] = { 0 };
	struct hm_store_spec spec = spec_of();
	struct hm_store *s;

	spec.folder = "/proc/none/x";
	check(hm_store_open(&spec, &s, why) == HM_EIO &&
		      strncmp(why, "/proc/none/x: ", 14) == 0,
	      "a folder that cannot be made is named: %s", why);
	spec.folder = "/dev/null";
	check(hm_store_open(&spec, &s, why) == HM_EIO, "a file is no folder: %s", why);
}

static void check_folder(void)
{
	char out[64];

	setenv("XDG_DATA_HOME", "/d", 1);
	check(hm_data_folder(out, sizeof(out)) && strcmp(out, "/d/hallmark") == 0,
	      "XDG_DATA_HOME is used");
	setenv("XDG_DATA_HOME", "d", 1);
	setenv("HOME", "/h", 1);
	check(hm_data_folder(out, sizeof(out)) &&
		      strcmp(out, "/h/.local/share/hallmark") == 0,
	      "unless it is relative");
	check(!hm_data_folder(out, 8), "a name that does not fit is refused");
}

static void clean(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", home);
	if (system(command) != 0)
		printf("# %s is left\n", home);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (mkdtemp(home) == NULL)
		return 1;
	snprintf(folder, sizeof(folder), "%s/a/b", home);
	check_new();
	check_statement();
	check_two();
	check_damage();
	check_old_file();
	check_refusals();
	check_folder();
	clean();
	return check_done();
}
