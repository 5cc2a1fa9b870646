/* SPDX-License-Identifier: MIT */
/*
 * lists.c: Microsoft's signed lists.
 *
 * A list is believed if its signature holds as of its own time of issue (B-079: the
 * publisher's certificate ends long before the list is replaced), its signer is for
 * signing lists, and the signer's chain ends in a key of Microsoft's that is compiled in,
 * or in a root of the plan that is Microsoft's or the user's own.
 */
#include "base/text.h"
#include "signature/ctl.h"
#include "verdict/plan_own.h"

/* Microsoft's roots under which lists are published: subject and key. */
struct anchor_row {
	const char *subject, *modulus;
	size_t subject_len, modulus_len;
};

#define HM_LIST_ANCHOR(name, subject, modulus)                                           \
	{ subject, modulus, sizeof(subject) - 1, sizeof(modulus) - 1 },
static const struct anchor_row anchors[] = {
#include "verdict/list_anchors.def"
};
#undef HM_LIST_ANCHOR

enum {
	/* Certificates between a list and its root: one in use. */
	MAX_LIST_PATH = 4,
	MAX_LIST_CHECKS = 32,
};

struct listing {
	struct hm_plan *plan;
	const struct hm_cms *cms;
	struct hm_ctl ctl;
	struct hm_budget budget;
	struct hm_hashed hashed;
};

static hm_bytes view(const char *at, size_t len)
{
	return (hm_bytes){ (const uint8_t *)at, len };
}

static bool made_by(struct listing *l, const struct hm_cert *cert,
		    const struct hm_key *key)
{
	return hm_check_cert(l->plan->crypto, &l->budget, &l->hashed, cert, key) ==
	       HM_CHECK_GOOD;
}

static bool under_anchor(struct listing *l, const struct hm_cert *cert)
{
	for (size_t i = 0; i < sizeof(anchors) / sizeof(*anchors); i++) {
		const struct anchor_row *row = &anchors[i];
		struct hm_key key = {
			.kind = HM_KEY_RSA,
			.bits = (uint32_t)row->modulus_len * 8,
			.n = view(row->modulus, row->modulus_len),
			.e = view("\x01\x00\x01", 3),
			.alg.oid = HM_OID_RSA,
			.alg.key = HM_KEY_RSA,
		};

		if (hm_same(view(row->subject, row->subject_len), cert->issuer) &&
		    made_by(l, cert, &key))
			return true;
	}
	return false;
}

static bool under_plan(struct listing *l, const struct hm_cert *cert)
{
	for (const struct hm_plan_root *r = l->plan->roots; r; r = r->next) {
		struct hm_cert root;

		if (!hm_same(r->subject, cert->issuer) || !r->root.der.len ||
		    (!r->root.microsoft && !r->root.own))
			continue;
		root = hm_cert_read(r->root.der, l->plan->arena);
		if (root.err == HM_OK && made_by(l, cert, &root.key))
			return true;
	}
	return false;
}

static bool valid_then(const struct listing *l, const struct hm_cert *cert)
{
	hm_time then = l->ctl.this_update;

	return then >= cert->not_before && then <= cert->not_after;
}

static const struct hm_cert *issuer_of(struct listing *l, const struct hm_cert *cert)
{
	for (size_t i = 0; i < l->cms->num_certs; i++) {
		const struct hm_cert *issuer = &l->cms->certs[i];

		if (issuer->err == HM_OK && issuer != cert && issuer->ca &&
		    hm_name_same(issuer->subject, cert->issuer) &&
		    valid_then(l, issuer) && made_by(l, cert, &issuer->key))
			return issuer;
	}
	return NULL;
}

static bool is_list_signer(const struct hm_cert *cert)
{
	return hm_cert_has_eku(cert, HM_OID_CTL_ROOT_LIST) ||
	       hm_cert_has_eku(cert, HM_OID_CTL_SIGNER) ||
	       hm_cert_has_eku(cert, HM_OID_REVOKED_LIST_SIGNER) ||
	       hm_cert_has_eku(cert, HM_OID_CTL_DISALLOWED);
}

/* NULL: the list is believed; else why not. */
static const char *check_list(struct listing *l)
{
	const struct hm_cms *cms = l->cms;
	const struct hm_signer *signer = cms->num_signers ? &cms->signers[0] : NULL;
	const struct hm_cert *cert =
		signer ? hm_signer_cert(signer, cms->certs, cms->num_certs) : NULL;
	struct hm_crypto *crypto = l->plan->crypto;

	if (!cert)
		return "the list is not signed";
	if (!is_list_signer(cert) || !valid_then(l, cert))
		return "the list's signer may not sign lists, or not at that time";
	if (!hm_signer_digest_ok(crypto, signer, cms->digested) ||
	    hm_check_signer(crypto, &l->budget, signer, cms->digested, &cert->key) !=
		    HM_CHECK_GOOD)
		return "the list's signature does not hold";
	for (size_t i = 0; cert && i < MAX_LIST_PATH; i++) {
		if (under_anchor(l, cert) || under_plan(l, cert))
			return NULL;
		cert = issuer_of(l, cert);
	}
	return "the list is not signed under a root of Microsoft's";
}

