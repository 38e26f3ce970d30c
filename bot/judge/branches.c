/* SPDX-License-Identifier: Apache-2.0 */
/* branches.c - takes a pattern apart at its alternatives.
 *
 * People write lists: one group of thirty ways to say a thing, between a look behind and
 * a look ahead. PCRE2 tries all thirty at every place. Here `Z(?:A|B)T` becomes ZAT and
 * ZBT when Z takes no room (looks and anchors have one way to match, so the order in
 * which PCRE2 tries things stays the same), and so on into A. Neighbours that begin with
 * a few known stems stay together; what has many, or none, is taken apart further.
 *
 * Only plain groups are opened, and only in patterns whose parts mean the same wherever
 * they stand: no references, no options set on the way, no \K. Each part is put back
 * into a group of its own, so that nothing of it can run into its new neighbour. */
#include "judge/branches.h"

#include "judge/regex.h"

#define DEPTH_MAX   4
#define TEXT_MAX    (16 * 1024) /* of all branches */
#define STEMS_A_ONE 32          /* by which a branch is looked for */

struct range {
    size_t from, to;
};

struct split {
    const struct alphabet *alphabet;
    struct str pattern;
    struct branches *out;
    bool full; /* too much: the pattern stays whole */
};

/* What stands around the part that is taken apart. */
struct around {
    struct str before, behind;
};

static struct str
part(const struct split *s, struct range r)
{
    return (struct str){.p = s->pattern.p + r.from, .len = r.to - r.from};
}

static struct regex
reader(const struct split *s, struct range r)
{
    struct str text = {.p = s->pattern.p, .len = r.to};
    return (struct regex){.alphabet = s->alphabet, .text = text, .pos = r.from};
}

/* --- what may be taken apart */

static bool
is_movable(struct regex r)
{
    for (;;) {
        size_t from = r.pos;
        struct regex_token t = regex_next(&r);
        if (t.kind == REGEX_END)
            return true;
        bool takes_nothing = t.kind == REGEX_NOTHING && r.text.p[from] == '\\' &&
                             r.text.p[from + 1] == 'B';
        if (t.kind == REGEX_STRANGE || t.kind == REGEX_ANYTHING ||
            (t.kind == REGEX_NOTHING && !takes_nothing))
            return false;
    }
}

/* Behind an opening: to behind its end. True when the group is there exactly once. */
static bool
pass_group(struct regex *r)
{
    size_t from = r->pos;
    for (int open = 1; open > 0;) {
        from = r->pos;
        enum regex_kind kind = regex_next(r).kind;
        if (kind == REGEX_END || kind == REGEX_STRANGE)
            return false;
        open += kind == REGEX_OPEN || kind == REGEX_LOOK;
        open -= kind == REGEX_CLOSE;
    }
    return r->pos == from + 1;
}

/* The alternative that begins at `from`; *or says whether another one follows. */
static struct range
alternative(const struct split *s, size_t from, size_t to, bool * or)
{
    struct regex r = reader(s, (struct range){from, to});
    for (* or = false;;) {
        size_t at = r.pos;
        enum regex_kind kind = regex_next(&r).kind;
        * or = kind == REGEX_OR;
        if (* or || kind == REGEX_END || kind == REGEX_STRANGE)
            return (struct range){from, at};
        if (kind == REGEX_OPEN || kind == REGEX_LOOK)
            (void)pass_group(&r);
    }
}

/* Does it begin, behind anchors and looks, with a plain group? What is in it. */
static bool
leading_group(const struct split *s, struct range whole, struct range *inside)
{
    struct regex r = reader(s, whole);
    for (;;) {
        size_t from = r.pos;
        struct regex_token t = regex_next(&r);
        bool plain =
            (t.kind == REGEX_EDGE || t.kind == REGEX_START) && t.min == 1 && t.max == 1;
        if (plain || (t.kind == REGEX_LOOK && pass_group(&r)))
            continue;
        struct str text = part(s, (struct range){from, r.pos});
        inside->from = r.pos;
        if (t.kind != REGEX_OPEN || !str_eq(text, STR_LIT("(?:")) || !pass_group(&r))
            return false;
        inside->to = r.pos - 1;
        return true;
    }
}

/* --- the branches */

static void
put(struct buf *out, const struct around *a, struct str body)
{
    buf_addf(out, "%.*s(?:%.*s)%.*s", STR_ARG(a->before), STR_ARG(body),
             STR_ARG(a->behind));
}

