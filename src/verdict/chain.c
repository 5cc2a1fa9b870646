/* SPDX-License-Identifier: MIT */
/*
 * chain.c: the search for paths.
 *
 * Depth first from the signer; a certificate's issuers are those whose subject is its
 * issuer, byte for byte, and whose key made its signature.  What was checked once is
 * remembered for the whole file.  The budget bounds the work whatever the certificates
 * are: a thousand issuers of one name cost no more than it allows.
 */
#include "verdict/chain.h"

#include "verdict/path.h"

enum {
	/* Issuers of one name that are tried; real files have two or three. */
	MAX_CANDIDATES = 64,
	/* Paths that are weighed. */
	MAX_PATHS = 64,
};

/* A signature check that was made: child by issuer. */
struct hm_edge {
	struct hm_edge *next;
	hm_bytes child, issuer; /* whole certificates */
	enum hm_check check;
};

struct candidate {
	const struct hm_cert *cert;
	bool from_file;
	int score;
};

struct search {
	struct hm_court *court;
	const struct hm_chain_ask *ask;
	struct hm_chain path; /* the one being walked */
	struct hm_chain *best;
	size_t weighed;
};

enum hm_reason hm_worst(hm_reasons faults)
{
	for (enum hm_reason r = 0; r < HM_REASON_COUNT; r++) {
		if (faults & HM_REASON_BIT(r))
			return r;
	}
	return HM_REASON_SIGNED;
}

void hm_chain_fault(struct hm_chain *chain, enum hm_reason reason, size_t node)
{
	if (chain->faults & HM_REASON_BIT(reason))
		return;
	chain->faults |= HM_REASON_BIT(reason);
	chain->where[reason] = (uint8_t)node;
}

/* B-073: with Microsoft's list imported, the one compiled in counts no more. */
static bool has_list(const struct hm_court *court)
{
	for (size_t i = 0; i < court->policy->num_stores; i++) {
		if (court->policy->stores[i]->list_date != HM_NO_TIME)
			return true;
	}
	return false;
}

static bool root_counts(const struct hm_court *court, const struct hm_root *root)
{
	return root->kind != HM_ANCHOR_UEFI || court->firmware;
}

bool hm_court_root(const struct hm_court *court, hm_bytes sha256, struct hm_root *out)
{
	struct hm_root found;
	bool any = false;

	/* The user's own word goes before the list's. */
	for (size_t i = 0; i < court->policy->num_stores; i++) {
		if (!hm_trust_by_sha256(court->policy->stores[i], sha256, &found) ||
		    !root_counts(court, &found))
			continue;
		if (court->firmware && found.uefi && !found.own)
			hm_root_vouched(&found, HM_ANCHOR_UEFI);
		if (!any || found.own)
			*out = found;
		any = true;
	}
	if (any || (court->firmware && hm_builtin_uefi(sha256, out)))
		return true;
	return hm_builtin_root(sha256, out) &&
	       (out->kind != HM_ANCHOR_PROGRAM || !has_list(court));
}

static hm_bytes thumbprint(struct hm_court *court, const struct hm_cert *cert)
{
	struct hm_digest digest = hm_cert_sha256(court->crypto, cert);

	return hm_keep(court->arena, hm_digest_bytes(&digest));
}

/* A certificate may be megabytes long, and is mostly compared with itself. */
static bool same_cert(hm_bytes a, hm_bytes b)
{
	return (a.at == b.at && a.len == b.len) || hm_same(a, b);
}

static enum hm_check check_edge(struct hm_court *court, const struct hm_cert *child,
				const struct hm_cert *issuer)
{
	struct hm_edge *edge;

	for (edge = court->edges; edge; edge = edge->next) {
		if (same_cert(edge->child, child->der) &&
		    same_cert(edge->issuer, issuer->der))
			return edge->check;
	}
	edge = hm_new(court->arena, struct hm_edge);
	*edge = (struct hm_edge){
		.next = court->edges,
		.child = child->der,
		.issuer = issuer->der,
		.check = hm_check_cert(court->crypto, &court->budget, &court->hashed,
				       child, &issuer->key),
	};
	if (edge->check != HM_CHECK_LIMIT)
		court->edges = edge;
	return edge->check;
}

/* Issuers that the child itself points at, and that were valid, are tried first. */
static int score_of(const struct search *s, const struct hm_cert *child,
		    const struct hm_cert *issuer, bool from_file)
{
	int score = 0;

	if (child->aki.len && hm_same(child->aki, issuer->ski))
		score += 4;
	if (s->ask->at >= issuer->not_before && s->ask->at <= issuer->not_after)
		score += 2;
	return score + (from_file ? 0 : 1);
}

static void add_candidate(const struct search *s, struct candidate *list, size_t *num,
			  const struct hm_cert *cert, bool from_file)
{
	const struct hm_cert *child = s->path.nodes[s->path.num - 1].cert;
	struct candidate c = { cert, from_file, score_of(s, child, cert, from_file) };
	size_t i;

	for (i = 0; i < *num; i++) {
		if (hm_same(list[i].cert->der, cert->der))
			return;
	}
	i = *num < MAX_CANDIDATES ? (*num)++ : MAX_CANDIDATES - 1;
	if (*num == MAX_CANDIDATES && list[i].cert && list[i].score >= c.score)
		return;
	for (; i > 0 && list[i - 1].score < c.score; i--)
		list[i] = list[i - 1];
	list[i] = c;
}

