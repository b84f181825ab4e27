#include "record/record.h"

#include "base/asset.h"
#include "make_record.h"
#include "record/json.h"
#include "test.h"

static struct arena a;
static struct kinds kinds, shipped; /* of the test, of the program */
static struct record_problems problems;
static struct record_form made;

#define LABELS "vi Một\nru Один\nen One\n"
#define HEAD(name)                                                                             \
    "kind " name "\nmajor 1\ntitle title\n" LABELS                                             \
    "many.vi Nhiều\nmany.ru Много\nmany.en Many\n"
#define FIELD(name, type)  "\nfield " name "\ntype " type "\n" LABELS
#define COLUMN(name, type) "\ncolumn " name "\ntype " type "\n" LABELS
#define LIST(name)         "list " name "\n" LABELS "\n"

/* A kind with every type and every limit there is. */
static const char thing[] =
    HEAD("thing") FIELD("title", "text\nlimit 10\nrequired\nsearch 6")                     //
    FIELD("summary", "prose\nlimit 20\nsearch 2")                                          //
    FIELD("name", "names\nlimit 10\nmost 3\nsearch 5")                                     //
    FIELD("line", "line\nlimit 5\nsearch 1")                                               //
    FIELD("long", "line") FIELD("longer", "prose") FIELD("longest", "prose\nlimit 400000") //
    FIELD("site", "url\nmany\nmost 2") FIELD("mail", "email")                              //
    FIELD("day", "date\nfacet year") FIELD("year", "integer\nlimit 2999\nfacet year")      //
    FIELD("count", "integer") FIELD("share", "decimal") FIELD("urgent", "flag")            //
    FIELD("force", "choice force\nfacet status") FIELD("forces", "choice force\nmany")     //
    FIELD("org", "link thing") FIELD("orgs", "link\nmany") FIELD("cost", "money")          //
    FIELD("at", "place") FIELD("fields", "codes\nfacet field\nmost 3")                     //
    FIELD("ids", "identifiers\nmost 1\nsearch 1") FIELD("sources", "sources\nmost 2")      //
    FIELD("links", "relations") FIELD("state", "choice force\nrule")                       //
    FIELD("need", "date\nrule\nrequired")                                                  //
    FIELD("words", "line\nmany\nsearch 3")                                                 //
    FIELD("agenda", "rows\nmost 2") COLUMN("topic", "text\nrequired\nsearch 2")            //
    COLUMN("when", "date\nfacet year") COLUMN("who", "link") COLUMN("cost", "money")       //
    COLUMN("marks", "choice force\nmany");

#define ASSET(name, text)                                                                      \
    {                                                                                          \
        {name, sizeof(name) - 1},                                                              \
        {                                                                                      \
            text, sizeof(text) - 1                                                             \
        }                                                                                      \
    }
static const struct asset files[] = {
    ASSET("kinds/force.list", LIST("force") "agreed | a | b | c\nasked | a | b | c\n"),
    ASSET("kinds/language.list",
          LIST("language") "vi|a|b|c\nru|a|b|c\nen|a|b|c\nde|a|b|c\nund|a|b|c\n"),
    ASSET("kinds/currency.list", LIST("currency") "USD | a | b | c\n"),
    ASSET("kinds/scheme.list", LIST("scheme") "FORD | a | b | c\nGRNTI | a | b | c\n"),
    ASSET("kinds/ford.list", LIST("ford") "2 | a | b | c\n2.7 | a | b | c\n"),
    ASSET("kinds/identifier.list", LIST("identifier") "ror | a | b | c\ninn | a | b | c\n"),
    ASSET("kinds/relation.list", LIST("relation") "parent | a | b | c\n"),
    ASSET("kinds/thing.kind", thing),
    ASSET("kinds/free.kind", HEAD("free") FIELD("title", "text")),
};

/* The value of a JSON text whose quotes are written as '. */
static struct value json(const char *text)
{
    struct str copy;
    struct value v;
    must(arena_copy(&a, str_of(text), &copy) == CAU_OK);
    char *p = arena_take(&a, copy.len);
    for (size_t i = 0; i < copy.len; i++)
        p[i] = copy.p[i] == '\'' ? '"' : copy.p[i];
    struct json_fault f;
    enum cau_err err =
        json_read(&a, (struct str){p, copy.len}, (size_t)4 << 20, JSON_FORM, &v, &f);
    if (err != CAU_OK)
        print_error("%s: why %d\n", text, (int)f.why);
    must(err == CAU_OK);
    return v;
}

static enum cau_err try(const char *text, struct record_rules rules)
{
    a.used = 0;
    made = (struct record_form){.audience = RECORD_AUDIENCES};
    struct value form = json(text);
    return record_check(&a, &kinds, &form, rules, &made, &problems);
}

/* Checks that the members given beside kind and title are refused with this code alone. */
static void refused_with(const char *members, enum record_code code, const char *place,
                         const char *value, int64_t limit)
{
    char text[2000];
    snprintf(text, sizeof text, "{'kind':'thing','title':{'vi':'a'},%s}", members);
    enum cau_err err = try(text, (struct record_rules){0});
    const struct record_problem *p = &problems.v[0];
    if (err != CAU_ERR_SYNTAX || problems.n != 1 || p->code != code ||
        !str_is(p->place, place) || !str_is(p->value, value) || p->limit != limit)
        print_error("%s -> %d: %zu problems, %s at '%.*s' value '%.*s' limit %lld\n", text,
                    (int)err, problems.n, record_code_name(p->code), STR_ARG(p->place),
                    STR_ARG(p->value), (long long)p->limit);
    check(err == CAU_ERR_SYNTAX && problems.n == 1 && p->code == code &&
          str_is(p->place, place) && str_is(p->value, value) && p->limit == limit);
    check(made.kind == NULL && made.audience == RECORD_AUDIENCES); /* *out unchanged */
}

