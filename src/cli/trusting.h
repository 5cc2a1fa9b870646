/* SPDX-License-Identifier: MIT */
/*
 * trusting.h: from --trust and the data folder to the trust stores of a policy.
 *
 * The files of --trust are read in a box and come back as a compiled store; the
 * data folder's store is mapped as it is.
 */
#ifndef HM_CLI_TRUSTING_H
#define HM_CLI_TRUSTING_H

#include "base/buf.h"
#include "cli/judging.h"
#include "verdict/policy.h"

/* The compiled trust store in a data folder. */
#define HM_TRUST_STORE "trust.store"

struct hm_trusting {
	struct hm_trust stores[2];
	const struct hm_trust *list[2];
	size_t num;
	hm_bytes mapped;   /* the data folder's store */
	struct hm_buf own; /* that of --trust */
	bool uefi;
};

/* Complains and returns false where something cannot be read.  list points into out. */
bool hm_trusting_open(const struct hm_judging *judging, struct hm_trusting *out);
void hm_trusting_close(struct hm_trusting *t);

/* The policy, without its crypto. */
struct hm_policy hm_trusting_policy(const struct hm_trusting *t,
				    const struct hm_judging *judging);

#endif
