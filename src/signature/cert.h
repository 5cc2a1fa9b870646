/* SPDX-License-Identifier: MIT */
/*
 * cert.h: an X.509 certificate (RFC 5280), as it claims to be.
 *
 * Reading never fails as a call: a certificate that cannot be read says so in
 * err, why and where, and holds what came before the fault.  One of them among
 * many must not spoil a file that does not need it: of 2,000 signed programs 69
 * carry such a one.  Nothing is judged here.  Views live as long as the bytes.
 */
#ifndef HM_SIGNATURE_CERT_H
#define HM_SIGNATURE_CERT_H

#include "signature/alg.h"

/* keyUsage, RFC 5280 4.2.1.3: bit n of the BIT STRING is 1 << n. */
enum {
	HM_USAGE_DIGITAL_SIGNATURE = 1 << 0,
	HM_USAGE_NON_REPUDIATION = 1 << 1,
	HM_USAGE_CERT_SIGN = 1 << 5,
	HM_USAGE_CRL_SIGN = 1 << 6,
};

struct hm_cert {
	hm_err err; /* HM_OK: read to the end */
	const char *why;
	uint64_t where; /* offset in der */

	hm_bytes der, tbs; /* whole elements */
	uint32_t version;  /* 1 to 3 */
	hm_bytes serial;   /* content of the INTEGER as it stands */
	hm_bytes issuer, subject, spki;
	hm_bytes signature;    /* bits */
	struct hm_alg alg;     /* of the signature, outer field */
	struct hm_alg tbs_alg; /* the same inside; a difference is a fault */
	hm_time not_before, not_after;
	struct hm_key key;

	/* Extensions.  has_ tells that one is there; absent ones are zero. */
	bool has_basic, ca, has_path_len;
	uint32_t path_len;
	bool has_key_usage;
	uint32_t key_usage; /* HM_USAGE_* */
	bool has_eku, eku_critical;
	hm_bytes *eku; /* identifiers' contents */
	size_t num_eku;
	bool has_app_policies;  /* Microsoft's own form of EKU (311.21.10) */
	hm_bytes *app_policies; /* identifiers' contents */
	size_t num_app_policies;
	hm_bytes ski;                         /* subjectKeyIdentifier */
	hm_bytes aki, aki_issuer, aki_serial; /* authorityKeyIdentifier; aki_issuer
						 is a Name, empty if none */
	hm_bytes *crl_urls;                   /* IA5 text of the distribution points */
	size_t num_crl_urls;
	hm_bytes name_constraints; /* the extension's content; empty if none */
	bool unknown_critical;     /* a critical extension that we do not read */
	hm_bytes unknown_critical_id;
	bool extensions_broken; /* one that we know cannot be read */
};

/* der is one certificate; what follows it is a fault.  Lists are in the arena. */
struct hm_cert hm_cert_read(hm_bytes der, struct hm_arena *a);

/* Whether the EKU extension lists usage (anyExtendedKeyUsage not taken as it). */
bool hm_cert_has_eku(const struct hm_cert *cert, enum hm_oid usage);

/* Issuer and subject are the same bytes. */
bool hm_cert_self_issued(const struct hm_cert *cert);

/*
 * Whether two Names are the same to Windows when it builds chains: byte for
 * byte (it compares the encoded blobs; RFC 5280 folding of case and white space
 * is not done).
 */
bool hm_name_same(hm_bytes a, hm_bytes b);

/* Serial numbers are equal if they are the same number: leading zeros do not count. */
bool hm_serial_same(hm_bytes a, hm_bytes b);

/*
 * Text of Names, in UTF-8 and in the arena: every string type is decoded, what
 * is broken becomes U+FFFD.  The first is the last attribute of that kind, ""
 * if there is none; the second what Windows calls the simple display name:
 * CN, or else OU, O, e-mail, or the whole; the third the whole in the order
 * of RFC 4514.
 */
const char *hm_name_get(hm_bytes name, enum hm_oid attribute, struct hm_arena *a);
const char *hm_name_display(hm_bytes name, struct hm_arena *a);
const char *hm_name_text(hm_bytes name, struct hm_arena *a);

/* A directory string element (any type) as UTF-8 in the arena. */
const char *hm_string_text(const struct hm_der *e, struct hm_arena *a);

#endif
