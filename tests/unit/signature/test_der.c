/* SPDX-License-Identifier: MIT */
#include "arena.h"
#include "check.h"
#include "forge/der.h"
#include "signature/der.h"
#include "signature/oid.h"

/* One element, read strictly and laxly. */
struct element_case {
	const char *name, *in;
	hm_err strict, lax;
	const char *why; /* of the strict reader */
};

/* clang-format off */
static const struct element_case elements[] = {
	{ "NULL", "0500", HM_OK, HM_OK, NULL },
	{ "127 octets claimed", "047f", HM_ETRUNC, HM_ETRUNC, "x" },
	{ "length in two octets", "048103 010203", HM_EFORMAT, HM_OK, "length is in its shortest form" },
	{ "length with a zero in front", "04820003 010203", HM_EFORMAT, HM_OK,
	  "length is in its shortest form" },
	{ "five length octets", "0485 0000000001 00", HM_EFORMAT, HM_EFORMAT, "length is below 2^32" },
	{ "length 2^31", "0484 80000000", HM_ETRUNC, HM_ETRUNC, "x" },
	{ "length 2^32 - 1", "0484 ffffffff", HM_ETRUNC, HM_ETRUNC, "x" },
	{ "length octets cut", "0484 ffff", HM_ETRUNC, HM_ETRUNC, "x" },
	{ "indefinite", "3080 0000", HM_EFORMAT, HM_EFORMAT, "length is definite" },
	{ "length octet 0xff", "04ff 00", HM_EFORMAT, HM_EFORMAT, "length is below 2^32" },
	{ "high tag", "1f8101 00", HM_EFORMAT, HM_EFORMAT, "tag is below 31" },
	{ "high tag, constructed", "3f01 00", HM_EFORMAT, HM_EFORMAT, "tag is below 31" },
	{ "no length", "30", HM_ETRUNC, HM_ETRUNC, "x" },
	{ "nothing", "", HM_ETRUNC, HM_ETRUNC, "x" },
};

struct time_case {
	const char *name, *text, *expect; /* "" where it is no time */
	unsigned tag;
};

static const struct time_case times[] = {
	{ "UTCTime", "230704010203Z", "2023-07-04T01:02:03.0000000Z", HM_DER_UTC_TIME },
	{ "year 49", "490101000000Z", "2049-01-01T00:00:00.0000000Z", HM_DER_UTC_TIME },
	{ "year 50", "500101000000Z", "1950-01-01T00:00:00.0000000Z", HM_DER_UTC_TIME },
	{ "no seconds", "2307040102Z", "2023-07-04T01:02:00.0000000Z", HM_DER_UTC_TIME },
	{ "east", "230704010203+0130", "2023-07-03T23:32:03.0000000Z", HM_DER_UTC_TIME },
	{ "west", "230704010203-0130", "2023-07-04T02:32:03.0000000Z", HM_DER_UTC_TIME },
	{ "second 60", "230704010260Z", "", HM_DER_UTC_TIME },
	{ "month 13", "231304010203Z", "", HM_DER_UTC_TIME },
	{ "30 February", "230230010203Z", "", HM_DER_UTC_TIME },
	{ "letters", "23070401020aZ", "", HM_DER_UTC_TIME },
	{ "cut", "23070401", "", HM_DER_UTC_TIME },
	{ "something after", "230704010203Z0", "", HM_DER_UTC_TIME },
	{ "fraction in UTCTime", "230704010203.5Z", "", HM_DER_UTC_TIME },
	{ "zone of 61 minutes", "230704010203+0061", "", HM_DER_UTC_TIME },
	{ "empty", "", "", HM_DER_UTC_TIME },
	{ "GeneralizedTime", "20500101000000Z", "2050-01-01T00:00:00.0000000Z",
	  HM_DER_GENERALIZED_TIME },
	{ "fraction", "20240427171921.1234567899Z", "2024-04-27T17:19:21.1234567Z",
	  HM_DER_GENERALIZED_TIME },
	{ "comma", "20240427171921,5Z", "2024-04-27T17:19:21.5000000Z", HM_DER_GENERALIZED_TIME },
	{ "hour only", "2024042717Z", "2024-04-27T17:00:00.0000000Z", HM_DER_GENERALIZED_TIME },
	{ "year 0", "00000101000000Z", "", HM_DER_GENERALIZED_TIME },
	{ "east of year 1", "00010101000000+0001", "", HM_DER_GENERALIZED_TIME },
	{ "end of time", "99991231235959Z", "9999-12-31T23:59:59.0000000Z",
	  HM_DER_GENERALIZED_TIME },
};

