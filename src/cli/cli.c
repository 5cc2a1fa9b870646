/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

/* Address space for a command; pages cost nothing until they are used. */
static const size_t arena_bytes = (size_t)1 << 30;

int hm_exit_worse(int a, int b)
{
	return a > b ? a : b;
}

/* Control characters and broken UTF-8 as \xNN; the rest as it is. */
static void put_shown(struct hm_buf *b, hm_bytes text)
{
	struct hm_cur c = hm_cur_of(text);

	while (hm_more(&c)) {
		struct hm_cur begin = c;
		uint32_t code = hm_utf8_next(&c);
		size_t len = hm_tell(&c) - hm_tell(&begin);
		bool broken = code == 0xfffd && len == 1;
		/* C0, DEL, C1, and the marks that turn the direction of text */
		bool control = code < 0x20 || (code >= 0x7f && code < 0xa0) ||
			       (code >= 0x202a && code <= 0x202e) ||
			       (code >= 0x2066 && code <= 0x2069);

		if (broken)
			hm_putf(b, "\\x%02x", hm_peek(&begin));
		else if (control)
			hm_putf(b, "\\u%04x", code);
		else
			hm_put(b, hm_take(&begin, len, "character"));
	}
}

int hm_complain(const char *fmt, ...)
{
	struct hm_buf shown = hm_buf_of(1 << 16);
	char line[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	put_shown(&shown, hm_bytes_of(line));
	fprintf(stderr, "hallmark: %.*s\n", (int)shown.len, (const char *)shown.at);
	hm_buf_done(&shown);
	return HM_EXIT_FAILED;
}

HM_NORETURN static void out_of_memory(void *ctx)
{
	(void)ctx;
	exit(hm_complain("out of memory"));
}

struct hm_arena hm_cli_arena(void)
{
	struct hm_arena a;

	if (hm_arena_open(arena_bytes, out_of_memory, NULL, &a) != HM_OK)
		out_of_memory(NULL);
	return a;
}

const char *hm_shown(struct hm_arena *a, hm_bytes text)
{
	struct hm_buf b = hm_buf_of(text.len * 6 + 1);

	put_shown(&b, text);
	char *shown = hm_cstr(a, hm_buf_bytes(&b));
	hm_buf_done(&b);
	return shown;
}

bool hm_wants_colour(FILE *f)
{
	const char *no = getenv("NO_COLOR");

	return isatty(fileno(f)) && (no == NULL || no[0] == '\0');
}

int hm_finish_output(int status)
{
	bool failed = ferror(stdout) != 0;

	/* what failed earlier has left no errno that could be trusted */
	if (fflush(stdout) != 0)
		return hm_complain("standard output: %s", strerror(errno));
	return failed ? hm_complain("standard output: could not be written") : status;
}

bool hm_option_time(const char *name, const char *text, hm_time *out)
{
	*out = strcmp(text, "now") == 0 ? hm_time_now()
					: hm_time_parse(hm_bytes_of(text));
	if (*out != HM_NO_TIME)
		return true;
	hm_complain("--%s: \"%s\" is no time; write one like 2026-11-22 or "
		    "2026-11-22T08:00:00Z",
		    name, text);
	return false;
}

static void print_help(const struct hm_command_help *help)
{
	printf("usage: %s\n\n%s\n", help->usage, help->about);
	if (help->num_options != 0)
		puts("\nOptions:");
	for (size_t i = 0; i < help->num_options; i++) {
		const struct hm_option *o = &help->options[i];
		char shape[64];

		snprintf(shape, sizeof(shape), "%s%s%s", o->name,
			 o->argument != NULL ? " " : "",
			 o->argument != NULL ? o->argument : "");
		if (o->letter != 0)
			printf("  -%c, --%-20s %s\n", o->letter, shape, o->help);
		else
			printf("      --%-20s %s\n", shape, o->help);
	}
	printf("  -h, --%-20s %s\n", "help", "print this and stop");
}

static void add(struct hm_list *list, const char *item)
{
	list->items[list->count++] = item;
}

struct reading {
	const struct hm_command_help *help;
	int argc, at;
	char **argv;
	struct hm_arena *arena;
};

/* Room for as many items as there are arguments. */
static void prepare(struct reading *r, struct hm_list *operands)
{
	size_t most = (size_t)r->argc;

	*operands = (struct hm_list){ hm_new_n(r->arena, const char *, most), 0 };
	for (size_t i = 0; i < r->help->num_options; i++) {
		struct hm_list *list = r->help->options[i].list;

		if (list != NULL)
			*list = (struct hm_list){ hm_new_n(r->arena, const char *, most),
						  0 };
	}
}

static const struct hm_option *find(const struct hm_command_help *help, const char *name,
				    size_t len, char letter)
{
	for (size_t i = 0; i < help->num_options; i++) {
		const struct hm_option *o = &help->options[i];
		bool named = name != NULL && strlen(o->name) == len &&
			     strncmp(o->name, name, len) == 0;

		if (named || (letter != 0 && o->letter == letter))
			return o;
	}
	return NULL;
}

/* Give the option its value, which is inline or the next argument. */
static int apply(struct reading *r, const struct hm_option *o, const char *value)
{
	if (o->flag != NULL) {
		if (value != NULL)
			return hm_complain("--%s takes no value", o->name);
		*o->flag = true;
		return -1;
	}
	if (value == NULL && ++r->at < r->argc)
		value = r->argv[r->at];
	if (value == NULL)
		return hm_complain("--%s needs %s", o->name, o->argument);
	if (o->list != NULL)
		add(o->list, value);
	else
		*o->text = value;
	return -1;
}

static int read_long(struct reading *r, const char *name)
{
	const char *equals = strchr(name, '=');
	size_t len = equals != NULL ? (size_t)(equals - name) : strlen(name);
	const struct hm_option *o = find(r->help, name, len, 0);

	if (o == NULL)
		return hm_complain("no option --%.*s; hallmark %s -h lists them",
				   (int)len, name, r->argv[0]);
	return apply(r, o, equals != NULL ? equals + 1 : NULL);
}

static int read_short(struct reading *r, const char *letters)
{
	for (; *letters != '\0'; letters++) {
		const struct hm_option *o = find(r->help, NULL, 0, *letters);

		if (o == NULL)
			return hm_complain("no option -%c; hallmark %s -h lists them",
					   *letters, r->argv[0]);
		bool takes = o->flag == NULL && letters[1] != '\0';
		int status = apply(r, o, takes ? letters + 1 : NULL);
		if (status != -1 || takes)
			return status;
	}
	return -1;
}

int hm_options(const struct hm_command_help *help, int argc, char **argv,
	       struct hm_arena *a, struct hm_list *operands)
{
	struct reading r = { .help = help, .argc = argc, .argv = argv, .arena = a };
	bool options = true;

	prepare(&r, operands);
	for (r.at = 1; r.at < argc; r.at++) {
		const char *arg = argv[r.at];
		int status = -1;

		if (!options || arg[0] != '-' || arg[1] == '\0') {
			add(operands, arg);
		} else if (strcmp(arg, "-h") == 0 || strcmp(arg, "--help") == 0) {
			print_help(help);
			return hm_finish_output(HM_EXIT_OK);
		} else if (strcmp(arg, "--") == 0) {
			options = false;
		} else {
			status = arg[1] == '-' ? read_long(&r, arg + 2)
					       : read_short(&r, arg + 1);
		}
		if (status != -1)
			return status;
	}
	return -1;
}
