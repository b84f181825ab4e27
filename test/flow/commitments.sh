#!/bin/sh
# Two secretaries and a commitment: every status after every status by the side that acts and by the other one, what is
# forbidden to whom, splitting, carrying over, confirming, two who edit at once; all over HTTP, as a browser would.
set -u
cau=${CAU:-$PWD/cau}
dir=$(mktemp -d /tmp/cau-flow-XXXXXX)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])') || exit 1
served=
finish() { [ -z "$served" ] || kill "$served" 2>/dev/null; rm -rf "$dir"; }
trap finish EXIT
fail() { echo "commitments: $*"; exit 1; }
export CAU_NODE=$dir/node CAU_LANG=en
"$cau" init "$dir/node" --name flow.example --country VN >/dev/null 2>&1 </dev/null || fail 'no node'
for user in editor:editor vn:secretary ru:secretary by:secretary owner:member other:member officer:officer; do
    echo 'a long password' | "$cau" user add "${user%:*}" --roles "${user#*:}" --password - >/dev/null || fail "no user $user"
done
python3 - >"$dir/x.jsonl" <<'PYTHON'
import json
def put(kind, external_id, **fields):
    print(json.dumps(dict(fields, kind=kind, external_id=external_id, visibility='public')))
for name, country in ('works', 'RU'), ('institute', 'RU'), ('ministry', 'VN'), ('minsk', 'BY'):
    put('organization', name, name={'en': 'The ' + name}, country=country)
put('session', 's-25', title={'en': 'The 25th session'}, held_on='2024-06-12', countries=['VN', 'RU'])
put('session', 's-26', title={'en': 'The 26th session'}, held_on='2026-03-05', countries=['VN', 'RU'])
put('agreement', 'a-1', title={'en': 'An agreement'}, countries=['VN', 'RU'])
def commitment(name, **fields):
    put('commitment', name, **dict(dict(title={'en': 'Commitment ' + name}, countries=['VN', 'RU'], side=['RU'],
                                        force='agreed', said_on='2024-06-12', session='s-25', due='2025'), **fields))
words = 'none open under_way done dropped disputed moved'.split()
for who in 'vn', 'ru':
    for was in words:
        for to in words[1:]:
            commitment('-'.join((who, was, to)))
for name in 'differ', 'twice', 'split', 'carry', 'confirm', 'parts':
    commitment(name, owner='works')
commitment('minsk-too', countries=['VN', 'RU', 'BY'])
PYTHON
"$cau" import "$dir/x.jsonl" >"$dir/out" 2>&1 || fail "$(cat "$dir/out")"
grep -q 'refused 0' "$dir/out" || grep -q 'added' "$dir/out" || fail "$(cat "$dir/out")"
"$cau" serve --listen "127.0.0.1:$port" >/dev/null 2>&1 &
served=$!
timeout 300 python3 - "http://127.0.0.1:$port" <<'PYTHON' || exit 1
import html, http.cookiejar, json, re, sys, time, urllib.error, urllib.parse, urllib.request

base = sys.argv[1]
asked = 0

class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None

class Browser:
    def __init__(self, name):
        self.name = name
        self.opener = urllib.request.build_opener(Stay, urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.token = {}
        if name != 'reader':
            status, _, _ = self.ask('/en/sign-in', {'name': name, 'password': 'a long password'})
            assert status == 303, (name, status)

    def ask(self, path, form=None):
        """Status, page, where it leads."""
        global asked
        asked += 1
        data = None if form is None else urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(base + path, data, {'Origin': base})
        try:
            answer = self.opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        return answer.status, answer.read().decode(), answer.headers.get('Location', '')

    def page(self, name):
        return self.ask('/en/' + ids[name])[1]

    def form(self, name, what):
        """The hidden fields of a form on a record's page; None when it is not offered."""
        found = re.search(r'action="[^"]*/%s".*?</form>' % what, self.page(name), re.S)
        if not found:
            return None
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found.group()))
        self.token[what] = hidden['token']
        return hidden

    def send(self, name, what, **fields):
        """Sends a form as a browser would, or, where none is offered, one forged with the token of another page."""
        hidden = self.form(name, what) or {'token': self.token.get(what, 'none')}
        return self.ask('/en/%s/%s' % (ids[name], what), dict(hidden, **fields))

