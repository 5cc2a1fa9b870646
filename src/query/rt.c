/* SPDX-License-Identifier: MIT */
/* rt.c: see rt.h.  Between DuckDB's vectors and struct hm_rt_val. */
#include "query/rt.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"

struct row {
	const char *sql_name, *sig;
	hm_rt_fn *fn;
	unsigned flags;
};

static const struct row rows[] = {
#define RT(name, sig, flags) { "hm_" #name, sig, hm_kql_##name, flags },
#include "query/rt_funcs.def"
#undef RT
};

enum {
	NUM_ROWS = sizeof rows / sizeof rows[0],
	MAX_ARGS = 128, /* of one call, a bag_pack of 64 pairs among them */
};

struct column {
	char letter;
	void *data;
	uint64_t *valid;
};

static hm_bytes view_of(duckdb_string_t *text)
{
	return (hm_bytes){ (const uint8_t *)duckdb_string_t_data(text),
			   duckdb_string_t_length(*text) };
}

static void load(const struct column *col, idx_t row, struct hm_rt_val *out)
{
	bool null = col->valid != NULL && !duckdb_validity_row_is_valid(col->valid, row);

	*out = (struct hm_rt_val){ .null = null };
	if (null) {
		out->null = col->letter != 's';
		return;
	}
	switch (col->letter) {
	case 'b': out->b = ((bool *)col->data)[row]; break;
	case 'i': out->i = ((int32_t *)col->data)[row]; break;
	case 'l': out->i = ((int64_t *)col->data)[row]; break;
	case 'r': out->r = ((double *)col->data)[row]; break;
	default: out->s = view_of(&((duckdb_string_t *)col->data)[row]);
	}
}

static void store_list(duckdb_vector vector, idx_t row, const struct hm_rt_val *val)
{
	idx_t at = duckdb_list_vector_get_size(vector);
	duckdb_list_entry *entries = duckdb_vector_get_data(vector);

	duckdb_list_vector_reserve(vector, at + val->count);
	duckdb_list_vector_set_size(vector, at + val->count);
	duckdb_vector child = duckdb_list_vector_get_child(vector);
	entries[row] = (duckdb_list_entry){ at, val->count };
	for (size_t i = 0; i < val->count; i++) {
		const struct hm_rt_val *item = &val->list[i];
		if (item->null) {
			duckdb_vector_ensure_validity_writable(child);
			duckdb_validity_set_row_invalid(duckdb_vector_get_validity(child),
							at + i);
			continue;
		}
		duckdb_vector_assign_string_element_len(
			child, at + i, (const char *)item->s.at, item->s.len);
	}
}

static void store(duckdb_vector vector, const struct column *col, idx_t row,
		  const struct hm_rt_val *val)
{
	if (val->null && col->letter != 's') {
		duckdb_vector_ensure_validity_writable(vector);
		duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
		return;
	}
	switch (col->letter) {
	case 'b': ((bool *)col->data)[row] = val->b; break;
	case 'i': ((int32_t *)col->data)[row] = (int32_t)val->i; break;
	case 'l': ((int64_t *)col->data)[row] = val->i; break;
	case 'r': ((double *)col->data)[row] = val->r; break;
	case 'L': store_list(vector, row, val); break;
	default:
		duckdb_vector_assign_string_element_len(
			vector, row, val->null ? "" : (const char *)val->s.at,
			val->null ? 0 : val->s.len);
	}
}

static bool any_null(const struct hm_rt_val *arg, size_t num)
{
	for (size_t i = 0; i < num; i++)
		if (arg[i].null)
			return true;
	return false;
}

HM_NORETURN static void full(void *ctx)
{
	jmp_buf *back = ctx;

	longjmp(*back, 1);
}

static void run_rows(struct hm_rt *rt, const struct row *fn, duckdb_data_chunk input,
		     duckdb_vector output)
{
	idx_t count = duckdb_data_chunk_get_size(input);
	idx_t num = duckdb_data_chunk_get_column_count(input);
	struct column cols[MAX_ARGS];
	struct column result = { fn->sig[0], duckdb_vector_get_data(output), NULL };
	size_t letters = strcspn(fn->sig + 2, "*");

	for (idx_t i = 0; i < num; i++) {
		duckdb_vector v = duckdb_data_chunk_get_vector(input, i);
		cols[i] = (struct column){ fn->sig[2 + (i < letters ? i : letters - 1)],
					   duckdb_vector_get_data(v),
					   duckdb_vector_get_validity(v) };
	}
	for (idx_t row = 0; row < count && rt->error == NULL; row++) {
		struct hm_rt_val arg[MAX_ARGS], out = { 0 };

		for (idx_t i = 0; i < num; i++)
			load(&cols[i], row, &arg[i]);
		out.null = !(fn->flags & HM_RT_NULLS) && any_null(arg, num);
		if (!out.null)
			fn->fn(rt, arg, num, &out);
		store(output, &result, row, &out);
		hm_arena_reset(&rt->row);
	}
}

