#include "view/view_int.h"

#include <string.h>

#include "record/json.h"

/* ---- who may see what ---- */

bool view_may(struct index_reader reader, enum record_audience audience, uint32_t owner)
{
    return (reader.audiences >> audience & 1) != 0 || (owner != 0 && owner == reader.owner);
}

static bool hide(struct index_reader reader, struct apply_record *r)
{
    bool any = false;
    for (int i = 0; i < NODE_LOGS; i++) {
        if (!view_may(reader, (enum record_audience)i, r->owner))
            r->head[i].n = 0;
        any = any || r->head[i].n > 0;
    }
    return any;
}

enum cau_err view_seen(struct view *v, struct index_reader reader, uint32_t doc,
                       struct apply_record *out)
{
    enum cau_err err = apply_find_doc(&v->look, doc, out);
    if (err == CAU_OK && (out->doc == 0 || !hide(reader, out)))
        err = CAU_ERR_UNKNOWN;
    return err;
}

/* His newest version that was not erased, else his newest. */
static int newest_of(const struct apply_record *r)
{
    struct apply_record x = *r;
    for (int i = 0; i < NODE_LOGS; i++)
        if (x.head[i].state == APPLY_REDACTED)
            x.head[i].n = 0;
    int at = apply_newest(&x);
    return at >= 0 ? at : apply_newest(r);
}

static struct str external_at(struct view *v, struct arena *a, uint32_t doc, int log)
{
    struct str external = {NULL, 0};
    sql_get_bytes(
        v->s, a, "SELECT external FROM head WHERE doc = ? AND log = ? AND external IS NOT NULL",
        SQL_ARGS(sql_of_int(doc), sql_of_int(log + 1)), &external);
    return external;
}

/* An external id counts only in a version that the reader may see. */
static uint32_t find_external(struct view *v, struct index_reader reader, struct str external)
{
    struct apply_record r;
    uint32_t doc = 0;
    struct sql q = sql_start(v->s, "SELECT doc, log FROM head WHERE external = ?",
                             SQL_ARGS(sql_of_text(external)));
    while (doc == 0 && sql_next(&q)) {
        uint32_t at = (uint32_t)sql_int(&q, 0);
        int64_t log = sql_int(&q, 1);
        if (view_seen(v, reader, at, &r) == CAU_OK && log >= 1 && log <= NODE_LOGS &&
            r.head[log - 1].n > 0)
            doc = at;
    }
    return sql_end(&q) == CAU_OK ? doc : 0;
}

uint32_t view_find(struct view *v, struct index_reader reader, struct str text)
{
    struct leaf_id rid;
    struct apply_record r;
    if (leaf_read_rid(text, &rid) != CAU_OK)
        return text.len == 0 ? 0 : find_external(v, reader, text);
    if (apply_find(&v->look, &rid, &r) != CAU_OK || r.doc == 0)
        return 0;
    return hide(reader, &r) ? r.doc : 0;
}

/* ---- one version ---- */

enum cau_err view_payload_at(struct view *v, struct arena *a, int64_t place,
                             struct node_payload *out)
{
    enum cau_err err = node_payload_at(v->s, v->keys, &v->n->key, a, place, out);
    if (err != CAU_ERR_IO || v->keys != NULL || !v->n->has_key)
        return err;
    err = store_open(v->n->keys_path, STORE_KEYS, STORE_READ, &v->keys);
    return err == CAU_OK ? node_payload_at(v->s, v->keys, &v->n->key, a, place, out) : err;
}

static enum cau_err read_kind(struct view *v, struct arena *a, int64_t number,
                              const struct kind **out)
{
    if (number >= 0 && number <= KIND_COUNT_MAX && v->kind[number] != NULL) {
        *out = v->kind[number];
        return CAU_OK;
    }
    struct str name;
    enum cau_err err = apply_kind_name(v->s, a, number, &name);
    if (err != CAU_OK)
        return err == CAU_ERR_UNKNOWN ? CAU_ERR_CORRUPT : err;
    *out = kinds_find(&v->n->kinds, name);
    if (*out == NULL)
        return CAU_ERR_UNKNOWN; /* a kind of a later program */
    if (number >= 0 && number <= KIND_COUNT_MAX)
        v->kind[number] = *out;
    return CAU_OK;
}

static enum cau_err rid_text(struct arena *a, const struct apply_record *r, struct str *out)
{
    char *text = arena_take(a, LEAF_ID_CHARS);
    if (text == NULL)
        return CAU_ERR_MEMORY;
    leaf_write_rid(&r->rid, text);
    *out = (struct str){text, LEAF_ID_CHARS};
    return CAU_OK;
}

