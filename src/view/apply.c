#include "view/apply_int.h"

#include <string.h>

#include "record/json.h"

void apply_begin(struct apply *p, const struct node *n, struct store *s, struct store *main,
                 struct store *keys)
{
    *p = (struct apply){.n = n, .s = s, .main = main, .keys = keys};
    apply_forget(p);
}

void apply_forget(struct apply *p)
{
    p->docs = -1;
    memset(p->kind, 0, sizeof p->kind);
}

static struct sql_arg of_id(const struct leaf_id *id)
{
    return sql_of_blob((struct str){(const char *)id->b, sizeof id->b});
}

/* ---- looking ---- */

static bool take_id(struct str bytes, struct leaf_id *out)
{
    if (bytes.len != sizeof out->b)
        return false;
    memcpy(out->b, bytes.p, sizeof out->b);
    return true;
}

static enum cau_err read_record(struct sql q, struct apply_record *out)
{
    struct apply_record r = {0};
    while (sql_next(&q)) {
        r.doc = (uint32_t)sql_int(&q, 0);
        r.kind = sql_int(&q, 1);
        r.owner = (uint32_t)sql_int(&q, 2);
        if (!take_id(sql_bytes(&q, 10), &r.rid)) {
            q.err = CAU_ERR_CORRUPT;
            break;
        }
        int64_t log = sql_int(&q, 3);
        if (log < 1 || log > NODE_LOGS)
            continue; /* another node's */
        struct apply_head *h = &r.head[log - 1];
        h->n = (uint64_t)sql_int(&q, 4);
        h->seq = (uint64_t)sql_int(&q, 5);
        h->t = sql_int(&q, 6);
        h->made = sql_int(&q, 7);
        h->state = (enum apply_state)sql_int(&q, 8);
        if (sql_digest(&q, 9, &h->leaf) != CAU_OK)
            break;
    }
    enum cau_err err = sql_end(&q);
    if (err == CAU_OK)
        *out = r;
    return err;
}

#define RECORD_COLUMNS                                                                         \
    "SELECT r.doc, r.kind, r.owner, h.log, h.n, h.seq, h.t, h.made, h.state, h.leaf, r.rid"    \
    " FROM record r JOIN head h ON h.doc = r.doc "

enum cau_err apply_find(struct apply *p, const struct leaf_id *rid, struct apply_record *out)
{
    return read_record(sql_start(p->s, RECORD_COLUMNS "WHERE r.rid = ?", SQL_ARGS(of_id(rid))),
                       out);
}

enum cau_err apply_find_doc(struct apply *p, uint32_t doc, struct apply_record *out)
{
    return read_record(
        sql_start(p->s, RECORD_COLUMNS "WHERE r.doc = ?", SQL_ARGS(sql_of_int(doc))), out);
}

int apply_newest(const struct apply_record *r)
{
    int best = -1;
    for (int i = 0; i < NODE_LOGS; i++)
        if (r->head[i].n > 0 && (best < 0 || r->head[i].t > r->head[best].t))
            best = i;
    return best;
}

static int newest_readable(const struct apply_record *r)
{
    struct apply_record x = *r;
    for (int i = 0; i < NODE_LOGS; i++)
        if (x.head[i].state == APPLY_REDACTED)
            x.head[i].n = 0;
    return apply_newest(&x);
}

int apply_indexed(const struct apply_record *r)
{
    for (int i = 0; i < NODE_LOGS; i++)
        if (r->head[i].n > 0 && r->head[i].state != APPLY_REDACTED)
            return i;
    return -1;
}

static enum cau_err get_doc(struct store *s, const char *text, struct sql_arg arg,
                            uint32_t *doc)
{
    int64_t found = 0;
    enum cau_err err = sql_get_int(s, text, &arg, 1, &found);
    if (err == CAU_OK || err == CAU_ERR_UNKNOWN)
        *doc = (uint32_t)found;
    return err == CAU_ERR_UNKNOWN ? CAU_OK : err;
}

enum cau_err apply_doc_of_rid(struct store *s, const struct leaf_id *rid, uint32_t *doc)
{
    return get_doc(s, "SELECT doc FROM record WHERE rid = ?", of_id(rid), doc);
}

enum cau_err apply_doc_of_external(struct store *s, struct str external, uint32_t *doc)
{
    return get_doc(s, "SELECT doc FROM head WHERE external = ? LIMIT 1", sql_of_text(external),
                   doc);
}

