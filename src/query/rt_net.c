/* SPDX-License-Identifier: MIT */
/*
 * rt_net.c: IPv4 and IPv6 addresses with prefixes.
 *
 * All work is done on 128 bits: an IPv4 address is ::ffff:a.b.c.d and its prefix 96
 * longer.  What is no address is null.
 */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "query/rt_fn.h"

struct ip {
	uint8_t at[16];
	int prefix; /* 0 to 128 */
	bool is4;
};

static bool read_number(struct hm_cur *c, int most, int *out)
{
	int value = 0, digits = 0;

	for (; isdigit(hm_peek(c)) && digits < 4; digits++)
		value = value * 10 + (hm_u8(c, "digit") - '0');
	*out = value;
	return digits != 0 && value <= most;
}

/* a.b.c.d, all four given. */
static bool read_ip4(struct hm_cur *c, uint8_t out[4])
{
	for (int i = 0; i < 4; i++) {
		int value;
		if (i != 0 && hm_u8(c, "dot") != '.')
			return false;
		if (!read_number(c, 255, &value))
			return false;
		out[i] = (uint8_t)value;
	}
	return true;
}

static bool read_group(struct hm_cur *c, uint8_t out[2])
{
	unsigned value = 0;
	int digits = 0;

	for (; isxdigit(hm_peek(c)) && digits < 5; digits++) {
		uint8_t d = hm_lower(hm_u8(c, "digit"));
		value = value << 4 | (unsigned)(d <= '9' ? d - '0' : d - 'a' + 10);
	}
	out[0] = (uint8_t)(value >> 8);
	out[1] = (uint8_t)value;
	return digits > 0 && digits < 5;
}

/* Four bytes written as a.b.c.d, where an address of 16 has room for them. */
static bool try_ip4(struct hm_cur *c, uint8_t bytes[16], size_t *n)
{
	struct hm_cur ahead = *c;

	if (*n > 12 || !read_ip4(&ahead, &bytes[*n]))
		return false;
	*c = ahead;
	*n += 4;
	return true;
}

/* The "::" that stands for zeros. */
static bool try_gap(struct hm_cur *c)
{
	struct hm_cur ahead = *c;

	if (!hm_same(hm_take(&ahead, 2, "::"), hm_bytes_of("::")))
		return false;
	*c = ahead;
	return true;
}

/* n bytes, of which those after gap go to the end; none is missing where there is no gap.
 */
static bool spread(const uint8_t bytes[16], size_t n, size_t gap, uint8_t out[16])
{
	if (gap == SIZE_MAX ? n != 16 : n > 14)
		return false;
	if (gap == SIZE_MAX)
		gap = n;
	memset(out, 0, 16);
	memcpy(out, bytes, gap);
	memcpy(&out[16 - (n - gap)], &bytes[gap], n - gap);
	return true;
}

static bool read_ip6(struct hm_cur *c, uint8_t out[16])
{
	uint8_t bytes[16] = { 0 };
	size_t n = 0, gap = SIZE_MAX;

	while (n < 16) {
		if (try_ip4(c, bytes, &n))
			break;
		if (gap == SIZE_MAX && try_gap(c)) {
			gap = n;
			if (!isxdigit(hm_peek(c)))
				break;
			continue;
		}
		if (n != 0 && gap != n && hm_u8(c, ":") != ':')
			return false;
		if (n != 0 && try_ip4(c, bytes, &n))
			break;
		if (!read_group(c, &bytes[n]))
			return false;
		n += 2;
		if (hm_peek(c) != ':')
			break;
	}
	return spread(bytes, n, gap, out);
}

static bool read_ip(hm_bytes text, struct ip *out)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct hm_cur c = hm_cur_of(hm_trim(text)), ahead = c;
	uint8_t four[4];

	*out = (struct ip){ .prefix = 128 };
	if (read_ip4(&ahead, four)) {
		c = ahead;
		out->is4 = true;
		memcpy(out->at, mapped, 12);
		memcpy(&out->at[12], four, 4);
	} else if (!read_ip6(&c, out->at)) {
		return false;
	}
	/* ::a.b.c.d/n and ::ffff:a.b.c.d/n count IPv4's bits too where it has dots. */
	bool dots = memchr(text.at, '.', text.len) != NULL;
	if (hm_more(&c)) {
		int prefix;
		if (hm_u8(&c, "slash") != '/' ||
		    !read_number(&c, dots ? 32 : 128, &prefix))
			return false;
		out->prefix = dots ? prefix + 96 : prefix;
	}
	return !hm_more(&c) && c.err == HM_OK;
}

static void mask(struct ip *ip, int prefix)
{
	for (int i = 0; i < 16; i++) {
		int bits = prefix - 8 * i;
		if (bits <= 0)
			ip->at[i] = 0;
		else if (bits < 8)
			ip->at[i] &= (uint8_t)(0xff00 >> bits);
	}
}

static bool read_ip4_only(hm_bytes text, struct ip *out)
{
	return read_ip(text, out) && out->is4;
}

