/* SPDX-License-Identifier: MIT */
/*
 * catalog.h: what the binder asks of its caller: tables, and what lies outside.
 *
 * Every callback may be NULL: then there is nothing of that kind.  What they
 * return must live as long as the plan.
 */
#ifndef HM_QUERY_CATALOG_H
#define HM_QUERY_CATALOG_H

#include "query/types.h"

enum hm_dialect {
	HM_DIALECT_HALLMARK, /* Defender's tables with our extension columns */
	HM_DIALECT_DEFENDER, /* Defender's columns only; Timestamp */
	HM_DIALECT_SENTINEL, /* Sentinel's columns only; TimeGenerated */
};

/* A table as the binder sees it.  `alias` is another name of column `alias_of`, found
 * when a query writes it and never in an expansion of `*` (Timestamp, TimeGenerated). */
struct hm_source {
	hm_bytes name;
	struct hm_fields columns;
	hm_bytes alias;
	size_t alias_of;
	bool added; /* by a file: it has columns and no rows */
	struct hm_source *next;
};

struct hm_plan;
struct hm_expr;

/* What externaldata asks for. */
struct hm_external {
	hm_bytes *urls;
	size_t url_count;
	hm_bytes format;   /* "csv"...; empty: by the name */
	bool ignore_first; /* ignoreFirstRecord */
	struct hm_fields columns;
};

struct hm_catalogue {
	void *ctx;
	enum hm_dialect dialect;
	const struct hm_source *tables; /* first of a list; the first of a name wins */

	/* externaldata: the name of a local table with such columns (all texts), or empty
	 * where there is no copy; why is set where the copy cannot be used. */
	hm_bytes (*external)(void *ctx, const struct hm_external *what,
			     struct hm_arena *a, const char **why);

	/* A watchlist: its columns, or none (count 0), and the name of its table. */
	struct hm_fields (*watchlist)(void *ctx, hm_bytes name, struct hm_arena *a,
				      hm_bytes *table, const char **why);

	/* evaluate bag_unpack and pivot: the columns that rows of input give rise to.
	 * For bag_unpack, the members of `of` with their types, by name; for pivot, the
	 * distinct values of `of` in order (types are ignored).  False: it failed. */
	bool (*spread)(void *ctx, const struct hm_plan *input, const struct hm_expr *of,
		       struct hm_arena *a, struct hm_fields *out);
};

#endif
