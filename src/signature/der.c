/* SPDX-License-Identifier: MIT */
#include "signature/der.h"

#include "base/buf.h"
#include "base/limits.h"

enum {
	CONSTRUCTED = 0x20,
	LONG_TAG = 0x1f,
	INDEFINITE = 0x80,
	MAX_LENGTH_OCTETS = 4,
};

/* X.690 8.1.3 and 10.1.  strict: the shortest form only. */
static uint64_t read_length(struct hm_cur *c, const char *field, bool strict)
{
	uint8_t first = hm_u8(c, field);
	uint64_t len = 0;

	if (first < INDEFINITE)
		return first;
	unsigned octets = first & 0x7f;

	hm_rule(c, octets != 0, "length is definite");
	hm_rule(c, octets <= MAX_LENGTH_OCTETS, "length is below 2^32");
	for (unsigned i = 0; i < octets && c->err == HM_OK; i++)
		len = len << 8 | hm_u8(c, field);
	if (strict)
		hm_rule(c, len >= 0x80 && len >> (8 * (octets - 1) & 31) != 0,
			"length is in its shortest form");
	return len;
}

static struct hm_der next(struct hm_cur *c, const char *field, bool strict)
{
	struct hm_der e = { 0 };
	struct hm_cur begin = *c;
	uint8_t tag = hm_u8(c, field);

	hm_rule(c, (tag & LONG_TAG) != LONG_TAG, "tag is below 31");
	e.in = hm_sub(c, read_length(c, field, strict), field);
	if (c->err != HM_OK)
		return e;
	e.tag = tag;
	e.whole = hm_take(&begin, hm_tell(c) - hm_tell(&begin), field);
	return e;
}

static struct hm_der next_of(struct hm_cur *c, uint8_t tag, const char *field,
			     bool strict)
{
	hm_rule(c, !hm_more(c) || hm_peek(c) == tag, field);
	return next(c, field, strict);
}

static bool next_if(struct hm_cur *c, uint8_t tag, const char *field, bool strict,
		    struct hm_der *out)
{
	if (!hm_more(c) || hm_peek(c) != tag)
		return false;
	*out = next(c, field, strict);
	return c->err == HM_OK;
}

struct hm_der hm_der_next(struct hm_cur *c, const char *field)
{
	return next(c, field, true);
}

struct hm_der hm_ber_next(struct hm_cur *c, const char *field)
{
	return next(c, field, false);
}

struct hm_der hm_der_of(struct hm_cur *c, uint8_t tag, const char *field)
{
	return next_of(c, tag, field, true);
}

struct hm_der hm_ber_of(struct hm_cur *c, uint8_t tag, const char *field)
{
	return next_of(c, tag, field, false);
}

bool hm_der_if(struct hm_cur *c, uint8_t tag, const char *field, struct hm_der *out)
{
	return next_if(c, tag, field, true, out);
}

bool hm_ber_if(struct hm_cur *c, uint8_t tag, const char *field, struct hm_der *out)
{
	return next_if(c, tag, field, false, out);
}

hm_bytes hm_der_value(const struct hm_der *e)
{
	struct hm_cur c = e->in;

	hm_seek(&c, 0, "content");
	return hm_rest(&c);
}

void hm_der_end(struct hm_cur *c, const char *field)
{
	hm_rule(c, !hm_more(c), field);
}

hm_bytes hm_der_oid(struct hm_cur *c, const char *field)
{
	struct hm_der e = hm_ber_of(c, HM_DER_OID, field);

	return hm_der_value(&e);
}

hm_bytes hm_der_integer(struct hm_cur *c, const char *field)
{
	struct hm_der e = hm_ber_of(c, HM_DER_INTEGER, field);
	hm_bytes value = hm_der_value(&e);

	hm_rule(c, value.len != 0, field);
	return value;
}

uint32_t hm_der_small(struct hm_cur *c, const char *field)
{
	struct hm_der e = hm_ber_of(c, HM_DER_INTEGER, field);
	struct hm_cur v = e.in; /* in the same buffer: see base/bytes.h on proofs */
	hm_bytes value = hm_der_value(&e);
	uint32_t n = 0;

	hm_rule(c, value.len != 0, field);
	hm_rule(c, value.len <= 5 && (hm_peek(&v) & 0x80) == 0, field);
	hm_rule(c, value.len < 5 || hm_peek(&v) == 0, field);
	while (hm_more(&v) && c->err == HM_OK)
		n = n << 8 | hm_u8(&v, field);
	return c->err == HM_OK ? n : 0;
}

bool hm_der_bool(struct hm_cur *c, const char *field)
{
	struct hm_der e = hm_ber_of(c, HM_DER_BOOLEAN, field);
	hm_bytes value = hm_der_value(&e);

	hm_rule(c, value.len == 1, field);
	return hm_peek(&e.in) != 0;
}

hm_bytes hm_der_bits(struct hm_cur *c, const char *field)
{
	struct hm_der e = hm_ber_of(c, HM_DER_BIT_STRING, field);
	uint8_t unused = hm_u8(&e.in, field);

	hm_join(c, &e.in);
	hm_rule(c, unused < 8 && (unused == 0 || hm_more(&e.in)), field);
	return hm_rest(&e.in);
}

