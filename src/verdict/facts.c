/* SPDX-License-Identifier: MIT */
#include "verdict/facts.h"

#include "base/text.h"
#include "format/carrier.h"
#include "format/imports.h"
#include "format/rva.h"

enum { MAX_IMPORT_TEXT = 16 << 20, MAX_FACT_TEXT = 1 << 20 };

static hm_bytes hex(const struct hm_digest *digest, struct hm_arena *a)
{
	struct hm_buf b = hm_buf_of(2 * HM_HASH_MAX_LEN);

	hm_put_hex(&b, hm_digest_bytes(digest));
	hm_bytes kept = hm_keep(a, hm_buf_bytes(&b));
	hm_buf_done(&b);
	return kept;
}

static hm_bytes imphash(hm_bytes file, struct hm_crypto *crypto, struct hm_arena *a)
{
	struct hm_buf text = hm_buf_of(MAX_IMPORT_TEXT);
	hm_bytes out = { 0 };

	if (hm_imports_text(file, &text)) {
		struct hm_digest md5 =
			hm_digest_of(crypto, HM_HASH_MD5, hm_buf_bytes(&text));

		out = hex(&md5, a);
	}
	hm_buf_done(&text);
	return out;
}

struct hm_facts hm_facts_of(hm_bytes file, struct hm_crypto *crypto, struct hm_arena *a)
{
	struct hm_carrier carrier = hm_carrier_of(file);
	struct hm_facts facts = { 0 };
	struct hm_digest digests[HM_HASH_COUNT];

	if (carrier.subject != HM_SUBJECT_PE)
		return facts;
	hm_digests_spans(crypto, 1u << HM_HASH_SHA1 | 1u << HM_HASH_SHA256, carrier.spans,
			 carrier.num_spans, digests);
	facts.version = hm_version_read(file, a);
	facts.pesha1 = hex(&digests[HM_HASH_SHA1], a);
	facts.pesha256 = hex(&digests[HM_HASH_SHA256], a);
	facts.imphash = imphash(file, crypto, a);
	facts.machine = carrier.machine;
	facts.plus = carrier.plus;
	return facts;
}

/* The texts in the order in which they travel. */
static void list_texts(struct hm_facts *f, hm_bytes *texts[11])
{
	struct hm_version *v = &f->version;
	hm_bytes *const all[11] = { &v->company,       &v->description,
				    &v->product,       &v->product_version,
				    &v->file_version,  &v->original_name,
				    &v->internal_name, &v->copyright,
				    &f->pesha1,        &f->pesha256,
				    &f->imphash };

	for (size_t i = 0; i < 11; i++)
		texts[i] = all[i];
}

void hm_facts_write(const struct hm_facts *facts, struct hm_buf *out)
{
	struct hm_facts copy = *facts;
	hm_bytes *texts[11];

	list_texts(&copy, texts);
	for (size_t i = 0; i < 11; i++) {
		hm_put_u32le(out, (uint32_t)texts[i]->len);
		hm_put(out, *texts[i]);
	}
	hm_put_u32le(out, facts->machine);
	hm_put_u8(out, facts->plus);
}

hm_err hm_facts_read(hm_bytes in, struct hm_arena *a, struct hm_facts *out)
{
	struct hm_cur c = hm_cur_of(in);
	struct hm_facts facts = { 0 };
	hm_bytes *texts[11];

	list_texts(&facts, texts);
	for (size_t i = 0; i < 11; i++) {
		uint32_t len = hm_u32le(&c, "text length");

		hm_rule(&c, len <= MAX_FACT_TEXT, "a text is at most 1 MiB");
		*texts[i] = hm_keep(a, hm_take(&c, len, "text"));
		hm_rule(&c, hm_utf8_valid(*texts[i]), "a text is UTF-8");
	}
	facts.machine = (uint16_t)hm_u32le(&c, "machine");
	facts.plus = hm_u8(&c, "plus") != 0;
	hm_rule(&c, hm_left(&c) == 0, "nothing follows");
	if (c.err == HM_OK)
		*out = facts;
	return c.err;
}
