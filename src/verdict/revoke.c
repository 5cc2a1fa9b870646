/* SPDX-License-Identifier: MIT */
/* revoke.c: revocation lists of the trust stores against the certificates of a chain. */
#include "verdict/revoke.h"

#include <string.h>

/* RFC 5280 5.3.1: taken off a list, which only a difference list says. */
enum { REMOVE_FROM_CRL = 8 };

enum status {
	UNKNOWN, /* no list that counts speaks of it */
	FREE,
	REVOKED,
};

struct finding {
	enum status status;
	hm_time date; /* the earliest, where revoked */
	bool limit;   /* a list that matters could not be checked any more */
};

/* The signature over the list, whose digest is kept instead of it: see crls.c. */
static enum hm_check check_list(struct hm_court *court, const struct hm_crl_row *crl,
				const struct hm_cert *issuer)
{
	struct hm_cur c = hm_cur_of(crl->head);
	struct hm_digest digest = { 0 };
	hm_bytes kept = hm_take(&c, hm_u8(&c, "digest length"), "digest");
	struct hm_alg alg = hm_alg_read(&c, "signatureAlgorithm");
	hm_bytes signature = hm_der_bits(&c, "signatureValue");
	struct hm_check_args args = {
		.key = &issuer->key,
		.alg = &alg,
		.digest = &digest,
		.signature = signature,
	};

	if (c.err != HM_OK || kept.len == 0 || kept.len != hm_hash_len(alg.hash))
		return HM_CHECK_BAD;
	digest.hash = alg.hash;
	memcpy(digest.at, kept.at, kept.len);
	return hm_check(court->crypto, &court->budget, &args);
}

/* B-083: a list for end certificates says nothing of authorities, and the other way. */
static bool speaks_of(const struct hm_crl_row *crl, const struct hm_cert *cert)
{
	if (crl->flags & HM_CRL_ONLY_USER)
		return !cert->ca;
	return !(crl->flags & HM_CRL_ONLY_CA) || cert->ca;
}

/* What a list says, its signature not looked at yet; found is what others said before.
 * B-081: what was revoked after the moment of judging was not revoked yet.
 * B-082: a list past its nextUpdate says nothing of what it does not name. */
static struct finding says(const struct hm_court *court, const struct hm_trust *store,
			   const struct hm_crl_row *crl, const struct hm_cert *cert)
{
	hm_time now = court->policy->now;
	struct hm_revoked_row entry;

	if (hm_trust_revoked(store, crl, cert->serial, &entry) &&
	    entry.reason != REMOVE_FROM_CRL && entry.date <= now)
		return (struct finding){ REVOKED, entry.date, false };
	if (!(crl->flags & HM_CRL_PARTIAL) &&
	    (crl->next_update == HM_NO_TIME || crl->next_update >= now))
		return (struct finding){ FREE, HM_NO_TIME, false };
	return (struct finding){ UNKNOWN, HM_NO_TIME, false };
}

/* Whether a list that says this changes what is known: only then its signature is worth a
 * public-key operation, so that years of lists of one issuer cost no more than one. */
static bool adds(const struct finding *known, const struct finding *said)
{
	if (said->status == REVOKED)
		return known->status != REVOKED || said->date < known->date;
	return said->status == FREE && known->status == UNKNOWN;
}

static struct finding find(struct hm_court *court, const struct hm_cert *cert,
			   const struct hm_cert *issuer)
{
	struct finding found = { UNKNOWN, HM_NO_TIME, false };

	for (size_t s = 0; s < court->policy->num_stores; s++) {
		const struct hm_trust *store = court->policy->stores[s];
		struct hm_crl_row crl;
		size_t walk = 0;

		while (hm_trust_crl_by_issuer(store, cert->issuer, &walk, &crl)) {
			struct finding said = says(court, store, &crl, cert);
			enum hm_check check;

			if (!speaks_of(&crl, cert) || !adds(&found, &said))
				continue;
			check = check_list(court, &crl, issuer);
			if (check == HM_CHECK_GOOD)
				found = (struct finding){ said.status, said.date,
							  found.limit };
			else if (check == HM_CHECK_LIMIT)
				found.limit = true;
		}
	}
	return found;
}

/* B-080 */
static void weigh(const struct hm_chain_ask *ask, struct hm_chain *chain, size_t node,
		  const struct finding *found)
{
	/* A file may not spend its budget elsewhere to escape the lists. */
	if (found->limit)
		hm_chain_fault(chain, HM_REASON_OVER_LIMIT, node);
	if (found->status == UNKNOWN)
		chain->flags |= HM_FLAG_BIT(REVOCATION_UNCHECKED);
	if (found->status != REVOKED)
		return;
	if (ask->stamped && found->date > ask->signed_at)
		chain->flags |= HM_FLAG_BIT(REVOKED_LATER);
	else
		hm_chain_fault(chain, node ? HM_REASON_CA_REVOKED : HM_REASON_REVOKED,
			       node);
}

void hm_revoke_weigh(struct hm_court *court, const struct hm_chain_ask *ask,
		     struct hm_chain *chain)
{
	size_t last = chain->num - 1;

	for (size_t i = 0; i < chain->num; i++) {
		struct finding found = { UNKNOWN, HM_NO_TIME, false };

		/* B-085: a root is not revoked by itself but distrusted. */
		if (i == last && chain->anchored && !chain->known_issuer)
			break;
		if (i < last)
			found = find(court, chain->nodes[i].cert,
				     chain->nodes[i + 1].cert);
		weigh(ask, chain, i, &found);
	}
}
