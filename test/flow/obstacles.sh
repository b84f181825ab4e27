#!/bin/sh
# An obstacle over HTTP, from filing to the end: every step by who may take it, refused to who may not; and one put forward
# by an association, whose member nobody outside can find in pages, API, lists, exports, tiles or payloads.
set -u
cau=${CAU:-$PWD/cau}
dir=$(mktemp -d /tmp/cau-flow-XXXXXX)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])') || exit 1
served=
finish() { [ -z "$served" ] || kill "$served" 2>/dev/null; rm -rf "$dir"; }
trap finish EXIT
export CAU_NODE=$dir/node CAU_LANG=en
cd "$dir" || exit 1
cat >records.jsonl <<'JSON'
{"kind":"organization","external_id":"firm","name":{"en":"Blue Dragon Foundry","vi":"Xưởng đúc Rồng Xanh"},"country":"VN","visibility":"public"}
{"kind":"organization","external_id":"association","name":{"en":"Union of Founders"},"country":"VN","visibility":"public"}
{"kind":"organization","external_id":"customs","name":{"en":"Customs Committee"},"country":"RU","visibility":"public"}
{"kind":"organization","external_id":"other","name":{"en":"Other Company"},"country":"BY","visibility":"public"}
{"kind":"session","external_id":"next","title":{"en":"26th session"},"countries":["VN","RU"],"held_on":"2199-05-01","status":"planned","visibility":"public"}
JSON
{
    "$cau" init node --name flow.example --country VN --lang en &&
        "$cau" import records.jsonl
} >/dev/null 2>&1 || { echo "obstacles: no node"; exit 1; }
for who in firm:member association:member customs:member other:member abroad:secretary secretary:secretary boss:administrator; do
    echo 'a long password' | "$cau" user add "${who%:*}" --roles "${who#*:}" --lang en --password - >/dev/null 2>&1 ||
        { echo "obstacles: no user $who"; exit 1; }
done
"$cau" serve --listen "127.0.0.1:$port" >server.log 2>&1 &
served=$!
timeout 300 python3 - "http://127.0.0.1:$port" <<'PYTHON'
import base64, datetime, html.parser, http.cookiejar, json, re, sys, time, urllib.error, urllib.parse, urllib.request

base = sys.argv[1]
checks = 0

def good(what, say):
    global checks
    checks += 1
    if not what:
        sys.exit('obstacles: ' + say)

class Forms(html.parser.HTMLParser):
    """The forms of a page: address and what a browser would send as it stands."""
    def __init__(self, text):
        super().__init__()
        self.forms, self.select, self.area = [], None, None
        self.feed(text)
    def handle_starttag(self, tag, a):
        a = dict(a)
        if tag == 'form':
            self.forms.append((a.get('action', ''), {}))
        if not self.forms:
            return
        fields = self.forms[-1][1]
        if tag == 'input' and a.get('name') and (a.get('type') not in ('radio', 'checkbox') or 'checked' in a):
            fields[a['name']] = a.get('value') or ''
        elif tag == 'select':
            self.select = a.get('name')
            fields.setdefault(self.select, '')
        elif tag == 'option' and 'selected' in a:
            fields[self.select] = a.get('value', '')
        elif tag == 'textarea':
            self.area = a.get('name')
            fields[self.area] = ''
    def handle_data(self, data):
        if self.area:
            self.forms[-1][1][self.area] += data
    def handle_endtag(self, tag):
        if tag == 'textarea':
            self.area = None

class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None

