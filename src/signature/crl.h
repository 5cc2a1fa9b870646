/* SPDX-License-Identifier: MIT */
/*
 * crl.h: certificate revocation lists (RFC 5280 section 5), as they stand.
 *
 * Entries are looked up by walking: a list is read once per question, and may
 * have millions.  Nothing is verified here.
 */
#ifndef HM_SIGNATURE_CRL_H
#define HM_SIGNATURE_CRL_H

#include "signature/cert.h"

struct hm_crl {
	hm_err err;
	const char *why;
	uint64_t where;

	hm_bytes der, tbs, issuer, signature;
	struct hm_alg alg, tbs_alg;
	hm_time this_update, next_update; /* next: HM_NO_TIME where absent */
	hm_bytes aki, number;
	bool delta;    /* deltaCRLIndicator: says nothing about what is absent */
	bool indirect; /* issuingDistributionPoint with indirectCRL */
	bool partial;  /* only some reasons, or only attribute certificates */
	bool only_user, only_ca;
	bool unknown_critical;
	struct hm_cur entries; /* over revokedCertificates */
};

struct hm_revoked {
	hm_bytes serial;
	hm_time date;       /* revocationDate */
	hm_time invalidity; /* invalidityDate, HM_NO_TIME where absent */
	uint32_t reason;    /* CRLReason; 0 unspecified; 8 removeFromCRL */
	bool has_reason;
};

struct hm_crl hm_crl_read(hm_bytes der);

/* The next entry; false at the end or at a broken one (entries.err). */
bool hm_crl_next(struct hm_cur *entries, struct hm_revoked *out);

/* The entry of that serial; false if there is none.  *err is set where the list
 * cannot be read to its end. */
bool hm_crl_find(const struct hm_crl *crl, hm_bytes serial, struct hm_revoked *out,
		 hm_err *err);

#endif
