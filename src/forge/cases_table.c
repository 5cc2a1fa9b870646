/* SPDX-License-Identifier: MIT */
/*
 * cases_table.c: the certificate table, and signatures carried to other files.
 *
 * Spec: Microsoft PE Format, "The Attribute Certificate Table".
 */
#include "forge/cases.h"

static hm_bytes signature_of(struct hm_mk_kit *k)
{
	return hm_mk_kit_sign(k, hm_mk_pe(k->a, &k->pe));
}

static hm_bytes entry_of(struct hm_mk_kit *k, hm_bytes blob)
{
	struct hm_mk_entry e = k->entry;

	e.blob = blob;
	return hm_mk_entry(k->a, &e);
}

static hm_bytes attach(struct hm_mk_kit *k, hm_bytes table)
{
	return hm_mk_pe_attach(k->a, &k->pe, hm_mk_pe(k->a, &k->pe), table);
}

static size_t table_at(struct hm_mk_kit *k)
{
	size_t len = hm_mk_pe(k->a, &k->pe).len;

	return len + (8 - len % 8) % 8;
}

/* The directory changed later, by so many bytes. */
static hm_bytes directory(struct hm_mk_kit *k, uint32_t at, uint32_t len)
{
	return hm_mk_pe_point(k->a, &k->pe, hm_mk_file(k), at, len);
}

static hm_bytes directory_size_by(struct hm_mk_kit *k, int by)
{
	hm_bytes file = hm_mk_file(k);
	size_t at = table_at(k);

	return hm_mk_pe_point(k->a, &k->pe, file, (uint32_t)at,
			      (uint32_t)((int64_t)(file.len - at) + by));
}

static hm_bytes directory_size(struct hm_mk_kit *k, int len)
{
	return directory(k, (uint32_t)table_at(k), (uint32_t)len);
}

static hm_bytes directory_at(struct hm_mk_kit *k, int at)
{
	hm_bytes file = hm_mk_file(k);

	return hm_mk_pe_point(k->a, &k->pe, file, (uint32_t)at,
			      (uint32_t)(file.len - table_at(k)));
}

static hm_bytes directory_empty(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	return directory(k, 0, 0);
}

static hm_bytes directory_overflow(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	return directory(k, 0xfffffff8, 0x10);
}

/* 3 bytes of padding where 5 were meant: the table begins at no multiple of 8. */
static hm_bytes unaligned(struct hm_mk_kit *k, int len)
{
	hm_bytes image = hm_mk_cat(k->a, hm_mk_pe(k->a, &k->pe),
				   hm_mk_fill(k->a, 'o', (size_t)len));
	hm_bytes table = entry_of(k, hm_mk_kit_sign(k, image));

	return hm_mk_pe_point(k->a, &k->pe, hm_mk_cat(k->a, image, table),
			      (uint32_t)image.len, (uint32_t)table.len);
}

static hm_bytes entry_len(struct hm_mk_kit *k, int len)
{
	k->entry.len = (uint32_t)len;
	return hm_mk_file(k);
}

/* dwLength without the padding, as some signers write it. */
static hm_bytes entry_len_exact(struct hm_mk_kit *k, int more)
{
	hm_bytes cms = signature_of(k);

	k->entry.len = (uint32_t)(8 + (int)cms.len + more);
	return attach(k, entry_of(k, cms));
}

/* dwLength 0: written here because a zero in the struct means the honest one. */
static hm_bytes entry_len_zero(struct hm_mk_kit *k, int arg)
{
	hm_bytes table = entry_of(k, signature_of(k));

	(void)arg;
	return attach(k, hm_mk_poke32(k->a, table, 0, 0));
}

static hm_bytes entry_type(struct hm_mk_kit *k, int type)
{
	k->entry.type = (uint16_t)type;
	return hm_mk_file(k);
}

static hm_bytes entry_revision(struct hm_mk_kit *k, int revision)
{
	k->entry.revision = (uint16_t)revision;
	return hm_mk_file(k);
}

/* Bytes after the message inside the entry (CVE-2013-3900). */
static hm_bytes stuffed(struct hm_mk_kit *k, int len)
{
	hm_bytes more = hm_mk_fill(k->a, 'h', (size_t)len);

	return attach(k, entry_of(k, hm_mk_cat(k->a, signature_of(k), more)));
}

static hm_bytes stuffed_zeros(struct hm_mk_kit *k, int len)
{
	hm_bytes more = hm_mk_fill(k->a, 0, (size_t)len);

	return attach(k, entry_of(k, hm_mk_cat(k->a, signature_of(k), more)));
}

