/* SPDX-License-Identifier: Apache-2.0 */
/* api.h - the handlers of the routes table: each fills x->res (or sets x->pending). */
#ifndef SURAQ_SERVE_API_H
#define SURAQ_SERVE_API_H

#include <stdbool.h>

#include "base/str.h"

struct front;
struct exchange;

/* api_health.c */
void api_healthz(struct front *f, struct exchange *x);
void api_readyz(struct front *f, struct exchange *x);
void api_metrics(struct front *f, struct exchange *x);
/* api_session.c */
void api_session_get(struct front *f, struct exchange *x);
void api_session_post(struct front *f, struct exchange *x);
void api_session_patch(struct front *f, struct exchange *x);
void api_session_delete(struct front *f, struct exchange *x);
/* True when this try to sign in as `user` must wait; the answer says how long. */
bool api_is_braked(struct front *f, struct exchange *x, struct str user);
/* api_join.c */
void api_join(struct front *f, struct exchange *x);
void api_join_link(struct front *f, struct exchange *x);
void api_join_page(struct front *f, struct exchange *x);
/* api_questions.c */
void api_state(struct front *f, struct exchange *x);
void api_questions_get(struct front *f, struct exchange *x);
void api_question_get(struct front *f, struct exchange *x);
void api_journal_get(struct front *f, struct exchange *x);
/* api_search.c */
void api_search(struct front *f, struct exchange *x);
void api_question_history(struct front *f, struct exchange *x);
/* True: the wish was one for the archive, and is answered or will be. */
bool api_messages_archived(struct front *f, struct exchange *x);
/* api_acts.c */
void api_act(struct front *f, struct exchange *x);
void api_question_post(struct front *f, struct exchange *x);
void api_air_next(struct front *f, struct exchange *x);
void api_overlay_show(struct front *f, struct exchange *x);
void api_overlay_clear(struct front *f, struct exchange *x);
void api_undo(struct front *f, struct exchange *x);
void api_ask(struct front *f, struct exchange *x);
void api_mute(struct front *f, struct exchange *x);
void api_unmute(struct front *f, struct exchange *x);
/* api_register.c */
void api_register_get(struct front *f, struct exchange *x);
/* api_promises.c */
void api_promises_get(struct front *f, struct exchange *x);
void api_promises_post(struct front *f, struct exchange *x);
void api_promise_act(struct front *f, struct exchange *x);
/* api_import.c */
void api_questions_import(struct front *f, struct exchange *x);
/* api_messages.c */
void api_messages_get(struct front *f, struct exchange *x);
void api_messages_post(struct front *f, struct exchange *x);
/* api_sources.c */
void api_sources_get(struct front *f, struct exchange *x);
void api_sources_post(struct front *f, struct exchange *x);
void api_source_patch(struct front *f, struct exchange *x);
void api_source_send(struct front *f, struct exchange *x);
void api_source_replies(struct front *f, struct exchange *x);
void api_broadcasts_get(struct front *f, struct exchange *x);
void api_broadcasts_post(struct front *f, struct exchange *x);
void api_broadcast_end(struct front *f, struct exchange *x);
/* api_rehearsal.c */
void api_broadcast_auto_queue(struct front *f, struct exchange *x);
void api_broadcast_rehearse(struct front *f, struct exchange *x);
/* api_report.c */
void api_report_get(struct front *f, struct exchange *x);
/* api_hooks.c */
void api_hook_get(struct front *f, struct exchange *x);
void api_hook_post(struct front *f, struct exchange *x);
/* api_stats.c */
void api_stats(struct front *f, struct exchange *x);
/* api_setup.c */
void api_setup(struct front *f, struct exchange *x);
/* api_filters.c */
void api_filters_get(struct front *f, struct exchange *x);
void api_filter_get(struct front *f, struct exchange *x);
/* api_filter_put.c */
void api_filter_put(struct front *f, struct exchange *x);
void api_filter_delete(struct front *f, struct exchange *x);
/* api_filters_try.c */
void api_filters_try(struct front *f, struct exchange *x);
/* api_people.c */
void api_users_get(struct front *f, struct exchange *x);
void api_users_post(struct front *f, struct exchange *x);
void api_user_patch(struct front *f, struct exchange *x);
void api_user_delete(struct front *f, struct exchange *x);
void api_sessions_get(struct front *f, struct exchange *x);
void api_session_remove(struct front *f, struct exchange *x);
void api_admin_log_get(struct front *f, struct exchange *x);
/* api_keys.c */
void api_tokens_get(struct front *f, struct exchange *x);
void api_tokens_post(struct front *f, struct exchange *x);
void api_token_delete(struct front *f, struct exchange *x);
void api_links_get(struct front *f, struct exchange *x);
void api_links_post(struct front *f, struct exchange *x);
void api_link_delete(struct front *f, struct exchange *x);

#endif