/* Where addresses are compared, ::a.b.c.d stands for a.b.c.d. */
static bool read_mapped(hm_bytes text, struct ip *out)
{
	if (!read_ip(text, out))
		return false;
	if (memchr(text.at, '.', text.len) != NULL)
		out->at[10] = out->at[11] = 0xff;
	return true;
}

/* The order of two addresses under the shortest of their prefixes and most. */
static bool compare(const struct hm_rt_val *arg, int most, bool only4, int *out)
{
	struct ip a, b;

	if (!read_mapped(arg[0].s, &a) || !read_mapped(arg[1].s, &b) ||
	    (only4 && (!a.is4 || !b.is4)))
		return false;
	int prefix = a.prefix < b.prefix ? a.prefix : b.prefix;
	prefix = most < prefix ? most : prefix;
	mask(&a, prefix);
	mask(&b, prefix);
	int order = memcmp(a.at, b.at, 16);
	*out = order < 0 ? -1 : order > 0;
	return true;
}

/* ipv4_compare(a, b, prefix) and ipv6_compare; prefix 32 or 128 for all. */
HM_RT_FN(ipv4_compare)
{
	int order = 0;

	HM_RT_UNUSED(rt, num);
	out->null = arg[2].i < 0 || arg[2].i > 32 ||
		    !compare(arg, (int)arg[2].i + 96, true, &order);
	out->i = order;
}

HM_RT_FN(ipv6_compare)
{
	int order = 0;

	HM_RT_UNUSED(rt, num);
	out->null = arg[2].i < 0 || arg[2].i > 128 ||
		    !compare(arg, (int)arg[2].i, false, &order);
	out->i = order;
}

static bool in_range(hm_bytes address, hm_bytes range, bool only4, bool *out)
{
	struct hm_rt_val two[2] = { { .s = address }, { .s = range } };
	int order = 0;

	if (!compare(two, 128, only4, &order))
		return false;
	*out = order == 0;
	return true;
}

HM_RT_FN(ipv4_is_in_range)
{
	HM_RT_UNUSED(rt, num);
	out->null = !in_range(arg[0].s, arg[1].s, true, &out->b);
}

HM_RT_FN(ipv6_is_in_range)
{
	HM_RT_UNUSED(rt, num);
	out->null = !in_range(arg[0].s, arg[1].s, false, &out->b);
}

static void in_any(struct hm_rt *rt, const struct hm_rt_val *arg, bool only4,
		   struct hm_rt_val *out)
{
	const struct hm_json *list = hm_rt_json(rt, arg[1].s);
	struct ip ip;

	out->null = !read_ip(arg[0].s, &ip) || (only4 && !ip.is4);
	for (const struct hm_json *i = hm_rt_is_array(list) ? list->first : NULL;
	     i != NULL && !out->null; i = i->next) {
		bool in;
		if (in_range(arg[0].s, hm_rt_json_text(rt, i), only4, &in) && in)
			out->b = true;
	}
}

/* Of an address and an array of ranges. */
HM_RT_FN(ipv4_is_in_any_range)
{
	HM_RT_UNUSED(rt, num);
	in_any(rt, arg, true, out);
}

HM_RT_FN(ipv6_is_in_any_range)
{
	HM_RT_UNUSED(rt, num);
	in_any(rt, arg, false, out);
}

HM_RT_FN(ipv4_is_private)
{
	static const char *const ranges[] = { "10.0.0.0/8", "172.16.0.0/12",
					      "192.168.0.0/16" };

	HM_RT_UNUSED(rt, num);
	for (size_t i = 0; i < 3 && !out->b; i++)
		out->null = !in_range(arg[0].s, hm_bytes_of(ranges[i]), true, &out->b);
}

HM_RT_FN(ipv4_netmask_suffix)
{
	struct ip ip;

	HM_RT_UNUSED(rt, num);
	out->null = !read_ip4_only(arg[0].s, &ip);
	out->i = ip.prefix - 96;
}

static int64_t number_of(const struct ip *ip)
{
	return (int64_t)ip->at[12] << 24 | ip->at[13] << 16 | ip->at[14] << 8 |
	       ip->at[15];
}

/* parse_ipv4_mask(address, prefix); 32 for the address's own. */
HM_RT_FN(parse_ipv4)
{
	struct ip ip;

	HM_RT_UNUSED(rt, num);
	out->null = arg[1].i < 0 || arg[1].i > 32 || !read_ip4_only(arg[0].s, &ip);
	if (out->null)
		return;
	int prefix = (int)arg[1].i + 96;
	mask(&ip, prefix < ip.prefix ? prefix : ip.prefix);
	out->i = number_of(&ip);
}

