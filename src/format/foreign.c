/* SPDX-License-Identifier: MIT */
#include "format/foreign.h"

#include <string.h>

static bool begins(hm_bytes file, hm_bytes with)
{
	return file.len >= with.len && memcmp(file.at, with.at, with.len) == 0;
}

static bool holds(hm_bytes file, hm_bytes what)
{
	return memmem(file.at, file.len, what.at, what.len) != NULL;
}

#define BYTES(text) ((hm_bytes){ (const uint8_t *)(text), sizeof(text) - 1 })

/* A signed cabinet reserves twenty octets in its header for where the signature is. */
static bool is_cabinet(hm_bytes file)
{
	enum { FLAGS_AT = 30, RESERVE_PRESENT = 4, SIGNATURE_AT = 44 };
	struct hm_cur c = hm_cur_of(file);

	if (!begins(file, BYTES("MSCF")))
		return false;
	hm_seek(&c, FLAGS_AT, "flags");
	bool reserve = (hm_u16le(&c, "flags") & RESERVE_PRESENT) != 0;

	hm_seek(&c, SIGNATURE_AT, "signature");
	(void)hm_u32le(&c, "where it begins");
	return reserve && hm_u32le(&c, "its length") != 0 && c.err == HM_OK;
}

/* The stream's name in UTF-16LE, as the directory has it. */
static bool is_installer(hm_bytes file)
{
	return begins(file, BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) &&
	       holds(file,
		     BYTES("\x05\0D\0i\0g\0i\0t\0a\0l\0S\0i\0g\0n\0a\0t\0u\0r\0e\0"));
}

static bool is_package(hm_bytes file)
{
	return begins(file, BYTES("PK\x03\x04")) &&
	       holds(file, BYTES("AppxSignature.p7x"));
}

/* What begins a signature's block in each language, as ASCII and as UTF-16LE. */
static bool is_script(hm_bytes file)
{
	static const char *const marks[] = {
		"# SIG # Begin signature block",   "'' SIG '' Begin signature block",
		"// SIG // Begin signature block", "<!-- SIG # Begin signature block",
		"/* SIG # Begin signature block",  "** SIG **",
	};
	enum { LONGEST = 40 };

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		hm_bytes mark = hm_bytes_of(marks[i]);
		uint8_t wide[2 * LONGEST] = { 0 };

		for (size_t j = 0; j < mark.len; j++)
			wide[2 * j] = mark.at[j];
		if (holds(file, mark) || holds(file, (hm_bytes){ wide, 2 * mark.len }))
			return true;
	}
	return false;
}

/* A message about a list or about a file, within a SEQUENCE or as a package has it
 * ("PKCX"): a catalog, a trust list, a signature by itself.  A mere bag of certificates
 * is none. */
static bool is_message(hm_bytes file)
{
	enum { HEAD = 96 };
	hm_bytes head = { file.at, file.len < HEAD ? file.len : HEAD };

	return (begins(file, BYTES("\x30")) || begins(file, BYTES("PKCX"))) &&
	       holds(head, BYTES("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02")) &&
	       (holds(head, BYTES("\x06\x09\x2b\x06\x01\x04\x01\x82\x37\x0a\x01")) ||
		holds(head, BYTES("\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x04")));
}

const char *hm_foreign_signed(hm_bytes file)
{
	static const struct {
		const char *name;
		bool (*is)(hm_bytes file);
	} kinds[] = {
		{ "CAB", is_cabinet },   { "MSI", is_installer }, { "MSIX", is_package },
		{ "PKCS7", is_message }, { "script", is_script },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].is(file))
			return kinds[i].name;
	return NULL;
}