def want(what, got, status):
    if got != status:
        sys.exit('commitments: %s: %s, not %s' % (what, got, status))

def shows(page, *texts):
    for text in texts:
        if text not in html.unescape(page):
            sys.exit('commitments: the page does not show "%s"' % text)

for _ in range(100):
    try:
        urllib.request.urlopen(base + '/health', timeout=5)
        break
    except (urllib.error.URLError, ConnectionError):
        time.sleep(0.1)
ids = {}
for kind in 'organization', 'session', 'agreement', 'commitment':
    page = 0
    while page == 0 or len(hits) == 100:
        page += 1
        query = '/api/v1/search?kind=%s&limit=100&page=%d' % (kind, page)
        hits = json.load(urllib.request.urlopen(base + query, timeout=30))['hits']
        ids.update((hit['external_id'], hit['id']) for hit in hits)
who = {name: Browser(name) for name in 'reader editor vn ru by owner other officer'.split()}
vn, ru = who['vn'], who['ru']

# Whom they speak for: said by each, confirmed by the editor.
for name, organization in ('ru', 'institute'), ('by', 'minsk'), ('owner', 'works'), ('other', 'ministry'):
    page = who[name].ask('/en/%s/claim' % ids[organization])[1]
    token = re.search(r'action="[^"]*/claim".*?name="token" value="([^"]*)"', page, re.S).group(1)
    want('claim', who[name].ask('/en/%s/claim' % ids[organization], {'token': token, 'statement': 'I do.'})[0], 303)
page = who['editor'].ask('/en/claims')[1]
for token, claim in re.findall(r'action="/en/claims">\s*<input type="hidden" name="token" value="([^"]*)">'
                               r'<input type="hidden" name="claim" value="([^"]*)">', page):
    want('decide', who['editor'].ask('/en/claims', {'token': token, 'claim': claim, 'decision': 'accept'})[0], 303)

# Every status after every status.
closing, noted = ('done', 'dropped'), {'note': 'So it is.'}
def expected(side, status):
    return 409 if status == 'moved' else 403 if side == 'vn' and status in closing else 303
for side in 'vn', 'ru':
    for was in 'none open under_way done dropped disputed moved'.split():
        for to in 'open under_way done dropped disputed moved'.split():
            name = '-'.join((side, was, to))
            if was != 'none':
                want(name + ' first', who[side].send(name, 'status', status=was, **noted)[0], expected(side, was))
                if expected(side, was) != 303:
                    continue
            want(name, who[side].send(name, 'status', status=to, **noted)[0], expected(side, to))
            if expected(side, to) == 303:
                want(name + ' again', who[side].send(name, 'status', status=to)[0],
                     409)

# Who may not tell at all: no form, and a forged one is refused.
want('minsk tells', who['by'].send('minsk-too', 'status', status='open')[0], 303)
for name in 'by', 'other', 'officer', 'editor':
    offered = who[name].form('twice', 'status') is not None
    assert offered == (name == 'editor'), name
want('of no side', who['by'].send('twice', 'status', status='open')[0], 403)
want('no part in it', who['other'].send('twice', 'status', status='open')[0], 403)
want('an officer', who['officer'].send('twice', 'status', status='open')[0], 403)
want('not signed in', who['reader'].send('twice', 'status', status='open')[0], 403)
want('the owner', who['owner'].send('twice', 'status', status='under_way', **noted)[0], 303)

# Two sides differ; neither overwrites the other.
want('no choice', ru.send('differ', 'status')[0], 400)
want('a dispute without a note', vn.send('differ', 'status', status='disputed')[0], 400)
want('in the future', ru.send('differ', 'status', status='open', date='2999')[0], 400)
want('before it was said', ru.send('differ', 'status', status='open', date='2024-06-11')[0], 400)
want('done', ru.send('differ', 'status', status='done', note='Ten places were given.', source='Letter 12')[0], 303)
want('open', vn.send('differ', 'status', status='under_way', note='Only six arrived.')[0], 303)
for browser in vn, ru, who['reader']:
    shows(browser.page('differ'), 'Ten places were given.', 'Only six arrived.', 'Letter 12', 'The sides differ.')

