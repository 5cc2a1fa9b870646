/* SPDX-License-Identifier: MIT */
/*
 * sigcase.h: one signature of a file, judged.  Private to judge.c.
 */
#ifndef HM_VERDICT_SIGCASE_H
#define HM_VERDICT_SIGCASE_H

#include "signature/signed.h"
#include "verdict/chain.h"

/* digests: of the file's spans, by every hash that its signatures name. */
void hm_sig_judge(struct hm_court *court, const struct hm_carrier *carrier,
		  const struct hm_signature *sig, const struct hm_digest *digests,
		  struct hm_sig_verdict *out);

#endif
