/* SPDX-License-Identifier: MIT */
/*
 * trust.h: whom to trust: roots, their purposes and dates, distrust, revocation.
 *
 * A compiled trust store is one file of sorted tables that is used where it lies:
 * opening it checks a header and nothing else.  Every row is read through the cursor,
 * so a damaged store can only fail to help.  Rows hand out views of it.
 *
 * What is compiled into the program is always there besides: the list of Microsoft's
 * roots by thumbprint with their properties, and the known issuers.  Both let a chain
 * end in a certificate that the signature itself brings along (B-071, B-072).
 */
#ifndef HM_VERDICT_TRUST_H
#define HM_VERDICT_TRUST_H

#include "base/time.h"
#include "verdict/verdict.h"

enum { HM_SHA1_LEN = 20, HM_SHA256_LEN = 32, HM_SERIAL_LEN = 24, HM_DISTRUST_LEN = 48 };

/* What a certificate is asked for; sets of them are what a root is good for. */
enum hm_purpose {
	HM_PURPOSE_NONE = 0,
	HM_PURPOSE_CODE = 1 << 0,
	HM_PURPOSE_STAMP = 1 << 1,
	HM_PURPOSE_ALL = HM_PURPOSE_CODE | HM_PURPOSE_STAMP,
};

/* A trusted root and what Microsoft's list says of it. */
struct hm_root {
	enum hm_anchor kind;
	hm_bytes sha256; /* of the whole certificate */
	hm_bytes name;
	hm_bytes der;      /* the certificate; empty where only its thumbprint is known */
	hm_time not_after; /* its own */
	uint32_t purposes; /* that it is good for */
	uint32_t denied;   /* of these, those taken away */
	hm_time disallowed; /* no signature made after it counts; HM_NO_TIME: none */
	hm_time not_before; /* no leaf issued after it counts; HM_NO_TIME: none */
	uint32_t not_before_purposes; /* for these purposes */
	hm_time list_date;
	bool microsoft;
	bool own;  /* added by the user */
	bool uefi; /* added as one of the firmware's */
};

/*
 * A revocation list whose entries were sorted into the store when it was imported.
 * head holds what is needed to check its signature: see verdict/revoke.h.
 */
struct hm_crl_row {
	hm_bytes issuer; /* Name */
	hm_bytes head;
	hm_time this_update, next_update;
	uint32_t first, num; /* of the store's revoked rows */
	uint32_t flags;      /* HM_CRL_* */
};

/* A list that speaks about some certificates or reasons only. */
enum { HM_CRL_PARTIAL = 1 << 0, HM_CRL_ONLY_USER = 1 << 1, HM_CRL_ONLY_CA = 1 << 2 };

struct hm_revoked_row {
	hm_time date;
	uint32_t reason;
};

struct hm_trust {
	hm_bytes file;
	struct hm_trust_table {
		uint64_t at;
		uint32_t num;
	} tables[8];
	hm_time list_date;     /* of Microsoft's root list in it; HM_NO_TIME: none */
	hm_time disallow_date; /* of the list of disallowed certificates */
};

/* HM_EFORMAT where file is no store of this version. */
hm_err hm_trust_open(hm_bytes file, struct hm_trust *out);

/* Roots of a store: how many, and one by its place: what holds of it, and what the list
 * alone says of it (kind is HM_ANCHOR_NONE where it is not in the list). */
size_t hm_trust_num_roots(const struct hm_trust *trust);
bool hm_trust_root(const struct hm_trust *trust, size_t i, struct hm_root *out);
bool hm_trust_root_listed(const struct hm_trust *trust, size_t i, struct hm_root *out);
/* The same root by the firmware's word or the user's: good for everything. */
void hm_root_vouched(struct hm_root *root, enum hm_anchor kind);
/* Its SHA-1, as the list names it; zeros where no list does. */
hm_bytes hm_trust_root_sha1(const struct hm_trust *trust, size_t i);

/* Roots with that subject Name, byte for byte: *walk begins at 0; false at the end. */
bool hm_trust_by_subject(const struct hm_trust *trust, hm_bytes subject, size_t *walk,
			 struct hm_root *out);
bool hm_trust_by_sha256(const struct hm_trust *trust, hm_bytes sha256,
			struct hm_root *out);

/* Whose word a distrust is; bits. */
enum { HM_BY_USER = 1 << 0, HM_BY_LIST = 1 << 1 };

/* Distrust.  id is SHA-1, SHA-256 of the certificate, MD5 of its key bits or SHA-384 of
 * its TBS: lengths 20, 32, 16 and 48 tell which.  *by: HM_BY_*. */
size_t hm_trust_num_distrusted(const struct hm_trust *trust);
hm_bytes hm_trust_distrusted(const struct hm_trust *trust, size_t i, uint32_t *by);
bool hm_trust_distrusts(const struct hm_trust *trust, hm_bytes id, uint32_t *by);

/* Revocation lists of that issuer, as above; one entry of a list by serial number. */
size_t hm_trust_num_crls(const struct hm_trust *trust);
bool hm_trust_crl(const struct hm_trust *trust, size_t i, struct hm_crl_row *out);
/* All entries of a list, as the store has them. */
hm_bytes hm_trust_crl_rows(const struct hm_trust *trust, const struct hm_crl_row *crl);
bool hm_trust_crl_by_issuer(const struct hm_trust *trust, hm_bytes issuer, size_t *walk,
			    struct hm_crl_row *out);
bool hm_trust_revoked(const struct hm_trust *trust, const struct hm_crl_row *crl,
		      hm_bytes serial, struct hm_revoked_row *out);

/* Compiled in: a root of Microsoft's list by thumbprint (its der is empty), the date of
 * that list, and a known issuer's root.  A name is never trusted, only compared. */
bool hm_builtin_root(hm_bytes sha256, struct hm_root *out);
/* An authority of the firmware databases that Microsoft gives out (B-110). */
bool hm_builtin_uefi(hm_bytes sha256, struct hm_root *out);
bool hm_builtin_root_named(const char *name);
hm_time hm_builtin_date(void);
bool hm_builtin_issuer(hm_bytes sha256, hm_bytes *root_sha256);

#endif
