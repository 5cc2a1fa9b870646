/* SPDX-License-Identifier: MIT */
/* Made chunks: what is read of each, and what is counted as lost. */
#include <stdlib.h>

#include "base/buf.h"
#include "check.h"
#include "evtx_samples.h"
#include "telemetry/evtx.h"

HM_NORETURN static void full(void *ctx)
{
	(void)ctx;
	abort();
}

static void keep_json(void *ctx, struct hm_evtx *e, const struct hm_evtx_record *r)
{
	/* what cannot be decoded is counted, and the tests look at the counts */
	(void)!hm_evtx_json(e, r, ctx);
}

struct log {
	struct build b;
	struct hm_evtx *e;
	struct hm_buf out;
};

static void log_begin(struct log *l)
{
	build_begin(&l->b);
	l->out = hm_buf_of(64 << 20);
	if (hm_evtx_open(HM_EVTX_JSON, full, NULL, &l->e) != HM_OK)
		abort();
}

/* Read the chunk as it is; the lines are in out. */
static const struct hm_evtx_stats *log_read(struct log *l)
{
	uint8_t header[4096];
	uint64_t first;

	build_header(header);
	if (hm_evtx_begin(l->e, (hm_bytes){ header, sizeof(header) },
			  hm_bytes_of("a.evtx"), &first) != HM_OK)
		abort();
	hm_evtx_chunk(l->e, (hm_bytes){ l->b.chunk, BUILD_CHUNK }, first, keep_json,
		      &l->out);
	return hm_evtx_stats(l->e);
}

static void log_done(struct log *l)
{
	hm_evtx_close(l->e);
	hm_buf_done(&l->out);
	build_done(&l->b);
}

/* Whether the first line begins so, up to what is told of the record itself. */
static bool line_is(const struct log *l, const char *want)
{
	static const char tail[] = "\"Record\":{\"File\":\"a.evtx\",\"Offset\":";
	hm_bytes line = hm_buf_bytes(&l->out);
	size_t len = strlen(want);

	return line.at != NULL && hm_same(hm_part(line, 0, len), hm_bytes_of(want)) &&
	       hm_same(hm_part(line, len, sizeof(tail) - 1), hm_bytes_of(tail));
}

struct value_case {
	const char *name;
	uint8_t type;
	hm_bytes raw;
	const char *json;
};

#define RAW(s) { (const uint8_t *)(s), sizeof(s) - 1 }

