/* SPDX-License-Identifier: MIT */
/*
 * facts.h: what else can be said of a file, without judging it.
 *
 * The columns of sigcheck and of Defender that are about the file and not about
 * its signature: version resource, Authenticode digests whether signed or not,
 * import hash.  Texts as in verdict.h.
 */
#ifndef HM_VERDICT_FACTS_H
#define HM_VERDICT_FACTS_H

#include "base/buf.h"
#include "format/version.h"
#include "signature/crypto.h"

struct hm_facts {
	struct hm_version version;
	hm_bytes pesha1, pesha256; /* Authenticode digests; empty where no PE */
	hm_bytes imphash;          /* empty where hm_imports_text gives none */
	uint16_t machine;          /* IMAGE_FILE_MACHINE_*, 0 where no PE */
	bool plus;                 /* PE32+ */
};

struct hm_facts hm_facts_of(hm_bytes file, struct hm_crypto *crypto, struct hm_arena *a);

/* To cross from a worker, as verdict/wire.h. */
void hm_facts_write(const struct hm_facts *facts, struct hm_buf *out);
hm_err hm_facts_read(hm_bytes in, struct hm_arena *a, struct hm_facts *out);

#endif
