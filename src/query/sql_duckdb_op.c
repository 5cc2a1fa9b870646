/* SPDX-License-Identifier: MIT */
/*
 * sql_duckdb_op.c: operators.
 *
 * == and != are total where one side is null (kql.md B1.2); where nulls only end up as
 * false, in a filter, the plain comparison is printed, which DuckDB pushes down.
 */
#include <string.h>

#include "base/json.h"
#include "query/sql_duckdb.h"

static void two(struct hm_printer *p, const char *fn, const struct hm_expr *e, char kind)
{
	hm_putf(&p->out, "%s(", fn);
	hm_sql_as(p, e->args[0], kind);
	hm_put_str(&p->out, ", ");
	hm_sql_as(p, e->args[1], kind);
	hm_put_str(&p->out, ")");
}

static void infix(struct hm_printer *p, const struct hm_expr *e, const char *op,
		  char kind)
{
	hm_put_str(&p->out, "(");
	hm_sql_as(p, e->args[0], kind);
	hm_putf(&p->out, " %s ", op);
	hm_sql_as(p, e->args[1], kind);
	hm_put_str(&p->out, ")");
}

struct arithmetic {
	enum hm_fn fn;
	const char *sign, *whole, *decimal;
};

static const struct arithmetic arithmetics[] = {
	{ HM_FN_op_add, "+", "hm_add", "hm_dec_add" },
	{ HM_FN_op_sub, "-", "hm_sub", "hm_dec_sub" },
	{ HM_FN_op_mul, "*", "hm_mul", "hm_dec_mul" },
	{ HM_FN_op_div, "/", "hm_div", "hm_dec_div" },
	{ HM_FN_op_mod, "%", "hm_mod", NULL },
};

static const struct arithmetic *arithmetic_of(enum hm_fn fn)
{
	for (size_t i = 0; i < sizeof arithmetics / sizeof *arithmetics; i++)
		if (arithmetics[i].fn == fn)
			return &arithmetics[i];
	return NULL;
}

static bool is_real(const struct hm_expr *e)
{
	return e->type == HM_SCALAR_REAL || e->type == HM_SCALAR_DECIMAL;
}

static void decimals(struct hm_printer *p, const struct hm_expr *e,
		     const struct arithmetic *op)
{
	if (op->decimal == NULL) {
		hm_sql_refuse(p, e->span, "%% of decimals is not supported");
		return;
	}
	hm_putf(&p->out, "%s(", op->decimal);
	for (size_t i = 0; i < 2; i++) {
		bool text = e->args[i]->type == HM_SCALAR_DECIMAL;
		hm_sql_comma(p, i);
		hm_put_str(&p->out, text ? "" : "hm_dec_str(");
		hm_sql_as(p, e->args[i], text ? 0 : 's');
		hm_put_str(&p->out, text ? "" : ")");
	}
	hm_put_str(&p->out, ")");
}

/* A time that leaves years 1 to 9999 is null. */
static void shift_time(struct hm_printer *p, const struct hm_expr *e)
{
	two(p, e->fn == HM_FN_op_add ? "hm_time_add" : "hm_time_sub", e, 'l');
}

/* Ticks: whole numbers, but for a factor or divisor that is real. */
static void ticks(struct hm_printer *p, const struct hm_expr *e,
		  const struct arithmetic *op)
{
	bool real = is_real(e->args[0]) || is_real(e->args[1]);
	bool shift = e->fn == HM_FN_op_add || e->fn == HM_FN_op_sub;

	if (e->type == HM_SCALAR_DATETIME && shift && !real) {
		shift_time(p, e);
		return;
	}
	if (!real) {
		two(p, op->whole, e, 'l');
		return;
	}
	hm_put_str(&p->out, "hm_long_real(");
	if (e->fn == HM_FN_op_mod)
		two(p, "hm_rmod", e, 'r');
	else
		infix(p, e, op->sign, 'r');
	hm_put_str(&p->out, ")");
}

