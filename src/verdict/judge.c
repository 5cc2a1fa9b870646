/* SPDX-License-Identifier: MIT */
/*
 * judge.c: the file as a whole: what kind it is, its digests, all its signatures, and the
 * one answer.
 */
#include "verdict/judge.h"

#include "base/limits.h"
#include "verdict/sigcase.h"
#include "verdict/tell.h"

/* Digests of the whole file, for names and joins. */
static void tell_hashes(const struct hm_policy *policy, hm_bytes file, struct hm_arena *a,
			struct hm_verdict *v)
{
	struct hm_digest d[HM_HASH_COUNT] = { 0 };
	uint32_t set = 1U << HM_HASH_SHA1 | 1U << HM_HASH_SHA256;

	if (policy->md5)
		set |= 1U << HM_HASH_MD5;
	hm_digests_spans(policy->crypto, set, &file, 1, d);
	v->sha1 = hm_tell_hex(a, hm_digest_bytes(&d[HM_HASH_SHA1]));
	v->sha256 = hm_tell_hex(a, hm_digest_bytes(&d[HM_HASH_SHA256]));
	if (policy->md5)
		v->md5 = hm_tell_hex(a, hm_digest_bytes(&d[HM_HASH_MD5]));
}

/* B-001, B-002, B-003, B-004, B-007: the answer for a file in which no signature could be
 * read.
 */
static enum hm_reason plain_reason(const struct hm_carrier *carrier)
{
	switch (carrier->subject) {
	case HM_SUBJECT_EMPTY: return HM_REASON_EMPTY;
	case HM_SUBJECT_FOREIGN: return HM_REASON_KIND_NOT_JUDGED;
	case HM_SUBJECT_UNKNOWN:
	case HM_SUBJECT_DOS: return HM_REASON_NOT_SIGNABLE;
	case HM_SUBJECT_PE: break;
	}
	return carrier->claimed ? HM_REASON_TABLE_UNREADABLE : HM_REASON_NOT_SIGNED;
}

static void tell_object(const struct hm_carrier *carrier, struct hm_arena *a,
			struct hm_verdict *v)
{
	v->format = hm_bytes_of(carrier->format);
	v->kind = hm_bytes_of(hm_image_name(carrier->image));
	v->size = carrier->file.len;
	v->claimed = carrier->claimed;
	v->why = hm_tell_text(a,
			      hm_bytes_of(carrier->table_why ? carrier->table_why : ""));
	v->where = carrier->table_where;
	v->table_at = carrier->table_at;
	v->table_len = carrier->table_len;
	v->trailing_len = carrier->trailing.len;
	if (carrier->subject == HM_SUBJECT_PE)
		v->link_time = hm_time_of_unix(carrier->link_time);
}

/* B-015, B-016, B-018 */
static uint64_t object_flags(const struct hm_carrier *carrier)
{
	uint64_t flags = 0;

	if (carrier->num_entries > 1)
		flags |= HM_FLAG_BIT(SEVERAL_ENTRIES);
	if (carrier->num_entries && (carrier->flags & HM_CARRIER_ENTRY_SKIPPED))
		flags |= HM_FLAG_BIT(BROKEN_ENTRY);
	if (carrier->flags & HM_CARRIER_TABLE_SLACK)
		flags |= HM_FLAG_BIT(TABLE_OVERSIZED);
	if (carrier->flags & HM_CARRIER_TRAILING)
		flags |= HM_FLAG_BIT(DATA_AFTER_TABLE);
	return flags;
}

/* B-010: Authenticode digests by every hash that a signature names, in one pass. */
static void digest_spans(const struct hm_policy *policy, const struct hm_carrier *carrier,
			 const struct hm_signed *claims, struct hm_digest *out)
{
	uint32_t set = 0;

	for (size_t i = 0; i < claims->num_signatures; i++)
		set |= 1U << claims->signatures[i].spc.digest_alg.hash;
	set &= ~(1U << HM_HASH_NONE);
	if (set)
		hm_digests_spans(policy->crypto, set, carrier->spans, carrier->num_spans,
				 out);
}

/* A fault of the table itself goes before all that its signatures say. */
static void judge_table(const struct hm_carrier *carrier, struct hm_arena *a,
			struct hm_sig_verdict *sig)
{
	enum hm_reason reason = HM_REASON_SIGNED;
	struct hm_fault *more;

