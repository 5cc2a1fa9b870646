/* SPDX-License-Identifier: MIT */
/*
 * cases_pe.c: the bytes that the signature speaks for.
 *
 * Spec: Windows Authenticode Portable Executable Signature Format, "Calculating
 * the PE Image Hash": all but CheckSum, the security directory and the table.
 */
#include "forge/cases.h"

enum { BIG = 0x10000 };

static size_t coff(const struct hm_mk_kit *k)
{
	return k->pe.lfanew + 4;
}

static hm_bytes flip_at(struct hm_mk_kit *k, size_t at)
{
	return hm_mk_flip(k->a, hm_mk_file(k), at, 0);
}

static hm_bytes honest(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	return hm_mk_file(k);
}

static hm_bytes unsigned_program(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	return hm_mk_pe(k->a, &k->pe);
}

/* An offset in the file as it is. */
static hm_bytes flip_file(struct hm_mk_kit *k, int at)
{
	return flip_at(k, (size_t)at);
}

static hm_bytes flip_coff(struct hm_mk_kit *k, int at)
{
	return flip_at(k, coff(k) + (size_t)at);
}

static hm_bytes flip_opt(struct hm_mk_kit *k, int at)
{
	return flip_at(k, hm_mk_pe_opt(&k->pe) + (size_t)at);
}

static hm_bytes flip_directory(struct hm_mk_kit *k, int which)
{
	return flip_at(k, hm_mk_pe_directory(&k->pe, (unsigned)which));
}

static hm_bytes flip_section(struct hm_mk_kit *k, int at)
{
	return flip_at(k, hm_mk_pe_section(&k->pe, 0) + (size_t)at);
}

/* 3 bytes of overlay leave 5 of padding before the table. */
static hm_bytes flip_overlay(struct hm_mk_kit *k, int at)
{
	k->pe.overlay = hm_bytes_of("odd");
	return flip_at(k, hm_mk_pe(k->a, &k->pe).len - 3 + (size_t)at);
}

static hm_bytes checksum(struct hm_mk_kit *k, int value)
{
	return hm_mk_poke32(k->a, hm_mk_file(k), hm_mk_pe_checksum(&k->pe),
			    (uint32_t)value);
}

static hm_bytes pe32(struct hm_mk_kit *k, int characteristics)
{
	k->pe.plus = false;
	k->pe.machine = 0x14c;
	k->pe.characteristics = (uint16_t)characteristics;
	return hm_mk_file(k);
}

static hm_bytes subsystem(struct hm_mk_kit *k, int subsystem)
{
	k->pe.subsystem = (uint16_t)subsystem;
	return hm_mk_file(k);
}

static hm_bytes file_digest(struct hm_mk_kit *k, int md)
{
	k->spc.md = (enum hm_mk_md)md;
	k->signer.how.md = (enum hm_mk_md)md;
	return hm_mk_file(k);
}

/* A header field that lies, and is signed so. */
static hm_bytes header_size(struct hm_mk_kit *k, int size)
{
	k->pe.header_size = (uint32_t)size;
	return hm_mk_file(k);
}

static hm_bytes header_size_later(struct hm_mk_kit *k, int size)
{
	return hm_mk_poke32(k->a, hm_mk_file(k), hm_mk_pe_opt(&k->pe) + 60,
			    (uint32_t)size);
}

static void third_section(struct hm_mk_kit *k, uint32_t at, uint32_t size)
{
	k->pe.sections[2] = (struct hm_mk_section){
		.name = ".extra",
		.virtual_size = size,
		.address = 0x3000,
		.raw_size = size,
		.raw_at = at,
		.flags = 0x40000040,
	};
}

/* A section that shares its bytes with something else, signed so. */
static hm_bytes overlap_text(struct hm_mk_kit *k, int arg)
{
	third_section(k, 0x400, 0x200);
	(void)arg;
	return hm_mk_file(k);
}

static hm_bytes section_in_header(struct hm_mk_kit *k, int arg)
{
	third_section(k, 0x200, 0x200);
	(void)arg;
	return hm_mk_file(k);
}

