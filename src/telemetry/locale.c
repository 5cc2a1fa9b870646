/* SPDX-License-Identifier: MIT */
/* locale.c: times as people write them; see csv.h. */
#include "base/text.h"
#include "telemetry/csv.h"
#include "telemetry/windows.h"

/* clang-format off */
/* Beginnings of the names of months; the first that fits is meant. */
static const struct month {
	const char *name;
	int month;
} months[] = {
	{ "jan", 1 },  { "janv", 1 },       { "ene", 1 },  { "gen", 1 },
	{ "sty", 1 },  { "feb", 2 },        { "fev", 2 },  { "f\xc3\xa9v", 2 },
	{ "lut", 2 },  { "mar", 3 },        { "mrz", 3 },  { "mrt", 3 },
	{ "maa", 3 },  { "m\xc3\xa4r", 3 }, { "apr", 4 },  { "avr", 4 },
	{ "abr", 4 },  { "kwi", 4 },        { "may", 5 },  { "mai", 5 },
	{ "maj", 5 },  { "mei", 5 },        { "mag", 5 },  { "juin", 6 },
	{ "jun", 6 },  { "giu", 6 },        { "cze", 6 },  { "juil", 7 },
	{ "jul", 7 },  { "lug", 7 },        { "lip", 7 },  { "aug", 8 },
	{ "ao\xc3\xbb", 8 }, { "ago", 8 },  { "sie", 8 },  { "sep", 9 },
	{ "set", 9 },  { "wrz", 9 },        { "oct", 10 }, { "okt", 10 },
	{ "ott", 10 }, { "out", 10 },       { "pa\xc5\xba", 10 }, { "nov", 11 },
	{ "lis", 11 }, { "dec", 12 },       { "dez", 12 }, { "d\xc3\xa9" "c", 12 },
	{ "des", 12 }, { "dic", 12 },       { "gru", 12 },
};

/* Halves of the day; 0 is a word that says nothing. */
static const struct half {
	const char *word;
	int half;
} halves[] = {
	{ "am", 1 },     { "pm", 2 },     { "a.m.", 1 },  { "p.m.", 2 },
	{ "a", 1 },      { "p", 2 },      { "a.", 1 },    { "p.", 2 },
	    { "\xe4\xb8\x8a\xe5\x8d\x88", 1 },
	{ "\xe4\xb8\x8b\xe5\x8d\x88", 2 },                 /* Chinese */
	{ "\xe5\x8d\x88\xe5\x89\x8d", 1 },
	{ "\xe5\x8d\x88\xe5\xbe\x8c", 2 },                 /* Japanese */
	{ "\xec\x98\xa4\xec\xa0\x84", 1 },
	{ "\xec\x98\xa4\xed\x9b\x84", 2 },                 /* Korean */
	{ "at", 0 },     { "de", 0 },     { "um", 0 },    { "om", 0 },
	{ "kl", 0 },     { "kl.", 0 },    { "m", 0 },     { "m.", 0 },
	{ "alle", 0 },   { "ore", 0 },    { "\xc3\xa0", 0 }, { "\xc3\xa0s", 0 },
};
/* clang-format on */

/* Numbers and words of a time, in order. */
struct parts {
	int number[8];
	int width[8]; /* digits of each number */
	size_t num;
	size_t clock;    /* which number began the clock; 8: none */
	int month;       /* named, 1 to 12; 0: not named */
	size_t month_at; /* how many numbers came before its name */
	int half;        /* 0 none, 1 am, 2 pm */
	bool fraction, odd;
};

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

/* What is no ASCII is a letter, but for the spaces that are stepped over before. */
static bool is_letter(uint8_t byte)
{
	byte = hm_lower(byte);
	return (byte >= 'a' && byte <= 'z') || byte >= 0x80;
}

static void take_number(struct hm_cur *c, struct parts *p)
{
	int value = 0, width = 0;

	while (is_digit(hm_peek(c)) && width < 9) {
		value = value * 10 + hm_u8(c, "digit") - '0';
		width++;
	}
	if (p->num == 8 || is_digit(hm_peek(c))) {
		p->odd = true;
		return;
	}
	p->number[p->num] = value;
	p->width[p->num++] = width;
}

/* A no-break space or a narrow one, which newer browsers write before "PM", or the sign
 * for year, month or day of East Asian dates: how many bytes; 0 where it is none. */
static size_t space_at(const struct hm_cur *c)
{
	static const char *const spaces[] = { "\xe2\x80\xaf", "\xc2\xa0", "\xe5\xb9\xb4",
					      "\xe6\x9c\x88", "\xe6\x97\xa5" };

	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
		hm_bytes space = hm_bytes_of(spaces[i]);
		struct hm_cur ahead = *c;

		if (hm_same(hm_take(&ahead, space.len, "space"), space))
			return space.len;
	}
	return 0;
}