/* Checks that the members are accepted and become these canonical bytes (title is there too). */
static void becomes(const char *members, const char *payload)
{
    char text[4000], want[4000];
    struct buf b = buf_new(RECORD_BYTES_MAX);
    snprintf(text, sizeof text, "{'kind':'thing','title':{'vi':'a'},%s}", members);
    enum cau_err err = try(text, (struct record_rules){0});
    if (err != CAU_OK)
        print_error("%s: %s at %.*s\n", text, record_code_name(problems.v[0].code),
                    STR_ARG(problems.v[0].place));
    check(err == CAU_OK && problems.n == 0);
    value_remove(&made.payload, "title");
    check(record_write(&b, &made.payload) == CAU_OK);
    snprintf(want, sizeof want, "%s", payload);
    for (char *p = want; *p != '\0'; p++)
        *p = *p == '\'' ? '"' : *p;
    if (!str_is(buf_str(&b), want))
        print_error("%s\n-> %.*s\nnot %s\n", text, STR_ARG(buf_str(&b)), want);
    check(str_is(buf_str(&b), want));
    buf_free(&b);
}

static void refuses_a_bad_frame(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum record_code code;
        const char *place;
    } bad[] = {
        {"[]", RECORD_WRONG_TYPE, ""},
        {"{'title':{'vi':'a'}}", RECORD_REQUIRED, "kind"},
        {"{'kind':7}", RECORD_WRONG_TYPE, "kind"},
        {"{'kind':'things'}", RECORD_UNKNOWN_KIND, "kind"},
        {"{'kind':'thing/2'}", RECORD_UNKNOWN_KIND, "kind"},
        {"{'kind':'free','visibility':'all'}", RECORD_UNKNOWN_CODE, "visibility"},
        {"{'kind':'free','visibility':1}", RECORD_WRONG_TYPE, "visibility"},
        {"{'kind':'free','audit':{'by':'u'}}", RECORD_BY_RULE, "audit"},
        {"{'kind':'thing'}", RECORD_REQUIRED, "title"},
        {"{'kind':'thing','title':{'vi':''}}", RECORD_REQUIRED, "title"},
        {"{'kind':'thing','title':null}", RECORD_REQUIRED, "title"},
    };
    for (size_t i = 0; i < countof(bad); i++) {
        check(try(bad[i].text, (struct record_rules){.all_fields = true}) == CAU_ERR_SYNTAX);
        check(problems.n == 1 && problems.v[0].code == bad[i].code &&
              str_is(problems.v[0].place, bad[i].place));
    }
    check(try("{'kind':'free/1','visibility':'partner'}", (struct record_rules){0}) == CAU_OK);
    check(made.audience == RECORD_PARTNER && made.audience_given && made.payload.n == 0 &&
          str_is(made.kind->name, "free"));
    check(try("{'kind':'free','visibility':null}", (struct record_rules){0}) == CAU_OK);
    check(made.audience == RECORD_PUBLIC && !made.audience_given);
}