static hm_bytes out_of_order(struct hm_mk_kit *k, int arg)
{
	k->pe.sections[0].raw_at = 0x600;
	k->pe.sections[1].raw_at = 0x400;
	(void)arg;
	return hm_mk_file(k);
}

static hm_bytes unaligned_raw(struct hm_mk_kit *k, int arg)
{
	k->pe.sections[1].raw_at = 0x610;
	(void)arg;
	return hm_mk_file(k);
}

/* 0x600 to 0x800 belongs to no section. */
static void open_gap(struct hm_mk_kit *k)
{
	k->pe.sections[1].raw_at = 0x800;
}

static hm_bytes gap(struct hm_mk_kit *k, int arg)
{
	open_gap(k);
	(void)arg;
	return hm_mk_file(k);
}

static hm_bytes gap_filled_later(struct hm_mk_kit *k, int at)
{
	open_gap(k);
	return flip_at(k, (size_t)at);
}

/* As many bytes as the gap has, changed at the end: what an algorithm skips that
 * takes the sum of hashed bytes for a position. */
static hm_bytes gap_window(struct hm_mk_kit *k, int arg)
{
	open_gap(k);
	k->pe.overlay = hm_mk_fill(k->a, 'o', 0x200);
	(void)arg;
	return flip_at(k, 0xa00 + 0x1ff);
}

static hm_bytes lfanew_big(struct hm_mk_kit *k, int arg)
{
	k->pe.lfanew = 0x200;
	(void)arg;
	return hm_mk_file(k);
}

static hm_bytes lfanew_overlaps_dos(struct hm_mk_kit *k, int arg)
{
	k->pe.lfanew = 0x40;
	(void)arg;
	return hm_mk_file(k);
}

static hm_bytes lfanew_later(struct hm_mk_kit *k, int value)
{
	return hm_mk_poke32(k->a, hm_mk_file(k), 0x3c, (uint32_t)value);
}

/* The overlay is a second, different header; e_lfanew is turned to it later. */
static hm_bytes second_header(struct hm_mk_kit *k, bool with_directory)
{
	struct hm_mk_pe other = hm_mk_pe_honest(k->a);
	other.lfanew = 0x40;
	hm_bytes image = hm_mk_pe(k->a, &other);
	k->pe.overlay = hm_mk_part(image, 0x40, 0x3c0);

	hm_bytes file = hm_mk_file(k);
	size_t overlay = 0x800;
	struct hm_mk_pe there = { .plus = true, .lfanew = (uint32_t)overlay };
	file = hm_mk_poke32(k->a, file, 0x3c, (uint32_t)overlay);
	if (!with_directory)
		return file;
	hm_bytes was = hm_mk_part(file, hm_mk_pe_directory(&k->pe, HM_MK_SECURITY), 8);
	size_t to = hm_mk_pe_directory(&there, HM_MK_SECURITY);
	return hm_mk_cat(k->a, hm_mk_part(file, 0, to), was,
			 hm_mk_part(file, to + 8, file.len - to - 8));
}

static hm_bytes lfanew_to_overlay(struct hm_mk_kit *k, int with_directory)
{
	return second_header(k, with_directory != 0);
}

static hm_bytes poke_opt16(struct hm_mk_kit *k, int value)
{
	return hm_mk_poke16(k->a, hm_mk_file(k), hm_mk_pe_opt(&k->pe), (uint16_t)value);
}

static hm_bytes poke_num_sections(struct hm_mk_kit *k, int value)
{
	return hm_mk_poke16(k->a, hm_mk_file(k), coff(k) + 2, (uint16_t)value);
}

static hm_bytes poke_opt_size(struct hm_mk_kit *k, int value)
{
	return hm_mk_poke16(k->a, hm_mk_file(k), coff(k) + 16, (uint16_t)value);
}

static hm_bytes num_rva_later(struct hm_mk_kit *k, int value)
{
	return hm_mk_poke32(k->a, hm_mk_file(k), hm_mk_pe_directory(&k->pe, 0) - 4,
			    (uint32_t)value);
}

static hm_bytes num_rva(struct hm_mk_kit *k, int value)
{
	k->pe.num_rva = (uint32_t)value;
	return hm_mk_file(k);
}

static hm_bytes cut_to(struct hm_mk_kit *k, int len)
{
	return hm_mk_part(hm_mk_file(k), 0, (size_t)len);
}

