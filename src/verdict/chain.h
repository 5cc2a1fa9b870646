/* SPDX-License-Identifier: MIT */
/*
 * chain.h: from a signer's certificate to whatever ends the chain.
 *
 * All paths through the certificates at hand are tried, within the file's budget of
 * public-key operations, and the one with the least severe fault is the answer (B-050).
 * A path is judged at one moment and for one purpose, as CertGetCertificateChain and the
 * Authenticode policy do it: RFC 5280's path validation is not what Windows does.
 */
#ifndef HM_VERDICT_CHAIN_H
#define HM_VERDICT_CHAIN_H

#include "verdict/policy.h"

/* Longest path: real ones have at most five certificates. */
enum { HM_MAX_PATH = 12 };

/* One file being judged: shared by all its signatures. */
struct hm_court {
	const struct hm_policy *policy;
	struct hm_crypto *crypto;
	struct hm_arena *arena;
	struct hm_budget budget;
	bool firmware;         /* an EFI image, judged by the firmware's databases too */
	struct hm_edge *edges; /* signatures of certificates already checked */
	struct hm_hashed hashed;
};

struct hm_bag {
	const struct hm_cert *certs;
	size_t num;
};

struct hm_chain_ask {
	const struct hm_cert *leaf;
	struct hm_bag
		bags[2]; /* where issuers are looked for, besides the trust stores */
	enum hm_purpose purpose;
	hm_time at;        /* moment at which certificates must be valid */
	hm_time signed_at; /* of the signature as far as proved: the stamp's, else now */
	bool stamped;      /* signed_at is a stamp's */
};

struct hm_node {
	const struct hm_cert *cert;
	hm_bytes sha256;
	bool from_file;
};

/* A set of reasons: bit n is reason n. */
typedef uint64_t hm_reasons;
#define HM_REASON_BIT(reason) (UINT64_C(1) << (reason))

struct hm_chain {
	struct hm_node nodes[HM_MAX_PATH]; /* the signer first */
	size_t num;
	bool anchored;
	bool known_issuer; /* the last node is one: root then has no node */
	struct hm_root root;
	hm_reasons faults;
	/* For each reason in faults, the node that it was first found at. */
	uint8_t where[64];
	uint64_t flags; /* HM_FLAG_BIT */
};

void hm_chain_build(struct hm_court *court, const struct hm_chain_ask *ask,
		    struct hm_chain *out);

/* The most severe of a set; HM_REASON_SIGNED where it is empty. */
enum hm_reason hm_worst(hm_reasons faults);

/* A trusted root by thumbprint, from the stores or compiled in. */
bool hm_court_root(const struct hm_court *court, hm_bytes sha256, struct hm_root *out);

/* Add a fault of node i. */
void hm_chain_fault(struct hm_chain *chain, enum hm_reason reason, size_t node);

#endif
