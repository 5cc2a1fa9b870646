/* SPDX-License-Identifier: MIT */
/*
 * der.h: writing DER (ITU-T X.690), right or wrong on purpose.
 *
 * Values are composed: each function returns a whole element in the arena, and
 * an element is made of others.  Nothing is checked and nothing is read back:
 * this code shares nothing with the reader, so that an error in one cannot hide
 * an error in the other.  There is no failure to check; see hm_alloc.
 */
#ifndef HM_FORGE_DER_H
#define HM_FORGE_DER_H

#include "base/arena.h"
#include "base/time.h"

enum hm_mk_tag {
	HM_MK_BOOLEAN = 0x01,
	HM_MK_INTEGER = 0x02,
	HM_MK_BITS = 0x03,
	HM_MK_OCTETS = 0x04,
	HM_MK_NULL = 0x05,
	HM_MK_OID = 0x06,
	HM_MK_ENUM = 0x0a,
	HM_MK_UTF8 = 0x0c,
	HM_MK_PRINTABLE = 0x13,
	HM_MK_T61 = 0x14,
	HM_MK_IA5 = 0x16,
	HM_MK_UTCTIME = 0x17,
	HM_MK_GENTIME = 0x18,
	HM_MK_UNIVERSAL = 0x1c,
	HM_MK_BMP = 0x1e,
	HM_MK_SEQUENCE = 0x30,
	HM_MK_SET = 0x31,
	HM_MK_CONSTRUCTED = 0x20,
	HM_MK_CONTEXT = 0x80, /* [n] primitive; [n] constructed is 0xa0 */
	HM_MK_CONTEXT_OF = 0xa0,
};

/* The parts one after the other, with no header. */
hm_bytes hm_mk_join(struct hm_arena *a, const hm_bytes *parts, size_t count);

/* A header of tag and minimal length, then the parts. */
hm_bytes hm_mk_wrap(struct hm_arena *a, unsigned tag, const hm_bytes *parts,
		    size_t count);

/* The same, the parts given as arguments. */
#define hm_mk_cat(a, ...)                                                                \
	hm_mk_join((a), (hm_bytes[]){ __VA_ARGS__ },                                     \
		   sizeof((hm_bytes[]){ __VA_ARGS__ }) / sizeof(hm_bytes))
#define hm_mk_tlv(a, tag, ...)                                                           \
	hm_mk_wrap((a), (tag), (hm_bytes[]){ __VA_ARGS__ },                              \
		   sizeof((hm_bytes[]){ __VA_ARGS__ }) / sizeof(hm_bytes))
#define hm_mk_seq(a, ...) hm_mk_tlv((a), HM_MK_SEQUENCE, __VA_ARGS__)

/* SET OF in DER order (X.690 11.6). */
hm_bytes hm_mk_set_of(struct hm_arena *a, const hm_bytes *parts, size_t count);
#define hm_mk_set(a, ...)                                                                \
	hm_mk_set_of((a), (hm_bytes[]){ __VA_ARGS__ },                                   \
		     sizeof((hm_bytes[]){ __VA_ARGS__ }) / sizeof(hm_bytes))

/* "1.2.840.113549.1.7.2" */
hm_bytes hm_mk_oid(struct hm_arena *a, const char *dotted);
hm_bytes hm_mk_int(struct hm_arena *a, uint64_t value);
/* A non-negative INTEGER of any size from its big-endian bytes. */
hm_bytes hm_mk_int_of(struct hm_arena *a, hm_bytes magnitude);
hm_bytes hm_mk_bool(struct hm_arena *a, bool value);
hm_bytes hm_mk_null(struct hm_arena *a);
hm_bytes hm_mk_octets(struct hm_arena *a, hm_bytes content);
hm_bytes hm_mk_bits(struct hm_arena *a, hm_bytes content);
hm_bytes hm_mk_text(struct hm_arena *a, unsigned tag, const char *text);
/* UTCTime up to 2049, GeneralizedTime from then on (RFC 5280 4.1.2.5). */
hm_bytes hm_mk_time(struct hm_arena *a, hm_time time);
/* GeneralizedTime to the second, whatever the year. */
hm_bytes hm_mk_gentime(struct hm_arena *a, hm_time time);

/* Wrong on purpose: a length in exactly num octets (1 to 8) after 0x80 + num,
 * and a claimed length that need not be the content's. */
hm_bytes hm_mk_long_length(struct hm_arena *a, unsigned tag, hm_bytes content,
			   unsigned num);
hm_bytes hm_mk_claimed_length(struct hm_arena *a, unsigned tag, uint64_t len,
			      hm_bytes content);
/* BER: indefinite length, closed by two zero octets. */
hm_bytes hm_mk_indefinite(struct hm_arena *a, unsigned tag, hm_bytes content);

/* Bytes: len times byte; a copy with one bit turned; a part; a literal. */
hm_bytes hm_mk_fill(struct hm_arena *a, uint8_t byte, size_t len);
hm_bytes hm_mk_flip(struct hm_arena *a, hm_bytes in, size_t at, unsigned bit);
hm_bytes hm_mk_part(hm_bytes in, size_t from, size_t len);
hm_bytes hm_mk_without_header(hm_bytes element);
#define hm_mk_lit(...)                                                                   \
	((hm_bytes){ (const uint8_t[]){ __VA_ARGS__ },                                   \
		     sizeof((const uint8_t[]){ __VA_ARGS__ }) })

/* A copy of where with its first occurrence of what replaced; asserts there is one.
 * Lengths around it stay as they are, so both must be of one length for honest DER. */
hm_bytes hm_mk_replace(struct hm_arena *a, hm_bytes where, hm_bytes what, hm_bytes with);
/* Offset of the first occurrence; asserts there is one. */
size_t hm_mk_find(hm_bytes where, hm_bytes what);

#endif