	if (carrier->flags & HM_CARRIER_TABLE_PAST_END)
		reason = HM_REASON_TABLE_UNREADABLE; /* B-005 */
	else if (carrier->flags & HM_CARRIER_TABLE_UNALIGNED)
		reason = HM_REASON_TABLE_UNALIGNED; /* B-006 */
	if (reason == HM_REASON_SIGNED)
		return;
	more = hm_new_n(a, struct hm_fault, sig->faults.num + 1);
	more[0].reason = reason;
	for (size_t i = 0; i < sig->faults.num; i++)
		more[i + 1] = sig->faults.at[i];
	for (size_t i = 1; i <= sig->faults.num && more[i].reason < more[i - 1].reason;
	     i++) {
		struct hm_fault swap = more[i];

		more[i] = more[i - 1];
		more[i - 1] = swap;
	}
	sig->faults.at = more;
	sig->faults.num++;
	if (reason < sig->reason)
		sig->reason = reason;
	sig->state = hm_reason_row(sig->reason)->state;
}

/* B-100: the first signature of the first readable entry is the file's; that others say
 * otherwise is a flag. */
static void decide(struct hm_verdict *v)
{
	v->state = v->sigs[0].state;
	v->reason = v->sigs[0].reason;
	for (size_t i = 1; i < v->num_sigs; i++) {
		if (v->sigs[i].state != v->state)
			v->flags |= HM_FLAG_BIT(NESTED_DISAGREE);
	}
	v->flags |= v->sigs[0].flags;
}

static struct hm_court court_of(const struct hm_policy *policy,
				const struct hm_carrier *carrier, struct hm_arena *a)
{
	return (struct hm_court){
		.policy = policy,
		.crypto = policy->crypto,
		.arena = a,
		.budget.max = HM_MAX_KEY_OPERATIONS,
		.firmware = policy->uefi && carrier->image == HM_IMAGE_EFI, /* B-110 */
	};
}

static void judge_signatures(const struct hm_policy *policy,
			     const struct hm_carrier *carrier, struct hm_arena *a,
			     struct hm_verdict *v)
{
	struct hm_signed claims = hm_signed_read(carrier, a);
	struct hm_digest digests[HM_HASH_COUNT] = { 0 };
	struct hm_court court = court_of(policy, carrier, a);

	if (claims.num_signatures == 0)
		return;
	digest_spans(policy, carrier, &claims, digests);
	v->num_sigs = claims.num_signatures;
	v->sigs = hm_new_n(a, struct hm_sig_verdict, v->num_sigs);
	for (size_t i = 0; i < v->num_sigs; i++)
		hm_sig_judge(&court, carrier, &claims.signatures[i], digests,
			     &v->sigs[i]);
	for (size_t i = 0; i < v->num_sigs; i++)
		judge_table(carrier, a, &v->sigs[i]);
	decide(v);
}

/*
 * A table whose entry is broken decides nothing, but who signed may still be read in
 * it: a detection that asks for a signer must not lose the file (B-005).
 */
static void tell_remains(const struct hm_policy *policy, const struct hm_carrier *carrier,
			 struct hm_arena *a, struct hm_verdict *v)
{
	const struct hm_digest digests[HM_HASH_COUNT] = { 0 };
	struct hm_signature sig = hm_signature_read(carrier->remains, a);
	struct hm_court court = court_of(policy, carrier, a);

	if (sig.cert == NULL && sig.cms.num_certs == 0)
		return;
	v->num_sigs = 1;
	hm_sig_judge(&court, carrier, &sig, digests, &v->sigs[0]);
	v->sigs[0].state = v->state;
	v->sigs[0].reason = v->reason;
	v->sigs[0].faults.at = hm_new(a, struct hm_fault);
	v->sigs[0].faults.at->reason = v->reason;
	v->sigs[0].faults.num = 1;
}

void hm_judge(hm_bytes file, const struct hm_policy *policy, struct hm_arena *a,
	      struct hm_verdict *out)
{
	struct hm_carrier carrier = hm_carrier_of(file);

	hm_crypto_begin(policy->crypto);
	*out = hm_verdict_plain(plain_reason(&carrier), policy->now, a);
	tell_object(&carrier, a, out);
	tell_hashes(policy, file, a, out);
	out->flags = object_flags(&carrier);
	if (carrier.num_entries)
		judge_signatures(policy, &carrier, a, out);
	else if (carrier.remains.len != 0)
		tell_remains(policy, &carrier, a, out);
	if (hm_crypto_failed(policy->crypto))
		*out = hm_verdict_plain(HM_REASON_CHECK_FAILED, policy->now, a);
}
