#include "store/store_int.h"

/* The ledger's tables: what everything else is made from again. place is entries_place(log, seq). */
#define LEDGER_TABLES                                                                          \
    "CREATE TABLE log(id INTEGER PRIMARY KEY, origin TEXT NOT NULL UNIQUE, node TEXT NOT "     \
    "NULL,"                                                                                    \
    " audience TEXT NOT NULL, generation INTEGER NOT NULL,"                                    \
    " own INTEGER NOT NULL,"                      /* 1: we append; 0: pulled from a peer */    \
    " size INTEGER NOT NULL, root BLOB NOT NULL," /* durable, perhaps not yet published */     \
    " state INTEGER NOT NULL) STRICT;"            /* enum entries_state */                     \
    "CREATE TABLE entry(place INTEGER PRIMARY KEY, leaf BLOB NOT NULL) STRICT;"                \
    "CREATE TABLE tile(log INTEGER NOT NULL, level INTEGER NOT NULL, n INTEGER NOT NULL,"      \
    " hashes BLOB NOT NULL," /* whole tiles only: 8,192 bytes */                               \
    " PRIMARY KEY(log, level, n)) STRICT;"                                                     \
    "CREATE TABLE frontier(log INTEGER NOT NULL, level INTEGER NOT NULL,"                      \
    " hashes BLOB NOT NULL," /* the partial tiles from level 1 on; level 0 is in the leaves */ \
    " PRIMARY KEY(log, level)) STRICT, WITHOUT ROWID;"                                         \
    "CREATE TABLE checkpoint(log INTEGER NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL," \
    " note BLOB NOT NULL, signed_ms INTEGER NOT NULL, PRIMARY KEY(log, size, root)) STRICT;"   \
    "CREATE TABLE payload(place INTEGER PRIMARY KEY, state INTEGER NOT NULL,"                  \
    " commitment BLOB NOT NULL,"                /* of the leaf at place */                     \
    " short INTEGER NOT NULL,"                  /* its first 8 bytes: what the index holds */  \
    " r BLOB, subject BLOB, body BLOB) STRICT;" /* personal: r is in the sealed body */        \
    "CREATE INDEX payload_short ON payload(short);"

/* Made from the ledger by view/apply.c, and again by a rebuild. */
#define VIEW_TABLES                                                                            \
    "CREATE TABLE kind(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"             \
    "CREATE TABLE record(doc INTEGER PRIMARY KEY, rid BLOB NOT NULL UNIQUE,"                   \
    " kind INTEGER NOT NULL, owner INTEGER NOT NULL,"                                          \
    " belongs TEXT) STRICT;" /* the owner as the payload names it, when it does */             \
    "CREATE INDEX record_kind ON record(kind);"                                                \
    "CREATE INDEX record_belongs ON record(belongs) WHERE belongs IS NOT NULL;"                \
    "CREATE TABLE head(doc INTEGER NOT NULL, log INTEGER NOT NULL, n INTEGER NOT NULL,"        \
    " seq INTEGER NOT NULL, t INTEGER NOT NULL, made INTEGER NOT NULL, state INTEGER NOT "     \
    "NULL,"                                                                                    \
    " leaf BLOB NOT NULL, external TEXT, publication TEXT, import INTEGER,"                    \
    " PRIMARY KEY(doc, log)) STRICT, WITHOUT ROWID;"                                           \
    "CREATE INDEX head_external ON head(external) WHERE external IS NOT NULL;"                 \
    "CREATE INDEX head_publication ON head(publication, t) WHERE publication IS NOT NULL;"     \
    "CREATE INDEX head_import ON head(import) WHERE import IS NOT NULL;"                       \
    "CREATE TABLE older(doc INTEGER NOT NULL, log INTEGER NOT NULL, n INTEGER NOT NULL,"       \
    " seq INTEGER NOT NULL, PRIMARY KEY(doc, log, n)) STRICT, WITHOUT ROWID;"                  \
    "CREATE TABLE link(doc INTEGER NOT NULL, log INTEGER NOT NULL, i INTEGER NOT NULL,"        \
    " rel TEXT NOT NULL, target TEXT NOT NULL, label TEXT,"                                    \
    " PRIMARY KEY(doc, log, i)) STRICT, WITHOUT ROWID;"                                        \
    "CREATE INDEX link_target ON link(target);"

/* This node's own, never exchanged. feed: documents the index must take again though their own log did
 * not move, with the time of the entry that was the cause. */
