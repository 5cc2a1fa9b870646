/* SPDX-License-Identifier: MIT */
/* rt_geo_fn.c: distances, directions and shapes on the sphere (rt_geo.h). */
#include <math.h>

#include "query/rt_geo.h"

/* geo_distance_2points(lng, lat, lng, lat) in meters */
HM_RT_FN(geo_distance)
{
	struct hm_geo a, b;

	HM_RT_UNUSED(rt, num);
	out->null =
		!hm_geo_of(arg[0].r, arg[1].r, &a) || !hm_geo_of(arg[2].r, arg[3].r, &b);
	if (!out->null)
		out->r = hm_geo_angle(a, b) * HM_EARTH_METERS;
}

/* geo_azimuth(lng, lat, lng, lat): from north, clockwise, in radians */
HM_RT_FN(geo_azimuth)
{
	const double degree = 0.017453292519943295;
	struct hm_geo a, b;

	HM_RT_UNUSED(rt, num);
	out->null = !hm_geo_of(arg[0].r, arg[1].r, &a) ||
		    !hm_geo_of(arg[2].r, arg[3].r, &b) || hm_geo_angle(a, b) == 0;
	if (out->null)
		return;
	double l = (arg[2].r - arg[0].r) * degree, p = arg[1].r * degree,
	       q = arg[3].r * degree;
	out->r = atan2(sin(l) * cos(q), cos(p) * sin(q) - sin(p) * cos(q) * cos(l));
	if (out->r < 0)
		out->r += 6.283185307179586;
}

/* geo_angle(lng, lat, lng, lat, lng, lat): at the second point, in radians */
HM_RT_FN(geo_angle)
{
	struct hm_geo p[3];

	HM_RT_UNUSED(rt, num);
	for (int i = 0; i < 3; i++)
		out->null |= !hm_geo_of(arg[2 * i].r, arg[2 * i + 1].r, &p[i]);
	out->null = out->null || hm_geo_angle(p[0], p[1]) == 0 ||
		    hm_geo_angle(p[1], p[2]) == 0;
	if (out->null)
		return;
	out->r = hm_geo_angle(hm_geo_cross(p[0], p[1]), hm_geo_cross(p[2], p[1]));
}

/* geo_point_in_circle(lng, lat, lng, lat, meters) */
HM_RT_FN(geo_in_circle)
{
	struct hm_geo a, b;

	HM_RT_UNUSED(rt, num);
	out->null = !hm_geo_of(arg[0].r, arg[1].r, &a) ||
		    !hm_geo_of(arg[2].r, arg[3].r, &b) || !(arg[4].r >= 0);
	if (!out->null)
		out->b = hm_geo_angle(a, b) * HM_EARTH_METERS <= arg[4].r;
}

/* The shape in that argument, if it is of the kind wanted. */
static const struct hm_geo_shape *shape(struct hm_rt *rt, const struct hm_rt_val *arg,
					size_t at, bool polygon)
{
	const struct hm_geo_shape *s = hm_geo_shape_of(rt, at, arg[at].s);

	return s != NULL && s->polygon == polygon ? s : NULL;
}

/* geo_point_in_polygon(lng, lat, polygon) */
HM_RT_FN(geo_in_polygon)
{
	const struct hm_geo_shape *s = shape(rt, arg, 2, true);
	struct hm_geo p;

	(void)num;
	out->null = s == NULL || !hm_geo_of(arg[0].r, arg[1].r, &p);
	if (!out->null)
		out->b = hm_geo_inside(rt, s, p);
}

static bool edges_meet(const struct hm_geo_shape *a, const struct hm_geo_path *p,
		       const struct hm_geo_shape *b, const struct hm_geo_path *q)
{
	struct hm_geo e[2], f[2];

	for (size_t i = 0; i < hm_geo_edges(a, p); i++)
		for (size_t k = 0; k < hm_geo_edges(b, q); k++) {
			hm_geo_edge(p, i, e);
			hm_geo_edge(q, k, f);
			if (hm_geo_meet(e, f))
				return true;
		}
	return false;
}

