/* SPDX-License-Identifier: MIT */
/*
 * foreign.h: signed files of the kinds that Windows verifies and hallmark does not judge.
 *
 * It only tells that a signature is there, so that nobody takes such a file for an
 * unsigned one: cabinets ([MS-CAB]), compound files ([MS-CFB]: installers), packages
 * (MSIX), scripts, and messages that are files of their own (catalogs).
 */
#ifndef HM_FORMAT_FOREIGN_H
#define HM_FORMAT_FOREIGN_H

#include "base/bytes.h"

/* "CAB", "MSI", "MSIX", "script" or "PKCS7"; NULL where no such signature is there. */
const char *hm_foreign_signed(hm_bytes file);

#endif
