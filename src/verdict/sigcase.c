/* SPDX-License-Identifier: MIT */
/*
 * sigcase.c: one signature: the message, the digest, the signer, the stamps, the chain.
 *
 * Every step is taken whatever the one before it found, so that the signer's name and all
 * faults are told of a file that was tampered with too; which fault is the verdict is
 * reasons.def's order (B-011, B-060).
 */
#include "verdict/sigcase.h"

#include "signature/pages.h"
#include "verdict/revoke.h"
#include "verdict/stamp.h"
#include "verdict/tell.h"

_Static_assert(HM_REASON_COUNT <= 64, "faults are bits of one number");

struct sigcase {
	struct hm_court *court;
	const struct hm_carrier *carrier;
	const struct hm_signature *sig;
	const struct hm_digest *digests;
	const struct hm_cert *cert; /* the signer's, as far as it can be told; or NULL */
	struct hm_stamp_judged *stamps;
	const struct hm_stamp_judged *stamp; /* the one that counts, or NULL */
	struct hm_sig_verdict *out;
	hm_reasons faults;
	hm_bytes about[64]; /* by reason */
};

static void fault(struct sigcase *c, enum hm_reason reason, hm_bytes about)
{
	if (!(c->faults & HM_REASON_BIT(reason)))
		c->about[reason] = about;
	c->faults |= HM_REASON_BIT(reason);
}

static void fault_text(struct sigcase *c, enum hm_reason reason, const char *about)
{
	fault(c, reason, hm_bytes_of(about ? about : ""));
}

/* --- the message ------------------------------------------------------------------- */

/* B-021: indefinite lengths, or an outermost length longer than need be. */
static bool is_ber(const struct hm_cms *cms)
{
	struct hm_cur c = hm_cur_of(cms->der);

	(void)hm_der_next(&c, "ContentInfo");
	return cms->err == HM_OK && (cms->flattened || c.err != HM_OK);
}

/* B-020, B-022, B-023 */
static void judge_message(struct sigcase *c)
{
	const struct hm_cms *cms = &c->sig->cms;
	bool limit = cms->err == HM_ELIMIT || c->sig->spc.err == HM_ELIMIT;

	if (limit)
		fault_text(c, HM_REASON_OVER_LIMIT, cms->why);
	else if (cms->err != HM_OK)
		fault_text(c, HM_REASON_MESSAGE_UNREADABLE, cms->why);
	else if (cms->content_type != HM_OID_SPC_INDIRECT_DATA)
		fault_text(c, HM_REASON_NOT_INDIRECT,
			   hm_oid_text(cms->content_id, c->court->arena));
	else if (!cms->has_content || c->sig->spc.err != HM_OK)
		fault_text(c, HM_REASON_MESSAGE_UNREADABLE, c->sig->spc.why);
	if (cms->err == HM_OK && !c->sig->signer)
		fault_text(c, HM_REASON_NO_SIGNER, NULL);
	if (is_ber(cms))
		c->out->flags |= HM_FLAG_BIT(BER);
	if (cms->num_signers > 1)
		c->out->flags |= HM_FLAG_BIT(EXTRA_SIGNERS); /* B-024 */
}

/* B-016, B-017: slack that Windows tolerates. */
static void note_slack(struct sigcase *c)
{
	struct hm_sig_verdict *out = c->out;

	out->padding_len = c->sig->slack.len;
	out->unauth_len = c->sig->stuffing_len;
	if (c->sig->slack_nonzero)
		out->flags |= HM_FLAG_BIT(PADDING_BYTES);
	if (out->unauth_len)
		out->flags |= HM_FLAG_BIT(UNAUTH_BYTES);
}

/* --- the digest -------------------------------------------------------------------- */