/* clang-format off */
static const struct value_case value_cases[] = {
	{ "null", 0x00, RAW(""), "null" },
	{ "text", 0x01, RAW("a\0\"\0\xe9\0"), "\"a\\\"\xc3\xa9\"" },
	{ "text with a NUL at its end", 0x01, RAW("a\0 \0\0\0"), "\"a \"" },
	{ "no text", 0x01, RAW(""), "\"\"" },
	{ "half a surrogate pair", 0x01, RAW("\x3d\xd8" "a\0"), "\"\xef\xbf\xbd" "a\"" },
	{ "ANSI in UTF-8", 0x02, RAW("a\xc3\xa9"), "\"a\xc3\xa9\"" },
	{ "ANSI in 1252", 0x02, RAW("\x80\xe9\""), "\"\xe2\x82\xac\xc3\xa9\\\"\"" },
	{ "int8", 0x03, RAW("\x80"), "-128" },
	{ "uint8", 0x04, RAW("\xff"), "255" },
	{ "int16", 0x05, RAW("\xff\xff"), "-1" },
	{ "uint16", 0x06, RAW("\x39\x30"), "12345" },
	{ "int32", 0x07, RAW("\0\0\0\x80"), "-2147483648" },
	{ "uint32", 0x08, RAW("\xff\xff\xff\xff"), "4294967295" },
	{ "int64", 0x09, RAW("\0\0\0\0\0\0\0\x80"), "-9223372036854775808" },
	{ "uint64", 0x0a, RAW("\xff\xff\xff\xff\xff\xff\xff\xff"), "18446744073709551615" },
	{ "a number of another size", 0x08, RAW("\x05\0\0\0\0\0\0\0"), "5" },
	{ "a number of no size", 0x08, RAW("\x05\x06\x07"), "\"050607\"" },
	{ "nothing of a number", 0x08, RAW(""), "null" },
	{ "float", 0x0b, RAW("\0\0\x80\x3f"), "1" },
	{ "double", 0x0c, RAW("\0\0\0\0\0\0\xe0\x3f"), "0.5" },
	{ "not a number", 0x0c, RAW("\0\0\0\0\0\0\xf8\x7f"), "\"000000000000F87F\"" },
	{ "true", 0x0d, RAW("\1\0\0\0"), "true" },
	{ "false", 0x0d, RAW("\0\0\0\0"), "false" },
	{ "a short truth", 0x0d, RAW("\1"), "true" },
	{ "binary", 0x0e, RAW("\0\xab"), "\"00AB\"" },
	{ "GUID", 0x0f, RAW("\x33\x22\x11\0\x55\x44\x77\x66\x88\x99\xaa\xbb\xcc\xdd\xee\xff"),
	  "\"{00112233-4455-6677-8899-aabbccddeeff}\"" },
	{ "size of 32 bits", 0x10, RAW("\x10\0\0\0"), "\"0x10\"" },
	{ "FILETIME", 0x11, RAW("\x01\x40\x1a\xf4\x36\xc0\xd5\x01"), "\"2020-01-01T00:03:53.3425665Z\"" },
	{ "a FILETIME of no year", 0x11, RAW("\xff\xff\xff\xff\xff\xff\xff\xff"), "\"FFFFFFFFFFFFFFFF\"" },
	{ "SYSTEMTIME", 0x12, RAW("\xe4\x07\x02\0\x06\0\x1d\0\x17\0\x3b\0\x3b\0\xe7\x03"),
	  "\"2020-02-29T23:59:59.999Z\"" },
	{ "a SYSTEMTIME of no day", 0x12, RAW("\xe4\x07\x02\0\x06\0\x1e\0\0\0\0\0\0\0\0\0"),
	  "\"E407020006001E000000000000000000\"" },
	{ "SID", 0x13, RAW("\1\2\0\0\0\0\0\5\x20\0\0\0\x20\2\0\0"), "\"S-1-5-32-544\"" },
	{ "a SID cut short", 0x13, RAW("\1\2\0\0\0\0\0\5\x20\0\0\0"), "\"010200000000000520000000\"" },
	{ "a SID of a great authority", 0x13, RAW("\1\0\0\1\0\0\0\0"), "\"S-1-0x000100000000\"" },
	{ "hex32", 0x14, RAW("\xe7\3\0\0"), "\"0x3e7\"" },
	{ "hex64", 0x15, RAW("\0\0\0\0\0\0\0\x80"), "\"0x8000000000000000\"" },
	{ "EvtXml", 0x23, RAW("<\0a\0/\0>\0"), "\"<a/>\"" },
	{ "a type not known", 0x7f, RAW("\1\2"), "\"0102\"" },
	{ "texts", 0x81, RAW("a\0\0\0\0\0b\0\0\0"), "[\"a\",\"\",\"b\"]" },
	{ "texts, the last without a NUL", 0x81, RAW("a\0\0\0b\0"), "[\"a\",\"b\"]" },
	{ "no texts", 0x81, RAW(""), "[]" },
	{ "numbers", 0x88, RAW("\1\0\0\0\2\0\0\0"), "[1,2]" },
	{ "numbers and a rest", 0x86, RAW("\1\0\2"), "[1,2]" },
	{ "SIDs", 0x93, RAW("\1\1\0\0\0\0\0\5\x12\0\0\0\1\0\0\0\0\0\0\5"), "[\"S-1-5-18\",\"S-1-5\"]" },
};
/* clang-format on */

/* <V>%0</V> with the one value */
static void test_values(void)
{
	for (size_t i = 0; i < sizeof(value_cases) / sizeof(value_cases[0]); i++) {
		const struct value_case *t = &value_cases[i];
		struct log l;
		char want[128];

		log_begin(&l);
		record_begin(&l.b);
		fragment(&l.b);
		template_begin(&l.b, 7);
		open_tag(&l.b, "V", false);
		tag_closes(&l.b);
		slot(&l.b, 0, t->type);
		end_tag(&l.b);
		template_end(&l.b);
		values(&l.b, 1);
		value_head(&l.b, (uint16_t)t->raw.len, t->type);
		put_bytes(&l.b, t->raw.at, t->raw.len);
		put8(&l.b, 0);
		record_end(&l.b);
		build_end(&l.b);
		log_read(&l);
		snprintf(want, sizeof(want), "{\"V\":%s,", t->json);
		check(line_is(&l, want), "value: %s", t->name);
		log_done(&l);
	}
}