/* An owner the reader may not see is none to him. */
static uint32_t seen_owner(struct view *v, struct index_reader reader,
                           const struct apply_record *r)
{
    struct apply_record owner;
    if (r->owner == 0 || r->owner == r->doc || r->owner == reader.owner)
        return r->owner;
    return view_seen(v, reader, r->owner, &owner) == CAU_OK ? r->owner : 0;
}

static int64_t first_made(const struct apply_record *r)
{
    int64_t made = 0;
    for (int i = 0; i < NODE_LOGS; i++)
        if (r->head[i].n > 0 && (made == 0 || r->head[i].made < made))
            made = r->head[i].made;
    return made;
}

static enum cau_err open_payload(struct view *v, struct arena *a, struct view_record *out)
{
    struct node_payload payload;
    enum cau_err err =
        view_payload_at(v, a, entries_place(node_log(out->audience), out->seq), &payload);
    out->payload = value_object();
    if (err != CAU_OK)
        return err == CAU_ERR_UNKNOWN ? CAU_ERR_CORRUPT : err;
    out->redacted = payload.redacted;
    if (payload.redacted)
        return CAU_OK;
    err = json_read_stored(a, payload.body, &out->payload);
    if (err != CAU_OK)
        return err == CAU_ERR_MEMORY ? err : CAU_ERR_CORRUPT;
    out->withdrawn = value_get(&out->payload, "withdrawn") != NULL;
    out->external_id = value_get_str(&out->payload, "external_id");
    return CAU_OK;
}

/* What every version of a record has in common. */
static enum cau_err fill(struct view *v, struct arena *a, struct index_reader reader,
                         const struct apply_record *r, struct view_record *out)
{
    *out = (struct view_record){
        .doc = r->doc, .made_ms = first_made(r), .owner = seen_owner(v, reader, r)};
    enum cau_err err = read_kind(v, a, r->kind, &out->kind);
    return err == CAU_OK ? rid_text(a, r, &out->id) : err;
}

static enum cau_err newest_version(struct view *v, struct arena *a, struct index_reader reader,
                                   const struct apply_record *r, struct view_record *out)
{
    struct view_record x;
    int at = newest_of(r);
    enum cau_err err = fill(v, a, reader, r, &x);
    if (err != CAU_OK)
        return err;
    x.audience = (enum record_audience)at;
    x.n = (uint32_t)r->head[at].n;
    x.seq = r->head[at].seq;
    x.leaf = r->head[at].leaf;
    x.time_ms = r->head[at].t;
    err = open_payload(v, a, &x);
    if (err == CAU_OK)
        *out = x;
    return err;
}

enum cau_err view_get(struct view *v, struct arena *a, struct index_reader reader, uint32_t doc,
                      struct view_record *out)
{
    struct apply_record r;
    enum cau_err err = view_seen(v, reader, doc, &r);
    return err == CAU_OK ? newest_version(v, a, reader, &r, out) : err;
}

enum cau_err view_seq(struct view *v, const struct apply_record *r,
                      enum record_audience audience, uint32_t n, uint64_t *seq)
{
    const struct apply_head *h = &r->head[audience];
    int64_t found = 0;
    if (h->n == 0 || n == 0 || n > h->n)
        return CAU_ERR_UNKNOWN;
    if (n == h->n) {
        *seq = h->seq;
        return CAU_OK;
    }
    enum cau_err err = sql_get_int(
        v->s, "SELECT seq FROM older WHERE doc = ? AND log = ? AND n = ?",
        SQL_ARGS(sql_of_int(r->doc), sql_of_int(node_log(audience)), sql_of_int(n)), &found);
    if (err == CAU_OK)
        *seq = (uint64_t)found;
    return err;
}

static enum cau_err read_leaf(struct view *v, struct arena *a, enum record_audience audience,
                              uint64_t seq, struct digest *hash, int64_t *t)
{
    struct str bytes;
    struct leaf leaf;
    enum cau_err err = entries_get(v->s, a, node_log(audience), seq, &bytes);
    if (err == CAU_OK && leaf_read(bytes, &leaf) != CAU_OK)
        err = CAU_ERR_CORRUPT;
    if (err != CAU_OK)
        return err == CAU_ERR_UNKNOWN ? CAU_ERR_CORRUPT : err;
    *hash = leaf_hash(bytes);
    *t = leaf.t;
    return CAU_OK;
}