static hm_bytes cut_by(struct hm_mk_kit *k, int len)
{
	hm_bytes file = hm_mk_file(k);

	return hm_mk_part(file, 0, file.len - (size_t)len);
}

static hm_bytes append(struct hm_mk_kit *k, int len)
{
	return hm_mk_cat(k->a, hm_mk_file(k), hm_mk_fill(k->a, 'x', (size_t)len));
}

/* A script appended to a signed program. */
static hm_bytes append_script(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	return hm_mk_cat(k->a, hm_mk_file(k),
			 hm_bytes_of("\n<script>new ActiveXObject('x')</script>\n"));
}

/* A ZIP's end record, so that the file is a JAR from its end. */
static hm_bytes append_jar(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	return hm_mk_cat(k->a, hm_mk_file(k), hm_bytes_of("PK\5\6"),
			 hm_mk_fill(k->a, 0, 18));
}

static hm_bytes pages(struct hm_mk_kit *k, int md)
{
	k->spc.pages_md = (enum hm_mk_md)md;
	k->spc.pages =
		hm_mk_pe_pages(k->a, &k->pe, k->spc.pages_md, hm_mk_pe(k->a, &k->pe));
	return hm_mk_file(k);
}

static hm_bytes pages_wrong(struct hm_mk_kit *k, int md)
{
	hm_bytes image = hm_mk_pe(k->a, &k->pe);

	k->spc.pages_md = (enum hm_mk_md)md;
	k->spc.pages = hm_mk_flip(
		k->a, hm_mk_pe_pages(k->a, &k->pe, k->spc.pages_md, image), 4, 0);
	return hm_mk_file(k);
}

/* The pages of a driver whose sections are aligned otherwise than to 0x1000. */
static hm_bytes pages_small_align(struct hm_mk_kit *k, int align)
{
	k->pe.section_align = (uint32_t)align;
	return pages(k, HM_MK_SHA256);
}

static hm_bytes big_overlay(struct hm_mk_kit *k, int arg)
{
	k->pe.overlay = hm_mk_fill(k->a, 0, BIG);
	(void)arg;
	return hm_mk_file(k);
}

/* Signed files of other kinds, as far as what tells that they are signed; their
 * unsigned brothers. */
enum {
	CABINET,
	CABINET_UNSIGNED,
	INSTALLER,
	PACKAGE,
	SCRIPT,
	SCRIPT_UTF16,
	SCRIPT_UNSIGNED
};

#define LITERAL(text) { (const uint8_t *)(text), sizeof(text) - 1 }

static hm_bytes foreign(struct hm_mk_kit *k, int which)
{
	/* [MS-CAB] 2.3: flags at 30 (reserve present), signature at 44, its length at 48
	 */
	static const uint8_t cabinet[64] = { 'M',         'S',       'C',
					     'F',         [30] = 4,  [36] = 20,
					     [42] = 0x10, [44] = 64, [48] = 0x10 };
	static const uint8_t plain_cabinet[64] = { 'M', 'S', 'C', 'F' };
	static const hm_bytes files[] = {
		[CABINET] = { cabinet, sizeof(cabinet) },
		[CABINET_UNSIGNED] = { plain_cabinet, sizeof(plain_cabinet) },
		[INSTALLER] =
			LITERAL("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
				"\x05\0D\0i\0g\0i\0t\0a\0l\0S\0i\0g\0n\0a\0t\0u\0r\0e\0"),
		[PACKAGE] = LITERAL("PK\x03\x04 AppxSignature.p7x PKCX"),
		[SCRIPT] = LITERAL("exit\r\n# SIG # Begin signature block\r\n# MIIF\r\n"
				   "# SIG # End signature block\r\n"),
		[SCRIPT_UTF16] = LITERAL("\xff\xfe#\0 \0S\0I\0G\0 \0#\0 "
					 "\0B\0e\0g\0i\0n\0 \0s\0i\0g\0n\0a\0"
					 "t\0u\0r\0e\0 \0b\0l\0o\0c\0k\0"),
		[SCRIPT_UNSIGNED] = LITERAL("exit # SIG # end\r\n"),
	};

	return hm_keep(k->a, files[which]);
}

