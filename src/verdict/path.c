/* SPDX-License-Identifier: MIT */
/*
 * path.c: what is wrong with one path.
 *
 * The rules are Windows', which differ from RFC 5280's: docs/behaviours.md has each with
 * its source.  Every fault is noted; which of them wins is reasons.def's order.
 */
#include "verdict/path.h"

#include <string.h>

#include "verdict/names.h"

enum {
	/* B-090: RSA keys below it are refused ... */
	MIN_RSA_BITS = 1024,
	/* ... and below it worth a word. */
	GOOD_RSA_BITS = 2048,
	SHORT_LIFE_DAYS = 14,
};

/* B-090, B-091: what was stamped before these moments is let pass. */
static hm_time weak_rsa_until(void)
{
	return hm_time_of((struct hm_civil){ .year = 2010, .month = 1, .day = 1 });
}

static hm_time weak_md5_until(void)
{
	return hm_time_of((struct hm_civil){ .year = 2009, .month = 3, .day = 1 });
}

static bool is_root(const struct hm_chain *path, size_t i)
{
	return path->anchored && !path->known_issuer && i == path->num - 1;
}

/* B-053: every certificate of the path, the root too, must be valid at the moment. */
static void weigh_time(const struct hm_chain_ask *ask, struct hm_chain *path)
{
	for (size_t i = 0; i < path->num; i++) {
		const struct hm_cert *cert = path->nodes[i].cert;

		if (ask->at >= cert->not_before && ask->at <= cert->not_after)
			continue;
		if (i > 0)
			hm_chain_fault(path, HM_REASON_CA_EXPIRED, i);
		else if (ask->at < cert->not_before)
			hm_chain_fault(path, HM_REASON_NOT_YET_VALID, i);
		else
			hm_chain_fault(path, HM_REASON_EXPIRED, i);
	}
	/* Of a root that is known by thumbprint only the day it ends is known. */
	if (path->known_issuer && path->root.not_after != HM_NO_TIME &&
	    ask->at > path->root.not_after + HM_TICKS_DAY)
		hm_chain_fault(path, HM_REASON_CA_EXPIRED, path->num - 1);
}

/* B-054: whoever issues must be a CA, and not be further up than it may. */
static void weigh_constraints(struct hm_chain *path)
{
	uint32_t below =
		0; /* CAs between the issuer and the signer, self-issued ones not */

	for (size_t i = 1; i < path->num; i++) {
		const struct hm_cert *cert = path->nodes[i].cert;

		/* B-055: a root from the store is a CA whatever it says. */
		if (!cert->ca && !is_root(path, i))
			hm_chain_fault(path, HM_REASON_BASIC_CONSTRAINTS, i);
		else if (cert->has_key_usage && !(cert->key_usage & HM_USAGE_CERT_SIGN) &&
			 !is_root(path, i))
			hm_chain_fault(path, HM_REASON_CA_WRONG_USAGE, i);
		if (cert->has_path_len && below > cert->path_len)
			hm_chain_fault(path, HM_REASON_BASIC_CONSTRAINTS, i);
		if (!hm_cert_self_issued(cert))
			below++;
	}
}

static bool good_for(const struct hm_cert *cert, enum hm_oid usage)
{
	hm_bytes wanted = hm_oid_bytes(usage), any = hm_oid_bytes(HM_OID_EKU_ANY);
	bool found = !cert->has_app_policies;

	for (size_t i = 0; i < cert->num_app_policies; i++)
		found = found || hm_same(cert->app_policies[i], wanted) ||
			hm_same(cert->app_policies[i], any);
	if (!found)
		return false;
	return !cert->has_eku || hm_cert_has_eku(cert, usage) ||
	       hm_cert_has_eku(cert, HM_OID_EKU_ANY);
}

/* B-065: a stamp's certificate must name its purpose (RFC 3161 2.3), but for those of the
 * nineties, when the root itself stamped: one that is good for nothing else says it. */
static bool names_stamping(const struct hm_chain *path)
{
	return path->nodes[0].cert->has_eku ||
	       (path->anchored && path->root.purposes == HM_PURPOSE_STAMP);
}

/* B-056: no EKU is any EKU; one that is there must name the purpose, in every certificate
 * of the path but the root.  B-057: keyUsage of the signer is not looked at. */
