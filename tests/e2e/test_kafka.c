/* SPDX-License-Identifier: MIT */
/*
 * test_kafka HALLMARK: a topic into the tables, against librdkafka's own mock cluster on
 * the loopback: brokers that go away, offsets that cannot be committed, messages that
 * come again, a program that is killed.  Prints TAP.
 */
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

enum { PARTITIONS = 3, OFFSET_COMMIT = 8 /* Kafka's number of that request */ };

struct bench {
	const char *hallmark;
	char folder[64], address[512], settings[128];
	rd_kafka_t *producer;
	rd_kafka_mock_cluster_t *cluster;
	int produced;
};

static void start_cluster(struct bench *b)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char why[512];

	rd_kafka_conf_set(conf, "log_level", "0", why, sizeof(why));
	rd_kafka_conf_set(conf, "linger.ms", "5", why, sizeof(why));
	rd_kafka_conf_set(conf, "topic.metadata.refresh.interval.ms", "300", why,
			  sizeof(why));
	rd_kafka_conf_set(conf, "reconnect.backoff.max.ms", "300", why, sizeof(why));
	/* the producer has a cluster of its own within it: only a name is needed */
	rd_kafka_conf_set(conf, "test.mock.num.brokers", "3", why, sizeof(why));
	b->producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
	if (b->producer == NULL)
		abort();
	b->cluster = rd_kafka_handle_mock_cluster(b->producer);
	rd_kafka_mock_topic_create(b->cluster, "events", PARTITIONS, 3);
	snprintf(b->address, sizeof(b->address), "kafka://%s/events",
		 rd_kafka_mock_cluster_bootstraps(b->cluster));
}

/* One event, in the envelope of an event hub. */
static void produce(struct bench *b, const char *name, int number)
{
	char text[512];
	int len = snprintf(
		text, sizeof(text),
		"{\"records\":[{\"time\":\"2024-01-02T03:04:06Z\",\"category\":"
		"\"AdvancedHunting-DeviceProcessEvents\",\"properties\":{\"Timestamp\":"
		"\"2024-01-02T03:04:05.%07dZ\",\"DeviceName\":\"d\",\"FileName\":\"%s%d."
		"exe\",\"SHA1\":\"%040d\"}}]}",
		number, name, number, number);

	if (rd_kafka_producev(b->producer, RD_KAFKA_V_TOPIC("events"),
			      RD_KAFKA_V_PARTITION(number % PARTITIONS),
			      RD_KAFKA_V_VALUE(text, (size_t)len),
			      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
			      RD_KAFKA_V_END) != RD_KAFKA_RESP_ERR_NO_ERROR)
		abort();
}

static void produce_many(struct bench *b, int count)
{
	for (int i = 0; i < count; i++)
		produce(b, "f", b->produced++);
	if (rd_kafka_flush(b->producer, 60000) != RD_KAFKA_RESP_ERR_NO_ERROR)
		abort();
}

static pid_t start(struct bench *b, const char *once)
{
	char log[128];
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	snprintf(log, sizeof(log), "%s/log", b->folder);
	if (freopen(log, "a", stdout) == NULL || dup2(STDOUT_FILENO, STDERR_FILENO) < 0)
		_exit(99);
	execl(b->hallmark, b->hallmark, "ingest", "--data", b->folder, "--workers", "1",
	      "--kafka-settings", b->settings, b->address, once, (char *)NULL);
	_exit(98);
}

