/* SPDX-License-Identifier: MIT */
/*
 * evtx_samples.h: small event logs of every kind of markup, for tests and as seeds.
 */
#ifndef HM_TESTS_EVTX_SAMPLES_H
#define HM_TESTS_EVTX_SAMPLES_H

#include "evtx_build.h"

/* Bodies without a template: element trees and their JSON. */
static inline void many_names(struct build *b)
{
	open_tag(b, "EventData", false);
	tag_closes(b);
	open_tag(b, "Data", true);
	attribute(b, "Name");
	text(b, "Image");
	tag_closes(b);
	text(b, "a");
	end_tag(b);
	open_tag(b, "Data", true);
	attribute(b, "Name");
	text(b, "Twice");
	tag_closes(b);
	text(b, "1");
	end_tag(b);
	open_tag(b, "Data", false);
	tag_closes(b);
	text(b, "no name");
	end_tag(b);
	open_tag(b, "Data", true);
	attribute(b, "Name");
	text(b, "Twice");
	tag_closes(b);
	text(b, "2");
	end_tag(b);
	end_tag(b);
}

static inline void attributes(struct build *b)
{
	open_tag(b, "UserData", false);
	tag_closes(b);
	open_tag(b, "File", true);
	attribute(b, "path");
	text(b, "c:\\x");
	attribute(b, "ref");
	text(b, "1");
	empty_closes(b);
	open_tag(b, "Size", true);
	attribute(b, "unit");
	text(b, "b");
	tag_closes(b);
	text(b, "12");
	end_tag(b);
	end_tag(b);
}

static inline void entities(struct build *b)
{
	open_tag(b, "A", false);
	tag_closes(b);
	text(b, "x");
	put8(b, 0x09);
	put_name(b, "lt");
	put8(b, 0x48);
	put16(b, '\n');
	put8(b, 0x07); /* CDATA */
	put16(b, 2);
	put_wide(b, "]]");
	put8(b, 0x49);
	put_name(b, "own");
	end_tag(b);
}

static inline void instruction(struct build *b)
{
	open_tag(b, "A", false);
	tag_closes(b);
	text(b, "x");
	put8(b, 0x0a);
	put_name(b, "pi");
	put8(b, 0x0b);
	put16(b, 3);
	put_wide(b, "y z");
	end_tag(b);
}

static inline void system_numbers(struct build *b)
{
	open_tag(b, "Event", false);
	tag_closes(b);
	open_tag(b, "System", false);
	tag_closes(b);
	open_tag(b, "EventID", false);
	tag_closes(b);
	text(b, "4688");
	end_tag(b);
	open_tag(b, "Version", false);
	tag_closes(b);
	text(b, "02");
	end_tag(b);
	open_tag(b, "Computer", false);
	tag_closes(b);
	text(b, "77");
	end_tag(b);
	end_tag(b);
	end_tag(b);
}

static inline void nothing_in_it(struct build *b)
{
	open_tag(b, "A", false);
	empty_closes(b);
}

/* <E a="%0" b="%1"><X>%2</X>%3</E>; %3 is binary XML with a template of its own */
static inline void put_event(struct build *b, bool has_attribute)
{
	record_begin(b);
	fragment(b);
	template_begin(b, 1);
	open_tag(b, "E", true);
	attribute(b, "a");
	slot(b, 0, 0x01);
	attribute(b, "b");
	slot(b, 1, 0x01);
	tag_closes(b);
	open_tag(b, "X", true);
	attribute(b, "q");
	slot(b, 0, 0x01);
	tag_closes(b);
	slot(b, 2, 0x08);
	end_tag(b);
	slot(b, 3, 0x21);
	end_tag(b);
	template_end(b);
	values(b, 4);
	value_head(b, has_attribute ? 2 : 0, has_attribute ? 0x01 : 0x00);
	value_head(b, 0, 0x00);
	value_head(b, 4, 0x08);
	uint32_t size_at = b->at;
	value_head(b, 0, 0x21);
	put_wide(b, has_attribute ? "z" : "");
	put32(b, 42);

	uint32_t inner = b->at;
	fragment(b);
	template_begin(b, 2);
	open_tag(b, "EventData", false);
	tag_closes(b);
	open_tag(b, "Data", false);
	tag_closes(b);
	slot(b, 0, 0x81);
	end_tag(b);
	end_tag(b);
	template_end(b);
	values(b, 1);
	value_head(b, 8, 0x81);
	put_wide(b, "p");
	put16(b, 0);
	put_wide(b, "q");
	put16(b, 0);
	put8(b, 0);
	b->chunk[size_at] = (uint8_t)(b->at - inner);
	b->chunk[size_at + 1] = (uint8_t)((b->at - inner) >> 8);
	put8(b, 0);
	record_end(b);
}

/* A record as the mapping takes it. */
static inline void put_process(struct build *b)
{
	record_begin(b);
	fragment(b);
	template_begin(b, 1);
	open_tag(b, "Event", false);
	tag_closes(b);
	open_tag(b, "System", false);
	tag_closes(b);
	open_tag(b, "Provider", true);
	attribute(b, "Name");
	text(b, "Prov");
	empty_closes(b);
	open_tag(b, "EventID", false);
	tag_closes(b);
	slot(b, 0, 0x06);
	end_tag(b);
	open_tag(b, "TimeCreated", true);
	attribute(b, "SystemTime");
	slot(b, 1, 0x11);
	empty_closes(b);
	open_tag(b, "EventRecordID", false);
	tag_closes(b);
	slot(b, 2, 0x0a);
	end_tag(b);
	end_tag(b);
	open_tag(b, "EventData", false);
	tag_closes(b);
	open_tag(b, "Data", true);
	attribute(b, "Name");
	text(b, "Image");
	tag_closes(b);
	slot(b, 3, 0x01);
	end_tag(b);
	open_tag(b, "Data", false);
	tag_closes(b);
	slot(b, 4, 0x81);
	end_tag(b);
	open_tag(b, "File", true);
	attribute(b, "path");
	text(b, "c:");
	empty_closes(b);
	end_tag(b);
	end_tag(b);
	template_end(b);
	values(b, 5);
	value_head(b, 2, 0x06);
	value_head(b, 8, 0x11);
	value_head(b, 8, 0x0a);
	value_head(b, 4, 0x01);
	value_head(b, 8, 0x81);
	put16(b, 4688);
	put64(b, UINT64_C(132223104000000001));
	put64(b, 99);
	put_wide(b, "a\"");
	put_wide(b, "p");
	put16(b, 0);
	put_wide(b, "q");
	put16(b, 0);
	put8(b, 0);
	record_end(b);
}

/* A record without a template around body. */
static inline void put_direct(struct build *b, void (*body)(struct build *b))
{
	record_begin(b);
	fragment(b);
	body(b);
	put8(b, 0);
	put32(b, 0x3c3c3c3c); /* what follows the end is padding */
	record_end(b);
}

#endif
