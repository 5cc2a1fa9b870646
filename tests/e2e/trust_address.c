/* SPDX-License-Identifier: MIT */
/* In place of src/cli/trust_address.c: the test's own server. */
#include <stdlib.h>

#include "cli/fetch.h"

const char *hm_trust_address(void)
{
	const char *address = getenv("HALLMARK_TEST_ADDRESS");

	return address != NULL ? address : "http://127.0.0.1:9/";
}
