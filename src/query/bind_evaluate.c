/* SPDX-License-Identifier: MIT */
/* evaluate and invoke: plugins, FileProfile, functions of the user. */
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "query/binder.h"

static struct hm_expr *plain_column(struct hm_binder *b, struct hm_plan *plan,
				    const struct hm_ast *ast)
{
	const struct hm_row row = { .plan = plan };
	struct hm_expr *e = hm_bind_expr(b, &row, ast);

	if (e->kind != HM_EXPR_COLUMN && e->type != HM_SCALAR_UNKNOWN)
		hm_refuse(b->fault, ast->span, "KS109", "Column name expected.");
	return e;
}

static const struct hm_ast *argument(struct hm_binder *b, const struct hm_ast *call,
				     size_t i)
{
	if (i >= call->kids.count)
		hm_refuse(b->fault, call->mark, "KS120",
			  "The function '%.*s' expects at least %zu arguments.",
			  HM_SHOW(call->name), i + 1);
	return call->kids.at[i];
}

static bool has_star(const struct hm_ast *shape)
{
	for (size_t i = 0; i < shape->by.count; i++)
		if (shape->by.at[i]->kind == HM_AST_STAR)
			return true;
	return false;
}

/* Append a column that this plan computes; `text` tells a printer which. */
static void append(struct hm_binder *b, struct hm_plan *plan, struct hm_field field,
		   hm_bytes text)
{
	const size_t n = plan->columns.count;

	plan->columns.at[n] =
		(struct hm_field){ hm_unique(b, &plan->columns, field.name), field.type };
	plan->picks[n] = (struct hm_pick){ 0, HM_NO_COLUMN };
	plan->texts[n] = text;
	plan->columns.count++;
}

static void room_for(struct hm_binder *b, struct hm_plan *plan, size_t more)
{
	const size_t room = plan->inputs[0]->columns.count + more + 1;

	plan->columns =
		(struct hm_fields){ hm_new_n(b->arena, struct hm_field, room), 0 };
	plan->picks = hm_new_n(b->arena, struct hm_pick, room);
	plan->texts = hm_new_n(b->arena, hm_bytes, room);
}

static void pass_on(struct hm_plan *plan, size_t column)
{
	plan->picks[plan->columns.count] = (struct hm_pick){ 0, column };
	plan->columns.at[plan->columns.count++] = plan->inputs[0]->columns.at[column];
}

/* What bag_unpack was told beside the bag. */
struct unpacking {
	hm_bytes prefix;
	enum { CONFLICT_ERROR, CONFLICT_KEEP, CONFLICT_REPLACE } conflict;
	const struct hm_json *ignored; /* an array of names, or NULL */
};

static void set_conflict(struct hm_binder *b, struct unpacking *u,
			 const struct hm_expr *value)
{
	if (hm_is(value->value.text, "error"))
		u->conflict = CONFLICT_ERROR;
	else if (hm_is(value->value.text, "keep_source"))
		u->conflict = CONFLICT_KEEP;
	else if (hm_is(value->value.text, "replace_source"))
		u->conflict = CONFLICT_REPLACE;
	else
		hm_refuse(b->fault, value->span, "KS005",
			  "Expected one of: error, replace_source, keep_source");
}

/* bag_unpack(bag [, prefix [, columnsConflict [, ignoredProperties]]]) */
static struct unpacking unpack_options(struct hm_binder *b, const struct hm_ast *call)
{
	static const char *const names[] = { "", "OutputColumnPrefix", "columnsConflict",
					     "ignoredProperties" };
	struct unpacking u = { 0 };

	for (size_t i = 1; i < call->kids.count; i++) {
		const struct hm_ast *kid = call->kids.at[i];
		const struct hm_expr *value =
			hm_bind_constant(b, hm_value_ast(kid), HM_SCALAR_UNKNOWN);
		size_t which = i;

		for (size_t n = 1; kid->kind == HM_AST_NAMED && n < 4; n++)
			if (hm_is_nocase(kid->by.at[0]->name, names[n]))
				which = n;
		if (value->kind != HM_EXPR_LITERAL || which > 3)
			hm_refuse(b->fault, kid->span, "KS129",
				  "The expression must be a literal.");
		if (which == 1)
			u.prefix = value->value.text;
		if (which == 2)
			set_conflict(b, &u, value);
		if (which == 3) {
			struct hm_cur c = hm_cur_of(value->value.text);

			u.ignored = hm_json_read(&c, b->arena);
		}
	}
	return u;
}