static void refuses_each_code(void **state)
{
    (void)state;
    refused_with("'colour':'red'", RECORD_UNKNOWN_FIELD, "colour", "red", 0);
    refused_with("'agenda':[{'topic':{'vi':'a'},'x':1}]", RECORD_UNKNOWN_FIELD, "agenda[0].x",
                 "1", 0);
    refused_with("'cost':{'amount':'1','currency':'USD','x':''}", RECORD_UNKNOWN_FIELD,
                 "cost.x", "", 0);
    refused_with("'at':{'lat':1}", RECORD_UNKNOWN_FIELD, "at.lat", "1", 0);
    refused_with("'summary':{'vi':{'text':'a','by':'b'}}", RECORD_UNKNOWN_FIELD,
                 "summary.vi.by", "b", 0);
    refused_with("'summary':{'vi':{'text':'a','origin':'original','from':'ru'}}",
                 RECORD_UNKNOWN_FIELD, "summary.vi.from", "ru", 0);
    refused_with("'state':'asked'", RECORD_BY_RULE, "state", "asked", 0);

    static const char *const wrong[][2] = {
        {"'summary':'plain'", "summary"},
        {"'summary':['a']", "summary"},
        {"'summary':{'vi':5}", "summary.vi"},
        {"'summary':{'vi':['a']}", "summary.vi"},
        {"'summary':{'vi':{'text':5}}", "summary.vi.text"},
        {"'name':{'vi':{'text':'a'}}", "name.vi"},
        {"'name':{'vi':['a',true]}", "name.vi[1]"},
        {"'line':5", "line"},
        {"'line':['a']", "line"},
        {"'site':[{}]", "site[0]"},
        {"'mail':true", "mail"},
        {"'day':2019", "day"},
        {"'count':true", "count"},
        {"'count':[1]", "count"},
        {"'share':{}", "share"},
        {"'urgent':'yes'", "urgent"},
        {"'force':1", "force"},
        {"'forces':[[]]", "forces[0]"},
        {"'org':1", "org"},
        {"'cost':'1 USD'", "cost"},
        {"'at':[21.0,105.8]", "at"},
        {"'at':{'latitude':true,'longitude':'1'}", "at.latitude"},
        {"'fields':{}", "fields"},
        {"'fields':[2.7]", "fields[0]"},
        {"'ids':[]", "ids"},
        {"'ids':{'ror':['a']}", "ids.ror"},
        {"'sources':'a book'", "sources"},
        {"'links':[1]", "links[0]"},
        {"'agenda':[['a']]", "agenda[0]"},
    };
    for (size_t i = 0; i < countof(wrong); i++) {
        char text[300];
        snprintf(text, sizeof text, "{'kind':'thing','title':{'vi':'a'},%s}", wrong[i][0]);
        check(try(text, (struct record_rules){0}) == CAU_ERR_SYNTAX);
        if (problems.n != 1 || problems.v[0].code != RECORD_WRONG_TYPE)
            print_error("%s: %s\n", text, record_code_name(problems.v[0].code));
        check(problems.n == 1 && problems.v[0].code == RECORD_WRONG_TYPE &&
              str_is(problems.v[0].place, wrong[i][1]));
    }

    refused_with("'agenda':[{'when':'2019'}]", RECORD_REQUIRED, "agenda[0].topic", "", 0);
    refused_with("'cost':{'amount':'1'}", RECORD_REQUIRED, "cost.currency", "", 0);
    refused_with("'at':{'latitude':'1'}", RECORD_REQUIRED, "at.longitude", "", 0);
    refused_with("'at':'21.02,'", RECORD_REQUIRED, "at.longitude", "", 0);
    refused_with("'sources':{'note':'a'}", RECORD_REQUIRED, "sources.title", "", 0);
    refused_with("'links':[{'rel':'parent'}]", RECORD_REQUIRED, "links[0].to", "", 0);
    refused_with("'links':[{'to':'x'}]", RECORD_REQUIRED, "links[0].rel", "", 0);
    refused_with("'summary':{'ru':{'text':'a','from':'vi'}}", RECORD_REQUIRED,
                 "summary.ru.origin", "", 0);
    refused_with("'summary':{'ru':{'text':' ','origin':'human'}}", RECORD_EMPTY,
                 "summary.ru.text", "", 0);

    refused_with("'summary':{'vi':'e\xCC\x81'}", RECORD_NOT_NFC, "summary.vi", "e\xCC\x81", 0);
    refused_with("'line':'a\\nb'", RECORD_BAD_TEXT, "line", "a\nb", 0);
    refused_with("'line':'a\\u2028b'", RECORD_BAD_TEXT, "line", "a\u2028b", 0);
    refused_with("'line':'a\\u202eb'", RECORD_BAD_TEXT, "line", "a\u202eb", 0);
    refused_with("'name':{'vi':'a\\u2066b'}", RECORD_BAD_TEXT, "name.vi", "a\u2066b", 0);
    refused_with("'org':'a\\rb'", RECORD_BAD_TEXT, "org", "a\rb", 0);

    refused_with("'day':'7.3.2019'", RECORD_BAD_DATE, "day", "7.3.2019", 0);
    refused_with("'day':'2019-02-29'", RECORD_NO_SUCH_DATE, "day", "2019-02-29", 0);
    refused_with("'day':'0000'", RECORD_NO_SUCH_DATE, "day", "0000", 0);
    refused_with("'force':'none'", RECORD_UNKNOWN_CODE, "force", "none", 0);
    refused_with("'forces':['asked','no']", RECORD_UNKNOWN_CODE, "forces[1]", "no", 0);
    refused_with("'cost':{'amount':'1','currency':'usd'}", RECORD_UNKNOWN_CODE, "cost.currency",
                 "usd", 0);
    refused_with("'fields':['FORD:9']", RECORD_UNKNOWN_CODE, "fields[0]", "FORD:9", 0);
    refused_with("'fields':'2.7'", RECORD_UNKNOWN_CODE, "fields", "2.7", 0);
    refused_with("'fields':['ford:2.7']", RECORD_UNKNOWN_CODE, "fields[0]", "ford:2.7", 0);
    refused_with("'fields':['GRNTI:44/37']", RECORD_UNKNOWN_CODE, "fields[0]", "GRNTI:44/37",
                 0);
    refused_with("'fields':['GRNTI:']", RECORD_UNKNOWN_CODE, "fields[0]", "GRNTI:", 0);
    refused_with("'ids':{'isbn':'1'}", RECORD_UNKNOWN_CODE, "ids.isbn", "1", 0);
    refused_with("'links':[{'rel':'x','to':'y'}]", RECORD_UNKNOWN_CODE, "links[0].rel", "x", 0);
    refused_with("'summary':{'ru':{'text':'a','origin':'x'}}", RECORD_UNKNOWN_CODE,
                 "summary.ru.origin", "x", 0);
    refused_with("'summary':{'fr':'a'}", RECORD_UNKNOWN_LANGUAGE, "summary.fr", "a", 0);
    refused_with("'summary':{'ru':{'text':'a','origin':'human','from':'fr'}}",
                 RECORD_UNKNOWN_LANGUAGE, "summary.ru.from", "fr", 0);
    refused_with("'site':'example.vn'", RECORD_BAD_ADDRESS, "site", "example.vn", 0);
    refused_with("'mail':'office'", RECORD_BAD_ADDRESS, "mail", "office", 0);
    refused_with("'count':1.5", RECORD_BAD_NUMBER, "count", "", 0);
    refused_with("'count':'1 000'", RECORD_BAD_NUMBER, "count", "1 000", 0);
    refused_with("'share':1.5", RECORD_BAD_NUMBER, "share", "", 0);
    refused_with("'share':'1,5'", RECORD_BAD_NUMBER, "share", "1,5", 0);
    refused_with("'cost':{'amount':'x','currency':'USD'}", RECORD_BAD_NUMBER, "cost.amount",
                 "x", 0);
    refused_with("'at':'21'", RECORD_BAD_PLACE, "at", "21", 0);
    refused_with("'at':'north,105'", RECORD_BAD_PLACE, "at.latitude", "north", 90);
    refused_with("'at':{'latitude':'90.0000001','longitude':'1'}", RECORD_BAD_PLACE,
                 "at.latitude", "90.0000001", 90);
    refused_with("'at':{'latitude':1,'longitude':181}", RECORD_BAD_PLACE, "at.longitude", "181",
                 180);
    refused_with("'at':{'latitude':90.1,'longitude':0}", RECORD_BAD_PLACE, "at.latitude", "",
                 90);
    refused_with("'at':{'latitude':-1e300,'longitude':0}", RECORD_BAD_PLACE, "at.latitude", "",
                 90);
    refused_with("'org':'r:abc'", RECORD_BAD_LINK, "org", "r:abc", 0);
    refused_with("'org':'r:j4l274jnyhtxathigyx7j763vb'", RECORD_BAD_LINK, "org",
                 "r:j4l274jnyhtxathigyx7j763vb", 0); /* unused bits are not 0 */
    refused_with("'fields':['FORD:2.7','FORD:2.7']", RECORD_TWICE, "fields[1]", "FORD:2.7", 0);
    refused_with("'forces':['asked','asked']", RECORD_TWICE, "forces[1]", "asked", 0);
    refused_with("'orgs':['x','x']", RECORD_TWICE, "orgs[1]", "x", 0);
}

