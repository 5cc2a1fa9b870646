/* SPDX-License-Identifier: MIT */
/*
 * literal.h: the value that a literal's text stands for (kql.md B2.15, B2.16).
 */
#ifndef HM_QUERY_LITERAL_H
#define HM_QUERY_LITERAL_H

#include "query/types.h"

/*
 * A number or a timespan as written in a query: 5, 0x1F, 1.5e3, 1.5h.  Whether it
 * holds a point or an exponent tells real.  False where it is none.
 */
bool hm_number_of(struct hm_arena *a, hm_bytes text, bool real, struct hm_value *out);

/*
 * What stands within type(...): int(5), datetime(2020-01-01), guid(...), any(null).
 * As in Kusto a text that does not fit gives null, but for one that could have been
 * meant as an expression: that gives false.
 */
bool hm_literal_of(struct hm_arena *a, hm_bytes type, hm_bytes text,
		   struct hm_value *out);

/* The ticks of "1.02:03:04.5", "02:03", "5" (days) or "1.5h". */
bool hm_timespan_of(hm_bytes text, int64_t *ticks);

/* "[-][d.]hh:mm:ss[.fffffff]", in a. */
hm_bytes hm_timespan_text(struct hm_arena *a, int64_t ticks);

#endif
