/* SPDX-License-Identifier: MIT */
/*
 * ctl.h: certificate trust lists: a root program's, a list of the disallowed, and
 * catalogs, which are trust lists whose subjects are files.
 *
 * Layout as Microsoft's authroot.stl has it (MS-CAESO's CertificateTrustList).
 */
#ifndef HM_FORGE_CTL_H
#define HM_FORGE_CTL_H

#include "forge/cms.h"

#define HM_MK_ROOT_PROGRAM "1.3.6.1.4.1.311.10.3.9"
#define HM_MK_DISALLOWED   "1.3.6.1.4.1.311.10.3.30"
#define HM_MK_CATALOG      "1.3.6.1.4.1.311.12.1.1"

struct hm_mk_subject {
	hm_bytes id;    /* of the root, the disallowed or the file */
	hm_bytes attrs; /* Attribute elements one after the other */
};

struct hm_mk_ctl {
	const char *usage;
	hm_time this_update;
	hm_bytes subject_alg; /* AlgorithmIdentifier; SHA-1 where empty */
	const struct hm_mk_subject *subjects;
	size_t num_subjects;
};

/* The CertificateTrustList itself. */
hm_bytes hm_mk_ctl(struct hm_arena *a, const struct hm_mk_ctl *c);

/* A property of a subject: id as in CertSetCertificateContextProperty. */
hm_bytes hm_mk_property(struct hm_arena *a, unsigned id, hm_bytes value);
/* Values of properties: a FILETIME, and a SEQUENCE OF purposes. */
hm_bytes hm_mk_filetime(struct hm_arena *a, hm_time time);
hm_bytes hm_mk_purposes(struct hm_arena *a, const char *oids);
enum {
	HM_MK_PROP_PURPOSES = 9,
	HM_MK_PROP_SHA256 = 98,
	HM_MK_PROP_DISALLOWED_FROM = 104,
	HM_MK_PROP_DISALLOWED_PURPOSES = 122,
	HM_MK_PROP_NOT_BEFORE = 126,
	HM_MK_PROP_NOT_BEFORE_PURPOSES = 127,
};

#endif