/* JSON with a run of n characters or values in the middle. */
static const char *stretched(const char *before, const char *unit, size_t n, const char *after)
{
    static char *text;
    static struct arena space;
    if (space.base == NULL)
        space = arena_new((size_t)8 << 20);
    space.used = 0;
    size_t head = strlen(before), one = strlen(unit), tail = strlen(after);
    text = arena_take(&space, head + n * one + tail + 1);
    memcpy(text, before, head);
    for (size_t i = 0; i < n; i++)
        memcpy(text + head + i * one, unit, one);
    memcpy(text + head + n * one, after, tail + 1);
    return text;
}

#define THING "{'kind':'thing','title':{'vi':'a'},"

/* At the limit it is taken, one step over it is refused with the code and the limit. */
static void keeps_its_limits(void **state)
{
    (void)state;
    static const struct {
        const char *before, *unit;
        size_t most;
        const char *after;
        enum record_code code;
        int64_t limit;
    } at[] = {
        {THING "'line':'", "đ", 5, "'}", RECORD_TOO_LONG, 5},
        {THING "'long':'", "đ", RECORD_TEXT_POINTS_MAX, "'}", RECORD_TOO_LONG,
         RECORD_TEXT_POINTS_MAX},
        {THING "'longer':{'vi':'", "đ", RECORD_PROSE_POINTS_MAX, "'}}", RECORD_TOO_LONG,
         RECORD_PROSE_POINTS_MAX},
        {THING "'name':{'vi':'", "x", 10, "'}}", RECORD_TOO_LONG, 10},
        {"{'kind':'thing','title':{'vi':'", "x", 10, "'}}", RECORD_TOO_LONG, 10},
        {"{'kind':'thing','title':{'vi':{'text':'", "x", 10, "'}}}", RECORD_TOO_LONG, 10},
        {THING "'name':{'vi':['a'", ",'b'", 2, "]}}", RECORD_TOO_MANY, 3},
        {THING "'words':['a'", ",'b'", RECORD_VALUES_MAX - 1, "]}", RECORD_TOO_MANY,
         RECORD_VALUES_MAX},
        {THING "'site':['http://a'", ",'http://b'", 1, "]}", RECORD_TOO_MANY, 2},
        {THING "'fields':['FORD:2','FORD:2.7'", ",'GRNTI:1'", 1, "]}", RECORD_TOO_MANY, 3},
        {THING "'agenda':[{'topic':{'vi':'a'}}", ",{'topic':{'vi':'b'}}", 1, "]}",
         RECORD_TOO_MANY, 2},
        {THING "'sources':[{'title':'a'}", ",{'title':'b'}", 1, "]}", RECORD_TOO_MANY, 2},
        {THING "'org':'", "x", RECORD_LINK_POINTS_MAX, "'}", RECORD_TOO_LONG,
         RECORD_LINK_POINTS_MAX},
        {THING "'ids':{'ror':'", "x", RECORD_ID_POINTS_MAX, "'}}", RECORD_TOO_LONG,
         RECORD_ID_POINTS_MAX},
        {THING "'site':['http://a/", "x", RECORD_URL_BYTES_MAX - 9, "']}", RECORD_TOO_LONG,
         RECORD_URL_BYTES_MAX},
        {THING "'site':['http://a/", "đ", (RECORD_URL_BYTES_MAX - 9) / 2, "']}",
         RECORD_BAD_ADDRESS, 0},
        {THING "'mail':'a@", "x.", (RECORD_EMAIL_BYTES_MAX - 4) / 2, "vn'}", RECORD_BAD_ADDRESS,
         0},
        {THING "'mail':'", "x", 64, "@a.vn'}", RECORD_BAD_ADDRESS, 0},
        {THING "'year':'29", "9", 2, "'}", RECORD_TOO_BIG, 2999},
        {THING "'count':'9007199254", "7", 0, "740991'}", RECORD_TOO_BIG, 9007199254740991},
        {THING "'longest':{'vi':'a\\n", "x", RECORD_BYTES_MAX - 43, "'}}", RECORD_TOO_BIG,
         RECORD_BYTES_MAX},
    };
    for (size_t i = 0; i < countof(at); i++) {
        bool escaped = at[i].code == RECORD_TOO_BIG && at[i].limit == RECORD_BYTES_MAX;
        const char *text = stretched(at[i].before, at[i].unit, at[i].most, at[i].after);
        enum cau_err err = try(text, (struct record_rules){0});
        if (err != CAU_OK)
            print_error("%zu: %.*s %s\n", i, STR_ARG(problems.v[0].place),
                        record_code_name(problems.v[0].code));
        check(err == CAU_OK);
        if (escaped) { /* the whole payload is exactly at the limit */
            struct buf b = buf_new(RECORD_BYTES_MAX + 9);
            check(record_write(&b, &made.payload) == CAU_OK);
            check(b.len == RECORD_BYTES_MAX);
            buf_reset(&b);
            struct value more = value_object(), *p = &made.payload;
            check(value_copy(&a, p, &more) == CAU_OK);
            check(value_set(&a, &more, STR("x"), value_true()) == CAU_OK);
            check(record_write(&b, &more) == CAU_ERR_RANGE);
            buf_free(&b);
        }
        text = stretched(at[i].before, at[i].unit, at[i].most + 1, at[i].after);
        check(try(text, (struct record_rules){0}) == CAU_ERR_SYNTAX && problems.n == 1);
        if (problems.v[0].code != at[i].code || problems.v[0].limit != at[i].limit)
            print_error("%zu: %s limit %lld\n", i, record_code_name(problems.v[0].code),
                        (long long)problems.v[0].limit);
        check(problems.v[0].code == at[i].code && problems.v[0].limit == at[i].limit);
        check(utf8_count(problems.v[0].value) <= RECORD_CLIP_POINTS);
    }
    refused_with("'ids':{'ror':'1','inn':'2'}", RECORD_TOO_MANY, "ids", "", 1);
    refused_with("'year':-3000", RECORD_TOO_BIG, "year", "-3000", 2999);

    struct value form = value_object();
    a.used = 0;
    for (size_t i = 0; i <= RECORD_PROBLEMS_MAX; i++) {
        char key[16];
        struct str copy;
        snprintf(key, sizeof key, "x%zu", i);
        check(arena_copy(&a, str_of(key), &copy) == CAU_OK);
        check(value_set(&a, &form, copy, value_true()) == CAU_OK);
    }
    check(value_set(&a, &form, STR("kind"), value_string(STR("free"))) == CAU_OK);
    check(record_check(&a, &kinds, &form, (struct record_rules){0}, &made, &problems) ==
          CAU_ERR_SYNTAX);
    check(problems.n == RECORD_PROBLEMS_MAX);
}

