/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "check.h"

static unsigned char memory[1 << 20];

HM_NORETURN static void full(void *ctx)
{
	(void)ctx;
	abort();
}

/* clang-format off */
static const struct {
	const char *text;
	hm_err err;
	size_t where;
} cases[] = {
	{ "null", HM_OK, 0 }, { " true ", HM_OK, 0 }, { "-0.5e+10", HM_OK, 0 },
	{ "\"a\\u00e9\\n\"", HM_OK, 0 }, { "[]", HM_OK, 0 }, { "{}", HM_OK, 0 },
	{ "[1,[2,{\"a\":[]}],3]", HM_OK, 0 }, { "{\"a\":1,\"a\":2}", HM_OK, 0 },
	{ "", HM_EFORMAT, 0 }, { "nul", HM_EFORMAT, 0 }, { "[1,]", HM_EFORMAT, 3 },
	{ "[,1]", HM_EFORMAT, 1 }, { "[1 2]", HM_EFORMAT, 4 }, { "{\"a\"}", HM_EFORMAT, 5 },
	{ "{a:1}", HM_EFORMAT, 2 }, { "01", HM_OK, 0 /* 0, and 1 is left over */ },
	{ "-", HM_EFORMAT, 1 }, { "1.", HM_EFORMAT, 2 }, { "1e", HM_EFORMAT, 2 },
	{ "\"\\x\"", HM_EFORMAT, 3 }, { "\"\\u12g4\"", HM_EFORMAT, 7 }, { "\"abc", HM_ETRUNC, 4 },
	{ "\"a\tb\"", HM_EFORMAT, 3 }, { "[1", HM_ETRUNC, 2 }, { "{\"a\":1]", HM_EFORMAT, 7 },
};
/* clang-format on */

static void test_syntax(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hm_arena a = hm_arena_of(memory, sizeof(memory), full, NULL);
		struct hm_cur c = hm_cur_of(hm_bytes_of(cases[i].text));

		struct hm_json *node = hm_json_read(&c, &a);
		check((node != NULL) == (cases[i].err == HM_OK) &&
			      c.err == cases[i].err &&
			      (node != NULL || c.where == cases[i].where),
		      "%s: %s at %zu (%s)", cases[i].text, hm_err_name(c.err),
		      (size_t)c.where, c.why != NULL ? c.why : "");
	}
}

static void test_depth(void)
{
	char deep[200];
	struct hm_arena a = hm_arena_of(memory, sizeof(memory), full, NULL);
	struct hm_cur c;

	memset(deep, '[', 65);
	memset(deep + 65, ']', 65);
	c = hm_cur_of((hm_bytes){ (const uint8_t *)deep, 130 });
	check(hm_json_read(&c, &a) == NULL && c.err == HM_ELIMIT,
	      "65 levels are too deep");
	c = hm_cur_of((hm_bytes){ (const uint8_t *)deep + 1, 128 });
	check(hm_json_read(&c, &a) != NULL, "64 are not");
}

static void test_values(void)
{
	struct hm_arena a = hm_arena_of(memory, sizeof(memory), full, NULL);
	int64_t n = 0;

	struct hm_cur c = hm_cur_of(hm_bytes_of(
		"{\"s\":\"a\\\\b\\ud83d\\ude00\\ud83d\",\"n\":-9223372036854775808,"
		"\"m\":9223372036854775808,\"x\":1,\"x\":2,\"o\":{\"k\":[1, 2 ]}}"));
	struct hm_json *o = hm_json_read(&c, &a);
	check(o != NULL && o->count == 6, "object");
	check(hm_is(hm_json_string(hm_json_get(o, "s"), &a),
		    "a\\b\xf0\x9f\x98\x80\xef\xbf\xbd"),
	      "escapes, a pair, and half a pair");
	check(hm_json_int(hm_json_get(o, "n"), &n) && n == INT64_MIN, "the least int64");
	check(!hm_json_int(hm_json_get(o, "m"), &n), "one past the greatest");
	check(hm_json_int(hm_json_get(o, "x"), &n) && n == 2, "the last of two wins");
	check(hm_json_get_nocase(o, "S") != NULL && hm_json_get(o, "S") == NULL, "case");
	const struct hm_json *k = hm_json_get(hm_json_get(o, "o"), "k");
	check(k != NULL && hm_is(k->text, "[1, 2 ]"), "a container's own text");
}

