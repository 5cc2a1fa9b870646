/* SPDX-License-Identifier: MIT */
/*
 * trust_update.h: Microsoft's lists, and the roots that they name, over the network.
 */
#ifndef HM_CLI_TRUST_UPDATE_H
#define HM_CLI_TRUST_UPDATE_H

#include "cli/trust_place.h"

/*
 * Fetch both lists, verify them, fetch each root that is missing, and replace the store.
 * What was fetched before a failure is kept for the next time, and the old store stays.
 * An exit status; place is locked.
 */
int hm_trust_update(const struct hm_trust_place *place);

#endif
