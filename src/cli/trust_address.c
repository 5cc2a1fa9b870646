/* SPDX-License-Identifier: MIT */
/* The address that Windows itself asks; documented at learn.microsoft.com, "Configure
 * trusted roots and disallowed certificates". */
#include "cli/fetch.h"

const char *hm_trust_address(void)
{
	return "http://ctldl.windowsupdate.com/msdownload/update/v3/static/trustedr/en/";
}
