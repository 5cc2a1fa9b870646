/* SPDX-License-Identifier: MIT */
/*
 * cases_der.c: the encoding: lengths, tags, depth, names, times.
 *
 * Spec: ITU-T X.690 (BER and DER), RFC 5280 for names and times.
 */
#include "forge/cases.h"

static hm_bytes message(struct hm_mk_kit *k)
{
	return hm_mk_kit_sign(k, hm_mk_pe(k->a, &k->pe));
}

static hm_bytes attach(struct hm_mk_kit *k, hm_bytes cms)
{
	return hm_mk_kit_attach(k, hm_mk_pe(k->a, &k->pe), cms);
}

static hm_bytes outer_length(struct hm_mk_kit *k, int octets)
{
	return attach(k, hm_mk_long_length(k->a, HM_MK_SEQUENCE,
					   hm_mk_without_header(message(k)),
					   (unsigned)octets));
}

/* Indefinite length of ContentInfo and of its [0]: BER, as streaming writers make it. */
static hm_bytes outer_indefinite(struct hm_mk_kit *k, int arg)
{
	hm_bytes cms = hm_mk_without_header(message(k));
	hm_bytes oid = hm_mk_oid(k->a, HM_MK_SIGNED_DATA);
	hm_bytes data = hm_mk_without_header(hm_mk_part(cms, oid.len, cms.len - oid.len));

	(void)arg;
	return attach(k, hm_mk_indefinite(k->a, HM_MK_SEQUENCE,
					  hm_mk_cat(k->a, oid,
						    hm_mk_indefinite(k->a, 0xa0, data))));
}

static hm_bytes outer_unclosed(struct hm_mk_kit *k, int arg)
{
	hm_bytes cms =
		hm_mk_indefinite(k->a, HM_MK_SEQUENCE, hm_mk_without_header(message(k)));

	(void)arg;
	k->entry.len = (uint32_t)(8 + cms.len - 2);
	return attach(k, hm_mk_part(cms, 0, cms.len - 2));
}

static const uint64_t claims[] = {
	0, 1, 0x80000000, 0xffffffff, 0x7fffffffffffffff, 0xffffffffffffffff
};

static hm_bytes outer_claims(struct hm_mk_kit *k, int which)
{
	return attach(k, hm_mk_claimed_length(k->a, HM_MK_SEQUENCE, claims[which],
					      hm_mk_without_header(message(k))));
}

/* 1f 81 01: a tag number above 30, in several octets. */
static hm_bytes high_tag(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	return attach(k, hm_mk_cat(k->a, hm_mk_lit(0x3f, 0x81, 0x01),
				   hm_mk_part(message(k), 1, message(k).len - 1)));
}

static hm_bytes first_byte(struct hm_mk_kit *k, int byte)
{
	hm_bytes cms = message(k);

	return attach(k, hm_mk_cat(k->a, hm_mk_fill(k->a, (uint8_t)byte, 1),
				   hm_mk_part(cms, 1, cms.len - 1)));
}

static hm_bytes cut_message(struct hm_mk_kit *k, int len)
{
	return attach(k, hm_mk_part(message(k), 0, (size_t)len));
}

/* depth SEQUENCEs (or other tag) one in the other, written from the inside out. */
static hm_bytes tower(struct hm_mk_kit *k, unsigned tag, int depth)
{
	size_t room = (size_t)depth * 6 + 2;
	uint8_t *out = hm_alloc(k->a, 1, room);
	size_t at = room - 2;

	out[at] = HM_MK_NULL;
	for (int i = 0; i < depth; i++) {
		size_t len = room - at;
		unsigned octets = len < 0x80      ? 0
				  : len < 0x100   ? 1
				  : len < 0x10000 ? 2
						  : 3;

		for (unsigned o = 0; o < octets; o++)
			out[--at] = (uint8_t)(len >> 8 * o);
		out[--at] = (uint8_t)(octets == 0 ? len : 0x80 | octets);
		out[--at] = (uint8_t)tag;
	}
	return hm_mk_part((hm_bytes){ out, room }, at, room - at);
}

