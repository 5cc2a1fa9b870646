/* SPDX-License-Identifier: MIT */
/*
 * imports.h: the text whose MD5 is known as imphash.
 *
 * Mandiant's definition (2014), as Sysmon and sigcheck print it: for each import
 * in file order "library.function", lower case, the library without .dll, .ocx
 * or .sys, joined by commas; an import by ordinal is "library.ordN".  For three
 * libraries the definition replaces ordinals by names from a table; hallmark
 * does not carry that table and gives no text for a file that would need it.
 */
#ifndef HM_FORMAT_IMPORTS_H
#define HM_FORMAT_IMPORTS_H

#include "base/buf.h"

/*
 * Append the text.  False, and text of no use, where the file is no PE image,
 * imports nothing, or cannot be given an imphash by the rule above.
 */
bool hm_imports_text(hm_bytes file, struct hm_buf *text);

#endif
