/* SPDX-License-Identifier: MIT */
/*
 * cmd_trust.c: whom to trust: import, remove, list, show, update.
 */
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/trust_list.h"
#include "cli/trust_update.h"
#include "cli/walk.h"

struct options {
	const char *data, *format;
	bool own, distrust, uefi;
};

/* ---- import and remove ---- */

struct importing {
	struct hm_planning *planning;
	enum hm_import as;
	struct hm_plan_count count;
	int status;
};

static bool import_file(void *ctx, const char *path, int fd)
{
	struct importing *in = ctx;
	struct hm_plan_count count = { 0 };
	const char *why;
	hm_err err = hm_planning_import(in->planning, fd, in->as, &count, &why);
	size_t taken =
		count.lists + count.roots + count.crls + count.distrusted + count.removed;

	close(fd);
	if (err != HM_OK)
		in->status = hm_complain("%s: %s", path, why);
	else if (taken == 0 && in->as == HM_IMPORT_REMOVE)
		in->status = hm_complain("%s: you have neither trusted nor distrusted it",
					 path);
	else if (taken == 0 && count.others != 0)
		in->status =
			hm_complain("%s: no list names what is in it; with --own it is "
				    "trusted all the same",
				    path);
	else if (taken == 0)
		in->status = hm_complain("%s: holds nothing to import", path);
	in->count.lists += count.lists;
	in->count.roots += count.roots;
	in->count.others += count.others;
	in->count.crls += count.crls;
	in->count.distrusted += count.distrusted;
	in->count.removed += count.removed;
	in->count.skipped += count.skipped;
	/* A lost worker has lost the plan: nothing more can be done. */
	return err != HM_EIO;
}

/* A thumbprint in hex of one of the four lengths that the store knows. */
static bool import_thumbprint(struct importing *in, const char *text)
{
	uint8_t id[HM_DISTRUST_LEN];
	size_t len = strlen(text) / 2;
	const size_t before = in->count.removed;
	hm_err err;
	const char *why;

	if ((len != 16 && len != HM_SHA1_LEN && len != HM_SHA256_LEN &&
	     len != HM_DISTRUST_LEN) ||
	    !hm_unhex(hm_bytes_of(text), id, len))
		return false;
	if (in->as == HM_IMPORT_REMOVE)
		err = hm_planning_remove(in->planning, (hm_bytes){ id, len }, &in->count,
					 &why);
	else
		err = hm_planning_distrust(in->planning, (hm_bytes){ id, len }, &why);
	if (err != HM_OK)
		in->status = hm_complain("%s: %s", text, why);
	else if (in->as == HM_IMPORT_DISTRUST)
		in->count.distrusted++;
	else if (in->count.removed == before)
		in->status = hm_complain("%s: you have neither trusted nor distrusted it",
					 text);
	return true;
}

static void import_all(struct importing *in, const struct hm_list *paths)
{
	const struct hm_walk walk = { .file = import_file, .ctx = in };

	for (size_t i = 0; i < paths->count; i++) {
		const struct hm_list one = { paths->items + i, 1 };

		if ((in->as == HM_IMPORT_DISTRUST || in->as == HM_IMPORT_REMOVE) &&
		    import_thumbprint(in, paths->items[i]))
			continue;
		in->status = hm_exit_worse(in->status, hm_walk(&walk, &one));
	}
}

static void tell_counts(const struct hm_plan_count *count)
{
	if (count->removed != 0) {
		printf("removed: %zu\n", count->removed);
		return;
	}
	printf("lists: %zu, roots: %zu, revocation lists: %zu, distrusted: %zu\n",
	       count->lists, count->roots, count->crls, count->distrusted);
	if (count->others != 0)
		printf("left out, since no list names them: %zu certificates\n",
		       count->others);
	if (count->skipped != 0)
		printf("left out, since they could not be read: %zu entries\n",
		       count->skipped);
}

/* All of the files, or none: the store is replaced when all could be read. */
static int change(enum hm_import as, struct hm_trust_place *place,
		  const struct hm_list *paths)
{
	struct importing in = { .as = as };

	if (!hm_trust_place_lock(place))
		return HM_EXIT_FAILED;
	in.planning = hm_trust_place_plan(place);
	if (in.planning == NULL)
		return HM_EXIT_FAILED;
	import_all(&in, paths);
	if (in.status != HM_EXIT_OK)
		hm_complain("nothing was changed");
	else if (!hm_trust_place_commit(place, in.planning))
		in.status = HM_EXIT_FAILED;
	else
		tell_counts(&in.count);
	hm_planning_close(in.planning);
	return in.status;
}

