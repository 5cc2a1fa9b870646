/* SPDX-License-Identifier: MIT */
/*
 * cases_chain.c: whose certificate it is: names, issuers, purposes, constraints.
 *
 * Spec: RFC 5280 section 6; Windows' own rules where they differ.
 */
#include "forge/cases.h"

/* The trust file "root" holds the honest root; "other-root" one with another key. */
static struct hm_mk_cert other_root(struct hm_mk_kit *k)
{
	struct hm_mk_cert c = k->root;

	c.subject = hm_mk_name(k->a, "Other Test", "Other Test Root");
	c.key = HM_MK_KEY_OTHER;
	hm_mk_issued_by(&c, &c);
	return c;
}

static void bag_of(struct hm_mk_kit *k, const struct hm_mk_cert *const *certs,
		   size_t count)
{
	hm_bytes bag = { 0 };

	for (size_t i = 0; i < count; i++)
		bag = hm_mk_cat(k->a, bag, hm_mk_cert(k->a, certs[i]));
	k->bag = bag;
}
#define bag(k, ...)                                                                      \
	bag_of((k), (const struct hm_mk_cert *const[]){ __VA_ARGS__ },                   \
	       sizeof((const struct hm_mk_cert *const[]){ __VA_ARGS__ }) /               \
		       sizeof(void *))

static hm_bytes honest(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	return hm_mk_file(k);
}

static void self_signed(struct hm_mk_kit *k, const char *org, const char *cn)
{
	k->leaf.subject = hm_mk_name(k->a, org, cn);
	k->leaf.key = HM_MK_KEY_OTHER;
	hm_mk_issued_by(&k->leaf, &k->leaf);
	hm_mk_follow_leaf(k);
	bag(k, &k->leaf);
	k->stamp.kind = HM_MK_NO_STAMP;
}

static hm_bytes fake_microsoft(struct hm_mk_kit *k, int which)
{
	static const char *const names[] = { "Microsoft Corporation", "Microsoft Windows",
					     "Microsoft Windows Publisher" };

	self_signed(k, "Microsoft Corporation", names[which]);
	return hm_mk_file(k);
}

static hm_bytes fake_expired(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	self_signed(k, "Microsoft Corporation", "Microsoft Corporation");
	k->leaf.not_after = hm_mk_day(2025, 1, 1);
	return hm_mk_file(k);
}

/* The honest root's name, serial number and key identifier with another key. */
static struct hm_mk_cert clone_of_root(struct hm_mk_kit *k)
{
	struct hm_mk_cert c = k->root;

	c.key = HM_MK_KEY_OTHER;
	c.how.key = HM_MK_KEY_OTHER;
	return c;
}

static hm_bytes cloned_root(struct hm_mk_kit *k, int in_bag)
{
	struct hm_mk_cert clone = clone_of_root(k);

	k->ca.key = HM_MK_KEY_SECOND;
	k->ca.how.key = HM_MK_KEY_OTHER;
	k->leaf.how.key = HM_MK_KEY_SECOND;
	k->stamp.kind = HM_MK_NO_STAMP;
	if (in_bag)
		bag(k, &k->leaf, &k->ca, &clone);
	else
		bag(k, &k->leaf, &k->ca);
	return hm_mk_file(k);
}

/* Names and thumbprints of Microsoft's root, as the post's authors cloned it. */
static hm_bytes cloned_microsoft(struct hm_mk_kit *k, int arg)
{
	struct hm_mk_cert clone = clone_of_root(k);

	(void)arg;
	clone.subject = hm_mk_name(k->a, "Microsoft Corporation",
				   "Microsoft Root Certificate Authority 2010");
	hm_mk_issued_by(&clone, &clone);
	k->ca.subject = hm_mk_name(k->a, "Microsoft Corporation",
				   "Microsoft Code Signing PCA 2010");
	hm_mk_issued_by(&k->ca, &clone);
	k->leaf.subject =
		hm_mk_name(k->a, "Microsoft Corporation", "Microsoft Corporation");
	hm_mk_issued_by(&k->leaf, &k->ca);
	hm_mk_follow_leaf(k);
	bag(k, &k->leaf, &k->ca, &clone);
	k->stamp.kind = HM_MK_NO_STAMP;
	return hm_mk_file(k);
}