static void normalises(void **state)
{
    (void)state;
    becomes("'line':' \\u00a0a\\u3000\\n'", "{'line':'a'}");
    becomes("'line':'\\ufeff','name':{'vi':''},'summary':{},'sources':[],'cost':{}", "{}");
    becomes("'line':'','day':null,'urgent':false,'site':['',null],'agenda':[{},{'topic':{}}],"
            "'ids':{'ror':''},'at':'','force':' ','count':'','share':' '",
            "{}");
    becomes("'urgent':true", "{'urgent':true}");
    becomes("'summary':{'ru':{'text':' a '},'vi':{'text':null}}", "{'summary':{'ru':'a'}}");
    becomes("'summary':{'ru':{'text':' a ','origin':'machine','from':'vi'}}",
            "{'summary':{'ru':{'from':'vi','origin':'machine','text':'a'}}}");
    becomes("'summary':{'ru':{'text':'a','origin':'original','from':null}}",
            "{'summary':{'ru':{'origin':'original','text':'a'}}}");
    becomes("'summary':{'ru':'a\\r\\nb\\rc\\td'}", "{'summary':{'ru':'a\\nb\\nc\\td'}}");
    becomes("'summary':{'ru':'a\\u202eb'}", "{'summary':{'ru':'a\u202eb'}}");
    becomes("'name':{'vi':'a','und':['b','',null,'c']}",
            "{'name':{'und':['b','c'],'vi':['a']}}");
    becomes("'site':'http://a.vn','forces':'asked','orgs':'x'",
            "{'forces':['asked'],'orgs':['x'],'site':['http://a.vn']}");
    becomes("'fields':'FORD:2.7'", "{'fields':['FORD:2.7']}");
    becomes("'fields':['FORD:2',' GRNTI:44.37.29 ']", "{'fields':['FORD:2','GRNTI:44.37.29']}");
    becomes("'sources':{'title':'a','url':'https://b.ru/?c'}",
            "{'sources':[{'title':'a','url':'https://b.ru/?c'}]}");
    becomes("'links':{'rel':'parent','label':'a'}", "{'links':[{'label':'a','rel':'parent'}]}");
    becomes("'count':'-17','year':2019,'share':-5", "{'count':-17,'share':'-5','year':2019}");
    becomes("'cost':{'amount':12,'currency':' USD '}",
            "{'cost':{'amount':'12','currency':'USD'}}");
    becomes("'at':{'latitude':21.0285,'longitude':-105}",
            "{'at':{'latitude':'21.02850','longitude':'-105.00000'}}");
    becomes("'at':{'latitude':-0.000001,'longitude':0.00001}",
            "{'at':{'latitude':'0.00000','longitude':'0.00001'}}");
    becomes("'at':{'latitude':'21.0285','longitude':' 105.8542 '}",
            "{'at':{'latitude':'21.0285','longitude':'105.8542'}}");
    becomes("'at':{'latitude':'','longitude':null},'name':{'vi':null}", "{}");
    becomes("'at':' 21.0285, 105.8542 '",
            "{'at':{'latitude':'21.0285','longitude':'105.8542'}}");
    becomes("'at':{'latitude':'-90','longitude':'180.0'}",
            "{'at':{'latitude':'-90','longitude':'180.0'}}");
    becomes("'day':'2019-03','org':'r:j4l274jnyhtxathigyx7j763va'",
            "{'day':'2019-03','org':'r:j4l274jnyhtxathigyx7j763va'}");
    becomes(
        "'agenda':{'topic':{'vi':'a'},'marks':'asked','cost':{'amount':'1','currency':'USD'}}",
        "{'agenda':[{'cost':{'amount':'1','currency':'USD'},'marks':['asked'],"
        "'topic':{'vi':'a'}}]}");

    struct value form =
        json(THING "'summary':{'vi':'e\xCC\x81'},'site':'http://e\xCC\x81.vn'}");
    check(record_check(&a, &kinds, &form, (struct record_rules){.compose = true}, &made,
                       &problems) == CAU_OK);
    check(str_is(value_get_str(value_get(&made.payload, "summary"), "vi"), "é"));
    form = json(THING "'state':'asked'}");
    check(record_check(&a, &kinds, &form, (struct record_rules){.all_fields = true}, &made,
                       &problems) == CAU_OK);
    check(str_is(value_get_str(&made.payload, "state"), "asked"));
}

