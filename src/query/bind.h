/* SPDX-License-Identifier: MIT */
/*
 * bind.h: a KQL text becomes a typed plan, or a reason why not.
 *
 * Names, types and result columns follow Kusto's binder (kql.md B).  What Kusto
 * rejects is rejected; what hallmark does not do is refused by name.
 */
#ifndef HM_QUERY_BIND_H
#define HM_QUERY_BIND_H

#include "query/catalog.h"
#include "query/diag.h"
#include "query/plan.h"

/*
 * Parse and bind text, which must outlive the plan.  NULL where it is refused:
 * diag tells.  The plan, and the message, live in a.
 */
struct hm_query *hm_bind(hm_bytes text, const struct hm_catalogue *catalogue,
			 struct hm_arena *a, struct hm_diag *diag);

#endif
