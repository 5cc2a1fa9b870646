/* SPDX-License-Identifier: MIT */
/* Comparisons that prove nothing or can never hold (domain.md 2.1, 2.3, 8.4). */
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "query/fault.h"
#include "query/lint_own.h"

/* ---- columns ---- */

/* clang-format off */
static const struct {
	const char *name;
	int digits;
} hex_columns[] = {
	{ "SHA1", 40 }, { "SHA256", 64 }, { "MD5", 32 },
	{ "InitiatingProcessSHA1", 40 }, { "InitiatingProcessSHA256", 64 },
	{ "InitiatingProcessMD5", 32 },
	{ "SignatureSHA256", 64 }, { "SignatureMD5", 32 },
	{ "SignerHash", 40 }, { "IssuerHash", 40 },
	{ "CertificateSerialNumber", 0 }, { "SignatureDigest", 0 },
};

static const char *const proofs[] = {
	"IsTrusted", "IsCertificateValid", "SignatureState", "SignatureReason", "SignerHash",
	"IssuerHash", "CertificateSerialNumber",
};

/* The words that a column of a table can hold; case counts. */
static const struct {
	const char *table, *column, *words[8];
} word_columns[] = {
	{ "DeviceFileCertificateInfo", "SignatureState",
	  { "Valid", "Unsigned", "Invalid", "Untrusted", "Expired", "Revoked", "Unknown" } },
	{ "DeviceFileCertificateInfo", "SignatureType", { "Embedded", "Catalog" } },
	{ "DeviceFileCertificateInfo", "SignatureCertainty", { "sure", "likely", "guess" } },
	{ "FileProfile", "SignatureState",
	  { "SignedValid", "SignedInvalid", "Unsigned", "Unknown" } },
	{ "FileProfile", "ProfileAvailability", { "Available", "Missing", "Error" } },
};
/* clang-format on */

int hm_lint_digits(hm_bytes column)
{
	for (size_t i = 0; i < sizeof hex_columns / sizeof hex_columns[0]; i++)
		if (hm_is(column, hex_columns[i].name))
			return hex_columns[i].digits;
	return -1;
}

bool hm_lint_is_proof(hm_bytes column)
{
	for (size_t i = 0; i < sizeof proofs / sizeof proofs[0]; i++)
		if (hm_is(column, proofs[i]))
			return true;
	return false;
}

/* ---- operators ---- */

/* How an operator compares: the whole value, and whether case counts. */
struct comparing {
	bool any, whole, cased;
};

static struct comparing comparing_of(enum hm_fn fn)
{
	static const struct {
		enum hm_fn fn;
		bool whole, cased;
	} rows[] = {
		{ HM_FN_op_eq, true, true },
		{ HM_FN_op_ne, true, true },
		{ HM_FN_op_in, true, true },
		{ HM_FN_op_not_in, true, true },
		{ HM_FN_op_eq_ci, true, false },
		{ HM_FN_op_ne_ci, true, false },
		{ HM_FN_op_in_ci, true, false },
		{ HM_FN_op_not_in_ci, true, false },
		{ HM_FN_op_has, false, false },
		{ HM_FN_op_not_has, false, false },
		{ HM_FN_op_has_cs, false, true },
		{ HM_FN_op_not_has_cs, false, true },
		{ HM_FN_op_has_any, false, false },
		{ HM_FN_op_has_all, false, false },
		{ HM_FN_op_contains, false, false },
		{ HM_FN_op_not_contains, false, false },
		{ HM_FN_op_contains_cs, false, true },
		{ HM_FN_op_not_contains_cs, false, true },
		{ HM_FN_op_startswith, false, false },
		{ HM_FN_op_not_startswith, false, false },
		{ HM_FN_op_startswith_cs, false, true },
		{ HM_FN_op_not_startswith_cs, false, true },
		{ HM_FN_op_endswith, false, false },
		{ HM_FN_op_not_endswith, false, false },
		{ HM_FN_op_endswith_cs, false, true },
		{ HM_FN_op_not_endswith_cs, false, true },
		{ HM_FN_op_matches_regex, false, true },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].fn == fn)
			return (struct comparing){ true, rows[i].whole, rows[i].cased };
	return (struct comparing){ 0 };
}

/* A column compared with a text of the query. */
struct comparison {
	struct comparing how;
	struct hm_root root;
	struct hm_span at;
};

