/* SPDX-License-Identifier: MIT */
/*
 * pe.h: the smallest honest PE images, and attaching signatures to them.
 *
 * Spec: Microsoft PE Format.  Any field can be set to a lie; the places of the
 * fields are computed from the struct, never read back from the bytes.
 */
#ifndef HM_FORGE_PE_H
#define HM_FORGE_PE_H

#include "forge/key.h"

enum { HM_MK_SECTIONS = 4, HM_MK_DIRECTORIES = 16 };

struct hm_mk_section {
	const char *name; /* up to 8 bytes; NULL ends the table */
	uint32_t virtual_size, address;
	uint32_t raw_size, raw_at;
	uint32_t flags;
	hm_bytes content; /* written at raw_at, filled with zeros up to raw_size */
};

struct hm_mk_pe {
	bool plus; /* PE32+ */
	uint16_t machine, characteristics, subsystem;
	uint32_t lfanew;
	uint32_t section_align;
	uint32_t header_size;  /* SizeOfHeaders as written; content begins after 0x400 */
	uint32_t num_rva;      /* NumberOfRvaAndSizes as written */
	uint16_t opt_size;     /* SizeOfOptionalHeader; by the format where 0 */
	uint16_t magic;        /* by plus where 0 */
	uint16_t num_sections; /* as written; counted where 0 */
	struct hm_mk_section sections[HM_MK_SECTIONS];
	hm_bytes overlay; /* after the last section */
};

/* A program of two sections for x64 that returns at once. */
struct hm_mk_pe hm_mk_pe_honest(struct hm_arena *a);

/* The image, with no certificate table, its length as it comes. */
hm_bytes hm_mk_pe(struct hm_arena *a, const struct hm_mk_pe *p);

/* Offsets of fields in the file. */
size_t hm_mk_pe_opt(const struct hm_mk_pe *p);
size_t hm_mk_pe_checksum(const struct hm_mk_pe *p);
size_t hm_mk_pe_directory(const struct hm_mk_pe *p, unsigned which);
size_t hm_mk_pe_section(const struct hm_mk_pe *p, unsigned which);
enum { HM_MK_SECURITY = 4 };

/* The Authenticode digest of an image: all but checksum and security directory,
 * zeros to a multiple of 8 counted in. */
hm_bytes hm_mk_pe_digest(struct hm_arena *a, const struct hm_mk_pe *p, enum hm_mk_md md,
			 hm_bytes image);

/* The page hash table (SpcPeImagePageHashes): offset and digest of each page. */
hm_bytes hm_mk_pe_pages(struct hm_arena *a, const struct hm_mk_pe *p, enum hm_mk_md md,
			hm_bytes image);

/* One entry of the certificate table, filled to a multiple of 8. */
struct hm_mk_entry {
	uint32_t len;      /* dwLength; honest where 0 */
	uint16_t revision; /* 0x0200 where 0 */
	uint16_t type;     /* 2 (PKCS #7) where 0 */
	hm_bytes blob;
};
hm_bytes hm_mk_entry(struct hm_arena *a, const struct hm_mk_entry *e);

/* Zeros to a multiple of 8, then table; directory and checksum tell the truth. */
hm_bytes hm_mk_pe_attach(struct hm_arena *a, const struct hm_mk_pe *p, hm_bytes image,
			 hm_bytes table);
/* A copy with the security directory set to this. */
hm_bytes hm_mk_pe_point(struct hm_arena *a, const struct hm_mk_pe *p, hm_bytes file,
			uint32_t at, uint32_t len);
/* A copy with the right CheckSum. */
hm_bytes hm_mk_pe_sum(struct hm_arena *a, const struct hm_mk_pe *p, hm_bytes file);

/* A copy with a little-endian field overwritten. */
hm_bytes hm_mk_poke16(struct hm_arena *a, hm_bytes in, size_t at, uint16_t value);
hm_bytes hm_mk_poke32(struct hm_arena *a, hm_bytes in, size_t at, uint32_t value);

#endif
