/* SPDX-License-Identifier: MIT */
/*
 * name.c: Names (X.501) as text.  RFC 4514 orders them last first, as Windows does.
 */
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "signature/cert.h"

/* Latin-1, and T61, which everyone writes as Latin-1. */
static void put_latin1(struct hm_buf *b, hm_bytes text)
{
	struct hm_cur c = hm_cur_of(text);

	while (hm_more(&c))
		hm_put_utf8(b, hm_u8(&c, "character"));
}

static void put_checked_utf8(struct hm_buf *b, hm_bytes text)
{
	struct hm_cur c = hm_cur_of(text);

	while (hm_more(&c))
		hm_put_utf8(b, hm_utf8_next(&c));
}

static void put_utf32be(struct hm_buf *b, hm_bytes text)
{
	struct hm_cur c = hm_cur_of(text);

	while (hm_left(&c) >= 4) {
		uint32_t code = 0;

		for (int i = 0; i < 4; i++)
			code = code << 8 | hm_u8(&c, "character");
		hm_put_utf8(b, code > 0x10ffff || code >> 11 == 0x1b ? 0xfffd : code);
	}
}

static void put_decoded(struct hm_buf *b, const struct hm_der *e)
{
	hm_bytes value = hm_der_value(e);

	if (e->tag == HM_DER_BMP)
		hm_put_utf16be(b, value);
	else if (e->tag == HM_DER_UNIVERSAL)
		put_utf32be(b, value);
	else if (e->tag == HM_DER_T61)
		put_latin1(b, value);
	else
		put_checked_utf8(b, value);
}

/* A NUL must not end the text before its end: "Microsoft Corporation\\0 (not)". */
static void put_string(struct hm_buf *b, const struct hm_der *e)
{
	struct hm_buf raw = hm_buf_of(HM_MAX_NAME_TEXT);

	put_decoded(&raw, e);
	struct hm_cur c = hm_cur_of(hm_buf_bytes(&raw));

	while (hm_more(&c)) {
		uint32_t code = hm_utf8_next(&c);

		hm_put_utf8(b, code != 0 ? code : 0xfffd);
	}
	hm_buf_done(&raw);
}

static const char *finish(struct hm_buf *b, struct hm_arena *a)
{
	/* Past the limit what fits is better than nothing. */
	const char *text = hm_cstr(a, hm_buf_bytes(b));

	hm_buf_done(b);
	return text;
}

const char *hm_string_text(const struct hm_der *e, struct hm_arena *a)
{
	struct hm_buf b = hm_buf_of(HM_MAX_NAME_TEXT);

	put_string(&b, e);
	return finish(&b, a);
}

/* One AttributeTypeAndValue. */
struct attribute {
	enum hm_oid oid;
	hm_bytes id;
	struct hm_der value;
	bool more_in_set; /* another of the same RDN follows */
};

/* A place in a Name. */
struct names {
	struct hm_cur rdns, set;
};

static struct names names_of(hm_bytes name)
{
	struct hm_cur c = hm_cur_of(name);
	struct hm_der e = hm_ber_of(&c, HM_DER_SEQUENCE, "Name");

	return (struct names){ .rdns = e.in };
}

static bool next_attribute(struct names *n, struct attribute *out)
{
	if (!hm_more(&n->set)) {
		struct hm_der set;

		if (!hm_ber_if(&n->rdns, HM_DER_SET, "RelativeDistinguishedName", &set))
			return false;
		n->set = set.in;
	}
	struct hm_der e = hm_ber_of(&n->set, HM_DER_SEQUENCE, "AttributeTypeAndValue");

	out->id = hm_der_oid(&e.in, "type");
	out->oid = hm_oid_of(out->id);
	out->value = hm_ber_next(&e.in, "value");
	out->more_in_set = hm_more(&n->set);
	return n->set.err == HM_OK && e.in.err == HM_OK;
}

const char *hm_name_get(hm_bytes name, enum hm_oid attribute, struct hm_arena *a)
{
	struct names n = names_of(name);
	struct attribute at;
	const char *found = "";

	while (next_attribute(&n, &at))
		if (at.oid == attribute)
			found = hm_string_text(&at.value, a);
	return found;
}

const char *hm_name_display(hm_bytes name, struct hm_arena *a)
{
	/* CertGetNameString, CERT_NAME_SIMPLE_DISPLAY_TYPE. */
	static const enum hm_oid order[] = { HM_OID_CN, HM_OID_ORG_UNIT, HM_OID_ORG,
					     HM_OID_EMAIL };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		const char *text = hm_name_get(name, order[i], a);

		if (text[0] != '\0')
			return text;
	}
	return hm_name_text(name, a);
}

static bool special(uint32_t code)
{
	return code == ',' || code == '+' || code == '"' || code == '\\' || code == '<' ||
	       code == '>' || code == ';';
}

/* RFC 4514 2.4. */
static void put_escaped(struct hm_buf *b, hm_bytes text)
{
	struct hm_cur c = hm_cur_of(text);

	for (bool first = true; hm_more(&c); first = false) {
		uint32_t code = hm_utf8_next(&c);
		bool space = code == ' ' && (first || !hm_more(&c));

		if (special(code) || space || (first && code == '#'))
			hm_put_u8(b, '\\');
		hm_put_utf8(b, code);
	}
}

static void put_attribute(struct hm_buf *b, const struct attribute *at,
			  struct hm_arena *a)
{
	struct hm_buf value = hm_buf_of(HM_MAX_NAME_TEXT);
	const char *name = hm_oid_name(at->oid);

	hm_put_str(b, name[0] != '\0' ? name : hm_oid_text(at->id, a));
	hm_put_u8(b, '=');
	put_string(&value, &at->value);
	put_escaped(b, hm_buf_bytes(&value));
	hm_buf_done(&value);
}

enum { MAX_ATTRIBUTES = 64 };

const char *hm_name_text(hm_bytes name, struct hm_arena *a)
{
	struct attribute list[MAX_ATTRIBUTES];
	struct names n = names_of(name);
	struct hm_buf b = hm_buf_of(HM_MAX_NAME_TEXT);
	size_t num = 0;

	while (num < MAX_ATTRIBUTES && next_attribute(&n, &list[num]))
		num++;
	/* The last RDN first; within an RDN as it stands. */
	for (size_t end = num; end > 0;) {
		size_t begin = end - 1;

		while (begin > 0 && list[begin - 1].more_in_set)
			begin--;
		for (size_t i = begin; i < end; i++) {
			put_attribute(&b, &list[i], a);
			if (i + 1 < end)
				hm_put_u8(&b, '+');
		}
		if (begin > 0)
			hm_put_str(&b, ", ");
		end = begin;
	}
	return finish(&b, a);
}
