/* SPDX-License-Identifier: MIT */
/*
 * rt_stat.c: weighted percentiles, the beta distribution, Welch's test.
 *
 * The incomplete beta function is its continued fraction (DLMF 8.17.22) by Lentz's
 * method, on the side where that converges quickly.
 */
#include <math.h>
#include <stdlib.h>

#include "query/rt_fn.h"

/* An entry of the array that the printer makes: [sorted by, weight, value]. */
struct weighed {
	double real;
	int64_t whole;
	double weight;
	const struct hm_json *value;
	bool reals;
};

static int by_value(const void *a, const void *b)
{
	const struct weighed *x = a, *y = b;

	if (x->reals && y->reals)
		return (x->real > y->real) - (x->real < y->real);
	return (x->whole > y->whole) - (x->whole < y->whole);
}

static struct weighed *read_weighed(struct hm_rt *rt, hm_bytes text, bool reals,
				    size_t *count)
{
	const struct hm_json *array = hm_rt_json(rt, text);
	struct weighed *all;

	*count = 0;
	if (!hm_rt_is_array(array))
		return NULL;
	all = hm_new_n(&rt->row, struct weighed, array->count + 1);
	for (const struct hm_json *i = array->first; i != NULL; i = i->next) {
		struct weighed *w = &all[*count];

		if (!hm_rt_is_array(i) || i->count != 3 ||
		    !hm_rt_json_real(rt, i->first->next, &w->weight) || w->weight <= 0)
			continue;
		w->reals = reals;
		w->value = i->first->next->next;
		if (!hm_rt_json_real(rt, i->first, &w->real))
			continue;
		if (!reals && !hm_rt_json_long(rt, i->first, &w->whole))
			continue;
		++*count;
	}
	qsort(all, *count, sizeof *all, by_value);
	return all;
}

/* The first whose share of the weight reaches that level of a hundred; NULL of none. */
static const struct weighed *at_level(const struct weighed *all, size_t count,
				      double level)
{
	double sum = 0, passed = 0;

	for (size_t i = 0; i < count; i++)
		sum += all[i].weight;
	for (size_t i = 0; i < count; i++) {
		passed += all[i].weight;
		if (passed >= sum * level / 100)
			return &all[i];
	}
	return count > 0 ? &all[count - 1] : NULL;
}

HM_RT_FN(percentile_long)
{
	size_t count;
	const struct weighed *all = read_weighed(rt, arg[0].s, false, &count);
	const struct weighed *at = at_level(all, count, arg[1].r);

	(void)num;
	out->null = at == NULL;
	if (at != NULL)
		out->i = at->whole;
}

HM_RT_FN(percentile_real)
{
	size_t count;
	const struct weighed *all = read_weighed(rt, arg[0].s, true, &count);
	const struct weighed *at = at_level(all, count, arg[1].r);

	(void)num;
	out->null = at == NULL;
	if (at != NULL)
		out->r = at->real;
}

/* percentile_array(values, levels): an array of the values themselves */
HM_RT_FN(percentile_array)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	const struct hm_json *levels = hm_rt_json(rt, arg[1].s);
	const struct hm_json *values = hm_rt_json(rt, arg[0].s);
	bool reals = false;
	size_t count;

	(void)num;
	out->null = !hm_rt_is_array(levels);
	if (out->null)
		return;
	for (const struct hm_json *i = hm_rt_is_array(values) ? values->first : NULL;
	     i != NULL; i = i->next)
		reals |= hm_rt_is_array(i) && i->count == 3 &&
			 i->first->next->next->kind == HM_JSON_NUMBER;
	const struct weighed *all = read_weighed(rt, arg[0].s, reals, &count);
	hm_rt_add_u8(&t, '[');
	for (const struct hm_json *i = levels->first; i != NULL; i = i->next) {
		double level = NAN;

		hm_rt_json_real(rt, i, &level);
		const struct weighed *at =
			isnan(level) ? NULL : at_level(all, count, level);
		hm_rt_add_str(&t, i == levels->first ? "" : ",");
		if (at != NULL)
			hm_rt_add_json(&t, rt, at->value);
		else
			hm_rt_add_str(&t, "null");
	}
	hm_rt_add_u8(&t, ']');
	out->s = hm_rt_done(&t);
}

