/* SPDX-License-Identifier: MIT */
/*
 * rt_geo_h3.c: H3 cells (h3geo.org, "Overview of the H3 Geospatial Indexing System").
 *
 * The Earth is an icosahedron.  On the plane of each face, centred and by gnomonic
 * projection, lies a grid of hexagons; the 122 cells of resolution 0 have a home face
 *each, and every cell has seven children, one in its middle and one for each of the
 *directions 1 K   2 J   3 JK   4 I   5 IK   6 IJ	(I to the right, J and K each 120
 *degrees on) in a grid that is finer by the root of 7 and turned by 19.1 degrees, there
 *and back again. So a cell's centre is its home's plus a vector for each digit. Positions
 *are complex numbers whose unit is the distance of two cells of resolution 0; what passes
 *an edge of the face is taken to the face beside by the plane that the two unfold into.
 *
 * Twelve cells of resolution 0, at the corners and in the sea, are pentagons, around
 *which the plane does not close: they and what would pass them are refused by name.
 */
#include <complex.h>
#include <math.h>
#include <stdlib.h>

#include "query/rt_geo.h"

enum { MAX_LEVEL = 15, FACES = 20, HOMES = 122, MAX_RING = 142, MAX_DEEPER = 5 };

/* Of a grid's unit of resolution 0 on the plane that touches a face's middle. */
static const double unit = 0.38196601125010500003;
/* asin(sqrt(3 / 28)): how far odd resolutions are turned. */
static const double turn = 0.333473172251832115336;

/* clang-format off */
/* Latitude and longitude of each face's middle, and there the azimuth of I. */
static const struct {
	double lat, lng, azimuth;
} faces[FACES] = {
	{ 0.803582649718989942, 1.248397419617396099, 5.619958268523939882 },
	{ 1.307747883455638156, 2.536945009877921159, 5.760339081714187279 },
	{ 1.054751253523952054, -1.347517358900396623, 0.780213654393430055 },
	{ 0.600191595538186799, -0.450603909469755746, 0.430469363979999913 },
	{ 0.491715428198773866, 0.401988202911306943, 6.130269123335111400 },
	{ 0.172745327415618701, 1.678146885280433686, 2.692877706530642877 },
	{ 0.605929321571350690, 2.953923329812411617, 2.982963003477243874 },
	{ 0.427370518328979641, -1.888876200336285401, 3.532912002790141181 },
	{ -0.079066118549212831, -0.733429513380867741, 3.494305004259568154 },
	{ -0.230961644455383637, 0.506495587332349035, 3.003214169499538391 },
	{ 0.079066118549212831, 2.408163140208925497, 5.930472956509811562 },
	{ 0.230961644455383637, -2.635097066257444203, 0.138378484090254847 },
	{ -0.172745327415618701, -1.463445768309359553, 0.448714947059150361 },
	{ -0.605929321571350690, -0.187669323777381622, 0.158629650112549365 },
	{ -0.427370518328979641, 1.252716453253507838, 5.891865957979238535 },
	{ -0.600191595538186799, 2.690988744120037492, 2.711123289609793325 },
	{ -0.491715428198773866, -2.739604450678486295, 3.294508837434268316 },
	{ -0.803582649718989942, -1.893195233972397139, 3.804819692245439833 },
	{ -1.307747883455638156, -0.604647643711872080, 3.664438879055192436 },
	{ -1.054751253523952054, 1.794075294689396615, 2.361378999196363184 },
};

