/* SPDX-License-Identifier: MIT */
/*
 * pages.h: the page hashes that a PE's signature may hold.
 *
 * Rows of file offset and hash.  Each row speaks for the bytes up to the next
 * row's offset, without checksum and security directory, filled with zeros up
 * to a multiple of the page size; the last row, of zeros, closes the list.
 * Windows' kernel reads them, WinVerifyTrust does not: a mismatch is a flag and
 * changes no verdict.
 */
#ifndef HM_SIGNATURE_PAGES_H
#define HM_SIGNATURE_PAGES_H

#include "signature/crypto.h"
#include "signature/signed.h"

enum hm_pages {
	HM_PAGES_NONE, /* the signature holds none */
	HM_PAGES_GOOD,
	HM_PAGES_BAD,
};

enum hm_pages hm_pages_check(struct hm_crypto *crypto, const struct hm_carrier *pe,
			     const struct hm_spc *spc);

#endif
