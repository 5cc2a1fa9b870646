/* SPDX-License-Identifier: MIT */
/*
 * rt_convert.c: tostring, toint and kin.  A conversion that cannot be made is null,
 * never an error and never an approximation (kql.md B2.9).
 */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "query/rt_fn.h"

HM_RT_FN(str_bool)
{
	HM_RT_UNUSED(rt, num);
	out->s = hm_bytes_of(arg[0].b ? "True" : "False");
}

HM_RT_FN(str_real)
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	HM_RT_UNUSED(rt, num);
	hm_rt_add_real(&t, arg[0].r);
	out->s = hm_rt_done(&t);
}

HM_RT_FN(str_time)
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	HM_RT_UNUSED(rt, num);
	hm_rt_add_time(&t, arg[0].i);
	out->s = hm_rt_done(&t);
}

HM_RT_FN(str_span)
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	HM_RT_UNUSED(rt, num);
	hm_rt_add_span(&t, arg[0].i);
	out->s = hm_rt_done(&t);
}

HM_RT_FN(str_dyn)
{
	HM_RT_UNUSED(rt, num);
	out->s = hm_rt_json_text(rt, hm_rt_json(rt, arg[0].s));
}

HM_RT_FN(int_str)
{
	HM_RT_UNUSED(rt, num);
	out->null = !hm_rt_parse_long(arg[0].s, &out->i) || out->i > INT32_MAX ||
		    out->i < INT32_MIN;
}

HM_RT_FN(long_str)
{
	HM_RT_UNUSED(rt, num);
	out->null = !hm_rt_parse_long(arg[0].s, &out->i);
}

HM_RT_FN(real_str)
{
	HM_RT_UNUSED(rt, num);
	out->null = !hm_rt_parse_real(rt, arg[0].s, &out->r);
}

HM_RT_FN(bool_str)
{
	HM_RT_UNUSED(rt, num);
	out->null = !hm_rt_parse_bool(arg[0].s, &out->b);
}

HM_RT_FN(time_str)
{
	HM_RT_UNUSED(rt, num);
	out->null = !hm_rt_parse_time(arg[0].s, &out->i);
}

HM_RT_FN(span_str)
{
	HM_RT_UNUSED(rt, num);
	out->null = !hm_rt_parse_span(rt, arg[0].s, &out->i);
}

HM_RT_FN(guid_str)
{
	char text[37];

	HM_RT_UNUSED(rt, num);
	out->null = !hm_rt_parse_guid(arg[0].s, text);
	if (!out->null)
		out->s = hm_keep(&rt->row, (hm_bytes){ (uint8_t *)text, 36 });
}

/* What is too large becomes the largest (type-casts-0034). */
static bool long_of_real(double r, int64_t *out)
{
	if (!isfinite(r))
		return false;
	*out = r >= 9223372036854775808.0    ? INT64_MAX
	       : r <= -9223372036854775808.0 ? INT64_MIN
					     : (int64_t)r;
	return true;
}

/* A dynamic number past the range of long is its end, a fraction its whole part. */
static bool long_of_json(struct hm_rt *rt, const struct hm_json *node, int64_t *out)
{
	double real;

	if (hm_rt_json_long(rt, node, out))
		return true;
	return node != NULL && node->kind == HM_JSON_NUMBER &&
	       hm_rt_json_real(rt, node, &real) && long_of_real(real, out);
}

/* assert(condition, message): the query ends where it does not hold. */
HM_RT_FN(assert)
{
	(void)num;
	out->b = !arg[0].null && arg[0].b;
	if (!out->b)
		rt->error = hm_format(&rt->call, "assert() failed: %.*s",
				      (int)arg[1].s.len, (const char *)arg[1].s.at);
}

/* What hallmark does not have: a query that reaches a row of it ends, by name. */
HM_RT_FN(lacking)
{
	(void)num;
	rt->error = hm_format(&rt->call, "%.*s", (int)arg[0].s.len,
			      (const char *)arg[0].s.at);
	out->null = true;
}

HM_RT_FN(long_real)
{
	HM_RT_UNUSED(rt, num);
	out->null = !long_of_real(arg[0].r, &out->i);
}

HM_RT_FN(int_real)
{
	HM_RT_UNUSED(rt, num);
	out->null = !long_of_real(arg[0].r, &out->i);
	if (out->i > INT32_MAX)
		out->i = INT32_MAX;
	else if (out->i < INT32_MIN)
		out->i = INT32_MIN;
}

/* The low 32 bits, as Kusto takes them (type-casts-0857). */
HM_RT_FN(int_long)
{
	HM_RT_UNUSED(rt, num);
	out->i = (int32_t)(uint32_t)(uint64_t)arg[0].i;
}

static void put_time(struct hm_rt_val *out, bool over, int64_t ticks)
{
	out->i = ticks;
	out->null = over || ticks < 0 || ticks > HM_TIME_MAX;
}

HM_RT_FN(time_add)
{
	int64_t ticks;

	HM_RT_UNUSED(rt, num);
	bool over = __builtin_add_overflow(arg[0].i, arg[1].i, &ticks);
	put_time(out, over, ticks);
}

HM_RT_FN(time_sub)
{
	int64_t ticks;

	HM_RT_UNUSED(rt, num);
	bool over = __builtin_sub_overflow(arg[0].i, arg[1].i, &ticks);
	put_time(out, over, ticks);
}

HM_RT_FN(time_long)
{
	HM_RT_UNUSED(rt, num);
	out->i = arg[0].i;
	out->null = arg[0].i < 0 || arg[0].i > HM_TIME_MAX;
}

