/* SPDX-License-Identifier: MIT */
#include "signature/cert.h"

#include "base/limits.h"

/* What readers of extensions fill, and where lists come from. */
struct reader {
	struct hm_cert *cert;
	struct hm_arena *arena;
};

static void read_basic(struct reader *r, struct hm_cur *c)
{
	struct hm_cert *cert = r->cert;
	struct hm_der e = hm_ber_of(c, HM_DER_SEQUENCE, "basicConstraints");

	cert->has_basic = true;
	if (hm_peek(&e.in) == HM_DER_BOOLEAN)
		cert->ca = hm_der_bool(&e.in, "cA");
	if (hm_peek(&e.in) == HM_DER_INTEGER) {
		cert->path_len = hm_der_small(&e.in, "pathLenConstraint");
		cert->has_path_len = true;
	}
	hm_join(c, &e.in);
}

/* The same as Windows first had it: a BIT STRING of cA and endEntity, then the length.
 * Certificates of the nineties carry it (szOID_BASIC_CONSTRAINTS). */
static void read_old_basic(struct reader *r, struct hm_cur *c)
{
	struct hm_cert *cert = r->cert;
	struct hm_der e = hm_ber_of(c, HM_DER_SEQUENCE, "basicConstraints-old");
	struct hm_cur bits = hm_cur_of(hm_der_bits(&e.in, "subjectType"));

	if (cert->has_basic)
		return;
	cert->has_basic = true;
	cert->ca = hm_more(&bits) && (hm_u8(&bits, "subjectType") & 0x80) != 0;
	if (hm_peek(&e.in) == HM_DER_INTEGER) {
		cert->path_len = hm_der_small(&e.in, "pathLenConstraint");
		cert->has_path_len = true;
	}
	hm_join(c, &e.in);
}

static void read_key_usage(struct reader *r, struct hm_cur *c)
{
	hm_bytes bits = hm_der_bits(c, "keyUsage");
	struct hm_cur b = hm_cur_of(bits);

	r->cert->has_key_usage = true;
	for (unsigned octet = 0; octet < 2 && hm_more(&b); octet++) {
		uint8_t value = hm_u8(&b, "keyUsage");

		for (unsigned bit = 0; bit < 8; bit++)
			if ((value & 0x80 >> bit) != 0)
				r->cert->key_usage |= 1U << (octet * 8 + bit);
	}
}

static void read_eku(struct reader *r, struct hm_cur *c)
{
	struct hm_cert *cert = r->cert;
	struct hm_der e = hm_ber_of(c, HM_DER_SEQUENCE, "extKeyUsage");

	cert->has_eku = true;
	cert->eku = hm_new_n(r->arena, hm_bytes, HM_MAX_EKU);
	while (hm_more(&e.in)) {
		hm_bytes id = hm_der_oid(&e.in, "KeyPurposeId");

		if (cert->num_eku == HM_MAX_EKU)
			hm_fail(&e.in, HM_ELIMIT, "purposes");
		else
			cert->eku[cert->num_eku++] = id;
	}
	hm_join(c, &e.in);
}

/* Microsoft's application policies: PolicyInformation, of which the first field counts.
 */
static void read_app_policies(struct reader *r, struct hm_cur *c)
{
	struct hm_cert *cert = r->cert;
	struct hm_der e = hm_ber_of(c, HM_DER_SEQUENCE, "applicationCertPolicies");

	cert->has_app_policies = true;
	cert->app_policies = hm_new_n(r->arena, hm_bytes, HM_MAX_EKU);
	while (hm_more(&e.in)) {
		struct hm_der policy =
			hm_ber_of(&e.in, HM_DER_SEQUENCE, "PolicyInformation");
		hm_bytes id = hm_der_oid(&policy.in, "policyIdentifier");

		hm_join(&e.in, &policy.in);
		if (cert->num_app_policies == HM_MAX_EKU)
			hm_fail(&e.in, HM_ELIMIT, "purposes");
		else
			cert->app_policies[cert->num_app_policies++] = id;
	}
	hm_join(c, &e.in);
}

static void read_ski(struct reader *r, struct hm_cur *c)
{
	struct hm_der e = hm_ber_of(c, HM_DER_OCTET_STRING, "subjectKeyIdentifier");

	r->cert->ski = hm_der_value(&e);
}

/* GeneralNames: the first that has this tag. */
static hm_bytes general_name(struct hm_cur names, uint8_t tag)
{
	while (hm_more(&names)) {
		struct hm_der name = hm_ber_next(&names, "GeneralName");

		if (name.tag == tag)
			return hm_der_value(&name);
	}
	return (hm_bytes){ 0 };
}

