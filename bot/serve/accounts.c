/* SPDX-License-Identifier: Apache-2.0 */
/* accounts.c - the file, and the users in it.
 *
 * The file is the truth and memory is a copy of all of it: a few hundred rows, read again
 * after each change of our own and whenever PRAGMA data_version says that another process
 * (the command line) committed. So looking somebody up costs nothing, and there is no
 * second kind of notification to get wrong. WAL with synchronous=NORMAL: a change does
 * not wait for the disk, which the loop must never do; the worst that a power cut can
 * lose is a session. */
#include "serve/accounts.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bounds.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "serve/accounts_db.h"

static const char schema[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
    "CREATE TABLE IF NOT EXISTS users(name TEXT PRIMARY KEY, role TEXT NOT NULL,"
    " lang TEXT NOT NULL DEFAULT '', password TEXT NOT NULL, created INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS tokens(id INTEGER PRIMARY KEY AUTOINCREMENT, role TEXT "
    "NOT NULL,"
    " name TEXT NOT NULL, hash BLOB NOT NULL UNIQUE, created INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS links(id INTEGER PRIMARY KEY AUTOINCREMENT, role TEXT "
    "NOT NULL,"
    " user TEXT NOT NULL, hash BLOB NOT NULL UNIQUE, expires INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS sessions(id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " hash BLOB NOT NULL UNIQUE, user TEXT NOT NULL, guest INTEGER NOT NULL, role TEXT "
    "NOT NULL,"
    " lang TEXT NOT NULL DEFAULT '', address TEXT NOT NULL, created INTEGER NOT NULL,"
    " seen INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS admin_log(id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " at INTEGER NOT NULL, who TEXT NOT NULL, act TEXT NOT NULL, what TEXT NOT NULL,"
    " role TEXT NOT NULL);"
    "PRAGMA user_version=1;";

static int
db_error(struct accounts *a, struct err *e)
{
    int code = sqlite3_errcode(a->db);

    return err_set(e, code == SQLITE_CONSTRAINT ? ERR_CONFLICT : ERR_IO, "accounts: %s",
                   sqlite3_errmsg(a->db));
}

static int
bind(sqlite3_stmt *st, const char *types, va_list ap)
{
    int rc = SQLITE_OK;

    for (int i = 1; rc == SQLITE_OK && types[i - 1] != '\0'; i++) {
        struct str t;
        switch (types[i - 1]) {
        case 's':
            rc = sqlite3_bind_text(st, i, va_arg(ap, const char *), -1, SQLITE_TRANSIENT);
            break;
        case 't':
            t = va_arg(ap, struct str);
            rc = sqlite3_bind_text(st, i, t.len == 0 ? "" : t.p, (int)t.len,
                                   SQLITE_TRANSIENT);
            break;
        case 'i':
            rc = sqlite3_bind_int64(st, i, va_arg(ap, int64_t));
            break;
        default:
            rc = sqlite3_bind_blob(st, i, va_arg(ap, const uint8_t *), ACCOUNTS_HASH,
                                   SQLITE_TRANSIENT);
            break;
        }
    }
    return rc;
}

/* The statement, with its values; NULL: the database says why not. */
static sqlite3_stmt *
prepare(struct accounts *a, const char *sql, const char *types, va_list ap, struct err *e)
{
    sqlite3_stmt *st = NULL;

    if (sqlite3_prepare_v2(a->db, sql, -1, &st, NULL) == SQLITE_OK &&
        bind(st, types, ap) == SQLITE_OK)
        return st;
    (void)db_error(a, e);
    sqlite3_finalize(st);
    return NULL;
}

/* To the first row: given in *out; NULL when there is none. */
static int
step(struct accounts *a, sqlite3_stmt *st, sqlite3_stmt **out, struct err *e)
{
    int rc = st == NULL ? SQLITE_ERROR : sqlite3_step(st);

    *out = NULL;
    if (rc == SQLITE_ROW) {
        *out = st;
        return 0;
    }
    if (st != NULL && rc != SQLITE_DONE)
        (void)db_error(a, e);
    sqlite3_finalize(st);
    return rc == SQLITE_DONE ? 0 : -1;
}

int
accounts_query(struct accounts *a, sqlite3_stmt **out, struct err *e, const char *sql,
               const char *types, ...)
{
    va_list ap;

    va_start(ap, types);
    sqlite3_stmt *st = prepare(a, sql, types, ap, e);
    va_end(ap);
    return step(a, st, out, e);
}

int
accounts_run(struct accounts *a, struct err *e, const char *sql, const char *types, ...)
{
    sqlite3_stmt *st = NULL;
    va_list ap;

    va_start(ap, types);
    int rc = step(a, prepare(a, sql, types, ap, e), &st, e);
    va_end(ap);
    sqlite3_finalize(st);
    accounts_load(a);
    return rc;
}

static void
copy_text(sqlite3_stmt *st, int column, char *out, size_t cap)
{
    const char *text = (const char *)sqlite3_column_text(st, column);
    struct str part = utf8_prefix(str_from(text), cap - 1);

    if (part.len > 0)
        memcpy(out, part.p, part.len);
    out[part.len] = '\0';
}

static void
copy_hash(sqlite3_stmt *st, int column, uint8_t out[ACCOUNTS_HASH])
{
    const void *blob = sqlite3_column_blob(st, column);

    if (blob != NULL && sqlite3_column_bytes(st, column) == ACCOUNTS_HASH)
        memcpy(out, blob, ACCOUNTS_HASH);
}

/* A role that this version does not know counts as the least there is. */
static enum role
read_role(sqlite3_stmt *st, int column)
{
    enum role role = ROLE_VIEWER;

    if (role_from_name(str_from((const char *)sqlite3_column_text(st, column)), &role,
                       NULL) < 0)
        role = ROLE_VIEWER;
    return role;
}

static void
read_user(sqlite3_stmt *st, void *to)
{
    struct account *u = to;

    copy_text(st, 0, u->name, sizeof(u->name));
    u->role = read_role(st, 1);
    copy_text(st, 2, u->lang, sizeof(u->lang));
    copy_text(st, 3, u->password, sizeof(u->password));
    u->created_ms = sqlite3_column_int64(st, 4);
}

static void
read_token(sqlite3_stmt *st, void *to)
{
    struct account_token *t = to;

    t->id = (uint64_t)sqlite3_column_int64(st, 0);
    t->role = read_role(st, 1);
    copy_text(st, 2, t->name, sizeof(t->name));
    copy_hash(st, 3, t->hash);
    t->created_ms = sqlite3_column_int64(st, 4);
}

static void
read_link(sqlite3_stmt *st, void *to)
{
    struct account_link *l = to;

    l->id = (uint64_t)sqlite3_column_int64(st, 0);
    l->role = read_role(st, 1);
    copy_text(st, 2, l->user, sizeof(l->user));
    copy_hash(st, 3, l->hash);
    l->expires_ms = sqlite3_column_int64(st, 4);
}

static void
read_session(sqlite3_stmt *st, void *to)
{
    struct account_session *s = to;

    s->id = (uint64_t)sqlite3_column_int64(st, 0);
    copy_hash(st, 1, s->hash);
    copy_text(st, 2, s->user, sizeof(s->user));
    s->guest = sqlite3_column_int(st, 3) != 0;
    s->role = read_role(st, 4);
    copy_text(st, 5, s->lang, sizeof(s->lang));
    copy_text(st, 6, s->address, sizeof(s->address));
    s->created_ms = sqlite3_column_int64(st, 7);
    s->seen_ms = sqlite3_column_int64(st, 8);
}

/* All rows of a table as a new array. */
static size_t
load_table(struct accounts *a, const char *sql, void (*read)(sqlite3_stmt *, void *),
           size_t size, void **out)
{
    sqlite3_stmt *st = NULL;
    size_t n = 0, cap = 0;
    char *rows = NULL;

    if (sqlite3_prepare_v2(a->db, sql, -1, &st, NULL) != SQLITE_OK)
        log_warn("accounts", "%s", sqlite3_errmsg(a->db));
    while (st != NULL && sqlite3_step(st) == SQLITE_ROW) {
        if (n == cap) {
            cap = cap == 0 ? 16 : cap * 2;
            rows = mem_resize(rows, cap, size);
        }
        memset(rows + n * size, 0, size);
        read(st, rows + n++ * size);
    }
    sqlite3_finalize(st);
    mem_free(*out);
    *out = rows;
    return n;
}

static int64_t
data_version(struct accounts *a)
{
    sqlite3_stmt *st = NULL;
    int64_t v = -1;

    if (sqlite3_prepare_v2(a->db, "PRAGMA data_version", -1, &st, NULL) == SQLITE_OK &&
        sqlite3_step(st) == SQLITE_ROW)
        v = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return v;
}

/* When a session was last seen is newer in memory than in the file. */
static void
keep_seen(struct accounts *a, const struct account_session *old, size_t n_old)
{
    for (size_t i = 0, k = 0; i < a->n_sessions; i++) {
        struct account_session *s = &a->sessions[i];
        while (k < n_old && old[k].id < s->id)
            k++;
        if (k < n_old && old[k].id == s->id && old[k].seen_ms > s->seen_ms)
            s->seen_ms = old[k].seen_ms;
    }
}

void
accounts_load(struct accounts *a)
{
    struct account_session *old = a->sessions;
    size_t n_old = a->n_sessions;

    a->sessions = NULL;
    a->data_version = data_version(a);
    a->n_users = load_table(
        a, "SELECT name,role,lang,password,created FROM users ORDER BY created,name",
        read_user, sizeof(*a->users), (void **)&a->users);
    a->n_tokens =
        load_table(a, "SELECT id,role,name,hash,created FROM tokens ORDER BY id",
                   read_token, sizeof(*a->tokens), (void **)&a->tokens);
    a->n_links = load_table(a, "SELECT id,role,user,hash,expires FROM links ORDER BY id",
                            read_link, sizeof(*a->links), (void **)&a->links);
    a->n_sessions = load_table(a,
                               "SELECT id,hash,user,guest,role,lang,address,created,seen "
                               "FROM sessions ORDER BY id",
                               read_session, sizeof(*a->sessions), (void **)&a->sessions);
    keep_seen(a, old, n_old);
    mem_free(old);
}

bool
accounts_refresh(struct accounts *a)
{
    if (data_version(a) == a->data_version)
        return false;
    accounts_load(a);
    return true;
}

/* The file is made by us, so that nobody else can read it, not even for a moment. */
static int
create(const char *path, struct err *e)
{
    char *dir = mem_strdup(path);
    char *slash = strrchr(dir, '/');

    if (slash != NULL && slash != dir) {
        *slash = '\0';
        if (mkdir(dir, 0750) < 0 && errno != EEXIST) {
            (void)err_errno(e, ERR_IO, "making the folder '%s'", dir);
            mem_free(dir);
            return -1;
        }
    }
    mem_free(dir);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_errno(e, ERR_IO, "'%s'", path);
    close(fd);
    return 0;
}

struct accounts *
accounts_open(const char *path, const struct clock *clock, struct err *e)
{
    struct accounts *a = mem_zalloc(sizeof(*a));

    a->clock = clock;
    if (sodium_init() < 0) {
        (void)err_set(e, ERR_SYSTEM, "libsodium cannot be started");
    } else if (create(path, e) == 0) {
        int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
        if (sqlite3_open_v2(path, &a->db, flags, NULL) == SQLITE_OK &&
            sqlite3_busy_timeout(a->db, 2000) == SQLITE_OK &&
            sqlite3_exec(a->db, schema, NULL, NULL, NULL) == SQLITE_OK) {
            accounts_load(a);
            return a;
        }
        (void)err_set(e, ERR_IO, "'%s': %s", path, sqlite3_errmsg(a->db));
    }
    accounts_close(&a);
    return NULL;
}

static void
store_seen(struct accounts *a)
{
    for (size_t i = 0; i < a->n_sessions; i++) {
        sqlite3_stmt *st = NULL;
        if (accounts_query(a, &st, NULL,
                           "UPDATE sessions SET seen=max(seen,?) WHERE id=?", "ii",
                           a->sessions[i].seen_ms, (int64_t)a->sessions[i].id) < 0)
            return;
        sqlite3_finalize(st);
    }
}

void
accounts_close(struct accounts **ap)
{
    struct accounts *a = *ap;

    if (a == NULL)
        return;
    *ap = NULL;
    if (a->db != NULL)
        store_seen(a);
    sqlite3_close(a->db);
    mem_free(a->users);
    mem_free(a->tokens);
    mem_free(a->links);
    mem_free(a->sessions);
    mem_free(a);
}

size_t
accounts_users(const struct accounts *a, const struct account **out)
{
    *out = a->users;
    return a->n_users;
}

const struct account *
accounts_find(const struct accounts *a, struct str name)
{
    for (size_t i = 0; i < a->n_users; i++) {
        if (str_eq(str_from(a->users[i].name), name))
            return &a->users[i];
    }
    return NULL;
}

int
accounts_check_name(struct str name, struct err *e)
{
    bool good = name.len > 0 && name.len <= ACCOUNTS_NAME && utf8_is_valid(name);

    for (size_t i = 0; good && i < name.len;) {
        int32_t c = utf8_next(name, &i);
        good = c > ' ' && c != 0x7f && (c < 0x80 || c > 0xa0) &&
               strchr(":/\\\"<>", c < 0x80 ? c : 'x') == NULL &&
               !utf8_is_invisible((uint32_t)c);
    }
    if (!good)
        return err_set(
            e, ERR_VALUE,
            "a name is 1 to %d bytes of visible text without spaces and any of :/\\\"<>",
            ACCOUNTS_NAME);
    return 0;
}

static int
must_exist(struct accounts *a, struct str name, struct err *e)
{
    (void)accounts_refresh(a);
    if (accounts_find(a, name) != NULL)
        return 0;
    return err_set(e, ERR_MISSING, "there is no user '%.*s'", STR_ARG(name));
}

int
accounts_add(struct accounts *a, struct str name, enum role role, const char *password,
             struct err *e)
{
    (void)accounts_refresh(a);
    if (accounts_check_name(name, e) < 0)
        return -1;
    if (role == ROLE_OVERLAY || role == ROLE_INTAKE || role == ROLE_SYSTEM)
        return err_set(e, ERR_VALUE, "'%s' is not a role for people", role_name(role));
    if (accounts_find(a, name) != NULL)
        return err_set(e, ERR_CONFLICT, "there is a user '%.*s' already", STR_ARG(name));
    if (a->n_users >= BOUNDS_ACCOUNTS)
        return err_set(e, ERR_LIMIT, "there are %d users, and no more can be made",
                       BOUNDS_ACCOUNTS);
    return accounts_run(a, e,
                        "INSERT INTO users(name,role,password,created) VALUES(?,?,?,?)",
                        "tssi", name, role_name(role), password, clock_wall_ms(a->clock));
}

int
accounts_set_password(struct accounts *a, struct str name, const char *password,
                      struct err *e)
{
    if (must_exist(a, name, e) < 0 ||
        accounts_run(a, e, "UPDATE users SET password=? WHERE name=?", "st", password,
                     name) < 0)
        return -1;
    return accounts_run(a, e, "DELETE FROM sessions WHERE user=? AND guest=0", "t", name);
}

int
accounts_set_role(struct accounts *a, struct str name, enum role role, struct err *e)
{
    if (role == ROLE_OVERLAY || role == ROLE_INTAKE || role == ROLE_SYSTEM)
        return err_set(e, ERR_VALUE, "'%s' is not a role for people", role_name(role));
    if (must_exist(a, name, e) < 0)
        return -1;
    return accounts_run(a, e, "UPDATE users SET role=? WHERE name=?", "st",
                        role_name(role), name);
}

int
accounts_remove(struct accounts *a, struct str name, struct err *e)
{
    if (must_exist(a, name, e) < 0 ||
        accounts_run(a, e, "DELETE FROM sessions WHERE user=? AND guest=0", "t", name) <
            0 ||
        accounts_run(a, e, "DELETE FROM links WHERE user=?", "t", name) < 0)
        return -1;
    return accounts_run(a, e, "DELETE FROM users WHERE name=?", "t", name);
}

char *
accounts_path_beside(const char *journal_path)
{
    struct buf b = BUF_INIT;
    const char *slash = strrchr(journal_path, '/');

    if (slash != NULL)
        buf_add(&b, journal_path, (size_t)(slash - journal_path) + 1);
    buf_add_cstr(&b, "accounts.db");
    return buf_steal(&b);
}
