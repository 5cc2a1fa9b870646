/* SPDX-License-Identifier: MIT */
/*
 * made.h: trust stores as verdicts.tbl names them, made of the forge's material.
 *
 * Words of the trust column, each taken into the plan in turn:
 *   NAME.pem, NAME.crl       a trust file of the forge: roots are the user's own
 *   list(KEY=VALUE,...)      a root list that names the test root, whose certificate is
 * then imported; keys: who (old-authority in place of the root), purposes, denied (code,
 * stamp), disallowed, not-before (dates, or empty), for (purposes) disallow(WHO-HOW) a
 * list of the disallowed with one entry; WHO is leaf, issuer, root, authority; HOW is key
 * (MD5) or tbs (SHA-384) distrust(WHO)            a certificate that the user distrusts
 * Made lists are signed under other-root.pem, which is the user's own in such a store.
 */
#ifndef HM_TESTS_MADE_H
#define HM_TESTS_MADE_H

#include <string.h>

#include "forge/cases.h"
#include "forge/ctl.h"
#include "tables/files.h"
#include "verdict/plan.h"

/* The part of word in its parentheses, if it begins with name. */
static inline bool called(hm_bytes word, const char *name, hm_bytes *args)
{
	size_t len = strlen(name);

	if (word.len < len + 2 || memcmp(word.at, name, len) != 0 || word.at[len] != '(')
		return false;
	*args = hm_mk_part(word, len + 1, word.len - len - 2);
	return true;
}

static inline hm_bytes purposes_value(struct hm_arena *a, hm_bytes words)
{
	bool code = memmem(words.at, words.len, "code", 4) != NULL;
	bool stamp = memmem(words.at, words.len, "stamp", 5) != NULL;

	return hm_mk_purposes(a, code && stamp ? HM_MK_CODE_SIGNING
					 " " HM_MK_TIME_STAMPING
				 : code  ? HM_MK_CODE_SIGNING
				 : stamp ? HM_MK_TIME_STAMPING
					 : HM_MK_SERVER_AUTH);
}

static inline hm_bytes date_value(struct hm_arena *a, hm_bytes date)
{
	return date.len ? hm_mk_filetime(a, hm_time_parse(date)) : (hm_bytes){ 0 };
}

/* One KEY=VALUE as a property of the root. */
static inline hm_bytes property(struct hm_arena *a, hm_bytes word)
{
	static const struct {
		const char *name;
		unsigned id;
		bool date;
	} known[] = {
		{ "purposes", HM_MK_PROP_PURPOSES, false },
		{ "denied", HM_MK_PROP_DISALLOWED_PURPOSES, false },
		{ "for", HM_MK_PROP_NOT_BEFORE_PURPOSES, false },
		{ "disallowed", HM_MK_PROP_DISALLOWED_FROM, true },
		{ "not-before", HM_MK_PROP_NOT_BEFORE, true },
	};
	hm_bytes name = until(&word, '=');

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (hm_is(name, known[i].name))
			return hm_mk_property(a, known[i].id,
					      known[i].date ? date_value(a, word)
							    : purposes_value(a, word));
	}
	return (hm_bytes){ 0 };
}

/* A list, signed by a publisher under other-root.pem. */
static inline hm_bytes signed_list(struct hm_arena *a, const struct hm_mk_ctl *ctl)
{
	struct hm_mk_cert publisher = {
		.serial = hm_mk_int(a, 77),
		.issuer = hm_mk_name(a, "Other Test", "Other Test Root"),
		.subject = hm_mk_name(a, "Other Test", "List Publisher"),
		.not_before = hm_mk_day(2024, 1, 1),
		.not_after = hm_mk_day(2026, 1, 1),
		.key = HM_MK_KEY_SECOND,
		.extensions = hm_mk_ext_purposes(a, false, HM_MK_ROOT_PROGRAM),
		.how.key = HM_MK_KEY_OTHER,
	};
	struct hm_mk_signer signer = {
		.issuer = publisher.issuer,
		.serial = publisher.serial,
		.how.key = HM_MK_KEY_SECOND,
	};
	hm_bytes list = hm_mk_ctl(a, ctl);
	struct hm_mk_cms cms = {
		.content_type = HM_MK_CTL,
		.content = list,
		.certs = hm_mk_cert(a, &publisher),
		.signers =
			hm_mk_signer(a, &signer, HM_MK_CTL, hm_mk_without_header(list)),
	};

	return hm_mk_cms(a, &cms);
}