/* Where the cells of resolution 0 are, by number: a face, and a + b * J on it. */
static const struct {
	int8_t face, a, b;
} homes[HOMES] = {
	{ 1, 1, 0 }, { 2, 1, 1 }, { 1, 0, 0 }, { 2, 1, 0 }, { 0, 2, 0 }, { 1, 1, 1 },
	{ 1, -1, -1 }, { 2, 0, 0 }, { 0, 1, 0 }, { 2, 0, 1 }, { 1, 0, 1 }, { 1, -1, 0 },
	{ 3, 1, 0 }, { 3, 1, 1 }, { 11, 2, 0 }, { 4, 1, 0 }, { 0, 0, 0 }, { 6, 0, 1 },
	{ 0, -1, -1 }, { 2, -1, 0 }, { 7, -1, -1 }, { 2, -1, -1 }, { 0, 1, 1 }, { 6, -1, -1 },
	{ 10, 2, 0 }, { 6, 0, 0 }, { 3, 0, 0 }, { 11, 1, 0 }, { 4, 1, 1 }, { 3, 0, 1 },
	{ 0, -1, 0 }, { 4, 0, 0 }, { 5, 0, 1 }, { 0, 0, 1 }, { 7, 0, 1 }, { 11, 1, 1 },
	{ 7, 0, 0 }, { 10, 1, 0 }, { 12, 2, 0 }, { 6, 0, -1 }, { 7, 0, -1 }, { 4, -1, -1 },
	{ 3, -1, -1 }, { 3, -1, 0 }, { 4, 0, 1 }, { 6, 1, 0 }, { 11, 0, 0 }, { 8, -1, -1 },
	{ 5, -1, -1 }, { 14, 2, 0 }, { 5, 0, 0 }, { 12, 1, 0 }, { 10, 1, 1 }, { 4, -1, 0 },
	{ 12, 1, 1 }, { 7, 1, 0 }, { 11, 0, 1 }, { 10, 0, 0 }, { 13, 2, 0 }, { 10, -1, -1 },
	{ 11, -1, -1 }, { 9, 0, 1 }, { 8, 0, 1 }, { 6, 2, 0 }, { 8, 0, 0 }, { 9, -1, -1 },
	{ 14, 1, 0 }, { 5, 0, -1 }, { 16, -1, 0 }, { 8, 0, -1 }, { 5, 1, 0 }, { 12, 0, 0 },
	{ 7, 2, 0 }, { 12, 0, 1 }, { 10, 0, 1 }, { 9, 0, 0 }, { 13, 1, 0 }, { 16, -1, -1 },
	{ 15, -1, 0 }, { 15, 0, 1 }, { 16, 0, 1 }, { 14, 1, 1 }, { 13, 1, 1 }, { 5, 2, 0 },
	{ 8, 1, 0 }, { 14, 0, 0 }, { 9, 0, -1 }, { 14, -1, -1 }, { 17, -1, -1 }, { 12, -1, -1 },
	{ 16, 0, 0 }, { 17, -1, 0 }, { 15, -1, -1 }, { 16, 0, -1 }, { 9, 1, 0 }, { 15, 0, 0 },
	{ 13, 0, 0 }, { 8, 2, 0 }, { 13, 0, 1 }, { 17, 0, -1 }, { 19, 0, 1 }, { 14, 0, 1 },
	{ 19, -1, 0 }, { 17, 0, 1 }, { 13, -1, -1 }, { 17, 0, 0 }, { 16, 1, 0 }, { 9, 2, 0 },
	{ 15, 0, -1 }, { 15, 1, 0 }, { 18, -1, 0 }, { 18, -1, -1 }, { 19, -1, -1 }, { 17, 1, 0 },
	{ 19, 0, 0 }, { 18, 0, 1 }, { 18, 0, -1 }, { 19, 2, 0 }, { 19, 1, 0 }, { 18, 0, 0 },
	{ 19, 0, -1 }, { 18, 1, 0 },
};

/* The directions as a + b * J, by digit. */
static const int8_t steps[7][2] = {
	{ 0, 0 }, { -1, -1 }, { 0, 1 }, { -1, 0 }, { 1, 0 }, { 0, -1 }, { 1, 1 },
};
/* clang-format on */

struct cell {
	int level, home;
	int digits[MAX_LEVEL + 1]; /* from 1 on */
};

/* A place of the grid: a + b * J. */
struct place {
	int64_t a, b;
};

/* clang has no CMPLX. */
static double complex complex_of(double re, double im)
{
	return re + im * (double complex)I;
}