static void compute(struct hm_printer *p, const struct hm_expr *e,
		    const struct arithmetic *op)
{
	bool ints =
		e->args[0]->type == HM_SCALAR_INT && e->args[1]->type == HM_SCALAR_INT;

	switch (e->type) {
	case HM_SCALAR_REAL:
		if (e->fn == HM_FN_op_mod)
			two(p, "hm_rmod", e, 'r');
		else
			infix(p, e, op->sign, 'r');
		return;
	case HM_SCALAR_DECIMAL: decimals(p, e, op); return;
	case HM_SCALAR_DATETIME:
	case HM_SCALAR_TIMESPAN: ticks(p, e, op); return;
	case HM_SCALAR_INT:
		hm_put_str(&p->out, "hm_int_long(");
		two(p, op->whole, e, 'l');
		hm_put_str(&p->out, ")");
		return;
	case HM_SCALAR_LONG:
	case HM_SCALAR_BOOL:
	case HM_SCALAR_STRING:
	case HM_SCALAR_GUID:
	case HM_SCALAR_DYNAMIC:
	case HM_SCALAR_UNKNOWN: break;
	}
	if (e->type == HM_SCALAR_DYNAMIC)
		hm_sql_refuse(p, e->span,
			      "arithmetic on two dynamic values: convert one");
	/* Two ints cannot overflow a long. */
	if (ints && e->fn != HM_FN_op_div && e->fn != HM_FN_op_mod)
		infix(p, e, op->sign, 'l');
	else
		two(p, op->whole, e, 'l');
}

static void negate(struct hm_printer *p, const struct hm_expr *e)
{
	const struct hm_expr *of = e->args[0];

	if (of->type == HM_SCALAR_REAL) {
		hm_put_str(&p->out, "(-");
		hm_sql_expr(p, of);
	} else if (of->type == HM_SCALAR_DECIMAL) {
		hm_put_str(&p->out, "hm_dec_sub('0', ");
		hm_sql_expr(p, of);
	} else {
		hm_put_str(&p->out,
			   e->type == HM_SCALAR_INT ? "hm_int_long(hm_neg(" : "hm_neg(");
		hm_sql_as(p, of, 'l');
		hm_put_str(&p->out, e->type == HM_SCALAR_INT ? ")" : "");
	}
	hm_put_str(&p->out, ")");
}

/* Comparison: how the two sides are brought together. */
struct compare {
	const struct hm_expr *side[2];
	enum hm_scalar as; /* both turned to it; UNKNOWN: as they are */
	const char *fn;    /* of both, gives -1, 0, 1, 2 (unordered) or null; or NULL */
	bool nullable[2];
};

static struct compare compare_of(const struct hm_expr *a, const struct hm_expr *b)
{
	struct compare c = { .side = { a, b }, .as = HM_SCALAR_UNKNOWN };
	bool da = a->type == HM_SCALAR_DYNAMIC, db = b->type == HM_SCALAR_DYNAMIC;

	if (da && db)
		c.fn = "hm_dyn_cmp";
	else if (da || db)
		c.as = da ? b->type : a->type;
	else if (a->type == HM_SCALAR_DECIMAL || b->type == HM_SCALAR_DECIMAL)
		c.as = HM_SCALAR_DECIMAL;
	else if (a->type == HM_SCALAR_REAL || b->type == HM_SCALAR_REAL)
		c.as = HM_SCALAR_REAL;
	else if (a->type != b->type &&
		 (a->type == HM_SCALAR_GUID || b->type == HM_SCALAR_GUID))
		c.as = HM_SCALAR_GUID;
	else if (a->type != b->type)
		c.as = HM_SCALAR_LONG;
	if (c.as == HM_SCALAR_DECIMAL)
		c.fn = "hm_dec_cmp";
	else if (c.as == HM_SCALAR_REAL)
		c.fn = "hm_rcmp";
	for (int i = 0; i < 2; i++)
		c.nullable[i] =
			c.as == HM_SCALAR_STRING ? false : hm_sql_nullable(c.side[i]);
	return c;
}

static void put_side(struct hm_printer *p, const struct compare *c, int i)
{
	const struct hm_expr *e = c->side[i];
	struct hm_expr *one[] = { (struct hm_expr *)(uintptr_t)e };
	struct hm_expr to = { .kind = HM_EXPR_CONVERT,
			      .type = c->as,
			      .args = one,
			      .arg_count = 1,
			      .span = e->span };

	hm_sql_expr(p, c->as == HM_SCALAR_UNKNOWN || e->type == c->as ? e : &to);
}

