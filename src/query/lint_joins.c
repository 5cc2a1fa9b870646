/* SPDX-License-Identifier: MIT */
/* Joins with DeviceFileCertificateInfo, which has a row for some files and one for each
 * machine that looked (domain.md 2.1, 2.8, 8.4). */
#include "query/fault.h"
#include "query/lint_own.h"

static const char certificates[] = "DeviceFileCertificateInfo";

/* Whether a join is inner, or an outer one: they pair rows. */
static bool pairs(enum hm_join_kind kind)
{
	return kind == HM_JOIN_INNER || kind == HM_JOIN_INNERUNIQUE ||
	       kind == HM_JOIN_LEFTOUTER || kind == HM_JOIN_RIGHTOUTER ||
	       kind == HM_JOIN_FULLOUTER;
}

static bool is_device(hm_bytes column)
{
	return hm_is(column, "DeviceId") || hm_is(column, "DeviceName");
}

static bool has_device(const struct hm_plan *plan)
{
	for (size_t i = 0; i < plan->columns.count; i++)
		if (is_device(hm_lint_root(plan, i).column))
			return true;
	return false;
}

/* What the keys of a join say. */
struct keys {
	bool hash, device;
	bool certificate[2]; /* a hash of that side is one of the table's */
	bool event[2];       /* of another table */
};

static struct keys read_keys(const struct hm_plan *p)
{
	struct keys k = { 0 };

	for (size_t i = 0; i < p->join_key_count; i++) {
		const struct hm_root roots[2] = {
			hm_lint_root_of(p->inputs[0], p->join_keys[i].left),
			hm_lint_root_of(p->inputs[1], p->join_keys[i].right)
		};

		for (int side = 0; side < 2; side++) {
			hm_bytes column = roots[side].column;
			bool hash = hm_lint_digits(column) > 0;

			k.device |= is_device(column);
			k.hash |= hash;
			k.certificate[side] |=
				hash && hm_is(roots[side].table, certificates);
			k.event[side] |= hash && !hm_is(roots[side].table, certificates);
		}
	}
	return k;
}

void hm_lint_join(struct hm_linter *l, const struct hm_plan *p)
{
	const struct keys k = read_keys(p);
	const bool left = k.certificate[0] && k.event[1];
	const bool right = k.event[0] && k.certificate[1];

	if (!left && !right)
		return;
	if (pairs(p->join) && !k.device && has_device(p->inputs[0]) &&
	    has_device(p->inputs[1]))
		hm_lint_add(
			l, "HM105", p->span,
			"Joined by the hash alone, a row can pair one machine's verdict "
			"with another machine's event: join on DeviceId too, or take "
			"the device and the time from the event.");
	if (p->join == HM_JOIN_INNER || p->join == HM_JOIN_INNERUNIQUE)
		hm_lint_add(l, "HM108", p->span,
			    "%s has no row for many files: this join drops their events, "
			    "which proves nothing of them. An outer join keeps them.",
			    certificates);
	if ((p->join == HM_JOIN_LEFTANTI && right) ||
	    (p->join == HM_JOIN_RIGHTANTI && left))
		hm_lint_add(l, "HM108", p->span,
			    "%s has no row for many signed files: a file without a row "
			    "is not unsigned.",
			    certificates);
}