/* What typed readers make of an element: "" where they refuse it. */
struct value_case {
	const char *name, *in, *expect;
	char type; /* i small integer, b boolean, s bit string */
};

static const struct value_case values[] = {
	{ "0", "020100", "0", 'i' },
	{ "127", "02017f", "127", 'i' },
	{ "negative", "020180", "", 'i' },
	{ "128", "02020080", "128", 'i' },
	{ "2^32 - 1", "020500ffffffff", "4294967295", 'i' },
	{ "2^32", "02050100000000", "", 'i' },
	{ "six octets", "0206000000000001", "", 'i' },
	{ "empty integer", "0200", "", 'i' },
	{ "not an integer", "0a0101", "", 'i' },
	{ "true", "0101ff", "1", 'b' },
	{ "BER's true", "010101", "1", 'b' },
	{ "false", "010100", "0", 'b' },
	{ "two octets", "01020000", "", 'b' },
	{ "bits", "030200ff", "1", 's' },
	{ "seven unused", "03020780", "1", 's' },
	{ "eight unused", "03020880", "", 's' },
	{ "unused of nothing", "030101", "", 's' },
	{ "no bits", "030100", "0", 's' },
	{ "empty bit string", "0300", "", 's' },
};

/* BER with indefinite lengths, and what it is in definite ones; "" where it is refused. */
struct flat_case {
	const char *name, *in, *expect;
	size_t used;
};

static const struct flat_case flats[] = {
	{ "definite stays", "3003 020101", "3003020101", 5 },
	{ "definite with more behind", "3003 020101 0000", "30030201010000", 7 },
	{ "indefinite", "3080 020101 0000", "3003020101", 7 },
	{ "more behind", "3080 020101 0000 1234", "3003020101", 7 },
	{ "nested", "3080 3080 0500 0000 0000", "300430020500", 10 },
	{ "indefinite in definite", "3006 3080 0500 0000 0500", "300430020500", 8 },
	{ "long form kept elsewhere", "3080 30810505030102 03 0000", "300830810505030102" "03", 12 },
	{ "string in pieces", "2480 0402 6162 0401 63 0000", "0403616263", 11 },
	{ "pieces of pieces", "2480 2480 0401 61 0000 0401 62 0000", "04026162", 14 },
	{ "pieces in definite form stay outside", "2403 0401 61", "2403040161", 5 },
	{ "pieces in an indefinite parent", "3080 2403 0401 61 0000", "3003040161", 9 },
	{ "no end", "3080 0500", "", 0 },
	{ "end cut", "3080 0500 00", "", 0 },
	{ "primitive indefinite", "3080 0480 0000 0000", "", 0 },
	{ "child longer than its parent", "3080 3002 0405 0000", "", 0 },
};
/* clang-format on */

static void check_elements(struct hm_arena *a)
{
	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++) {
		const struct element_case *t = &elements[i];
		struct hm_cur strict = hm_cur_of(hex(a, t->in)), lax = strict;

		hm_der_next(&strict, "x");
		hm_ber_next(&lax, "x");
		check(strict.err == t->strict && lax.err == t->lax &&
			      (t->why == NULL || strcmp(strict.why, t->why) == 0),
		      "element: %s: %s, %s", t->name, hm_err_name(strict.err),
		      strict.why != NULL ? strict.why : "-");
	}
}

