/* SPDX-License-Identifier: MIT */
/*
 * test_laws: what holds for every file, tried on many.
 *
 * test_laws SLACK_TABLE [STRIDE [START]]: flips every STRIDE-th bit from START on;
 * without them, a sample that takes seconds.  tools/laws runs it in full.
 *
 * 1. Turning one bit of a signed program never leaves it Valid, outside slack.tbl.
 * 2. No program whose own security directory is not empty is ever Unsigned.
 * 3. Signer is not empty while the signer's certificate lies whole in the table.
 * 4. The order of certificates in the bag changes nothing.
 */
#include "check.h"
#include "law/claims.h"
#include "law/court.h"

enum {
	CODE = 96 << 10,
	HEADERS = 0x400,
	MAX_SLACK = 64,
	MUTANTS_SAMPLE = 600,
	MUTANTS_FULL = 100000,
	MAX_TOLD = 400, /* offenders that are printed */
	BAG = 5,        /* certificates whose orders are tried: 120 */
};

struct slack {
	size_t from, to;
	char why[96];
};

struct laws {
	struct court court;
	hm_bytes file;   /* as signed */
	uint8_t *mutant; /* a copy that is changed and put right again */
	size_t table;    /* offset of the certificate table */
	size_t cert_at;  /* of the signer's certificate */
	size_t cert_len;
	struct slack slack[MAX_SLACK];
	size_t num_slack;
	unsigned long long tried, valid;
	/* first offender of each law, as text */
	char outside[160], unsigned_[160], nameless[160];
	unsigned long long num_outside, num_unsigned, num_nameless;
	uint64_t seed;
};

static uint32_t next_random(struct laws *l)
{
	l->seed = l->seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(l->seed >> 33);
}

static void read_slack(struct laws *l, const char *path)
{
	FILE *f = fopen(path, "r");
	char line[256];

	if (f == NULL)
		court_spent((char[]){ "no slack table" });
	while (fgets(line, sizeof(line), f) != NULL && l->num_slack < MAX_SLACK) {
		struct slack *s = &l->slack[l->num_slack];

		if (sscanf(line, "%zu %zu %95[^\n]", &s->from, &s->to, s->why) == 3)
			l->num_slack++;
	}
	fclose(f);
}

static bool in_slack(const struct laws *l, size_t byte)
{
	for (size_t i = 0; i < l->num_slack; i++) {
		if (byte >= l->slack[i].from && byte <= l->slack[i].to)
			return true;
	}
	return false;
}

/* A program of some size, so that most bits are code. */
static void lay_out(struct laws *l)
{
	struct hm_arena *a = &l->court.forge;
	struct hm_mk_kit k = hm_mk_kit_of(a);
	uint8_t *code = hm_alloc(a, 1, CODE);

	for (size_t i = 0; i < CODE; i++)
		code[i] = (uint8_t)next_random(l);
	k.pe.sections[0].content = (hm_bytes){ code, CODE };
	k.pe.sections[0].raw_size = CODE;
	k.pe.sections[0].virtual_size = CODE;
	k.pe.sections[1].raw_at = HEADERS + CODE;
	k.pe.sections[1].address = 0x1000 + CODE;
	l->file = hm_mk_file(&k);
	l->table = hm_mk_pe(a, &k.pe).len;
	hm_bytes cert = hm_mk_cert(a, &k.leaf);
	l->cert_at = hm_mk_find(l->file, cert);
	l->cert_len = cert.len;
	l->mutant = hm_alloc(a, 1, l->file.len);
	memcpy(l->mutant, l->file.at, l->file.len);
}

static bool signer_is_there(const struct laws *l, const struct hm_verdict *v)
{
	if (v->table_at != l->table || l->cert_at + l->cert_len > l->table + v->table_len)
		return false;
	return memcmp(l->mutant + l->cert_at, l->file.at + l->cert_at, l->cert_len) == 0;
}

/* Judge the mutant; changed says whether some byte outside the slack differs. */
static void try_mutant(struct laws *l, bool outside, const char *what)
{
	const struct hm_verdict *v =
		court_judge(&l->court, (hm_bytes){ l->mutant, l->file.len });
	const char *reason = hm_reason_row(v->reason)->word;

	l->tried++;
	l->valid += v->state == HM_STATE_VALID;
	if (v->state == HM_STATE_VALID && outside) {
		if (l->num_outside++ == 0)
			snprintf(l->outside, sizeof(l->outside), "%s", what);
		if (l->num_outside < MAX_TOLD)
			printf("# Valid: %s\n", what);
	}
	bool claims = claims_signature(l->mutant, l->file.len);
	if (claims && v->state == HM_STATE_UNSIGNED && l->num_unsigned++ == 0)
		snprintf(l->unsigned_, sizeof(l->unsigned_), "%s: %s", what, reason);
	if (claims && hm_verdict_signer(v)->subject.len == 0 && signer_is_there(l, v) &&
	    l->num_nameless++ == 0)
		snprintf(l->nameless, sizeof(l->nameless), "%s: %s", what, reason);
}

static void flip(struct laws *l, size_t bit)
{
	char what[64];

	snprintf(what, sizeof(what), "bit %zu of byte %zu", bit % 8, bit / 8);
	l->mutant[bit / 8] ^= (uint8_t)(1u << bit % 8);
	try_mutant(l, !in_slack(l, bit / 8), what);
	l->mutant[bit / 8] = l->file.at[bit / 8];
}

