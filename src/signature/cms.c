/* SPDX-License-Identifier: MIT */
#include "signature/cms.h"

#include "base/limits.h"

static size_t count_elements(struct hm_cur c)
{
	size_t num = 0;

	for (; hm_more(&c); num++)
		hm_ber_next(&c, "element");
	return num;
}

/* As many as there are and as max lets; *limit tells that some are left out. */
static size_t bounded(size_t num, size_t max, bool *limit)
{
	*limit = *limit || num > max;
	return num < max ? num : max;
}

/* Attributes. */

const struct hm_attr *hm_attr_get(const struct hm_attrs *attrs, enum hm_oid oid,
				  size_t *num_found)
{
	const struct hm_attr *found = NULL;
	size_t num = 0;

	for (size_t i = 0; i < attrs->num; i++) {
		if (attrs->at[i].oid != oid)
			continue;
		if (num++ == 0)
			found = &attrs->at[i];
	}
	if (num_found != NULL)
		*num_found = num;
	return found;
}

static struct hm_attrs read_attrs(struct hm_cur *c, uint8_t tag, struct hm_arena *a)
{
	struct hm_attrs attrs = { 0 };
	struct hm_der list;

	if (!hm_ber_if(c, tag, "attributes", &list))
		return attrs;
	attrs.raw = list.whole;
	size_t num = count_elements(list.in);

	if (num > HM_MAX_ATTRS) {
		hm_fail(c, HM_ELIMIT, "attributes");
		return attrs;
	}
	attrs.at = hm_new_n(a, struct hm_attr, num);
	while (hm_more(&list.in) && attrs.num < num) {
		struct hm_attr *attr = &attrs.at[attrs.num++];
		struct hm_der e = hm_ber_of(&list.in, HM_DER_SEQUENCE, "Attribute");

		attr->id = hm_der_oid(&e.in, "attrType");
		attr->oid = hm_oid_of(attr->id);
		struct hm_der values = hm_ber_of(&e.in, HM_DER_SET, "attrValues");

		attr->values = hm_der_value(&values);
		attr->num_values = count_elements(values.in);
		hm_join(&list.in, &e.in);
	}
	hm_join(c, &list.in);
	return attrs;
}

/* X.690 11.6: the encodings in ascending order. */
static bool sorted(const struct hm_attrs *attrs)
{
	struct hm_cur c = hm_cur_of(attrs->raw);
	struct hm_der list = hm_ber_next(&c, "attributes");
	hm_bytes last = { 0 };

	while (hm_more(&list.in)) {
		struct hm_der e = hm_ber_next(&list.in, "Attribute");

		if (hm_order(last, e.whole) > 0)
			return false;
		last = e.whole;
	}
	return true;
}

/* The one value of the one attribute of that type, as a cursor over it. */
static struct hm_cur single(const struct hm_attrs *attrs, enum hm_oid oid, uint32_t none,
			    uint32_t two, uint32_t *flags)
{
	size_t num;
	const struct hm_attr *attr = hm_attr_get(attrs, oid, &num);

	if (attr == NULL || attr->num_values == 0) {
		*flags |= none;
		return hm_cur_of((hm_bytes){ 0 });
	}
	if (num > 1 || attr->num_values > 1)
		*flags |= two;
	return hm_cur_of(attr->values);
}

static void read_known_attrs(struct hm_signer *s)
{
	s->signing_time = HM_NO_TIME;
	if (s->attrs.raw.len == 0)
		return;
	struct hm_cur digest =
		single(&s->attrs, HM_OID_MESSAGE_DIGEST, HM_SIGNER_NO_MESSAGE_DIGEST,
		       HM_SIGNER_TWO_MESSAGE_DIGESTS, &s->flags);
	struct hm_cur type =
		single(&s->attrs, HM_OID_CONTENT_TYPE, HM_SIGNER_NO_CONTENT_TYPE,
		       HM_SIGNER_TWO_CONTENT_TYPES, &s->flags);
	struct hm_cur time = single(&s->attrs, HM_OID_SIGNING_TIME, 0, 0, &s->flags);
	struct hm_der value;

	if (hm_ber_if(&digest, HM_DER_OCTET_STRING, "messageDigest", &value))
		s->message_digest = hm_der_value(&value);
	if (hm_more(&type))
		s->content_type = hm_der_oid(&type, "contentType");
	if (hm_more(&time))
		s->signing_time = hm_der_time(&time, "signingTime");
	if (!sorted(&s->attrs))
		s->flags |= HM_SIGNER_UNSORTED;
}

/* Signers. */

