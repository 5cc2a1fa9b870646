/* SPDX-License-Identifier: MIT */
#include "cli/refused.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "store/seen.h"

enum { PATH_ROOM = 4200, MAX_LINE = 1 << 22 };

struct hm_refused_log {
	char path[PATH_ROOM];
	FILE *file;
	struct hm_seen kept; /* digests of its lines */
	struct hm_buf line;
};

/* The first half of the SHA-256 of a line. */
static struct hm_row_id digest_of(const char *line, size_t len)
{
	uint8_t digest[EVP_MAX_MD_SIZE] = { 0 };
	size_t digest_len = 0;

	if (EVP_Q_digest(NULL, "SHA256", NULL, line, len, digest, &digest_len) != 1)
		return (struct hm_row_id){ 0 };
	hm_bytes all = { digest, digest_len };
	return (struct hm_row_id){ hm_at64le(all, 0), hm_at64le(all, 8) };
}

/* A last line without its end was being written when the program was ended. */
static bool learn(struct hm_refused_log *log)
{
	char *line = NULL;
	size_t room = 0;
	off_t whole = 0;
	ssize_t len;

	if (fseeko(log->file, 0, SEEK_SET) != 0)
		return false;
	while ((len = getline(&line, &room, log->file)) > 0 && line[len - 1] == '\n') {
		hm_seen_put(&log->kept, digest_of(line, (size_t)len), 1);
		whole += len;
	}
	free(line);
	return ftruncate(fileno(log->file), whole) == 0 &&
	       fseeko(log->file, whole, SEEK_SET) == 0;
}

struct hm_refused_log *hm_refused_open(const char *folder)
{
	struct hm_refused_log *log = calloc(1, sizeof(*log));

	if (log == NULL)
		return NULL;
	snprintf(log->path, sizeof(log->path), "%s/refused.jsonl", folder);
	log->line = hm_buf_of(MAX_LINE);
	log->file = fopen(log->path, "a+e");
	if (log->file == NULL || !learn(log)) {
		hm_refused_close(log);
		return NULL;
	}
	return log;
}

void hm_refused_put(struct hm_refused_log *log, const char *file, uint64_t line,
		    const struct hm_refused *r)
{
	struct hm_json_out o = hm_json_out_of(&log->line);
	uint64_t before;

	hm_buf_clear(&log->line);
	hm_json_open(&o, '{');
	hm_json_member_str(&o, "file", file);
	if (line != 0)
		hm_json_member_int(&o, "line", (int64_t)line);
	hm_json_member_int(&o, "offset", (int64_t)r->offset);
	hm_json_member(&o, "why", r->why);
	hm_json_member(&o, "text", r->text);
	hm_json_close(&o, '}');
	hm_put_u8(&log->line, '\n');
	if (log->line.err != HM_OK)
		return;

	struct hm_row_id id = digest_of((const char *)log->line.at, log->line.len);
	if (hm_seen_get(&log->kept, id, &before))
		return;
	hm_seen_put(&log->kept, id, 1);
	fwrite(log->line.at, 1, log->line.len, log->file);
}

bool hm_refused_sync(struct hm_refused_log *log)
{
	return fflush(log->file) == 0;
}

const char *hm_refused_path(const struct hm_refused_log *log)
{
	return log->path;
}

void hm_refused_close(struct hm_refused_log *log)
{
	if (log == NULL)
		return;
	if (log->file != NULL)
		(void)fclose(log->file);
	hm_seen_done(&log->kept);
	hm_buf_done(&log->line);
	free(log);
}
