/* SPDX-License-Identifier: MIT */
/* Trust lists and revocation lists; the real root list, where it is at hand. */
#include "arena.h"
#include "check.h"
#include "forge/ctl.h"
#include "forge/kit.h"
#include "signature/crl.h"
#include "signature/ctl.h"

struct root_case {
	const char *name;
	unsigned property;
	const char *value; /* hex */
	hm_err err;
	bool (*holds)(const struct hm_ctl_root *r);
};

static bool may_sign(const struct hm_ctl_root *r)
{
	return r->has_eku && hm_eku_list_has(r->eku, HM_OID_EKU_CODE) &&
	       !hm_eku_list_has(r->eku, HM_OID_EKU_TIME);
}

static bool may_nothing(const struct hm_ctl_root *r)
{
	return r->has_eku && r->eku.len == 0;
}

static bool disallowed_2021(const struct hm_ctl_root *r)
{
	char text[HM_TIME_TEXT];

	return r->has_disallowed && strcmp(hm_time_text(r->disallowed, text),
					   "2021-08-01T00:00:00.0000000Z") == 0;
}

static bool disallowed_ever(const struct hm_ctl_root *r)
{
	return r->has_disallowed && r->disallowed == HM_NO_TIME;
}

static bool not_before(const struct hm_ctl_root *r)
{
	return r->has_not_before && r->not_before != HM_NO_TIME && !r->has_not_before_eku;
}

static bool nothing(const struct hm_ctl_root *r)
{
	return !r->has_eku && !r->has_disallowed && !r->has_not_before &&
	       r->sha1.len == 20;
}

/* clang-format off */
static const struct root_case roots[] = {
	{ "no property", 0, "", HM_OK, nothing },
	{ "purposes", 9, "300a 0608 2b06010505070303", HM_OK, may_sign },
	{ "no purpose", 9, "3000", HM_OK, may_nothing },
	{ "purposes cut", 9, "300b 0608 2b06010505070303", HM_ETRUNC, NULL },
	{ "purposes that are none", 9, "3003 020101", HM_EFORMAT, NULL },
	{ "disallowed from", 104, "0080c82b6886d701", HM_OK, disallowed_2021 },
	{ "disallowed without date", 104, "", HM_OK, disallowed_ever },
	{ "disallowed, 7 octets", 104, "00000000000000", HM_EFORMAT, NULL },
	{ "not before", 126, "0080c82b6886d701", HM_OK, not_before },
	{ "unknown property", 200, "00", HM_OK, nothing },
};
/* clang-format on */

static void check_roots(struct hm_arena *a)
{
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		const struct root_case *t = &roots[i];
		struct hm_ctl_entry e = { .id = hm_mk_fill(a, 1, 20) };

		if (t->property != 0)
			e.attributes = hm_mk_property(a, t->property, hex(a, t->value));
		struct hm_ctl_root got = hm_ctl_root_of(&e);

		check(got.err == t->err && (t->holds == NULL || t->holds(&got)),
		      "root: %s: %s", t->name, hm_err_name(got.err));
	}
}

static hm_bytes a_list(struct hm_arena *a)
{
	const struct hm_mk_subject subjects[] = {
		{ .id = hm_mk_fill(a, 1, 20),
		  .attrs = hm_mk_property(a, 98, hm_mk_fill(a, 2, 32)) },
		{ .id = hm_mk_fill(a, 3, 20) },
	};

	return hm_mk_ctl(a, &(struct hm_mk_ctl){ .usage = HM_MK_ROOT_PROGRAM,
						 .this_update = hm_mk_day(2026, 1, 2),
						 .subjects = subjects,
						 .num_subjects = 2 });
}

static void check_list(struct hm_arena *a)
{
	hm_bytes der = a_list(a);
	struct hm_ctl list = hm_ctl_read(der);
	struct hm_ctl_entry e;
	size_t num = 0;

	check(list.err == HM_OK && list.usage == HM_OID_CTL_ROOT_LIST &&
		      list.this_update == hm_mk_day(2026, 1, 2) &&
		      list.subject_alg.hash == HM_HASH_SHA1,
	      "list: head: %s", list.why != NULL ? list.why : "-");
	for (; hm_ctl_next(&list.entries, &e); num++)
		if (num == 0)
			check(hm_ctl_root_of(&e).sha256.len == 32, "list: SHA-256");
	check(num == 2 && list.entries.err == HM_OK, "list: %zu entries", num);
	size_t read = 0;

	for (size_t len = 0; len < der.len; len++)
		read += hm_ctl_read(hm_mk_part(der, 0, len)).err == HM_OK;
	check(read == 0, "list: cut anywhere: %zu are read", read);
}

/* Revocation lists. */