/* Microsoft writes a key identifier as an issuer with this attribute and serial 0. */
static void read_key_id_rdn(struct hm_signer *s)
{
	struct hm_cur c = hm_cur_of(s->issuer);
	struct hm_der name = hm_ber_next(&c, "issuer");
	struct hm_der set = hm_ber_next(&name.in, "RDN");
	struct hm_der e = hm_ber_next(&set.in, "AttributeTypeAndValue");
	struct hm_der id;

	if (hm_oid_of(hm_der_oid(&e.in, "type")) == HM_OID_KEYID_RDN &&
	    hm_ber_if(&e.in, HM_DER_OCTET_STRING, "key identifier", &id))
		s->ski = hm_der_value(&id);
}

static void read_sid(struct hm_cur *c, struct hm_signer *s)
{
	struct hm_der e = hm_ber_next(c, "SignerIdentifier");

	if (e.tag == HM_DER_SEQUENCE) {
		s->issuer = hm_ber_of(&e.in, HM_DER_SEQUENCE, "issuer").whole;
		s->serial = hm_der_integer(&e.in, "serialNumber");
		hm_join(c, &e.in);
		read_key_id_rdn(s);
	} else if (e.tag == HM_DER_CONTEXT) {
		s->ski = hm_der_value(&e);
	} else {
		hm_rule(c, false, "SignerIdentifier");
	}
}

struct hm_signer hm_signer_read(struct hm_cur *c, struct hm_arena *a)
{
	struct hm_signer s = { .signing_time = HM_NO_TIME };
	struct hm_der e = hm_ber_of(c, HM_DER_SEQUENCE, "SignerInfo");
	struct hm_cur *in = &e.in;

	s.whole = e.whole;
	s.version = hm_der_small(in, "version");
	read_sid(in, &s);
	s.digest_alg = hm_alg_read(in, "digestAlgorithm");
	s.attrs = read_attrs(in, HM_DER_CONTEXT_CONS, a);
	s.alg = hm_alg_read(in, "signatureAlgorithm");
	struct hm_der signature = hm_ber_of(in, HM_DER_OCTET_STRING, "signature");

	s.signature = hm_der_value(&signature);
	s.unsigned_attrs = read_attrs(in, HM_DER_CONTEXT_CONS | 1, a);
	hm_der_end(in, "SignerInfo");
	hm_join(c, in);
	read_known_attrs(&s);
	return s;
}

bool hm_signer_is(const struct hm_signer *signer, const struct hm_cert *cert)
{
	if (signer->ski.len != 0 && hm_same(signer->ski, cert->ski))
		return true;
	return hm_name_same(signer->issuer, cert->issuer) &&
	       hm_serial_same(signer->serial, cert->serial);
}

const struct hm_cert *hm_signer_cert(const struct hm_signer *signer,
				     const struct hm_cert *certs, size_t num)
{
	for (size_t i = 0; i < num; i++)
		if (certs[i].err == HM_OK && hm_signer_is(signer, &certs[i]))
			return &certs[i];
	return NULL;
}

/* SignedData. */

static void read_digest_algs(struct hm_cur *c, struct hm_cms *cms, struct hm_arena *a)
{
	struct hm_der set = hm_ber_of(c, HM_DER_SET, "digestAlgorithms");
	size_t num = count_elements(set.in);

	if (num > HM_MAX_DIGEST_ALGS) {
		hm_fail(c, HM_ELIMIT, "digestAlgorithms");
		return;
	}
	cms->digest_algs = hm_new_n(a, struct hm_alg, num);
	while (hm_more(&set.in) && cms->num_digest_algs < num)
		cms->digest_algs[cms->num_digest_algs++] =
			hm_alg_read(&set.in, "digestAlgorithm");
	hm_join(c, &set.in);
}

static void read_content(struct hm_cur *c, struct hm_cms *cms)
{
	struct hm_der info = hm_ber_of(c, HM_DER_SEQUENCE, "contentInfo");
	struct hm_der explicit;

	cms->content_id = hm_der_oid(&info.in, "eContentType");
	cms->content_type = hm_oid_of(cms->content_id);
	if (hm_ber_if(&info.in, HM_DER_CONTEXT_CONS, "eContent", &explicit)) {
		struct hm_der e = hm_ber_next(&explicit.in, "eContent");

		hm_der_end(&explicit.in, "eContent is one element");
		hm_join(&info.in, &explicit.in);
		cms->has_content = explicit.in.err == HM_OK;
		cms->content_octets = e.tag == HM_DER_OCTET_STRING;
		cms->digested = hm_der_value(&e);
		cms->content = cms->content_octets ? cms->digested : e.whole;
	}
	hm_der_end(&info.in, "contentInfo");
	hm_join(c, &info.in);
}

