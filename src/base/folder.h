/* SPDX-License-Identifier: MIT */
/*
 * folder.h: where hallmark keeps what lasts (XDG Base Directory Specification).
 */
#ifndef HM_BASE_FOLDER_H
#define HM_BASE_FOLDER_H

#include "base/bytes.h"

/* $XDG_DATA_HOME/hallmark, or ~/.local/share/hallmark.  False where neither is known or
 * the path does not fit in size bytes. */
bool hm_data_folder(char *out, size_t size);

#endif
