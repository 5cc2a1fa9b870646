/* SPDX-License-Identifier: MIT */
/*
 * types.h: KQL's scalar types, values and columns.
 *
 * A string is never null: where KQL has nothing, a string is "".  Every other
 * type has a null of its own.
 */
#ifndef HM_QUERY_TYPES_H
#define HM_QUERY_TYPES_H

#include "base/arena.h"
#include "base/time.h"

/* In the order of widening for the numbers: int, long, real, decimal. */
enum hm_scalar {
	HM_SCALAR_UNKNOWN, /* a column of an open schema (bag_unpack before its rows are
			    seen) */
	HM_SCALAR_BOOL,
	HM_SCALAR_INT,
	HM_SCALAR_LONG,
	HM_SCALAR_REAL,
	HM_SCALAR_DECIMAL,
	HM_SCALAR_STRING,
	HM_SCALAR_DATETIME, /* 100 ns ticks since year 1: hm_time */
	HM_SCALAR_TIMESPAN, /* 100 ns ticks */
	HM_SCALAR_GUID,
	HM_SCALAR_DYNAMIC,
};

enum { HM_SCALAR_COUNT = HM_SCALAR_DYNAMIC + 1 };

/* KQL's name, "unknown" for HM_SCALAR_UNKNOWN. */
const char *hm_scalar_name(enum hm_scalar type);

/* .NET's name as getschema shows it: "System.Int64". */
const char *hm_scalar_dotnet(enum hm_scalar type);

/* The type that a name, or an alias such as "double" or "date", stands for. */
bool hm_scalar_named(hm_bytes name, enum hm_scalar *out);

/* The same for a column's type in a declaration, where fewer aliases serve. */
bool hm_scalar_declared(hm_bytes name, enum hm_scalar *out);

/* int, long, real or decimal. */
bool hm_scalar_is_number(enum hm_scalar type);

/* A literal.  Only the member that belongs to type holds, and none if null. */
struct hm_value {
	enum hm_scalar type;
	bool null;
	bool truth;    /* bool */
	int64_t whole; /* int, long; datetime and timespan in ticks */
	double real;   /* real */
	hm_bytes text; /* string: UTF-8 (may hold NUL); decimal: its digits; guid: lower
			  case with hyphens; dynamic: JSON (RFC 8259) */
};

/* A column of a table or of a plan's output. */
struct hm_field {
	hm_bytes name;
	enum hm_scalar type;
};

struct hm_fields {
	struct hm_field *at;
	size_t count;
};

#endif
