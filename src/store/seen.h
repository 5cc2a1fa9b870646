/* SPDX-License-Identifier: MIT */
/* seen.h: a number for each of some row identities: a hash table, open addressing. */
#ifndef HM_STORE_SEEN_H
#define HM_STORE_SEEN_H

#include "store/bloom.h"

struct hm_seen_entry {
	struct hm_row_id id;
	uint64_t value;
	bool used;
};

/* Zeroed is empty.  hm_seen_done frees and may be called twice. */
struct hm_seen {
	struct hm_seen_entry *entries;
	size_t cap, num;
};

/* Set the number of id.  Where there is no memory, or 4 million are held, a new id is
 * not kept: it then counts as never seen. */
void hm_seen_put(struct hm_seen *s, struct hm_row_id id, uint64_t value);
bool hm_seen_get(const struct hm_seen *s, struct hm_row_id id, uint64_t *value);
void hm_seen_clear(struct hm_seen *s);
void hm_seen_done(struct hm_seen *s);

#endif
