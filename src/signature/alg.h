/* SPDX-License-Identifier: MIT */
/*
 * alg.h: AlgorithmIdentifiers: hashes, keys and signatures by name.
 *
 * A signature's algorithm may be a bare key's (rsaEncryption, the hash then
 * comes from elsewhere) or name both (sha256WithRSAEncryption).  A digest's may
 * be written as a signature's: old signers did, and Windows takes it.
 */
#ifndef HM_SIGNATURE_ALG_H
#define HM_SIGNATURE_ALG_H

#include "signature/der.h"
#include "signature/oid.h"

enum hm_hash {
	HM_HASH_NONE, /* absent, or one that we do not compute */
	HM_HASH_MD5,
	HM_HASH_SHA1,
	HM_HASH_SHA256,
	HM_HASH_SHA384,
	HM_HASH_SHA512,
	HM_HASH_COUNT,
};

enum { HM_HASH_MAX_LEN = 64 };

/* "sha256" or ""; length in bytes, 0 for HM_HASH_NONE. */
const char *hm_hash_name(enum hm_hash hash);
size_t hm_hash_len(enum hm_hash hash);

enum hm_key_kind {
	HM_KEY_NONE, /* a kind that we do not read */
	HM_KEY_RSA,
	HM_KEY_EC,
	HM_KEY_DSA,
};

enum hm_padding { HM_PAD_PKCS1, HM_PAD_PSS };

struct hm_alg {
	enum hm_oid oid;
	hm_bytes id;     /* the identifier's content */
	hm_bytes params; /* the parameters' whole element; empty where absent */
	enum hm_hash hash;
	enum hm_key_kind key; /* HM_KEY_NONE for a plain digest */
	enum hm_padding padding;
	/* RSASSA-PSS only; hash is its hashAlgorithm. */
	enum hm_hash mgf_hash;
	uint32_t salt_len;
	bool odd; /* parameters that make no sense for the algorithm */
};

/* The next element, which must be an AlgorithmIdentifier. */
struct hm_alg hm_alg_read(struct hm_cur *c, const char *field);

/* A public key, from SubjectPublicKeyInfo. */
enum hm_curve {
	HM_CURVE_NONE, /* another named curve */
	HM_CURVE_P256,
	HM_CURVE_P384,
	HM_CURVE_P521,
	HM_CURVE_EXPLICIT, /* parameters written out: refused (CVE-2020-0601) */
};

struct hm_key {
	enum hm_key_kind kind;
	uint32_t bits;       /* of the modulus or the field; 0 where unknown */
	hm_bytes n, e;       /* RSA, without leading zeros */
	hm_bytes p, q, g, y; /* DSA; p to g empty where inherited */
	enum hm_curve curve; /* EC */
	hm_bytes point;      /* EC, as encoded */
	hm_bytes raw;        /* the BIT STRING's content: what key identifiers hash */
	struct hm_alg alg;
	const char *why; /* what is wrong with it, or NULL: readable */
};

/* spki is the whole SubjectPublicKeyInfo element.  Never fails: see why. */
struct hm_key hm_key_read(hm_bytes spki);

/* "RSA", "EC", "DSA" or "". */
const char *hm_key_name(enum hm_key_kind kind);

#endif
