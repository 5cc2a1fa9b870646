/* SPDX-License-Identifier: MIT */
/*
 * sql_duckdb_call.c: functions.  Most are a template of funcs_duckdb.def; those whose
 * SQL depends on the types or the number of their arguments have a function here.
 */
#include <ctype.h>
#include <string.h>

#include "query/sql_duckdb.h"

static const char *const templates[HM_FN_COUNT] = {
#define SQL(id, text) [HM_FN_##id] = text,
#include "query/funcs_duckdb.def"
#undef SQL
};

/* Arguments from first on, with commas; kind p takes strings and dynamics in turn. */
static void put_list(struct hm_printer *p, const struct hm_expr *e, size_t first,
		     char kind)
{
	for (size_t i = first; i < e->arg_count; i++) {
		char one = kind == 'p' ? i % 2 == 0 ? 's' : 'j' : kind;
		hm_put_str(&p->out, i == first ? "" : ", ");
		hm_sql_as(p, e->args[i], one);
	}
}

/* One {place}; text is what stands between the braces. */
static void put_place(struct hm_printer *p, const struct hm_expr *e, hm_bytes text)
{
	struct hm_cur c = hm_cur_of(text);
	size_t number = 0;
	bool list = false;
	char kind = 0;

	while (isdigit(hm_peek(&c)))
		number = number * 10 + (size_t)(hm_u8(&c, "digit") - '0');
	if (hm_peek(&c) == '*') {
		hm_take(&c, 1, "star");
		list = true;
	}
	if (hm_more(&c) && hm_peek(&c) != '|')
		kind = (char)hm_u8(&c, "kind");
	if (list) {
		put_list(p, e, number == 0 ? 0 : number - 1, kind);
	} else if (number <= e->arg_count) {
		hm_sql_as(p, e->args[number - 1], kind);
	} else {
		hm_take(&c, 1, "bar");
		hm_put(&p->out, hm_rest(&c));
	}
}

static void put_template(struct hm_printer *p, const struct hm_expr *e, const char *text)
{
	while (*text != '\0') {
		if (*text != '{') {
			hm_put_u8(&p->out, (uint8_t)*text++);
			continue;
		}
		const char *end = strchr(text, '}');
		put_place(p, e,
			  (hm_bytes){ (const uint8_t *)text + 1,
				      (size_t)(end - text - 1) });
		text = end + 1;
	}
}

/* Conversions: to<type>(x) of any type. */
static void convert_to(struct hm_printer *p, const struct hm_expr *e, enum hm_scalar to)
{
	struct hm_expr *x = e->args[0];
	struct hm_expr as = { .kind = HM_EXPR_CONVERT,
			      .type = to,
			      .args = &x,
			      .arg_count = 1,
			      .span = e->span };
	bool ticks = x->type == HM_SCALAR_DATETIME || x->type == HM_SCALAR_TIMESPAN;

	if (to == HM_SCALAR_INT && x->type == HM_SCALAR_REAL) {
		put_template(p, e, "hm_int_real({1})");
	} else if (to == HM_SCALAR_INT &&
		   (ticks || x->type == HM_SCALAR_BOOL || x->type == HM_SCALAR_DECIMAL)) {
		put_template(p, e, "hm_int_long({1l})");
	} else if (to == HM_SCALAR_DATETIME && x->type != HM_SCALAR_DYNAMIC &&
		   x->type != HM_SCALAR_STRING) {
		put_template(p, e, "hm_time_long({1l})");
	} else if (to == HM_SCALAR_TIMESPAN && x->type != HM_SCALAR_DYNAMIC &&
		   x->type != HM_SCALAR_STRING) {
		hm_sql_as(p, x, 'l');
	} else if (to == HM_SCALAR_DYNAMIC && x->type == HM_SCALAR_STRING) {
		put_template(p, e, "hm_parse_json({1})");
	} else {
		hm_sql_expr(p, &as);
	}
}

