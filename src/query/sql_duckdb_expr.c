/* SPDX-License-Identifier: MIT */
/* sql_duckdb_expr.c: values, columns and conversions; see sql_duckdb.h. */
#include <math.h>
#include <string.h>

#include "query/sql_duckdb.h"

void hm_sql_comma(struct hm_printer *p, size_t place)
{
	if (place != 0)
		hm_put_str(&p->out, ", ");
}

void hm_sql_text(struct hm_printer *p, hm_bytes text)
{
	if (p->param_count == p->param_cap) {
		p->param_cap = p->param_cap * 2 + 16;
		hm_bytes *grown = hm_new_n(p->a, hm_bytes, p->param_cap);
		if (p->param_count != 0)
			memcpy(grown, p->params, p->param_count * sizeof *grown);
		p->params = grown;
	}
	p->params[p->param_count++] = text;
	hm_putf(&p->out, "$%zu::VARCHAR", p->param_count);
}

const char *hm_sql_type_of(enum hm_scalar type)
{
	switch (type) {
	case HM_SCALAR_BOOL: return "BOOLEAN";
	case HM_SCALAR_INT: return "INTEGER";
	case HM_SCALAR_LONG:
	case HM_SCALAR_DATETIME:
	case HM_SCALAR_TIMESPAN: return "BIGINT";
	case HM_SCALAR_REAL: return "DOUBLE";
	case HM_SCALAR_UNKNOWN:
	case HM_SCALAR_DECIMAL:
	case HM_SCALAR_STRING:
	case HM_SCALAR_GUID:
	case HM_SCALAR_DYNAMIC: break;
	}
	return "VARCHAR";
}

void hm_sql_nothing(struct hm_printer *p, enum hm_scalar type)
{
	if (type == HM_SCALAR_STRING)
		hm_put_str(&p->out, "''");
	else
		hm_putf(&p->out, "NULL::%s", hm_sql_type_of(type));
}

static void put_real(struct hm_printer *p, double r)
{
	if (isnan(r))
		hm_put_str(&p->out, "'nan'::DOUBLE");
	else if (isinf(r))
		hm_putf(&p->out, "'%sinf'::DOUBLE", r < 0 ? "-" : "");
	else
		hm_putf(&p->out, "%.17g::DOUBLE", r);
}

/* The least long has no literal: its digits are one too many before the minus. */
static void put_long(struct hm_printer *p, int64_t value)
{
	if (value == INT64_MIN)
		hm_put_str(&p->out, "(-9223372036854775807 - 1)");
	else
		hm_putf(&p->out, value < 0 ? "(%lld)" : "%lld", (long long)value);
	hm_put_str(&p->out, "::BIGINT");
}

void hm_sql_value(struct hm_printer *p, const struct hm_value *v)
{
	if (v->null) {
		hm_sql_nothing(p, v->type);
		return;
	}
	switch (v->type) {
	case HM_SCALAR_BOOL: hm_put_str(&p->out, v->truth ? "TRUE" : "FALSE"); return;
	case HM_SCALAR_INT:
		hm_putf(&p->out, "(%lld)::INTEGER", (long long)v->whole);
		return;
	case HM_SCALAR_LONG:
	case HM_SCALAR_DATETIME:
	case HM_SCALAR_TIMESPAN: put_long(p, v->whole); return;
	case HM_SCALAR_REAL: put_real(p, v->real); return;
	case HM_SCALAR_UNKNOWN:
	case HM_SCALAR_DECIMAL:
	case HM_SCALAR_STRING:
	case HM_SCALAR_GUID:
	case HM_SCALAR_DYNAMIC: break;
	}
	hm_sql_text(p, v->text);
}

bool hm_sql_nullable(const struct hm_expr *e)
{
	if (e->type == HM_SCALAR_STRING || e->kind == HM_EXPR_NOW)
		return false;
	if (e->kind == HM_EXPR_LITERAL)
		return e->value.null;
	/* Arithmetic on constants: ago(1d) and now() - 1h. */
	if (e->kind == HM_EXPR_CALL && e->constant &&
	    (e->fn == HM_FN_ago || e->fn == HM_FN_now))
		return e->arg_count != 0 && hm_sql_nullable(e->args[0]);
	return true;
}

