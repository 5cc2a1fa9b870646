/* SPDX-License-Identifier: MIT */
/*
 * funcs.h: the operators, functions and aggregates of KQL, one id each.
 *
 * The rows are funcs.def's; a printer keeps a table of its own by the same id.
 */
#ifndef HM_QUERY_FUNCS_H
#define HM_QUERY_FUNCS_H

#include "base/bytes.h"

enum hm_fn {
	HM_FN_NONE,
#define HM_FN(kind, id, name, naming, prefix, signatures) HM_FN_##id,
#include "query/funcs.def"
#undef HM_FN
	HM_FN_COUNT
};

enum hm_fn_kind {
	HM_FN_KIND_OPERATOR,
	HM_FN_KIND_SCALAR,
	HM_FN_KIND_WINDOW, /* prev, next, row_number...: wants rows in order */
	HM_FN_KIND_AGG,
};

enum hm_naming { HM_NAMING_PLAIN, HM_NAMING_FIRST, HM_NAMING_PREFIX, HM_NAMING_ONLY };

struct hm_fn_info {
	const char *name;
	const char *prefix;
	const char *signatures;
	enum hm_fn_kind kind;
	enum hm_naming naming;
};

/* The row of fn; HM_FN_NONE has the name "". */
const struct hm_fn_info *hm_fn_info(enum hm_fn fn);

/* A function or an aggregate of exactly that name, or HM_FN_NONE. */
enum hm_fn hm_fn_named(hm_bytes name);
enum hm_fn hm_agg_named(hm_bytes name);

#endif