/* A self-made signer; the honest chain lies in the bag beside it. */
static hm_bytes decoy(struct hm_mk_kit *k, int first)
{
	struct hm_mk_cert good = k->leaf;

	self_signed(k, "Evil", "Evil Signer");
	if (first)
		bag(k, &good, &k->ca, &k->root, &k->leaf);
	else
		bag(k, &k->leaf, &good, &k->ca, &k->root);
	return hm_mk_file(k);
}

/* The honest leaf's issuer and serial number, with a key of one's own. */
static hm_bytes twin_leaf(struct hm_mk_kit *k, int with_good)
{
	struct hm_mk_cert good = k->leaf;

	k->leaf.key = HM_MK_KEY_OTHER;
	k->leaf.how.key = HM_MK_KEY_OTHER;
	k->signer.how.key = HM_MK_KEY_OTHER;
	if (with_good)
		bag(k, &good, &k->leaf, &k->ca);
	else
		bag(k, &k->leaf, &k->ca);
	return hm_mk_file(k);
}

static hm_bytes root_in_bag(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	bag(k, &k->leaf, &k->ca, &k->root);
	return hm_mk_file(k);
}

static hm_bytes without_issuer(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	bag(k, &k->leaf);
	return hm_mk_file(k);
}

/* What the intermediate's extensions say; its purposes come after. */
static hm_bytes ca_extensions(struct hm_mk_kit *k, hm_bytes extensions)
{
	k->ca.extensions = extensions;
	return hm_mk_file(k);
}

static hm_bytes ca_not_ca(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	return ca_extensions(k,
			     hm_mk_cat(k->a, hm_mk_ext_ca(k->a, false, HM_MK_NO_PATHLEN),
				       hm_mk_ext_usage(k->a, 0x06)));
}

static hm_bytes ca_no_basic(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	return ca_extensions(k, hm_mk_ext_usage(k->a, 0x06));
}

/* basicConstraints as Windows first had it: cA is the first bit, endEntity the next. */
static hm_bytes ca_old_basic(struct hm_mk_kit *k, int bits)
{
	const uint8_t type[] = { 0x03, 0x02, 0x06, (uint8_t)bits };
	hm_bytes value = hm_mk_seq(k->a, (hm_bytes){ type, sizeof(type) });

	return ca_extensions(k, hm_mk_cat(k->a, hm_mk_ext(k->a, "2.5.29.10", true, value),
					  hm_mk_ext_usage(k->a, 0x06)));
}

/* The intermediate's name in other letters than the leaf has it; with_id: the leaf has
 * the identifier of its key. */
static hm_bytes ca_other_name(struct hm_mk_kit *k, int with_id)
{
	k->ca.subject = hm_mk_name(k->a, "HALLMARK TEST", "HALLMARK TEST CODE CA");
	if (!with_id)
		k->leaf.extensions = hm_mk_ext_usage(k->a, 0x80);
	return hm_mk_file(k);
}

/* An extension of the leaf that is no DER: where revocation lists lie, critical or not,
 * and the purposes. */
static hm_bytes leaf_broken(struct hm_mk_kit *k, int which)
{
	static const struct {
		const char *oid;
		bool critical;
	} broken[] = {
		{ "2.5.29.31", false },
		{ "2.5.29.31", true },
		{ "2.5.29.37", false },
	};
	hm_bytes value = hm_bytes_of("\x30\x7f no list");

	k->leaf.extensions = hm_mk_cat(
		k->a, hm_mk_ext_usage(k->a, 0x80),
		hm_mk_ext(k->a, broken[which].oid, broken[which].critical, value));
	return hm_mk_file(k);
}

/* The honest leaf used as an issuer: it may not (Moxie's attack of 2002). */
static hm_bytes leaf_issues(struct hm_mk_kit *k, int arg)
{
	struct hm_mk_cert below = k->leaf;

	(void)arg;
	below.subject =
		hm_mk_name(k->a, "Microsoft Corporation", "Microsoft Corporation");
	below.serial = hm_mk_int(k->a, 0x5005);
	below.key = HM_MK_KEY_OTHER;
	hm_mk_issued_by(&below, &k->leaf);
	struct hm_mk_cert between = k->leaf;
	k->leaf = below;
	hm_mk_follow_leaf(k);
	bag(k, &k->leaf, &between, &k->ca);
	return hm_mk_file(k);
}

