/* SPDX-License-Identifier: MIT */
#include "signature/ctl.h"

/* CTL, [MS-CAESO] and wincrypt.h's CTL_INFO:
 * SEQUENCE { version OPTIONAL, subjectUsage, listIdentifier OPTIONAL, sequenceNumber
 * OPTIONAL, thisUpdate, nextUpdate OPTIONAL, subjectAlgorithm, trustedSubjects OPTIONAL,
 * [0] extensions OPTIONAL }. */
static void read_head(struct hm_ctl *ctl, struct hm_cur *c)
{
	struct hm_der e;

	if (hm_peek(c) == HM_DER_INTEGER)
		hm_der_small(c, "version");
	e = hm_ber_of(c, HM_DER_SEQUENCE, "subjectUsage");
	ctl->usage_id = hm_der_oid(&e.in, "subjectUsage");
	ctl->usage = hm_oid_of(ctl->usage_id);
	hm_join(c, &e.in);
	if (hm_ber_if(c, HM_DER_OCTET_STRING, "listIdentifier", &e))
		ctl->list_id = hm_der_value(&e);
	if (hm_peek(c) == HM_DER_INTEGER)
		ctl->sequence = hm_der_integer(c, "sequenceNumber");
	ctl->this_update = hm_der_time(c, "thisUpdate");
	hm_rule(c, ctl->this_update != HM_NO_TIME, "thisUpdate is a time");
	if (hm_peek(c) == HM_DER_UTC_TIME || hm_peek(c) == HM_DER_GENERALIZED_TIME)
		ctl->next_update = hm_der_time(c, "nextUpdate");
	ctl->subject_alg = hm_alg_read(c, "subjectAlgorithm");
}

struct hm_ctl hm_ctl_read(hm_bytes content)
{
	struct hm_ctl ctl = { .this_update = HM_NO_TIME, .next_update = HM_NO_TIME };
	struct hm_cur c = hm_cur_of(content);
	struct hm_der list = hm_ber_of(&c, HM_DER_SEQUENCE, "CertificateTrustList");
	struct hm_der e;

	read_head(&ctl, &list.in);
	if (hm_ber_if(&list.in, HM_DER_SEQUENCE, "trustedSubjects", &e))
		ctl.entries = e.in;
	if (hm_ber_if(&list.in, HM_DER_CONTEXT_CONS, "ctlExtensions", &e))
		ctl.extensions = hm_der_value(&e);
	hm_der_end(&list.in, "CertificateTrustList");
	hm_join(&c, &list.in);
	hm_der_end(&c, "end of the list");
	ctl.err = c.err;
	ctl.why = c.why;
	return ctl;
}

bool hm_ctl_next(struct hm_cur *entries, struct hm_ctl_entry *out)
{
	struct hm_der attributes;

	if (!hm_more(entries))
		return false;
	struct hm_der e = hm_ber_of(entries, HM_DER_SEQUENCE, "TrustedSubject");
	struct hm_der id = hm_ber_of(&e.in, HM_DER_OCTET_STRING, "subjectIdentifier");

	*out = (struct hm_ctl_entry){ .id = hm_der_value(&id) };
	if (hm_ber_if(&e.in, HM_DER_SET, "subjectAttributes", &attributes))
		out->attributes = hm_der_value(&attributes);
	hm_der_end(&e.in, "TrustedSubject");
	hm_join(entries, &e.in);
	return entries->err == HM_OK;
}

/* A FILETIME in 8 octets, little endian.  Microsoft's list also has it empty: no date. */
static hm_time read_filetime(struct hm_cur *c, hm_bytes value)
{
	struct hm_cur v = hm_cur_of(value);
	uint64_t ticks = hm_u64le(&v, "FILETIME");

	hm_rule(c, value.len == 0 || value.len == 8, "FILETIME has 8 octets");
	return value.len == 8 && ticks != 0 ? hm_time_of_filetime(ticks) : HM_NO_TIME;
}

/* EKU properties hold an encoded SEQUENCE OF OBJECT IDENTIFIER. */
static hm_bytes read_purposes(struct hm_cur *c, hm_bytes value)
{
	struct hm_cur v = hm_cur_of(value);
	struct hm_der e = hm_ber_of(&v, HM_DER_SEQUENCE, "purposes");
	struct hm_cur each = e.in;

	while (hm_more(&each))
		hm_der_oid(&each, "purpose");
	hm_join(c, &v);
	hm_join(c, &each);
	return hm_der_value(&e);
}

static void set_property(struct hm_ctl_root *root, enum hm_oid oid, hm_bytes value,
			 struct hm_cur *c)
{
	if (oid == HM_OID_PROP_EKU) {
		root->has_eku = true;
		root->eku = read_purposes(c, value);
	} else if (oid == HM_OID_PROP_FRIENDLY) {
		root->friendly = value;
	} else if (oid == HM_OID_PROP_KEY_ID) {
		root->key_id = value;
	} else if (oid == HM_OID_PROP_NAME_MD5) {
		root->name_md5 = value;
	} else if (oid == HM_OID_PROP_SHA256) {
		root->sha256 = value;
	} else if (oid == HM_OID_PROP_DISALLOWED) {
		root->has_disallowed = true;
		root->disallowed = read_filetime(c, value);
	} else if (oid == HM_OID_PROP_DISALLOWED_EKU) {
		root->disallowed_eku = read_purposes(c, value);
	} else if (oid == HM_OID_PROP_NOT_BEFORE) {
		root->has_not_before = true;
		root->not_before = read_filetime(c, value);
	} else if (oid == HM_OID_PROP_NOT_BEFORE_EKU) {
		root->has_not_before_eku = true;
		root->not_before_eku = read_purposes(c, value);
	} else if (oid == HM_OID_PROP_CHAIN_POLICIES ||
		   oid == HM_OID_PROP_ROOT_POLICIES) {
		root->policies = value;
	}
}

struct hm_ctl_root hm_ctl_root_of(const struct hm_ctl_entry *entry)
{
	struct hm_ctl_root root = { .sha1 = entry->id,
				    .disallowed = HM_NO_TIME,
				    .not_before = HM_NO_TIME };
	struct hm_cur c = hm_cur_of(entry->attributes);

	while (hm_more(&c)) {
		struct hm_der e = hm_ber_of(&c, HM_DER_SEQUENCE, "Attribute");
		enum hm_oid oid = hm_oid_of(hm_der_oid(&e.in, "property"));
		struct hm_der set = hm_ber_of(&e.in, HM_DER_SET, "values");
		struct hm_der value = hm_ber_of(&set.in, HM_DER_OCTET_STRING, "value");

		hm_join(&e.in, &set.in);
		hm_join(&c, &e.in);
		if (c.err == HM_OK)
			set_property(&root, oid, hm_der_value(&value), &c);
	}
	root.err = c.err;
	return root;
}

bool hm_eku_list_has(hm_bytes list, enum hm_oid usage)
{
	struct hm_cur c = hm_cur_of(list);

	while (hm_more(&c))
		if (hm_same(hm_der_oid(&c, "purpose"), hm_oid_bytes(usage)))
			return true;
	return false;
}
