#!/bin/sh
# Minutes go into a session over HTTP: a Word file and a typed text with their hashes; a broken file, one with macros, a
# bomb and one with entities are refused in words, in three languages, and leave nothing behind.
set -u
cau=${CAU:-$PWD/cau}
dir=$(mktemp -d /tmp/cau-flow-XXXXXX)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])') || exit 1
served=
finish() { [ -z "$served" ] || kill "$served" 2>/dev/null; rm -rf "$dir"; }
trap finish EXIT
export CAU_LANG=en CAU_NODE=$dir/node
"$cau" init "$dir/node" --name flow.example --country VN >/dev/null || exit 1
for who in secretary member; do
    echo 'a long password' | "$cau" user add $who --roles $who --password - >/dev/null || exit 1
done
cat >"$dir/in.jsonl" <<'JSON'
{"kind":"session","external_id":"s-25","title":{"vi":"Kỳ họp 25"},"countries":["VN","RU"],"held_on":"2019-11-05","delegations":[{"side":"RU","person":"Aleksey Gruzdev"},{"side":"VN","person":"Nguyễn Văn Đức"}],"visibility":"public"}
{"kind":"mechanism","external_id":"m","title":{"vi":"Ủy ban"},"countries":["VN","RU"],"officers":[{"side":"RU","role":"head","person":"Груздев Алексей Владимирович"}],"visibility":"public"}
{"kind":"session","external_id":"s-own","title":{"vi":"Kỳ họp kín"},"countries":["VN","RU"],"visibility":"private"}
JSON
"$cau" import "$dir/in.jsonl" >/dev/null || exit 1
"$cau" serve --listen "127.0.0.1:$port" >/dev/null 2>&1 &
served=$!
timeout 300 python3 - "http://127.0.0.1:$port" "$dir" <<'PYTHON'
import hashlib, http.cookiejar, io, json, re, sys, time, urllib.error, urllib.parse, urllib.request, uuid, zipfile

base, folder = sys.argv[1:]
done = 0

def check(truth, what):
    global done
    done += 1
    if not truth:
        print('minutes: ' + what)
        sys.exit(1)

