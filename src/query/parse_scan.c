/* SPDX-License-Identifier: MIT */
/* scan: the grammar of its declarations and steps. */
#include "query/parser.h"

/* ['output' '=' ('all' | 'none' | 'last')] */
static void parse_output(struct hm_parser *p, struct hm_ast *step)
{
	if (!hm_take_name(p, "output"))
		return;
	hm_want_sign(p, "=");
	if (hm_at_name(p, "last"))
		hm_refuse(p->fault, hm_ahead(p, 0)->span, "HM001",
			  "hallmark does not support scan with output=last.");
	if (hm_take_name(p, "none"))
		step->flag = true;
	else if (!hm_take_name(p, "all"))
		hm_expected(p, "all, last or none");
}

/* Step: 'step' Name [Output] ':' Expr ['=>' Named, ...] ';' */
static struct hm_ast *parse_step(struct hm_parser *p)
{
	struct hm_ast *step = hm_ast_new(p, HM_AST_STEP);

	hm_want_name(p, "step");
	step->mark = hm_ahead(p, 0)->span;
	step->name = hm_parse_name(p)->name;
	if (hm_at_name(p, "optional"))
		hm_refuse(p->fault, hm_ahead(p, 0)->span, "HM001",
			  "hallmark does not support optional steps of scan.");
	parse_output(p, step);
	hm_want_sign(p, ":");
	step->on = hm_parse_expr(p);
	if (hm_take_sign(p, "=>"))
		step->kids = hm_parse_list(p, hm_parse_named);
	hm_want_sign(p, ";");
	hm_ast_end(p, step);
	return step;
}

/* scan Params ['declare' Decls] 'with' '(' Step+ ')' */
void hm_parse_scan(struct hm_parser *p, struct hm_ast *op)
{
	struct hm_ast_list steps = { 0 };

	if (hm_take_name(p, "declare"))
		op->by = hm_parse_decls(p);
	hm_want_name(p, "with");
	hm_want_sign(p, "(");
	do
		hm_ast_add(p, &steps, parse_step(p));
	while (!hm_at_sign(p, ")"));
	hm_want_sign(p, ")");
	op->kids = steps.list;
}