/* ---- the text compared with ---- */

static bool is_hex(uint8_t c)
{
	c = hm_lower(c);
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

struct shape {
	size_t digits;
	bool upper, separated, other;
};

static struct shape shape_of(hm_bytes text)
{
	struct shape s = { 0 };

	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.at[i];

		s.digits += is_hex(c);
		s.upper |= is_hex(c) && c >= 'A' && c <= 'F';
		s.separated |= c == ':' || c == ' ' || c == '-';
		s.other |= !is_hex(c) && c != ':' && c != ' ' && c != '-';
	}
	return s;
}

/* Of a value that is hex digits, with separators or without. */
static void check_digits(struct hm_linter *l, const struct comparison *c, hm_bytes text,
			 const struct shape *s)
{
	if (s->separated)
		hm_lint_add(l, "HM103", c->at,
			    "%.*s holds hex digits without separators: \"%.*s\" can "
			    "never be found in it.",
			    HM_SHOW(c->root.column), HM_SHOW(text));
	else if (s->upper && c->how.cased)
		hm_lint_add(l, "HM102", c->at,
			    "%.*s holds lower-case hex, and this operator minds case: "
			    "\"%.*s\" can never be found in it.",
			    HM_SHOW(c->root.column), HM_SHOW(text));
}

static void check_hex(struct hm_linter *l, const struct comparison *c, hm_bytes text)
{
	const struct shape s = shape_of(text);
	const int digits = hm_lint_digits(c->root.column);

	if (digits < 0 || text.len == 0)
		return;
	if (!s.other && (s.separated || (s.upper && c->how.cased)))
		check_digits(l, c, text, &s);
	else if (c->how.whole && digits > 0 && (s.other || s.digits != (size_t)digits))
		hm_lint_add(l, "HM104", c->at,
			    "%.*s holds %d hex digits: \"%.*s\" is no such value.",
			    HM_SHOW(c->root.column), digits, HM_SHOW(text));
}

static const char *words_of(struct hm_arena *a, const char *const *words)
{
	const char *all = *words;

	while (*++words != NULL)
		all = hm_format(a, "%s, %s", all, *words);
	return all;
}

static void check_words(struct hm_linter *l, const struct comparison *c, hm_bytes text)
{
	for (size_t i = 0; i < sizeof word_columns / sizeof word_columns[0]; i++) {
		const char *const *word = word_columns[i].words;

		if (!hm_is(c->root.table, word_columns[i].table) ||
		    !hm_is(c->root.column, word_columns[i].column))
			continue;
		while (*word != NULL &&
		       !(c->how.cased ? hm_is(text, *word) : hm_is_nocase(text, *word)))
			word++;
		if (*word == NULL && c->how.whole && text.len != 0)
			hm_lint_add(l, "HM109", c->at,
				    "\"%.*s\" is no value of %s.%s, which holds %s.",
				    HM_SHOW(text), word_columns[i].table,
				    word_columns[i].column,
				    words_of(l->arena, word_columns[i].words));
	}
}

static void check_text(struct hm_linter *l, const struct comparison *c, hm_bytes text)
{
	check_hex(l, c, text);
	check_words(l, c, text);
}

static void check_literal(struct hm_linter *l, const struct comparison *c,
			  const struct hm_expr *e)
{
	while (e->kind == HM_EXPR_CONVERT && e->arg_count == 1)
		e = e->args[0];
	if (e->kind != HM_EXPR_LITERAL || e->value.null)
		return;
	if (e->type == HM_SCALAR_STRING)
		check_text(l, c, e->value.text);
	if (e->type != HM_SCALAR_DYNAMIC)
		return;
	struct hm_cur cur = hm_cur_of(e->value.text);
	const struct hm_json *list = hm_json_read(&cur, l->arena);

	for (const struct hm_json *i = list == NULL ? NULL : list->first; i != NULL;
	     i = i->next)
		if (i->kind == HM_JSON_STRING)
			check_text(l, c, hm_json_string(i, l->arena));
}

static void check_name(struct hm_linter *l, const struct comparison *c)
{
	bool name = hm_is(c->root.column, "Signer") || hm_is(c->root.column, "Issuer");

	if (name && !l->proven)
		hm_lint_add(
			l, "HM101", c->at,
			"%.*s is only a name, and anybody can put it into a certificate: "
			"ask for IsTrusted, or for one certificate by its hash, as well.",
			HM_SHOW(c->root.column));
}

