/* zip_help.h - archives made for tests and fuzzers. */
#ifndef CAU_TEST_ZIP_HELP_H
#define CAU_TEST_ZIP_HELP_H

#include "base/base.h"

#include <string.h>
#include <zip.h>

struct zip_parts {
    const char *name[12];
    struct str content[12];
    size_t n;
    bool stored; /* not packed */
};

/* Adds a part; one of that name is replaced. */
static inline void zip_put(struct zip_parts *p, const char *name, struct str content)
{
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(p->name[i], name) == 0) {
            p->content[i] = content;
            return;
        }
    must(p->n < countof(p->name));
    p->name[p->n] = name;
    p->content[p->n++] = content;
}

/* The archive, in the arena. */
static inline struct str zip_pack(struct arena *a, const struct zip_parts *p)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *space = zip_source_buffer_create(NULL, 0, 0, &error);
    must(space != NULL);
    zip_source_keep(space);
    zip_t *zip = zip_open_from_source(space, ZIP_TRUNCATE, &error);
    must(zip != NULL);
    for (size_t i = 0; i < p->n; i++) {
        zip_source_t *from = zip_source_buffer(zip, p->content[i].p, p->content[i].len, 0);
        zip_int64_t at = zip_file_add(zip, p->name[i], from, ZIP_FL_ENC_UTF_8);
        must(at >= 0);
        must(zip_set_file_compression(zip, (zip_uint64_t)at,
                                      p->stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 0) == 0);
    }
    must(zip_close(zip) == 0);
    zip_stat_t stat;
    must(zip_source_stat(space, &stat) == 0 && zip_source_open(space) == 0);
    char *bytes = arena_take(a, stat.size);
    must(bytes != NULL && zip_source_read(space, bytes, stat.size) == (zip_int64_t)stat.size);
    zip_source_close(space);
    zip_source_free(space);
    return (struct str){bytes, stat.size};
}

/* head, n times middle, tail. */
static inline struct str zip_repeat(struct arena *a, const char *head, const char *middle,
                                    size_t n, const char *tail)
{
    size_t len = strlen(middle), all = strlen(head) + n * len + strlen(tail);
    char *p = arena_take(a, all), *to = p;
    must(p != NULL);
    memcpy(to, head, strlen(head));
    to += strlen(head);
    for (size_t i = 0; i < n; i++, to += len)
        memcpy(to, middle, len);
    memcpy(to, tail, strlen(tail));
    return (struct str){p, all};
}

/* The same bytes with every size field of `size` saying 1,000: an archive that lies. */
static inline struct str zip_lie(struct arena *a, struct str bytes, size_t size)
{
    char *file = arena_take(a, bytes.len);
    must(file != NULL);
    memcpy(file, bytes.p, bytes.len);
    const unsigned char real[4] = {(unsigned char)size, (unsigned char)(size >> 8),
                                   (unsigned char)(size >> 16), (unsigned char)(size >> 24)};
    unsigned lies = 0;
    for (size_t i = 0; i + 4 <= bytes.len; i++)
        if (memcmp(file + i, real, 4) == 0) {
            memcpy(file + i, "\xE8\x03\0\0", 4);
            lies++;
        }
    must(lies >= 2);
    return (struct str){file, bytes.len};
}

/* ---- a Word document ---- */

#define DOCX_RELS                                                                              \
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
#define DOCX_TYPES "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define DOCX_MAIN                                                                              \
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