static const struct {
	const char *name;
	void (*body)(struct build *b);
	const char *json;
} tree_cases[] = {
	{ "names, twice, and none", many_names,
	  "{\"EventData\":{\"Image\":\"a\",\"Twice\":[\"1\",\"2\"],\"Data\":[\"no "
	  "name\"]}," },
	{ "attributes", attributes,
	  "{\"UserData\":{\"File\":{\"#attributes\":{\"path\":\"c:\\\\x\",\"ref\":\"1\"}}"
	  ","
	  "\"Size\":{\"#attributes\":{\"unit\":\"b\"},\"#text\":\"12\"}}," },
	{ "entities", entities, "{\"A\":\"x<\\n]]&own;\"," },
	{ "instruction", instruction, "{\"A\":{\"#text\":\"x\",\"?pi\":\"y z\"}," },
	{ "numbers in System", system_numbers,
	  "{\"Event\":{\"System\":{\"EventID\":4688,\"Version\":\"02\","
	  "\"Computer\":\"77\"}}," },
	{ "nothing", nothing_in_it, "{\"A\":null," },
};

static void test_trees(void)
{
	for (size_t i = 0; i < sizeof(tree_cases) / sizeof(tree_cases[0]); i++) {
		struct log l;

		log_begin(&l);
		put_direct(&l.b, tree_cases[i].body);
		build_end(&l.b);
		log_read(&l);
		check(line_is(&l, tree_cases[i].json), "tree: %s", tree_cases[i].name);
		log_done(&l);
	}
}

static void test_templates(void)
{
	struct log l;

	log_begin(&l);
	put_event(&l.b, true);
	build_end(&l.b);
	log_read(&l);
	check(line_is(&l, "{\"E\":{\"#attributes\":{\"a\":\"z\"},"
			  "\"X\":{\"#attributes\":{\"q\":\"z\"},\"#text\":42},"
			  "\"EventData\":{\"Data\":[\"p\",\"q\"]}},"),
	      "a template in a template, an attribute left out");
	log_done(&l);

	log_begin(&l);
	put_event(&l.b, false);
	build_end(&l.b);
	log_read(&l);
	check(line_is(&l, "{\"E\":{\"X\":42,\"EventData\":{\"Data\":[\"p\",\"q\"]}},"),
	      "no attribute at all");
	log_done(&l);
}

/* Five records; each damage says what is left of them. */
static void nothing(struct build *b)
{
	(void)b;
}

static void zero_size(struct build *b)
{
	set32(b, b->template, 0);
}

static void other_copy(struct build *b)
{
	b->chunk[b->template - 1] ^= 1;
}

static void late_end(struct build *b)
{
	set32(b, 48, 60000);
	build_sums(b);
}

static void wrong_sum(struct build *b)
{
	b->chunk[52] ^= 1;
}

static void no_magic(struct build *b)
{
	b->chunk[0] = 'e';
}

static void empty(struct build *b)
{
	memset(b->chunk, 0, BUILD_CHUNK);
}

static void early_end(struct build *b)
{
	set32(b, 48, b->record);
	set32(b, 16, 4);
}

static void no_end(struct build *b)
{
	/* only the numbers tell that the last record is stale */
	set32(b, 48, 0);
	set32(b, 16, 4);
}

static void bad_token(struct build *b)
{
	b->chunk[b->template + 24 - 4 + 4] = 0x3f;
}