static bool is_ignored(struct hm_binder *b, const struct unpacking *u, hm_bytes member)
{
	for (const struct hm_json *i = u->ignored ? u->ignored->first : NULL; i;
	     i = i->next)
		if (i->kind == HM_JSON_STRING &&
		    hm_same(hm_json_string(i, b->arena), member))
			return true;
	return false;
}

static hm_bytes member_column(struct hm_binder *b, const struct unpacking *u,
			      hm_bytes member)
{
	return hm_bytes_of(
		hm_format(b->arena, "%.*s%.*s", HM_SHOW(u->prefix), HM_SHOW(member)));
}

/* The member that becomes a column of that name, or NULL. */
static const struct hm_field *member_of(struct hm_binder *b, const struct unpacking *u,
					const struct hm_fields *found, hm_bytes name)
{
	for (size_t i = 0; i < found->count; i++)
		if (!is_ignored(b, u, found->at[i].name) &&
		    hm_same(member_column(b, u, found->at[i].name), name))
			return &found->at[i];
	return NULL;
}

/* The columns of the input, and in the place of some the members that replace them. */
static void pass_columns(struct hm_binder *b, struct hm_plan *plan,
			 const struct unpacking *u, const struct hm_fields *found)
{
	const struct hm_plan *input = plan->inputs[0];
	const struct hm_expr *bag = plan->exprs[0];

	for (size_t i = 0; i < input->columns.count; i++) {
		const hm_bytes name = input->columns.at[i].name;
		const bool is_bag = bag->kind == HM_EXPR_COLUMN && bag->column == i;
		const struct hm_field *member = member_of(b, u, found, name);

		if (!member && is_bag)
			continue;
		if (!member || (!is_bag && u->conflict == CONFLICT_KEEP)) {
			pass_on(plan, i);
			continue;
		}
		if (!is_bag && u->conflict == CONFLICT_ERROR)
			hm_refuse(b->fault, plan->span, "KS171",
				  "bag_unpack: a column with the name '%.*s' is already "
				  "declared; columnsConflict says which to keep.",
				  HM_SHOW(name));
		append(b, plan, (struct hm_field){ name, member->type }, member->name);
	}
}

/* The columns that bags were found to have and that are not there yet. */
static void add_found(struct hm_binder *b, struct hm_plan *plan,
		      const struct unpacking *u, const struct hm_fields *found)
{
	for (size_t i = 0; i < found->count; i++) {
		const hm_bytes member = found->at[i].name;
		const hm_bytes name = member_column(b, u, member);

		if (!is_ignored(b, u, member) &&
		    hm_find_field(&plan->columns, name) == HM_NO_COLUMN)
			append(b, plan, (struct hm_field){ name, found->at[i].type },
			       member);
	}
}

static hm_bytes without_prefix(hm_bytes name, hm_bytes prefix)
{
	const bool has = prefix.len > 0 && name.len > prefix.len &&
			 memcmp(name.at, prefix.at, prefix.len) == 0;

	return has ? hm_part(name, prefix.len, name.len - prefix.len) : name;
}

/* The columns that the query says there are. */
static void add_declared(struct hm_binder *b, struct hm_plan *plan,
			 const struct hm_ast *shape, const struct unpacking *u)
{
	const struct hm_plan *input = plan->inputs[0];

	for (size_t i = 0; i < shape->by.count; i++) {
		const struct hm_ast *decl = shape->by.at[i];

		if (decl->kind == HM_AST_STAR)
			continue;
		if (u->conflict == CONFLICT_KEEP &&
		    hm_find_column(input, decl->name) != HM_NO_COLUMN &&
		    hm_find_field(&plan->columns, decl->name) == HM_NO_COLUMN)
			pass_on(plan, hm_find_column(input, decl->name));
		else
			append(b, plan, (struct hm_field){ decl->name, decl->type },
			       without_prefix(decl->name, u->prefix));
	}
}

