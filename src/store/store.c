/* SPDX-License-Identifier: MIT */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/ddl.h"
#include "store/lock.h"

enum { DEFAULT_MEMORY_MIB = 512, PATH_ROOM = 4096 };

struct hm_store {
	duckdb_database db;
	duckdb_connection connection;
	int lock, folder; /* descriptors, -1 where there is none */
	char path[PATH_ROOM];
	char why[HM_STORE_WHY];
};

/* What the engine says is several lines; the first holds the matter. */
static void keep_line(char out[HM_STORE_WHY], const char *path, const char *message)
{
	int line = (int)strcspn(message, "\r\n");

	if (strstr(message, "No space left on device") != NULL)
		snprintf(out, HM_STORE_WHY, "%s: no space left on the device", path);
	else
		snprintf(out, HM_STORE_WHY, "%s: %.*s", path, line, message);
}

hm_err hm_store_failed(struct hm_store *s, const char *message)
{
	keep_line(s->why, s->path,
		  message != NULL ? message : "the engine does not say what failed");
	return HM_EIO;
}

static hm_err failed_with_errno(struct hm_store *s)
{
	return hm_store_failed(s, strerror(errno));
}

/* mkdir -p */
static hm_err make_folder(const char *path)
{
	char part[PATH_ROOM];

	if ((size_t)snprintf(part, sizeof(part), "%s", path) >= sizeof(part)) {
		errno = ENAMETOOLONG;
		return HM_EIO;
	}
	for (char *at = part + 1; *at != '\0'; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		if (mkdir(part, 0700) != 0 && errno != EEXIST)
			return HM_EIO;
		*at = '/';
	}
	return mkdir(part, 0700) == 0 || errno == EEXIST ? HM_OK : HM_EIO;
}

static void join(char out[PATH_ROOM], const char *folder, const char *name)
{
	/* make_folder has seen that the folder's name is shorter by far */
	(void)!snprintf(out, PATH_ROOM, "%.*s/%s", PATH_ROOM - 64, folder, name);
}

/* ---- the engine ---- */

static bool set(duckdb_config config, const char *name, const char *value)
{
	return duckdb_set_config(config, name, value) == DuckDBSuccess;
}

static bool configure(duckdb_config config, const struct hm_store_spec *spec)
{
	char number[32], temporary[PATH_ROOM];
	unsigned mib = spec->memory_mib != 0 ? spec->memory_mib : DEFAULT_MEMORY_MIB;
	bool done = true;

	snprintf(number, sizeof(number), "%uMiB", mib);
	done &= set(config, "memory_limit", number);
	if (spec->threads != 0) {
		snprintf(number, sizeof(number), "%u", spec->threads);
		done &= set(config, "threads", number);
	}
	join(temporary, spec->folder, "tmp");
	done &= set(config, "temp_directory", temporary);
	/* replaying a log of 2 GB takes 18 s, a checkpoint of 512 MB 4 s */
	done &= set(config, "checkpoint_threshold", "256MiB");
	/* it would try the network */
	done &= set(config, "autoinstall_known_extensions", "false");
	done &= set(config, "autoload_known_extensions", "false");
	return done;
}

/* Open the file at s->path.  On failure message is the engine's, to be freed.  The
 * threads that the engine makes take no signals: they are for the program's own, which
 * may wait for one that would end it else. */
static bool open_engine(struct hm_store *s, const struct hm_store_spec *spec,
			char **message)
{
	duckdb_config config = NULL;
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	bool done = duckdb_create_config(&config) == DuckDBSuccess &&
		    configure(config, spec) &&
		    duckdb_open_ext(s->path, &s->db, config, message) == DuckDBSuccess &&
		    duckdb_connect(s->db, &s->connection) == DuckDBSuccess;

	pthread_sigmask(SIG_SETMASK, &before, NULL);
	duckdb_destroy_config(&config);
	return done;
}

static void close_engine(struct hm_store *s)
{
	if (s->connection != NULL)
		duckdb_disconnect(&s->connection);
	if (s->db != NULL)
		duckdb_close(&s->db);
	s->connection = NULL;
	s->db = NULL;
}

hm_err hm_store_run(struct hm_store *s, const char *sql)
{
	duckdb_result result;
	hm_err err = HM_OK;

	if (duckdb_query(s->connection, sql, &result) != DuckDBSuccess)
		err = hm_store_failed(s, duckdb_result_error(&result));
	duckdb_destroy_result(&result);
	return err;
}

