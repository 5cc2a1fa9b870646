/* SPDX-License-Identifier: MIT */
/*
 * diag.h: why a query was refused, where, and what might have been meant.
 *
 * Codes are Kusto's where Kusto refuses it too ("KS142").  What Kusto accepts
 * and hallmark does not has a code of ours: HM001 unsupported, HM002 too large.
 */
#ifndef HM_QUERY_DIAG_H
#define HM_QUERY_DIAG_H

#include "base/arena.h"
#include "base/buf.h"

struct hm_diag {
	const char *code; /* static; NULL: no fault */
	hm_bytes message;
	size_t at, len;      /* bytes of the query's text */
	size_t line, column; /* from 1; column in characters */
};

/* "file:3:9: KS142: message", the line, and a caret under it. */
void hm_diag_put(struct hm_buf *out, const char *name, hm_bytes text,
		 const struct hm_diag *diag);

/* A message in a; one that its buffer has cut ends with a whole character. */
hm_bytes hm_diag_message(struct hm_arena *a, const char *text);

/* Fill line and column of d from d->at. */
void hm_diag_place(struct hm_diag *d, hm_bytes text);

/* How far two names are apart (edits, ASCII case ignored), or more than most. */
size_t hm_edit_distance(hm_bytes a, hm_bytes b, size_t most);

#endif