static void judge_digest(struct sigcase *c)
{
	const struct hm_spc *spc = &c->sig->spc;
	const struct hm_digest *computed = &c->digests[spc->digest_alg.hash];
	struct hm_arena *a = c->court->arena;

	if (c->sig->cms.err != HM_OK || spc->err != HM_OK)
		return;
	c->out->digest_alg = hm_bytes_of(hm_hash_name(spc->digest_alg.hash));
	c->out->embedded = hm_tell_hex(
		a, (hm_bytes){ spc->digest.at,
			       spc->digest.len < 128 ? spc->digest.len : 128 });
	c->out->computed = hm_tell_hex(a, hm_digest_bytes(computed));
	/* B-012 */
	if (spc->digest_alg.hash == HM_HASH_NONE)
		fault_text(c, HM_REASON_DIGEST_UNSUPPORTED,
			   hm_oid_text(spc->digest_alg.id, a));
	else if (!hm_digest_is(computed,
			       spc->digest)) /* B-010, B-013: whole, length too */
		fault_text(c, HM_REASON_BAD_DIGEST, NULL);
	/* B-019: Windows' loader reads page hashes, WinVerifyTrust does not. */
	if (hm_pages_check(c->court->crypto, c->carrier, spc) == HM_PAGES_BAD)
		c->out->flags |= HM_FLAG_BIT(PAGE_HASH_MISMATCH);
	/* B-014 */
	if (spc->digest_alg.key != HM_KEY_NONE)
		c->out->flags |= HM_FLAG_BIT(ODD_DIGEST_OID);
	if (spc->digest_alg.hash == HM_HASH_MD5 || spc->digest_alg.hash == HM_HASH_SHA1)
		c->out->flags |= HM_FLAG_BIT(WEAK_DIGEST);
}

/* --- the signer -------------------------------------------------------------------- */

/* B-032: a signature whose certificate is not there is judged by none; but whoever reads
 * the verdict should see a name: the likeliest certificate that is no issuer's. */
static const struct hm_cert *likely_signer(const struct hm_signature *sig)
{
	const struct hm_cert *first = NULL;

	for (size_t i = 0; i < sig->cms.num_certs; i++) {
		const struct hm_cert *cert = &sig->cms.certs[i];

		if (!cert->subject.len)
			continue;
		if (sig->signer && hm_serial_same(cert->serial, sig->signer->serial))
			return cert;
		if (!first || (first->ca && !cert->ca))
			first = cert;
	}
	return first;
}

static bool names_digest(const struct hm_cms *cms, enum hm_hash hash)
{
	for (size_t i = 0; i < cms->num_digest_algs; i++) {
		if (cms->digest_algs[i].hash == hash)
			return true;
	}
	return false;
}

/* B-030 */
static void judge_attributes(struct sigcase *c)
{
	const struct hm_signer *signer = c->sig->signer;
	const struct hm_spc *spc = &c->sig->spc;
	uint32_t missing = HM_SIGNER_NO_MESSAGE_DIGEST | HM_SIGNER_TWO_MESSAGE_DIGESTS |
			   HM_SIGNER_NO_CONTENT_TYPE | HM_SIGNER_TWO_CONTENT_TYPES;

	if (!signer->attrs.raw.len || (signer->flags & missing))
		fault_text(c, HM_REASON_ATTRIBUTE_MISSING, NULL);
	else if (hm_oid_of(signer->content_type) != c->sig->cms.content_type)
		fault_text(c, HM_REASON_ATTRIBUTE_MISSING, "contentType");
	else if (!hm_signer_digest_ok(c->court->crypto, signer, c->sig->cms.digested))
		fault_text(c, HM_REASON_BAD_MESSAGE_DIGEST, NULL);
	/* B-031 */
	if (spc->err == HM_OK && (signer->digest_alg.hash != spc->digest_alg.hash ||
				  !names_digest(&c->sig->cms, spc->digest_alg.hash)))
		fault_text(c, HM_REASON_DIGESTS_DISAGREE, NULL);
}

/* B-033, B-034 */
static void judge_signature(struct sigcase *c)
{
	const struct hm_signer *signer = c->sig->signer;

	switch (hm_check_signer(c->court->crypto, &c->court->budget, signer,
				c->sig->cms.digested, &c->cert->key)) {
	case HM_CHECK_GOOD: return;
	case HM_CHECK_BAD:
	case HM_CHECK_BARE: /* B-061: for countersignatures only */
		fault_text(c, HM_REASON_BAD_SIGNATURE, NULL);
		return;
	case HM_CHECK_UNSUP:
		fault_text(c, HM_REASON_KEY_UNSUPPORTED, c->cert->key.why);
		return;
	case HM_CHECK_LIMIT:
		fault_text(c, HM_REASON_OVER_LIMIT, "public-key operations");
		return;
	}
}