/* Values made by hand, as no reader of JSON would let them in. */
static void refuses_broken_bytes(void **state)
{
    (void)state;
    static const char *const broken[] = {"\xFF",  "a\xC3",        "\xED\xA0\x80",
                                         "a\x01", "\xEF\xBF\xBF", "\xF4\x90\x80\x80"};
    for (size_t i = 0; i < countof(broken); i++) {
        a.used = 0;
        struct value form = json(THING "'line':'','summary':{}}"), text = value_object();
        check(value_set(&a, &form, STR("line"), value_string(str_of(broken[i]))) == CAU_OK);
        check(value_set(&a, &text, STR("vi"), value_string(str_of(broken[i]))) == CAU_OK);
        check(value_set(&a, &form, STR("summary"), text) == CAU_OK);
        check(record_check(&a, &kinds, &form, (struct record_rules){.compose = true}, &made,
                           &problems) == CAU_ERR_SYNTAX);
        check(problems.n == 2 && problems.v[0].code == RECORD_BAD_TEXT &&
              problems.v[1].code == RECORD_BAD_TEXT && utf8_valid(problems.v[0].value));
    }
    struct value nul = value_string((struct str){"a\0b", 3}), form = json(THING "'line':''}");
    check(value_set(&a, &form, STR("line"), nul) == CAU_OK);
    check(record_check(&a, &kinds, &form, (struct record_rules){0}, &made, &problems) ==
          CAU_ERR_SYNTAX);
}

static void knows_addresses(void **state)
{
    (void)state;
    static const char *const good[] = {
        "'site':'http://a'",           "'site':'https://россия.рф/путь?х=1'",
        "'site':'http://a.vn:8080/x'", "'site':'https://[2001:db8::1]:443/'",
        "'site':'https://a.vn?x'",     "'site':'https://a.vn#x'",
        "'site':'http://127.0.0.1/'",  "'site':'https://a.vn/@user:x'",
        "'mail':'a.b+c@d-e.vn'",       "'mail':'почта@россия.рф'"};
    static const char *const bad[] = {"'site':'ftp://a.vn'",
                                      "'site':'javascript:alert(1)'",
                                      "'site':'http://'",
                                      "'site':'http:///x'",
                                      "'site':'http://a b'",
                                      "'site':'http://a.vn/a b'",
                                      "'site':'http://user@a.vn'",
                                      "'site':'http://bank.vn:443@evil.example/'",
                                      "'site':'http://a..vn'",
                                      "'site':'http://a.vn:'",
                                      "'site':'http://a.vn:123456'",
                                      "'site':'http://a.vn\\\\@b'",
                                      "'site':'http://a.vn/<x>'",
                                      "'site':'http://a.vn/\\u00a0x'",
                                      "'site':'http://a\\u202e.vn'",
                                      "'site':'HTTP://a.vn'",
                                      "'site':'http://-a.vn'",
                                      "'site':'http://[::1/'",
                                      "'site':'http://[::1%a]/'",
                                      "'site':'//a.vn'",
                                      "'mail':'a@b'",
                                      "'mail':'a@@b.vn'",
                                      "'mail':'@b.vn'",
                                      "'mail':'a b@c.vn'",
                                      "'mail':'a@b.vn.'",
                                      "'mail':'a..b@c.vn'",
                                      "'mail':'<a>@b.vn'",
                                      "'mail':'a@b.vn, c@d.vn'",
                                      "'mail':'a\\u3000b@c.vn'"};
    char text[300];
    for (size_t i = 0; i < countof(good) + countof(bad); i++) {
        bool fine = i < countof(good);
        snprintf(text, sizeof text, THING "%s}", fine ? good[i] : bad[i - countof(good)]);
        bool taken = try(text, (struct record_rules){0}) == CAU_OK;
        if (taken != fine)
            print_error("%s\n", text);
        check(taken == fine);
        check(taken || problems.v[0].code == RECORD_BAD_ADDRESS ||
              problems.v[0].code == RECORD_BAD_TEXT);
    }
}

static struct str written(const struct value *payload)
{
    struct buf b = buf_new(RECORD_BYTES_MAX);
    struct str copy = {NULL, 0};
    must(record_write(&b, payload) == CAU_OK);
    must(arena_copy(&a, buf_str(&b), &copy) == CAU_OK);
    buf_free(&b);
    return copy;
}

static void explain(const struct kind *k, enum cau_err err)
{
    for (size_t i = 0; err == CAU_ERR_SYNTAX && i < problems.n; i++)
        print_error("%.*s: %.*s %s '%.*s'\n", STR_ARG(k->name), STR_ARG(problems.v[i].place),
                    record_code_name(problems.v[i].code), STR_ARG(problems.v[i].value));
}

/* form -> payload -> bytes -> payload -> form -> payload: the same bytes, for every kind. */
static void a_round_trip_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < kinds.n + shipped.n; i++) {
        const struct kinds *of = i < kinds.n ? &kinds : &shipped;
        const struct kind *k = &of->kind[i < kinds.n ? i : i - kinds.n];
        struct make m = {&a, (uint32_t)i};
        struct record_rules rules = {.all_fields = true};
        struct record_form first, again;
        struct value form, back, read;
        a.used = 0;
        form = make_form(&m, k, true);
        enum cau_err err = record_check(&a, of, &form, rules, &first, &problems);
        explain(k, err);
        check(err == CAU_OK && first.kind == k && first.payload.n == k->n);
        struct str bytes = written(&first.payload);
        check(json_read_canonical(&a, bytes, RECORD_BYTES_MAX, &read, NULL) == CAU_OK);
        check(value_equal(&read, &first.payload));
        check(value_set(&a, &read, STR("audit"), value_object()) == CAU_OK);
        check(record_to_form(&a, k, RECORD_PRIVATE, &read, &back) == CAU_OK);
        check(value_get(&back, "audit") == NULL && value_get(&read, "audit") != NULL);
        check(record_check(&a, of, &back, rules, &again, &problems) == CAU_OK);
        check(again.audience == RECORD_PRIVATE && again.kind == k);
        check(str_equal(written(&again.payload), bytes));

        struct record_change change[4];
        size_t n = 7;
        check(record_diff(&a, &read, &again.payload, change, 4, &n) == CAU_OK && n == 0);
        struct record_text title = record_title(k, &again.payload, LANG_VI);
        check(str_is(title.lang, "vi") && title.text.len > 0);
    }
}

