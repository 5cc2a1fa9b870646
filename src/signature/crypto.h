/* SPDX-License-Identifier: MIT */
/*
 * crypto.h: digests and public-key checks, over OpenSSL's EVP and nothing else.
 *
 * Keys are built from numbers that we parsed ourselves; no d2i_, PKCS7, CMS,
 * TS or X509 function is called (a test looks at the imported symbols).  Open
 * it before a process locks itself in: everything that OpenSSL loads is loaded
 * then, and its configuration file is never read.
 */
#ifndef HM_SIGNATURE_CRYPTO_H
#define HM_SIGNATURE_CRYPTO_H

#include "signature/cms.h"

struct hm_crypto;

/* HM_EIO where OpenSSL lacks an algorithm.  One per process; not for threads. */
hm_err hm_crypto_open(struct hm_crypto **out);
void hm_crypto_close(struct hm_crypto *crypto);

/* Forget failures; and whether OpenSSL has run out of memory since: what was answered
 * meanwhile is worth nothing, neither good nor bad. */
void hm_crypto_begin(struct hm_crypto *crypto);
bool hm_crypto_failed(const struct hm_crypto *crypto);

struct hm_digest {
	enum hm_hash hash; /* HM_HASH_NONE: not computed */
	uint8_t at[HM_HASH_MAX_LEN];
};

hm_bytes hm_digest_bytes(const struct hm_digest *digest);

/* Spans one after the other.  HM_HASH_NONE gives an empty digest, which equals
 * nothing. */
struct hm_digest hm_digest_spans(struct hm_crypto *crypto, enum hm_hash hash,
				 const hm_bytes *spans, size_t num);
struct hm_digest hm_digest_of(struct hm_crypto *crypto, enum hm_hash hash, hm_bytes what);

/* Several in one pass over the bytes: hashes is a set of 1 << HM_HASH_*, and
 * out has HM_HASH_COUNT places. */
void hm_digests_spans(struct hm_crypto *crypto, uint32_t hashes, const hm_bytes *spans,
		      size_t num, struct hm_digest *out);

/* False also where either is empty. */
bool hm_digest_is(const struct hm_digest *digest, hm_bytes claimed);

/* Signed attributes as they are hashed: raw with its first octet as SET. */
struct hm_digest hm_digest_attrs(struct hm_crypto *crypto, enum hm_hash hash,
				 const struct hm_attrs *attrs);

/* How many public-key operations one file may cost; one with a long RSA exponent and
 * modulus counts as as many as it takes the time of. */
struct hm_budget {
	uint32_t used, max;
};

enum hm_check {
	HM_CHECK_BAD,
	HM_CHECK_GOOD,
	HM_CHECK_BARE, /* good, but the hash stands in the RSA block without DigestInfo */
	HM_CHECK_UNSUP, /* key or algorithm that we refuse or do not know */
	HM_CHECK_LIMIT, /* the budget is spent: nothing was computed */
};

/* HM_CHECK_GOOD or, if allowed, HM_CHECK_BARE. */
bool hm_check_ok(enum hm_check check);

/*
 * Whether signature is key's over digest by alg.  A hash named by alg must be
 * digest's.  bare allows PKCS #1 v1.5 without DigestInfo, as the old timestamp
 * authorities of VeriSign, Thawte and Symantec sign.
 */
struct hm_check_args {
	const struct hm_key *key;
	const struct hm_alg *alg;
	const struct hm_digest *digest;
	hm_bytes signature;
	bool bare;
};

enum hm_check hm_check(struct hm_crypto *crypto, struct hm_budget *budget,
		       const struct hm_check_args *args);

/* What was hashed last, so that many candidates for one issuer cost one digest. */
struct hm_hashed {
	hm_bytes what;
	struct hm_digest digest;
};

/* Whether issuer's key signed cert: TBS by cert's own algorithm.  last is zeroed at
 * first. */
enum hm_check hm_check_cert(struct hm_crypto *crypto, struct hm_budget *budget,
			    struct hm_hashed *last, const struct hm_cert *cert,
			    const struct hm_key *issuer);

/* Whether key made signer's signature.  The signed attributes are hashed where there
 * are any, else content.  messageDigest is not looked at: hm_signer_digest_ok. */
enum hm_check hm_check_signer(struct hm_crypto *crypto, struct hm_budget *budget,
			      const struct hm_signer *signer, hm_bytes content,
			      const struct hm_key *key);

/* Whether messageDigest, where there are signed attributes, is that of content. */
bool hm_signer_digest_ok(struct hm_crypto *crypto, const struct hm_signer *signer,
			 hm_bytes content);

/* SHA-1 and SHA-256 thumbprints of a whole certificate. */
struct hm_digest hm_cert_sha1(struct hm_crypto *crypto, const struct hm_cert *cert);
struct hm_digest hm_cert_sha256(struct hm_crypto *crypto, const struct hm_cert *cert);

#endif
