/* SPDX-License-Identifier: Apache-2.0 */
/* judge.c - `suraq judge`: messages in (NDJSON), verdicts out, one line for each line
 * that is not blank, in order. A line that cannot be read gets an answer too, and the
 * work goes on. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "command/commands.h"
#include "command/filter_set.h"
#include "command/options.h"
#include "source/message.h"

enum { CHUNK = 64 * 1024 };

struct job {
    struct judge *judge;
    struct judge_scratch *scratch;
    struct verdict verdict;
    struct buf out;
    bool explain;
    uint64_t line, messages, questions, held, errors;
};

static void
write_error(struct job *job, const struct err *e)
{
    job->errors++;
    buf_addf(&job->out, "{\"line\":%" PRIu64 ",\"error\":", job->line);
    buf_add_json(&job->out, str_from(e->msg));
    buf_add_cstr(&job->out, "}\n");
}

/* For a person: the text as it was matched, what hit, what came of it. */
static void
write_explanation(struct job *job, struct str text)
{
    const struct verdict *v = &job->verdict;
    struct buf *b = &job->out;

    buf_add_escaped(b, text);
    buf_add_cstr(b, "\n  read as  ");
    buf_add_escaped(b, v->key);
    for (size_t i = 0; i < v->n_why; i++)
        buf_addf(b, "\n  %+4d     %s %s%s", v->why[i].score, v->why[i].filter,
                 v->why[i].rule, v->why[i].trial ? " (trial)" : "");
    buf_addf(b, "\n  so it is %s, score %d, %s",
             v->question ? "a question" : "no question", v->score,
             judge_lang_name(v->lang));
    for (size_t i = 0; i < v->n_topics; i++)
        buf_addf(b, "%s%s", i == 0 ? ", about " : " ", v->topics[i]);
    if (v->urgent != NULL)
        buf_addf(b, ", URGENT %s", v->urgent);
    if (v->held != NULL)
        buf_addf(b, ", held: %s", v->held);
    buf_add_cstr(b, "\n  shown as ");
    buf_add_escaped(b, v->masked);
    buf_add_cstr(b, "\n");
}

static void
judge_message(struct job *job, const struct message *m)
{
    struct verdict *v = &job->verdict;

    judge_text(job->judge, job->scratch, m->text, v);
    if (m->repaired && v->held == NULL)
        v->held = "bad_text";
    job->messages++;
    job->questions += v->question;
    job->held += v->held != NULL;
    if (job->explain) {
        write_explanation(job, m->text);
        return;
    }
    buf_add_char(&job->out, '{');
    if (m->id.len > 0) {
        buf_add_cstr(&job->out, "\"id\":");
        buf_add_json(&job->out, m->id);
        buf_add_char(&job->out, ',');
    }
    verdict_write_json(v, &job->out);
    buf_add_cstr(&job->out, "}\n");
}

static void
judge_line(struct job *job, struct str line)
{
    struct message m;
    struct err e = ERR_INIT;
    json_t *holder = NULL;

    if (str_trim(line).len == 0)
        return;
    if (message_parse(line, &m, NULL, &holder, &e) < 0) {
        write_error(job, &e);
    } else if (m.kind == MESSAGE_CHAT) {
        judge_message(job, &m);
    } else {
        buf_add_cstr(&job->out, "{\"deleted\":");
        buf_add_json(&job->out, m.kind == MESSAGE_DELETE ? m.id : m.author_id);
        buf_add_cstr(&job->out, "}\n");
    }
    json_decref(holder);
}

static int
write_out(struct job *job, struct err *e)
{
    for (size_t done = 0; done < job->out.len;) {
        ssize_t n = write(STDOUT_FILENO, job->out.data + done, job->out.len - done);
        if (n < 0 && errno != EINTR)
            return err_errno(e, ERR_IO, "the output cannot be written");
        done += n < 0 ? 0 : (size_t)n;
    }
    buf_reset(&job->out);
    return 0;
}

/* Of a line that is too long only so much is kept that reading it refuses it. */
static void
take_piece(struct buf *line, struct str piece)
{
    size_t room = BOUNDS_FRAME + 1 - line->len;

    buf_add(line, piece.p, piece.len < room ? piece.len : room);
}

