/* SPDX-License-Identifier: MIT */
/* join, lookup, union: kql.md B4.27, B4.28, B5. */
#include <string.h>

#include "query/binder.h"

/* clang-format off */
static const struct {
	const char *name;
	enum hm_join_kind kind;
} kinds[] = {
	{ "innerunique", HM_JOIN_INNERUNIQUE }, { "inner", HM_JOIN_INNER },
	{ "leftouter", HM_JOIN_LEFTOUTER }, { "rightouter", HM_JOIN_RIGHTOUTER },
	{ "fullouter", HM_JOIN_FULLOUTER }, { "leftsemi", HM_JOIN_LEFTSEMI },
	{ "rightsemi", HM_JOIN_RIGHTSEMI }, { "anti", HM_JOIN_LEFTANTI },
	{ "leftanti", HM_JOIN_LEFTANTI }, { "leftantisemi", HM_JOIN_LEFTANTI },
	{ "rightanti", HM_JOIN_RIGHTANTI }, { "rightantisemi", HM_JOIN_RIGHTANTI },
};
/* clang-format on */

const struct hm_ast *hm_param(const struct hm_ast *op, const char *name)
{
	for (size_t i = 0; i < op->params.count; i++)
		if (hm_is(op->params.at[i]->name, name))
			return op->params.at[i]->on;
	return NULL;
}

static enum hm_join_kind join_kind(struct hm_binder *b, const struct hm_ast *op)
{
	const struct hm_ast *kind = hm_param(op, "kind");
	const bool lookup = hm_is(op->word, "lookup");

	if (!kind)
		return lookup ? HM_JOIN_LEFTOUTER : HM_JOIN_INNERUNIQUE;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (hm_is(kind->name, kinds[i].name) &&
		    (!lookup || kinds[i].kind == HM_JOIN_INNER ||
		     kinds[i].kind == HM_JOIN_LEFTOUTER))
			return kinds[i].kind;
	hm_refuse(b->fault, kind->span, "KS005", "Expected one of: %s",
		  lookup ? "inner, leftouter"
			 : "inner, fullouter, innerunique, leftanti, leftantisemi, anti, "
			   "leftouter, leftsemi, rightanti, rightantisemi, rightouter, "
			   "rightsemi");
}

static bool is_side(const struct hm_ast *ast, const char *side)
{
	return ast->kind == HM_AST_MEMBER && ast->kids.count == 1 &&
	       ast->kids.at[0]->kind == HM_AST_NAME && hm_is(ast->kids.at[0]->name, side);
}

static struct hm_expr *side_column(struct hm_binder *b, struct hm_plan *plan,
				   const struct hm_ast *ast, const char *side)
{
	const struct hm_row row = { .plan = plan };
	size_t column;

	if (!is_side(ast, side))
		hm_refuse(b->fault, ast->span, "KS183",
			  "The join condition operand must be: %s.<column>", side);
	column = hm_find_column(plan, ast->name);
	if (column == HM_NO_COLUMN && plan->open)
		return hm_expr_new(b, HM_EXPR_LITERAL, HM_SCALAR_UNKNOWN, ast->span);
	if (column == HM_NO_COLUMN)
		hm_unknown_name(b, &row, ast->name, ast->mark);
	return hm_column_of(b, plan, column, ast->span);
}

static void check_key(struct hm_binder *b, struct hm_join_key *key,
		      const struct hm_ast *at)
{
	const enum hm_scalar left = key->left->type, right = key->right->type;

	if (left == HM_SCALAR_UNKNOWN || right == HM_SCALAR_UNKNOWN)
		return;
	if (left == HM_SCALAR_DYNAMIC || right == HM_SCALAR_DYNAMIC)
		hm_refuse(b->fault, at->span, "KS241",
			  "Join keys cannot be dynamic: use tostring() before the join.");
	if (left == right)
		return;
	if (at->kind == HM_AST_NAME)
		hm_refuse(b->fault, at->span, "KS227",
			  "The common column '%.*s' must have the same type on both "
			  "sides of "
			  "the join.",
			  HM_SHOW(at->name));
	if (!hm_scalar_is_number(left) || !hm_scalar_is_number(right))
		hm_refuse(b->fault, at->span, "KS242",
			  "Inconsistent data types for join keys: (%s, %s)",
			  hm_scalar_name(left), hm_scalar_name(right));
	key->left = hm_expr_as(b, key->left, left > right ? left : right);
	key->right = hm_expr_as(b, key->right, left > right ? left : right);
}

