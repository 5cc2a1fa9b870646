/* SPDX-License-Identifier: MIT */
/* ingest_messages.c: messages of a queue, each a text as a line of a file is. */
#include "telemetry/ingest_part.h"

enum { HEAD_BYTES = 8 + 4 };

hm_bytes hm_part_take(struct hm_part_reading *p, size_t len)
{
	hm_bytes view = hm_window_view(&p->window);

	while (view.len < len && hm_window_more(&p->window))
		view = hm_window_view(&p->window);
	return hm_part(view, 0, view.len < len ? view.len : len);
}

static void read_message(struct hm_part_reading *p, hm_bytes text)
{
	hm_text_read(p->reader, text);
}

void hm_part_messages(struct hm_part_reading *p)
{
	hm_bytes head;

	hm_part_open(p, 0);
	while ((head = hm_part_take(p, HEAD_BYTES)).len == HEAD_BYTES) {
		uint32_t len = hm_at32le(head, 8);

		p->offset = hm_at64le(head, 0);
		hm_window_skip(&p->window, HEAD_BYTES);
		hm_bytes text = hm_part_take(p, len);
		if (text.len != len) {
			p->why = "its messages are cut short";
			return;
		}
		hm_part_record(p, text, read_message);
		hm_window_skip(&p->window, len);
		hm_part_mark(p, p->offset + 1);
	}
}
