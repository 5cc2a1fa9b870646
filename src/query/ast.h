/* SPDX-License-Identifier: MIT */
/*
 * ast.h: a query as written, before names mean anything.
 *
 * One node type serves expressions, operators and statements; which members hold
 * stands at each kind.  Nodes live in the arena of the parse and view its text.
 */
#ifndef HM_QUERY_AST_H
#define HM_QUERY_AST_H

#include "query/funcs.h"
#include "query/plan.h"
#include "query/types.h"

enum hm_ast_kind {
	/* Expressions. */
	HM_AST_NAME,    /* name */
	HM_AST_LITERAL, /* value */
	HM_AST_STAR,    /* * */
	HM_AST_OP,      /* fn over kids: operators of funcs.def */
	HM_AST_CALL,    /* name(kids); kids may be NAMED, STAR or PIPE */
	HM_AST_MEMBER,  /* kids[0].name; kids[0].name(...) has kids[1], a CALL */
	HM_AST_INDEX,   /* kids[0][kids[1]] */
	HM_AST_NAMED,   /* by (NAMEs) = on */
	HM_AST_TYPEOF,  /* type; with a list of columns: by (DECLs) */
	HM_AST_CLIENT,  /* {name} */
	HM_AST_WILD,    /* name holds a pattern with * (project-away a*) */

	/* Tables. */
	HM_AST_PIPE,      /* kids[0] | kids[1] | ... */
	HM_AST_DATATABLE, /* by: DECLs; kids: values */
	HM_AST_EXTERNAL,  /* by: DECLs; kids: URLs; params */
	HM_AST_FUNCTION,  /* by: DECLs; on: BLOCK; flag: a view */
	HM_AST_DECL,  /* name: type; on: default.  typed false: a table, by: its DECLs */
	HM_AST_RANGE, /* name; from, to, step */
	HM_AST_SHAPE, /* by: DECLs after ':' of evaluate; flag when * is in it */

	/* Statements. */
	HM_AST_BLOCK, /* kids: LET and expressions, at least one */
	HM_AST_LET,   /* name; on */

	/* Operators after a pipe: `word` is the name as written; params: NAMED. */
	HM_AST_WHERE,           /* on */
	HM_AST_PROJECT,         /* project, extend, distinct, print, serialize: kids */
	HM_AST_PICKING,         /* project-away, -keep, -rename, -reorder: kids */
	HM_AST_SUMMARIZE,       /* kids by by */
	HM_AST_SORT,            /* by: KEYs */
	HM_AST_KEY,             /* on; flag: descending; nulls: 0 unsaid, 1 first, 2 last;
				   `said`: a direction was written */
	HM_AST_TOP,             /* on: how many; by: one KEY */
	HM_AST_TAKE,            /* take, limit, sample: on */
	HM_AST_SAMPLE_DISTINCT, /* on: how many; from: of */
	HM_AST_TOP_HITTERS,     /* on: how many; from: of; to: by */
	HM_AST_COUNT,           /* name: as */
	HM_AST_JOIN,            /* join, lookup: on: right; by: conditions */
	HM_AST_UNION,           /* kids: tables; WILD or NAME or expression */
	HM_AST_EXPAND, /* mv-expand, mv-apply: kids: ITEMs; to: limit; on: sub-query */
	HM_AST_ITEM,   /* on: expression or NAMED; typed, type */
	HM_AST_PARSE,  /* parse, parse-where: on: what; kids: LITERAL, STAR, DECL, NAME */
	HM_AST_PARSE_KV, /* on: what; by: DECLs */
	HM_AST_SERIES, /* kids: ITEMs (on; from: default); on: axis; from, to, step; by */
	HM_AST_NESTED, /* kids: LEVELs */
	HM_AST_LEVEL,  /* from: how many; on: of; to: by; step: with others; flag: asc */
	HM_AST_SEARCH, /* on: predicate; kids: tables */
	HM_AST_FIND,   /* on: predicate; kids: tables; by: project; flag: smart */
	HM_AST_EVALUATE,  /* on: CALL; from: SHAPE */
	HM_AST_INVOKE,    /* on: CALL */
	HM_AST_PARTITION, /* from: by; on: sub-query */
	HM_AST_SCAN,      /* by: DECLs; kids: STEPs */
	HM_AST_STEP,      /* name; on: condition; kids: NAMED; flag: output=none */
	HM_AST_AS,        /* name */
	HM_AST_PLAIN,     /* getschema, consume, render (name: chart) */
	HM_AST_REFUSED,   /* an operator of Kusto's that hallmark does not do */
};

struct hm_asts {
	struct hm_ast **at;
	size_t count;
};

struct hm_ast {
	enum hm_ast_kind kind;
	enum hm_fn fn;
	enum hm_scalar type;
	bool typed, flag, said;
	int nulls;
	struct hm_span span; /* all of it */
	struct hm_span mark; /* what a message points at: a name, an operator */
	hm_bytes name;
	hm_bytes word;
	struct hm_value value;
	struct hm_asts kids, by, params;
	struct hm_ast *on, *from, *to, *step;
};

#endif
