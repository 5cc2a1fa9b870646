/* SPDX-License-Identifier: MIT */
#include "cli/ingest_kafka.h"

#include <errno.h>
#include <librdkafka/rdkafka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"

enum {
	/* Partitions of one topic: an event hub has at most 2,048. */
	MAX_PARTITIONS = 4096,
	/* Messages of one partition that go to a worker together, in bytes. */
	GATHER_BYTES = 4 << 20,
	/* What was gathered waits so long at most for more. */
	GATHER_MS = 1000,
	POLL_MS = 100,
	MAX_MESSAGE_BYTES = 64 << 20,
	MAX_SETTING = 8192,
};

static const char scheme[] = "kafka://";

struct partition {
	struct hm_buf gathered; /* as HM_INGEST_MESSAGES has them */
	int64_t next;           /* offset after the last gathered; -1: none was */
	bool dirty;             /* its rows are not durable yet */
	bool ended;             /* nothing follows what was read */
};

struct kafka {
	struct hm_ingesting *ingesting;
	const struct hm_kafka_spec *spec;
	rd_kafka_t *client;
	char *brokers, *topic;
	struct partition *partitions; /* MAX_PARTITIONS */
	size_t gathered;              /* bytes in all of them */
	uint64_t since_ms;            /* when the first of these came; 0: none did */
	bool down;                    /* it was told that no broker answers */
};

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* ---- signals ---- */

static sigset_t ends(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	return set;
}

void hm_kafka_hold_signals(void)
{
	sigset_t set = ends();

	sigprocmask(SIG_BLOCK, &set, NULL);
}

static bool is_to_end(void)
{
	const struct timespec at_once = { 0 };
	sigset_t set = ends();

	return sigtimedwait(&set, NULL, &at_once) > 0;
}

/* ---- address and settings ---- */

bool hm_kafka_is(const char *operand)
{
	return strncmp(operand, scheme, sizeof(scheme) - 1) == 0;
}

static bool read_address(struct kafka *k)
{
	k->brokers = strdup(k->spec->address + sizeof(scheme) - 1);
	char *slash = k->brokers != NULL ? strchr(k->brokers, '/') : NULL;

	if (slash == NULL || slash == k->brokers || slash[1] == '\0')
		return false;
	*slash = '\0';
	k->topic = slash + 1;
	return true;
}

static bool set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
	char why[512];

	if (rd_kafka_conf_set(conf, name, value, why, sizeof(why)) == RD_KAFKA_CONF_OK)
		return true;
	hm_complain("%s: %s", name, why);
	return false;
}

/* "name=value"; blank lines and "#" */
static bool set_line(rd_kafka_conf_t *conf, char *line)
{
	hm_bytes text = hm_trim(hm_bytes_of(line));
	size_t equals = hm_find8(text, 0, '=');
	char name[256], value[MAX_SETTING];

	if (text.len == 0 || hm_at8(text, 0) == '#')
		return true;
	hm_bytes left = hm_trim(hm_part(text, 0, equals));
	if (equals == text.len || left.len >= sizeof(name))
		return hm_complain("a setting is NAME=VALUE") == HM_EXIT_OK;
	hm_bytes right = hm_trim(hm_part(text, equals + 1, text.len - equals - 1));
	snprintf(name, sizeof(name), "%.*s", (int)left.len, (const char *)left.at);
	snprintf(value, sizeof(value), "%.*s", (int)right.len, (const char *)right.at);
	return set(conf, name, value);
}

static bool set_file(rd_kafka_conf_t *conf, const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	bool done = true;

	if (file == NULL)
		return hm_complain("%s: %s", path, strerror(errno)) == HM_EXIT_OK;
	for (int n = 1; done && getline(&line, &room, file) > 0; n++) {
		done = set_line(conf, line);
		if (!done)
			hm_complain("%s: line %d cannot be set", path, n);
	}
	free(line);
	(void)fclose(file);
	return done;
}

/* No broker answers: told once, and again when one has answered between. */
static void on_error(rd_kafka_t *client, int err, const char *reason, void *opaque)
{
	struct kafka *k = opaque;

	(void)client;
	if (err != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || k->down)
		return;
	k->down = true;
	hm_complain("%s: no broker answers (%s); waiting", k->spec->address, reason);
}