/* Another intermediate below one of path length 0. */
static hm_bytes path_too_long(struct hm_mk_kit *k, int limit)
{
	struct hm_mk_cert top = k->ca;

	top.subject = hm_mk_name(k->a, "Hallmark Test", "Hallmark Test Top CA");
	top.key = HM_MK_KEY_SECOND;
	top.extensions = hm_mk_cat(k->a, hm_mk_ext_ca(k->a, true, limit),
				   hm_mk_ext_usage(k->a, 0x06));
	hm_mk_issued_by(&k->ca, &top);
	k->ca.serial = hm_mk_int(k->a, 0x1002);
	k->ca.extensions = hm_mk_cat(k->a, hm_mk_ext_ca(k->a, true, HM_MK_NO_PATHLEN),
				     hm_mk_ext_usage(k->a, 0x06));
	bag(k, &k->leaf, &k->ca, &top);
	return hm_mk_file(k);
}

static hm_bytes ca_purposes(struct hm_mk_kit *k, hm_bytes purposes)
{
	k->ca.extensions = hm_mk_cat(k->a, k->ca.extensions, purposes);
	return hm_mk_file(k);
}

static const char server_and_code[] = HM_MK_SERVER_AUTH " " HM_MK_CODE_SIGNING;

static const char *const purposes[] = {
	HM_MK_SERVER_AUTH,  HM_MK_TIME_STAMPING,      "2.5.29.37.0",
	HM_MK_CODE_SIGNING, "1.3.6.1.4.1.311.10.3.6", server_and_code,
};

static hm_bytes ca_purpose(struct hm_mk_kit *k, int which)
{
	return ca_purposes(k, hm_mk_ext_purposes(k->a, false, purposes[which]));
}

static hm_bytes leaf_purpose(struct hm_mk_kit *k, int which)
{
	k->leaf.extensions = hm_mk_cat(k->a, hm_mk_ext_usage(k->a, 0x80),
				       hm_mk_ext_purposes(k->a, false, purposes[which]));
	return hm_mk_file(k);
}

static hm_bytes leaf_purpose_critical(struct hm_mk_kit *k, int which)
{
	k->leaf.extensions = hm_mk_ext_purposes(k->a, true, purposes[which]);
	return hm_mk_file(k);
}

static hm_bytes leaf_no_purpose(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->leaf.extensions = hm_mk_ext_usage(k->a, 0x80);
	return hm_mk_file(k);
}

static hm_bytes leaf_usage(struct hm_mk_kit *k, int bits)
{
	hm_bytes eku = hm_mk_ext_purposes(k->a, false, HM_MK_CODE_SIGNING);

	k->leaf.extensions = hm_mk_cat(k->a, hm_mk_ext_usage(k->a, (uint8_t)bits), eku);
	return hm_mk_file(k);
}

static hm_bytes leaf_no_extensions(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->leaf.extensions = (hm_bytes){ 0 };
	return hm_mk_file(k);
}

/* NameConstraints for directory names: permitted [0] or excluded [1]. */
static hm_bytes constraint(struct hm_mk_kit *k, unsigned tag, hm_bytes name)
{
	hm_bytes subtree = hm_mk_seq(k->a, hm_mk_tlv(k->a, 0xa4, name));

	return ca_purposes(k, hm_mk_ext(k->a, "2.5.29.30", true,
					hm_mk_seq(k->a, hm_mk_tlv(k->a, tag, subtree))));
}

static hm_bytes excluded(struct hm_mk_kit *k, int arg)
{
	hm_bytes org =
		hm_mk_rdn(k->a, "2.5.4.10", HM_MK_UTF8, hm_bytes_of("Hallmark Test"));

	(void)arg;
	return constraint(k, 0xa1, hm_mk_seq(k->a, org));
}

static hm_bytes not_permitted(struct hm_mk_kit *k, int right)
{
	hm_bytes org = hm_mk_rdn(k->a, "2.5.4.10", HM_MK_UTF8,
				 hm_bytes_of(right ? "Hallmark Test" : "Somebody Else"));

	return constraint(k, 0xa0, hm_mk_seq(k->a, org));
}

static hm_bytes critical_on_leaf(struct hm_mk_kit *k, int critical)
{
	k->leaf.extensions = hm_mk_cat(
		k->a, k->leaf.extensions,
		hm_mk_ext(k->a, "1.3.6.1.4.1.99999.7", critical != 0, hm_mk_null(k->a)));
	return hm_mk_file(k);
}

static hm_bytes critical_on_ca(struct hm_mk_kit *k, int critical)
{
	return ca_purposes(k, hm_mk_ext(k->a, "1.3.6.1.4.1.99999.7", critical != 0,
					hm_mk_null(k->a)));
}

