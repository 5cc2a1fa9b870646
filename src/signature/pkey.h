/* SPDX-License-Identifier: MIT */
/*
 * pkey.h: one public-key operation, for crypto.c.
 *
 * The key is built from its numbers, used once and freed.  Refused here: EC
 * points that are not uncompressed, even moduli and exponents, exponents below
 * 3.  PKCS #1 v1.5 blocks are compared whole with the three forms that are
 * lawful, so nothing can hide behind the hash.
 */
#ifndef HM_SIGNATURE_PKEY_H
#define HM_SIGNATURE_PKEY_H

#include <openssl/evp.h>

#include "signature/crypto.h"

/* md: the fetched digests by enum hm_hash.  args are consistent (hm_check).  *failed is
 * set where OpenSSL had no memory. */
enum hm_check hm_pkey_check(const struct hm_check_args *args, EVP_MD *const *md,
			    bool *failed);

#endif
