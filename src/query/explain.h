/* SPDX-License-Identifier: MIT */
/* explain.h: a plan as text for people: a line an operator, inputs below and indented. */
#ifndef HM_QUERY_EXPLAIN_H
#define HM_QUERY_EXPLAIN_H

#include "base/buf.h"
#include "query/plan.h"

void hm_explain_put(struct hm_buf *b, const struct hm_query *query);

#endif