/* The same intermediate twice: one certificate has expired. */
static hm_bytes expired_twin(struct hm_mk_kit *k, int expired_first)
{
	struct hm_mk_cert old = k->ca;

	old.serial = hm_mk_int(k->a, 0x1000);
	old.not_before = hm_mk_day(2016, 1, 1);
	old.not_after = hm_mk_day(2020, 1, 1);
	if (expired_first)
		bag(k, &k->leaf, &old, &k->ca);
	else
		bag(k, &k->leaf, &k->ca, &old);
	return hm_mk_file(k);
}

/* The same intermediate under an untrusted root and under the trusted one. */
static hm_bytes crossed(struct hm_mk_kit *k, int untrusted_first)
{
	struct hm_mk_cert other = other_root(k), cross = k->ca;

	cross.serial = hm_mk_int(k->a, 0x7007);
	hm_mk_issued_by(&cross, &other);
	if (untrusted_first)
		bag(k, &k->leaf, &cross, &other, &k->ca);
	else
		bag(k, &k->leaf, &k->ca, &cross, &other);
	return hm_mk_file(k);
}

/* A certifies B and B certifies A; no root in sight. */
static hm_bytes loop(struct hm_mk_kit *k, int with_root)
{
	struct hm_mk_cert back = k->ca, honest_ca = k->ca;

	back.subject = hm_mk_name(k->a, "Hallmark Test", "Hallmark Test Loop CA");
	back.key = HM_MK_KEY_SECOND;
	back.serial = hm_mk_int(k->a, 0x8008);
	back.extensions = hm_mk_cat(k->a, hm_mk_ext_ca(k->a, true, HM_MK_NO_PATHLEN),
				    hm_mk_ext_usage(k->a, 0x06));
	k->ca.extensions = back.extensions;
	hm_mk_issued_by(&back, &k->ca);
	hm_mk_issued_by(&k->ca, &back);
	if (with_root)
		bag(k, &k->leaf, &k->ca, &back, &honest_ca);
	else
		bag(k, &k->leaf, &k->ca, &back);
	k->stamp.kind = HM_MK_NO_STAMP;
	return hm_mk_file(k);
}

static hm_bytes self_loop(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->ca.issuer = k->ca.subject;
	k->ca.how.key = HM_MK_KEY_OTHER; /* names itself, is not signed by itself */
	k->stamp.kind = HM_MK_NO_STAMP;
	return hm_mk_file(k);
}

/* Many issuers of one name and key that all certify each other: every path through
 * them is a candidate. */
static hm_bytes same_name_issuers(struct hm_mk_kit *k, int count)
{
	hm_bytes all = hm_mk_cert(k->a, &k->leaf);
	struct hm_mk_cert each = k->ca;

	each.extensions = hm_mk_cat(k->a, hm_mk_ext_ca(k->a, true, HM_MK_NO_PATHLEN),
				    hm_mk_ext_usage(k->a, 0x06));
	hm_mk_issued_by(&each, &k->ca);
	for (int i = 0; i < count; i++) {
		each.serial = hm_mk_int(k->a, 0x9000 + (uint64_t)i);
		all = hm_mk_cat(k->a, all, hm_mk_cert(k->a, &each));
	}
	k->bag = all;
	k->stamp.kind = HM_MK_NO_STAMP;
	return hm_mk_file(k);
}

/* Many issuers of one name, none of whose keys fits. */
static hm_bytes wrong_key_issuers(struct hm_mk_kit *k, int count)
{
	hm_bytes all = hm_mk_cert(k->a, &k->leaf);
	struct hm_mk_cert each = k->ca;

	each.key = HM_MK_KEY_OTHER;
	for (int i = 0; i < count; i++) {
		each.serial = hm_mk_int(k->a, 0x9000 + (uint64_t)i);
		all = hm_mk_cat(k->a, all, hm_mk_cert(k->a, &each));
	}
	k->bag = hm_mk_cat(k->a, all, hm_mk_cert(k->a, &k->ca));
	return hm_mk_file(k);
}

