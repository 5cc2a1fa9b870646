/* SPDX-License-Identifier: MIT */
#include "signature/salvage.h"

#include "base/limits.h"

enum {
	SEQUENCE = 0x30,
	LONG_LENGTH = 0x82, /* two octets of length follow: 256 bytes to 64 KiB */
};

/* A SEQUENCE of 256 bytes or more whose first element is another: as a certificate
 * begins.  Its length with its header, or 0. */
static size_t certificate_here(struct hm_cur c)
{
	bool outer = hm_u8(&c, "tag") == SEQUENCE && hm_u8(&c, "length") == LONG_LENGTH;
	size_t len = (size_t)hm_u8(&c, "length") << 8;

	len |= hm_u8(&c, "length");
	bool whole = len <= hm_left(&c);
	bool inner = hm_u8(&c, "tag") == SEQUENCE && hm_u8(&c, "length") == LONG_LENGTH;
	return outer && inner && whole && c.err == HM_OK ? len + 4 : 0;
}

struct hm_cert *hm_salvage_certs(hm_bytes in, struct hm_arena *a, size_t *num)
{
	struct hm_cert *certs = hm_new_n(a, struct hm_cert, HM_MAX_SALVAGED);
	struct hm_cur c = hm_cur_of(in);
	int tries = 0;

	*num = 0;
	while (hm_more(&c) && *num < HM_MAX_SALVAGED && tries < HM_MAX_SALVAGE_TRIES) {
		struct hm_cur here = c;
		size_t len = certificate_here(c);

		hm_take(&c, 1, "byte");
		if (len == 0)
			continue;
		tries++;
		struct hm_cert cert = hm_cert_read(hm_take(&here, len, "certificate"), a);
		if (cert.err != HM_OK || cert.subject.len == 0)
			continue;
		certs[(*num)++] = cert;
		c = here;
	}
	return certs;
}