void hm_sql_open_dynamic(struct hm_printer *p, enum hm_scalar type)
{
	switch (type) {
	case HM_SCALAR_BOOL:
	case HM_SCALAR_INT:
	case HM_SCALAR_LONG: hm_put_str(&p->out, "CAST("); return;
	case HM_SCALAR_REAL: hm_put_str(&p->out, "hm_dyn_real("); return;
	case HM_SCALAR_STRING: hm_put_str(&p->out, "hm_dyn_str("); return;
	case HM_SCALAR_DATETIME: hm_put_str(&p->out, "hm_dyn_time("); return;
	case HM_SCALAR_TIMESPAN: hm_put_str(&p->out, "hm_dyn_span("); return;
	case HM_SCALAR_DECIMAL:
	case HM_SCALAR_GUID: hm_put_str(&p->out, "('\"' || "); return;
	case HM_SCALAR_UNKNOWN:
	case HM_SCALAR_DYNAMIC: hm_put_str(&p->out, "("); return;
	}
}

void hm_sql_close_dynamic(struct hm_printer *p, enum hm_scalar type)
{
	switch (type) {
	case HM_SCALAR_BOOL:
	case HM_SCALAR_INT:
	case HM_SCALAR_LONG: hm_put_str(&p->out, " AS VARCHAR)"); return;
	case HM_SCALAR_DECIMAL:
	case HM_SCALAR_GUID: hm_put_str(&p->out, " || '\"')"); return;
	case HM_SCALAR_REAL:
	case HM_SCALAR_STRING:
	case HM_SCALAR_DATETIME:
	case HM_SCALAR_TIMESPAN:
	case HM_SCALAR_UNKNOWN:
	case HM_SCALAR_DYNAMIC: hm_put_str(&p->out, ")"); return;
	}
}

static const char *function_of_dynamic(enum hm_scalar type)
{
	switch (type) {
	case HM_SCALAR_BOOL: return "hm_bool_dyn(";
	case HM_SCALAR_INT: return "hm_int_dyn(";
	case HM_SCALAR_LONG: return "hm_long_dyn(";
	case HM_SCALAR_REAL: return "hm_real_dyn(";
	case HM_SCALAR_DECIMAL: return "hm_dec_str(hm_str_dyn(";
	case HM_SCALAR_STRING: return "hm_str_dyn(";
	case HM_SCALAR_DATETIME: return "hm_time_dyn(";
	case HM_SCALAR_TIMESPAN: return "hm_span_dyn(";
	case HM_SCALAR_GUID: return "hm_guid_str(hm_str_dyn(";
	case HM_SCALAR_UNKNOWN:
	case HM_SCALAR_DYNAMIC: break;
	}
	return "(";
}

static const char *function_of_text(enum hm_scalar type)
{
	switch (type) {
	case HM_SCALAR_BOOL: return "hm_bool_str(";
	case HM_SCALAR_INT: return "hm_int_str(";
	case HM_SCALAR_LONG: return "hm_long_str(";
	case HM_SCALAR_REAL: return "hm_real_str(";
	case HM_SCALAR_DECIMAL: return "hm_dec_str(";
	case HM_SCALAR_DATETIME: return "hm_time_str(";
	case HM_SCALAR_TIMESPAN: return "hm_span_str(";
	case HM_SCALAR_GUID: return "hm_guid_str(";
	case HM_SCALAR_DYNAMIC: return "hm_parse_json(";
	case HM_SCALAR_UNKNOWN:
	case HM_SCALAR_STRING: break;
	}
	return "(";
}

static bool takes_two(enum hm_scalar type)
{
	return type == HM_SCALAR_DECIMAL || type == HM_SCALAR_GUID;
}

void hm_sql_of_dynamic(struct hm_printer *p, const char *sql, enum hm_scalar type)
{
	hm_putf(&p->out, "%s%s%s", function_of_dynamic(type), sql,
		takes_two(type) ? "))" : ")");
}

void hm_sql_of_text(struct hm_printer *p, const char *sql, enum hm_scalar type)
{
	hm_putf(&p->out, "%s%s)", function_of_text(type), sql);
}

