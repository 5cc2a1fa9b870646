/* SPDX-License-Identifier: MIT */
/*
 * testkeys.h: the numbers of the fixed test keys, in hex.
 *
 * TEST KEYS: public, worthless, never to be trusted.  Made once with
 * `openssl genpkey`.  An RSA key is given by its primes.
 */
#ifndef HM_FORGE_TESTKEYS_H
#define HM_FORGE_TESTKEYS_H

#include "forge/key.h"

struct hm_mk_numbers {
	const char *type;  /* EVP's name of the key type */
	const char *group; /* EC: EVP's name of the curve */
	unsigned exponent; /* RSA: public exponent */
	const char *prime1, *prime2;
	const char *p, *q, *g; /* DSA */
	const char *priv, *pub;
};

/* By enum hm_mk_key. */
extern const struct hm_mk_numbers hm_mk_numbers[HM_MK_KEYS];

#endif
