/* SPDX-License-Identifier: MIT */
/*
 * driver.c: a fuzz target as a test, with any compiler.
 *
 * driver SEEDER FOLDER NAME: runs SEEDER FOLDER NAME, which writes seeds to
 * FOLDER/NAME, then gives the target each of them as it is and with small changes
 * (bits, octets, cuts, repeats), the same on every run.
 * driver FILE...: gives the target these files, to look at a finding.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LONGEST = 1 << 20, CHANGES = 400, EDITS = 3 };

struct input {
	uint8_t *at;
	size_t len;
};

/* xorshift64: repeatable, and good enough to choose places. */
static uint64_t random_of(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void edit(struct input *in, uint64_t *state)
{
	uint64_t dice = random_of(state);
	size_t at = in->len != 0 ? (size_t)(dice >> 8) % in->len : 0;
	size_t len = (size_t)(dice >> 40) % 16 + 1;

	if (in->len == 0)
		return;
	switch (dice % 6) {
	case 0: in->at[at] ^= (uint8_t)(1U << (dice >> 61)); break;
	case 1: in->at[at] = (uint8_t)(dice >> 32); break;
	case 2: in->at[at] = dice & 0x100000000 ? 0xff : 0x80; break;
	case 3: in->len = at; break;
	case 4: /* leave len octets out */
		if (len > in->len - at)
			len = in->len - at;
		memmove(in->at + at, in->at + at + len, in->len - at - len);
		in->len -= len;
		break;
	default: /* repeat len octets */
		if (len > in->len - at || in->len + len > LONGEST)
			return;
		memmove(in->at + at + len, in->at + at, in->len - at);
		in->len += len;
		break;
	}
}

/* A copy of its own size, so that a sanitizer sees a step past its end. */
static void run_one(const struct input *in)
{
	uint8_t *copy = malloc(in->len != 0 ? in->len : 1);

	if (copy == NULL)
		exit(2);
	memcpy(copy, in->at, in->len);
	LLVMFuzzerTestOneInput(copy, in->len);
	free(copy);
}

static struct input read_file(const char *path, uint8_t *room)
{
	FILE *file = fopen(path, "rb");

	if (file == NULL) {
		perror(path);
		exit(2);
	}
	struct input in = { room, fread(room, 1, LONGEST, file) };

	fclose(file);
	return in;
}

static void run_changes(const char *path)
{
	static uint8_t seed[LONGEST], work[LONGEST];
	const struct input original = read_file(path, seed);
	uint64_t state = 0x9e3779b97f4a7c15;

	run_one(&original);
	for (int i = 0; i < CHANGES; i++) {
		struct input in = { work, original.len };

		memcpy(work, seed, original.len);
		for (int k = 0; k < EDITS; k++)
			edit(&in, &state);
		run_one(&in);
	}
	check(true, "%s, as it is and with %d changes", strrchr(path, '/') + 1, CHANGES);
}

static void make_seeds(char *argv[])
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		execv(argv[1], argv + 1);
		_exit(2);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
		printf("Bail out! no seeds\n");
		exit(1);
	}
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int main(int argc, char *argv[])
{
	static uint8_t room[LONGEST];
	struct dirent **list = NULL;
	char folder[4096];

	if (argc != 4 || access(argv[1], X_OK) != 0) {
		for (int i = 1; i < argc; i++) {
			const struct input in = read_file(argv[i], room);

			run_one(&in);
			check(true, "%s", argv[i]);
		}
		return check_done();
	}
	make_seeds(argv);
	snprintf(folder, sizeof(folder), "%s/%s", argv[2], argv[3]);
	int num = scandir(folder, &list, NULL, by_name);

	for (int i = 0; i < num; i++) {
		char path[sizeof(folder) + sizeof(list[i]->d_name)];

		if (list[i]->d_name[0] != '.') {
			snprintf(path, sizeof(path), "%s/%s", folder, list[i]->d_name);
			run_changes(path);
		}
		free(list[i]);
	}
	free(list);
	check(check_count > 0, "there are seeds");
	return check_done();
}