static void common_column(struct hm_binder *b, struct hm_plan *plan,
			  const struct hm_ast *ast, struct hm_join_key *key)
{
	const size_t left = hm_find_column(plan->inputs[0], ast->name);
	const size_t right = hm_find_column(plan->inputs[1], ast->name);
	const struct hm_row row = { .plan = plan->inputs[0] };

	if (left == HM_NO_COLUMN && right == HM_NO_COLUMN && !plan->inputs[0]->open &&
	    !plan->inputs[1]->open)
		hm_unknown_name(b, &row, ast->name, ast->span);
	if ((left == HM_NO_COLUMN && !plan->inputs[0]->open) ||
	    (right == HM_NO_COLUMN && !plan->inputs[1]->open))
		hm_refuse(b->fault, ast->span, "KS145",
			  "The column '%.*s' must exist on both sides of the join.",
			  HM_SHOW(ast->name));
	key->left =
		left == HM_NO_COLUMN
			? hm_expr_new(b, HM_EXPR_LITERAL, HM_SCALAR_UNKNOWN, ast->span)
			: hm_column_of(b, plan->inputs[0], left, ast->span);
	key->right =
		right == HM_NO_COLUMN
			? hm_expr_new(b, HM_EXPR_LITERAL, HM_SCALAR_UNKNOWN, ast->span)
			: hm_column_of(b, plan->inputs[1], right, ast->span);
}

/* A condition: a common column, $left.a == $right.b, or several joined by and. */
static void add_condition(struct hm_binder *b, struct hm_plan *plan,
			  const struct hm_ast *ast)
{
	struct hm_join_key key = { 0 };

	if (ast->kind == HM_AST_OP && ast->fn == HM_FN_op_and) {
		hm_enter(b->fault, ast->span);
		add_condition(b, plan, ast->kids.at[0]);
		add_condition(b, plan, ast->kids.at[1]);
		hm_leave(b->fault);
		return;
	}
	if (ast->kind == HM_AST_NAME) {
		common_column(b, plan, ast, &key);
	} else if (ast->kind == HM_AST_OP && ast->fn == HM_FN_op_eq) {
		key.left = side_column(b, plan->inputs[0], ast->kids.at[0], "$left");
		key.right = side_column(b, plan->inputs[1], ast->kids.at[1], "$right");
	} else {
		hm_refuse(
			b->fault, ast->span, "KS182",
			"The join condition must be either the name of a column common "
			"to "
			"both tables or in the form $left.<column> == $right.<column>.");
	}
	check_key(b, &key, ast);
	if (plan->join_key_count == 64)
		hm_refuse(b->fault, ast->span, "HM002",
			  "The join has more than 64 keys.");
	plan->join_keys[plan->join_key_count++] = key;
}

static bool is_right_key(const struct hm_plan *plan, size_t column)
{
	for (size_t i = 0; i < plan->join_key_count; i++) {
		const struct hm_expr *e = plan->join_keys[i].right;

		while (e->kind == HM_EXPR_CONVERT)
			e = e->args[0];
		if (e->kind == HM_EXPR_COLUMN && e->column == column)
			return true;
	}
	return false;
}