static void put_core(struct hm_printer *p, const struct compare *c, enum hm_fn fn)
{
	static const struct {
		enum hm_fn fn;
		const char *sign, *order;
	} ops[] = { { HM_FN_op_eq, "=", " = 0" },  { HM_FN_op_ne, "<>", " <> 0" },
		    { HM_FN_op_lt, "<", " = -1" }, { HM_FN_op_le, "<=", " <= 0" },
		    { HM_FN_op_gt, ">", " = 1" },  { HM_FN_op_ge, ">=", " IN (0, 1)" } };
	size_t i = 0;

	while (ops[i].fn != fn)
		i++;
	hm_putf(&p->out, "%s(", c->fn == NULL ? "" : c->fn);
	put_side(p, c, 0);
	if (c->fn == NULL)
		hm_putf(&p->out, " %s ", ops[i].sign);
	else
		hm_put_str(&p->out, ", ");
	put_side(p, c, 1);
	hm_putf(&p->out, ")%s", c->fn == NULL ? "" : ops[i].order);
}

static void compare(struct hm_printer *p, const struct hm_expr *e, bool test)
{
	struct compare c = compare_of(e->args[0], e->args[1]);
	bool equal = e->fn == HM_FN_op_eq;
	bool both = c.nullable[0] && c.nullable[1];
	bool total = (equal && !test) || e->fn == HM_FN_op_ne;

	if (!total || (!c.nullable[0] && !c.nullable[1])) {
		hm_put_str(&p->out, "(");
		put_core(p, &c, e->fn);
		hm_put_str(&p->out, ")");
		return;
	}
	if (both) {
		hm_put_str(&p->out, "CASE WHEN (");
		put_side(p, &c, 0);
		hm_put_str(&p->out, ") IS NULL AND (");
		put_side(p, &c, 1);
		hm_put_str(&p->out, ") IS NULL THEN NULL ELSE ");
	}
	hm_put_str(&p->out, "coalesce(");
	put_core(p, &c, e->fn);
	hm_putf(&p->out, ", %s)%s", equal ? "FALSE" : "TRUE", both ? " END" : "");
}

static void between(struct hm_printer *p, const struct hm_expr *e)
{
	struct compare low = compare_of(e->args[0], e->args[1]);
	struct compare high = compare_of(e->args[0], e->args[2]);
	bool span = e->args[2]->type == HM_SCALAR_TIMESPAN &&
		    e->args[0]->type == HM_SCALAR_DATETIME;

	hm_putf(&p->out, "(%s(", e->fn == HM_FN_op_not_between ? "NOT " : "");
	put_core(p, &low, HM_FN_op_ge);
	hm_put_str(&p->out, " AND ");
	if (span) {
		hm_sql_expr(p, e->args[0]);
		hm_put_str(&p->out, " <= hm_add(");
		hm_sql_expr(p, e->args[1]);
		hm_put_str(&p->out, ", ");
		hm_sql_expr(p, e->args[2]);
		hm_put_str(&p->out, ")");
	} else {
		put_core(p, &high, HM_FN_op_le);
	}
	hm_put_str(&p->out, "))");
}

/* One operand of a chain of the same and or or, without its parentheses. */
static void chain(struct hm_printer *p, const struct hm_expr *e, enum hm_fn fn, bool test)
{
	if (e->kind == HM_EXPR_CALL && e->fn == fn) {
		for (size_t i = 0; i < e->arg_count; i++) {
			hm_put_str(&p->out, i == 0               ? ""
					    : fn == HM_FN_op_and ? " AND "
								 : " OR ");
			chain(p, e->args[i], fn, test);
		}
	} else if (test) {
		hm_sql_test(p, e);
	} else {
		hm_sql_as(p, e, 'b');
	}
}

struct text_op {
	enum hm_fn fn;
	bool negated;
	const char *sql;
};

