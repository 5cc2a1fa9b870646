/* SPDX-License-Identifier: MIT */
/*
 * evtx_value.h: the typed values of Windows' binary XML, as text and as JSON.
 *
 * Types as in the Windows SDK's EVT_VARIANT_TYPE; spellings as Windows' XML has
 * them (docs/formats/evtx.md lists them all).  Nothing is lost: a value whose size
 * does not fit its type, and a type that is not known, is shown as hex digits.
 *
 * Binary XML inside a value (HM_EVTX_BINXML) is not for here but for evtx_json.c and
 * evtx_record.c.
 */
#ifndef HM_TELEMETRY_EVTX_VALUE_H
#define HM_TELEMETRY_EVTX_VALUE_H

#include "base/buf.h"

enum hm_evtx_type {
	HM_EVTX_NULL = 0x00,
	HM_EVTX_STRING = 0x01,
	HM_EVTX_ANSI = 0x02,
	HM_EVTX_INT8 = 0x03,
	HM_EVTX_UINT8 = 0x04,
	HM_EVTX_INT16 = 0x05,
	HM_EVTX_UINT16 = 0x06,
	HM_EVTX_INT32 = 0x07,
	HM_EVTX_UINT32 = 0x08,
	HM_EVTX_INT64 = 0x09,
	HM_EVTX_UINT64 = 0x0a,
	HM_EVTX_FLOAT = 0x0b,
	HM_EVTX_DOUBLE = 0x0c,
	HM_EVTX_BOOL = 0x0d,
	HM_EVTX_BINARY = 0x0e,
	HM_EVTX_GUID = 0x0f,
	HM_EVTX_SIZE = 0x10,
	HM_EVTX_FILETIME = 0x11,
	HM_EVTX_SYSTEMTIME = 0x12,
	HM_EVTX_SID = 0x13,
	HM_EVTX_HEX32 = 0x14,
	HM_EVTX_HEX64 = 0x15,
	HM_EVTX_BINXML = 0x21,
	HM_EVTX_XML = 0x23,
	HM_EVTX_ARRAY = 0x80, /* added to another */
};

struct hm_evtx_value {
	hm_bytes raw; /* a view of the chunk */
	uint32_t at;  /* its offset in the chunk */
	uint8_t type; /* of hm_evtx_type, or one that is not known */
};

/* Whether it stands for nothing: type null, or no bytes where the type has some. */
static inline bool hm_evtx_is_null(const struct hm_evtx_value *v)
{
	return v->type == HM_EVTX_NULL ||
	       (v->raw.len == 0 && v->type != HM_EVTX_STRING && v->type != HM_EVTX_ANSI &&
		v->type != HM_EVTX_XML);
}

/* One JSON value: null, number, truth value, string, or an array of these. */
void hm_evtx_put_json(struct hm_buf *b, const struct hm_evtx_value *v);

/* What stands between the quotes of a JSON string; nothing for null. */
void hm_evtx_put_inner(struct hm_buf *b, const struct hm_evtx_value *v);

/* Plain UTF-8 text; an array as JSON.  Returns whether the text is JSON. */
bool hm_evtx_put_text(struct hm_buf *b, const struct hm_evtx_value *v);

/* The items of an array: each of them in turn, taken off v; false at the end. */
bool hm_evtx_next(struct hm_evtx_value *v, struct hm_evtx_value *item);

/* Decimal digits, and a FILETIME as Windows shows it (empty where it is no time). */
void hm_put_decimal(struct hm_buf *b, uint64_t value);
void hm_put_filetime(struct hm_buf *b, uint64_t filetime);

#endif
