/* What it costs to check a record: forms of every kind with every field, and a small offer as an import
 * has them by the thousand. Prints one line each: name, bytes of the payload, microseconds. */
#include "record/record.h"

#include "base/clock.h"
#include "make_record.h"
#include "record/json.h"

enum { ROUNDS = 2000 };

static struct arena kept, a;
static struct kinds kinds;
static struct record_problems problems;

static void measure(const char *name, const struct value *form)
{
    struct record_form made;
    struct record_rules rules = {.all_fields = true};
    struct buf b = buf_new(RECORD_BYTES_MAX);
    int64_t check_us = 0, write_us = 0;
    for (int i = 0; i < ROUNDS; i++) {
        a.used = 0;
        int64_t start = clock_monotonic_us();
        must(record_check(&a, &kinds, form, rules, &made, &problems) == CAU_OK);
        int64_t middle = clock_monotonic_us();
        buf_reset(&b);
        must(record_write(&b, &made.payload) == CAU_OK);
        check_us += middle - start;
        write_us += clock_monotonic_us() - middle;
    }
    printf("%-16s %6zu bytes  check %7.2f us  write %7.2f us\n", name, b.len,
           (double)check_us / ROUNDS, (double)write_us / ROUNDS);
    buf_free(&b);
}

static const char offer[] =
    "{\"country\":\"RU\",\"external_id\":\"x-17\",\"fields\":[\"FORD:2.7\"],\"kind\":\"offer\","
    "\"summary\":{\"ru\":\"Проектирование и изготовление плавучих оснований для ветроустановок "
    "на глубинах свыше шестидесяти метров, с испытаниями модели в опытовом бассейне.\"},"
    "\"title\":{\"ru\":\"Плавучие фундаменты для морских ветроустановок\",\"vi\":\"Móng nổi "
    "cho "
    "điện gió ngoài khơi\"},\"visibility\":\"public\"}";

static const char organization[] =
    "{\"city\":{\"en\":\"Hanoi\"},\"coordinates\":{\"latitude\":21.0285,\"longitude\":105.8542}"
    ","
    "\"country\":\"VN\",\"established\":\"1975\",\"external_id\":\"https://ror.org/02wsd5p50\","
    "\"identifiers\":{\"ror\":\"https://ror.org/02wsd5p50\"},\"kind\":\"organization\","
    "\"links\":[{\"label\":\"Institute of "
    "Physics\",\"rel\":\"child\",\"to\":\"https://ror.org/1\"}],"
    "\"name\":{\"en\":[\"Vietnam Academy of Science and Technology\",\"VAST\"],\"vi\":\"Viện "
    "Hàn "
    "lâm Khoa học và Công nghệ Việt Nam\"},\"types\":[\"government\"],"
    "\"websites\":[\"https://vast.gov.vn/\"]}";

static void measure_text(const char *name, const char *text)
{
    struct value form;
    must(json_read(&kept, str_of(text), 4096, JSON_FORM, &form, NULL) == CAU_OK);
    measure(name, &form);
}

int main(void)
{
    kept = arena_new((size_t)64 << 20);
    a = arena_new((size_t)64 << 20);
    must(kinds_load(&kept, &kinds, NULL) == CAU_OK);
    measure_text("small offer", offer);
    measure_text("small organization", organization);
    for (size_t i = 0; i < kinds.n; i++) {
        char name[40];
        struct make m = {&kept, 0};
        struct value form = make_form(&m, &kinds.kind[i], true);
        snprintf(name, sizeof name, "full %.*s", STR_ARG(kinds.kind[i].name));
        measure(name, &form);
    }
    return 0;
}
