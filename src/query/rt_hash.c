/* SPDX-License-Identifier: MIT */
/* rt_hash.c: xxHash64 (the algorithm's public specification) and digests, over text. */
#include <openssl/evp.h>
#include <string.h>

#include "query/rt_fn.h"

#define P1 UINT64_C(0x9E3779B185EBCA87)
#define P2 UINT64_C(0xC2B2AE3D27D4EB4F)
#define P3 UINT64_C(0x165667B19E3779F9)
#define P4 UINT64_C(0x85EBCA77C2B2AE63)
#define P5 UINT64_C(0x27D4EB2F165667C5)

static uint64_t rotl(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

static uint64_t round_of(uint64_t acc, uint64_t input)
{
	return rotl(acc + input * P2, 31) * P1;
}

static uint64_t merge(uint64_t acc, uint64_t value)
{
	return (acc ^ round_of(0, value)) * P1 + P4;
}

static uint64_t start(struct hm_cur *c)
{
	uint64_t a = P1 + P2, b = P2, d = 0, e = 0 - P1;

	if (hm_left(c) < 32)
		return P5;
	while (hm_left(c) >= 32) {
		a = round_of(a, hm_u64le(c, "lane"));
		b = round_of(b, hm_u64le(c, "lane"));
		d = round_of(d, hm_u64le(c, "lane"));
		e = round_of(e, hm_u64le(c, "lane"));
	}
	uint64_t acc = rotl(a, 1) + rotl(b, 7) + rotl(d, 12) + rotl(e, 18);
	return merge(merge(merge(merge(acc, a), b), d), e);
}

static uint64_t xxh64(hm_bytes in)
{
	struct hm_cur c = hm_cur_of(in);
	uint64_t acc = start(&c) + in.len;

	while (hm_left(&c) >= 8)
		acc = rotl(acc ^ round_of(0, hm_u64le(&c, "lane")), 27) * P1 + P4;
	if (hm_left(&c) >= 4)
		acc = rotl(acc ^ hm_u32le(&c, "lane") * P1, 23) * P2 + P3;
	while (hm_more(&c))
		acc = rotl(acc ^ hm_u8(&c, "byte") * P5, 11) * P1;
	acc = (acc ^ acc >> 33) * P2;
	acc = (acc ^ acc >> 29) * P3;
	return acc ^ acc >> 32;
}

static int64_t signed_of(uint64_t value)
{
	int64_t out;

	memcpy(&out, &value, sizeof out);
	return out;
}

HM_RT_FN(hash)
{
	HM_RT_UNUSED(rt, num);
	out->i = signed_of(xxh64(arg[0].s));
}

/* Of a value kept as 8 little-endian bytes: numbers and times. */
HM_RT_FN(hash_long)
{
	uint8_t bytes[8];

	HM_RT_UNUSED(rt, num);
	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)((uint64_t)arg[0].i >> (8 * i));
	out->i = signed_of(xxh64((hm_bytes){ bytes, 8 }));
}

static void digest(struct hm_rt *rt, const EVP_MD *md, hm_bytes in, struct hm_rt_val *out)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	struct hm_rt_text t = hm_rt_text_of(rt);

	if (EVP_Digest(in.at, in.len, bytes, &len, md, NULL) != 1) {
		rt->error = "a digest that this OpenSSL does not compute";
		return;
	}
	for (unsigned i = 0; i < len; i++)
		hm_rt_addf(&t, "%02x", bytes[i]);
	out->s = hm_rt_done(&t);
}

HM_RT_FN(hash_md5)
{
	HM_RT_UNUSED(rt, num);
	digest(rt, EVP_md5(), arg[0].s, out);
}

HM_RT_FN(hash_sha1)
{
	HM_RT_UNUSED(rt, num);
	digest(rt, EVP_sha1(), arg[0].s, out);
}

HM_RT_FN(hash_sha256)
{
	HM_RT_UNUSED(rt, num);
	digest(rt, EVP_sha256(), arg[0].s, out);
}
