/* SPDX-License-Identifier: MIT */
/*
 * split.h: where the records of a stream of JSON begin and end, without holding
 * more than one of them.
 *
 * The stream is JSON values one after the other, pretty-printed or not.  A top
 * array is taken apart, as is the array under "Results", "results" or "records" of
 * a top object: an answer of the hunting API may hold 100,000 rows.  Only brackets
 * and strings are looked at here; each record is then read strictly by itself.
 */
#ifndef HM_TELEMETRY_SPLIT_H
#define HM_TELEMETRY_SPLIT_H

#include "base/bytes.h"

struct hm_split {
	bool in_list;   /* between the values of a list that is taken apart */
	bool in_object; /* that list is a member: what follows it ends an object */
	bool closing;   /* after such a list, before the object's end */
};

enum hm_split_found {
	HM_SPLIT_RECORD, /* *record; *len is what to step over, it included */
	HM_SPLIT_SKIP,   /* *len bytes that are no record: white space, brackets */
	HM_SPLIT_MORE,   /* the record goes on after the text */
	HM_SPLIT_BAD,    /* the text is no JSON here */
};

/* Look at the beginning of what is left of the stream.  ended: nothing follows it. */
enum hm_split_found hm_split_next(struct hm_split *s, hm_bytes text, bool ended,
				  hm_bytes *record, size_t *len);

/* Whether a text that begins with an object is one of lines, the first of which is
 * damaged: the object ends with its line, or breaks off at one. */
bool hm_split_is_lines(hm_bytes text);

/* After text was refused: the bytes to step over, up to a line that begins with a value
 * where none can be in what was refused.  At least one, all where there is no such. */
size_t hm_split_resume(hm_bytes text);

#endif