/* The directory covers more than the entry; nothing hashes the rest. */
static hm_bytes slack_in_table(struct hm_mk_kit *k, int byte)
{
	hm_bytes more = hm_mk_fill(k->a, (uint8_t)byte, 64);

	return attach(k, hm_mk_cat(k->a, entry_of(k, signature_of(k)), more));
}

static struct hm_mk_kit evil_of(struct hm_mk_kit *k)
{
	struct hm_mk_kit evil = *k;

	evil.leaf.subject = hm_mk_name(k->a, "Evil", "Evil Signer");
	evil.leaf.serial = hm_mk_int(k->a, 0x666);
	evil.leaf.key = HM_MK_KEY_OTHER;
	hm_mk_issued_by(&evil.leaf, &evil.leaf);
	hm_mk_follow_leaf(&evil);
	evil.bag = hm_mk_cert(k->a, &evil.leaf);
	evil.stamp.kind = HM_MK_NO_STAMP;
	return evil;
}

static hm_bytes good_then_evil(struct hm_mk_kit *k, int arg)
{
	struct hm_mk_kit evil = evil_of(k);

	(void)arg;
	return attach(k, hm_mk_cat(k->a, entry_of(k, signature_of(k)),
				   entry_of(k, signature_of(&evil))));
}

static hm_bytes evil_then_good(struct hm_mk_kit *k, int arg)
{
	struct hm_mk_kit evil = evil_of(k);

	(void)arg;
	return attach(k, hm_mk_cat(k->a, entry_of(k, signature_of(&evil)),
				   entry_of(k, signature_of(k))));
}

static hm_bytes good_then_broken(struct hm_mk_kit *k, int arg)
{
	hm_bytes broken =
		hm_mk_poke32(k->a, entry_of(k, hm_bytes_of("not DER")), 0, 0x7fffffff);

	(void)arg;
	return attach(k, hm_mk_cat(k->a, entry_of(k, signature_of(k)), broken));
}

static hm_bytes broken_then_good(struct hm_mk_kit *k, int arg)
{
	hm_bytes broken = hm_mk_poke32(k->a, entry_of(k, hm_bytes_of("not DER")), 0, 4);

	(void)arg;
	return attach(k, hm_mk_cat(k->a, broken, entry_of(k, signature_of(k))));
}

static hm_bytes garbage_message(struct hm_mk_kit *k, int byte)
{
	return attach(k, entry_of(k, hm_mk_fill(k->a, (uint8_t)byte, 512)));
}

/* An entry with no message at all. */
static hm_bytes header_only(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	return attach(k, entry_of(k, (hm_bytes){ 0 }));
}

/* The table in the middle: bytes after it are signed with the rest. */
static hm_bytes table_in_middle(struct hm_mk_kit *k, int changed)
{
	hm_bytes image = hm_mk_pe(k->a, &k->pe);
	hm_bytes tail = hm_mk_fill(k->a, 't', 64);
	hm_bytes cms = hm_mk_kit_sign(k, hm_mk_cat(k->a, image, tail));
	hm_bytes file = attach(k, entry_of(k, cms));

	if (changed)
		tail = hm_mk_flip(k->a, tail, 3, 0);
	return hm_mk_cat(k->a, file, tail);
}

/* The last section claims the bytes of the table as its own. */
static hm_bytes section_over_table(struct hm_mk_kit *k, int arg)
{
	k->pe.sections[2] = (struct hm_mk_section){
		.name = ".cover",
		.virtual_size = 0x1000,
		.address = 0x3000,
		.raw_size = 0x1000,
		.raw_at = 0x800,
		.flags = 0x60000020,
	};
	(void)arg;
	return hm_mk_file(k);
}

/* Another program: what the signature is moved to. */
static hm_bytes victim(struct hm_mk_kit *k, size_t more)
{
	struct hm_mk_pe pe = k->pe;

	pe.sections[0].content = hm_bytes_of("\xcc\xcc\xc3");
	pe.overlay = hm_mk_fill(k->a, 'v', more);
	return hm_mk_pe(k->a, &pe);
}

/* SigThief: the donor's table appended, the directory pointed at it; no padding, no
 * checksum. */
static hm_bytes steal(struct hm_mk_kit *k, hm_bytes target)
{
	hm_bytes table = entry_of(k, signature_of(k));

	return hm_mk_pe_point(k->a, &k->pe, hm_mk_cat(k->a, target, table),
			      (uint32_t)target.len, (uint32_t)table.len);
}

