/* SPDX-License-Identifier: MIT */
#include "cli/querying.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/opening.h"
#include "query/explain.h"
#include "query/parquet.h"

/* A query's text: the longest detection of the corpus has 60,000 bytes. */
enum { MOST_TEXT = 16 << 20 };

bool hm_querying_read(struct hm_arena *a, const char *path, hm_bytes *out)
{
	bool input = strcmp(path, "-") == 0;
	FILE *f = input ? stdin : fopen(path, "rb");
	struct hm_buf b = hm_buf_of(MOST_TEXT);
	char part[8192];
	size_t got;

	if (f == NULL) {
		hm_complain("%s: %s", path, strerror(errno));
		return false;
	}
	errno = 0;
	do {
		got = fread(part, 1, sizeof part, f);
		hm_put(&b, (hm_bytes){ (uint8_t *)part, got });
	} while (got == sizeof part);
	bool ok = !ferror(f) && b.err == HM_OK;
	if (ferror(f))
		hm_complain("%s: %s", path, strerror(errno));
	else if (b.err != HM_OK)
		hm_complain("%s: larger than a query may be", path);
	if (ok && !hm_utf8_valid(hm_buf_bytes(&b))) {
		hm_complain("%s: not UTF-8", path);
		ok = false;
	}
	if (ok)
		*out = hm_keep(a, hm_buf_bytes(&b));
	if (!input)
		fclose(f);
	hm_buf_done(&b);
	return ok;
}

static int complain(const char *name, hm_bytes text, const struct hm_diag *diag,
		    const char *interrupted)
{
	struct hm_buf b = hm_buf_of(1 << 16);

	if (interrupted != NULL)
		return hm_complain("%s: %s", name, interrupted);
	if (diag->line == 0)
		return hm_complain("%s: %.*s", name, (int)diag->message.len,
				   (const char *)diag->message.at);
	hm_diag_put(&b, name, text, diag);
	fwrite(b.at, 1, b.len, stderr);
	hm_buf_done(&b);
	return HM_EXIT_FAILED;
}

static bool write_rows(struct hm_querying *q, struct hm_arena *a, struct hm_result *r,
		       size_t *rows, struct hm_diag *diag)
{
	struct hm_rows_out out = hm_rows_begin(q->to, q->format, r->columns, a);
	duckdb_data_chunk chunk = NULL;
	bool ok;

	while ((ok = hm_result_next(q->session, a, r, &chunk, diag)) && chunk != NULL) {
		hm_rows_write(&out, chunk);
		if (ferror(q->to))
			break;
	}
	if (ok)
		hm_rows_end(&out);
	*rows = out.count;
	return ok;
}

static void write_explained(FILE *to, const struct hm_result *r)
{
	struct hm_buf b = hm_buf_of(SIZE_MAX / 2);

	hm_explain_put(&b, r->query);
	hm_put_str(&b, "\n");
	hm_put_str(&b, r->sql.text);
	hm_put_str(&b, "\n");
	for (size_t i = 0; i < r->sql.param_count; i++) {
		hm_putf(&b, "$%zu = ", i + 1);
		hm_put_json_string(&b, r->sql.params[i]);
		hm_put_str(&b, "\n");
	}
	fwrite(b.at, 1, b.len, to);
	hm_buf_done(&b);
}

static bool run(struct hm_querying *q, struct hm_arena *a, hm_bytes text, size_t *rows,
		struct hm_diag *diag)
{
	struct hm_result r;
	bool ok = hm_result_bind(q->session, text, a, &r, diag);

	if (ok && q->bind_only) {
		struct hm_rows_out out = hm_rows_begin(q->to, q->format, r.columns, a);
		hm_rows_end(&out);
		return true;
	}
	ok = ok && hm_result_print(q->session, a, &r, diag);
	if (ok && q->explain) {
		write_explained(q->to, &r);
		return true;
	}
	if (ok && q->parquet != NULL)
		ok = hm_parquet_write(q->session, &r,
				      &(struct hm_parquet_to){ a, q->parquet, rows },
				      diag);
	else
		ok = ok && hm_result_start(q->session, a, &r, diag) &&
		     write_rows(q, a, &r, rows, diag);
	if (r.query != NULL)
		hm_result_close(&r);
	return ok;
}

int hm_querying_run(struct hm_querying *q, const char *name, hm_bytes text, size_t *rows)
{
	struct hm_arena a = hm_cli_arena();
	struct hm_diag diag = { 0 };
	struct hm_watch *w = q->store == NULL
				     ? NULL
				     : hm_watch_start(&a, q->store, q->timeout_seconds);
	int status = HM_EXIT_OK;

	*rows = 0;
	bool ok = run(q, &a, text, rows, &diag);
	const char *interrupted = w == NULL ? NULL : hm_watch_stop(w);
	if (!ok)
		status = complain(name, text, &diag, interrupted);
	hm_arena_close(&a);
	return status;
}