enum cau_err view_get_version(struct view *v, struct arena *a, struct index_reader reader,
                              uint32_t doc, enum record_audience audience, uint32_t n,
                              struct view_record *out)
{
    struct apply_record r;
    struct view_record x;
    uint64_t seq = 0;
    if (audience >= RECORD_AUDIENCES)
        return CAU_ERR_UNKNOWN;
    enum cau_err err = view_seen(v, reader, doc, &r);
    if (err == CAU_OK)
        err = view_seq(v, &r, audience, n, &seq);
    if (err == CAU_OK)
        err = fill(v, a, reader, &r, &x);
    if (err != CAU_OK)
        return err;
    x.audience = audience;
    x.n = n;
    x.seq = seq;
    err = read_leaf(v, a, audience, seq, &x.leaf, &x.time_ms);
    if (err == CAU_OK)
        err = open_payload(v, a, &x);
    if (err == CAU_OK)
        *out = x;
    return err;
}

/* ---- history ---- */

static enum cau_err fill_version(struct view *v, struct arena *a, struct view_version *out)
{
    struct node_payload payload;
    struct value value;
    enum cau_err err = read_leaf(v, a, out->audience, out->seq, &out->leaf, &out->time_ms);
    if (err == CAU_OK)
        err = view_payload_at(v, a, entries_place(node_log(out->audience), out->seq), &payload);
    if (err != CAU_OK)
        return err == CAU_ERR_UNKNOWN ? CAU_ERR_CORRUPT : err;
    out->redacted = payload.redacted;
    if (payload.redacted)
        return CAU_OK;
    err = json_read_stored(a, payload.body, &value);
    if (err != CAU_OK)
        return err == CAU_ERR_MEMORY ? err : CAU_ERR_CORRUPT;
    const struct value *audit = value_get(&value, "audit");
    int64_t user = value_get_int(audit, "by", 0);
    out->user = user > 0 && user <= UINT32_MAX ? (uint32_t)user : 0;
    out->role = value_get_str(audit, "role");
    out->import = value_get_str(audit, "import");
    return CAU_OK;
}

static int newer_first(const struct view_version *x, const struct view_version *y)
{
    return (x->time_ms < y->time_ms) - (x->time_ms > y->time_ms);
}

/* Lists of each log are in order already: an insertion costs little. */
static void sort_versions(struct view_version *v, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct view_version x = v[i];
        size_t j = i;
        for (; j > 0 && newer_first(&v[j - 1], &x) > 0; j--)
            v[j] = v[j - 1];
        v[j] = x;
    }
}

/* Room for as many as a counting statement says, at most max. */
static enum cau_err room_for(struct view *v, const char *text, const struct sql_arg *arg,
                             size_t args, size_t max, size_t *room)
{
    int64_t count = 0;
    enum cau_err err = sql_get_int(v->s, text, arg, args, &count);
    if (err == CAU_OK)
        *room = (uint64_t)count < max ? (size_t)count : max;
    return err;
}

static enum cau_err list_versions(struct view *v, const struct apply_record *r, size_t room,
                                  struct view_version *list, size_t *n)
{
    struct sql q = sql_start(v->s,
                             "SELECT log, n, seq FROM older WHERE doc = ?1 UNION ALL"
                             " SELECT log, n, seq FROM head WHERE doc = ?1"
                             " ORDER BY log, n DESC",
                             SQL_ARGS(sql_of_int(r->doc)));
    while (*n < room && sql_next(&q)) {
        int64_t log = sql_int(&q, 0);
        if (log >= 1 && log <= NODE_LOGS && r->head[log - 1].n > 0)
            list[(*n)++] = (struct view_version){.audience = (enum record_audience)(log - 1),
                                                 .n = (uint32_t)sql_int(&q, 1),
                                                 .seq = (uint64_t)sql_int(&q, 2)};
    }
    return sql_end(&q);
}

enum cau_err view_history(struct view *v, struct arena *a, struct index_reader reader,
                          uint32_t doc, struct view_version **out, size_t *n)
{
    struct apply_record r;
    size_t count = 0, room = 0;
    enum cau_err err = view_seen(v, reader, doc, &r);
    if (err == CAU_OK)
        err = room_for(v,
                       "SELECT (SELECT count(*) FROM older WHERE doc = ?1)"
                       " + (SELECT count(*) FROM head WHERE doc = ?1)",
                       SQL_ARGS(sql_of_int(doc)), VIEW_HISTORY_MAX, &room);
    if (err != CAU_OK)
        return err;
    struct view_version *list = arena_take(a, room * sizeof *list);
    if (list == NULL)
        return CAU_ERR_MEMORY;
    err = list_versions(v, &r, room, list, &count);
    for (size_t i = 0; i < count && err == CAU_OK; i++)
        err = fill_version(v, a, &list[i]);
    if (err != CAU_OK)
        return err;
    sort_versions(list, count);
    *out = list;
    *n = count;
    return CAU_OK;
}

