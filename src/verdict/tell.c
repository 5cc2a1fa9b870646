/* SPDX-License-Identifier: MIT */
/* tell.c: texts for certificates and chains. */
#include "verdict/tell.h"

#include "base/text.h"

hm_bytes hm_tell_text(struct hm_arena *a, hm_bytes text)
{
	struct hm_cur c = hm_cur_of(text);
	size_t whole = 0;

	if (text.len <= HM_MAX_TOLD)
		return hm_keep(a, text);
	while (hm_tell(&c) <= HM_MAX_TOLD) {
		whole = hm_tell(&c);
		(void)hm_utf8_next(&c);
	}
	return hm_keep(a, (hm_bytes){ text.at, whole });
}

hm_bytes hm_tell_ascii(struct hm_arena *a, hm_bytes text)
{
	struct hm_cur c = hm_cur_of(text);
	size_t len = text.len < HM_MAX_TOLD ? text.len : HM_MAX_TOLD;
	char *kept = hm_new_n(a, char, len + 1);

	for (size_t i = 0; i < len; i++) {
		uint8_t byte = hm_u8(&c, "text");

		kept[i] = byte >= 0x20 && byte < 0x7f ? (char)byte : '?';
	}
	return hm_bytes_of(kept);
}

hm_bytes hm_tell_hex(struct hm_arena *a, hm_bytes bytes)
{
	static const char digits[] = "0123456789abcdef";
	struct hm_cur c = hm_cur_of(bytes);
	char *hex = hm_new_n(a, char, 2 * bytes.len + 1);

	for (size_t i = 0; i < bytes.len; i++) {
		uint8_t byte = hm_u8(&c, "bytes");

		hex[2 * i] = digits[byte >> 4];
		hex[2 * i + 1] = digits[byte & 15];
	}
	return hm_bytes_of(hex);
}

static hm_bytes key_text(struct hm_arena *a, const struct hm_key *key)
{
	if (key->kind == HM_KEY_NONE)
		return hm_bytes_of("");
	if (key->curve == HM_CURVE_EXPLICIT)
		return hm_bytes_of("EC with explicit parameters");
	if (key->bits == 0)
		return hm_bytes_of(hm_key_name(key->kind));
	return hm_bytes_of(hm_format(a, "%s %u", hm_key_name(key->kind), key->bits));
}

struct hm_link hm_tell_cert(struct hm_court *court, const struct hm_cert *cert,
			    bool from_file)
{
	struct hm_arena *a = court->arena;
	struct hm_digest sha1 = hm_cert_sha1(court->crypto, cert);
	struct hm_digest sha256 = hm_cert_sha256(court->crypto, cert);

	return (struct hm_link){
		.subject = hm_bytes_of(hm_name_display(cert->subject, a)),
		.issuer = hm_bytes_of(hm_name_display(cert->issuer, a)),
		.subject_dn = hm_bytes_of(hm_name_text(cert->subject, a)),
		.issuer_dn = hm_bytes_of(hm_name_text(cert->issuer, a)),
		.sha1 = hm_tell_hex(a, hm_digest_bytes(&sha1)),
		.sha256 = hm_tell_hex(a, hm_digest_bytes(&sha256)),
		.serial = hm_tell_hex(a, hm_der_unsigned(cert->serial)),
		.not_before = cert->not_before,
		.not_after = cert->not_after,
		.key = key_text(a, &cert->key),
		.algorithm = hm_bytes_of(hm_hash_name(cert->alg.hash)),
		.from_file = from_file,
	};
}

struct hm_chain_told hm_tell_chain(struct hm_court *court, const struct hm_chain *chain)
{
	struct hm_chain_told told = {
		.links = hm_new_n(court->arena, struct hm_link, chain->num),
		.num = chain->num,
		.list_date = HM_NO_TIME,
	};

	for (size_t i = 0; i < chain->num; i++)
		told.links[i] = hm_tell_cert(court, chain->nodes[i].cert,
					     chain->nodes[i].from_file);
	if (!chain->anchored)
		return told;
	told.anchor = chain->known_issuer ? HM_ANCHOR_KNOWN_ISSUER : chain->root.kind;
	told.root = hm_tell_text(court->arena, chain->root.name);
	told.root_sha256 = hm_tell_hex(court->arena, chain->root.sha256);
	told.list_date = chain->root.list_date;
	told.microsoft = chain->root.microsoft;
	return told;
}