static void judge_signer(struct sigcase *c)
{
	c->cert = c->sig->cert;
	if (!c->sig->signer) {
		c->cert = likely_signer(c->sig);
		return;
	}
	if (c->sig->cms.err != HM_OK) {
		if (c->cert == NULL)
			c->cert = likely_signer(c->sig);
		return;
	}
	judge_attributes(c);
	if (c->cert) {
		judge_signature(c);
		return;
	}
	c->cert = likely_signer(c->sig);
	fault_text(c, HM_REASON_NO_SIGNER_CERT, NULL);
}

/* --- the time ---------------------------------------------------------------------- */

static struct hm_stamp_told tell_stamp(struct sigcase *c, const struct hm_stamp_judged *j)
{
	bool pkcs9 = j->claim->kind == HM_STAMP_PKCS9;
	enum hm_hash hash =
		pkcs9 ? j->claim->signer.digest_alg.hash : j->claim->imprint_alg.hash;
	struct hm_stamp_told told = {
		.sort = pkcs9 ? HM_STAMP_SORT_PKCS9 : HM_STAMP_SORT_RFC3161,
		.time = j->claim->time,
		.digest = hm_bytes_of(hm_hash_name(hash)),
		.reason = j->reason,
		.chain.list_date = HM_NO_TIME,
	};

	if (j->has_chain)
		told.chain = hm_tell_chain(c->court, &j->chain);
	return told;
}

static void judge_stamp(struct sigcase *c, size_t i)
{
	struct hm_stamp_judged *j = &c->stamps[i];
	struct hm_sig_verdict *out = c->out;

	hm_stamp_judge(c->court, c->sig, &c->sig->stamps.at[i], j);
	out->stamps[i] = tell_stamp(c, j);
	if (j->bare)
		out->flags |= HM_FLAG_BIT(STAMP_RAW_HASH);
	if (j->reason != HM_REASON_SIGNED) {
		/* B-066 */
		out->flags |= HM_FLAG_BIT(STAMP_IGNORED);
		fault(c, j->reason,
		      out->stamps[i].chain.num ? out->stamps[i].chain.links[0].subject
					       : hm_bytes_of(""));
		return;
	}
	if (c->stamp) /* B-067: the first that holds counts */
		return;
	c->stamp = j;
	out->stamp = (uint32_t)i;
	if (j->claim->time > c->court->policy->now) /* B-068 */
		out->flags |= HM_FLAG_BIT(STAMP_FUTURE);
}

/* B-070: signingTime is told and not used. */
static void judge_time(struct sigcase *c)
{
	size_t num = c->sig->signer ? c->sig->stamps.num : 0;

	c->out->claimed_time = c->sig->signer ? c->sig->signer->signing_time : HM_NO_TIME;
	c->stamps = hm_new_n(c->court->arena, struct hm_stamp_judged, num);
	c->out->stamps = hm_new_n(c->court->arena, struct hm_stamp_told, num);
	c->out->num_stamps = num;
	for (size_t i = 0; i < num; i++)
		judge_stamp(c, i);
	if (num > 1)
		c->out->flags |= HM_FLAG_BIT(SEVERAL_STAMPS);
	if (num == 0)
		c->out->flags |= HM_FLAG_BIT(NO_STAMP);
}

/* --- the chain --------------------------------------------------------------------- */

/* B-069: the lifetime signing purpose ends a signature with its certificate. */
static bool ends_with_cert(const struct sigcase *c)
{
	return hm_cert_has_eku(c->cert, HM_OID_LIFETIME_SIGNING);
}

/* What a chain judged at the stamp, or despite one, says of an expired signer. */
static enum hm_reason expiry_reason(const struct sigcase *c, enum hm_reason reason)
{
	if (reason != HM_REASON_EXPIRED && reason != HM_REASON_NOT_YET_VALID)
		return reason;
	if (!c->stamp)
		return reason;
	if (ends_with_cert(c))
		return reason == HM_REASON_EXPIRED ? HM_REASON_EXPIRED_LIFETIME : reason;
	return HM_REASON_EXPIRED_AT_STAMP;
}

static void take_faults(struct sigcase *c, const struct hm_chain *chain)
{
	for (enum hm_reason r = 0; r < HM_REASON_COUNT; r++) {
		if (chain->faults & HM_REASON_BIT(r))
			fault(c, expiry_reason(c, r),
			      c->out->chain.links[chain->where[r]].subject);
	}
	c->out->flags |= chain->flags;
}

