/* SPDX-License-Identifier: MIT */
/*
 * cmd_explain.c: the whole story of a file's signature, in words for a person.
 */
#include <string.h>

#include "cli/judging.h"
#include "cli/verify_options.h"

static const char about[] =
	"Tells for each FILE what is signed by whom, how the chain goes, what happened "
	"when, and\n"
	"why the verdict is what it is.  Options and exit status are those of verify.";

struct story {
	struct hm_arena arena;
	size_t told;
};

static const char *shown(struct story *s, hm_bytes text)
{
	return text.len != 0 ? hm_shown(&s->arena, text) : "(nameless)";
}

static const char *day(struct story *s, hm_time time)
{
	char text[HM_TIME_TEXT];

	return time != HM_NO_TIME ? hm_format(&s->arena, "%s", hm_time_short(time, text))
				  : "?";
}

/* The chain as a tree, the root on top. */
static void tell_chain(struct story *s, const struct hm_chain_told *chain)
{
	size_t above = 0;

	printf("  Chain:\n");
	if (chain->anchor != HM_ANCHOR_NONE) {
		printf("    %s (trusted: %s%s)\n", shown(s, chain->root),
		       hm_anchor_name(chain->anchor),
		       chain->microsoft ? ", Microsoft's" : "");
		above = 1;
	}
	for (size_t i = chain->num; i-- > 0;) {
		const struct hm_link *link = &chain->links[i];
		bool is_root = chain->anchor != HM_ANCHOR_NONE &&
			       hm_same(link->sha256, chain->root_sha256);

		if (is_root)
			continue;
		printf("    %*s%s%s\n", (int)(above > 0 ? 3 * (above - 1) : 0), "",
		       above > 0 ? "└─ " : "", shown(s, link->subject));
		printf("    %*s%s, valid %s to %s\n", (int)(3 * above), "",
		       shown(s, link->key), day(s, link->not_before),
		       day(s, link->not_after));
		above++;
	}
	if (chain->anchor == HM_ANCHOR_NONE && chain->num != 0) {
		const struct hm_link *last = &chain->links[chain->num - 1];

		if (hm_same(last->subject_dn, last->issuer_dn))
			printf("    (the topmost certificate vouches for itself and "
			       "nobody trusts it)\n");
		else
			printf("    (issued by %s, which is neither in the file nor "
			       "trusted)\n",
			       shown(s, last->issuer));
	}
}

struct moment {
	hm_time time;
	const char *what;
};

static void add(struct moment *moments, size_t *num, hm_time time, const char *what)
{
	size_t at = *num;

	if (time == HM_NO_TIME)
		return;
	for (; at > 0 && moments[at - 1].time > time; at--)
		moments[at] = moments[at - 1];
	moments[at] = (struct moment){ time, what };
	(*num)++;
}

/* What happened when, in order. */
static void tell_times(struct story *s, const struct hm_verdict *v,
		       const struct hm_sig_verdict *sig)
{
	const struct hm_link none = { .not_before = HM_NO_TIME, .not_after = HM_NO_TIME };
	const struct hm_link *signer = sig->chain.num != 0 ? &sig->chain.links[0] : &none;
	struct moment *moments = hm_new_n(&s->arena, struct moment, sig->num_stamps + 4);
	size_t num = 0;

	add(moments, &num, signer->not_before, "the signer's certificate becomes valid");
	for (size_t i = 0; i < sig->num_stamps; i++) {
		const struct hm_stamp_told *stamp = &sig->stamps[i];
		const char *by = stamp->chain.num != 0
					 ? shown(s, stamp->chain.links[0].subject)
					 : "an unknown authority";
		const char *holds =
			stamp->reason == HM_REASON_SIGNED
				? ""
				: hm_format(&s->arena, " (does not count: it %s)",
					    hm_reason_row(stamp->reason)->sentence);

		add(moments, &num, stamp->time,
		    hm_format(&s->arena, "stamped by %s%s", by, holds));
	}
	add(moments, &num, signer->not_after, "the signer's certificate expires");
	add(moments, &num, v->now, "now, the moment of this verdict");
	printf("  Times:\n");
	for (size_t i = 0; i < num; i++)
		printf("    %s  %s\n", day(s, moments[i].time), moments[i].what);
}

/* Why this state and not another, where two rules pull in different directions. */
static const char *reasoning(struct story *s, const struct hm_verdict *v,
			     const struct hm_sig_verdict *sig)
{
	const struct hm_link none = { 0 };
	const struct hm_link *signer = sig->chain.num != 0 ? &sig->chain.links[0] : &none;
	bool expired = sig->chain.num != 0 && signer->not_after < v->now;

	if (sig->state == HM_STATE_VALID && expired && sig->stamp != HM_NO_STAMP)
		return hm_format(&s->arena,
				 "The certificate has expired, but the file was stamped "
				 "on %s while "
				 "it was valid, so Windows trusts it.",
				 day(s, sig->stamps[sig->stamp].time));
	if (sig->state == HM_STATE_UNTRUSTED && expired)
		return "The certificate has also expired; an untrusted root comes first, "
		       "as on Windows.";
	if (sig->reason == HM_REASON_BAD_DIGEST && sig->chain.anchor != HM_ANCHOR_NONE)
		return "The signature itself is genuine: its chain ends in a trusted "
		       "root.  It was made "
		       "for other bytes than these.";
	if (sig->state == HM_STATE_EXPIRED && sig->num_stamps == 0)
		return "A timestamp made while the certificate was valid would have kept "
		       "it good.";
	return NULL;
}