static double complex at(double a, double b)
{
	return complex_of(a - b / 2, b * 0.8660254037844386);
}

/* East, north and up at a point. */
struct frame {
	struct hm_geo east, north, up;
};

static struct frame frame_of(struct hm_geo p)
{
	const struct hm_geo east = hm_geo_unit((struct hm_geo){ -p.y, p.x, 0 });

	return (struct frame){ east, hm_geo_cross(p, east), p };
}

static struct frame face_frame(int face)
{
	const double lat = faces[face].lat, lng = faces[face].lng;

	return frame_of(
		(struct hm_geo){ cos(lat) * cos(lng), cos(lat) * sin(lng), sin(lat) });
}

static struct hm_geo to_sphere(int face, double complex z)
{
	const struct frame f = face_frame(face);
	const double r = cabs(z) * unit, azimuth = faces[face].azimuth - carg(z);
	const double n = r * cos(azimuth), e = r * sin(azimuth);

	return hm_geo_unit((struct hm_geo){ f.up.x + n * f.north.x + e * f.east.x,
					    f.up.y + n * f.north.y + e * f.east.y,
					    f.up.z + n * f.north.z + e * f.east.z });
}

static double complex to_plane(int face, struct hm_geo p)
{
	const struct frame f = face_frame(face);
	const double up = hm_geo_dot(f.up, p);
	const double n = hm_geo_dot(f.north, p) / up, e = hm_geo_dot(f.east, p) / up;

	return hypot(n, e) / unit *
	       cexp(complex_of(0, faces[face].azimuth - atan2(e, n)));
}

/* The azimuth of I at a place on a face. */
static double azimuth_at(int face, double complex z)
{
	const struct frame f = frame_of(to_sphere(face, z));
	const struct hm_geo p = to_sphere(face, z + 0.01);

	return atan2(hm_geo_dot(f.east, p), hm_geo_dot(f.north, p));
}

/* How many sixths of a turn I of `other` stands against the clock from that of `face`. */
static int turns_between(int face, int other, struct hm_geo p)
{
	const double angle = azimuth_at(face, to_plane(face, p)) -
			     azimuth_at(other, to_plane(other, p));

	return ((int)lround(angle / 1.0471975511965976) + 12) % 6;
}

static int nearest_face(struct hm_geo p, int but)
{
	int best = but == 0 ? 1 : 0;

	for (int i = 0; i < FACES; i++)
		if (i != but &&
		    hm_geo_dot(face_frame(i).up, p) > hm_geo_dot(face_frame(best).up, p))
			best = i;
	return best;
}

/* Take a place past an edge of its face to the face it is on. */
static void fold(int *face, double complex *z)
{
	for (int side = 1; side < 6; side += 2) {
		const double complex out = cexp(complex_of(0, side * 1.0471975511965976));

		if (creal(*z * conj(out)) <= 1 + 1e-9)
			continue;
		const struct hm_geo middle = to_sphere(*face, out);
		const int beside = nearest_face(to_sphere(*face, 2 * out), *face);
		const int turns = turns_between(*face, beside, middle);

		*z = (*z - 2 * out) * cexp(complex_of(0, -turns * 1.0471975511965976));
		*face = beside;
		return;
	}
}

static double complex grid_step(int level)
{
	const double size = pow(7, -level / 2.0);

	return level % 2 != 0 ? size * cexp(complex_of(0, turn)) : size;
}

static bool is_pentagon(int home)
{
	return homes[home].a == 2;
}

static double complex centre_on_home(const struct cell *c)
{
	double complex z = at(homes[c->home].a, homes[c->home].b);

	for (int i = 1; i <= c->level; i++)
		z += at(steps[c->digits[i]][0], steps[c->digits[i]][1]) * grid_step(i);
	return z;
}

static struct hm_geo place_on_sphere(const struct cell *c, double complex z)
{
	int face = homes[c->home].face;

	fold(&face, &z);
	return to_sphere(face, z);
}

static void refuse_pentagon(struct hm_rt *rt)
{
	rt->error = "HM001: H3 cells at the corners of the icosahedron are not supported";
}

