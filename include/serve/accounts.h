/* SPDX-License-Identifier: Apache-2.0 */
/* accounts.h - who may come in: users, tokens, one-time links and sessions, in one SQLite
 * file beside the journal. Everything is small and kept in memory too; the command line
 * and a running daemon use the file at the same time, and each notices what the other
 * changed. Secrets are stored only as BLAKE2b hashes, passwords as Argon2id. */
#ifndef SURAQ_SERVE_ACCOUNTS_H
#define SURAQ_SERVE_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "queue/command.h"

struct accounts;

enum {
    ACCOUNTS_NAME = 64,   /* bytes of a user's or token's name */
    ACCOUNTS_HASH = 32,   /* BLAKE2b of a secret */
    ACCOUNTS_SECRET = 43, /* characters: 256 bits in base64url */
    ACCOUNTS_CODE = 22,   /* characters of a link's code: 128 bits */
    ACCOUNTS_LINK_MS = 10 * 60 * 1000
};

struct account {
    char name[ACCOUNTS_NAME + 1];
    enum role role;
    char lang[3]; /* "" until chosen */
    char password[crypto_pwhash_STRBYTES];
    int64_t created_ms;
};

struct account_token {
    uint64_t id;
    enum role role; /* ROLE_OVERLAY or ROLE_INTAKE */
    char name[ACCOUNTS_NAME + 1];
    uint8_t hash[ACCOUNTS_HASH];
    int64_t created_ms;
};

struct account_link {
    uint64_t id;
    enum role role;
    char user[ACCOUNTS_NAME + 1]; /* "": nobody's; signs in as the role alone */
    uint8_t hash[ACCOUNTS_HASH];
    int64_t expires_ms;
};

struct account_session {
    uint64_t id;
    uint8_t hash[ACCOUNTS_HASH];
    char user[ACCOUNTS_NAME + 1]; /* an account, or "officer-12" of a link without one */
    bool guest; /* no account behind it: the role is the session's own */
    enum role role;
    char lang[3];
    char address[64];
    int64_t created_ms, seen_ms;
};

/* New; creates the file (mode 0600) when absent. `clock` is borrowed. ERR_IO names the
 * path. */
struct accounts *accounts_open(const char *path, const struct clock *clock,
                               struct err *e) MUST_CHECK;
void accounts_close(struct accounts **a);
/* Reads the file again when another process changed it; true when it did. Cheap
 * otherwise. */
bool accounts_refresh(struct accounts *a);

/* Borrowed until the next change or refresh. In the order of making. */
size_t accounts_users(const struct accounts *a, const struct account **out);
size_t accounts_tokens(const struct accounts *a, const struct account_token **out);
size_t accounts_links(const struct accounts *a, const struct account_link **out);
size_t accounts_sessions(const struct accounts *a, const struct account_session **out);
const struct account *accounts_find(const struct accounts *a, struct str name);

/* Names: 1..64 bytes of visible text without spaces, ':' and '/'. `password` is an
 * Argon2id string or "" (no password: only links sign in). ERR_VALUE, ERR_CONFLICT,
 * ERR_LIMIT, ERR_MISSING. */
int accounts_add(struct accounts *a, struct str name, enum role role,
                 const char *password, struct err *e) MUST_CHECK;
/* Ends the user's sessions. */
int accounts_set_password(struct accounts *a, struct str name, const char *password,
                          struct err *e) MUST_CHECK;
int accounts_set_role(struct accounts *a, struct str name, enum role role,
                      struct err *e) MUST_CHECK;
/* With its sessions and links. The last admin can go: the command line makes another. */
int accounts_remove(struct accounts *a, struct str name, struct err *e) MUST_CHECK;

/* A token or link that was made. The caller wipes the secret. */
struct account_made {
    uint64_t id;
    char secret[ACCOUNTS_SECRET + 1]; /* the text that is shown once; a link's code */
};

int accounts_add_token(struct accounts *a, enum role role, struct str name,
                       struct account_made *made, struct err *e) MUST_CHECK;
int accounts_remove_token(struct accounts *a, uint64_t id, struct err *e) MUST_CHECK;
const struct account_token *accounts_find_token(const struct accounts *a,
                                                struct str secret);

int accounts_add_link(struct accounts *a, enum role role, struct str user,
                      struct account_made *made, struct err *e) MUST_CHECK;
int accounts_remove_link(struct accounts *a, uint64_t id, struct err *e) MUST_CHECK;
/* Uses the link up: ERR_MISSING when it is unknown, used or older than 10 minutes. */
int accounts_take_link(struct accounts *a, struct str code, struct account_link *out,
                       struct err *e) MUST_CHECK;

/* `s` says user, guest, role, lang and address; the rest is filled in. */
int accounts_add_session(struct accounts *a, struct account_session *s,
                         char secret[ACCOUNTS_SECRET + 1], struct err *e) MUST_CHECK;
const struct account_session *accounts_find_session(const struct accounts *a,
                                                    struct str secret);
const struct account_session *accounts_session(const struct accounts *a, uint64_t id);
void accounts_touch_session(struct accounts *a, uint64_t id, int64_t now_ms);
int accounts_remove_session(struct accounts *a, uint64_t id, struct err *e) MUST_CHECK;
/* Of the person behind the session: with the account, or the guest's session. */
int accounts_set_lang(struct accounts *a, uint64_t session, struct str lang,
                      struct err *e) MUST_CHECK;

/* Removes sessions not seen since `idle_before` or made before `made_before`, and dead
 * links. */
void accounts_expire(struct accounts *a, int64_t idle_before, int64_t made_before);

/* "DIR/accounts.db" beside the journal at `journal_path`. New. */
char *accounts_path_beside(const char *journal_path);

#endif
