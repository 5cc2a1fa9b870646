/* SPDX-License-Identifier: MIT */
/*
 * ctl.h: certificate trust lists: authroot.stl, disallowedcert.stl, catalogs.
 *
 * A list is the content (type CTL, 1.3.6.1.4.1.311.10.1) of a SignedData; its
 * signature is verified elsewhere.  Entries are walked, not stored: a catalog
 * may have 100,000.
 */
#ifndef HM_SIGNATURE_CTL_H
#define HM_SIGNATURE_CTL_H

#include "signature/cms.h"

struct hm_ctl {
	hm_err err;
	const char *why;

	enum hm_oid usage; /* first SubjectUsage: CTL_ROOT_LIST, CTL_DISALLOWED,
			      CATALOG_LIST */
	hm_bytes usage_id;
	hm_bytes list_id;                 /* ListIdentifier, an OCTET STRING's content */
	hm_bytes sequence;                /* sequenceNumber's content */
	hm_time this_update, next_update; /* next: HM_NO_TIME where absent */
	struct hm_alg subject_alg;
	struct hm_cur entries; /* over the TrustedSubjects */
	hm_bytes extensions;   /* content of the [0]; empty where absent */
};

struct hm_ctl_entry {
	hm_bytes id; /* SubjectIdentifier: SHA-1 of a root, or as the list has it */
	hm_bytes attributes; /* content of the SET */
};

/* content is cms.content of a message of type CTL. */
struct hm_ctl hm_ctl_read(hm_bytes content);

/* The next entry; false at the end, or at the first broken one (entries.err). */
bool hm_ctl_next(struct hm_cur *entries, struct hm_ctl_entry *out);

/*
 * What Microsoft's list says about one root.  Property numbers are those of
 * CERT_*_PROP_ID, in 1.3.6.1.4.1.311.10.11.N.
 */
struct hm_ctl_root {
	hm_err err; /* a property that cannot be read: do not trust this entry */
	hm_bytes sha1;
	bool has_eku;
	hm_bytes eku;        /* 9: content of the SEQUENCE: the only purposes allowed */
	hm_bytes friendly;   /* 11: UTF-16LE with its NUL */
	hm_bytes key_id;     /* 20 */
	hm_bytes name_md5;   /* 29 */
	hm_bytes sha256;     /* 98 */
	bool has_disallowed; /* 104: no signature made after that time; HM_NO_TIME:
				none at all */
	hm_time disallowed;
	hm_bytes disallowed_eku; /* 122: content: purposes taken away */
	bool has_not_before;     /* 126: no leaf issued after that time */
	hm_time not_before;
	bool has_not_before_eku; /* 127: content: 126 counts for these only */
	hm_bytes not_before_eku;
	hm_bytes policies; /* 83 and 105, as they stand */
};

struct hm_ctl_root hm_ctl_root_of(const struct hm_ctl_entry *entry);

/* Whether a list of OBJECT IDENTIFIER elements holds usage. */
bool hm_eku_list_has(hm_bytes list, enum hm_oid usage);

#endif
