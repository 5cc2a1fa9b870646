/* SPDX-License-Identifier: MIT */
/*
 * binder.h: what the files of the binder share.
 *
 * A let statement is bound once, where it stands, and shared by all who name it;
 * a function is bound anew at each call, its parameters being names.
 */
#ifndef HM_QUERY_BINDER_H
#define HM_QUERY_BINDER_H

#include "query/ast.h"
#include "query/bind.h"
#include "query/fault.h"

/* What an expression or a name turned out to be: one of the two is set. */
struct hm_bound {
	struct hm_expr *expr;
	struct hm_plan *plan;
};

/* A name of a let statement or a parameter; scopes are chains of these. */
struct hm_name {
	hm_bytes name;
	struct hm_bound bound;
	const struct hm_ast *function; /* else */
	const struct hm_name *scope;   /* in which the function was defined */
	const struct hm_name *next;
	const struct hm_name *block; /* end of the names of the same block */
};

/* Aggregates found while the expressions of summarize are bound. */
struct hm_agg_list {
	struct hm_agg *at;
	struct hm_fields columns; /* their results */
	size_t count, room, columns_room;
	size_t keys; /* columns of the node before the aggregates' */
	struct hm_expr **key_exprs;
};

/* The row that an expression is evaluated over. */
struct hm_row {
	struct hm_plan *plan;         /* NULL: none, constants only */
	struct hm_agg_list *aggs;     /* set: only aggregates may look at columns */
	struct hm_scanning *scanning; /* set: the steps of scan are names */
};

struct hm_binder {
	struct hm_fault *fault;
	struct hm_arena *arena;
	const struct hm_catalogue *catalogue;
	const struct hm_name *names;
	struct hm_plan **nodes;
	size_t node_count, node_room;
	struct hm_plan *within;
	hm_bytes render;
	unsigned calls; /* functions of the user within functions */
};

/* An argument without the name that it may have. */
static inline const struct hm_ast *hm_value_ast(const struct hm_ast *ast)
{
	return ast->kind == HM_AST_NAMED ? ast->on : ast;
}

/* Nodes of the plan (plan.c). */
struct hm_plan *hm_plan_of(struct hm_binder *b, enum hm_plan_kind kind,
			   const struct hm_ast *ast);
/* With one input, whose columns, order and alias it takes over. */
struct hm_plan *hm_plan_over(struct hm_binder *b, enum hm_plan_kind kind,
			     struct hm_plan *input, const struct hm_ast *ast);
/* Into the list of nodes: inputs must be in it. */
struct hm_plan *hm_plan_add(struct hm_binder *b, struct hm_plan *plan);
void hm_set_input(struct hm_binder *b, struct hm_plan *plan, struct hm_plan *left,
		  struct hm_plan *right);
/* The list of what top needs, with ids and uses. */
struct hm_query *hm_plan_finish(struct hm_binder *b, struct hm_plan *top);
/* The column of that name, or HM_NO_COLUMN; aliases count. */
size_t hm_find_column(const struct hm_plan *plan, hm_bytes name);
size_t hm_find_field(const struct hm_fields *fields, hm_bytes name);

/* Expressions (expr.c). */
struct hm_expr *hm_expr_new(struct hm_binder *b, enum hm_expr_kind kind,
			    enum hm_scalar type, struct hm_span at);
struct hm_expr *hm_column_of(struct hm_binder *b, const struct hm_plan *plan,
			     size_t column, struct hm_span at);
struct hm_expr *hm_literal(struct hm_binder *b, struct hm_value value, struct hm_span at);
struct hm_expr *hm_long(struct hm_binder *b, int64_t value, struct hm_span at);
struct hm_expr *hm_text(struct hm_binder *b, hm_bytes value, struct hm_span at);
struct hm_expr *hm_call(struct hm_binder *b, enum hm_fn fn, enum hm_scalar type,
			struct hm_expr **args, size_t count);
struct hm_expr *hm_expr_as(struct hm_binder *b, struct hm_expr *of, enum hm_scalar to);
/* Settle type flags of e from its args. */
struct hm_expr *hm_settle(struct hm_binder *b, struct hm_expr *e);

/* Binding. */
struct hm_bound hm_bind_any(struct hm_binder *b, const struct hm_row *row,
			    const struct hm_ast *ast);
struct hm_expr *hm_bind_expr(struct hm_binder *b, const struct hm_row *row,
			     const struct hm_ast *ast);
struct hm_expr *hm_bind_bool(struct hm_binder *b, const struct hm_row *row,
			     const struct hm_ast *ast);
/* A constant of that type, converted if it may be. */
struct hm_expr *hm_bind_constant(struct hm_binder *b, const struct hm_ast *ast,
				 enum hm_scalar type);
struct hm_plan *hm_bind_table(struct hm_binder *b, const struct hm_ast *ast);
struct hm_plan *hm_bind_block(struct hm_binder *b, const struct hm_ast *block);
struct hm_bound hm_bind_body(struct hm_binder *b, const struct hm_ast *body);
struct hm_bound hm_bind_call(struct hm_binder *b, const struct hm_row *row,
			     const struct hm_ast *call);
struct hm_bound hm_call_user(struct hm_binder *b, const struct hm_row *row,
			     const struct hm_name *name, const struct hm_ast *call,
			     struct hm_plan *first);
struct hm_expr *hm_bind_op(struct hm_binder *b, const struct hm_row *row,
			   const struct hm_ast *ast);
