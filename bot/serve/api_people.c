/* SPDX-License-Identifier: Apache-2.0 */
/* api_people.c - users and their sessions, for admins. A new password is hashed on a
 * worker thread, like the ones that are checked. An admin cannot remove or demote the
 * last admin, which the command line still can. */
#include "serve/api.h"

#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "serve/accounts_log.h"
#include "serve/front.h"
#include "serve/password.h"

enum { LOG_PAGE = 100, LOG_PAGE_MAX = 500 };

static void
add_user(const struct account *u, struct buf *out)
{
    buf_add_cstr(out, "{\"name\":");
    buf_add_json(out, str_from(u->name));
    buf_addf(out, ",\"role\":\"%s\",\"lang\":", role_name(u->role));
    view_text(u->lang[0] == '\0' ? NULL : u->lang, out);
    buf_addf(out, ",\"has_password\":%s,\"created_at\":",
             u->password[0] != '\0' ? "true" : "false");
    view_time(u->created_ms, out);
    buf_add_char(out, '}');
}

static void
answer_user(struct front *f, struct exchange *x, const char *name)
{
    const struct account *u = accounts_find(f->accounts, str_from(name));

    if (u == NULL)
        http_problem(&x->res, 404, "not_found", "there is no user '%s'", name);
    else
        add_user(u, http_json(&x->res, 200));
}

void
api_users_get(struct front *f, struct exchange *x)
{
    const struct account *users;
    size_t n = accounts_users(f->accounts, &users);
    struct buf *out = http_json(&x->res, 200);

    buf_add_cstr(out, "{\"items\":[");
    for (size_t i = 0; i < n; i++) {
        buf_add_cstr(out, i > 0 ? "," : "");
        add_user(&users[i], out);
    }
    buf_add_cstr(out, "],\"next\":null}");
}

/* A change of an account, perhaps with a password to be hashed first. */
struct change {
    struct front *front;
    struct exchange *exchange;
    bool is_new, has_role, has_password;
    char name[ACCOUNTS_NAME + 1];
    enum role role;
    char password[BOUNDS_PASSWORD + 1];
    size_t password_len;
    char hash[crypto_pwhash_STRBYTES];
    struct err failed;
};

static bool
is_last_admin(const struct front *f, struct str name)
{
    const struct account *users;
    size_t n = accounts_users(f->accounts, &users), admins = 0;
    bool is_admin = false;

    for (size_t i = 0; i < n; i++) {
        if (users[i].role != ROLE_ADMIN)
            continue;
        admins++;
        is_admin = is_admin || str_eq(str_from(users[i].name), name);
    }
    return is_admin && admins == 1;
}

static int
store(struct change *c, struct err *e)
{
    struct front *f = c->front;
    struct str name = str_from(c->name);

    if (c->is_new)
        return accounts_add(f->accounts, name, c->role, c->hash, e);
    if (c->has_role && c->role != ROLE_ADMIN && is_last_admin(f, name))
        return err_set(e, ERR_BAD_STATE, "'%s' is the last admin", c->name);
    if (c->has_role && accounts_set_role(f->accounts, name, c->role, e) < 0)
        return -1;
    if (c->has_password && accounts_set_password(f->accounts, name, c->hash, e) < 0)
        return -1;
    return 0;
}

static void
note(const struct change *c)
{
    struct accounts *a = c->front->accounts;
    const char *who = c->exchange->who.name;
    const struct account *u = accounts_find(a, str_from(c->name));
    enum role role = u == NULL ? c->role : u->role;

    if (c->is_new)
        accounts_note(a, who, ADMIN_USER_ADD, c->name, role);
    else if (c->has_role)
        accounts_note(a, who, ADMIN_USER_ROLE, c->name, role);
    if (!c->is_new && c->has_password)
        accounts_note(a, who, ADMIN_USER_PASSWORD, c->name, role);
}

