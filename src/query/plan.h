/* SPDX-License-Identifier: MIT */
/*
 * plan.h: the typed relational tree, the arrow from the binder to a printer.
 *
 * It knows KQL and no engine.  Names are resolved, types settled, let
 * statements gone, functions of the user inlined, `*` expanded, implicit
 * conversions written out (HM_EXPR_CONVERT), now() one parameter of the query.
 *
 * A plan is a graph without cycles: what a let or materialize() names is one
 * node that several others point to.  hm_query.nodes lists each node once,
 * inputs before their users: a printer walks that list and writes one common
 * table expression a node, named by id.
 *
 * Each node owns the list of its output columns, in order, names distinct by
 * case.  An expression is evaluated over the columns of exactly one node (said
 * at each field below) and names them by index; it never names a table.
 *
 * All of it lives in the arena given to hm_bind, as do the views in it.
 */
#ifndef HM_QUERY_PLAN_H
#define HM_QUERY_PLAN_H

#include "query/funcs.h"
#include "query/types.h"

#define HM_NO_COLUMN SIZE_MAX

/* Where in the query's text something stands. */
struct hm_span {
	uint32_t at, len; /* bytes */
};

enum hm_expr_kind {
	HM_EXPR_COLUMN,  /* column `column` of the input */
	HM_EXPR_LITERAL, /* value */
	HM_EXPR_NOW,     /* the query's clock: one parameter, datetime */
	HM_EXPR_CALL,    /* fn over args: a function or an operator (funcs.def) */
	HM_EXPR_CONVERT, /* args[0] turned to type, implicitly; see below */
	HM_EXPR_MEMBER,  /* args[0].text: member of a dynamic object; null if missing */
	HM_EXPR_ITEM,   /* args[0][args[1]]: args[1] is long (from the end if negative) or
			   string (a member's name) */
	HM_EXPR_SCALAR, /* toscalar(plan): first column of its first row, null if none */
	HM_EXPR_IN,     /* fn (in, has_any and kin) of args[0] over plan's first column */
};

/*
 * HM_EXPR_CONVERT: numbers widen (int, long, real, decimal).  A dynamic becomes
 * the type wanted as to<type>() would give it (tostring, tolong, ...); anything
 * becomes a dynamic as todynamic of its value, not of its text.
 *
 * HM_EXPR_CALL: args have the types that the row of funcs.def asks for after
 * conversion; a printer picks its form by fn and by the types of args.  Where
 * fn is `in`, `!in`, `has_any` and kin, args[0] is the value and each further
 * argument either a value of its type or a dynamic array of candidates.  A
 * typeof(x) argument is a literal string with the type's name.
 */
struct hm_expr {
	enum hm_expr_kind kind;
	enum hm_scalar type;
	enum hm_fn fn;
	bool constant; /* no column in it */
	bool windowed; /* holds a window function (prev, row_number...) */
	size_t column;
	hm_bytes text; /* the member's name */
	struct hm_value value;
	struct hm_expr **args;
	size_t arg_count;
	struct hm_plan *plan;
	uint32_t weight; /* nodes when printed as a tree, saturating */
	struct hm_span span;
};

/*
 * An aggregate.  fn is a row of funcs.def marked as an aggregate.  Its results
 * are columns first .. first + count - 1 of the node: one, but
 *   arg_max, arg_min: args[0] the value, then what is returned; a result for each
 *     (results are args[0] of the winning row, then the others);
 *   take_any with several arguments, percentiles: one for each (for percentiles
 *     args[1..] are the levels).
 * Nulls are skipped as kql.md B1.4 says; printers own that.
 */
struct hm_agg {
	enum hm_fn fn;
	struct hm_expr **args;
	size_t arg_count;
	size_t first, count;
	hm_bytes *names;           /* the binder's: what results would be called */
	struct hm_expr *otherwise; /* make-series: the default, a constant; else NULL */
};

struct hm_sort_key {
	struct hm_expr *by;
	bool descending;
	bool nulls_first; /* settled: asc first, desc last, unless said */
};

enum hm_join_kind {
	HM_JOIN_INNERUNIQUE, /* left de-duplicated by its keys (any row), then inner */
	HM_JOIN_INNER,
	HM_JOIN_LEFTOUTER,
	HM_JOIN_RIGHTOUTER,
	HM_JOIN_FULLOUTER,
	HM_JOIN_LEFTSEMI,
	HM_JOIN_LEFTANTI,
	HM_JOIN_RIGHTSEMI,
	HM_JOIN_RIGHTANTI,
	HM_JOIN_CROSS, /* no keys */
};

/* Both sides have the same type.  Null joins null (IS NOT DISTINCT FROM). */
struct hm_join_key {
	struct hm_expr *left;  /* over inputs[0] */
	struct hm_expr *right; /* over inputs[1] */
};