hm_bytes hm_der_unsigned(hm_bytes integer)
{
	struct hm_cur c = hm_cur_of(integer);

	while (hm_more(&c) && hm_peek(&c) == 0)
		hm_u8(&c, "zero");
	return hm_rest(&c);
}

/* Times. */

/* count decimal digits; *ok turns false at anything else. */
static int digits(struct hm_cur *c, int count, bool *ok)
{
	int n = 0;

	for (int i = 0; i < count; i++) {
		uint8_t d = hm_u8(c, "digit");

		*ok = *ok && d >= '0' && d <= '9';
		n = *ok ? n * 10 + (d - '0') : 0;
	}
	return n;
}

static bool at_digit(const struct hm_cur *c)
{
	uint8_t d = hm_peek(c);

	return d >= '0' && d <= '9';
}

/* ".123": ticks of 100 ns, what is finer dropped. */
static int32_t fraction(struct hm_cur *c)
{
	int32_t ticks = 0, unit = 1000000;

	if (hm_peek(c) != '.' && hm_peek(c) != ',')
		return 0;
	hm_u8(c, "point");
	for (; at_digit(c); unit /= 10)
		ticks += (hm_u8(c, "fraction") - '0') * unit;
	return ticks;
}

/* "Z", "+hhmm" or nothing: minutes east of Greenwich. */
static int zone(struct hm_cur *c, bool *ok)
{
	if (!hm_more(c))
		return 0;
	uint8_t sign = hm_u8(c, "zone");

	if (sign == 'Z')
		return 0;
	*ok = *ok && (sign == '+' || sign == '-');
	int hours = digits(c, 2, ok);
	int minutes = digits(c, 2, ok);

	*ok = *ok && hours < 24 && minutes < 60;
	return (hours * 60 + minutes) * (sign == '-' ? -1 : 1);
}

static hm_time time_of(struct hm_cur *c, bool utc)
{
	bool ok = true;
	struct hm_civil t = { .year = digits(c, utc ? 2 : 4, &ok) };

	if (utc)
		t.year += t.year < 50 ? 2000 : 1900;
	t.month = digits(c, 2, &ok);
	t.day = digits(c, 2, &ok);
	t.hour = digits(c, 2, &ok);
	if (utc || at_digit(c))
		t.minute = digits(c, 2, &ok);
	if (at_digit(c))
		t.second = digits(c, 2, &ok);
	if (!utc)
		t.ticks = fraction(c);
	int east = zone(c, &ok);
	hm_time at = hm_time_of(t);

	if (!ok || c->err != HM_OK || hm_more(c) || at < 0)
		return HM_NO_TIME;
	at -= east * 60 * HM_TICKS_SECOND;
	return at >= 0 && at <= HM_TIME_MAX ? at : HM_NO_TIME;
}

hm_time hm_der_time(struct hm_cur *c, const char *field)
{
	struct hm_der e = hm_ber_next(c, field);

	hm_rule(c, e.tag == HM_DER_UTC_TIME || e.tag == HM_DER_GENERALIZED_TIME, field);
	if (c->err != HM_OK)
		return HM_NO_TIME;
	return time_of(&e.in, e.tag == HM_DER_UTC_TIME);
}

/* Indefinite lengths. */

enum { OCTETS_IN_PIECES = HM_DER_OCTET_STRING | CONSTRUCTED, NO_PARENT = UINT32_MAX };

struct node {
	size_t at, head, len; /* in the input: begin, header length, content length */
	size_t new_len;       /* of the content that is written */
	uint32_t parent;
	uint8_t tag;
	bool indefinite, rewrite;
};

struct walk {
	struct hm_cur c;
	struct node *nodes; /* NULL: only count */
	uint32_t num;
	bool indefinite; /* one was met */
	uint32_t depth;
	struct {
		uint32_t node;
		size_t end; /* SIZE_MAX: at the end-of-contents octets */
	} open[HM_MAX_DER_DEPTH];
};

/* Identifier and length of the next element, put down as a node. */
static void walk_element(struct walk *w)
{
	struct hm_cur *c = &w->c;
	struct node n = { .at = hm_tell(c), .parent = NO_PARENT, .tag = hm_u8(c, "tag") };

	hm_rule(c, (n.tag & LONG_TAG) != LONG_TAG, "tag is below 31");
	n.indefinite = hm_peek(c) == INDEFINITE;
	if (n.indefinite)
		hm_u8(c, "length");
	else
		n.len = (size_t)read_length(c, "length", false);
	hm_rule(c, n.len <= hm_left(c), "element ends with the input");
	hm_rule(c, !n.indefinite || (n.tag & CONSTRUCTED) != 0, "length is definite");
	if (w->num >= HM_MAX_DER_ELEMENTS)
		hm_fail(c, HM_ELIMIT, "elements");
	if (c->err != HM_OK)
		return;
	n.head = hm_tell(c) - n.at;
	if (w->depth > 0)
		n.parent = w->open[w->depth - 1].node;
	n.rewrite = n.indefinite || n.tag == OCTETS_IN_PIECES;
	w->indefinite = w->indefinite || n.indefinite;
	if (w->nodes != NULL)
		w->nodes[w->num] = n;
	w->num++;
	if ((n.tag & CONSTRUCTED) == 0) {
		hm_take(c, n.len, "content");
		return;
	}
	if (w->depth >= HM_MAX_DER_DEPTH) {
		hm_fail(c, HM_ELIMIT, "depth");
		return;
	}
	w->open[w->depth].node = w->num - 1;
	w->open[w->depth].end = n.indefinite ? SIZE_MAX : hm_tell(c) + n.len;
	w->depth++;
}