struct hm_plan *hm_bind_special_table(struct hm_binder *b, const struct hm_ast *call);
struct hm_expr *hm_bind_custom(struct hm_binder *b, const struct hm_row *row,
			       const struct hm_ast *call);
struct hm_plan *hm_bind_source(struct hm_binder *b, const struct hm_ast *ast);
struct hm_fields hm_decl_fields(struct hm_binder *b, struct hm_asts decls, bool *star);
/* Make a literal one of that type, as datatable does; false where it cannot be. */
bool hm_value_to(struct hm_arena *a, struct hm_value *value, enum hm_scalar type);
/* The one type that values can share: a dynamic joins any, numbers widen. */
bool hm_common_type(struct hm_expr **args, size_t count, enum hm_scalar *out);
/* What Kusto checks of constant arguments: formats, groups of a regex, offsets. */
void hm_check_call(struct hm_binder *b, const struct hm_expr *call);
/* Choose a signature of fn for args, convert them, give the call; refuses. */
struct hm_expr *hm_resolve(struct hm_binder *b, enum hm_fn fn, struct hm_expr **args,
			   size_t count, struct hm_span at);
/* An aggregate: adds it to row->aggs; NULL where call names none. */
struct hm_agg *hm_bind_agg(struct hm_binder *b, const struct hm_row *row,
			   const struct hm_ast *call);
const struct hm_name *hm_find_name(const struct hm_name *scope, hm_bytes name);
/* "KS142: The name..." with the nearest of what is known. */
void hm_unknown_name(struct hm_binder *b, const struct hm_row *row, hm_bytes name,
		     struct hm_span at) HM_NORETURN;
void hm_unknown_table(struct hm_binder *b, hm_bytes name, struct hm_span at) HM_NORETURN;
void hm_unsupported(struct hm_binder *b, struct hm_span at, const char *what,
		    hm_bytes name) HM_NORETURN;
const struct hm_source *hm_find_table(const struct hm_binder *b, hm_bytes name);
struct hm_plan *hm_plan_table(struct hm_binder *b, const struct hm_source *table,
			      const struct hm_ast *ast);
bool hm_wild_match(hm_bytes pattern, hm_bytes name);

/* Names of results (name.c): empty where a counter names it. */
hm_bytes hm_result_name(struct hm_binder *b, const struct hm_row *row,
			const struct hm_ast *ast);

/* Output columns in the making (name.c). */
struct hm_output {
	struct hm_fields fields;
	struct hm_expr **exprs;
	bool *chosen; /* the user named it, so that a second one is a mistake */
	size_t room;
	unsigned unnamed;
	const char *stem; /* "Column" */
};
/* What a column is to be called; the name is empty where rules are to find one. */
struct hm_title {
	hm_bytes name;
	bool chosen; /* by the author of the query */
	struct hm_span at;
};
/* Add a column; gives its index. */
size_t hm_output_add(struct hm_binder *b, struct hm_output *o, struct hm_title title,
		     struct hm_expr *expr);
hm_bytes hm_unique(struct hm_binder *b, const struct hm_fields *fields, hm_bytes name);
/* The name that the user gave (NAMED), or that of a plain column; *of: the expression. */
bool hm_chosen_name(const struct hm_ast *ast, size_t i, hm_bytes *name,
		    const struct hm_ast **of);
/* PROJECT of that output over input. */
struct hm_plan *hm_plan_project(struct hm_binder *b, struct hm_plan *input,
				const struct hm_output *o, const struct hm_ast *ast);

/* Operators: each takes its input and gives its node. */
typedef struct hm_plan *hm_bind_operator_fn(struct hm_binder *b, struct hm_plan *input,
					    const struct hm_ast *op);
hm_bind_operator_fn hm_bind_project, hm_bind_picking, hm_bind_summarize, hm_bind_join,
	hm_bind_union, hm_bind_expand, hm_bind_parse, hm_bind_parse_kv, hm_bind_series,
	hm_bind_nested, hm_bind_search, hm_bind_find, hm_bind_evaluate, hm_bind_invoke,
	hm_bind_partition, hm_bind_operator, hm_bind_hitters, hm_bind_getschema,
	hm_bind_scan;

/* A plugin that is written in KQL; NULL where call names none. */
struct hm_plan *hm_bind_macro(struct hm_binder *b, struct hm_plan *input,
			      const struct hm_ast *call);
/* step.column of a scan; NULL where ast is no such thing. */
struct hm_expr *hm_bind_step_member(struct hm_binder *b, const struct hm_row *row,
				    const struct hm_ast *ast);
/* A parameter of an operator (kind=inner), or NULL. */
const struct hm_ast *hm_param(const struct hm_ast *op, const char *name);
/* The union of tables (all, if none is named) with the name of each in column source. */
struct hm_plan *hm_union_of(struct hm_binder *b, const struct hm_asts *tables,
			    hm_bytes source, const struct hm_ast *op);
/* Columns of both inputs, the right ones under free names, as join has them. */
void hm_two_sides(struct hm_binder *b, struct hm_plan *plan);
void hm_pick_side(struct hm_binder *b, struct hm_plan *plan, unsigned side,
		  bool skip_keys);
void hm_output_all(struct hm_binder *b, struct hm_output *o, struct hm_plan *input,
		   const struct hm_ast *ast);
size_t hm_part_count(const struct hm_expr *e);
struct hm_plan *hm_bind_sub(struct hm_binder *b, struct hm_plan *owner,
			    struct hm_plan *leaf, const struct hm_ast *sub);

#endif
