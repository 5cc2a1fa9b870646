/* SPDX-License-Identifier: MIT */
/*
 * stamp.h: whether a timestamp shows when a signature was there.
 *
 * A stamp that does not hold is treated as absent and noted (B-066).
 */
#ifndef HM_VERDICT_STAMP_H
#define HM_VERDICT_STAMP_H

#include "signature/signed.h"
#include "verdict/chain.h"

struct hm_stamp_judged {
	const struct hm_stamp *claim;
	enum hm_reason reason; /* HM_REASON_SIGNED, or HM_REASON_STAMP_* */
	bool bare;             /* countersignature without DigestInfo */
	bool has_chain;
	struct hm_chain chain;
};

/* stamp is one of sig's, over its signer's signature. */
void hm_stamp_judge(struct hm_court *court, const struct hm_signature *sig,
		    const struct hm_stamp *stamp, struct hm_stamp_judged *out);

#endif
