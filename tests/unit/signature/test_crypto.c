/* SPDX-License-Identifier: MIT */
/* Digests, and public-key checks with every kind of key and of forgery. */
#include "arena.h"
#include "check.h"
#include "forge/kit.h"
#include "signature/pages.h"

struct bench {
	struct hm_arena *a;
	struct hm_crypto *crypto;
	struct hm_mk_how how; /* of the honest signature */
	struct hm_key key;
	struct hm_alg alg;
	struct hm_digest digest;
	hm_bytes signature;
	bool bare;
	uint32_t max;
};

struct check_case {
	const char *name;
	struct hm_mk_how how;
	void (*change)(struct bench *b);
	enum hm_check expect;
};

static void flip(struct bench *b)
{
	b->signature = hm_mk_flip(b->a, b->signature, b->signature.len / 2, 3);
}

static void other_digest(struct bench *b)
{
	b->digest.at[0] ^= 1;
}

static void other_key(struct bench *b)
{
	b->key = hm_key_read(hm_mk_spki(b->a, HM_MK_KEY_OTHER));
}

static void other_kind(struct bench *b)
{
	b->key = hm_key_read(hm_mk_spki(b->a, HM_MK_KEY_P256));
}

static void bare(struct bench *b)
{
	b->bare = true;
}

static void spent_budget(struct bench *b)
{
	b->max = 0;
}

static void other_hash(struct bench *b)
{
	b->alg.hash = HM_HASH_SHA384;
}

static void no_hash(struct bench *b)
{
	b->digest.hash = HM_HASH_NONE;
}

/* A block under the public operation; the honest layout is 00 01 ff..ff 00 info. */
static void sign_block(struct bench *b, hm_bytes info, size_t fill, hm_bytes behind)
{
	hm_bytes head = hm_mk_cat(b->a, hm_mk_lit(0, 1), hm_mk_fill(b->a, 0xff, fill),
				  hm_mk_lit(0), info, behind);
	size_t len = hm_mk_modulus(b->a, b->how.key).len;

	head = hm_mk_cat(b->a, head, hm_mk_fill(b->a, 0x5a, len - head.len));
	b->signature = hm_mk_rsa_raw(b->a, b->how.key, head);
}

static hm_bytes digest_info(struct bench *b, hm_bytes alg)
{
	return hm_mk_seq(b->a, alg, hm_mk_octets(b->a, hm_digest_bytes(&b->digest)));
}

static hm_bytes sha256_alg(struct bench *b)
{
	return hm_mk_md_alg(b->a, HM_MK_SHA256);
}

static void block_honest(struct bench *b)
{
	hm_bytes info = digest_info(b, sha256_alg(b));

	sign_block(b, info, 256 - 3 - info.len, (hm_bytes){ 0 });
}

static void block_without_null(struct bench *b)
{
	hm_bytes info = digest_info(
		b, hm_mk_seq(b->a, hm_mk_oid(b->a, hm_mk_md_oid(HM_MK_SHA256))));

	sign_block(b, info, 256 - 3 - info.len, (hm_bytes){ 0 });
}

/* Bleichenbacher, 2006: short padding, and room behind the hash. */
static void block_garbage_behind(struct bench *b)
{
	sign_block(b, digest_info(b, sha256_alg(b)), 8, (hm_bytes){ 0 });
}

static void block_garbage_in_params(struct bench *b)
{
	hm_bytes alg = hm_mk_seq(b->a, hm_mk_oid(b->a, hm_mk_md_oid(HM_MK_SHA256)),
				 hm_mk_octets(b->a, hm_mk_fill(b->a, 7, 100)));
	hm_bytes info = digest_info(b, alg);

	sign_block(b, info, 256 - 3 - info.len, (hm_bytes){ 0 });
}

static void block_long_length(struct bench *b)
{
	hm_bytes body = hm_mk_cat(b->a, sha256_alg(b),
				  hm_mk_octets(b->a, hm_digest_bytes(&b->digest)));
	hm_bytes info = hm_mk_long_length(b->a, HM_MK_SEQUENCE, body, 2);

	sign_block(b, info, 256 - 3 - info.len, (hm_bytes){ 0 });
}