static int import(const struct options *o, struct hm_trust_place *place,
		  const struct hm_list *paths)
{
	enum hm_import as = HM_IMPORT_LISTED;

	if (o->own + o->distrust + o->uefi > 1)
		return hm_complain("--own, --distrust and --uefi exclude each other");
	if (paths->count == 0)
		return hm_complain("trust import needs a file");
	if (o->own)
		as = HM_IMPORT_USER;
	if (o->distrust)
		as = HM_IMPORT_DISTRUST;
	if (o->uefi)
		as = HM_IMPORT_UEFI;
	return change(as, place, paths);
}

static int take_back(struct hm_trust_place *place, const struct hm_list *paths)
{
	if (paths->count == 0)
		return hm_complain("trust remove needs a thumbprint or a file");
	return change(HM_IMPORT_REMOVE, place, paths);
}

/* ---- the command ---- */

static int update(struct hm_trust_place *place)
{
	if (!hm_trust_place_lock(place))
		return HM_EXIT_FAILED;
	int status = hm_trust_update(place);

	/* A failure leaves the old store, which has nothing new to tell. */
	if (status == HM_EXIT_OK)
		status = hm_trust_tell(place->store);
	return status;
}

static int run(const char *verb, const struct options *o, struct hm_trust_place *place,
	       const struct hm_list *operands)
{
	if (strcmp(verb, "import") == 0)
		return import(o, place, operands);
	if (strcmp(verb, "remove") == 0)
		return take_back(place, operands);
	if (strcmp(verb, "show") == 0 && operands->count != 0)
		return hm_trust_show(place->store, operands);
	if (operands->count != 0)
		return hm_complain("trust %s takes no \"%s\"", verb, operands->items[0]);
	if (strcmp(verb, "list") == 0)
		return hm_trust_list(place->store, o->format);
	if (strcmp(verb, "show") == 0)
		return hm_trust_tell(place->store);
	if (strcmp(verb, "update") == 0)
		return update(place);
	return hm_complain(
		"no \"trust %s\"; there are import, remove, list, show and update", verb);
}

int hm_cmd_trust(int argc, char **argv)
{
	struct options o = { 0 };
	struct hm_arena a = hm_cli_arena();
	struct hm_list operands;
	struct hm_trust_place place;
	const struct hm_option options[] = {
		{ .name = "data",
		  .argument = "FOLDER",
		  .text = &o.data,
		  .help = "data folder whose trust store is meant" },
		{ .name = "own",
		  .flag = &o.own,
		  .help = "import: trust the certificates, whatever any list says" },
		{ .name = "distrust",
		  .flag = &o.distrust,
		  .help = "import: distrust them; thumbprints in hex are taken too" },
		{ .name = "uefi",
		  .flag = &o.uefi,
		  .help = "import: take them as a firmware's, for --trust uefi" },
		{ .name = "format",
		  .argument = "FORM",
		  .text = &o.format,
		  .help = "list: table or jsonl" },
	};
	const struct hm_command_help help = {
		.usage = "hallmark trust import [OPTION]... FILE...\n"
			 "       hallmark trust remove [OPTION]... FILE|THUMBPRINT...\n"
			 "       hallmark trust list [OPTION]...\n"
			 "       hallmark trust show [OPTION]... [THUMBPRINT]...\n"
			 "       hallmark trust update [OPTION]...",
		.about =
			"Keeps the trust store in the data folder: Microsoft's lists and "
			"the "
			"roots that\n"
			"they name, your own roots and distrust, revocation lists.  Only "
			"update uses the\n"
			"network, and only to ask Microsoft's server for trust lists.",
		.options = options,
		.num_options = sizeof(options) / sizeof(options[0]),
	};
	int status = hm_options(&help, argc, argv, &a, &operands);

	if (status == -1 && operands.count == 0)
		status = hm_complain("trust needs import, remove, list, show or "
				     "update");
	if (status == -1) {
		const char *verb = operands.items[0];
		const struct hm_list rest = { operands.items + 1, operands.count - 1 };

		status = HM_EXIT_FAILED;
		if (hm_trust_place_of(o.data, &place)) {
			status = run(verb, &o, &place, &rest);
			hm_trust_place_unlock(&place);
		}
	}
	hm_arena_close(&a);
	return status;
}