static enum cau_err doc_of_text(struct store *s, struct str text, uint32_t *doc)
{
    struct leaf_id rid;
    if (leaf_read_rid(text, &rid) == CAU_OK)
        return apply_doc_of_rid(s, &rid, doc);
    return apply_doc_of_external(s, text, doc);
}

/* ---- kinds ---- */

enum cau_err apply_kind_name(struct store *s, struct arena *a, int64_t kind, struct str *name)
{
    return sql_get_bytes(s, a, "SELECT name FROM kind WHERE id = ?", SQL_ARGS(sql_of_int(kind)),
                         name);
}

enum cau_err apply_kind(struct apply *p, const struct kind *kind, struct str name_major,
                        int64_t *out)
{
    if (kind != NULL && p->kind[kind->index] > 0) {
        *out = p->kind[kind->index];
        return CAU_OK;
    }
    enum cau_err err = sql_get_int(p->s, "SELECT id FROM kind WHERE name = ?",
                                   SQL_ARGS(sql_of_text(name_major)), out);
    if (err == CAU_ERR_UNKNOWN) {
        err =
            sql_do(p->s, "INSERT INTO kind(name) VALUES(?)", SQL_ARGS(sql_of_text(name_major)));
        if (err == CAU_OK)
            *out = sql_last_id(p->s);
    }
    if (err == CAU_OK && kind != NULL)
        p->kind[kind->index] = *out;
    return err;
}

/* ---- owners ---- */

struct owner {
    uint32_t doc;
    struct str belongs; /* empty unless the payload decides */
};

/* An organisation is its own; else what the entry is signed for; else what the payload names. */
static enum cau_err find_owner(struct apply *p, struct str kind, const struct leaf_id *org,
                               uint32_t doc, const struct facts *facts, struct owner *out)
{
    *out = (struct owner){0, {NULL, 0}};
    if (str_starts(kind, STR("organization/"))) {
        out->doc = doc;
        return CAU_OK;
    }
    if (!leaf_id_equal(org, &p->n->organization))
        return apply_doc_of_rid(p->s, org, &out->doc);
    if (facts == NULL || facts->belongs.len == 0)
        return CAU_OK;
    out->belongs = facts->belongs;
    return doc_of_text(p->s, facts->belongs, &out->doc);
}

static enum cau_err set_owner(struct apply *p, const struct owner *owner,
                              struct apply_record *record)
{
    record->owner = owner->doc;
    return sql_do(p->s, "UPDATE record SET owner = ?, belongs = ? WHERE doc = ?",
                  SQL_ARGS(sql_of_int(owner->doc), sql_or_null(sql_of_text(owner->belongs)),
                           sql_of_int(record->doc)));
}

/* Records that name an owner by this external id belong to whoever has it now. */
static enum cau_err resolve_again(struct apply *p, struct str external, int64_t t)
{
    if (external.len == 0)
        return CAU_OK;
    uint32_t owner = 0, any = 0;
    enum cau_err err = get_doc(p->s, "SELECT doc FROM record WHERE belongs = ? LIMIT 1",
                               sql_of_text(external), &any);
    if (err != CAU_OK || any == 0)
        return err; /* nearly always */
    err = apply_doc_of_external(p->s, external, &owner);
    if (err == CAU_OK)
        err = sql_do(p->s,
                     "INSERT OR IGNORE INTO feed SELECT ?, doc FROM record"
                     " WHERE belongs = ? AND owner <> ?",
                     SQL_ARGS(sql_of_int(t), sql_of_text(external), sql_of_int(owner)));
    if (err != CAU_OK || sql_changed(p->s) == 0)
        return err;
    p->fed = true;
    return sql_do(p->s, "UPDATE record SET owner = ? WHERE belongs = ?",
                  SQL_ARGS(sql_of_int(owner), sql_of_text(external)));
}

/* ---- putting ---- */

static enum cau_err next_doc(struct apply *p, uint32_t *out)
{
    enum cau_err err = CAU_OK;
    if (p->docs < 0)
        err =
            sql_get_int(p->s, "SELECT ifnull(max(doc), 0) FROM record", SQL_NO_ARGS, &p->docs);
    if (err == CAU_OK && p->docs + 1 >= INDEX_DOC_MAX)
        err = CAU_ERR_RANGE;
    if (err == CAU_OK)
        *out = (uint32_t)++p->docs;
    return err;
}

