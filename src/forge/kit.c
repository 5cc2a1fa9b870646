/* SPDX-License-Identifier: MIT */
#include "forge/kit.h"

hm_time hm_mk_day(int year, int month, int day)
{
	return hm_time_of((struct hm_civil){ .year = year, .month = month, .day = day });
}

static hm_bytes key_id(struct hm_arena *a, enum hm_mk_key key)
{
	return hm_mk_digest(a, HM_MK_SHA1, hm_mk_spki(a, key));
}

struct hm_mk_cert hm_mk_old_authority(const struct hm_mk_kit *k)
{
	struct hm_mk_cert c = k->tsa;

	c.subject = hm_mk_name(k->a, "Hallmark Test", "Hallmark Test Stamping Root");
	c.extensions = (hm_bytes){ 0 };
	hm_mk_issued_by(&c, &c);
	return c;
}

void hm_mk_issued_by(struct hm_mk_cert *c, const struct hm_mk_cert *issuer)
{
	c->issuer = issuer->subject;
	c->how.key = issuer->key;
}

void hm_mk_follow_leaf(struct hm_mk_kit *k)
{
	k->signer.issuer = k->leaf.issuer;
	k->signer.serial = k->leaf.serial;
	k->signer.how.key = k->leaf.key;
}

void hm_mk_follow_tsa(struct hm_mk_kit *k)
{
	k->stamp.signer.issuer = k->tsa.issuer;
	k->stamp.signer.serial = k->tsa.serial;
	k->stamp.signer.how.key = k->tsa.key;
}

static void lay_root(struct hm_mk_kit *k)
{
	struct hm_arena *a = k->a;

	k->root = (struct hm_mk_cert){
		.serial = hm_mk_int(a, 1),
		.subject = hm_mk_name(a, "Hallmark Test", "Hallmark Test Root"),
		.not_before = hm_mk_day(2015, 1, 1),
		.not_after = hm_mk_day(2045, 1, 1),
		.key = HM_MK_KEY_ROOT,
		.extensions = hm_mk_cat(a, hm_mk_ext_ca(a, true, HM_MK_NO_PATHLEN),
					hm_mk_ext_usage(a, 0x06),
					hm_mk_ext_key_id(a, key_id(a, HM_MK_KEY_ROOT))),
	};
	hm_mk_issued_by(&k->root, &k->root);
}

static void lay_ca(struct hm_mk_kit *k)
{
	struct hm_arena *a = k->a;

	k->ca = (struct hm_mk_cert){
		.serial = hm_mk_int(a, 0x1001),
		.subject = hm_mk_name(a, "Hallmark Test", "Hallmark Test Code CA"),
		.not_before = hm_mk_day(2018, 1, 1),
		.not_after = hm_mk_day(2038, 1, 1),
		.key = HM_MK_KEY_CA,
		.extensions =
			hm_mk_cat(a, hm_mk_ext_ca(a, true, 0), hm_mk_ext_usage(a, 0x06),
				  hm_mk_ext_key_id(a, key_id(a, HM_MK_KEY_CA)),
				  hm_mk_ext_authority(a, key_id(a, HM_MK_KEY_ROOT))),
	};
	hm_mk_issued_by(&k->ca, &k->root);
}

static void lay_leaf(struct hm_mk_kit *k)
{
	struct hm_arena *a = k->a;

	k->leaf = (struct hm_mk_cert){
		.serial = hm_mk_int(a, 0x2002),
		.subject = hm_mk_name(a, "Hallmark Test", "Hallmark Test Signer"),
		.not_before = hm_mk_day(2024, 1, 1),
		.not_after = hm_mk_day(2027, 1, 1),
		.key = HM_MK_KEY_SIGNER,
		.extensions = hm_mk_cat(a, hm_mk_ext_usage(a, 0x80),
					hm_mk_ext_purposes(a, false, HM_MK_CODE_SIGNING),
					hm_mk_ext_key_id(a, key_id(a, HM_MK_KEY_SIGNER)),
					hm_mk_ext_authority(a, key_id(a, HM_MK_KEY_CA))),
	};
	hm_mk_issued_by(&k->leaf, &k->ca);
	hm_mk_follow_leaf(k);
}