static void as_string(struct hm_printer *p, const struct hm_expr *e)
{
	/* clang-format off */
	static const char *const open[HM_SCALAR_COUNT] = {
		[HM_SCALAR_UNKNOWN] = "coalesce(", [HM_SCALAR_BOOL] = "hm_str_bool(",
		[HM_SCALAR_INT] = "coalesce(CAST(", [HM_SCALAR_LONG] = "coalesce(CAST(",
		[HM_SCALAR_REAL] = "hm_str_real(", [HM_SCALAR_DECIMAL] = "coalesce(",
		[HM_SCALAR_STRING] = "", [HM_SCALAR_DATETIME] = "hm_str_time(",
		[HM_SCALAR_TIMESPAN] = "hm_str_span(", [HM_SCALAR_GUID] = "coalesce(",
		[HM_SCALAR_DYNAMIC] = "hm_str_dyn("
	};
	static const char *const close[HM_SCALAR_COUNT] = {
		[HM_SCALAR_UNKNOWN] = ", '')", [HM_SCALAR_BOOL] = ")",
		[HM_SCALAR_INT] = " AS VARCHAR), '')", [HM_SCALAR_LONG] = " AS VARCHAR), '')",
		[HM_SCALAR_REAL] = ")", [HM_SCALAR_DECIMAL] = ", '')",
		[HM_SCALAR_STRING] = "", [HM_SCALAR_DATETIME] = ")",
		[HM_SCALAR_TIMESPAN] = ")", [HM_SCALAR_GUID] = ", '')",
		[HM_SCALAR_DYNAMIC] = ")"
	};
	/* clang-format on */

	hm_put_str(&p->out, open[e->type]);
	hm_sql_expr(p, e);
	hm_put_str(&p->out, close[e->type]);
}

/* Between numbers: SQL's cast does where nothing can be lost. */
static void as_number(struct hm_printer *p, const struct hm_expr *e, enum hm_scalar to)
{
	const char *open = "CAST(",
		   *close = to == HM_SCALAR_REAL ? " AS DOUBLE)" : " AS BIGINT)";

	if (e->type == to || (to == HM_SCALAR_LONG && (e->type == HM_SCALAR_DATETIME ||
						       e->type == HM_SCALAR_TIMESPAN))) {
		hm_sql_expr(p, e);
		return;
	}
	if (e->type == HM_SCALAR_DECIMAL)
		open = to == HM_SCALAR_REAL ? "hm_real_dec(" : "hm_long_dec(";
	else if (e->type == HM_SCALAR_STRING)
		open = function_of_text(to);
	else if (e->type == HM_SCALAR_DYNAMIC)
		open = function_of_dynamic(to);
	else if (e->type == HM_SCALAR_REAL && to == HM_SCALAR_LONG)
		open = "hm_long_real(";
	if (strcmp(open, "CAST(") != 0)
		close = ")";
	hm_put_str(&p->out, open);
	hm_sql_expr(p, e);
	hm_put_str(&p->out, close);
}

static void as_bool(struct hm_printer *p, const struct hm_expr *e)
{
	if (e->type == HM_SCALAR_BOOL) {
		hm_sql_expr(p, e);
		return;
	}
	if (e->type == HM_SCALAR_DYNAMIC || e->type == HM_SCALAR_STRING) {
		hm_put_str(&p->out,
			   e->type == HM_SCALAR_STRING ? "hm_bool_str(" : "hm_bool_dyn(");
		hm_sql_expr(p, e);
		hm_put_str(&p->out, ")");
		return;
	}
	hm_put_str(&p->out, "(");
	hm_sql_as(p, e, 'r');
	hm_put_str(&p->out, " <> 0)");
}

void hm_sql_as(struct hm_printer *p, const struct hm_expr *e, char kind)
{
	switch (kind) {
	case 's': as_string(p, e); return;
	case 'l': as_number(p, e, HM_SCALAR_LONG); return;
	case 'r': as_number(p, e, HM_SCALAR_REAL); return;
	case 'b': as_bool(p, e); return;
	case 'j':
		hm_sql_open_dynamic(p, e->type);
		hm_sql_expr(p, e);
		hm_sql_close_dynamic(p, e->type);
		return;
	default: hm_sql_expr(p, e);
	}
}

static void as_decimal(struct hm_printer *p, const struct hm_expr *e)
{
	if (e->type == HM_SCALAR_DECIMAL) {
		hm_sql_expr(p, e);
		return;
	}
	hm_put_str(&p->out, "hm_dec_str(");
	hm_sql_as(p, e, e->type == HM_SCALAR_BOOL ? 'l' : 's');
	hm_put_str(&p->out, e->type == HM_SCALAR_BOOL ? "::VARCHAR)" : ")");
}

