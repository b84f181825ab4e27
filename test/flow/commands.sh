#!/bin/sh
# Every command as a stranger would type it: what it prints, and its exit code (../shared/DESIGN.md section 10).
set -u
cau=${CAU:-$PWD/cau}
dir=$(mktemp -d /tmp/cau-flow-XXXXXX)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
export CAU_NODE=$dir/node CAU_LANG=en
bad=0
# want CODE WORDS COMMAND...: the exit code, and words somewhere in what it prints.
want() {
    code=$1 words=$2
    shift 2
    timeout 300 "$@" >out 2>&1 </dev/null
    got=$?
    if [ "$got" != "$code" ] || { [ -n "$words" ] && ! grep -qF -- "$words" out; }; then
        echo "commands: $* -> exit $got, expected $code and \"$words\":"
        sed 's/^/    /' out | head -5
        bad=1
    fi
}

want 0 'cau import FILE' "$cau" --help
want 2 'cau import FILE' "$cau" frobnicate
for c in init demo serve import undo search duplicates show history proof export report verify rebuild check user backup restore; do
    want 0 "cau $c" "$cau" $c --help
    for l in vi ru; do CAU_LANG=$l want 0 "cau $c" "$cau" $c --help; done
done
want 1 'no node' "$cau" search wind
want 2 'cau init' "$cau" init
want 2 '--name' "$cau" init node
want 1 'expected form' "$cau" init node --name 'not a name' --country VN
want 0 'is made' "$cau" init node --name flow.example --country VN
want 1 'not empty' "$cau" init node --name flow.example --country VN

cat >orgs.csv <<'CSV'
Tên (vi);Name (en);country;city (vi);established
Viện Vật lý;Institute of Physics;VN;Hà Nội;1969
Viện Toán học;Institute of Mathematics;VN;Hà Nội;31.02.1970
Trường Đại học Đổi Mới;Innovation University;XX;Huế;2001
CSV
want 0 'would add 1' "$cau" import orgs.csv --kind organization --dry-run
want 1 '' "$cau" search "vien vat ly"
want 0 'added 1' "$cau" import orgs.csv --kind organization --refused refused.csv
[ "$(wc -l <refused.csv)" = 3 ] || { echo "commands: refused.csv should have a heading and two rows"; bad=1; }
want 0 'Institute of Physics' "$cau" search "vien vat ly"
want 0 'Institute of Physics' "$cau" search "Viện Vật lý" --kind organization --country VN
want 0 'Institute of Physics' "$cau" search "Viện Vật lý" --country vn
want 1 'Nothing was found' "$cau" search "vien vat ly" --kind need
want 0 '"reasons"' "$cau" search physics --explain --json
want 0 '100 %  physics → Physics  (the same word)' "$cau" search physics --explain
want 0 'Without a counterpart: qwzxv' "$cau" search "physics qwzxv" --explain
want 0 '"missed":["qwzxv"]' "$cau" search "physics qwzxv" --explain --json
want 2 'not a number' "$cau" search physics --limit many
want 2 'There is no language "xx"' "$cau" search physics --lang xx
want 2 'cau search [WORDS' "$cau" search physics --lang xx
want 1 'planet: not found' "$cau" search physics --kind planet
want 1 'planet: not found' "$cau" match --text physics --kind planet
want 2 'cau match (ID' "$cau" match
# Queries nobody means: each has an answer.
want 0 'too long' "$cau" search "$(yes physics | head -10000 | tr '\n' ' ')"
for q in '!?., --' '""' '"' "$(printf '\314\201')" "$(printf '\342\200\256')"; do
    want 1 'Nothing was found' "$cau" search "$q"
done
want 0 'Institute of Physics' "$cau" search '"institute of physics'
want 0 'Institute of Physics' "$cau" search "<b>physics</b>' OR 1=1; --"
want 0 'Institute of Physics' "$cau" search "$(printf '\342\200\256physics')"
want 1 '' "$cau" duplicates --kind planet

cat >x.jsonl <<'JSON'
{"kind":"offer","external_id":"x-17","title":{"ru":"Плавучие основания"},"summary":{"ru":"Проектирование."},"country":"RU","fields":["FORD:2.7"],"visibility":"public"}
{"kind":"offer","external_id":"x-18","title":{"ru":"Без вида"},"colour":"red"}
JSON
want 0 'refused 1' "$cau" import x.jsonl
want 0 '"external_id":"x-17"' "$cau" show x-17
want 0 '"kind":"offer"' "$cau" show x-17
want 1 'not found' "$cau" show x-99
want 0 '"version":1' "$cau" history x-17
printf 'q1\tru\tплавучее основание\n' >q.tsv
want 0 '"external_id":"x-17"' "$cau" search --batch q.tsv --json
want 0 '"key":"q1"' "$cau" search --batch q.tsv --json --limit 5