/* body: what stands between <w:body> and its end, in the arena. */
static inline struct zip_parts zip_docx(struct arena *a, const char *body)
{
    struct zip_parts p = {.n = 0};
    zip_put(&p, "[Content_Types].xml",
            STR("<Types><Override PartName=\"/word/document.xml\" ContentType=\"" DOCX_MAIN
                "\"/></Types>"));
    zip_put(&p, "_rels/.rels",
            STR(DOCX_RELS "<Relationship Id=\"rId1\" Type=\"" DOCX_TYPES
                          "officeDocument\" Target=\"word/document.xml\"/></Relationships>"));
    zip_put(
        &p, "word/_rels/document.xml.rels",
        STR(DOCX_RELS
            "<Relationship Id=\"rId1\" Type=\"" DOCX_TYPES
            "styles\" Target=\"styles.xml\"/><Relationship Id=\"rId2\" Type=\"" DOCX_TYPES
            "footnotes\" Target=\"footnotes.xml\"/><Relationship Id=\"rId3\" "
            "Type=\"" DOCX_TYPES "endnotes\" Target=\"endnotes.xml\"/><Relationship "
            "Id=\"rId4\" Type=\"" DOCX_TYPES "attachedTemplate\" TargetMode=\"External\" "
            "Target=\"http://example.org/t.dotm\"/><Relationship Id=\"rId5\" Type=\"" DOCX_TYPES
            "numbering\" Target=\"numbering.xml\"/></Relationships>"));
    zip_put(&p, "word/numbering.xml",
            STR("<w:numbering xmlns:w=\"w\"><w:abstractNum w:abstractNumId=\"7\"><w:lvl "
                "w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/><w:lvlText "
                "w:val=\"%1.\"/></w:lvl><w:lvl w:ilvl=\"1\"><w:start w:val=\"1\"/><w:numFmt "
                "w:val=\"russianLower\"/><w:lvlText w:val=\"%1.%2)\"/></w:lvl><w:lvl "
                "w:ilvl=\"2\"><w:start w:val=\"4\"/><w:numFmt w:val=\"upperRoman\"/><w:lvlText "
                "w:val=\"%3\"/></w:lvl></w:abstractNum><w:abstractNum w:abstractNumId=\"8\">"
                "<w:lvl w:ilvl=\"0\"><w:numFmt w:val=\"bullet\"/><w:lvlText w:val=\"*\"/>"
                "</w:lvl></w:abstractNum><w:num w:numId=\"3\"><w:abstractNumId w:val=\"8\"/>"
                "</w:num><w:num w:numId=\"5\"><w:abstractNumId w:val=\"7\"/></w:num><w:num "
                "w:numId=\"6\"><w:abstractNumId w:val=\"7\"/><w:lvlOverride w:ilvl=\"0\">"
                "<w:startOverride w:val=\"10\"/></w:lvlOverride></w:num></w:numbering>"));
    zip_put(
        &p, "word/styles.xml",
        STR("<w:styles xmlns:w=\"w\"><w:style w:styleId=\"a\"><w:name w:val=\"Normal\"/>"
            "</w:style><w:style w:styleId=\"1\"><w:name w:val=\"heading 1\"/></w:style>"
            "<w:style w:styleId=\"Muc\"><w:name w:val=\"Mục\"/><w:pPr><w:outlineLvl "
            "w:val=\"1\"/></w:pPr></w:style><w:style w:styleId=\"So\"><w:name "
            "w:val=\"Số\"/><w:pPr>"
            "<w:numPr><w:ilvl w:val=\"1\"/><w:numId w:val=\"5\"/></w:numPr></w:pPr></w:style>"
            "</w:styles>"));
    zip_put(&p, "word/footnotes.xml",
            STR("<w:footnotes xmlns:w=\"w\"><w:footnote w:type=\"separator\" w:id=\"-1\"><w:p>"
                "<w:r><w:t>no</w:t></w:r></w:p></w:footnote><w:footnote w:id=\"2\"><w:p><w:r>"
                "<w:t>First </w:t></w:r></w:p><w:p><w:r><w:t>note.</w:t></w:r></w:p>"
                "</w:footnote><w:footnote w:id=\"3\"><w:p><w:r><w:t>Unused.</w:t></w:r></w:p>"
                "</w:footnote></w:footnotes>"));
    zip_put(&p, "word/endnotes.xml",
            STR("<w:endnotes xmlns:w=\"w\"><w:endnote w:id=\"2\"><w:p><w:r><w:t>End "
                "note.</w:t></w:r></w:p></w:endnote></w:endnotes>"));
    zip_put(
        &p, "word/document.xml",
        zip_repeat(a, "<w:document xmlns:w=\"w\"><w:body>", body, 1, "</w:body></w:document>"));
    return p;
}

#endif