static void a_full_arena_is_told(void **state)
{
    (void)state;
    struct make m = {&a, 1};
    a.used = 0;
    const struct kind *thing_kind = kinds_find(&kinds, STR("thing"));
    struct value form = make_form(&m, thing_kind, true), out = value_integer(5);
    struct record_rules rules = {.all_fields = true, .compose = true};
    check(record_check(&a, &kinds, &form, rules, &made, &problems) == CAU_OK);
    size_t start = a.used, cap = a.cap;
    check(record_check(&a, &kinds, &form, rules, &made, &problems) == CAU_OK);
    size_t need = a.used - start;
    for (size_t room = 0; room < need; room += 13) {
        a.used = start;
        a.cap = start + room;
        made = (struct record_form){.audience = RECORD_AUDIENCES};
        check(record_check(&a, &kinds, &form, rules, &made, &problems) == CAU_ERR_MEMORY);
        check(made.kind == NULL && made.audience == RECORD_AUDIENCES);
        check(problems.n == 0);
    }
    a.used = start;
    a.cap = start + 8;
    check(record_to_form(&a, thing_kind, RECORD_PUBLIC, &form, &out) == CAU_ERR_MEMORY);
    check(out.type == VALUE_INTEGER);
    struct record_change change[1];
    size_t n = 9;
    struct value none = value_object();
    check(record_diff(&a, &form, &none, change, 1, &n) == CAU_ERR_MEMORY && n == 9);
    a.cap = cap;
}

static void picks_a_language(void **state)
{
    (void)state;
    a.used = 0;
    struct value t =
        json("{'de':'d','en':{'text':'e','origin':'machine','from':'ru'},'ru':'r'}");
    struct record_text p = record_pick(&t, LANG_EN);
    check(str_is(p.text, "e") && str_is(p.lang, "en") && str_is(p.origin, "machine") &&
          str_is(p.from, "ru"));
    p = record_pick(&t, LANG_VI);
    check(str_is(p.text, "r") && str_is(p.lang, "ru") && str_is(p.origin, "original") &&
          p.from.p == NULL);
    t = json(
        "{'de':{'text':'d','origin':'original'},'en':'e','ru':{'text':'r','origin':'human'}}");
    check(str_is(record_pick(&t, LANG_VI).text, "d"));
    t = json("{'de':'d','en':'e'}");
    check(str_is(record_pick(&t, LANG_RU).text, "e"));
    t = json("{'de':'d','uk':'u','vi':'v'}");
    check(str_is(record_pick(&t, LANG_RU).text, "v"));
    t = json("{'de':['d','D'],'uk':['u']}");
    check(str_is(record_pick(&t, LANG_RU).text, "d"));
    t = json("{'en':{'text':'e','origin':'machine','from':'de'}}");
    check(str_is(record_pick(&t, LANG_VI).text, "e"));
    check(record_pick(NULL, LANG_VI).text.p == NULL);
    t = json("{'vi':7,'ru':[]}");
    check(record_pick(&t, LANG_VI).text.p == NULL);

    t = json("{'de':'d','en':'e','ru':['r','q'],'und':'u','vi':'v'}");
    static const char *const order[] = {"v", "r", "e", "d", "u"};
    for (size_t i = 0; i < countof(order); i++)
        check(str_is(record_text_at(&t, i).text, order[i]));
    check(record_text_at(&t, 5).text.p == NULL && record_text_at(NULL, 0).text.p == NULL);
}

/* Everything a sink is given, as one line of text. */
static void put_text(void *ctx, struct str lang, unsigned weight, struct str text)
{
    struct buf *b = ctx;
    buf_printf(b, "%.*s%u=%.*s ", STR_ARG(lang), weight, STR_ARG(text));
}

static void put_facet(void *ctx, enum kind_facet facet, struct str value)
{
    struct buf *b = ctx;
    buf_printf(b, "[%d %.*s] ", (int)facet, STR_ARG(value));
}

static void put_language(void *ctx, struct str lang)
{
    struct buf *b = ctx;
    buf_printf(b, "<%.*s>", STR_ARG(lang));
}

static void is_walked(void **state)
{
    (void)state;
    struct buf b = buf_new(4096);
    struct record_sink sink = {&b, put_text, put_facet, put_language};
    check(try("{'kind':'thing','title':{'vi':'v','ru':{'text':'r','origin':'human'}},"
              "'name':{'en':['n','m']},'line':'l','words':['w','z'],'ids':{'ror':'i'},"
              "'day':'2019-03','year':2020,'force':'asked','fields':['FORD:2','FORD:2.7'],"
              "'agenda':[{'topic':{'en':'t'},'when':'2021'}]}",
              (struct record_rules){0}) == CAU_OK);
    record_walk(made.kind, &made.payload, &sink);
    check(str_is(buf_str(&b),
                 "ru6=r vi6=v en5=n en5=m und1=l [1 2019] [1 2020] [2 asked] [4 FORD:2] "
                 "[4 FORD:2.7] und1=i und3=w und3=z en2=t [1 2021] <ru><vi>"));
    struct value name = json("{'line':'Груздев'}");
    buf_reset(&b);
    record_walk(made.kind, &name, &sink);
    check(str_is(buf_str(&b), "ru1=Груздев "));
    /* What came from elsewhere need not fit the kind: nothing breaks. */
    struct value odd =
        json("{'title':[1],'name':{'en':[[2]]},'line':{},'year':3,'agenda':[4]}");
    buf_reset(&b);
    record_walk(made.kind, &odd, &sink);
    check(b.len == 0);
    buf_free(&b);
}

