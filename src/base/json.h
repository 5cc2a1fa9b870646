/* SPDX-License-Identifier: MIT */
/*
 * json.h: JSON texts (RFC 8259), read into an arena and written to a buffer.
 *
 * Reading is strict: no comments, no trailing commas, no control characters in
 * strings, depth at most HM_MAX_JSON_DEPTH.  Nothing is converted: numbers keep
 * their spelling, strings are decoded when asked for, members keep their order
 * and their duplicates.  Nodes view the input and live as long as both it and
 * the arena do.
 *
 * Why not a library: telemetry and KQL's dynamic both need the spelling, the
 * order and an arena (docs/decisions/0002-json.md).
 */
#ifndef HM_BASE_JSON_H
#define HM_BASE_JSON_H

#include "base/arena.h"
#include "base/buf.h"

enum hm_json_kind {
	HM_JSON_NULL,
	HM_JSON_FALSE,
	HM_JSON_TRUE,
	HM_JSON_NUMBER,
	HM_JSON_STRING,
	HM_JSON_ARRAY,
	HM_JSON_OBJECT,
};

struct hm_json {
	enum hm_json_kind kind;
	bool escaped, key_escaped; /* text or key holds a backslash */
	hm_bytes text;             /* number: its spelling; string: between the quotes;
				      array and object: the whole of it */
	hm_bytes key;              /* in an object: the name, between the quotes */
	struct hm_json *first;     /* of an array's elements or an object's members */
	struct hm_json *next;      /* its younger sibling */
	size_t count;              /* of an array's elements or an object's members */
	const uint64_t *names;     /* of a large object: see json.c; may be NULL */
};

/*
 * One JSON text at the cursor, white space around it stepped over.  NULL where
 * it is malformed or too deep; the cursor tells why and where.  More may follow it.
 */
struct hm_json *hm_json_read(struct hm_cur *c, struct hm_arena *a);

/* The last member of that name, as ECMAScript takes it; NULL where there is none
 * or object is NULL or no object.  The second ignores ASCII case. */
const struct hm_json *hm_json_get(const struct hm_json *object, const char *name);
const struct hm_json *hm_json_get_nocase(const struct hm_json *object, const char *name);
/* That member where it is of the kind; NULL where it is not. */
const struct hm_json *hm_json_get_kind(const struct hm_json *object, const char *name,
				       enum hm_json_kind kind);

/* The decoded string of a string node, or key; a view where nothing is escaped,
 * else in the arena.  Unpaired surrogates become U+FFFD. */
hm_bytes hm_json_string(const struct hm_json *node, struct hm_arena *a);
hm_bytes hm_json_key(const struct hm_json *member, struct hm_arena *a);

/* Exact integers only: no fraction, no exponent, within int64. */
bool hm_json_int(const struct hm_json *node, int64_t *out);

/* Writing.  Commas and colons are put by themselves. */
struct hm_json_out {
	struct hm_buf *buf;
	bool after; /* a value was just closed: the next one needs a comma */
};

struct hm_json_out hm_json_out_of(struct hm_buf *buf);
void hm_json_open(struct hm_json_out *o, char bracket);  /* '{' or '[' */
void hm_json_close(struct hm_json_out *o, char bracket); /* '}' or ']' */
void hm_json_name(struct hm_json_out *o, hm_bytes name);
void hm_json_put(struct hm_json_out *o, hm_bytes string);
void hm_json_put_int(struct hm_json_out *o, int64_t value);
void hm_json_put_bool(struct hm_json_out *o, bool value);
void hm_json_put_null(struct hm_json_out *o);
/* text that is JSON already, such as a number's spelling */
void hm_json_put_raw(struct hm_json_out *o, hm_bytes text);

/* Shorthands for members of an object with a C string as name. */
void hm_json_member(struct hm_json_out *o, const char *name, hm_bytes string);
void hm_json_member_str(struct hm_json_out *o, const char *name, const char *string);
void hm_json_member_int(struct hm_json_out *o, const char *name, int64_t value);
void hm_json_member_bool(struct hm_json_out *o, const char *name, bool value);

/* The quoted form of a string: what must be escaped is, broken UTF-8 becomes U+FFFD. */
void hm_put_json_string(struct hm_buf *b, hm_bytes string);

/* The same of UTF-16LE text, without the quotes: made for speed, as most of a Windows
 * event log is such text.  An unpaired surrogate becomes U+FFFD; an odd last byte is
 * dropped.  It may take up to 6 KiB that it then gives back. */
void hm_put_json_utf16le(struct hm_buf *b, hm_bytes utf16);

#endif