/* What cannot be set otherwise comes after the user's file. */
static bool configure(struct kafka *k, rd_kafka_conf_t *conf)
{
	rd_kafka_conf_set_opaque(conf, k);
	rd_kafka_conf_set_error_cb(conf, on_error);
	return set(conf, "group.id", "hallmark") &&
	       set(conf, "auto.offset.reset", "earliest") &&
	       set(conf, "client.id", "hallmark") && set(conf, "log_level", "3") &&
	       (k->spec->settings == NULL || set_file(conf, k->spec->settings)) &&
	       set(conf, "bootstrap.servers", k->brokers) &&
	       set(conf, "enable.auto.commit", "false") &&
	       set(conf, "enable.auto.offset.store", "false") &&
	       set(conf, "enable.partition.eof", "true");
}

static bool subscribe(struct kafka *k)
{
	rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);

	rd_kafka_topic_partition_list_add(topics, k->topic, RD_KAFKA_PARTITION_UA);
	rd_kafka_resp_err_t err = rd_kafka_subscribe(k->client, topics);
	rd_kafka_topic_partition_list_destroy(topics);
	if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
		hm_complain("%s: %s", k->spec->address, rd_kafka_err2str(err));
	return err == RD_KAFKA_RESP_ERR_NO_ERROR;
}

static bool connect_to(struct kafka *k)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char why[512];

	if (!configure(k, conf)) {
		rd_kafka_conf_destroy(conf);
		return false;
	}
	k->client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
	if (k->client == NULL) {
		rd_kafka_conf_destroy(conf);
		hm_complain("%s: %s", k->spec->address, why);
		return false;
	}
	rd_kafka_poll_set_consumer(k->client);
	return subscribe(k);
}

/* ---- messages ---- */

static void gather(struct kafka *k, struct partition *p, const rd_kafka_message_t *m)
{
	/* one that comes again in this run, as after a broker was lost */
	if (m->offset < p->next)
		return;
	p->ended = false;
	p->next = m->offset + 1;
	p->dirty = true;
	hm_put_u64le(&p->gathered, (uint64_t)m->offset);
	hm_put_u32le(&p->gathered, (uint32_t)m->len);
	hm_put(&p->gathered, (hm_bytes){ m->payload, m->len });
	k->gathered += m->len;
	if (k->since_ms == 0)
		k->since_ms = now_ms();
	if (p->gathered.err != HM_OK) {
		k->ingesting->lost = true;
		k->ingesting->status = hm_complain("%s: there is no memory for a message",
						   k->spec->address);
	}
}

static void take(struct kafka *k, const rd_kafka_message_t *m)
{
	struct hm_ingesting *g = k->ingesting;

	if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF && m->partition < MAX_PARTITIONS) {
		k->partitions[m->partition].ended = true;
		return;
	}
	if (m->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
		g->status = hm_complain("%s: %s", k->spec->address,
					rd_kafka_message_errstr(m));
		g->lost |= rd_kafka_fatal_error(k->client, NULL, 0) !=
				   RD_KAFKA_RESP_ERR_NO_ERROR ||
			   m->err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
		return;
	}
	if (m->partition < 0 || m->partition >= MAX_PARTITIONS) {
		g->lost = true;
		g->status = hm_complain("%s: it has more than %d partitions",
					k->spec->address, MAX_PARTITIONS);
		return;
	}
	k->down = false;
	gather(k, &k->partitions[m->partition], m);
}

static void read_partition(struct kafka *k, int number)
{
	struct partition *p = &k->partitions[number];
	struct hm_ingesting *g = k->ingesting;
	int fd = memfd_create("messages", MFD_CLOEXEC);
	hm_bytes bytes = hm_buf_bytes(&p->gathered);

	if (fd < 0 || write(fd, bytes.at, bytes.len) != (ssize_t)bytes.len) {
		g->lost = true;
		g->status = hm_complain("%s: %s", k->spec->address, strerror(errno));
		if (fd >= 0)
			close(fd);
	} else {
		hm_ingest_messages(
			g, hm_format(g->arena, "kafka:%s/%d", k->topic, number), fd);
	}
	hm_buf_clear(&p->gathered);
}

