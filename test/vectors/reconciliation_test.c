/* The examples of the Reconciliation Service API 0.2: what is valid is read, what is not is refused. Answers are held
 * against the schemas by test/flow/reconcile.sh. */
#include "vectors.h"
#include "web/api/reconcile_read.h"

#define SET "reconciliation-api"

static const char *const query[] = {"no-query-string", "multi-values", "example-full",
                                    "example-min"};
static const char *const no_query[] = {"misnamed-property", "empty-properties", "empty-query"};
static const char *const extension[] = {"example-full", "example-min"};

static struct str example(const char *folder, const char *name)
{
    char path[300];
    snprintf(path, sizeof path, "0.2/examples/%s/%s.json", folder, name);
    return vectors_read(SET, path);
}

static void examples(void **state)
{
    (void)state;
    struct reconcile_batch batch;
    struct reconcile_extension x;
    if (!vectors_present(SET))
        skip();
    for (size_t i = 0; i < countof(query); i++)
        check(reconcile_read_queries(&vectors_arena,
                                     example("reconciliation-query-batch/valid", query[i]),
                                     &batch) == CAU_OK &&
              batch.n > 0);
    for (size_t i = 0; i < countof(no_query); i++)
        check(reconcile_read_queries(&vectors_arena,
                                     example("reconciliation-query-batch/invalid", no_query[i]),
                                     &batch) == CAU_ERR_SYNTAX);
    for (size_t i = 0; i < countof(extension); i++)
        check(reconcile_read_extension(&vectors_arena,
                                       example("data-extension-query/valid", extension[i]),
                                       &x) == CAU_OK &&
              x.ids > 0);
    printf("%zu examples of reconciliation-api 0.2\n",
           countof(query) + countof(no_query) + countof(extension));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(examples)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
