/* SPDX-License-Identifier: MIT */
/* ingest_frames.c: what the two sides of ingest.h say to each other, read back. */
#include "telemetry/ingest.h"

void hm_ingest_request_write(const struct hm_ingest_request *r, struct hm_buf *out)
{
	hm_put_u32le(out, r->mode);
	hm_put_u32le(out, r->codec);
	hm_put_u64le(out, r->begin);
	hm_put_u64le(out, r->end);
	hm_put_u32le(out, (uint32_t)r->table);
	hm_put_u32le(out, (uint32_t)r->zone);
	hm_put_u8(out, r->zone_given);
	hm_put_u64le(out, r->resume);
	hm_put_u8(out, r->careful);
	hm_put_u8(out, r->poisoned);
	hm_put_u8(out, r->state);
	hm_put_u8(out, r->day_first);
	hm_put_u8(out, r->month_first);
	hm_put_u64le(out, (uint64_t)r->file_time);
	hm_put_u32le(out, (uint32_t)r->device.len);
	hm_put(out, r->device);
	hm_put(out, r->name);
}

hm_err hm_ingest_request_read(hm_bytes bytes, struct hm_ingest_request *out)
{
	struct hm_cur c = hm_cur_of(bytes);
	uint32_t mode = hm_u32le(&c, "mode"), codec = hm_u32le(&c, "codec");

	hm_rule(&c, mode < HM_INGEST_UNKNOWN, "a mode");
	hm_rule(&c, codec < HM_CODECS, "a codec");
	*out = (struct hm_ingest_request){ .mode = (enum hm_ingest_mode)mode,
					   .codec = (enum hm_codec)codec };
	out->begin = hm_u64le(&c, "begin");
	out->end = hm_u64le(&c, "end");
	out->table = (int)hm_u32le(&c, "table");
	out->zone = (int)hm_u32le(&c, "zone");
	out->zone_given = hm_u8(&c, "zone given") != 0;
	out->resume = hm_u64le(&c, "resume");
	out->careful = hm_u8(&c, "careful") != 0;
	out->poisoned = hm_u8(&c, "poisoned") != 0;
	out->state = hm_u8(&c, "state");
	out->day_first = hm_u8(&c, "day first") != 0;
	out->month_first = hm_u8(&c, "month first") != 0;
	out->file_time = (hm_time)hm_u64le(&c, "file's time");
	out->device = hm_take(&c, hm_u32le(&c, "device's length"), "device");
	out->name = hm_rest(&c);
	hm_rule(&c, out->table >= -1 && out->table < HM_TABLE_COUNT, "a table");
	return c.err == HM_OK ? HM_OK : HM_EFORMAT;
}

hm_err hm_ingest_frame_read(hm_bytes frame, enum hm_ingest_frame *kind, hm_bytes *body)
{
	switch (hm_at8(frame, 0)) {
	case HM_FRAME_PROBE: *kind = HM_FRAME_PROBE; break;
	case HM_FRAME_BATCH: *kind = HM_FRAME_BATCH; break;
	case HM_FRAME_REFUSED: *kind = HM_FRAME_REFUSED; break;
	case HM_FRAME_MARK: *kind = HM_FRAME_MARK; break;
	case HM_FRAME_DONE: *kind = HM_FRAME_DONE; break;
	default: return HM_EFORMAT;
	}
	*body = hm_part(frame, 1, frame.len - 1);
	return HM_OK;
}

hm_err hm_refused_read(hm_bytes body, struct hm_refused *out)
{
	struct hm_cur c = hm_cur_of(body);

	out->offset = hm_u64le(&c, "offset");
	out->line = hm_u64le(&c, "line");
	out->why = hm_take(&c, hm_u32le(&c, "why's length"), "why");
	out->text = hm_rest(&c);
	return c.err == HM_OK ? HM_OK : HM_EFORMAT;
}

hm_err hm_ingest_done_read(hm_bytes body, struct hm_ingest_done *out)
{
	struct hm_cur c = hm_cur_of(body);

	out->next = hm_u64le(&c, "next");
	out->state = hm_u8(&c, "state");
	out->bytes = hm_u64le(&c, "bytes");
	out->lines = hm_u64le(&c, "lines");
	out->records = hm_u64le(&c, "records");
	out->refused = hm_u64le(&c, "refused");
	out->why = hm_take(&c, hm_u32le(&c, "why's length"), "why");
	out->tally = hm_rest(&c);
	return c.err == HM_OK ? HM_OK : HM_EFORMAT;
}

hm_err hm_ingest_probe_read(hm_bytes body, struct hm_ingest_probe *out)
{
	struct hm_cur c = hm_cur_of(body);
	uint8_t mode = hm_u8(&c, "mode"), codec = hm_u8(&c, "codec");

	hm_rule(&c, mode > HM_INGEST_WHOLE && mode < HM_INGEST_MODES, "a mode");
	hm_rule(&c, codec < HM_CODECS, "a codec");
	hm_rule(&c, hm_left(&c) == 0, "nothing more");
	out->mode = (enum hm_ingest_mode)mode;
	out->codec = (enum hm_codec)codec;
	return c.err == HM_OK ? HM_OK : HM_EFORMAT;
}
