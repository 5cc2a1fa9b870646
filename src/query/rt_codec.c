/* SPDX-License-Identifier: MIT */
/* rt_codec.c: base64 (RFC 4648), percent-encoding (RFC 3986), gzip and zlib. */
#include <string.h>
#include <zlib.h>

#include "base/text.h"
#include "query/rt_fn.h"

static const char alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static hm_bytes encoded(struct hm_rt *rt, hm_bytes in)
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	for (size_t i = 0; i < in.len; i += 3) {
		size_t left = in.len - i;
		uint32_t three = (uint32_t)in.at[i] << 16;
		if (left > 1)
			three |= (uint32_t)in.at[i + 1] << 8;
		if (left > 2)
			three |= in.at[i + 2];
		for (size_t j = 0; j < 4; j++)
			hm_rt_add_u8(
				&t,
				j > left ? '='
					 : (uint8_t)alphabet[three >> (18 - 6 * j) & 63]);
	}
	return hm_rt_done(&t);
}

/* False where it is not base64 with its padding. */
static bool decoded(struct hm_rt *rt, hm_bytes in, hm_bytes *out)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	uint32_t bits = 0;
	int have = 0;
	size_t pad = 0;

	if (in.len % 4 != 0)
		return false;
	for (size_t i = 0; i < in.len; i++) {
		if (in.at[i] == '=') {
			pad++;
			continue;
		}
		const char *at = strchr(alphabet, in.at[i]);
		if (in.at[i] == 0 || at == NULL || pad != 0)
			return false;
		bits = bits << 6 | (uint32_t)(at - alphabet);
		have += 6;
		if (have >= 8) {
			have -= 8;
			hm_rt_add_u8(&t, (uint8_t)(bits >> have));
		}
	}
	*out = hm_rt_done(&t);
	return pad <= 2;
}

HM_RT_FN(base64_encode)
{
	HM_RT_UNUSED(rt, num);
	out->s = encoded(rt, arg[0].s);
}

/* "" where it is no base64 or no UTF-8. */
HM_RT_FN(base64_decode)
{
	hm_bytes bytes;

	HM_RT_UNUSED(rt, num);
	if (decoded(rt, arg[0].s, &bytes) && hm_utf8_valid(bytes))
		out->s = bytes;
}

HM_RT_FN(base64_decode_toarray)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	hm_bytes bytes;

	HM_RT_UNUSED(rt, num);
	out->null = !decoded(rt, arg[0].s, &bytes);
	if (out->null)
		return;
	hm_rt_add_u8(&t, '[');
	for (size_t i = 0; i < bytes.len; i++)
		hm_rt_addf(&t, "%s%u", i == 0 ? "" : ",", bytes.at[i]);
	hm_rt_add_u8(&t, ']');
	out->s = hm_rt_done(&t);
}

HM_RT_FN(base64_encode_fromarray)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	const struct hm_json *list = arg[0].null ? NULL : hm_rt_json(rt, arg[0].s);
	int64_t byte;

	HM_RT_UNUSED(rt, num);
	for (const struct hm_json *i = hm_rt_is_array(list) ? list->first : NULL;
	     i != NULL; i = i->next) {
		if (!hm_rt_json_long(rt, i, &byte) || byte < 0 || byte > 255)
			return;
		hm_rt_add_u8(&t, (uint8_t)byte);
	}
	out->s = encoded(rt, hm_rt_done(&t));
}

/* The bytes in the mixed order of a GUID's memory. */
HM_RT_FN(base64_decode_toguid)
{
	static const uint8_t order[16] = { 3, 2, 1,  0,  5,  4,  7,  6,
					   8, 9, 10, 11, 12, 13, 14, 15 };
	struct hm_rt_text t = hm_rt_text_of(rt);
	hm_bytes bytes;

	HM_RT_UNUSED(rt, num);
	out->null = !decoded(rt, arg[0].s, &bytes) || bytes.len != 16;
	for (size_t i = 0; i < 16 && !out->null; i++)
		hm_rt_addf(&t, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
			   bytes.at[order[i]]);
	out->s = hm_rt_done(&t);
}

static bool is_plain(uint8_t byte)
{
	return (byte >= '0' && byte <= '9') ||
	       (hm_lower(byte) >= 'a' && hm_lower(byte) <= 'z') ||
	       (byte != 0 && strchr("-_.~", byte) != NULL);
}

HM_RT_FN(url_encode)
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	HM_RT_UNUSED(rt, num);
	for (size_t i = 0; i < arg[0].s.len; i++) {
		uint8_t byte = arg[0].s.at[i];
		if (is_plain(byte))
			hm_rt_add_u8(&t, byte);
		else
			hm_rt_addf(&t, "%%%02x", byte);
	}
	out->s = hm_rt_done(&t);
}

HM_RT_FN(url_decode)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	hm_bytes s = arg[0].s;
	uint8_t byte;

	HM_RT_UNUSED(rt, num);
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '%' && hm_unhex(hm_rt_part(s, i + 1, i + 3), &byte, 1)) {
			hm_rt_add_u8(&t, byte);
			i += 2;
		} else {
			hm_rt_add_u8(&t, s.at[i] == '+' ? ' ' : s.at[i]);
		}
	}
	if (hm_utf8_valid(hm_rt_done(&t)))
		out->s = hm_rt_done(&t);
}

/* zlib's windowBits: 15 a zlib stream, 31 a gzip one. */
static void inflated(struct hm_rt *rt, hm_bytes text, int bits, struct hm_rt_val *out)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	unsigned char part[4096];
	z_stream z = { 0 };
	hm_bytes in;
	int state = Z_OK;

	if (!decoded(rt, text, &in) || in.len == 0 || in.len > UINT32_MAX ||
	    inflateInit2(&z, bits) != Z_OK)
		return;
	z.next_in = hm_alloc(&rt->row, 1, in.len);
	memcpy(z.next_in, in.at, in.len);
	z.avail_in = (unsigned)in.len;
	/* A bomb ends at Kusto's largest string: 1 MiB. */
	while (state == Z_OK && t.len <= 1 << 20) {
		z.next_out = part;
		z.avail_out = sizeof part;
		state = inflate(&z, Z_NO_FLUSH);
		hm_rt_add(&t, (hm_bytes){ part, sizeof part - z.avail_out });
	}
	inflateEnd(&z);
	if (state == Z_STREAM_END && hm_utf8_valid(hm_rt_done(&t)))
		out->s = hm_rt_done(&t);
}

HM_RT_FN(gzip_decompress)
{
	HM_RT_UNUSED(rt, num);
	inflated(rt, arg[0].s, 31, out);
}

HM_RT_FN(zlib_decompress)
{
	HM_RT_UNUSED(rt, num);
	inflated(rt, arg[0].s, 15, out);
}