static void note_expiry(struct sigcase *c)
{
	hm_time now = c->court->policy->now;

	if (c->stamp && now > c->cert->not_after && !ends_with_cert(c))
		c->out->flags |= HM_FLAG_BIT(EXPIRED_STAMPED);
	if (ends_with_cert(c))
		c->out->flags |= HM_FLAG_BIT(LIFETIME_SIGNING);
}

static void tell_urls(struct sigcase *c)
{
	size_t num = c->cert->num_crl_urls;

	c->out->crl_urls = hm_new_n(c->court->arena, hm_bytes, num);
	c->out->num_crl_urls = num;
	for (size_t i = 0; i < num; i++)
		c->out->crl_urls[i] =
			hm_tell_ascii(c->court->arena, c->cert->crl_urls[i]);
}

/* B-084: not to know is a flag, and a fault where the user asked for certainty: of the
 * signer's chain and of that of the stamp that counts. */
static void judge_revocation(struct sigcase *c)
{
	uint64_t unchecked = HM_FLAG_BIT(REVOCATION_UNCHECKED);

	if (c->stamp)
		c->out->flags |= c->stamp->chain.flags & unchecked;
	if (c->court->policy->require_revocation && (c->out->flags & unchecked))
		fault_text(c, HM_REASON_REVOCATION_UNKNOWN, NULL);
}

/* B-062: at the stamp's moment, else now. */
static void judge_chain(struct sigcase *c)
{
	hm_time now = c->court->policy->now;
	hm_time signed_at = c->stamp ? c->stamp->claim->time : now;
	struct hm_chain chain = { 0 };
	struct hm_chain_ask ask = {
		.leaf = c->cert,
		.bags = { { c->sig->cms.certs, c->sig->cms.num_certs } },
		.purpose = HM_PURPOSE_CODE,
		.signed_at = signed_at,
		.stamped = c->stamp != NULL,
	};

	if (!c->cert)
		return;
	ask.at = ends_with_cert(c) ? now : signed_at;
	c->out->judged_at = ask.at;
	hm_chain_build(c->court, &ask, &chain);
	hm_revoke_weigh(c->court, &ask, &chain);
	c->out->chain = hm_tell_chain(c->court, &chain);
	take_faults(c, &chain);
	judge_revocation(c);
	note_expiry(c);
	tell_urls(c);
}

/* --- the answer -------------------------------------------------------------------- */

/* B-066: what is wrong with a stamp takes the stamp away and is not the verdict. */
static bool of_stamp(enum hm_reason reason)
{
	return reason >= HM_REASON_STAMP_UNREADABLE && reason <= HM_REASON_STAMP_REVOKED;
}

static void answer(struct sigcase *c)
{
	struct hm_sig_verdict *out = c->out;
	hm_reasons counted = 0;

	out->faults.at = hm_new_n(c->court->arena, struct hm_fault, HM_REASON_COUNT);
	for (enum hm_reason r = 0; r < HM_REASON_COUNT; r++) {
		if (!(c->faults & HM_REASON_BIT(r)))
			continue;
		out->faults.at[out->faults.num++] =
			(struct hm_fault){ r,
					   hm_tell_text(c->court->arena, c->about[r]) };
		if (!of_stamp(r))
			counted |= HM_REASON_BIT(r);
	}
	out->reason = hm_worst(counted);
	out->state = hm_reason_row(out->reason)->state;
}

void hm_sig_judge(struct hm_court *court, const struct hm_carrier *carrier,
		  const struct hm_signature *sig, const struct hm_digest *digests,
		  struct hm_sig_verdict *out)
{
	struct sigcase c = {
		.court = court,
		.carrier = carrier,
		.sig = sig,
		.digests = digests,
		.out = out,
	};

	*out = *hm_verdict_plain(HM_REASON_SIGNED, court->policy->now, court->arena).sigs;
	out->entry = (uint32_t)sig->entry;
	out->depth = sig->depth;
	out->parent = (uint32_t)sig->parent;
	out->program = hm_tell_text(
		court->arena, hm_bytes_of(sig->opus.program ? sig->opus.program : ""));
	out->url = hm_tell_text(court->arena,
				hm_bytes_of(sig->opus.url ? sig->opus.url : ""));
	judge_message(&c);
	note_slack(&c);
	judge_digest(&c);
	judge_signer(&c);
	judge_time(&c);
	judge_chain(&c);
	answer(&c);
}
