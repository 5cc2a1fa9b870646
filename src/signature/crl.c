/* SPDX-License-Identifier: MIT */
#include "signature/crl.h"

static bool is_time(const struct hm_cur *c)
{
	return hm_peek(c) == HM_DER_UTC_TIME || hm_peek(c) == HM_DER_GENERALIZED_TIME;
}

/* issuingDistributionPoint, RFC 5280 5.2.5: booleans, and the reasons that are covered.
 */
static void read_point(struct hm_crl *crl, struct hm_cur *c)
{
	struct hm_der list = hm_ber_of(c, HM_DER_SEQUENCE, "issuingDistributionPoint");

	while (hm_more(&list.in)) {
		struct hm_der e = hm_ber_next(&list.in, "issuingDistributionPoint");
		bool set = hm_peek(&e.in) != 0;

		if (e.tag == (HM_DER_CONTEXT | 1))
			crl->only_user = set;
		else if (e.tag == (HM_DER_CONTEXT | 2))
			crl->only_ca = set;
		else if (e.tag == (HM_DER_CONTEXT | 4))
			crl->indirect = set;
		else if (e.tag == (HM_DER_CONTEXT | 3))
			crl->partial = true;
		else if (e.tag == (HM_DER_CONTEXT | 5))
			crl->partial = crl->partial || set;
	}
	hm_join(c, &list.in);
}

static void read_aki(struct hm_crl *crl, struct hm_cur *c)
{
	struct hm_der e = hm_ber_of(c, HM_DER_SEQUENCE, "authorityKeyIdentifier");
	struct hm_der id;

	if (hm_ber_if(&e.in, HM_DER_CONTEXT, "keyIdentifier", &id))
		crl->aki = hm_der_value(&id);
	hm_join(c, &e.in);
}

static void read_extension(struct hm_crl *crl, enum hm_oid oid, bool critical,
			   struct hm_cur *c)
{
	if (oid == HM_OID_AKI)
		read_aki(crl, c);
	else if (oid == HM_OID_CRL_NUMBER)
		crl->number = hm_der_integer(c, "cRLNumber");
	else if (oid == HM_OID_DELTA_CRL)
		crl->delta = true;
	else if (oid == HM_OID_ISSUING_POINT)
		read_point(crl, c);
	else if (critical)
		crl->unknown_critical = true;
}

static void read_extensions(struct hm_crl *crl, struct hm_cur *c)
{
	struct hm_der list = hm_ber_of(c, HM_DER_SEQUENCE, "crlExtensions");

	while (hm_more(&list.in)) {
		struct hm_der e = hm_ber_of(&list.in, HM_DER_SEQUENCE, "Extension");
		enum hm_oid oid = hm_oid_of(hm_der_oid(&e.in, "extnID"));
		bool critical = hm_peek(&e.in) == HM_DER_BOOLEAN &&
				hm_der_bool(&e.in, "critical");
		struct hm_der value = hm_ber_of(&e.in, HM_DER_OCTET_STRING, "extnValue");

		hm_join(&list.in, &e.in);
		if (list.in.err == HM_OK)
			read_extension(crl, oid, critical, &value.in);
		hm_join(&list.in, &value.in);
	}
	hm_join(c, &list.in);
}

/* TBSCertList, RFC 5280 5.1.2. */
static void read_tbs(struct hm_crl *crl, struct hm_cur *c)
{
	struct hm_der e;

	if (hm_peek(c) == HM_DER_INTEGER)
		hm_der_small(c, "version");
	crl->tbs_alg = hm_alg_read(c, "signature");
	crl->issuer = hm_ber_of(c, HM_DER_SEQUENCE, "issuer").whole;
	crl->this_update = hm_der_time(c, "thisUpdate");
	hm_rule(c, crl->this_update != HM_NO_TIME, "thisUpdate is a time");
	if (is_time(c))
		crl->next_update = hm_der_time(c, "nextUpdate");
	if (hm_ber_if(c, HM_DER_SEQUENCE, "revokedCertificates", &e))
		crl->entries = e.in;
	if (hm_ber_if(c, HM_DER_CONTEXT_CONS, "crlExtensions", &e)) {
		read_extensions(crl, &e.in);
		hm_join(c, &e.in);
	}
	hm_der_end(c, "TBSCertList");
}

