/* SPDX-License-Identifier: MIT */
/* Constant arguments that Kusto looks into before it runs a query. */
#include <string.h>

#include "query/binder.h"

/* The constant text that is argument i, or an empty one. */
static hm_bytes text_of(const struct hm_expr *call, size_t i)
{
	const struct hm_expr *arg = i < call->arg_count ? call->args[i] : NULL;

	if (!arg || arg->kind != HM_EXPR_LITERAL || arg->type != HM_SCALAR_STRING)
		return (hm_bytes){ 0 };
	return arg->value.text;
}

/* Formats are specifiers and these delimiters (format_datetime, format_timespan). */
static void check_format(struct hm_binder *b, const struct hm_expr *call,
			 const char *allowed)
{
	const hm_bytes format = text_of(call, 1);

	for (size_t i = 0; i < format.len; i++)
		if (format.at[i] == 0 || !strchr(allowed, format.at[i]))
			hm_refuse(b->fault, call->args[1]->span, "HM006",
				  "Kusto's formats know no '%c'.",
				  format.at[i] >= ' ' && format.at[i] < 0x7F
					  ? format.at[i]
					  : '?');
}

/* Whether a regular expression has a group that captures. */
static bool captures(hm_bytes regex)
{
	bool in_set = false;

	for (size_t i = 0; i < regex.len; i++) {
		const uint8_t c = regex.at[i];
		const uint8_t after = i + 1 < regex.len ? regex.at[i + 1] : 0;

		if (c == '\\')
			i++;
		else if (c == '[')
			in_set = true;
		else if (c == ']')
			in_set = false;
		else if (c == '(' && !in_set &&
			 (after != '?' || (i + 2 < regex.len && regex.at[i + 2] == 'P') ||
			  (i + 2 < regex.len && regex.at[i + 2] == '<')))
			return true;
	}
	return false;
}

void hm_check_call(struct hm_binder *b, const struct hm_expr *call)
{
	const struct hm_expr *offset = call->arg_count > 1 ? call->args[1] : NULL;

	if (call->fn == HM_FN_format_datetime)
		check_format(b, call, "dfFhHmMsyt /-:,._[]");
	if (call->fn == HM_FN_format_timespan)
		check_format(b, call, "dfFhHms /-:,._[]");
	if (call->fn == HM_FN_extract_all && text_of(call, 0).len > 0 &&
	    !captures(text_of(call, 0)))
		hm_refuse(b->fault, call->args[0]->span, "HM006",
			  "extract_all needs a regular expression with a group: (...).");
	if ((call->fn == HM_FN_prev || call->fn == HM_FN_next) && offset &&
	    offset->kind == HM_EXPR_LITERAL && offset->value.whole < 1)
		hm_refuse(b->fault, offset->span, "HM006",
			  "The offset of %s must be 1 or more.",
			  hm_fn_info(call->fn)->name);
}
