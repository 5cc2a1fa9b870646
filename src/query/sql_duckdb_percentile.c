/* SPDX-License-Identifier: MIT */
/*
 * sql_duckdb_percentile.c: percentiles, weighted and as arrays.
 *
 * All are the nearest rank.  Those that quantile_disc does not give are found by
 * functions of ours in an array of [value to sort by, weight, value].
 */
#include "query/sql_duckdb.h"

/* clang-format off */
static const struct kind {
	enum hm_fn fn;
	bool weighted, array;
} kinds[] = {
	{ HM_FN_agg_percentile, false, false }, { HM_FN_agg_percentiles, false, false },
	{ HM_FN_agg_percentiles_array, false, true }, { HM_FN_agg_percentilew, true, false },
	{ HM_FN_agg_percentilesw, true, false }, { HM_FN_agg_percentilesw_array, true, true },
};
/* clang-format on */

static void put_plain(struct hm_printer *p, const struct hm_agg *agg, size_t level)
{
	hm_put_str(&p->out, "quantile_disc(");
	hm_sql_expr(p, agg->args[0]);
	hm_put_str(&p->out, ", ");
	hm_sql_as(p, agg->args[level], 'r');
	hm_put_str(&p->out, " / 100)");
	hm_sql_agg_filter(p, NULL, NULL);
}

/* Reals and decimals sort as reals, all else by whole numbers. */
static char sorted_as(enum hm_scalar type)
{
	return type == HM_SCALAR_REAL || type == HM_SCALAR_DECIMAL ? 'r' : 'l';
}

static void put_values(struct hm_printer *p, const struct hm_agg *agg, bool weighted)
{
	const struct hm_expr *x = agg->args[0];

	hm_put_str(&p->out, "'[' || coalesce(string_agg('[' || (");
	hm_sql_as(p, x, sorted_as(x->type));
	hm_put_str(&p->out, ")::VARCHAR || ',' || ");
	if (weighted)
		hm_sql_as(p, agg->args[1], 'l');
	else
		hm_put_str(&p->out, "1");
	hm_put_str(&p->out, "::VARCHAR || ',' || ");
	hm_sql_as(p, x, 'j');
	hm_put_str(&p->out, " || ']', ',')");
	hm_sql_agg_filter(p, NULL, x);
	hm_put_str(&p->out, ", '') || ']', ");
}

static void put_levels(struct hm_printer *p, const struct hm_agg *agg, size_t first)
{
	if (agg->args[first]->type == HM_SCALAR_DYNAMIC) {
		hm_sql_expr(p, agg->args[first]);
		return;
	}
	hm_put_str(&p->out, "'['");
	for (size_t i = first; i < agg->arg_count; i++) {
		hm_put_str(&p->out, i == first ? " || " : " || ',' || ");
		hm_sql_as(p, agg->args[i], 'j');
	}
	hm_put_str(&p->out, " || ']'");
}

static void put_weighted(struct hm_printer *p, const struct hm_agg *agg, size_t level)
{
	const enum hm_scalar type = agg->args[0]->type;

	if (type == HM_SCALAR_DECIMAL) {
		hm_sql_refuse(p, agg->args[0]->span,
			      "weighted percentiles of decimals are not supported");
		return;
	}
	if (type == HM_SCALAR_INT)
		hm_put_str(&p->out, "CAST(");
	hm_put_str(&p->out, sorted_as(type) == 'r' ? "hm_percentile_real("
						   : "hm_percentile_long(");
	put_values(p, agg, true);
	hm_sql_as(p, agg->args[level], 'r');
	hm_put_str(&p->out, type == HM_SCALAR_INT ? ") AS INTEGER)" : ")");
}

bool hm_sql_percentile(struct hm_printer *p, const struct hm_agg *agg, size_t part)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const struct kind *k = &kinds[i];

		if (k->fn != agg->fn)
			continue;
		if (k->array) {
			hm_put_str(&p->out, "hm_percentile_array(");
			put_values(p, agg, k->weighted);
			put_levels(p, agg, k->weighted ? 2 : 1);
			hm_put_str(&p->out, ")");
		} else if (k->weighted) {
			put_weighted(p, agg, part + 2);
		} else {
			put_plain(p, agg, part + 1);
		}
		return true;
	}
	return false;
}
