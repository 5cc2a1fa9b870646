/* SPDX-License-Identifier: MIT */
/*
 * lex.h: the words of a KQL text.
 *
 * Keywords are names: which are which depends on where they stand.  Names with a
 * hyphen (project-away) and operators that begin with `!` or end with `~` are one
 * word each.  Comments run from // to the end of the line.
 */
#ifndef HM_QUERY_LEX_H
#define HM_QUERY_LEX_H

#include "query/fault.h"

enum hm_word_kind {
	HM_WORD_END,
	HM_WORD_NAME,    /* also keywords and operators such as has_any, !in~ */
	HM_WORD_SIGN,    /* + == ( ..: */
	HM_WORD_LITERAL, /* value */
};

struct hm_word {
	enum hm_word_kind kind;
	struct hm_span span;
	hm_bytes text;
	struct hm_value value;
};

/* All words of f->text, the last of kind HM_WORD_END; refuses by f. */
struct hm_word *hm_lex(struct hm_fault *f, size_t *count);

#endif