static bool is_empty(const struct hm_expr *e)
{
	return e->kind == HM_EXPR_LITERAL && e->type == HM_SCALAR_STRING &&
	       e->value.text.len == 0;
}

static void check_comparison(struct hm_linter *l, const struct hm_plan *plan,
			     const struct hm_expr *e)
{
	struct comparison c = { .how = comparing_of(e->fn), .at = e->span };
	size_t column = 0;

	if (!c.how.any || e->arg_count == 0)
		return;
	c.root = hm_lint_root_of(plan, e->args[0]);
	if (c.root.column.len == 0 && e->arg_count == 2) {
		c.root = hm_lint_root_of(plan, e->args[1]);
		column = 1;
	}
	if (c.root.column.len == 0)
		return;
	for (size_t i = 0; i < e->arg_count; i++)
		if (i != column)
			check_literal(l, &c, e->args[i]);
	if (e->kind == HM_EXPR_IN ||
	    !is_empty(e->args[e->arg_count == 2 ? 1 - column : 0]))
		check_name(l, &c);
}

/* ---- IsTrusted the wrong way round ---- */

/* What a test says of the signature: 1 it holds, -1 it does not, 0 something else. */
static int truth_of(const struct hm_plan *plan, const struct hm_expr *e)
{
	hm_bytes column = hm_lint_root_of(plan, e).column;

	if (hm_is(column, "IsTrusted") || hm_is(column, "IsSigned") ||
	    hm_is(column, "IsCertificateValid"))
		return 1;
	if (e->kind != HM_EXPR_CALL)
		return 0;
	if (e->fn == HM_FN_not)
		return -truth_of(plan, e->args[0]);
	if ((e->fn != HM_FN_op_eq && e->fn != HM_FN_op_ne) || e->arg_count != 2)
		return 0;
	const struct hm_expr *value = e->args[1];

	while (value->kind == HM_EXPR_CONVERT && value->arg_count == 1)
		value = value->args[0];
	if (value->kind != HM_EXPR_LITERAL || value->value.null)
		return 0;
	bool yes = value->type == HM_SCALAR_BOOL ? value->value.truth
						 : value->value.whole != 0;
	int truth = truth_of(plan, e->args[0]);

	return yes == (e->fn == HM_FN_op_eq) ? truth : -truth;
}

static bool holds(hm_bytes text, const char *part)
{
	size_t len = strlen(part);

	for (size_t i = 0; i + len <= text.len; i++)
		if (hm_is_nocase((hm_bytes){ text.at + i, len }, part))
			return true;
	return false;
}

/* What a word says: 1 that all is well, -1 that it is not, 0 neither. */
static int sense_of(const struct hm_expr *e)
{
	static const char *const bad[] = { "untrust", "distrust", "not ",   "invalid",
					   "unsign",  "expired",  "revoked" };
	static const char *const good[] = { "trust", "valid", "signed" };

	if (e->kind != HM_EXPR_LITERAL || e->type != HM_SCALAR_STRING)
		return 0;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (holds(e->value.text, bad[i]))
			return -1;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		if (holds(e->value.text, good[i]))
			return 1;
	return 0;
}

static void check_sense(struct hm_linter *l, const struct hm_plan *plan,
			const struct hm_expr *e)
{
	bool choice = e->fn == HM_FN_iff || e->fn == HM_FN_iif || e->fn == HM_FN_case;

	for (size_t i = 0; choice && i + 1 < e->arg_count; i += 2) {
		int truth = truth_of(plan, e->args[i]), sense = sense_of(e->args[i + 1]);

		if (truth * sense < 0)
			hm_lint_add(l, "HM107", e->args[i]->span,
				    "The wrong way round: where this holds, the file is "
				    "%s, but it is called \"%.*s\".",
				    truth > 0 ? "trusted" : "not trusted",
				    HM_SHOW(e->args[i + 1]->value.text));
	}
}

void hm_lint_call(struct hm_linter *l, const struct hm_plan *plan,
		  const struct hm_expr *e)
{
	if (e->kind != HM_EXPR_CALL && e->kind != HM_EXPR_IN)
		return;
	check_comparison(l, plan, e);
	check_sense(l, plan, e);
}
