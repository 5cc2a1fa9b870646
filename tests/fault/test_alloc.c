/* SPDX-License-Identifier: MIT */
/*
 * test_alloc: memory that runs out at every point of a verification.
 *
 * Of our own: the arena is made as small as can be, then 16 bytes larger, until the
 * verdict comes out; so every allocation fails once.  Of OpenSSL's: its N-th allocation
 * fails, once, and then together with all after it, for every N.  Whatever fails, the
 * answer is the right one or none that anybody could take for trust: never Valid for a
 * file that is not, never Unsigned; no crash, and the sanitizer sees no leak.
 *
 * test_alloc [STEP]: only every STEP-th point.
 */
#include <openssl/crypto.h>
#include <setjmp.h>
#include <stdlib.h>

#include "check.h"
#include "law/court.h"

/* OpenSSL's queue of errors keeps up to four texts for each of its 16 places. */
enum { GRAIN = 16, ERROR_TEXTS = 64 };

/* OpenSSL's allocator takes no context of ours: the plan of failures is global. */
static struct plan {
	unsigned long count, fail_at; /* 0: never */
	bool sticky, failed;
} plan;
static long held; /* allocations that OpenSSL has not given back */

static bool fails(void)
{
	plan.count++;
	bool now = plan.fail_at != 0 && (plan.count == plan.fail_at ||
					 (plan.sticky && plan.count > plan.fail_at));

	plan.failed |= now;
	return now;
}

static void *take(size_t len, const char *file, int line)
{
	(void)file;
	(void)line;
	if (fails())
		return NULL;
	held++;
	return malloc(len);
}

static void *take_again(void *old, size_t len, const char *file, int line)
{
	(void)file;
	(void)line;
	if (fails())
		return NULL;
	held += old == NULL;
	return realloc(old, len);
}

static void give_back(void *old, const char *file, int line)
{
	(void)file;
	(void)line;
	held -= old != NULL;
	free(old);
}

struct outcome {
	enum hm_state state;
	bool spent; /* the arena was */
};

/* In the product a spent arena ends the worker, and its heap with it; here we jump, so
 * that what lay on the heap then is no leak to be told.  OpenSSL's part is counted. */
__attribute__((weak)) void __lsan_disable(void);
__attribute__((weak)) void __lsan_enable(void);

static jmp_buf full_jump;

HM_NORETURN static void jump(void *ctx)
{
	(void)ctx;
	longjmp(full_jump, 1);
}

static struct outcome judge_in(struct court *c, hm_bytes file, size_t room)
{
	/* What changes after setjmp must be volatile to be told after the jump. */
	volatile struct outcome out = { HM_STATE_UNKNOWN, true };
	void *mem = malloc(room + 1);
	struct hm_arena a = hm_arena_of(mem, room, jump, NULL);
	struct hm_verdict v;

	if (__lsan_disable != NULL)
		__lsan_disable();
	if (mem != NULL && setjmp(full_jump) == 0) {
		hm_judge(file, &c->policy, &a, &v);
		out.state = v.state;
		out.spent = false;
	}
	hm_arena_end(&a);
	if (__lsan_enable != NULL)
		__lsan_enable();
	free(mem);
	return (struct outcome){ out.state, out.spent };
}

/* Whether an answer under failure is harmless. */
static bool harmless(enum hm_state got, enum hm_state right)
{
	return got == right || (got != HM_STATE_VALID && got != HM_STATE_UNSIGNED);
}

static void small_arenas(struct court *c, const char *name, size_t step)
{
	hm_bytes file = hm_mk_case_file(&c->forge, hm_bytes_of(name));
	enum hm_state right = court_judge(c, file)->state;
	unsigned long runs = 0, bad = 0;
	size_t room = 0;
	long before = held;

	for (;; room += GRAIN * step) {
		struct outcome got = judge_in(c, file, room);

		runs++;
		if (!got.spent) {
			bad += got.state != right;
			break;
		}
	}
	check(bad == 0, "%s: %lu arenas too small, then %s with %zu bytes", name,
	      runs - 1, hm_state_name(right), room);
	check(held <= before + ERROR_TEXTS, "%s: OpenSSL holds %ld more than before",
	      name, held - before);
}

static void failing_openssl(struct court *c, const char *name, bool sticky, size_t step)
{
	hm_bytes file = hm_mk_case_file(&c->forge, hm_bytes_of(name));
	enum hm_state right = court_judge(c, file)->state;
	unsigned long runs = 0, bad = 0, wrong = 0;

	for (unsigned long at = 1;; at += step) {
		plan = (struct plan){ .fail_at = at, .sticky = sticky };
		enum hm_state got = court_judge(c, file)->state;
		bool failed = plan.failed;

		plan = (struct plan){ 0 };
		if (!failed)
			break;
		runs++;
		bad += !harmless(got, right);
		wrong += got != right && got != HM_STATE_UNKNOWN;
	}
	check(bad == 0 && wrong == 0 && runs > 0,
	      "%s: OpenSSL without memory %s, %lu times: %lu dangerous answers, %lu that "
	      "differ",
	      name, sticky ? "from then on" : "once", runs, bad, wrong);
}

/* Opening the crypto needs thousands of allocations: it works or says that it does not.
 */
static void failing_open(bool sticky, size_t step)
{
	unsigned long runs = 0, refused = 0;

	for (unsigned long at = 1; runs < 400; at += step) {
		struct hm_crypto *crypto = NULL;

		plan = (struct plan){ .fail_at = at, .sticky = sticky };
		hm_err err = hm_crypto_open(&crypto);
		bool failed = plan.failed;

		plan = (struct plan){ 0 };
		if (err == HM_OK)
			hm_crypto_close(crypto);
		if (!failed)
			break;
		runs++;
		refused += err != HM_OK;
	}
	check(runs > 0, "opening without memory %s: %lu times, refused %lu times",
	      sticky ? "from then on" : "once", runs, refused);
}

int main(int argc, char **argv)
{
	static const char *const names[] = { "honest",
					     "stamp-pkcs9",
					     "sigthief",
					     "rsa-e3-cube-root",
					     "signature-of-other-key",
					     "stamp-imprint-wrong",
					     "entry-garbage" };
	static struct court c;
	size_t step = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;

	if (step == 0 || CRYPTO_set_mem_functions(take, take_again, give_back) != 1)
		return 2;
	court_open(&c, "2026-06-01");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		small_arenas(&c, names[i], step);
		failing_openssl(&c, names[i], false, step);
		failing_openssl(&c, names[i], true, step);
	}
	failing_open(false, step);
	failing_open(true, step);
	court_close(&c);
	return check_done();
}