/* The whole lines of what was read; the rest waits in `line` for its end. */
static int
judge_chunk(struct job *job, struct str chunk, struct buf *line, struct err *e)
{
    const char *end;

    while ((end = memchr(chunk.p, '\n', chunk.len)) != NULL) {
        size_t len = (size_t)(end - chunk.p);
        take_piece(line, (struct str){chunk.p, len});
        chunk = (struct str){end + 1, chunk.len - len - 1};
        job->line++;
        judge_line(job, buf_str(line));
        buf_reset(line);
        if (job->out.len >= CHUNK && write_out(job, e) < 0)
            return -1;
    }
    take_piece(line, chunk);
    return 0;
}

/* What a read gave is answered before the next one, so that a program at the other end of
 * two pipes gets each verdict when it has sent the line. */
static int
judge_stream(struct job *job, int in, struct err *e)
{
    char *chunk = mem_zalloc(CHUNK);
    struct buf line = BUF_INIT;
    int rc = 0;

    while (rc == 0) {
        ssize_t n = read(in, chunk, CHUNK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            rc = err_errno(e, ERR_IO, "the input cannot be read");
        if (n <= 0)
            break;
        rc = judge_chunk(job, (struct str){chunk, (size_t)n}, &line, e);
        if (rc == 0)
            rc = write_out(job, e);
    }
    if (rc == 0 && line.len > 0) {
        job->line++;
        judge_line(job, buf_str(&line));
        rc = write_out(job, e);
    }
    buf_fini(&line);
    mem_free(chunk);
    return rc;
}

static int
run(struct job *job, const char *path, bool stats)
{
    struct err e = ERR_INIT;
    int in = path == NULL ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    int64_t begin = clock_mono_ms(clock_system());

    if (in < 0) {
        (void)err_errno(&e, ERR_IO, "'%s' cannot be read", path);
        return options_fail("judge", &e, EXIT_RUNTIME);
    }
    job->scratch = judge_scratch_new();
    buf_reserve(&job->out, 1);
    int rc = judge_stream(job, in, &e);
    int64_t took = clock_mono_ms(clock_system()) - begin;
    if (in != STDIN_FILENO)
        close(in);
    judge_scratch_free(&job->scratch);
    buf_fini(&job->out);
    if (rc < 0)
        return options_fail("judge", &e, EXIT_RUNTIME);
    (void)fprintf(stderr,
                  "%" PRIu64 " messages, %" PRIu64 " questions, %" PRIu64
                  " held, %" PRIu64 " errors\n",
                  job->messages, job->questions, job->held, job->errors);
    if (stats)
        (void)fprintf(stderr, "%.0f messages/s in %.2f s\n",
                      (double)job->messages * 1000.0 / (double)(took < 1 ? 1 : took),
                      (double)took / 1000.0);
    return EXIT_DONE;
}

static int
exec_judge(int argc, char **argv)
{
    static const struct option options[] = {{"filters", required_argument, NULL, 'f'},
                                            {"stats", no_argument, NULL, 's'},
                                            {"explain", no_argument, NULL, 'e'},
                                            {0}};
    static char fallback[] = "filters";
    char *folders[16];
    size_t n = 0;
    const char *config = NULL;
    struct job job = {.line = 0};
    struct err e = ERR_INIT;
    bool stats = false;
    int c;

    while ((c = getopt_long(argc, argv, "c:", options, NULL)) != -1) {
        if (c == 'f' && n < sizeof(folders) / sizeof(folders[0]))
            folders[n++] = optarg;
        else if (c == 'c')
            config = optarg;
        else if (c == 's')
            stats = true;
        else if (c == 'e')
            job.explain = true;
        else
            return options_usage(&command_judge);
    }
    if (argc - optind > 1)
        return options_usage(&command_judge);
    struct settings *s = config == NULL ? NULL : options_settings(config);
    if (config != NULL && s == NULL)
        return EXIT_SETTINGS;
    for (size_t i = 0;
         s != NULL && i < s->n_filters && n < sizeof(folders) / sizeof(folders[0]); i++)
        folders[n++] = s->filters[i];
    if (n == 0)
        folders[n++] = fallback;
    job.judge = filter_set_judge(folders, n, &e);
    int status = job.judge == NULL
                     ? options_fail("judge", &e, EXIT_SETTINGS)
                     : run(&job, optind < argc ? argv[optind] : NULL, stats);
    judge_unref(&job.judge);
    settings_free(&s);
    return status;
}

const struct subcommand command_judge = {
    .name = "judge",
    .args = "[-c FILE | --filters DIR]... [--stats] [--explain] [FILE]",
    .summary = "messages in (NDJSON), verdicts out",
    .help = "Reads FILE or standard input. --explain writes for a person instead: how "
            "the text was\n"
            "read, which rules hit with which score, and what came of it.",
    .exec = exec_judge,
};
