/* SPDX-License-Identifier: MIT */
#include "arena.h"
#include "check.h"
#include "forge/kit.h"
#include "signature/cert.h"

/* One honest certificate, one thing changed, and what must then hold. */
struct cert_case {
	const char *name;
	void (*change)(struct hm_arena *a, struct hm_mk_cert *c);
	hm_err err;
	const char *why;
	bool (*holds)(const struct hm_cert *c);
};

static bool honest(const struct hm_cert *c)
{
	return c->version == 3 && c->has_key_usage &&
	       c->key_usage == HM_USAGE_DIGITAL_SIGNATURE && c->has_eku &&
	       hm_cert_has_eku(c, HM_OID_EKU_CODE) &&
	       !hm_cert_has_eku(c, HM_OID_EKU_TIME) && !c->has_basic &&
	       c->ski.len == 20 && c->aki.len == 20 && c->key.kind == HM_KEY_RSA &&
	       c->key.bits == 2048 && c->key.why == NULL &&
	       c->alg.oid == HM_OID_RSA_SHA256 && c->alg.hash == HM_HASH_SHA256 &&
	       !c->unknown_critical && !c->extensions_broken && !hm_cert_self_issued(c);
}

static void version_1(struct hm_arena *a, struct hm_mk_cert *c)
{
	c->version = hm_mk_fill(a, 0, 0);
	c->version.at = (const uint8_t *)"";
	c->extensions = (hm_bytes){ 0 };
}

static bool is_version_1(const struct hm_cert *c)
{
	return c->version == 1 && !c->has_eku && !c->has_basic;
}

static void ca(struct hm_arena *a, struct hm_mk_cert *c)
{
	c->extensions = hm_mk_cat(a, hm_mk_ext_ca(a, true, 3), hm_mk_ext_usage(a, 0x06));
}

static bool is_ca(const struct hm_cert *c)
{
	return c->ca && c->has_path_len && c->path_len == 3 &&
	       c->key_usage == (HM_USAGE_CERT_SIGN | HM_USAGE_CRL_SIGN) && !c->has_eku;
}

static void no_ca(struct hm_arena *a, struct hm_mk_cert *c)
{
	c->extensions = hm_mk_ext_ca(a, false, HM_MK_NO_PATHLEN);
}

static bool is_no_ca(const struct hm_cert *c)
{
	return c->has_basic && !c->ca && !c->has_path_len;
}

static void unknown_critical(struct hm_arena *a, struct hm_mk_cert *c)
{
	c->extensions = hm_mk_ext(a, "1.2.3.4", true, hm_mk_null(a));
}

static bool has_unknown_critical(const struct hm_cert *c)
{
	return c->unknown_critical && c->unknown_critical_id.len == 3;
}

static void unknown(struct hm_arena *a, struct hm_mk_cert *c)
{
	c->extensions = hm_mk_ext(a, "1.2.3.4", false, hm_mk_null(a));
}

static bool no_unknown_critical(const struct hm_cert *c)
{
	return !c->unknown_critical;
}

static void broken_eku(struct hm_arena *a, struct hm_mk_cert *c)
{
	c->extensions = hm_mk_cat(a, hm_mk_ext(a, "2.5.29.37", true, hm_mk_lit(0x30, 5)),
				  hm_mk_ext_usage(a, 0x80));
}

/* One broken extension is told, and the next still read. */
static bool is_broken(const struct hm_cert *c)
{
	return c->extensions_broken && c->has_eku && c->num_eku == 0 && c->eku_critical &&
	       c->has_key_usage;
}

static void many_eku(struct hm_arena *a, struct hm_mk_cert *c)
{
	hm_bytes list = { 0 };

	for (int i = 0; i < 100; i++)
		list = hm_mk_cat(a, list, hm_mk_oid(a, "1.2.3"));
	c->extensions = hm_mk_ext(a, "2.5.29.37", false, hm_mk_seq(a, list));
}

static bool is_cut(const struct hm_cert *c)
{
	return c->extensions_broken && c->num_eku == 64;
}

static void crl_points(struct hm_arena *a, struct hm_mk_cert *c)
{
	hm_bytes url = hm_mk_text(a, 0x86, "http://crl.example/a.crl");
	hm_bytes point = hm_mk_seq(a, hm_mk_tlv(a, 0xa0, hm_mk_tlv(a, 0xa0, url)));

	c->extensions = hm_mk_ext(a, "2.5.29.31", false,
				  hm_mk_seq(a, point, hm_mk_lit(0x30, 0), point));
}

static bool has_crl_points(const struct hm_cert *c)
{
	return c->num_crl_urls == 2 && hm_is(c->crl_urls[1], "http://crl.example/a.crl");
}

static void trailing(struct hm_arena *a, struct hm_mk_cert *c)
{
	c->extensions = hm_mk_cat(a, c->extensions, hm_mk_null(a));
}

static void odd_validity(struct hm_arena *a, struct hm_mk_cert *c)
{
	c->validity = hm_mk_seq(a, hm_mk_text(a, HM_MK_UTCTIME, "231301000000Z"),
				hm_mk_time(a, c->not_after));
}

