/* SPDX-License-Identifier: MIT */
/*
 * rt_series.c: arrays as series of numbers, element by element; filling of gaps.
 *
 * What is no number, or stands past the end of the shorter of two series, gives null
 * at its place.  Whole numbers stay whole where the operation keeps them so.
 */
#include <math.h>

#include "query/rt_fn.h"

/* An element: a number or nothing. */
struct element {
	bool is, whole;
	int64_t i;
	double r;
};

static struct element element_of(struct hm_rt *rt, const struct hm_json *node)
{
	struct element e = { 0 };

	if (node == NULL || node->kind != HM_JSON_NUMBER)
		return e;
	e.is = hm_rt_json_real(rt, node, &e.r);
	e.whole = e.is && hm_json_int(node, &e.i);
	return e;
}

/* A series, or one number that stands for as many as there are. */
struct side {
	const struct hm_json **at;
	size_t count;
	struct element one;
	bool single;
};

static bool side_of(struct hm_rt *rt, const struct hm_rt_val *arg, struct side *out)
{
	const struct hm_json *node = hm_rt_json(rt, arg->s);

	*out = (struct side){ 0 };
	if (hm_rt_is_array(node)) {
		out->at = hm_rt_items(rt, node);
		out->count = node->count;
		return true;
	}
	out->one = element_of(rt, node);
	out->single = out->one.is;
	return out->single;
}

static struct element at(struct hm_rt *rt, const struct side *s, size_t i)
{
	if (s->single)
		return s->one;
	return i < s->count ? element_of(rt, s->at[i]) : (struct element){ 0 };
}

static void put_element(struct hm_rt_text *t, const struct element *e)
{
	if (!e->is || (!e->whole && !isfinite(e->r)))
		hm_rt_add_str(t, "null");
	else if (e->whole)
		hm_rt_addf(t, "%lld", (long long)e->i);
	else
		hm_rt_add_real(t, e->r);
}

static struct element real(double r)
{
	return (struct element){ .is = true, .r = r };
}

static struct element whole(uint64_t i)
{
	return (struct element){
		.is = true, .whole = true, .i = (int64_t)i, .r = (double)(int64_t)i
	};
}

static struct element add(struct element a, struct element b)
{
	return a.whole && b.whole ? whole((uint64_t)a.i + (uint64_t)b.i)
				  : real(a.r + b.r);
}

static struct element subtract(struct element a, struct element b)
{
	return a.whole && b.whole ? whole((uint64_t)a.i - (uint64_t)b.i)
				  : real(a.r - b.r);
}

static struct element multiply(struct element a, struct element b)
{
	return a.whole && b.whole ? whole((uint64_t)a.i * (uint64_t)b.i)
				  : real(a.r * b.r);
}

static struct element divide(struct element a, struct element b)
{
	return real(a.r / b.r);
}

static struct element power(struct element a, struct element b)
{
	return real(pow(a.r, b.r));
}

static const struct {
	const char *name;
	struct element (*of)(struct element a, struct element b);
} pairs[] = { { "add", add },
	      { "subtract", subtract },
	      { "multiply", multiply },
	      { "divide", divide },
	      { "pow", power } };

/* series_pair(name, series or number, series or number) */
HM_RT_FN(series_pair)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct side a, b;
	size_t n = 0;

	(void)num;
	out->null = !side_of(rt, &arg[1], &a) || !side_of(rt, &arg[2], &b) ||
		    (a.single && b.single);
	if (out->null)
		return;
	while (n + 1 < sizeof pairs / sizeof *pairs && !hm_is(arg[0].s, pairs[n].name))
		n++;
	hm_rt_add_u8(&t, '[');
	for (size_t i = 0; i < (a.count > b.count ? a.count : b.count); i++) {
		struct element x = at(rt, &a, i), y = at(rt, &b, i);
		struct element z = { 0 };

		if (x.is && y.is)
			z = pairs[n].of(x, y);
		hm_rt_add_str(&t, i == 0 ? "" : ",");
		put_element(&t, &z);
	}
	hm_rt_add_u8(&t, ']');
	out->s = hm_rt_done(&t);
}

/* -1, 0, 1; 2 where one is NaN. */
static int order(const struct element *a, const struct element *b)
{
	if (a->whole && b->whole)
		return a->i < b->i ? -1 : a->i > b->i;
	if (isnan(a->r) || isnan(b->r))
		return 2;
	return a->r < b->r ? -1 : a->r > b->r;
}

/* series_compare(mask, a, b): mask has bit 0 where less is true, 1 equal, 2 greater. */
HM_RT_FN(series_compare)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct side a, b;

	(void)num;
	out->null = !side_of(rt, &arg[1], &a) || !side_of(rt, &arg[2], &b) ||
		    (a.single && b.single);
	if (out->null)
		return;
	hm_rt_add_u8(&t, '[');
	for (size_t i = 0; i < (a.count > b.count ? a.count : b.count); i++) {
		struct element x = at(rt, &a, i), y = at(rt, &b, i);
		int o = order(&x, &y);
		bool yes = o == 2 ? arg[0].i == 5 : (arg[0].i >> (o + 1)) & 1;

		hm_rt_add_str(&t, i == 0 ? "" : ",");
		hm_rt_add_str(&t, !x.is || !y.is ? "null" : yes ? "true" : "false");
	}
	hm_rt_add_u8(&t, ']');
	out->s = hm_rt_done(&t);
}

static double sign_of(double r)
{
	return r > 0 ? 1 : r < 0 ? -1 : r;
}

/* clang-format off */
static const struct {
	const char *name;
	double (*of)(double r);
} singles[] = { { "abs", fabs },   { "acos", acos },     { "asin", asin },
		{ "atan", atan },  { "ceiling", ceil },  { "cos", cos },
		{ "exp", exp },    { "floor", floor },   { "log", log },
		{ "sign", sign_of }, { "sin", sin },     { "tan", tan } };