static void
apply(struct change *c)
{
    struct exchange *x = c->exchange;
    struct err e = c->failed;

    if (e.code != ERR_NONE || store(c, &e) < 0) {
        http_problem_err(&x->res, &e);
        return;
    }
    log_info("accounts", "'%s' %s '%s'", x->who.name, c->is_new ? "made" : "changed",
             c->name);
    note(c);
    live_check(c->front->live);
    answer_user(c->front, x, c->name);
}

static void
hash(void *arg)
{
    struct change *c = arg;

    if (password_hash((struct str){c->password, c->password_len}, c->hash, &c->failed) <
        0)
        c->hash[0] = '\0';
}

static void
hashed(void *arg, bool cancelled)
{
    struct change *c = arg;
    struct front *f = c->front;
    struct exchange *x = c->exchange;

    f->jobs--;
    if (cancelled)
        http_problem(&x->res, 503, "stopping", "the program is stopping");
    else
        apply(c);
    sodium_memzero(c, sizeof(*c));
    mem_free(c);
    front_answered(f, x);
}

static bool
read_change(struct exchange *x, struct change *c)
{
    struct str role, password;
    struct err e = ERR_INIT;

    if (!front_string(x, "role", 16, &role) ||
        !front_string(x, "password", BOUNDS_PASSWORD, &password))
        return false;
    c->has_role = role.len > 0;
    c->has_password = password.p != NULL;
    if ((c->has_role && role_from_name(role, &c->role, &e) < 0) ||
        (c->has_password && password_is_acceptable(password, &e) < 0)) {
        http_problem(&x->res, 422, "unprocessable", "%s", e.msg);
        return false;
    }
    str_copy(password, c->password, sizeof(c->password));
    c->password_len = password.len;
    return true;
}

static void
change(struct front *f, struct exchange *x, struct str name, bool is_new)
{
    struct change *c = mem_zalloc(sizeof(*c));
    struct err e = ERR_INIT;

    c->front = f;
    c->exchange = x;
    c->is_new = is_new;
    if (name.len == 0 || name.len > ACCOUNTS_NAME)
        http_problem(&x->res, 422, "unprocessable", "a name has 1 to %d bytes",
                     ACCOUNTS_NAME);
    else
        memcpy(c->name, name.p, name.len);
    if (x->res.status == 0 && read_change(x, c)) {
        if (is_new && !c->has_role) {
            http_problem(&x->res, 422, "unprocessable", "'role' is missing");
        } else if (!c->has_password) {
            apply(c);
        } else if (worker_submit(f->conf.worker, hash, hashed, c, &e) == 0) {
            f->jobs++;
            x->pending = true;
            return;
        } else {
            http_problem(&x->res, 503, "throttled", "too much at once; try again");
        }
    }
    sodium_memzero(c, sizeof(*c));
    mem_free(c);
}

void
api_users_post(struct front *f, struct exchange *x)
{
    struct str name;

    if (front_string(x, "name", ACCOUNTS_NAME, &name))
        change(f, x, name, true);
}

void
api_user_patch(struct front *f, struct exchange *x)
{
    change(f, x, buf_str(&x->param[0]), false);
}

void
api_user_delete(struct front *f, struct exchange *x)
{
    const struct account *u = accounts_find(f->accounts, buf_str(&x->param[0]));
    enum role role = u == NULL ? ROLE_VIEWER : u->role;
    struct err e = ERR_INIT;

    if (is_last_admin(f, buf_str(&x->param[0])))
        http_problem(&x->res, 409, "conflict", "'%s' is the last admin",
                     x->param[0].data);
    else if (accounts_remove(f->accounts, buf_str(&x->param[0]), &e) < 0)
        http_problem_err(&x->res, &e);
    else {
        x->res.status = 204;
        accounts_note(f->accounts, x->who.name, ADMIN_USER_REMOVE, x->param[0].data,
                      role);
    }
    live_check(f->live);
}