/* ---- what is durable ---- */

/* The offsets of all that was read, told to the group.  Where that fails, messages
 * come again and are known. */
static void commit_offsets(struct kafka *k)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(8);

	for (int i = 0; i < MAX_PARTITIONS; i++)
		if (k->partitions[i].dirty)
			rd_kafka_topic_partition_list_add(list, k->topic, i)->offset =
				k->partitions[i].next;
	rd_kafka_resp_err_t err = rd_kafka_commit(k->client, list, 0);
	rd_kafka_topic_partition_list_destroy(list);
	if (err != RD_KAFKA_RESP_ERR_NO_ERROR) {
		hm_complain("%s: offsets are not committed: %s", k->spec->address,
			    rd_kafka_err2str(err));
		return;
	}
	for (int i = 0; i < MAX_PARTITIONS; i++)
		k->partitions[i].dirty = false;
}

/* Read what was gathered, make its rows durable, and only then say that it was read. */
static void settle(struct kafka *k)
{
	struct hm_ingesting *g = k->ingesting;

	if (k->since_ms == 0)
		return;
	for (int i = 0; i < MAX_PARTITIONS && !g->lost && !g->stopped; i++)
		if (k->partitions[i].gathered.len != 0)
			read_partition(k, i);
	k->gathered = 0;
	k->since_ms = 0;
	if (g->lost || g->stopped)
		return;
	hm_ingest_commit(g);
	if (!g->stopped)
		commit_offsets(k);
}

/* Whether all partitions that are ours have been read to their end. */
static bool has_ended(struct kafka *k)
{
	rd_kafka_topic_partition_list_t *ours = NULL;
	bool ended = rd_kafka_assignment(k->client, &ours) == RD_KAFKA_RESP_ERR_NO_ERROR;

	if (!ended)
		return false;
	ended = ours->cnt != 0;
	for (int i = 0; i < ours->cnt; i++)
		ended &= ours->elems[i].partition < MAX_PARTITIONS &&
			 k->partitions[ours->elems[i].partition].ended;
	rd_kafka_topic_partition_list_destroy(ours);
	return ended;
}

static void read_all(struct kafka *k)
{
	struct hm_ingesting *g = k->ingesting;

	while (!g->lost && !g->stopped && !is_to_end()) {
		rd_kafka_message_t *m = rd_kafka_consumer_poll(k->client, POLL_MS);

		if (m != NULL) {
			take(k, m);
			rd_kafka_message_destroy(m);
		}
		if (k->gathered >= GATHER_BYTES ||
		    (k->since_ms != 0 && now_ms() - k->since_ms >= GATHER_MS))
			settle(k);
		if (m == NULL && k->spec->once && k->since_ms == 0 && has_ended(k))
			return;
	}
	if (!g->lost)
		settle(k);
}

int hm_kafka_read(struct hm_ingesting *g, const struct hm_kafka_spec *spec)
{
	struct kafka k = { .ingesting = g, .spec = spec };
	int status = HM_EXIT_OK;

	k.partitions = calloc(MAX_PARTITIONS, sizeof(*k.partitions));
	for (int i = 0; k.partitions != NULL && i < MAX_PARTITIONS; i++) {
		k.partitions[i].gathered = hm_buf_of(MAX_MESSAGE_BYTES);
		k.partitions[i].next = -1;
	}
	if (k.partitions == NULL)
		status = hm_complain("there is no memory for its partitions");
	else if (!read_address(&k))
		status = hm_complain("%s: write kafka://HOST:PORT/TOPIC", spec->address);
	else if (!connect_to(&k))
		status = HM_EXIT_FAILED;
	else
		read_all(&k);
	if (k.client != NULL) {
		(void)rd_kafka_consumer_close(k.client);
		rd_kafka_destroy(k.client);
	}
	for (int i = 0; k.partitions != NULL && i < MAX_PARTITIONS; i++)
		hm_buf_done(&k.partitions[i].gathered);
	free(k.partitions);
	free(k.brokers);
	return status;
}
