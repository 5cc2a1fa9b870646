/* SPDX-License-Identifier: MIT */
/* The cursor: any reads in any order, on any input, from a parent and a child. */
#include "prove.h"

static void any_step(struct hm_cur *c)
{
	switch (Frama_C_interval(0, 11)) {
	case 0: hm_u8(c, "f"); break;
	case 1: hm_u16le(c, "f"); break;
	case 2: hm_u32le(c, "f"); break;
	case 3: hm_u64le(c, "f"); break;
	case 4: hm_peek(c); break;
	case 5: hm_take(c, any_u64(), "f"); break;
	case 6: hm_rest(c); break;
	case 7: hm_seek(c, any_u64(), "f"); break;
	case 8: hm_rule(c, Frama_C_interval(0, 1) != 0, "r"); break;
	case 9: hm_tell(c); break;
	case 10: hm_left(c); break;
	default: *c = hm_sub(c, any_u64(), "f"); break;
	}
}

int main(void)
{
	struct hm_cur c = any_input();

	while (more_work()) {
		struct hm_cur child = hm_sub(&c, any_u64(), "child");

		while (more_work())
			any_step(&child);
		hm_join(&c, &child);
		any_step(&c);
	}
	return 0;
}
