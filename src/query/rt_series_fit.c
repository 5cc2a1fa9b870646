/* SPDX-License-Identifier: MIT */
/*
 * rt_series_fit.c: numbers about a series: sums, statistics, filters, the line of least
 * squares.
 *
 * A series with an element that is no number has none of them.
 */
#include <math.h>
#include <stdlib.h>

#include "query/rt_fn.h"

struct series {
	double *at;
	size_t count;
	bool finite; /* every element is a number, and finite */
};

static bool series_of(struct hm_rt *rt, const struct hm_rt_val *arg, struct series *out)
{
	const struct hm_json *node = arg->null ? NULL : hm_rt_json(rt, arg->s);
	size_t n = 0;

	*out = (struct series){ .finite = true };
	if (!hm_rt_is_array(node))
		return false;
	out->at = hm_new_n(&rt->row, double, node->count + 1);
	for (const struct hm_json *i = node->first; i != NULL; i = i->next) {
		bool is = i->kind == HM_JSON_NUMBER &&
			  hm_rt_json_real(rt, i, &out->at[n]) && isfinite(out->at[n]);

		n += is;
		out->finite &= is;
	}
	out->count = n;
	return true;
}

static void put_real(struct hm_rt_val *out, double r)
{
	out->r = r;
	out->null = isnan(r);
}

/* Two series of one length, or a series and a number; false where they are neither. */
static bool two_of(struct hm_rt *rt, const struct hm_rt_val *arg, struct series two[2])
{
	for (int i = 0; i < 2; i++)
		if (!series_of(rt, &arg[i], &two[i]) || !two[i].finite)
			return false;
	return two[0].count == two[1].count;
}

static double sum_of(const struct series *s)
{
	double sum = 0;

	for (size_t i = 0; i < s->count; i++)
		sum += s->at[i];
	return sum;
}

static double dot(const struct series *a, const struct series *b)
{
	double sum = 0;

	for (size_t i = 0; i < a->count; i++)
		sum += a->at[i] * b->at[i];
	return sum;
}

HM_RT_FN(series_sum)
{
	struct series s;

	(void)num;
	out->null = !series_of(rt, &arg[0], &s) || !s.finite;
	out->r = out->null ? 0 : sum_of(&s);
}

HM_RT_FN(series_product)
{
	struct series s;

	(void)num;
	out->null = !series_of(rt, &arg[0], &s) || !s.finite;
	out->r = 1;
	for (size_t i = 0; !out->null && i < s.count; i++)
		out->r *= s.at[i];
}

HM_RT_FN(series_magnitude)
{
	struct series s;

	(void)num;
	out->null = !series_of(rt, &arg[0], &s) || !s.finite;
	out->r = out->null ? 0 : sqrt(dot(&s, &s));
}

/* series_dot_product(series or number, series or number) */
HM_RT_FN(series_dot_product)
{
	struct series two[2];
	double number;

	(void)num;
	for (int i = 0; i < 2; i++) {
		const struct hm_json *node = hm_rt_json(rt, arg[i].s);

		if (node == NULL || node->kind != HM_JSON_NUMBER)
			continue;
		out->null = !hm_rt_json_real(rt, node, &number) ||
			    !series_of(rt, &arg[1 - i], &two[0]) || !two[0].finite;
		if (!out->null)
			out->r = number * sum_of(&two[0]);
		return;
	}
	out->null = !two_of(rt, arg, two);
	if (!out->null)
		out->r = dot(&two[0], &two[1]);
}

/* series_cosine_similarity(a, b, magnitude of a or null, of b) */
HM_RT_FN(series_cosine_similarity)
{
	struct series two[2];

	(void)num;
	out->null = !two_of(rt, arg, two);
	if (out->null)
		return;
	double a = arg[2].null ? sqrt(dot(&two[0], &two[0])) : arg[2].r;
	double b = arg[3].null ? sqrt(dot(&two[1], &two[1])) : arg[3].r;
	put_real(out, dot(&two[0], &two[1]) / (a * b));
}

HM_RT_FN(series_pearson_correlation)
{
	struct series two[2];

	(void)num;
	out->null = !two_of(rt, arg, two);
	if (out->null)
		return;
	for (int k = 0; k < 2; k++) {
		double mean = sum_of(&two[k]) / (double)two[k].count;

		for (size_t i = 0; i < two[k].count; i++)
			two[k].at[i] -= mean;
	}
	put_real(out, dot(&two[0], &two[1]) /
			      sqrt(dot(&two[0], &two[0]) * dot(&two[1], &two[1])));
}

enum stat { MIN, MIN_IDX, MAX, MAX_IDX, AVG, STDEV, VARIANCE, SUM, LEN, STATS };

