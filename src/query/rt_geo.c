/* SPDX-License-Identifier: MIT */
/* See rt_geo.h.  GeoJSON is RFC 7946's. */
#include "query/rt_geo.h"

#include <math.h>
#include <string.h>

static const double degree = 0.017453292519943295;

static struct hm_geo on_sphere(double lng, double lat)
{
	return (struct hm_geo){ cos(lat * degree) * cos(lng * degree),
				cos(lat * degree) * sin(lng * degree),
				sin(lat * degree) };
}

bool hm_geo_of(double lng, double lat, struct hm_geo *out)
{
	if (!(lng >= -180 && lng <= 180 && lat >= -90 && lat <= 90))
		return false;
	*out = on_sphere(lng, lat);
	return true;
}

double hm_geo_lng(struct hm_geo p)
{
	return atan2(p.y, p.x) / degree;
}

double hm_geo_lat(struct hm_geo p)
{
	return atan2(p.z, hypot(p.x, p.y)) / degree;
}

double hm_geo_dot(struct hm_geo a, struct hm_geo b)
{
	return a.x * b.x + a.y * b.y + a.z * b.z;
}

struct hm_geo hm_geo_cross(struct hm_geo a, struct hm_geo b)
{
	return (struct hm_geo){ a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z,
				a.x * b.y - a.y * b.x };
}

static double size_of(struct hm_geo a)
{
	return sqrt(hm_geo_dot(a, a));
}

struct hm_geo hm_geo_unit(struct hm_geo a)
{
	const double size = size_of(a);

	return size > 0 ? (struct hm_geo){ a.x / size, a.y / size, a.z / size } : a;
}

double hm_geo_angle(struct hm_geo a, struct hm_geo b)
{
	return atan2(size_of(hm_geo_cross(a, b)), hm_geo_dot(a, b));
}

static bool same(struct hm_geo a, struct hm_geo b)
{
	return a.x == b.x && a.y == b.y && a.z == b.z;
}

/* [lng, lat]; a longitude past 180 goes round, a latitude past 90 is none. */
static bool read_position(struct hm_rt *rt, const struct hm_json *node,
			  struct hm_geo *out)
{
	double lng, lat;

	if (!hm_rt_is_array(node) || node->count < 2 ||
	    node->first->kind != HM_JSON_NUMBER ||
	    node->first->next->kind != HM_JSON_NUMBER ||
	    !hm_rt_json_real(rt, node->first, &lng) ||
	    !hm_rt_json_real(rt, node->first->next, &lat) || !isfinite(lng) ||
	    !(lat >= -90 && lat <= 90))
		return false;
	*out = on_sphere(lng, lat);
	return true;
}

static bool read_path(struct hm_rt *rt, const struct hm_json *node,
		      struct hm_geo_path *out)
{
	if (!hm_rt_is_array(node) || node->count < 2)
		return false;
	out->at = hm_new_n(&rt->call, struct hm_geo, node->count);
	for (const struct hm_json *i = node->first; i != NULL; i = i->next)
		if (!read_position(rt, i, &out->at[out->count++]))
			return false;
	return true;
}

void hm_geo_edge(const struct hm_geo_path *p, size_t i, struct hm_geo two[2])
{
	two[0] = p->at[i];
	two[1] = p->at[i + 1 == p->count ? 0 : i + 1];
}

size_t hm_geo_edges(const struct hm_geo_shape *s, const struct hm_geo_path *p)
{
	return s->polygon ? p->count : p->count - 1;
}

static double side(struct hm_geo a, struct hm_geo b, struct hm_geo c)
{
	return hm_geo_dot(hm_geo_cross(a, b), c);
}

static bool share_end(const struct hm_geo a[2], const struct hm_geo b[2])
{
	return same(a[0], b[0]) || same(a[0], b[1]) || same(a[1], b[0]) ||
	       same(a[1], b[1]);
}

