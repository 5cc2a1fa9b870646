/* SPDX-License-Identifier: MIT */
/*
 * evtx_xml.h: Windows' binary XML (MS-EVEN6 2.2.12) to a tree.
 *
 * Read once for each template, and once for each record that was written without
 * one.  A substitution stays what it is: the number of a value that each record
 * brings.  Elements inside a template carry a dependency id, those outside do not.
 *
 * Nodes and their texts (UTF-8) live in the arena; nothing views the chunk.
 */
#ifndef HM_TELEMETRY_EVTX_XML_H
#define HM_TELEMETRY_EVTX_XML_H

#include "base/arena.h"

enum hm_xml_kind {
	HM_XML_ELEMENT,     /* text is its name */
	HM_XML_INSTRUCTION, /* <?text ...?>; its data is its only child */
	HM_XML_TEXT,        /* text, and what entities stand for */
	HM_XML_VALUE,       /* the value number slot */
};

struct hm_xml_node {
	enum hm_xml_kind kind;
	bool xml;      /* of a value: announced as binary XML */
	uint16_t slot; /* of a value */
	hm_bytes text;
	struct hm_xml_list {
		struct hm_xml_node *first, *last;
	} attributes, children; /* attributes are elements without attributes */
	struct hm_xml_node *next;
};

struct hm_xml_source {
	hm_bytes chunk; /* names are found by their offset in it */
	struct hm_arena *arena;
	uint32_t *steps; /* left for this chunk: one is taken for each token */
};

/*
 * The nodes from the cursor to the end-of-fragment token, or to the cursor's end.
 * The cursor must be over the chunk, since names are told by their offset.  On
 * failure the cursor tells why.
 */
struct hm_xml_list hm_xml_read(struct hm_xml_source *s, struct hm_cur *c,
			       bool in_template);

#endif
