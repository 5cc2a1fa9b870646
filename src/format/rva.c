/* SPDX-License-Identifier: MIT */
#include "format/rva.h"

enum {
	DOS_LFANEW = 0x3c,
	PE32_PLUS = 0x20b,
	PE32 = 0x10b,
	NUM_DIRECTORIES32 = 92, /* offset of NumberOfRvaAndSizes in the optional header */
	NUM_DIRECTORIES64 = 108,
	MAX_DIRECTORIES = 16, /* IMAGE_NUMBEROF_DIRECTORY_ENTRIES */
	SECTION_BYTES = 40,
	MAX_SECTIONS = 96,   /* the loader's own limit */
	RAW_ALIGNMENT = 512, /* the loader rounds PointerToRawData down to it */
};

hm_err hm_rva_read(hm_bytes file, struct hm_rva *out)
{
	struct hm_cur c = hm_cur_of(file);

	hm_seek(&c, DOS_LFANEW, "DOS header");
	hm_seek(&c, hm_u32le(&c, "e_lfanew"), "e_lfanew");
	hm_rule(&c, hm_u32le(&c, "Signature") == 0x00004550, "Signature is PE");
	hm_take(&c, 2, "Machine");
	uint32_t num_sections = hm_u16le(&c, "NumberOfSections");
	hm_rule(&c, num_sections <= MAX_SECTIONS, "an image has at most 96 sections");
	hm_take(&c, 12, "COFF header");
	uint32_t optional_len = hm_u16le(&c, "SizeOfOptionalHeader");
	hm_take(&c, 2, "Characteristics");

	uint64_t optional = hm_tell(&c);
	uint16_t magic = hm_u16le(&c, "Magic");
	hm_rule(&c, magic == PE32 || magic == PE32_PLUS, "Magic is PE32 or PE32+");
	bool plus = magic == PE32_PLUS;
	hm_seek(&c, optional + (plus ? NUM_DIRECTORIES64 : NUM_DIRECTORIES32),
		"NumberOfRvaAndSizes");
	uint32_t num = hm_u32le(&c, "NumberOfRvaAndSizes");
	hm_bytes directories =
		hm_take(&c, (uint64_t)(num < MAX_DIRECTORIES ? num : MAX_DIRECTORIES) * 8,
			"data directories");
	hm_seek(&c, optional + optional_len, "section table");
	hm_bytes sections =
		hm_take(&c, (uint64_t)num_sections * SECTION_BYTES, "section table");
	if (c.err != HM_OK)
		return c.err;

	*out = (struct hm_rva){ file, directories, sections, plus };
	return HM_OK;
}

hm_bytes hm_rva_bytes(const struct hm_rva *image, uint32_t rva)
{
	struct hm_cur table = hm_cur_of(image->sections);

	while (hm_more(&table)) {
		struct hm_cur s = hm_sub(&table, SECTION_BYTES, "section header");

		hm_take(&s, 12, "Name, VirtualSize");
		uint32_t address = hm_u32le(&s, "VirtualAddress");
		uint32_t raw_len = hm_u32le(&s, "SizeOfRawData");
		uint32_t raw = hm_u32le(&s, "PointerToRawData");
		if (rva < address || rva - address >= raw_len)
			continue;

		struct hm_cur file = hm_cur_of(image->file);
		uint32_t skip = rva - address;
		hm_seek(&file, (uint64_t)(raw - raw % RAW_ALIGNMENT) + skip,
			"PointerToRawData");
		uint64_t len = raw_len - skip;
		if (len > hm_left(&file))
			len = hm_left(&file);
		return hm_take(&file, len, "raw data");
	}
	return (hm_bytes){ 0 };
}

uint32_t hm_rva_directory(const struct hm_rva *image, unsigned index)
{
	struct hm_cur c = hm_cur_of(image->directories);

	hm_seek(&c, (uint64_t)index * 8, "data directory");
	return hm_u32le(&c, "VirtualAddress");
}
