/* SPDX-License-Identifier: MIT */
/*
 * verify_options.h: the options that verify, explain and scan share.
 */
#ifndef HM_CLI_VERIFY_OPTIONS_H
#define HM_CLI_VERIFY_OPTIONS_H

#include "cli/judging.h"

struct hm_verify_options {
	const char *at, *data;
	struct hm_list trust;
	bool require_revocation, recurse;
};

/* Rows of an option table for v. */
/* clang-format off */
#define HM_VERIFY_OPTIONS(v)                                                                      \
	{ .name = "at", .argument = "TIME", .text = &(v).at,                                      \
	  .help = "judge as of this moment instead of now" },                                     \
	{ .name = "trust", .argument = "FILE", .list = &(v).trust,                                \
	  .help = "trust the roots in this PEM or DER file besides; \"uefi\": firmware roots" },  \
	{ .name = "require-revocation", .flag = &(v).require_revocation,                          \
	  .help = "a certificate whose revocation is unknown does not count" },                   \
	{ .name = "data", .argument = "FOLDER", .text = &(v).data,                                \
	  .help = "data folder whose trust store is used" }
/* clang-format on */

/* Fill judging, but for what it calls.  Complains and returns false on a bad value. */
bool hm_verify_options_read(const struct hm_verify_options *v, struct hm_judging *out);

#endif
