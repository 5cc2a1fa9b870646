/* SPDX-License-Identifier: MIT */
#include "cli/fetch.h"

#include <curl/curl.h>
#include <stdlib.h>

enum {
	CONNECT_MS = 15000,
	TOTAL_MS = 120000,
	/* Slower than this for so long is no transfer. */
	SLOW_BYTES = 100,
	SLOW_SECONDS = 20,
};

struct hm_fetch {
	CURL *curl;
	const char *base;
	struct hm_buf url;
	struct hm_buf *body;
	char why[CURL_ERROR_SIZE];
};

static size_t take(char *data, size_t size, size_t count, void *ctx)
{
	struct hm_fetch *f = ctx;
	size_t len = size * count;

	hm_put(f->body, (hm_bytes){ (const uint8_t *)data, len });
	return f->body->err == HM_OK ? len : 0;
}

static bool configure(struct hm_fetch *f)
{
	CURL *curl = f->curl;

	return curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_WRITEDATA, f) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, f->why) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS) ==
		       CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)TOTAL_MS) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES) ==
		       CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)SLOW_SECONDS) ==
		       CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_USERAGENT, "hallmark") == CURLE_OK;
}

struct hm_fetch *hm_fetch_new(const char *base)
{
	struct hm_fetch *f = calloc(1, sizeof(*f));

	if (f == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(f);
		return NULL;
	}
	f->base = base;
	f->url = hm_buf_of(4096);
	f->curl = curl_easy_init();
	if (f->curl != NULL && configure(f))
		return f;
	hm_fetch_free(f);
	return NULL;
}

void hm_fetch_free(struct hm_fetch *f)
{
	if (f == NULL)
		return;
	curl_easy_cleanup(f->curl);
	curl_global_cleanup();
	hm_buf_done(&f->url);
	free(f);
}

static enum hm_fetched failed(struct hm_fetch *f, const char *why)
{
	snprintf(f->why, sizeof(f->why), "%s", why);
	return HM_FETCH_FAILED;
}

enum hm_fetched hm_fetch(struct hm_fetch *f, const char *name, struct hm_buf *body)
{
	long status = 0;

	f->body = body;
	f->why[0] = '\0';
	hm_buf_clear(body);
	hm_buf_clear(&f->url);
	hm_put_str(&f->url, f->base);
	hm_put_str(&f->url, name);
	hm_put_u8(&f->url, 0);
	if (f->url.err != HM_OK ||
	    curl_easy_setopt(f->curl, CURLOPT_URL, hm_fetch_url(f)) != CURLE_OK)
		return failed(f, "the address is too long");
	CURLcode code = curl_easy_perform(f->curl);

	if (body->err != HM_OK)
		return failed(f, "the answer is larger than it may be");
	if (code != CURLE_OK)
		return f->why[0] != '\0' ? HM_FETCH_FAILED
					 : failed(f, curl_easy_strerror(code));
	if (curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK &&
	    status == 200)
		return HM_FETCHED;
	snprintf(f->why, sizeof(f->why), "the server answers %ld", status);
	return status == 404 || status == 410 ? HM_FETCH_ABSENT : HM_FETCH_FAILED;
}

const char *hm_fetch_url(const struct hm_fetch *f)
{
	return (const char *)f->url.at;
}

const char *hm_fetch_why(const struct hm_fetch *f)
{
	return f->why;
}
