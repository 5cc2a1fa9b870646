/* SPDX-License-Identifier: MIT */
/*
 * rt.h: KQL's scalar semantics as C functions, offered to DuckDB as SQL functions.
 *
 * Every row of rt_funcs.def is one SQL function hm_<name> and one C function
 * hm_kql_<name>.  A signature is the result's letter, a colon, and the arguments':
 *
 *	b bool  i int  l long, datetime or timespan (ticks)  r real
 *	s string  j dynamic (JSON text)  t decimal or guid (text)
 *	L a list of texts, of which each may be null (results only)
 *
 * A star after the last letter lets it repeat.  A string is never null: a NULL that
 * reaches s is "", and a null result of type s leaves as "".  Any other null argument
 * makes the result null, unless the row's flags say HM_RT_NULLS.
 *
 * Dynamic values are JSON text in Kusto's compact form; SQL NULL is dynamic null.
 */
#ifndef HM_QUERY_RT_H
#define HM_QUERY_RT_H

#include <duckdb.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"

enum {
	HM_RT_NULLS = 1,    /* the function sees null arguments itself */
	HM_RT_VOLATILE = 2, /* a new answer for each row */
};

struct hm_rt_val {
	bool null, b;
	int64_t i; /* int and long */
	double r;
	hm_bytes s; /* all text; lives until the row is done */
	const struct hm_rt_val *list;
	size_t count; /* of list */
};

/* Before the sentence of rt->error in what DuckDB makes of it. */
#define HM_RT_FAULT "hallmark: "

/* What a function kept from the row before, because the argument was the same. */
struct hm_rt_memo {
	bool used;
	hm_bytes key;
	void *thing;
};

enum { HM_RT_MEMOS = 4 };

/* One call of a function over a chunk of rows. */
struct hm_rt {
	struct hm_arena row;  /* taken back after each row */
	struct hm_arena call; /* taken back after the chunk: memos live here */
	struct hm_rt_memo memo[HM_RT_MEMOS];
	const char *error; /* set: the query ends with this sentence; it may begin with
			      "HM001: " to be another refusal than HM003 */
};

typedef void hm_rt_fn(struct hm_rt *rt, const struct hm_rt_val *arg, size_t num,
		      struct hm_rt_val *out);

#define RT(name, sig, flags) hm_rt_fn hm_kql_##name;
#include "query/rt_funcs.def"
#undef RT

/* Offer all of them on con; HM_EIO where DuckDB refuses. */
hm_err hm_rt_register(duckdb_connection con);

/* Whether a function of that SQL name exists: for the printer's table. */
bool hm_rt_exists(const char *sql_name);

#endif