static void block_other_hash_named(struct bench *b)
{
	hm_bytes info = digest_info(b, hm_mk_md_alg(b->a, HM_MK_SHA384));

	sign_block(b, info, 256 - 3 - info.len, (hm_bytes){ 0 });
}

static void even_modulus(struct bench *b)
{
	b->key.n =
		hm_mk_cat(b->a, hm_mk_part(b->key.n, 0, b->key.n.len - 1), hm_mk_lit(2));
}

static void exponent_1(struct bench *b)
{
	b->key.e = hm_mk_cat(b->a, hm_mk_lit(1));
}

static void exponent_even(struct bench *b)
{
	b->key.e = hm_mk_cat(b->a, hm_mk_lit(1, 0, 0));
}

static void signature_zero(struct bench *b)
{
	b->signature = hm_mk_fill(b->a, 0, b->signature.len);
}

static void signature_empty(struct bench *b)
{
	b->signature = (hm_bytes){ 0 };
}

static void signature_long(struct bench *b)
{
	b->signature = hm_mk_cat(b->a, hm_mk_lit(0), b->signature);
}

static void ec_rs_zero(struct bench *b)
{
	b->signature = hm_mk_seq(b->a, hm_mk_int(b->a, 0), hm_mk_int(b->a, 0));
}

static void ec_rs_one(struct bench *b)
{
	b->signature = hm_mk_seq(b->a, hm_mk_int(b->a, 1), hm_mk_int(b->a, 1));
}

static void ec_trailing(struct bench *b)
{
	b->signature = hm_mk_cat(b->a, b->signature, hm_mk_lit(0));
}

static void ec_off_curve(struct bench *b)
{
	b->key.point = hm_mk_flip(b->a, b->key.point, 40, 0);
}

/* 02 and x alone; 06 and both. */
static void ec_compressed(struct bench *b)
{
	b->key.point = hm_mk_cat(b->a, hm_mk_lit(2), hm_mk_part(b->key.point, 1, 32));
}

static void ec_hybrid(struct bench *b)
{
	b->key.point = hm_mk_cat(b->a, hm_mk_lit(6), hm_mk_part(b->key.point, 1, 64));
}

static void pss_salt(struct bench *b)
{
	b->alg.salt_len = 20;
}

static void pss_odd(struct bench *b)
{
	b->alg.odd = true;
}

static void pss_mgf(struct bench *b)
{
	b->alg.mgf_hash = HM_HASH_SHA1;
}

/* A key that is for RSASSA-PSS only makes no PKCS #1 v1.5 signatures. */
static void pss_key(struct bench *b)
{
	b->key.alg.oid = HM_OID_RSA_PSS;
}

#define RSA  { HM_MK_KEY_SIGNER, HM_MK_SHA256, HM_MK_NATURAL }
#define PSS  { HM_MK_KEY_SIGNER, HM_MK_SHA256, HM_MK_PSS }
#define P256 { HM_MK_KEY_P256, HM_MK_SHA256, HM_MK_NATURAL }
#define BARE { HM_MK_KEY_SIGNER, HM_MK_SHA1, HM_MK_BARE_HASH }
#define E3   { HM_MK_KEY_E3, HM_MK_SHA256, HM_MK_NATURAL }

