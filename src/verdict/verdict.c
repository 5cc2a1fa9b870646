/* SPDX-License-Identifier: MIT */
/* verdict.c: the tables behind the words, and small questions to a verdict. */
#include "verdict/verdict.h"

enum hresult_id {
#define HM_HRESULT(name, value, elastic, text) ID_##name,
#include "verdict/reasons.def"
#undef HM_HRESULT
};

static const struct hm_hresult hresults[] = {
#define HM_HRESULT(name, value, elastic, text) { value, #name, elastic, text },
#include "verdict/reasons.def"
#undef HM_HRESULT
};

static const struct hm_reason_row reasons[HM_REASON_COUNT] = {
#define HM_REASON(code, word, state, hresult, ocsf, sentence)                            \
	{ word, HM_STATE_##state, &hresults[ID_##hresult], ocsf, sentence },
#include "verdict/reasons.def"
#undef HM_REASON
};

static const char *const states[HM_STATE_COUNT] = {
#define HM_STATE(code, word) word,
#include "verdict/reasons.def"
#undef HM_STATE
};

struct flag_row {
	const char *word, *sentence;
};

static const struct flag_row flags[HM_FLAG_COUNT] = {
#define HM_FLAG(code, word, sentence) { word, sentence },
#include "verdict/flags.def"
#undef HM_FLAG
};

static const char *const anchors[HM_ANCHOR_COUNT] = {
	[HM_ANCHOR_NONE] = "",
	[HM_ANCHOR_KNOWN_ISSUER] = "known issuer",
	[HM_ANCHOR_PROGRAM] = "program root",
	[HM_ANCHOR_LEGACY] = "legacy root",
	[HM_ANCHOR_USER] = "user's own",
	[HM_ANCHOR_UEFI] = "UEFI database",
};

static const struct hm_link no_link = {
	.not_before = HM_NO_TIME,
	.not_after = HM_NO_TIME,
};

const struct hm_reason_row *hm_reason_row(enum hm_reason reason)
{
	return &reasons[reason];
}

const char *hm_state_name(enum hm_state state)
{
	return states[state];
}

const char *hm_flag_word(enum hm_flag flag)
{
	return flags[flag].word;
}

const char *hm_flag_sentence(enum hm_flag flag)
{
	return flags[flag].sentence;
}

const char *hm_anchor_name(enum hm_anchor anchor)
{
	return anchors[anchor];
}

static const struct hm_link *link_at(const struct hm_verdict *v, size_t i)
{
	const struct hm_chain_told *chain = &v->sigs[0].chain;

	return i < chain->num ? &chain->links[i] : &no_link;
}

const struct hm_link *hm_verdict_signer(const struct hm_verdict *v)
{
	return link_at(v, 0);
}

const struct hm_link *hm_verdict_issuer(const struct hm_verdict *v)
{
	return link_at(v, 1);
}

const struct hm_stamp_told *hm_verdict_stamp(const struct hm_verdict *v)
{
	const struct hm_sig_verdict *sig = &v->sigs[0];

	return sig->stamp < sig->num_stamps ? &sig->stamps[sig->stamp] : NULL;
}

struct hm_verdict hm_verdict_plain(enum hm_reason reason, hm_time now, struct hm_arena *a)
{
	struct hm_verdict v = {
		.state = reasons[reason].state,
		.reason = reason,
		.link_time = HM_NO_TIME,
		.sigs = hm_new(a, struct hm_sig_verdict),
		.now = now,
	};

	*v.sigs = (struct hm_sig_verdict){
		.state = v.state,
		.reason = reason,
		.chain.list_date = HM_NO_TIME,
		.claimed_time = HM_NO_TIME,
		.stamp = HM_NO_STAMP,
		.judged_at = HM_NO_TIME,
	};
	return v;
}