/* Marked, so that what is ours can be told from what the engine says around it. */
static void set_error(duckdb_function_info info, const char *why)
{
	char text[512];

	snprintf(text, sizeof text, HM_RT_FAULT "%s", why);
	duckdb_scalar_function_set_error(info, text);
}

static void call(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
	const struct row *fn = duckdb_scalar_function_get_extra_info(info);
	struct hm_rt rt = { 0 };
	jmp_buf back;

	if (duckdb_data_chunk_get_column_count(input) > MAX_ARGS) {
		duckdb_scalar_function_set_error(info, "a call with too many arguments");
		return;
	}
	if (hm_arena_open(HM_MAX_RT_ROW, full, &back, &rt.row) != HM_OK ||
	    hm_arena_open(HM_MAX_RT_CALL, full, &back, &rt.call) != HM_OK)
		rt.error = "no memory";
	else if (setjmp(back) == 0)
		run_rows(&rt, fn, input, output);
	else
		rt.error = "a value grew past the limit of one row";
	if (rt.error != NULL)
		set_error(info, rt.error);
	hm_arena_close(&rt.row);
	hm_arena_close(&rt.call);
}

static duckdb_type type_of(char letter)
{
	switch (letter) {
	case 'b': return DUCKDB_TYPE_BOOLEAN;
	case 'i': return DUCKDB_TYPE_INTEGER;
	case 'l': return DUCKDB_TYPE_BIGINT;
	case 'r': return DUCKDB_TYPE_DOUBLE;
	default: return DUCKDB_TYPE_VARCHAR;
	}
}

static duckdb_logical_type result_type(char letter)
{
	duckdb_logical_type text = duckdb_create_logical_type(type_of(letter));

	if (letter != 'L')
		return text;
	duckdb_logical_type list = duckdb_create_list_type(text);
	duckdb_destroy_logical_type(&text);
	return list;
}

static void add_parameters(duckdb_scalar_function f, const char *letters)
{
	for (; *letters != '\0'; letters++) {
		duckdb_logical_type t = duckdb_create_logical_type(type_of(*letters));

		if (letters[1] == '*') {
			duckdb_scalar_function_set_varargs(f, t);
			letters++;
		} else {
			duckdb_scalar_function_add_parameter(f, t);
		}
		duckdb_destroy_logical_type(&t);
	}
}

static hm_err register_row(duckdb_connection con, const struct row *row)
{
	duckdb_scalar_function f = duckdb_create_scalar_function();
	duckdb_logical_type result = result_type(row->sig[0]);

	duckdb_scalar_function_set_name(f, row->sql_name);
	duckdb_scalar_function_set_return_type(f, result);
	add_parameters(f, row->sig + 2);
	duckdb_scalar_function_set_special_handling(f);
	if (row->flags & HM_RT_VOLATILE)
		duckdb_scalar_function_set_volatile(f);
	/* DuckDB hands it back untouched; the table is constant. */
	duckdb_scalar_function_set_extra_info(f, (void *)(uintptr_t)row, NULL);
	duckdb_scalar_function_set_function(f, call);

	duckdb_state state = duckdb_register_scalar_function(con, f);
	duckdb_destroy_logical_type(&result);
	duckdb_destroy_scalar_function(&f);
	return state == DuckDBSuccess ? HM_OK : HM_EIO;
}

hm_err hm_rt_register(duckdb_connection con)
{
	for (size_t i = 0; i < NUM_ROWS; i++) {
		hm_err err = register_row(con, &rows[i]);
		if (err != HM_OK)
			return err;
	}
	return HM_OK;
}

bool hm_rt_exists(const char *sql_name)
{
	for (size_t i = 0; i < NUM_ROWS; i++)
		if (strcmp(rows[i].sql_name, sql_name) == 0)
			return true;
	return false;
}
