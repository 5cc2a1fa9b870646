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
enum hm_type {
	HM_TYPE_UNKNOWN, /* a column of an open schema (bag_unpack before its rows are
			    seen) */
	HM_TYPE_BOOL,
	HM_TYPE_INT,
	HM_TYPE_LONG,
	HM_TYPE_REAL,
	HM_TYPE_DECIMAL,
	HM_TYPE_STRING,
	HM_TYPE_DATETIME, /* 100 ns ticks since year 1: hm_time */
	HM_TYPE_TIMESPAN, /* 100 ns ticks */
	HM_TYPE_GUID,
	HM_TYPE_DYNAMIC,
};

enum { HM_TYPE_COUNT = HM_TYPE_DYNAMIC + 1 };

/* KQL's name, "unknown" for HM_TYPE_UNKNOWN. */
const char *hm_type_name(enum hm_type type);

/* .NET's name as getschema shows it: "System.Int64". */
const char *hm_type_dotnet(enum hm_type type);

/* The type that a name, or an alias such as "double" or "date", stands for. */
bool hm_type_named(hm_bytes name, enum hm_type *out);

/* int, long, real or decimal. */
bool hm_type_is_number(enum hm_type type);

/* A literal.  Only the member that belongs to type holds, and none if null. */
struct hm_value {
	enum hm_type type;
	bool null;
	bool truth;    /* bool */
	int64_t whole; /* int, long; datetime and timespan in ticks */
	double real;   /* real */
	hm_bytes text; /* string: UTF-8 (may hold NUL); decimal: its digits; guid: lower
			  case with hyphens; dynamic: JSON (RFC 8259) */
};

/* A column of a table or of a plan's output. */
struct hm_column {
	hm_bytes name;
	enum hm_type type;
};

struct hm_columns {
	struct hm_column *at;
	size_t count;
};

#endif
