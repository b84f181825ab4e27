/* value.h - a JSON value in memory: what a record's payload, a form and an answer are made of. */
#ifndef CAU_RECORD_VALUE_H
#define CAU_RECORD_VALUE_H

#include "base/base.h"

enum value_type {
    VALUE_NULL,
    VALUE_FALSE,
    VALUE_TRUE,
    VALUE_INTEGER, /* within +-NUMBER_INTEGER_MAX */
    VALUE_REAL,    /* only read from outside, never written */
    VALUE_STRING,
    VALUE_ARRAY,
    VALUE_OBJECT,
};

struct value_member;

/* Everything it points to lives in the arena it was read or made in, or is borrowed text, as the
 * making function says. Members stand in the order of their keys (UTF-16 code units, RFC 8785). */
struct value {
    enum value_type type;
    uint32_t n; /* items of an array, members of an object */
    union {
        int64_t integer;
        double real;
        struct str string;
        struct value *item;
        struct value_member *member;
    };
};

struct value_member {
    struct str key;
    struct value value;
};

int value_key_cmp(struct str x, struct str y); /* the order of RFC 8785 */
bool value_equal(const struct value *x, const struct value *y);

/* The member of an object; NULL when there is none, or when object is NULL or no object. */
const struct value *value_get(const struct value *object, const char *key);
const struct value *value_find(const struct value *object, struct str key);
/* The string of such a member; {NULL, 0} when there is none or it is no string. */
struct str value_get_str(const struct value *object, const char *key);
/* The integer of such a member, or none. */
int64_t value_get_int(const struct value *object, const char *key, int64_t none);

/* Making values. Text is borrowed: it must live as long as the value. */
struct value value_string(struct str text);
struct value value_integer(int64_t value);
struct value value_true(void);
struct value value_array(void);  /* empty */
struct value value_object(void); /* empty */
/* How many items or members a list of n has memory for: who makes one by hand takes so many. */
size_t value_room(size_t n);
/* Adds at the end of an array. Errors: MEMORY. */
enum cau_err value_push(struct arena *a, struct value *array, struct value item);
/* Sets a member, replacing one with that key; key is borrowed. Errors: MEMORY. */
enum cau_err value_set(struct arena *a, struct value *object, struct str key,
                       struct value item);
/* Sets a member to a text; an empty one sets nothing. Errors: MEMORY. */
enum cau_err value_set_str(struct arena *a, struct value *object, const char *key,
                           struct str text);
/* Adds a member that comes after all others in the order of keys (must). Errors: MEMORY. */
enum cau_err value_add_last(struct arena *a, struct value *object, struct str key,
                            struct value item);
void value_remove(struct value *object,
                  const char *key); /* nothing happens when it is not there */
/* A copy that shares arrays and members with nothing, and text with value. Errors: MEMORY. */
enum cau_err value_copy(struct arena *a, const struct value *value, struct value *out);

#endif
