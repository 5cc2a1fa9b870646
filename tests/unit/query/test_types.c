/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "check.h"
#include "query/diag.h"
#include "query/funcs.h"
#include "query/plan.h"

static void test_types(void)
{
	enum hm_scalar type;

	check(hm_scalar_named(hm_bytes_of("double"), &type) && type == HM_SCALAR_REAL,
	      "double is real");
	check(!hm_scalar_named(hm_bytes_of("reals"), &type), "reals is no type");
}

/* A look-up is a binary search: a row out of order would not be found. */
static void test_functions(void)
{
	unsigned lost = 0;

	for (unsigned i = 1; i < HM_FN_COUNT; i++) {
		const enum hm_fn fn = (enum hm_fn)i;
		const struct hm_fn_info *info = hm_fn_info(fn);
		const hm_bytes name = hm_bytes_of(info->name);

		if (info->kind == HM_FN_KIND_AGG)
			lost += hm_agg_named(name) != fn;
		else if (info->kind != HM_FN_KIND_OPERATOR)
			lost += hm_fn_named(name) != fn;
	}
	check(lost == 0, "every function is found by its name");
	check(hm_fn_named(hm_bytes_of("dcount")) == HM_FN_NONE,
	      "an aggregate is no function");
}

static void test_distance(void)
{
	check(hm_edit_distance(hm_bytes_of("Signr"), hm_bytes_of("signer"), 3) == 1,
	      "one letter lost");
	check(hm_edit_distance(hm_bytes_of("abc"), hm_bytes_of("xyz"), 2) == 3,
	      "too far");
}

static void test_caret(void)
{
	const hm_bytes text = hm_bytes_of("T\n\tx \xC3\xA9 | foo bar");
	struct hm_diag d = {
		.code = "KS000", .message = hm_bytes_of("no"), .at = 9, .len = 3
	};
	struct hm_buf out = hm_buf_of(1000);

	hm_diag_place(&d, text);
	hm_diag_put(&out, "f", text, &d);
	check(hm_is(hm_buf_bytes(&out),
		    "f:2:7: KS000: no\n  \tx \xC3\xA9 | foo bar\n  \t     ^~~\n"),
	      "line, column and caret count characters");
	hm_buf_done(&out);
}

HM_NORETURN static void full(void *ctx)
{
	(void)ctx;
	abort();
}

static void test_message(void)
{
	static const struct {
		const char *text, *kept;
	} rows[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "\xC3\xA9", "\xC3\xA9" },
		{ "a\xC3", "a" },
		{ "a\xE2\x82\xAC", "a\xE2\x82\xAC" },
		{ "a\xE2\x82", "a" },
		{ "\xF0\x9F", "" },
	};
	struct hm_arena a;

	if (hm_arena_open(1 << 20, full, NULL, &a) != HM_OK)
		return;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		check(hm_is(hm_diag_message(&a, rows[i].text), rows[i].kept),
		      "message %zu ends with a whole character", i);
	hm_arena_close(&a);
}

int main(void)
{
	test_types();
	test_functions();
	test_distance();
	test_caret();
	test_message();
	return check_done();
}