static enum hm_scalar conversion_of(enum hm_fn fn)
{
	static const struct {
		enum hm_fn fn;
		enum hm_scalar to;
	} all[] = { { HM_FN_tobool, HM_SCALAR_BOOL },
		    { HM_FN_toboolean, HM_SCALAR_BOOL },
		    { HM_FN_todatetime, HM_SCALAR_DATETIME },
		    { HM_FN_todecimal, HM_SCALAR_DECIMAL },
		    { HM_FN_todouble, HM_SCALAR_REAL },
		    { HM_FN_toreal, HM_SCALAR_REAL },
		    { HM_FN_todynamic, HM_SCALAR_DYNAMIC },
		    { HM_FN_toobject, HM_SCALAR_DYNAMIC },
		    { HM_FN_parse_json, HM_SCALAR_DYNAMIC },
		    { HM_FN_parsejson, HM_SCALAR_DYNAMIC },
		    { HM_FN_toguid, HM_SCALAR_GUID },
		    { HM_FN_toint, HM_SCALAR_INT },
		    { HM_FN_tolong, HM_SCALAR_LONG },
		    { HM_FN_tostring, HM_SCALAR_STRING },
		    { HM_FN_totime, HM_SCALAR_TIMESPAN },
		    { HM_FN_totimespan, HM_SCALAR_TIMESPAN } };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i].fn == fn)
			return all[i].to;
	return HM_SCALAR_UNKNOWN;
}

/* case(test, then, test, then, else), iff */
static void put_case(struct hm_printer *p, const struct hm_expr *e)
{
	hm_put_str(&p->out, "CASE");
	for (size_t i = 0; i + 1 < e->arg_count; i += 2) {
		hm_put_str(&p->out, " WHEN ");
		hm_sql_test(p, e->args[i]);
		hm_put_str(&p->out, " THEN ");
		hm_sql_expr(p, e->args[i + 1]);
	}
	hm_put_str(&p->out, " ELSE ");
	hm_sql_expr(p, e->args[e->arg_count - 1]);
	hm_put_str(&p->out, " END");
}

/* The first that is not null; of strings the first that is not empty. */
static void put_coalesce(struct hm_printer *p, const struct hm_expr *e)
{
	bool text = e->type == HM_SCALAR_STRING;

	hm_put_str(&p->out, "coalesce(");
	for (size_t i = 0; i < e->arg_count; i++) {
		hm_sql_comma(p, i);
		hm_put_str(&p->out, text ? "nullif(" : "");
		hm_sql_expr(p, e->args[i]);
		hm_put_str(&p->out, text ? ", '')" : "");
	}
	hm_put_str(&p->out, text ? ", '')" : ")");
}

static void put_extreme(struct hm_printer *p, const struct hm_expr *e)
{
	if (e->type == HM_SCALAR_DECIMAL)
		hm_sql_refuse(p, e->span, "%s of decimals is not supported",
			      hm_fn_info(e->fn)->name);
	bool real = e->type == HM_SCALAR_REAL;
	hm_put_str(&p->out, real ? "hm_" : "");
	hm_put_str(&p->out, e->fn == HM_FN_max_of ? "greatest(" : "least(");
	put_list(p, e, 0, real ? 'r' : 0);
	hm_put_str(&p->out, ")");
}

static void put_null_test(struct hm_printer *p, const struct hm_expr *e)
{
	enum hm_scalar type = e->args[0]->type;
	bool null = e->fn == HM_FN_isnull, empty = e->fn == HM_FN_isempty;
	bool of_null = null || e->fn == HM_FN_isnotnull || e->fn == HM_FN_notnull;
	bool yes = null || empty;

	if (of_null && type == HM_SCALAR_STRING) {
		hm_put_str(&p->out, yes ? "FALSE" : "TRUE");
	} else if (type == HM_SCALAR_STRING) {
		hm_put_str(&p->out, "(");
		hm_sql_expr(p, e->args[0]);
		hm_put_str(&p->out, yes ? " = '')" : " <> '')");
	} else if (!of_null && type == HM_SCALAR_DYNAMIC) {
		put_template(p, e,
			     yes ? "(hm_str_dyn({1}) = '')" : "(hm_str_dyn({1}) <> '')");
	} else {
		hm_put_str(&p->out, "((");
		hm_sql_expr(p, e->args[0]);
		hm_put_str(&p->out, yes ? ") IS NULL)" : ") IS NOT NULL)");
	}
}

