/* SPDX-License-Identifier: MIT */
#include "format/version.h"

#include "base/text.h"
#include "format/rva.h"

enum {
	RT_VERSION = 16,
	SUBDIRECTORY = INT32_MIN, /* the high bit of an entry's offset */
	MAX_STRINGS = 256, /* a table has a dozen; each costs a pass over the keys */
};

/* The offset of the entry named id, or of the first one where id is 0. */
static uint32_t find_entry(hm_bytes root, uint32_t directory, uint32_t id)
{
	struct hm_cur c = hm_cur_of(root);

	hm_seek(&c, directory, "IMAGE_RESOURCE_DIRECTORY");
	hm_take(&c, 12, "IMAGE_RESOURCE_DIRECTORY");
	uint32_t num = hm_u16le(&c, "NumberOfNamedEntries");
	num += hm_u16le(&c, "NumberOfIdEntries");
	for (uint32_t i = 0; i < num && c.err == HM_OK; i++) {
		uint32_t name = hm_u32le(&c, "Name");
		uint32_t offset = hm_u32le(&c, "OffsetToData");

		if (c.err == HM_OK && (id == 0 || name == id))
			return offset;
	}
	return 0;
}

/* The version resource: type, name, language, then its data. */
static hm_bytes find_version(const struct hm_rva *image)
{
	const uint32_t high = (uint32_t)SUBDIRECTORY;
	hm_bytes root = hm_rva_bytes(image, hm_rva_directory(image, HM_DIR_RESOURCE));
	uint32_t type = find_entry(root, 0, RT_VERSION);
	uint32_t name = (type & high) != 0 ? find_entry(root, type & ~high, 0) : 0;
	uint32_t data = (name & high) != 0 ? find_entry(root, name & ~high, 0) : 0;
	struct hm_cur c = hm_cur_of(root);

	if (data == 0 || (data & high) != 0)
		return (hm_bytes){ 0 };
	hm_seek(&c, data, "IMAGE_RESOURCE_DATA_ENTRY");
	uint32_t rva = hm_u32le(&c, "OffsetToData");
	uint32_t len = hm_u32le(&c, "Size");
	struct hm_cur resource = hm_cur_of(hm_rva_bytes(image, rva));
	return hm_take(&resource, len, "version resource");
}

/* wLength, wValueLength, wType, szKey, padding, then a value and children. */
struct block {
	hm_bytes key;       /* UTF-16LE, without its NUL */
	struct hm_cur rest; /* from the value on */
	uint32_t value_len; /* in bytes, or in characters where text */
	bool text;
};

static void align4(struct hm_cur *c)
{
	hm_take(c, -hm_tell(c) & 3, "padding");
}

static struct block read_block(struct hm_cur *parent)
{
	struct hm_cur peek = *parent;
	uint16_t len = hm_u16le(&peek, "wLength");
	struct block b = { .rest = hm_sub(parent, len, "block") };

	hm_take(&b.rest, 2, "wLength");
	b.value_len = hm_u16le(&b.rest, "wValueLength");
	b.text = hm_u16le(&b.rest, "wType") == 1;
	struct hm_cur key = b.rest;
	size_t key_len = 0;
	while (hm_u16le(&b.rest, "szKey") != 0)
		key_len += 2;
	b.key = hm_take(&key, key_len, "szKey");
	hm_join(parent, &b.rest);
	return b;
}

/* ASCII text against UTF-16LE. */
static bool key_is(hm_bytes key, const char *text)
{
	struct hm_cur c = hm_cur_of(key), want = hm_cur_of(hm_bytes_of(text));

	while (hm_more(&want))
		if (hm_u16le(&c, "szKey") != hm_u8(&want, "text") || c.err != HM_OK)
			return false;
	return hm_left(&c) == 0;
}

static hm_bytes text_of(struct block *b, struct hm_arena *a)
{
	uint64_t len = (uint64_t)b->value_len * (b->text ? 2 : 1);

	/* linkers disagree on whether wValueLength counts characters or bytes */
	if (len > hm_left(&b->rest))
		len = hm_left(&b->rest);
	struct hm_cur value = hm_sub(&b->rest, len, "value"), units = value;
	size_t used = 0;
	while (hm_left(&units) >= 2 && hm_u16le(&units, "value") != 0)
		used += 2;

	struct hm_buf utf8 = hm_buf_of(used * 2 + 4);
	hm_put_utf16le(&utf8, hm_take(&value, used, "value"));
	hm_bytes kept = hm_keep(a, hm_buf_bytes(&utf8));
	hm_buf_done(&utf8);
	return kept;
}

static void take_string(struct block *b, struct hm_version *out, struct hm_arena *a)
{
	const struct {
		const char *key;
		hm_bytes *to;
	} strings[] = {
		{ "CompanyName", &out->company },
		{ "FileDescription", &out->description },
		{ "ProductName", &out->product },
		{ "ProductVersion", &out->product_version },
		{ "FileVersion", &out->file_version },
		{ "OriginalFilename", &out->original_name },
		{ "InternalName", &out->internal_name },
		{ "LegalCopyright", &out->copyright },
	};

	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++)
		if (key_is(b->key, strings[i].key) && strings[i].to->len == 0)
			*strings[i].to = text_of(b, a);
}

static void read_strings(struct hm_cur *table, struct hm_version *out, struct hm_arena *a)
{
	for (int i = 0; i < MAX_STRINGS && hm_more(table); i++) {
		align4(table);
		struct block string = read_block(table);

		if (table->err != HM_OK)
			return;
		align4(&string.rest);
		take_string(&string, out, a);
	}
}

struct hm_version hm_version_read(hm_bytes file, struct hm_arena *a)
{
	struct hm_version out = { 0 };
	struct hm_rva image;

	if (hm_rva_read(file, &image) != HM_OK)
		return out;
	struct hm_cur resource = hm_cur_of(find_version(&image));
	struct block info = read_block(&resource);
	align4(&info.rest);
	hm_take(&info.rest, info.value_len, "VS_FIXEDFILEINFO");
	for (int i = 0; i < MAX_STRINGS && hm_more(&info.rest); i++) {
		align4(&info.rest);
		struct block child = read_block(&info.rest);

		if (info.rest.err != HM_OK || !key_is(child.key, "StringFileInfo"))
			continue;
		align4(&child.rest);
		struct block table = read_block(&child.rest);
		align4(&table.rest);
		read_strings(&table.rest, &out, a);
		break;
	}
	return out;
}