static const struct text_op text_ops[] = {
	{ HM_FN_op_has, false, "hm_has" },
	{ HM_FN_op_not_has, true, "hm_has" },
	{ HM_FN_op_has_cs, false, "hm_has_cs" },
	{ HM_FN_op_not_has_cs, true, "hm_has_cs" },
	{ HM_FN_op_hasprefix, false, "hm_hasprefix" },
	{ HM_FN_op_not_hasprefix, true, "hm_hasprefix" },
	{ HM_FN_op_hasprefix_cs, false, "hm_hasprefix_cs" },
	{ HM_FN_op_not_hasprefix_cs, true, "hm_hasprefix_cs" },
	{ HM_FN_op_hassuffix, false, "hm_hassuffix" },
	{ HM_FN_op_not_hassuffix, true, "hm_hassuffix" },
	{ HM_FN_op_hassuffix_cs, false, "hm_hassuffix_cs" },
	{ HM_FN_op_not_hassuffix_cs, true, "hm_hassuffix_cs" },
	{ HM_FN_op_contains, false, "hm_contains" },
	{ HM_FN_op_not_contains, true, "hm_contains" },
	{ HM_FN_op_contains_cs, false, "contains" },
	{ HM_FN_op_not_contains_cs, true, "contains" },
	{ HM_FN_op_startswith, false, "hm_startswith" },
	{ HM_FN_op_not_startswith, true, "hm_startswith" },
	{ HM_FN_op_startswith_cs, false, "starts_with" },
	{ HM_FN_op_not_startswith_cs, true, "starts_with" },
	{ HM_FN_op_endswith, false, "hm_endswith" },
	{ HM_FN_op_not_endswith, true, "hm_endswith" },
	{ HM_FN_op_endswith_cs, false, "suffix" },
	{ HM_FN_op_not_endswith_cs, true, "suffix" },
	{ HM_FN_op_eq_ci, false, "hm_equals_nocase" },
	{ HM_FN_op_ne_ci, true, "hm_equals_nocase" },
	{ HM_FN_op_matches_regex, false, "hm_matches" },
};

static bool text_operator(struct hm_printer *p, const struct hm_expr *e)
{
	for (size_t i = 0; i < sizeof text_ops / sizeof *text_ops; i++) {
		if (text_ops[i].fn != e->fn)
			continue;
		hm_put_str(&p->out, text_ops[i].negated ? "(NOT " : "");
		two(p, text_ops[i].sql, e, 's');
		hm_put_str(&p->out, text_ops[i].negated ? ")" : "");
		return true;
	}
	return false;
}

/* Sets: in, in~, has_any, has_all over a list, a dynamic array or a table. */

static bool is_literal(const struct hm_expr *e)
{
	return e->kind == HM_EXPR_LITERAL && !e->value.null;
}

/* The candidates as one dynamic array: a parameter where all are known. */
static void put_array(struct hm_printer *p, const struct hm_expr *e)
{
	struct hm_buf b = hm_buf_of(SIZE_MAX / 2);
	struct hm_json_out o = hm_json_out_of(&b);
	bool known = true;

	if (e->arg_count == 2 && e->args[1]->type == HM_SCALAR_DYNAMIC) {
		hm_put_str(&p->out, "coalesce(");
		hm_sql_expr(p, e->args[1]);
		hm_put_str(&p->out, ", '[]')");
		return;
	}
	hm_json_open(&o, '[');
	for (size_t i = 1; i < e->arg_count; i++) {
		known &= is_literal(e->args[i]) && e->args[i]->type == HM_SCALAR_STRING;
		if (known)
			hm_json_put(&o, e->args[i]->value.text);
	}
	hm_json_close(&o, ']');
	if (known) {
		hm_sql_text(p, hm_keep(p->a, hm_buf_bytes(&b)));
	} else {
		hm_put_str(&p->out, "hm_array_concat(");
		for (size_t i = 1; i < e->arg_count; i++) {
			bool array = e->args[i]->type == HM_SCALAR_DYNAMIC;
			hm_put_str(&p->out, i == 1 ? "" : ", ");
			hm_put_str(&p->out, array ? "" : "hm_pack_array(");
			hm_sql_as(p, e->args[i], 'j');
			hm_put_str(&p->out, array ? "" : ")");
		}
		hm_put_str(&p->out, ")");
	}
	hm_buf_done(&b);
}