static void weigh_usage(const struct hm_chain_ask *ask, struct hm_chain *path)
{
	enum hm_oid usage =
		ask->purpose == HM_PURPOSE_CODE ? HM_OID_EKU_CODE : HM_OID_EKU_TIME;
	const struct hm_cert *leaf = path->nodes[0].cert;

	for (size_t i = 0; i < path->num; i++) {
		if (is_root(path, i) && i > 0)
			break;
		if (!good_for(path->nodes[i].cert, usage))
			hm_chain_fault(
				path,
				i ? HM_REASON_CA_WRONG_USAGE : HM_REASON_WRONG_USAGE, i);
	}
	if (ask->purpose == HM_PURPOSE_STAMP && !names_stamping(path))
		hm_chain_fault(path, HM_REASON_WRONG_USAGE, 0);
	if (ask->purpose == HM_PURPOSE_CODE && !leaf->has_eku)
		path->flags |= HM_FLAG_BIT(NO_CODE_EKU);
	if (leaf->has_key_usage && !(leaf->key_usage & HM_USAGE_DIGITAL_SIGNATURE))
		path->flags |= HM_FLAG_BIT(NO_DIGITAL_SIGNATURE);
}

/* B-058 */
static void weigh_extensions(struct hm_chain *path)
{
	for (size_t i = 0; i < path->num; i++) {
		const struct hm_cert *cert = path->nodes[i].cert;

		if (is_root(path, i))
			break;
		if (cert->unknown_critical || cert->extensions_broken)
			hm_chain_fault(path, HM_REASON_CRITICAL_EXTENSION, i);
	}
	if (!hm_names_allowed(path))
		hm_chain_fault(path, HM_REASON_NAME_CONSTRAINED, 0);
}

/* B-090 to B-092: keys and hashes that Windows blocks, and those it merely could. */
static void weigh_strength(const struct hm_chain_ask *ask, struct hm_chain *path)
{
	bool old_rsa = ask->stamped && ask->signed_at < weak_rsa_until();
	bool old_md5 = ask->stamped && ask->signed_at < weak_md5_until();

	for (size_t i = 0; i < path->num; i++) {
		const struct hm_cert *cert = path->nodes[i].cert;
		bool rsa = cert->key.kind == HM_KEY_RSA;

		if (rsa && cert->key.bits < MIN_RSA_BITS && !old_rsa)
			hm_chain_fault(path, HM_REASON_WEAK_CRYPTO, i);
		if (rsa && cert->key.bits < GOOD_RSA_BITS)
			path->flags |= HM_FLAG_BIT(WEAK_KEY);
		if (is_root(path, i))
			break;
		if (cert->alg.hash == HM_HASH_MD5 && !old_md5 &&
		    !(path->anchored && path->root.microsoft))
			hm_chain_fault(path, HM_REASON_WEAK_CRYPTO, i);
		if (cert->alg.hash == HM_HASH_MD5 || cert->alg.hash == HM_HASH_SHA1)
			path->flags |= HM_FLAG_BIT(WEAK_CERT_HASH);
	}
}

/* B-074 to B-077: what Microsoft's list says of the root. */
static void weigh_root(const struct hm_chain_ask *ask, struct hm_chain *path)
{
	const struct hm_root *root = &path->root;
	size_t last = path->num - 1;
	hm_time issued = path->nodes[0].cert->not_before;

	if (!(root->purposes & ask->purpose) || (root->denied & ask->purpose))
		hm_chain_fault(path, HM_REASON_ROOT_WRONG_USAGE, last);
	/* B-075: Microsoft signed with certificates issued after the date that the list
	 * gives for its own root of 2001, and Windows takes them. */
	if (root->not_before != HM_NO_TIME && issued > root->not_before &&
	    (root->not_before_purposes & ask->purpose) && !root->microsoft)
		hm_chain_fault(path, HM_REASON_ROOT_NOT_BEFORE, last);
	if (root->disallowed != HM_NO_TIME && ask->signed_at > root->disallowed)
		hm_chain_fault(path, HM_REASON_ROOT_DISALLOWED, last);
	if (root->kind == HM_ANCHOR_USER)
		path->flags |= HM_FLAG_BIT(USER_ANCHOR);
	if (path->known_issuer)
		path->flags |= HM_FLAG_BIT(KNOWN_ISSUER);
}