/* clang-format off */
static const struct check_case cases[] = {
	{ "RSA", RSA, NULL, HM_CHECK_GOOD },
	{ "RSA, MD5", { HM_MK_KEY_SIGNER, HM_MK_MD5, HM_MK_NATURAL }, NULL, HM_CHECK_GOOD },
	{ "RSA, SHA-1", { HM_MK_KEY_SIGNER, HM_MK_SHA1, HM_MK_NATURAL }, NULL, HM_CHECK_GOOD },
	{ "RSA, SHA-384", { HM_MK_KEY_SIGNER, HM_MK_SHA384, HM_MK_NATURAL }, NULL, HM_CHECK_GOOD },
	{ "RSA, SHA-512", { HM_MK_KEY_SIGNER, HM_MK_SHA512, HM_MK_NATURAL }, NULL, HM_CHECK_GOOD },
	{ "RSA 4096", { HM_MK_KEY_RSA4096, HM_MK_SHA256, HM_MK_NATURAL }, NULL, HM_CHECK_GOOD },
	{ "RSA 1024", { HM_MK_KEY_RSA1024, HM_MK_SHA256, HM_MK_NATURAL }, NULL, HM_CHECK_GOOD },
	{ "RSA, exponent 3", E3, NULL, HM_CHECK_GOOD },
	{ "a bit of the signature turned", RSA, flip, HM_CHECK_BAD },
	{ "another digest", RSA, other_digest, HM_CHECK_BAD },
	{ "another key", RSA, other_key, HM_CHECK_BAD },
	{ "a key of another kind", RSA, other_kind, HM_CHECK_BAD },
	{ "another hash named", RSA, other_hash, HM_CHECK_BAD },
	{ "no hash", RSA, no_hash, HM_CHECK_UNSUP },
	{ "no budget", RSA, spent_budget, HM_CHECK_LIMIT },
	{ "bare hash", BARE, bare, HM_CHECK_BARE },
	{ "bare hash where it is not allowed", BARE, NULL, HM_CHECK_BAD },
	{ "block made by hand", E3, block_honest, HM_CHECK_GOOD },
	{ "DigestInfo without NULL", E3, block_without_null, HM_CHECK_GOOD },
	{ "garbage behind the hash", E3, block_garbage_behind, HM_CHECK_BAD },
	{ "garbage in the parameters", E3, block_garbage_in_params, HM_CHECK_BAD },
	{ "long length in DigestInfo", E3, block_long_length, HM_CHECK_BAD },
	{ "another hash in DigestInfo", E3, block_other_hash_named, HM_CHECK_BAD },
	{ "even modulus", RSA, even_modulus, HM_CHECK_UNSUP },
	{ "exponent 1", RSA, exponent_1, HM_CHECK_UNSUP },
	{ "even exponent", RSA, exponent_even, HM_CHECK_UNSUP },
	{ "signature of zeros", RSA, signature_zero, HM_CHECK_BAD },
	{ "empty signature", RSA, signature_empty, HM_CHECK_BAD },
	{ "signature longer than the modulus", RSA, signature_long, HM_CHECK_BAD },
	{ "PSS", PSS, NULL, HM_CHECK_GOOD },
	{ "PSS, SHA-512", { HM_MK_KEY_SIGNER, HM_MK_SHA512, HM_MK_PSS }, NULL, HM_CHECK_GOOD },
	{ "PSS, other salt length", PSS, pss_salt, HM_CHECK_BAD },
	{ "PSS, odd parameters", PSS, pss_odd, HM_CHECK_UNSUP },
	{ "PSS, other mask hash", PSS, pss_mgf, HM_CHECK_BAD },
	{ "PSS, key for PSS", PSS, pss_key, HM_CHECK_GOOD },
	{ "PKCS #1 v1.5, key for PSS", RSA, pss_key, HM_CHECK_BAD },
	{ "P-256", P256, NULL, HM_CHECK_GOOD },
	{ "P-384", { HM_MK_KEY_P384, HM_MK_SHA384, HM_MK_NATURAL }, NULL, HM_CHECK_GOOD },
	{ "P-521", { HM_MK_KEY_P521, HM_MK_SHA512, HM_MK_NATURAL }, NULL, HM_CHECK_GOOD },
	{ "secp256k1", { HM_MK_KEY_K256, HM_MK_SHA256, HM_MK_NATURAL }, NULL, HM_CHECK_UNSUP },
	{ "P-256, another digest", P256, other_digest, HM_CHECK_BAD },
	{ "P-256, r and s zero", P256, ec_rs_zero, HM_CHECK_BAD },
	{ "P-256, r and s one", P256, ec_rs_one, HM_CHECK_BAD },
	{ "P-256, trailing octet", P256, ec_trailing, HM_CHECK_BAD },
	{ "P-256, empty signature", P256, signature_empty, HM_CHECK_BAD },
	{ "P-256, point off the curve", P256, ec_off_curve, HM_CHECK_UNSUP },
	{ "P-256, compressed point", P256, ec_compressed, HM_CHECK_UNSUP },
	{ "P-256, hybrid point", P256, ec_hybrid, HM_CHECK_UNSUP },
	{ "DSA", { HM_MK_KEY_DSA, HM_MK_SHA256, HM_MK_NATURAL }, NULL, HM_CHECK_GOOD },
	{ "DSA, another digest", { HM_MK_KEY_DSA, HM_MK_SHA256, HM_MK_NATURAL }, other_digest,
	  HM_CHECK_BAD },
	{ "Ed25519", { HM_MK_KEY_ED25519, HM_MK_SHA256, HM_MK_NATURAL }, NULL, HM_CHECK_UNSUP },
};

