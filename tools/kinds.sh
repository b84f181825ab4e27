#!/bin/sh
# Fails when a kind or a list is not fit for people: a label or help text missing in one of the three
# languages, a Russian one without a Cyrillic letter, a Vietnamese one equal to the English, a name
# given twice, a list that a field names but nobody wrote. The form itself is checked by record/kind.c.
#
# Vietnamese and English may be the same for these, separated by "|"; names of countries always may.
SAME=''
cd "$(dirname "$0")/../kinds" || exit 2
LC_ALL=C awk -v same="$SAME" '
function fault(text) { print place ": " text; bad = 1 }
function labels(what, vi, ru, en, always) {
    if (vi == "" || ru == "" || en == "") {
        if (always || vi ru en != "") fault(what ": not in three languages")
        return
    }
    if (ru !~ /[\320\321]/) fault(what ": no Cyrillic letter in " ru)
    if (vi == en && file != "country.list" && index("|" same "|", "|" vi "|") == 0)
        fault(what ": Vietnamese and English are both " vi)
}
function finish() {                      # end of a block, or of the head of a list
    if (block == "") return
    labels(block, text["vi"], text["ru"], text["en"], 1)
    if (block ~ /^kind /) labels(block " many", text["many.vi"], text["many.ru"], text["many.en"], 1)
    labels(block " help", text["help.vi"], text["help.ru"], text["help.en"], block ~ /^kind /)
    if (block !~ /^list /) {
        if (block !~ /^kind / && type == "") fault(block ": no type")
        if (split(type, word, " ") > 1 && word[1] == "choice") used[word[2]] = place
    }
    split("", text); block = type = ""
}
function leave() { finish(); if (title != "" && !((file, title) in seen)) fault("title names no field") }
FNR == 1 { leave(); place = file = FILENAME; name = file; sub(/\..*/, "", name); title = rows = "" }
{ sub(/\r$/, "") }
/^#/ { next }
/^$/ { finish(); next }
{ value = $0; sub(/^[^ ]+ ?/, "", value) }
$1 == "kind" || $1 == "list" {
    block = $0; if ($2 != name) fault("the file is called " name " but says " $2)
    if ($1 == "list") list[$2] = 1
    next
}
$1 == "field" || $1 == "column" {
    block = $0; owner = file
    if ($1 == "field") rows = $2; else owner = file SUBSEP rows
    if ((owner, $2) in seen) fault("twice: " $0)
    seen[owner, $2] = 1; place = file; next
}
block != "" && $1 == "type" { type = value; next }
block != "" && $1 == "title" { title = value; next }
block != "" { text[$1] = value; next }
file ~ /list$/ {
    n = split($0, part, / \| /)
    if (n != 4) { fault("not four parts: " $0); next }
    if (part[1] !~ /^[A-Za-z0-9][A-Za-z0-9_.-]*$/ || length(part[1]) > 32) fault("not a code: " part[1])
    if ((file, part[1]) in seen) fault("code twice: " part[1])
    seen[file, part[1]] = 1
    labels(part[1], part[2], part[3], part[4], 1)
}
END {
    leave()
    for (l in used) if (!(l in list)) { place = used[l]; fault("there is no list " l) }
    place = "relation_inverse.list"
    for (s in seen) {
        split(s, pair, SUBSEP)
        if (pair[1] == "relation.list" && !(("relation_inverse.list", pair[2]) in seen)) fault("no " pair[2])
        if (pair[1] == "relation_inverse.list" && !(("relation.list", pair[2]) in seen)) fault("no relation " pair[2])
    }
    exit bad
}' *.kind *.list
