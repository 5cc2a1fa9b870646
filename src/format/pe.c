/* SPDX-License-Identifier: MIT */
#include "format/pe.h"

enum {
	PE32 = 0x10b,
	PE32_PLUS = 0x20b,
	DOS_LFANEW = 0x3c,
	FILE_IS_DLL = 0x2000,
	/* Offsets in the optional header; the same in PE32 and PE32+ up to OPT_SUBSYSTEM.
	 */
	OPT_SECTION_ALIGNMENT = 32,
	OPT_CHECKSUM = 64,
	OPT_SUBSYSTEM = 68,
	OPT_NUM_DIRECTORIES32 = 92,
	OPT_NUM_DIRECTORIES64 = 108,
	DIR_SECURITY = 4,
	DIR_COM = 14,
	CERT_HEADER = 8,
	CERT_ALIGN = 8,
	CERT_PKCS7 = 2,
	SUBSYSTEM_NATIVE = 1,
	SUBSYSTEM_EFI_FIRST = 10,
	SUBSYSTEM_EFI_LAST = 13,
};

/* Where things are, until they are put into the carrier. */
struct headers {
	uint64_t opt, directories; /* offsets in the file */
	uint32_t num_directories;
	uint16_t characteristics;
};

static bool pe_sniff(hm_bytes head)
{
	struct hm_cur c = hm_cur_of(head);

	return hm_u16le(&c, "e_magic") == 0x5a4d;
}

static void read_coff(struct hm_cur *c, struct headers *h, struct hm_carrier *out)
{
	hm_seek(c, DOS_LFANEW, "DOS header");
	hm_seek(c, hm_u32le(c, "e_lfanew"), "e_lfanew");
	hm_rule(c, hm_u32le(c, "Signature") == 0x00004550, "Signature is PE");
	out->machine = hm_u16le(c, "Machine");
	hm_u16le(c, "NumberOfSections");
	out->link_time = hm_u32le(c, "TimeDateStamp");
	hm_take(c, 10, "PointerToSymbolTable");
	h->characteristics = hm_u16le(c, "Characteristics");
}

static void read_optional(struct hm_cur *c, struct headers *h, struct hm_carrier *out)
{
	h->opt = hm_tell(c);
	uint16_t magic = hm_u16le(c, "Magic");

	hm_rule(c, magic == PE32 || magic == PE32_PLUS, "Magic is PE32 or PE32+");
	out->plus = magic == PE32_PLUS;
	hm_seek(c, h->opt + OPT_SECTION_ALIGNMENT, "SectionAlignment");
	out->section_alignment = hm_u32le(c, "SectionAlignment");
	hm_seek(c, h->opt + OPT_SUBSYSTEM, "Subsystem");
	out->subsystem = hm_u16le(c, "Subsystem");
	uint64_t num = out->plus ? OPT_NUM_DIRECTORIES64 : OPT_NUM_DIRECTORIES32;

	hm_seek(c, h->opt + num, "NumberOfRvaAndSizes");
	h->num_directories = hm_u32le(c, "NumberOfRvaAndSizes");
	h->directories = hm_tell(c);
}

static enum hm_image image_of(const struct headers *h, uint16_t subsystem)
{
	if (subsystem >= SUBSYSTEM_EFI_FIRST && subsystem <= SUBSYSTEM_EFI_LAST)
		return HM_IMAGE_EFI;
	if (subsystem == SUBSYSTEM_NATIVE)
		return HM_IMAGE_SYS;
	return (h->characteristics & FILE_IS_DLL) != 0 ? HM_IMAGE_DLL : HM_IMAGE_EXE;
}

static void table_fault(struct hm_carrier *out, const char *why, uint64_t where)
{
	if (out->table_why == NULL) {
		out->table_why = why;
		out->table_where = where;
	}
}

