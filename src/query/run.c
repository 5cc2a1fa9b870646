/* SPDX-License-Identifier: MIT */
#include "query/run.h"

#include <string.h>

#include "base/schema.h"
#include "query/external.h"
#include "query/rt.h"
#include "query/tables.h"

struct hm_session {
	struct hm_store *store;
	struct hm_catalogue catalogue;
	struct hm_sql_options options;
	struct hm_copies copies;
};

/* Whether it is the store's: a table of the schema file hides one of the same name. */
static bool is_stored(void *ctx, hm_bytes table)
{
	const struct hm_session *s = ctx;
	const struct hm_source *t = s->catalogue.tables;

	while (t != NULL && !hm_same(t->name, table))
		t = t->next;
	return s->store != NULL && t != NULL && !t->added && hm_table_find(table) != NULL;
}

struct hm_store *hm_session_store(struct hm_session *s)
{
	return s->store;
}

/* What a function of ours refused is said in its own words. */
static bool was_refused(const char *why, struct hm_arena *a, struct hm_diag *diag)
{
	const char *fault = strstr(why, "Error: " HM_RT_FAULT);

	if (fault == NULL)
		return false;
	fault += strlen("Error: " HM_RT_FAULT);
	diag->code = "HM003";
	if (strncmp(fault, "HM001: ", strlen("HM001: ")) == 0) {
		diag->code = "HM001";
		fault += strlen("HM001: ");
	}
	diag->message = hm_keep(a, hm_bytes_of(fault));
	return true;
}

void hm_session_failed(struct hm_session *s, struct hm_arena *a, struct hm_diag *diag)
{
	const char *why = hm_store_why(s->store);

	*diag = (struct hm_diag){ 0 };
	if (was_refused(why, a, diag))
		return;
	if (strstr(why, "Out of Memory Error") != NULL)
		why = "it needs more memory than it is allowed (--memory)";
	*diag = (struct hm_diag){ .code = "HM003",
				  .message = hm_bytes_of(hm_format(
					  a, "the query could not be run: %s", why)) };
}

/* Kinds of a bag's members as rt_bag.c writes them; two that differ are dynamic. */
static enum hm_scalar member_type(uint8_t kind)
{
	switch (kind) {
	case 'b': return HM_SCALAR_BOOL;
	case 'l': return HM_SCALAR_LONG;
	case 'r': return HM_SCALAR_REAL;
	case 's': return HM_SCALAR_STRING;
	default: return HM_SCALAR_DYNAMIC;
	}
}

static void note_member(struct hm_arena *a, struct hm_fields *out, hm_bytes name,
			uint8_t kind)
{
	enum hm_scalar type = member_type(kind);
	size_t i = 0;

	while (i < out->count && hm_order(out->at[i].name, name) < 0)
		i++;
	if (i < out->count && hm_same(out->at[i].name, name)) {
		struct hm_field *f = &out->at[i];
		bool numbers = hm_scalar_is_number(f->type) && hm_scalar_is_number(type);
		if (f->type == HM_SCALAR_UNKNOWN)
			f->type = type;
		else if (kind != 'n' && f->type != type)
			f->type = numbers ? HM_SCALAR_REAL : HM_SCALAR_DYNAMIC;
		return;
	}
	struct hm_field *grown = hm_new_n(a, struct hm_field, out->count + 1);
	if (out->count != 0) {
		memcpy(grown, out->at, i * sizeof *grown);
		memcpy(&grown[i + 1], &out->at[i], (out->count - i) * sizeof *grown);
	}
	grown[i] = (struct hm_field){ hm_keep(a, name),
				      kind == 'n' ? HM_SCALAR_UNKNOWN : type };
	out->at = grown;
	out->count++;
}

static void note_rows(struct hm_arena *a, duckdb_data_chunk chunk, bool bag,
		      struct hm_fields *out)
{
	size_t rows = duckdb_data_chunk_get_size(chunk);

	for (size_t i = 0; i < rows; i++) {
		if (!hm_chunk_has(chunk, 0, i))
			continue;
		hm_bytes text = hm_chunk_text(chunk, 0, i);
		if (bag && text.len != 0) {
			struct hm_cur c = hm_cur_of(text);
			uint8_t kind = hm_u8(&c, "kind");
			note_member(a, out, hm_rest(&c), kind);
		} else if (!bag) {
			note_member(a, out, text, 's');
		}
	}
}

/* bag_unpack and pivot: the columns lie in the rows, so the rows are asked first. */
static bool spread(void *ctx, const struct hm_plan *input, const struct hm_expr *of,
		   struct hm_arena *a, struct hm_fields *out)
{
	struct hm_session *s = ctx;
	bool bag = of->type == HM_SCALAR_DYNAMIC, ok = false;
	struct hm_statement *st = NULL;
	duckdb_data_chunk chunk;
	struct hm_sql sql;
	struct hm_diag diag;

	*out = (struct hm_fields){ 0 };
	struct hm_sql_options options = s->options;
	options.of = of;
	if (s->store == NULL || !hm_sql_print(input, &options, a, &sql, &diag))
		return false;
	const char *text =
		hm_format(a,
			  bag ? "SELECT DISTINCT unnest(hm_members(c0)) FROM (%s)"
			      : "SELECT CAST(c0 AS VARCHAR) FROM (%s)",
			  sql.text);
	if (hm_statement_open(s->store, text, &st) != HM_OK)
		return false;
	for (size_t i = 0; i < sql.param_count; i++)
		hm_statement_bind_text(st, (unsigned)i + 1, sql.params[i]);
	if (hm_statement_start(st) == HM_OK)
		while ((ok = hm_statement_next(st, &chunk) == HM_OK) && chunk != NULL)
			note_rows(a, chunk, bag, out);
	hm_statement_close(st);
	for (size_t i = 0; i < out->count; i++)
		if (out->at[i].type == HM_SCALAR_UNKNOWN)
			out->at[i].type = HM_SCALAR_DYNAMIC;
	return ok;
}

