/* SPDX-License-Identifier: MIT */
/*
 * rva.h: from addresses in a loaded image to bytes of its file.
 *
 * Microsoft PE Format, "Optional Header Data Directories" and "Section Table".
 * An address is looked up in the raw data of the sections, as the loader maps
 * them; one that lies in no section's raw data has no bytes.
 */
#ifndef HM_FORMAT_RVA_H
#define HM_FORMAT_RVA_H

#include "base/bytes.h"

/* Data directories that are of use here. */
enum { HM_DIR_IMPORT = 1, HM_DIR_RESOURCE = 2 };

struct hm_rva {
	hm_bytes file;
	hm_bytes directories; /* 8 bytes each: address, size */
	hm_bytes sections;    /* 40 bytes each */
	bool plus;            /* PE32+ */
};

/* HM_EFORMAT or HM_ETRUNC where the bytes are no PE image. */
hm_err hm_rva_read(hm_bytes file, struct hm_rva *out);

/* The bytes from address rva to the end of that section's raw data; empty where
 * there are none. */
hm_bytes hm_rva_bytes(const struct hm_rva *image, uint32_t rva);

/* The address that a data directory gives; 0 where there is none. */
uint32_t hm_rva_directory(const struct hm_rva *image, unsigned index);

#endif