static uint32_t purposes_of(hm_bytes list)
{
	uint32_t set = HM_PURPOSE_NONE;

	if (hm_eku_list_has(list, HM_OID_EKU_CODE))
		set |= HM_PURPOSE_CODE;
	if (hm_eku_list_has(list, HM_OID_EKU_TIME))
		set |= HM_PURPOSE_STAMP;
	return hm_eku_list_has(list, HM_OID_EKU_ANY) ? HM_PURPOSE_ALL : set;
}

static hm_bytes friendly_name(struct hm_arena *a, hm_bytes utf16)
{
	struct hm_buf text = hm_buf_of(3 * utf16.len + 4);
	hm_bytes kept;

	hm_put_utf16le(&text, utf16);
	kept = hm_buf_bytes(&text);
	while (kept.len && kept.at[kept.len - 1] == 0)
		kept.len--;
	kept = hm_keep(a, kept);
	hm_buf_done(&text);
	return kept;
}

static void take_root(struct hm_plan *plan, const struct hm_ctl_root *listed)
{
	struct hm_plan_root *r = hm_plan_root(plan, listed->sha256);
	struct hm_root builtin;

	r->listed = true;
	r->sha1 = hm_keep(plan->arena, listed->sha1);
	if (!r->root.name.len)
		r->root.name = friendly_name(plan->arena, listed->friendly);
	r->root.microsoft =
		hm_builtin_root(listed->sha256, &builtin) && builtin.microsoft;
	r->root.kind = HM_ANCHOR_PROGRAM;
	r->root.purposes = listed->has_eku ? purposes_of(listed->eku) : HM_PURPOSE_ALL;
	r->root.denied = purposes_of(listed->disallowed_eku);
	/* B-076: Microsoft's list has two roots with an empty date, which Windows takes
	 * for none. */
	r->root.disallowed = listed->disallowed;
	r->root.not_before = listed->not_before;
	r->root.not_before_purposes = listed->has_not_before_eku
					      ? purposes_of(listed->not_before_eku)
					      : HM_PURPOSE_ALL;
}

static void take_roots(struct listing *l, struct hm_plan_count *count)
{
	struct hm_cur entries = l->ctl.entries;
	struct hm_ctl_entry entry;

	for (struct hm_plan_root *r = l->plan->roots; r; r = r->next)
		r->listed = false;
	while (hm_ctl_next(&entries, &entry)) {
		struct hm_ctl_root root = hm_ctl_root_of(&entry);

		if (root.err != HM_OK || root.sha256.len != HM_SHA256_LEN)
			count->skipped++;
		else
			take_root(l->plan, &root);
	}
	l->plan->list_date = l->ctl.this_update;
}

/* B-078 */
static void take_disallowed(struct listing *l, struct hm_plan_count *count)
{
	struct hm_cur entries = l->ctl.entries;
	struct hm_ctl_entry entry;

	for (struct hm_plan_distrusted *d = l->plan->distrusted; d; d = d->next)
		d->by &= ~(uint32_t)HM_BY_LIST;
	while (hm_ctl_next(&entries, &entry)) {
		if (entry.id.len == 0 || entry.id.len > HM_DISTRUST_LEN) {
			count->skipped++;
			continue;
		}
		hm_plan_add_distrust(l->plan, entry.id, HM_BY_LIST);
		count->distrusted++;
	}
	l->plan->disallow_date = l->ctl.this_update;
}

/* Whether the entries can all be walked: a list is taken whole or not at all. */
static bool walks(struct hm_cur entries)
{
	struct hm_ctl_entry entry;

	while (hm_ctl_next(&entries, &entry))
		;
	return entries.err == HM_OK;
}

hm_err hm_plan_list(struct hm_plan *plan, const struct hm_cms *cms,
		    struct hm_plan_count *count, const char **why)
{
	struct listing l = {
		.plan = plan,
		.cms = cms,
		.ctl = hm_ctl_read(cms->content),
		.budget.max = MAX_LIST_CHECKS,
	};
	bool roots = l.ctl.usage == HM_OID_CTL_ROOT_LIST;
	hm_time have = roots ? plan->list_date : plan->disallow_date;

	*why = l.ctl.why;
	if (l.ctl.err != HM_OK || !walks(l.ctl.entries))
		return HM_EFORMAT;
	*why = "a list of another kind";
	if (!roots && l.ctl.usage != HM_OID_CTL_DISALLOWED)
		return HM_EUNSUP;
	*why = check_list(&l);
	if (*why)
		return HM_EUNSUP;
	*why = "the list is older than the one at hand";
	if (have != HM_NO_TIME && l.ctl.this_update < have)
		return HM_EUNSUP;
	if (roots)
		take_roots(&l, count);
	else
		take_disallowed(&l, count);
	count->lists++;
	*why = "";
	return HM_OK;
}