static enum role
session_role(const struct front *f, const struct account_session *s)
{
    const struct account *u = accounts_find(f->accounts, str_from(s->user));

    return s->guest || u == NULL ? s->role : u->role;
}

void
api_sessions_get(struct front *f, struct exchange *x)
{
    const struct account_session *s;
    size_t n = accounts_sessions(f->accounts, &s);
    struct buf *out = http_json(&x->res, 200);

    buf_add_cstr(out, "{\"items\":[");
    for (size_t i = 0; i < n; i++) {
        enum role role = session_role(f, &s[i]);
        buf_addf(out, "%s{\"id\":%" PRIu64 ",\"user\":", i > 0 ? "," : "", s[i].id);
        buf_add_json(out, str_from(s[i].user));
        buf_addf(out, ",\"role\":\"%s\",\"address\":", role_name(role));
        buf_add_json(out, str_from(s[i].address));
        buf_add_cstr(out, ",\"created_at\":");
        view_time(s[i].created_ms, out);
        buf_add_cstr(out, ",\"seen_at\":");
        view_time(s[i].seen_ms, out);
        buf_addf(out, ",\"current\":%s}", s[i].id == x->who.session ? "true" : "false");
    }
    buf_add_cstr(out, "],\"next\":null}");
}

void
api_session_remove(struct front *f, struct exchange *x)
{
    struct account_session gone = {.role = ROLE_VIEWER};
    uint64_t id;
    struct err e = ERR_INIT;

    if (!front_number(x, 0, &id))
        return;
    const struct account_session *s = accounts_session(f->accounts, id);
    if (s != NULL)
        gone = *s;
    if (accounts_remove_session(f->accounts, id, &e) < 0) {
        http_problem_err(&x->res, &e);
    } else {
        x->res.status = 204;
        accounts_note(f->accounts, x->who.name, ADMIN_SESSION_END, gone.user,
                      session_role(f, &gone));
    }
    live_check(f->live);
}

struct log_page {
    struct buf *out;
    uint64_t limit, shown, last;
};

static int
one_of_log(void *arg, const struct admin_entry *entry)
{
    struct log_page *p = arg;

    if (p->shown == p->limit)
        return 1;
    buf_addf(p->out, "%s{\"id\":%" PRIu64 ",\"at\":", p->shown++ > 0 ? "," : "",
             entry->id);
    view_time(entry->at_ms, p->out);
    buf_add_cstr(p->out, ",\"who\":");
    view_text(entry->who[0] == '\0' ? NULL : entry->who, p->out);
    buf_add_cstr(p->out, ",\"act\":");
    buf_add_json(p->out, str_from(entry->act));
    buf_add_cstr(p->out, ",\"what\":");
    view_text(entry->what[0] == '\0' ? NULL : entry->what, p->out);
    buf_add_cstr(p->out, ",\"role\":");
    buf_add_json(p->out, str_from(entry->role));
    buf_add_char(p->out, '}');
    p->last = entry->id;
    return 0;
}

void
api_admin_log_get(struct front *f, struct exchange *x)
{
    struct log_page p = {.limit = LOG_PAGE};
    uint64_t before = 0;
    struct err e = ERR_INIT;

    if (http_query_u64(x->req.query, "before", INT64_MAX, &before, &e) < 0 ||
        http_query_u64(x->req.query, "limit", LOG_PAGE_MAX, &p.limit, &e) < 0) {
        http_problem(&x->res, 400, "bad_request", "%s", e.msg);
        return;
    }
    p.out = http_json(&x->res, 200);
    buf_add_cstr(p.out, "{\"items\":[");
    int rc = accounts_log(f->accounts, before, one_of_log, &p, &e);
    if (rc < 0) {
        http_problem_err(&x->res, &e);
        return;
    }
    buf_add_cstr(p.out, "],\"next\":");
    view_number(rc > 0 ? p.last : 0, p.out);
    buf_add_char(p.out, '}');
}