static hm_bytes sigthief(struct hm_mk_kit *k, int more)
{
	return steal(k, victim(k, (size_t)more));
}

static hm_bytes sigthief_on_signed(struct hm_mk_kit *k, int arg)
{
	struct hm_mk_kit evil = evil_of(k);

	(void)arg;
	evil.pe.sections[0].content = hm_bytes_of("\xcc\xcc\xc3");
	return steal(k, hm_mk_file(&evil));
}

static hm_bytes sigthief_cut(struct hm_mk_kit *k, int arg)
{
	hm_bytes file = sigthief(k, 0);

	(void)arg;
	return hm_mk_part(file, 0, file.len - 256);
}

/* MetaTwin: the resources come along. */
static hm_bytes metatwin(struct hm_mk_kit *k, int arg)
{
	hm_bytes resources = hm_bytes_of("C\0o\0m\0p\0a\0n\0y\0N\0a\0m\0e\0");

	(void)arg;
	k->pe.sections[2] = (struct hm_mk_section){
		".rsrc", 0x40, 0x3000, 0x200, 0x800, 0x40000040, resources,
	};
	return sigthief(k, 0);
}

/* A signature for another machine's twin of the program. */
static hm_bytes other_version(struct hm_mk_kit *k, int arg)
{
	struct hm_mk_kit donor = *k;

	(void)arg;
	donor.pe.sections[1].content = hm_bytes_of("Version 2 of the same program.\n");
	return attach(k, entry_of(k, signature_of(&donor)));
}

/* clang-format off */
const struct hm_mk_maker hm_mk_cases_table[] = {
	{ "table-size-plus-8", directory_size_by, 8 },
	{ "table-size-plus-1", directory_size_by, 1 },
	{ "table-size-minus-8", directory_size_by, -8 },
	{ "table-size-0", directory_size, 0 },
	{ "table-size-7", directory_size, 7 },
	{ "table-size-8", directory_size, 8 },
	{ "table-size-huge", directory_size, -1 },
	{ "table-directory-empty", directory_empty, 0 },
	{ "table-offset-0", directory_at, 0 },
	{ "table-offset-in-header", directory_at, 0x100 },
	{ "table-offset-in-section", directory_at, 0x600 },
	{ "table-offset-past-end", directory_at, 0x7ffffff8 },
	{ "table-offset-overflow", directory_overflow, 0 },
	{ "table-unaligned-3", unaligned, 3 },
	{ "table-unaligned-4", unaligned, 4 },
	{ "entry-length-0", entry_len_zero, 0 },
	{ "entry-length-7", entry_len, 7 },
	{ "entry-length-8", entry_len, 8 },
	{ "entry-length-huge", entry_len, -1 },
	{ "entry-length-without-padding", entry_len_exact, 0 },
	{ "entry-length-one-short", entry_len_exact, -1 },
	{ "entry-type-x509", entry_type, 1 },
	{ "entry-type-reserved", entry_type, 3 },
	{ "entry-type-ts-stack", entry_type, 4 },
	{ "entry-type-efi-guid", entry_type, 0xef1 },
	{ "entry-revision-1", entry_revision, 0x100 },
	{ "entry-stuffed-1", stuffed, 1 },
	{ "entry-stuffed-4096", stuffed, 4096 },
	{ "entry-stuffed-1-mib", stuffed, 1 << 20 },
	{ "entry-padded-64", stuffed_zeros, 64 },
	{ "entry-header-only", header_only, 0 },
	{ "entry-garbage", garbage_message, 'g' },
	{ "entry-zeros", garbage_message, 0 },
	{ "entry-ones", garbage_message, 0xff },
	{ "table-slack-zeros", slack_in_table, 0 },
	{ "entries-good-then-evil", good_then_evil, 0 },
	{ "entries-evil-then-good", evil_then_good, 0 },
	{ "entries-good-then-broken", good_then_broken, 0 },
	{ "entries-broken-then-good", broken_then_good, 0 },
	{ "table-in-middle", table_in_middle, 0 },
	{ "table-in-middle-changed", table_in_middle, 1 },
	{ "table-under-section", section_over_table, 0 },
	{ "sigthief", sigthief, 0 },
	{ "sigthief-unaligned", sigthief, 3 },
	{ "sigthief-on-signed", sigthief_on_signed, 0 },
	{ "sigthief-cut", sigthief_cut, 0 },
	{ "metatwin", metatwin, 0 },
	{ "signature-of-other-version", other_version, 0 },
	{ NULL, NULL, 0 },
};
/* clang-format on */
