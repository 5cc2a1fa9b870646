/* SPDX-License-Identifier: MIT */
/* Calls: choosing the signature (funcs.def) and converting arguments to it. */
#include <string.h>

#include "base/text.h"
#include "query/binder.h"

/* One parameter of a signature. */
struct param {
	const char *letters; /* one class, or several types */
	size_t letter_count;
	bool constant;
	size_t least, most;
};

struct signature {
	struct param params[12];
	size_t count, least, most;
	char gives;
};

static enum hm_scalar type_of_letter(char letter)
{
	switch (letter) {
	case 'b': return HM_SCALAR_BOOL;
	case 'i': return HM_SCALAR_INT;
	case 'l': return HM_SCALAR_LONG;
	case 'r': return HM_SCALAR_REAL;
	case 'm': return HM_SCALAR_DECIMAL;
	case 's': return HM_SCALAR_STRING;
	case 't': return HM_SCALAR_DATETIME;
	case 'n': return HM_SCALAR_TIMESPAN;
	case 'g': return HM_SCALAR_GUID;
	case 'd': return HM_SCALAR_DYNAMIC;
	default: return HM_SCALAR_UNKNOWN;
	}
}

static const char *read_param(const char *at, struct param *p)
{
	*p = (struct param){ .letters = at, .letter_count = 1, .least = 1, .most = 1 };
	if (*at == '{') {
		p->letters = ++at;
		while (*at != '}')
			at++;
		p->letter_count = (size_t)(at - p->letters);
	}
	at++;
	for (; *at == '!' || *at == '@'; at++)
		p->constant |= *at == '!';
	if (*at == '?')
		p->least = 0;
	else if (*at == '*')
		p->least = 0, p->most = SIZE_MAX / 2;
	else if (*at == '+')
		p->least = at[1] == '+' ? 2 : 1, p->most = SIZE_MAX / 2;
	while (*at == '?' || *at == '*' || *at == '+')
		at++;
	return at;
}

/* The signature at `at`; *next is the one after it, or NULL. */
static struct signature read_signature(const char *at, const char **next)
{
	struct signature s = { 0 };

	while (*at != ':') {
		at = read_param(at, &s.params[s.count]);
		s.least += s.params[s.count].least;
		s.most += s.params[s.count].most;
		s.count++;
	}
	s.gives = at[1];
	*next = at[2] == '|' ? at + 3 : NULL;
	return s;
}

/* The parameter that argument i of count goes to. */
static const struct param *param_of(const struct signature *s, size_t i)
{
	size_t first = 0;

	for (size_t p = 0; p < s->count; p++) {
		if (i < first + s->params[p].most)
			return &s->params[p];
		first += s->params[p].most;
	}
	return &s->params[s->count - 1];
}

static bool is_summable(enum hm_scalar type)
{
	return hm_scalar_is_number(type) || type == HM_SCALAR_DATETIME ||
	       type == HM_SCALAR_TIMESPAN;
}

/* Whether a value of that type may stand for a class of funcs.def. */
static bool in_class(char letter, enum hm_scalar type)
{
	switch (letter) {
	case 'A':
	case 'C':
	case 'T':
	case '0':
	case '1': return true;
	case 'N': return hm_scalar_is_number(type);
	case 'I': return type == HM_SCALAR_INT || type == HM_SCALAR_LONG;
	case 'J':
		return type == HM_SCALAR_INT || type == HM_SCALAR_LONG ||
		       type == HM_SCALAR_DYNAMIC;
	case 'U': return is_summable(type);
	case 'S': return type == HM_SCALAR_STRING || type == HM_SCALAR_DYNAMIC;
	case 'X': return type != HM_SCALAR_DYNAMIC;
	case 'O': return type != HM_SCALAR_DYNAMIC && type != HM_SCALAR_GUID;
	case 'B': return hm_scalar_is_number(type) || type == HM_SCALAR_BOOL;
	case 'Z': return type != HM_SCALAR_BOOL;
	case 'R': return type != HM_SCALAR_REAL && type != HM_SCALAR_BOOL;
	default: return false;
	}
}

/* 0 no, 1 after conversion, 2 as it is. */
static unsigned fits_letter(char letter, enum hm_scalar type)
{
	const enum hm_scalar wanted = type_of_letter(letter);

	if (type == HM_SCALAR_UNKNOWN)
		return 2;
	if (wanted == HM_SCALAR_UNKNOWN)
		return in_class(letter, type) ? 2 : 0;
	if (wanted == type)
		return 2;
	if (wanted == HM_SCALAR_STRING && type == HM_SCALAR_DYNAMIC)
		return 1;
	if ((wanted == HM_SCALAR_INT || wanted == HM_SCALAR_LONG) &&
	    (type == HM_SCALAR_INT || type == HM_SCALAR_LONG))
		return 1;
	return (wanted == HM_SCALAR_REAL || wanted == HM_SCALAR_DECIMAL) &&
			       hm_scalar_is_number(type)
		       ? 1
		       : 0;
}