static void tell_digest(struct story *s, const struct hm_sig_verdict *sig)
{
	if (sig->embedded.len == 0)
		return;
	if (hm_same(sig->embedded, sig->computed)) {
		printf("  Digest: %s %s, the same in the signature and of the file\n",
		       shown(s, sig->digest_alg), shown(s, sig->embedded));
		return;
	}
	printf("  Digest: %s\n    signed:    %s\n    this file: %s\n",
	       shown(s, sig->digest_alg), shown(s, sig->embedded),
	       sig->computed.len != 0 ? shown(s, sig->computed) : "?");
}

static void tell_faults(struct story *s, const struct hm_sig_verdict *sig)
{
	for (size_t i = 0; i < sig->faults.num; i++) {
		const struct hm_fault *fault = &sig->faults.at[i];

		printf("  %s: it %s", i == 0 ? "Fault" : "Also ",
		       hm_reason_row(fault->reason)->sentence);
		if (fault->about.len != 0)
			printf(" [%s]", shown(s, fault->about));
		putchar('\n');
	}
	for (int i = 0; i < HM_FLAG_COUNT; i++)
		if ((sig->flags >> i & 1) != 0)
			printf("  Note:  %s\n", hm_flag_sentence((enum hm_flag)i));
}

static void tell_signature(struct story *s, const struct hm_verdict *v, size_t i)
{
	const struct hm_sig_verdict *sig = &v->sigs[i];

	printf("\nSignature %zu of %zu%s: %s\n", i + 1, v->num_sigs,
	       i == 0 && v->num_sigs > 1 ? ", which decides"
	       : sig->depth != 0         ? ", nested"
					 : "",
	       hm_state_name(sig->state));
	if (sig->chain.num != 0)
		printf("  Signer: %s\n  Issuer: %s\n  Serial: %s\n  Thumbprint: %s "
		       "(SHA-1)\n",
		       shown(s, sig->chain.links[0].subject),
		       shown(s, sig->chain.links[0].issuer),
		       shown(s, sig->chain.links[0].serial),
		       shown(s, sig->chain.links[0].sha1));
	if (sig->program.len != 0 || sig->url.len != 0)
		printf("  The signer calls it: %s %s\n", shown(s, sig->program),
		       sig->url.len != 0 ? shown(s, sig->url) : "");
	tell_digest(s, sig);
	tell_chain(s, &sig->chain);
	tell_times(s, v, sig);
	tell_faults(s, sig);
	const char *why = reasoning(s, v, sig);
	if (why != NULL)
		printf("  Why: %s\n", why);
}

static void tell(void *ctx, const struct hm_judged_file *j)
{
	struct story *s = ctx;
	const struct hm_verdict *v = j->verdict;
	const struct hm_reason_row *why = hm_reason_row(v->reason);

	if (s->told++ != 0)
		putchar('\n');
	printf("%s: %s\n", hm_shown(&s->arena, hm_bytes_of(j->path)),
	       hm_state_name(v->state));
	printf("  The file %s.\n", why->sentence);
	printf("  Windows would say: %s (0x%08X %s)\n", why->hresult->text,
	       why->hresult->value, why->hresult->name);
	printf("  %s%s%s%llu bytes, SHA-256 %s\n",
	       v->format.len != 0 ? hm_shown(&s->arena, v->format) : "",
	       v->kind.len != 0 ? "/" : "",
	       v->kind.len != 0
		       ? hm_format(&s->arena, "%s, ", hm_shown(&s->arena, v->kind))
	       : v->format.len != 0 ? ", "
				    : "",
	       (unsigned long long)v->size,
	       v->sha256.len != 0 ? shown(s, v->sha256) : "?");
	if (v->why.len != 0)
		printf("  Damage: %s at offset %llu\n", shown(s, v->why),
		       (unsigned long long)v->where);
	for (size_t i = 0; i < v->num_sigs; i++)
		tell_signature(s, v, i);
	fflush(stdout);
	hm_arena_reset(&s->arena);
}

int hm_cmd_explain(int argc, char **argv)
{
	struct hm_arena a = hm_cli_arena();
	struct hm_verify_options v = { 0 };
	struct hm_option options[] = { HM_VERIFY_OPTIONS(v) };
	const struct hm_command_help help = { "hallmark explain [OPTION]... FILE...",
					      about, options,
					      sizeof(options) / sizeof(options[0]) };
	struct story story = { .arena = hm_cli_arena() };
	struct hm_list files;
	struct hm_judging judging;

	int status = hm_options(&help, argc, argv, &a, &files);
	if (status == -1 && !hm_verify_options_read(&v, &judging))
		status = HM_EXIT_FAILED;
	if (status == -1 && files.count == 0)
		status = hm_complain(
			"explain needs a file; hallmark explain -h tells more");
	if (status == -1) {
		judging.judged = tell;
		judging.ctx = &story;
		status = hm_judge_files(&judging, &files);
	}
	hm_arena_close(&story.arena);
	hm_arena_close(&a);
	return status;
}
