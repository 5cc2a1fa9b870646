/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
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

int main(void)
{
	test_syntax();
	test_depth();
	test_values();
	test_write();
	return check_done();
}