/* Of the finite elements where asked to pass over the others, else of all. */
static bool stats_of(struct hm_rt *rt, const struct hm_rt_val *arg, bool ignore,
		     double out[STATS])
{
	struct series s;
	size_t least = 0, most = 0;
	double spread = 0;

	if (!series_of(rt, arg, &s) || s.count == 0 || (!s.finite && !ignore))
		return false;
	for (size_t i = 1; i < s.count; i++) {
		least = s.at[i] < s.at[least] ? i : least;
		most = s.at[i] > s.at[most] ? i : most;
	}
	double sum = sum_of(&s), n = (double)s.count;
	for (size_t i = 0; i < s.count; i++)
		spread += (s.at[i] - sum / n) * (s.at[i] - sum / n);
	out[MIN] = s.at[least];
	out[MIN_IDX] = (double)least;
	out[MAX] = s.at[most];
	out[MAX_IDX] = (double)most;
	out[AVG] = sum / n;
	out[VARIANCE] = s.count > 1 ? spread / (n - 1) : 0;
	out[STDEV] = sqrt(out[VARIANCE]);
	out[SUM] = sum;
	out[LEN] = n;
	return true;
}

/* series_stats(series, ignore, which) */
HM_RT_FN(series_stats)
{
	double stats[STATS];

	(void)num;
	out->null = !stats_of(rt, &arg[0], arg[1].b, stats);
	if (!out->null)
		out->r = stats[arg[2].i];
}

HM_RT_FN(series_stats_dynamic)
{
	static const char *const names[STATS] = { "min",      "min_idx", "max",
						  "max_idx",  "avg",     "stdev",
						  "variance", "sum",     "len" };
	struct hm_rt_text t = hm_rt_text_of(rt);
	double stats[STATS];

	(void)num;
	out->null = !stats_of(rt, &arg[0], arg[1].b, stats);
	if (out->null)
		return;
	for (size_t i = 0; i < STATS; i++) {
		hm_rt_addf(&t, "%s\"%s\":", i == 0 ? "{" : ",", names[i]);
		if (i == MIN_IDX || i == MAX_IDX || i == LEN)
			hm_rt_addf(&t, "%lld", (long long)stats[i]);
		else
			hm_rt_add_real(&t, stats[i]);
	}
	hm_rt_add_u8(&t, '}');
	out->s = hm_rt_done(&t);
}

enum fit { RSQUARE, SLOPE, FIT_VARIANCE, RVARIANCE, INTERCEPTION, FITS };

/* The line of least squares through (1, s[0]), (2, s[1])...: Kusto counts from 1. */
static bool fit_of(struct hm_rt *rt, const struct hm_rt_val *arg, struct series *s,
		   double out[FITS])
{
	double xy = 0, xx = 0, yy = 0, rest = 0;

	if (!series_of(rt, arg, s) || !s->finite || s->count < 2)
		return false;
	double n = (double)s->count, x = (n + 1) / 2, y = sum_of(s) / n;
	for (size_t i = 0; i < s->count; i++) {
		double dx = (double)i + 1 - x, dy = s->at[i] - y;

		xy += dx * dy;
		xx += dx * dx;
		yy += dy * dy;
	}
	out[SLOPE] = xy / xx;
	out[INTERCEPTION] = y - out[SLOPE] * x;
	for (size_t i = 0; i < s->count; i++) {
		double off = s->at[i] - out[INTERCEPTION] - out[SLOPE] * ((double)i + 1);

		rest += off * off;
	}
	out[RSQUARE] = yy > 0 ? 1 - rest / yy : 1;
	out[FIT_VARIANCE] = yy / (n - 1);
	out[RVARIANCE] = rest / (n - 1);
	return true;
}

/* series_fit_line(series, which) */
HM_RT_FN(series_fit_line)
{
	double fit[FITS];
	struct series s;

	(void)num;
	out->null = !fit_of(rt, &arg[0], &s, fit);
	if (!out->null)
		out->r = fit[arg[1].i];
}

static void put_line(struct hm_rt_text *t, const struct series *s, const double fit[FITS])
{
	hm_rt_add_u8(t, '[');
	for (size_t i = 0; i < s->count; i++) {
		hm_rt_add_str(t, i == 0 ? "" : ",");
		hm_rt_add_real(t, fit[INTERCEPTION] + fit[SLOPE] * ((double)i + 1));
	}
	hm_rt_add_u8(t, ']');
}

HM_RT_FN(series_line_fit)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	double fit[FITS];
	struct series s;

	(void)num;
	out->null = !fit_of(rt, &arg[0], &s, fit);
	if (out->null)
		return;
	put_line(&t, &s, fit);
	out->s = hm_rt_done(&t);
}