static enum cau_err make_record(struct apply *p, const struct apply_entry *e,
                                struct apply_record *record)
{
    struct owner owner;
    enum cau_err err = next_doc(p, &record->doc);
    if (err == CAU_OK)
        err = apply_kind(p, e->kind, e->leaf->kind, &record->kind);
    if (err == CAU_OK)
        err = find_owner(p, e->leaf->kind, &e->leaf->org, record->doc, e->facts, &owner);
    if (err != CAU_OK)
        return err;
    record->owner = owner.doc;
    record->rid = e->leaf->rid;
    return sql_do(p->s, "INSERT INTO record VALUES(?,?,?,?,?)",
                  SQL_ARGS(sql_of_int(record->doc), of_id(&e->leaf->rid),
                           sql_of_int(record->kind), sql_of_int(owner.doc),
                           sql_or_null(sql_of_text(owner.belongs))));
}

/* The external id of a head, kept across its replacement. */
static enum cau_err old_external(struct apply *p, uint32_t doc, uint32_t log, struct arena *a,
                                 struct str *out)
{
    enum cau_err err = sql_get_bytes(
        p->s, a, "SELECT external FROM head WHERE doc = ? AND log = ? AND external IS NOT NULL",
        SQL_ARGS(sql_of_int(doc), sql_of_int(log)), out);
    return err == CAU_ERR_UNKNOWN ? CAU_OK : err;
}

static enum cau_err set_head(struct apply *p, uint32_t doc, uint32_t log,
                             const struct apply_head *h, const struct facts *f)
{
    static const struct facts none;
    if (f == NULL)
        f = &none;
    struct sql_arg import = f->import == 0 ? (struct sql_arg){0} : sql_of_int(f->import);
    return sql_do(p->s, "INSERT OR REPLACE INTO head VALUES(?,?,?,?,?,?,?,?,?,?,?)",
                  SQL_ARGS(sql_of_int(doc), sql_of_int(log), sql_of_int((int64_t)h->n),
                           sql_of_int((int64_t)h->seq), sql_of_int(h->t), sql_of_int(h->made),
                           sql_of_int(h->state), sql_of_digest(&h->leaf),
                           sql_or_null(sql_of_text(f->external)),
                           sql_or_null(sql_of_text(f->publication)), import));
}

static enum cau_err set_links(struct apply *p, uint32_t doc, uint32_t log, bool fresh,
                              const struct facts *f)
{
    enum cau_err err = CAU_OK;
    if (!fresh)
        err = sql_do(p->s, "DELETE FROM link WHERE doc = ? AND log = ?",
                     SQL_ARGS(sql_of_int(doc), sql_of_int(log)));
    for (size_t i = 0; f != NULL && i < f->link_count && err == CAU_OK; i++)
        err = sql_do(p->s, "INSERT INTO link VALUES(?,?,?,?,?,?)",
                     SQL_ARGS(sql_of_int(doc), sql_of_int(log), sql_of_int((int64_t)i),
                              sql_of_text(f->link[i].rel), sql_of_text(f->link[i].to),
                              sql_or_null(sql_of_text(f->link[i].label))));
    return err;
}

/* A version after the first in this log, or the first of a record that is in another log. */
static enum cau_err replace_head(struct apply *p, const struct apply_entry *e,
                                 struct apply_record *record, struct arena *a,
                                 struct str *external)
{
    uint32_t log = node_log(e->audience);
    struct apply_head *h = &record->head[e->audience];
    enum cau_err err = CAU_OK;
    if (h->n > 0) {
        err = old_external(p, record->doc, log, a, external);
        if (err == CAU_OK)
            err = sql_do(p->s, "INSERT INTO older VALUES(?,?,?,?)",
                         SQL_ARGS(sql_of_int(record->doc), sql_of_int(log),
                                  sql_of_int((int64_t)h->n), sql_of_int((int64_t)h->seq)));
    }
    struct owner owner;
    if (err == CAU_OK && e->facts != NULL) {
        err = find_owner(p, e->leaf->kind, &e->leaf->org, record->doc, e->facts, &owner);
        if (err == CAU_OK)
            err = set_owner(p, &owner, record);
    }
    return err;
}