static const enum hm_hash hash_of[HM_MK_MDS] = {
	[HM_MK_SHA256] = HM_HASH_SHA256, [HM_MK_SHA1] = HM_HASH_SHA1,
	[HM_MK_SHA384] = HM_HASH_SHA384, [HM_MK_SHA512] = HM_HASH_SHA512,
	[HM_MK_MD5] = HM_HASH_MD5,
};
/* clang-format on */

static struct bench bench_of(struct hm_arena *a, struct hm_crypto *crypto,
			     struct hm_mk_how how)
{
	hm_bytes data = hm_bytes_of("what is signed");
	struct hm_cur alg = hm_cur_of(hm_mk_sig_alg(a, how));
	struct bench b = { .a = a, .crypto = crypto, .how = how, .max = 1 };

	b.key = hm_key_read(hm_mk_spki(a, how.key));
	b.alg = hm_alg_read(&alg, "algorithm");
	b.digest = hm_digest_of(crypto, hash_of[how.md], data);
	/* EVP signs no foreign digest with Ed25519: what is refused need not be right. */
	b.signature = how.key == HM_MK_KEY_ED25519 ? hm_mk_fill(a, 1, 64)
						   : hm_mk_sign(a, how, data);
	return b;
}

static void check_cases(struct hm_arena *a, struct hm_crypto *crypto)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench b = bench_of(a, crypto, cases[i].how);

		if (cases[i].change != NULL)
			cases[i].change(&b);
		struct hm_budget budget = { .max = b.max };
		const struct hm_check_args args = { &b.key, &b.alg, &b.digest,
						    b.signature, b.bare };
		enum hm_check got = hm_check(crypto, &budget, &args);

		check(got == cases[i].expect && budget.used <= b.max, "%s: %d",
		      cases[i].name, got);
	}
}

struct digest_case {
	enum hm_hash hash;
	const char *abc;
};

/* clang-format off */
static const struct digest_case digests[] = {
	{ HM_HASH_MD5, "900150983cd24fb0d6963f7d28e17f72" },
	{ HM_HASH_SHA1, "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ HM_HASH_SHA256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ HM_HASH_SHA384, "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
			  "8086072ba1e7cc2358baeca134c825a7" },
	{ HM_HASH_SHA512, "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
			  "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f" },
};
/* clang-format on */

static void check_digests(struct hm_arena *a, struct hm_crypto *crypto)
{
	const hm_bytes spans[] = { hm_bytes_of("a"), { 0 }, hm_bytes_of("bc") };
	struct hm_digest all[HM_HASH_COUNT];

	hm_digests_spans(crypto, (1U << HM_HASH_COUNT) - 1, spans, 3, all);
	for (size_t i = 0; i < sizeof(digests) / sizeof(digests[0]); i++) {
		hm_bytes want = hex(a, digests[i].abc);
		struct hm_digest one =
			hm_digest_of(crypto, digests[i].hash, hm_bytes_of("abc"));

		check(hm_digest_is(&one, want) &&
			      hm_digest_is(&all[digests[i].hash], want),
		      "digest: %s", hm_hash_name(digests[i].hash));
		want.len--;
		check(!hm_digest_is(&one, want), "digest: %s, an octet short",
		      hm_hash_name(digests[i].hash));
	}
	struct hm_digest none = hm_digest_of(crypto, HM_HASH_NONE, hm_bytes_of("abc"));

	check(!hm_digest_is(&none, (hm_bytes){ 0 }), "digest: none equals nothing");
	hm_bytes big = hm_mk_fill(a, 'x', 100000);
	const hm_bytes halves[] = { hm_mk_part(big, 0, 33333),
				    hm_mk_part(big, 33333, 66667) };
	struct hm_digest whole = hm_digest_of(crypto, HM_HASH_SHA256, big);
	struct hm_digest parts = hm_digest_spans(crypto, HM_HASH_SHA256, halves, 2);

	check(hm_same(hm_digest_bytes(&whole), hm_digest_bytes(&parts)),
	      "digest: in pieces");
}

