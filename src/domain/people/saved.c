#include "domain/people/saved.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <string.h>

enum { BATCH = 50 };

/* ---- keeping ---- */

struct keeping {
    struct local_search search;
    enum { ADD, SEEN, REMOVE, FEED } what;
    const unsigned char *token_hash; /* of FEED; NULL: none any more */
};

static enum cau_err keep_step(struct store *s, void *arg)
{
    struct keeping *k = arg;
    switch (k->what) {
    case ADD:
        return local_search_add(s, &k->search, &k->search.id);
    case SEEN:
        return local_search_seen(s, &k->search);
    case REMOVE:
        return local_search_remove(s, k->search.user, k->search.id);
    case FEED:
        return local_search_feed(s, k->search.user, k->search.id, k->token_hash);
    }
    return CAU_ERR_UNKNOWN;
}

static enum register_why keep(struct node *n, const struct actor *actor, struct keeping *k)
{
    if (actor->user == 0)
        return REGISTER_NOT_ALLOWED;
    k->search.user = actor->user;
    enum cau_err err = writer_run(n, keep_step, k);
    return err == CAU_ERR_RANGE ? REGISTER_STATE : register_why_of(err);
}

/* What he has looked at now: with the rights of now. */
static void look_now(const struct actor *actor, struct local_search *s)
{
    s->seen_ms = clock_now_ms();
    s->audiences = actor_reader(actor).audiences;
    s->organization =
        actor->organization_doc == 0 ? (struct str){NULL, 0} : actor->organization;
}

static bool name_is_good(struct str name)
{
    if (name.len == 0 || !utf8_valid(name) || utf8_count(name) > SAVED_NAME_POINTS_MAX)
        return false;
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.p[i] < 0x20)
            return false;
    return true;
}

enum register_why saved_add(struct node *n, const struct actor *actor, struct str name,
                            struct str query, enum lang lang, uint32_t *id,
                            struct register_outcome *out)
{
    memset(out, 0, sizeof *out);
    name = str_trim(name);
    if (!name_is_good(name)) {
        out->problems.n = 1;
        out->problems.v[0] =
            (struct record_problem){.place = STR("name"),
                                    .code = name.len == 0 ? RECORD_REQUIRED : RECORD_TOO_LONG,
                                    .limit = SAVED_NAME_POINTS_MAX};
        return REGISTER_PROBLEMS;
    }
    struct keeping k = {.what = ADD,
                        .search = {.name = name, .query = query, .lang = lang_code(lang)}};
    look_now(actor, &k.search);
    k.search.made_ms = k.search.seen_ms;
    enum register_why why = keep(n, actor, &k);
    if (why == REGISTER_DONE)
        *id = k.search.id;
    return why;
}

enum register_why saved_look(struct node *n, const struct actor *actor, uint32_t id)
{
    struct keeping k = {.what = SEEN, .search = {.id = id}};
    look_now(actor, &k.search);
    return keep(n, actor, &k);
}

enum register_why saved_remove(struct node *n, const struct actor *actor, uint32_t id)
{
    struct keeping k = {.what = REMOVE, .search = {.id = id}};
    return keep(n, actor, &k);
}

enum register_why saved_feed(struct node *n, const struct actor *actor, uint32_t id,
                             char token[SAVED_TOKEN_CHARS])
{
    unsigned char secret[32];
    digest_random(secret, sizeof secret);
    digest_to_url64(secret, sizeof secret, token);
    struct digest hash = digest_of((struct str){token, SAVED_TOKEN_CHARS});
    struct keeping k = {.what = FEED, .search = {.id = id}, .token_hash = hash.b};
    return keep(n, actor, &k);
}

enum register_why saved_feed_stop(struct node *n, const struct actor *actor, uint32_t id)
{
    struct keeping k = {.what = FEED, .search = {.id = id}};
    return keep(n, actor, &k);
}

/* ---- what is new ---- */

/* What he might see when he last looked. */
static struct index_reader reader_then(struct view *v, const struct local_search *s)
{
    struct index_reader everything = actor_everything();
    struct index_reader then = {.audiences = s->audiences};
    if (s->organization.len > 0)
        then.owner = view_find(v, everything, s->organization);
    return then;
}

enum verdict { NEW, KNOWN, OLDER }; /* OLDER: nothing after it can be new */

/* One hit, newest first: was it visible to him, as he was then, when he looked? */
static enum cau_err judge(struct view *v, struct arena *a, const struct index_query *query,
                          struct index_reader then, int64_t seen_ms, uint32_t doc,
                          enum verdict *out)
{
    size_t before = a->used;
    struct view_record r;
    bool same_rights =
        then.audiences == query->reader.audiences && then.owner == query->reader.owner;
    enum cau_err err = view_get(v, a, query->reader, doc, &r);
    *out = KNOWN;
    if (err == CAU_OK && same_rights) {
        *out = r.made_ms > seen_ms ? NEW : r.time_ms <= seen_ms ? OLDER : KNOWN;
    } else if (err == CAU_OK) {
        err = view_get(v, a, then, doc, &r);
        if (err == CAU_ERR_UNKNOWN || (err == CAU_OK && r.made_ms > seen_ms))
            *out = NEW;
    }
    a->used = before;
    return err == CAU_ERR_UNKNOWN ? CAU_OK : err; /* changed between index and view */
}

enum cau_err saved_news(struct node *n, struct view *v, struct arena *a,
                        const struct local_search *search, const struct index_query *query,
                        struct saved_news *out)
{
    struct saved_news news = {.n = 0};
    struct index_query q = *query;
    struct index_reader then = reader_then(v, search);
    enum verdict verdict = KNOWN;
    q.order = INDEX_NEWEST;
    q.facets = q.explain = false;
    q.limit = BATCH;
    for (q.offset = 0; verdict != OLDER; q.offset += BATCH) {
        size_t before = a->used;
        struct index_result found;
        if (q.offset >= SAVED_LOOKED_AT_MAX) {
            news.more = news.n > 0;
            break;
        }
        enum cau_err err = index_search(node_index(n), a, &q, &found);
        for (size_t i = 0; err == CAU_OK && i < found.hit_count && verdict != OLDER; i++) {
            err = judge(v, a, &q, then, search->seen_ms, found.hit[i].doc, &verdict);
            if (err != CAU_OK || verdict != NEW)
                continue;
            news.n++;
            if (news.docs < SAVED_SHOWN_MAX)
                news.doc[news.docs++] = found.hit[i].doc;
        }
        if (err != CAU_OK)
            return err;
        bool last = found.hit_count < BATCH;
        a->used = before;
        if (last)
            break;
    }
    *out = news;
    return CAU_OK;
}

/* ---- feeds ---- */

enum cau_err saved_of_feed(struct view *v, struct arena *a, struct str token,
                           struct local_search *search, struct index_reader *reader)
{
    unsigned char secret[32];
    struct local_user user;
    if (digest_from_url64(token, secret, sizeof secret) != CAU_OK)
        return CAU_ERR_UNKNOWN;
    struct digest hash = digest_of(token);
    enum cau_err err = local_search_of_feed(view_store(v), a, hash.b, search);
    if (err == CAU_OK)
        err = local_user_get(view_store(v), a, search->user, &user);
    if (err == CAU_OK && !user.active)
        err = CAU_ERR_UNKNOWN;
    if (err != CAU_OK)
        return err;
    struct actor actor = actor_of(v, &user);
    *reader = actor_reader(&actor);
    reader->audiences &= ~(1u << RECORD_PRIVATE);
    reader->owner = 0;
    return CAU_OK;
}
