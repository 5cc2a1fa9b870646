/* SPDX-License-Identifier: MIT */
/* load_rows.h: rows of a batch into a chunk of the engine.  For load.c only. */
#ifndef HM_STORE_LOAD_ROWS_H
#define HM_STORE_LOAD_ROWS_H

#include <duckdb.h>

#include "base/time.h"
#include "store/bloom.h"
#include "telemetry/batch.h"

/* Which rows of a batch, in their order, and the identity of each. */
struct hm_rows_chosen {
	uint16_t rows[HM_BATCH_ROWS];
	struct hm_row_id ids[HM_BATCH_ROWS];
	size_t num;
};

/* Fill chunk, whose columns are _Row, _Load and the table's, with the chosen rows. */
void hm_rows_fill(duckdb_data_chunk chunk, const struct hm_batch *b,
		  const struct hm_rows_chosen *chosen, uint64_t source, hm_time now);

#endif
