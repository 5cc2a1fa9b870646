/* SPDX-License-Identifier: MIT */
/* Property: see ingest.h.  The input is JSON in any layout, read as lines and as a stream
 * of values. */
#include "ingest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ingest_fuzz(HM_INGEST_STREAM, data, size);
	return ingest_fuzz(HM_INGEST_LINES, data, size);
}
