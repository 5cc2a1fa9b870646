/* SPDX-License-Identifier: MIT */
#include "format/imports.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "format/rva.h"

enum { BY_ORDINAL32 = 31, BY_ORDINAL64 = 63 };

/* Bytes up to a NUL; empty where there is none. */
static hm_bytes string_at(const struct hm_rva *image, uint32_t rva)
{
	struct hm_cur c = hm_cur_of(hm_rva_bytes(image, rva)), begin = c;
	size_t len = 0;

	while (hm_u8(&c, "name") != 0)
		len++;
	return c.err == HM_OK && len <= HM_MAX_IMPORT_NAME ? hm_take(&begin, len, "name")
							   : (hm_bytes){ 0 };
}

static void put_lower(struct hm_buf *text, hm_bytes name)
{
	struct hm_cur c = hm_cur_of(name);

	while (hm_more(&c))
		hm_put_u8(text, hm_lower(hm_u8(&c, "name")));
}

/* The library's name without the three endings that the definition drops. */
static hm_bytes stem(hm_bytes name)
{
	static const char *const endings[] = { ".dll", ".ocx", ".sys" };
	struct hm_cur c = hm_cur_of(name);

	if (name.len < 4)
		return name;
	hm_bytes head = hm_take(&c, name.len - 4, "name"), tail = hm_rest(&c);
	for (size_t i = 0; i < 3; i++)
		if (hm_is_nocase(tail, endings[i]))
			return head;
	return name;
}

/* Libraries whose ordinals the definition turns into names. */
static bool needs_names(hm_bytes library)
{
	static const char *const names[] = { "ws2_32.dll", "wsock32.dll",
					     "oleaut32.dll" };

	for (size_t i = 0; i < 3; i++)
		if (hm_is_nocase(library, names[i]))
			return true;
	return false;
}

struct importing {
	const struct hm_rva *image;
	struct hm_buf *text;
	uint32_t count;
};

static void put_import(struct importing *i, hm_bytes library, hm_bytes function)
{
	if (i->count++ != 0)
		hm_put_u8(i->text, ',');
	put_lower(i->text, stem(library));
	hm_put_u8(i->text, '.');
	put_lower(i->text, function);
}

/* One import lookup table; false where it ends the attempt. */
static bool read_lookups(struct importing *i, hm_bytes library, uint32_t rva)
{
	bool plus = i->image->plus;
	struct hm_cur c = hm_cur_of(hm_rva_bytes(i->image, rva));

	for (;;) {
		uint64_t lookup = plus ? hm_u64le(&c, "lookup") : hm_u32le(&c, "lookup");

		if (lookup == 0)
			return c.err == HM_OK;
		if (i->count >= HM_MAX_IMPORTS)
			return false;
		if (lookup >> (plus ? BY_ORDINAL64 : BY_ORDINAL32) != 0) {
			char ordinal[16];

			if (needs_names(library))
				return false;
			snprintf(ordinal, sizeof(ordinal), "ord%u",
				 (unsigned)(lookup & 0xffff));
			put_import(i, library, hm_bytes_of(ordinal));
			continue;
		}
		hm_bytes function =
			string_at(i->image, (uint32_t)(lookup & 0x7fffffff) + 2);
		if (function.len == 0)
			return false;
		put_import(i, library, function);
	}
}

bool hm_imports_text(hm_bytes file, struct hm_buf *text)
{
	struct hm_rva image;

	if (hm_rva_read(file, &image) != HM_OK)
		return false;
	uint32_t directory = hm_rva_directory(&image, HM_DIR_IMPORT);
	if (directory == 0)
		return false;

	struct importing i = { .image = &image, .text = text };
	struct hm_cur c = hm_cur_of(hm_rva_bytes(&image, directory));
	for (;;) {
		uint32_t lookups = hm_u32le(&c, "OriginalFirstThunk");
		hm_take(&c, 8, "TimeDateStamp, ForwarderChain");
		uint32_t name = hm_u32le(&c, "Name");
		uint32_t addresses = hm_u32le(&c, "FirstThunk");
		if (c.err != HM_OK)
			return false;
		if (name == 0)
			return i.count != 0 && text->err == HM_OK;

		hm_bytes library = string_at(&image, name);
		if (library.len == 0 ||
		    !read_lookups(&i, library, lookups != 0 ? lookups : addresses))
			return false;
	}
}
