/* SPDX-License-Identifier: MIT */
/* prove.h: any input of up to CAP bytes, for Frama-C's EVA (tools/prove). */
#ifndef HM_TESTS_PROVE_H
#define HM_TESTS_PROVE_H

#include <__fc_builtin.h>

#include "base/bytes.h"

static uint8_t buffer[CAP];

static struct hm_cur any_input(void)
{
	Frama_C_make_unknown((char *)buffer, CAP);
	return hm_cur_of((hm_bytes){ buffer, Frama_C_size_t_interval(0, CAP) });
}

static uint64_t any_u64(void)
{
	return Frama_C_unsigned_long_long_interval(0, UINT64_MAX);
}

static bool more_work(void)
{
	return Frama_C_interval(0, 1) != 0;
}

#endif
