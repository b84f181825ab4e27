#include "web/serve/answer.h"

#include "record/json.h"

void answer_set(struct ask *q, struct value *object, struct str key, struct value v)
{
    if (value_set(q->arena, object, key, v) != CAU_OK)
        q->model.failed = true;
}

void answer_text(struct ask *q, struct value *object, const char *key, struct str text)
{
    answer_set(q, object, str_of(key), value_string(text));
}

void answer_known(struct ask *q, struct value *object, const char *key, struct str text)
{
    if (text.len > 0)
        answer_text(q, object, key, text);
}

void answer_number(struct ask *q, struct value *object, const char *key, int64_t n)
{
    answer_set(q, object, str_of(key), value_integer(n));
}

void answer_push(struct ask *q, struct value *array, struct value v)
{
    if (value_push(q->arena, array, v) != CAU_OK)
        q->model.failed = true;
}

void answer_send(struct ask *q, const struct value *v)
{
    struct buf b = buf_new(HTTP_ANSWER_BYTES_MAX);
    json_write(&b, v);
    buf_add_char(&b, '\n');
    if (b.failed || q->model.failed)
        ask_error(q, 503);
    else
        ask_bytes(q, "application/json", buf_str(&b));
    buf_free(&b);
}
