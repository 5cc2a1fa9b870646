/* SPDX-License-Identifier: MIT */
/*
 * store.h: the layout of a compiled trust store, for its reader and its writer.
 *
 * Header: magic (8), length of the file (8), date of the root list (8), date of the list
 * of disallowed certificates (8), then for each table its offset (8) and rows (4).  All
 * numbers are little endian, times are hm_time.  A blob is an offset (8) and a length
 * (4).
 */
#ifndef HM_VERDICT_STORE_H
#define HM_VERDICT_STORE_H

#include "verdict/trust.h"

#define HM_STORE_MAGIC "HMTRUST2"

enum hm_store_table {
	HM_STORE_ROOTS,    /* sorted by SHA-256 */
	HM_STORE_SUBJECTS, /* index of the roots whose certificate is there, by subject */
	HM_STORE_DISTRUST, /* sorted by length of the identifier, then bytes */
	HM_STORE_CRLS,     /* no order */
	HM_STORE_REVOKED,  /* entries, sorted by serial within each list */
	HM_STORE_TABLES,
};

enum {
	HM_STORE_HEADER_LEN = 32 + 12 * HM_STORE_TABLES,
	/* sha256, kind by the list, who added it, microsoft, 3 purposes, 3 times, name,
	 * certificate, sha1 */
	HM_STORE_ROOT_LEN = 32 + 6 + 24 + 12 + 12 + 20,
	/* subject, row of its root */
	HM_STORE_SUBJECT_LEN = 12 + 4,
	/* length, identifier, whose word it is */
	HM_STORE_DISTRUST_LEN = 1 + HM_DISTRUST_LEN + 1,
	/* issuer, head, 2 times, first entry, entries, flags */
	HM_STORE_CRL_LEN = 12 + 12 + 16 + 12,
	/* serial, date, reason */
	HM_STORE_REVOKED_LEN = HM_SERIAL_LEN + 8 + 4,
};

/* Who added a root, whatever the list says of it; bits. */
enum { HM_STORE_OWN = 1 << 0, HM_STORE_UEFI = 1 << 1 };

/* A serial number as the store sorts it: without leading zeros, padded on the left.
 * False where it is too long for any lawful certificate. */
bool hm_store_serial(hm_bytes serial, uint8_t out[HM_SERIAL_LEN]);

#endif