static void read_com(struct hm_cur c, const struct headers *h, struct hm_carrier *out)
{
	if (h->num_directories <= DIR_COM)
		return;
	hm_seek(&c, h->directories + 8 * DIR_COM, "COM descriptor");
	hm_u32le(&c, "COM descriptor address");
	out->dotnet = hm_u32le(&c, "COM descriptor size") != 0;
}

/* One WIN_CERTIFICATE.  False where the walk ends: no more, or a broken one. */
static bool read_entry(struct hm_cur *table, uint64_t table_at, struct hm_carrier *out)
{
	struct hm_entry entry = { .at = table_at + hm_tell(table) };
	uint32_t len = hm_u32le(table, "dwLength");
	entry.revision = hm_u16le(table, "wRevision");
	uint16_t type = hm_u16le(table, "wCertificateType");

	hm_rule(table, len >= CERT_HEADER, "dwLength covers its own header");
	entry.data = hm_take(table, (uint64_t)len - CERT_HEADER, "bCertificate");
	if (table->err != HM_OK)
		return false;
	uint32_t rest = (CERT_ALIGN - len % CERT_ALIGN) % CERT_ALIGN;

	hm_take(table, rest < hm_left(table) ? rest : hm_left(table), "padding");
	if (type != CERT_PKCS7) {
		out->flags |= HM_CARRIER_ENTRY_SKIPPED;
		table_fault(out, "wCertificateType is PKCS #7", entry.at + 6);
		if (out->remains.len == 0)
			out->remains = entry.data;
	} else if (out->num_entries == HM_CARRIER_ENTRIES) {
		out->flags |= HM_CARRIER_ENTRY_LIMIT;
		return false;
	} else {
		out->entries[out->num_entries++] = entry;
	}
	return true;
}

static bool all_zero(hm_bytes bytes)
{
	struct hm_cur c = hm_cur_of(bytes);

	while (hm_more(&c))
		if (hm_u8(&c, "byte") != 0)
			return false;
	return true;
}

static hm_bytes after_header(hm_bytes entry)
{
	struct hm_cur c = hm_cur_of(entry);

	hm_take(&c, CERT_HEADER, "WIN_CERTIFICATE");
	return c.err == HM_OK ? hm_rest(&c) : (hm_bytes){ 0 };
}

/* A broken entry after a good one is ignored by Windows, and noted here. */
static void read_entries(hm_bytes table, struct hm_carrier *out)
{
	struct hm_cur c = hm_cur_of(table);
	size_t good = 0;

	while (hm_more(&c) && read_entry(&c, out->table_at, out))
		good = hm_tell(&c);
	if (c.err == HM_OK)
		return;
	hm_bytes rest = { 0 };
	struct hm_cur again = hm_cur_of(table);

	hm_seek(&again, good, "table");
	rest = hm_rest(&again);
	if (out->num_entries > 0 && all_zero(rest)) {
		out->flags |= HM_CARRIER_TABLE_SLACK;
		return;
	}
	out->flags |= HM_CARRIER_ENTRY_SKIPPED | HM_CARRIER_TABLE_SLACK;
	table_fault(out, c.why, out->table_at + c.where);
	if (out->num_entries == 0 && out->remains.len == 0)
		out->remains = after_header(rest);
}

/* The file from at to to, as one more span. */
static void add_span(struct hm_carrier *out, uint64_t at, uint64_t to)
{
	struct hm_cur c = hm_cur_of(out->file);

	hm_seek(&c, at, "span");
	hm_bytes span = hm_take(&c, to - at, "span");
	if (span.len != 0)
		out->spans[out->num_spans++] = span;
}

/* Fills what is known of the certificate table; from is where the headers end, and
 * the span that the table cuts in two begins. */
