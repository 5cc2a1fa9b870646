/* SPDX-License-Identifier: MIT */
/*
 * rt_geo_unbuilt.c: functions of shapes that hallmark does not build: intersections,
 * unions, buffers, coverings.
 *
 * What is no lawful argument gives null, and shapes that do not meet have an empty
 * intersection; that much is certain.  All else is refused by name, once a row needs it.
 */
#include <math.h>

#include "query/rt_geo.h"

/* The first letters of kinds: L a line, P a polygon, l p arrays of them, X [lng,lat]; and
 * what its number must be: + above 0, 0 not below, s a level of S2, h one of H3. */
static bool is_lawful(struct hm_rt *rt, size_t slot, uint8_t kind, hm_bytes json)
{
	const struct hm_geo_shape *s = hm_geo_shape_of(rt, slot, json);

	return s != NULL && s->polygon == (kind == 'P' || kind == 'p');
}

static bool is_lawful_point(struct hm_rt *rt, hm_bytes json)
{
	const struct hm_json *at = hm_rt_json(rt, json);
	struct hm_geo p;
	double lng, lat;

	return hm_rt_is_array(at) && at->count == 2 &&
	       hm_rt_json_real(rt, at->first, &lng) &&
	       hm_rt_json_real(rt, at->first->next, &lat) && hm_geo_of(lng, lat, &p);
}

static bool are_lawful(struct hm_rt *rt, uint8_t kind, hm_bytes json)
{
	const struct hm_json *array = hm_rt_json(rt, json);

	if (!hm_rt_is_array(array) || array->count == 0)
		return false;
	for (const struct hm_json *i = array->first; i != NULL; i = i->next) {
		struct hm_rt_text t = hm_rt_text_of(rt);

		hm_rt_add_json(&t, rt, i);
		if (!is_lawful(rt, 2, kind, hm_rt_done(&t)))
			return false;
	}
	return true;
}

static bool check_shape(struct hm_rt *rt, size_t slot, uint8_t kind, hm_bytes json)
{
	switch (kind) {
	case 'L':
	case 'P': return is_lawful(rt, slot, kind, json);
	case 'l':
	case 'p': return are_lawful(rt, kind, json);
	case 'X': return is_lawful_point(rt, json);
	default: return true;
	}
}

/* Kusto gives null for more than 65,536 cells; so many there are where not even the
 * largest of that level (S2's "kMaxArea") would do with fewer. */
static bool too_many_cells(struct hm_rt *rt, const struct hm_rt_val *arg)
{
	const struct hm_geo_shape *s = hm_geo_shape_of(rt, 2, arg[2].s);

	return s != NULL && s->polygon &&
	       hm_geo_area(s) / (2.635799256963161 * pow(4, -arg[4].r)) > 65536;
}

static bool check_number(struct hm_rt *rt, uint8_t rule, const struct hm_rt_val *arg)
{
	const double n = arg[4].r;

	switch (rule) {
	case '+': return !arg[4].null && n > 0;
	case '0': return !arg[4].null && n >= 0;
	case 's': return !arg[4].null && n >= 0 && n <= 30 && !too_many_cells(rt, arg);
	case 'h': return !arg[4].null && n >= 0 && n <= 15;
	default: return true;
	}
}

/* geo_unbuilt(name, kinds, shape, shape, number) */
HM_RT_FN(geo_unbuilt)
{
	const hm_bytes kinds = arg[1].s;
	const struct hm_geo_shape *a, *b;
	const bool two = hm_at8(kinds, 1) != '-';

	(void)num;
	out->null = arg[2].null || !check_shape(rt, 2, hm_at8(kinds, 0), arg[2].s) ||
		    (two && !check_shape(rt, 3, hm_at8(kinds, 1), arg[3].s)) ||
		    !check_number(rt, hm_at8(kinds, 2), arg);
	if (out->null)
		return;
	a = two ? hm_geo_shape_of(rt, 2, arg[2].s) : NULL;
	b = two ? hm_geo_shape_of(rt, 3, arg[3].s) : NULL;
	if (two && !hm_geo_shapes_meet(rt, a, b))
		out->s = hm_bytes_of(
			"{\"type\":\"GeometryCollection\",\"geometries\":[]}");
	else
		rt->error = hm_format(&rt->call, "HM001: %.*s() is not supported",
				      (int)arg[0].s.len, (const char *)arg[0].s.at);
}
