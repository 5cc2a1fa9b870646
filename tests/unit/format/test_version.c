/* SPDX-License-Identifier: MIT */
/*
 * What programs say of themselves: hostile bytes give nothing, and a real
 * program (argument 1, where it was fetched) gives what Windows shows of it.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "format/imports.h"
#include "format/version.h"

static unsigned char memory[1 << 20];

HM_NORETURN static void full(void *ctx)
{
	(void)ctx;
	abort();
}

static void test_nothing(struct hm_arena *a)
{
	static const char *const files[] = { "", "MZ", "no program at all" };
	struct hm_buf text = hm_buf_of(1 << 20);

	for (size_t i = 0; i < 3; i++) {
		struct hm_version v = hm_version_read(hm_bytes_of(files[i]), a);

		check(v.company.len == 0 && v.file_version.len == 0,
		      "text %zu says nothing", i);
		check(!hm_imports_text(hm_bytes_of(files[i]), &text),
		      "and imports nothing");
	}
	hm_buf_done(&text);
}

static hm_bytes read_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	long len = -1;

	if (f != NULL && fseek(f, 0, SEEK_END) == 0)
		len = ftell(f);
	uint8_t *at = len > 0 ? malloc((size_t)len) : NULL;
	if (at == NULL || fseek(f, 0, SEEK_SET) != 0 ||
	    fread(at, 1, (size_t)len, f) != (size_t)len)
		return (hm_bytes){ 0 };
	fclose(f);
	return (hm_bytes){ at, (size_t)len };
}

/* No prefix of a program does harm, and none invents a string. */
static void test_truncated(hm_bytes whole, struct hm_arena *a)
{
	bool honest = true;

	for (size_t len = 0; len < whole.len; len += 1 + whole.len / 512) {
		uint8_t *copy = malloc(len + 1);

		memcpy(copy, whole.at, len);
		struct hm_version v = hm_version_read((hm_bytes){ copy, len }, a);
		honest = honest && (v.company.len == 0 ||
				    hm_is(v.company, "Microsoft Corporation"));
		hm_arena_reset(a);
		free(copy);
	}
	check(honest, "no prefix of it gives another company");
}

static void test_real(const char *path, struct hm_arena *a)
{
	hm_bytes file = read_file(path);

	if (file.len == 0) {
		printf("ok %d - a real program # SKIP %s was not fetched\n",
		       ++check_count, path);
		return;
	}
	struct hm_version v = hm_version_read(file, a);
	check(hm_is(v.company, "Microsoft Corporation"), "company: %.*s",
	      (int)v.company.len, (const char *)v.company.at);
	check(hm_is(v.original_name, "conpty.dll"), "original name: %.*s",
	      (int)v.original_name.len, (const char *)v.original_name.at);
	check(v.file_version.len != 0 && v.product.len != 0, "version and product");
	struct hm_buf text = hm_buf_of(1 << 20);
	bool has_text = hm_imports_text(file, &text);
	check(has_text && text.len > 60, "imports: %.*s", has_text ? 60 : 0,
	      (const char *)text.at);
	hm_buf_done(&text);
	test_truncated(file, a);
	free((void *)(uintptr_t)file.at);
}

int main(int argc, char **argv)
{
	struct hm_arena a = hm_arena_of(memory, sizeof(memory), full, NULL);

	test_nothing(&a);
	test_real(argc > 1 ? argv[1] : "", &a);
	return check_done();
}