/* The hexagon that a + b * J is in. */
static struct place nearest(double a, double b)
{
	double q = round(a - b), r = round(b), s = round(-a);
	const double dq = fabs(q - (a - b)), dr = fabs(r - b), ds = fabs(s + a);

	if (dq > dr && dq > ds)
		q = -r - s;
	else if (dr > ds)
		r = -q - s;
	return (struct place){ (int64_t)(q + r), (int64_t)r };
}

/* The parent of a place of level, and which of its children it is. */
static struct place parent_of(struct place p, int level, int *digit)
{
	const double a = (double)p.a, b = (double)p.b;
	const struct place up = level % 2 != 0
					? nearest((3 * a - b) / 7, (a + 2 * b) / 7)
					: nearest((2 * a + b) / 7, (3 * b - a) / 7);
	const struct place middle =
		level % 2 != 0 ? (struct place){ 2 * up.a + up.b, 3 * up.b - up.a }
			       : (struct place){ 3 * up.a - up.b, up.a + 2 * up.b };

	for (*digit = 6; *digit > 0; --*digit)
		if (p.a - middle.a == steps[*digit][0] &&
		    p.b - middle.b == steps[*digit][1])
			break;
	return up;
}

static int nearest_home(struct hm_geo p)
{
	double most = -2;
	int best = 0;

	for (int i = 0; i < HOMES; i++) {
		const double near = hm_geo_dot(
			p, to_sphere(homes[i].face, at(homes[i].a, homes[i].b)));

		if (near > most) {
			most = near;
			best = i;
		}
	}
	return best;
}

/* The digit that stands `turns` sixths further against the clock. */
static int turned(int digit, int turns)
{
	static const int around[6] = { 4, 6, 2, 3, 1, 5 };
	int i = 0;

	if (digit == 0)
		return 0;
	while (around[i] != digit)
		i++;
	return around[(i + turns) % 6];
}

static bool cell_at(struct hm_rt *rt, struct hm_geo p, int level, struct cell *out)
{
	const int face = nearest_face(p, -1);
	const double complex w = to_plane(face, p) / grid_step(level);
	const double b = cimag(w) / 0.8660254037844386;
	struct place place = nearest(creal(w) + b / 2, b);

	*out = (struct cell){ .level = level };
	for (int i = level; i > 0; i--)
		place = parent_of(place, i, &out->digits[i]);
	const struct hm_geo middle =
		to_sphere(face, at((double)place.a, (double)place.b));
	out->home = nearest_home(middle);
	if (is_pentagon(out->home)) {
		refuse_pentagon(rt);
		return false;
	}
	const int turns = turns_between(homes[out->home].face, face, middle);
	for (int i = 1; i <= level; i++)
		out->digits[i] = turned(out->digits[i], turns);
	return true;
}

/* Cells as text: mode 1, the level, the home, three bits a digit, 7 for none. */
static void add_cell(struct hm_rt_text *t, const struct cell *c)
{
	uint64_t bits =
		UINT64_C(1) << 59 | (uint64_t)c->level << 52 | (uint64_t)c->home << 45;

	for (int i = 1; i <= MAX_LEVEL; i++)
		bits |= (uint64_t)(i <= c->level ? c->digits[i] : 7)
			<< (3 * (MAX_LEVEL - i));
	hm_rt_addf(t, "%llx", (unsigned long long)bits);
}

static bool read_hex(hm_bytes text, uint64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < text.len; i++) {
		const uint8_t c = text.at[i], low = c | 0x20;

		if (c >= '0' && c <= '9')
			*out = *out << 4 | (uint64_t)(c - '0');
		else if (low >= 'a' && low <= 'f')
			*out = *out << 4 | (uint64_t)(low - 'a' + 10);
		else
			return false;
	}
	return text.len > 0 && text.len <= 16;
}