/* The branch takes the stems. */
static void
emit(struct split *s, const struct around *a, struct range body, struct stems *stems)
{
    struct branches *out = s->out;
    if (out->n == BRANCHES_MAX || out->text.len > TEXT_MAX) {
        s->full = true;
        stems_fini(stems);
        return;
    }
    out->at[out->n++] = (struct branch){.text = out->text.len, .stems = *stems};
    *stems = (struct stems){.n = 0};
    put(&out->text, a, part(s, body));
    buf_add_char(&out->text, '\0');
}

static void
stems_in(const struct split *s, const struct around *a, struct range body,
         struct stems *out)
{
    struct buf text = BUF_INIT;
    put(&text, a, part(s, body));
    stems_of(s->alphabet, buf_str(&text), out);
    buf_fini(&text);
}

/* Does it begin with stems, and are they few? */
static bool
is_handy(const struct stems *s)
{
    return s->in_front && s->n <= STEMS_A_ONE;
}

/* Neighbours that stay together. */
struct run {
    struct range body;
    struct stems stems; /* of all of them; n 0: there is none */
};

static void
end_run(struct split *s, const struct around *a, struct run *r)
{
    if (r->stems.n > 0)
        emit(s, a, r->body, &r->stems);
}

static void
add_to_run(struct split *s, const struct around *a, struct run *r, struct range one,
           struct stems *stems)
{
    if (r->stems.n + stems->n > STEMS_A_ONE)
        end_run(s, a, r);
    r->body = (struct range){r->stems.n == 0 ? one.from : r->body.from, one.to};
    stems_join(&r->stems, stems);
}

static void split(struct split *s, const struct around *a, struct range body, int depth);

/* The alternative by the alternatives of the group that it begins with. */
static bool // NOLINTNEXTLINE(misc-no-recursion): at most DEPTH_MAX groups deep
split_group(struct split *s, const struct around *a, struct range whole, int depth)
{
    struct range inside;
    if (depth == DEPTH_MAX || !leading_group(s, whole, &inside))
        return false;
    struct str before = part(s, (struct range){whole.from, inside.from - 3});
    struct str behind = part(s, (struct range){inside.to + 1, whole.to});
    struct buf left = BUF_INIT, right = BUF_INIT;
    buf_addf(&left, "%.*s(?:%.*s", STR_ARG(a->before), STR_ARG(before));
    buf_addf(&right, "%.*s)%.*s", STR_ARG(behind), STR_ARG(a->behind));
    struct around inner = {.before = buf_str(&left), .behind = buf_str(&right)};
    split(s, &inner, inside, depth + 1);
    buf_fini(&left);
    buf_fini(&right);
    return true;
}

static void // NOLINTNEXTLINE(misc-no-recursion): at most DEPTH_MAX groups deep
split(struct split *s, const struct around *a, struct range body, int depth)
{
    struct run run = {.body = body};
    size_t from = body.from;
    for (bool more = true; more && !s->full;) {
        struct range one = alternative(s, from, body.to, &more);
        struct stems stems;
        stems_in(s, a, one, &stems);
        if (is_handy(&stems)) {
            add_to_run(s, a, &run, one, &stems);
        } else {
            end_run(s, a, &run);
            if (!split_group(s, a, one, depth))
                emit(s, a, one, &stems);
        }
        stems_fini(&stems);
        from = one.to + 1;
    }
    end_run(s, a, &run);
}

void
branches_of(const struct alphabet *a, struct str pattern, struct branches *out)
{
    struct split s = {.alphabet = a, .pattern = pattern, .out = out};
    struct range all = {0, pattern.len};
    struct around nothing = {.before = STR_NONE, .behind = STR_NONE};
    branches_none(a, pattern, out);
    if (is_handy(&out->at[0].stems) || !is_movable(reader(&s, all)))
        return;
    struct branches whole = *out;
    *out = (struct branches){.n = 0};
    bool more;
    struct range one = alternative(&s, 0, pattern.len, &more);
    if (more)
        split(&s, &nothing, all, 0);
    else /* it is the pattern itself, and that was looked at */
        (void)split_group(&s, &nothing, one, 0);
    bool apart = !s.full && out->n > 1;
    struct branches unused = apart ? whole : *out;
    *out = apart ? *out : whole;
    branches_fini(&unused);
}

void
branches_none(const struct alphabet *a, struct str pattern, struct branches *out)
{
    *out = (struct branches){.n = 1};
    buf_add_str(&out->text, pattern);
    buf_add_char(&out->text, '\0');
    stems_of(a, pattern, &out->at[0].stems);
}

void
branches_fini(struct branches *b)
{
    for (size_t i = 0; i < b->n; i++)
        stems_fini(&b->at[i].stems);
    buf_fini(&b->text);
    b->n = 0;
}