/* Where an output column comes from. */
struct hm_pick {
	unsigned input; /* which of inputs */
	size_t column;  /* of it; HM_NO_COLUMN: computed by this node, or padding */
};

/* One column that mv-expand or mv-apply multiplies rows by. */
struct hm_expand {
	struct hm_expr *from; /* over inputs[0]; dynamic */
	enum hm_scalar to;    /* dynamic, or what `to typeof()` asks for */
	size_t column; /* of the node's output (mv-apply: of its HM_PLAN_ROW leaf) */
};

enum hm_parse_mode { HM_PARSE_SIMPLE, HM_PARSE_REGEX, HM_PARSE_RELAXED };

enum hm_segment_kind { HM_SEGMENT_SKIP, HM_SEGMENT_TEXT, HM_SEGMENT_COLUMN };

/* A piece of a parse pattern: `*`, a text (a regular expression in mode regex), or a
 * capture into an output column. */
struct hm_segment {
	enum hm_segment_kind kind;
	hm_bytes text;
	size_t column;
};

enum hm_plan_kind {
	/* Leaves. */
	HM_PLAN_TABLE,  /* table `name`: columns are a list of its columns by name */
	HM_PLAN_VALUES, /* rows of literals: values[row * columns.count + column] */
	HM_PLAN_ONE,    /* one row without columns (print stands on it) */
	HM_PLAN_RANGE, /* one column: from, to (inclusive), step; constants of its type */
	HM_PLAN_CATALOGUE, /* a pinned local table that the caller's catalogue resolved:
			      `name` is its name there (externaldata: the first URL) */
	HM_PLAN_ROW, /* leaf of a sub-plan: the rows its owner feeds it (`within`) */

	/* One input; columns are the input's unless said. */
	HM_PLAN_FILTER,    /* where `test` is true (not null); test is bool */
	HM_PLAN_PROJECT,   /* exprs[i] over inputs[0] gives column i: project*, extend,
			      serialize, print, distinct's expressions */
	HM_PLAN_DISTINCT,  /* distinct rows of all columns */
	HM_PLAN_SUMMARIZE, /* columns: keys, then the results of aggs.  Without keys: one
			      row also of nothing; with keys: none of nothing */
	HM_PLAN_SORT,      /* keys of sort */
	HM_PLAN_TOP,       /* the first `limit` by sort */
	HM_PLAN_TAKE,      /* any `limit` rows (the first, where serialized) */
	HM_PLAN_SAMPLE,    /* any `limit` rows, random */
	HM_PLAN_SAMPLE_DISTINCT, /* any `limit` distinct values of exprs[0], one column */
	HM_PLAN_TOP_HITTERS, /* `limit` most frequent exprs[0]; columns: it, and the count
				or the sum of exprs[1] */
	HM_PLAN_MV_EXPAND,   /* expands; picks for columns passed on; at most `limit` rows
				of   each (NULL: all); `bag_as_array`: an object gives [key,
				value]   pairs; index_column: position in the array, or
				HM_NO_COLUMN */
	HM_PLAN_MV_APPLY,  /* for every row of inputs[0]: sub-plan `sub` over the expanded
			      row; see below */
	HM_PLAN_PARTITION, /* for every distinct value of exprs[0]: sub-plan over its rows
			    */
	HM_PLAN_PARSE,    /* exprs[0] (string) by segments; picks for columns passed on */
	HM_PLAN_PARSE_KV, /* exprs[0] (string); options; picks for columns passed on; the
			     others are keys by their names */
	HM_PLAN_MAKE_SERIES, /* columns: keys, one dynamic array per agg, the axis array
			      */
	HM_PLAN_SCAN,        /* scan; columns: the input's, the declared, the match's */
	HM_PLAN_TOP_NESTED,  /* levels; columns: name and aggregate of each level */
	HM_PLAN_UNPACK, /* bag_unpack of exprs[0]; picks for columns passed on, the others
			   are members `prefix`-less by `texts` */
	HM_PLAN_PIVOT,  /* evaluate pivot: exprs[0] the column pivoted; aggs[0]; keys are
			   the others; columns: keys, then one per value in `texts` */
	HM_PLAN_NARROW, /* columns Row (long), Column, Value (string) */
	HM_PLAN_FILE_PROFILE, /* invoke FileProfile: exprs[0] the hash, `limit`; picks for
				 the input's columns, the others are FileProfile's by name
			       */

	/* Two inputs and more. */
	HM_PLAN_JOIN,  /* picks for all columns; padded where a side is absent: strings
			  "" and others null */
	HM_PLAN_UNION, /* picks[i * columns.count + j]: column j from input i, types are
			  equal; HM_NO_COLUMN is padded ("" or null), but column
			  source_column is texts[i] */
	HM_PLAN_IPV4_LOOKUP, /* inputs[0], [1]; exprs[0] address over [0], exprs[1]
				network over [1]; join_keys extra equalities; picks;
				`keep_unmatched` */
};

