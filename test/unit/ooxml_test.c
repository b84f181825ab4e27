#include "exchange/file/ooxml_int.h"

#include "test.h"
#include "zip_help.h"

#include <stdio.h>

static const struct ooxml_limits limits = {(uint64_t)1 << 30, (uint64_t)1 << 30, 10};

static void ignore(struct ooxml_part *p, const char *name, const char **attribute)
{
    (void)p, (void)name, (void)attribute;
}

/* Spaces pack a thousand times: what unpacks to more than OOXML_RATIO_MAX times its packed size, beyond the first MiB, is
 * refused, and nothing less is. */
static void a_part_unpacks_so_much(void **state)
{
    (void)state;
    struct arena a = arena_new((size_t)64 << 20);
    unsigned good = 0, refused = 0;
    for (size_t n = OOXML_RATIO_FREE_BYTES; n < OOXML_RATIO_FREE_BYTES * 2; n += 1 << 14) {
        struct zip_parts parts = {.n = 0};
        struct ooxml o;
        struct ooxml_fault fault = {.why = OOXML_GOOD};
        struct ooxml_part part = {.start = ignore};
        zip_stat_t stat;
        zip_put(&parts, "x.xml", zip_repeat(&a, "<x>", " ", n, "</x>"));
        struct str file = zip_pack(&a, &parts);
        check(ooxml_open(&o, &a, file, limits, &fault) == CAU_OK);
        check(zip_stat(o.zip, "x.xml", 0, &stat) == 0);
        bool over = stat.size > stat.comp_size * OOXML_RATIO_MAX + OOXML_RATIO_FREE_BYTES;
        part.package = &o;
        enum cau_err err = ooxml_run(&o, &part, STR("x.xml"), &fault);
        check(err == (over ? CAU_ERR_SYNTAX : CAU_OK));
        check(fault.why == (over ? OOXML_RATIO : OOXML_GOOD));
        over ? refused++ : good++;
        ooxml_close(&o);
        arena_reset(&a);
    }
    check(good > 0 && refused > 0);
    arena_free(&a);
}

/* A relation to a part with too long a name is passed over, as one that leads outside. */
static void names_have_a_limit(void **state)
{
    (void)state;
    struct arena a = arena_new((size_t)4 << 20);
    for (size_t n = OOXML_NAME_BYTES_MAX; n <= OOXML_NAME_BYTES_MAX + 1; n++) {
        char target[OOXML_NAME_BYTES_MAX + 2], rels[1000];
        struct zip_parts parts = {.n = 0};
        struct ooxml o;
        struct ooxml_fault fault = {.why = OOXML_GOOD};
        struct ooxml_relations all;
        memset(target, 't', n);
        target[n] = '\0';
        snprintf(rels, sizeof rels,
                 "<Relationships><Relationship Id=\"r\" Type=\"t/main\" Target=\"%s\"/>"
                 "</Relationships>",
                 target);
        zip_put(&parts, "_rels/.rels", str_of(rels));
        check(ooxml_open(&o, &a, zip_pack(&a, &parts), limits, &fault) == CAU_OK);
        check(ooxml_read_relations(&o, STR(""), &all, &fault) == CAU_OK);
        const struct ooxml_relation *main = ooxml_of_type(&all, "/main");
        check((main != NULL) == (n <= OOXML_NAME_BYTES_MAX));
        check(main == NULL || str_is(main->target, target));
        ooxml_close(&o);
    }
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_unpacks_so_much),
        cmocka_unit_test(names_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
