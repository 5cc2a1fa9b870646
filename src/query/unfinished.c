/* SPDX-License-Identifier: MIT */
#include "query/unfinished.h"

#include <string.h>

#include "query/lex.h"
#include "query/parse.h"

static bool is_open(const struct hm_word *words, size_t count)
{
	long depth = 0;

	for (size_t i = 0; i < count; i++) {
		bool sign = words[i].kind == HM_WORD_SIGN && words[i].text.len == 1;
		uint8_t c = sign ? words[i].text.at[0] : 0;

		depth += c == '(' || c == '[' || c == '{';
		depth -= c == ')' || c == ']' || c == '}';
	}
	return depth > 0;
}

/* Words, but nothing that gives rows. */
static bool only_names(struct hm_fault *f)
{
	const struct hm_asts kids = hm_parse(f)->kids;

	return kids.count == 0 || kids.at[kids.count - 1]->kind == HM_AST_LET;
}

bool hm_is_unfinished(hm_bytes text, struct hm_arena *a)
{
	struct hm_fault *f = hm_new(a, struct hm_fault);
	struct hm_diag diag;
	size_t count;

	*f = (struct hm_fault){ .arena = a, .diag = &diag, .text = text };
	if (setjmp(f->out) != 0)
		return false;
	const struct hm_word *words = hm_lex(f, &count);

	return is_open(words, count) || words[0].kind == HM_WORD_END || only_names(f);
}
