/* SPDX-License-Identifier: MIT */
/* Property: see ingest.h.  The input is events in XML. */
#include "ingest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return ingest_fuzz(HM_INGEST_XML, data, size);
}