/* The polygons in the first argument.  Kusto takes the union of those that overlap, which
 * is not built. */
static const struct hm_geo_shape *apart(struct hm_rt *rt, const struct hm_rt_val *arg)
{
	const struct hm_geo_shape *s = shape(rt, arg, 0, true);

	for (size_t i = 0; s != NULL && i < s->count; i++)
		for (size_t k = 0; k < i; k++)
			if (s->paths[i].part != s->paths[k].part &&
			    (edges_meet(s, &s->paths[i], s, &s->paths[k]) ||
			     hm_geo_ring_holds(rt, &s->paths[i], s->paths[k].at[0]) ||
			     hm_geo_ring_holds(rt, &s->paths[k], s->paths[i].at[0])))
				rt->error = "HM001: polygons of a MultiPolygon that "
					    "overlap are "
					    "not supported";
	return s;
}

static double length_of(const struct hm_geo_shape *s, const struct hm_geo_path *p)
{
	double sum = 0;

	for (size_t i = 0; i < hm_geo_edges(s, p); i++) {
		struct hm_geo e[2];

		hm_geo_edge(p, i, e);
		sum += hm_geo_angle(e[0], e[1]);
	}
	return sum;
}

static void put_length(const struct hm_geo_shape *s, struct hm_rt_val *out)
{
	out->null = s == NULL;
	for (size_t i = 0; s != NULL && i < s->count; i++)
		out->r += length_of(s, &s->paths[i]) * HM_EARTH_METERS;
}

HM_RT_FN(geo_line_length)
{
	(void)num;
	put_length(shape(rt, arg, 0, false), out);
}

HM_RT_FN(geo_polygon_perimeter)
{
	(void)num;
	put_length(apart(rt, arg), out);
}

/* The signed area of a triangle on the unit sphere. */
static double triangle(struct hm_geo a, struct hm_geo b, struct hm_geo c)
{
	return 2 * atan2(hm_geo_dot(a, hm_geo_cross(b, c)),
			 1 + hm_geo_dot(a, b) + hm_geo_dot(b, c) + hm_geo_dot(c, a));
}

/* Of a ring, the smaller of the two areas that it parts the sphere into. */
static double area_of(const struct hm_geo_path *p)
{
	const double sphere = 12.566370614359172;
	double sum = 0;

	for (size_t i = 1; i + 1 < p->count; i++)
		sum += triangle(p->at[0], p->at[i], p->at[i + 1]);
	sum = fabs(sum);
	return sum > sphere / 2 ? sphere - sum : sum;
}

double hm_geo_area(const struct hm_geo_shape *s)
{
	double sum = 0;

	for (size_t i = 0; i < s->count; i++)
		sum += s->paths[i].hole ? -area_of(&s->paths[i]) : area_of(&s->paths[i]);
	return sum;
}

HM_RT_FN(geo_polygon_area)
{
	const struct hm_geo_shape *s = apart(rt, arg);

	(void)num;
	out->null = s == NULL;
	if (s != NULL)
		out->r = hm_geo_area(s) * HM_EARTH_METERS * HM_EARTH_METERS;
}

/* The edge of the shape next to p, and where on it. */
struct nearest {
	double angle;
	struct hm_geo at;
	double before; /* the length of the path up to there */
	bool found;
};

static struct nearest nearest_of(const struct hm_geo_shape *s, struct hm_geo p)
{
	struct nearest best = { 0 };
	double before = 0;

	for (size_t i = 0; i < s->count; i++)
		for (size_t k = 0; k < hm_geo_edges(s, &s->paths[i]); k++) {
			struct hm_geo e[2];

			hm_geo_edge(&s->paths[i], k, e);
			const struct hm_geo on = hm_geo_project(p, e);
			const double angle = hm_geo_angle(p, on);
			if (!best.found || angle < best.angle)
				best = (struct nearest){ angle, on,
							 before + hm_geo_angle(e[0], on),
							 true };
			before += hm_geo_angle(e[0], e[1]);
		}
	return best;
}

