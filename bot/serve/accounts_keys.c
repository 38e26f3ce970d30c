/* SPDX-License-Identifier: Apache-2.0 */
/* accounts_keys.c - everything that is a secret text in somebody's hands: tokens of
 * programs, one-time links, sessions. The file holds only hashes of them. The secrets are
 * 128 or 256 random bits, so a plain hash is enough and looking one up leaks nothing
 * worth having: who could make use of the timing would have to guess the hash of a random
 * text. */
#include "serve/accounts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bounds.h"
#include "base/mem.h"
#include "serve/accounts_db.h"

enum {
    SECRET_BYTES = 32,
    CODE_BYTES = 16,
    MAX_TOKENS = 100,
    MAX_LINKS = 100,
    SEEN_STEP_MS = 60000
};

void
accounts_hash(struct str secret, uint8_t hash[ACCOUNTS_HASH])
{
    crypto_generichash(hash, ACCOUNTS_HASH, (const unsigned char *)secret.p, secret.len,
                       NULL, 0);
}

void
accounts_secret(size_t bytes, char *text, size_t cap, uint8_t hash[ACCOUNTS_HASH])
{
    uint8_t random[SECRET_BYTES];

    randombytes_buf(random, bytes);
    sodium_bin2base64(text, cap, random, bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(random, sizeof(random));
    accounts_hash(str_from(text), hash);
}

static int
not_there(struct accounts *a, const char *what, uint64_t id, struct err *e)
{
    if (sqlite3_changes(a->db) > 0)
        return 0;
    return err_set(e, ERR_MISSING, "there is no %s %" PRIu64, what, id);
}

size_t
accounts_tokens(const struct accounts *a, const struct account_token **out)
{
    *out = a->tokens;
    return a->n_tokens;
}

int
accounts_add_token(struct accounts *a, enum role role, struct str name,
                   struct account_made *made, struct err *e)
{
    uint8_t hash[ACCOUNTS_HASH];

    (void)accounts_refresh(a);
    if (role != ROLE_OVERLAY && role != ROLE_INTAKE)
        return err_set(e, ERR_VALUE, "a token's role is overlay or intake");
    if (accounts_check_name(name, e) < 0)
        return -1;
    if (a->n_tokens >= MAX_TOKENS)
        return err_set(e, ERR_LIMIT, "there are %d tokens: revoke some", MAX_TOKENS);
    accounts_secret(SECRET_BYTES, made->secret, ACCOUNTS_SECRET + 1, hash);
    if (accounts_run(a, e, "INSERT INTO tokens(role,name,hash,created) VALUES(?,?,?,?)",
                     "stbi", role_name(role), name, hash, clock_wall_ms(a->clock)) < 0)
        return -1;
    made->id = (uint64_t)sqlite3_last_insert_rowid(a->db);
    return 0;
}

int
accounts_remove_token(struct accounts *a, uint64_t id, struct err *e)
{
    if (accounts_run(a, e, "DELETE FROM tokens WHERE id=?", "i", (int64_t)id) < 0)
        return -1;
    return not_there(a, "token", id, e);
}

const struct account_token *
accounts_find_token(const struct accounts *a, struct str secret)
{
    uint8_t hash[ACCOUNTS_HASH];

    if (secret.len != ACCOUNTS_SECRET)
        return NULL;
    accounts_hash(secret, hash);
    for (size_t i = 0; i < a->n_tokens; i++) {
        if (sodium_memcmp(a->tokens[i].hash, hash, sizeof(hash)) == 0)
            return &a->tokens[i];
    }
    return NULL;
}

size_t
accounts_links(const struct accounts *a, const struct account_link **out)
{
    *out = a->links;
    return a->n_links;
}

int
accounts_add_link(struct accounts *a, enum role role, struct str user,
                  struct account_made *made, struct err *e)
{
    uint8_t hash[ACCOUNTS_HASH];
    int64_t now = clock_wall_ms(a->clock);

    (void)accounts_refresh(a);
    if (user.len > 0 && accounts_find(a, user) == NULL)
        return err_set(e, ERR_MISSING, "there is no user '%.*s'", STR_ARG(user));
    if (role == ROLE_OVERLAY || role == ROLE_INTAKE || role == ROLE_SYSTEM)
        return err_set(e, ERR_VALUE, "'%s' is not a role for people", role_name(role));
    if (accounts_run(a, e, "DELETE FROM links WHERE expires<=?", "i", now) < 0)
        return -1;
    if (a->n_links >= MAX_LINKS)
        return err_set(e, ERR_LIMIT, "%d links wait to be used: take some back",
                       MAX_LINKS);
    accounts_secret(CODE_BYTES, made->secret, ACCOUNTS_CODE + 1, hash);
    if (accounts_run(a, e, "INSERT INTO links(role,user,hash,expires) VALUES(?,?,?,?)",
                     "stbi", role_name(role), user, hash, now + ACCOUNTS_LINK_MS) < 0)
        return -1;
    made->id = (uint64_t)sqlite3_last_insert_rowid(a->db);
    return 0;
}

int
accounts_remove_link(struct accounts *a, uint64_t id, struct err *e)
{
    if (accounts_run(a, e, "DELETE FROM links WHERE id=?", "i", (int64_t)id) < 0)
        return -1;
    return not_there(a, "link", id, e);
}

int
accounts_take_link(struct accounts *a, struct str code, struct account_link *out,
                   struct err *e)
{
    uint8_t hash[ACCOUNTS_HASH];
    bool found = false;

    (void)accounts_refresh(a);
    accounts_hash(code, hash);
    for (size_t i = 0; i < a->n_links && !found; i++) {
        found = sodium_memcmp(a->links[i].hash, hash, sizeof(hash)) == 0 &&
                a->links[i].expires_ms > clock_wall_ms(a->clock);
        if (found)
            *out = a->links[i];
    }
    /* Two that come at once, even in two processes: only one of them deletes a row. */
    if (found &&
        accounts_run(a, e, "DELETE FROM links WHERE id=?", "i", (int64_t)out->id) < 0)
        return -1;
    if (!found || sqlite3_changes(a->db) == 0)
        return err_set(e, ERR_MISSING,
                       "this link was used already or is older than 10 minutes");
    return 0;
}

size_t
accounts_sessions(const struct accounts *a, const struct account_session **out)
{
    *out = a->sessions;
    return a->n_sessions;
}

const struct account_session *
accounts_session(const struct accounts *a, uint64_t id)
{
    for (size_t i = 0; i < a->n_sessions; i++) {
        if (a->sessions[i].id == id)
            return &a->sessions[i];
    }
    return NULL;
}

const struct account_session *
accounts_find_session(const struct accounts *a, struct str secret)
{
    uint8_t hash[ACCOUNTS_HASH];

    if (secret.len != ACCOUNTS_SECRET)
        return NULL;
    accounts_hash(secret, hash);
    for (size_t i = 0; i < a->n_sessions; i++) {
        if (memcmp(a->sessions[i].hash, hash, sizeof(hash)) == 0)
            return &a->sessions[i];
    }
    return NULL;
}

/* The sessions are full: the one that was idle longest makes room. */
static int
make_room(struct accounts *a, struct err *e)
{
    const struct account_session *oldest = NULL;

    if (a->n_sessions < BOUNDS_SESSIONS)
        return 0;
    for (size_t i = 0; i < a->n_sessions; i++) {
        if (oldest == NULL || a->sessions[i].seen_ms < oldest->seen_ms)
            oldest = &a->sessions[i];
    }
    return accounts_remove_session(a, oldest->id, e);
}

int
accounts_add_session(struct accounts *a, struct account_session *s,
                     char secret[ACCOUNTS_SECRET + 1], struct err *e)
{
    (void)accounts_refresh(a);
    if (make_room(a, e) < 0)
        return -1;
    s->created_ms = s->seen_ms = clock_wall_ms(a->clock);
    accounts_secret(SECRET_BYTES, secret, ACCOUNTS_SECRET + 1, s->hash);
    if (accounts_run(
            a, e,
            "INSERT INTO sessions(hash,user,guest,role,lang,address,created,seen)"
            " VALUES(?,?,?,?,?,?,?,?)",
            "bsisssii", s->hash, s->user, (int64_t)s->guest, role_name(s->role), s->lang,
            s->address, s->created_ms, s->seen_ms) < 0)
        return -1;
    s->id = (uint64_t)sqlite3_last_insert_rowid(a->db);
    return 0;
}

void
accounts_touch_session(struct accounts *a, uint64_t id, int64_t now_ms)
{
    for (size_t i = 0; i < a->n_sessions; i++) {
        struct account_session *s = &a->sessions[i];
        if (s->id != id || now_ms < s->seen_ms)
            continue;
        /* The file is told once a minute: often enough after a crash. */
        bool store = now_ms / SEEN_STEP_MS != s->seen_ms / SEEN_STEP_MS;
        s->seen_ms = now_ms;
        sqlite3_stmt *st = NULL;
        if (store && accounts_query(a, &st, NULL, "UPDATE sessions SET seen=? WHERE id=?",
                                    "ii", now_ms, (int64_t)id) == 0)
            sqlite3_finalize(st);
        return;
    }
}

int
accounts_remove_session(struct accounts *a, uint64_t id, struct err *e)
{
    if (accounts_run(a, e, "DELETE FROM sessions WHERE id=?", "i", (int64_t)id) < 0)
        return -1;
    return not_there(a, "session", id, e);
}

int
accounts_set_lang(struct accounts *a, uint64_t session, struct str lang, struct err *e)
{
    const struct account_session *s = accounts_session(a, session);

    if (s == NULL)
        return err_set(e, ERR_MISSING, "the session has ended");
    if (s->guest)
        return accounts_run(a, e, "UPDATE sessions SET lang=? WHERE id=?", "ti", lang,
                            (int64_t)session);
    char user[ACCOUNTS_NAME + 1];
    memcpy(user, s->user, sizeof(user));
    return accounts_run(a, e, "UPDATE users SET lang=? WHERE name=?", "ts", lang, user);
}

void
accounts_expire(struct accounts *a, int64_t idle_before, int64_t made_before)
{
    bool any = false;
    int64_t now = clock_wall_ms(a->clock);

    for (size_t i = 0; i < a->n_sessions; i++) {
        const struct account_session *s = &a->sessions[i];
        sqlite3_stmt *st = NULL;
        if (s->seen_ms >= idle_before && s->created_ms >= made_before)
            continue;
        any = true;
        if (accounts_query(a, &st, NULL, "DELETE FROM sessions WHERE id=?", "i",
                           (int64_t)s->id) == 0)
            sqlite3_finalize(st);
    }
    for (size_t i = 0; i < a->n_links; i++)
        any = any || a->links[i].expires_ms <= now;
    if (any && accounts_run(a, NULL, "DELETE FROM links WHERE expires<=?", "i", now) < 0)
        return;
}