/* Edges with an end in common do not cross there, whatever rounding says. */
static bool cross(const struct hm_geo a[2], const struct hm_geo b[2])
{
	const double acb = -side(a[0], a[1], b[0]), bda = side(a[0], a[1], b[1]);
	const double cbd = -side(b[0], b[1], a[1]), dac = side(b[0], b[1], a[0]);

	return acb * bda > 0 && acb * cbd > 0 && acb * dac > 0 && !share_end(a, b);
}

bool hm_geo_meet(const struct hm_geo a[2], const struct hm_geo b[2])
{
	return share_end(a, b) || cross(a, b);
}

/* A ring has three points at least, no two alike, and no edges that cross. */
static bool is_ring(const struct hm_geo_path *p)
{
	struct hm_geo a[2], b[2];

	for (size_t i = 0; i < p->count; i++)
		for (size_t k = i + 1; k < p->count; k++) {
			hm_geo_edge(p, i, a);
			hm_geo_edge(p, k, b);
			if (same(p->at[i], p->at[k]) || cross(a, b))
				return false;
		}
	return p->count >= 3;
}

static bool is_line(const struct hm_geo_path *p)
{
	for (size_t i = 0; i + 1 < p->count; i++)
		if (same(p->at[i], p->at[i + 1]))
			return false;
	return p->count >= 2;
}

static bool add_polygon(struct hm_rt *rt, const struct hm_json *rings, size_t part,
			struct hm_geo_shape *s)
{
	if (!hm_rt_is_array(rings) || rings->count == 0)
		return false;
	for (const struct hm_json *i = rings->first; i != NULL; i = i->next) {
		struct hm_geo_path *p = &s->paths[s->count];

		*p = (struct hm_geo_path){ .hole = i != rings->first, .part = part };
		if (!read_path(rt, i, p) || !same(p->at[0], p->at[p->count - 1]))
			return false;
		p->count--;
		if (!is_ring(p))
			return false;
		s->count++;
	}
	return true;
}

static bool add_line(struct hm_rt *rt, const struct hm_json *node, struct hm_geo_shape *s)
{
	s->paths[s->count] = (struct hm_geo_path){ .part = s->count };
	if (!read_path(rt, node, &s->paths[s->count]) || !is_line(&s->paths[s->count]))
		return false;
	s->count++;
	return true;
}

/* Nodes below that are arrays: an upper bound of the paths. */
static size_t count_arrays(const struct hm_json *node)
{
	size_t n = 1;

	for (const struct hm_json *i = hm_rt_is_array(node) ? node->first : NULL;
	     i != NULL; i = i->next)
		n += hm_rt_is_array(i) ? 1 + i->count : 0;
	return n;
}

static bool read_shape(struct hm_rt *rt, const struct hm_json *node,
		       struct hm_geo_shape *s)
{
	const struct hm_json *type = hm_json_get(node, "type");
	const struct hm_json *at = hm_json_get(node, "coordinates");
	const hm_bytes kind = type != NULL && type->kind == HM_JSON_STRING
				      ? hm_json_string(type, &rt->row)
				      : (hm_bytes){ 0 };
	const bool several =
		hm_is(kind, "MultiLineString") || hm_is(kind, "MultiPolygon");
	size_t part = 0;

	s->polygon = hm_is(kind, "Polygon") || hm_is(kind, "MultiPolygon");
	if (!hm_rt_is_array(at) ||
	    (!several && !s->polygon && !hm_is(kind, "LineString")))
		return false;
	s->paths = hm_new_n(&rt->call, struct hm_geo_path, count_arrays(at));
	if (!several)
		return s->polygon ? add_polygon(rt, at, 0, s) : add_line(rt, at, s);
	for (const struct hm_json *i = at->first; i != NULL; i = i->next)
		if (s->polygon ? !add_polygon(rt, i, part++, s) : !add_line(rt, i, s))
			return false;
	return s->count > 0;
}