struct hm_crl hm_crl_read(hm_bytes der)
{
	struct hm_crl crl = { .der = der,
			      .this_update = HM_NO_TIME,
			      .next_update = HM_NO_TIME };
	struct hm_cur c = hm_cur_of(der);
	struct hm_der e = hm_ber_of(&c, HM_DER_SEQUENCE, "CertificateList");
	struct hm_der tbs = hm_ber_of(&e.in, HM_DER_SEQUENCE, "tbsCertList");

	crl.tbs = tbs.whole;
	read_tbs(&crl, &tbs.in);
	hm_join(&e.in, &tbs.in);
	crl.alg = hm_alg_read(&e.in, "signatureAlgorithm");
	crl.signature = hm_der_bits(&e.in, "signatureValue");
	hm_der_end(&e.in, "CertificateList");
	hm_join(&c, &e.in);
	hm_der_end(&c, "end of the list");
	crl.err = c.err;
	crl.why = c.why;
	crl.where = c.where;
	return crl;
}

static void read_entry_extension(struct hm_revoked *out, enum hm_oid oid,
				 struct hm_cur *c)
{
	if (oid == HM_OID_CRL_REASON) {
		struct hm_der e = hm_ber_of(c, HM_DER_ENUMERATED, "reasonCode");

		out->reason = hm_u8(&e.in, "reasonCode");
		out->has_reason = true;
		hm_join(c, &e.in);
	} else if (oid == HM_OID_INVALIDITY_DATE) {
		out->invalidity = hm_der_time(c, "invalidityDate");
	}
}

static void read_entry_extensions(struct hm_revoked *out, struct hm_cur *c)
{
	while (hm_more(c)) {
		struct hm_der e = hm_ber_of(c, HM_DER_SEQUENCE, "Extension");
		enum hm_oid oid = hm_oid_of(hm_der_oid(&e.in, "extnID"));

		if (hm_peek(&e.in) == HM_DER_BOOLEAN)
			hm_der_bool(&e.in, "critical");
		struct hm_der value = hm_ber_of(&e.in, HM_DER_OCTET_STRING, "extnValue");

		hm_join(c, &e.in);
		if (c->err == HM_OK)
			read_entry_extension(out, oid, &value.in);
		hm_join(c, &value.in);
	}
}

bool hm_crl_next(struct hm_cur *entries, struct hm_revoked *out)
{
	struct hm_der extensions;

	if (!hm_more(entries))
		return false;
	struct hm_der e = hm_ber_of(entries, HM_DER_SEQUENCE, "revokedCertificate");

	*out = (struct hm_revoked){ .invalidity = HM_NO_TIME };
	out->serial = hm_der_integer(&e.in, "userCertificate");
	out->date = hm_der_time(&e.in, "revocationDate");
	hm_rule(&e.in, out->date != HM_NO_TIME, "revocationDate is a time");
	if (hm_ber_if(&e.in, HM_DER_SEQUENCE, "crlEntryExtensions", &extensions)) {
		read_entry_extensions(out, &extensions.in);
		hm_join(&e.in, &extensions.in);
	}
	hm_join(entries, &e.in);
	return entries->err == HM_OK;
}

bool hm_crl_find(const struct hm_crl *crl, hm_bytes serial, struct hm_revoked *out,
		 hm_err *err)
{
	struct hm_cur c = crl->entries;
	struct hm_revoked each;
	bool found = false;

	/* To the end: what is broken after the entry makes the whole list worth nothing.
	 */
	while (hm_crl_next(&c, &each))
		if (hm_serial_same(each.serial, serial)) {
			*out = each;
			found = true;
		}
	*err = c.err;
	return found && c.err == HM_OK;
}
