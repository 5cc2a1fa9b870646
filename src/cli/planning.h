/* SPDX-License-Identifier: MIT */
/*
 * planning.h: a trust store put together in a box.
 *
 * Lists, certificates and revocation lists may come from anyone, so they are read
 * where nothing can be reached (proc/box.h).  The worker keeps the plan from call
 * to call and gives the compiled store at the end; once it is lost every call
 * fails.  A sentence in *why lasts until the next call.
 */
#ifndef HM_CLI_PLANNING_H
#define HM_CLI_PLANNING_H

#include "base/buf.h"
#include "verdict/plan.h"

struct hm_planning;

/* Close it with hm_planning_close, which takes NULL. */
hm_err hm_planning_open(struct hm_planning **out, const char **why);
void hm_planning_close(struct hm_planning *p);

/* What an older store has. */
hm_err hm_planning_merge(struct hm_planning *p, int fd, const char **why);

/* One file, as hm_plan_import.  Counts are added to. */
hm_err hm_planning_import(struct hm_planning *p, int fd, enum hm_import as,
			  struct hm_plan_count *count, const char **why);

/* A thumbprint to distrust. */
hm_err hm_planning_distrust(struct hm_planning *p, hm_bytes id, const char **why);

/* What the user said of that thumbprint is taken back: count.removed is added to. */
hm_err hm_planning_remove(struct hm_planning *p, hm_bytes id, struct hm_plan_count *count,
			  const char **why);

/* The roots of the list whose certificate is missing: rows of SHA-1 and SHA-256.  Valid
 * until the next call. */
hm_err hm_planning_missing(struct hm_planning *p, hm_bytes *rows, const char **why);

/* The compiled store, which becomes out's. */
hm_err hm_planning_write(struct hm_planning *p, struct hm_buf *out, const char **why);

#endif
