/* SPDX-License-Identifier: MIT */
#include "cli/prompt.h"

#include <errno.h>
#include <histedit.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <wchar.h>

#include "base/limits.h"
#include "base/text.h"
#include "query/unfinished.h"

enum { HISTORY_QUERIES = 1000 };

struct session {
	const struct hm_prompt *spec;
	EditLine *edit;
	History *history;
	int signals; /* a signalfd */
	sigset_t before;
	bool dropped; /* Ctrl-C came */
	struct hm_buf text;
};

/* ---- reading ---- */

static void take_signal(struct session *s)
{
	struct signalfd_siginfo got;

	if (read(s->signals, &got, sizeof got) != sizeof got)
		return;
	if (got.ssi_signo == SIGINT)
		s->dropped = true;
	else if (got.ssi_signo == SIGWINCH)
		el_resize(s->edit);
	else /* we were stopped, and the shell has used the terminal */
		el_set(s->edit, EL_PREP_TERM, 1);
}

/* A Ctrl-D that was typed before the terminal was ours is a NUL when it is read. */
static int read_octet(void)
{
	enum { CTRL_D = 4 };
	unsigned char octet;

	if (read(STDIN_FILENO, &octet, 1) != 1)
		return -1;
	return octet == 0 ? CTRL_D : octet;
}

/* One octet of the terminal; -1 at its end, after Ctrl-C, and where it fails. */
static int take_octet(struct session *s)
{
	struct pollfd fds[] = { { .fd = STDIN_FILENO, .events = POLLIN },
				{ .fd = s->signals, .events = POLLIN } };

	while (!s->dropped) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return -1;
		if (fds[1].revents & POLLIN)
			take_signal(s);
		else if (fds[0].revents != 0)
			return read_octet();
	}
	return -1;
}

/* libedit asks for a character; what is no character is left out. */
static int take_character(EditLine *edit, wchar_t *out)
{
	struct session *s = NULL;
	mbstate_t state = { 0 };
	int octet;

	el_get(edit, EL_CLIENTDATA, (void *)&s);
	while ((octet = take_octet(s)) >= 0) {
		const char c = (char)octet;
		size_t got = mbrtowc(out, &c, 1, &state);

		if (got <= 1)
			return 1;
		if (got == (size_t)-1)
			memset(&state, 0, sizeof state);
	}
	return s->dropped ? -1 : 0;
}

static char *prompt_of(EditLine *edit)
{
	static char first[] = "kql> ", more[] = "   > ";
	struct session *s = NULL;

	el_get(edit, EL_CLIENTDATA, (void *)&s);
	return s->text.len == 0 ? first : more;
}

/* ---- history ---- */

/* With a `;`, so that a query that comes back runs at the next Enter; on a line of its
 * own where the last one may be a comment. */
static void keep(struct session *s, struct hm_arena *a, hm_bytes text)
{
	const char *end = text.at[text.len - 1] == ';' ? "" : ";", *entry;
	HistEvent event;

	for (size_t i = text.len; i > 1 && text.at[i - 1] != '\n'; i--)
		if (text.at[i - 1] == '/' && text.at[i - 2] == '/')
			end = "\n;";
	entry = hm_format(a, "%.*s%s", (int)text.len, (const char *)text.at, end);
	history(s->history, &event, H_ENTER, entry);
	if (s->spec->history != NULL)
		history(s->history, &event, H_SAVE, s->spec->history);
}

/* ---- queries ---- */

static hm_bytes typed(const struct session *s)
{
	return hm_trim(hm_buf_bytes(&s->text));
}

static bool ends_query(const struct session *s, hm_bytes line)
{
	const hm_bytes text = typed(s);
	struct hm_arena a;

	if (line.len == 0)
		return true;
	if (text.len == 0 || text.at[text.len - 1] != ';')
		return false;
	a = hm_cli_arena();
	bool unfinished = hm_is_unfinished(text, &a);
	hm_arena_close(&a);
	return !unfinished;
}

