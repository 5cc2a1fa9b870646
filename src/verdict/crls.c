/* SPDX-License-Identifier: MIT */
/*
 * crls.c: a revocation list, sorted for the store.
 *
 * Its signature is checked when a chain needs it, by the issuer that is in that chain.
 * So that the list itself need not be kept, its digest is: head is the digest's length
 * (1 octet), the digest of the TBSCertList, and what follows that in the list (algorithm
 * and signature).
 */
#include <stdlib.h>
#include <string.h>

#include "signature/crl.h"
#include "verdict/plan_own.h"
#include "verdict/store.h"

static hm_bytes head_of(struct hm_plan *plan, const struct hm_crl *crl)
{
	struct hm_digest digest = hm_digest_of(plan->crypto, crl->alg.hash, crl->tbs);
	struct hm_cur c = hm_cur_of(crl->der);
	struct hm_der whole = hm_ber_of(&c, HM_DER_SEQUENCE, "CertificateList");
	struct hm_buf head = hm_buf_of(crl->der.len + 1 + HM_HASH_MAX_LEN);
	hm_bytes kept;

	(void)hm_ber_of(&whole.in, HM_DER_SEQUENCE, "tbsCertList");
	hm_put_u8(&head, (uint8_t)hm_digest_bytes(&digest).len);
	hm_put(&head, hm_digest_bytes(&digest));
	hm_put(&head, hm_rest(&whole.in));
	kept = hm_keep(plan->arena, hm_buf_bytes(&head));
	hm_buf_done(&head);
	return kept;
}

static uint32_t flags_of(const struct hm_crl *crl)
{
	return (crl->partial ? HM_CRL_PARTIAL : 0U) |
	       (crl->only_user ? HM_CRL_ONLY_USER : 0U) |
	       (crl->only_ca ? HM_CRL_ONLY_CA : 0U);
}

/* One row of the store; false where the serial number is none of a lawful certificate. */
static bool put_entry(struct hm_buf *rows, const struct hm_revoked *entry)
{
	uint8_t serial[HM_SERIAL_LEN];

	if (!hm_store_serial(entry->serial, serial))
		return false;
	hm_put(rows, (hm_bytes){ serial, sizeof(serial) });
	hm_put_u64le(rows, (uint64_t)entry->date);
	hm_put_u32le(rows, entry->reason);
	return true;
}

static int by_serial(const void *a, const void *b)
{
	return memcmp(a, b, HM_SERIAL_LEN);
}

static hm_err take_entries(struct hm_plan *plan, const struct hm_crl *crl,
			   struct hm_plan_crl *out, struct hm_plan_count *count)
{
	struct hm_buf rows = hm_buf_of((size_t)1 << 30);
	struct hm_cur entries = crl->entries;
	struct hm_revoked entry;

	while (hm_crl_next(&entries, &entry)) {
		if (!put_entry(&rows, &entry))
			count->skipped++;
	}
	out->row.num = (uint32_t)(rows.len / HM_STORE_REVOKED_LEN);
	if (entries.err == HM_OK && rows.err == HM_OK && rows.len) {
		qsort(rows.at, out->row.num, HM_STORE_REVOKED_LEN, by_serial);
		out->entries = hm_new_n(plan->arena, uint8_t, rows.len);
		memcpy(out->entries, rows.at, rows.len);
	}
	hm_err err = entries.err != HM_OK ? entries.err : rows.err;

	hm_buf_done(&rows);
	return err;
}

static bool have_already(const struct hm_plan *plan, hm_bytes head)
{
	const struct hm_plan_crl *c = plan->crls;

	while (c && !hm_same(c->row.head, head))
		c = c->next;
	return c != NULL;
}

hm_err hm_plan_crl(struct hm_plan *plan, hm_bytes der, struct hm_plan_count *count,
		   const char **why)
{
	struct hm_crl crl = hm_crl_read(der);
	struct hm_plan_crl *mine;
	hm_bytes head;
	hm_err err;

	*why = "no list, certificate or revocation list";
	if (crl.err != HM_OK)
		return HM_EFORMAT;
	*why = "a revocation list that is a difference, indirect, or has an unknown "
	       "critical "
	       "extension";
	if (crl.delta || crl.indirect || crl.unknown_critical)
		return HM_EUNSUP;
	head = head_of(plan, &crl);
	if (have_already(plan, head)) {
		count->crls++;
		return HM_OK;
	}
	mine = hm_new(plan->arena, struct hm_plan_crl);
	err = take_entries(plan, &crl, mine, count);
	*why = "an entry of the revocation list cannot be read";
	if (err != HM_OK)
		return err;
	mine->row.issuer = hm_keep(plan->arena, crl.issuer);
	mine->row.head = head;
	mine->row.this_update = crl.this_update;
	mine->row.next_update = crl.next_update;
	mine->row.flags = flags_of(&crl);
	mine->next = plan->crls;
	plan->crls = mine;
	count->crls++;
	*why = "";
	return HM_OK;
}
