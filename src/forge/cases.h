/* SPDX-License-Identifier: MIT */
/*
 * cases.h: the catalogue of attacks: how each file is made, and what it shows.
 *
 * What a verifier should answer stands in plain text in tests/tables/catalogue.tbl,
 * one line a case, which is compiled in; how the file is made stands in cases_*.c
 * under the same name.  Expectations come from specifications, Windows' documented
 * behaviour and past bugs, never from what our own verifier says.
 */
#ifndef HM_FORGE_CASES_H
#define HM_FORGE_CASES_H

#include "forge/kit.h"

/* How a file is made.  k is the honest kit, fresh for each case. */
struct hm_mk_maker {
	const char *name; /* NULL ends a table */
	hm_bytes (*make)(struct hm_mk_kit *k, int arg);
	int arg;
};

extern const struct hm_mk_maker hm_mk_cases_pe[];
extern const struct hm_mk_maker hm_mk_cases_table[];
extern const struct hm_mk_maker hm_mk_cases_cms[];
extern const struct hm_mk_maker hm_mk_cases_der[];
extern const struct hm_mk_maker hm_mk_cases_crypto[];
extern const struct hm_mk_maker hm_mk_cases_chain[];
extern const struct hm_mk_maker hm_mk_cases_time[];
extern const struct hm_mk_maker hm_mk_cases_cost[];
extern const struct hm_mk_maker hm_mk_cases_forms[];
extern const struct hm_mk_maker hm_mk_cases_trust[]; /* not programs: see case.trust */

/* One line of the table.  Views of static text. */
struct hm_mk_case {
	hm_bytes name;
	hm_bytes state;  /* "Invalid" */
	hm_bytes reason; /* word of the reason; "*" where no source says which */
	hm_bytes flags;  /* words that must be there, separated by spaces */
	hm_bytes clock;  /* moment of judging, ISO 8601 */
	hm_bytes trust;  /* names of trust files, separated by spaces; "none" */
	hm_bytes source; /* CVE, bug or specification */
	hm_bytes wrong;  /* one sentence */
};

/* The next case of the table; *walk begins at 0; false at the end. */
bool hm_mk_next_case(size_t *walk, struct hm_mk_case *out);

/* The file of a case, or a trust file, made in the arena; at is NULL where there is
 * none of that name. */
hm_bytes hm_mk_case_file(struct hm_arena *a, hm_bytes name);
hm_bytes hm_mk_trust_file(struct hm_arena *a, hm_bytes name);

/* How many files can be made: as many as the table has lines. */
size_t hm_mk_num_makers(void);

/* Trust files by number; NULL past the last.  The name with its extension. */
const char *hm_mk_trust_name(size_t i);

#endif