static unsigned fits(const struct param *p, enum hm_scalar type)
{
	unsigned best = 0;

	for (size_t i = 0; i < p->letter_count; i++) {
		const unsigned fit = fits_letter(p->letters[i], type);

		if (fit > best)
			best = fit;
	}
	return best;
}

/* The sum of fits, or 0 where one argument does not; *bad is then its index. */
static size_t score(const struct signature *s, struct hm_expr **args, size_t count,
		    size_t *bad)
{
	size_t sum = 1;

	*bad = count;
	if (count < s->least || count > s->most)
		return 0;
	for (size_t i = 0; i < count; i++) {
		const unsigned fit = fits(param_of(s, i), args[i]->type);

		if (fit == 0) {
			*bad = i;
			return 0;
		}
		sum += fit;
	}
	return sum;
}

static void wrong_count(struct hm_binder *b, struct hm_span at,
			const struct hm_fn_info *info, const struct signature *s)
{
	if (s->least == s->most)
		hm_refuse(b->fault, at, "KS119",
			  "The function '%s' expects %zu argument%s.", info->name,
			  s->least, s->least == 1 ? "" : "s");
	if (s->most > 1000)
		hm_refuse(b->fault, at, "KS120",
			  "The function '%s' expects at least %zu argument%s.",
			  info->name, s->least, s->least == 1 ? "" : "s");
	hm_refuse(b->fault, at, "KS120",
		  "The function '%s' expects between %zu and %zu arguments.", info->name,
		  s->least, s->most);
}

/* Kusto's words for what it wanted. */
static void wrong_type(struct hm_binder *b, const struct hm_expr *arg,
		       const struct param *p)
{
	const enum hm_scalar wanted = type_of_letter(p->letters[0]);

	if (wanted == HM_SCALAR_DYNAMIC)
		hm_refuse(b->fault, arg->span, "KS234",
			  "The expression value must be dynamic, it is a %s.",
			  hm_scalar_name(arg->type));
	if (wanted != HM_SCALAR_UNKNOWN)
		hm_refuse(b->fault, arg->span, "KS107", "A value of type %s expected.",
			  hm_scalar_name(wanted));
	switch (p->letters[0]) {
	case 'I':
		hm_refuse(b->fault, arg->span, "KS134",
			  "The expression value must be an integer.");
	case 'N':
		hm_refuse(b->fault, arg->span, "KS137",
			  "The expression value must be a number.");
	case 'S':
		hm_refuse(
			b->fault, arg->span, "KS141",
			"The expression must have one of the types: string or dynamic.");
	case 'U':
		hm_refuse(b->fault, arg->span, "KS138",
			  "The argument value must be summable: a number, timespan or "
			  "datetime.");
	case 'O':
		hm_refuse(b->fault, arg->span, "KS206",
			  "The argument value must be orderable: a number, timespan, "
			  "datetime, string or boolean.");
	default:
		hm_refuse(b->fault, arg->span, "KS116",
			  "The value of type '%s' is not allowed in this context.",
			  hm_scalar_name(arg->type));
	}
}

static void incompatible(struct hm_binder *b, struct hm_span at,
			 const struct hm_fn_info *info, struct hm_expr **args,
			 size_t count)
{
	const char *types = "";

	for (size_t i = 0; i < count; i++)
		types = hm_format(b->arena, "%s%s%s", types, i > 0 ? ", " : "",
				  hm_scalar_name(args[i]->type));
	hm_refuse(b->fault, at, "KS127",
		  "The function '%s' is not compatible with arguments (%s)", info->name,
		  types);
}

bool hm_common_type(struct hm_expr **args, size_t count, enum hm_scalar *out)
{
	enum hm_scalar common = HM_SCALAR_DYNAMIC;

	for (size_t i = 0; i < count; i++) {
		const enum hm_scalar type = args[i]->type;

		if (type == HM_SCALAR_DYNAMIC || type == HM_SCALAR_UNKNOWN ||
		    type == common)
			continue;
		if (common == HM_SCALAR_DYNAMIC)
			common = type;
		else if (hm_scalar_is_number(common) && hm_scalar_is_number(type))
			common = common > type ? common : type;
		else
			return false;
	}
	*out = common;
	return true;
}

