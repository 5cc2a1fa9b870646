/* SPDX-License-Identifier: MIT */
/*
 * convert.h: from what a source writes to what a column holds.
 *
 * "-", "?" and the empty text are nothing, in every source and column.  A value
 * that is not what the column takes (a number that is none, a broken time) sets
 * nothing.  Views point into the value or the arena.
 */
#ifndef HM_TELEMETRY_CONVERT_H
#define HM_TELEMETRY_CONVERT_H

#include "base/arena.h"
#include "telemetry/event.h"

/* HM_CONVERTS(X): name and what it does, for docs/formats/mapping.md. */
#define HM_CONVERTS(X)                                                                   \
	X(TEXT, "as it is")                                                              \
	X(NAME, "what follows the last slash or backslash")                              \
	X(SHA1, "SHA1 of an ALG=HEX list, or a bare hash of that length, lower case")    \
	X(SHA256, "SHA256 likewise")                                                     \
	X(MD5, "MD5 likewise")                                                           \
	X(HEX, "hex digits of any style, lower case, without separators")                \
	X(INT, "integer, decimal or 0x hex")                                             \
	X(NONZERO, "integer, unless 0")                                                  \
	X(TIME, "ISO 8601 time, UTC where it has no offset")                             \
	X(UNIX, "seconds since 1970")                                                    \
	X(UNIX_MS, "milliseconds since 1970")                                            \
	X(BOOL, "true, false, 1 or 0, in any case")                                      \
	X(DOMAIN, "what stands before the backslash of DOMAIN\\\\user")                  \
	X(USER, "what follows it")                                                       \
	X(GUID, "lower case, without braces")                                            \
	X(SID, "unless S-1-0-0, which is nobody")                                        \
	X(ELEVATION, "%%1936, %%1937, %%1938 or 1, 2, 3 by name")                        \
	X(INTEGRITY, "mandatory label by name")                                          \
	X(CN, "the common name of a distinguished name, or a name as it is")             \
	X(STATUS, "Elastic's word for a signature as Defender's: Valid, Invalid, "       \
		  "Unsigned, Unknown")                                                   \
	X(JSON, "JSON, or text as a JSON string")

enum hm_convert {
#define X(name, meaning) HM_CONVERT_##name,
	HM_CONVERTS(X)
#undef X
};

/* Set the column of e from value, unless that is nothing. */
void hm_event_convert(struct hm_event *e, enum hm_column_id column,
		      enum hm_convert convert, hm_bytes value, struct hm_arena *a);

/* Whether a value means that there is none: empty, "-" or "?". */
bool hm_nothing(hm_bytes value);

/* Lower case, ASCII only; the value itself where it is so already. */
hm_bytes hm_lower_text(hm_bytes value, struct hm_arena *a);

/* Hex digits of any style ("AB:CD", "0xab", "ab cd") as lower-case hex; empty where
 * there is anything else in it. */
hm_bytes hm_hex_text(hm_bytes value, struct hm_arena *a);

/* Decimal or 0x hex, the whole text, within int64 (hex: its 64 bits). */
bool hm_integer_of(hm_bytes value, int64_t *out);
bool hm_boolean_of(hm_bytes value, bool *out);

#endif