static hm_err run_buffer(struct hm_store *s, struct hm_buf *sql)
{
	hm_put_u8(sql, 0);
	return sql->err == HM_OK ? hm_store_run(s, (const char *)sql->at) : sql->err;
}

/* ---- a new file ---- */

static hm_err make_tables(struct hm_store *s)
{
	struct hm_buf ddl = hm_buf_of(1 << 20);

	hm_put_ddl(&ddl);
	hm_err err = run_buffer(s, &ddl);
	hm_buf_done(&ddl);
	return err == HM_OK ? hm_store_run(s, "CHECKPOINT") : err;
}

/*
 * Make the file under another name and give it its own when it is whole: who comes
 * after a crash finds all of it or none.
 */
static hm_err create_file(struct hm_store *s, const struct hm_store_spec *spec)
{
	char final[PATH_ROOM], *message = NULL;

	memcpy(final, s->path, sizeof(final));
	join(s->path, spec->folder, "hallmark.duckdb.new");
	unlinkat(s->folder, "hallmark.duckdb.new", 0);
	unlinkat(s->folder, "hallmark.duckdb.new.wal", 0);
	hm_err err = HM_OK;
	if (!open_engine(s, spec, &message))
		err = hm_store_failed(s, message);
	duckdb_free(message);
	if (err == HM_OK)
		err = make_tables(s);
	close_engine(s);
	if (err == HM_OK && (rename(s->path, final) != 0 || fsync(s->folder) != 0))
		err = failed_with_errno(s);
	if (err != HM_OK)
		unlinkat(s->folder, "hallmark.duckdb.new", 0);
	memcpy(s->path, final, sizeof(final));
	return err;
}

/* ---- an existing file ---- */

/*
 * A log that fails its checksum was never wholly written, or was damaged since.
 * It is set aside, and what the file holds without it is whole.
 */
static hm_err set_log_aside(struct hm_store *s, const struct hm_store_spec *spec)
{
	char aside[64], what[PATH_ROOM + 256];
	struct stat st = { 0 };

	(void)fstatat(s->folder, "hallmark.duckdb.wal", &st, 0);
	snprintf(aside, sizeof(aside), "hallmark.duckdb.wal.bad-%lld",
		 (long long)time(NULL));
	if (renameat(s->folder, "hallmark.duckdb.wal", s->folder, aside) != 0 ||
	    fsync(s->folder) != 0)
		return failed_with_errno(s);
	snprintf(what, sizeof(what),
		 "%s: the log of the last changes is damaged; its %lld bytes are set "
		 "aside as %s, and rows stored after the last checkpoint are lost: load "
		 "their sources again",
		 s->path, (long long)st.st_size, aside);
	if (spec->repaired != NULL)
		spec->repaired(spec->ctx, what);
	return HM_OK;
}

static bool blames_log(const char *message)
{
	return message != NULL &&
	       (strstr(message, "WAL") != NULL || strstr(message, ".wal") != NULL);
}

static hm_err open_file(struct hm_store *s, const struct hm_store_spec *spec)
{
	char *message = NULL;
	bool done = open_engine(s, spec, &message);
	hm_err err = HM_OK;

	if (!done && blames_log(message) &&
	    faccessat(s->folder, "hallmark.duckdb.wal", F_OK, 0) == 0) {
		close_engine(s);
		duckdb_free(message);
		message = NULL;
		err = set_log_aside(s, spec);
		done = err == HM_OK && open_engine(s, spec, &message);
	}
	if (!done && err == HM_OK)
		err = hm_store_failed(s, message);
	duckdb_free(message);
	return err;
}

/* Mark the columns that the file's table has; false where it has no such table. */
static bool mark_columns(struct hm_store *s, const struct hm_table *table, bool *has)
{
	struct hm_buf sql = hm_buf_of(1 << 12);
	duckdb_result all;

	hm_put_str(&sql, "SELECT * FROM main.");
	hm_put_sql_name(&sql, hm_bytes_of(table->name));
	hm_put_str(&sql, " LIMIT 0");
	hm_put_u8(&sql, 0);
	bool done = sql.err == HM_OK && duckdb_query(s->connection, (const char *)sql.at,
						     &all) == DuckDBSuccess;
	for (idx_t i = 0; done && i < duckdb_column_count(&all); i++) {
		int at = hm_column_find(table, hm_bytes_of(duckdb_column_name(&all, i)));

		if (at >= 0)
			has[at] = true;
	}
	if (sql.err == HM_OK)
		duckdb_destroy_result(&all);
	hm_buf_done(&sql);
	return done;
}

