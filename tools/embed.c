/* embed.c - turns files into C arrays: `embed FILE... > embedded.c`, see src/base/asset.h.
 * The name of an asset is its path without a leading "build/". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static size_t write_bytes(const char *path, int number)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        fail(path);
    printf("static const unsigned char file%d[] = {", number);
    size_t n = 0;
    for (int c = fgetc(f); c != EOF; c = fgetc(f), n++)
        printf("%s%d,", n % 32 == 0 ? "\n" : "", c);
    if (ferror(f) || fclose(f) != 0)
        fail(path);
    puts("0};"); /* never an empty array, and a NUL behind every text */
    return n;
}

int main(int argc, char **argv)
{
    puts("#include \"base/asset.h\"");
    size_t *size = calloc((size_t)argc, sizeof *size);
    if (size == NULL)
        fail("memory");
    for (int i = 1; i < argc; i++)
        size[i] = write_bytes(argv[i], i);
    puts("const struct asset asset_list[] = {");
    for (int i = 1; i < argc; i++) {
        const char *name = strncmp(argv[i], "build/", 6) == 0 ? argv[i] + 6 : argv[i];
        printf("{{\"%s\", %zu}, {(const char *)file%d, %zu}},\n", name, strlen(name), i,
               size[i]);
    }
    puts("{{0, 0}, {0, 0}}};");
    printf("const size_t asset_count = %d;\n", argc - 1);
    free(size);
    return 0;
}