static bool any_real(const struct hm_expr *e)
{
	for (size_t i = 0; i < e->arg_count; i++)
		if (e->args[i]->type == HM_SCALAR_REAL ||
		    e->args[i]->type == HM_SCALAR_DECIMAL)
			return true;
	return false;
}

static void put_bin(struct hm_printer *p, const struct hm_expr *e)
{
	bool at = e->fn == HM_FN_bin_at;
	bool real = e->type == HM_SCALAR_REAL;
	bool narrow = e->type == HM_SCALAR_INT;

	if (e->type == HM_SCALAR_DECIMAL)
		hm_sql_refuse(p, e->span, "bin of decimals is not supported");
	hm_put_str(&p->out, narrow ? "hm_int_long(" : "");
	if (real)
		put_template(p, e,
			     at ? "hm_rbin_at({1r}, {2r}, {3r})" : "hm_rbin({1r}, {2r})");
	else
		put_template(p, e,
			     at ? "hm_bin_at({1l}, {2l}, {3l})" : "hm_bin({1l}, {2l})");
	hm_put_str(&p->out, narrow ? ")" : "");
}

static void put_abs(struct hm_printer *p, const struct hm_expr *e)
{
	if (e->type == HM_SCALAR_DECIMAL)
		hm_sql_refuse(p, e->span, "abs of decimals is not supported");
	put_template(p, e, e->type == HM_SCALAR_REAL ? "abs({1r})" : "abs({1l})");
}

/* Times are hashed by their ticks, all else by its text. */
static void put_hash(struct hm_printer *p, const struct hm_expr *e)
{
	enum hm_scalar type = e->args[0]->type;
	bool ticks = type == HM_SCALAR_DATETIME || type == HM_SCALAR_TIMESPAN ||
		     type == HM_SCALAR_LONG;

	hm_put_str(&p->out, e->arg_count > 1 ? "hm_mod(" : "");
	put_template(p, e, ticks ? "hm_hash_long({1l})" : "hm_hash({1s})");
	if (e->arg_count > 1) {
		hm_put_str(&p->out, ", ");
		hm_sql_as(p, e->args[1], 'l');
		hm_put_str(&p->out, ")");
	}
}

static void put_range(struct hm_printer *p, const struct hm_expr *e)
{
	enum hm_scalar type = e->args[0]->type;
	const char *kind = type == HM_SCALAR_DATETIME   ? "t"
			   : type == HM_SCALAR_TIMESPAN ? "n"
							: "l";
	bool ticks = kind[0] != 'l';

	if (any_real(e)) {
		put_template(p, e, "hm_range_real({1r}, {2r}, {3r|1})");
		return;
	}
	hm_put_str(&p->out, "hm_range_long(");
	put_template(p, e, ticks ? "{1l}, {2l}, {3l|36000000000}" : "{1l}, {2l}, {3l|1}");
	hm_putf(&p->out, ", '%s')", kind);
}

/* The texts after the first, or one dynamic array, as an array. */
static void put_any_of(struct hm_printer *p, const struct hm_expr *e, const char *fn)
{
	bool array = e->arg_count == 2 && e->args[1]->type == HM_SCALAR_DYNAMIC;

	hm_putf(&p->out, "%s(", fn);
	hm_sql_as(p, e->args[0], 's');
	hm_put_str(&p->out, array ? ", " : ", hm_pack_array(");
	put_list(p, e, 1, 'j');
	hm_put_str(&p->out, array ? ")" : "))");
}