class Person:
    def __init__(self, name=None):
        self.opener = urllib.request.build_opener(Stay, urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        if name:
            status, _, _ = self.ask('/en/sign-in', {'name': name, 'password': 'a long password'})
            good(status == 303, name + ' cannot sign in')
    def ask(self, path, form=None):
        data = None if form is None else urllib.parse.urlencode(form).encode()
        try:
            r = self.opener.open(urllib.request.Request(base + path, data), timeout=30)
        except urllib.error.HTTPError as e:
            r = e
        return r.status, r.read(), r.headers.get('Location') or ''
    def page(self, path):
        status, text, _ = self.ask(path)
        return status, text.decode()
    def form(self, path, end):
        """The form of a page whose address ends so; None: he is not offered it."""
        for action, fields in Forms(self.page(path)[1]).forms:
            if action.split('#')[0].endswith(end):
                return action, dict(fields)
        return None
    def send(self, path, end, **more):
        found = self.form(path, end)
        good(found, f'no form {end} on {path}')
        action, fields = found
        fields.update(more)
        status, text, location = self.ask(action, fields)
        return status, text.decode(), location.split('?')[0]

for _ in range(100):
    try:
        Person().ask('/health')
        break
    except (urllib.error.URLError, ConnectionError):
        time.sleep(0.1)

reader = Person()
names = ('firm', 'association', 'customs', 'other', 'secretary', 'abroad', 'boss')
people = {name: Person(name) for name in names}
firm, association, customs, other, secretary, abroad, boss = (people[n] for n in names)

def id_of(external):
    for kind in ('organization', 'session'):
        for hit in json.loads(reader.ask(f'/api/v1/search?kind={kind}&limit=100')[1])['hits']:
            if hit.get('external_id') == external:
                return hit['id']
    sys.exit('obstacles: no record ' + external)

ids = {name: id_of(name) for name in ('firm', 'association', 'customs', 'other', 'next')}
for name in ('firm', 'association', 'customs', 'other'):
    status, _, _ = people[name].send('/en/' + ids[name] + '/claim', '/claim', statement='We are it.')
    good(status == 303, name + ' cannot say whom it speaks for')
    status, _, _ = boss.send('/en/claims', '/claims', decision='accept')
    good(status == 303, 'the claim of ' + name + ' is not accepted')

status, _, _ = abroad.send('/en/' + ids['customs'] + '/claim', '/claim', statement='Its secretary.')
status, _, _ = boss.send('/en/claims', '/claims', decision='accept')
good(status == 303, 'the claim of a secretary abroad is not accepted')

today = datetime.datetime.now(datetime.timezone.utc).date()
day = lambda n: (today + datetime.timedelta(days=n)).isoformat()

def file(who, title, **more):
    fields = {'title.en': title, 'summary.en': 'Papers are asked for twice.', 'visibility': 'public', 'action': 'save'}
    fields.update(more)
    status, text, where = who.send('/en/obstacle/new', '/obstacle/new', **fields)
    good(status == 303, f'"{title}" is not filed: {status}')
    return where

# ---- in the open ----
here = file(firm, 'Castings wait at the border', side='RU')
steps = ('assign', 'answer', 'escalate', 'settle')
def offered(who):
    return {s for s in steps if who.form(here, '/' + s)}

good(offered(reader) == set() == offered(other) == offered(customs), 'a step is offered to who may not take it')
good(offered(firm) == {'settle'}, 'the filer is offered ' + str(offered(firm)))
good(offered(secretary) == {'assign', 'escalate', 'settle'}, 'a secretary is offered ' + str(offered(secretary)))
for who in (reader, other, firm, secretary):
    status, _, _ = who.ask(here + '/answer', {'answer': 'Yes'})
    good(status == 403, 'an answer without a form is taken')
good('Castings wait at the border' in reader.page('/en/obstacles')[1], 'it is not in the list')
good('30 days left' in reader.page(here)[1], 'its clock does not run')

status, text, _ = secretary.send(here, '/assign', authority='Customs', due=day(7))
good(status == 400 and 'Customs Committee' in text, 'the authority is not proposed')
for wrong in ('', 'soon', day(-1), day(7)[:7]):
    status, _, _ = secretary.send(here, '/assign', authority=ids['customs'], due=wrong)
    good(status == 400, f'a date "{wrong}" is taken')
stale = customs.page(here) and secretary.form(here, '/assign')
status, _, _ = secretary.send(here, '/assign', **{'authority': 'Customs', 'authority.pick': ids['customs'], 'due': day(7)})
good(status == 303, 'the authority is not named')
good('7 days left' in reader.page(here)[1], 'the date is not shown')
status, text, _ = secretary.ask(stale[0], {**stale[1], 'authority': ids['other'], 'due': day(9)})
good(status == 409 and b'somebody has just changed' in text, 'an older form overwrites a newer one')

good(offered(customs) == {'answer'}, 'the authority is offered ' + str(offered(customs)))
good(offered(secretary) == {'assign', 'escalate', 'settle'}, 'a secretary answers for another side')
status, _, _ = secretary.send(here, '/escalate', session='')
good(status == 400, 'no session is a session')
status, _, _ = secretary.send(here, '/escalate', session=ids['next'])
good(status == 303 and '26th session' in reader.page(here)[1], 'it is not on the agenda')
for answer, on in (('', ''), ('Yes', day(1)), ('Yes', day(-1)), ('Yes', 'never'), ('x' * 5001, '')):
    status, _, _ = customs.send(here, '/answer', answer=answer, answered_on=on)
    good(status == 400, f'an answer "{answer[:9]}" of "{on}" is taken')
late = customs.form(here, '/answer')
status, _, _ = customs.send(here, '/answer', answer='One set of papers is enough.')
good(status == 303, 'the answer is not taken')
status, _, _ = customs.ask(late[0], {**late[1], 'answer': 'Another one.'})
good(status == 409, 'it is answered twice')
good('Answered on the same day' in reader.page(here)[1], 'the time of the answer is not shown')
status, _, _ = firm.send(here, '/settle', what='resolved', satisfaction='')
good(status == 400, 'a filer need not say how satisfied he is')
over = secretary.form(here, '/escalate')
status, _, _ = firm.send(here, '/settle', what='resolved', satisfaction='satisfied')
good(status == 303, 'it is not settled')
for who in people.values():
    good(offered(who) == set(), 'something follows the end')
status, _, _ = secretary.ask(over[0], {**over[1], 'session': ids['next']})
good(status == 409, 'what is settled goes onto an agenda')

# ---- through an association ----
def log(who, audience):
    status, note, _ = who.ask(f'/log/{audience}/checkpoint')
    return int(note.split(b'\n')[1]) if status == 200 else 0

def entries(who, audience, since):
    size = log(who, audience)
    good(0 < size < 256, 'more entries than one tile')
    status, tile, _ = who.ask(f'/log/{audience}/tile/entries/000.p/{size}')
    good(status == 200, 'no entries')
    at, leaves = 0, []
    while at < len(tile):
        n = int.from_bytes(tile[at:at + 2], 'big')
        leaves.append(tile[at + 2:at + 2 + n])
        at += 2 + n
    return leaves[since:]

time.sleep(1.5) # the checkpoint covers what there is
before = {a: log(customs, a) for a in ('public', 'partner')}
own = file(firm, 'Furnaces wait at the border', through=ids['association'])
own_id = own.split('/')[-1]
good('Only the filer' in firm.page(own)[1], 'the filer is not told who reads it')
for who in (reader, other, customs, abroad):
    for path in (own, own + '/history', own + '/print', f'/api/v1/records/{own_id}', own + '/forward', own + '/version/private/1'):
        status, text, _ = who.ask(path)
        good(status == 404 or (status == 303 and who is reader), f'{path} is {status} for an outside reader')
good('Furnaces wait' in association.page(own)[1], 'the association does not see it')
good('Furnaces wait' in association.page('/en/account')[1], 'the association does not find it')
good('Furnaces wait' not in other.page('/en/obstacles')[1], 'it is in the list before it is put forward')
status, _, _ = firm.ask(own + '/forward')
good(status == 403, 'the member puts it forward himself')
for title in ('Furnaces of Blue Dragon Foundry wait', 'Furnaces of BLUE DRAGON FOUNDRY, wait', 'Xuong: Xưởng đúc Rồng Xanh'):
    status, text, _ = association.send(own + '/forward', '/forward', **{'title.en': title, 'visibility': 'public'})
    good(status == 400 and 'name or number of the member' in text, f'"{title}" names the member')
status, _, _ = association.send(own + '/forward', '/forward', visibility='private')
good(status == 400, 'it is put forward to nobody')
status, _, open_ = association.send(own + '/forward', '/forward', visibility='public')
good(status == 303, 'it is not put forward')
open_id = open_.split('/')[-1]
status, _, _ = association.ask(own + '/forward')
good(open_id != own_id and open_ in firm.page(own)[1], 'the member does not learn what became of it')
secret_open = file(association, 'Moulds wait at the border', through=ids['association'], visibility='partner')
status, _, _ = secretary.send(open_, '/assign', authority=ids['customs'], due=day(7))
good(status == 303, 'the authority is not named')
status, _, _ = customs.send(open_, '/answer', answer='Soon.')
good(status == 303, 'the answer is not taken')
status, _, _ = association.send(open_, '/settle', what='closed', satisfaction='unsatisfied')
good(status == 303, 'the association does not settle it')

time.sleep(1.5)
secrets = [s.encode() for s in ('Blue Dragon', 'Rồng Xanh', ids['firm'], ids['firm'][2:], own_id, own_id[2:], '"firm"')]
def clean(text, where):
    for s in secrets:
        good(s not in text, f'{where} holds {s.decode()}')

payloads = 0
for audience in ('public', 'partner'):
    leaves = entries(customs, audience, before[audience])
    good(leaves, 'nothing new in the log ' + audience)
    for leaf in leaves:
        clean(leaf, 'a leaf')
        commitment = base64.urlsafe_b64decode(json.loads(leaf)['commit'] + '=').hex()
        status, body, _ = customs.ask(f'/log/{audience}/payload/{commitment}')
        good(status == 200, 'a payload is not there')
        payloads += 1
        clean(body, 'a payload')
good(payloads >= 5, f'only {payloads} payloads were read')
for who in (reader, customs, other, abroad):
    for path in ('', '/history', '/print', '/compare?old=public.1&new=public.2', '/version/public/1', '/version/public/2',
                 '/proof/public/1', '/matches'):
        status, text, _ = who.ask(open_ + path)
        good(status == 200, f'{open_ + path} is {status}')
        clean(text, open_ + path)
    for path in (f'/api/v1/records/{open_id}', f'/api/v1/records/{open_id}/versions',
                 f'/api/v1/records/{open_id}/versions/public/1', f'/api/v1/records/{open_id}/versions/public/1/proof',
                 '/api/v1/export?kind=obstacle', '/api/v1/search?q=furnaces&kind=obstacle', '/en/search?q=furnaces'):
        status, text, _ = who.ask(path)
        good(status == 200 and b'urnaces' in text or '/proof' in path or path.endswith('versions'), f'{path} is {status}')
        if open_id in path:
            clean(text, path)
        for s in secrets[4:6]:
            good(s not in text, f'{path} leads to the private record')
    if who is not reader:
        clean(who.ask(secret_open)[1], 'what an association files directly')
    # The firm's own page says nothing of it either.
    status, text, _ = who.ask('/en/' + ids['firm'])
    good(open_id.encode() not in text and own_id.encode() not in text, "the firm's page leads to it")
    status, text, _ = who.ask('/api/v1/search?q=Blue+Dragon&kind=obstacle')
    good(open_id.encode() not in text and own_id.encode() not in text, "the firm's name finds it")
print(f'obstacles: {checks} checks, {payloads} payloads searched')
PYTHON