static double log_beta(double a, double b)
{
	return lgamma(a) + lgamma(b) - lgamma(a + b);
}

static double not_zero(double x)
{
	return fabs(x) < 1e-300 ? 1e-300 : x;
}

/* The continued fraction of the incomplete beta function. */
static double fraction(double a, double b, double x)
{
	double c = 1, d = 1 / not_zero(1 - (a + b) * x / (a + 1)), f = d;

	for (int m = 1; m <= 10000; m++) {
		const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		const double odd =
			-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));

		d = 1 / not_zero(1 + even * d);
		c = not_zero(1 + even / c);
		f *= c * d;
		d = 1 / not_zero(1 + odd * d);
		c = not_zero(1 + odd / c);
		f *= c * d;
		if (fabs(c * d - 1) < 1e-16)
			break;
	}
	return f;
}

/* The regularised incomplete beta function, 0 <= x <= 1. */
static double cdf(double x, double a, double b)
{
	if (x <= 0 || x >= 1)
		return x <= 0 ? 0 : 1;
	const double front = exp(a * log(x) + b * log1p(-x) - log_beta(a, b));
	if (x < (a + 1) / (a + b + 2))
		return front * fraction(a, b, x) / a;
	return 1 - front * fraction(b, a, 1 - x) / b;
}

/* beta_cdf(x, alpha, beta) */
HM_RT_FN(beta_cdf)
{
	const double x = arg[0].r, a = arg[1].r, b = arg[2].r;

	HM_RT_UNUSED(rt, num);
	if (!(x >= 0 && x <= 1))
		out->r = NAN;
	else if (!(a > 0 && b > 0))
		rt->error = "HM001: beta_cdf: a parameter that is not above 0";
	else
		out->r = cdf(x, a, b);
}

/* beta_pdf(x, alpha, beta) */
HM_RT_FN(beta_pdf)
{
	const double x = arg[0].r, a = arg[1].r, b = arg[2].r;

	HM_RT_UNUSED(rt, num);
	if (!(x >= 0 && x <= 1 && a > 0 && b > 0))
		out->r = NAN;
	else
		out->r = exp((a - 1) * log(x) + (b - 1) * log1p(-x) - log_beta(a, b));
}

/* beta_inv(p, alpha, beta): by halving; null outside of 0..1, NaN of no distribution */
HM_RT_FN(beta_inv)
{
	const double p = arg[0].r, a = arg[1].r, b = arg[2].r;
	double low = 0, high = 1, middle = 0.5, before = -1;

	HM_RT_UNUSED(rt, num);
	out->null = !(p >= 0 && p <= 1);
	if (!(a > 0 && b > 0)) {
		out->r = NAN;
		return;
	}
	while (middle != before && !out->null) {
		before = middle;
		if (cdf(middle, a, b) < p)
			low = middle;
		else
			high = middle;
		middle = low + (high - low) / 2;
	}
	out->r = p >= 1 ? 1 : high;
}

/* welch_test(mean, variance, count, mean, variance, count): the chance, two-tailed, of
 * Student's t with the degrees of freedom of Welch and Satterthwaite */
HM_RT_FN(welch_test)
{
	const double a = arg[1].r / arg[2].r, b = arg[4].r / arg[5].r;
	const double t = (arg[0].r - arg[3].r) / sqrt(a + b);
	const double df =
		(a + b) * (a + b) / (a * a / (arg[2].r - 1) + b * b / (arg[5].r - 1));

	HM_RT_UNUSED(rt, num);
	out->r = NAN;
	if (isfinite(t) && isfinite(df) && df > 0)
		out->r = cdf(df / (df + t * t), df / 2, 0.5);
}