static void put_distance(struct hm_rt *rt, const struct hm_rt_val *arg, bool polygon,
			 struct hm_rt_val *out)
{
	const struct hm_geo_shape *s = shape(rt, arg, 2, polygon);
	struct hm_geo p;

	out->null = s == NULL || !hm_geo_of(arg[0].r, arg[1].r, &p);
	if (out->null || (polygon && hm_geo_inside(rt, s, p)))
		return;
	out->r = nearest_of(s, p).angle * HM_EARTH_METERS;
}

HM_RT_FN(geo_distance_to_line)
{
	(void)num;
	put_distance(rt, arg, false, out);
}

HM_RT_FN(geo_distance_to_polygon)
{
	(void)num;
	put_distance(rt, arg, true, out);
}

static void put_closest(struct hm_rt *rt, const struct hm_rt_val *arg, bool polygon,
			struct hm_rt_val *out)
{
	const struct hm_geo_shape *s = shape(rt, arg, 2, polygon);
	struct hm_geo p;

	out->null = s == NULL || !hm_geo_of(arg[0].r, arg[1].r, &p);
	if (out->null)
		return;
	hm_geo_put_point(rt, polygon && hm_geo_inside(rt, s, p) ? p : nearest_of(s, p).at,
			 out);
}

HM_RT_FN(geo_closest_on_line)
{
	(void)num;
	put_closest(rt, arg, false, out);
}

HM_RT_FN(geo_closest_on_polygon)
{
	(void)num;
	put_closest(rt, arg, true, out);
}

/* geo_line_interpolate_point(line, fraction) */
HM_RT_FN(geo_line_interpolate)
{
	const struct hm_geo_shape *s = shape(rt, arg, 0, false);
	struct hm_geo e[2];
	size_t i = 0;

	(void)num;
	out->null = s == NULL || s->count != 1 || !(arg[1].r >= 0 && arg[1].r <= 1);
	if (out->null)
		return;
	double left = length_of(s, &s->paths[0]) * arg[1].r;
	for (hm_geo_edge(&s->paths[0], i, e);
	     left > hm_geo_angle(e[0], e[1]) && i + 2 < s->paths[0].count;
	     hm_geo_edge(&s->paths[0], ++i, e))
		left -= hm_geo_angle(e[0], e[1]);
	const double all = hm_geo_angle(e[0], e[1]);
	left = left > all ? all : left;
	const double a = sin(all - left) / sin(all), b = sin(left) / sin(all);
	hm_geo_put_point(rt,
			 (struct hm_geo){ a * e[0].x + b * e[1].x,
					  a * e[0].y + b * e[1].y,
					  a * e[0].z + b * e[1].z },
			 out);
}

/* geo_line_locate_point(line, lng, lat): how far along the line its next point is */
HM_RT_FN(geo_line_locate)
{
	const struct hm_geo_shape *s = shape(rt, arg, 0, false);
	struct hm_geo p;

	(void)num;
	out->null = s == NULL || s->count != 1 || !hm_geo_of(arg[1].r, arg[2].r, &p);
	if (!out->null)
		out->r = nearest_of(s, p).before / length_of(s, &s->paths[0]);
}

/* The sum of the edges' own middles, each by its length. */
HM_RT_FN(geo_line_centroid)
{
	const struct hm_geo_shape *s = shape(rt, arg, 0, false);
	struct hm_geo sum = { 0 };

	(void)num;
	out->null = s == NULL;
	for (size_t i = 0; s != NULL && i < s->count; i++)
		for (size_t k = 0; k < hm_geo_edges(s, &s->paths[i]); k++) {
			struct hm_geo e[2];

			hm_geo_edge(&s->paths[i], k, e);
			const double half = hm_geo_angle(e[0], e[1]) / 2;
			sum.x += (e[0].x + e[1].x) * tan(half);
			sum.y += (e[0].y + e[1].y) * tan(half);
			sum.z += (e[0].z + e[1].z) * tan(half);
		}
	if (!out->null)
		hm_geo_put_point(rt, sum, out);
}