/* coalesce, max_of, min_of: all of one type. */
static enum hm_scalar share_type(struct hm_binder *b, enum hm_fn fn,
				 struct hm_expr **args, size_t count, struct hm_span at)
{
	enum hm_scalar common;

	if (!hm_common_type(args, count, &common))
		hm_refuse(b->fault, at, "KS232",
			  "No common type can be determined from the arguments.");
	for (size_t i = 0; i < count; i++) {
		if (common != HM_SCALAR_DYNAMIC && args[i]->type == HM_SCALAR_DYNAMIC)
			hm_refuse(b->fault, args[i]->span, "KS141",
				  "The expression must have the type %s.",
				  hm_scalar_name(common));
		args[i] = hm_expr_as(b, args[i], common);
	}
	(void)fn;
	return common;
}

static enum hm_scalar widest(struct hm_expr **args, size_t count)
{
	enum hm_scalar wide = HM_SCALAR_LONG;

	for (size_t i = 0; i < count; i++)
		if (hm_scalar_is_number(args[i]->type) && args[i]->type > wide)
			wide = args[i]->type;
	return wide;
}

/* The type in the last typeof(), a literal text by now. */
static enum hm_scalar literal_type(struct hm_expr **args, size_t count)
{
	enum hm_scalar type = HM_SCALAR_STRING;

	if (count > 0 && args[count - 1]->kind == HM_EXPR_LITERAL)
		(void)hm_scalar_named(args[count - 1]->value.text, &type);
	return type;
}

static void convert_args(struct hm_binder *b, const struct signature *s,
			 struct hm_expr **args, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct param *p = param_of(s, i);
		const enum hm_scalar wanted = type_of_letter(p->letters[0]);

		if (p->constant && !args[i]->constant)
			hm_refuse(b->fault, args[i]->span, "KS129",
				  "The expression must be a constant.");
		if (fits(p, args[i]->type) == 1)
			args[i] = hm_expr_as(b, args[i], wanted);
		else if (p->letters[0] == 'S')
			args[i] = hm_expr_as(b, args[i], HM_SCALAR_STRING);
	}
}

static enum hm_scalar result_type(const struct signature *s, struct hm_expr **args,
				  size_t count)
{
	switch (s->gives) {
	case '0': return count > 0 ? args[0]->type : HM_SCALAR_DYNAMIC;
	case '1': return count > 1 ? args[1]->type : HM_SCALAR_DYNAMIC;
	case 'W': return widest(args, count);
	case 'P': return args[0]->type == HM_SCALAR_INT ? HM_SCALAR_LONG : args[0]->type;
	case 'L': return literal_type(args, count);
	case 'V': return HM_SCALAR_DYNAMIC;
	default: return type_of_letter(s->gives);
	}
}

struct hm_expr *hm_resolve(struct hm_binder *b, enum hm_fn fn, struct hm_expr **args,
			   size_t count, struct hm_span at)
{
	const struct hm_fn_info *info = hm_fn_info(fn);
	const char *next = info->signatures;
	struct signature best = { 0 }, s = { 0 };
	size_t most = 0, bad = 0, alternatives = 0;
	enum hm_scalar type;
	struct hm_expr *e;

	while (next) {
		size_t sum;

		s = read_signature(next, &next);
		alternatives++;
		sum = score(&s, args, count, &bad);
		if (sum > most) {
			most = sum;
			best = s;
		}
	}
	if (most == 0 && alternatives == 1 && bad < count)
		wrong_type(b, args[bad], param_of(&s, bad));
	if (most == 0 && alternatives == 1)
		wrong_count(b, at, info, &s);
	if (most == 0)
		incompatible(b, at, info, args, count);
	convert_args(b, &best, args, count);
	type = best.gives == 'C' ? share_type(b, fn, args, count, at)
				 : result_type(&best, args, count);
	e = hm_call(b, fn, type, args, count);
	e->span = at;
	return e;
}

/* Arguments, * written out as all columns. */
static struct hm_expr **bind_args(struct hm_binder *b, const struct hm_row *row,
				  const struct hm_ast *call, size_t *count)
{
	const bool star = call->kids.count == 1 && call->kids.at[0]->kind == HM_AST_STAR;
	const size_t columns = star && row && row->plan ? row->plan->columns.count : 0;
	struct hm_expr **args =
		hm_new_n(b->arena, struct hm_expr *, call->kids.count + columns + 1);

	*count = 0;
	for (size_t i = 0; i < call->kids.count; i++) {
		for (size_t k = 0; k < columns; k++)
			args[(*count)++] = hm_column_of(b, row->plan, k, call->span);
		if (columns == 0)
			args[(*count)++] =
				hm_bind_expr(b, row, hm_value_ast(call->kids.at[i]));
	}
	return args;
}