static void lay_tsa(struct hm_mk_kit *k)
{
	struct hm_arena *a = k->a;

	k->tsa = (struct hm_mk_cert){
		.serial = hm_mk_int(a, 0x3003),
		.subject = hm_mk_name(a, "Hallmark Test", "Hallmark Test Timestamper"),
		.not_before = hm_mk_day(2023, 1, 1),
		.not_after = hm_mk_day(2034, 1, 1),
		.key = HM_MK_KEY_TSA,
		.extensions =
			hm_mk_cat(a, hm_mk_ext_usage(a, 0x80),
				  hm_mk_ext_purposes(a, true, HM_MK_TIME_STAMPING),
				  hm_mk_ext_authority(a, key_id(a, HM_MK_KEY_ROOT))),
	};
	hm_mk_issued_by(&k->tsa, &k->root);
	k->stamp.kind = HM_MK_TOKEN;
	k->stamp.time = hm_mk_day(2025, 3, 1);
	hm_mk_follow_tsa(k);
}

struct hm_mk_kit hm_mk_kit_of(struct hm_arena *a)
{
	struct hm_mk_kit k = { .a = a, .pe = hm_mk_pe_honest(a) };

	lay_root(&k);
	lay_ca(&k);
	lay_leaf(&k);
	lay_tsa(&k);
	k.signer.more_attrs[0] = hm_mk_opus(a, "Test program", NULL);
	k.signer.more_attrs[1] = hm_mk_statement(a, false);
	k.cms.content_type = HM_MK_SPC_INDIRECT;
	return k;
}

hm_bytes hm_mk_kit_cert(struct hm_mk_kit *k, const struct hm_mk_cert *c)
{
	return hm_mk_cert(k->a, c);
}

hm_bytes hm_mk_kit_content(struct hm_mk_kit *k, hm_bytes digest)
{
	struct hm_mk_spc spc = k->spc;

	if (spc.digest.at == NULL)
		spc.digest = digest;
	return hm_mk_spc(k->a, &spc);
}

/* The stamp speaks for the signature's value, so the signature is made first and
 * handed to SignerInfo: ECDSA would come out differently a second time. */
hm_bytes hm_mk_kit_signer(struct hm_mk_kit *k, hm_bytes content)
{
	struct hm_mk_signer signer = k->signer;
	struct hm_mk_stamp stamp = k->stamp;
	hm_bytes value = hm_mk_without_header(content);

	signer.signature =
		hm_mk_signer_signature(k->a, &signer, k->cms.content_type, value);
	if (stamp.kind == HM_MK_TOKEN) {
		hm_bytes tsa = hm_mk_cert(k->a, &k->tsa);

		if (stamp.cert.at == NULL)
			stamp.cert = tsa;
		if (stamp.certs.at == NULL)
			stamp.certs = tsa;
	}
	signer.unsigned_attrs =
		hm_mk_cat(k->a, hm_mk_stamp(k->a, &stamp, signer.signature), k->more,
			  signer.unsigned_attrs);
	return hm_mk_signer(k->a, &signer, k->cms.content_type, value);
}

static hm_bytes honest_bag(struct hm_mk_kit *k)
{
	hm_bytes bag =
		hm_mk_cat(k->a, hm_mk_cert(k->a, &k->leaf), hm_mk_cert(k->a, &k->ca));

	if (k->stamp.kind != HM_MK_PKCS9)
		return bag;
	return hm_mk_cat(k->a, bag, hm_mk_cert(k->a, &k->tsa));
}

hm_bytes hm_mk_kit_cms(struct hm_mk_kit *k, hm_bytes content, hm_bytes signers)
{
	struct hm_mk_cms cms = k->cms;

	cms.md = k->signer.how.md;
	if (cms.content.at == NULL)
		cms.content =
			k->content_in_octets ? hm_mk_octets(k->a, content) : content;
	if (cms.certs.at == NULL)
		cms.certs = k->bag.at != NULL ? k->bag : honest_bag(k);
	if (cms.signers.at == NULL)
		cms.signers = signers;
	return hm_mk_cms(k->a, &cms);
}

hm_bytes hm_mk_kit_sign(struct hm_mk_kit *k, hm_bytes image)
{
	hm_bytes digest = hm_mk_pe_digest(k->a, &k->pe, k->spc.md, image);
	hm_bytes content = hm_mk_kit_content(k, digest);

	return hm_mk_kit_cms(k, content, hm_mk_kit_signer(k, content));
}

hm_bytes hm_mk_kit_attach(struct hm_mk_kit *k, hm_bytes image, hm_bytes cms)
{
	struct hm_mk_entry entry = k->entry;

	entry.blob = cms;
	return hm_mk_pe_attach(k->a, &k->pe, image, hm_mk_entry(k->a, &entry));
}

hm_bytes hm_mk_file(struct hm_mk_kit *k)
{
	hm_bytes image = hm_mk_pe(k->a, &k->pe);

	return hm_mk_kit_attach(k, image, hm_mk_kit_sign(k, image));
}
