/* SPDX-License-Identifier: Apache-2.0 */
/* routes.c - the table of the HTTP surface: method, path, who may, what body, who
 * answers.
 *
 * docs/openapi.yaml describes exactly these rows, and a test holds the two against each
 * other. Roles here are the outer fence; what a role may do to a question is decided by
 * the queue. Some fifty rows are searched from the top: that costs less than reading the
 * request did. */
#include "serve/routes.h"

#include <stdio.h>
#include <string.h>

#include "queue/command.h"
#include "serve/api.h"

#define API "/api/v1"

enum {
    VIEWER = ROUTE_ROLE(ROLE_VIEWER),
    OFFICER = ROUTE_ROLE(ROLE_OFFICER),
    ADMIN = ROUTE_ROLE(ROLE_ADMIN),
    STAFF = ROUTE_ROLE(ROLE_MODERATOR) | ADMIN,
    OVERLAY = ROUTE_ROLE(ROLE_OVERLAY),
    INTAKE = ROUTE_ROLE(ROLE_INTAKE),
    PEOPLE = VIEWER | OFFICER | STAFF,
};

static const struct route table[] = {
    {HTTP_GET, "/healthz", ROUTE_ANYBODY, BODY_NONE, api_healthz},
    {HTTP_GET, "/readyz", ROUTE_ANYBODY, BODY_NONE, api_readyz},
    {HTTP_GET, "/metrics", ROUTE_ANYBODY, BODY_NONE, api_metrics},

    {HTTP_GET, API "/session", PEOPLE, BODY_NONE, api_session_get},
    {HTTP_POST, API "/session", ROUTE_ANYBODY, BODY_JSON, api_session_post},
    {HTTP_PATCH, API "/session", PEOPLE, BODY_JSON, api_session_patch},
    {HTTP_DELETE, API "/session", PEOPLE, BODY_NONE, api_session_delete},
    {HTTP_POST, API "/join", ROUTE_ANYBODY, BODY_JSON, api_join},
    {HTTP_GET, API "/join/{code}", ROUTE_ANYBODY, BODY_NONE, api_join_link},
    {HTTP_GET, "/join/{code}", ROUTE_ANYBODY, BODY_NONE, api_join_page},

    {HTTP_GET, API "/state", PEOPLE | OVERLAY, BODY_NONE, api_state},
    {HTTP_GET, API "/questions", STAFF | VIEWER, BODY_NONE, api_questions_get},
    {HTTP_POST, API "/questions", STAFF, BODY_JSON, api_question_post},
    {HTTP_POST, API "/questions/import", STAFF, BODY_TABLE, api_questions_import},
    {HTTP_GET, API "/questions/{n}", PEOPLE, BODY_NONE, api_question_get},
    {HTTP_GET, API "/questions/{n}/history", STAFF, BODY_NONE, api_question_history},
    {HTTP_POST, API "/questions/{n}/{act}", STAFF | OFFICER, BODY_JSON, api_act},
    {HTTP_POST, API "/air/next", STAFF | OFFICER, BODY_JSON, api_air_next},
    {HTTP_POST, API "/overlay/show", STAFF, BODY_JSON, api_overlay_show},
    {HTTP_POST, API "/overlay/clear", STAFF, BODY_JSON, api_overlay_clear},
    {HTTP_POST, API "/undo", STAFF | OFFICER, BODY_JSON, api_undo},

    {HTTP_GET, API "/register", STAFF | VIEWER, BODY_NONE, api_register_get},
    {HTTP_GET, API "/promises", STAFF | VIEWER, BODY_NONE, api_promises_get},
    {HTTP_POST, API "/promises", STAFF, BODY_JSON, api_promises_post},
    {HTTP_POST, API "/promises/{id}/{act}", STAFF, BODY_JSON, api_promise_act},

    {HTTP_GET, API "/search", STAFF, BODY_NONE, api_search},
    {HTTP_GET, API "/messages", STAFF | VIEWER, BODY_NONE, api_messages_get},
    {HTTP_POST, API "/messages", STAFF | INTAKE, BODY_LINES, api_messages_post},
    {HTTP_POST, API "/messages/{mid}/ask", STAFF, BODY_JSON, api_ask},
    {HTTP_POST, API "/authors/{author}/mute", STAFF, BODY_JSON, api_mute},
    {HTTP_POST, API "/authors/{author}/unmute", STAFF, BODY_JSON, api_unmute},

    {HTTP_GET, API "/sources", STAFF | VIEWER, BODY_NONE, api_sources_get},
    {HTTP_POST, API "/sources", ADMIN, BODY_JSON, api_sources_post},
    {HTTP_PATCH, API "/sources/{name}", ADMIN, BODY_JSON, api_source_patch},
    {HTTP_POST, API "/sources/{name}/send", STAFF, BODY_JSON, api_source_send},
    {HTTP_POST, API "/sources/{name}/replies", STAFF, BODY_JSON, api_source_replies},

    {HTTP_GET, API "/hooks/{name}", ROUTE_ANYBODY, BODY_NONE, api_hook_get},
    {HTTP_POST, API "/hooks/{name}", ROUTE_ANYBODY, BODY_RAW, api_hook_post},

    {HTTP_GET, API "/broadcasts", STAFF | VIEWER, BODY_NONE, api_broadcasts_get},
    {HTTP_POST, API "/broadcasts", STAFF, BODY_JSON, api_broadcasts_post},
    {HTTP_POST, API "/broadcasts/{id}/end", STAFF, BODY_JSON, api_broadcast_end},

    {HTTP_POST, API "/broadcasts/{id}/auto_queue", STAFF, BODY_JSON,
     api_broadcast_auto_queue},
    {HTTP_POST, API "/broadcasts/{id}/rehearse", STAFF, BODY_JSON,
     api_broadcast_rehearse},

    {HTTP_GET, API "/setup", STAFF, BODY_NONE, api_setup},
    {HTTP_GET, API "/stats", STAFF | VIEWER, BODY_NONE, api_stats},
    {HTTP_GET, API "/reports/{broadcast}", STAFF | VIEWER, BODY_NONE, api_report_get},

    {HTTP_POST, API "/filters/try", STAFF, BODY_LARGE, api_filters_try},
    {HTTP_GET, API "/filters", STAFF, BODY_NONE, api_filters_get},
    {HTTP_GET, API "/filters/{file}", STAFF, BODY_NONE, api_filter_get},
    {HTTP_PUT, API "/filters/{file}", ADMIN, BODY_LARGE, api_filter_put},
    {HTTP_DELETE, API "/filters/{file}", ADMIN, BODY_NONE, api_filter_delete},

    {HTTP_GET, API "/users", ADMIN, BODY_NONE, api_users_get},
    {HTTP_POST, API "/users", ADMIN, BODY_JSON, api_users_post},
    {HTTP_PATCH, API "/users/{name}", ADMIN, BODY_JSON, api_user_patch},
    {HTTP_DELETE, API "/users/{name}", ADMIN, BODY_NONE, api_user_delete},
    {HTTP_GET, API "/sessions", ADMIN, BODY_NONE, api_sessions_get},
    {HTTP_DELETE, API "/sessions/{id}", ADMIN, BODY_NONE, api_session_remove},
    {HTTP_GET, API "/tokens", ADMIN, BODY_NONE, api_tokens_get},
    {HTTP_POST, API "/tokens", ADMIN, BODY_JSON, api_tokens_post},
    {HTTP_DELETE, API "/tokens/{id}", ADMIN, BODY_NONE, api_token_delete},
    {HTTP_GET, API "/links", STAFF, BODY_NONE, api_links_get},
    {HTTP_POST, API "/links", STAFF, BODY_JSON, api_links_post},
    {HTTP_DELETE, API "/links/{id}", STAFF, BODY_NONE, api_link_delete},

    {HTTP_GET, API "/admin-log", ADMIN, BODY_NONE, api_admin_log_get},

    {HTTP_GET, API "/journal", ADMIN, BODY_NONE, api_journal_get},
};

