/* SPDX-License-Identifier: MIT */
/*
 * tables.h: the tables that the binder is shown: the store's, and others by a file.
 */
#ifndef HM_QUERY_TABLES_H
#define HM_QUERY_TABLES_H

#include "query/catalog.h"

/* The store's tables (base/schema.def) as dialect has them; in a. */
struct hm_source *hm_tables_of(enum hm_dialect dialect, struct hm_arena *a);

/*
 * Tables of a JSON text {"Table": {"Column": "type", ...}, ...}, columns in that order,
 * before those of list, whose tables of the same name they hide.  NULL where the text
 * has another shape: why says so.  Names view text.
 */
struct hm_source *hm_tables_read(hm_bytes text, struct hm_source *list,
				 struct hm_arena *a, const char **why);

#endif
