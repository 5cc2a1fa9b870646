/* SPDX-License-Identifier: MIT */
/*
 * key.h: the fixed test keys, and signing with them through OpenSSL's EVP.
 *
 * The private keys are in the source, so anybody can sign with them: they are
 * worth nothing and must never be trusted outside a test.  They are fixed so
 * that the same material comes out of every run; only ECDSA, DSA and PSS signatures
 * differ, since EVP draws random numbers for them.
 *
 * Where EVP fails (no memory) the arena's full() is called: like an arena that
 * is spent, the piece of work cannot go on.
 */
#ifndef HM_FORGE_KEY_H
#define HM_FORGE_KEY_H

#include "forge/der.h"

enum hm_mk_key {
	HM_MK_KEY_ROOT, /* RSA 2048 from here on */
	HM_MK_KEY_CA,
	HM_MK_KEY_SIGNER,
	HM_MK_KEY_TSA,
	HM_MK_KEY_OTHER,
	HM_MK_KEY_SECOND,
	HM_MK_KEY_E3, /* RSA 2048 with public exponent 3 */
	HM_MK_KEY_RSA4096,
	HM_MK_KEY_RSA1024,
	HM_MK_KEY_RSA512,
	HM_MK_KEY_P256,
	HM_MK_KEY_P384,
	HM_MK_KEY_P521,
	HM_MK_KEY_K256, /* secp256k1: a curve that Windows does not sign code with */
	HM_MK_KEY_DSA,  /* 2048 with a 256-bit q */
	HM_MK_KEY_ED25519,
	HM_MK_KEYS
};

enum hm_mk_md {
	HM_MK_SHA256, /* the default of a zeroed struct */
	HM_MK_SHA1,
	HM_MK_SHA384,
	HM_MK_SHA512,
	HM_MK_MD5,
	HM_MK_MD4,
	HM_MK_MD2, /* OID only: hashing with it is not to be had */
	HM_MK_MDS
};

enum hm_mk_scheme {
	HM_MK_NATURAL,        /* PKCS #1 v1.5, ECDSA, DSA, by the key */
	HM_MK_PSS,            /* RSA-PSS, salt as long as the digest */
	HM_MK_BARE_HASH,      /* PKCS #1 v1.5 padding around the digest, no DigestInfo */
	HM_MK_SCHEMES_ATTACK, /* from here on: wrong on purpose */
	HM_MK_CUBE_ROOT,      /* for exponent 3: short padding, garbage after the digest;
				 made without the private key (CVE-2006-4339) */
	HM_MK_EXPONENT_1,  /* the padded block itself, which a key of exponent 1 verifies
			    */
	HM_MK_GARBAGE_END, /* short padding, garbage after DigestInfo */
	HM_MK_GARBAGE_PARAMS,  /* garbage in DigestInfo's parameters */
	HM_MK_GARBAGE_INSIDE,  /* garbage within DigestInfo, after the digest */
	HM_MK_TYPE_0,          /* block type 0 */
	HM_MK_TYPE_2,          /* block type 2, as for encryption */
	HM_MK_SHORT_PADDING,   /* seven octets of padding, block starting late */
	HM_MK_BER_INFO,        /* DigestInfo with a needless length octet */
	HM_MK_OTHER_MD_OID,    /* DigestInfo names another algorithm */
	HM_MK_DIGEST_CUT,      /* DigestInfo's digest one octet short */
	HM_MK_MD_MISMATCH_PSS, /* PSS whose parameters name SHA-256 and MGF1 uses SHA-1 */
	HM_MK_CURVEBALL, /* ECDSA for a curve whose generator is the public key itself,
			    made without the private key (CVE-2020-0601) */
};

/* How one signature is made. */
struct hm_mk_how {
	enum hm_mk_key key;
	enum hm_mk_md md;
	enum hm_mk_scheme scheme;
};

hm_bytes hm_mk_digest(struct hm_arena *a, enum hm_mk_md md, hm_bytes data);
size_t hm_mk_digest_len(enum hm_mk_md md);

hm_bytes hm_mk_sign(struct hm_arena *a, struct hm_mk_how how, hm_bytes data);
hm_bytes hm_mk_sign_digest(struct hm_arena *a, struct hm_mk_how how, hm_bytes digest);
/* RSA's private operation on block, as long as the modulus. */
hm_bytes hm_mk_rsa_raw(struct hm_arena *a, enum hm_mk_key key, hm_bytes block);
/* The modulus of an RSA key. */
hm_bytes hm_mk_modulus(struct hm_arena *a, enum hm_mk_key key);

/* SubjectPublicKeyInfo (RFC 5280 4.1.2.7), and the parts to write a wrong one. */
hm_bytes hm_mk_spki(struct hm_arena *a, enum hm_mk_key key);
hm_bytes hm_mk_spki_rsa(struct hm_arena *a, hm_bytes modulus, hm_bytes exponent);
hm_bytes hm_mk_spki_of(struct hm_arena *a, hm_bytes algorithm, hm_bytes key_bits);
/* The uncompressed point of an EC key: 04, x, y. */
hm_bytes hm_mk_point(struct hm_arena *a, enum hm_mk_key key);

/* AlgorithmIdentifiers. */
hm_bytes hm_mk_md_alg(struct hm_arena *a, enum hm_mk_md md);
const char *hm_mk_md_oid(enum hm_mk_md md);
/* sha256WithRSAEncryption and its kin, as in certificates. */
hm_bytes hm_mk_sig_alg(struct hm_arena *a, struct hm_mk_how how);
/* rsaEncryption for RSA, else as hm_mk_sig_alg: as in SignerInfo. */
hm_bytes hm_mk_signer_alg(struct hm_arena *a, struct hm_mk_how how);

#endif