static void convert(struct hm_printer *p, const struct hm_expr *from, enum hm_scalar to)
{
	if (from->type == to) {
		hm_sql_expr(p, from);
		return;
	}
	if (from->type == HM_SCALAR_DYNAMIC || from->type == HM_SCALAR_UNKNOWN) {
		hm_put_str(&p->out, function_of_dynamic(to));
		hm_sql_expr(p, from);
		hm_put_str(&p->out, takes_two(to) ? "))" : ")");
		return;
	}
	switch (to) {
	case HM_SCALAR_BOOL: as_bool(p, from); return;
	case HM_SCALAR_LONG: as_number(p, from, HM_SCALAR_LONG); return;
	case HM_SCALAR_REAL: as_number(p, from, HM_SCALAR_REAL); return;
	case HM_SCALAR_DECIMAL: as_decimal(p, from); return;
	case HM_SCALAR_STRING: as_string(p, from); return;
	case HM_SCALAR_DYNAMIC: hm_sql_as(p, from, 'j'); return;
	case HM_SCALAR_INT:
	case HM_SCALAR_DATETIME:
	case HM_SCALAR_TIMESPAN:
	case HM_SCALAR_GUID:
	case HM_SCALAR_UNKNOWN: break;
	}
	if (from->type == HM_SCALAR_STRING)
		hm_put_str(&p->out, function_of_text(to));
	else
		hm_put_str(&p->out, to == HM_SCALAR_INT ? "hm_int_long(" : "(");
	hm_sql_expr(p, from);
	hm_put_str(&p->out, ")");
}

/* The first cell of a table: with its order where it has one. */
static void scalar(struct hm_printer *p, const struct hm_expr *e)
{
	size_t at = hm_sql_node(p, e->plan);

	hm_putf(&p->out, "%s(SELECT c0 FROM n%zu%s LIMIT 1)%s",
		e->type == HM_SCALAR_STRING ? "coalesce(" : "", at,
		p->nodes[at].order ? " ORDER BY o" : "",
		e->type == HM_SCALAR_STRING ? ", '')" : "");
}

static bool print_computed(struct hm_printer *p, const struct hm_expr *e)
{
	for (size_t i = 0; i < p->computed_count; i++) {
		if (p->computed[i].expr == e && p->computed[i].letter[0] == 'w') {
			hm_putf(&p->out, "w%u", p->computed[i].index);
			return true;
		}
	}
	return false;
}

static void item(struct hm_printer *p, const struct hm_expr *e)
{
	const struct hm_expr *index = e->args[1];
	bool name = index->type == HM_SCALAR_STRING;
	bool number = index->type == HM_SCALAR_LONG || index->type == HM_SCALAR_INT;

	hm_put_str(&p->out, name ? "hm_member(" : number ? "hm_element(" : "hm_step(");
	hm_sql_as(p, e->args[0], 'j');
	hm_put_str(&p->out, ", ");
	hm_sql_as(p, index, name ? 's' : number ? 'l' : 'j');
	hm_put_str(&p->out, ")");
}

void hm_sql_expr(struct hm_printer *p, const struct hm_expr *e)
{
	if (print_computed(p, e))
		return;
	switch (e->kind) {
	case HM_EXPR_COLUMN: hm_putf(&p->out, "%sc%zu", p->prefix, e->column); return;
	case HM_EXPR_LITERAL: hm_sql_value(p, &e->value); return;
	case HM_EXPR_NOW: put_long(p, p->options->now); return;
	case HM_EXPR_CALL: hm_sql_call(p, e); return;
	case HM_EXPR_CONVERT: convert(p, e->args[0], e->type); return;
	case HM_EXPR_MEMBER:
		hm_put_str(&p->out, "hm_member(");
		hm_sql_as(p, e->args[0], 'j');
		hm_put_str(&p->out, ", ");
		hm_sql_text(p, e->text);
		hm_put_str(&p->out, ")");
		return;
	case HM_EXPR_ITEM: item(p, e); return;
	case HM_EXPR_SCALAR: scalar(p, e); return;
	case HM_EXPR_IN: hm_sql_operator(p, e, false); return;
	}
}

void hm_sql_test(struct hm_printer *p, const struct hm_expr *e)
{
	bool plain = e->kind == HM_EXPR_CALL || e->kind == HM_EXPR_IN;

	if (plain && hm_fn_info(e->fn)->kind == HM_FN_KIND_OPERATOR)
		hm_sql_operator(p, e, true);
	else
		hm_sql_as(p, e, 'b');
}

void hm_sql_sort_key(struct hm_printer *p, const struct hm_sort_key *key)
{
	const struct hm_expr *by = key->by;

	if (by->type == HM_SCALAR_REAL) {
		hm_put_str(&p->out, "nullif(");
		hm_sql_expr(p, by);
		hm_put_str(&p->out, ", 'nan'::DOUBLE)");
	} else if (by->type == HM_SCALAR_DECIMAL) {
		hm_sql_as(p, by, 'r');
	} else {
		hm_sql_expr(p, by);
	}
	hm_putf(&p->out, " %s NULLS %s", key->descending ? "DESC" : "ASC",
		key->nulls_first ? "FIRST" : "LAST");
}
