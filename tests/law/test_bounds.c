/* SPDX-License-Identifier: MIT */
/*
 * test_bounds: what one verification may cost, whatever the file is.
 *
 * For every file of the catalogue, and for one of 64 MiB: processor time is at most 250
 * ms and 1.5 times what EVP alone needs for the same digests over as many bytes, measured
 * in the same run; at most 128 public-key operations; at most 64 MiB of memory beyond the
 * file.  The linker puts counters before the functions of EVP and of malloc (--wrap), so
 * the verifier is measured as it is.  Sums of bytes are by digest; a second measurement
 * decides where a busy machine spoils the first.
 *
 * test_bounds [NAME...]: only these of the catalogue.
 */
#include <malloc.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/limits.h"
#include "check.h"
#include "law/court.h"

enum {
	MEGABYTE = 1 << 20,
	MAX_MEMORY = 64 * MEGABYTE,
	LARGE = 64 * MEGABYTE,
	MAX_MDS = 8,
	TRIES = 3,
};
static const double fixed_seconds = 0.25, per_digest = 1.5;

/* What the wrapped functions count; they take no context of ours. */
static struct {
	struct {
		const EVP_MD *md;
		size_t bytes, calls;
	} mds[MAX_MDS];
	unsigned operations;
	size_t held, most; /* heap */
} cost;

int __real_EVP_DigestUpdate(EVP_MD_CTX *ctx, const void *at, size_t len);
int __wrap_EVP_DigestUpdate(EVP_MD_CTX *ctx, const void *at, size_t len);
int __real_EVP_PKEY_verify(EVP_PKEY_CTX *ctx, const unsigned char *sig, size_t sig_len,
			   const unsigned char *digest, size_t len);
int __wrap_EVP_PKEY_verify(EVP_PKEY_CTX *ctx, const unsigned char *sig, size_t sig_len,
			   const unsigned char *digest, size_t len);
int __real_EVP_PKEY_verify_recover(EVP_PKEY_CTX *ctx, unsigned char *out, size_t *out_len,
				   const unsigned char *sig, size_t sig_len);
int __wrap_EVP_PKEY_verify_recover(EVP_PKEY_CTX *ctx, unsigned char *out, size_t *out_len,
				   const unsigned char *sig, size_t sig_len);
void *__real_malloc(size_t len);
void *__wrap_malloc(size_t len);
void *__real_calloc(size_t num, size_t len);
void *__wrap_calloc(size_t num, size_t len);
void *__real_realloc(void *old, size_t len);
void *__wrap_realloc(void *old, size_t len);
void __real_free(void *old);
void __wrap_free(void *old);

int __wrap_EVP_DigestUpdate(EVP_MD_CTX *ctx, const void *at, size_t len)
{
	const EVP_MD *md = EVP_MD_CTX_get0_md(ctx);

	for (int i = 0; i < MAX_MDS; i++) {
		if (cost.mds[i].md != NULL && cost.mds[i].md != md)
			continue;
		cost.mds[i].md = md;
		cost.mds[i].bytes += len;
		cost.mds[i].calls++;
		break;
	}
	return __real_EVP_DigestUpdate(ctx, at, len);
}

int __wrap_EVP_PKEY_verify(EVP_PKEY_CTX *ctx, const unsigned char *sig, size_t sig_len,
			   const unsigned char *digest, size_t len)
{
	cost.operations++;
	return __real_EVP_PKEY_verify(ctx, sig, sig_len, digest, len);
}

int __wrap_EVP_PKEY_verify_recover(EVP_PKEY_CTX *ctx, unsigned char *out, size_t *out_len,
				   const unsigned char *sig, size_t sig_len)
{
	cost.operations++;
	return __real_EVP_PKEY_verify_recover(ctx, out, out_len, sig, sig_len);
}

static void *held(void *got)
{
	cost.held += malloc_usable_size(got);
	cost.most = cost.held > cost.most ? cost.held : cost.most;
	return got;
}

void *__wrap_malloc(size_t len)
{
	return held(__real_malloc(len));
}

void *__wrap_calloc(size_t num, size_t len)
{
	return held(__real_calloc(num, len));
}

void *__wrap_realloc(void *old, size_t len)
{
	cost.held -= malloc_usable_size(old);
	return held(__real_realloc(old, len));
}