/* bag_unpack(...) [: (*, name: type, ...)] */
static struct hm_plan *bind_unpack(struct hm_binder *b, struct hm_plan *input,
				   const struct hm_ast *op)
{
	const struct hm_ast *call = op->on, *shape = op->from;
	const struct hm_catalogue *c = b->catalogue;
	struct hm_plan *plan = hm_plan_over(b, HM_PLAN_UNPACK, input, op);
	struct hm_expr *bag = plain_column(b, input, argument(b, call, 0));
	const struct unpacking u = unpack_options(b, call);
	struct hm_fields found = { 0 };

	if (bag->type != HM_SCALAR_DYNAMIC && bag->type != HM_SCALAR_UNKNOWN)
		hm_refuse(b->fault, bag->span, "KS141",
			  "The expression must have the type dynamic.");
	plan->exprs = hm_new_n(b->arena, struct hm_expr *, 1);
	plan->exprs[0] = bag;
	plan->expr_count = 1;
	plan->open |= !shape && !c->spread;
	plan->alias = (hm_bytes){ 0 };
	if (!shape && c->spread && !c->spread(c->ctx, input, bag, b->arena, &found))
		hm_refuse(b->fault, call->span, "HM005",
			  "The members of the bag could not be read.");
	room_for(b, plan, found.count + (shape ? shape->by.count : 0));
	if (!shape || has_star(shape))
		pass_columns(b, plan, &u, &found);
	add_found(b, plan, &u, &found);
	if (shape)
		add_declared(b, plan, shape, &u);
	return hm_plan_add(b, plan);
}

/* pivot(column [, aggregate [, others...]]) */
static struct hm_plan *bind_pivot(struct hm_binder *b, struct hm_plan *input,
				  const struct hm_ast *op)
{
	const struct hm_ast *call = op->on;
	const struct hm_catalogue *c = b->catalogue;
	struct hm_plan *plan = hm_plan_over(b, HM_PLAN_PIVOT, input, op);
	struct hm_agg_list list = { 0 };
	const struct hm_row row = { .plan = input, .aggs = &list };
	struct hm_fields found = { 0 };
	struct hm_expr *by = plain_column(b, input, argument(b, call, 0));
	struct hm_ast count = { .kind = HM_AST_CALL,
				.name = hm_bytes_of("count"),
				.span = call->span,
				.mark = call->mark };
	const struct hm_ast *agg = call->kids.count > 1 ? call->kids.at[1] : &count;

	plan->exprs = hm_new_n(b->arena, struct hm_expr *, 1);
	plan->exprs[0] = by;
	plan->expr_count = 1;
	plan->alias = (hm_bytes){ 0 };
	plan->serialized = false;
	if (agg->kind != HM_AST_CALL || hm_agg_named(agg->name) == HM_FN_NONE)
		hm_refuse(b->fault, agg->span, "KS236", "An aggregate is expected here.");
	hm_bind_agg(b, &row, agg);
	plan->aggs = list.at;
	plan->agg_count = list.count;
	plan->open |= !c->spread;
	if (c->spread && !c->spread(c->ctx, input, by, b->arena, &found))
		hm_refuse(b->fault, call->span, "HM005",
			  "The values of the column could not be read.");
	room_for(b, plan, found.count);
	plan->keys = hm_new_n(b->arena, struct hm_expr *, input->columns.count + 1);
	for (size_t i = 0; i < input->columns.count; i++) {
		bool key = call->kids.count < 3 && i != by->column;

		for (size_t k = 2; k < call->kids.count; k++)
			key |= plain_column(b, input, call->kids.at[k])->column == i;
		for (size_t k = 0; call->kids.count < 3 && k < list.count; k++)
			for (size_t a = 0; a < list.at[k].arg_count; a++)
				key &= list.at[k].args[a]->kind != HM_EXPR_COLUMN ||
				       list.at[k].args[a]->column != i;
		if (!key)
			continue;
		plan->keys[plan->key_count++] = hm_column_of(b, input, i, op->span);
		pass_on(plan, i);
	}
	for (size_t i = 0; i < found.count; i++)
		append(b, plan,
		       (struct hm_field){ found.at[i].name, list.columns.at[0].type },
		       found.at[i].name);
	return hm_plan_add(b, plan);
}