/* ---- links ---- */

enum cau_err view_links_from(struct view *v, struct arena *a, struct index_reader reader,
                             uint32_t doc, struct view_link **out, size_t *n)
{
    struct apply_record r;
    size_t count = 0, room = 0;
    enum cau_err err = view_seen(v, reader, doc, &r);
    if (err != CAU_OK)
        return err;
    struct sql_arg of[] = {sql_of_int(doc), sql_of_int(newest_of(&r) + 1)};
    err = room_for(v, "SELECT count(*) FROM link WHERE doc = ? AND log = ?", of, countof(of),
                   VIEW_LINKS_MAX, &room);
    if (err != CAU_OK)
        return err;
    struct view_link *list = arena_take(a, room * sizeof *list);
    if (list == NULL)
        return CAU_ERR_MEMORY;
    struct sql q = sql_start(
        v->s, "SELECT rel, target, label FROM link WHERE doc = ? AND log = ? ORDER BY i", of,
        countof(of));
    while (q.err == CAU_OK && count < room && sql_next(&q)) {
        struct view_link *l = &list[count++];
        *l = (struct view_link){0};
        q.err = arena_copy(a, sql_bytes(&q, 0), &l->rel);
        if (q.err == CAU_OK)
            q.err = arena_copy(a, sql_bytes(&q, 1), &l->text);
        if (q.err == CAU_OK && !sql_is_null(&q, 2))
            q.err = arena_copy(a, sql_bytes(&q, 2), &l->label);
        if (q.err == CAU_OK)
            l->doc = view_find(v, reader, l->text);
    }
    err = sql_end(&q);
    if (err == CAU_OK) {
        *out = list;
        *n = count;
    }
    return err;
}

struct links_to {
    struct view *v;
    struct arena *a;
    struct index_reader reader;
    struct view_link *list;
    size_t n, room;
};

/* The texts by which others name the record, as far as the reader may see them. */
struct names {
    struct str v[NODE_LOGS + 1];
    size_t n;
};

static enum cau_err names_of(struct view *v, struct arena *a, const struct apply_record *r,
                             struct names *out)
{
    out->n = 1;
    enum cau_err err = rid_text(a, r, &out->v[0]);
    for (int i = 0; i < NODE_LOGS && err == CAU_OK; i++) {
        struct str x = r->head[i].n > 0 ? external_at(v, a, r->doc, i) : (struct str){NULL, 0};
        bool known = x.len == 0;
        for (size_t j = 0; j < out->n; j++)
            known = known || str_equal(out->v[j], x);
        if (!known)
            out->v[out->n++] = x;
    }
    return err;
}

/* Links that name the record by this text, out of versions that are the newest their reader sees. */
static enum cau_err add_links_to(struct links_to *l, struct str target)
{
    struct apply_record r;
    struct sql q = sql_start(
        l->v->s, "SELECT doc, log, rel FROM link WHERE target = ? ORDER BY doc, log, i",
        SQL_ARGS(sql_of_text(target)));
    while (q.err == CAU_OK && l->n < l->room && sql_next(&q)) {
        uint32_t doc = (uint32_t)sql_int(&q, 0);
        enum cau_err err = view_seen(l->v, l->reader, doc, &r);
        if (err == CAU_ERR_UNKNOWN || (err == CAU_OK && newest_of(&r) + 1 != sql_int(&q, 1)))
            continue;
        struct view_link *x = &l->list[l->n++];
        *x = (struct view_link){.doc = doc};
        q.err = err;
        if (q.err == CAU_OK)
            q.err = arena_copy(l->a, sql_bytes(&q, 2), &x->rel);
        if (q.err == CAU_OK)
            q.err = rid_text(l->a, &r, &x->text);
    }
    return sql_end(&q);
}

enum cau_err view_links_to(struct view *v, struct arena *a, struct index_reader reader,
                           uint32_t doc, struct view_link **out, size_t *n)
{
    struct apply_record r;
    struct names name;
    struct links_to l = {.v = v, .a = a, .reader = reader};
    enum cau_err err = view_seen(v, reader, doc, &r);
    if (err == CAU_OK)
        err = names_of(v, a, &r, &name);
    for (size_t i = 0; err == CAU_OK && i < name.n; i++) {
        size_t more = 0;
        err = room_for(v, "SELECT count(*) FROM link WHERE target = ?",
                       SQL_ARGS(sql_of_text(name.v[i])), VIEW_LINKS_MAX - l.room, &more);
        l.room += more;
    }
    if (err != CAU_OK)
        return err;
    l.list = arena_take(a, l.room * sizeof *l.list);
    if (l.list == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < name.n && err == CAU_OK; i++)
        err = add_links_to(&l, name.v[i]);
    if (err == CAU_OK) {
        *out = l.list;
        *n = l.n;
    }
    return err;
}

