/* SPDX-License-Identifier: MIT */
/* Encodings against bytes worked out by hand from X.690. */
#include <stdlib.h>

#include "base/text.h"
#include "check.h"
#include "forge/cert.h"

HM_NORETURN static void full(void *ctx)
{
	(void)ctx;
	abort();
}

static void check_hex(struct hm_arena *a, hm_bytes got, const char *want,
		      const char *name)
{
	struct hm_buf hex = hm_buf_of(1 << 20);

	hm_put_hex(&hex, got);
	check(hm_is(hm_buf_bytes(&hex), want), "%s is %s", name, want);
	hm_buf_done(&hex);
	(void)a;
}

static void check_values(struct hm_arena *a)
{
	check_hex(a, hm_mk_oid(a, "1.2.840.113549.1.7.2"), "06092a864886f70d010702",
		  "signedData");
	check_hex(a, hm_mk_oid(a, "2.999.3"), "0603883703", "an arc above 39 under 2");
	check_hex(a, hm_mk_int(a, 0), "020100", "0");
	check_hex(a, hm_mk_int(a, 127), "02017f", "127");
	check_hex(a, hm_mk_int(a, 128), "02020080", "128");
	check_hex(a, hm_mk_int(a, 0x1001), "02021001", "0x1001");
	check_hex(a, hm_mk_bool(a, true), "0101ff", "TRUE");
	check_hex(a, hm_mk_null(a), "0500", "NULL");
	check_hex(a, hm_mk_bits(a, hm_mk_fill(a, 0xaa, 2)), "030300aaaa", "bits");
	hm_time y2049 = hm_time_parse(hm_bytes_of("2049-12-31T23:59:59Z"));
	check_hex(a, hm_mk_time(a, y2049), "170d3439313233313233353935395a", "2049");
	check_hex(a, hm_mk_time(a, y2049 + HM_TICKS_SECOND),
		  "180f32303530303130313030303030305a", "2050");
}

static void check_lengths(struct hm_arena *a)
{
	hm_bytes x = hm_mk_fill(a, 0x55, 1);

	check_hex(a, hm_mk_part(hm_mk_octets(a, hm_mk_fill(a, 0, 127)), 0, 3), "047f00",
		  "127");
	check_hex(a, hm_mk_part(hm_mk_octets(a, hm_mk_fill(a, 0, 128)), 0, 3), "048180",
		  "128");
	check_hex(a, hm_mk_part(hm_mk_octets(a, hm_mk_fill(a, 0, 65536)), 0, 5),
		  "0483010000", "65536");
	check_hex(a, hm_mk_long_length(a, 4, x, 1), "04810155", "needless length octet");
	check_hex(a, hm_mk_long_length(a, 4, x, 5), "0485000000000155", "five of them");
	check_hex(a, hm_mk_claimed_length(a, 4, UINT32_MAX, x), "0484ffffffff55",
		  "a lie");
	check_hex(a, hm_mk_indefinite(a, 0x30, hm_mk_null(a)), "308005000000",
		  "indefinite");
}

static void check_shapes(struct hm_arena *a)
{
	check_hex(a, hm_mk_set(a, hm_mk_int(a, 2), hm_mk_null(a), hm_mk_int(a, 1)),
		  "31080201010201020500", "SET OF sorts");
	check_hex(a, hm_mk_ext_usage(a, 0x06), "300e0603551d0f0101ff040403020106",
		  "keyCertSign and cRLSign");
	check_hex(a, hm_mk_without_header(hm_mk_octets(a, hm_mk_fill(a, 7, 200))),
		  "0707070707070707070707070707070707070707070707070707070707070707070707"
		  "0707070707070707070707070707070707070707070707070707070707070707070707"
		  "0707070707070707070707070707070707070707070707070707070707070707070707"
		  "0707070707070707070707070707070707070707070707070707070707070707070707"
		  "0707070707070707070707070707070707070707070707070707070707070707070707"
		  "07070707070707070707070707070707070707070707070707",
		  "content of 200 octets");
	check(hm_is(hm_mk_pem(a, "X", hm_bytes_of("any carnal pleas")),
		    "-----BEGIN X-----\nYW55IGNhcm5hbCBwbGVhcw==\n-----END X-----\n"),
	      "PEM");
}

int main(void)
{
	struct hm_arena a;

	if (hm_arena_open(1 << 24, full, NULL, &a) != HM_OK)
		return 1;
	check_values(&a);
	check_lengths(&a);
	check_shapes(&a);
	hm_arena_close(&a);
	return check_done();
}
