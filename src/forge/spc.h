/* SPDX-License-Identifier: MIT */
/*
 * spc.h: Authenticode's own structures (Windows Authenticode Portable Executable
 * Signature Format, 2008), and both kinds of timestamp.
 */
#ifndef HM_FORGE_SPC_H
#define HM_FORGE_SPC_H

#include "forge/cms.h"

struct hm_mk_spc {
	const char *data_oid; /* SPC_PE_IMAGE_DATA where NULL */
	hm_bytes data;        /* the value beside it; SpcPeImageData where empty */
	enum hm_mk_md md;
	hm_bytes md_alg; /* of md where empty */
	hm_bytes digest;
	hm_bytes pages; /* page hash table, written as of pages_md (SHA-1 or SHA-256) */
	enum hm_mk_md pages_md;
};

/* SpcIndirectDataContent. */
hm_bytes hm_mk_spc(struct hm_arena *a, const struct hm_mk_spc *s);

/* SpcSpOpusInfo attribute: program name and URL, either NULL. */
hm_bytes hm_mk_opus(struct hm_arena *a, const char *name, const char *url);
/* SPC_STATEMENT_TYPE attribute: individual or commercial. */
hm_bytes hm_mk_statement(struct hm_arena *a, bool commercial);

enum hm_mk_stamp_kind {
	HM_MK_NO_STAMP,
	HM_MK_PKCS9, /* countersignature (PKCS #9 5.6) */
	HM_MK_TOKEN, /* RFC 3161 token in Microsoft's attribute */
};

struct hm_mk_stamp {
	enum hm_mk_stamp_kind kind;
	hm_time time;
	hm_bytes time_value;        /* the time's element instead */
	struct hm_mk_signer signer; /* how the stamp is signed */
	enum hm_mk_md imprint_md;
	hm_bytes imprint;  /* messageImprint's digest instead of the honest one */
	hm_bytes tst;      /* whole TSTInfo instead */
	hm_bytes tst_tail; /* optional fields of TSTInfo after genTime */
	const char
		*content_type; /* of the countersignature or token; honest where NULL */
	hm_bytes cert;  /* TSA's certificate, for the token's signingCertificateV2 */
	hm_bytes certs; /* the token's bag */
	bool no_signing_cert;
};

/* The unsigned attribute that stamps signature; empty for HM_MK_NO_STAMP. */
hm_bytes hm_mk_stamp(struct hm_arena *a, const struct hm_mk_stamp *s, hm_bytes signature);

#endif