static void has_set(struct hm_printer *p, const struct hm_expr *e)
{
	hm_put_str(&p->out, e->fn == HM_FN_op_has_any ? "hm_has_any(" : "hm_has_all(");
	hm_sql_as(p, e->args[0], 's');
	hm_put_str(&p->out, ", ");
	if (e->plan == NULL) {
		put_array(p, e);
	} else {
		enum hm_scalar type = e->plan->columns.at[0].type;
		hm_put_str(&p->out, "(SELECT '[' || coalesce(string_agg(");
		hm_sql_open_dynamic(p, type);
		hm_put_str(&p->out, "c0");
		hm_sql_close_dynamic(p, type);
		hm_putf(&p->out, ", ','), '') || ']' FROM n%zu)",
			hm_sql_node(p, e->plan));
	}
	hm_put_str(&p->out, ")");
}

static void open_fold(struct hm_printer *p, bool fold)
{
	hm_put_str(&p->out, fold ? "hm_fold(" : "");
}

static void close_fold(struct hm_printer *p, bool fold)
{
	hm_put_str(&p->out, fold ? ")" : "");
}

static hm_bytes json_of(struct hm_printer *p, const struct hm_json *node)
{
	switch (node->kind) {
	case HM_JSON_TRUE: return hm_bytes_of("true");
	case HM_JSON_FALSE: return hm_bytes_of("false");
	case HM_JSON_NULL: return hm_bytes_of("null");
	case HM_JSON_STRING: break;
	case HM_JSON_NUMBER:
	case HM_JSON_ARRAY:
	case HM_JSON_OBJECT: return node->text;
	}
	struct hm_buf b = hm_buf_of(SIZE_MAX / 2);
	hm_put_json_string(&b, hm_json_string(node, p->a));
	hm_bytes text = hm_keep(p->a, hm_buf_bytes(&b));
	hm_buf_done(&b);
	return text;
}

/* One item of a literal array, turned to type. */
static void put_known(struct hm_printer *p, const struct hm_json *node,
		      enum hm_scalar type)
{
	struct hm_expr literal = { .kind = HM_EXPR_LITERAL,
				   .type = HM_SCALAR_DYNAMIC,
				   .value = { .type = HM_SCALAR_DYNAMIC,
					      .text = json_of(p, node) } };
	struct hm_expr *one[] = { &literal };
	struct hm_expr to = {
		.kind = HM_EXPR_CONVERT, .type = type, .args = one, .arg_count = 1
	};

	if (type == HM_SCALAR_STRING && node->kind == HM_JSON_STRING)
		hm_sql_text(p, hm_json_string(node, p->a));
	else
		hm_sql_expr(p, &to);
}

/* Literals of a dynamic array, each turned to the type of the value sought. */
static void put_known_array(struct hm_printer *p, hm_bytes json, enum hm_scalar type,
			    bool fold)
{
	struct hm_cur c = hm_cur_of(json);
	const struct hm_json *array = hm_json_read(&c, p->a);
	bool any = false;

	if (array != NULL && array->kind == HM_JSON_ARRAY)
		array = array->first;
	for (; array != NULL; array = array->next) {
		hm_sql_comma(p, any);
		any = true;
		open_fold(p, fold);
		put_known(p, array, type);
		close_fold(p, fold);
	}
	hm_put_str(&p->out, any ? "" : "NULL");
}

static void put_candidates(struct hm_printer *p, const struct hm_expr *e, bool fold,
			   enum hm_scalar type)
{
	for (size_t i = 1; i < e->arg_count; i++) {
		hm_put_str(&p->out, i == 1 ? "" : ", ");
		if (e->args[i]->type == HM_SCALAR_DYNAMIC && is_literal(e->args[i])) {
			put_known_array(p, e->args[i]->value.text, type, fold);
			continue;
		}
		open_fold(p, fold);
		hm_sql_as(p, e->args[i], type == HM_SCALAR_STRING ? 's' : 0);
		close_fold(p, fold);
	}
}