static void read_aki(struct reader *r, struct hm_cur *c)
{
	struct hm_cert *cert = r->cert;
	struct hm_der e = hm_ber_of(c, HM_DER_SEQUENCE, "authorityKeyIdentifier");
	struct hm_der field;

	if (hm_ber_if(&e.in, HM_DER_CONTEXT, "keyIdentifier", &field))
		cert->aki = hm_der_value(&field);
	if (hm_ber_if(&e.in, HM_DER_CONTEXT_CONS | 1, "authorityCertIssuer", &field))
		cert->aki_issuer = general_name(field.in, HM_DER_CONTEXT_CONS | 4);
	if (hm_ber_if(&e.in, HM_DER_CONTEXT | 2, "authorityCertSerialNumber", &field))
		cert->aki_serial = hm_der_value(&field);
	hm_join(c, &e.in);
}

/* The URLs of one DistributionPoint: [0] { [0] fullName { [6] ... } }. */
static void read_crl_point(struct reader *r, struct hm_cur point)
{
	struct hm_cert *cert = r->cert;
	struct hm_der name, full;

	if (!hm_ber_if(&point, HM_DER_CONTEXT_CONS, "distributionPoint", &name) ||
	    !hm_ber_if(&name.in, HM_DER_CONTEXT_CONS, "fullName", &full))
		return;
	while (hm_more(&full.in) && cert->num_crl_urls < HM_MAX_CRL_URLS) {
		struct hm_der e = hm_ber_next(&full.in, "GeneralName");

		if (e.tag == (HM_DER_CONTEXT | 6))
			cert->crl_urls[cert->num_crl_urls++] = hm_der_value(&e);
	}
}

static void read_crl_points(struct reader *r, struct hm_cur *c)
{
	struct hm_der e = hm_ber_of(c, HM_DER_SEQUENCE, "cRLDistributionPoints");

	r->cert->crl_urls = hm_new_n(r->arena, hm_bytes, HM_MAX_CRL_URLS);
	while (hm_more(&e.in)) {
		struct hm_der point =
			hm_ber_of(&e.in, HM_DER_SEQUENCE, "DistributionPoint");

		read_crl_point(r, point.in);
	}
	hm_join(c, &e.in);
}

static void read_name_constraints(struct reader *r, struct hm_cur *c)
{
	struct hm_der e = hm_ber_of(c, HM_DER_SEQUENCE, "nameConstraints");

	r->cert->name_constraints = e.whole;
}

/* Known, and nothing in it for us: it may be critical. */
static void read_nothing(struct reader *r, struct hm_cur *c)
{
	(void)r;
	(void)c;
}

/* clang-format off */
static const struct {
	enum hm_oid oid;
	void (*read)(struct reader *r, struct hm_cur *c);
	bool decides; /* a verdict rests on it: it must be whole, critical or not */
} extensions[] = {
	{ HM_OID_BASIC_CONSTRAINTS, read_basic, true },
	{ HM_OID_OLD_BASIC, read_old_basic, true },
	{ HM_OID_KEY_USAGE, read_key_usage, true },
	{ HM_OID_EKU, read_eku, true },
	{ HM_OID_MS_APP_POLICIES, read_app_policies, true },
	{ HM_OID_NAME_CONSTRAINTS, read_name_constraints, true },
	{ HM_OID_SKI, read_ski, false },
	{ HM_OID_AKI, read_aki, false },
	{ HM_OID_CRL_POINTS, read_crl_points, false },
	{ HM_OID_SUBJECT_ALT_NAME, read_nothing, false },
	{ HM_OID_ISSUER_ALT_NAME, read_nothing, false },
	{ HM_OID_CERT_POLICIES, read_nothing, false },
	{ HM_OID_POLICY_MAPPINGS, read_nothing, false },
	{ HM_OID_POLICY_CONSTRAINTS, read_nothing, false },
	{ HM_OID_INHIBIT_ANY_POLICY, read_nothing, false },
	{ HM_OID_AUTHORITY_INFO, read_nothing, false },
	{ HM_OID_OLD_AKI, read_nothing, false },
	{ HM_OID_OLD_KEY_USAGE, read_nothing, false },
	{ HM_OID_NS_CERT_TYPE, read_nothing, false },
	{ HM_OID_MS_TEMPLATE, read_nothing, false },
	{ HM_OID_MS_CA_VERSION, read_nothing, false },
};
/* clang-format on */

/* The value of an extension that we know.  A broken one is noted where it decides
 * something or is critical, and the others count. */
static bool read_known(struct reader *r, enum hm_oid oid, bool critical, hm_bytes value)
{
	for (size_t i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++) {
		if (extensions[i].oid != oid)
			continue;
		struct hm_cur c = hm_cur_of(value);

		extensions[i].read(r, &c);
		if (c.err != HM_OK && (critical || extensions[i].decides))
			r->cert->extensions_broken = true;
		return true;
	}
	return false;
}

