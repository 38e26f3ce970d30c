/* SPDX-License-Identifier: Apache-2.0 */
/* vk_people.c - who writes in a VK community.
 *
 * Names lie in a ring: when it is full the oldest is forgotten and would be asked for
 * again. The index from numbers to places in it is keyed by the number itself: the
 * platform gives numbers out, nobody chooses one to collide with another. Somebody whom
 * the platform does not name (deleted, closed) is remembered as nameless, so that each of
 * their lines does not cost a look-up. */
#include "source/vk_people.h"

#include "base/bounds.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "source/json.h"
#include "source/vk.h"

struct person {
    int64_t id;
    char *name; /* owned; NULL: nameless */
};

struct vk_people {
    struct map *index, *roles; /* id -> place in the ring; id -> enum message_role */
    struct person *ring;
    size_t next, count;
    int64_t needed[2][VK_PEOPLE_BATCH]; /* users, communities */
    size_t n_needed[2];
};

struct vk_people *
vk_people_new(void)
{
    struct vk_people *p = mem_zalloc(sizeof(*p));
    p->index = map_new();
    p->roles = map_new();
    p->ring = mem_array(BOUNDS_SOURCE_PEOPLE, sizeof(*p->ring));
    return p;
}

void
vk_people_free(struct vk_people **pp)
{
    struct vk_people *p = *pp;
    *pp = NULL;
    if (p == NULL)
        return;
    for (size_t i = 0; i < p->count; i++)
        mem_free(p->ring[i].name);
    mem_free(p->ring);
    map_free(&p->index);
    map_free(&p->roles);
    mem_free(p);
}

/* --- what is needed */

void
vk_people_need(struct vk_people *p, int64_t id)
{
    size_t kind = id < 0;
    size_t n = p->n_needed[kind];
    if (id == 0 || id == INT64_MIN || n == VK_PEOPLE_BATCH ||
        map_get(p->index, (uint64_t)id, NULL))
        return;
    for (size_t i = 0; i < n; i++)
        if (p->needed[kind][i] == id)
            return;
    p->needed[kind][n] = id;
    p->n_needed[kind]++;
}

bool
vk_people_needed(const struct vk_people *p, bool communities, struct buf *ids)
{
    size_t n = p->n_needed[communities];
    for (size_t i = 0; i < n; i++) {
        int64_t id = p->needed[communities][i];
        buf_addf(ids, "%s%lld", i > 0 ? "," : "", (long long)(id < 0 ? -id : id));
    }
    return n > 0;
}

/* --- what is known */

static void
put(struct vk_people *p, int64_t id, struct str name)
{
    uint64_t place = p->next;
    struct str cut = utf8_prefix(name, BOUNDS_NAME);
    char *copy = cut.len > 0 ? mem_strndup(cut.p, cut.len) : NULL;
    if (map_get(p->index, (uint64_t)id, &place)) {
        mem_free(p->ring[place].name);
        p->ring[place].name = copy;
        return;
    }
    if (p->count == BOUNDS_SOURCE_PEOPLE) {
        (void)map_remove(p->index, (uint64_t)p->ring[place].id);
        mem_free(p->ring[place].name);
    } else {
        p->count++;
    }
    p->ring[place] = (struct person){.id = id, .name = copy};
    map_put(p->index, (uint64_t)id, place);
    p->next = (p->next + 1) % BOUNDS_SOURCE_PEOPLE;
}

void
vk_people_settle(struct vk_people *p, bool communities, bool answered)
{
    for (size_t i = 0; answered && i < p->n_needed[communities]; i++)
        if (!map_get(p->index, (uint64_t)p->needed[communities][i], NULL))
            put(p, p->needed[communities][i], STR_NONE);
    p->n_needed[communities] = 0;
}

void
vk_people_learn_users(struct vk_people *p, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        struct buf raw = BUF_INIT, name = BUF_INIT;
        struct str last = json_text(one, "last_name");
        int64_t id = json_number(one, "id", 0);
        buf_add_str(&raw, json_text(one, "first_name"));
        if (last.len > 0)
            buf_addf(&raw, " %.*s", STR_ARG(last));
        vk_plain(str_trim(buf_str(&raw)), &name);
        if (id > 0)
            put(p, id, buf_str(&name));
        buf_fini(&raw);
        buf_fini(&name);
    }
}

void
vk_people_learn_communities(struct vk_people *p, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        struct buf name = BUF_INIT;
        int64_t id = json_number(one, "id", 0);
        vk_plain(json_text(one, "name"), &name);
        if (id > 0)
            put(p, -id, buf_str(&name));
        buf_fini(&name);
    }
}

void
vk_people_learn_managers(struct vk_people *p, const json_t *list)
{
    map_free(&p->roles);
    p->roles = map_new();
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        struct str role = json_text(one, "role");
        bool owner = str_eq(role, STR_LIT("creator"));
        bool helper = str_eq(role, STR_LIT("administrator")) ||
                      str_eq(role, STR_LIT("editor")) ||
                      str_eq(role, STR_LIT("moderator"));
        if (owner || helper)
            map_put(p->roles, (uint64_t)json_number(one, "id", 0),
                    owner ? MESSAGE_OWNER : MESSAGE_MODERATOR);
    }
}

void
vk_people_name(const struct vk_people *p, int64_t id, struct buf *out)
{
    uint64_t place = 0;
    if (map_get(p->index, (uint64_t)id, &place) && p->ring[place].name != NULL)
        buf_add_cstr(out, p->ring[place].name);
    else if (id < 0)
        buf_addf(out, "club%llu", -(unsigned long long)id);
    else
        buf_addf(out, "id%lld", (long long)id);
}

unsigned
vk_people_roles(const struct vk_people *p, int64_t id)
{
    uint64_t roles = 0;
    (void)map_get(p->roles, (uint64_t)id, &roles);
    return (unsigned)roles;
}