/* Where nothing can be run, what the query declares is enough. */
static hm_bytes external(void *ctx, const struct hm_external *what, struct hm_arena *a,
			 const char **why)
{
	struct hm_session *s = ctx;

	return s->store == NULL ? what->urls[0]
				: hm_external_load(&s->copies, what, a, why);
}

static struct hm_fields watchlist(void *ctx, hm_bytes name, struct hm_arena *a,
				  hm_bytes *table, const char **why)
{
	struct hm_session *s = ctx;

	return s->store == NULL ? (struct hm_fields){ 0 }
				: hm_watchlist_load(&s->copies, name, a, table, why);
}

struct hm_session *hm_session_open(const struct hm_session_spec *spec, struct hm_arena *a,
				   const char **why)
{
	struct hm_session *s = hm_new(a, struct hm_session);
	struct hm_source *tables = hm_tables_of(spec->dialect, a);

	s->store = spec->store;
	if (spec->schema.len != 0 &&
	    (tables = hm_tables_read(spec->schema, tables, a, why)) == NULL)
		return NULL;
	s->catalogue =
		(struct hm_catalogue){ .ctx = s,
				       .dialect = spec->dialect,
				       .tables = tables,
				       .external = external,
				       .watchlist = watchlist,
				       .spread = spec->store == NULL ? NULL : spread };
	s->copies =
		(struct hm_copies){ .store = s->store,
				    .may_lack = spec->checking || spec->schema.len != 0 };
	s->options = (struct hm_sql_options){ .now = spec->now,
					      .ctx = s,
					      .stored = is_stored };
	if (s->store != NULL && hm_rt_register(hm_store_connection(s->store)) != HM_OK) {
		*why = "the engine does not take hallmark's functions";
		return NULL;
	}
	return s;
}

bool hm_result_bind(struct hm_session *s, hm_bytes text, struct hm_arena *a,
		    struct hm_result *out, struct hm_diag *diag)
{
	hm_copies_drop(&s->copies, a);
	*out = (struct hm_result){ .text = text,
				   .query = hm_bind(text, &s->catalogue, a, diag) };
	if (out->query == NULL)
		return false;
	out->columns = out->query->top->columns;
	return true;
}

bool hm_result_print(struct hm_session *s, struct hm_arena *a, struct hm_result *r,
		     struct hm_diag *diag)
{
	if (hm_sql_print(r->query->top, &s->options, a, &r->sql, diag))
		return true;
	hm_diag_place(diag, r->text);
	return false;
}

static duckdb_type type_of(enum hm_scalar type)
{
	switch (type) {
	case HM_SCALAR_BOOL: return DUCKDB_TYPE_BOOLEAN;
	case HM_SCALAR_INT: return DUCKDB_TYPE_INTEGER;
	case HM_SCALAR_LONG:
	case HM_SCALAR_DATETIME:
	case HM_SCALAR_TIMESPAN: return DUCKDB_TYPE_BIGINT;
	case HM_SCALAR_REAL: return DUCKDB_TYPE_DOUBLE;
	case HM_SCALAR_UNKNOWN:
	case HM_SCALAR_DECIMAL:
	case HM_SCALAR_STRING:
	case HM_SCALAR_GUID:
	case HM_SCALAR_DYNAMIC: break;
	}
	return DUCKDB_TYPE_VARCHAR;
}

/* Cells are read by the plan's types; a fault of the printer must not become a wrong
 * read of the engine's memory. */
static bool same_types(struct hm_arena *a, const struct hm_result *r,
		       struct hm_diag *diag)
{
	for (size_t i = 0; i < r->columns.count; i++) {
		duckdb_type got = hm_statement_type(r->statement, (unsigned)i);
		if (got == type_of(r->columns.at[i].type))
			continue;
		*diag = (struct hm_diag){
			.code = "HM003",
			.message = hm_bytes_of(hm_format(
				a, "column %.*s is not %s in the engine (type %d)",
				(int)r->columns.at[i].name.len,
				(const char *)r->columns.at[i].name.at,
				hm_scalar_name(r->columns.at[i].type), (int)got))
		};
		return false;
	}
	return true;
}

bool hm_result_start(struct hm_session *s, struct hm_arena *a, struct hm_result *r,
		     struct hm_diag *diag)
{
	if (hm_statement_open(s->store, r->sql.text, &r->statement) != HM_OK) {
		hm_session_failed(s, a, diag);
		return false;
	}
	for (size_t i = 0; i < r->sql.param_count; i++)
		hm_statement_bind_text(r->statement, (unsigned)i + 1, r->sql.params[i]);
	if (hm_statement_start(r->statement) != HM_OK) {
		hm_session_failed(s, a, diag);
		return false;
	}
	return same_types(a, r, diag);
}

bool hm_result_next(struct hm_session *s, struct hm_arena *a, struct hm_result *r,
		    duckdb_data_chunk *out, struct hm_diag *diag)
{
	if (hm_statement_next(r->statement, out) == HM_OK)
		return true;
	hm_session_failed(s, a, diag);
	return false;
}

void hm_result_close(struct hm_result *r)
{
	hm_statement_close(r->statement);
	r->statement = NULL;
}
