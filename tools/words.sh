#!/bin/sh
# Fails when the words are not fit for people: an id missing in one of the three languages, other places
# {0} {1} than in the other languages, an id that src/ or pages/ use and nobody wrote, one that nobody
# uses, a Vietnamese or Russian message equal to the English one, a quote in an error's title.
#
# Ids made at run time begin with one of these, or are made of what follows in a comment.
DYNAMIC='
about.log. audience. audience.hint. band. channel. commitment.place. fit. cli.help. date.in. date.of. done. error. facet. import.why. import.state.
import.charset. import.count. import.file. import.format. import.like. import.say. import.sort. import.target. lang.name. node.
lexicon.why. agenda.part. mechanism.from. desk.date. desk.list. desk.none. origin. part. problem. refusal. role. source. users.bad. cli.check. identity.
'
# Messages that may be the same in two languages.
SAME='
site.name lang.name.vi lang.name.ru lang.name.en date.year date.month date.day record.incoming
part.id cite.title report.dash cli.usage import.file.skipped import.say.replaced
'
# Strings in C that look like ids and are none.
OTHER='lexicon.bin lexicon.manifest search.idx demo.cau.example help.vi help.ru help.en'
cd "$(dirname "$0")/.." || exit 2
used=$(mktemp) || exit 2
trap 'rm -f "$used"' EXIT
{
    grep -ohE '\{\{[wn]:[a-z0-9_.]+' pages/*.html | sed 's/{{[wn]://'
    # "prefix.word" in C, file names and the like left out by the list of prefixes that words/en.po has.
    grep -ohE '"[a-z_]+(\.[a-z0-9_]+)+"' src/*/*.c src/*/*/*.c | tr -d '"'
} | sort -u > "$used"
LC_ALL=C awk -v dynamic="$DYNAMIC" -v same="$SAME" -v used="$used" -v other="$OTHER" '
function fault(text) { print text; bad = 1 }
function places(s,    list, i) {
    list = ""
    for (i = 0; i < 8; i++) if (index(s, "{" i "}")) list = list i
    return list
}
function is_dynamic(id,    i) {
    for (i = 1; i <= dynamic_n; i++) if (index(id, prefix[i]) == 1) return 1
    return 0
}
function add(piece) { if (field == "id") id = id piece; else if (field == "text") text[lang, id] = text[lang, id] piece }
function quoted(line) { sub(/^[^"]*"/, "", line); sub(/"$/, "", line); return line }
BEGIN { dynamic_n = split(dynamic, prefix, /[ \n]+/); for (i = 1; i <= dynamic_n; i++) if (prefix[i] == "") prefix[i] = "\001"
        n = split(same, word, /[ \n]+/); for (i = 1; i <= n; i++) may_be_same[word[i]] = 1
        n = split(other, word, " "); for (i = 1; i <= n; i++) no_id[word[i]] = 1 }
FNR == 1 { lang = FILENAME; sub(/.*\//, "", lang); sub(/\.po$/, "", lang); id = ""; field = "" }
/^msgid /        { id = quoted($0); field = "id"; next }
/^msgid_plural/  { field = ""; plural[id] = 1; next }
/^msgstr/        { if (!((lang, id) in text)) text[lang, id] = ""; else text[lang, id] = text[lang, id] "|"
                   field = "text"; add(quoted($0)); all[id] = 1; next }
/^"/             { add(quoted($0)); next }
END {
    delete all[""]
    while ((getline line < used) > 0) is_used[line] = 1
    for (id in all) {
        section = id; sub(/\..*/, "", section); sections[section] = 1
        for (l = 1; l <= 3; l++) {
            lang = l == 1 ? "vi" : l == 2 ? "ru" : "en"
            if (text[lang, id] == "") fault("words/" lang ".po: " id " is missing or empty")
            else if (places(text[lang, id]) != places(text["en", id]))
                fault("words/" lang ".po: " id " has other places than in English")
            if (lang != "en" && text[lang, id] == text["en", id] && !(id in may_be_same))
                fault("words/" lang ".po: " id " is the same as in English")
            if (id ~ /^error\..*\.title$/ && index(text[lang, id], "\\"))
                fault("words/" lang ".po: " id " has a quote")
        }
        if (!(id in is_used) && !is_dynamic(id)) fault("words: " id " is not used")
    }
    for (id in is_used) {
        section = id; sub(/\..*/, "", section)
        if (!(id in all) && !(id in no_id) && (section in sections) && !is_dynamic(id "") && !(id ~ /\.$/))
            fault("words: nobody wrote " id)
    }
    exit bad
}' words/vi.po words/ru.po words/en.po
