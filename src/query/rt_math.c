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
MATH(log, log(x))
MATH(log10, log10(x))
MATH(log2, log2(x))
MATH(loggamma, lgamma(x))
MATH(radians, x *(M_PI / 180))
MATH(sign, x > 0 ? 1.0 : x < 0 ? -1.0 : x)
MATH(sin, sin(x))
MATH(sqrt, sqrt(x))
MATH(tan, tan(x))
MATH(ceiling, ceil(x))

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
