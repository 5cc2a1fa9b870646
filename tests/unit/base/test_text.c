/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "check.h"

#define VIEW(s)  { (const uint8_t *)(s), sizeof(s) - 1 }
#define BYTES(s) ((hm_bytes)VIEW(s))

/* clang-format off */
static const struct {
	const char *name;
	hm_bytes utf16;
	const char *utf8;
} utf16_cases[] = {
	{ "ASCII", VIEW("A\0b\0"), "Ab" },
	{ "two and three bytes", VIEW("\xe9\0\xac\x20"), "\xc3\xa9\xe2\x82\xac" },
	{ "a pair", VIEW("\x3d\xd8\x00\xde"), "\xf0\x9f\x98\x80" },
	{ "high alone", VIEW("\x3d\xd8" "A\0"), "\xef\xbf\xbd" "A" },
	{ "low alone", VIEW("\x00\xde"), "\xef\xbf\xbd" },
	{ "high at the end", VIEW("\x3d\xd8"), "\xef\xbf\xbd" },
	{ "odd byte", VIEW("A\0b"), "A" },
	{ "nothing", VIEW(""), "" },
};

static const struct {
	const char *text;
	bool valid;
} utf8_cases[] = {
	{ "plain", true }, { "\xc3\xa9", true }, { "\xef\xbf\xbd", true }, { "\xf4\x8f\xbf\xbf", true },
	{ "\xc0\x80", false }, { "\xed\xa0\x80", false }, { "\xf4\x90\x80\x80", false },
	{ "\xe2\x82", false }, { "\x80", false }, { "\xff", false }, { "\xe0\x80\xaf", false },
};
/* clang-format on */

static void test_utf16(void)
{
	for (size_t i = 0; i < sizeof(utf16_cases) / sizeof(utf16_cases[0]); i++) {
		struct hm_buf b = hm_buf_of(64);

		hm_put_utf16le(&b, utf16_cases[i].utf16);
		check(hm_is(hm_buf_bytes(&b), utf16_cases[i].utf8), "UTF-16: %s",
		      utf16_cases[i].name);
		hm_buf_done(&b);
	}
}

static void test_utf8(void)
{
	for (size_t i = 0; i < sizeof(utf8_cases) / sizeof(utf8_cases[0]); i++)
		check(hm_utf8_valid(hm_bytes_of(utf8_cases[i].text)) ==
			      utf8_cases[i].valid,
		      "UTF-8 case %zu", i);
}

static void test_hex(void)
{
	struct hm_buf b = hm_buf_of(64);
	uint8_t out[3];

	hm_put_hex(&b, BYTES("\x00\xab\xff"));
	check(hm_is(hm_buf_bytes(&b), "00abff"), "to hex");
	check(hm_unhex(hm_bytes_of("00ABff"), out, 3) &&
		      memcmp(out, "\x00\xab\xff", 3) == 0,
	      "from hex of either case");
	check(!hm_unhex(hm_bytes_of("00a"), out, 1), "odd number of digits");
	check(!hm_unhex(hm_bytes_of("0g"), out, 1), "not a digit");
	hm_buf_done(&b);
}

int main(void)
{
	test_utf16();
	test_utf8();
	test_hex();
	check(hm_is(hm_trim(hm_bytes_of(" \t a b\r\n")), "a b"), "trim");
	check(hm_trim(hm_bytes_of("  ")).len == 0, "trim of blanks");
	check(hm_is_nocase(hm_bytes_of("SHA1"), "sha1") &&
		      !hm_is_nocase(hm_bytes_of("SHA"), "sha1"),
	      "ASCII case");
	return check_done();
}
