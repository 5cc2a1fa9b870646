/* SPDX-License-Identifier: MIT */
/*
 * external.h: externaldata and watchlists from the pinned copies in the data folder.
 *
 * Nothing is ever fetched.  In the data folder,
 *
 *	catalogue/external/HOST/PATH is what https://HOST/PATH was when it was put there,
 *	by "wget -x -P catalogue/external URL" or by hand;
 *	catalogue/watchlists/NAME.csv is the watchlist NAME, its first line the names of
 *	its columns.
 *
 * A copy is read once a query names it, into a temporary table of texts.  A query cannot
 * reach a file outside of the two: no "..", no symbolic link is followed.
 */
#ifndef HM_QUERY_EXTERNAL_H
#define HM_QUERY_EXTERNAL_H

#include "query/catalog.h"
#include "store/store.h"

/* Where copies are, and where their rows go. */
struct hm_copies {
	struct hm_store *store;
	bool may_lack; /* a copy that is not there is an empty table: checking queries */
	unsigned made; /* tables of this query, for their names */
	size_t bytes;  /* read for this query, HM_MAX_COPY_BYTES at most */
};

/* Load all of what; its table, or an empty name where why tells what is wrong ("" where
 * there is no copy). */
hm_bytes hm_external_load(struct hm_copies *c, const struct hm_external *what,
			  struct hm_arena *a, const char **why);

/* Take back the tables of the query before. */
void hm_copies_drop(struct hm_copies *c, struct hm_arena *a);

/* Load a watchlist: its columns, all of type string, and its table.  None where there is
 * no copy, or where why tells what is wrong with it. */
struct hm_fields hm_watchlist_load(struct hm_copies *c, hm_bytes name, struct hm_arena *a,
				   hm_bytes *table, const char **why);

#endif