static void take_word(struct hm_cur *c, struct parts *p)
{
	struct hm_cur begin = *c;

	/* "a.m." of some languages */
	while (is_letter(hm_peek(c)) || hm_peek(c) == '.') {
		if (space_at(c) != 0)
			break;
		hm_take(c, 1, "letter");
	}
	hm_bytes word = hm_take(&begin, hm_tell(c) - hm_tell(&begin), "word");
	for (size_t i = 0; i < sizeof(halves) / sizeof(halves[0]); i++) {
		if (!hm_is_nocase(word, halves[i].word))
			continue;
		/* "p. m." is two words */
		if (halves[i].half != 0)
			p->half = halves[i].half;
		return;
	}
	for (size_t i = 0; i < sizeof(months) / sizeof(months[0]); i++) {
		hm_bytes name = hm_bytes_of(months[i].name);

		if (p->month != 0 || !hm_same_nocase(hm_part(word, 0, name.len), name))
			continue;
		p->month = months[i].month;
		p->month_at = p->num;
		return;
	}
	p->odd = true;
}

static void take_mark(struct hm_cur *c, struct parts *p)
{
	uint8_t byte = hm_u8(c, "mark");

	if (byte == ':' && p->clock == 8)
		p->clock = p->num - 1;
	else if ((byte == '.' || byte == ',') && p->clock != 8 && p->num == p->clock + 3)
		p->fraction |= is_digit(hm_peek(c));
	else if (byte != ':' && byte != '/' && byte != '.' && byte != '-' &&
		 byte != ',' && byte != ' ')
		p->odd = true;
}

static struct parts take_apart(hm_bytes text)
{
	struct hm_cur c = hm_cur_of(text);
	struct parts p = { .clock = 8 };

	while (hm_more(&c) && !p.odd) {
		size_t space = space_at(&c);

		if (space != 0)
			hm_take(&c, space, "space");
		else if (is_digit(hm_peek(&c)))
			take_number(&c, &p);
		else if (is_letter(hm_peek(&c)))
			take_word(&c, &p);
		else
			take_mark(&c, &p);
	}
	return p;
}

static bool set_clock(const struct parts *p, struct hm_civil *out)
{
	size_t at = p->clock, left = p->num - at;
	int ticks = 0;

	if (at == 8 || left < 2 || left > 4 || (left == 4) != p->fraction)
		return false;
	out->hour = p->number[at];
	out->minute = p->number[at + 1];
	out->second = left > 2 ? p->number[at + 2] : 0;
	if (left == 4) {
		ticks = p->number[at + 3];
		for (int width = p->width[at + 3]; width < 7; width++)
			ticks *= 10;
		for (int width = p->width[at + 3]; width > 7; width--)
			ticks /= 10;
	}
	out->ticks = ticks;
	if (p->half != 0 && (out->hour < 1 || out->hour > 12))
		return false;
	if (p->half == 1 && out->hour == 12)
		out->hour = 0;
	if (p->half == 2 && out->hour != 12)
		out->hour += 12;
	return true;
}

static enum hm_locale_found set_named_date(const struct parts *p, struct hm_civil *out)
{
	if (p->clock != 2 || p->month_at > 1 || p->width[1] != 4)
		return HM_LOCALE_NONE;
	out->month = p->month;
	out->day = p->number[0];
	out->year = p->number[1];
	return HM_LOCALE_TIME;
}

static enum hm_locale_found set_date(const struct parts *p, enum hm_date_order order,
				     struct hm_civil *out)
{
	if (p->month != 0)
		return set_named_date(p, out);
	if (p->clock != 3)
		return HM_LOCALE_NONE;
	if (p->width[0] == 4) {
		*out = (struct hm_civil){ .year = p->number[0],
					  .month = p->number[1],
					  .day = p->number[2] };
		return HM_LOCALE_TIME;
	}
	if (p->width[2] != 4)
		return HM_LOCALE_NONE;

	int first = p->number[0], second = p->number[1];
	bool day_first = first > 12 || (second <= 12 && order == HM_DATES_DAY_FIRST);
	bool month_first = second > 12 || (first <= 12 && order == HM_DATES_MONTH_FIRST);
	out->year = p->number[2];
	out->day = day_first ? first : second;
	out->month = day_first ? second : first;
	/* the same day either way is no riddle */
	if (!day_first && !month_first && first != second)
		return HM_LOCALE_AMBIGUOUS;
	return HM_LOCALE_TIME;
}

enum hm_locale_found hm_locale_time(hm_bytes text, enum hm_date_order order, hm_time *out)
{
	struct hm_civil date = { 0 }, clock = { 0 };

	text = hm_trim(text);
	*out = hm_time_parse(text);
	/* Swedish browsers write ISO 8601, and local time */
	if (*out != HM_NO_TIME)
		return hm_time_zoned(text) ? HM_LOCALE_TIME : HM_LOCALE_LOCAL;

	struct parts p = take_apart(text);
	if (p.odd || !set_clock(&p, &clock))
		return HM_LOCALE_NONE;
	enum hm_locale_found found = set_date(&p, order, &date);
	if (found != HM_LOCALE_TIME)
		return found;
	clock.year = date.year;
	clock.month = date.month;
	clock.day = date.day;
	*out = hm_time_of(clock);
	return *out != HM_NO_TIME ? HM_LOCALE_LOCAL : HM_LOCALE_NONE;
}