static enum hm_check cert_check(struct hm_crypto *crypto, struct hm_mk_kit *k, bool other)
{
	struct hm_cert leaf = hm_cert_read(hm_mk_kit_cert(k, &k->leaf), k->a);
	struct hm_cert ca =
		hm_cert_read(hm_mk_kit_cert(k, other ? &k->root : &k->ca), k->a);
	struct hm_budget budget = { .max = 1 };
	struct hm_hashed hashed = { 0 };

	return hm_check_cert(crypto, &budget, &hashed, &leaf, &ca.key);
}

static void check_certs(struct hm_arena *a, struct hm_crypto *crypto)
{
	struct hm_mk_kit k = hm_mk_kit_of(a);

	check(cert_check(crypto, &k, false) == HM_CHECK_GOOD,
	      "certificate: by its issuer");
	check(cert_check(crypto, &k, true) == HM_CHECK_BAD, "certificate: by another");
	k.leaf.outer_alg = hm_mk_seq(a, hm_mk_oid(a, "1.2.840.113549.1.1.11"));
	check(cert_check(crypto, &k, false) == HM_CHECK_BAD,
	      "certificate: outer algorithm differs");
	k = hm_mk_kit_of(a);
	k.leaf.subject = hm_mk_fill(a, 0, 3);
	check(cert_check(crypto, &k, false) == HM_CHECK_UNSUP, "certificate: unreadable");
}

static enum hm_pages pages_of(struct hm_crypto *crypto, struct hm_mk_kit *k, bool flipped)
{
	hm_bytes file = hm_mk_file(k);

	if (flipped)
		file = hm_mk_flip(k->a, file, 0x401, 0);
	struct hm_carrier pe = hm_carrier_of(file);
	struct hm_signed s = hm_signed_read(&pe, k->a);

	return hm_pages_check(crypto, &pe, &s.signatures[0].spc);
}

static void check_pages(struct hm_arena *a, struct hm_crypto *crypto)
{
	static const enum hm_mk_md versions[] = { HM_MK_SHA1, HM_MK_SHA256 };
	struct hm_mk_kit k = hm_mk_kit_of(a);

	check(pages_of(crypto, &k, false) == HM_PAGES_NONE, "pages: none");
	for (int i = 0; i < 2; i++) {
		k = hm_mk_kit_of(a);
		k.spc.pages_md = versions[i];
		k.spc.pages = hm_mk_pe_pages(a, &k.pe, versions[i], hm_mk_pe(a, &k.pe));
		check(pages_of(crypto, &k, false) == HM_PAGES_GOOD, "pages: version %d",
		      i + 1);
		check(pages_of(crypto, &k, true) == HM_PAGES_BAD,
		      "pages: a bit turned, %d", i + 1);
		k.spc.pages = hm_mk_part(k.spc.pages, 0, k.spc.pages.len - 1);
		check(pages_of(crypto, &k, false) == HM_PAGES_BAD, "pages: list cut, %d",
		      i + 1);
	}
}

int main(void)
{
	struct hm_arena a = open_arena();
	struct hm_crypto *crypto;

	if (hm_crypto_open(&crypto) != HM_OK)
		return 1;
	check_cases(&a, crypto);
	check_digests(&a, crypto);
	check_certs(&a, crypto);
	check_pages(&a, crypto);
	hm_crypto_close(crypto);
	hm_arena_close(&a);
	return check_done();
}
