/* SPDX-License-Identifier: MIT */
/*
 * tally.h: what was read, counted by provider and id, and what became of it.
 *
 * The tally of a worker's job crosses to the caller as bytes and is added there.
 */
#ifndef HM_TELEMETRY_TALLY_H
#define HM_TELEMETRY_TALLY_H

#include "base/arena.h"
#include "base/buf.h"

enum {
	/* Kinds of event told apart; more are counted together as "other". */
	HM_MAX_TALLY = 4096,
	HM_MAX_TALLY_NAME = 96,
};

struct hm_count {
	char name[HM_MAX_TALLY_NAME]; /* provider, table or layout; UTF-8 */
	int64_t id;                   /* -1 where there is none */
	uint64_t records, rows;
};

struct hm_tally {
	struct hm_count *counts; /* room for HM_MAX_TALLY */
	size_t num;
	size_t last; /* where the one before was found */
};

struct hm_tally hm_tally_of(struct hm_arena *a);
void hm_tally_clear(struct hm_tally *t);

void hm_tally_add(struct hm_tally *t, hm_bytes name, int64_t id, uint64_t records,
		  uint64_t rows);

void hm_tally_write(const struct hm_tally *t, struct hm_buf *out);
/* Add what hm_tally_write wrote; HM_EFORMAT where it is something else. */
hm_err hm_tally_merge(struct hm_tally *t, hm_bytes written);

/* By name and id. */
void hm_tally_sort(struct hm_tally *t);

#endif
