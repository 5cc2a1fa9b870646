/* SPDX-License-Identifier: MIT */
/* files.h: a whole file in memory, lines and columns of a table: for the table runners.
 */
#ifndef HM_TESTS_FILES_H
#define HM_TESTS_FILES_H

#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"

/* Empty and NULL where path cannot be read; to be freed. */
static inline hm_bytes slurp(const char *path)
{
	FILE *f = fopen(path, "rb");
	hm_bytes none = { 0 };
	uint8_t *at = NULL;
	long len;

	if (!f)
		return none;
	if (fseek(f, 0, SEEK_END) == 0 && (len = ftell(f)) >= 0) {
		rewind(f);
		at = malloc((size_t)len + 1);
		if (at && fread(at, 1, (size_t)len, f) == (size_t)len) {
			fclose(f);
			return (hm_bytes){ at, (size_t)len };
		}
	}
	free(at);
	fclose(f);
	return none;
}

static inline void unslurp(hm_bytes file)
{
	free((void *)(uintptr_t)file.at);
}

/* Text up to sep or the end, stepped over with the separator. */
static inline hm_bytes until(hm_bytes *text, char sep)
{
	hm_bytes part = { text->at, 0 };

	while (part.len < text->len && part.at[part.len] != (uint8_t)sep)
		part.len++;
	text->at += part.len < text->len ? part.len + 1 : part.len;
	text->len -= part.len < text->len ? part.len + 1 : part.len;
	return part;
}

#endif
