/* SPDX-License-Identifier: MIT */
/*
 * cert.h: X.509 certificates and CRLs (RFC 5280) with any field at will.
 *
 * A field left zero is written as an honest issuer would; a field given as bytes
 * stands in the output as it is, right or wrong.
 */
#ifndef HM_FORGE_CERT_H
#define HM_FORGE_CERT_H

#include "forge/key.h"

struct hm_mk_cert {
	hm_bytes version;  /* [0] element; v3 where empty */
	hm_bytes serial;   /* INTEGER element */
	hm_bytes issuer;   /* Name element */
	hm_bytes subject;  /* Name element */
	hm_bytes validity; /* Validity element; from the two times where empty */
	hm_time not_before, not_after;
	enum hm_mk_key key; /* the subject's */
	hm_bytes spki;      /* of key where empty */
	hm_bytes
		extensions; /* Extension elements one after the other; none where empty */
	hm_bytes inner_alg; /* AlgorithmIdentifier in the TBS; by how where empty */
	hm_bytes outer_alg; /* as inner_alg where empty */
	struct hm_mk_how how; /* the issuer's key, and how it signs */
	hm_bytes signature;   /* BIT STRING content; made by how where empty */
};

hm_bytes hm_mk_cert(struct hm_arena *a, const struct hm_mk_cert *c);

/* Names.  A Name of one RDN is hm_mk_seq of one hm_mk_rdn. */
hm_bytes hm_mk_rdn(struct hm_arena *a, const char *oid, unsigned tag, hm_bytes value);
/* O=org, CN=cn as UTF8String, org first; org may be NULL. */
hm_bytes hm_mk_name(struct hm_arena *a, const char *org, const char *cn);

/* One Extension element.  value is what goes into the OCTET STRING. */
hm_bytes hm_mk_ext(struct hm_arena *a, const char *oid, bool critical, hm_bytes value);
enum { HM_MK_NO_PATHLEN = -1 };
hm_bytes hm_mk_ext_ca(struct hm_arena *a, bool ca, int pathlen);
/* bits as in KeyUsage: 0x80 digitalSignature, 0x04 keyCertSign, 0x02 cRLSign. */
hm_bytes hm_mk_ext_usage(struct hm_arena *a, uint8_t bits);
/* oids: dotted, separated by one space. */
hm_bytes hm_mk_ext_purposes(struct hm_arena *a, bool critical, const char *oids);
hm_bytes hm_mk_ext_key_id(struct hm_arena *a, hm_bytes id);
hm_bytes hm_mk_ext_authority(struct hm_arena *a, hm_bytes id);

#define HM_MK_CODE_SIGNING     "1.3.6.1.5.5.7.3.3"
#define HM_MK_TIME_STAMPING    "1.3.6.1.5.5.7.3.8"
#define HM_MK_SERVER_AUTH      "1.3.6.1.5.5.7.3.1"
#define HM_MK_LIFETIME_SIGNING "1.3.6.1.4.1.311.10.3.13"

struct hm_mk_revoked {
	hm_bytes serial; /* INTEGER element */
	hm_time date;
	int reason;      /* CRLReason; 0 writes none */
	hm_time invalid; /* invalidityDate; HM_NO_TIME or 0 writes none */
};

struct hm_mk_crl {
	hm_bytes issuer;
	hm_time this_update, next_update; /* next 0: none is written */
	const struct hm_mk_revoked *entries;
	size_t num_entries;
	hm_bytes extensions; /* crlExtensions' elements; none where empty */
	struct hm_mk_how how;
	hm_bytes signature;
};

hm_bytes hm_mk_crl(struct hm_arena *a, const struct hm_mk_crl *c);

/* "-----BEGIN label-----" and base64 of der. */
hm_bytes hm_mk_pem(struct hm_arena *a, const char *label, hm_bytes der);

#endif