/* Columns that came into schema.def after the file was made. */
static hm_err add_columns(struct hm_store *s)
{
	bool has[HM_COL_COUNT] = { false };
	struct hm_buf sql = hm_buf_of(1 << 20);
	hm_err err = HM_OK;

	for (int i = 0; i < HM_TABLE_COUNT && err == HM_OK; i++)
		if (!mark_columns(s, &hm_tables[i], has))
			err = hm_store_failed(s, "not made by hallmark");
	for (int i = 0; i < HM_COL_COUNT; i++)
		if (!has[i])
			hm_put_add_column(&sql, &hm_columns[i]);
	if (sql.len != 0)
		hm_put_views(&sql);
	if (err == HM_OK && sql.len != 0)
		err = run_buffer(s, &sql);
	hm_buf_done(&sql);
	return err;
}

/* The one file that may be written outside the folder. */
static hm_err allow_output(struct hm_store *s, const char *path)
{
	struct hm_buf sql = hm_buf_of(4 * PATH_ROOM);

	hm_put_str(&sql, "SET allowed_paths = [");
	hm_put_sql_text(&sql, hm_bytes_of(path));
	hm_put_str(&sql, "]");
	hm_err err = run_buffer(s, &sql);
	hm_buf_done(&sql);
	return err;
}

static hm_err ready(struct hm_store *s, const struct hm_store_spec *spec)
{
	hm_err err = add_columns(s);

	/* from here on no query reaches files or settings, whoever wrote it */
	if (err == HM_OK && spec->output != NULL)
		err = allow_output(s, spec->output);
	if (err == HM_OK)
		err = hm_store_run(s, "SET enable_external_access = false");
	if (err == HM_OK)
		err = hm_store_run(s, "SET lock_configuration = true");
	return err;
}

/* ---- the folder ---- */

static hm_err own_folder(struct hm_store *s, const struct hm_store_spec *spec)
{
	join(s->path, spec->folder, "lock");
	const struct hm_lock_spec lock = { .path = s->path,
					   .command = spec->command,
					   .waiting = spec->waiting,
					   .ctx = spec->ctx };

	if (hm_lock_take(&lock, &s->lock) != HM_OK)
		return failed_with_errno(s);
	s->folder = open(spec->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return s->folder >= 0 ? HM_OK : failed_with_errno(s);
}

static hm_err open_store(struct hm_store *s, const struct hm_store_spec *spec)
{
	snprintf(s->path, sizeof(s->path), "%s", spec->folder);
	if (make_folder(spec->folder) != HM_OK)
		return failed_with_errno(s);

	hm_err err = own_folder(s, spec);
	if (err != HM_OK)
		return err;
	join(s->path, spec->folder, "hallmark.duckdb");
	if (faccessat(s->folder, "hallmark.duckdb", F_OK, 0) != 0)
		err = create_file(s, spec);
	if (err == HM_OK)
		err = open_file(s, spec);
	return err == HM_OK ? ready(s, spec) : err;
}

hm_err hm_store_open(const struct hm_store_spec *spec, struct hm_store **out,
		     char why[HM_STORE_WHY])
{
	struct hm_store *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		keep_line(why, spec->folder, strerror(ENOMEM));
		return HM_EIO;
	}
	s->lock = s->folder = -1;
	hm_err err = open_store(s, spec);
	if (err == HM_OK) {
		*out = s;
		return HM_OK;
	}
	memcpy(why, s->why, HM_STORE_WHY);
	hm_store_close(s);
	return err;
}

void hm_store_close(struct hm_store *s)
{
	if (s == NULL)
		return;
	close_engine(s);
	if (s->folder >= 0)
		close(s->folder);
	if (s->lock >= 0)
		close(s->lock);
	free(s);
}

int hm_store_folder(const struct hm_store *s)
{
	return s->folder;
}

duckdb_connection hm_store_connection(struct hm_store *s)
{
	return s->connection;
}

const char *hm_store_why(const struct hm_store *s)
{
	return s->why;
}

void hm_store_interrupt(struct hm_store *s)
{
	duckdb_interrupt(s->connection);
}