static void put_table(struct hm_printer *p, const struct hm_expr *e, bool fold,
		      enum hm_scalar type)
{
	enum hm_scalar of = e->plan->columns.at[0].type;

	hm_put_str(&p->out, "SELECT ");
	open_fold(p, fold);
	if (of == HM_SCALAR_DYNAMIC && type != HM_SCALAR_DYNAMIC)
		hm_sql_of_dynamic(p, "c0", type);
	else
		hm_put_str(&p->out, "c0");
	close_fold(p, fold);
	hm_putf(&p->out, " FROM n%zu WHERE c0 IS NOT NULL", hm_sql_node(p, e->plan));
}

static bool has_dynamic(const struct hm_expr *e)
{
	for (size_t i = 1; e->plan == NULL && i < e->arg_count; i++)
		if (e->args[i]->type == HM_SCALAR_DYNAMIC && !is_literal(e->args[i]))
			return true;
	return false;
}

/* The array is only known row by row. */
static void in_array(struct hm_printer *p, const struct hm_expr *e, bool fold)
{
	hm_put_str(&p->out, fold ? "hm_set_has_nocase(" : "hm_set_has_element(");
	put_array(p, e);
	hm_put_str(&p->out, ", ");
	hm_sql_as(p, e->args[0], 'j');
	hm_put_str(&p->out, ")");
}

static void in_set(struct hm_printer *p, const struct hm_expr *e, bool test)
{
	bool fold = e->fn == HM_FN_op_in_ci || e->fn == HM_FN_op_not_in_ci;
	bool negated = e->fn == HM_FN_op_not_in || e->fn == HM_FN_op_not_in_ci;
	enum hm_scalar type = e->args[0]->type;
	bool total = negated || !test;

	/* A dynamic is sought as the text it holds, or as what it is sought among. */
	if (type == HM_SCALAR_DYNAMIC)
		type = fold || e->plan != NULL || e->args[1]->type == HM_SCALAR_DYNAMIC
			       ? HM_SCALAR_STRING
			       : e->args[1]->type;
	if (fold)
		type = HM_SCALAR_STRING;
	hm_put_str(&p->out, total ? negated ? "coalesce(NOT " : "coalesce(" : "(");
	if (has_dynamic(e)) {
		in_array(p, e, fold);
	} else {
		struct compare value = { .side = { e->args[0] }, .as = type };
		hm_put_str(&p->out, "(");
		open_fold(p, fold);
		put_side(p, &value, 0);
		close_fold(p, fold);
		hm_put_str(&p->out, " IN (");
		if (e->plan != NULL)
			put_table(p, e, fold, type);
		else
			put_candidates(p, e, fold, type);
		hm_put_str(&p->out, "))");
	}
	hm_put_str(&p->out, total ? negated ? ", TRUE)" : ", FALSE)" : ")");
}

void hm_sql_operator(struct hm_printer *p, const struct hm_expr *e, bool test)
{
	const struct arithmetic *arithmetic = arithmetic_of(e->fn);

	if (arithmetic != NULL) {
		compute(p, e, arithmetic);
		return;
	}
	if (text_operator(p, e))
		return;
	if (e->fn == HM_FN_op_neg) {
		negate(p, e);
	} else if (e->fn == HM_FN_op_and || e->fn == HM_FN_op_or) {
		hm_put_str(&p->out, "(");
		chain(p, e, e->fn, test);
		hm_put_str(&p->out, ")");
	} else if (e->fn >= HM_FN_op_eq && e->fn <= HM_FN_op_ge) {
		compare(p, e, test);
	} else if (e->fn == HM_FN_op_between || e->fn == HM_FN_op_not_between) {
		between(p, e);
	} else if (e->fn == HM_FN_op_has_any || e->fn == HM_FN_op_has_all) {
		has_set(p, e);
	} else if (e->fn >= HM_FN_op_in && e->fn <= HM_FN_op_not_in_ci) {
		in_set(p, e, test);
	} else {
		hm_sql_refuse(p, e->span, "the operator %s is not supported",
			      hm_fn_info(e->fn)->name);
	}
}
