/* demo/: every record is good, comes once, and what it points to is there. */
#include "base/asset.h"
#include "record/json.h"
#include "record/record.h"
#include "test.h"

#include <stdio.h>

#define RECORDS_MAX 5000

static struct arena a;
static struct kinds kinds;
static struct record_form form[RECORDS_MAX];
static size_t records;

static struct str external_id(const struct record_form *f)
{
    return value_get_str(&f->payload, "external_id");
}

static bool is_here(struct str id)
{
    for (size_t i = 0; i < records; i++)
        if (str_equal(external_id(&form[i]), id))
            return true;
    return false;
}

static void tell(const struct asset *file, size_t line, const struct record_problems *p)
{
    for (size_t i = 0; i < p->n; i++)
        print_error("%.*s:%zu: %.*s: %s %.*s\n", STR_ARG(file->name), line,
                    STR_ARG(p->v[i].place), record_code_name(p->v[i].code),
                    STR_ARG(p->v[i].value));
}

static bool read_line(const struct asset *file, size_t line, struct str text)
{
    struct value v;
    struct record_problems p = {.n = 0};
    struct record_rules rules = {.all_fields = true};
    must(records < RECORDS_MAX);
    bool good = json_read(&a, text, RECORD_BYTES_MAX, JSON_FORM, &v, NULL) == CAU_OK &&
                record_check(&a, &kinds, &v, rules, &form[records], &p) == CAU_OK;
    if (!good) {
        print_error("%.*s:%zu is refused\n", STR_ARG(file->name), line);
        tell(file, line, &p);
    }
    return good;
}

static void every_record_is_good_and_comes_once(void **state)
{
    (void)state;
    bool good = true;
    for (size_t i = 0; i < asset_count; i++) {
        const struct asset *file = &asset_list[i];
        struct str rest = file->bytes;
        if (!str_starts(file->name, STR("demo/")) || !str_ends(file->name, STR(".jsonl")))
            continue;
        for (size_t line = 1; rest.len > 0; line++) {
            struct str text = str_next(&rest, '\n');
            if (!read_line(file, line, text)) {
                good = false;
                continue;
            }
            struct str id = external_id(&form[records]);
            if (id.len == 0 || is_here(id)) {
                print_error("%.*s:%zu: twice, or no external id: %.*s\n", STR_ARG(file->name),
                            line, STR_ARG(id));
                good = false;
            }
            records++;
        }
    }
    check(good && records > 0);
}

static void every_link_leads_to_a_record(void **state)
{
    (void)state;
    static struct record_link link[RECORD_LINKS_MAX];
    bool good = true;
    for (size_t i = 0; i < records; i++) {
        size_t n = record_links(form[i].kind, &form[i].payload, link, countof(link));
        for (size_t j = 0; j < n; j++)
            if (link[j].to.len > 0 && !is_here(link[j].to)) {
                print_error("%.*s: %.*s leads to %.*s, which is not in demo/\n",
                            STR_ARG(external_id(&form[i])), STR_ARG(link[j].rel),
                            STR_ARG(link[j].to));
                good = false;
            }
    }
    check(good);
}

/* Facts are told in the three languages, and each names its publication. */
static void every_fact_has_three_languages_and_a_source(void **state)
{
    (void)state;
    bool good = true;
    for (size_t i = 0; i < records; i++) {
        const struct record_form *f = &form[i];
        if (value_get(&f->payload, "example") != NULL || str_is(f->kind->name, "organization"))
            continue;
        const struct value *title = value_get(&f->payload, "title");
        bool told = title != NULL && value_get(title, "vi") != NULL &&
                    value_get(title, "ru") != NULL && value_get(title, "en") != NULL;
        if (!told || value_get(&f->payload, "sources") == NULL) {
            print_error("%.*s: a language or the source is missing\n", STR_ARG(external_id(f)));
            good = false;
        }
    }
    check(good);
}

int main(void)
{
    a = arena_new((size_t)64 << 20);
    if (kinds_load(&a, &kinds, NULL) != CAU_OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_is_good_and_comes_once),
        cmocka_unit_test(every_link_leads_to_a_record),
        cmocka_unit_test(every_fact_has_three_languages_and_a_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
