/* SPDX-License-Identifier: MIT */
/* plan.c: what a plan holds, and taking over an older store. */
#include "verdict/plan.h"

#include <string.h>

#include "verdict/plan_own.h"
#include "verdict/store.h"

struct hm_plan *hm_plan_new(struct hm_crypto *crypto, struct hm_arena *a)
{
	struct hm_plan *plan = hm_new(a, struct hm_plan);

	*plan = (struct hm_plan){
		.crypto = crypto,
		.arena = a,
		.list_date = HM_NO_TIME,
		.disallow_date = HM_NO_TIME,
	};
	return plan;
}

struct hm_plan_root *hm_plan_find(const struct hm_plan *plan, hm_bytes sha256)
{
	struct hm_plan_root *r = plan->roots;

	while (r && !hm_same(r->root.sha256, sha256))
		r = r->next;
	return r;
}

struct hm_plan_root *hm_plan_root(struct hm_plan *plan, hm_bytes sha256)
{
	struct hm_plan_root *r = hm_plan_find(plan, sha256);

	if (r)
		return r;
	r = hm_new(plan->arena, struct hm_plan_root);
	*r = (struct hm_plan_root){
		.next = plan->roots,
		.root = {
			.kind = HM_ANCHOR_NONE,
			.sha256 = hm_keep(plan->arena, sha256),
			.not_after = HM_NO_TIME,
			.disallowed = HM_NO_TIME,
			.not_before = HM_NO_TIME,
			.list_date = HM_NO_TIME,
		},
	};
	plan->roots = r;
	return r;
}

void hm_plan_add_distrust(struct hm_plan *plan, hm_bytes id, uint32_t by)
{
	struct hm_plan_distrusted *d = plan->distrusted;

	while (d && !hm_same(d->id, id))
		d = d->next;
	if (d) {
		d->by |= by;
		return;
	}
	d = hm_new(plan->arena, struct hm_plan_distrusted);
	*d = (struct hm_plan_distrusted){ plan->distrusted, hm_keep(plan->arena, id),
					  by };
	plan->distrusted = d;
}

void hm_plan_distrust(struct hm_plan *plan, hm_bytes id)
{
	hm_plan_add_distrust(plan, id, HM_BY_USER);
}

bool hm_plan_remove(struct hm_plan *plan, hm_bytes id)
{
	bool any = false;

	for (struct hm_plan_root *r = plan->roots; r; r = r->next) {
		if (!hm_same(r->root.sha256, id) && !hm_same(r->sha1, id))
			continue;
		any = any || r->root.own || r->root.uefi;
		r->root.own = r->root.uefi = false;
	}
	for (struct hm_plan_distrusted *d = plan->distrusted; d; d = d->next) {
		if (!hm_same(d->id, id))
			continue;
		any = any || (d->by & HM_BY_USER);
		d->by &= ~(uint32_t)HM_BY_USER;
	}
	return any;
}

static void merge_roots(struct hm_plan *plan, const struct hm_trust *old)
{
	for (size_t i = 0; i < hm_trust_num_roots(old); i++) {
		struct hm_plan_root *mine;
		struct hm_root root;

		if (!hm_trust_root_listed(old, i, &root))
			continue;
		mine = hm_plan_root(plan, root.sha256);
		mine->root = root;
		mine->root.sha256 = hm_keep(plan->arena, root.sha256);
		mine->root.name = hm_keep(plan->arena, root.name);
		mine->root.der = hm_keep(plan->arena, root.der);
		mine->sha1 = hm_keep(plan->arena, hm_trust_root_sha1(old, i));
		mine->listed = root.kind == HM_ANCHOR_PROGRAM;
		if (root.der.len)
			mine->subject = hm_cert_read(mine->root.der, plan->arena).subject;
	}
}

static void merge_distrust(struct hm_plan *plan, const struct hm_trust *old)
{
	for (size_t i = 0; i < hm_trust_num_distrusted(old); i++) {
		uint32_t by;
		hm_bytes id = hm_trust_distrusted(old, i, &by);

		if (id.len)
			hm_plan_add_distrust(plan, id, by);
	}
}

static void merge_crls(struct hm_plan *plan, const struct hm_trust *old)
{
	for (size_t i = 0; i < hm_trust_num_crls(old); i++) {
		struct hm_plan_crl *mine = hm_new(plan->arena, struct hm_plan_crl);
		hm_bytes rows;

		if (!hm_trust_crl(old, i, &mine->row))
			continue;
		rows = hm_trust_crl_rows(old, &mine->row);
		mine->row.issuer = hm_keep(plan->arena, mine->row.issuer);
		mine->row.head = hm_keep(plan->arena, mine->row.head);
		mine->entries = hm_new_n(plan->arena, uint8_t, rows.len + 1);
		if (rows.len)
			memcpy(mine->entries, rows.at, rows.len);
		mine->next = plan->crls;
		plan->crls = mine;
	}
}

void hm_plan_merge(struct hm_plan *plan, const struct hm_trust *old)
{
	plan->list_date = old->list_date;
	plan->disallow_date = old->disallow_date;
	merge_roots(plan, old);
	merge_distrust(plan, old);
	merge_crls(plan, old);
}

bool hm_plan_missing(const struct hm_plan *plan, size_t *walk, hm_bytes *sha1,
		     hm_bytes *sha256)
{
	size_t i = 0;

	for (const struct hm_plan_root *r = plan->roots; r; r = r->next, i++) {
		if (i < *walk || !r->listed || r->root.der.len)
			continue;
		*walk = i + 1;
		*sha1 = r->sha1;
		*sha256 = r->root.sha256;
		return true;
	}
	return false;
}
