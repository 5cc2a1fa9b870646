/* SPDX-License-Identifier: MIT */
/*
 * wire.c: one walk over a verdict's fields does both directions, so that writer
 * and reader cannot drift apart.
 *
 * A struct io either has out (fields are appended) or in (fields are filled).
 */
#include "verdict/wire.h"

#include "base/text.h"

_Static_assert(HM_FLAG_COUNT < 64, "flags are bits of one number");

enum {
	VERSION = 0x484d5631, /* "HMV1" */
	/* Lists longer than these come from no worker of ours. */
	MAX_SIGS = 256,
	MAX_LINKS = 64,
	MAX_STAMPS = 64,
	MAX_FAULTS = 4096,
	MAX_URLS = 64,
	MAX_TEXT = 1 << 20,
};

struct io {
	struct hm_buf *out;
	struct hm_cur *in;
	struct hm_arena *arena;
};

static void io_u32(struct io *io, uint32_t *value, const char *field)
{
	if (io->out)
		hm_put_u32le(io->out, *value);
	else
		*value = hm_u32le(io->in, field);
}

static void io_u64(struct io *io, uint64_t *value, const char *field)
{
	if (io->out)
		hm_put_u64le(io->out, *value);
	else
		*value = hm_u64le(io->in, field);
}

static void io_bool(struct io *io, bool *value, const char *field)
{
	uint32_t number = *value;

	io_u32(io, &number, field);
	if (io->in)
		hm_rule(io->in, number <= 1, field);
	*value = number == 1;
}

static bool lawful_time(hm_time time)
{
	return time == HM_NO_TIME || (time >= 0 && time <= HM_TIME_MAX);
}

static void io_time(struct io *io, hm_time *time, const char *field)
{
	uint64_t number = (uint64_t)*time;

	io_u64(io, &number, field);
	if (io->in)
		hm_rule(io->in, lawful_time((hm_time)number), field);
	*time = (hm_time)number;
}

/* A number below limit: an enumerator or an index. */
static uint32_t io_below(struct io *io, uint32_t value, uint32_t limit, const char *field)
{
	io_u32(io, &value, field);
	if (io->in)
		hm_rule(io->in, value < limit, field);
	return value < limit ? value : 0;
}

static void io_text(struct io *io, hm_bytes *text, const char *field)
{
	uint32_t len = text->len < MAX_TEXT ? (uint32_t)text->len : MAX_TEXT;
	hm_bytes seen;

	io_u32(io, &len, field);
	if (io->out) {
		hm_put(io->out, (hm_bytes){ text->at, len });
		return;
	}
	seen = hm_take(io->in, len, field);
	hm_rule(io->in, hm_utf8_valid(seen), field);
	*text = hm_keep(io->arena, seen);
}

/* The length of a list; room for it is taken only if the input can hold it. */
static size_t io_count(struct io *io, size_t count, size_t limit, const char *field)
{
	uint32_t number = (uint32_t)(count < limit ? count : limit);

	io_u32(io, &number, field);
	if (io->in == NULL)
		return number;
	/* No element of any list here takes fewer than 4 bytes. */
	hm_rule(io->in, number <= limit && number <= hm_left(io->in) / 4, field);
	return io->in->err == HM_OK ? number : 0;
}

static void io_faults(struct io *io, struct hm_faults *faults)
{
	faults->num = io_count(io, faults->num, MAX_FAULTS, "faults");
	if (io->in)
		faults->at = hm_new_n(io->arena, struct hm_fault, faults->num);
	for (size_t i = 0; i < faults->num; i++) {
		struct hm_fault *f = &faults->at[i];

		f->reason = io_below(io, f->reason, HM_REASON_COUNT, "fault.reason");
		io_text(io, &f->about, "fault.about");
	}
}

static void io_link(struct io *io, struct hm_link *link)
{
	io_text(io, &link->subject, "subject");
	io_text(io, &link->issuer, "issuer");
	io_text(io, &link->subject_dn, "subject_dn");
	io_text(io, &link->issuer_dn, "issuer_dn");
	io_text(io, &link->sha1, "sha1");
	io_text(io, &link->sha256, "sha256");
	io_text(io, &link->serial, "serial");
	io_time(io, &link->not_before, "not_before");
	io_time(io, &link->not_after, "not_after");
	io_text(io, &link->key, "key");
	io_text(io, &link->algorithm, "algorithm");
	io_bool(io, &link->from_file, "from_file");
}

static void io_chain(struct io *io, struct hm_chain_told *chain)
{
	chain->num = io_count(io, chain->num, MAX_LINKS, "links");
	if (io->in)
		chain->links = hm_new_n(io->arena, struct hm_link, chain->num);
	for (size_t i = 0; i < chain->num; i++)
		io_link(io, &chain->links[i]);
	chain->anchor = io_below(io, chain->anchor, HM_ANCHOR_COUNT, "anchor");
	io_text(io, &chain->root, "root");
	io_text(io, &chain->root_sha256, "root_sha256");
	io_time(io, &chain->list_date, "list_date");
	io_bool(io, &chain->microsoft, "microsoft");
}

