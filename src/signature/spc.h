/* SPDX-License-Identifier: MIT */
/*
 * spc.h: what Authenticode puts into a SignedData.
 *
 * Spec: Windows Authenticode Portable Executable Signature Format:
 * SpcIndirectDataContent, SpcPeImageData with page hashes, SpcSpOpusInfo,
 * SpcStatementType, nested signatures; timestamps as PKCS #9 countersignatures
 * and as RFC 3161 tokens.
 */
#ifndef HM_SIGNATURE_SPC_H
#define HM_SIGNATURE_SPC_H

#include "signature/cms.h"

/* SpcIndirectDataContent. */
struct hm_spc {
	hm_err err;
	const char *why;

	enum hm_oid type; /* SPC_PE_IMAGE_DATA, SPC_SIPINFO, SPC_CAB_DATA ... */
	hm_bytes type_id;
	struct hm_alg digest_alg;
	hm_bytes digest; /* its length may be wrong: compare whole */
	/* Page hashes of a PE: rows of offset (32 bit) and hash; empty where absent. */
	enum hm_hash page_hash; /* V1 is SHA-1, V2 SHA-256 */
	hm_bytes pages;
};

/* content is cms.content of a message of type SPC_INDIRECT_DATA. */
struct hm_spc hm_spc_read(hm_bytes content);

/* SpcSpOpusInfo and SpcStatementType: texts in the arena, "" where absent. */
struct hm_opus {
	const char *program;
	const char *url;
	bool individual, commercial; /* statement type */
};

struct hm_opus hm_opus_read(const struct hm_signer *signer, struct hm_arena *a);

enum hm_stamp_kind { HM_STAMP_PKCS9, HM_STAMP_RFC3161 };

/* A timestamp over a signer's signature value. */
struct hm_stamp {
	enum hm_stamp_kind kind;
	hm_err err; /* HM_OK: read to the end */
	const char *why;
	hm_bytes whole; /* the attribute's value */
	hm_time time;   /* RFC 3161: genTime; PKCS #9: signingTime.  HM_NO_TIME if none */

	struct hm_signer signer; /* who stamped */
	/* Certificates to look for the stamper's chain in: the token's own, or for
	 * PKCS #9 those of the message that it is in. */
	const struct hm_cert *certs;
	size_t num_certs;

	/* RFC 3161: the token and its TSTInfo.  token.digested is what the signer's
	 * messageDigest is about; imprint must be the hash of the stamped signature. */
	struct hm_cms token;
	struct hm_alg imprint_alg;
	hm_bytes imprint;
	hm_bytes serial, policy;
};

struct hm_stamps {
	struct hm_stamp *at;
	size_t num;
	bool limit; /* more than HM_MAX_STAMPS: the rest is not read */
};

/* All timestamps of a signer, in the order of the file. */
struct hm_stamps hm_stamps_read(const struct hm_signer *signer, const struct hm_cms *in,
				struct hm_arena *a);

#endif