static void check_times(struct hm_arena *a)
{
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		struct hm_cur c = hm_cur_of(hm_mk_text(a, times[i].tag, times[i].text));
		char text[HM_TIME_TEXT];

		hm_time_text(hm_der_time(&c, "time"), text);
		check(c.err == HM_OK && strcmp(text, times[i].expect) == 0,
		      "time: %s: %s", times[i].name, text);
	}
}

static const char *value_of(struct hm_arena *a, const struct value_case *t)
{
	struct hm_cur c = hm_cur_of(hex(a, t->in));
	unsigned value = 0;

	if (t->type == 'i')
		value = hm_der_small(&c, "value");
	else if (t->type == 'b')
		value = hm_der_bool(&c, "value");
	else
		value = (unsigned)hm_der_bits(&c, "value").len;
	return c.err == HM_OK ? hm_format(a, "%u", value) : "";
}

static void check_flats(struct hm_arena *a)
{
	for (size_t i = 0; i < sizeof(flats) / sizeof(flats[0]); i++) {
		const struct flat_case *t = &flats[i];
		size_t used;
		hm_err err;
		hm_bytes got = hm_ber_flatten(hex(a, t->in), a, &used, &err);
		bool refused = t->expect[0] == '\0';

		check(refused ? err != HM_OK && got.len == 0
			      : err == HM_OK && hm_same(got, hex(a, t->expect)) &&
					used == t->used,
		      "flatten: %s: %s, %zu used, %zu octets", t->name, hm_err_name(err),
		      used, got.len);
	}
}

/* Too deep is told, and costs no stack. */
static void check_depth(struct hm_arena *a)
{
	hm_bytes deep = hm_mk_null(a);
	size_t used;
	hm_err err;

	for (int i = 0; i < 1000; i++)
		deep = hm_mk_indefinite(a, HM_MK_SEQUENCE, deep);
	hm_ber_flatten(deep, a, &used, &err);
	check(err == HM_ELIMIT, "1,000 indefinite lengths deep: %s", hm_err_name(err));
}

struct text_case {
	const char *name, *in, *expect;
};

/* clang-format off */
static const struct text_case texts[] = {
	{ "signedData", "2a864886f70d010702", "1.2.840.113549.1.7.2" },
	{ "joint arc above 39", "8837", "2.999" },
	{ "0.9", "09", "0.9" },
	{ "padding", "2a80863a", "" },
	{ "cut", "2a86", "" },
	{ "arc of 2^63", "2a81 8080808080808080 00", "" },
	{ "arc of 2^63 - 1", "2a ffffffffffffffff7f", "1.2.9223372036854775807" },
	{ "empty", "", "" },
};
/* clang-format on */

static void check_oids(struct hm_arena *a)
{
	for (enum hm_oid i = HM_OID_NONE + 1; i < HM_OID_COUNT; i++) {
		hm_bytes coded = hm_mk_without_header(hm_mk_oid(a, hm_oid_dotted(i)));

		if (!hm_same(coded, hm_oid_bytes(i)) || hm_oid_of(coded) != i ||
		    strcmp(hm_oid_text(coded, a), hm_oid_dotted(i)) != 0)
			check(false, "oid: %s", hm_oid_dotted(i));
	}
	check(hm_oid_of(hex(a, "2a0304")) == HM_OID_NONE,
	      "oid: all rows, and an unknown one");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		check(strcmp(hm_oid_text(hex(a, texts[i].in), a), texts[i].expect) == 0,
		      "oid text: %s", texts[i].name);
	hm_bytes long_one = hm_mk_fill(a, 1, 10000);

	check(strlen(hm_oid_text(long_one, a)) < 200, "oid text: 10,000 arcs are cut");
}

int main(void)
{
	struct hm_arena a = open_arena();

	check_elements(&a);
	check_times(&a);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		check(strcmp(value_of(&a, &values[i]), values[i].expect) == 0,
		      "value: %s: %s", values[i].name, value_of(&a, &values[i]));
	check_flats(&a);
	check_depth(&a);
	check_oids(&a);
	hm_arena_close(&a);
	return check_done();
}
