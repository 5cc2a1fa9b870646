/* SPDX-License-Identifier: MIT */
/* A verdict comes through the wire whole; what is no verdict is refused. */
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "verdict/wire.h"

static jmp_buf full;

HM_NORETURN static void spent(void *ctx)
{
	(void)ctx;
	longjmp(full, 1);
}

static struct hm_link a_link(const char *name)
{
	return (struct hm_link){
		.subject = hm_bytes_of(name),
		.issuer = hm_bytes_of("Issuing CA \xc3\xa9"),
		.sha1 = hm_bytes_of("00ff"),
		.serial = hm_bytes_of("33000001"),
		.not_before = HM_UNIX_0,
		.not_after = HM_UNIX_0 + HM_TICKS_DAY,
		.key = hm_bytes_of("RSA 2048"),
		.from_file = true,
	};
}

static struct hm_verdict a_verdict(struct hm_arena *a)
{
	struct hm_verdict v = hm_verdict_plain(HM_REASON_EXPIRED, HM_UNIX_0, a);
	struct hm_sig_verdict *sig;

	v.num_sigs = 2;
	v.sigs = hm_new_n(a, struct hm_sig_verdict, 2);
	v.sigs[0] = hm_verdict_plain(HM_REASON_EXPIRED, HM_UNIX_0, a).sigs[0];
	v.sigs[1] = hm_verdict_plain(HM_REASON_SIGNED, HM_UNIX_0, a).sigs[0];
	v.sha1 = hm_bytes_of("abcd");
	v.flags = HM_FLAG_BIT(NO_STAMP) | HM_FLAG_BIT(SHORT_LIVED);
	sig = &v.sigs[0];
	sig->chain.num = 2;
	sig->chain.links = hm_new_n(a, struct hm_link, 2);
	sig->chain.links[0] = a_link("Signer");
	sig->chain.links[1] = a_link("CA");
	sig->chain.anchor = HM_ANCHOR_USER;
	sig->num_stamps = 1;
	sig->stamps = hm_new(a, struct hm_stamp_told);
	sig->stamps[0].time = HM_UNIX_0;
	sig->stamps[0].reason = HM_REASON_STAMP_USAGE;
	sig->stamp = 0;
	sig->num_crl_urls = 1;
	sig->crl_urls = hm_new(a, hm_bytes);
	sig->crl_urls[0] = hm_bytes_of("http://crl.example/a.crl");
	sig->faults.num = 1;
	sig->faults.at = hm_new(a, struct hm_fault);
	sig->faults.at[0] = (struct hm_fault){ HM_REASON_EXPIRED, hm_bytes_of("Signer") };
	v.sigs[1].depth = 1;
	return v;
}

static void whole(struct hm_arena *a)
{
	struct hm_verdict v = a_verdict(a), back = { 0 };
	struct hm_buf first = hm_buf_of(1 << 20), second = hm_buf_of(1 << 20);

	hm_verdict_write(&v, &first);
	check(hm_verdict_read(hm_buf_bytes(&first), a, &back) == HM_OK, "read back");
	hm_verdict_write(&back, &second);
	check(first.len == second.len && memcmp(first.at, second.at, first.len) == 0,
	      "written again it is the same bytes");
	check(hm_is(hm_verdict_signer(&back)->subject, "Signer"), "signer");
	check(hm_is(hm_verdict_issuer(&back)->subject, "CA"), "issuer");
	check(hm_verdict_stamp(&back) && hm_verdict_stamp(&back)->time == HM_UNIX_0,
	      "stamp");
	check(back.sigs[0].faults.at[0].reason == HM_REASON_EXPIRED, "faults");
	hm_buf_done(&first);
	hm_buf_done(&second);
}

/* Every shorter input fails, and so does one with a byte more. */
static void cut(struct hm_arena *a)
{
	struct hm_verdict v = a_verdict(a), back;
	struct hm_buf b = hm_buf_of(1 << 20);
	size_t accepted = 0, len;

	hm_verdict_write(&v, &b);
	len = b.len;
	for (size_t i = 0; i < len; i++) {
		if (hm_verdict_read((hm_bytes){ b.at, i }, a, &back) == HM_OK)
			accepted++;
	}
	check(accepted == 0, "no beginning of a verdict is one");
	hm_put_u8(&b, 0);
	check(hm_verdict_read(hm_buf_bytes(&b), a, &back) == HM_EFORMAT,
	      "a byte too many");
	hm_buf_done(&b);
}

/* Whatever one byte is set to, what is read has lawful enumerators and indices. */
static void bent(struct hm_arena *a)
{
	struct hm_verdict v = a_verdict(a);
	struct hm_buf b = hm_buf_of(1 << 20);
	bool lawful = true;

	hm_verdict_write(&v, &b);
	for (size_t i = 0; i < b.len; i++) {
		struct hm_arena scratch;
		struct hm_verdict back;
		uint8_t was = b.at[i];

		if (hm_arena_open(1 << 20, spent, NULL, &scratch) != HM_OK)
			break;
		b.at[i] = (uint8_t)(was ^ 0x81);
		if (hm_verdict_read(hm_buf_bytes(&b), &scratch, &back) == HM_OK)
			lawful = lawful && back.reason < HM_REASON_COUNT &&
				 back.state == hm_reason_row(back.reason)->state &&
				 back.sigs && back.sigs[0].reason < HM_REASON_COUNT;
		b.at[i] = was;
		hm_arena_close(&scratch);
	}
	check(lawful, "a bent verdict is refused or lawful");
	hm_buf_done(&b);
}

static void plain(struct hm_arena *a)
{
	struct hm_verdict v = hm_verdict_plain(HM_REASON_NOT_SIGNED, HM_UNIX_0, a), back;
	struct hm_buf b = hm_buf_of(1 << 20);

	hm_verdict_write(&v, &b);
	check(hm_verdict_read(hm_buf_bytes(&b), a, &back) == HM_OK && back.num_sigs == 0,
	      "a file without signatures");
	check(hm_verdict_signer(&back)->subject.len == 0 &&
		      hm_verdict_stamp(&back) == NULL,
	      "has an empty signer and no stamp");
	hm_buf_done(&b);
}

/* The words of the tables are all there and all different. */
static void tables(void)
{
	bool ok = true;

	for (enum hm_reason r = 0; r < HM_REASON_COUNT; r++) {
		const struct hm_reason_row *row = hm_reason_row(r);

		ok = ok && row->word[0] && row->sentence[0] && row->hresult->text[0];
		ok = ok && (row->state == HM_STATE_VALID) == (row->hresult->value == 0);
		for (enum hm_reason q = 0; q < r; q++)
			ok = ok && strcmp(row->word, hm_reason_row(q)->word) != 0;
	}
	check(ok, "every reason has words of its own, and only Valid is S_OK");
}

int main(void)
{
	struct hm_arena a;

	if (hm_arena_open(64 << 20, spent, NULL, &a) != HM_OK || setjmp(full))
		return 1;
	whole(&a);
	cut(&a);
	bent(&a);
	plain(&a);
	tables();
	hm_arena_close(&a);
	return check_done();
}
