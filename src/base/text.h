/* SPDX-License-Identifier: MIT */
/*
 * text.h: encodings of text.  All text inside hallmark is UTF-8.
 *
 * An unpaired surrogate or a broken sequence becomes U+FFFD, never an error:
 * a record must not be lost because a program named itself oddly.
 */
#ifndef HM_BASE_TEXT_H
#define HM_BASE_TEXT_H

#include "base/buf.h"

/* The next code point of UTF-8; U+FFFD for one broken byte; 0 at the end. */
uint32_t hm_utf8_next(struct hm_cur *c);
bool hm_utf8_valid(hm_bytes text);
void hm_put_utf8(struct hm_buf *b, uint32_t code);

/* UTF-16 (code units little or big endian) to UTF-8; an odd last byte is dropped. */
void hm_put_utf16le(struct hm_buf *b, hm_bytes utf16);
void hm_put_utf16be(struct hm_buf *b, hm_bytes utf16);

/* Lower-case hex, no separators. */
void hm_put_hex(struct hm_buf *b, hm_bytes bytes);
/* Fills out from exactly twice out_len hex digits of either case. */
bool hm_unhex(hm_bytes hex, uint8_t *out, size_t out_len);

/* ASCII only: for keywords and hex, not for people's text. */
uint8_t hm_lower(uint8_t byte);
bool hm_same_nocase(hm_bytes a, hm_bytes b);
bool hm_is_nocase(hm_bytes a, const char *text);

/* Without leading and trailing ASCII white space. */
hm_bytes hm_trim(hm_bytes text);

#endif
