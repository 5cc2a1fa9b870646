/* SPDX-License-Identifier: MIT */
/*
 * policy.h: what a verdict depends on besides the file: the clock, whom to trust, and
 * what the user asks for.  Nothing else: no network, no environment, no other clock.
 */
#ifndef HM_VERDICT_POLICY_H
#define HM_VERDICT_POLICY_H

#include "signature/crypto.h"
#include "verdict/trust.h"

struct hm_policy {
	hm_time now;
	/* Compiled stores, in the order of precedence; what is compiled into the program
	 * comes after them.  May be none. */
	const struct hm_trust *const *stores;
	size_t num_stores;
	struct hm_crypto *crypto;
	bool require_revocation; /* not knowing counts: state Unknown */
	bool uefi;               /* EFI images are judged by the firmware's databases */
	bool md5;                /* fill verdict.md5 too */
};

#endif