static void *make_shape(struct hm_rt *rt, hm_bytes json)
{
	struct hm_geo_shape *s = hm_new(&rt->call, struct hm_geo_shape);
	const struct hm_json *node = hm_rt_json(rt, json);

	return hm_rt_is_bag(node) && read_shape(rt, node, s) ? s : NULL;
}

const struct hm_geo_shape *hm_geo_shape_of(struct hm_rt *rt, size_t slot, hm_bytes json)
{
	return hm_rt_memo(rt, slot, json, make_shape);
}

struct hm_geo hm_geo_project(struct hm_geo p, const struct hm_geo edge[2])
{
	const struct hm_geo n = hm_geo_unit(hm_geo_cross(edge[0], edge[1]));
	const double off = hm_geo_dot(p, n);
	const struct hm_geo on = hm_geo_unit(
		(struct hm_geo){ p.x - off * n.x, p.y - off * n.y, p.z - off * n.z });

	if (side(n, edge[0], on) > 0 && side(edge[1], n, on) > 0)
		return on;
	return hm_geo_angle(p, edge[0]) <= hm_geo_angle(p, edge[1]) ? edge[0] : edge[1];
}

/* The middle of a ring, as its edges' planes have it: half of the Earth away is outside.
 */
static struct hm_geo middle(const struct hm_geo_path *p)
{
	struct hm_geo sum = { 0 };

	for (size_t i = 0; i < p->count; i++) {
		sum.x += p->at[i].x;
		sum.y += p->at[i].y;
		sum.z += p->at[i].z;
	}
	return hm_geo_unit(sum);
}

/* How far the ring turns around p: a full turn where it is inside. */
static bool turns_around(const struct hm_geo_path *ring, struct hm_geo p)
{
	double turn = 0;

	for (size_t i = 0; i < ring->count; i++) {
		struct hm_geo e[2];

		hm_geo_edge(ring, i, e);
		const struct hm_geo a = hm_geo_cross(p, e[0]), b = hm_geo_cross(p, e[1]);
		turn += atan2(hm_geo_dot(hm_geo_cross(a, b), p), hm_geo_dot(a, b));
	}
	return fabs(turn) > 3;
}

bool hm_geo_ring_holds(struct hm_rt *rt, const struct hm_geo_path *ring, struct hm_geo p)
{
	const struct hm_geo c = middle(ring);

	for (size_t i = 0; i < ring->count; i++)
		if (hm_geo_dot(ring->at[i], c) <= 0)
			rt->error =
				"HM001: polygons larger than half of the Earth are not "
				"supported";
	return hm_geo_dot(p, c) > 0 && turns_around(ring, p);
}

bool hm_geo_inside(struct hm_rt *rt, const struct hm_geo_shape *s, struct hm_geo p)
{
	for (size_t i = 0; i < s->count; i++) {
		bool in = !s->paths[i].hole && hm_geo_ring_holds(rt, &s->paths[i], p);

		for (size_t k = i + 1;
		     in && k < s->count && s->paths[k].part == s->paths[i].part; k++)
			in = !hm_geo_ring_holds(rt, &s->paths[k], p);
		if (in)
			return true;
	}
	return false;
}

void hm_geo_add_pair(struct hm_rt_text *t, double lng, double lat)
{
	hm_rt_add_u8(t, '[');
	hm_rt_add_real(t, lng);
	hm_rt_add_u8(t, ',');
	hm_rt_add_real(t, lat);
	hm_rt_add_u8(t, ']');
}

void hm_geo_put_point(struct hm_rt *rt, struct hm_geo p, struct hm_rt_val *out)
{
	struct hm_rt_text t = hm_rt_text_of(rt);

	hm_rt_add_str(&t, "{\"type\":\"Point\",\"coordinates\":");
	hm_geo_add_pair(&t, hm_geo_lng(p), hm_geo_lat(p));
	hm_rt_add_u8(&t, '}');
	out->s = hm_rt_done(&t);
}