/* Close the innermost open element if it ends here. */
static bool walk_close(struct walk *w)
{
	if (w->depth == 0)
		return false;
	struct hm_cur *c = &w->c;
	size_t end = w->open[w->depth - 1].end;
	uint32_t node = w->open[w->depth - 1].node;

	if (end == SIZE_MAX) {
		if (hm_peek(c) != 0)
			return false;
		if (w->nodes != NULL)
			w->nodes[node].len =
				hm_tell(c) - w->nodes[node].at - w->nodes[node].head;
		hm_rule(c, hm_u16le(c, "end of contents") == 0,
			"end of contents is two zeros");
	} else if (hm_tell(c) < end) {
		return false;
	} else {
		hm_rule(c, hm_tell(c) == end, "elements end with their parent");
	}
	w->depth--;
	return true;
}

/* One whole element and all in it. */
static void walk(struct walk *w)
{
	walk_element(w);
	/* The depth is never above the maximum: the prover wants to be told. */
	while (w->depth > 0 && w->depth <= HM_MAX_DER_DEPTH && w->c.err == HM_OK)
		if (!walk_close(w))
			walk_element(w);
}

static size_t length_octets(size_t len)
{
	size_t octets = 1;

	if (len >= 0x80)
		for (size_t n = len; n != 0; n >>= 8)
			octets++;
	return octets;
}

/* New lengths from the last node to the first: children come after parents. */
static void measure(struct walk *w)
{
	for (uint32_t i = w->num; i-- > 0;) {
		struct node *n = &w->nodes[i];

		if (!n->rewrite)
			n->new_len = n->len;
		if (n->parent == NO_PARENT)
			continue;
		struct node *parent = &w->nodes[n->parent];

		parent->rewrite = parent->rewrite || n->rewrite;
		parent->new_len += n->new_len;
		if (parent->tag != OCTETS_IN_PIECES)
			parent->new_len +=
				n->rewrite ? 1 + length_octets(n->new_len) : n->head;
	}
}

static void put_head(struct hm_buf *b, uint8_t tag, size_t len)
{
	hm_put_u8(b, tag == OCTETS_IN_PIECES ? HM_DER_OCTET_STRING : tag);
	size_t octets = length_octets(len) - 1;

	if (octets == 0) {
		hm_put_u8(b, (uint8_t)len);
		return;
	}
	hm_put_u8(b, (uint8_t)(0x80 | octets));
	for (size_t i = octets; i-- > 0;)
		hm_put_u8(b, (uint8_t)(len >> 8 * i));
}

static void emit(const struct walk *w, hm_bytes ber, struct hm_buf *b)
{
	size_t copied = 0; /* input up to here is written */

	for (uint32_t i = 0; i < w->num; i++) {
		const struct node *n = &w->nodes[i];
		bool piece = n->parent != NO_PARENT &&
			     w->nodes[n->parent].tag == OCTETS_IN_PIECES;
		struct hm_cur c = hm_cur_of(ber);

		if (n->at < copied)
			continue;
		if (n->rewrite) {
			if (!piece)
				put_head(b, n->tag, n->new_len);
			continue;
		}
		hm_seek(&c, piece ? n->at + n->head : n->at, "element");
		hm_put(b, hm_take(&c, piece ? n->len : n->head + n->len, "element"));
		copied = n->at + n->head + n->len;
	}
}

hm_bytes hm_ber_flatten(hm_bytes ber, struct hm_arena *a, size_t *used, hm_err *err)
{
	struct walk w = { .c = hm_cur_of(ber) };

	*err = HM_OK;
	*used = ber.len;
	walk(&w);
	/* What is broken without indefinite lengths is left to the readers to tell. */
	if (!w.indefinite)
		return ber;
	*used = hm_tell(&w.c);
	*err = w.c.err;
	if (*err != HM_OK)
		return (hm_bytes){ 0 };
	struct walk again = { .c = hm_cur_of(ber),
			      .nodes = hm_new_n(a, struct node, w.num) };

	walk(&again);
	measure(&again);
	/* Each header grows by at most three octets. */
	struct hm_buf b = hm_buf_of(ber.len + 3 * (size_t)w.num);

	emit(&again, ber, &b);
	hm_bytes flat = hm_keep(a, hm_buf_bytes(&b));

	*err = b.err;
	hm_buf_done(&b);
	return flat;
}