/* clang-format on */

/* series_each(name, series) */
HM_RT_FN(series_each)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct side a;
	size_t n = 0;

	(void)num;
	out->null = !side_of(rt, &arg[1], &a) || a.single;
	if (out->null)
		return;
	while (n + 1 < sizeof singles / sizeof *singles &&
	       !hm_is(arg[0].s, singles[n].name))
		n++;
	hm_rt_add_u8(&t, '[');
	for (size_t i = 0; i < a.count; i++) {
		struct element x = at(rt, &a, i);

		if (n == 0 && x.whole)
			x = whole(x.i < 0 ? 0 - (uint64_t)x.i : (uint64_t)x.i);
		else
			x = (struct element){ .is = x.is, .r = singles[n].of(x.r) };
		hm_rt_add_str(&t, i == 0 ? "" : ",");
		put_element(&t, &x);
	}
	hm_rt_add_u8(&t, ']');
	out->s = hm_rt_done(&t);
}

/* A series whose gaps are filled. */
struct filling {
	struct hm_rt *rt;
	struct element *at;
	bool *gap;
	size_t count;
	bool whole; /* no element but gaps is a fraction */
};

/* A gap is what equals the placeholder, or a null where the placeholder is null. */
static bool filling_of(struct hm_rt *rt, const struct hm_rt_val *series,
		       const struct hm_rt_val *placeholder, struct filling *out)
{
	struct side s = { 0 };

	if (series->null || !side_of(rt, series, &s) || s.single)
		return false;
	*out = (struct filling){ rt, hm_new_n(&rt->row, struct element, s.count + 1),
				 hm_new_n(&rt->row, bool, s.count + 1), s.count, true };
	for (size_t i = 0; i < s.count; i++) {
		out->at[i] = at(rt, &s, i);
		out->gap[i] = placeholder->null || isnan(placeholder->r)
				      ? !out->at[i].is
				      : out->at[i].is && out->at[i].r == placeholder->r;
		out->whole &= out->gap[i] || out->at[i].whole;
	}
	return true;
}

static void put_filled(const struct filling *f, struct hm_rt_val *out)
{
	struct hm_rt_text t = hm_rt_text_of(f->rt);

	hm_rt_add_u8(&t, '[');
	for (size_t i = 0; i < f->count; i++) {
		hm_rt_add_str(&t, i == 0 ? "" : ",");
		put_element(&t, &f->at[i]);
	}
	hm_rt_add_u8(&t, ']');
	out->s = hm_rt_done(&t);
}

/* series_fill_forward(series, placeholder) */
HM_RT_FN(series_fill_forward)
{
	struct filling f;

	(void)num;
	out->null = !filling_of(rt, &arg[0], &arg[1], &f);
	if (out->null)
		return;
	for (size_t i = 1; i < f.count; i++)
		if (f.gap[i] && !f.gap[i - 1]) {
			f.at[i] = f.at[i - 1];
			f.gap[i] = false;
		}
	put_filled(&f, out);
}

/* series_fill_backward(series, placeholder) */
HM_RT_FN(series_fill_backward)
{
	struct filling f;

	(void)num;
	out->null = !filling_of(rt, &arg[0], &arg[1], &f);
	if (out->null)
		return;
	for (size_t i = f.count; i-- > 1;)
		if (f.gap[i - 1] && !f.gap[i]) {
			f.at[i - 1] = f.at[i];
			f.gap[i - 1] = false;
		}
	put_filled(&f, out);
}

/* A constant as the elements are: the whole part of it where they are whole. */
static struct element constant(const struct filling *f, const struct hm_rt_val *value)
{
	if (value->null)
		return (struct element){ 0 };
	if (f->whole && fabs(value->r) < 9e18)
		return whole((uint64_t)(int64_t)value->r);
	return real(value->r);
}

/* series_fill_const(series, constant, placeholder) */
HM_RT_FN(series_fill_const)
{
	struct filling f;

	(void)num;
	out->null = !filling_of(rt, &arg[0], &arg[2], &f);
	if (out->null)
		return;
	for (size_t i = 0; i < f.count; i++)
		if (f.gap[i])
			f.at[i] = constant(&f, &arg[1]);
	put_filled(&f, out);
}

/* The line between the elements from and to, which are there. */
static void interpolate(struct filling *f, size_t from, size_t to)
{
	double step = (f->at[to].r - f->at[from].r) / (double)(to - from);

	for (size_t i = from + 1; i < to; i++) {
		double r = f->at[from].r + step * (double)(i - from);

		f->at[i] = f->whole ? whole((uint64_t)(int64_t)r) : real(r);
	}
}

/* series_fill_linear(series, placeholder, fill edges, constant) */
HM_RT_FN(series_fill_linear)
{
	struct filling f;
	size_t last = SIZE_MAX, first = SIZE_MAX;

	(void)num;
	out->null = !filling_of(rt, &arg[0], &arg[1], &f);
	if (out->null)
		return;
	for (size_t i = 0; i < f.count; i++) {
		if (f.gap[i])
			continue;
		if (last != SIZE_MAX)
			interpolate(&f, last, i);
		first = first == SIZE_MAX ? i : first;
		last = i;
	}
	for (size_t i = 0; first == SIZE_MAX && i < f.count; i++)
		f.at[i] = real(arg[3].r);
	for (size_t i = 0; first != SIZE_MAX && i < f.count; i++)
		if ((i < first || i > last) && (arg[2].null || arg[2].b))
			f.at[i] = f.at[i < first ? first : last];
	put_filled(&f, out);
}