# Two secretaries at once: the second sees what the first said, and keeps his own words.
form = vn.form('twice', 'status')
want('the first', ru.send('twice', 'status', status='done', note='The first of two.')[0], 303)
status, page, _ = vn.ask('/en/%s/status' % ids['twice'], dict(form, status='open', note='The second of two.'))
want('the second', status, 409)
shows(page, 'The first of two.', 'The second of two.', 'somebody has just changed')
want('again', vn.send('twice', 'status', status='open', note='The second of two.')[0], 303)

# Splitting.
parts = {'part0.organization': ids['institute'], 'part0.task': 'Find the students', 'part0.due': '2025-01',
         'part2.organization': ids['works'], 'part2.task': 'Teach them'}
ru.form('split', 'split')
assert vn.form('split', 'split') is None
want('not theirs to split', vn.send('split', 'split', **parts)[0], 403)
status, page, _ = ru.send('split', 'split', **dict(parts, **{'part2.organization': ids['ministry']}))
want('a body of the other side', status, 400)
shows(page, '3. Body: ')
want('split', ru.send('split', 'split', **parts)[0], 303)
shows(who['reader'].page('split'), 'Find the students', 'Teach them', 'The institute')
want('the same body twice', ru.send('split', 'split', **parts)[0], 400)

# Carrying over.
assert vn.form('carry', 'carry') is None
ru.form('carry', 'carry')
want('not theirs to carry', vn.send('carry', 'carry', session=ids['s-26'])[0], 403)
want('no session', ru.send('carry', 'carry')[0], 400)
want('the same session', ru.send('carry', 'carry', session=ids['s-25'])[0], 400)
want('due before the session', ru.send('carry', 'carry', session=ids['s-26'], due='2025')[0], 400)
status, _, location = ru.send('carry', 'carry', session=ids['s-26'], due='2027', note='Money came late.')
want('carry', status, 303)
ids['carried'] = re.search(r'r:\w+', location).group()
shows(who['reader'].page('carried'), 'The 26th session')
shows(who['reader'].page('carry'), 'Money came late.', 'Carried over to the next session')
want('twice', ru.send('carry', 'carry', session=ids['s-26'])[0], 409)
want('done there', ru.send('carried', 'status', status='done')[0], 303)

# Confirming what a file reported.
for name in 'a-1', 'confirm', 's-25':
    shows(who['reader'].page(name), 'Reported, not confirmed')
    assert who['editor'].form(name, 'confirm') is None and who['owner'].form(name, 'confirm') is None
    want('a side for itself', vn.send(name, 'confirm', word='affirm', who='The secretary')[0], 303)
    want('of no side', who['by'].send(name, 'confirm', word='affirm')[0], 403)
    want('no reason', ru.send(name, 'confirm', word='dispute')[0], 400)
    want('dispute', ru.send(name, 'confirm', word='dispute', statement='The date is wrong.')[0], 303)
    shows(who['reader'].page(name), 'Confirmed', 'The secretary', 'Reported, not confirmed', 'The date is wrong.')

# Bad input at the door: due before it was said.
page = vn.ask('/en/commitment/new')[1]
form = re.search(r'action="[^"]*/new".*?</form>', page, re.S).group()
hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
status, page, _ = vn.ask('/en/commitment/new', dict(
    hidden, **{'title.en': 'Too early', 'said_on.year': '2024', 'due.year': '2023'}))
want('due before it was said', status, 400)
shows(page, 'This date is before 2024')
print('%d requests' % asked)
PYTHON
kill "$served" && wait "$served" 2>/dev/null
served=
"$cau" check >"$dir/out" 2>&1 || fail "$(cat "$dir/out")"
echo 'every status change allowed and forbidden, by both sides'
