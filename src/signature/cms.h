/* SPDX-License-Identifier: MIT */
/*
 * cms.h: SignedData (PKCS #7 v1.5 and RFC 5652), as it stands.
 *
 * Versions 1 and 3, SignerInfo 0 to 3, content as an OCTET STRING (CMS) or as
 * any other element (PKCS #7).  BER lengths are taken, as Windows takes them.
 * Nothing is verified.  Views live as long as the bytes and the arena.
 */
#ifndef HM_SIGNATURE_CMS_H
#define HM_SIGNATURE_CMS_H

#include "signature/cert.h"

/* One attribute; all its values, one element after another. */
struct hm_attr {
	enum hm_oid oid;
	hm_bytes id;     /* the identifier's content */
	hm_bytes values; /* content of the SET */
	size_t num_values;
};

struct hm_attrs {
	struct hm_attr *at;
	size_t num;
	hm_bytes raw; /* the whole [0] or [1] element; empty where absent */
};

/* NULL where there is none; *num_found, if asked for, how many there are. */
const struct hm_attr *hm_attr_get(const struct hm_attrs *attrs, enum hm_oid oid,
				  size_t *num_found);

/* Faults of a SignerInfo that its reader notes and verdict/ weighs. */
enum {
	HM_SIGNER_NO_MESSAGE_DIGEST = 1 << 0,   /* signed attributes without one */
	HM_SIGNER_TWO_MESSAGE_DIGESTS = 1 << 1, /* two attributes or two values */
	HM_SIGNER_NO_CONTENT_TYPE = 1 << 2,
	HM_SIGNER_TWO_CONTENT_TYPES = 1 << 3,
	HM_SIGNER_UNSORTED = 1 << 4, /* signed attributes not in DER's order of a SET */
};

struct hm_signer {
	uint32_t version;
	hm_bytes whole; /* the SignerInfo element */
	/* Who: issuer and serial, or a key identifier (then issuer is empty). */
	hm_bytes issuer, serial, ski;
	struct hm_alg digest_alg;
	struct hm_alg alg; /* of the signature; its hash may be none: take digest_alg's */
	hm_bytes signature;
	struct hm_attrs attrs; /* signed; raw is hashed with 0x31 as first octet */
	struct hm_attrs unsigned_attrs;
	hm_bytes message_digest; /* signed attribute, empty where absent */
	hm_bytes content_type;   /* signed attribute: identifier's content */
	hm_time signing_time;    /* signed attribute: a mere assertion; HM_NO_TIME */
	uint32_t flags;          /* HM_SIGNER_* */
};

struct hm_cms {
	hm_err err; /* HM_OK: read to the end */
	const char *why;
	uint64_t where; /* offset in der */

	hm_bytes der;   /* the ContentInfo element, lengths definite */
	bool flattened; /* der is a copy: the original had indefinite lengths */
	uint32_t version;
	struct hm_alg *digest_algs;
	size_t num_digest_algs;
	enum hm_oid content_type; /* eContentType */
	hm_bytes content_id;      /* its identifier's content */
	bool has_content;         /* false: detached */
	bool content_octets;      /* content was an OCTET STRING */
	hm_bytes content;         /* the element inside the [0]; inside the OCTET STRING
				     where it was one.  Whole element(s). */
	hm_bytes digested;        /* what messageDigest is about: content's bytes without
				     tag and length of the outermost element, which for an
				     OCTET STRING is the string */
	struct hm_cert *certs;    /* unreadable ones too: see err in each */
	size_t num_certs;
	hm_bytes *crls; /* whole elements */
	size_t num_crls;
	struct hm_signer *signers;
	size_t num_signers;
};

/* der begins with a ContentInfo of type signedData; *used, if asked for, is the
 * length of that element.  Never fails as a call: see err. */
struct hm_cms hm_cms_read(hm_bytes der, struct hm_arena *a, size_t *used);

/* A SignerInfo that stands alone, as in a countersignature.  c tells of failure. */
struct hm_signer hm_signer_read(struct hm_cur *c, struct hm_arena *a);

/* Whether cert is the one that signer names. */
bool hm_signer_is(const struct hm_signer *signer, const struct hm_cert *cert);

/* The readable certificate of certs that signer names, or NULL. */
const struct hm_cert *hm_signer_cert(const struct hm_signer *signer,
				     const struct hm_cert *certs, size_t num);

#endif