/* ---- lists ---- */

const struct kind *view_kind(struct view *v, struct arena *a, uint32_t doc)
{
    int64_t number = 0;
    const struct kind *kind = NULL;
    if (sql_get_int(v->s, "SELECT kind FROM record WHERE doc = ?", SQL_ARGS(sql_of_int(doc)),
                    &number) != CAU_OK ||
        read_kind(v, a, number, &kind) != CAU_OK)
        return NULL;
    return kind;
}

/* Numbers of a kind and of its earlier majors: the same name. */
static enum cau_err next_doc_of(struct view *v, const struct kind *kind, uint32_t after,
                                uint32_t *doc)
{
    int64_t found = 0;
    enum cau_err err;
    if (kind == NULL)
        err = sql_get_int(v->s, "SELECT doc FROM record WHERE doc > ? ORDER BY doc LIMIT 1",
                          SQL_ARGS(sql_of_int(after)), &found);
    else
        err = sql_get_int(v->s,
                          "SELECT min(doc) FROM (SELECT (SELECT doc FROM record"
                          " WHERE kind = k.id AND doc > ?1 ORDER BY doc LIMIT 1) AS doc"
                          " FROM kind k WHERE k.name >= ?2 || '/' AND k.name < ?2 || '0')",
                          SQL_ARGS(sql_of_int(after), sql_of_text(kind->name)), &found);
    *doc = (uint32_t)found;
    return err == CAU_ERR_UNKNOWN ? CAU_OK : err;
}

enum cau_err view_each(struct view *v, struct arena *a, struct index_reader reader,
                       const struct kind *kind,
                       bool (*each)(void *ctx, const struct view_record *record), void *ctx)
{
    uint32_t doc = 0;
    enum cau_err err = next_doc_of(v, kind, 0, &doc);
    while (err == CAU_OK && doc != 0) {
        struct view_record record;
        size_t before = a->used;
        err = view_get(v, a, reader, doc, &record);
        bool go_on = err != CAU_OK || each(ctx, &record);
        a->used = before;
        if (!go_on)
            return CAU_OK;
        if (err == CAU_OK || err == CAU_ERR_UNKNOWN)
            err = next_doc_of(v, kind, doc, &doc);
    }
    return err;
}

/* Gathers a column of document numbers. */
static enum cau_err gather(struct sql q, struct arena *a, size_t max, uint32_t **out, size_t *n)
{
    uint32_t *list = NULL;
    size_t count = 0, room = 0;
    while (q.err == CAU_OK && count < max && sql_next(&q)) {
        if (count == room) {
            size_t more = room == 0 ? 64 : room * 2;
            uint32_t *wide = arena_take(a, more * sizeof *wide);
            if (wide == NULL) {
                q.err = CAU_ERR_MEMORY;
                break;
            }
            if (count > 0)
                memcpy(wide, list, count * sizeof *list);
            list = wide;
            room = more;
        }
        list[count++] = (uint32_t)sql_int(&q, 0);
    }
    enum cau_err err = sql_end(&q);
    if (err == CAU_OK) {
        *out = list;
        *n = count;
    }
    return err;
}

/* A head is a record's current version when no other of its heads is newer. */
#define IS_CURRENT "NOT EXISTS(SELECT 1 FROM head o WHERE o.doc = h.doc AND o.t > h.t)"

enum cau_err view_import_docs(struct view *v, struct arena *a, uint32_t import, uint32_t **out,
                              size_t *n)
{
    return gather(sql_start(v->s,
                            "SELECT doc FROM head h WHERE import = ? AND " IS_CURRENT
                            " ORDER BY doc",
                            SQL_ARGS(sql_of_int(import))),
                  a, SIZE_MAX, out, n);
}

enum cau_err view_publication(struct view *v, struct arena *a, struct str state, size_t max,
                              uint32_t **out, size_t *n)
{
    return gather(sql_start(v->s,
                            "SELECT doc FROM head h WHERE publication = ? AND " IS_CURRENT
                            " ORDER BY t",
                            SQL_ARGS(sql_of_text(state))),
                  a, max, out, n);
}