static void run(struct session *s)
{
	struct hm_arena a = hm_cli_arena();
	const hm_bytes text = hm_keep(&a, typed(s));

	hm_buf_clear(&s->text);
	if (text.len != 0) {
		keep(s, &a, text);
		s->spec->run(s->spec->ctx, text);
		fflush(stdout);
	}
	hm_arena_close(&a);
}

static bool is_farewell(const struct session *s, hm_bytes line)
{
	return s->text.len == 0 && (hm_is(line, "exit") || hm_is(line, "quit"));
}

/* Take in a line; false where it ends the prompt. */
static bool take_line(struct session *s, hm_bytes raw)
{
	const hm_bytes line = hm_trim(raw);

	if (is_farewell(s, line))
		return false;
	if (!hm_utf8_valid(raw)) {
		hm_complain("the line is not UTF-8");
		return true;
	}
	hm_put(&s->text, raw);
	if (s->text.err != HM_OK) {
		hm_complain("larger than a query may be");
		hm_buf_clear(&s->text);
	}
	if (ends_query(s, line))
		run(s);
	return true;
}

static void drop(struct session *s)
{
	fputs("^C\n", stderr);
	hm_buf_clear(&s->text);
	el_reset(s->edit);
	s->dropped = false;
}

static void read_lines(struct session *s)
{
	bool more = true;

	while (more) {
		int len = 0;
		const char *line = el_gets(s->edit, &len);

		if (s->dropped)
			drop(s);
		else if (line == NULL || len <= 0)
			more = false;
		else
			more = take_line(
				s, (hm_bytes){ (const uint8_t *)line, (size_t)len });
	}
	fputc('\n', stderr);
}

/* ---- the terminal ---- */

/* libedit reads characters by the locale; a terminal of today speaks UTF-8. */
static void set_locale(void)
{
	if (setlocale(LC_CTYPE, "") == NULL || MB_CUR_MAX == 1)
		(void)!setlocale(LC_CTYPE, "C.UTF-8");
}

static void open_history(struct session *s)
{
	HistEvent event;

	s->history = history_init();
	history(s->history, &event, H_SETSIZE, HISTORY_QUERIES);
	history(s->history, &event, H_SETUNIQUE, 1);
	if (s->spec->history != NULL)
		history(s->history, &event, H_LOAD, s->spec->history);
}

static bool open_terminal(struct session *s)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGCONT);
	sigprocmask(SIG_BLOCK, &set, &s->before);
	s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	set_locale();
	s->edit = el_init("hallmark", stdin, isatty(STDOUT_FILENO) ? stdout : stderr,
			  stderr);
	if (s->edit == NULL || s->signals < 0)
		return false;
	open_history(s);
	el_set(s->edit, EL_CLIENTDATA, s);
	el_set(s->edit, EL_PROMPT, prompt_of);
	el_set(s->edit, EL_EDITOR, "emacs");
	el_set(s->edit, EL_HIST, history, s->history);
	el_set(s->edit, EL_GETCFN, take_character);
	el_source(s->edit, NULL);
	return true;
}

static void close_terminal(struct session *s)
{
	if (s->history != NULL)
		history_end(s->history);
	if (s->edit != NULL)
		el_end(s->edit);
	if (s->signals >= 0)
		close(s->signals);
	sigprocmask(SIG_SETMASK, &s->before, NULL);
	hm_buf_done(&s->text);
}

int hm_prompt_run(const struct hm_prompt *prompt)
{
	struct session s = { .spec = prompt, .text = hm_buf_of(HM_MAX_KQL_BYTES) };
	int status = HM_EXIT_OK;

	if (open_terminal(&s))
		read_lines(&s);
	else
		status = hm_complain("the terminal cannot be used: %s", strerror(errno));
	close_terminal(&s);
	return status;
}
