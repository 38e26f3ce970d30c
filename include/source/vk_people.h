/* SPDX-License-Identifier: Apache-2.0 */
/* vk_people.h - who writes in a VK community: comments carry numbers only, so names are
 * asked for in batches and remembered, within BOUNDS_SOURCE_PEOPLE. Pure.
 * A user's number is positive, a community's negative. */
#ifndef SURAQ_SOURCE_VK_PEOPLE_H
#define SURAQ_SOURCE_VK_PEOPLE_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/str.h"

struct vk_people;

struct vk_people *vk_people_new(void);
void vk_people_free(struct vk_people **p);

/* The name of this one will be needed. What is known already is not asked for again. */
void vk_people_need(struct vk_people *p, int64_t id);
/* Whose names are needed, "1,2,3", at most VK_PEOPLE_BATCH; false: nobody's. */
enum { VK_PEOPLE_BATCH = 200 };
bool vk_people_needed(const struct vk_people *p, bool communities, struct buf *ids);
/* Nobody is needed any more; who was is taken for nameless when `answered`. */
void vk_people_settle(struct vk_people *p, bool communities, bool answered);

/* Objects with "id" and "first_name", or "id" and "name". */
void vk_people_learn_users(struct vk_people *p, const json_t *list);
void vk_people_learn_communities(struct vk_people *p, const json_t *list);
/* Objects with "id" and "role": replaces who runs the community. */
void vk_people_learn_managers(struct vk_people *p, const json_t *list);

/* "Имя Фамилия"; "id123" or "club123" as long as it is not known. Added to `out`. */
void vk_people_name(const struct vk_people *p, int64_t id, struct buf *out);
unsigned vk_people_roles(const struct vk_people *p, int64_t id); /* enum message_role */

#endif
