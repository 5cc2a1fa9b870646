/* SPDX-License-Identifier: MIT */
/*
 * cms.h: SignedData (PKCS #7 1.5, RFC 5652) with any field at will.
 *
 * As in cert.h: a field left zero is written honestly, one given stands as it is.
 */
#ifndef HM_FORGE_CMS_H
#define HM_FORGE_CMS_H

#include "forge/cert.h"

#define HM_MK_DATA         "1.2.840.113549.1.7.1"
#define HM_MK_SIGNED_DATA  "1.2.840.113549.1.7.2"
#define HM_MK_CONTENT_TYPE "1.2.840.113549.1.9.3"
#define HM_MK_MESSAGE_MD   "1.2.840.113549.1.9.4"
#define HM_MK_SIGNING_TIME "1.2.840.113549.1.9.5"
#define HM_MK_COUNTERSIGN  "1.2.840.113549.1.9.6"
#define HM_MK_RFC3161      "1.3.6.1.4.1.311.3.3.1"
#define HM_MK_NESTED       "1.3.6.1.4.1.311.2.4.1"
#define HM_MK_SPC_INDIRECT "1.3.6.1.4.1.311.2.1.4"
#define HM_MK_TST_INFO     "1.2.840.113549.1.9.16.1.4"
#define HM_MK_CTL          "1.3.6.1.4.1.311.10.1"

/* Attribute: type and SET of one value, or of values given one after the other. */
hm_bytes hm_mk_attr(struct hm_arena *a, const char *oid, hm_bytes values);

enum { HM_MK_MORE = 4 };

struct hm_mk_signer {
	hm_bytes version; /* INTEGER element; 1 where empty */
	hm_bytes issuer;  /* Name and serial of the certificate */
	hm_bytes serial;
	hm_bytes sid; /* the whole signer identifier instead of the two */
	struct hm_mk_how how;
	hm_bytes md_alg;            /* digestAlgorithm; of how.md where empty */
	hm_bytes sig_alg;           /* of how where empty */
	bool no_attrs;              /* sign the content itself */
	const char *content_type;   /* value of the attribute; the content's where NULL */
	hm_bytes content_type_attr; /* the attribute as it is; may be empty with at set */
	hm_bytes message_md_attr;   /* as before */
	hm_bytes more_attrs[HM_MK_MORE]; /* signed attributes besides */
	hm_bytes attrs_order;    /* content of the SET as signed and written; sorted where
				    empty */
	hm_bytes signed_over;    /* what is signed instead of the SET of attributes */
	hm_bytes signature;      /* OCTET STRING content */
	hm_bytes unsigned_attrs; /* Attribute elements one after the other */
};

/* The value signed: attributes as a SET, or content. */
hm_bytes hm_mk_signer_signature(struct hm_arena *a, const struct hm_mk_signer *s,
				const char *content_type, hm_bytes content);
/* SignerInfo over content (the bytes whose digest messageDigest holds). */
hm_bytes hm_mk_signer(struct hm_arena *a, const struct hm_mk_signer *s,
		      const char *content_type, hm_bytes content);

struct hm_mk_cms {
	const char *outer_oid; /* signedData where NULL */
	hm_bytes version;      /* INTEGER element; 1 where empty */
	hm_bytes md_algs;      /* content of the SET; as md where empty */
	enum hm_mk_md md;
	const char *content_type;
	hm_bytes content; /* element put into the [0]; detached where empty */
	hm_bytes encap;   /* whole encapContentInfo instead of the two */
	hm_bytes certs;   /* certificates one after the other; no [0] where empty */
	hm_bytes crls;    /* likewise, [1] */
	hm_bytes signers; /* SignerInfo elements one after the other */
};

/* ContentInfo of SignedData. */
hm_bytes hm_mk_cms(struct hm_arena *a, const struct hm_mk_cms *c);

#endif
