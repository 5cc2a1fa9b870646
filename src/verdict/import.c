/* SPDX-License-Identifier: MIT */
/* import.c: whatever carries lists, certificates or revocation lists, into a plan. */
#include "format/carrier.h"
#include "verdict/pem.h"
#include "verdict/plan_own.h"

struct importing {
	struct hm_plan *plan;
	enum hm_import as;
	struct hm_plan_count *count;
	const char *why;
};

/* B-071, B-073: the row that a list, the plan's or the one compiled in, has for it. */
static struct hm_plan_root *listed_row(struct hm_plan *plan, hm_bytes sha256)
{
	struct hm_plan_root *r = hm_plan_find(plan, sha256);
	struct hm_root known;

	if (r && r->root.kind != HM_ANCHOR_NONE)
		return r;
	if (!hm_builtin_root(sha256, &known) ||
	    (known.kind == HM_ANCHOR_PROGRAM && plan->list_date != HM_NO_TIME))
		return NULL;
	r = hm_plan_root(plan, sha256);
	known.sha256 = r->root.sha256;
	known.own = r->root.own;
	known.uefi = r->root.uefi;
	r->root = known;
	r->listed = true;
	return r;
}

static struct hm_plan_root *row_for(struct importing *in, hm_bytes sha256)
{
	struct hm_plan_root *r;

	switch (in->as) {
	case HM_IMPORT_LISTED: return listed_row(in->plan, sha256);
	case HM_IMPORT_USER:
		r = hm_plan_root(in->plan, sha256);
		r->root.own = true;
		return r;
	case HM_IMPORT_UEFI:
		r = hm_plan_root(in->plan, sha256);
		r->root.uefi = true;
		return r;
	case HM_IMPORT_DISTRUST:
	case HM_IMPORT_REMOVE: break;
	}
	return NULL;
}

/* Any identifier of it may have been distrusted. */
static bool remove_cert(struct hm_plan *plan, const struct hm_cert *cert)
{
	const struct hm_digest ids[] = {
		hm_cert_sha256(plan->crypto, cert),
		hm_cert_sha1(plan->crypto, cert),
		hm_digest_of(plan->crypto, HM_HASH_MD5, cert->key.raw),
		hm_digest_of(plan->crypto, HM_HASH_SHA384, cert->tbs),
	};
	bool any = false;

	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++)
		any |= hm_plan_remove(plan, hm_digest_bytes(&ids[i]));
	return any;
}

static void import_cert(struct importing *in, const struct hm_cert *cert)
{
	struct hm_arena *a = in->plan->arena;
	struct hm_digest sha256 = hm_cert_sha256(in->plan->crypto, cert);
	struct hm_digest sha1 = hm_cert_sha1(in->plan->crypto, cert);
	struct hm_plan_root *r;

	if (in->as == HM_IMPORT_DISTRUST) {
		hm_plan_distrust(in->plan, hm_digest_bytes(&sha256));
		in->count->distrusted++;
		return;
	}
	if (in->as == HM_IMPORT_REMOVE) {
		in->count->removed += remove_cert(in->plan, cert);
		return;
	}
	r = row_for(in, hm_digest_bytes(&sha256));
	/* Of a listed root both thumbprints must fit. */
	if (!r || (r->sha1.len && in->as == HM_IMPORT_LISTED &&
		   !hm_same(r->sha1, hm_digest_bytes(&sha1)))) {
		in->count->others++;
		return;
	}
	in->count->roots++;
	r->sha1 = hm_keep(a, hm_digest_bytes(&sha1));
	r->root.der = hm_keep(a, cert->der);
	r->root.not_after = cert->not_after;
	r->root.name = hm_bytes_of(hm_name_display(cert->subject, a));
	r->subject = hm_keep(a, cert->subject);
}

/* Distrust, and taking back, are about certificates: a list in the same file says nothing
 * of them and is not to be believed by the way. */
static bool certs_only(const struct importing *in)
{
	return in->as == HM_IMPORT_DISTRUST || in->as == HM_IMPORT_REMOVE;
}

static hm_err import_cms(struct importing *in, const struct hm_cms *cms)
{
	if (cms->content_type == HM_OID_CTL && !certs_only(in))
		return hm_plan_list(in->plan, cms, in->count, &in->why);
	for (size_t i = 0; i < cms->num_certs; i++) {
		if (cms->certs[i].err == HM_OK)
			import_cert(in, &cms->certs[i]);
	}
	for (size_t i = 0; i < cms->num_crls && !certs_only(in); i++) {
		hm_err err = hm_plan_crl(in->plan, cms->crls[i], in->count, &in->why);

		if (err != HM_OK)
			return err;
	}
	return HM_OK;
}

/* One DER object: a message, a certificate, or a revocation list. */
static hm_err import_der(struct importing *in, hm_bytes der)
{
	struct hm_cms cms = hm_cms_read(der, in->plan->arena, NULL);
	struct hm_cert cert;

	if (cms.err == HM_OK)
		return import_cms(in, &cms);
	cert = hm_cert_read(der, in->plan->arena);
	if (cert.err != HM_OK && certs_only(in)) {
		in->why = "holds no certificate";
		return HM_EFORMAT;
	}
	if (cert.err != HM_OK)
		return hm_plan_crl(in->plan, der, in->count, &in->why);
	import_cert(in, &cert);
	return HM_OK;
}

static hm_err import_pem(struct importing *in, hm_bytes text)
{
	struct hm_cur c = hm_cur_of(text);
	struct hm_pem block;

	while (hm_pem_next(&c, in->plan->arena, &block)) {
		bool ours = hm_is(block.label, "CERTIFICATE") ||
			    hm_is(block.label, "X509 CERTIFICATE") ||
			    hm_is(block.label, "X509 CRL") || hm_is(block.label, "PKCS7");
		hm_err err = ours ? import_der(in, block.der) : HM_OK;

		if (err != HM_OK)
			return err;
	}
	in->why = c.why;
	return c.err;
}

static hm_err import_carrier(struct importing *in, const struct hm_carrier *carrier)
{
	for (size_t i = 0; i < carrier->num_entries; i++) {
		struct hm_cms cms =
			hm_cms_read(carrier->entries[i].data, in->plan->arena, NULL);
		hm_err err = cms.err == HM_OK ? import_cms(in, &cms) : HM_OK;

		if (err != HM_OK)
			return err;
	}
	return HM_OK;
}

hm_err hm_plan_import(struct hm_plan *plan, hm_bytes file, enum hm_import as,
		      struct hm_plan_count *count, const char **why)
{
	struct importing in = { .plan = plan, .as = as, .count = count, .why = "" };
	struct hm_carrier carrier = hm_carrier_of(file);
	hm_err err;

	hm_crypto_begin(plan->crypto);
	if (carrier.num_entries)
		err = import_carrier(&in, &carrier);
	else if (hm_pem_is(file))
		err = import_pem(&in, file);
	else
		err = import_der(&in, file);
	*why = in.why ? in.why : "";
	if (hm_crypto_failed(plan->crypto)) { /* thumbprints may be missing */
		*why = "OpenSSL has no memory for it";
		err = HM_EIO;
	}
	return err;
}