static struct hm_plan *bind_narrow(struct hm_binder *b, struct hm_plan *input,
				   const struct hm_ast *op)
{
	static const struct {
		const char *name;
		enum hm_scalar type;
	} columns[] = { { "Row", HM_SCALAR_LONG },
			{ "Column", HM_SCALAR_STRING },
			{ "Value", HM_SCALAR_STRING } };
	struct hm_plan *plan = hm_plan_over(b, HM_PLAN_NARROW, input, op);

	plan->alias = (hm_bytes){ 0 };
	plan->serialized = false;
	plan->columns = (struct hm_fields){ hm_new_n(b->arena, struct hm_field, 3), 3 };
	for (size_t i = 0; i < 3; i++)
		plan->columns.at[i] = (struct hm_field){ hm_bytes_of(columns[i].name),
							 columns[i].type };
	return hm_plan_add(b, plan);
}

/* ipv4_lookup(T, address, network [, extra keys...] [, return_unmatched = bool]) */
static struct hm_plan *bind_ipv4_lookup(struct hm_binder *b, struct hm_plan *input,
					const struct hm_ast *op)
{
	const struct hm_ast *call = op->on;
	struct hm_plan *plan = hm_plan_over(b, HM_PLAN_IPV4_LOOKUP, input, op);
	struct hm_plan *table = hm_bind_table(b, argument(b, call, 0));

	plan->inputs[plan->input_count++] = table;
	plan->open |= table->open;
	plan->serialized = false;
	plan->exprs = hm_new_n(b->arena, struct hm_expr *, 2);
	plan->exprs[0] = plain_column(b, input, argument(b, call, 1));
	plan->exprs[1] = plain_column(b, table, argument(b, call, 2));
	plan->expr_count = 2;
	plan->join_keys = hm_new_n(b->arena, struct hm_join_key, call->kids.count + 1);
	for (size_t i = 3; i < call->kids.count; i++) {
		const struct hm_ast *kid = call->kids.at[i];
		const struct hm_ast *flag = kid->kind == HM_AST_NAMED ? kid->on : kid;

		if (flag->kind == HM_AST_LITERAL && flag->value.type == HM_SCALAR_BOOL) {
			plan->keep_unmatched = flag->value.truth;
			continue;
		}
		plan->join_keys[plan->join_key_count++] =
			(struct hm_join_key){ plain_column(b, input, kid),
					      plain_column(b, table, kid) };
	}
	hm_two_sides(b, plan);
	hm_pick_side(b, plan, 0, false);
	hm_pick_side(b, plan, 1, false);
	return hm_plan_add(b, plan);
}

/* clang-format off */
static const struct {
	const char *name;
	hm_bind_operator_fn *bind;
} plugins[] = {
	{ "bag_unpack", bind_unpack }, { "pivot", bind_pivot }, { "narrow", bind_narrow },
	{ "ipv4_lookup", bind_ipv4_lookup },
};

/* The columns of FileProfile() (defender-xdr/advanced-hunting-fileprofile-function). */
static const struct {
	const char *name;
	enum hm_scalar type;
} profile[] = {
	{ "SHA1", HM_SCALAR_STRING }, { "SHA256", HM_SCALAR_STRING }, { "MD5", HM_SCALAR_STRING },
	{ "FileSize", HM_SCALAR_INT }, { "GlobalPrevalence", HM_SCALAR_INT },
	{ "GlobalFirstSeen", HM_SCALAR_DATETIME }, { "GlobalLastSeen", HM_SCALAR_DATETIME },
	{ "Signer", HM_SCALAR_STRING }, { "Issuer", HM_SCALAR_STRING },
	{ "SignerHash", HM_SCALAR_STRING }, { "IsCertificateValid", HM_SCALAR_BOOL },
	{ "IsRootSignerMicrosoft", HM_SCALAR_BOOL }, { "SignatureState", HM_SCALAR_STRING },
	{ "IsExecutable", HM_SCALAR_BOOL }, { "ThreatName", HM_SCALAR_STRING },
	{ "Publisher", HM_SCALAR_STRING }, { "SoftwareName", HM_SCALAR_STRING },
	{ "ProfileAvailability", HM_SCALAR_STRING },
};
/* clang-format on */

