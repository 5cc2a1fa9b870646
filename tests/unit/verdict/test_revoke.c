/* SPDX-License-Identifier: MIT */
/* Revocation: what lists cost, and that nobody can spend the budget to escape them. */
#include "base/limits.h"
#include "check.h"
#include "forge/cases.h"
#include "verdict/plan.h"
#include "verdict/revoke.h"

HM_NORETURN static void spent(void *ctx)
{
	(void)ctx;
	puts("Bail out! out of memory");
	_Exit(1);
}

struct bench {
	struct hm_arena a;
	struct hm_crypto *crypto;
	struct hm_trust trust;
	struct hm_buf store;
	struct hm_cert leaf, ca;
};

/* num lists of the issuer, a week each, all past, then one that names the signer. */
static void lay_lists(struct bench *b, int num)
{
	struct hm_mk_kit k = hm_mk_kit_of(&b->a);
	struct hm_plan *plan = hm_plan_new(b->crypto, &b->a);
	struct hm_plan_count count = { 0 };
	const char *why;
	bool ok = true;

	for (int i = 0; i <= num; i++) {
		const struct hm_mk_revoked entry = { .serial = k.leaf.serial,
						     .date = hm_mk_day(2025, 2, 1) };
		struct hm_mk_crl crl = {
			.issuer = k.ca.subject,
			.this_update = hm_mk_day(2024, 1, 1) + 7 * i * HM_TICKS_DAY,
			.next_update = hm_mk_day(2024, 1, 8) + 7 * i * HM_TICKS_DAY,
			.entries = &entry,
			.num_entries = i == num,
			.how.key = HM_MK_KEY_CA,
		};

		ok = ok && hm_plan_import(plan, hm_mk_crl(&b->a, &crl), HM_IMPORT_LISTED,
					  &count, &why) == HM_OK;
	}
	check(ok && hm_plan_write(plan, &b->store) == HM_OK &&
		      hm_trust_open(hm_buf_bytes(&b->store), &b->trust) == HM_OK &&
		      hm_trust_num_crls(&b->trust) == (size_t)num + 1,
	      "%d lists", num + 1);
	b->leaf = hm_cert_read(hm_mk_cert(&b->a, &k.leaf), &b->a);
	b->ca = hm_cert_read(hm_mk_cert(&b->a, &k.ca), &b->a);
}

static struct hm_chain weighed(struct bench *b, uint32_t budget, uint32_t *used)
{
	const struct hm_trust *stores[] = { &b->trust };
	const struct hm_policy policy = { .now = hm_mk_day(2026, 6, 1),
					  .stores = stores,
					  .num_stores = 1,
					  .crypto = b->crypto };
	struct hm_court court = { .policy = &policy,
				  .crypto = b->crypto,
				  .arena = &b->a,
				  .budget.max = budget };
	const struct hm_chain_ask ask = { .leaf = &b->leaf,
					  .at = policy.now,
					  .signed_at = policy.now };
	struct hm_chain chain = { .num = 2 };

	chain.nodes[0].cert = &b->leaf;
	chain.nodes[1].cert = &b->ca;
	hm_revoke_weigh(&court, &ask, &chain);
	*used = court.budget.used;
	return chain;
}

int main(void)
{
	struct bench b = { .store = hm_buf_of(16 << 20) };
	struct hm_chain chain;
	uint32_t used;

	if (hm_arena_open(64 << 20, spent, NULL, &b.a) != HM_OK ||
	    hm_crypto_open(&b.crypto) != HM_OK)
		return 1;
	lay_lists(&b, HM_MAX_KEY_OPERATIONS + 10);
	chain = weighed(&b, HM_MAX_KEY_OPERATIONS, &used);
	check(hm_worst(chain.faults) == HM_REASON_REVOKED,
	      "the list that names it counts");
	check(used == 1, "years of lists that do not cost nothing: %u checks", used);
	chain = weighed(&b, 0, &used);
	check(hm_worst(chain.faults) == HM_REASON_OVER_LIMIT,
	      "a spent budget is a fault, not an escape");
	hm_buf_done(&b.store);
	hm_crypto_close(b.crypto);
	hm_arena_close(&b.a);
	return check_done();
}
