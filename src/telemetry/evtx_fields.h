/* SPDX-License-Identifier: MIT */
/*
 * evtx_fields.h: a tree of binary XML as a list of where each field comes from: what
 * evtx_program.h is for JSON, this is for struct hm_record.
 */
#ifndef HM_TELEMETRY_EVTX_FIELDS_H
#define HM_TELEMETRY_EVTX_FIELDS_H

#include "telemetry/evtx_xml.h"

/* What a field is of the record. */
enum hm_evtx_use {
	HM_USE_FIELD, /* one of its fields */
	HM_USE_INNER, /* binary XML that has fields of its own */
	HM_USE_PROVIDER,
	HM_USE_EVENT_ID,
	HM_USE_TIME,
	HM_USE_RECORD_ID,
	HM_USE_ACTIVITY,
	HM_USE_CHANNEL,
	HM_USE_COMPUTER,
	HM_USE_USER,
};

struct hm_evtx_part {
	bool literal;
	uint16_t slot; /* of a value */
	hm_bytes text; /* of a literal */
};

struct hm_evtx_field {
	enum hm_evtx_use use;
	bool list;     /* each item of an array is a field */
	hm_bytes name; /* as record.h says */
	const struct hm_evtx_part *parts;
	size_t num_parts;
	const struct hm_evtx_field *next;
};

/*
 * The fields in the order of the document; they live in keep.  Paths repeat names, so
 * steps are taken for them: HM_ELIMIT where these do not suffice.
 */
hm_err hm_evtx_fields(const struct hm_xml_list *nodes, struct hm_arena *keep,
		      uint32_t *steps, const struct hm_evtx_field **out);

#endif