void __wrap_free(void *old)
{
	cost.held -= malloc_usable_size(old);
	__real_free(old);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What EVP alone takes for the digests counted, over bytes of the file. */
static double evp_alone(hm_bytes file)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	double begin = seconds();

	for (int i = 0; i < MAX_MDS && cost.mds[i].md != NULL && file.len != 0; i++) {
		size_t left = cost.mds[i].bytes;
		unsigned char out[EVP_MAX_MD_SIZE];

		EVP_DigestInit_ex2(ctx, cost.mds[i].md, NULL);
		for (size_t len; left != 0; left -= len) {
			len = left < file.len ? left : file.len;
			__real_EVP_DigestUpdate(ctx, file.at, len);
		}
		EVP_DigestFinal_ex(ctx, out, NULL);
	}
	double took = seconds() - begin;

	EVP_MD_CTX_free(ctx);
	return took;
}

struct worst {
	double value;
	char name[64];
};

struct bounds {
	struct court court;
	struct worst time, operations, memory; /* of the catalogue */
	size_t files, broken;
};

static void note(struct worst *w, double value, const char *name)
{
	if (value < w->value)
		return;
	w->value = value;
	snprintf(w->name, sizeof(w->name), "%s", name);
}

/* Whether the file keeps within the bound on time; *beyond is what EVP alone is not. */
static bool in_time(struct bounds *b, hm_bytes file, double *beyond)
{
	for (int i = 0; i < TRIES; i++) {
		size_t before = cost.held;

		memset(&cost, 0, sizeof(cost));
		cost.held = cost.most = before;
		double begin = seconds();

		court_judge(&b->court, file);
		double took = seconds() - begin, alone = evp_alone(file);

		cost.most -= before;
		*beyond = took - per_digest * alone;
		if (*beyond <= fixed_seconds)
			return true;
	}
	return false;
}

static void try_file(struct bounds *b, const char *name, hm_bytes file)
{
	double beyond;
	bool timely = in_time(b, file, &beyond);
	size_t memory = (size_t)(b->court.judge.next - b->court.judge.begin) + cost.most;

	b->files++;
	note(&b->time, beyond, name);
	note(&b->operations, cost.operations, name);
	note(&b->memory, (double)memory / MEGABYTE, name);
	if (timely && cost.operations <= HM_MAX_KEY_OPERATIONS && memory <= MAX_MEMORY)
		return;
	b->broken++;
	printf("# %s: %.0f ms beyond 1.5 times EVP, %u operations, %.1f MiB\n", name,
	       beyond * 1e3, cost.operations, (double)memory / MEGABYTE);
}

static bool wanted(const char *name, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(name, argv[i]) == 0)
			return true;
	}
	return argc < 2;
}

static void try_catalogue(struct bounds *b, int argc, char **argv)
{
	struct hm_mk_case c;

	for (size_t walk = 0; hm_mk_next_case(&walk, &c);) {
		char name[64];

		snprintf(name, sizeof(name), "%.*s", (int)c.name.len,
			 (const char *)c.name.at);
		if (!wanted(name, argc, argv))
			continue;
		b->court.policy.now = hm_time_parse(c.clock);
		try_file(b, name, hm_mk_case_file(&b->court.forge, c.name));
		hm_arena_reset(&b->court.forge);
	}
}

static void try_large(struct bounds *b)
{
	struct hm_mk_kit k = hm_mk_kit_of(&b->court.forge);
	double beyond;

	k.pe.overlay = hm_mk_fill(k.a, 0xa5, LARGE);
	hm_bytes file = hm_mk_file(&k);

	b->court.policy.now = hm_mk_day(2026, 6, 1);
	bool timely = in_time(b, file, &beyond);

	check(timely, "64 MiB: %.0f ms beyond 1.5 times EVP", beyond * 1e3);
	check(b->court.verdict.state == HM_STATE_VALID, "and it is Valid");
	check(cost.most < MEGABYTE, "in %zu KiB of heap", cost.most >> 10);
}

int main(int argc, char **argv)
{
	static struct bounds b;

	court_open(&b.court, "2026-06-01");
	try_catalogue(&b, argc, argv);
	check(b.broken == 0, "%zu of %zu files go beyond a bound", b.broken, b.files);
	check(b.operations.value >= 4, "operations are counted");
	printf("# most time beyond 1.5 times EVP: %.1f ms, %s\n", b.time.value * 1e3,
	       b.time.name);
	printf("# most operations: %.0f, %s\n", b.operations.value, b.operations.name);
	printf("# most memory: %.1f MiB, %s\n", b.memory.value, b.memory.name);
	try_large(&b);
	court_close(&b.court);
	return check_done();
}