size_t
routes_all(const struct route **out)
{
    *out = table;
    return sizeof(table) / sizeof(table[0]);
}

/* A file stands in folders: all of the path that is left. */
static bool
takes_rest(struct str part)
{
    return str_eq(part, STR_LIT("{file}"));
}

static bool
matches(const char *pattern, struct str path, struct str params[ROUTE_PARAMS])
{
    struct str want = str_from(pattern), part, have;
    size_t n = 0;

    for (;;) {
        bool more = str_split(&want, '/', &part);
        if (more && takes_rest(part) && path.len > 0) {
            params[n] = path;
            return true;
        }
        if (more != str_split(&path, '/', &have))
            return false;
        if (!more)
            return true;
        if (part.len > 0 && part.p[0] == '{' && have.len > 0 && n < ROUTE_PARAMS)
            params[n++] = have;
        else if (!str_eq(part, have))
            return false;
    }
}

enum route_found
routes_find(enum http_method method, struct str path, const struct route **route,
            struct str params[ROUTE_PARAMS], char allow[ROUTE_ALLOW])
{
    size_t used = 0;

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (!matches(table[i].pattern, path, params))
            continue;
        if (table[i].method == method) {
            *route = &table[i];
            return ROUTE_FOUND;
        }
        used += (size_t)snprintf(allow + used, ROUTE_ALLOW - used, "%s%s",
                                 used > 0 ? ", " : "", http_method_name(table[i].method));
    }
    return used == 0 ? ROUTE_NO_PATH : ROUTE_NO_METHOD;
}
