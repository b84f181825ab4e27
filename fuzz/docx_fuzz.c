/* A Word document. An even first byte: the rest is the file. An odd one: the rest is cut at 0xFF into the document, the
 * footnotes, the styles and the lists, which are put into an archive here, so that the readers of the parts are reached. Every
 * paragraph that comes out must be valid. */
#include "base/utf8.h"
#include "exchange/file/docx_read.h"
#include "zip_help.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str pack(struct arena *a, struct str bytes)
{
    static const char *const name[] = {"word/document.xml", "word/footnotes.xml",
                                       "word/styles.xml", "word/numbering.xml"};
    struct zip_parts p = zip_docx(a, "");
    p.stored = true;
    for (size_t i = 0; i < countof(name); i++) {
        struct str part = str_next(&bytes, (char)0xFF);
        if (part.len > 0)
            zip_put(&p, name[i], part);
    }
    return zip_pack(a, &p);
}

static void look(const struct docx_text *text)
{
    size_t n = 0;
    for (const struct docx_paragraph *p = text->first; p != NULL; p = p->next, n++) {
        must(p->text.len > 0 && utf8_valid(p->text));
        must((p->type == DOCX_HEADING) == (p->level > 0) && p->level <= 9);
    }
    must(n == text->n && n >= 1 && n <= DOCX_READ_PARAGRAPHS_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena a;
    if (a.base == NULL)
        a = arena_new((size_t)64 << 20);
    a.used = 0;
    struct str bytes = {(const char *)data + (size > 0), size - (size > 0)};
    if (size > 0 && data[0] % 2 == 1)
        bytes = pack(&a, bytes);
    struct docx_text text;
    struct docx_fault fault = {.why = DOCX_GOOD};
    enum cau_err err = docx_read(&a, bytes, &text, &fault);
    must(err == CAU_OK ||
         (err == CAU_ERR_SYNTAX && fault.why != DOCX_GOOD && docx_why_name(fault.why) != NULL));
    if (err != CAU_OK)
        return 0;
    look(&text);
    struct buf b = buf_new(4 * DOCX_READ_TEXT_BYTES_MAX);
    docx_write_prose(&text, &b);
    must(!b.failed && b.len > 0);
    buf_free(&b);
    return 0;
}