HM_RT_FN(series_fit_line_dynamic)
{
	static const char *const names[FITS] = { "rsquare", "slope", "variance",
						 "rvariance", "interception" };
	struct hm_rt_text t = hm_rt_text_of(rt);
	double fit[FITS];
	struct series s;

	(void)num;
	out->null = !fit_of(rt, &arg[0], &s, fit);
	if (out->null)
		return;
	for (size_t i = 0; i < FITS; i++) {
		hm_rt_addf(&t, "%s\"%s\":", i == 0 ? "{" : ",", names[i]);
		hm_rt_add_real(&t, fit[i]);
	}
	hm_rt_add_str(&t, ",\"line_fit\":");
	put_line(&t, &s, fit);
	hm_rt_add_u8(&t, '}');
	out->s = hm_rt_done(&t);
}

static void put_series(struct hm_rt *rt, const double *at, size_t count,
		       struct hm_rt_val *out)
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	hm_rt_add_u8(&t, '[');
	for (size_t i = 0; i < count; i++) {
		hm_rt_add_str(&t, i == 0 ? "" : ",");
		if (isfinite(at[i]))
			hm_rt_add_real(&t, at[i]);
		else
			hm_rt_add_str(&t, "null");
	}
	hm_rt_add_u8(&t, ']');
	out->s = hm_rt_done(&t);
}

/* What the filter is divided by: 1, or its sum; false where it cannot be. */
static bool norm_of(const struct series *filter, const struct hm_rt_val *normalize,
		    double *out)
{
	bool negative = false;

	for (size_t i = 0; i < filter->count; i++)
		negative |= filter->at[i] < 0;
	if (negative && !normalize->null && normalize->b)
		return false;
	*out = 1;
	if (!negative && (normalize->null || normalize->b))
		*out = sum_of(filter);
	return *out != 0;
}

/* series_fir(series, filter, normalize or null, center): past its ends a series is 0. */
HM_RT_FN(series_fir)
{
	struct series s, filter;
	double norm = 1;

	(void)num;
	out->null = !series_of(rt, &arg[0], &s) || !s.finite ||
		    !series_of(rt, &arg[1], &filter) || !filter.finite ||
		    filter.count == 0 || !norm_of(&filter, &arg[2], &norm);
	if (out->null)
		return;
	double *made = hm_new_n(&rt->row, double, s.count + 1);
	size_t shift = !arg[3].null && arg[3].b ? filter.count / 2 : 0;
	for (size_t i = 0; i < s.count; i++)
		for (size_t k = 0; k < filter.count; k++)
			if (i + shift >= k && i + shift - k < s.count)
				made[i] += filter.at[k] / norm * s.at[i + shift - k];
	put_series(rt, made, s.count, out);
}

/* series_iir(series, numerators, denominators) */
HM_RT_FN(series_iir)
{
	struct series s, b, a;

	(void)num;
	out->null = !series_of(rt, &arg[0], &s) || !s.finite ||
		    !series_of(rt, &arg[1], &b) || !b.finite ||
		    !series_of(rt, &arg[2], &a) || !a.finite || b.count == 0 ||
		    a.count == 0 || a.at[0] == 0;
	if (out->null)
		return;
	double *made = hm_new_n(&rt->row, double, s.count + 1);
	for (size_t i = 0; i < s.count; i++) {
		for (size_t k = 0; k < b.count && k <= i; k++)
			made[i] += b.at[k] * s.at[i - k];
		for (size_t k = 1; k < a.count && k <= i; k++)
			made[i] -= a.at[k] * made[i - k];
		made[i] /= a.at[0];
	}
	put_series(rt, made, s.count, out);
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static double median(double *at, size_t count)
{
	qsort(at, count, sizeof *at, by_size);
	return count % 2 != 0 ? at[count / 2] : (at[count / 2 - 1] + at[count / 2]) / 2;
}

/* series_seasonal(series, period, points left out at the end): of all elements as far
 * from a period's start, the median. */
HM_RT_FN(series_seasonal)
{
	struct series s;

	(void)num;
	out->null =
		!series_of(rt, &arg[0], &s) || !s.finite || arg[1].i < 1 || arg[2].i < 0;
	if (out->null)
		return;
	size_t period = (size_t)arg[1].i;
	size_t known = s.count > (size_t)arg[2].i ? s.count - (size_t)arg[2].i : 0;
	double *made = hm_new_n(&rt->row, double, s.count + 1);
	double *same = hm_new_n(&rt->row, double, s.count + 1);
	for (size_t phase = 0; phase < period && phase < s.count; phase++) {
		size_t n = 0;

		for (size_t i = phase; i < known; i += period)
			same[n++] = s.at[i];
		double value = n == 0 ? 0 : median(same, n);
		for (size_t i = phase; i < s.count; i += period)
			made[i] = value;
	}
	put_series(rt, made, s.count, out);
}
