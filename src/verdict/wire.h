/* SPDX-License-Identifier: MIT */
/*
 * wire.h: a verdict as bytes, to cross from the worker that made it.
 *
 * The worker may be in an attacker's hands, so what it sends is read through the
 * cursor: every enumerator, count and index is checked against its range, every
 * text must be UTF-8, and the state must be the reason's.  The form is private to
 * one build: it begins with a number that changes when it does.
 */
#ifndef HM_VERDICT_WIRE_H
#define HM_VERDICT_WIRE_H

#include "base/buf.h"
#include "verdict/verdict.h"

void hm_verdict_write(const struct hm_verdict *v, struct hm_buf *out);

/* HM_EFORMAT or HM_ETRUNC where in is no verdict.  All of it is copied to the arena. */
hm_err hm_verdict_read(hm_bytes in, struct hm_arena *a, struct hm_verdict *out);

#endif