static void unknown_function(struct hm_binder *b, const struct hm_ast *call)
{
	const char *best = NULL;
	size_t least = call->name.len / 3 + 2;

	if (hm_agg_named(call->name) != HM_FN_NONE)
		hm_refuse(b->fault, call->mark, "KS144",
			  "The aggregate function '%.*s' is not allowed in this context.",
			  HM_SHOW(call->name));
	for (unsigned i = 1; i < HM_FN_COUNT; i++) {
		const struct hm_fn_info *info = hm_fn_info((enum hm_fn)i);
		const size_t far =
			hm_edit_distance(call->name, hm_bytes_of(info->name), least - 1);

		if (info->kind != HM_FN_KIND_OPERATOR && far < least) {
			least = far;
			best = info->name;
		}
	}
	hm_refuse(b->fault, call->mark, "KS211",
		  "The name '%.*s' does not refer to any known function.%s%s%s",
		  HM_SHOW(call->name), best ? " Did you mean '" : "", best ? best : "",
		  best ? "'?" : "");
}

/* now(), now(offset), ago(length): one parameter of the query. */
static struct hm_expr *bind_clock(struct hm_binder *b, const struct hm_ast *call,
				  struct hm_expr **args)
{
	struct hm_expr *now = hm_expr_new(b, HM_EXPR_NOW, HM_SCALAR_DATETIME, call->span);
	const bool ago = hm_is(call->name, "ago");
	const enum hm_fn fn = ago ? HM_FN_ago : HM_FN_now;
	struct hm_expr **sum = hm_new_n(b->arena, struct hm_expr *, 2);

	hm_resolve(b, fn, args, call->kids.count, call->mark);
	if (call->kids.count == 0)
		return now;
	sum[0] = now;
	sum[1] = args[0];
	return hm_call(b, ago ? HM_FN_op_sub : HM_FN_op_add, HM_SCALAR_DATETIME, sum, 2);
}

static void check_window(struct hm_binder *b, const struct hm_row *row,
			 const struct hm_ast *call)
{
	if (!row || !row->plan || row->aggs)
		hm_refuse(b->fault, call->mark, "HM003",
			  "The function '%.*s' looks at neighbouring rows and is not "
			  "allowed "
			  "in this context.",
			  HM_SHOW(call->name));
	if (!row->plan->serialized)
		hm_refuse(b->fault, call->mark, "HM003",
			  "The function '%.*s' needs rows in order: put sort, top or "
			  "serialize before it.",
			  HM_SHOW(call->name));
}

struct hm_bound hm_bind_call(struct hm_binder *b, const struct hm_row *row,
			     const struct hm_ast *call)
{
	const struct hm_name *name = hm_find_name(b->names, call->name);
	struct hm_bound bound = { 0 };
	struct hm_expr **args;
	enum hm_fn fn;
	size_t count;

	hm_spend(b->fault, call->span, 1);
	if (name && name->function)
		return hm_call_user(b, row, name, call, NULL);
	bound.plan = hm_bind_special_table(b, call);
	if (bound.plan)
		return bound;
	if (row && row->aggs && hm_agg_named(call->name) != HM_FN_NONE) {
		struct hm_agg *agg = hm_bind_agg(b, row, call);
		const size_t at = agg->first - row->aggs->keys;

		bound.expr = hm_expr_new(b, HM_EXPR_COLUMN,
					 row->aggs->columns.at[at].type, call->span);
		bound.expr->column = agg->first;
		return bound;
	}
	bound.expr = hm_bind_custom(b, row, call);
	if (bound.expr)
		return bound;
	fn = hm_fn_named(call->name);
	if (fn == HM_FN_NONE)
		unknown_function(b, call);
	args = bind_args(b, row, call, &count);
	if (fn == HM_FN_now || fn == HM_FN_ago) {
		bound.expr = bind_clock(b, call, args);
		return bound;
	}
	if (hm_fn_info(fn)->kind == HM_FN_KIND_WINDOW)
		check_window(b, row, call);
	bound.expr = hm_resolve(b, fn, args, count, call->mark);
	hm_check_call(b, bound.expr);
	/* Of all its periods, weeks alone are counted in reals (datetime-timespan-0028).
	 */
	if (fn == HM_FN_datetime_diff && args[0]->kind == HM_EXPR_LITERAL &&
	    hm_is_nocase(args[0]->value.text, "week"))
		bound.expr->type = HM_SCALAR_REAL;
	bound.expr->span = call->span;
	/* The text of a text is itself; so `by tostring(s)` is the column s. */
	if (fn == HM_FN_tostring && args[0]->type == HM_SCALAR_STRING)
		bound.expr = args[0];
	return bound;
}
