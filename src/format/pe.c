/* SPDX-License-Identifier: MIT */
/*
 * pe.c: Portable Executable (EXE, DLL, SYS).
 *
 * Spec: Microsoft PE Format; Windows Authenticode Portable Executable
 * Signature Format, "Calculating the PE Image Hash".  Left out of the hash:
 * the checksum, the security directory's entry, and the certificate table.
 */
#include "format/pe.h"

enum {
	PE32 = 0x10b,
	PE32_PLUS = 0x20b,
	DOS_LFANEW = 0x3c,
	COFF_SIZE = 20,
	OPT_CHECKSUM = 64,    /* same place in PE32 and PE32+ */
	OPT_SECURITY32 = 128, /* data directory entry 4 */
	OPT_SECURITY64 = 144,
	CERT_PKCS7 = 2,
};

static bool pe_sniff(hm_bytes head)
{
	struct hm_cur c = hm_cur_of(head);

	return hm_u16le(&c, "e_magic") == 0x5a4d;
}

/* WIN_CERTIFICATE: the first entry of the certificate table. */
static hm_bytes read_certificate(struct hm_cur *table)
{
	uint32_t len = hm_u32le(table, "dwLength");
	hm_u16le(table, "wRevision");
	uint16_t type = hm_u16le(table, "wCertificateType");

	hm_rule(table, len >= 8, "dwLength covers its own header");
	hm_rule(table, type == CERT_PKCS7, "wCertificateType is PKCS #7");
	return hm_take(table, (uint64_t)len - 8, "bCertificate");
}

static hm_err pe_read(struct hm_cur *c, struct hm_carrier *out)
{
	hm_seek(c, DOS_LFANEW, "DOS header");
	hm_seek(c, hm_u32le(c, "e_lfanew"), "e_lfanew");
	hm_rule(c, hm_u32le(c, "Signature") == 0x00004550, "Signature is PE");
	hm_take(c, COFF_SIZE, "COFF header");

	uint64_t opt = hm_tell(c);
	uint16_t magic = hm_u16le(c, "Magic");
	hm_rule(c, magic == PE32 || magic == PE32_PLUS, "Magic is PE32 or PE32+");
	uint64_t checksum = opt + OPT_CHECKSUM;
	uint64_t security = opt + (magic == PE32 ? OPT_SECURITY32 : OPT_SECURITY64);

	hm_seek(c, security, "security directory");
	uint32_t table_at = hm_u32le(c, "security directory address");
	uint32_t table_len = hm_u32le(c, "security directory size");
	uint64_t end = table_len != 0 ? table_at : hm_tell(c) + hm_left(c);
	hm_rule(c, end >= security + 8, "certificate table follows the headers");

	hm_seek(c, 0, "file");
	hm_bytes before = hm_take(c, checksum, "headers");
	hm_take(c, 4, "checksum");
	hm_bytes between = hm_take(c, security - checksum - 4, "headers");
	hm_take(c, 8, "security directory");
	hm_bytes body = hm_take(c, end - security - 8, "image");
	hm_bytes signature = { 0 };
	if (table_len != 0) {
		struct hm_cur table = hm_sub(c, table_len, "certificate table");

		signature = read_certificate(&table);
		hm_join(c, &table);
	}
	if (c->err != HM_OK)
		return c->err;

	*out = (struct hm_carrier){
		.spans = { before, between, body },
		.num_spans = 3,
		.signature = signature,
	};
	return HM_OK;
}

const struct hm_format hm_format_pe = {
	.name = "pe",
	.sniff = pe_sniff,
	.read = pe_read,
};
