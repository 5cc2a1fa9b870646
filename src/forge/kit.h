/* SPDX-License-Identifier: MIT */
/*
 * kit.h: one honest signed program, taken apart, so that one part can be wrong.
 *
 * hm_mk_kit_of lays out everything: a root, an intermediate, a signer and a
 * timestamp authority, an image, the signature over it and an RFC 3161 token.
 * A case changes fields and calls hm_mk_file, or takes the steps one by one and
 * spoils what lies between two of them.
 *
 * The honest program is Valid at HM_MK_NOW with the root trusted.
 */
#ifndef HM_FORGE_KIT_H
#define HM_FORGE_KIT_H

#include "forge/pe.h"
#include "forge/spc.h"

struct hm_mk_kit {
	struct hm_arena *a;
	struct hm_mk_cert root, ca, leaf, tsa;
	struct hm_mk_pe pe;
	struct hm_mk_spc spc; /* the digest is filled in when signing */
	struct hm_mk_signer signer;
	struct hm_mk_stamp stamp;
	struct hm_mk_cms cms;
	struct hm_mk_entry entry;
	hm_bytes bag;           /* certificates in the file: leaf, ca, tsa where empty */
	hm_bytes more;          /* unsigned attributes besides the stamp */
	bool content_in_octets; /* SpcIndirectData in an OCTET STRING, as in CMS */
};

/* Times of the honest kit. */
hm_time hm_mk_day(int year, int month, int day);

struct hm_mk_kit hm_mk_kit_of(struct hm_arena *a);

/* The steps.  Each takes the kit as it stands. */
hm_bytes hm_mk_kit_cert(struct hm_mk_kit *k, const struct hm_mk_cert *c);
hm_bytes hm_mk_kit_content(struct hm_mk_kit *k, hm_bytes digest); /* SpcIndirectData */
hm_bytes hm_mk_kit_signer(struct hm_mk_kit *k, hm_bytes content); /* SignerInfo */
hm_bytes hm_mk_kit_cms(struct hm_mk_kit *k, hm_bytes content, hm_bytes signers);
hm_bytes hm_mk_kit_sign(struct hm_mk_kit *k, hm_bytes image); /* all three */
hm_bytes hm_mk_kit_attach(struct hm_mk_kit *k, hm_bytes image, hm_bytes cms);

/* All steps: the signed program. */
hm_bytes hm_mk_file(struct hm_mk_kit *k);

/* An authority that is its own issuer and names no purpose. */
struct hm_mk_cert hm_mk_old_authority(const struct hm_mk_kit *k);

/* Let c be issued by issuer's key under issuer's name, and the signer follow the leaf. */
void hm_mk_issued_by(struct hm_mk_cert *c, const struct hm_mk_cert *issuer);
void hm_mk_follow_leaf(struct hm_mk_kit *k);
void hm_mk_follow_tsa(struct hm_mk_kit *k);

#endif