/* A line of so many intermediates. */
static hm_bytes long_path(struct hm_mk_kit *k, int count)
{
	struct hm_mk_cert each = k->ca;
	hm_bytes extensions = hm_mk_cat(k->a, hm_mk_ext_ca(k->a, true, HM_MK_NO_PATHLEN),
					hm_mk_ext_usage(k->a, 0x06));
	hm_bytes all = { 0 };

	hm_mk_issued_by(&each, &k->root);
	each.extensions = extensions;
	for (int i = 0; i < count; i++) {
		each.subject = hm_mk_name(k->a, "Hallmark Test",
					  hm_format(k->a, "Hallmark Test CA %d", i));
		each.serial = hm_mk_int(k->a, 0xa000 + (uint64_t)i);
		all = hm_mk_cat(k->a, all, hm_mk_cert(k->a, &each));
		hm_mk_issued_by(&each, &each);
	}
	k->leaf.issuer = each.subject;
	hm_mk_follow_leaf(k);
	k->bag = hm_mk_cat(k->a, hm_mk_cert(k->a, &k->leaf), all);
	return hm_mk_file(k);
}

/* count constraints against count names. */
static hm_bytes constraint_flood(struct hm_mk_kit *k, int count)
{
	hm_bytes *subtrees = hm_new_n(k->a, hm_bytes, (size_t)count);
	hm_bytes *names = hm_new_n(k->a, hm_bytes, (size_t)count);

	for (int i = 0; i < count; i++) {
		subtrees[i] = hm_mk_seq(
			k->a, hm_mk_text(k->a, 0x82, hm_format(k->a, "x%d.test", i)));
		names[i] = hm_mk_text(k->a, 0x82, hm_format(k->a, "y%d.example", i));
	}
	hm_bytes all = hm_mk_wrap(k->a, 0xa1, subtrees, (size_t)count);
	k->ca.extensions =
		hm_mk_cat(k->a, k->ca.extensions,
			  hm_mk_ext(k->a, "2.5.29.30", true, hm_mk_seq(k->a, all)));
	k->leaf.extensions = hm_mk_cat(
		k->a, k->leaf.extensions,
		hm_mk_ext(k->a, "2.5.29.17", false,
			  hm_mk_wrap(k->a, HM_MK_SEQUENCE, names, (size_t)count)));
	return hm_mk_file(k);
}

static hm_bytes version_1_ca(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->ca.version = hm_mk_fill(k->a, 0, 0);
	k->ca.extensions = (hm_bytes){ 0 };
	return hm_mk_file(k);
}

static hm_bytes ca_no_cert_sign(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	return ca_extensions(k, hm_mk_cat(k->a, hm_mk_ext_ca(k->a, true, 0),
					  hm_mk_ext_usage(k->a, 0x80)));
}

static hm_bytes ca_signature_wrong(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->ca.signature = hm_mk_fill(k->a, 0x44, 256);
	return hm_mk_file(k);
}

/* A leaf that the root issued: no intermediate at all. */
static hm_bytes from_root(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	hm_mk_issued_by(&k->leaf, &k->root);
	hm_mk_follow_leaf(k);
	bag(k, &k->leaf);
	return hm_mk_file(k);
}

/* Key identifiers that name somebody else: a hint, never a judgement. */
static hm_bytes wrong_key_id(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->leaf.extensions =
		hm_mk_cat(k->a, hm_mk_ext_purposes(k->a, false, HM_MK_CODE_SIGNING),
			  hm_mk_ext_authority(k->a, hm_mk_fill(k->a, 0x66, 20)));
	return hm_mk_file(k);
}

static hm_bytes short_lived(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->leaf.not_before = hm_mk_day(2025, 2, 28);
	k->leaf.not_after = hm_mk_day(2025, 3, 3);
	return hm_mk_file(k);
}

/* Somebody else's root on the other end. */
static hm_bytes under_other_root(struct hm_mk_kit *k, int arg)
{
	struct hm_mk_cert other = other_root(k);

	(void)arg;
	hm_mk_issued_by(&k->ca, &other);
	hm_mk_issued_by(&k->leaf, &k->ca);
	hm_mk_issued_by(&k->tsa, &other);
	hm_mk_follow_tsa(k);
	bag(k, &k->leaf, &k->ca, &other);
	return hm_mk_file(k);
}

