#!/bin/sh
# The table of a committee's next session on the command line: every format, twice the same bytes, and the same from a
# backup restored elsewhere; what is refused.
set -u
cau=${CAU:-$PWD/cau}
dir=$(mktemp -d /tmp/cau-flow-XXXXXX)
trap 'rm -rf "$dir"' EXIT
fail() { echo "table: $*"; exit 1; }
export CAU_LANG=en
"$cau" init "$dir/node" --name flow.example --country VN >/dev/null 2>&1 </dev/null || fail 'no node'
cat >"$dir/x.jsonl" <<'LINES'
{"kind":"mechanism","external_id":"m","title":{"vi":"Ủy ban","ru":"Комиссия"},"countries":["VN","RU"],"visibility":"public"}
{"kind":"session","external_id":"s","title":{"vi":"Kỳ họp 25"},"mechanism":"m","number":25,"held_on":"2025-06","status":"held","visibility":"public"}
{"kind":"commitment","external_id":"late","title":{"vi":"Quá hạn","ru":"Просроченное"},"force":"agreed","countries":["VN","RU"],"side":["RU"],"session":"s","due":"2026-03","visibility":"public"}
{"kind":"commitment","external_id":"inner","title":{"vi":"Nội bộ"},"force":"agreed","countries":["VN"],"side":["VN"],"mechanism":"m","visibility":"private"}
LINES
"$cau" import --node "$dir/node" "$dir/x.jsonl" >"$dir/out" 2>&1 || fail "$(cat "$dir/out")"
table() { node=$1; shift; "$cau" table m --node "$dir/$node" --lang vi --second ru --on 2026-11-22 "$@"; }
for format in html docx xlsx csv; do
    table node --format $format -o "$dir/one.$format" || fail "no $format"
    table node --format $format >"$dir/two.$format" || fail "no $format on standard output"
    cmp -s "$dir/one.$format" "$dir/two.$format" || fail "$format is not twice the same"
done
"$cau" backup "$dir/backup" --node "$dir/node" >/dev/null 2>&1 || fail 'no backup'
"$cau" restore "$dir/backup" --node "$dir/copy" --keys "$dir/node" >"$dir/out" 2>&1 || fail "no restore: $(cat "$dir/out")"
for format in html docx xlsx csv; do
    table copy --format $format -o "$dir/copy.$format" || fail "no $format of the copy"
    cmp -s "$dir/one.$format" "$dir/copy.$format" || fail "$format of the copy differs"
done
grep -q 'flow.example/log/public' "$dir/one.csv" || fail 'no checkpoint'
grep -q 'Nội bộ' "$dir/one.csv" || fail 'the operator sees all'
table node --public --format csv | grep -q 'Nội bộ' && fail 'shown to everyone'
"$cau" table m --node "$dir/node" --lang vi --second vi --on 2026-11-22 --format csv >"$dir/alone.csv" || fail 'not in one language'
grep -q 'Quá hạn' "$dir/alone.csv" || fail 'nothing in one language'
grep -q 'Просроченное' "$dir/alone.csv" && fail 'one language is not two'
[ "$("$cau" table late --node "$dir/node" 2>"$dir/err"; echo $?)" = 1 ] || fail 'a commitment has no table'
grep -q 'neither a mechanism nor a session' "$dir/err" || fail "$(cat "$dir/err")"
[ "$("$cau" table m --node "$dir/node" --on 2026-11 2>/dev/null; echo $?)" = 2 ] || fail 'a month is no day'
[ "$(table node --format odt 2>/dev/null; echo $?)" = 2 ] || fail 'no such format'
echo 'table: the same bytes from a copy in four formats'
