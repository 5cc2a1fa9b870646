/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bytes.h"
#include "check.h"

static const uint8_t input[] = { 1, 2, 3, 4, 5, 6, 7, 8 };

struct read_case {
	const char *name;
	size_t len;     /* bytes of input offered */
	uint64_t seek;  /* then go here */
	uint32_t value; /* then read this */
	hm_err err;
	const char *why;
};

/* clang-format off */
static const struct read_case cases[] = {
	{ .name = "first word", .len = 8, .value = 0x04030201 },
	{ .name = "last word", .len = 8, .seek = 4, .value = 0x08070605 },
	{ .name = "one byte short", .len = 3, .err = HM_ETRUNC, .why = "word" },
	{ .name = "nothing", .len = 0, .err = HM_ETRUNC, .why = "word" },
	{ .name = "at the end", .len = 8, .seek = 8, .err = HM_ETRUNC, .why = "word" },
	{ .name = "past the end", .len = 8, .seek = 9, .err = HM_ETRUNC, .why = "seek" },
	{ .name = "wraps 32 bits", .len = 8, .seek = 0x100000000, .err = HM_ETRUNC, .why = "seek" },
	{ .name = "wraps 64 bits", .len = 8, .seek = UINT64_MAX, .err = HM_ETRUNC, .why = "seek" },
};
/* clang-format on */

static void test_reads(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct read_case *t = &cases[i];
		struct hm_cur c = hm_cur_of((hm_bytes){ input, t->len });

		hm_seek(&c, t->seek, "seek");
		uint32_t value = hm_u32le(&c, "word");
		bool why = t->why == NULL ? c.why == NULL
					  : c.why != NULL && strcmp(c.why, t->why) == 0;
		check(value == t->value && c.err == t->err && why, "%s: %#x, %s", t->name,
		      (unsigned)value, hm_err_name(c.err));
	}
}

static void test_first_failure_sticks(void)
{
	struct hm_cur c = hm_cur_of((hm_bytes){ input, sizeof(input) });

	hm_rule(&c, false, "first");
	hm_take(&c, UINT64_MAX, "second");
	hm_seek(&c, 0, "third");
	check(c.err == HM_EFORMAT && strcmp(c.why, "first") == 0, "first failure sticks");
	check(hm_u8(&c, "byte") == 0 && !hm_more(&c), "and reads yield zero after it");
}

static void test_sub_knows_its_origin(void)
{
	struct hm_cur c = hm_cur_of((hm_bytes){ input, sizeof(input) });

	hm_take(&c, 3, "head");
	struct hm_cur sub = hm_sub(&c, 2, "body");
	check(hm_u16le(&sub, "pair") == 0x0504 && hm_tell(&sub) == 2 && sub.start == 3,
	      "sub cursor knows its origin");
	hm_u8(&sub, "beyond");
	hm_join(&c, &sub);
	check(c.err == HM_ETRUNC && c.pos == 5 && c.where == 5,
	      "and its failure joins the parent");
}

static void test_random_access(void)
{
	hm_bytes in = { input, 8 }, none = { 0 };

	check(hm_at8(in, 7) == 8 && hm_at8(in, 8) == 0 && hm_at8(none, 0) == 0, "at8");
	check(hm_at16le(in, 6) == 0x0807 && hm_at16le(in, 7) == 0 &&
		      hm_at16le((hm_bytes){ input, 1 }, SIZE_MAX) == 0,
	      "at16");
	check(hm_at32le(in, 4) == 0x08070605 && hm_at32le(in, 5) == 0 &&
		      hm_at32le(in, SIZE_MAX - 1) == 0,
	      "at32");
	check(hm_at64le(in, 0) == 0x0807060504030201 && hm_at64le(in, 1) == 0, "at64");
	check(hm_part(in, 2, 6).at == input + 2 && hm_part(in, 8, 0).len == 0 &&
		      hm_part(in, 3, 6).at == NULL && hm_part(in, 9, 0).at == NULL &&
		      hm_part(in, 1, SIZE_MAX).at == NULL,
	      "part");
}

/* Each byte in turn at each place of two words and some, plain bytes around it. */
static void test_runs(void)
{
	int wrong_plain = 0, wrong_ascii = 0;

	for (size_t at = 0; at < 19; at++) {
		for (unsigned byte = 0; byte < 256; byte++) {
			uint8_t text[19];
			bool plain = byte >= 0x20 && byte != '"' && byte != '\\';

			memset(text, 'a', sizeof(text));
			text[at] = (uint8_t)byte;
			hm_bytes all = { text, sizeof(text) };
			struct hm_cur c = hm_cur_of(all);
			hm_bytes run = hm_take_plain(&c);
			wrong_plain += run.len != (plain ? sizeof(text) : at) ||
				       c.pos != run.len || c.err != HM_OK;
			wrong_ascii +=
				hm_ascii_len(all) != (byte < 0x80 ? sizeof(text) : at);
		}
	}
	check(wrong_plain == 0, "a plain run ends at a quote, a backslash or a control");
	check(wrong_ascii == 0, "an ASCII run ends at the first byte that is none");
	check(hm_ascii_len((hm_bytes){ 0 }) == 0, "an empty text has none");

	struct hm_cur c = hm_cur_of((hm_bytes){ input, sizeof(input) });
	hm_rule(&c, false, "failed before");
	check(hm_take_plain(&c).len == 0 && c.pos == 0,
	      "nothing is taken after a failure");
}

int main(void)
{
	test_runs();
	test_random_access();
	test_reads();
	test_first_failure_sticks();
	test_sub_knows_its_origin();
	return check_done();
}
