/* SPDX-License-Identifier: MIT */
#include "forge/cms.h"

static hm_bytes or (hm_bytes given, hm_bytes honest)
{
	return given.at != NULL ? given : honest;
}

hm_bytes hm_mk_attr(struct hm_arena *a, const char *oid, hm_bytes values)
{
	return hm_mk_seq(a, hm_mk_oid(a, oid), hm_mk_tlv(a, HM_MK_SET, values));
}

/* Content of the SET OF signed attributes. */
static hm_bytes signed_attrs(struct hm_arena *a, const struct hm_mk_signer *s,
			     const char *content_type, hm_bytes content)
{
	const char *type = s->content_type != NULL ? s->content_type : content_type;
	hm_bytes digest = hm_mk_octets(a, hm_mk_digest(a, s->how.md, content));
	hm_bytes attrs[] = {
		or (s->content_type_attr,
		    hm_mk_attr(a, HM_MK_CONTENT_TYPE, hm_mk_oid(a, type))),
		or (s->message_md_attr, hm_mk_attr(a, HM_MK_MESSAGE_MD, digest)),
		s->more_attrs[0],
		s->more_attrs[1],
		s->more_attrs[2],
		s->more_attrs[3],
	};

	if (s->attrs_order.at != NULL)
		return s->attrs_order;
	return hm_mk_without_header(
		hm_mk_set_of(a, attrs, sizeof(attrs) / sizeof(attrs[0])));
}

hm_bytes hm_mk_signer_signature(struct hm_arena *a, const struct hm_mk_signer *s,
				const char *content_type, hm_bytes content)
{
	if (s->signature.at != NULL)
		return s->signature;
	if (s->signed_over.at != NULL)
		return hm_mk_sign(a, s->how, s->signed_over);
	if (s->no_attrs)
		return hm_mk_sign(a, s->how, content);

	/* Signed as an explicit SET, written as [0] (RFC 5652 5.4). */
	hm_bytes set = hm_mk_tlv(a, HM_MK_SET, signed_attrs(a, s, content_type, content));
	return hm_mk_sign(a, s->how, set);
}

hm_bytes hm_mk_signer(struct hm_arena *a, const struct hm_mk_signer *s,
		      const char *content_type, hm_bytes content)
{
	hm_bytes sid = s->sid.at != NULL ? s->sid : hm_mk_seq(a, s->issuer, s->serial);
	hm_bytes attrs = { 0 };
	if (!s->no_attrs)
		attrs = hm_mk_tlv(a, 0xa0, signed_attrs(a, s, content_type, content));
	hm_bytes unsigned_attrs = { 0 };
	if (s->unsigned_attrs.len != 0)
		unsigned_attrs = hm_mk_tlv(a, 0xa1, s->unsigned_attrs);

	return hm_mk_seq(
		a, or (s->version, hm_mk_int(a, 1)), sid,
		or (s->md_alg, hm_mk_md_alg(a, s->how.md)), attrs,
		or (s->sig_alg, hm_mk_signer_alg(a, s->how)),
		hm_mk_octets(a, hm_mk_signer_signature(a, s, content_type, content)),
		unsigned_attrs);
}

static hm_bytes encap(struct hm_arena *a, const struct hm_mk_cms *c)
{
	if (c->encap.at != NULL)
		return c->encap;
	hm_bytes content =
		c->content.at != NULL ? hm_mk_tlv(a, 0xa0, c->content) : c->content;

	return hm_mk_seq(a, hm_mk_oid(a, c->content_type), content);
}

hm_bytes hm_mk_cms(struct hm_arena *a, const struct hm_mk_cms *c)
{
	hm_bytes certs = c->certs.at != NULL ? hm_mk_tlv(a, 0xa0, c->certs) : c->certs;
	hm_bytes crls = c->crls.at != NULL ? hm_mk_tlv(a, 0xa1, c->crls) : c->crls;
	hm_bytes md_algs = or (c->md_algs, hm_mk_md_alg(a, c->md));
	hm_bytes data = hm_mk_seq(a, or (c->version, hm_mk_int(a, 1)),
				  hm_mk_tlv(a, HM_MK_SET, md_algs), encap(a, c), certs,
				  crls, hm_mk_tlv(a, HM_MK_SET, c->signers));
	const char *type = c->outer_oid != NULL ? c->outer_oid : HM_MK_SIGNED_DATA;

	return hm_mk_seq(a, hm_mk_oid(a, type), hm_mk_tlv(a, 0xa0, data));
}