static inline hm_bytes cert_of(struct hm_arena *a, hm_bytes who)
{
	struct hm_mk_kit kit = hm_mk_kit_of(a);
	struct hm_mk_cert old = hm_mk_old_authority(&kit);

	return hm_mk_cert(a, hm_is(who, "leaf")            ? &kit.leaf
			     : hm_is(who, "issuer")        ? &kit.ca
			     : hm_is(who, "authority")     ? &kit.tsa
			     : hm_is(who, "old-authority") ? &old
							   : &kit.root);
}

/* Whom "who=WHO,..." names, or the root; the rest is left in args. */
static inline hm_bytes listed_cert(struct hm_arena *a, hm_bytes *args)
{
	hm_bytes who = { 0 };

	if (args->len > 4 && memcmp(args->at, "who=", 4) == 0) {
		(void)until(args, '=');
		who = until(args, ',');
	}
	return cert_of(a, who);
}

static inline hm_bytes root_list(struct hm_arena *a, hm_bytes root, hm_bytes args)
{
	hm_bytes attrs =
		hm_mk_property(a, HM_MK_PROP_SHA256, hm_mk_digest(a, HM_MK_SHA256, root));
	struct hm_mk_subject subject = { .id = hm_mk_digest(a, HM_MK_SHA1, root) };
	struct hm_mk_ctl ctl = {
		.usage = HM_MK_ROOT_PROGRAM,
		.this_update = hm_mk_day(2025, 6, 1),
		.subjects = &subject,
		.num_subjects = 1,
	};

	while (args.len)
		attrs = hm_mk_cat(a, attrs, property(a, until(&args, ',')));
	subject.attrs = attrs;
	return signed_list(a, &ctl);
}

static inline hm_bytes disallowed_list(struct hm_arena *a, hm_bytes args)
{
	hm_bytes who = until(&args, '-');
	struct hm_cert cert = hm_cert_read(cert_of(a, who), a);
	struct hm_mk_subject subject = {
		.id = hm_is(args, "key") ? hm_mk_digest(a, HM_MK_MD5, cert.key.raw)
					 : hm_mk_digest(a, HM_MK_SHA384, cert.tbs),
	};
	struct hm_mk_ctl ctl = {
		.usage = HM_MK_DISALLOWED,
		.this_update = hm_mk_day(2025, 6, 1),
		.subjects = &subject,
		.num_subjects = 1,
	};

	return signed_list(a, &ctl);
}

static inline void take(struct hm_plan *plan, hm_bytes file, enum hm_import as,
			hm_bytes word)
{
	struct hm_plan_count count = { 0 };
	const char *why = "no such material";

	if (!file.len || hm_plan_import(plan, file, as, &count, &why) != HM_OK)
		printf("Bail out! %.*s: %s\n", (int)word.len, (const char *)word.at, why);
}

/* One word of the trust column. */
static inline void take_word(struct hm_plan *plan, struct hm_arena *a, hm_bytes word)
{
	hm_bytes args, root;
	hm_bytes other = hm_mk_trust_file(a, hm_bytes_of("other-root.pem"));

	if (called(word, "list", &args)) {
		take(plan, other, HM_IMPORT_USER, word);
		root = listed_cert(a, &args);
		take(plan, root_list(a, root, args), HM_IMPORT_LISTED, word);
		take(plan, root, HM_IMPORT_LISTED, word);
	} else if (called(word, "disallow", &args)) {
		take(plan, other, HM_IMPORT_USER, word);
		take(plan, disallowed_list(a, args), HM_IMPORT_LISTED, word);
	} else if (called(word, "distrust", &args)) {
		take(plan, cert_of(a, args), HM_IMPORT_DISTRUST, word);
	} else {
		take(plan, hm_mk_trust_file(a, word), HM_IMPORT_USER, word);
	}
}

#endif
