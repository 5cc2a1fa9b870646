/* SPDX-License-Identifier: MIT */
#include "signature/pages.h"

#include "format/pe.h"

enum { PAGE = 4096 };

static const uint8_t zeros[PAGE];

/* The hash of a page filled with zeros to a multiple of unit. */
static bool page_is(struct hm_crypto *crypto, enum hm_hash hash, struct hm_page page,
		    uint64_t unit, hm_bytes claimed)
{
	hm_bytes spans[8];
	size_t num = 0;

	for (; num < page.num_spans; num++)
		spans[num] = page.spans[num];
	uint64_t fill = (unit - page.len % unit) % unit;

	for (; fill > 0 && num < sizeof(spans) / sizeof(spans[0]); num++) {
		uint64_t len = fill < PAGE ? fill : PAGE;

		spans[num] = (hm_bytes){ zeros, (size_t)len };
		fill -= len;
	}
	struct hm_digest digest = hm_digest_spans(crypto, hash, spans, num);

	return fill == 0 && hm_digest_is(&digest, claimed);
}

/*
 * The page size is 4,096; images whose SectionAlignment is larger (.NET: 8,192) fill
 * to that, and those whose alignment is smaller do not fill at all but to that.
 */
static bool page_good(struct hm_crypto *crypto, const struct hm_carrier *pe,
		      enum hm_hash hash, struct hm_page page, hm_bytes claimed)
{
	return page_is(crypto, hash, page, PAGE, claimed) ||
	       (pe->section_alignment != 0 && pe->section_alignment != PAGE &&
		page_is(crypto, hash, page, pe->section_alignment, claimed));
}

enum hm_pages hm_pages_check(struct hm_crypto *crypto, const struct hm_carrier *pe,
			     const struct hm_spc *spc)
{
	size_t len = hm_hash_len(spc->page_hash);
	struct hm_cur c = hm_cur_of(spc->pages);

	if (spc->page_hash == HM_HASH_NONE)
		return HM_PAGES_NONE;
	uint32_t from = hm_u32le(&c, "page offset");
	bool good = from == 0;

	while (good && c.err == HM_OK) {
		hm_bytes claimed = hm_take(&c, len, "page hash");

		if (!hm_more(&c))
			break;
		uint32_t to = hm_u32le(&c, "page offset");
		struct hm_page page;

		good = hm_pe_page(pe, from, to, &page) &&
		       page_good(crypto, pe, spc->page_hash, page, claimed);
		from = to;
	}
	return good && c.err == HM_OK ? HM_PAGES_GOOD : HM_PAGES_BAD;
}