static const struct {
	const char *name;
	void (*damage)(struct build *b); /* b->template: the size field of record 3 */
	struct hm_evtx_stats want;
} frame_cases[] = {
	/* clang-format off */
	{ "whole", nothing, { .chunks = 1, .records = 5 } },
	{ "a record of size zero", zero_size,
	  { .chunks = 1, .bad_checksums = 1, .records = 4, .gaps = 1, .gap_bytes = 56, .missing = 1 } },
	{ "sizes that differ", other_copy,
	  { .chunks = 1, .bad_checksums = 1, .records = 4, .gaps = 1, .gap_bytes = 56, .missing = 1 } },
	{ "an end told too late", late_end, { .chunks = 1, .bad_checksums = 1, .records = 5 } },
	{ "a wrong checksum", wrong_sum, { .chunks = 1, .bad_checksums = 1, .records = 5 } },
	{ "no magic", no_magic, { .bad_chunks = 1 } },
	{ "zeros", empty, { .empty_chunks = 1 } },
	{ "a stale record", early_end, { .chunks = 1, .bad_checksums = 1, .records = 4 } },
	{ "a stale record, by numbers", no_end, { .chunks = 1, .bad_checksums = 1, .records = 4 } },
	{ "a bad token", bad_token,
	  { .chunks = 1, .bad_checksums = 1, .records = 5, .unread = { [HM_EFORMAT] = 1 } } },
	/* clang-format on */
};

static void put_small(struct build *b)
{
	record_begin(b);
	fragment(b);
	open_tag(b, "A", false);
	empty_closes(b);
	put8(b, 0);
	record_end(b);
}

static bool same_counts(const struct hm_evtx_stats *a, const struct hm_evtx_stats *b)
{
	return a->chunks == b->chunks && a->empty_chunks == b->empty_chunks &&
	       a->bad_chunks == b->bad_chunks && a->bad_checksums == b->bad_checksums &&
	       a->records == b->records && a->gaps == b->gaps &&
	       a->gap_bytes == b->gap_bytes && a->missing == b->missing &&
	       memcmp(a->unread, b->unread, sizeof(a->unread)) == 0;
}

static void test_frames(void)
{
	for (size_t i = 0; i < sizeof(frame_cases) / sizeof(frame_cases[0]); i++) {
		struct log l;
		uint32_t third = 0;

		log_begin(&l);
		for (int n = 0; n < 5; n++) {
			put_small(&l.b);
			if (n == 2)
				third = l.b.record;
		}
		build_end(&l.b);
		l.b.template = third + 4;
		frame_cases[i].damage(&l.b);
		check(same_counts(log_read(&l), &frame_cases[i].want), "frame: %s",
		      frame_cases[i].name);
		log_done(&l);
	}
}

/* What is lawful for one and too much for all. */
static void test_limits(void)
{
	struct log l;
	const struct hm_evtx_stats *s;

	log_begin(&l);
	record_begin(&l.b);
	for (int i = 0; i < 100; i++) {
		open_tag(&l.b, "A", false);
		tag_closes(&l.b);
	}
	for (int i = 0; i < 100; i++)
		end_tag(&l.b);
	record_end(&l.b);
	build_end(&l.b);
	s = log_read(&l);
	check(s->unread[HM_ELIMIT] == 1 && l.out.len == 0, "depth is bounded");
	log_done(&l);

	/* 1,000 times a value of 20,000 bytes, again and again */
	log_begin(&l);
	record_begin(&l.b);
	template_begin(&l.b, 1);
	uint32_t at = l.b.at - 28;
	open_tag(&l.b, "A", false);
	tag_closes(&l.b);
	for (int i = 0; i < 1000; i++)
		slot(&l.b, 0, 0x01);
	end_tag(&l.b);
	template_end(&l.b);
	values(&l.b, 0);
	record_end(&l.b);
	for (int n = 0; n < 2; n++) {
		record_begin(&l.b);
		put8(&l.b, 0x0c);
		put8(&l.b, 1);
		put32(&l.b, 1);
		put32(&l.b, at);
		values(&l.b, 1);
		value_head(&l.b, 20000, 0x01);
		for (int i = 0; i < 10000; i++)
			put16(&l.b, 'a');
		record_end(&l.b);
	}
	build_end(&l.b);
	s = log_read(&l);
	check(s->records == 3 && s->unread[HM_ELIMIT] == 1 &&
		      l.out.len < (size_t)17 << 20,
	      "JSON of a chunk is bounded");
	log_done(&l);
}

