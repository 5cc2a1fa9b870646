/* SPDX-License-Identifier: MIT */
#include "base/folder.h"

#include <stdio.h>
#include <stdlib.h>

bool hm_data_folder(char *out, size_t size)
{
	const char *data = getenv("XDG_DATA_HOME");
	const char *home = getenv("HOME");
	int len = -1;

	/* the specification has relative paths ignored */
	if (data != NULL && data[0] == '/')
		len = snprintf(out, size, "%s/hallmark", data);
	else if (home != NULL && home[0] == '/')
		len = snprintf(out, size, "%s/.local/share/hallmark", home);
	return len > 0 && (size_t)len < size;
}
