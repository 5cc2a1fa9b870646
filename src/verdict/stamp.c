/* SPDX-License-Identifier: MIT */
/*
 * stamp.c: PKCS #9 countersignatures (RFC 2985 5.3.6) and RFC 3161 tokens.
 *
 * Order: can it be read, is it about this signature, did its key make it, and may that
 * key tell the time.  The chain is judged at the stamp's own moment (B-062): that the
 * authority's certificate has ended since does not matter.
 */
#include "verdict/stamp.h"

#include "verdict/revoke.h"

/* What a PKCS #9 signer or a token's signer speaks about. */
static hm_bytes content_of(const struct hm_signature *sig, const struct hm_stamp *stamp)
{
	if (stamp->kind == HM_STAMP_PKCS9)
		return sig->signer->signature;
	return stamp->token.digested;
}

/* B-063: the token's imprint is of the stamped signature's value, by an algorithm of its
 * own; a countersignature's messageDigest is.  B-064: its content
 * type is not looked at. */
static bool is_ours(struct hm_court *court, const struct hm_signature *sig,
		    const struct hm_stamp *stamp)
{
	struct hm_digest digest;

	if (stamp->kind == HM_STAMP_PKCS9)
		return hm_signer_digest_ok(court->crypto, &stamp->signer,
					   sig->signer->signature);
	digest = hm_digest_of(court->crypto, stamp->imprint_alg.hash,
			      sig->signer->signature);
	return hm_digest_is(&digest, stamp->imprint);
}

static enum hm_reason check_signature(struct hm_court *court,
				      const struct hm_signature *sig,
				      const struct hm_stamp *stamp,
				      const struct hm_cert *cert, bool *bare)
{
	hm_bytes content = content_of(sig, stamp);
	enum hm_check check;

	if (!hm_signer_digest_ok(court->crypto, &stamp->signer, content))
		return HM_REASON_STAMP_BAD;
	check = hm_check_signer(court->crypto, &court->budget, &stamp->signer, content,
				&cert->key);
	/* B-061: only countersignatures may sign the bare hash. */
	*bare = check == HM_CHECK_BARE && stamp->kind == HM_STAMP_PKCS9;
	return check == HM_CHECK_GOOD || *bare ? HM_REASON_SIGNED : HM_REASON_STAMP_BAD;
}

/* What the worst fault of the authority's chain makes of its stamp. */
static enum hm_reason chain_reason(const struct hm_chain *chain)
{
	enum hm_reason worst = hm_worst(chain->faults);

	switch (hm_reason_row(worst)->state) {
	case HM_STATE_VALID: return HM_REASON_SIGNED;
	case HM_STATE_EXPIRED: return HM_REASON_STAMP_EXPIRED;
	case HM_STATE_REVOKED: return HM_REASON_STAMP_REVOKED;
	case HM_STATE_UNSIGNED:
	case HM_STATE_INVALID:
	case HM_STATE_UNTRUSTED:
	case HM_STATE_UNKNOWN:
	case HM_STATE_COUNT: break;
	}
	if (worst == HM_REASON_WRONG_USAGE || worst == HM_REASON_CA_WRONG_USAGE)
		return HM_REASON_STAMP_USAGE;
	return HM_REASON_STAMP_UNTRUSTED;
}

static void build_chain(struct hm_court *court, const struct hm_signature *sig,
			const struct hm_cert *cert, struct hm_stamp_judged *out)
{
	const struct hm_stamp *stamp = out->claim;
	struct hm_chain_ask ask = {
		.leaf = cert,
		.bags = { { stamp->certs, stamp->num_certs },
			  { sig->cms.certs, sig->cms.num_certs } },
		.purpose = HM_PURPOSE_STAMP,
		.at = stamp->time,
		.signed_at = stamp->time,
		.stamped = true,
	};

	hm_chain_build(court, &ask, &out->chain);
	hm_revoke_weigh(court, &ask, &out->chain);
	out->has_chain = true;
}

void hm_stamp_judge(struct hm_court *court, const struct hm_signature *sig,
		    const struct hm_stamp *stamp, struct hm_stamp_judged *out)
{
	const struct hm_cert *cert;

	*out = (struct hm_stamp_judged){ .claim = stamp,
					 .reason = HM_REASON_STAMP_UNREADABLE };
	if (stamp->err != HM_OK || stamp->time == HM_NO_TIME)
		return;
	cert = hm_signer_cert(&stamp->signer, stamp->certs, stamp->num_certs);
	if (!cert)
		cert = hm_signer_cert(&stamp->signer, sig->cms.certs, sig->cms.num_certs);
	if (cert)
		build_chain(court, sig, cert, out);
	out->reason = HM_REASON_STAMP_NOT_OURS;
	if (!is_ours(court, sig, stamp))
		return;
	out->reason = HM_REASON_STAMP_UNTRUSTED;
	if (!cert)
		return;
	out->reason = check_signature(court, sig, stamp, cert, &out->bare);
	if (out->reason == HM_REASON_SIGNED)
		out->reason = chain_reason(&out->chain);
}