static void put_extract(struct hm_printer *p, const struct hm_expr *e)
{
	const char *text = e->fn == HM_FN_extract ? "hm_extract({1s}, {2l}, {3s})"
						  : "hm_extract_json({1s}, {2s})";
	size_t plain = e->fn == HM_FN_extract ? 3 : 2;
	struct hm_buf kept = p->out;

	if (e->arg_count <= plain || e->type == HM_SCALAR_STRING) {
		put_template(p, e, text);
		return;
	}
	/* The call is printed aside, to be put into its conversion. */
	p->out = hm_buf_of(SIZE_MAX / 2);
	put_template(p, e, text);
	const char *call = hm_cstr(p->a, hm_buf_bytes(&p->out));
	hm_buf_done(&p->out);
	p->out = kept;
	hm_sql_of_text(p, call, e->type);
}

/* That array, in the first's order. */
static void put_sorted(struct hm_printer *p, const struct hm_expr *e, size_t part)
{
	bool desc = e->fn == HM_FN_array_sort_desc;
	bool flag = e->args[e->arg_count - 1]->type == HM_SCALAR_BOOL;

	hm_put_str(&p->out, "hm_array_sort(");
	hm_sql_as(p, e->args[0], 'j');
	hm_putf(&p->out, ", %s, ", desc ? "TRUE" : "FALSE");
	if (flag)
		hm_sql_expr(p, e->args[e->arg_count - 1]);
	else
		hm_put_str(&p->out, "TRUE");
	hm_put_str(&p->out, ", ");
	hm_sql_as(p, e->args[part], 'j');
	hm_put_str(&p->out, ")");
}

/* Of several arrays the call is one of its parts, or else an array of them all. */
static void put_sort(struct hm_printer *p, const struct hm_expr *e)
{
	size_t arrays = e->arg_count;

	arrays -= e->args[arrays - 1]->type == HM_SCALAR_BOOL;
	if (arrays == 1 || e->column < arrays) {
		put_sorted(p, e, e->column < arrays ? e->column : 0);
		return;
	}
	hm_put_str(&p->out, "hm_pack_array(");
	for (size_t i = 0; i < arrays; i++) {
		hm_sql_comma(p, i);
		put_sorted(p, e, i);
	}
	hm_put_str(&p->out, ")");
}

static void put_shift(struct hm_printer *p, const struct hm_expr *e)
{
	put_template(p, e,
		     e->fn == HM_FN_binary_shift_left ? "hm_shift({1l}, {2l})"
						      : "hm_shift({1l}, -{2l})");
}

static void put_gettype(struct hm_printer *p, const struct hm_expr *e)
{
	enum hm_scalar type = e->args[0]->type;

	if (type == HM_SCALAR_DYNAMIC)
		put_template(p, e, "hm_gettype({1})");
	else
		hm_putf(&p->out, "'%s'", hm_scalar_name(type));
}

static void put_diff(struct hm_printer *p, const struct hm_expr *e)
{
	put_template(p, e,
		     e->type == HM_SCALAR_REAL
			     ? "CAST(hm_datetime_diff({1s}, {2}, {3}) AS DOUBLE)"
			     : "hm_datetime_diff({1s}, {2}, {3})");
}

/* Bytes that the values take: a text its own, the others what their type does. */
static void put_size(struct hm_printer *p, const struct hm_expr *e)
{
	static const int sizes[HM_SCALAR_COUNT] = {
		[HM_SCALAR_BOOL] = 1,     [HM_SCALAR_INT] = 4,
		[HM_SCALAR_LONG] = 8,     [HM_SCALAR_REAL] = 8,
		[HM_SCALAR_DATETIME] = 8, [HM_SCALAR_TIMESPAN] = 8,
		[HM_SCALAR_DECIMAL] = 34, [HM_SCALAR_GUID] = 16,
	};

	for (size_t i = 0; i < e->arg_count; i++) {
		const struct hm_expr *x = e->args[i];

		hm_put_str(&p->out, i == 0 ? "(" : " + ");
		if (x->type == HM_SCALAR_DYNAMIC)
			hm_sql_refuse(
				p, e->span,
				"estimate_data_size() of dynamics is not supported");
		if (x->type == HM_SCALAR_STRING) {
			hm_put_str(&p->out, "hm_string_size(");
			hm_sql_expr(p, x);
			hm_put_str(&p->out, ")");
		} else {
			hm_putf(&p->out, "%d::BIGINT", sizes[x->type]);
		}
	}
	hm_put_str(&p->out, ")");
}

