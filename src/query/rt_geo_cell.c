/* SPDX-License-Identifier: MIT */
/*
 * rt_geo_cell.c: geohashes and S2 cells.
 *
 * A geohash halves longitude and latitude in turn, five bits a letter.  An S2 cell is a
 * square of one of six faces of a cube around the sphere, numbered along a Hilbert curve
 * (s2geometry.io, "S2 Cells"); its token is the number in hex without the zeros at its
 * end.
 */
#include <math.h>
#include <string.h>

#include "query/rt_geo.h"

static const char letters[] = "0123456789bcdefghjkmnpqrstuvwxyz";

enum { MAX_HASH = 18 };

/* A geohash as the place of its cell: x of 2^xbits from the west, y of 2^ybits. */
struct hash {
	uint64_t x, y;
	unsigned xbits, ybits;
};

static bool hash_of(hm_bytes text, struct hash *out)
{
	*out = (struct hash){ 0 };
	if (text.len == 0 || text.len > MAX_HASH)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		const uint8_t c = text.at[i];
		const uint8_t low = c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
		const char *at = low != 0 ? strchr(letters, low) : NULL;

		if (at == NULL)
			return false;
		for (int bit = 4; bit >= 0; bit--) {
			const uint64_t one = (uint64_t)(at - letters) >> bit & 1;

			if (out->xbits == out->ybits) {
				out->x = out->x << 1 | one;
				out->xbits++;
			} else {
				out->y = out->y << 1 | one;
				out->ybits++;
			}
		}
	}
	return true;
}

static void add_hash(struct hm_rt_text *t, struct hash h)
{
	unsigned value = 0, bits = 0;

	for (unsigned i = 0; i < h.xbits + h.ybits; i++) {
		const uint64_t one = i % 2 == 0 ? h.x >> (h.xbits - 1 - i / 2)
						: h.y >> (h.ybits - 1 - i / 2);

		value = value << 1 | (unsigned)(one & 1);
		if (++bits == 5) {
			hm_rt_add_u8(t, (uint8_t)letters[value]);
			value = bits = 0;
		}
	}
}

static double width(const struct hash *h)
{
	return ldexp(360, -(int)h->xbits);
}

static double height(const struct hash *h)
{
	return ldexp(180, -(int)h->ybits);
}

static uint64_t place(double value, double from, double size, unsigned bits)
{
	const double at = floor((value - from) / size);
	const uint64_t most = (UINT64_C(1) << bits) - 1;

	return at<0 ? 0 : at>(double) most ? most : (uint64_t)at;
}

/* geo_point_to_geohash(lng, lat, accuracy) */
HM_RT_FN(geo_to_geohash)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct hm_geo p;

	(void)num;
	if (arg[0].null || arg[1].null || arg[2].null || arg[2].i < 1 ||
	    arg[2].i > MAX_HASH || !hm_geo_of(arg[0].r, arg[1].r, &p))
		return;
	const unsigned bits = (unsigned)arg[2].i * 5;
	struct hash h = { 0, 0, (bits + 1) / 2, bits / 2 };
	h.x = place(arg[0].r, -180, width(&h), h.xbits);
	h.y = place(arg[1].r, -90, height(&h), h.ybits);
	add_hash(&t, h);
	out->s = hm_rt_done(&t);
}

HM_RT_FN(geo_geohash_center)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct hash h;

	(void)num;
	out->null = !hash_of(arg[0].s, &h);
	if (out->null)
		return;
	hm_rt_add_str(&t, "{\"type\":\"Point\",\"coordinates\":");
	hm_geo_add_pair(&t, -180 + width(&h) * ((double)h.x + 0.5),
			-90 + height(&h) * ((double)h.y + 0.5));
	hm_rt_add_u8(&t, '}');
	out->s = hm_rt_done(&t);
}

static const char polygon[] = "{\"type\":\"Polygon\",\"coordinates\":[[";

HM_RT_FN(geo_geohash_polygon)
{
	static const unsigned corners[5][2] = {
		{ 0, 0 }, { 1, 0 }, { 1, 1 }, { 0, 1 }, { 0, 0 }
	};
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct hash h;

	(void)num;
	out->null = !hash_of(arg[0].s, &h);
	if (out->null)
		return;
	hm_rt_add_str(&t, polygon);
	for (int i = 0; i < 5; i++) {
		hm_rt_add_str(&t, i == 0 ? "" : ",");
		hm_geo_add_pair(&t, -180 + width(&h) * (double)(h.x + corners[i][0]),
				-90 + height(&h) * (double)(h.y + corners[i][1]));
	}
	hm_rt_add_str(&t, "]]}");
	out->s = hm_rt_done(&t);
}

