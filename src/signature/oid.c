/* SPDX-License-Identifier: MIT */
#include "signature/oid.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"

struct row {
	const char *dotted, *bytes, *name;
	size_t len;
};

/* clang-format off */
static const struct row rows[HM_OID_COUNT] = {
	[HM_OID_NONE] = { "", "", "", 0 },
#define OID(symbol, dotted, bytes, name) \
	[HM_OID_##symbol] = { dotted, bytes, name, sizeof(bytes) - 1 },
#include "signature/oid.def"
#undef OID
};
/* clang-format on */

enum hm_oid hm_oid_of(hm_bytes value)
{
	for (enum hm_oid i = HM_OID_NONE + 1; value.len != 0 && i < HM_OID_COUNT; i++)
		/* The last octet differs most: it is looked at first. */
		if (rows[i].len == value.len &&
		    (uint8_t)rows[i].bytes[value.len - 1] == value.at[value.len - 1] &&
		    memcmp(rows[i].bytes, value.at, value.len) == 0)
			return i;
	return HM_OID_NONE;
}

const char *hm_oid_dotted(enum hm_oid oid)
{
	return rows[oid].dotted;
}

const char *hm_oid_name(enum hm_oid oid)
{
	return rows[oid].name;
}

hm_bytes hm_oid_bytes(enum hm_oid oid)
{
	return (hm_bytes){ (const uint8_t *)rows[oid].bytes, rows[oid].len };
}

/* One arc in base 128; false past 2^63, with padding or at a broken end. */
static bool read_arc(struct hm_cur *c, uint64_t *out)
{
	uint64_t arc = 0;
	uint8_t octet = hm_u8(c, "arc");

	hm_rule(c, octet != 0x80, "an arc has no padding");
	for (; (octet & 0x80) != 0 && c->err == HM_OK; octet = hm_u8(c, "arc")) {
		hm_rule(c, arc >> 49 == 0, "an arc is below 2^63");
		arc = arc << 7 | (octet & 0x7f);
	}
	*out = arc << 7 | octet;
	return c->err == HM_OK;
}

const char *hm_oid_text(hm_bytes value, struct hm_arena *a)
{
	struct hm_cur c = hm_cur_of(value);
	struct hm_buf b = hm_buf_of(HM_MAX_OID_ARCS * 21 + 4);
	uint64_t arc;

	for (int n = 0; hm_more(&c) && read_arc(&c, &arc); n++) {
		if (n == HM_MAX_OID_ARCS) {
			hm_put_str(&b, "...");
			break;
		}
		if (n == 0) {
			uint64_t top = arc < 80 ? arc / 40 : 2;

			hm_putf(&b, "%d.%llu", (int)top,
				(unsigned long long)(arc - top * 40));
		} else {
			hm_putf(&b, ".%llu", (unsigned long long)arc);
		}
	}
	const char *text =
		c.err == HM_OK && b.err == HM_OK ? hm_cstr(a, hm_buf_bytes(&b)) : "";
	hm_buf_done(&b);
	return text;
}
