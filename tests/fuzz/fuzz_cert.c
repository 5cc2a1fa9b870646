/* SPDX-License-Identifier: MIT */
/*
 * Property: every view of a certificate lies in the input; one that reads whole is the
 * input and holds its parts; its names are UTF-8; its key is usable or says why not,
 * and checking its signature with its own key ends, within the budget.
 */
#include "arena.h"
#include "signature/crypto.h"

static void views(const struct fuzz *f, const struct hm_cert *c)
{
	const hm_bytes all[] = { c->der,
				 c->tbs,
				 c->serial,
				 c->issuer,
				 c->subject,
				 c->spki,
				 c->signature,
				 c->ski,
				 c->aki,
				 c->aki_issuer,
				 c->aki_serial,
				 c->name_constraints,
				 c->unknown_critical_id,
				 c->key.n,
				 c->key.e,
				 c->key.point,
				 c->key.raw };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		fuzz_inside(f, all[i]);
	for (size_t i = 0; i < c->num_eku; i++)
		fuzz_inside(f, c->eku[i]);
	for (size_t i = 0; i < c->num_crl_urls; i++)
		fuzz_inside(f, c->crl_urls[i]);
}

static void whole(const struct hm_cert *c, size_t size)
{
	if (c->der.len != size || c->tbs.len == 0 || c->serial.len == 0 ||
	    c->not_before == HM_NO_TIME || c->not_after == HM_NO_TIME)
		abort();
	if (c->key.kind == HM_KEY_NONE && c->key.why == NULL)
		abort();
}

static void self_check(const struct hm_cert *c)
{
	static struct hm_crypto *crypto;
	struct hm_budget budget = { .max = 1 };
	struct hm_hashed hashed = { 0 };

	if (crypto == NULL && hm_crypto_open(&crypto) != HM_OK)
		abort();
	hm_check_cert(crypto, &budget, &hashed, c, &c->key);
	if (budget.used > budget.max)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz f;

	fuzz_open(&f, data, size);
	if (setjmp(f.full) == 0) {
		struct hm_cert c = hm_cert_read(f.in, &f.arena);

		views(&f, &c);
		if (c.err == HM_OK)
			whole(&c, size);
		fuzz_text(hm_name_display(c.subject, &f.arena));
		fuzz_text(hm_name_text(c.issuer, &f.arena));
		self_check(&c);
	}
	hm_arena_close(&f.arena);
	return 0;
}
