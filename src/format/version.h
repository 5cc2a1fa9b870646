/* SPDX-License-Identifier: MIT */
/*
 * version.h: what a program says of itself in its version resource.
 *
 * VS_VERSIONINFO, StringFileInfo and String of the Windows resource documents.
 * Nothing here is protected by the signature's name: MetaTwin copies it whole
 * from another program.  The first resource in file order and its first string
 * table are taken, as version.dll does without a preferred language.
 */
#ifndef HM_FORMAT_VERSION_H
#define HM_FORMAT_VERSION_H

#include "base/arena.h"

/* UTF-8, in the arena; empty where the resource has no such string. */
struct hm_version {
	hm_bytes company, description, product, product_version, file_version;
	hm_bytes original_name, internal_name, copyright;
};

/* All empty where the file is no PE image or its resource cannot be read. */
struct hm_version hm_version_read(hm_bytes file, struct hm_arena *a);

#endif
