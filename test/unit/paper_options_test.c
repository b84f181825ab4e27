#include "cli/paper_options.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>

static struct paper of_bytes(struct arena *a, struct str bytes)
{
    struct paper p = paper_new(a, LANG_EN, STR("T"));
    const struct paper_column column[] = {{.head = STR("C"), .width = 1}};
    struct paper_row *row = paper_row(&p, paper_table(&p, column, 1, STR("T")));
    paper_add(&p, &row->cell[0], bytes);
    return p;
}

/* One byte over the size of a file: refused, and nothing of it is written. */
static void a_file_has_a_limit(void **state)
{
    (void)state;
    struct arena a = arena_new(1 << 20);
    const struct paper_options options = {.format = PAPER_CSV, .lang = LANG_EN};
    size_t room = PAPER_OPTIONS_BYTES_MAX;
    char *bytes = malloc(room);
    check(bytes != NULL);
    memset(bytes, 'x', room);
    struct buf out = buf_new(PAPER_OPTIONS_BYTES_MAX);
    struct paper p = of_bytes(&a, STR("x"));
    check(paper_options_write(&options, &p, &out) == CAU_OK);
    size_t around = out.len - 1; /* all but the text */
    for (size_t more = 0; more < 2; more++) {
        buf_reset(&out);
        p = of_bytes(&a, (struct str){bytes, room - around + more});
        enum cau_err err = paper_options_write(&options, &p, &out);
        check(more ? err != CAU_OK : err == CAU_OK && out.len == room);
    }
    buf_free(&out);
    free(bytes);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_has_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
