/* SPDX-License-Identifier: MIT */
#include "base/buf.h"
#include "check.h"

int main(void)
{
	struct hm_buf b = hm_buf_of(1000);

	for (int i = 0; i < 100; i++)
		hm_putf(&b, "%02d", i);
	check(b.len == 200 && b.err == HM_OK && b.at[198] == '9', "it grows");
	hm_put_u32le(&b, 0x04030201);
	check(b.at[200] == 1 && b.at[203] == 4, "little endian");

	hm_buf_clear(&b);
	for (int i = 0; i < 1000; i++)
		hm_put_u8(&b, 'x');
	check(b.err == HM_OK && b.len == 1000, "it fills to its maximum");
	hm_put_u8(&b, 'x');
	check(b.err == HM_ELIMIT && b.len == 1000, "and not past it");
	hm_put_str(&b, "");
	check(b.err == HM_ELIMIT, "the failure sticks");

	hm_buf_clear(&b);
	uint8_t *room = hm_buf_room(&b, 10);
	check(room != NULL && b.len == 10, "room counts as written");
	hm_buf_return(&b, 4);
	check(b.len == 6, "and what was not used is given back");
	hm_buf_return(&b, 7);
	check(b.len == 6, "but no more than there is");
	hm_buf_done(&b);
	check(hm_buf_room(&b, 0) == NULL && b.err == HM_OK, "no bytes of no memory");
	hm_buf_done(&b);
	check(b.at == NULL, "done twice");
	return check_done();
}
