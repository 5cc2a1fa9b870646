/* SPDX-License-Identifier: MIT */
/*
 * oid.h: the object identifiers that mean something to us, in one table.
 *
 * oid.def has a row for each: enumerator, dotted text, encoded bytes, name.
 * An identifier that is not in the table is HM_OID_NONE, never an error.
 */
#ifndef HM_SIGNATURE_OID_H
#define HM_SIGNATURE_OID_H

#include "base/arena.h"

enum hm_oid {
	HM_OID_NONE,
#define OID(symbol, dotted, bytes, name) HM_OID_##symbol,
#include "signature/oid.def"
#undef OID
	HM_OID_COUNT,
};

/* value is the content of an OBJECT IDENTIFIER, without tag and length. */
enum hm_oid hm_oid_of(hm_bytes value);

/* "1.2.840.113549.1.7.2", "pkcs7-signedData" and the content bytes; "" and empty
 * for HM_OID_NONE. */
const char *hm_oid_dotted(enum hm_oid oid);
const char *hm_oid_name(enum hm_oid oid);
hm_bytes hm_oid_bytes(enum hm_oid oid);

/* Dotted text of any encoded identifier, at most HM_MAX_OID_ARCS arcs, then
 * "..."; "" where the encoding is broken.  In the arena. */
const char *hm_oid_text(hm_bytes value, struct hm_arena *a);

#endif