/* name, or name1, name2...: whatever neither side nor the output so far has. */
static hm_bytes free_name(struct hm_binder *b, const struct hm_plan *plan, hm_bytes name)
{
	hm_bytes free = name;

	for (unsigned n = 1;
	     hm_find_field(&plan->columns, free) != HM_NO_COLUMN ||
	     (n > 1 && hm_find_field(&plan->inputs[1]->columns, free) != HM_NO_COLUMN);
	     n++)
		free = hm_bytes_of(hm_format(b->arena, "%.*s%u", HM_SHOW(name), n));
	return free;
}

/* Columns of one side into the output of a plan with two inputs. */
void hm_pick_side(struct hm_binder *b, struct hm_plan *plan, unsigned side,
		  bool skip_keys)
{
	const struct hm_plan *from = plan->inputs[side];

	hm_spend(b->fault, plan->span, from->columns.count);
	for (size_t i = 0; i < from->columns.count; i++) {
		const size_t n = plan->columns.count;

		if (skip_keys && is_right_key(plan, i))
			continue;
		plan->columns.at[n] = from->columns.at[i];
		plan->picks[n] = (struct hm_pick){ side, i };
		if (n > i || side > 0)
			plan->columns.at[n].name =
				free_name(b, plan, from->columns.at[i].name);
		plan->columns.count++;
	}
}

void hm_two_sides(struct hm_binder *b, struct hm_plan *plan)
{
	const size_t room =
		plan->inputs[0]->columns.count + plan->inputs[1]->columns.count;

	plan->columns =
		(struct hm_fields){ hm_new_n(b->arena, struct hm_field, room + 1), 0 };
	plan->picks = hm_new_n(b->arena, struct hm_pick, room + 1);
}

static bool shows_left(enum hm_join_kind kind)
{
	return kind != HM_JOIN_RIGHTSEMI && kind != HM_JOIN_RIGHTANTI;
}

static bool shows_right(enum hm_join_kind kind)
{
	return kind != HM_JOIN_LEFTSEMI && kind != HM_JOIN_LEFTANTI;
}

struct hm_plan *hm_bind_join(struct hm_binder *b, struct hm_plan *input,
			     const struct hm_ast *op)
{
	struct hm_plan *plan = hm_plan_over(b, HM_PLAN_JOIN, input, op);
	struct hm_plan *right = hm_bind_table(b, op->on);

	plan->join = join_kind(b, op);
	plan->inputs[plan->input_count++] = right;
	plan->serialized = false;
	plan->open |= right->open;
	if (op->by.count == 0)
		hm_refuse(b->fault, op->span, "KS006",
			  "Missing join on condition clause");
	plan->join_keys = hm_new_n(b->arena, struct hm_join_key, 64);
	for (size_t i = 0; i < op->by.count; i++)
		add_condition(b, plan, op->by.at[i]);
	hm_two_sides(b, plan);
	if (shows_left(plan->join))
		hm_pick_side(b, plan, 0, false);
	if (shows_right(plan->join))
		hm_pick_side(b, plan, 1, hm_is(op->word, "lookup"));
	if (!shows_left(plan->join)) {
		plan->alias = right->alias;
		plan->alias_of = right->alias_of;
	}
	return hm_plan_add(b, plan);
}

/* The inputs of a union in the making. */
struct inputs {
	struct hm_plan **at;
	hm_bytes *names;
	size_t count, room;
	bool missing;     /* a table of a fuzzy union that is not there */
	const char *stem; /* of the names of those that have none */
};

static void add_input(struct hm_binder *b, struct inputs *in, struct hm_plan *plan,
		      hm_bytes name)
{
	if (in->count == in->room) {
		const size_t room = in->room ? in->room * 2 : 8;
		struct hm_plan **more = hm_new_n(b->arena, struct hm_plan *, room);
		hm_bytes *names = hm_new_n(b->arena, hm_bytes, room);

		if (in->count > 0) {
			memcpy(more, in->at, in->count * sizeof(struct hm_plan *));
			memcpy(names, in->names, in->count * sizeof(*names));
		}
		in->at = more;
		in->names = names;
		in->room = room;
	}
	if (name.len == 0)
		name = plan->called;
	if (name.len == 0)
		name = hm_bytes_of(hm_format(b->arena, "%s%zu", in->stem, in->count));
	in->at[in->count] = plan;
	in->names[in->count++] = name;
}