static void io_stamps(struct io *io, struct hm_sig_verdict *sig)
{
	sig->num_stamps = io_count(io, sig->num_stamps, MAX_STAMPS, "stamps");
	if (io->in)
		sig->stamps = hm_new_n(io->arena, struct hm_stamp_told, sig->num_stamps);
	for (size_t i = 0; i < sig->num_stamps; i++) {
		struct hm_stamp_told *stamp = &sig->stamps[i];

		stamp->sort =
			io_below(io, stamp->sort, HM_STAMP_SORT_COUNT, "stamp.sort");
		io_time(io, &stamp->time, "stamp.time");
		io_text(io, &stamp->digest, "stamp.digest");
		stamp->reason =
			io_below(io, stamp->reason, HM_REASON_COUNT, "stamp.reason");
		io_chain(io, &stamp->chain);
	}
	io_u32(io, &sig->stamp, "stamp");
	if (io->in)
		hm_rule(io->in, sig->stamp == HM_NO_STAMP || sig->stamp < sig->num_stamps,
			"stamp");
}

static void io_urls(struct io *io, struct hm_sig_verdict *sig)
{
	sig->num_crl_urls = io_count(io, sig->num_crl_urls, MAX_URLS, "crl_urls");
	if (io->in)
		sig->crl_urls = hm_new_n(io->arena, hm_bytes, sig->num_crl_urls);
	for (size_t i = 0; i < sig->num_crl_urls; i++)
		io_text(io, &sig->crl_urls[i], "crl_url");
}

/* State and reason; a state that is not the reason's is refused. */
static void io_answer(struct io *io, enum hm_state *state, enum hm_reason *reason)
{
	*state = io_below(io, *state, HM_STATE_COUNT, "state");
	*reason = io_below(io, *reason, HM_REASON_COUNT, "reason");
	if (io->in)
		hm_rule(io->in, *state == hm_reason_row(*reason)->state,
			"state is the reason's");
}

static void io_flags(struct io *io, uint64_t *set)
{
	io_u64(io, set, "flags");
	if (io->in)
		hm_rule(io->in, *set >> HM_FLAG_COUNT == 0, "flags");
}

static void io_sig(struct io *io, struct hm_sig_verdict *sig, uint32_t num_sigs)
{
	io_answer(io, &sig->state, &sig->reason);
	io_faults(io, &sig->faults);
	io_flags(io, &sig->flags);
	io_u32(io, &sig->entry, "entry");
	io_u32(io, &sig->depth, "depth");
	sig->parent = io_below(io, sig->parent, num_sigs, "parent");
	io_chain(io, &sig->chain);
	io_urls(io, sig);
	io_text(io, &sig->digest_alg, "digest_alg");
	io_text(io, &sig->embedded, "embedded");
	io_text(io, &sig->computed, "computed");
	io_text(io, &sig->program, "program");
	io_text(io, &sig->url, "url");
	io_time(io, &sig->claimed_time, "claimed_time");
	io_stamps(io, sig);
	io_time(io, &sig->judged_at, "judged_at");
	io_u64(io, &sig->padding_len, "padding_len");
	io_u64(io, &sig->unauth_len, "unauth_len");
}

/* sigs[0] is always there, also where num_sigs is 0. */
static void io_sigs(struct io *io, struct hm_verdict *v)
{
	size_t places;

	v->num_sigs = io_count(io, v->num_sigs, MAX_SIGS, "sigs");
	places = v->num_sigs ? v->num_sigs : 1;
	if (io->in)
		v->sigs = hm_new_n(io->arena, struct hm_sig_verdict, places);
	for (size_t i = 0; i < places; i++)
		io_sig(io, &v->sigs[i], (uint32_t)places);
}

static void io_verdict(struct io *io, struct hm_verdict *v)
{
	io_answer(io, &v->state, &v->reason);
	io_flags(io, &v->flags);
	io_text(io, &v->format, "format");
	io_text(io, &v->kind, "kind");
	io_u64(io, &v->size, "size");
	io_text(io, &v->md5, "md5");
	io_text(io, &v->sha1, "sha1");
	io_text(io, &v->sha256, "sha256");
	io_text(io, &v->why, "why");
	io_u64(io, &v->where, "where");
	io_bool(io, &v->claimed, "claimed");
	io_u64(io, &v->table_at, "table_at");
	io_u64(io, &v->table_len, "table_len");
	io_u64(io, &v->trailing_len, "trailing_len");
	io_time(io, &v->link_time, "link_time");
	io_sigs(io, v);
	io_time(io, &v->now, "now");
}

void hm_verdict_write(const struct hm_verdict *v, struct hm_buf *out)
{
	struct io io = { .out = out };
	struct hm_verdict copy = *v;
	uint32_t version = VERSION;

	io_u32(&io, &version, "version");
	io_verdict(&io, &copy);
}

hm_err hm_verdict_read(hm_bytes in, struct hm_arena *a, struct hm_verdict *out)
{
	struct hm_cur c = hm_cur_of(in);
	struct io io = { .in = &c, .arena = a };
	struct hm_verdict v = { 0 };
	uint32_t version = 0;

	io_u32(&io, &version, "version");
	hm_rule(&c, version == VERSION, "version");
	io_verdict(&io, &v);
	hm_rule(&c, hm_left(&c) == 0, "nothing follows a verdict");
	if (c.err != HM_OK)
		return c.err;
	*out = v;
	return HM_OK;
}