/* An angle over its sine. */
static double stretch(struct hm_geo a, struct hm_geo b)
{
	const double angle = hm_geo_angle(a, b);

	return angle == 0 ? 1 : angle / sin(angle);
}

static struct hm_geo less(struct hm_geo a, struct hm_geo b)
{
	return (struct hm_geo){ a.x - b.x, a.y - b.y, a.z - b.z };
}

/* The integral of the position over a triangle, as the point that lies that far from its
 * three corners' planes (J. E. Brock, "The Inertia Tensor for a Spherical Triangle",
 * 1975); by differences, which are exact for small ones. */
static struct hm_geo moment_of_triangle(struct hm_geo a, struct hm_geo b, struct hm_geo c)
{
	const double ra = stretch(b, c), rb = stretch(c, a) - ra, rc = stretch(a, b) - ra;
	const struct hm_geo p = less(b, a), q = less(c, a);
	const struct hm_geo x = { a.x, p.x, q.x }, y = { a.y, p.y, q.y },
			    z = { a.z, p.z, q.z }, r = { ra, rb, rc };

	return (struct hm_geo){ hm_geo_dot(hm_geo_cross(y, z), r),
				hm_geo_dot(hm_geo_cross(z, x), r),
				hm_geo_dot(hm_geo_cross(x, y), r) };
}

/* Of a ring, in a fan from its first corner. */
static struct hm_geo moment_of(const struct hm_geo_path *p)
{
	struct hm_geo sum = { 0 };
	const struct hm_geo zero = { 0 };

	for (size_t i = 1; i + 1 < p->count; i++)
		sum = less(sum, less(zero, moment_of_triangle(p->at[0], p->at[i],
							      p->at[i + 1])));
	return hm_geo_dot(sum, p->at[0]) < 0 ? less(zero, sum) : sum;
}

HM_RT_FN(geo_polygon_centroid)
{
	const struct hm_geo_shape *s = apart(rt, arg);
	struct hm_geo sum = { 0 };

	(void)num;
	out->null = s == NULL;
	for (size_t i = 0; s != NULL && i < s->count; i++) {
		const struct hm_geo m = moment_of(&s->paths[i]);
		const double sign = s->paths[i].hole ? -1 : 1;

		sum = (struct hm_geo){ sum.x + sign * m.x, sum.y + sign * m.y,
				       sum.z + sign * m.z };
	}
	if (!out->null)
		hm_geo_put_point(rt, sum, out);
}

bool hm_geo_shapes_meet(struct hm_rt *rt, const struct hm_geo_shape *a,
			const struct hm_geo_shape *b)
{
	for (size_t i = 0; i < a->count; i++)
		for (size_t k = 0; k < b->count; k++)
			if (edges_meet(a, &a->paths[i], b, &b->paths[k]))
				return true;
	for (size_t i = 0; b->polygon && i < a->count; i++)
		if (hm_geo_inside(rt, b, a->paths[i].at[0]))
			return true;
	for (size_t i = 0; a->polygon && i < b->count; i++)
		if (hm_geo_inside(rt, a, b->paths[i].at[0]))
			return true;
	return false;
}

/* geo_intersects(first is a polygon, second is, first, second) */
HM_RT_FN(geo_intersects)
{
	const struct hm_geo_shape *a = shape(rt, arg, 2, arg[0].b);
	const struct hm_geo_shape *b = shape(rt, arg, 3, arg[1].b);

	(void)num;
	out->null = a == NULL || b == NULL;
	if (!out->null)
		out->b = hm_geo_shapes_meet(rt, a, b);
}
