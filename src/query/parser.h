/* SPDX-License-Identifier: MIT */
/*
 * parser.h: what the files of the parser share.
 */
#ifndef HM_QUERY_PARSER_H
#define HM_QUERY_PARSER_H

#include "query/lex.h"
#include "query/parse.h"

struct hm_parser {
	struct hm_fault *fault;
	const struct hm_word *words;
	size_t at, count;
	bool searching; /* in the predicate of search: a:b means a has b */
	bool filtering; /* in that of where: a = b means a == b */
};

/* The word ahead words after the next one; the last for all past the end. */
const struct hm_word *hm_ahead(const struct hm_parser *p, size_t ahead);
const struct hm_word *hm_next(struct hm_parser *p);

/* Whether the next word is this sign or this keyword; the others step over it then. */
bool hm_at_sign(const struct hm_parser *p, const char *sign);
bool hm_at_name(const struct hm_parser *p, const char *name);
bool hm_take_sign(struct hm_parser *p, const char *sign);
bool hm_take_name(struct hm_parser *p, const char *name);

/* Step over it or refuse: "KS005: Expected: )". */
void hm_want_sign(struct hm_parser *p, const char *sign);
void hm_want_name(struct hm_parser *p, const char *name);
void hm_expected(struct hm_parser *p, const char *what) HM_NORETURN;

struct hm_ast *hm_ast_new(struct hm_parser *p, enum hm_ast_kind kind);

/* Let the span of node end where the last word taken ends. */
void hm_ast_end(struct hm_parser *p, struct hm_ast *node);

/* A list that grows while one rule runs. */
struct hm_ast_list {
	struct hm_asts list;
	size_t room;
};
void hm_ast_add(struct hm_parser *p, struct hm_ast_list *list, struct hm_ast *node);

/* Rules that other files use; each is described where it is defined. */
struct hm_ast *hm_parse_expr(struct hm_parser *p);
struct hm_ast *hm_parse_unary(struct hm_parser *p);
struct hm_ast *hm_parse_named(struct hm_parser *p);
struct hm_ast *hm_parse_pipe(struct hm_parser *p);
struct hm_ast *hm_parse_name(struct hm_parser *p);
struct hm_ast *hm_parse_word(struct hm_parser *p);
struct hm_ast *hm_parse_operator(struct hm_parser *p);
struct hm_ast *hm_parse_source(struct hm_parser *p);
struct hm_ast *hm_parse_typeof(struct hm_parser *p);
struct hm_ast *hm_parse_literal(struct hm_parser *p);
struct hm_ast *hm_parse_wild(struct hm_parser *p);
struct hm_ast *hm_parse_group(struct hm_parser *p);
struct hm_ast *hm_parse_call(struct hm_parser *p, const struct hm_word *name);
struct hm_asts hm_parse_decls(struct hm_parser *p);
struct hm_asts hm_parse_params(struct hm_parser *p);
struct hm_asts hm_parse_list(struct hm_parser *p,
			     struct hm_ast *(*rule)(struct hm_parser *));
void hm_parse_scan(struct hm_parser *p, struct hm_ast *op);
struct hm_ast *hm_parse_block(struct hm_parser *p, bool braces);
enum hm_scalar hm_parse_type(struct hm_parser *p);

#endif
