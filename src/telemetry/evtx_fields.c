/* SPDX-License-Identifier: MIT */
#include "telemetry/evtx_fields.h"

struct finder {
	struct hm_arena *keep;
	const struct hm_evtx_field *first;
	struct hm_evtx_field *last;
	uint32_t *steps; /* zero: no more is done, and the fields are not all */
};

enum { BYTES_A_STEP = 16 };

/* Paths below Event/System. */
static const struct {
	const char *path;
	enum hm_evtx_use use;
} system_fields[] = {
	{ "Provider.Name", HM_USE_PROVIDER },
	{ "EventID", HM_USE_EVENT_ID },
	{ "TimeCreated.SystemTime", HM_USE_TIME },
	{ "EventRecordID", HM_USE_RECORD_ID },
	{ "Correlation.ActivityID", HM_USE_ACTIVITY },
	{ "Channel", HM_USE_CHANNEL },
	{ "Computer", HM_USE_COMPUTER },
	{ "Security.UserID", HM_USE_USER },
};

static struct hm_evtx_field *add(struct finder *f, enum hm_evtx_use use, hm_bytes name)
{
	struct hm_evtx_field *field = hm_new(f->keep, struct hm_evtx_field);

	field->use = use;
	field->name = name;
	if (f->last != NULL)
		f->last->next = field;
	else
		f->first = field;
	f->last = field;
	return field;
}

/* Text and values among the nodes: what a field is put together from. */
static bool is_part(const struct hm_xml_node *n)
{
	return n->kind == HM_XML_TEXT || (n->kind == HM_XML_VALUE && !n->xml);
}

static void set_parts(struct finder *f, struct hm_evtx_field *field,
		      const struct hm_xml_node *first)
{
	size_t count = 0;

	for (const struct hm_xml_node *n = first; n != NULL; n = n->next)
		count += is_part(n);
	struct hm_evtx_part *parts = hm_new_n(f->keep, struct hm_evtx_part, count);
	field->parts = parts;
	field->num_parts = count;
	for (const struct hm_xml_node *n = first; n != NULL; n = n->next) {
		if (!is_part(n))
			continue;
		parts->literal = n->kind == HM_XML_TEXT;
		parts->slot = n->slot;
		parts->text = parts->literal ? hm_keep(f->keep, n->text) : n->text;
		parts++;
	}
}

static hm_bytes join(struct finder *f, hm_bytes path, hm_bytes name)
{
	size_t cost = 1 + (path.len + name.len) / BYTES_A_STEP;

	*f->steps -= cost < *f->steps ? (uint32_t)cost : *f->steps;
	if (*f->steps == 0 || path.len == 0)
		return hm_keep(f->keep, *f->steps == 0 ? path : name);
	return hm_bytes_of(hm_format(f->keep, "%.*s.%.*s", (int)path.len,
				     (const char *)path.at, (int)name.len,
				     (const char *)name.at));
}

static bool is_data(const struct hm_xml_node *n)
{
	return hm_is(n->text, "Data");
}

/* A Data element is called by its Name, where that is literal. */
static const struct hm_xml_node *name_of(const struct hm_xml_node *n)
{
	const struct hm_xml_node *a = n->attributes.first;
	bool named = is_data(n) && a != NULL && hm_is(a->text, "Name") &&
		     a->children.first != NULL && a->children.first->kind == HM_XML_TEXT;

	return named ? a : NULL;
}

typedef void (*put_fn)(struct finder *f, hm_bytes path, const struct hm_xml_node *n);

static void put_field(struct finder *f, hm_bytes path, const struct hm_xml_node *n)
{
	struct hm_evtx_field *field = add(f, HM_USE_FIELD, path);

	field->list = is_data(n) && name_of(n) == NULL;
	set_parts(f, field, n->children.first);
}