static bool read_cell(hm_bytes text, struct cell *out)
{
	uint64_t bits;

	*out = (struct cell){ 0 };
	if (!read_hex(text, &bits) || bits >> 56 != 8)
		return false;
	out->level = (int)(bits >> 52 & 15);
	out->home = (int)(bits >> 45 & 127);
	for (int i = 1; i <= MAX_LEVEL; i++) {
		out->digits[i] = (int)(bits >> (3 * (MAX_LEVEL - i)) & 7);
		if ((out->digits[i] == 7) != (i > out->level))
			return false;
	}
	return out->home < HOMES;
}

/* A cell whose place is asked for. */
static bool place_of_cell(struct hm_rt *rt, hm_bytes text, struct cell *out)
{
	if (!read_cell(text, out))
		return false;
	if (is_pentagon(out->home))
		refuse_pentagon(rt);
	return !is_pentagon(out->home);
}

/* geo_point_to_h3cell(lng, lat, level) */
HM_RT_FN(geo_to_h3cell)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct hm_geo p;
	struct cell c;

	(void)num;
	if (arg[0].null || arg[1].null || arg[2].null || arg[2].i < 0 ||
	    arg[2].i > MAX_LEVEL || !hm_geo_of(arg[0].r, arg[1].r, &p) ||
	    !cell_at(rt, p, (int)arg[2].i, &c))
		return;
	add_cell(&t, &c);
	out->s = hm_rt_done(&t);
}

HM_RT_FN(geo_h3cell_center)
{
	struct cell c;

	(void)num;
	out->null = !place_of_cell(rt, arg[0].s, &c);
	if (!out->null)
		hm_geo_put_point(rt, place_on_sphere(&c, centre_on_home(&c)), out);
}

/* Corner i of a cell, the first between I and IJ of the face that its centre is on, and
 * the face that the corner is on. */
static double complex corner(const struct cell *c, int i, int *face)
{
	const double complex out = cexp(complex_of(0, (2 * i + 1) * 0.5235987755982988));
	double complex z = centre_on_home(c);

	*face = homes[c->home].face;
	fold(face, &z);
	z += out * grid_step(c->level) * 0.5773502691896258;
	fold(face, &z);
	return z;
}

/* An edge that passes from face to face is bent in odd resolutions; in even ones it bends
 * at its corners. */
static bool is_bent(const struct cell *c)
{
	int first, face;

	corner(c, 0, &first);
	for (int i = 1; c->level % 2 != 0 && i < 6; i++) {
		corner(c, i, &face);
		if (face != first)
			return true;
	}
	return false;
}

HM_RT_FN(geo_h3cell_polygon)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct cell c;

	(void)num;
	out->null = !place_of_cell(rt, arg[0].s, &c);
	if (out->null)
		return;
	if (is_bent(&c))
		rt->error = "HM001: the shape of an H3 cell across two faces of the "
			    "icosahedron is not supported";
	hm_rt_add_str(&t, "{\"type\":\"Polygon\",\"coordinates\":[[");
	for (int i = 0; i <= 6; i++) {
		int face;
		const double complex z = corner(&c, i % 6, &face);
		const struct hm_geo p = to_sphere(face, z);

		hm_rt_add_str(&t, i == 0 ? "" : ",");
		hm_geo_add_pair(&t, hm_geo_lng(p), hm_geo_lat(p));
	}
	hm_rt_add_str(&t, "]]}");
	out->s = hm_rt_done(&t);
}

/* The cell `a + b * J` steps away; false where a pentagon lies between. */
static bool cell_beside(struct hm_rt *rt, const struct cell *c, struct place by,
			struct cell *out)
{
	const double complex z = centre_on_home(c);
	const double complex step = at((double)by.a, (double)by.b) * grid_step(c->level);
	const struct hm_geo p = place_on_sphere(c, z + step);

	if (cabs(step) > 0.5 && c->level > 0) {
		refuse_pentagon(rt);
		return false;
	}
	return cell_at(rt, p, c->level, out);
}

static void add_beside(struct hm_rt *rt, struct hm_rt_text *t, const struct cell *c,
		       struct place by)
{
	struct cell beside = *c;

