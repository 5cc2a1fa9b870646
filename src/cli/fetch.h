/* SPDX-License-Identifier: MIT */
/*
 * fetch.h: files over HTTP, from one address that is compiled in.
 *
 * HTTP and HTTPS only, no redirects, limits of size and time.  What comes is not
 * trusted: whoever fetches checks signatures or thumbprints.
 */
#ifndef HM_CLI_FETCH_H
#define HM_CLI_FETCH_H

#include "base/buf.h"

enum hm_fetched {
	HM_FETCHED,
	HM_FETCH_ABSENT, /* the server has no such file */
	HM_FETCH_FAILED, /* no answer, too slow, too large, or refused */
};

struct hm_fetch;

/* base ends in a slash.  NULL where libcurl has no memory. */
struct hm_fetch *hm_fetch_new(const char *base);
void hm_fetch_free(struct hm_fetch *f);

/* base and name, in place of what body held; body's maximum is the limit of size. */
enum hm_fetched hm_fetch(struct hm_fetch *f, const char *name, struct hm_buf *body);

/* The last address asked for, and why it failed; both last until the next call. */
const char *hm_fetch_url(const struct hm_fetch *f);
const char *hm_fetch_why(const struct hm_fetch *f);

/* Where Microsoft publishes its trust lists: the only address that is ever asked.  A test
 * build has another. */
const char *hm_trust_address(void);

#endif