static void put_system(struct finder *f, hm_bytes path, const struct hm_xml_node *n)
{
	for (size_t i = 0; i < sizeof(system_fields) / sizeof(system_fields[0]); i++)
		if (hm_is(path, system_fields[i].path))
			set_parts(f, add(f, system_fields[i].use, path),
				  n->children.first);
}

/* A namespace is no field, and a name that is used is none either. */
static void walk_attributes(struct finder *f, const struct hm_xml_node *n, hm_bytes path,
			    put_fn put)
{
	for (const struct hm_xml_node *a = n->attributes.first; a != NULL; a = a->next)
		if (a != name_of(n) && !hm_is(a->text, "xmlns"))
			put(f, join(f, path, a->text), a);
}

static void walk(struct finder *f, const struct hm_xml_node *n, hm_bytes path,
		 put_fn put);

/* What lies in the element n, whose own path is path.  Returns whether it has text. */
static bool walk_children(struct finder *f, const struct hm_xml_node *n, hm_bytes path,
			  put_fn put)
{
	bool has_text = false;

	for (const struct hm_xml_node *k = n->children.first; k != NULL; k = k->next) {
		has_text = has_text || is_part(k);
		if (k->kind == HM_XML_ELEMENT) {
			walk(f, k, path, put);
		} else if (k->kind == HM_XML_VALUE && k->xml) {
			struct hm_evtx_field *inner = add(f, HM_USE_INNER, path);
			struct hm_evtx_part *part = hm_new(f->keep, struct hm_evtx_part);

			part->slot = k->slot;
			inner->parts = part;
			inner->num_parts = 1;
		}
	}
	return has_text;
}

/* Recursion is as deep as the tree: HM_MAX_EVTX_DEPTH. */
static void walk(struct finder *f, const struct hm_xml_node *n, hm_bytes path, put_fn put)
{
	const struct hm_xml_node *name = name_of(n);
	hm_bytes own = join(f, path, name != NULL ? name->children.first->text : n->text);

	walk_attributes(f, n, own, put);
	bool has_text = walk_children(f, n, own, put);
	/* an element with nothing in it is an empty field */
	if (has_text || is_data(n) ||
	    (n->children.first == NULL && n->attributes.first == NULL))
		put(f, own, n);
}

/* The parts of an event: their own names say nothing, but for those of others. */
static void walk_part(struct finder *f, const struct hm_xml_node *n)
{
	hm_bytes none = { 0 };

	if (hm_is(n->text, "System"))
		walk_children(f, n, none, put_system);
	else if (!hm_is(n->text, "EventData") && !hm_is(n->text, "UserData"))
		walk(f, n, none, put_field);
	else if (walk_children(f, n, none, put_field))
		put_field(f, hm_keep(f->keep, n->text), n);
}

/* Event is walked like its parts: what is not an element there is an inner piece. */
static void walk_event(struct finder *f, const struct hm_xml_node *event)
{
	struct hm_xml_node rest = { .kind = HM_XML_ELEMENT };

	for (const struct hm_xml_node *k = event->children.first; k != NULL;
	     k = k->next) {
		if (k->kind == HM_XML_ELEMENT) {
			walk_part(f, k);
			continue;
		}
		struct hm_xml_node alone = *k;
		alone.next = NULL;
		rest.children.first = &alone;
		walk_children(f, &rest, (hm_bytes){ 0 }, put_field);
	}
}

hm_err hm_evtx_fields(const struct hm_xml_list *nodes, struct hm_arena *keep,
		      uint32_t *steps, const struct hm_evtx_field **out)
{
	struct finder f = { .keep = keep, .steps = steps };

	for (const struct hm_xml_node *n = nodes->first; n != NULL; n = n->next) {
		if (n->kind != HM_XML_ELEMENT)
			continue;
		if (hm_is(n->text, "Event"))
			walk_event(&f, n);
		else
			walk_part(&f, n);
	}
	*out = f.first;
	return *steps != 0 ? HM_OK : HM_ELIMIT;
}
