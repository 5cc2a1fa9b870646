/* SPDX-License-Identifier: MIT */
#include "query/parquet.h"

#include <string.h>

#include "base/text.h"
#include "store/ddl.h"

/* Ticks at 1970-01-01. */
#define EPOCH "621355968000000000"

static void put_value(struct hm_buf *b, size_t i, enum hm_scalar type)
{
	if (type == HM_SCALAR_DATETIME)
		hm_putf(b, "make_timestamp_ns((c%zu - " EPOCH ") * 100)", i);
	else if (type == HM_SCALAR_TIMESPAN)
		hm_putf(b, "CASE WHEN c%zu IS NOT NULL THEN hm_str_span(c%zu) END", i, i);
	else if (type == HM_SCALAR_DYNAMIC)
		hm_putf(b, "CAST(c%zu AS JSON)", i);
	else
		hm_putf(b, "c%zu", i);
}

static void put_copy(struct hm_buf *b, const struct hm_result *r, const char *path)
{
	hm_put_str(b, "COPY (SELECT ");
	for (size_t i = 0; i < r->columns.count; i++) {
		hm_put_str(b, i == 0 ? "" : ", ");
		put_value(b, i, r->columns.at[i].type);
		hm_put_str(b, " AS ");
		hm_put_sql_name(b, r->columns.at[i].name);
	}
	hm_putf(b, " FROM (%s)) TO ", r->sql.text);
	hm_put_sql_text(b, hm_bytes_of(path));
	hm_put_str(b, " (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)");
	hm_put_u8(b, 0);
}

static bool refuse(struct hm_arena *a, struct hm_diag *diag, const char *message)
{
	*diag = (struct hm_diag){ .code = "HM007",
				  .message = hm_bytes_of(hm_format(a, "%s", message)) };
	return false;
}

/* The engine would give one of them another name. */
static bool check_names(struct hm_arena *a, const struct hm_fields *f,
			struct hm_diag *diag)
{
	for (size_t i = 0; i < f->count; i++) {
		if (memchr(f->at[i].name.at, 0, f->at[i].name.len) != NULL)
			return refuse(a, diag, "A column's name holds a NUL.");
		for (size_t k = 0; k < i; k++)
			if (hm_same_nocase(f->at[i].name, f->at[k].name))
				return refuse(
					a, diag,
					hm_format(a,
						  "The columns %.*s and %.*s differ by "
						  "case only, which the readers of "
						  "Parquet take for one: rename one.",
						  (int)f->at[k].name.len,
						  (const char *)f->at[k].name.at,
						  (int)f->at[i].name.len,
						  (const char *)f->at[i].name.at));
	}
	return f->count != 0 || refuse(a, diag, "A table without columns is no Parquet.");
}

static bool failed(struct hm_session *s, struct hm_arena *a, struct hm_diag *diag)
{
	if (strstr(hm_store_why(hm_session_store(s)), "Overflow in multiplication") !=
	    NULL)
		return refuse(a, diag,
			      "A time before 1678 or after 2262 does not fit Parquet's "
			      "nanoseconds: write it as text, by tostring().");
	hm_session_failed(s, a, diag);
	return false;
}

static hm_err run(struct hm_session *s, struct hm_result *r, const char *sql,
		  int64_t *rows)
{
	hm_err err = hm_statement_open(hm_session_store(s), sql, &r->statement);

	for (size_t i = 0; err == HM_OK && i < r->sql.param_count; i++)
		hm_statement_bind_text(r->statement, (unsigned)i + 1, r->sql.params[i]);
	return err == HM_OK ? hm_statement_int(r->statement, 0, rows) : err;
}

bool hm_parquet_write(struct hm_session *s, struct hm_result *r,
		      const struct hm_parquet_to *to, struct hm_diag *diag)
{
	struct hm_buf sql = hm_buf_of(SIZE_MAX / 2);
	int64_t count = 0;

	if (!check_names(to->arena, &r->columns, diag))
		return false;
	put_copy(&sql, r, to->path);
	hm_err err = sql.err == HM_OK ? run(s, r, (const char *)sql.at, &count) : sql.err;
	hm_buf_done(&sql);
	*to->rows = (size_t)count;
	return err == HM_OK || failed(s, to->arena, diag);
}