/* What stands before the fault is there for the verdict to tell of. */
static bool names_are_known(const struct hm_cert *c)
{
	return c->serial.len != 0 && c->issuer.len != 0;
}

static void empty_serial(struct hm_arena *a, struct hm_mk_cert *c)
{
	c->serial = hm_mk_cat(a, hm_mk_lit(2, 0));
}

static void p256(struct hm_arena *a, struct hm_mk_cert *c)
{
	(void)a;
	c->key = HM_MK_KEY_P256;
}

static bool is_p256(const struct hm_cert *c)
{
	return c->key.kind == HM_KEY_EC && c->key.curve == HM_CURVE_P256 &&
	       c->key.bits == 256 && c->key.why == NULL;
}

static void k256(struct hm_arena *a, struct hm_mk_cert *c)
{
	(void)a;
	c->key = HM_MK_KEY_K256;
}

static bool is_refused_curve(const struct hm_cert *c)
{
	return c->key.kind == HM_KEY_EC && c->key.curve == HM_CURVE_NONE &&
	       c->key.why != NULL;
}

static void explicit_curve(struct hm_arena *a, struct hm_mk_cert *c)
{
	hm_bytes alg = hm_mk_seq(a, hm_mk_oid(a, "1.2.840.10045.2.1"),
				 hm_mk_seq(a, hm_mk_int(a, 1)));

	c->spki = hm_mk_spki_of(a, alg, hm_mk_point(a, HM_MK_KEY_P256));
}

static bool is_explicit(const struct hm_cert *c)
{
	return c->key.curve == HM_CURVE_EXPLICIT && c->key.why != NULL;
}

static void dsa(struct hm_arena *a, struct hm_mk_cert *c)
{
	(void)a;
	c->key = HM_MK_KEY_DSA;
}

static bool is_dsa(const struct hm_cert *c)
{
	return c->key.kind == HM_KEY_DSA && c->key.bits == 2048 && c->key.q.len == 32;
}

static void ed25519(struct hm_arena *a, struct hm_mk_cert *c)
{
	(void)a;
	c->key = HM_MK_KEY_ED25519;
}

static bool is_no_key(const struct hm_cert *c)
{
	return c->key.kind == HM_KEY_NONE && c->key.why != NULL;
}

static void rsa512(struct hm_arena *a, struct hm_mk_cert *c)
{
	(void)a;
	c->key = HM_MK_KEY_RSA512;
}

static bool is_rsa512(const struct hm_cert *c)
{
	return c->key.bits == 512 && c->key.why == NULL;
}

static void huge_rsa(struct hm_arena *a, struct hm_mk_cert *c)
{
	c->spki = hm_mk_spki_rsa(a, hm_mk_fill(a, 0xff, 2049), hm_mk_lit(3));
}

static bool is_refused_rsa(const struct hm_cert *c)
{
	return c->key.kind == HM_KEY_RSA && c->key.why != NULL;
}

static void no_null(struct hm_arena *a, struct hm_mk_cert *c)
{
	c->outer_alg = hm_mk_seq(a, hm_mk_oid(a, "1.2.840.113549.1.1.11"));
}

static bool algs_differ(const struct hm_cert *c)
{
	return c->alg.oid == c->tbs_alg.oid && c->alg.params.len == 0 &&
	       c->tbs_alg.params.len == 2;
}

static void pss(struct hm_arena *a, struct hm_mk_cert *c)
{
	(void)a;
	c->how.scheme = HM_MK_PSS;
}

static bool is_pss(const struct hm_cert *c)
{
	return c->alg.padding == HM_PAD_PSS && c->alg.hash == HM_HASH_SHA256 &&
	       c->alg.mgf_hash == HM_HASH_SHA256 && c->alg.salt_len == 32 && !c->alg.odd;
}

/* clang-format off */
static const struct cert_case cases[] = {
	{ "honest", NULL, HM_OK, NULL, honest },
	{ "version 1", version_1, HM_OK, NULL, is_version_1 },
	{ "CA with path length", ca, HM_OK, NULL, is_ca },
	{ "cA false", no_ca, HM_OK, NULL, is_no_ca },
	{ "unknown critical extension", unknown_critical, HM_OK, NULL, has_unknown_critical },
	{ "unknown extension", unknown, HM_OK, NULL, no_unknown_critical },
	{ "broken extKeyUsage", broken_eku, HM_OK, NULL, is_broken },
	{ "100 purposes", many_eku, HM_OK, NULL, is_cut },
	{ "distribution points", crl_points, HM_OK, NULL, has_crl_points },
	{ "no Extension", trailing, HM_EFORMAT, "Extension", names_are_known },
	{ "month 13", odd_validity, HM_EFORMAT, "validity is two times", names_are_known },
	{ "empty serial", empty_serial, HM_EFORMAT, "serialNumber", NULL },
	{ "P-256", p256, HM_OK, NULL, is_p256 },
	{ "secp256k1", k256, HM_OK, NULL, is_refused_curve },
	{ "explicit curve parameters", explicit_curve, HM_OK, NULL, is_explicit },
	{ "DSA", dsa, HM_OK, NULL, is_dsa },
	{ "Ed25519", ed25519, HM_OK, NULL, is_no_key },
	{ "RSA 512", rsa512, HM_OK, NULL, is_rsa512 },
	{ "RSA 16,392", huge_rsa, HM_OK, NULL, is_refused_rsa },
	{ "outer algorithm without NULL", no_null, HM_OK, NULL, algs_differ },
	{ "RSASSA-PSS", pss, HM_OK, NULL, is_pss },
};
/* clang-format on */