static bool is_view(const struct hm_name *name)
{
	return name && name->function && name->function->flag &&
	       name->function->by.count == 0;
}

/* Views of let statements that match, in the order they were written. */
static void add_views(struct hm_binder *b, struct inputs *in, const struct hm_ast *ast)
{
	size_t count = 0;
	const struct hm_name **views;

	for (const struct hm_name *n = b->names; n; n = n->next)
		count++;
	views = hm_new_n(b->arena, const struct hm_name *, count + 1);
	count = 0;
	for (const struct hm_name *n = b->names; n; n = n->next)
		if (is_view(n) && hm_wild_match(ast->name, n->name))
			views[count++] = n;
	while (count-- > 0) {
		const struct hm_bound view =
			hm_call_user(b, NULL, views[count], ast, NULL);

		if (view.plan)
			add_input(b, in, view.plan, views[count]->name);
	}
}

static void add_wild(struct hm_binder *b, struct inputs *in, const struct hm_ast *ast,
		     bool fuzzy)
{
	const size_t before = in->count;

	add_views(b, in, ast);
	for (const struct hm_source *t = b->catalogue->tables; t; t = t->next)
		if (hm_wild_match(ast->name, t->name))
			add_input(b, in, hm_plan_table(b, t, ast), t->name);
	if (in->count == before && !fuzzy)
		hm_unknown_table(b, ast->name, ast->span);
}

static void add_table(struct hm_binder *b, struct inputs *in, const struct hm_ast *ast,
		      bool fuzzy)
{
	const bool named = ast->kind == HM_AST_NAME;
	const struct hm_source *table = named ? hm_find_table(b, ast->name) : NULL;
	const struct hm_name *name = named ? hm_find_name(b->names, ast->name) : NULL;

	if (ast->kind == HM_AST_WILD || ast->kind == HM_AST_STAR) {
		add_wild(b, in, ast, fuzzy);
		return;
	}
	if (named && fuzzy && !table && !name) {
		in->missing = true;
		return;
	}
	add_input(b, in, hm_bind_table(b, ast),
		  (table && !name) || is_view(name) ? ast->name : (hm_bytes){ 0 });
}

/* A column name of a union with the types that inputs give it. */
struct merged {
	hm_bytes name;
	bool types[HM_SCALAR_COUNT];
	enum hm_scalar order[HM_SCALAR_COUNT];
	size_t type_count, first; /* of its columns in the output */
};

struct merge {
	struct merged *at;
	size_t count;
	uint32_t *slots; /* hash of names to index + 1 */
	size_t slot_count;
};

static size_t hash_name(hm_bytes name)
{
	uint64_t h = 1469598103934665603u; /* FNV-1a */

	for (size_t i = 0; i < name.len; i++)
		h = (h ^ name.at[i]) * 1099511628211u;
	return (size_t)(h ^ (h >> 32));
}

static struct merged *merged_of(struct merge *m, hm_bytes name)
{
	size_t slot = hash_name(name) & (m->slot_count - 1);

	while (m->slots[slot] != 0 && !hm_same(m->at[m->slots[slot] - 1].name, name))
		slot = (slot + 1) & (m->slot_count - 1);
	if (m->slots[slot] == 0) {
		m->at[m->count].name = name;
		m->slots[slot] = (uint32_t)++m->count;
	}
	return &m->at[m->slots[slot] - 1];
}

static bool is_merged(const struct merge *m, hm_bytes name)
{
	size_t slot = hash_name(name) & (m->slot_count - 1);

	while (m->slots[slot] != 0 && !hm_same(m->at[m->slots[slot] - 1].name, name))
		slot = (slot + 1) & (m->slot_count - 1);
	return m->slots[slot] != 0;
}