/* The eight around in Kusto's order, there are none past a pole. */
HM_RT_FN(geo_geohash_neighbors)
{
	static const int around[8][2] = { { -1, 0 }, { -1, -1 }, { 0, -1 }, { 1, -1 },
					  { 1, 1 },  { 1, 0 },   { 0, 1 },  { -1, 1 } };
	struct hm_rt_text t = hm_rt_text_of(rt);
	const char *before = "[\"";
	struct hash h;

	(void)num;
	out->null = !hash_of(arg[0].s, &h);
	if (out->null)
		return;
	for (int i = 0; i < 8; i++) {
		struct hash n = h;
		const int64_t y = (int64_t)h.y + around[i][1];

		if (y < 0 || y >= (int64_t)1 << h.ybits)
			continue;
		n.y = (uint64_t)y;
		n.x = (h.x + (uint64_t)(int64_t)around[i][0]) &
		      ((UINT64_C(1) << h.xbits) - 1);
		hm_rt_add_str(&t, before);
		add_hash(&t, n);
		before = "\",\"";
	}
	hm_rt_add_str(&t, before[0] == '[' ? "[]" : "\"]");
	out->s = hm_rt_done(&t);
}

/* A cell of level 30 by its face and place on it, and the level that is meant. */
enum { LEVELS = 30, SIDE = 1 << LEVELS };

struct cell {
	unsigned face, level;
	int i, j; /* of a leaf cell in it */
};

/* The order in which the curve visits the quarters of a square, by its turn. */
static const uint8_t quarter_of[4][4] = {
	{ 0, 1, 3, 2 }, { 0, 3, 1, 2 }, { 2, 3, 1, 0 }, { 2, 1, 3, 0 }
};
static const uint8_t turn_of[4] = { 1, 0, 0, 3 };

static uint64_t number_of(const struct cell *c)
{
	uint64_t id = c->face;
	unsigned turn = c->face & 1;

	for (int k = LEVELS - 1; k >= 0; k--) {
		const unsigned at = (unsigned)(((c->i >> k & 1) << 1) | (c->j >> k & 1));

		id = id << 2 | quarter_of[turn][at];
		turn ^= turn_of[quarter_of[turn][at]];
	}
	id = id << 1 | 1;
	const uint64_t last = UINT64_C(1) << (2 * (LEVELS - c->level));
	return (id & (0 - last)) | last;
}

static void add_token(struct hm_rt_text *t, const struct cell *c)
{
	uint64_t id = number_of(c);

	for (; id != 0; id <<= 4)
		hm_rt_addf(t, "%x", (unsigned)(id >> 60));
}

static bool cell_of(hm_bytes token, struct cell *out)
{
	uint64_t id = 0;
	unsigned turn;

	*out = (struct cell){ 0 };
	if (token.len == 0 || token.len > 16)
		return false;
	for (size_t i = 0; i < 16; i++) {
		const uint8_t c = i < token.len ? token.at[i] : '0';
		const char *digits = "0123456789abcdef";
		const char *at =
			c != 0 ? strchr(digits, c >= 'A' && c <= 'F' ? c | 0x20 : c)
			       : NULL;

		if (at == NULL)
			return false;
		id = id << 4 | (uint64_t)(at - digits);
	}
	if (id == 0 || id >> 61 > 5 ||
	    (id & (0 - id) & UINT64_C(0x1555555555555555)) == 0)
		return false;
	out->face = (unsigned)(id >> 61);
	out->level = LEVELS - (unsigned)__builtin_ctzll(id) / 2;
	turn = out->face & 1;
	for (unsigned k = 0; k < out->level; k++) {
		const unsigned pos = (unsigned)(id >> (59 - 2 * k)) & 3;
		unsigned at = 0;

		while (quarter_of[turn][at] != pos)
			at++;
		out->i |= (int)(at >> 1) << (LEVELS - 1 - k);
		out->j |= (int)(at & 1) << (LEVELS - 1 - k);
		turn ^= turn_of[pos];
	}
	return true;
}

/* Which face, and where on it, -1 to 1 both ways. */
static unsigned face_of(struct hm_geo p, double *u, double *v)
{
	const double x = fabs(p.x), y = fabs(p.y), z = fabs(p.z);
	const unsigned axis = x > y ? x > z ? 0 : 2 : y > z ? 1 : 2;
	const double at = axis == 0 ? p.x : axis == 1 ? p.y : p.z;
	const unsigned face = axis + (at < 0 ? 3 : 0);

	switch (face) {
	case 0: *u = p.y / p.x, *v = p.z / p.x; break;
	case 1: *u = -p.x / p.y, *v = p.z / p.y; break;
	case 2: *u = -p.x / p.z, *v = -p.y / p.z; break;
	case 3: *u = p.z / p.x, *v = p.y / p.x; break;
	case 4: *u = p.z / p.y, *v = -p.x / p.y; break;
	default: *u = -p.y / p.z, *v = -p.x / p.z;
	}
	return face;
}