/* Headers and table densely, the code between them thinly. */
static void flip_sample(struct laws *l)
{
	for (size_t bit = 0; bit < (size_t)HEADERS * 8; bit += 61)
		flip(l, bit);
	for (size_t bit = (size_t)HEADERS * 8; bit < l->table * 8; bit += 9973)
		flip(l, bit);
	for (size_t bit = l->table * 8; bit < l->file.len * 8; bit += 101)
		flip(l, bit);
}

/* One to four bytes overwritten, mostly in headers and table. */
static void scramble(struct laws *l)
{
	size_t at[4];
	unsigned count = 1 + next_random(l) % 4;
	bool outside = false;
	char what[120];

	for (unsigned i = 0; i < count; i++) {
		size_t where = next_random(l) % 8;

		if (where < 3)
			at[i] = next_random(l) % HEADERS;
		else if (where < 7)
			at[i] = l->table + next_random(l) % (l->file.len - l->table);
		else
			at[i] = next_random(l) % l->file.len;
		l->mutant[at[i]] = (uint8_t)next_random(l);
	}
	for (unsigned i = 0; i < count; i++)
		outside |= l->mutant[at[i]] != l->file.at[at[i]] && !in_slack(l, at[i]);
	snprintf(what, sizeof(what), "scrambled %zu and %u more bytes", at[0], count - 1);
	try_mutant(l, outside, what);
	for (unsigned i = 0; i < count; i++)
		l->mutant[at[i]] = l->file.at[at[i]];
}

/* The n-th order of count things (factorial number system). */
static void order_of(unsigned n, unsigned count, unsigned *out)
{
	unsigned left[BAG];

	for (unsigned i = 0; i < count; i++)
		left[i] = i;
	for (unsigned i = 0; i < count; i++) {
		unsigned pick = n % (count - i);

		n /= count - i;
		out[i] = left[pick];
		memmove(left + pick, left + pick + 1, (count - pick - 1) * sizeof(*left));
	}
}

/* Signer, issuer, an expired twin of the issuer, the root, a stranger: all orders. */
static void check_orders(struct laws *l, const char *clock, enum hm_mk_stamp_kind stamp)
{
	struct hm_mk_kit k = hm_mk_kit_of(&l->court.forge);
	struct hm_mk_cert twin = k.ca, stranger = k.leaf;
	unsigned differ = 0, order[BAG];
	enum hm_reason first = HM_REASON_COUNT;
	uint64_t flags = 0;

	twin.serial = hm_mk_int(k.a, 7);
	twin.not_after = hm_mk_day(2020, 1, 1);
	stranger.serial = hm_mk_int(k.a, 8);
	stranger.key = HM_MK_KEY_OTHER;
	k.stamp.kind = stamp;
	const hm_bytes certs[BAG] = { hm_mk_cert(k.a, &k.leaf), hm_mk_cert(k.a, &k.ca),
				      hm_mk_cert(k.a, &twin), hm_mk_cert(k.a, &k.tsa),
				      hm_mk_cert(k.a, &stranger) };
	l->court.policy.now = hm_time_parse(hm_bytes_of(clock));
	for (unsigned n = 0; n < 120; n++) {
		order_of(n, BAG, order);
		k.bag = hm_mk_cat(k.a, certs[order[0]], certs[order[1]], certs[order[2]],
				  certs[order[3]], certs[order[4]]);
		const struct hm_verdict *v = court_judge(&l->court, hm_mk_file(&k));
		if (n == 0) {
			first = v->reason;
			flags = v->flags;
		}
		differ += v->reason != first || v->flags != flags;
	}
	check(differ == 0, "order of certificates at %s: %u of 120 differ from %s", clock,
	      differ, hm_reason_row(first)->word);
}

static void report(const struct laws *l)
{
	check(l->num_outside == 0,
	      "Valid outside slack.tbl: %llu of %llu mutants (first: %s)", l->num_outside,
	      l->tried, l->outside);
	check(l->num_unsigned == 0,
	      "Unsigned while claiming a signature: %llu (first: %s)", l->num_unsigned,
	      l->unsigned_);
	check(l->num_nameless == 0,
	      "Signer empty, its certificate whole: %llu (first: %s)", l->num_nameless,
	      l->nameless);
	printf("# %llu mutants, %llu stay Valid\n", l->tried, l->valid);
}

int main(int argc, char **argv)
{
	static struct laws l = { .seed = 1 };
	size_t stride = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
	size_t start = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;

	if (argc < 2)
		return 2;
	read_slack(&l, argv[1]);
	court_open(&l.court, COURT_LATE);
	lay_out(&l);
	check(court_judge(&l.court, l.file)->state == HM_STATE_VALID,
	      "%zu bytes are Valid", l.file.len);
	if (stride == 0)
		flip_sample(&l);
	for (size_t bit = start; stride != 0 && bit < l.file.len * 8; bit += stride)
		flip(&l, bit);
	l.seed = 1000 + start;
	for (unsigned i = 0; i < (stride != 0 ? MUTANTS_FULL : MUTANTS_SAMPLE); i++)
		scramble(&l);
	report(&l);
	check_orders(&l, "2026-06-01", HM_MK_TOKEN);
	check_orders(&l, COURT_LATE, HM_MK_PKCS9);
	court_close(&l.court);
	return check_done();
}