static void read_table(struct hm_carrier *out, uint64_t from)
{
	uint64_t size = out->file.len, at = out->table_at;
	uint64_t end = at + out->table_len;

	if (at % CERT_ALIGN != 0)
		out->flags |= HM_CARRIER_TABLE_UNALIGNED;
	if (end > size) {
		out->flags |= HM_CARRIER_TABLE_PAST_END;
		table_fault(out, "certificate table ends with the file", at);
		end = size;
	}
	if (at < from) {
		out->flags |= HM_CARRIER_TABLE_IN_HEADER;
		table_fault(out, "certificate table follows the headers",
			    out->security_at);
	}
	if (at < from || at >= size) {
		add_span(out, from, size);
		return;
	}
	add_span(out, from, at);
	add_span(out, end, size);

	struct hm_cur c = hm_cur_of(out->file);
	hm_seek(&c, at, "certificate table");
	read_entries(hm_take(&c, end - at, "certificate table"), out);
	out->trailing = hm_rest(&c);
	if (out->trailing.len != 0)
		out->flags |= HM_CARRIER_TRAILING;
}

static void read_security(struct hm_cur c, const struct headers *h,
			  struct hm_carrier *out)
{
	uint64_t after_checksum = out->checksum_at + 4;

	add_span(out, 0, out->checksum_at);
	if (h->num_directories <= DIR_SECURITY) {
		out->flags |= HM_CARRIER_NO_DIRECTORY;
		add_span(out, after_checksum, out->file.len);
		return;
	}
	out->security_at = h->directories + 8 * DIR_SECURITY;
	hm_seek(&c, out->security_at, "security directory");
	out->table_at = hm_u32le(&c, "security directory address");
	out->table_len = hm_u32le(&c, "security directory size");
	out->claimed = out->table_len != 0;
	uint64_t from = hm_tell(&c);

	add_span(out, after_checksum, out->security_at);
	if (out->claimed)
		read_table(out, from);
	else
		add_span(out, from, out->file.len);
}

static hm_err pe_read(struct hm_cur *c, struct hm_carrier *out)
{
	struct hm_carrier pe = { .subject = HM_SUBJECT_PE };
	struct headers h = { 0 };

	hm_seek(c, 0, "file");
	struct hm_cur whole = *c;
	pe.file = hm_rest(&whole);
	read_coff(c, &h, &pe);
	read_optional(c, &h, &pe);
	if (h.num_directories > DIR_SECURITY)
		hm_take(c, 8 * (DIR_SECURITY + 1), "security directory");
	if (c->err != HM_OK)
		return c->err;

	pe.image = image_of(&h, pe.subsystem);
	pe.checksum_at = h.opt + OPT_CHECKSUM;
	read_com(*c, &h, &pe);
	read_security(*c, &h, &pe);
	*out = pe;
	return HM_OK;
}

/* The part of the page from from to to that lies before at, and the rest in *from. */
static void page_span(const struct hm_carrier *pe, uint64_t *from, uint64_t at,
		      struct hm_page *out)
{
	struct hm_cur c = hm_cur_of(pe->file);

	if (at <= *from)
		return;
	hm_seek(&c, *from, "page");
	out->spans[out->num_spans++] = hm_take(&c, at - *from, "page");
	*from = at;
}

bool hm_pe_page(const struct hm_carrier *pe, uint64_t from, uint64_t to,
		struct hm_page *out)
{
	const struct {
		uint64_t at, len;
	} omitted[] = { { pe->checksum_at, 4 }, { pe->security_at, 8 } };

	if (from >= to || to > pe->file.len)
		return false;
	*out = (struct hm_page){ .len = to - from };
	for (size_t i = 0; i < 2; i++) {
		uint64_t at = omitted[i].at, end = at + omitted[i].len;

		if (at == 0 || at >= to || end <= from)
			continue;
		page_span(pe, &from, at, out);
		from = end < to ? end : to;
	}
	page_span(pe, &from, to, out);
	return true;
}

const struct hm_format hm_format_pe = {
	.name = "PE",
	.sniff = pe_sniff,
	.read = pe_read,
};
