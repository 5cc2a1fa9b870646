/* SPDX-License-Identifier: MIT */
/*
 * The reader of DER: any calls in any order, on any input.  The file is included, so that
 * the walk over indefinite lengths, which is static, can be called.
 */
#include "prove.h"
#include "signature/der.c"

static void any_read(struct hm_cur *c)
{
	uint8_t tag = Frama_C_unsigned_char_interval(0, 255);
	struct hm_der e;

	switch (Frama_C_interval(0, 11)) {
	case 0:
		e = hm_der_next(c, "f");
		hm_der_value(&e);
		break;
	case 1:
		e = hm_ber_next(c, "f");
		*c = e.in;
		break;
	case 2: e = hm_der_of(c, tag, "f"); break;
	case 3:
		e = hm_ber_of(c, tag, "f");
		*c = e.in;
		break;
	case 4: hm_der_if(c, tag, "f", &e); break;
	case 5: hm_ber_if(c, tag, "f", &e); break;
	case 6: hm_der_end(c, "f"); break;
	case 7:
		hm_der_oid(c, "f");
		hm_der_integer(c, "f");
		break;
	case 8: hm_der_small(c, "f"); break;
	case 9: hm_der_bool(c, "f"); break;
	case 10: hm_der_bits(c, "f"); break;
	default: hm_der_time(c, "f"); break;
	}
}

int main(void)
{
	//@ widen_hints global:"all", 0, 64, CAP;
	struct hm_cur c = any_input();
	struct walk w = { .c = c };

	walk(&w);
	hm_der_unsigned((hm_bytes){ buffer, Frama_C_size_t_interval(0, CAP) });
	while (more_work())
		any_read(&c);
	return 0;
}
