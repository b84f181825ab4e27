#!/bin/sh
# Checks terms/*.terms (docs/design/0005-terms.md) and prints how many concepts each field has.
cd "$(dirname "$0")/.." || exit 2
set -- terms/*.terms
[ -e "$1" ] || { echo "no terms yet"; exit 0; }
LC_ALL=C awk -F ' [|] ' '
function fault(text) { printf "%s:%d: %s\n", FILENAME, FNR, text; bad = 1 }
function cyrillic(t) { return t ~ /\320[\200-\277]|\321[\200-\277]/ }
function plain(t)    { return t !~ /[a-z\200-\377]/ || t ~ /^[^ ]*[A-Z0-9][^ ]*$/ }   # abbreviation, symbol, name
function terms(text, lang,    v, n, i, seen) {
    n = split(text, v, "; ")
    if (text == "") fault(lang ": no term")
    if (n > 12) fault(lang ": more than 12 terms")
    for (i = 1; i <= n; i++) {
        if (v[i] == "" || v[i] ~ /^ | $|[()]/) fault(lang ": empty, or brackets or spaces in \"" v[i] "\"")
        if (v[i] in seen) fault(lang ": twice: " v[i])
        seen[v[i]] = 1
        if (lang == "ru" && !cyrillic(v[i]) && !plain(v[i])) fault("ru: not Cyrillic: " v[i])
        if (lang != "ru" && cyrillic(v[i])) fault(lang ": Cyrillic: " v[i])
    }
    return v[1]
}
BEGIN {
    while ((getline line < "kinds/ford.list") > 0)
        if (line ~ /^[0-9.]+ [|]/) { split(line, c, " "); ford[c[1]] = 1 }
}
/^#/ || /^$/ { next }
{
    line = $0; sub(/ *$/, "", line); if (line ~ /[|]$/) line = line " "
    n = split(line, col, / [|] ?/)
    if (n != 8) { fault(n " columns, 8 expected"); next }
    id = col[1]
    if (id !~ /^[a-z0-9][a-z0-9-]+$/ || length(id) > 64) fault("id: " id)
    if (id in where) fault("id twice: " id " (" where[id] ")")
    where[id] = FILENAME ":" FNR
    k = split(col[2], code, ", ")
    if (k == 0) fault("no field code")
    for (i = 1; i <= k; i++) { if (!(code[i] in ford) || code[i] !~ /[.]/) fault("ford: " code[i]); else if (i == 1) count[code[i]]++ }
    if (col[3] !~ /^([0-9][0-9]([.][0-9][0-9]([.][0-9][0-9])?)?)?$/) fault("grnti: " col[3])
    vi = terms(col[4], "vi"); ru = terms(col[5], "ru"); en = terms(col[6], "en")
    if (tolower(vi) == tolower(en) && !plain(vi)) fault("vi equals en: " vi)
    if ((vi "|" ru "|" en) in same) fault("same concept as " same[vi "|" ru "|" en])
    same[vi "|" ru "|" en] = FILENAME ":" FNR
    k = split(col[7] (col[7] != "" && col[8] != "" ? ", " : "") col[8], ref, ", ")
    for (i = 1; i <= k; i++) { use[ref[i]] = FILENAME ":" FNR; if (ref[i] == id) fault("refers to itself") }
    all++
}
END {
    for (r in use) if (!(r in where)) { print use[r] ": no such concept: " r; bad = 1 }
    for (f in count) print f, count[f] | "sort -V"
    close("sort -V")
    print "all", all
    exit bad
}' "$@"