/* The signature as a file of its own, as a catalog is one. */
static hm_bytes a_message(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	return hm_mk_kit_sign(k, hm_mk_pe(k->a, &k->pe));
}

static hm_bytes text_file(struct hm_mk_kit *k, int arg)
{
	(void)k;
	(void)arg;
	return hm_bytes_of("Not a program at all.\n");
}

static hm_bytes empty_file(struct hm_mk_kit *k, int arg)
{
	(void)arg;
	return hm_mk_fill(k->a, 0, 0);
}

/* clang-format off */
const struct hm_mk_maker hm_mk_cases_pe[] = {
	{ "honest", honest, 0 },
	{ "honest-unsigned", unsigned_program, 0 },
	{ "honest-pe32", pe32, 0x102 },
	{ "honest-pe32-dll", pe32, 0x2102 },
	{ "honest-driver", subsystem, 1 },
	{ "honest-efi", subsystem, 10 },
	{ "honest-sha1", file_digest, HM_MK_SHA1 },
	{ "honest-sha384", file_digest, HM_MK_SHA384 },
	{ "honest-sha512", file_digest, HM_MK_SHA512 },
	{ "honest-md5", file_digest, HM_MK_MD5 },
	{ "honest-overlay", big_overlay, 0 },
	{ "digest-md2", file_digest, HM_MK_MD2 },
	{ "digest-md4", file_digest, HM_MK_MD4 },
	{ "pe-not-a-program", text_file, 0 },
	{ "other-cabinet-signed", foreign, CABINET },
	{ "other-cabinet-unsigned", foreign, CABINET_UNSIGNED },
	{ "other-installer-signed", foreign, INSTALLER },
	{ "other-package-signed", foreign, PACKAGE },
	{ "other-script-signed", foreign, SCRIPT },
	{ "other-script-signed-utf16", foreign, SCRIPT_UTF16 },
	{ "other-script-unsigned", foreign, SCRIPT_UNSIGNED },
	{ "other-catalog", a_message, 0 },
	{ "pe-empty-file", empty_file, 0 },

	{ "pe-flip-dos-header", flip_file, 0x02 },
	{ "pe-flip-dos-stub", flip_file, 0x41 },
	{ "pe-flip-machine", flip_coff, 0 },
	{ "pe-flip-link-time", flip_coff, 4 },
	{ "pe-flip-symbols", flip_coff, 8 },
	{ "pe-flip-characteristics", flip_coff, 18 },
	{ "pe-flip-linker-version", flip_opt, 2 },
	{ "pe-flip-code-size", flip_opt, 4 },
	{ "pe-flip-entry-point", flip_opt, 16 },
	{ "pe-flip-image-base", flip_opt, 24 },
	{ "pe-flip-section-alignment", flip_opt, 32 },
	{ "pe-flip-file-alignment", flip_opt, 36 },
	{ "pe-flip-os-version", flip_opt, 40 },
	{ "pe-flip-image-size", flip_opt, 56 },
	{ "pe-flip-header-size", flip_opt, 60 },
	{ "pe-flip-subsystem", flip_opt, 68 },
	{ "pe-flip-dll-characteristics", flip_opt, 70 },
	{ "pe-flip-stack", flip_opt, 72 },
	{ "pe-flip-loader-flags", flip_opt, 104 },
	{ "pe-flip-dir-export", flip_directory, 0 },
	{ "pe-flip-dir-import", flip_directory, 1 },
	{ "pe-flip-dir-resource", flip_directory, 2 },
	{ "pe-flip-dir-exception", flip_directory, 3 },
	{ "pe-flip-dir-relocation", flip_directory, 5 },
	{ "pe-flip-dir-debug", flip_directory, 6 },
	{ "pe-flip-dir-tls", flip_directory, 9 },
	{ "pe-flip-dir-load-config", flip_directory, 10 },
	{ "pe-flip-dir-bound-import", flip_directory, 11 },
	{ "pe-flip-dir-clr", flip_directory, 14 },
	{ "pe-flip-dir-reserved", flip_directory, 15 },
	{ "pe-flip-section-name", flip_section, 0 },
	{ "pe-flip-section-raw-at", flip_section, 20 },
	{ "pe-flip-section-flags", flip_section, 36 },
	{ "pe-flip-header-gap", flip_file, 0x3f0 },
	{ "pe-flip-code", flip_file, 0x400 },
	{ "pe-flip-code-slack", flip_file, 0x5ff },
	{ "pe-flip-data", flip_file, 0x600 },
	{ "pe-flip-overlay", flip_overlay, 0 },
	{ "pe-flip-padding-before-table", flip_overlay, 4 },
	{ "pe-checksum-zero", checksum, 0 },
	{ "pe-checksum-wrong", checksum, 0x12345678 },
	{ "pe-checksum-all-ones", checksum, -1 },

	{ "pe-header-size-zero", header_size, 0 },
	{ "pe-header-size-small", header_size, 0x200 },
	{ "pe-header-size-large", header_size, 0x600 },
	{ "pe-header-size-huge-later", header_size_later, -1 },
	{ "pe-header-size-zero-later", header_size_later, 0 },
	{ "pe-sections-overlap", overlap_text, 0 },
	{ "pe-section-in-header", section_in_header, 0 },
	{ "pe-sections-out-of-order", out_of_order, 0 },
	{ "pe-section-unaligned", unaligned_raw, 0 },
	{ "pe-gap", gap, 0 },
	{ "pe-gap-first-byte-changed", gap_filled_later, 0x600 },
	{ "pe-gap-last-byte-changed", gap_filled_later, 0x7ff },
	{ "pe-gap-window-attack", gap_window, 0 },
	{ "pe-lfanew-far", lfanew_big, 0 },
	{ "pe-lfanew-at-40", lfanew_overlaps_dos, 0 },
	{ "pe-lfanew-negative", lfanew_later, -16 },
	{ "pe-lfanew-past-end", lfanew_later, 0x7fffffff },
	{ "pe-lfanew-zero", lfanew_later, 0 },
	{ "pe-lfanew-to-overlay-unsigned", lfanew_to_overlay, 0 },
	{ "pe-lfanew-to-overlay-signed", lfanew_to_overlay, 1 },
	{ "pe-magic-pe32-later", poke_opt16, 0x10b },
	{ "pe-magic-rom-later", poke_opt16, 0x107 },
	{ "pe-no-mz", flip_file, 0 },
	{ "pe-no-pe-signature", flip_file, 0x80 },
	{ "pe-zero-sections-later", poke_num_sections, 0 },
	{ "pe-65535-sections-later", poke_num_sections, 65535 },
	{ "pe-optional-header-shrunk-later", poke_opt_size, 0x60 },
	{ "pe-num-rva-5", num_rva, 5 },
	{ "pe-num-rva-4", num_rva, 4 },
	{ "pe-num-rva-0-later", num_rva_later, 0 },
	{ "pe-num-rva-4-later", num_rva_later, 4 },
	{ "pe-num-rva-huge-later", num_rva_later, -1 },
	{ "pe-cut-to-headers", cut_to, 0x400 },
	{ "pe-cut-in-directory", cut_to, 0x80 + 24 + 112 + 4 * 8 + 4 },
	{ "pe-cut-in-dos-header", cut_to, 0x20 },
	{ "pe-cut-before-table", cut_to, 0x800 },
	{ "pe-cut-by-1", cut_by, 1 },
	{ "pe-cut-by-8", cut_by, 8 },
	{ "pe-cut-by-16", cut_by, 16 },
	{ "pe-append-1", append, 1 },
	{ "pe-append-8", append, 8 },
	{ "pe-append-16", append, 16 },
	{ "pe-append-64k", append, BIG },
	{ "pe-append-script", append_script, 0 },
	{ "pe-append-jar", append_jar, 0 },
	{ "pages-sha1", pages, HM_MK_SHA1 },
	{ "pages-sha256", pages, HM_MK_SHA256 },
	{ "pages-sha1-wrong", pages_wrong, HM_MK_SHA1 },
	{ "pages-sha256-wrong", pages_wrong, HM_MK_SHA256 },
	{ "pages-align-2000", pages_small_align, 0x2000 },
	{ NULL, NULL, 0 },
};
/* clang-format on */