/* parse_ipv6_mask(address, prefix): all groups in full. */
HM_RT_FN(parse_ipv6)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct ip ip;

	HM_RT_UNUSED(rt, num);
	if (arg[1].i < 0 || arg[1].i > 128 || !read_ip(arg[0].s, &ip))
		return;
	mask(&ip, arg[1].i < ip.prefix ? (int)arg[1].i : ip.prefix);
	for (int i = 0; i < 16; i += 2)
		hm_rt_addf(&t, "%s%02x%02x", i == 0 ? "" : ":", ip.at[i], ip.at[i + 1]);
	out->s = hm_rt_done(&t);
}

static bool ip4_argument(hm_bytes text, struct ip *out)
{
	int64_t value;

	if (read_ip4_only(text, out))
		return true;
	if (!hm_rt_parse_long(text, &value) || value < 0 || value > UINT32_MAX)
		return false;
	*out = (struct ip){ .prefix = 128,
			    .is4 = true,
			    .at = { [10] = 0xff, [11] = 0xff } };
	for (int i = 0; i < 4; i++)
		out->at[12 + i] = (uint8_t)(value >> (24 - 8 * i));
	return true;
}

/* format_ipv4(address or number as text, prefix, with the prefix shown) */
HM_RT_FN(format_ipv4)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct ip ip;

	HM_RT_UNUSED(rt, num);
	if (arg[1].i < 0 || arg[1].i > 32 || !ip4_argument(arg[0].s, &ip))
		return;
	int prefix = (int)arg[1].i + 96 < ip.prefix ? (int)arg[1].i + 96 : ip.prefix;
	mask(&ip, prefix);
	hm_rt_addf(&t, "%u.%u.%u.%u", ip.at[12], ip.at[13], ip.at[14], ip.at[15]);
	if (arg[2].b)
		hm_rt_addf(&t, "/%d", prefix - 96);
	out->s = hm_rt_done(&t);
}

HM_RT_FN(ipv4_range_to_cidr_list)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct ip a, b;
	bool first = true;

	HM_RT_UNUSED(rt, num);
	out->null = !read_ip4_only(arg[0].s, &a) || !read_ip4_only(arg[1].s, &b);
	if (out->null)
		return;
	uint64_t from = (uint64_t)number_of(&a), to = (uint64_t)number_of(&b);
	hm_rt_add_u8(&t, '[');
	while (from <= to) {
		int bits = 0;
		while (bits < 32 && from % (UINT64_C(2) << bits) == 0 &&
		       from + (UINT64_C(2) << bits) - 1 <= to)
			bits++;
		hm_rt_addf(&t, "%s\"%u.%u.%u.%u/%d\"", first ? "" : ",",
			   (unsigned)(from >> 24), (unsigned)(from >> 16 & 255),
			   (unsigned)(from >> 8 & 255), (unsigned)(from & 255),
			   32 - bits);
		first = false;
		from += UINT64_C(1) << bits;
	}
	hm_rt_add_u8(&t, ']');
	out->s = hm_rt_done(&t);
}

static bool stands_free(hm_bytes s, size_t at, size_t end)
{
	return (at == 0 || !isalnum(s.at[at - 1])) &&
	       (end == s.len || !isalnum(s.at[end]));
}

/* Whether s holds the address free of letters and digits on both sides. */
static bool holds_ip(hm_bytes s, hm_bytes address)
{
	struct ip ip;

	if (!read_ip4_only(address, &ip))
		return false;
	for (size_t at = 0; (at = hm_rt_find(s, address, at)) != SIZE_MAX; at++)
		if (stands_free(s, at, at + address.len) &&
		    (at == 0 || s.at[at - 1] != '.') &&
		    (at + address.len == s.len || s.at[at + address.len] != '.'))
			return true;
	return false;
}

/* Whether s holds a whole address that begins with prefix, which ends with a dot or
 * is a whole address itself. */
static bool holds_prefix(hm_bytes s, hm_bytes prefix)
{
	struct ip ip;

	if (prefix.len == 0 || prefix.at[prefix.len - 1] != '.')
		return holds_ip(s, prefix);
	for (size_t at = 0; (at = hm_rt_find(s, prefix, at)) != SIZE_MAX; at++) {
		size_t end = at;
		while (end < s.len && (isdigit(s.at[end]) || s.at[end] == '.'))
			end++;
		if (stands_free(s, at, end) && read_ip4_only(hm_rt_part(s, at, end), &ip))
			return true;
	}
	return false;
}

static void any_of(struct hm_rt *rt, const struct hm_rt_val *arg,
		   bool (*holds)(hm_bytes s, hm_bytes what), struct hm_rt_val *out)
{
	const struct hm_json *list = hm_rt_json(rt, arg[1].s);

	for (const struct hm_json *i = hm_rt_is_array(list) ? list->first : NULL;
	     i != NULL && !out->b; i = i->next)
		out->b = holds(arg[0].s, hm_rt_json_text(rt, i));
}

HM_RT_FN(has_any_ipv4)
{
	HM_RT_UNUSED(rt, num);
	any_of(rt, arg, holds_ip, out);
}

HM_RT_FN(has_any_ipv4_prefix)
{
	HM_RT_UNUSED(rt, num);
	any_of(rt, arg, holds_prefix, out);
}
