/* SPDX-License-Identifier: MIT */
#include "query/diag.h"

#include "base/text.h"

/* Whether byte begins a character of UTF-8. */
static bool begins(uint8_t byte)
{
	return (byte & 0xC0) != 0x80;
}

hm_bytes hm_diag_message(struct hm_arena *a, const char *text)
{
	const hm_bytes all = hm_bytes_of(text);
	size_t end = all.len;

	while (end > 0 && !begins(all.at[end - 1]))
		end--;
	/* the last character: whole, or cut */
	if (end > 0 && hm_utf8_valid(hm_part(all, end - 1, all.len - end + 1)))
		end = all.len;
	else if (end > 0)
		end--;
	return hm_keep(a, hm_part(all, 0, end));
}

static size_t line_start(hm_bytes text, size_t at)
{
	size_t start = 0;

	for (size_t i = 0; i < at && i < text.len; i++)
		if (text.at[i] == '\n')
			start = i + 1;
	return start;
}

void hm_diag_place(struct hm_diag *d, hm_bytes text)
{
	const size_t start = line_start(text, d->at);

	d->line = d->column = 1;
	for (size_t i = 0; i < start; i++)
		d->line += text.at[i] == '\n';
	for (size_t i = start; i < d->at && i < text.len; i++)
		d->column += begins(text.at[i]);
}

static void put_caret(struct hm_buf *out, hm_bytes text, const struct hm_diag *diag)
{
	const size_t start = line_start(text, diag->at);
	size_t end = start, carets = 1;

	while (end < text.len && text.at[end] != '\n' && text.at[end] != '\r')
		end++;
	hm_put_str(out, "  ");
	hm_put(out, (hm_bytes){ text.at + start, end - start });
	hm_put_str(out, "\n  ");
	for (size_t i = start; i < diag->at && i < end; i++)
		if (begins(text.at[i]))
			hm_put_u8(out, text.at[i] == '\t' ? '\t' : ' ');
	hm_put_u8(out, '^');
	for (size_t i = diag->at + 1; i < diag->at + diag->len && i < end; i++)
		if (begins(text.at[i]) && carets++ < text.len)
			hm_put_u8(out, '~');
	hm_put_u8(out, '\n');
}

void hm_diag_put(struct hm_buf *out, const char *name, hm_bytes text,
		 const struct hm_diag *diag)
{
	hm_putf(out, "%s:%zu:%zu: %s: ", name, diag->line, diag->column, diag->code);
	hm_put(out, diag->message);
	hm_put_u8(out, '\n');
	put_caret(out, text, diag);
}

enum { LONGEST = 64 };

/* Levenshtein's distance, row by row; a swap of neighbours counts 2. */
size_t hm_edit_distance(hm_bytes a, hm_bytes b, size_t most)
{
	size_t row[LONGEST + 1];

	if (a.len > LONGEST || b.len > LONGEST || a.len > b.len + most ||
	    b.len > a.len + most)
		return most + 1;
	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			const bool same = hm_lower(a.at[i - 1]) == hm_lower(b.at[j - 1]);
			size_t best = corner + !same;

			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			corner = row[j];
			row[j] = best;
		}
	}
	return row[b.len] <= most ? row[b.len] : most + 1;
}
