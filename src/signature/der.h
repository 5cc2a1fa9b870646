/* SPDX-License-Identifier: MIT */
/*
 * der.h: ASN.1 elements (X.690), read through the cursor.
 *
 * Strict DER but for what is named here, since Windows is laxer:
 *  - hm_ber_next takes lengths that are longer than need be;
 *  - hm_ber_flatten turns indefinite lengths and OCTET STRINGs in pieces into
 *    definite ones, leaving every other byte as it is.
 * Tags above 30 and lengths past 2^32 are refused everywhere.  No function
 * recurses.  The first failure sticks in the cursor, as in base/bytes.h.
 */
#ifndef HM_SIGNATURE_DER_H
#define HM_SIGNATURE_DER_H

#include "base/arena.h"
#include "base/time.h"

/* Identifier octets that are asked for by name. */
enum {
	HM_DER_BOOLEAN = 0x01,
	HM_DER_INTEGER = 0x02,
	HM_DER_BIT_STRING = 0x03,
	HM_DER_OCTET_STRING = 0x04,
	HM_DER_NULL = 0x05,
	HM_DER_OID = 0x06,
	HM_DER_ENUMERATED = 0x0a,
	HM_DER_UTF8 = 0x0c,
	HM_DER_PRINTABLE = 0x13,
	HM_DER_T61 = 0x14,
	HM_DER_IA5 = 0x16,
	HM_DER_UTC_TIME = 0x17,
	HM_DER_GENERALIZED_TIME = 0x18,
	HM_DER_VISIBLE = 0x1a,
	HM_DER_UNIVERSAL = 0x1c,
	HM_DER_BMP = 0x1e,
	HM_DER_SEQUENCE = 0x30,
	HM_DER_SET = 0x31,
	HM_DER_CONTEXT = 0x80,     /* [0], primitive */
	HM_DER_CONTEXT_CONS = 0xa0 /* [0], constructed */
};

/* One element.  Empty, with tag 0, after a failure. */
struct hm_der {
	uint8_t tag;
	hm_bytes whole;   /* identifier, length and content */
	struct hm_cur in; /* over the content; its failures are its own (hm_join) */
};

/* The next element, of any tag, stepped over.  A child that c is a view of stays
 * good as long as the bytes do. */
struct hm_der hm_der_next(struct hm_cur *c, const char *field);
struct hm_der hm_ber_next(struct hm_cur *c, const char *field);

/* The next element, which must have this tag (HM_EFORMAT otherwise). */
struct hm_der hm_der_of(struct hm_cur *c, uint8_t tag, const char *field);
struct hm_der hm_ber_of(struct hm_cur *c, uint8_t tag, const char *field);

/* If the next element has this tag: true, and it is stepped over. */
bool hm_der_if(struct hm_cur *c, uint8_t tag, const char *field, struct hm_der *out);
bool hm_ber_if(struct hm_cur *c, uint8_t tag, const char *field, struct hm_der *out);

/* Content of an element, not stepped over. */
hm_bytes hm_der_value(const struct hm_der *e);

/* Fails c unless it is read to its end. */
void hm_der_end(struct hm_cur *c, const char *field);

/* Typed reads; each steps over one element. */
hm_bytes hm_der_oid(struct hm_cur *c, const char *field);
/* Content of an INTEGER as it stands, sign and padding included. */
hm_bytes hm_der_integer(struct hm_cur *c, const char *field);
/* An INTEGER from 0 to 2^32 - 1. */
uint32_t hm_der_small(struct hm_cur *c, const char *field);
/* Any byte but 0 is true (DER wants 0xff). */
bool hm_der_bool(struct hm_cur *c, const char *field);
/* Content of a BIT STRING without the first octet, which must be 0..7. */
hm_bytes hm_der_bits(struct hm_cur *c, const char *field);
/* UTCTime or GeneralizedTime, with fractions and offsets; 2-digit years below
 * 50 are 20xx.  HM_NO_TIME where the text names no time (no failure). */
hm_time hm_der_time(struct hm_cur *c, const char *field);

/* An INTEGER's content without leading zero octets. */
hm_bytes hm_der_unsigned(hm_bytes integer);

/*
 * ber itself where every length in its first element is definite, else a copy of
 * that element in the arena in which all are; *used is its length in ber.  At most
 * HM_MAX_DER_DEPTH deep and HM_MAX_DER_ELEMENTS elements are looked into.  *err tells why
 * where it cannot be done: what is given back is then empty.
 */
hm_bytes hm_ber_flatten(hm_bytes ber, struct hm_arena *a, size_t *used, hm_err *err);

#endif
