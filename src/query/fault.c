/* SPDX-License-Identifier: MIT */
#include "query/fault.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"

void hm_refuse(struct hm_fault *f, struct hm_span at, const char *code, const char *fmt,
	       ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (f->inlay != NULL) {
		f->text = f->inlay->text;
		at = f->inlay->at;
	}
	*f->diag = (struct hm_diag){
		.code = code,
		.message = hm_diag_message(f->arena, text),
		.at = at.at < f->text.len ? at.at : f->text.len,
		.len = at.len,
	};
	hm_diag_place(f->diag, f->text);
	longjmp(f->out, 1);
}

void hm_enter(struct hm_fault *f, struct hm_span at)
{
	if (++f->depth > HM_MAX_KQL_DEPTH)
		hm_refuse(f, at, "HM002", "The query is nested more than %d deep.",
			  HM_MAX_KQL_DEPTH);
}

void hm_leave(struct hm_fault *f)
{
	f->depth--;
}

void hm_spend(struct hm_fault *f, struct hm_span at, size_t steps)
{
	f->steps += steps;
	if (f->steps > HM_MAX_KQL_STEPS)
		hm_refuse(f, at, "HM002", "The query grows past %d expressions.",
			  HM_MAX_KQL_STEPS);
}
