/* SPDX-License-Identifier: MIT */
#include "forge/cases.h"

/* tests/tables/catalogue.tbl, by tools/embed. */
extern const char hm_mk_catalogue[];

static const struct hm_mk_maker *const programs[] = {
	hm_mk_cases_pe,   hm_mk_cases_table,  hm_mk_cases_cms,
	hm_mk_cases_der,  hm_mk_cases_crypto, hm_mk_cases_chain,
	hm_mk_cases_time, hm_mk_cases_cost,   hm_mk_cases_forms,
};
enum { NUM_PROGRAMS = sizeof(programs) / sizeof(programs[0]) };

#define DEFAULT_CLOCK "2026-06-01"
#define DEFAULT_TRUST "root.pem"

/* Up to the next " | " or the end of the line. */
static hm_bytes field(hm_bytes line, size_t *at)
{
	size_t from = *at, to = from;

	while (to < line.len &&
	       !(line.at[to] == '|' && to > from && line.at[to - 1] == ' '))
		to++;
	*at = to < line.len ? to + 2 : line.len;
	if (to < line.len)
		to--;
	return hm_mk_part(line, from, to - from);
}

static hm_bytes unless_dash(hm_bytes given, const char *otherwise)
{
	return hm_is(given, "-") ? hm_bytes_of(otherwise) : given;
}

static struct hm_mk_case case_of(hm_bytes line)
{
	size_t at = 0;
	struct hm_mk_case c = { .name = field(line, &at) };

	c.state = field(line, &at);
	c.reason = field(line, &at);
	c.flags = unless_dash(field(line, &at), "");
	c.clock = unless_dash(field(line, &at), DEFAULT_CLOCK);
	c.trust = unless_dash(field(line, &at), DEFAULT_TRUST);
	c.source = field(line, &at);
	c.wrong = field(line, &at);
	return c;
}

bool hm_mk_next_case(size_t *walk, struct hm_mk_case *out)
{
	hm_bytes text = hm_bytes_of(hm_mk_catalogue);

	while (*walk < text.len) {
		size_t from = *walk, to = from;

		while (to < text.len && text.at[to] != '\n')
			to++;
		*walk = to + 1;
		if (to == from || text.at[from] == '#')
			continue;
		*out = case_of(hm_mk_part(text, from, to - from));
		return true;
	}
	return false;
}

static hm_bytes make(struct hm_arena *a, const struct hm_mk_maker *table, hm_bytes name)
{
	for (; table->name != NULL; table++) {
		struct hm_mk_kit kit;

		if (!hm_is(name, table->name))
			continue;
		kit = hm_mk_kit_of(a);
		return table->make(&kit, table->arg);
	}
	return (hm_bytes){ 0 };
}

hm_bytes hm_mk_case_file(struct hm_arena *a, hm_bytes name)
{
	for (size_t i = 0; i < NUM_PROGRAMS; i++) {
		hm_bytes file = make(a, programs[i], name);

		if (file.at != NULL)
			return file;
	}
	return (hm_bytes){ 0 };
}

hm_bytes hm_mk_trust_file(struct hm_arena *a, hm_bytes name)
{
	return make(a, hm_mk_cases_trust, name);
}

const char *hm_mk_trust_name(size_t i)
{
	for (size_t at = 0; at <= i; at++) {
		if (hm_mk_cases_trust[at].name == NULL)
			return NULL;
	}
	return hm_mk_cases_trust[i].name;
}

size_t hm_mk_num_makers(void)
{
	size_t count = 0;

	for (size_t i = 0; i < NUM_PROGRAMS; i++) {
		for (const struct hm_mk_maker *m = programs[i]; m->name != NULL; m++)
			count++;
	}
	return count;
}
