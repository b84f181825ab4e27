/* litewitness: a witness is asked ten times; the specification decides where it differs (404). */
#include "ledger/witness.h"
#include "vectors.h"

#define SET "litewitness"

static struct note_key key_of(const char *head) /* the vkey that SOURCE.md gives for a name */
{
    struct str rest = vectors_read(SET, "SOURCE.md");
    while (rest.len > 0) {
        struct str quoted;
        (void)str_next(&rest, '`');
        quoted = str_next(&rest, '`');
        struct note_key key;
        if (str_starts(quoted, str_of(head)) && note_read_key(quoted, &key) == CAU_OK)
            return key;
    }
    fail_msg("no key %s", head);
    return (struct note_key){.id = 0};
}

struct state {
    struct witness_log log;
    struct str origin;
};

/* Asks as the endpoint does, and stores what was cosigned. */
static int ask(struct state *s, struct str body, uint64_t *told)
{
    static struct witness_request r;
    if (witness_read(body, &r) != CAU_OK)
        return WITNESS_MALFORMED;
    bool known = str_equal(r.checkpoint.origin, s->origin);
    enum witness_status status = witness_decide(&r, known ? &s->log : NULL);
    *told = s->log.size;
    if (status == WITNESS_COSIGN) {
        s->log.size = r.checkpoint.size;
        s->log.root = r.checkpoint.root;
    }
    return (int)status;
}

/* The next request of a recording: what stands between two lines of three accents. */
static bool next_body(struct str *rest, struct str *out)
{
    const char *fence = "```\n";
    size_t at = 0;
    while (at < rest->len && !str_starts(str_from(*rest, at), str_of(fence)))
        at++;
    if (at >= rest->len)
        return false;
    *rest = str_from(*rest, at + 4);
    for (at = 0; !str_starts(str_from(*rest, at), str_of(fence)); at++)
        check(at < rest->len);
    *out = str_to(*rest, at);
    *rest = str_from(*rest, at + 4);
    return true;
}

static void answers_in_order(void **state)
{
    (void)state;
    static const struct {
        int status;
        uint64_t told;
    } want[] = {{200, 0}, {403, 1}, {404, 1}, {422, 1}, {422, 1},
                {200, 1}, {409, 3}, {200, 3}, {409, 5}};
    struct note_key key = key_of("sigsum.org/");
    struct state s = {.log = {.key = &key, .keys = 1}, .origin = key.name};
    struct str rest = vectors_read(SET, "add-checkpoint.hurl"), body;
    size_t n = 0;
    for (; next_body(&rest, &body); n++) {
        uint64_t told = 0;
        check(n < countof(want));
        assert_int_equal(ask(&s, body, &told), want[n].status);
        assert_int_equal(told, want[n].told);
    }
    printf("vectors/" SET ": %zu of 9 answers\n", n);
    check(n == 9 && s.log.size == 5);
}

static void a_key_may_have_another_name(void **state)
{
    (void)state;
    struct note_key key = key_of("sum.golang.org");
    struct state s = {.log = {.key = &key, .keys = 1}, .origin = STR("go.sum database tree")};
    struct str rest = vectors_read(SET, "sumdb-requests.hurl"), body;
    uint64_t told;
    check(next_body(&rest, &body));
    assert_int_equal(ask(&s, body, &told), 200);
    check(!next_body(&rest, &body));
    printf("vectors/" SET ": 1 of 1 answer for the second log\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(answers_in_order),
                                       cmocka_unit_test(a_key_may_have_another_name)};
    return vectors_present(SET) ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
