/* SPDX-License-Identifier: MIT */
/*
 * names.h: name constraints (RFC 5280 4.2.1.10) for the names code signers have.
 *
 * A code signing certificate is named by its subject, a directory name; DNS names and
 * the like do not matter to it and are not judged.
 */
#ifndef HM_VERDICT_NAMES_H
#define HM_VERDICT_NAMES_H

#include "verdict/chain.h"

/* B-059: whether every issuer of the path may certify the names below it. */
bool hm_names_allowed(const struct hm_chain *path);

#endif
