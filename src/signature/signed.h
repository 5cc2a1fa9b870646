/* SPDX-License-Identifier: MIT */
/*
 * signed.h: all that one file claims about who signed it: signature/ to verdict/.
 *
 * Read by one function from a carrier; nothing is hashed or verified.  Order:
 * the signatures of the certificate table as they stand, each followed by those
 * nested in it.  The first is the primary one, which decides.
 */
#ifndef HM_SIGNATURE_SIGNED_H
#define HM_SIGNATURE_SIGNED_H

#include "format/carrier.h"
#include "signature/spc.h"

struct hm_signature {
	size_t entry;   /* of carrier.entries */
	size_t parent;  /* index of the signature that it is nested in; its own: none */
	uint32_t depth; /* 0 for one in the table */
	struct hm_cms cms; /* see cms.err first */
	struct hm_spc spc; /* see spc.err; read where cms has content of that type */
	const struct hm_signer *signer; /* the first; NULL where there is none */
	const struct hm_cert *cert; /* the signer's; NULL where it is not in the bag */
	struct hm_opus opus;
	bool relaxed_marker; /* SpcRelaxedPeMarkerCheck */
	struct hm_stamps stamps;

	hm_bytes slack;     /* depth 0: bytes of the entry after the message */
	bool slack_nonzero; /* not just padding (CVE-2013-3900) */
	/* Bytes in unsigned attributes that are neither stamps nor nested signatures. */
	uint64_t stuffing_len;
	hm_bytes stuffing_id; /* the first such attribute's identifier */
};

struct hm_signed {
	const struct hm_carrier *carrier;
	struct hm_signature *signatures;
	size_t num_signatures;
	bool limit; /* more than HM_MAX_SIGNATURES: the rest is not read */
};

/* Views point into the carrier's bytes and the arena. */
struct hm_signed hm_signed_read(const struct hm_carrier *carrier, struct hm_arena *a);

/* The same for a message that stands alone, such as a list or a catalog. */
struct hm_signature hm_signature_read(hm_bytes der, struct hm_arena *a);

#endif