static void test_write(void)
{
	struct hm_buf b = hm_buf_of(1000);
	struct hm_json_out o = hm_json_out_of(&b);

	hm_json_open(&o, '{');
	hm_json_member(&o, "a\"",
		       (hm_bytes){ (const uint8_t *)"x\n\x01\xff\xc3\xa9", 6 });
	hm_json_name(&o, hm_bytes_of("b"));
	hm_json_open(&o, '[');
	hm_json_put_int(&o, -1);
	hm_json_put_bool(&o, true);
	hm_json_put_null(&o);
	hm_json_open(&o, '{');
	hm_json_close(&o, '}');
	hm_json_close(&o, ']');
	hm_json_member_int(&o, "c", 2);
	hm_json_close(&o, '}');
	check(hm_is(hm_buf_bytes(&b), "{\"a\\\"\":\"x\\n\\u0001\xef\xbf\xbd\xc3\xa9\","
				      "\"b\":[-1,true,null,{}],\"c\":2}"),
	      "written: %.*s", (int)b.len, (const char *)b.at);
	hm_buf_done(&b);
}

/* The fast way equals the plain one: to UTF-8 first, then quoted. */
static bool same_both_ways(hm_bytes utf16)
{
	struct hm_buf utf8 = hm_buf_of(1 << 16), slow = hm_buf_of(1 << 16),
		      fast = hm_buf_of(1 << 16);

	hm_put_utf16le(&utf8, utf16);
	hm_put_json_string(&slow, hm_buf_bytes(&utf8));
	hm_put_u8(&fast, '"');
	hm_put_json_utf16le(&fast, utf16);
	hm_put_u8(&fast, '"');
	bool same =
		fast.err == HM_OK && hm_same(hm_buf_bytes(&slow), hm_buf_bytes(&fast));
	hm_buf_done(&utf8);
	hm_buf_done(&slow);
	hm_buf_done(&fast);
	return same;
}

static void test_utf16(void)
{
	static const uint16_t odd[] = { '"',    '\\',   0,      7,     '\n',   0x1f,
					0x7f,   0x80,   0x7ff,  0x800, 0x2028, 0xd7ff,
					0xd83d, 0xde00, 0xe000, 0xffff };
	enum { UNITS = 1100 };
	uint8_t text[2 * UNITS];
	size_t bad = 0;
	uint32_t seed = 1;

	for (size_t len = 0; len <= sizeof(text); len += len < 80 ? 1 : 85) {
		for (size_t i = 0; i + 1 < len; i += 2) {
			seed = seed * 1664525 + 1013904223;
			uint16_t unit = (uint16_t)('A' + (seed >> 24) % 26);

			if ((seed >> 16) % 11 == 0)
				unit = odd[(seed >> 8) % (sizeof(odd) / sizeof(odd[0]))];
			text[i] = (uint8_t)unit;
			text[i + 1] = (uint8_t)(unit >> 8);
		}
		bad += !same_both_ways((hm_bytes){ text, len });
	}
	check(bad == 0, "UTF-16 to JSON equals UTF-16 to UTF-8 to JSON");
	for (size_t i = 0; i + 1 < sizeof(text); i += 2) {
		text[i] = i % 4 == 0 ? 0x3d : 0x00;
		text[i + 1] = i % 4 == 0 ? 0xd8 : 0xde;
	}
	check(same_both_ways((hm_bytes){ text + 2, sizeof(text) - 2 }),
	      "pairs across the edge of a piece");

	struct hm_buf small = hm_buf_of(16);
	hm_put_json_utf16le(&small, (hm_bytes){ text, 64 });
	check(small.err == HM_ELIMIT, "a full buffer is told of");
	hm_buf_done(&small);
}

int main(void)
{
	test_utf16();
	test_syntax();
	test_depth();
	test_values();
	test_write();
	return check_done();
}