static struct hm_geo at_face(unsigned face, double u, double v)
{
	switch (face) {
	case 0: return (struct hm_geo){ 1, u, v };
	case 1: return (struct hm_geo){ -u, 1, v };
	case 2: return (struct hm_geo){ -u, -v, 1 };
	case 3: return (struct hm_geo){ -1, -v, -u };
	case 4: return (struct hm_geo){ v, -1, -u };
	default: return (struct hm_geo){ v, u, -1 };
	}
}

/* The quadratic projection, which makes cells of a level nearly alike. */
static double to_st(double u)
{
	return u >= 0 ? 0.5 * sqrt(1 + 3 * u) : 1 - 0.5 * sqrt(1 - 3 * u);
}

static double to_uv(double s)
{
	return s >= 0.5 ? (4 * s * s - 1) / 3 : (1 - 4 * (1 - s) * (1 - s)) / 3;
}

static int to_ij(double s)
{
	const double at = floor(s * SIDE);

	return at < 0 ? 0 : at > SIDE - 1 ? SIDE - 1 : (int)at;
}

/* geo_point_to_s2cell(lng, lat, level) */
HM_RT_FN(geo_to_s2cell)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct hm_geo p;
	double u, v;

	(void)num;
	if (arg[0].null || arg[1].null || arg[2].null || arg[2].i < 0 ||
	    arg[2].i > LEVELS || !hm_geo_of(arg[0].r, arg[1].r, &p))
		return;
	struct cell c = { .face = face_of(p, &u, &v), .level = (unsigned)arg[2].i };
	c.i = to_ij(to_st(u));
	c.j = to_ij(to_st(v));
	add_token(&t, &c);
	out->s = hm_rt_done(&t);
}

/* How many leaf cells a cell is wide. */
static int size_of(const struct cell *c)
{
	return 1 << (LEVELS - c->level);
}

HM_RT_FN(geo_s2cell_center)
{
	struct cell c;

	(void)num;
	out->null = !cell_of(arg[0].s, &c);
	if (out->null)
		return;
	const double half = size_of(&c) / 2.0;
	hm_geo_put_point(
		rt,
		at_face(c.face, to_uv((c.i + half) / SIDE), to_uv((c.j + half) / SIDE)),
		out);
}

HM_RT_FN(geo_s2cell_polygon)
{
	static const int corners[5][2] = {
		{ 0, 0 }, { 1, 0 }, { 1, 1 }, { 0, 1 }, { 0, 0 }
	};
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct cell c;

	(void)num;
	out->null = !cell_of(arg[0].s, &c);
	if (out->null)
		return;
	hm_rt_add_str(&t, polygon);
	for (int k = 0; k < 5; k++) {
		const double i = (double)c.i + (double)corners[k][0] * size_of(&c);
		const double j = (double)c.j + (double)corners[k][1] * size_of(&c);
		const struct hm_geo p = at_face(c.face, to_uv(i / SIDE), to_uv(j / SIDE));

		hm_rt_add_str(&t, k == 0 ? "" : ",");
		hm_geo_add_pair(&t, hm_geo_lng(p), hm_geo_lat(p));
	}
	hm_rt_add_str(&t, "]]}");
	out->s = hm_rt_done(&t);
}

/* The cell of that level at a place that may lie past an edge of the face: then it is on
 * the face beside, by the plane that both share. */
static struct cell beside(const struct cell *of, int64_t i, int64_t j)
{
	struct cell c = *of;
	double u, v;

	if (i >= 0 && i < SIDE && j >= 0 && j < SIDE) {
		c.i = (int)i;
		c.j = (int)j;
		return c;
	}
	i = i < -1 ? -1 : i > SIDE ? SIDE : i;
	j = j < -1 ? -1 : j > SIDE ? SIDE : j;
	u = (double)(2 * i + 1 - SIDE) / SIDE;
	v = (double)(2 * j + 1 - SIDE) / SIDE;
	c.face = face_of(at_face(of->face, u, v), &u, &v);
	c.i = to_ij(0.5 * (u + 1));
	c.j = to_ij(0.5 * (v + 1));
	return c;
}

/* The cells around, in the order that Kusto gave. */
HM_RT_FN(geo_s2cell_neighbors)
{
	static const int around[8][2] = { { 1, 1 },  { 1, 0 },  { -1, 0 }, { 0, -1 },
					  { -1, 1 }, { 1, -1 }, { 0, 1 },  { -1, -1 } };
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct cell c;

	(void)num;
	out->null = !cell_of(arg[0].s, &c) || c.level == 0;
	if (out->null)
		return;
	for (int k = 0; k < 8; k++) {
		const struct cell n =
			beside(&c, c.i + (int64_t)around[k][0] * size_of(&c),
			       c.j + (int64_t)around[k][1] * size_of(&c));

		hm_rt_add_str(&t, k == 0 ? "[\"" : "\",\"");
		add_token(&t, &n);
	}
	hm_rt_add_str(&t, "\"]");
	out->s = hm_rt_done(&t);
}
