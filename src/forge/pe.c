/* SPDX-License-Identifier: MIT */
#include "forge/pe.h"

#include <assert.h>
#include <string.h>

enum {
	DOS_LFANEW = 0x3c,
	COFF_SIZE = 20,
	OPT_CHECKSUM = 64,
	DIRECTORY_SIZE = 8,
	SECTION_SIZE = 40,
	CONTENT_AT = 0x400, /* room for headers of any shape that is forged here */
	FILE_ALIGN = 0x200,
	PAGE = 0x1000,
};

struct hm_mk_pe hm_mk_pe_honest(struct hm_arena *a)
{
	hm_bytes code = hm_mk_cat(a, hm_mk_lit(0x31, 0xc0, 0xc3)); /* xor eax, eax; ret */
	hm_bytes data =
		hm_bytes_of("This program was made to test signature verifiers.\n");

	return (struct hm_mk_pe){
		.plus = true,
		.machine = 0x8664,
		.characteristics = 0x22, /* executable, large addresses */
		.subsystem = 3,          /* console */
		.lfanew = 0x80,
		.section_align = PAGE,
		.header_size = CONTENT_AT,
		.num_rva = HM_MK_DIRECTORIES,
		.sections = {
			{ ".text", 3, 0x1000, 0x200, 0x400, 0x60000020, code },
			{ ".data", (uint32_t)data.len, 0x2000, 0x200, 0x600, 0xc0000040, data },
		},
	};
}

static size_t fixed_opt_size(const struct hm_mk_pe *p)
{
	return p->plus ? 112 : 96;
}

size_t hm_mk_pe_opt(const struct hm_mk_pe *p)
{
	return (size_t)p->lfanew + 4 + COFF_SIZE;
}

size_t hm_mk_pe_checksum(const struct hm_mk_pe *p)
{
	return hm_mk_pe_opt(p) + OPT_CHECKSUM;
}

size_t hm_mk_pe_directory(const struct hm_mk_pe *p, unsigned which)
{
	return hm_mk_pe_opt(p) + fixed_opt_size(p) + (size_t)which * DIRECTORY_SIZE;
}

size_t hm_mk_pe_section(const struct hm_mk_pe *p, unsigned which)
{
	size_t opt_size = fixed_opt_size(p) + HM_MK_DIRECTORIES * DIRECTORY_SIZE;

	if (p->opt_size != 0)
		opt_size = p->opt_size;
	return hm_mk_pe_opt(p) + opt_size + (size_t)which * SECTION_SIZE;
}

static void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value & 0xffff);
	put16(at + 2, value >> 16);
}

static unsigned count_sections(const struct hm_mk_pe *p)
{
	unsigned count = 0;

	while (count < HM_MK_SECTIONS && p->sections[count].name != NULL)
		count++;
	return count;
}

static void put_coff(uint8_t *at, const struct hm_mk_pe *p)
{
	size_t opt_size = hm_mk_pe_section(p, 0) - hm_mk_pe_opt(p);

	memcpy(at, "PE\0\0", 4);
	put16(at + 4, p->machine);
	put16(at + 6, p->num_sections != 0 ? p->num_sections : count_sections(p));
	put32(at + 8, 0x5f000000); /* TimeDateStamp: a day in 2020 */
	put16(at + 20, (unsigned)opt_size);
	put16(at + 22, p->characteristics);
}

static uint32_t image_size(const struct hm_mk_pe *p)
{
	uint32_t top = PAGE;

	for (unsigned i = 0; i < count_sections(p); i++) {
		const struct hm_mk_section *s = &p->sections[i];
		uint32_t end = s->address + (s->virtual_size + PAGE - 1) / PAGE * PAGE;

		if (end > top)
			top = end;
	}
	return top;
}

