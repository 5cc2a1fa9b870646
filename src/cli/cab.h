/* SPDX-License-Identifier: MIT */
/*
 * cab.h: the one file in a cabinet, unpacked in a box.
 *
 * Microsoft delivers its lists in cabinets.  libarchive reads them, in a worker
 * that can reach nothing, and no more than HM_MAX_LIST_BYTES come out.
 */
#ifndef HM_CLI_CAB_H
#define HM_CLI_CAB_H

#include "base/buf.h"

/* out gets the first file of the cabinet in fd; on failure *why is a sentence that
 * lasts. */
hm_err hm_cab_unpack(int fd, struct hm_buf *out, const char **why);

#endif
