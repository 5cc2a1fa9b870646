/* SPDX-License-Identifier: MIT */
/*
 * revoke.h: whether certificates of a chain were revoked, as far as imported lists tell.
 *
 * Judged by the date of revocation against the moment of signing (B-080): what was
 * stamped before stays good.  A list counts if its issuer, in this chain, signed it; an
 * entry in an old list counts, the absence of one in a list past its nextUpdate does not.
 * Nothing is fetched.
 */
#ifndef HM_VERDICT_REVOKE_H
#define HM_VERDICT_REVOKE_H

#include "verdict/chain.h"

/* Adds HM_REASON_REVOKED or HM_REASON_CA_REVOKED, and the flags REVOKED_LATER and
 * REVOCATION_UNCHECKED, to a chain that was built. */
void hm_revoke_weigh(struct hm_court *court, const struct hm_chain_ask *ask,
		     struct hm_chain *chain);

#endif