/* Whether a store has a root of that subject, or what is compiled in one of its name. */
static bool named_as_root(struct hm_court *court, const struct hm_cert *cert)
{
	for (size_t i = 0; i < court->policy->num_stores; i++) {
		struct hm_root root;
		size_t walk = 0;

		if (hm_trust_by_subject(court->policy->stores[i], cert->subject, &walk,
					&root))
			return true;
	}
	return hm_builtin_root_named(hm_name_display(cert->subject, court->arena));
}

/* B-101: clones of well-known roots, and signers that call themselves Microsoft. */
static void note_names(struct hm_court *court, struct hm_chain *path)
{
	const struct hm_cert *leaf = path->nodes[0].cert;
	const char *org = hm_name_get(leaf->subject, HM_OID_ORG, court->arena);
	const char *cn = hm_name_display(leaf->subject, court->arena);

	if (!(path->anchored && path->root.microsoft) &&
	    (strncmp(org, "Microsoft", 9) == 0 || strncmp(cn, "Microsoft", 9) == 0))
		path->flags |= HM_FLAG_BIT(MICROSOFT_NAME);
	for (size_t i = 0; i < path->num; i++) {
		const struct hm_cert *cert = path->nodes[i].cert;

		if (!is_root(path, i) && hm_cert_self_issued(cert) &&
		    named_as_root(court, cert))
			path->flags |= HM_FLAG_BIT(ROOT_LOOKALIKE);
	}
}

static bool distrusts(const struct hm_trust *store, hm_bytes id, struct hm_chain *path,
		      size_t node)
{
	uint32_t by = 0;

	if (!hm_trust_distrusts(store, id, &by))
		return false;
	hm_chain_fault(path,
		       by == HM_BY_USER ? HM_REASON_USER_DISTRUST
					: HM_REASON_EXPLICIT_DISTRUST,
		       node);
	return true;
}

/* B-078: the list of disallowed certificates names them by MD5 of the key's bits or by
 * SHA-384 of the TBSCertificate, a user by thumbprint. */
static void weigh_distrust_by(struct hm_court *court, const struct hm_trust *store,
			      struct hm_chain *path, size_t i)
{
	const struct hm_cert *cert = path->nodes[i].cert;
	struct hm_digest sha1 = hm_cert_sha1(court->crypto, cert);
	struct hm_digest key = hm_digest_of(court->crypto, HM_HASH_MD5, cert->key.raw);
	struct hm_digest tbs = hm_digest_of(court->crypto, HM_HASH_SHA384, cert->tbs);

	distrusts(store, path->nodes[i].sha256, path, i);
	distrusts(store, hm_digest_bytes(&sha1), path, i);
	distrusts(store, hm_digest_bytes(&key), path, i);
	distrusts(store, hm_digest_bytes(&tbs), path, i);
}

static void weigh_distrust(struct hm_court *court, struct hm_chain *path)
{
	for (size_t s = 0; s < court->policy->num_stores; s++) {
		const struct hm_trust *store = court->policy->stores[s];

		if (hm_trust_num_distrusted(store) == 0)
			continue;
		for (size_t i = 0; i < path->num; i++)
			weigh_distrust_by(court, store, path, i);
		if (path->known_issuer)
			distrusts(store, path->root.sha256, path, path->num - 1);
	}
}

void hm_path_weigh(struct hm_court *court, const struct hm_chain_ask *ask,
		   struct hm_chain *path)
{
	const struct hm_cert *leaf = path->nodes[0].cert;

	/* B-110: firmware has no clock that it trusts and knows no purposes. */
	bool firmware = path->anchored && path->root.kind == HM_ANCHOR_UEFI;

	if (!firmware) {
		weigh_time(ask, path);
		weigh_usage(ask, path);
	}
	weigh_constraints(path);
	weigh_extensions(path);
	weigh_strength(ask, path);
	if (path->anchored)
		weigh_root(ask, path);
	weigh_distrust(court, path);
	note_names(court, path);
	if (leaf->not_after - leaf->not_before <= SHORT_LIFE_DAYS * HM_TICKS_DAY)
		path->flags |= HM_FLAG_BIT(SHORT_LIVED);
}