static int ended(pid_t pid)
{
	int status;

	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* What a query counts; -1 where it fails. */
static int count(struct bench *b, const char *query)
{
	char command[1024];
	int value = -1;

	snprintf(command, sizeof(command),
		 "'%s' query --data '%s' --format csv '%s' | tail -n 1", b->hallmark,
		 b->folder, query);
	FILE *out = popen(command, "r");
	if (out == NULL || fscanf(out, "%d", &value) != 1)
		value = -1;
	if (out != NULL)
		pclose(out);
	return value;
}

/* All that was produced is stored, and nothing twice. */
static bool stored(struct bench *b)
{
	int rows = count(b, "DeviceProcessEvents | count");
	int names = count(b, "DeviceProcessEvents | distinct FileName | count");

	if (rows != b->produced || names != b->produced)
		printf("# %d rows, %d names, %d produced\n", rows, names, b->produced);
	return rows == b->produced && names == b->produced;
}

static void show_log(struct bench *b)
{
	char command[256];

	snprintf(command, sizeof(command), "tail -n 15 '%s/log' | sed 's/^/# /'",
		 b->folder);
	fflush(stdout);
	if (system(command) != 0)
		puts("# no log");
}

static void write_settings(struct bench *b)
{
	snprintf(b->settings, sizeof(b->settings), "%s/kafka.settings", b->folder);
	FILE *file = fopen(b->settings, "w");

	if (file == NULL)
		abort();
	fputs("# as for an event hub, but for the security that the mock has not\n\n"
	      "group.id = watchers\nsession.timeout.ms=6000\nheartbeat.interval.ms=500\n"
	      "fetch.wait.max.ms=50\ntopic.metadata.refresh.interval.ms=500\n",
	      file);
	fclose(file);
}

static void test_plain(struct bench *b)
{
	produce_many(b, 300);
	bool done = ended(start(b, "--once")) == 0 && stored(b);
	check(done, "a topic is read to its end");
	if (!done)
		show_log(b);
	produce_many(b, 50);
	done = ended(start(b, "--once")) == 0 && stored(b);
	check(done, "what came since is read the next time");
	if (!done)
		show_log(b);
}

/* Offsets cannot be committed: all of it comes again, and is known. */
static void test_redelivery(struct bench *b)
{
	static const rd_kafka_resp_err_t refuse[] = {
		RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
		RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
		RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
		RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
	};

	produce_many(b, 60);
	rd_kafka_mock_push_request_errors_array(b->cluster, OFFSET_COMMIT, 4, refuse);
	bool first = ended(start(b, "--once")) == 0 && stored(b);
	rd_kafka_mock_clear_request_errors(b->cluster, OFFSET_COMMIT);
	bool second = ended(start(b, "--once")) == 0 && stored(b);
	check(first && second, "messages that come again are stored once");
	if (!first || !second)
		show_log(b);
}

static void test_brokers(struct bench *b)
{
	pid_t pid = start(b, NULL);

	produce_many(b, 40);
	sleep(1);
	for (int i = 0; i < PARTITIONS; i++)
		rd_kafka_mock_partition_set_leader(b->cluster, "events", i, i % 2 + 1);
	rd_kafka_mock_broker_set_down(b->cluster, 3);
	sleep(2);
	rd_kafka_mock_broker_set_up(b->cluster, 3);
	produce_many(b, 40);
	sleep(2);
	kill(pid, SIGTERM);
	bool done = ended(pid) == 0;
	/* what had not been read yet when it was ended */
	done = done && ended(start(b, "--once")) == 0 && stored(b);
	check(done, "a broker that is lost costs nothing; a signal ends it in order");
	if (!done)
		show_log(b);
}

static void test_kill(struct bench *b)
{
	pid_t pid = start(b, NULL);

	produce_many(b, 90);
	/* about when the first rows are durable */
	usleep(4200000);
	kill(pid, SIGKILL);
	ended(pid);
	bool done = ended(start(b, "--once")) == 0 && stored(b);
	check(done, "killed: nothing is lost, nothing is doubled");
	if (!done)
		show_log(b);
}

static void test_refusals(struct bench *b)
{
	char address[sizeof(b->address)];

	memcpy(address, b->address, sizeof(address));
	snprintf(b->address, sizeof(b->address), "kafka://127.0.0.1");
	check(ended(start(b, "--once")) == 2, "an address without a topic is refused");
	memcpy(b->address, address, sizeof(address));
	FILE *file = fopen(b->settings, "a");
	if (file != NULL && fputs("sasl.passwort=x\n", file) >= 0)
		fclose(file);
	check(ended(start(b, "--once")) == 2, "a setting that does not exist is refused");
}

int main(int argc, char **argv)
{
	struct bench b = { .folder = "/tmp/hallmark-kafka-XXXXXX" };
	char command[128];

	if (argc != 2 || mkdtemp(b.folder) == NULL)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	b.hallmark = argv[1];
	write_settings(&b);
	start_cluster(&b);
	test_plain(&b);
	test_redelivery(&b);
	test_brokers(&b);
	test_kill(&b);
	test_refusals(&b);
	rd_kafka_destroy(b.producer);
	snprintf(command, sizeof(command), "rm -rf '%s'", b.folder);
	if (system(command) != 0)
		return 2;
	return check_done();
}