static hm_bytes deep_unsigned(struct hm_mk_kit *k, int depth)
{
	k->more =
		hm_mk_attr(k->a, "1.3.6.1.4.1.99999.3", tower(k, HM_MK_SEQUENCE, depth));
	return hm_mk_file(k);
}

static hm_bytes deep_content(struct hm_mk_kit *k, int depth)
{
	k->cms.content = tower(k, 0x24, depth);
	return hm_mk_file(k);
}

static hm_bytes deep_message(struct hm_mk_kit *k, int depth)
{
	return attach(k, tower(k, HM_MK_SEQUENCE, depth));
}

/* Indefinite lengths one in the other: two octets a level. */
static hm_bytes deep_indefinite(struct hm_mk_kit *k, int depth)
{
	uint8_t *out = hm_alloc(k->a, 2, (size_t)depth);

	for (int i = 0; i < depth; i++) {
		out[2 * i] = HM_MK_SEQUENCE;
		out[2 * i + 1] = 0x80;
	}
	return attach(k, (hm_bytes){ out, 2 * (size_t)depth });
}

/* An extension that no verifier needs, with an OID of odd shape in its value. */
static hm_bytes with_policy(struct hm_mk_kit *k, hm_bytes oid)
{
	hm_bytes ext = hm_mk_ext(k->a, "2.5.29.32", false,
				 hm_mk_seq(k->a, hm_mk_seq(k->a, oid)));

	k->leaf.extensions = hm_mk_cat(k->a, k->leaf.extensions, ext);
	return hm_mk_file(k);
}

static hm_bytes oid_many_arcs(struct hm_mk_kit *k, int arcs)
{
	return with_policy(
		k, hm_mk_tlv(k->a, HM_MK_OID, hm_mk_fill(k->a, 0x2a, (size_t)arcs)));
}

/* One arc of so many octets. */
static hm_bytes oid_huge_arc(struct hm_mk_kit *k, int octets)
{
	return with_policy(k, hm_mk_tlv(k->a, HM_MK_OID, hm_mk_lit(0x2a),
					hm_mk_fill(k->a, 0xff, (size_t)octets),
					hm_mk_lit(0x7f)));
}

static hm_bytes oid_in_name(struct hm_mk_kit *k, int arcs)
{
	hm_bytes oid = hm_mk_tlv(k->a, HM_MK_OID, hm_mk_fill(k->a, 0x2a, (size_t)arcs));
	hm_bytes odd = hm_mk_tlv(k->a, HM_MK_SET,
				 hm_mk_seq(k->a, oid, hm_mk_text(k->a, HM_MK_UTF8, "x")));

	k->leaf.subject = hm_mk_seq(k->a, odd, hm_mk_without_header(k->leaf.subject));
	return hm_mk_file(k);
}

/* Subjects of odd shape: tag, and bytes of the CN. */
struct odd_name {
	unsigned tag;
	const char *text;
	size_t len;
};

/* U+202E and a name backwards; not as a string, in which it would mislead a reader. */
static const char right_to_left[] = { '\xe2', '\x80', '\xae', 't', 'f', 'o',
				      's',    'o',    'r',    'c', 'i', 'M' };

static const struct odd_name odd_names[] = {
	/* clang-format off */
	{ HM_MK_UTF8, "Microsoft Corporation\0.evil", 27 },
	{ HM_MK_UTF8, "Microsoft C\xd0\xberporation", 22 }, /* Cyrillic o */
	{ HM_MK_UTF8, "Microsoft Corporation ", 22 },
	{ HM_MK_UTF8, right_to_left, sizeof(right_to_left) },
	{ HM_MK_UTF8, "\xff\xfe\x80 broken", 10 },
	{ HM_MK_BMP, "\0M\0i\0c\0r\0o\0s\0o\0f\0t", 18 },
	{ HM_MK_BMP, "\0M\0i\0c\0r\0o\0s\0o\0f\0", 17 },
	{ HM_MK_T61, "T61 \xe4\xf6\xfc", 7 },
	{ HM_MK_UNIVERSAL, "\0\0\0M\0\0\0S", 8 },
	{ HM_MK_UNIVERSAL, "\0\0\0M\0\x11\xff\xff", 8 },
	{ HM_MK_PRINTABLE, "a*@&\x7f", 5 },
	{ HM_MK_UTF8, "line\r\n\033[31mred,=\"CN=x\"", 21 },
	{ HM_MK_INTEGER, "\x01\x02\x03", 3 },
	/* clang-format on */
};