static void put_opt(uint8_t *at, const struct hm_mk_pe *p)
{
	put16(at, p->magic != 0 ? p->magic : (p->plus ? 0x20bu : 0x10bu));
	at[2] = 14;                                  /* linker version */
	put32(at + 4, p->sections[0].raw_size);      /* SizeOfCode */
	put32(at + 16, p->sections[0].address);      /* AddressOfEntryPoint */
	put32(at + 20, p->sections[0].address);      /* BaseOfCode */
	put32(at + (p->plus ? 24 : 28), 0x00400000); /* ImageBase */
	put32(at + 32, p->section_align);
	put32(at + 36, FILE_ALIGN);
	put16(at + 40, 6); /* MajorOperatingSystemVersion */
	put16(at + 48, 6); /* MajorSubsystemVersion */
	put32(at + 56, image_size(p));
	put32(at + 60, p->header_size);
	put16(at + 68, p->subsystem);
	put16(at + 70, 0x8160);          /* ASLR, NX, terminal server aware */
	for (unsigned i = 0; i < 4; i++) /* stack and heap, reserve and commit */
		put32(at + 72 + i * (p->plus ? 8 : 4), i % 2 == 0 ? 0x100000 : 0x1000);
	put32(at + fixed_opt_size(p) - 4, p->num_rva);
}

static void put_sections(uint8_t *file, const struct hm_mk_pe *p)
{
	for (unsigned i = 0; i < count_sections(p); i++) {
		const struct hm_mk_section *s = &p->sections[i];
		uint8_t *at = file + hm_mk_pe_section(p, i);

		memcpy(at, s->name, strlen(s->name));
		put32(at + 8, s->virtual_size);
		put32(at + 12, s->address);
		put32(at + 16, s->raw_size);
		put32(at + 20, s->raw_at);
		put32(at + 36, s->flags);
		if (s->content.len != 0)
			memcpy(file + s->raw_at, s->content.at, s->content.len);
	}
}

/* Where the file ends by its sections; a section of no content may lie about it. */
static size_t content_end(const struct hm_mk_pe *p)
{
	size_t end = CONTENT_AT;

	for (unsigned i = 0; i < count_sections(p); i++) {
		const struct hm_mk_section *s = &p->sections[i];
		size_t top = (size_t)s->raw_at + s->raw_size;

		if (s->content.len != 0 && top > end)
			end = top;
	}
	return end;
}

hm_bytes hm_mk_pe(struct hm_arena *a, const struct hm_mk_pe *p)
{
	size_t end = content_end(p);
	size_t headers = hm_mk_pe_section(p, count_sections(p));
	size_t len = end > headers ? end : headers;
	uint8_t *file = hm_alloc(a, 1, len);

	memcpy(file, "MZ", 2);
	put32(file + DOS_LFANEW, p->lfanew);
	if (p->lfanew >= 0x40 + 24)
		memcpy(file + 0x40, "test program, no DOS mode", 24);
	put_coff(file + p->lfanew, p);
	put_opt(file + hm_mk_pe_opt(p), p);
	put_sections(file, p);
	return hm_mk_cat(a, (hm_bytes){ file, len }, p->overlay);
}

static hm_bytes to_eight(struct hm_arena *a, hm_bytes in)
{
	return hm_mk_cat(a, in, hm_mk_fill(a, 0, (8 - in.len % 8) % 8));
}

hm_bytes hm_mk_pe_digest(struct hm_arena *a, const struct hm_mk_pe *p, enum hm_mk_md md,
			 hm_bytes image)
{
	hm_bytes all = to_eight(a, image);
	size_t sum = hm_mk_pe_checksum(p);
	size_t security = hm_mk_pe_directory(p, HM_MK_SECURITY);
	size_t after = security + DIRECTORY_SIZE;

	return hm_mk_digest(a, md,
			    hm_mk_cat(a, hm_mk_part(all, 0, sum),
				      hm_mk_part(all, sum + 4, security - sum - 4),
				      hm_mk_part(all, after, all.len - after)));
}

static hm_bytes page_entry(struct hm_arena *a, size_t at, hm_bytes digest)
{
	uint8_t *offset = hm_alloc(a, 1, 4);

	put32(offset, (uint32_t)at);
	return hm_mk_cat(a, (hm_bytes){ offset, 4 }, digest);
}

/* A page is filled up with zeros before it is hashed. */
static hm_bytes page_digest(struct hm_arena *a, enum hm_mk_md md, hm_bytes page,
			    size_t size)
{
	return hm_mk_digest(a, md, hm_mk_cat(a, page, hm_mk_fill(a, 0, size - page.len)));
}