/* A certificate that cannot be read is kept, with its fault: it may not be needed. */
static void read_certs(struct hm_cur *c, struct hm_cms *cms, struct hm_arena *a,
		       bool *limit)
{
	struct hm_der bag;

	if (!hm_ber_if(c, HM_DER_CONTEXT_CONS, "certificates", &bag))
		return;
	size_t num = bounded(count_elements(bag.in), HM_MAX_CERTS, limit);

	cms->certs = hm_new_n(a, struct hm_cert, num);
	while (hm_more(&bag.in) && cms->num_certs < num) {
		struct hm_der e = hm_ber_next(&bag.in, "certificate");

		/* Other tags are attribute certificates and the like. */
		if (e.tag == HM_DER_SEQUENCE)
			cms->certs[cms->num_certs++] = hm_cert_read(e.whole, a);
	}
	hm_join(c, &bag.in);
}

static void read_crls(struct hm_cur *c, struct hm_cms *cms, struct hm_arena *a,
		      bool *limit)
{
	struct hm_der bag;

	if (!hm_ber_if(c, HM_DER_CONTEXT_CONS | 1, "crls", &bag))
		return;
	size_t num = bounded(count_elements(bag.in), HM_MAX_CRLS, limit);

	cms->crls = hm_new_n(a, hm_bytes, num);
	while (hm_more(&bag.in) && cms->num_crls < num)
		cms->crls[cms->num_crls++] = hm_ber_next(&bag.in, "crl").whole;
	hm_join(c, &bag.in);
}

static void read_signers(struct hm_cur *c, struct hm_cms *cms, struct hm_arena *a,
			 bool *limit)
{
	struct hm_der set = hm_ber_of(c, HM_DER_SET, "signerInfos");
	size_t num = bounded(count_elements(set.in), HM_MAX_SIGNERS, limit);

	cms->signers = hm_new_n(a, struct hm_signer, num);
	while (hm_more(&set.in) && cms->num_signers < num)
		cms->signers[cms->num_signers++] = hm_signer_read(&set.in, a);
	hm_join(c, &set.in);
}

static void read_signed_data(struct hm_cur *c, struct hm_cms *cms, struct hm_arena *a)
{
	struct hm_der data = hm_ber_of(c, HM_DER_SEQUENCE, "SignedData");
	struct hm_cur *in = &data.in;
	bool limit = false;

	cms->version = hm_der_small(in, "version");
	read_digest_algs(in, cms, a);
	read_content(in, cms);
	read_certs(in, cms, a, &limit);
	read_crls(in, cms, a, &limit);
	read_signers(in, cms, a, &limit);
	hm_der_end(in, "SignedData");
	if (limit)
		hm_fail(in, HM_ELIMIT, "certificates, crls or signerInfos");
	hm_join(c, in);
}

static void read_content_info(struct hm_cms *cms, hm_bytes der, struct hm_arena *a)
{
	struct hm_cur c = hm_cur_of(der);
	struct hm_der info = hm_ber_of(&c, HM_DER_SEQUENCE, "ContentInfo");

	cms->der = info.whole;
	enum hm_oid type = hm_oid_of(hm_der_oid(&info.in, "contentType"));

	hm_rule(&info.in, type == HM_OID_SIGNED_DATA, "contentType is signedData");
	struct hm_der content = hm_ber_of(&info.in, HM_DER_CONTEXT_CONS, "content");

	if (info.in.err == HM_OK)
		read_signed_data(&content.in, cms, a);
	hm_der_end(&content.in, "content");
	hm_join(&info.in, &content.in);
	hm_der_end(&info.in, "ContentInfo");
	hm_join(&c, &info.in);
	cms->err = c.err;
	cms->why = c.why;
	cms->where = c.where;
}

struct hm_cms hm_cms_read(hm_bytes der, struct hm_arena *a, size_t *used)
{
	struct hm_cms cms = { 0 };
	size_t flat_used;
	hm_bytes flat = hm_ber_flatten(der, a, &flat_used, &cms.err);

	if (used != NULL)
		*used = 0;
	if (cms.err != HM_OK) {
		cms.why = "indefinite lengths";
		return cms;
	}
	cms.flattened = flat.at != der.at;
	read_content_info(&cms, flat, a);
	if (used != NULL)
		*used = cms.flattened ? flat_used : cms.der.len;
	return cms;
}
