/* SPDX-License-Identifier: MIT */
/*
 * limits.h: every bound that hallmark puts on its input, each with its reason.
 *
 * Going past one is HM_ELIMIT and a reason of its own in the verdict or in the
 * count of skipped records: never silence.
 */
#ifndef HM_BASE_LIMITS_H
#define HM_BASE_LIMITS_H

enum {
	/* JSON: Event Hub messages nest 4 deep, Elastic's documents 9. */
	HM_MAX_JSON_DEPTH = 64,

	/* Worker and caller: a frame is a verdict or a batch of rows, never a file. */
	HM_MAX_FRAME_BYTES = 64 << 20,
};

#endif