static void check_cases(struct hm_arena *a)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct cert_case *t = &cases[i];
		struct hm_mk_cert mk = hm_mk_kit_of(a).leaf;

		if (t->change != NULL)
			t->change(a, &mk);
		struct hm_cert got = hm_cert_read(hm_mk_cert(a, &mk), a);

		check(got.err == t->err &&
			      (t->why == NULL || strcmp(got.why, t->why) == 0) &&
			      (t->holds == NULL || t->holds(&got)),
		      "%s: %s, %s", t->name, hm_err_name(got.err),
		      got.why != NULL ? got.why : "-");
	}
}

/* A certificate cut anywhere is unreadable, and never read as another. */
static void check_cuts(struct hm_arena *a)
{
	struct hm_mk_cert mk = hm_mk_kit_of(a).leaf;
	hm_bytes der = hm_mk_cert(a, &mk);
	size_t bad = 0;

	for (size_t len = 0; len < der.len; len++) {
		struct hm_cert got = hm_cert_read(hm_mk_part(der, 0, len), a);

		bad += got.err == HM_OK;
	}
	check(bad == 0, "cut: %zu of %zu are read", bad, der.len);
	struct hm_cert longer = hm_cert_read(hm_mk_cat(a, der, hm_mk_lit(0)), a);

	check(longer.err == HM_EFORMAT, "an octet more: %s", longer.why);
}

struct name_case {
	const char *name;
	unsigned tag;
	const char *in, *expect; /* in: hex of the string */
};

/* clang-format off */
static const struct name_case names[] = {
	{ "UTF8String", HM_MK_UTF8, "c3a9", "\xc3\xa9" },
	{ "broken UTF-8", HM_MK_UTF8, "41ff42", "A\xef\xbf\xbd" "B" },
	{ "PrintableString", HM_MK_PRINTABLE, "4142", "AB" },
	{ "BMPString", HM_MK_BMP, "004100e9", "A\xc3\xa9" },
	{ "BMPString of odd length", HM_MK_BMP, "004142", "A" },
	{ "BMPString, lone surrogate", HM_MK_BMP, "d8000041", "\xef\xbf\xbd" "A" },
	{ "T61String", HM_MK_T61, "41e9", "A\xc3\xa9" },
	{ "UniversalString", HM_MK_UNIVERSAL, "0001f60000000041", "\xf0\x9f\x98\x80" "A" },
	{ "UniversalString past Unicode", HM_MK_UNIVERSAL, "00110000", "\xef\xbf\xbd" },
	{ "NUL inside", HM_MK_UTF8, "410042", "A\xef\xbf\xbd" "B" },
	{ "NUL in BMPString", HM_MK_BMP, "004100000042", "A\xef\xbf\xbd" "B" },
	{ "empty", HM_MK_UTF8, "", "" },
};
/* clang-format on */

static void check_names(struct hm_arena *a)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct name_case *t = &names[i];
		hm_bytes name =
			hm_mk_seq(a, hm_mk_rdn(a, "2.5.4.3", t->tag, hex(a, t->in)));
		const char *got = hm_name_get(name, HM_OID_CN, a);

		check(strcmp(got, t->expect) == 0, "name: %s: %s", t->name, got);
	}
	hm_bytes name = hm_mk_seq(
		a, hm_mk_rdn(a, "2.5.4.6", HM_MK_PRINTABLE, hm_bytes_of("DE")),
		hm_mk_rdn(a, "2.5.4.10", HM_MK_UTF8, hm_bytes_of("A, B+C \\ #")),
		hm_mk_rdn(a, "1.2.3", HM_MK_UTF8, hm_bytes_of(" x ")));
	const char *text = hm_name_text(name, a);

	check(strcmp(text, "1.2.3=\\ x\\ , O=A\\, B\\+C \\\\ #, C=DE") == 0, "text: %s",
	      text);
	text = hm_name_display(name, a);
	check(strcmp(text, "A, B+C \\ #") == 0, "display without CN: %s", text);
	check(strcmp(hm_name_text(hm_mk_lit(0x30, 0), a), "") == 0, "empty Name");
	check(!hm_name_same((hm_bytes){ 0 }, (hm_bytes){ 0 }), "no Name is not a Name");
	check(hm_serial_same(hm_mk_lit(0, 0x80), hm_mk_lit(0x80)),
	      "serial: leading zero");
}

int main(void)
{
	struct hm_arena a = open_arena();

	check_cases(&a);
	check_cuts(&a);
	check_names(&a);
	hm_arena_close(&a);
	return check_done();
}