static struct hm_mk_crl a_crl(struct hm_arena *a, struct hm_mk_revoked entries[3])
{
	struct hm_mk_kit k = hm_mk_kit_of(a);

	entries[0] = (struct hm_mk_revoked){ .serial = hm_mk_int(a, 5),
					     .date = hm_mk_day(2024, 1, 1) };
	entries[1] = (struct hm_mk_revoked){ .serial = hm_mk_int(a, 0x2002),
					     .date = hm_mk_day(2025, 2, 3),
					     .reason = 1,
					     .invalid = hm_mk_day(2025, 1, 1) };
	entries[2] = (struct hm_mk_revoked){ .serial = hm_mk_int(a, 7),
					     .date = hm_mk_day(2025, 2, 4) };
	return (struct hm_mk_crl){
		.issuer = k.ca.subject,
		.this_update = hm_mk_day(2026, 1, 1),
		.next_update = hm_mk_day(2027, 1, 1),
		.entries = entries,
		.num_entries = 3,
		.how = { .key = HM_MK_KEY_CA },
	};
}

static void check_crl(struct hm_arena *a)
{
	struct hm_mk_revoked entries[3];
	struct hm_mk_crl mk = a_crl(a, entries);
	hm_bytes der = hm_mk_crl(a, &mk);
	struct hm_crl crl = hm_crl_read(der);
	struct hm_revoked got = { 0 };
	hm_err err;

	check(crl.err == HM_OK && hm_name_same(crl.issuer, mk.issuer) &&
		      crl.this_update == hm_mk_day(2026, 1, 1) &&
		      crl.next_update == hm_mk_day(2027, 1, 1) && !crl.delta &&
		      !crl.indirect,
	      "crl: head: %s", crl.why != NULL ? crl.why : "-");
	check(hm_crl_find(&crl, hm_mk_lit(0x20, 0x02), &got, &err) && err == HM_OK &&
		      got.date == hm_mk_day(2025, 2, 3) && got.has_reason &&
		      got.reason == 1 && got.invalidity == hm_mk_day(2025, 1, 1),
	      "crl: entry with reason");
	check(hm_crl_find(&crl, hm_mk_lit(0, 7), &got, &err) && !got.has_reason &&
		      got.invalidity == HM_NO_TIME,
	      "crl: entry without");
	check(!hm_crl_find(&crl, hm_mk_lit(6), &got, &err) && err == HM_OK,
	      "crl: no entry");
	size_t read = 0;

	for (size_t len = 0; len < der.len; len++)
		read += hm_crl_read(hm_mk_part(der, 0, len)).err == HM_OK;
	check(read == 0, "crl: cut anywhere: %zu are read", read);
}

struct crl_case {
	const char *name, *oid, *value;
	bool critical;
	bool (*holds)(const struct hm_crl *c);
};

static bool is_delta(const struct hm_crl *c)
{
	return c->delta;
}

static bool is_indirect(const struct hm_crl *c)
{
	return c->indirect && !c->partial;
}

static bool is_partial(const struct hm_crl *c)
{
	return c->partial && !c->indirect;
}

static bool is_user(const struct hm_crl *c)
{
	return c->only_user && !c->only_ca && !c->partial;
}

static bool is_critical(const struct hm_crl *c)
{
	return c->unknown_critical;
}

/* clang-format off */
static const struct crl_case crls[] = {
	{ "delta", "2.5.29.27", "020101", true, is_delta },
	{ "indirect", "2.5.29.28", "3003 8401 ff", true, is_indirect },
	{ "some reasons", "2.5.29.28", "3004 8302 0640", true, is_partial },
	{ "attribute certificates", "2.5.29.28", "3003 8501 ff", true, is_partial },
	{ "end entities", "2.5.29.28", "3003 8101 ff", true, is_user },
	{ "unknown critical", "1.2.3", "0500", true, is_critical },
};
/* clang-format on */

static void check_crl_extensions(struct hm_arena *a)
{
	for (size_t i = 0; i < sizeof(crls) / sizeof(crls[0]); i++) {
		struct hm_mk_revoked entries[3];
		struct hm_mk_crl mk = a_crl(a, entries);

		mk.extensions = hm_mk_ext(a, crls[i].oid, crls[i].critical,
					  hex(a, crls[i].value));
		struct hm_crl crl = hm_crl_read(hm_mk_crl(a, &mk));

		check(crl.err == HM_OK && crls[i].holds(&crl), "crl: %s: %s",
		      crls[i].name, hm_err_name(crl.err));
	}
}

int main(void)
{
	struct hm_arena a = open_arena();

	check_roots(&a);
	check_list(&a);
	check_crl(&a);
	check_crl_extensions(&a);
	hm_arena_close(&a);
	return check_done();
}
