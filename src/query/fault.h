/* SPDX-License-Identifier: MIT */
/*
 * fault.h: how lexer, parser and binder give up.
 *
 * A query has one fault that matters, the first, and all that was made for it
 * lies in one arena.  So a rule that finds it jumps out of the query at once,
 * and no rule above has to look whether one below failed.
 */
#ifndef HM_QUERY_FAULT_H
#define HM_QUERY_FAULT_H

#include <setjmp.h>

#include "base/arena.h"
#include "query/ast.h"
#include "query/diag.h"

/* A text that hallmark wrote stands in for a part of the query's: what is refused in it
 * is said of that part. */
struct hm_inlay {
	hm_bytes text; /* the query's */
	struct hm_span at;
};

struct hm_fault {
	jmp_buf out;
	struct hm_arena *arena;
	struct hm_diag *diag;
	hm_bytes text;
	const struct hm_inlay *inlay; /* text is no query's */
	unsigned depth;               /* rules within rules, at most HM_MAX_KQL_DEPTH */
	unsigned long steps;          /* nodes bound, at most HM_MAX_KQL_STEPS */
};

/* A view, a variable, for the %.*s of a message. */
#define HM_SHOW(bytes)                                                                   \
	(int)(bytes).len, (bytes).at != NULL ? (const char *)(bytes).at : ""

/* Fill the diagnosis and leave the query. */
HM_NORETURN HM_PRINTF(4, 5) void hm_refuse(struct hm_fault *f, struct hm_span at,
					   const char *code, const char *fmt, ...);

/* Go one rule deeper, or refuse; every hm_enter has its hm_leave. */
void hm_enter(struct hm_fault *f, struct hm_span at);
void hm_leave(struct hm_fault *f);

/* Count work that input can multiply (functions of the user within functions). */
void hm_spend(struct hm_fault *f, struct hm_span at, size_t steps);

#endif