static void put_now(struct hm_printer *p, const struct hm_expr *e)
{
	struct hm_expr now = { .kind = HM_EXPR_NOW, .type = HM_SCALAR_DATETIME };

	hm_put_str(&p->out, e->arg_count == 0    ? ""
			    : e->fn == HM_FN_ago ? "hm_time_sub("
						 : "hm_time_add(");
	hm_sql_expr(p, &now);
	if (e->arg_count != 0) {
		hm_put_str(&p->out, ", ");
		hm_sql_expr(p, e->args[0]);
		hm_put_str(&p->out, ")");
	}
}

static void put_around(struct hm_printer *p, const struct hm_expr *e)
{
	put_template(p, e,
		     any_real(e) ? "({1r} BETWEEN {2r} - {3r} AND {2r} + {3r})"
				 : "({1l} BETWEEN hm_sub({2l}, {3l}) AND "
				   "hm_add({2l}, {3l}))");
}

static void put_rand(struct hm_printer *p, const struct hm_expr *e)
{
	put_template(p, e, e->arg_count == 0 ? "random()" : "floor(random() * {1r})");
}

static void put_not(struct hm_printer *p, const struct hm_expr *e)
{
	put_template(p, e, "(NOT {1b})");
}

static void put_split(struct hm_printer *p, const struct hm_expr *e)
{
	put_template(p, e,
		     e->arg_count > 2 ? "hm_split_at({1s}, {2s}, {3l})"
				      : "hm_split({1s}, {2s})");
}

static void put_extract_all(struct hm_printer *p, const struct hm_expr *e)
{
	put_template(p, e,
		     e->arg_count > 2 ? "hm_extract_all({1s}, {2j}, {3s})"
				      : "hm_extract_all({1s}, '', {2s})");
}

static void put_timespan(struct hm_printer *p, const struct hm_expr *e)
{
	put_template(p, e,
		     e->arg_count == 4   ? "hm_make_timespan({1l}, {2l}, {3l}, {4r})"
		     : e->arg_count == 1 ? "{1}"
					 : "hm_make_timespan(0, {1l}, {2l}, {3r|0})");
}

static void put_tohex(struct hm_printer *p, const struct hm_expr *e)
{
	bool narrow = e->args[0]->type == HM_SCALAR_INT;

	put_template(p, e,
		     narrow ? "hm_tohex({1l} & 4294967295, {2l|0})"
			    : "hm_tohex({1l}, {2l|0})");
}

static void put_round(struct hm_printer *p, const struct hm_expr *e)
{
	bool whole = e->type == HM_SCALAR_LONG || e->type == HM_SCALAR_INT;

	if (e->type == HM_SCALAR_DECIMAL)
		hm_sql_refuse(p, e->span, "round of decimals is not supported");
	put_template(p, e,
		     whole ? "hm_long_real(hm_round({1r}, {2l|0}))"
			   : "hm_round({1r}, {2l|0})");
}

static void put_ceiling(struct hm_printer *p, const struct hm_expr *e)
{
	if (e->type == HM_SCALAR_DECIMAL)
		hm_sql_refuse(p, e->span, "ceiling of decimals is not supported");
	put_template(p, e, "hm_ceiling({1r})");
}

static void put_countof(struct hm_printer *p, const struct hm_expr *e)
{
	const struct hm_expr *kind = e->arg_count > 2 ? e->args[2] : NULL;
	bool regex = kind != NULL && kind->kind == HM_EXPR_LITERAL &&
		     hm_is(kind->value.text, "regex");

	put_template(p, e,
		     regex ? "hm_countof_regex({1s}, {2s})" : "hm_countof({1s}, {2s})");
}

static void put_in_any_4(struct hm_printer *p, const struct hm_expr *e)
{
	put_any_of(p, e, "hm_ipv4_is_in_any_range");
}

