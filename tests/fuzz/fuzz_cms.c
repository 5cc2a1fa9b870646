/* SPDX-License-Identifier: MIT */
/*
 * Property: every view of a message lies in the input or, for one with indefinite
 * lengths, in the arena; counts keep to their limits; what follows the message is all
 * of the rest; a signer's certificate is one of the bag that its name fits.
 */
#include "arena.h"
#include "base/limits.h"
#include "signature/signed.h"

static void signer(const struct fuzz *f, const struct hm_signer *s)
{
	const hm_bytes all[] = { s->whole,
				 s->issuer,
				 s->serial,
				 s->ski,
				 s->signature,
				 s->attrs.raw,
				 s->unsigned_attrs.raw,
				 s->message_digest,
				 s->content_type };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		fuzz_inside(f, all[i]);
	if (s->attrs.num > HM_MAX_ATTRS || s->unsigned_attrs.num > HM_MAX_ATTRS)
		abort();
}

static void message(const struct fuzz *f, const struct hm_signature *g)
{
	const struct hm_cms *m = &g->cms;

	fuzz_inside(f, m->der);
	fuzz_inside(f, m->content);
	fuzz_inside(f, m->digested);
	fuzz_inside(f, g->spc.digest);
	fuzz_inside(f, g->spc.pages);
	if (m->num_certs > HM_MAX_CERTS || m->num_crls > HM_MAX_CRLS ||
	    m->num_signers > HM_MAX_SIGNERS || m->num_digest_algs > HM_MAX_DIGEST_ALGS)
		abort();
	for (size_t i = 0; i < m->num_signers; i++)
		signer(f, &m->signers[i]);
	for (size_t i = 0; i < m->num_crls; i++)
		fuzz_inside(f, m->crls[i]);
	if (!m->flattened && m->err == HM_OK && m->der.len + g->slack.len != f->in.len)
		abort();
	if (g->cert != NULL &&
	    (g->cert->err != HM_OK || !hm_signer_is(g->signer, g->cert)))
		abort();
	if (g->stamps.num > HM_MAX_STAMPS)
		abort();
	fuzz_text(g->opus.program);
	fuzz_text(g->opus.url);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz f;

	fuzz_open(&f, data, size);
	if (setjmp(f.full) == 0) {
		struct hm_signature g = hm_signature_read(f.in, &f.arena);

		message(&f, &g);
	}
	hm_arena_close(&f.arena);
	return 0;
}