hm_bytes hm_mk_pe_pages(struct hm_arena *a, const struct hm_mk_pe *p, enum hm_mk_md md,
			hm_bytes image)
{
	size_t sum = hm_mk_pe_checksum(p);
	size_t security = hm_mk_pe_directory(p, HM_MK_SECURITY);
	size_t after = security + DIRECTORY_SIZE;
	size_t page = p->section_align;
	hm_bytes head = hm_mk_cat(a, hm_mk_part(image, 0, sum),
				  hm_mk_part(image, sum + 4, security - sum - 4),
				  hm_mk_part(image, after, p->header_size - after));
	hm_bytes all =
		page_entry(a, 0, page_digest(a, md, head, page - 4 - DIRECTORY_SIZE));
	size_t end = p->header_size;

	for (unsigned i = 0; i < count_sections(p); i++) {
		const struct hm_mk_section *s = &p->sections[i];

		for (size_t at = 0; at < s->raw_size; at += page) {
			size_t len = s->raw_size - at < page ? s->raw_size - at : page;
			hm_bytes here = hm_mk_part(image, s->raw_at + at, len);

			all = hm_mk_cat(a, all,
					page_entry(a, s->raw_at + at,
						   page_digest(a, md, here, page)));
		}
		end = (size_t)s->raw_at + s->raw_size;
	}
	return hm_mk_cat(a, all,
			 page_entry(a, end, hm_mk_fill(a, 0, hm_mk_digest_len(md))));
}

hm_bytes hm_mk_entry(struct hm_arena *a, const struct hm_mk_entry *e)
{
	uint8_t *head = hm_alloc(a, 1, 8);
	hm_bytes blob = to_eight(a, e->blob);

	put32(head, e->len != 0 ? e->len : (uint32_t)(8 + blob.len));
	put16(head + 4, e->revision != 0 ? e->revision : 0x200);
	put16(head + 6, e->type != 0 ? e->type : 2);
	return hm_mk_cat(a, (hm_bytes){ head, 8 }, blob);
}

hm_bytes hm_mk_pe_attach(struct hm_arena *a, const struct hm_mk_pe *p, hm_bytes image,
			 hm_bytes table)
{
	hm_bytes body = to_eight(a, image);
	hm_bytes file = hm_mk_cat(a, body, table);

	file = hm_mk_pe_point(a, p, file, (uint32_t)body.len, (uint32_t)table.len);
	return hm_mk_pe_sum(a, p, file);
}

hm_bytes hm_mk_pe_point(struct hm_arena *a, const struct hm_mk_pe *p, hm_bytes file,
			uint32_t at, uint32_t len)
{
	size_t security = hm_mk_pe_directory(p, HM_MK_SECURITY);

	return hm_mk_poke32(a, hm_mk_poke32(a, file, security, at), security + 4, len);
}

/* The sum of 16-bit words with carries folded in, plus the length: ImageHlp's
 * CheckSumMappedFile. */
hm_bytes hm_mk_pe_sum(struct hm_arena *a, const struct hm_mk_pe *p, hm_bytes file)
{
	size_t field = hm_mk_pe_checksum(p);
	uint32_t sum = 0;

	file = hm_mk_poke32(a, file, field, 0);
	for (size_t i = 0; i < file.len; i += 2) {
		sum += file.at[i] |
		       (i + 1 < file.len ? (uint32_t)file.at[i + 1] << 8 : 0);
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return hm_mk_poke32(a, file, field, sum + (uint32_t)file.len);
}

static uint8_t *copy(struct hm_arena *a, hm_bytes in)
{
	uint8_t *out = hm_alloc(a, 1, in.len + 1);

	return memcpy(out, in.at, in.len);
}

hm_bytes hm_mk_poke16(struct hm_arena *a, hm_bytes in, size_t at, uint16_t value)
{
	uint8_t *out = copy(a, in);

	assert(at + 2 <= in.len);
	put16(out + at, value);
	return (hm_bytes){ out, in.len };
}

hm_bytes hm_mk_poke32(struct hm_arena *a, hm_bytes in, size_t at, uint32_t value)
{
	uint8_t *out = copy(a, in);

	assert(at + 4 <= in.len);
	put32(out + at, value);
	return (hm_bytes){ out, in.len };
}
