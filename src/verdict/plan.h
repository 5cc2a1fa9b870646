/* SPDX-License-Identifier: MIT */
/*
 * plan.h: a trust store while it is put together: lists, certificates, revocation lists,
 * distrust; then compiled to the file that trust.h reads.
 *
 * Everything that is kept lives in the plan's arena, imported files may go.  Import a
 * list before the certificates that it is to admit: without one, those of the list that
 * is compiled in are admitted.
 */
#ifndef HM_VERDICT_PLAN_H
#define HM_VERDICT_PLAN_H

#include "base/buf.h"
#include "signature/crypto.h"
#include "verdict/trust.h"

struct hm_plan;

/* As what the certificates of an imported file are taken. */
enum hm_import {
	HM_IMPORT_LISTED,   /* those that Microsoft's list names, and no others */
	HM_IMPORT_USER,     /* trusted: the user's own */
	HM_IMPORT_DISTRUST, /* distrusted: the user's own */
	HM_IMPORT_UEFI,     /* of the firmware's database */
	HM_IMPORT_REMOVE,   /* what the user said of them before is taken back */
};

struct hm_plan_count {
	size_t lists;  /* root lists and lists of the disallowed */
	size_t roots;  /* certificates that were admitted */
	size_t others; /* certificates that were not: no list names them */
	size_t crls;
	size_t distrusted;
	size_t removed; /* what the user said of so many is taken back */
	size_t skipped; /* entries of a list that could not be read */
};

struct hm_plan *hm_plan_new(struct hm_crypto *crypto, struct hm_arena *a);

/* All that an older store has; lists imported later replace what it had of them. */
void hm_plan_merge(struct hm_plan *plan, const struct hm_trust *old);

/*
 * One file: a signed list (authroot.stl, disallowedcert.stl), certificates in PEM or DER,
 * PKCS #7, revocation lists, or a PE whose signature carries certificates.  Counts are
 * added to.  On failure *why tells; a part of the file may have been taken, so do not
 * write the plan. HM_EFORMAT: none of these; HM_EUNSUP: a revocation list of a kind that
 * is not read, a list whose signature does not hold, or one older than what is there.
 */
hm_err hm_plan_import(struct hm_plan *plan, hm_bytes file, enum hm_import as,
		      struct hm_plan_count *count, const char **why);

/* A thumbprint to distrust: the user's own. */
void hm_plan_distrust(struct hm_plan *plan, hm_bytes id);

/* What the user said of a certificate, trust or distrust, is taken back: by its
 * thumbprint, or by the identifier that was distrusted.  False where nothing was said. */
bool hm_plan_remove(struct hm_plan *plan, hm_bytes id);

/* Roots of the list whose certificate is not there yet: for fetching.  false at the end.
 */
bool hm_plan_missing(const struct hm_plan *plan, size_t *walk, hm_bytes *sha1,
		     hm_bytes *sha256);

/* The compiled store. */
hm_err hm_plan_write(const struct hm_plan *plan, struct hm_buf *out);

#endif
