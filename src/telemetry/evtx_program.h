/* SPDX-License-Identifier: MIT */
/*
 * evtx_program.h: a tree of binary XML as a program that writes JSON.
 *
 * Literal text is joined at once; what is left to do for a record is to copy texts
 * and put values between them.  The shape of the JSON is docs/formats/evtx.md's.
 *
 * A member or item of what is written ends with a comma, which HM_ACT_CLOSE turns
 * into the closing bracket: what a record leaves out then needs no bookkeeping.
 */
#ifndef HM_TELEMETRY_EVTX_PROGRAM_H
#define HM_TELEMETRY_EVTX_PROGRAM_H

#include "telemetry/evtx_xml.h"

enum hm_evtx_act {
	HM_ACT_VALUE,   /* put value slot as JSON */
	HM_ACT_INNER,   /* put it inside a JSON string */
	HM_ACT_ITEMS,   /* put it as items of an array: those of its own, if it is one */
	HM_ACT_MEMBERS, /* put binary XML as members of the object that is open */
	HM_ACT_CLOSE,   /* end an object or array with the byte in slot */
	HM_ACT_IF_SET,  /* go to target if value slot is there */
	HM_ACT_IF_NULL, /* go to target if it is not */
	HM_ACT_JUMP,    /* go to target */
	HM_ACT_END,
};

struct hm_evtx_op {
	uint32_t at, len; /* text to put before the action, in the program's text */
	uint32_t target;  /* an op that comes later */
	uint16_t slot;
	uint8_t act; /* of hm_evtx_act */
};

struct hm_evtx_program {
	const struct hm_evtx_op *ops; /* the last one is HM_ACT_END */
	uint32_t num_ops;
	hm_bytes text; /* HM_EVTX_PAD readable bytes follow it, so that it can be copied
			  by the step */
};

enum { HM_EVTX_PAD = 16 };

/*
 * The program that writes the nodes as members of an object, each with its comma.
 * It lives in keep; scratch is used up to no purpose beyond the call.
 */
struct hm_evtx_program hm_evtx_compile(const struct hm_xml_list *nodes,
				       struct hm_arena *scratch, struct hm_arena *keep);

#endif