static void add_from_store(const struct search *s, const struct hm_trust *store,
			   struct candidate *list, size_t *num)
{
	hm_bytes issuer = s->path.nodes[s->path.num - 1].cert->issuer;
	struct hm_root root;
	size_t walk = 0;

	while (hm_trust_by_subject(store, issuer, &walk, &root)) {
		struct hm_cert *cert;

		if (!root.der.len || !root_counts(s->court, &root))
			continue;
		cert = hm_new(s->court->arena, struct hm_cert);
		*cert = hm_cert_read(root.der, s->court->arena);
		if (cert->err == HM_OK)
			add_candidate(s, list, num, cert, false);
	}
}

/* B-051: Windows finds an issuer by its key's identifier too, whatever its name says. */
static bool may_be_issuer(const struct hm_cert *cert, const struct hm_cert *child)
{
	return hm_name_same(cert->subject, child->issuer) ||
	       (child->aki.len && hm_same(cert->ski, child->aki));
}

/* B-051: names are compared byte for byte.  B-052: a certificate that cannot be read is
 * passed over, whatever else is in the bag counts. */
static size_t candidates(const struct search *s, struct candidate *list)
{
	const struct hm_cert *child = s->path.nodes[s->path.num - 1].cert;
	size_t num = 0;

	for (size_t i = 0; i < s->court->policy->num_stores; i++)
		add_from_store(s, s->court->policy->stores[i], list, &num);
	for (size_t b = 0; b < 2; b++) {
		for (size_t i = 0; i < s->ask->bags[b].num; i++) {
			const struct hm_cert *cert = &s->ask->bags[b].certs[i];

			if (cert->err == HM_OK && may_be_issuer(cert, child))
				add_candidate(s, list, &num, cert, true);
		}
	}
	return num;
}

static bool on_path(const struct search *s, const struct hm_cert *cert)
{
	for (size_t i = 0; i < s->path.num; i++) {
		if (hm_same(s->path.nodes[i].cert->der, cert->der))
			return true;
	}
	return false;
}

static void push(struct search *s, const struct hm_cert *cert, bool from_file)
{
	s->path.nodes[s->path.num++] = (struct hm_node){
		.cert = cert,
		.sha256 = thumbprint(s->court, cert),
		.from_file = from_file,
	};
}

/* The path as it stands is whole: weigh it, keep it if it is better (B-050). */
static void finish(struct search *s, enum hm_reason why)
{
	struct hm_chain whole = s->path;

	if (why != HM_REASON_SIGNED)
		hm_chain_fault(&whole, why, whole.num - 1);
	hm_path_weigh(s->court, s->ask, &whole);
	if (s->weighed++ == 0 || hm_worst(whole.faults) > hm_worst(s->best->faults))
		*s->best = whole;
}

/* B-072 */
static void finish_known(struct search *s)
{
	hm_bytes root_sha256;

	if (s->path.num < 2 ||
	    !hm_builtin_issuer(s->path.nodes[s->path.num - 1].sha256, &root_sha256) ||
	    !hm_court_root(s->court, root_sha256, &s->path.root))
		return;
	s->path.anchored = s->path.known_issuer = true;
	finish(s, HM_REASON_SIGNED);
	s->path.anchored = s->path.known_issuer = false;
}

/* Why a path that goes no further does not: what Windows would say of its end. */
static enum hm_reason dead_end(const struct hm_cert *last, size_t num_bad)
{
	if (hm_cert_self_issued(last))
		return HM_REASON_UNTRUSTED_ROOT;
	return num_bad ? HM_REASON_CERT_SIGNATURE : HM_REASON_CHAIN_INCOMPLETE;
}

static bool spent(const struct search *s)
{
	return s->weighed >= MAX_PATHS || s->path.num == HM_MAX_PATH;
}

/* Walk on from the path's last certificate.  Depth is bounded by HM_MAX_PATH. */
static void extend(struct search *s)
{
	const struct hm_cert *last = s->path.nodes[s->path.num - 1].cert;
	struct candidate list[MAX_CANDIDATES] = { 0 };
	size_t num, good = 0, bad = 0;

	if (hm_court_root(s->court, s->path.nodes[s->path.num - 1].sha256,
			  &s->path.root)) {
		s->path.anchored = true;
		finish(s, HM_REASON_SIGNED);
		s->path.anchored = false;
		return;
	}
	num = candidates(s, list);
	for (size_t i = 0; i < num && !spent(s); i++) {
		enum hm_check check;

		if (on_path(s, list[i].cert))
			continue;
		check = check_edge(s->court, last, list[i].cert);
		bad += check == HM_CHECK_BAD &&
		       hm_name_same(list[i].cert->subject, last->issuer);
		if (!hm_check_ok(check))
			continue;
		good++;
		push(s, list[i].cert, list[i].from_file);
		extend(s);
		s->path.num--;
	}
	finish_known(s);
	if (!good)
		finish(s, dead_end(last, bad));
}

void hm_chain_build(struct hm_court *court, const struct hm_chain_ask *ask,
		    struct hm_chain *out)
{
	struct search s = { .court = court, .ask = ask, .best = out };

	push(&s, ask->leaf, true);
	extend(&s);
}
