/* SPDX-License-Identifier: MIT */
/* rt_math.c: functions of reals.  Where a function is not defined the result is NaN or
 * an infinity, as in IEEE 754, not an error. */
#include <math.h>

#include "query/rt_fn.h"

#define MATH(name, expression)                                                           \
	HM_RT_FN(name)                                                                   \
	{                                                                                \
		double x = arg[0].r;                                                     \
                                                                                         \
		HM_RT_UNUSED(rt, num);                                                   \
		out->r = (expression);                                                   \
	}

MATH(acos, acos(x))
MATH(asin, asin(x))
MATH(atan, atan(x))
MATH(cos, cos(x))
MATH(cot, 1 / tan(x))
MATH(degrees, x * (180 / M_PI))
MATH(erf, erf(x))
MATH(erfc, erfc(x))
MATH(exp, exp(x))
MATH(exp10, pow(10, x))
MATH(exp2, exp2(x))
MATH(gamma, tgamma(x))
MATH(loggamma, lgamma(x))
MATH(radians, x *(M_PI / 180))
MATH(sign, x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0)
MATH(sin, sin(x))
MATH(sqrt, sqrt(x))
MATH(tan, tan(x))
MATH(ceiling, ceil(x))

/* Of a negative number it is null, not NaN (null-and-edge-0015). */
static void logarithm(double x, double (*of)(double), struct hm_rt_val *out)
{
	out->null = x < 0;
	if (!out->null)
		out->r = of(x);
}

HM_RT_FN(log)
{
	HM_RT_UNUSED(rt, num);
	logarithm(arg[0].r, log, out);
}

HM_RT_FN(log10)
{
	HM_RT_UNUSED(rt, num);
	logarithm(arg[0].r, log10, out);
}

HM_RT_FN(log2)
{
	HM_RT_UNUSED(rt, num);
	logarithm(arg[0].r, log2, out);
}

/* The least and the greatest; NaN wins, null does not. */
static void extreme(const struct hm_rt_val *arg, size_t num, bool least,
		    struct hm_rt_val *out)
{
	out->null = true;
	for (size_t i = 0; i < num; i++) {
		if (arg[i].null || (!out->null && isnan(out->r)))
			continue;
		bool better = least ? arg[i].r < out->r : arg[i].r > out->r;
		if (out->null || better || isnan(arg[i].r))
			out->r = arg[i].r;
		out->null = false;
	}
}

HM_RT_FN(least)
{
	HM_RT_UNUSED(rt, num);
	extreme(arg, num, true, out);
}

HM_RT_FN(greatest)
{
	HM_RT_UNUSED(rt, num);
	extreme(arg, num, false, out);
}

HM_RT_FN(atan2)
{
	HM_RT_UNUSED(rt, num);
	out->r = atan2(arg[0].r, arg[1].r);
}

HM_RT_FN(pow)
{
	HM_RT_UNUSED(rt, num);
	out->r = pow(arg[0].r, arg[1].r);
}

HM_RT_FN(real_div)
{
	HM_RT_UNUSED(rt, num);
	out->r = arg[0].r / arg[1].r;
}