/* Of dynamic values: by the kind of the value, strings as text. */
HM_RT_FN(long_dyn)
{
	HM_RT_UNUSED(rt, num);
	out->null = !long_of_json(rt, hm_rt_json(rt, arg[0].s), &out->i);
}

HM_RT_FN(int_dyn)
{
	const struct hm_json *node = hm_rt_json(rt, arg[0].s);
	int64_t value;

	HM_RT_UNUSED(rt, num);
	out->null = !long_of_json(rt, node, &value);
	if (out->null)
		return;
	if (node->kind == HM_JSON_NUMBER && !hm_rt_json_long(rt, node, &value))
		value = value > 0 ? INT32_MAX : INT32_MIN;
	if (node->kind == HM_JSON_STRING && (value > INT32_MAX || value < INT32_MIN))
		out->null = true;
	out->i = (int32_t)(uint32_t)(uint64_t)value;
}

HM_RT_FN(real_dyn)
{
	HM_RT_UNUSED(rt, num);
	out->null = !hm_rt_json_real(rt, hm_rt_json(rt, arg[0].s), &out->r);
}

HM_RT_FN(bool_dyn)
{
	const struct hm_json *node = hm_rt_json(rt, arg[0].s);
	double number;

	HM_RT_UNUSED(rt, num);
	if (node != NULL && (node->kind == HM_JSON_TRUE || node->kind == HM_JSON_FALSE))
		out->b = node->kind == HM_JSON_TRUE;
	else if (node != NULL && node->kind == HM_JSON_STRING)
		out->null = !hm_rt_parse_bool(hm_json_string(node, &rt->row), &out->b);
	else if (hm_rt_json_real(rt, node, &number))
		out->b = number != 0;
	else
		out->null = true;
}

HM_RT_FN(time_dyn)
{
	const struct hm_json *node = hm_rt_json(rt, arg[0].s);

	HM_RT_UNUSED(rt, num);
	if (node != NULL && node->kind == HM_JSON_STRING)
		out->null = !hm_rt_parse_time(hm_json_string(node, &rt->row), &out->i);
	else
		out->null = !hm_rt_json_long(rt, node, &out->i) || out->i < 0 ||
			    out->i > HM_TIME_MAX;
}

HM_RT_FN(span_dyn)
{
	const struct hm_json *node = hm_rt_json(rt, arg[0].s);

	HM_RT_UNUSED(rt, num);
	if (node != NULL && node->kind == HM_JSON_STRING)
		out->null =
			!hm_rt_parse_span(rt, hm_json_string(node, &rt->row), &out->i);
	else
		out->null = !hm_rt_json_long(rt, node, &out->i);
}

/* To dynamic.  Times become their text, NaN and infinities their names. */
static void quoted(struct hm_rt *rt, hm_bytes text, struct hm_rt_val *out)
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	hm_rt_add_quoted(&t, text);
	out->s = hm_rt_done(&t);
}

HM_RT_FN(dyn_str)
{
	HM_RT_UNUSED(rt, num);
	quoted(rt, arg[0].s, out);
}

HM_RT_FN(dyn_real)
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	HM_RT_UNUSED(rt, num);
	hm_rt_add_real(&t, arg[0].r);
	out->s = hm_rt_done(&t);
	if (!isfinite(arg[0].r))
		quoted(rt, out->s, out);
}

HM_RT_FN(dyn_time)
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	HM_RT_UNUSED(rt, num);
	hm_rt_add_time(&t, arg[0].i);
	quoted(rt, hm_rt_done(&t), out);
}

HM_RT_FN(dyn_span)
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	HM_RT_UNUSED(rt, num);
	hm_rt_add_span(&t, arg[0].i);
	quoted(rt, hm_rt_done(&t), out);
}

/* parse_json: what is no JSON is that string (null-and-edge-0028). */
HM_RT_FN(parse_json)
{
	struct hm_cur c = hm_cur_of(arg[0].s);
	struct hm_rt_text t = hm_rt_text_of(rt);
	const struct hm_json *node = NULL;

	HM_RT_UNUSED(rt, num);
	if (hm_trim(arg[0].s).len == 0) {
		out->null = true;
		return;
	}
	node = hm_json_read(&c, &rt->row);
	if (node == NULL || hm_trim(hm_rest(&c)).len != 0) {
		quoted(rt, arg[0].s, out);
		return;
	}
	out->null = node->kind == HM_JSON_NULL;
	hm_rt_add_json(&t, rt, node);
	out->s = hm_rt_done(&t);
}

static const char *type_name(const struct hm_json *node)
{
	struct hm_cur c;

	if (node == NULL)
		return "null";
	switch (node->kind) {
	case HM_JSON_NULL: return "null";
	case HM_JSON_FALSE:
	case HM_JSON_TRUE: return "bool";
	case HM_JSON_STRING: return "string";
	case HM_JSON_ARRAY: return "array";
	case HM_JSON_OBJECT: return "dictionary";
	case HM_JSON_NUMBER: break;
	}
	for (c = hm_cur_of(node->text); hm_more(&c); hm_take(&c, 1, "digit"))
		if (strchr(".eE", hm_peek(&c)) != NULL)
			return "double";
	return "long";
}

HM_RT_FN(gettype)
{
	HM_RT_UNUSED(rt, num);
	out->s = hm_bytes_of(type_name(arg[0].null ? NULL : hm_rt_json(rt, arg[0].s)));
}