static struct merge merge_columns(struct hm_binder *b, const struct inputs *in)
{
	struct merge m = { .slot_count = 64 };
	size_t total = 0;

	for (size_t i = 0; i < in->count; i++)
		total += in->at[i]->columns.count;
	hm_spend(b->fault, (struct hm_span){ 0, 0 }, total);
	while (m.slot_count < 2 * total)
		m.slot_count *= 2;
	m.at = hm_new_n(b->arena, struct merged, total + 1);
	m.slots = hm_new_n(b->arena, uint32_t, m.slot_count);
	for (size_t i = 0; i < in->count; i++)
		for (size_t j = 0; j < in->at[i]->columns.count; j++) {
			const struct hm_field *f = &in->at[i]->columns.at[j];
			struct merged *to = merged_of(&m, f->name);

			if (to->types[f->type])
				continue;
			to->types[f->type] = true;
			to->order[to->type_count++] = f->type;
		}
	return m;
}

/* A name for a column split by type, a_long: a column that an input calls so keeps it. */
static hm_bytes free_split(struct hm_binder *b, const struct hm_fields *o,
			   struct merge *m, hm_bytes name)
{
	hm_bytes free = name;

	for (unsigned n = 1; hm_find_field(o, free) != HM_NO_COLUMN || is_merged(m, free);
	     n++)
		free = hm_bytes_of(hm_format(b->arena, "%.*s%u", HM_SHOW(name), n));
	return free;
}

static void name_columns(struct hm_binder *b, struct hm_plan *plan, struct merge *m,
			 hm_bytes source)
{
	size_t room = 1;
	struct hm_fields *o = &plan->columns;

	for (size_t i = 0; i < m->count; i++)
		room += m->at[i].type_count;
	*o = (struct hm_fields){ hm_new_n(b->arena, struct hm_field, room), 0 };
	if (source.len > 0) {
		plan->source_column = o->count;
		o->at[o->count++] = (struct hm_field){ source, HM_SCALAR_STRING };
	}
	for (size_t i = 0; i < m->count; i++) {
		m->at[i].first = o->count;
		for (size_t t = 0; t < m->at[i].type_count; t++) {
			const enum hm_scalar type = m->at[i].order[t];
			hm_bytes name = m->at[i].name;

			if (m->at[i].type_count > 1)
				name = hm_bytes_of(hm_format(b->arena, "%.*s_%s",
							     HM_SHOW(name),
							     hm_scalar_name(type)));
			if (m->at[i].type_count > 1)
				name = free_split(b, o, m, name);
			o->at[o->count++] = (struct hm_field){ name, type };
		}
	}
}

static void pick_columns(struct hm_binder *b, struct hm_plan *plan,
			 const struct inputs *in, struct merge *m)
{
	const size_t n = plan->columns.count;

	plan->picks = hm_new_n(b->arena, struct hm_pick, in->count * n + 1);
	for (size_t k = 0; k < in->count * n; k++)
		plan->picks[k] = (struct hm_pick){ (unsigned)(k / n), HM_NO_COLUMN };
	for (size_t i = 0; i < in->count; i++)
		for (size_t j = 0; j < in->at[i]->columns.count; j++) {
			const struct hm_field *f = &in->at[i]->columns.at[j];
			const struct merged *to = merged_of(m, f->name);
			size_t t = 0;

			while (to->order[t] != f->type)
				t++;
			plan->picks[i * n + to->first + t].column = j;
		}
}