static hm_bytes odd_subject(struct hm_mk_kit *k, int which)
{
	const struct odd_name *n = &odd_names[which];
	hm_bytes cn = hm_mk_rdn(k->a, "2.5.4.3", n->tag,
				(hm_bytes){ (const uint8_t *)n->text, n->len });

	k->leaf.subject = hm_mk_seq(k->a, cn);
	return hm_mk_file(k);
}

static hm_bytes long_subject(struct hm_mk_kit *k, int len)
{
	hm_bytes cn = hm_mk_rdn(k->a, "2.5.4.3", HM_MK_UTF8,
				hm_mk_fill(k->a, 'L', (size_t)len));

	k->leaf.subject = hm_mk_seq(k->a, cn);
	return hm_mk_file(k);
}

static hm_bytes empty_subject(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->leaf.subject = hm_mk_seq(k->a, (hm_bytes){ 0 });
	return hm_mk_file(k);
}

/* Two attributes in one RDN. */
static hm_bytes multi_valued(struct hm_mk_kit *k, int arg)
{
	hm_bytes cn = hm_mk_without_header(
		hm_mk_rdn(k->a, "2.5.4.3", HM_MK_UTF8, hm_bytes_of("Two in one")));
	hm_bytes ou = hm_mk_without_header(
		hm_mk_rdn(k->a, "2.5.4.11", HM_MK_UTF8, hm_bytes_of("Unit")));

	(void)arg;
	k->leaf.subject = hm_mk_seq(k->a, hm_mk_set(k->a, cn, ou));
	return hm_mk_file(k);
}

static hm_bytes many_rdns(struct hm_mk_kit *k, int count)
{
	hm_bytes *all = hm_new_n(k->a, hm_bytes, (size_t)count);

	for (int i = 0; i < count; i++)
		all[i] = hm_mk_rdn(k->a, "2.5.4.11", HM_MK_UTF8, hm_bytes_of("unit"));
	k->leaf.subject = hm_mk_seq(k->a, hm_mk_join(k->a, all, (size_t)count),
				    hm_mk_without_header(k->leaf.subject));
	return hm_mk_file(k);
}

/* Validity elements that are no times. */
static hm_bytes odd_validity(struct hm_mk_kit *k, int which)
{
	static const struct {
		unsigned tag;
		const char *text;
	} ends[] = {
		{ HM_MK_UTCTIME, "271301000000Z" }, /* month 13 */
		{ HM_MK_UTCTIME, "xx0101000000Z" }, /* letters */
		{ HM_MK_UTCTIME, "" },              /* nothing */
		{ HM_MK_GENTIME,
		  "99991231235959Z" }, /* no well-defined end (RFC 5280 4.1.2.5) */
		{ HM_MK_GENTIME, "20270101000000Z" }, /* what should be a UTCTime */
	};
	hm_bytes from = hm_mk_time(k->a, k->leaf.not_before);

	k->leaf.validity = hm_mk_seq(k->a, from,
				     hm_mk_text(k->a, ends[which].tag, ends[which].text));
	return hm_mk_file(k);
}

static hm_bytes validity_backwards(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->leaf.validity = hm_mk_seq(k->a, hm_mk_time(k->a, k->leaf.not_after),
				     hm_mk_time(k->a, k->leaf.not_before));
	return hm_mk_file(k);
}

/* Values that break their own rules inside a certificate that is signed so. */
static hm_bytes leaf_version(struct hm_mk_kit *k, int version)
{
	k->leaf.version = hm_mk_tlv(k->a, 0xa0, hm_mk_int(k->a, (uint64_t)version));
	return hm_mk_file(k);
}