/*
 * mv-apply and partition: `sub` is the top of a sub-plan whose leaf is a
 * HM_PLAN_ROW node.  Nodes of the sub-plan have `within` set to the owner and
 * stand in hm_query.nodes right before it.
 *   mv-apply: the leaf has inputs[0]'s columns as mv-expand over `expands` would
 *     give them.  Output: picks with input 0 (from the row) or 1 (from `sub`); a
 *     row for which `sub` is empty gives none.
 *   partition: the leaf has inputs[0]'s columns; the output is `sub`'s.
 */
struct hm_level {
	struct hm_expr *limit; /* long constant; NULL: all */
	struct hm_expr *of;    /* over inputs[0]; NULL: no grouping at this level */
	struct hm_agg by;
	bool descending;
	struct hm_expr *others; /* constant for the rest's row, or NULL */
	size_t column;          /* of the value; the aggregate's is by.first */
};

/*
 * scan: patterns over rows in order.  The expressions of its steps are over a row of its
 * own: `row` has the input's columns, from `declared` on the declared ones (holding
 * their defaults), and then one for each of refs, step.column.
 */
struct hm_step {
	struct hm_expr *test;
	struct hm_expr **values; /* one per declared column; NULL: its default */
	bool output;
};

struct hm_scan_ref {
	size_t step, column; /* of row, before the refs */
};

struct hm_scan {
	struct hm_fields row;
	size_t declared, declared_count;
	struct hm_expr **defaults; /* constants; NULL: nothing */
	struct hm_step *steps;
	size_t step_count;
	struct hm_scan_ref *refs;
	size_t ref_count;
	size_t match_column; /* of the node's output, or HM_NO_COLUMN */
};

struct hm_kv_options {
	hm_bytes pair, value, quote, escape;
	bool greedy;
};

struct hm_plan {
	enum hm_plan_kind kind;
	uint32_t id;      /* index in hm_query.nodes */
	const char *word; /* KQL's operator, for people: "extend" */
	struct hm_fields columns;
	struct hm_plan **inputs;
	size_t input_count;
	struct hm_plan *within; /* owner of the sub-plan that this node belongs to */
	bool materialized;      /* the user asked for one evaluation: materialize() */
	bool serialized; /* the order of rows is defined (sort, top, serialize, range) */
	unsigned uses;   /* how many nodes and expressions point here */
	struct hm_span span;
	hm_bytes called; /* the binder's: what `as` named it */
	hm_bytes alias;  /* the binder's: another name of column alias_of */
	size_t alias_of;

	hm_bytes name;
	struct hm_expr *test;   /* FILTER */
	struct hm_expr **exprs; /* over inputs[0] unless said */
	size_t expr_count;
	struct hm_expr *limit; /* constant long */
	struct hm_expr *from, *to,
		*step;         /* RANGE, MAKE_SERIES: constants; NULL if absent */
	bool to_inclusive;     /* MAKE_SERIES: `to` belongs to the series */
	struct hm_expr *axis;  /* MAKE_SERIES */
	struct hm_expr **keys; /* SUMMARIZE, MAKE_SERIES, PIVOT */
	size_t key_count;
	struct hm_agg *aggs;
	size_t agg_count;
	struct hm_sort_key *sort;
	size_t sort_count;
	struct hm_value *values;
	size_t row_count;
	enum hm_join_kind join;
	struct hm_join_key *join_keys;
	size_t join_key_count;
	struct hm_pick
		*picks;  /* one per output column (UNION: one per input and column) */
	hm_bytes *texts; /* UNION: source names; PIVOT, UNPACK: one per column, ""
			    for those passed on */
	size_t source_column; /* UNION, else HM_NO_COLUMN */
	size_t index_column;  /* MV_EXPAND, MV_APPLY */
	struct hm_expand *expands;
	size_t expand_count;
	bool bag_as_array;
	struct hm_plan *sub;
	struct hm_scan *scan; /* SCAN; its expressions are in exprs too */
	enum hm_parse_mode parse;
	bool only_matches; /* parse-where */
	hm_bytes flags;    /* regex flags of parse */
	struct hm_segment *segments;
	size_t segment_count;
	struct hm_kv_options kv;
	struct hm_level *levels;
	size_t level_count;
	bool keep_unmatched;
	bool open; /* more columns may come with the rows (UNPACK, PIVOT bound
		      without a callback): such a plan may be bound and shown,
		      not run */
};

struct hm_query {
	struct hm_plan **nodes;
	size_t node_count;
	struct hm_plan *top;
	hm_bytes render; /* the kind of chart that render named, or empty */
};

#endif