static void read_extensions(struct reader *r, struct hm_cur *c)
{
	struct hm_der list = hm_ber_of(c, HM_DER_SEQUENCE, "Extensions");

	while (hm_more(&list.in)) {
		struct hm_der e = hm_ber_of(&list.in, HM_DER_SEQUENCE, "Extension");
		hm_bytes id = hm_der_oid(&e.in, "extnID");
		enum hm_oid oid = hm_oid_of(id);
		bool critical = hm_peek(&e.in) == HM_DER_BOOLEAN &&
				hm_der_bool(&e.in, "critical");
		struct hm_der value = hm_ber_of(&e.in, HM_DER_OCTET_STRING, "extnValue");

		hm_join(&list.in, &e.in);
		if (list.in.err != HM_OK)
			break;
		if (!read_known(r, oid, critical, hm_der_value(&value)) && critical &&
		    !r->cert->unknown_critical) {
			r->cert->unknown_critical = true;
			r->cert->unknown_critical_id = id;
		}
		if (oid == HM_OID_EKU)
			r->cert->eku_critical = critical;
	}
	hm_join(c, &list.in);
}

/* TBSCertificate, RFC 5280 4.1. */
static void read_tbs(struct reader *r, struct hm_cur *c)
{
	struct hm_cert *cert = r->cert;
	struct hm_der e;

	cert->version = 1;
	if (hm_ber_if(c, HM_DER_CONTEXT_CONS, "version", &e)) {
		cert->version = hm_der_small(&e.in, "version") + 1;
		hm_join(c, &e.in);
	}
	cert->serial = hm_der_integer(c, "serialNumber");
	cert->tbs_alg = hm_alg_read(c, "signature");
	cert->issuer = hm_ber_of(c, HM_DER_SEQUENCE, "issuer").whole;
	e = hm_ber_of(c, HM_DER_SEQUENCE, "validity");
	cert->not_before = hm_der_time(&e.in, "notBefore");
	cert->not_after = hm_der_time(&e.in, "notAfter");
	hm_rule(&e.in, cert->not_before != HM_NO_TIME && cert->not_after != HM_NO_TIME,
		"validity is two times");
	hm_join(c, &e.in);
	cert->subject = hm_ber_of(c, HM_DER_SEQUENCE, "subject").whole;
	cert->spki = hm_ber_of(c, HM_DER_SEQUENCE, "subjectPublicKeyInfo").whole;
	if (c->err == HM_OK)
		cert->key = hm_key_read(cert->spki);
	hm_ber_if(c, HM_DER_CONTEXT | 1, "issuerUniqueID", &e);
	hm_ber_if(c, HM_DER_CONTEXT | 2, "subjectUniqueID", &e);
	if (hm_ber_if(c, HM_DER_CONTEXT_CONS | 3, "extensions", &e)) {
		read_extensions(r, &e.in);
		hm_join(c, &e.in);
	}
	hm_der_end(c, "TBSCertificate");
}

struct hm_cert hm_cert_read(hm_bytes der, struct hm_arena *a)
{
	struct hm_cert cert = { .der = der,
				.not_before = HM_NO_TIME,
				.not_after = HM_NO_TIME };
	struct reader r = { &cert, a };
	struct hm_cur c = hm_cur_of(der);
	struct hm_der e = hm_ber_of(&c, HM_DER_SEQUENCE, "Certificate");
	struct hm_der tbs = hm_ber_of(&e.in, HM_DER_SEQUENCE, "tbsCertificate");

	cert.tbs = tbs.whole;
	read_tbs(&r, &tbs.in);
	hm_join(&e.in, &tbs.in);
	cert.alg = hm_alg_read(&e.in, "signatureAlgorithm");
	cert.signature = hm_der_bits(&e.in, "signatureValue");
	hm_der_end(&e.in, "Certificate");
	hm_join(&c, &e.in);
	hm_der_end(&c, "end of the certificate");
	cert.err = c.err;
	cert.why = c.why;
	cert.where = c.where;
	return cert;
}

bool hm_cert_has_eku(const struct hm_cert *cert, enum hm_oid usage)
{
	for (size_t i = 0; i < cert->num_eku; i++)
		if (hm_same(cert->eku[i], hm_oid_bytes(usage)))
			return true;
	return false;
}

bool hm_name_same(hm_bytes a, hm_bytes b)
{
	return a.len != 0 && hm_same(a, b);
}

bool hm_cert_self_issued(const struct hm_cert *cert)
{
	return hm_name_same(cert->issuer, cert->subject);
}

bool hm_serial_same(hm_bytes a, hm_bytes b)
{
	return hm_same(hm_der_unsigned(a), hm_der_unsigned(b));
}