static void put_error(struct hm_buf *b, const struct hm_diag *diag)
{
	struct hm_json_out o = hm_json_out_of(b);

	hm_put_str(b, "\"error\":");
	hm_json_open(&o, '{');
	hm_json_member_str(&o, "code", diag->code == NULL ? "HM003" : diag->code);
	hm_json_member_int(&o, "line", (int64_t)diag->line);
	hm_json_member_int(&o, "column", (int64_t)diag->column);
	hm_json_member(&o, "message", diag->message);
	hm_json_close(&o, '}');
}

static bool put_rows(struct hm_querying *q, struct hm_arena *a, struct hm_result *r,
		     struct hm_buf *b, struct hm_diag *diag)
{
	duckdb_data_chunk chunk = NULL;
	bool ok, first = true;

	hm_put_str(b, ",\"rows\":[");
	while ((ok = hm_result_next(q->session, a, r, &chunk, diag)) && chunk != NULL) {
		for (size_t i = 0; i < duckdb_data_chunk_get_size(chunk); i++) {
			hm_put_str(b, first ? "" : ",");
			first = false;
			hm_put_row(b, r->columns, chunk, i);
		}
	}
	hm_put_str(b, "]");
	return ok;
}

/* The members after "id" of one answer, as far as it comes. */
static bool put_columns_and_rows(struct hm_querying *q, struct hm_arena *a, hm_bytes text,
				 struct hm_buf *b, struct hm_diag *diag)
{
	struct hm_result r;
	bool ok = hm_result_bind(q->session, text, a, &r, diag);

	if (ok)
		hm_put_columns(b, r.columns);
	if (ok && !q->bind_only)
		ok = hm_result_print(q->session, a, &r, diag) &&
		     hm_result_start(q->session, a, &r, diag) &&
		     put_rows(q, a, &r, b, diag);
	if (r.query != NULL)
		hm_result_close(&r);
	return ok;
}

static void put_answer(struct hm_querying *q, struct hm_arena *a, hm_bytes text,
		       struct hm_buf *b)
{
	struct hm_diag diag = { 0 };
	size_t start = b->len;
	struct hm_watch *w =
		q->store == NULL ? NULL : hm_watch_start(a, q->store, q->timeout_seconds);
	bool ok = put_columns_and_rows(q, a, text, b, &diag);
	const char *interrupted = w == NULL ? NULL : hm_watch_stop(w);

	if (ok)
		return;
	if (interrupted != NULL)
		diag.message = hm_bytes_of(interrupted);
	b->len = start;
	put_error(b, &diag);
}

/* As it was written, where it is a text or a number. */
static void put_id(struct hm_buf *b, struct hm_arena *a, const struct hm_json *id)
{
	if (id != NULL && id->kind == HM_JSON_NUMBER)
		hm_put(b, id->text);
	else
		hm_put_json_string(b, id != NULL && id->kind == HM_JSON_STRING
					      ? hm_json_string(id, a)
					      : (hm_bytes){ 0 });
}

static void answer(struct hm_querying *q, hm_bytes line)
{
	struct hm_arena a = hm_cli_arena();
	struct hm_buf b = hm_buf_of(SIZE_MAX / 2);
	struct hm_cur c = hm_cur_of(line);
	const struct hm_json *request = hm_json_read(&c, &a);
	const struct hm_json *query = hm_json_get(request, "query");

	hm_put_str(&b, "{\"id\":");
	put_id(&b, &a, hm_json_get(request, "id"));
	hm_put_u8(&b, ',');
	if (query == NULL || query->kind != HM_JSON_STRING) {
		struct hm_diag diag = {
			.code = "HM004",
			.message = hm_bytes_of(
				"not a line {\"id\":...,\"query\":\"...\"}")
		};
		put_error(&b, &diag);
	} else {
		put_answer(q, &a, hm_json_string(query, &a), &b);
	}
	hm_put_str(&b, "}\n");
	fwrite(b.at, 1, b.len, stdout);
	fflush(stdout);
	hm_buf_done(&b);
	hm_arena_close(&a);
}

int hm_querying_batch(struct hm_querying *q, FILE *in)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	while ((len = getline(&line, &cap, in)) > 0) {
		hm_bytes text = hm_trim((hm_bytes){ (uint8_t *)line, (size_t)len });
		if (text.len != 0)
			answer(q, text);
	}
	free(line);
	return HM_EXIT_OK;
}
