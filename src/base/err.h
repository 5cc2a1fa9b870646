/* SPDX-License-Identifier: MIT */
/*
 * err.h: why a call could not do its work.
 *
 * An error is about us: the input ended early, a limit was reached, the disk
 * failed.  What a file's signature is worth is not an error but an answer, and
 * lives in verdict/verdict.h.  A broken file yields HM_EFORMAT here, and only
 * the verdict stage turns that into "Invalid".
 */
#ifndef HM_BASE_ERR_H
#define HM_BASE_ERR_H

#include "base/attr.h"

/* The compiler refuses to let any function's hm_err be dropped. */
typedef enum HM_NODISCARD hm_err {
	HM_OK = 0,
	HM_ETRUNC,  /* the input ended inside a field */
	HM_EFORMAT, /* the input breaks a rule of its format */
	HM_ELIMIT,  /* the input is lawful but larger than we accept */
	HM_EUNSUP,  /* lawful, within limits, and not something we read */
	HM_EIO,     /* the operating system refused; see errno */
} hm_err;

/* A short English name for err, never NULL, never to be freed. */
const char *hm_err_name(hm_err err);

#endif
