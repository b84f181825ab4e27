/* keys.h - keys.db: the node's key pairs and the keys of persons, wrapped by the node key, which is the file
 * node.key beside it (mode 0600). */
#ifndef CAU_STORE_KEYS_H
#define CAU_STORE_KEYS_H

#include "ledger/key.h"
#include "store/sql.h"

/* The wrapping key; wiped by keys_forget. */
struct keys_node {
    unsigned char b[KEY_BYTES];
};

enum cau_err keys_make_node(const char *path, struct keys_node *out); /* a new file */
/* Errors: UNKNOWN (no file), CORRUPT (not 64 hex digits), IO. */
enum cau_err keys_read_node(const char *path, struct keys_node *out);
void keys_forget(struct keys_node *k);

/* Pairs by use: "log", "org". */
enum cau_err keys_add(struct store *s, const struct keys_node *k, struct str use,
                      const struct key_pair *pair);
/* Errors: UNKNOWN, CORRUPT (another node key, altered), MEMORY. */
enum cau_err keys_get(struct store *s, const struct keys_node *k, struct str use,
                      struct key_pair *out);

/* The key under which a person's records are sealed; subject is 16 bytes. Errors of get: UNKNOWN (never
 * made, or erased), CORRUPT. */
enum cau_err keys_add_subject(struct store *s, const struct keys_node *k, struct str subject,
                              const unsigned char key[KEY_BYTES]);
enum cau_err keys_get_subject(struct store *s, const struct keys_node *k, struct str subject,
                              unsigned char key[KEY_BYTES]);
enum cau_err keys_erase_subject(struct store *s, struct str subject);

#endif
