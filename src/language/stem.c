#include "language/stem.h"

#include "base/buf.h"

#include <libstemmer.h>
#include <string.h>

/* Nouns whose forms Snowball sends to two stems: it takes -ал -ан -ил -им -ит -ен -ей for the end of a verb
 * (материал -> материа, материалы -> материал). Ascending; without their ending. */
static const char *const hard[] = {
    "аврал",      "адмирал",  "акрил",      "аммонал",   "аноним",   "антиген",
    "антрацит",   "апатит",   "аппетит",    "ареал",     "арсенал",  "аудит",
    "ацетилен",   "банан",    "бандит",     "баран",     "боксит",   "бутан",
    "ветеран",    "визит",    "винил",      "вокзал",    "вулкан",   "габарит",
    "гематит",    "генерал",  "гранит",     "графит",    "депозит",  "дефицит",
    "доломит",    "домен",    "журнал",     "завал",     "зажим",    "идеал",
    "интеграл",   "интервал", "кабан",      "канал",     "капитал",  "капитан",
    "карман",     "карнавал", "квартал",    "керамзит",  "клапан",   "колорит",
    "композит",   "кредит",   "криминал",   "крокодил",  "лантан",   "либерал",
    "лимит",      "магнезит", "магнит",     "материал",  "мемориал", "меридиан",
    "метан",      "метеорит", "минерал",    "монолит",   "накал",    "неолит",
    "нитрил",     "нитрит",   "обвал",      "обман",     "обмен",    "овал",
    "океан",      "орган",    "оригинал",   "отвал",     "отжим",    "перевал",
    "персонал",   "пилигрим", "пластит",    "плебисцит", "подвал",   "полипропилен",
    "полиэтилен", "портал",   "потенциал",  "привал",    "прижим",   "провал",
    "пропан",     "профицит", "псевдоним",  "пьедестал", "радикал",  "развал",
    "реал",       "реголит",  "режим",      "реквизит",  "рентген",  "роман",
    "санскрит",   "сериал",   "сигнал",     "синоним",   "скандал",  "стакан",
    "султан",     "сульфит",  "таран",      "театрал",   "терминал", "термит",
    "терпен",     "титан",    "транзит",    "туман",     "тюльпан",  "универсал",
    "ураган",     "урал",     "уран",       "феномен",   "феррит",   "филиал",
    "фонтан",     "фосген",   "функционал", "экзамен",   "экран",    "электролит",
    "этан",       "этилен",
};
static const char *const soft[] = {
    "автомобил", "госпитал", "профил", "текстил", "феврал", "фестивал",
};
static const char *const feminine[] = {
    "вертикал", "вуал",  "горизонтал", "детал",   "диагонал", "магистрал", "медал",   "морал",
    "нормал",   "педал", "печал",      "пристал", "скрижал",  "спирал",    "централ", "эмал",
};
static const char *const in_a[] = {
    "лиан", "мембран", "нирван", "охран", "сметан",
};
static const char *const in_short_i[] = {
    "апоге", "корифе", "лице", "мавзоле", "музе", "трофе", "юбиле",
};

#define END(x)                                                                                 \
    {                                                                                          \
        x, sizeof(x) - 1                                                                       \
    }
static const struct str hard_end[] = {END(""),  END("а"),  END("у"),  END("ом"),  END("е"),
                                      END("ы"), END("ов"), END("ам"), END("ами"), END("ах")};
static const struct str soft_end[] = {END("ь"), END("я"),  END("ю"),  END("ем"),  END("е"),
                                      END("и"), END("ей"), END("ям"), END("ями"), END("ях")};
static const struct str feminine_end[] = {END("ь"),  END("и"),   END("ью"), END("ей"),
                                          END("ям"), END("ями"), END("ях")};
static const struct str a_end[] = {END(""),   END("а"),  END("ы"),  END("е"),   END("у"),
                                   END("ой"), END("ою"), END("ам"), END("ами"), END("ах")};
static const struct str short_i_end[] = {END("й"), END("я"),  END("ю"),  END("ем"),  END("е"),
                                         END("и"), END("ев"), END("ям"), END("ями"), END("ях")};

