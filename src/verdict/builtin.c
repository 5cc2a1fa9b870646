/* SPDX-License-Identifier: MIT */
/*
 * builtin.c: the trust that is compiled in: facts about Microsoft's root list and about
 * issuing authorities seen in real files (tools/trust-facts writes both tables).
 */
#include <string.h>

#include "verdict/trust.h"

/* The words of program_roots.def. */
enum {
	NONE = HM_PURPOSE_NONE,
	CODE = HM_PURPOSE_CODE,
	STAMP = HM_PURPOSE_STAMP,
};

struct root_row {
	char sha256[HM_SHA256_LEN];
	const char *name;
	uint32_t not_after, purposes, denied, disallowed, not_before, not_before_purposes;
	enum hm_anchor kind;
	bool microsoft;
};

#define HM_ROOT_LIST_DATE(date)
#define HM_ROOT(sha256, name, after, use, denied, disallowed, before, before_use, kind,  \
		own)                                                                     \
	{ sha256,           name, after, use, denied, disallowed, before, before_use,    \
	  HM_ANCHOR_##kind, own },
static const struct root_row roots[] = {
#include "verdict/program_roots.def"
};
#undef HM_ROOT_LIST_DATE
#undef HM_ROOT

#define HM_ROOT_LIST_DATE(date) static const uint32_t list_date = date;
#define HM_ROOT(...)
#include "verdict/program_roots.def"
#undef HM_ROOT_LIST_DATE
#undef HM_ROOT

struct issuer_row {
	char sha256[HM_SHA256_LEN];
	const char *name;
	char root[HM_SHA256_LEN];
};

#define HM_ISSUER(...) { __VA_ARGS__ },
static const struct issuer_row issuers[] = {
#include "verdict/known_issuers.def"
};
#undef HM_ISSUER

/* Microsoft's authorities of 2011 in the signature database (db) of nearly every PC. */
static const struct issuer_row firmware[] = {
	{ "\x48\xe9\x9b\x99\x1f\x57\xfc\x52\xf7\x61\x49\x59\x9b\xff\x0a\x58"
	  "\xc4\x71\x54\x22\x9b\x9f\x8d\x60\x3a\xc4\x0d\x35\x00\x24\x85\x07",
	  "Microsoft Corporation UEFI CA 2011", "" },
	{ "\xe8\xe9\x5f\x07\x33\xa5\x5e\x8b\xad\x7b\xe0\xa1\x41\x3e\xe2\x3c"
	  "\x51\xfc\xea\x64\xb3\xc8\xfa\x6a\x78\x69\x35\xfd\xdc\xc7\x19\x61",
	  "Microsoft Windows Production PCA 2011", "" },
};

/* yyyymmdd at midnight; 0 is none. */
static hm_time date_of(uint32_t day)
{
	struct hm_civil civil = {
		.year = (int)(day / 10000),
		.month = (int)(day / 100 % 100),
		.day = (int)(day % 100),
	};

	return day ? hm_time_of(civil) : HM_NO_TIME;
}

/* The place of sha256 in a table whose rows begin with one; SIZE_MAX if it is not there.
 */
static size_t find(const void *rows, size_t num, size_t row_len, hm_bytes sha256)
{
	const char *at = rows;
	size_t low = 0, high = num;

	if (sha256.len != HM_SHA256_LEN)
		return SIZE_MAX;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = memcmp(at + mid * row_len, sha256.at, HM_SHA256_LEN);

		if (order == 0)
			return mid;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return SIZE_MAX;
}

static hm_bytes thumbprint(const char *sha256)
{
	return (hm_bytes){ (const uint8_t *)sha256, HM_SHA256_LEN };
}

bool hm_builtin_root(hm_bytes sha256, struct hm_root *out)
{
	size_t n = sizeof(roots) / sizeof(*roots);
	size_t i = find(roots, n, sizeof(*roots), sha256);
	const struct root_row *row;

	if (i >= n)
		return false;
	row = &roots[i];
	*out = (struct hm_root){
		.kind = row->kind,
		.sha256 = thumbprint(row->sha256),
		.name = hm_bytes_of(row->name),
		.not_after = date_of(row->not_after),
		.purposes = row->purposes,
		.denied = row->denied,
		.disallowed = date_of(row->disallowed),
		.not_before = date_of(row->not_before),
		.not_before_purposes = row->not_before_purposes,
		.list_date = date_of(list_date),
		.microsoft = row->microsoft,
	};
	return true;
}

bool hm_builtin_uefi(hm_bytes sha256, struct hm_root *out)
{
	size_t n = sizeof(firmware) / sizeof(*firmware);
	size_t i = find(firmware, n, sizeof(*firmware), sha256);

	if (i >= n)
		return false;
	*out = (struct hm_root){
		.kind = HM_ANCHOR_UEFI,
		.sha256 = thumbprint(firmware[i].sha256),
		.name = hm_bytes_of(firmware[i].name),
		.not_after = HM_NO_TIME,
		.purposes = HM_PURPOSE_CODE,
		.disallowed = HM_NO_TIME,
		.not_before = HM_NO_TIME,
		.list_date = HM_NO_TIME,
		.microsoft = true,
	};
	return true;
}

bool hm_builtin_root_named(const char *name)
{
	for (size_t i = 0; i < sizeof(roots) / sizeof(*roots); i++) {
		if (strcmp(roots[i].name, name) == 0)
			return true;
	}
	return false;
}

hm_time hm_builtin_date(void)
{
	return date_of(list_date);
}

bool hm_builtin_issuer(hm_bytes sha256, hm_bytes *root_sha256)
{
	size_t n = sizeof(issuers) / sizeof(*issuers);
	size_t i = find(issuers, n, sizeof(*issuers), sha256);

	if (i >= n)
		return false;
	*root_sha256 = thumbprint(issuers[i].root);
	return true;
}