static hm_bytes leaf_extension_twice(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->leaf.extensions =
		hm_mk_cat(k->a, k->leaf.extensions,
			  hm_mk_ext_purposes(k->a, false, HM_MK_SERVER_AUTH));
	return hm_mk_file(k);
}

static hm_bytes leaf_not_der(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	k->bag = hm_mk_cat(k->a,
			   hm_mk_seq(k->a, hm_mk_octets(k->a, hm_bytes_of("broken"))),
			   hm_mk_cert(k->a, &k->ca));
	return hm_mk_file(k);
}

/* clang-format off */
const struct hm_mk_maker hm_mk_cases_der[] = {
	{ "der-length-in-4", outer_length, 4 },
	{ "der-length-in-5", outer_length, 5 },
	{ "der-length-in-8", outer_length, 8 },
	{ "der-indefinite", outer_indefinite, 0 },
	{ "der-indefinite-unclosed", outer_unclosed, 0 },
	{ "der-claims-0", outer_claims, 0 },
	{ "der-claims-1", outer_claims, 1 },
	{ "der-claims-2-gib", outer_claims, 2 },
	{ "der-claims-4-gib", outer_claims, 3 },
	{ "der-claims-2-63", outer_claims, 4 },
	{ "der-claims-2-64", outer_claims, 5 },
	{ "der-high-tag", high_tag, 0 },
	{ "der-set-for-sequence", first_byte, 0x31 },
	{ "der-primitive-sequence", first_byte, 0x10 },
	{ "der-cut-at-1", cut_message, 1 },
	{ "der-cut-at-4", cut_message, 4 },
	{ "der-cut-at-100", cut_message, 100 },
	{ "der-cut-at-1000", cut_message, 1000 },
	{ "der-deep-unsigned-100", deep_unsigned, 100 },
	{ "der-deep-unsigned-10000", deep_unsigned, 10000 },
	{ "der-deep-unsigned-100000", deep_unsigned, 100000 },
	{ "der-deep-content-100", deep_content, 100 },
	{ "der-deep-content-10000", deep_content, 10000 },
	{ "der-deep-message-100000", deep_message, 100000 },
	{ "der-deep-indefinite-100000", deep_indefinite, 100000 },
	{ "oid-10000-arcs", oid_many_arcs, 10000 },
	{ "oid-arc-64-bits", oid_huge_arc, 9 },
	{ "oid-arc-1000-octets", oid_huge_arc, 1000 },
	{ "oid-in-name-10000-arcs", oid_in_name, 10000 },
	{ "name-nul", odd_subject, 0 },
	{ "name-cyrillic", odd_subject, 1 },
	{ "name-trailing-space", odd_subject, 2 },
	{ "name-right-to-left", odd_subject, 3 },
	{ "name-broken-utf8", odd_subject, 4 },
	{ "name-bmp", odd_subject, 5 },
	{ "name-bmp-odd", odd_subject, 6 },
	{ "name-t61", odd_subject, 7 },
	{ "name-universal", odd_subject, 8 },
	{ "name-universal-out-of-range", odd_subject, 9 },
	{ "name-printable-broken", odd_subject, 10 },
	{ "name-control", odd_subject, 11 },
	{ "name-integer", odd_subject, 12 },
	{ "name-64-kib", long_subject, 1 << 16 },
	{ "name-empty", empty_subject, 0 },
	{ "name-multi-valued", multi_valued, 0 },
	{ "name-1000-parts", many_rdns, 1000 },
	{ "validity-month-13", odd_validity, 0 },
	{ "validity-letters", odd_validity, 1 },
	{ "validity-empty", odd_validity, 2 },
	{ "validity-year-9999", odd_validity, 3 },
	{ "validity-generalized", odd_validity, 4 },
	{ "validity-backwards", validity_backwards, 0 },
	{ "certificate-version-1-with-extensions", leaf_version, 0 },
	{ "certificate-version-99", leaf_version, 99 },
	{ "certificate-extension-twice", leaf_extension_twice, 0 },
	{ "certificate-broken", leaf_not_der, 0 },
	{ NULL, NULL, 0 },
};
/* clang-format on */