class Person:
    def __init__(self, name=None):
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())).open
        if name:
            self.ask('/en/sign-in', urllib.parse.urlencode({'name': name, 'password': 'a long password'}).encode())

    def ask(self, path, data=None, kind='application/x-www-form-urlencoded'):
        headers = {} if data is None else {'Content-Type': kind, 'Origin': base}
        try:
            answer = self.open(urllib.request.Request(base + path, data, headers), timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        self.head = answer.headers
        return answer.status, answer.read()

    def put(self, path, fields, file=None):
        status, page = self.ask(path)
        token = re.search(rb'name="token" value="([^"]+)"[^>]*><input type="hidden" name="after" value="([^"]+)"', page)
        if token:
            fields = dict(fields, token=token[1].decode(), after=token[2].decode())
        mark = uuid.uuid4().hex
        body = b''.join(f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items())
        if file is not None:
            body += f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="x.docx"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode() + file + b'\r\n'
        return self.ask(path, body + f'--{mark}--\r\n'.encode(), f'multipart/form-data; boundary={mark}')

types = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
main = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'

def docx(body, more={}, before=''):
    parts = {
        '[Content_Types].xml': f'<Types><Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        '_rels/.rels': f'<Relationships><Relationship Id="a" Type="{types}officeDocument" Target="word/document.xml"/></Relationships>',
        'word/document.xml': f'{before}<w:document xmlns:w="w"><w:body>{body}</w:body></w:document>'}
    parts.update(more)
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as zip:
        for name, text in parts.items():
            zip.writestr(name, text)
    return out.getvalue()

def paragraph(text):
    return f'<w:p><w:r><w:t>{text}</w:t></w:r></w:p>'

for _ in range(100):
    try:
        urllib.request.urlopen(base + '/health', timeout=5)
        break
    except (urllib.error.URLError, ConnectionError):
        time.sleep(0.1)

secretary, member, reader = Person('secretary'), Person('member'), Person()
found = json.loads(reader.ask('/api/v1/search?kind=session')[1])
session = (found.get('hits') or found.get('results'))[0]['id']

def version():
    return json.loads(reader.ask('/api/v1/records/' + session)[1])

# ---- people are found in any spelling and script ----
def found_by(words):
    return {hit['kind'] for hit in json.loads(reader.ask('/api/v1/search?q=' + urllib.parse.quote(words))[1])['hits']}

for words in ('Gruzdev', 'Груздев', 'Gruzdiev', 'Aleksej Gruzdev', 'Алексей Груздев', 'Груздев Алексей'):
    check(found_by(words) >= {'session', 'mechanism'}, f'{words} does not find both: {found_by(words)}')
for words in ('Nguyen Van Duc', 'Nguyễn Văn Đức'):
    check('session' in found_by(words), f'{words} finds nobody')

# ---- refused, in words, in each language; the record is as it was ----
good = docx(paragraph('1. Hai bên thống nhất xây dựng trung tâm.') + paragraph('2. Bên Nga xem xét tăng học bổng.'))
bad = {
    'docx_not_zip': good[:-30],
    'docx_xml': docx('<w:p>'),
    'docx_macros': docx(paragraph('x'), {'word/vbaProject.bin': 'x'}),
    'docx_ratio': docx(paragraph('x') + ' ' * (9 << 20)),
    'docx_doctype': docx(paragraph('&e;'), before='<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
    'docx_old': b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(600),
    'docx_empty': docx('<w:p/>'),
}
words = {}
for lang in ('vi', 'ru', 'en'):
    for block in open(f'words/{lang}.po', encoding='utf8').read().split('\n\n'):
        entry = re.match(r'msgid "problem\.(docx_\w+)"\nmsgstr "(.*)"', block)
        if entry:
            words[lang, entry[1]] = entry[2].split('{0}')[0].replace("'", '&#39;')
before = version()
for why, file in bad.items():
    for lang in ('vi', 'ru', 'en'):
        status, page = secretary.put(f'/{lang}/{session}/minutes', {'lang': 'vi'}, file)
        check(status == 400, f'{why} answers {status}')
        check(words[lang, why] in page.decode(), f'{why} is not said in {lang}')
        check(b'root:' not in page, 'a file of the machine is shown')
    check(reader.ask(f'/en/{session}/file/' + hashlib.sha256(file).hexdigest())[0] == 404, f'{why} was kept')
check(secretary.put(f'/en/{session}/minutes', {'lang': 'vi'})[0] == 400, 'nothing at all is taken')
check(secretary.put(f'/en/{session}/minutes', {'lang': 'xx'}, good)[0] == 400, 'a language that is none is taken')
check(secretary.put(f'/en/{session}/minutes', {'lang': 'vi', 'signed.day': '31', 'signed.month': '2', 'signed.year': '2019'}, good)[0] == 400,
      'a day that is none is taken')
check(secretary.put(f'/en/{session}/minutes', {'lang': 'vi', 'text': 'đ' * 40001})[0] == 400, 'a text over the limit is taken')
check(version() == before, 'a refused file changed the record')
check(reader.ask(f'/en/{session}/file/' + hashlib.sha256(good).hexdigest())[0] == 404, 'a refused file was kept')

# ---- whoever may not ----
check(member.put(f'/en/{session}/minutes', {'lang': 'vi'}, good)[0] in (403, 413), 'a member puts minutes in')
try:
    check(reader.put(f'/en/{session}/minutes', {'lang': 'vi'}, good)[0] in (403, 413), 'a reader puts minutes in')
except urllib.error.URLError:
    pass # hung up on before its body was read
check(version() == before, 'somebody else changed the record')

# ---- taken: a Word file and a typed text ----
status, page = secretary.put(f'/vi/{session}/minutes', {'lang': 'vi', 'signed.day': '5', 'signed.month': '11', 'signed.year': '2019'}, good)
check(status == 200 and 'Hai bên thống nhất xây dựng trung tâm.' in page.decode(), 'the text is not on the page')
russian = 'ПРОТОКОЛ\r\n1. Стороны договорились создать центр.\r\n\r\n2.1) Российская сторона рассмотрит увеличение стипендий.'
status, page = secretary.put(f'/vi/{session}/minutes', {'lang': 'ru', 'text': russian})
typed = russian.replace('\r', '').encode()
for content in (good, typed):
    check(hashlib.sha256(content).hexdigest() in page.decode(), 'a hash is missing')
    status, file = reader.ask(f'/vi/{session}/file/' + hashlib.sha256(content).hexdigest())
    check(status == 200 and file == content, 'the file is another one')
    check(reader.head['X-Content-Type-Options'] == 'nosniff' and reader.head['Content-Disposition'].startswith('attachment; filename="'),
          'a file may be shown as a page')
check(reader.ask(f'/vi/{session}/file/' + '0' * 64)[0] == 404, 'a file that is not there')
rows = version()
rows = rows.get('payload', rows.get('record', rows))['minutes']
check([row['language'] for row in rows] == ['vi', 'ru'] and rows[0]['signed'] == '2019-11-05', 'rows')

# ---- replaced: the older version's file is still there for who may read that version ----
status, page = secretary.put(f'/vi/{session}/minutes', {'lang': 'vi', 'text': 'Bản khác.'})
check(status == 200 and hashlib.sha256(good).hexdigest() not in page.decode(), 'the text was not replaced')
check(reader.ask(f'/vi/{session}/file/' + hashlib.sha256(good).hexdigest()) == (200, good), 'the older file is gone')
check(secretary.put(f'/vi/{session}/minutes', {'lang': 'vi'}, good)[0] == 200, 'back again')

# ---- a paragraph becomes a commitment's form, filled in ----
status, page = secretary.ask(f'/vi/{session}/minutes/ru/3')
text = page.decode()
check(status == 200 and 'Российская сторона рассмотрит увеличение стипендий.' in text, 'the statement is not filled in')
check(session in text and 'action="/vi/commitment/new"' in text and 'name="paragraph" value="2.1"' in text, 'the form is not filled in')
check('value="VN" selected' in text and 'value="RU" selected' in text, 'the sides are not filled in')
check(secretary.ask(f'/vi/{session}/minutes/ru/4')[0] == 404, 'a paragraph that is not there')
check('name="paragraph" value="1"' in secretary.ask(f'/vi/{session}/minutes/ru/1')[1].decode(), 'a paragraph without a number has its place')
check(member.ask(f'/vi/{session}/minutes/ru/2')[0] == 403, 'a member makes commitments')

# ---- any form can be filled in by its address: fields of the kind, and no others ----
given = [('title.langs', 'en'), ('title.en', 'A <b>bridge</b>'), ('force', 'agreed'), ('status', 'done'), ('due.year', '2020'),
         ('statuses.count', '1'), ('statuses[0].side', 'VN'), ('nothing', 'zzqq'), ('session', session), ('owner', 'r:no-such')]
status, page = secretary.ask('/en/commitment/new?' + urllib.parse.urlencode(given))
text = page.decode()
check(status == 200 and 'value="A &lt;b&gt;bridge&lt;/b&gt;"' in text, 'the title is not filled in')
check('value="2020"' in text and 'value="agreed" selected' in text and f'value="{session}"' in text, 'fields are not filled in')
form = text[text.index('action="/en/commitment/new"'):]
check('zzqq' not in form and 'name="statuses' not in form and 'name="status"' not in form, 'what is no field of the form is on it')
check('govuk-error-summary' not in text, 'a form nobody has sent has errors')
check(member.ask('/en/commitment/new?title.en=x')[0] == 403, 'an address gives rights')

# ---- a file of a record that is not for everybody ----
own = [hit['id'] for hit in json.loads(secretary.ask('/api/v1/search?kind=session')[1])['hits'] if hit['id'] != session][0]
secret = docx(paragraph('Kín'))
check(secretary.put(f'/vi/{own}/minutes', {'lang': 'vi'}, secret)[0] == 200, 'private minutes')
name = hashlib.sha256(secret).hexdigest()
check(secretary.ask(f'/vi/{own}/file/{name}')[0] == 200, 'the secretary reads them')
check(reader.ask(f'/vi/{own}/file/{name}')[0] == 404 and reader.ask(f'/vi/{session}/file/{name}')[0] == 404, 'others read them')
open(folder + '/hash', 'w').write(hashlib.sha256(good).hexdigest())
open(folder + '/session', 'w').write(session)
print(f'minutes: {done} checks')
PYTHON
[ $? = 0 ] || exit 1
# ---- what was put in goes with the node ----
kill "$served"
wait "$served" 2>/dev/null
served=
"$cau" check >/dev/null || { echo 'minutes: the node does not hold'; exit 1; }
"$cau" backup "$dir/backup" >/dev/null && "$cau" restore --help >/dev/null || exit 1
python3 - "$dir/backup" "$(cat "$dir/hash")" <<'PYTHON' || { echo 'minutes: the file is not in the backup'; exit 1; }
import sqlite3, sys
hash = sqlite3.connect(sys.argv[1]).execute('SELECT hash FROM attachment WHERE hex(hash) = ?', [sys.argv[2].upper()]).fetchone()
sys.exit(hash is None)
PYTHON
echo 'minutes: bad files are refused in words, good ones are kept with their hash'