static void links_are_found(void **state)
{
    (void)state;
    check(try(THING "'org':'x','orgs':['y','z'],'links':[{'rel':'parent','to':'p'},"
                    "{'rel':'parent','label':'q'}],"
                    "'agenda':[{'topic':{'vi':'a'},'who':'w'}]}",
              (struct record_rules){0}) == CAU_OK);
    struct record_link l[RECORD_LINKS_MAX];
    check(record_links(made.kind, &made.payload, l, RECORD_LINKS_MAX) == 6);
    check(str_is(l[0].rel, "org") && str_is(l[0].to, "x") && l[0].label.p == NULL);
    check(str_is(l[2].rel, "orgs") && str_is(l[2].to, "z"));
    check(str_is(l[3].rel, "parent") && str_is(l[3].to, "p"));
    check(l[4].to.p == NULL && str_is(l[4].label, "q"));
    check(str_is(l[5].rel, "who") && str_is(l[5].to, "w"));
    check(record_links(made.kind, &made.payload, l, 2) == 2);
    struct value odd = json("{'org':1,'links':[2,{}],'agenda':3}");
    check(record_links(made.kind, &odd, l, 9) == 0);
}

static void differences_are_leaves(void **state)
{
    (void)state;
    a.used = 0;
    struct value old = json("{'agenda':[{'topic':{'vi':'a'}}],'audit':{'by':'u'},'gone':'g',"
                            "'same':[1],'title':{'ru':'r','vi':'v'}}");
    struct value new = json("{'agenda':[{'topic':{'vi':'b'}},{'topic':{'ru':'c'}}],"
                            "'audit':{'by':'w'},'same':[1],"
                            "'title':{'ru':{'text':'r','origin':'human'},'vi':'v'}}");
    struct record_change c[8];
    size_t n = 0;
    check(record_diff(&a, &old, &new, c, 8, &n) == CAU_OK && n == 4);
    check(str_is(c[0].place, "agenda[0].topic.vi") && str_is(c[0].old->string, "a") &&
          str_is(c[0].new->string, "b"));
    check(str_is(c[1].place, "agenda[1].topic.ru") && c[1].old == NULL);
    check(str_is(c[2].place, "gone") && c[2].new == NULL);
    check(str_is(c[3].place, "title.ru") && c[3].new->type == VALUE_OBJECT);
    check(record_diff(&a, &old, &new, c, 1, &n) == CAU_OK && n == 4);
}

static void names_and_ids(void **state)
{
    (void)state;
    enum record_audience audience = RECORD_PRIVATE;
    for (unsigned i = 0; i < RECORD_AUDIENCES; i++) {
        check(record_read_audience(record_audience_name((enum record_audience)i), &audience));
        check(audience == i);
    }
    check(!record_read_audience(STR("Public"), &audience) && audience == RECORD_PRIVATE);
    check(strcmp(record_code_name(RECORD_UNKNOWN_KIND), "unknown_kind") == 0);
    check(strcmp(record_code_name(RECORD_TWICE), "twice") == 0);
    check(record_id_valid(STR("r:j4l274jnyhtxathigyx7j763va")));
    check(!record_id_valid(STR("r:j4l274jnyhtxathigyx7j763v")));
    check(!record_id_valid(STR("r:j4l274jnyhtxathigyx7j763vaa")));
    check(!record_id_valid(STR("o:j4l274jnyhtxathigyx7j763va")));
    check(!record_id_valid(STR("r:J4l274jnyhtxathigyx7j763va")));
    check(!record_id_valid(STR("")));
}

/* Without the list `language` any tag of two or three letters is one. */
static void languages_without_their_list(void **state)
{
    (void)state;
    struct arena space = arena_new((size_t)4 << 20);
    struct kinds bare;
    struct asset free_kind = files[countof(files) - 1];
    check(kinds_read(&space, &free_kind, 1, &bare, NULL) == CAU_OK && bare.languages == NULL);
    a.used = 0;
    struct value good = json("{'kind':'free','title':{'fr':'a','und':'b'}}");
    struct value bad = json("{'kind':'free','title':{'f':'a','FR':'b','zh_hant':'c'}}");
    check(record_check(&a, &bare, &good, (struct record_rules){0}, &made, &problems) == CAU_OK);
    check(record_check(&a, &bare, &bad, (struct record_rules){0}, &made, &problems) ==
              CAU_ERR_SYNTAX &&
          problems.n == 3 && problems.v[2].code == RECORD_UNKNOWN_LANGUAGE);
    arena_free(&space);
}

int main(void)
{
    struct arena space = arena_new((size_t)32 << 20);
    struct kind_fault f = {0};
    a = arena_new((size_t)32 << 20);
    enum cau_err err = kinds_read(&space, files, countof(files), &kinds, &f);
    if (err != CAU_OK)
        print_error("%.*s:%zu: %.*s\n", STR_ARG(f.file), f.line, STR_ARG(f.word));
    must(err == CAU_OK && kinds_load(&space, &shipped, &f) == CAU_OK);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_a_bad_frame),
        cmocka_unit_test(refuses_each_code),
        cmocka_unit_test(keeps_its_limits),
        cmocka_unit_test(normalises),
        cmocka_unit_test(refuses_broken_bytes),
        cmocka_unit_test(knows_addresses),
        cmocka_unit_test(a_round_trip_changes_nothing),
        cmocka_unit_test(a_full_arena_is_told),
        cmocka_unit_test(picks_a_language),
        cmocka_unit_test(is_walked),
        cmocka_unit_test(links_are_found),
        cmocka_unit_test(differences_are_leaves),
        cmocka_unit_test(names_and_ids),
        cmocka_unit_test(languages_without_their_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
