/* SPDX-License-Identifier: MIT */
/*
 * parse.h: a KQL text as a tree, by recursive descent.
 *
 * One function a grammar rule, the rule above it, after Microsoft's reference
 * grammar Kql.g4; depth is bounded.  Nothing is looked up here: a name may be a
 * column, a table or a function.
 */
#ifndef HM_QUERY_PARSE_H
#define HM_QUERY_PARSE_H

#include "query/fault.h"

/* The statements of f->text, a HM_AST_BLOCK; refuses by f. */
struct hm_ast *hm_parse(struct hm_fault *f);

#endif
