/* SPDX-License-Identifier: MIT */
/*
 * salvage.h: certificates in the ruins of a signature.
 *
 * A message whose frame is damaged decides nothing, but the certificates in it
 * may be whole, and who asks for the signer of a bad file must get an answer:
 * detections leave out what has none.  Found by their shape, in file order.
 */
#ifndef HM_SIGNATURE_SALVAGE_H
#define HM_SIGNATURE_SALVAGE_H

#include "signature/cert.h"

/* Up to HM_MAX_SALVAGED certificates that can be read to their end; views of in. */
struct hm_cert *hm_salvage_certs(hm_bytes in, struct hm_arena *a, size_t *num);

#endif
