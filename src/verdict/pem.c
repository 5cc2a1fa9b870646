/* SPDX-License-Identifier: MIT */
/* pem.c: lines, labels and base64. */
#include "verdict/pem.h"

#include <string.h>

#include "base/text.h"

enum { BAD = -1, SKIP = -2 };

/* A line without its end, stepped over. */
static hm_bytes line_of(struct hm_cur *c)
{
	struct hm_cur ahead = *c;
	size_t len = 0;

	while (hm_left(&ahead) && hm_peek(&ahead) != '\n') {
		(void)hm_u8(&ahead, "line");
		len++;
	}
	hm_bytes line = hm_take(c, len, "line");

	if (hm_left(c))
		(void)hm_u8(c, "end of line");
	return hm_trim(line);
}

/* The label of a line "-----BEGIN label-----", empty if it is none. */
static hm_bytes label_of(hm_bytes line, const char *begin)
{
	size_t head = strlen(begin), tail = strlen("-----");
	struct hm_cur c = hm_cur_of(line);
	hm_bytes none = { 0 }, label;

	if (line.len <= head + tail || !hm_is(hm_take(&c, head, "BEGIN"), begin))
		return none;
	label = hm_take(&c, line.len - head - tail, "label");
	return hm_is(hm_rest(&c), "-----") ? label : none;
}

static int sextet(uint8_t byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return byte - 'A';
	if (byte >= 'a' && byte <= 'z')
		return byte - 'a' + 26;
	if (byte >= '0' && byte <= '9')
		return byte - '0' + 52;
	if (byte == '+' || byte == '/')
		return byte == '+' ? 62 : 63;
	return byte == '=' ? SKIP : BAD;
}

/* A line of base64 onto out; bits left over are carried in *hold. */
static void decode(struct hm_cur *text, hm_bytes line, struct hm_buf *out, uint32_t *hold,
		   unsigned *bits)
{
	struct hm_cur c = hm_cur_of(line);

	while (hm_more(&c)) {
		int value = sextet(hm_u8(&c, "base64"));

		hm_rule(text, value != BAD, "base64");
		if (value < 0)
			continue;
		*hold = (*hold << 6 | (uint32_t)value) & 0xffffff;
		*bits += 6;
		if (*bits >= 8) {
			*bits -= 8;
			hm_put_u8(out, (uint8_t)(*hold >> *bits));
		}
	}
}

bool hm_pem_is(hm_bytes text)
{
	return memmem(text.at, text.len, "-----BEGIN ", 11) != NULL;
}

bool hm_pem_next(struct hm_cur *text, struct hm_arena *a, struct hm_pem *out)
{
	struct hm_buf der = hm_buf_of(hm_left(text) + 1);
	hm_bytes label = { 0 }, line = { 0 };
	uint32_t hold = 0;
	unsigned bits = 0;
	bool ended = false;

	while (!label.len && hm_more(text))
		label = label_of(line_of(text), "-----BEGIN ");
	while (label.len && !ended && hm_more(text)) {
		line = line_of(text);
		ended = hm_same(label_of(line, "-----END "), label);
		if (!ended)
			decode(text, line, &der, &hold, &bits);
	}
	hm_rule(text, !label.len || ended, "the block has an end");
	*out = (struct hm_pem){ label, hm_keep(a, hm_buf_bytes(&der)) };
	hm_buf_done(&der);
	return label.len && text->err == HM_OK;
}