sed 's/Проектирование/Расчёт/' x.jsonl >y.jsonl
want 0 'changed 1' "$cau" import y.jsonl
want 0 'Расчёт' "$cau" show x-17
want 0 'Проектирование' "$cau" show x-17 --version 1
want 0 'taken back' "$cau" undo import-0003
want 0 'Проектирование' "$cau" show x-17
want 1 '' "$cau" undo import-0003
want 1 'no such import' "$cau" undo import-0099

want 0 '' "$cau" proof x-17 -o x.tlog-proof
want 0 'stands in the signed log' "$cau" verify x.tlog-proof
want 2 '--key' env CAU_NODE=/nowhere "$cau" verify x.tlog-proof
sed '$s/.\{8\}$/AAAAAAA=/' x.tlog-proof >broken.tlog-proof
cmp -s x.tlog-proof broken.tlog-proof || want 3 '' "$cau" verify broken.tlog-proof

want 0 '"x-17"' "$cau" export --kind offer
want 2 '--kind' "$cau" export --format csv
want 0 '' "$cau" export --kind offer --format xlsx -o offers.xlsx
want 0 'sound' "$cau" check
want 0 'SQLite library: 3.' "$cau" check
want 0 'Rebuilt' "$cau" rebuild
want 0 'sound' "$cau" check
want 0 'x-17' "$cau" export --kind offer

want 0 '' "$cau" user add minh --password 'a long password' --roles editor
want 1 'at least' "$cau" user add an --password short
want 0 'editor' "$cau" user list
want 2 'cau user' "$cau" user remove minh
want 0 'Backed up' "$cau" backup copy.db
want 2 '--keys' "$cau" restore copy.db
want 0 'Restored' "$cau" restore copy.db --node restored --keys node
want 0 'Physics' "$cau" search physics --node restored
want 1 '' "$cau" import x.jsonl --node restored
want 0 'writes and signs again' "$cau" restore --confirm --node restored
want 0 'added 0' "$cau" import x.jsonl --node restored

printf '%s\n' '{"kind":"organization","external_id":"d-1","name":{"ru":"Институт физики"},"country":"VN","city":{"ru":"Ханой"}}' >d.jsonl
want 0 'added 1' "$cau" import d.jsonl
cat >i.jsonl <<'JSON'
{"kind":"indicator","title":{"en":"Documents signed"},"measure":"agreements_signed","countries":["VN"],"partners":["KR"],"latest":"2019","values":[{"period":"2019","value":"7","standing":"reported"}],"sources":[{"publisher":"VNA","title":"Report","date":"2020-04-22"}]}
JSON
want 0 'added 1' "$cau" import i.jsonl
want 0 '7</strong>' "$cau" report year 2019
want 0 'Báo cáo năm' "$cau" report year 2019 --lang vi --country KR
want 0 'Reported, not confirmed' "$cau" report year 2019 --format csv --public
want 0 '"recorded":0' "$cau" report year 2019 --json
want 0 '' "$cau" report year 2019 --lang ru --format docx -o report.docx
want 2 'no year' "$cau" report year 19
want 2 'no country code' "$cau" report year 2019 --country XX
want 2 'no format' "$cau" report year 2019 --format pdf
want 2 'no language' "$cau" report year 2019 --lang de
want 2 'no report' "$cau" report month 2019
want 2 'cau report' "$cau" report year
want 3 '' "$cau" report year 2019 -o /nowhere/report.html
want 0 '' "$cau" report year 2019 -o first.html
want 0 '' "$cau" backup reported.db
want 0 '' "$cau" restore reported.db --node reported --keys node
want 0 '' "$cau" report year 2019 -o again.html --node reported
cmp first.html again.html || { echo "commands: a copy of the log gives another report"; bad=1; }
want 0 '"band":"same"' "$cau" duplicates --json
want 0 'Институт физики' "$cau" duplicates --lang ru --limit 1
[ $bad = 0 ] && echo "commands: every command does what it says"
exit $bad
