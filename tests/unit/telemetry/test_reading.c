/* SPDX-License-Identifier: MIT */
/* How text becomes records: times as people write them, encodings, where records end. */
#include <sys/mman.h>
#include <zlib.h>
#include <zstd.h>

#include "base/text.h"
#include "check.h"
#include "ingest_run.h"
#include "telemetry/csv.h"
#include "telemetry/split.h"

/* ---- times ---- */

struct time_case {
	const char *text;
	enum hm_date_order order;
	enum hm_locale_found found;
	const char *time; /* NULL: does not matter */
};

/* clang-format off */
static const struct time_case times[] = {
	{ "2024-03-13T03:40:13.9880001Z", HM_DATES_UNKNOWN, HM_LOCALE_TIME, "2024-03-13T03:40:13.9880001Z" },
	{ "2024-03-13T03:40:13+02:00", HM_DATES_UNKNOWN, HM_LOCALE_TIME, "2024-03-13T01:40:13.0000000Z" },
	{ "2024-03-13 15:40:13", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-03-13T15:40:13.0000000Z" },
	{ "13/03/2024, 3:40:13.988 pm", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-03-13T15:40:13.9880000Z" },
	{ "3/13/2024, 12:05:06 AM", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-03-13T00:05:06.0000000Z" },
	{ "3/13/2024, 12:05:06 PM", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-03-13T12:05:06.0000000Z" },
	{ "03/04/2024, 1:02:03 AM", HM_DATES_UNKNOWN, HM_LOCALE_AMBIGUOUS, NULL },
	{ "03/04/2024, 1:02:03 AM", HM_DATES_DAY_FIRST, HM_LOCALE_LOCAL, "2024-04-03T01:02:03.0000000Z" },
	{ "03/04/2024, 1:02:03 AM", HM_DATES_MONTH_FIRST, HM_LOCALE_LOCAL, "2024-03-04T01:02:03.0000000Z" },
	{ "04/04/2024 01:02:03", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-04-04T01:02:03.0000000Z" },
	{ "May 7, 2024 6:41:33 PM", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-05-07T18:41:33.0000000Z" },
	{ "May 7, 2024, 6:41:33\xe2\x80\xafPM", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-05-07T18:41:33.0000000Z" },
	{ "7 May 2024 18:41", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-05-07T18:41:00.0000000Z" },
	{ "13.03.2024, 15:40:13", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-03-13T15:40:13.0000000Z" },
	{ "7. M\xc3\xa4rz 2024, 18:41:33", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-03-07T18:41:33.0000000Z" },
	{ "7. Dez. 2024 um 18:41:33", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-12-07T18:41:33.0000000Z" },
	{ "7 mai 2024, 18:41:33", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-05-07T18:41:33.0000000Z" },
	{ "7 juin 2024 \xc3\xa0 18:41:33", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-06-07T18:41:33.0000000Z" },
	{ "7 juil. 2024, 18:41:33", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-07-07T18:41:33.0000000Z" },
	{ "7 ao\xc3\xbbt 2024, 18:41:33", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-08-07T18:41:33.0000000Z" },
	{ "7 f\xc3\xa9vr. 2024, 18:41:33", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-02-07T18:41:33.0000000Z" },
	{ "7 ago 2024, 18:41:33", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-08-07T18:41:33.0000000Z" },
	{ "13/3/2024, 3:40:13 p.\xc2\xa0m.", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-03-13T15:40:13.0000000Z" },
	{ "7 de out. de 2024, 18:41:33", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-10-07T18:41:33.0000000Z" },
	{ "7 set 2024, 18:41:33", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-09-07T18:41:33.0000000Z" },
	{ "7 mei 2024 18:41:33", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-05-07T18:41:33.0000000Z" },
	{ "13-03-2024 15:40:13", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-03-13T15:40:13.0000000Z" },
	{ "2024/3/13 15:40:13", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-03-13T15:40:13.0000000Z" },
	{ "2024\xe5\xb9\xb4" "3\xe6\x9c\x88" "13\xe6\x97\xa5 15:40:13", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-03-13T15:40:13.0000000Z" },
	{ "2024/3/13 \xe4\xb8\x8b\xe5\x8d\x88" "3:40:13", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-03-13T15:40:13.0000000Z" },
	{ "2024. 3. 13. \xec\x98\xa4\xed\x9b\x84 3:40:13", HM_DATES_UNKNOWN, HM_LOCALE_LOCAL, "2024-03-13T15:40:13.0000000Z" },
	{ "soon", HM_DATES_UNKNOWN, HM_LOCALE_NONE, NULL },
	{ "13/13/2024 1:00:00", HM_DATES_UNKNOWN, HM_LOCALE_NONE, NULL },
	{ "31/02/2024 1:00:00", HM_DATES_UNKNOWN, HM_LOCALE_NONE, NULL },
	{ "13/03/2024 25:00:00", HM_DATES_UNKNOWN, HM_LOCALE_NONE, NULL },
	{ "13/03/2024 13:00:00 pm", HM_DATES_UNKNOWN, HM_LOCALE_NONE, NULL },
	{ "13/03/24 1:00:00", HM_DATES_UNKNOWN, HM_LOCALE_NONE, NULL },
	{ "7 Foo 2024 1:00:00", HM_DATES_UNKNOWN, HM_LOCALE_NONE, NULL },
	{ "", HM_DATES_UNKNOWN, HM_LOCALE_NONE, NULL },
};
/* clang-format on */

static void check_times(void)
{
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		const struct time_case *c = &times[i];
		char text[HM_TIME_TEXT] = "";
		hm_time time = HM_NO_TIME;
		enum hm_locale_found found =
			hm_locale_time(hm_bytes_of(c->text), c->order, &time);
		bool same =
			c->time == NULL || strcmp(hm_time_text(time, text), c->time) == 0;

		check(found == c->found && same, "\"%s\": %d %s", c->text, (int)found,
		      text);
	}
}

/* ---- encodings ---- */

static const char line_a[] = "{\"Timestamp\":\"2024-01-02T03:04:05Z\",\"ActionType\":"
			     "\"ProcessCreated\",\"FileName\":\"a\xe2\x82\xac\"}\n";
static const char line_b[] = "{\"Timestamp\":\"2024-01-02T03:04:06Z\",\"ActionType\":"
			     "\"ProcessCreated\",\"FileName\":\"b\xf0\x9f\x98\x80\"}\n";

static void put_gzip(struct hm_buf *out, const char *text)
{
	uint8_t room[1024];
	z_stream z = { .next_in = (uint8_t *)(uintptr_t)text,
		       .avail_in = (unsigned)strlen(text),
		       .next_out = room,
		       .avail_out = sizeof(room) };

	if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
	    deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	deflateEnd(&z);
	hm_put(out, (hm_bytes){ room, sizeof(room) - z.avail_out });
}

static void put_zstd(struct hm_buf *out, const char *text)
{
	uint8_t room[1024];
	size_t len = ZSTD_compress(room, sizeof(room), text, strlen(text), 1);

	if (ZSTD_isError(len))
		abort();
	hm_put(out, (hm_bytes){ room, len });
}

static void put_utf16(struct hm_buf *out, const char *text, bool big)
{
	struct hm_cur c = hm_cur_of(hm_bytes_of(text));
	uint32_t units[2];

	while (hm_more(&c)) {
		uint32_t code = hm_utf8_next(&c);
		int num = code < 0x10000 ? 1 : 2;

		units[0] = num == 1 ? code : 0xd800 + ((code - 0x10000) >> 10);
		units[1] = 0xdc00 + ((code - 0x10000) & 0x3ff);
		for (int i = 0; i < num; i++) {
			hm_put_u8(out, (uint8_t)(big ? units[i] >> 8 : units[i]));
			hm_put_u8(out, (uint8_t)(big ? units[i] : units[i] >> 8));
		}
	}
}

static void check_bytes(struct hm_ingester *g, struct run *r, struct hm_buf *b,
			const char *name)
{
	const struct hm_ingest_request whole = { .mode = HM_INGEST_WHOLE, .table = -1 };
	const char *got = run_text(g, r, hm_buf_bytes(b), whole);
	bool ok = r->rows == 2 && strstr(got, "FileName=a\xe2\x82\xac ") != NULL &&
		  strstr(got, "FileName=b\xf0\x9f\x98\x80 ") != NULL &&
		  strstr(got, "refused=0 \n") != NULL;

	if (!ok)
		printf("# %s\n", got);
	check(ok, "%s", name);
	hm_buf_clear(b);
}

static void check_encodings(struct hm_ingester *g, struct run *r)
{
	struct hm_buf b = hm_buf_of(1 << 16);

	put_gzip(&b, line_a);
	put_gzip(&b, line_b);
	check_bytes(g, r, &b, "gzip, two members");
	put_zstd(&b, line_a);
	put_zstd(&b, line_b);
	check_bytes(g, r, &b, "zstd, two frames");
	hm_put_str(&b, "\xff\xfe");
	put_utf16(&b, line_a, false);
	put_utf16(&b, line_b, false);
	check_bytes(g, r, &b, "UTF-16, little endian");
	hm_put_str(&b, "\xfe\xff");
	put_utf16(&b, line_a, true);
	put_utf16(&b, line_b, true);
	check_bytes(g, r, &b, "UTF-16, big endian");
	hm_put_str(&b, "\xef\xbb\xbf");
	hm_put_str(&b, line_a);
	hm_put_str(&b, line_b);
	check_bytes(g, r, &b, "UTF-8 with its mark");
	hm_buf_done(&b);
}

/* A window over UTF-16 longer than its input buffer, so that pairs are cut. */
static void check_long_utf16(struct hm_ingester *g, struct run *r)
{
	struct hm_buf b = hm_buf_of(1 << 24);
	const struct hm_ingest_request whole = { .mode = HM_INGEST_WHOLE, .table = -1 };

	hm_put_str(&b, "\xff\xfe ");
	hm_put_u8(&b, 0);
	for (int i = 0; i < 6000; i++)
		put_utf16(&b, line_b, false);
	run_text(g, r, hm_buf_bytes(&b), whole);
	check(r->rows == 6000 && strstr((char *)r->out.at, "\xef\xbf\xbd") == NULL,
	      "no pair of UTF-16 is torn: %d rows", r->rows);
	hm_buf_done(&b);
}

static void check_damage(struct hm_ingester *g, struct run *r)
{
	struct hm_buf b = hm_buf_of(1 << 16);
	const struct hm_ingest_request whole = { .mode = HM_INGEST_WHOLE, .table = -1 };

	put_gzip(&b, line_a);
	put_gzip(&b, line_b);
	const char *got = run_text(g, r, hm_part(hm_buf_bytes(&b), 0, b.len - 12), whole);
	check(strstr(got, "its compressed data ends early") != NULL &&
		      strstr(got, "FileName=a") != NULL,
	      "gzip cut short is told of, and what came before is read");
	hm_buf_clear(&b);
	put_zstd(&b, line_a);
	b.at[b.len - 3] ^= 0x55;
	got = run_text(g, r, hm_buf_bytes(&b), whole);
	check(strstr(got, "refused=0 \n") == NULL, "damaged zstd is told of");
	hm_buf_done(&b);
}

/* ---- events in XML ---- */

#define EVENT(id, break)                                                                                                                                                                                                                                      \
	"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>" break "<System>" break "<Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID>" break "<TimeCreated SystemTime='2024-01-02T03:04:05.678901000Z'/><EventRecordID>" id \
																					       "</EventRecordID><Computer>c</Computer></System>" break "<EventData><Data Name='Image'>C:\\a&amp;b.exe</Data></EventData>" break "</Event>"

static void check_xml(struct hm_ingester *g, struct run *r)
{
	static const struct {
		const char *name, *text;
		int rows;
	} cases[] = {
		{ "a log saved as XML: all events on one line",
		  "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\r\n"
		  "<Events>" EVENT("1", "") EVENT("2", "") EVENT("3", "") "</Events>",
		  3 },
		{ "events over several lines",
		  "<Events>\n" EVENT("1", "\r\n  ") "\n" EVENT("2", "\n") "\n</Events>\n",
		  2 },
		{ "one event a line", EVENT("1", "") "\n" EVENT("2", "") "\n", 2 },
		{ "the last event cut short",
		  "<Events>\n" EVENT("1", "\n") "\n<Event><Sys", 1 },
	};
	const struct hm_ingest_request whole = { .mode = HM_INGEST_WHOLE, .table = -1 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *got = run_text(g, r, hm_bytes_of(cases[i].text), whole);
		bool cut = strstr(cases[i].name, "cut") != NULL;
		bool told = strstr(got, cut ? "refused=1 " : "refused=0 ") != NULL;

		if (r->rows != cases[i].rows || !told)
			printf("# %s\n", got);
		check(r->rows == cases[i].rows && told, "%s", cases[i].name);
	}
}

/* ---- where records of a stream end ---- */

/* Records by their texts, joined by "|"; "!" where the stream is bad. */
static void split_all(const char *text, size_t step, char *out)
{
	struct hm_split s = { 0 };
	hm_bytes all = hm_bytes_of(text);
	size_t at = 0, shown = step, len;

	out[0] = '\0';
	while (at < all.len) {
		hm_bytes record;
		size_t have = shown < all.len - at ? shown : all.len - at;
		enum hm_split_found f = hm_split_next(
			&s, hm_part(all, at, have), at + have == all.len, &record, &len);

		if (f == HM_SPLIT_MORE && at + have == all.len)
			f = HM_SPLIT_BAD;
		if (f == HM_SPLIT_BAD) {
			strcat(out, "!");
			return;
		}
		if (f == HM_SPLIT_RECORD) {
			strncat(out, (const char *)record.at, record.len);
			strcat(out, "|");
		}
		if (f == HM_SPLIT_MORE)
			shown += step;
		else
			at += len;
	}
}

static void check_split(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "{\"a\":1}\n{\"b\":[1,2]}", "{\"a\":1}|{\"b\":[1,2]}|" },
		{ "[{\"a\":1},\n {\"b\":2}]", "{\"a\":1}|{\"b\":2}|" },
		{ "{\"Stats\":{},\"Results\":[{\"a\":\"]}\"},{\"b\":2}]}",
		  "{\"a\":\"]}\"}|{\"b\":2}|" },
		{ "{\"records\":[{\"a\":1}]}{\"records\":[{\"b\":1}]}",
		  "{\"a\":1}|{\"b\":1}|" },
		{ "[]", "" },
		{ "{\"results\":[]}", "" },
		{ "[{\"a\":\"\\\"}\"}]", "{\"a\":\"\\\"}\"}|" },
		{ "[{\"a\":1}", "{\"a\":1}|" },
		{ "{\"a\":1", "!" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char out[512] = "";
		bool ok = true;

		for (size_t step = 1; step < 80; step++) {
			split_all(cases[i].text, step, out);
			if (strcmp(out, cases[i].want) == 0)
				continue;
			printf("# %zu bytes at first: %s\n", step, out);
			ok = false;
		}
		check(ok, "records of stream %zu, however much is seen", i);
	}
}

int main(void)
{
	struct hm_ingester *g = hm_ingester_new();
	struct run r = { .out = hm_buf_of(1 << 24) };

	setvbuf(stdout, NULL, _IOLBF, 0);
	check_times();
	check_encodings(g, &r);
	check_long_utf16(g, &r);
	check_damage(g, &r);
	check_xml(g, &r);
	check_split();
	hm_buf_done(&r.out);
	hm_ingester_free(g);
	return check_done();
}