static void test_other_template(void)
{
	struct log l;

	log_begin(&l);
	put_event(&l.b, true);
	uint32_t instance = l.b.record + 24 + 4;
	l.b.chunk[instance + 2] ^= 1;
	build_end(&l.b);
	const struct hm_evtx_stats *s = log_read(&l);
	check(s->unread[HM_EFORMAT] == 1 &&
		      strcmp(s->first_why, "the template is the record's") == 0,
	      "a template that is not the record's");
	log_done(&l);
}

struct taken {
	struct hm_arena a;
	struct hm_record record;
	hm_evtx_wanted wanted;
};

static void take_record(void *ctx, struct hm_evtx *e, const struct hm_evtx_record *r)
{
	struct taken *t = ctx;

	(void)!hm_evtx_to_record(e, r, t->wanted, &t->a, &t->record);
}

static bool not_this(hm_bytes provider, int64_t id)
{
	return !(hm_is(provider, "Prov") && id == 4688);
}

static bool field_is(const struct hm_record *r, size_t i, const char *name,
		     const char *value)
{
	return i < r->field_count && hm_is(r->fields[i].name, name) &&
	       hm_is(r->fields[i].text, value) && r->fields[i].kind == HM_FIELD_TEXT;
}

static void test_records(void)
{
	enum { MEMORY = 1 << 16 };
	uint8_t *memory = malloc(MEMORY);
	struct taken t = { .a = hm_arena_of(memory, MEMORY, full, NULL) };
	const struct hm_record *r = &t.record;
	struct hm_evtx *e;
	struct build b;

	if (memory == NULL)
		abort();
	build_begin(&b);
	put_process(&b);
	build_end(&b);
	if (hm_evtx_open(HM_EVTX_RECORDS, full, NULL, &e) != HM_OK)
		abort();
	hm_evtx_chunk(e, (hm_bytes){ b.chunk, BUILD_CHUNK }, 0, take_record, &t);
	check(hm_is(r->provider, "Prov") && r->event_id == 4688 && r->record_id == 99,
	      "record: provider and id");
	check(r->time == hm_time_parse(hm_bytes_of("2020-01-01T00:00:00.0000001Z")),
	      "record: time");
	check(r->field_count == 4 && field_is(r, 0, "Image", "a\"") &&
		      field_is(r, 1, "Data", "p") && field_is(r, 2, "Data", "q") &&
		      field_is(r, 3, "File.path", "c:"),
	      "record: fields");
	t.wanted = not_this;
	hm_evtx_chunk(e, (hm_bytes){ b.chunk, BUILD_CHUNK }, 0, take_record, &t);
	check(r->event_id == 4688 && r->field_count == 0,
	      "record: no fields unless wanted");
	hm_evtx_close(e);
	build_done(&b);
	free(memory);
}

static void test_heads(void)
{
	uint8_t head[HM_EVTX_HEAD_BYTES] = { 0 };
	hm_bytes in = { head, sizeof(head) };
	struct hm_evtx *e;
	uint64_t first = 1;

	if (hm_evtx_open(HM_EVTX_JSON, full, NULL, &e) != HM_OK)
		abort();
	check(hm_evtx_begin(e, in, in, &first) == HM_EFORMAT, "head: zeros");
	check(hm_evtx_begin(e, (hm_bytes){ 0 }, in, &first) == HM_EFORMAT, "head: none");
	memcpy(head + 4096, "ElfChnk", 8);
	check(hm_evtx_begin(e, in, hm_bytes_of("x"), &first) == HM_OK && first == 4096 &&
		      hm_evtx_stats(e)->bad_header,
	      "head: only a chunk after it");
	memcpy(head, "ElfFile", 8);
	head[120] = 1;
	check(hm_evtx_begin(e, in, hm_bytes_of("x"), &first) == HM_OK && first == 4096 &&
		      !hm_evtx_stats(e)->bad_header && hm_evtx_stats(e)->dirty,
	      "head: a dirty log");
	memcpy(head, "ElfChnk", 8);
	check(hm_evtx_begin(e, in, hm_bytes_of("x"), &first) == HM_OK && first == 0,
	      "head: carved chunks");
	hm_evtx_close(e);
}

int main(void)
{
	test_heads();
	test_records();
	test_values();
	test_trees();
	test_templates();
	test_frames();
	test_limits();
	test_other_template();
	return check_done();
}
