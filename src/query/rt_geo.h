/* SPDX-License-Identifier: MIT */
/*
 * rt_geo.h: points, lines and polygons on the sphere that Kusto takes the Earth for: one
 * of radius 6371010 m, edges great circles.  Not for other files than rt_geo*.c.
 */
#ifndef HM_QUERY_RT_GEO_H
#define HM_QUERY_RT_GEO_H

#include "query/rt_fn.h"

#define HM_EARTH_METERS 6371010.0

/* A point of the unit sphere. */
struct hm_geo {
	double x, y, z;
};

/* Longitude in -180..180 and latitude in -90..90, in degrees; false outside. */
bool hm_geo_of(double lng, double lat, struct hm_geo *out);
double hm_geo_lng(struct hm_geo p);
double hm_geo_lat(struct hm_geo p);
double hm_geo_dot(struct hm_geo a, struct hm_geo b);
struct hm_geo hm_geo_cross(struct hm_geo a, struct hm_geo b);
struct hm_geo hm_geo_unit(struct hm_geo a);
/* The angle between two points, exact for near ones. */
double hm_geo_angle(struct hm_geo a, struct hm_geo b);

/* A line, or a ring of a polygon without its closing point. */
struct hm_geo_path {
	struct hm_geo *at;
	size_t count;
	bool hole;
	size_t part; /* which polygon of several it belongs to */
};

/* LineString, MultiLineString, Polygon or MultiPolygon of GeoJSON. */
struct hm_geo_shape {
	struct hm_geo_path *paths;
	size_t count;
	bool polygon;
};

/* The shape in argument slot; NULL where it is none, or has points that it must not:
 * fewer than two, two alike in a ring, edges of a ring that cross. */
const struct hm_geo_shape *hm_geo_shape_of(struct hm_rt *rt, size_t slot, hm_bytes json);

/* Edge i of a path; a ring has one more, back to its start. */
size_t hm_geo_edges(const struct hm_geo_shape *s, const struct hm_geo_path *p);
void hm_geo_edge(const struct hm_geo_path *p, size_t i, struct hm_geo two[2]);
/* Whether two edges cross or touch at an end. */
bool hm_geo_meet(const struct hm_geo a[2], const struct hm_geo b[2]);
/* The point of an edge next to p. */
struct hm_geo hm_geo_project(struct hm_geo p, const struct hm_geo edge[2]);
/* Whether a ring holds p, and whether a polygon does.  rt->error is set for one larger
 * than half of the Earth. */
bool hm_geo_ring_holds(struct hm_rt *rt, const struct hm_geo_path *ring, struct hm_geo p);
bool hm_geo_inside(struct hm_rt *rt, const struct hm_geo_shape *s, struct hm_geo p);

/* Whether two shapes have a point in common. */
bool hm_geo_shapes_meet(struct hm_rt *rt, const struct hm_geo_shape *a,
			const struct hm_geo_shape *b);
/* Of polygons, on the unit sphere. */
double hm_geo_area(const struct hm_geo_shape *s);

/* {"type":"Point","coordinates":[lng,lat]} */
void hm_geo_put_point(struct hm_rt *rt, struct hm_geo p, struct hm_rt_val *out);
/* "[lng,lat]" */
void hm_geo_add_pair(struct hm_rt_text *t, double lng, double lat);

#endif
