#!/bin/sh
# cau lexicon: learn from a manifest, list, show, add a source, withdraw it, refuse a bad one.
set -u
: "${CAU:=./cau}"
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
n=0 bad=0
# expect CODE WORD COMMAND...: its exit code, and a word that its output has.
expect() {
    code=$1 word=$2
    shift 2
    CAU_LANG=en "$@" >"$dir/out" 2>&1
    got=$?
    n=$((n + 1))
    if [ "$got" != "$code" ] || { [ -n "$word" ] && ! grep -qF -- "$word" "$dir/out"; }; then
        bad=1
        echo "exit $got, expected $code and \"$word\": $*"
        cat "$dir/out"
    fi
}
export CAU_NODE="$dir/node"
"$CAU" init "$dir/node" --name vn.example --country VN >/dev/null 2>&1 || exit 1

expect 1 'cau lexicon build' "$CAU" lexicon list
expect 1 'cau lexicon build' "$CAU" lexicon show gió
expect 2 'cau lexicon build' "$CAU" lexicon
expect 2 'cau lexicon build' "$CAU" lexicon burn

printf 'vi\tru\nsấmphượng\tгромобык\n' >"$dir/good.tsv"
printf 'vi\tru\nsấmphượng\tгромобык\n\377\tб\n' >"$dir/bad.tsv"
printf 'source Table\nfile good.tsv\nreader tsv\nlicence own\n' >"$dir/good.manifest"
expect 0 'pairs from 3 sources' "$CAU" lexicon build --manifest "$dir/good.manifest"
expect 0 'Table' "$CAU" lexicon list
expect 0 '"licence":"own"' "$CAU" lexicon list --json
expect 0 'громобык' "$CAU" lexicon show --lang vi sấmphượng
expect 0 '"sources":["Table"]' "$CAU" lexicon show --lang vi --json sấmphượng
expect 0 'Cầu glossary' "$CAU" lexicon show điện gió
expect 1 'no translation' "$CAU" lexicon show --lang en qwzxv
expect 1 'xx' "$CAU" lexicon show --lang xx gió

# What is refused leaves the lexicon as it was.
cp "$dir/node/lexicon.bin" "$dir/before"
printf 'source Table\nfile bad.tsv\nreader tsv\nlicence own\n' >"$dir/bad.manifest"
expect 1 "bad.tsv:3: not UTF-8" "$CAU" lexicon build --manifest "$dir/bad.manifest"
printf 'source Table\ncolour red\n' >"$dir/bad.manifest"
expect 1 "bad.manifest:2: no such key" "$CAU" lexicon build --manifest "$dir/bad.manifest"
printf 'source Table\nfile no.tsv\nreader tsv\nlicence own\n' >"$dir/bad.manifest"
expect 1 "Table: the file is not there" "$CAU" lexicon build --manifest "$dir/bad.manifest"
expect 1 "none" "$CAU" lexicon build --manifest "$dir/none"
expect 2 'cau lexicon build' "$CAU" lexicon build --manifest "$dir/good.manifest" --add "$dir/good.tsv"
expect 0 "" cmp "$dir/before" "$dir/node/lexicon.bin"

# A source is added to the node's manifest, and withdrawn by building without it.
echo '# no packages' >"$dir/node/lexicon.manifest"
expect 1 'none' "$CAU" lexicon build --add "$dir/none"
expect 0 'from 3 sources' "$CAU" lexicon build --add "$dir/good.tsv" --reader tsv --licence mine
expect 0 'from 3 sources' "$CAU" lexicon build
echo >>"$dir/good.tsv"
expect 1 'SHA-256' "$CAU" lexicon build
expect 0 'sha256' cat "$dir/node/lexicon.manifest"
expect 0 'good.tsv' "$CAU" lexicon list
: >"$dir/node/lexicon.manifest"
expect 0 'from 2 sources' "$CAU" lexicon build
expect 1 'no translation' "$CAU" lexicon show --lang vi sấmphượng

# An accepted term of the node is learnt as what it is.
cat >"$dir/term.jsonl" <<'END'
{"kind":"term","external_id":"t1","name":{"vi":["cáinhậtđông"],"ru":["зимовейка"]},"status":"reviewed","visibility":"public"}
{"kind":"offer","external_id":"o1","title":{"ru":"Новая зимовейка"},"country":"RU","visibility":"public"}
END
expect 0 '' "$CAU" import "$dir/term.jsonl"
expect 0 'from 3 sources' "$CAU" lexicon build
expect 0 '"sources":["Cầu terms"]' "$CAU" lexicon show --json cáinhậtđông
expect 0 '"source":"Cầu terms"' "$CAU" search --kind offer --explain --json cáinhậtđông
expect 0 'принятые термины этого узла)' env CAU_LANG=ru "$CAU" search --kind offer --explain cáinhậtđông

# cau check says that it is older than its manifest, and reads all of it.
expect 0 'sound' "$CAU" check
echo 'source Other' >"$dir/node/lexicon.manifest"
expect 0 'manifest:1: the source lacks' "$CAU" check
printf 'source Other\nfile %s\nreader tsv\nlicence own\n' "$dir/good.tsv" >"$dir/node/lexicon.manifest"
expect 0 'Other: named by the manifest, not learnt yet' "$CAU" check
: >"$dir/node/lexicon.manifest"

# A damaged file is said, and made again.
printf 'x' | dd of="$dir/node/lexicon.bin" bs=1 seek=100 conv=notrunc 2>/dev/null
expect 3 'cau lexicon build' "$CAU" check
expect 3 'lexicon.bin' "$CAU" lexicon list
expect 1 'cau lexicon build makes it again' "$CAU" search gió
"$CAU" serve --listen 127.0.0.1:0 >"$dir/serve" 2>&1 &
server=$!
for _ in $(seq 300); do
    grep -q http "$dir/serve" && break
    sleep .2
done
kill $server
wait $server
expect 0 'from 3 sources' cat "$dir/serve"
expect 0 'glossary' "$CAU" lexicon list

expect 0 '<tbx ' "$CAU" export --format tbx
expect 0 '<skos:prefLabel xml:lang="ru">' "$CAU" export --format skos --kind term
expect 2 'kind term' "$CAU" export --format skos --kind need
echo "$n commands"
exit $bad
