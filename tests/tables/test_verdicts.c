/* SPDX-License-Identifier: MIT */
/*
 * test_verdicts: every row of verdicts.tbl.
 *
 * test_verdicts TABLE REAL_FOLDER TRUST_FOLDER
 */
#include "base/text.h"
#include "check.h"
#include "tables/made.h"
#include "tables/stores.h"
#include "verdict/judge.h"

enum { FILE_NAME, TRUST, CLOCK, STATE, REASON, FLAGS, RULES, WHAT, COLUMNS };

struct runner {
	const char *real, *trust_folder;
	struct hm_arena a, kept;
	struct hm_crypto *crypto;
	struct made_store program;
	bool has_program;
	size_t rows;
};

HM_NORETURN static void spent(void *ctx)
{
	(void)ctx;
	puts("Bail out! out of memory");
	exit(1);
}

/* Up to " | " or the end of the line. */
static hm_bytes column(hm_bytes *line)
{
	return hm_trim(until(line, '|'));
}

/* NULL at where the file is not there. */
static hm_bytes file_of(struct runner *r, hm_bytes name)
{
	hm_bytes rest = name, kind = until(&rest, ':');
	hm_bytes file;

	if (!hm_is(kind, "real"))
		return hm_mk_case_file(&r->a, name);
	file = slurp(hm_format(&r->a, "%s/%s", r->real, hm_cstr(&r->a, rest)));
	hm_bytes kept = file.at ? hm_keep(&r->a, file) : file;

	unslurp(file);
	return kept;
}

/* A policy out of the words of the trust column; false where a word needs what is not
 * there. */
static bool policy_of(struct runner *r, hm_bytes words, struct hm_policy *policy,
		      struct hm_buf *bytes)
{
	struct hm_plan *plan = hm_plan_new(r->crypto, &r->a);
	const struct hm_trust **stores = hm_new_n(&r->a, const struct hm_trust *, 2);
	struct hm_trust *trust = hm_new(&r->a, struct hm_trust);
	bool made = false;

	policy->stores = stores;
	while (words.len) {
		hm_bytes word = until(&words, ' ');

		if (hm_is(word, "program") && !r->has_program)
			return false;
		if (hm_is(word, "program"))
			stores[policy->num_stores++] = &r->program.trust;
		else if (hm_is(word, "certain"))
			policy->require_revocation = true;
		else if (hm_is(word, "uefi"))
			policy->uefi = true;
		else if (word.len && !hm_is(word, "-")) {
			take_word(plan, &r->a, word);
			made = true;
		}
	}
	if (!made)
		return true;
	stores[policy->num_stores++] = trust;
	return hm_plan_write(plan, bytes) == HM_OK &&
	       hm_trust_open(hm_buf_bytes(bytes), trust) == HM_OK;
}

static bool has_flags(hm_bytes words, uint64_t flags)
{
	while (words.len) {
		hm_bytes word = until(&words, ' ');
		bool found = hm_is(word, "-");

		for (enum hm_flag f = 0; f < HM_FLAG_COUNT; f++)
			found = found ||
				(hm_is(word, hm_flag_word(f)) && (flags >> f & 1));
		if (!found)
			return false;
	}
	return true;
}

static void run_row(struct runner *r, const hm_bytes *row)
{
	struct hm_policy policy = { .crypto = r->crypto,
				    .now = hm_time_parse(row[CLOCK]) };
	const char *name = hm_cstr(&r->a, row[FILE_NAME]);
	hm_bytes file = file_of(r, row[FILE_NAME]);
	struct hm_buf bytes = hm_buf_of(64 << 20);
	struct hm_verdict v;

	bool real = row[FILE_NAME].len > 5 && memcmp(row[FILE_NAME].at, "real:", 5) == 0;

	if ((real && !file.at) || !policy_of(r, row[TRUST], &policy, &bytes)) {
		check(true, "%s # SKIP the file or the root list is not here", name);
		return;
	}
	hm_judge(file, &policy, &r->a, &v);
	check(file.at && policy.now != HM_NO_TIME &&
		      hm_is(row[STATE], hm_state_name(v.state)) &&
		      hm_is(row[REASON], hm_reason_row(v.reason)->word) &&
		      has_flags(row[FLAGS], v.flags),
	      "%s, trust %s, at %s: %s: %s %s, and it is %s %s", name,
	      hm_cstr(&r->a, row[TRUST]), hm_cstr(&r->a, row[CLOCK]),
	      hm_cstr(&r->a, row[WHAT]), hm_cstr(&r->a, row[STATE]),
	      hm_cstr(&r->a, row[REASON]), hm_state_name(v.state),
	      hm_reason_row(v.reason)->word);
	hm_buf_done(&bytes);
}

static void run(struct runner *r, hm_bytes table)
{
	while (table.len) {
		hm_bytes line = hm_trim(until(&table, '\n')), row[COLUMNS];

		if (!line.len || line.at[0] == '#')
			continue;
		for (size_t i = 0; i < COLUMNS; i++)
			row[i] = column(&line);
		r->rows++;
		run_row(r, row);
		hm_arena_reset(&r->a);
	}
}

int main(int argc, char **argv)
{
	static struct runner r;
	hm_bytes table = argc > 3 ? slurp(argv[1]) : (hm_bytes){ 0 };

	if (!table.at || hm_arena_open(256 << 20, spent, NULL, &r.a) != HM_OK ||
	    hm_arena_open(256 << 20, spent, NULL, &r.kept) != HM_OK ||
	    hm_crypto_open(&r.crypto) != HM_OK)
		return 1;
	r.real = argv[2];
	r.has_program = program_store(argv[3], r.crypto, &r.kept, &r.program);
	run(&r, table);
	check(r.rows >= 120, "%zu rows are the specification", r.rows);
	hm_buf_done(&r.program.bytes);
	hm_crypto_close(r.crypto);
	hm_arena_close(&r.a);
	hm_arena_close(&r.kept);
	unslurp(table);
	return check_done();
}