enum { PROFILE = sizeof(profile) / sizeof(profile[0]), PROFILE_HASHES = 3 };

struct hm_plan *hm_bind_evaluate(struct hm_binder *b, struct hm_plan *input,
				 const struct hm_ast *op)
{
	for (size_t i = 0; i < sizeof(plugins) / sizeof(plugins[0]); i++)
		if (hm_is(op->on->name, plugins[i].name)) {
			if (!input)
				hm_refuse(b->fault, op->on->mark, "KS117",
					  "The plugin '%s' needs a table before it.",
					  plugins[i].name);
			return plugins[i].bind(b, input, op);
		}
	struct hm_plan *plan = input ? hm_bind_macro(b, input, op->on) : NULL;
	if (plan)
		return plan;
	hm_unsupported(b, op->on->mark, "the plugin", op->on->name);
}

/* The column that FileProfile looks files up by: named plainly or as a text. */
static struct hm_expr *profile_hash(struct hm_binder *b, struct hm_plan *input,
				    const struct hm_ast *call)
{
	const struct hm_row row = { .plan = input };
	hm_bytes name = hm_bytes_of("SHA1");
	size_t column;

	if (call->kids.count > 0) {
		const struct hm_ast *kid = call->kids.at[0];

		if (kid->kind != HM_AST_LITERAL)
			return plain_column(b, input, kid);
		name = kid->value.text;
	}
	column = hm_find_column(input, name);
	if (column == HM_NO_COLUMN)
		hm_unknown_name(b, &row, name, call->span);
	return hm_column_of(b, input, column, call->span);
}

static struct hm_plan *bind_profile(struct hm_binder *b, struct hm_plan *input,
				    const struct hm_ast *op)
{
	struct hm_plan *plan = hm_plan_over(b, HM_PLAN_FILE_PROFILE, input, op);

	plan->exprs = hm_new_n(b->arena, struct hm_expr *, 1);
	plan->exprs[0] = profile_hash(b, input, op->on);
	plan->expr_count = 1;
	plan->serialized = false;
	if (op->on->kids.count > 1)
		plan->limit = hm_bind_constant(b, op->on->kids.at[1], HM_SCALAR_LONG);
	room_for(b, plan, PROFILE);
	for (size_t i = 0; i < input->columns.count; i++)
		pass_on(plan, i);
	for (size_t i = 0; i < PROFILE; i++) {
		const hm_bytes name = hm_bytes_of(profile[i].name);

		if (i < PROFILE_HASHES && hm_find_column(input, name) != HM_NO_COLUMN)
			continue;
		append(b, plan, (struct hm_field){ name, profile[i].type }, name);
	}
	return hm_plan_add(b, plan);
}

struct hm_plan *hm_bind_invoke(struct hm_binder *b, struct hm_plan *input,
			       const struct hm_ast *op)
{
	const struct hm_name *name = hm_find_name(b->names, op->on->name);
	struct hm_bound bound;

	if (!name && hm_is(op->on->name, "FileProfile"))
		return bind_profile(b, input, op);
	if (!name || !name->function)
		hm_refuse(b->fault, op->on->mark, "KS211",
			  "The name '%.*s' does not refer to any known function.",
			  HM_SHOW(op->on->name));
	bound = hm_call_user(b, NULL, name, op->on, input);
	if (!bound.plan)
		hm_refuse(b->fault, op->on->span, "KS117",
			  "The function gives no table.");
	return bound.plan;
}