static void put_in_any_6(struct hm_printer *p, const struct hm_expr *e)
{
	put_any_of(p, e, "hm_ipv6_is_in_any_range");
}

static void put_has_ip(struct hm_printer *p, const struct hm_expr *e)
{
	put_any_of(p, e, "hm_has_any_ipv4");
}

static void put_has_ip_prefix(struct hm_printer *p, const struct hm_expr *e)
{
	put_any_of(p, e, "hm_has_any_ipv4_prefix");
}

static const struct {
	enum hm_fn fn;
	void (*put)(struct hm_printer *p, const struct hm_expr *e);
} specials[] = {
	{ HM_FN_abs, put_abs },
	{ HM_FN_ago, put_now },
	{ HM_FN_around, put_around },
	{ HM_FN_array_sort_asc, put_sort },
	{ HM_FN_array_sort_desc, put_sort },
	{ HM_FN_bin, put_bin },
	{ HM_FN_bin_at, put_bin },
	{ HM_FN_binary_shift_left, put_shift },
	{ HM_FN_binary_shift_right, put_shift },
	{ HM_FN_case, put_case },
	{ HM_FN_ceiling, put_ceiling },
	{ HM_FN_coalesce, put_coalesce },
	{ HM_FN_countof, put_countof },
	{ HM_FN_datetime_diff, put_diff },
	{ HM_FN_estimate_data_size, put_size },
	{ HM_FN_extract, put_extract },
	{ HM_FN_extract_all, put_extract_all },
	{ HM_FN_extractall, put_extract_all },
	{ HM_FN_extract_json, put_extract },
	{ HM_FN_extractjson, put_extract },
	{ HM_FN_floor, put_bin },
	{ HM_FN_gettype, put_gettype },
	{ HM_FN_has_any_ipv4, put_has_ip },
	{ HM_FN_has_any_ipv4_prefix, put_has_ip_prefix },
	{ HM_FN_has_ipv4, put_has_ip },
	{ HM_FN_has_ipv4_prefix, put_has_ip_prefix },
	{ HM_FN_hash, put_hash },
	{ HM_FN_hash_xxhash64, put_hash },
	{ HM_FN_iff, put_case },
	{ HM_FN_iif, put_case },
	{ HM_FN_ipv4_is_in_any_range, put_in_any_4 },
	{ HM_FN_ipv6_is_in_any_range, put_in_any_6 },
	{ HM_FN_isempty, put_null_test },
	{ HM_FN_isnotempty, put_null_test },
	{ HM_FN_isnotnull, put_null_test },
	{ HM_FN_isnull, put_null_test },
	{ HM_FN_make_timespan, put_timespan },
	{ HM_FN_max_of, put_extreme },
	{ HM_FN_min_of, put_extreme },
	{ HM_FN_not, put_not },
	{ HM_FN_notempty, put_null_test },
	{ HM_FN_notnull, put_null_test },
	{ HM_FN_now, put_now },
	{ HM_FN_rand, put_rand },
	{ HM_FN_range, put_range },
	{ HM_FN_round, put_round },
	{ HM_FN_split, put_split },
	{ HM_FN_tohex, put_tohex },
};

void hm_sql_call(struct hm_printer *p, const struct hm_expr *e)
{
	const struct hm_fn_info *info = hm_fn_info(e->fn);

	if (info->kind == HM_FN_KIND_OPERATOR) {
		hm_sql_operator(p, e, false);
		return;
	}
	if (conversion_of(e->fn) != HM_SCALAR_UNKNOWN) {
		convert_to(p, e, conversion_of(e->fn));
		return;
	}
	for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
		if (specials[i].fn == e->fn) {
			specials[i].put(p, e);
			return;
		}
	}
	if (hm_sql_series(p, e))
		return;
	if (templates[e->fn] == NULL) {
		hm_sql_refuse(p, e->span, "%s() is not supported", info->name);
		return;
	}
	put_template(p, e, templates[e->fn]);
}