enum cau_err apply_put(struct apply *p, const struct apply_entry *e,
                       struct apply_record *record)
{
    unsigned char space[1024]; /* of one external id */
    struct arena a = {space, sizeof space, 0};
    struct str before = {NULL, 0}, after = {NULL, 0};
    bool fresh = record->doc == 0;
    struct apply_head *h = &record->head[e->audience];
    uint32_t log = node_log(e->audience);
    enum cau_err err =
        fresh ? make_record(p, e, record) : replace_head(p, e, record, &a, &before);
    if (err != CAU_OK)
        return err == CAU_ERR_MEMORY ? CAU_ERR_CORRUPT : err;
    h->made = e->leaf->n == 1 ? e->leaf->t : h->made;
    h->n = e->leaf->n;
    h->seq = e->seq;
    h->t = e->leaf->t;
    h->leaf = e->hash;
    h->state = e->facts == NULL      ? APPLY_REDACTED
               : e->facts->withdrawn ? APPLY_WITHDRAWN
                                     : APPLY_PRESENT;
    err = set_head(p, record->doc, log, h, e->facts);
    if (err == CAU_OK)
        err = set_links(p, record->doc, log, fresh, e->facts);
    if (err != CAU_OK || !str_starts(e->leaf->kind, STR("organization/")))
        return err;
    if (e->facts != NULL)
        after = e->facts->external;
    if (str_equal(before, after))
        return CAU_OK;
    err = resolve_again(p, before, e->leaf->t);
    return err == CAU_OK ? resolve_again(p, after, e->leaf->t) : err;
}

/* ---- redacting ---- */

enum cau_err apply_places(struct store *s, uint32_t doc, uint32_t log,
                          enum cau_err (*each)(void *with, int64_t place), void *with)
{
    struct sql q = sql_start(s,
                             "SELECT seq FROM older WHERE doc = ?1 AND log = ?2"
                             " UNION ALL SELECT seq FROM head WHERE doc = ?1 AND log = ?2",
                             SQL_ARGS(sql_of_int(doc), sql_of_int(log)));
    while (q.err == CAU_OK && sql_next(&q))
        q.err = each(with, entries_place(log, (uint64_t)sql_int(&q, 0)));
    return sql_end(&q);
}

/* Who owns it as the version at this head says. */
static enum cau_err owner_of_version(struct apply *p, struct arena *a, int at, struct str kind,
                                     const struct apply_record *record, struct owner *out)
{
    struct node_payload payload;
    struct str bytes;
    struct leaf leaf;
    struct value value;
    struct facts facts;
    uint32_t log = (uint32_t)at + 1;
    uint64_t seq = record->head[at].seq;
    enum cau_err err = entries_get(p->main, a, log, seq, &bytes);
    if (err == CAU_OK)
        err = leaf_read(bytes, &leaf);
    if (err == CAU_OK)
        err =
            node_payload_at(p->main, p->keys, &p->n->key, a, entries_place(log, seq), &payload);
    if (err != CAU_OK)
        return err == CAU_ERR_UNKNOWN ? CAU_ERR_CORRUPT : err;
    const struct kind *known = kinds_find(&p->n->kinds, kind);
    if (payload.redacted || known == NULL)
        return find_owner(p, kind, &leaf.org, record->doc, NULL, out);
    err = json_read_stored(a, payload.body, &value);
    if (err == CAU_OK)
        err = facts_of(a, known, &value, false, &facts);
    return err == CAU_OK ? find_owner(p, kind, &leaf.org, record->doc, &facts, out) : err;
}

static enum cau_err owner_again(struct apply *p, struct apply_record *record)
{
    struct arena a = arena_new(8 << 20);
    struct owner owner = {0, {NULL, 0}};
    struct str kind;
    int at = newest_readable(record);
    enum cau_err err = apply_kind_name(p->s, &a, record->kind, &kind);
    if (err == CAU_OK && at >= 0)
        err = owner_of_version(p, &a, at, kind, record, &owner);
    else if (err == CAU_OK) /* of one that cannot be read nothing but its kind is known */
        err = find_owner(p, kind, &p->n->organization, record->doc, NULL, &owner);
    if (err == CAU_OK)
        err = set_owner(p, &owner, record);
    arena_free(&a);
    return err;
}

enum cau_err apply_redact(struct apply *p, const struct apply_entry *e,
                          struct apply_record *record)
{
    unsigned char space[1024];
    struct arena a = {space, sizeof space, 0};
    struct str external = {NULL, 0};
    uint32_t log = node_log(e->audience);
    struct apply_head *h = &record->head[e->audience];
    enum cau_err err = old_external(p, record->doc, log, &a, &external);
    h->state = APPLY_REDACTED;
    if (err == CAU_OK)
        err = set_head(p, record->doc, log, h, NULL);
    if (err == CAU_OK)
        err = set_links(p, record->doc, log, false, NULL);
    if (err == CAU_OK)
        err = owner_again(p, record);
    return err == CAU_OK ? resolve_again(p, external, e->leaf->t) : err;
}