static struct hm_plan *make_union(struct hm_binder *b, const struct inputs *in,
				  hm_bytes source, const struct hm_ast *op)
{
	struct hm_plan *plan = hm_plan_of(b, HM_PLAN_UNION, op);
	struct merge m = merge_columns(b, in);

	if (in->count == 1 && source.len == 0)
		return in->at[0];
	plan->inputs = in->at;
	plan->input_count = in->count;
	plan->texts = in->names;
	plan->open = in->missing;
	for (size_t i = 0; i < in->count; i++) {
		plan->open |= in->at[i]->open;
		if (in->at[i]->alias.len > 0 && plan->alias.len == 0)
			plan->alias = in->at[i]->alias;
	}
	name_columns(b, plan, &m, source);
	pick_columns(b, plan, in, &m);
	/* Timestamp and TimeGenerated stay one column where all inputs have it. */
	if (plan->alias.len > 0) {
		const struct hm_plan *first = in->at[0];

		plan->alias_of =
			first->alias.len > 0
				? hm_find_field(&plan->columns,
						first->columns.at[first->alias_of].name)
				: HM_NO_COLUMN;
		if (plan->alias_of == HM_NO_COLUMN ||
		    hm_find_field(&plan->columns, plan->alias) != HM_NO_COLUMN)
			plan->alias = (hm_bytes){ 0 };
	}
	return hm_plan_add(b, plan);
}

struct hm_plan *hm_union_of(struct hm_binder *b, const struct hm_asts *tables,
			    hm_bytes source, const struct hm_ast *op)
{
	struct inputs in = { .stem = hm_is(op->word, "search") ? "search_arg"
							       : "union_arg" };
	struct hm_ast all = { .kind = HM_AST_WILD,
			      .name = hm_bytes_of("*"),
			      .span = op->span };

	for (size_t i = 0; i < tables->count; i++)
		add_table(b, &in, tables->at[i], false);
	if (tables->count == 0)
		add_wild(b, &in, &all, false);
	return make_union(b, &in, source, op);
}

static bool is_true(const struct hm_ast *ast)
{
	return ast && ((ast->kind == HM_AST_LITERAL &&
			ast->value.type == HM_SCALAR_BOOL && ast->value.truth) ||
		       (ast->kind == HM_AST_NAME && hm_is(ast->name, "true")));
}

/* union kind=inner: only columns that every input has. */
static struct hm_plan *common_columns(struct hm_binder *b, struct hm_plan *all,
				      const struct hm_ast *op)
{
	struct hm_output o = { 0 };

	if (all->kind != HM_PLAN_UNION)
		return all;
	for (size_t i = 0; i < all->columns.count; i++) {
		bool common = true;

		for (size_t k = 0; k < all->input_count && i != all->source_column; k++)
			common &= all->picks[k * all->columns.count + i].column !=
				  HM_NO_COLUMN;
		if (common)
			hm_output_add(b, &o,
				      (struct hm_title){ all->columns.at[i].name, false,
							 op->span },
				      hm_column_of(b, all, i, op->span));
	}
	return hm_plan_add(b, hm_plan_project(b, all, &o, op));
}

struct hm_plan *hm_bind_union(struct hm_binder *b, struct hm_plan *input,
			      const struct hm_ast *op)
{
	const struct hm_ast *source = hm_param(op, "withsource");
	const struct hm_ast *kind = hm_param(op, "kind");
	struct inputs in = { .stem = "union_arg" };
	hm_bytes name = { 0 };

	if (!source)
		source = hm_param(op, "with_source");
	if (source)
		name = source->name;
	if (input)
		add_input(b, &in, input, (hm_bytes){ 0 });
	for (size_t i = 0; i < op->kids.count; i++)
		add_table(b, &in, op->kids.at[i], is_true(hm_param(op, "isfuzzy")));
	if (in.count == 0) {
		struct hm_plan *one = hm_plan_add(b, hm_plan_of(b, HM_PLAN_VALUES, op));

		one->open = true;
		add_input(b, &in, one, (hm_bytes){ 0 });
	}
	return kind && hm_is(kind->name, "inner")
		       ? common_columns(b, make_union(b, &in, name, op), op)
		       : make_union(b, &in, name, op);
}