/* clang-format off */
const struct hm_mk_maker hm_mk_cases_chain[] = {
	{ "chain-root-not-trusted", honest, 0 },
	{ "chain-other-root-trusted", honest, 0 },
	{ "chain-two-roots-trusted", honest, 0 },
	{ "chain-under-other-root", under_other_root, 0 },
	{ "chain-fake-microsoft-corporation", fake_microsoft, 0 },
	{ "chain-fake-microsoft-windows", fake_microsoft, 1 },
	{ "chain-fake-microsoft-publisher", fake_microsoft, 2 },
	{ "chain-fake-microsoft-expired", fake_expired, 0 },
	{ "chain-cloned-root", cloned_root, 1 },
	{ "chain-cloned-root-left-out", cloned_root, 0 },
	{ "chain-cloned-microsoft", cloned_microsoft, 0 },
	{ "chain-decoy-after", decoy, 0 },
	{ "chain-decoy-before", decoy, 1 },
	{ "chain-twin-leaf", twin_leaf, 0 },
	{ "chain-twin-leaf-beside-good", twin_leaf, 1 },
	{ "chain-root-in-bag-only", root_in_bag, 0 },
	{ "chain-issuer-missing", without_issuer, 0 },
	{ "chain-from-root", from_root, 0 },
	{ "chain-issuer-not-ca", ca_not_ca, 0 },
	{ "chain-issuer-without-constraints", ca_no_basic, 0 },
	{ "chain-issuer-version-1", version_1_ca, 0 },
	{ "chain-issuer-without-cert-sign", ca_no_cert_sign, 0 },
	{ "chain-leaf-as-issuer", leaf_issues, 0 },
	{ "chain-path-length-0", path_too_long, 0 },
	{ "chain-path-length-1", path_too_long, 1 },
	{ "chain-issuer-server-only", ca_purpose, 0 },
	{ "chain-issuer-timestamps-only", ca_purpose, 1 },
	{ "chain-issuer-any-purpose", ca_purpose, 2 },
	{ "chain-issuer-code-only", ca_purpose, 3 },
	{ "chain-issuer-licences-only", ca_purpose, 4 },
	{ "chain-leaf-server-only", leaf_purpose, 0 },
	{ "chain-leaf-timestamps-only", leaf_purpose, 1 },
	{ "chain-leaf-server-and-code", leaf_purpose, 5 },
	{ "chain-leaf-server-only-critical", leaf_purpose_critical, 0 },
	{ "chain-leaf-code-critical", leaf_purpose_critical, 3 },
	{ "chain-leaf-no-purpose", leaf_no_purpose, 0 },
	{ "chain-leaf-no-extensions", leaf_no_extensions, 0 },
	{ "chain-leaf-usage-encipherment", leaf_usage, 0x20 },
	{ "chain-leaf-usage-cert-sign", leaf_usage, 0x04 },
	{ "chain-name-excluded", excluded, 0 },
	{ "chain-name-not-permitted", not_permitted, 0 },
	{ "chain-name-permitted", not_permitted, 1 },
	{ "chain-critical-on-leaf", critical_on_leaf, 1 },
	{ "chain-critical-on-issuer", critical_on_ca, 1 },
	{ "chain-issuer-old-constraints", ca_old_basic, 0x80 },
	{ "chain-issuer-old-constraints-end", ca_old_basic, 0x40 },
	{ "chain-issuer-named-otherwise", ca_other_name, 1 },
	{ "chain-issuer-named-otherwise-no-id", ca_other_name, 0 },
	{ "chain-broken-revocation-points", leaf_broken, 0 },
	{ "chain-broken-revocation-points-critical", leaf_broken, 1 },
	{ "chain-broken-purposes", leaf_broken, 2 },
	{ "chain-unknown-extension", critical_on_leaf, 0 },
	{ "chain-expired-twin-first", expired_twin, 1 },
	{ "chain-expired-twin-last", expired_twin, 0 },
	{ "chain-crossed-untrusted-first", crossed, 1 },
	{ "chain-crossed-untrusted-last", crossed, 0 },
	{ "chain-loop", loop, 0 },
	{ "chain-loop-with-way-out", loop, 1 },
	{ "chain-self-issued-not-self-signed", self_loop, 0 },
	{ "chain-100-same-name-issuers", same_name_issuers, 100 },
	{ "chain-20-wrong-key-issuers", wrong_key_issuers, 20 },
	{ "chain-200-wrong-key-issuers", wrong_key_issuers, 200 },
	{ "chain-path-of-5", long_path, 5 },
	{ "chain-path-of-100", long_path, 100 },
	{ "chain-constraint-flood", constraint_flood, 2048 },
	{ "chain-issuer-signature-wrong", ca_signature_wrong, 0 },
	{ "chain-key-identifier-wrong", wrong_key_id, 0 },
	{ "chain-short-lived", short_lived, 0 },
	{ NULL, NULL, 0 },
};
/* clang-format on */
