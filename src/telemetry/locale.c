/* SPDX-License-Identifier: MIT */
/* locale.c: times as people write them; see csv.h. */
#include "base/text.h"
#include "telemetry/csv.h"

static const char *const months[] = { "jan", "feb", "mar", "apr", "may", "jun",
				      "jul", "aug", "sep", "oct", "nov", "dec" };

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

static bool is_letter(uint8_t byte)
{
	byte = hm_lower(byte);
	return byte >= 'a' && byte <= 'z';
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

static void take_word(struct hm_cur *c, struct parts *p)
{
	struct hm_cur begin = *c;

	/* "a.m." of some languages */
	while (is_letter(hm_peek(c)) || hm_peek(c) == '.')
		hm_take(c, 1, "letter");
	hm_bytes word = hm_take(&begin, hm_tell(c) - hm_tell(&begin), "word");
	uint8_t first = hm_lower(hm_at8(word, 0));
	bool half = hm_is_nocase(word, "am") || hm_is_nocase(word, "pm") ||
		    hm_is_nocase(word, "a.m.") || hm_is_nocase(word, "p.m.");
	if (half) {
		p->half = first == 'a' ? 1 : 2;
		return;
	}
	for (int i = 0; i < 12; i++) {
		if (!hm_is_nocase(hm_part(word, 0, 3), months[i]) || p->month != 0)
			continue;
		p->month = i + 1;
		p->month_at = p->num;
		return;
	}
	p->odd |= !hm_is_nocase(word, "at");
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
		/* a narrow no-break space stands before "PM" in newer browsers */
		struct hm_cur ahead = c;
		if (hm_is(hm_take(&ahead, 3, "space"), "\xe2\x80\xaf"))
			c = ahead;
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
	if (*out != HM_NO_TIME)
		return HM_LOCALE_TIME;

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