#define LOCAL_TABLES                                                                           \
    "CREATE TABLE feed(t INTEGER NOT NULL, doc INTEGER NOT NULL, PRIMARY KEY(t, doc))"         \
    " STRICT, WITHOUT ROWID;"                                                                  \
    "CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"  \
    "CREATE TABLE profile(name TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;"                  \
    "CREATE TABLE user(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"                     \
    " display TEXT NOT NULL, password TEXT NOT NULL, roles INTEGER NOT NULL,"                  \
    " organization TEXT NOT NULL, lang TEXT NOT NULL, active INTEGER NOT NULL,"                \
    " made_ms INTEGER NOT NULL) STRICT;"                                                       \
    "CREATE TABLE session(token_hash BLOB PRIMARY KEY, form_key BLOB NOT NULL,"                \
    " user INTEGER NOT NULL, made_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL)"              \
    " STRICT, WITHOUT ROWID;"                                                                  \
    "CREATE INDEX session_user ON session(user);"                                              \
    "CREATE TABLE import(id INTEGER PRIMARY KEY, user INTEGER NOT NULL, file TEXT NOT NULL,"   \
    " upload TEXT NOT NULL, options TEXT NOT NULL, state INTEGER NOT NULL,"                    \
    " count_rows INTEGER NOT NULL, added INTEGER NOT NULL, changed INTEGER NOT NULL,"          \
    " same INTEGER NOT NULL, refused INTEGER NOT NULL, alike INTEGER NOT NULL,"                \
    " done INTEGER NOT NULL, made_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL) STRICT;"     \
    "CREATE TABLE import_report(import INTEGER PRIMARY KEY, report TEXT NOT NULL) STRICT;"     \
    "CREATE TABLE erase_todo(subject BLOB PRIMARY KEY) STRICT;" /* keys.db still has the key */

/* What nodes made by an earlier program do not have yet: made when a node is made or opened for writing. */
#define ADDED_TABLES                                                                           \
    "CREATE TABLE IF NOT EXISTS search(id INTEGER PRIMARY KEY, user INTEGER NOT NULL,"         \
    " name TEXT NOT NULL, query TEXT NOT NULL, lang TEXT NOT NULL, made_ms INTEGER NOT NULL,"  \
    " seen_ms INTEGER NOT NULL, audiences INTEGER NOT NULL, organization TEXT NOT NULL,"       \
    " feed BLOB UNIQUE) STRICT;"                                                               \
    "CREATE INDEX IF NOT EXISTS search_user ON search(user);"                                  \
    "CREATE TABLE IF NOT EXISTS attachment(hash BLOB NOT NULL UNIQUE, media TEXT NOT NULL,"    \
    " uses INTEGER NOT NULL, made_ms INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;"           \
    "CREATE TABLE IF NOT EXISTS reminder(user INTEGER PRIMARY KEY, address TEXT NOT NULL,"     \
    " often INTEGER NOT NULL, sent_day INTEGER NOT NULL, calendar BLOB UNIQUE) STRICT;"        \
    "CREATE TABLE IF NOT EXISTS mail(id INTEGER PRIMARY KEY, address TEXT NOT NULL,"           \
    " subject TEXT NOT NULL, text TEXT NOT NULL, made_ms INTEGER NOT NULL,"                    \
    " next_ms INTEGER NOT NULL, tries INTEGER NOT NULL) STRICT;"                               \
    "CREATE INDEX IF NOT EXISTS mail_next ON mail(next_ms);"

#define CKPT_TABLES                                                                            \
    "CREATE TABLE last(origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL)"    \
    " STRICT;"

#define KEYS_TABLES                                                                            \
    "CREATE TABLE node_key(use TEXT PRIMARY KEY, key_id BLOB NOT NULL, wrapped BLOB NOT NULL)" \
    " STRICT;"                                                                                 \
    "CREATE TABLE subject_key(subject BLOB PRIMARY KEY, wrapped BLOB NOT NULL) STRICT;"

const char *schema_text(enum store_file file)
{
    switch (file) {
    case STORE_MAIN:
        return LEDGER_TABLES VIEW_TABLES LOCAL_TABLES;
    case STORE_CKPT:
        return CKPT_TABLES;
    case STORE_KEYS:
        return KEYS_TABLES;
    case STORE_VIEWS:
        return VIEW_TABLES "CREATE TABLE feed(t INTEGER NOT NULL, doc INTEGER NOT NULL,"
                           " PRIMARY KEY(t, doc)) STRICT, WITHOUT ROWID;";
    }
    return "";
}

const char *schema_added(enum store_file file)
{
    return file == STORE_MAIN ? ADDED_TABLES : "";
}
