/* SPDX-License-Identifier: MIT */
/*
 * names.c: directory name subtrees.
 *
 * A subtree is a Name; it holds every Name that begins with its relative names, compared
 * byte for byte as all names here.  Constraints that cannot be read allow nothing.
 */
#include "verdict/names.h"

enum {
	PERMITTED = HM_DER_CONTEXT_CONS | 0,
	EXCLUDED = HM_DER_CONTEXT_CONS | 1,
	DIRECTORY_NAME = HM_DER_CONTEXT_CONS | 4,
};

/* Whether name begins with the relative names of base: both are Name elements. */
static bool within(hm_bytes name, hm_bytes base)
{
	struct hm_cur n = hm_cur_of(name), b = hm_cur_of(base);
	struct hm_der whole = hm_der_of(&n, HM_DER_SEQUENCE, "Name");
	struct hm_der start = hm_der_of(&b, HM_DER_SEQUENCE, "base");

	while (hm_more(&start.in)) {
		struct hm_der want = hm_der_next(&start.in, "base RDN");
		struct hm_der have = hm_der_next(&whole.in, "RDN");

		if (whole.in.err != HM_OK || !hm_same(want.whole, have.whole))
			return false;
	}
	return n.err == HM_OK && b.err == HM_OK && start.in.err == HM_OK;
}

/* One GeneralSubtrees: how many directory names it has, and whether one holds name. */
static bool matches(struct hm_cur trees, hm_bytes name, size_t *num)
{
	bool found = false;

	while (hm_more(&trees)) {
		struct hm_der tree = hm_der_of(&trees, HM_DER_SEQUENCE, "GeneralSubtree");
		struct hm_der base;

		if (!hm_der_if(&tree.in, DIRECTORY_NAME, "base", &base))
			continue;
		(*num)++;
		found = found || within(name, hm_der_value(&base));
	}
	return found;
}

static bool allows(hm_bytes constraints, hm_bytes name)
{
	struct hm_cur c = hm_cur_of(constraints);
	struct hm_der both = hm_der_of(&c, HM_DER_SEQUENCE, "NameConstraints");
	struct hm_der trees;
	size_t num = 0;
	bool ok = true;

	if (hm_der_if(&both.in, PERMITTED, "permittedSubtrees", &trees))
		ok = matches(trees.in, name, &num) || num == 0;
	num = 0;
	if (hm_der_if(&both.in, EXCLUDED, "excludedSubtrees", &trees))
		ok = ok && !matches(trees.in, name, &num);
	return ok && c.err == HM_OK && both.in.err == HM_OK;
}

bool hm_names_allowed(const struct hm_chain *path)
{
	for (size_t i = 1; i < path->num; i++) {
		hm_bytes constraints = path->nodes[i].cert->name_constraints;

		if (!constraints.len)
			continue;
		for (size_t below = 0; below < i; below++) {
			if (!allows(constraints, path->nodes[below].cert->subject))
				return false;
		}
	}
	return true;
}