static const struct {
    const char *const *noun;
    const struct str *end;
    size_t nouns, ends;
} declension[] = {{hard, hard_end, countof(hard), countof(hard_end)},
                  {soft, soft_end, countof(soft), countof(soft_end)},
                  {feminine, feminine_end, countof(feminine), countof(feminine_end)},
                  {in_a, a_end, countof(in_a), countof(a_end)},
                  {in_short_i, short_i_end, countof(in_short_i), countof(short_i_end)}};

struct stem {
    struct sb_stemmer *russian, *english;
    char joined[TOKEN_BYTES_MAX];
};

enum cau_err stem_open(struct stem **out)
{
    struct buf room = buf_new(sizeof(struct stem));
    struct stem *s = (void *)buf_extend(&room, sizeof *s);
    if (s == NULL)
        return CAU_ERR_MEMORY;
    *s = (struct stem){.russian = sb_stemmer_new("russian", "UTF_8"),
                       .english = sb_stemmer_new("english", "UTF_8")};
    if (s->russian == NULL || s->english == NULL) {
        stem_close(s);
        return CAU_ERR_MEMORY;
    }
    *out = s;
    return CAU_OK;
}

void stem_close(struct stem *s)
{
    if (s == NULL)
        return;
    sb_stemmer_delete(s->russian);
    sb_stemmer_delete(s->english);
    buf_drop(s);
}

static bool has_noun(size_t d, struct str stem)
{
    size_t low = 0, high = declension[d].nouns;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = str_cmp(str_of(declension[d].noun[mid]), stem);
        if (order == 0)
            return true;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return false;
}

/* The stem of a listed noun's form, of length 0 when it is none. */
static struct str noun_of(struct str form)
{
    for (size_t d = 0; d < countof(declension); d++)
        for (size_t i = 0; i < declension[d].ends; i++) {
            struct str end = declension[d].end[i];
            if (!str_ends(form, end))
                continue;
            struct str stem = str_to(form, form.len - end.len);
            if (has_noun(d, stem))
                return stem;
        }
    return (struct str){form.p, 0};
}

static struct str snowball(struct sb_stemmer *s, struct str form)
{
    const sb_symbol *p = sb_stemmer_stem(s, (const sb_symbol *)form.p, (int)form.len);
    int len = sb_stemmer_length(s);
    must(p != NULL && len >= 0);
    return len == 0 ? form : (struct str){(const char *)p, (size_t)len};
}

/* What is left of one letter says nothing: ИИ (artificial intelligence) is not the word и (and). */
static struct str of_two_letters(struct str form, struct str stem)
{
    return stem.len < 4 && form.len > stem.len ? form : stem;
}

/* A vowel before the last consonant that comes and goes (ветер, ветра; установка, установок; образец, образца) goes,
 * always: so the forms of a word meet. */
static struct str without_fleeting_vowel(struct stem *s, struct str stem)
{
    static const char *const end[] = {"ок", "ек", "ец", "ер", "ел", "ен"};
    static const char vowel_or_sign[] = "аеиоуыэюяйьъ";
    if (stem.len < 8) /* four letters */
        return stem;
    struct str before = str_to(stem, stem.len - 4);
    for (size_t i = 0; i < countof(end); i++) {
        if (!str_ends(stem, str_of(end[i])))
            continue;
        for (size_t k = 0; k + 2 < sizeof vowel_or_sign; k += 2)
            if (str_ends(before, (struct str){vowel_or_sign + k, 2}))
                return stem;
        memcpy(s->joined, before.p, before.len);
        memcpy(s->joined + before.len, stem.p + stem.len - 2, 2);
        return (struct str){s->joined, before.len + 2};
    }
    return stem;
}

static bool is_plain(struct str form)
{
    for (size_t i = 0; i < form.len; i++)
        if (form.p[i] < 'a' || form.p[i] > 'z')
            return false;
    return true;
}

static bool has_digit(struct str form)
{
    for (size_t i = 0; i < form.len; i++)
        if (form.p[i] >= '0' && form.p[i] <= '9')
            return true;
    return false;
}

struct str stem_of(struct stem *s, struct str form, enum token_script script, bool english)
{
    must(form.len <= TOKEN_BYTES_MAX);
    if (script == TOKEN_CYRILLIC && !has_digit(form)) {
        struct str noun = noun_of(form);
        struct str stem =
            noun.len > 0 ? noun : of_two_letters(form, snowball(s->russian, form));
        return without_fleeting_vowel(s, stem);
    }
    return script == TOKEN_LATIN && english && is_plain(form) ? snowball(s->english, form)
                                                              : form;
}