	if ((by.a != 0 || by.b != 0) && !cell_beside(rt, c, by, &beside))
		return;
	hm_rt_add_u8(t, '"');
	add_cell(t, &beside);
	hm_rt_add_u8(t, '"');
}

/* Ring n in H3's order: from I, against the clock. */
static void add_ring(struct hm_rt *rt, struct hm_rt_text *t, const struct cell *c,
		     int64_t n)
{
	static const int8_t along[6] = { 2, 3, 1, 5, 4, 6 };
	struct place p = { n, 0 };

	hm_rt_add_u8(t, '[');
	if (n == 0)
		add_beside(rt, t, c, p);
	for (int64_t i = 0; i < 6 * n && rt->error == NULL; i++) {
		p.a += steps[along[i / n]][0];
		p.b += steps[along[i / n]][1];
		hm_rt_add_str(t, i == 0 ? "" : ",");
		add_beside(rt, t, c, p);
	}
	hm_rt_add_u8(t, ']');
}

/* In the order that Kusto gave. */
HM_RT_FN(geo_h3cell_neighbors)
{
	static const int8_t order[6] = { 1, 4, 5, 3, 2, 6 };
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct cell c;

	(void)num;
	out->null = !place_of_cell(rt, arg[0].s, &c);
	for (int i = 0; !out->null && i < 6; i++) {
		hm_rt_add_str(&t, i == 0 ? "[" : ",");
		add_beside(rt, &t, &c,
			   (struct place){ steps[order[i]][0], steps[order[i]][1] });
	}
	hm_rt_add_str(&t, "]");
	out->s = hm_rt_done(&t);
}

/* geo_h3cell_rings(cell, distance) */
HM_RT_FN(geo_h3cell_rings)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct cell c;

	(void)num;
	out->null =
		arg[1].i < 0 || arg[1].i > MAX_RING || !place_of_cell(rt, arg[0].s, &c);
	if (out->null)
		return;
	hm_rt_add_u8(&t, '[');
	for (int64_t i = 0; i <= arg[1].i; i++) {
		hm_rt_add_str(&t, i == 0 ? "" : ",");
		add_ring(rt, &t, &c, i);
	}
	hm_rt_add_u8(&t, ']');
	out->s = hm_rt_done(&t);
}

HM_RT_FN(geo_h3cell_level)
{
	struct cell c;

	HM_RT_UNUSED(rt, num);
	out->null = !read_cell(arg[0].s, &c);
	out->i = c.level;
}

/* geo_h3cell_parent(cell, level): -1 is the next */
HM_RT_FN(geo_h3cell_parent)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct cell c;

	(void)num;
	if (!read_cell(arg[0].s, &c))
		return;
	const int64_t level = arg[1].i == -1 ? c.level - 1 : arg[1].i;
	if (level < 0 || level > c.level)
		return;
	c.level = (int)level;
	add_cell(&t, &c);
	out->s = hm_rt_done(&t);
}

/* geo_h3cell_children(cell, level): -1 is the next */
HM_RT_FN(geo_h3cell_children)
{
	struct hm_rt_text t = hm_rt_text_of(rt);
	struct cell c;
	int64_t count = 1;

	(void)num;
	out->null = !place_of_cell(rt, arg[0].s, &c);
	if (out->null)
		return;
	const int from = c.level;
	const int64_t level = arg[1].i == -1 ? from + 1 : arg[1].i;
	out->null = level <= from || level > MAX_LEVEL || level - from > MAX_DEEPER;
	if (out->null)
		return;
	c.level = (int)level;
	for (int i = from; i < c.level; i++)
		count *= 7;
	for (int64_t n = 0; n < count; n++) {
		int64_t rest = n;

		for (int i = c.level; i > from; i--, rest /= 7)
			c.digits[i] = (int)(rest % 7);
		hm_rt_add_str(&t, n == 0 ? "[\"" : "\",\"");
		add_cell(&t, &c);
	}
	hm_rt_add_str(&t, "\"]");
	out->s = hm_rt_done(&t);
}
