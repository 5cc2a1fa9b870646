/* SPDX-License-Identifier: MIT */
/* rt_geo_wkt.c: geo_from_wkt: well-known text (OGC 06-103r4, 7) as GeoJSON. */
#include <ctype.h>

#include "base/text.h"
#include "query/rt_geo.h"

enum { MAX_WKT_DEPTH = 8 };

struct reading {
	struct hm_rt *rt;
	struct hm_rt_text t;
	struct hm_cur c;
	unsigned depth;
	bool failed;
};

static void skip(struct reading *r)
{
	while (hm_more(&r->c) && isspace(hm_peek(&r->c)))
		hm_u8(&r->c, "space");
}

static bool take(struct reading *r, char sign)
{
	skip(r);
	if (!hm_more(&r->c) || hm_peek(&r->c) != (uint8_t)sign)
		return false;
	hm_u8(&r->c, "sign");
	return true;
}

static void want(struct reading *r, char sign)
{
	r->failed |= !take(r, sign);
}

/* Letters, or the signs of a number. */
static hm_bytes read_word(struct reading *r, bool number)
{
	struct hm_cur from;
	size_t len = 0;

	skip(r);
	from = r->c;
	while (hm_more(&r->c) &&
	       (number ? isdigit(hm_peek(&r->c)) || hm_peek(&r->c) == '.' ||
				 hm_peek(&r->c) == '-' || hm_peek(&r->c) == '+' ||
				 hm_peek(&r->c) == 'e' || hm_peek(&r->c) == 'E'
		       : isalpha(hm_peek(&r->c)) != 0)) {
		hm_u8(&r->c, "word");
		len++;
	}
	return hm_take(&from, len, "word");
}

static void add_number(struct reading *r)
{
	const hm_bytes text = read_word(r, true);
	int64_t whole;
	double real;

	if (hm_rt_parse_long(text, &whole))
		hm_rt_addf(&r->t, "%lld", (long long)whole);
	else if (hm_rt_parse_real(r->rt, text, &real))
		hm_rt_add_real(&r->t, real);
	else
		r->failed = true;
}

/* x y -> [x,y] */
static void add_position(struct reading *r)
{
	hm_rt_add_u8(&r->t, '[');
	add_number(r);
	hm_rt_add_u8(&r->t, ',');
	add_number(r);
	hm_rt_add_u8(&r->t, ']');
}

/* Lists within lists: `levels` of them around positions. */
static void add_list(struct reading *r, unsigned levels)
{
	if (levels == 0) {
		add_position(r);
		return;
	}
	want(r, '(');
	hm_rt_add_u8(&r->t, '[');
	do {
		add_list(r, levels - 1);
	} while (!r->failed && take(r, ',') && (hm_rt_add_u8(&r->t, ','), true));
	want(r, ')');
	hm_rt_add_u8(&r->t, ']');
}

static const struct {
	const char *word, *type;
	unsigned levels; /* of lists around a position */
} kinds[] = {
	{ "POINT", "Point", 0 },
	{ "LINESTRING", "LineString", 1 },
	{ "POLYGON", "Polygon", 2 },
	{ "MULTIPOINT", "MultiPoint", 1 },
	{ "MULTILINESTRING", "MultiLineString", 2 },
	{ "MULTIPOLYGON", "MultiPolygon", 3 },
};

static void add_geometry(struct reading *r);

static void add_collection(struct reading *r)
{
	hm_rt_add_str(&r->t, "{\"type\":\"GeometryCollection\",\"geometries\":[");
	want(r, '(');
	do {
		add_geometry(r);
	} while (!r->failed && take(r, ',') && (hm_rt_add_u8(&r->t, ','), true));
	want(r, ')');
	hm_rt_add_str(&r->t, "]}");
}

static void add_geometry(struct reading *r)
{
	const hm_bytes word = read_word(r, false);
	size_t i = 0;

	r->failed |= ++r->depth > MAX_WKT_DEPTH;
	while (i < sizeof kinds / sizeof *kinds && !hm_is_nocase(word, kinds[i].word))
		i++;
	if (r->failed) {
		return;
	} else if (hm_is_nocase(word, "GEOMETRYCOLLECTION")) {
		add_collection(r);
	} else if (i == sizeof kinds / sizeof *kinds) {
		r->failed = true;
	} else {
		hm_rt_addf(&r->t, "{\"type\":\"%s\",\"coordinates\":", kinds[i].type);
		if (kinds[i].levels == 0)
			want(r, '(');
		add_list(r, kinds[i].levels);
		if (kinds[i].levels == 0)
			want(r, ')');
		hm_rt_add_u8(&r->t, '}');
	}
	r->depth--;
}

/* geo_from_wkt(text); what is none, EMPTY or of more dimensions is null */
HM_RT_FN(geo_from_wkt)
{
	struct reading r = { .rt = rt, .t = hm_rt_text_of(rt), .c = hm_cur_of(arg[0].s) };

	(void)num;
	add_geometry(&r);
	skip(&r);
	out->null = r.failed || hm_more(&r.c);
	out->s = hm_rt_done(&r.t);
}
