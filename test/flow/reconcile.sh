#!/bin/sh
# A node answers the Reconciliation Service API 0.2 as OpenRefine asks it; every answer is held against the schemas of
# the specification when ../shared/vectors and python3-jsonschema are there.
set -u
cau=${CAU:-$PWD/cau}
top=$PWD
dir=$(mktemp -d /tmp/cau-flow-XXXXXX)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])') || exit 1
served=
finish() { [ -z "$served" ] || kill "$served" 2>/dev/null; rm -rf "$dir"; }
trap finish EXIT
CAU_LANG=en timeout 600 "$cau" demo --dir "$dir/node" --load-only >/dev/null 2>&1 || { echo "reconcile: no demonstration node"; exit 1; }
"$cau" serve --node "$dir/node" --listen "127.0.0.1:$port" >/dev/null 2>&1 &
served=$!
timeout 300 python3 - "http://127.0.0.1:$port/api/v1/reconcile" "${CAU_VECTORS:-$top/../shared/vectors}/reconciliation-api/0.2/schemas" <<'PYTHON'
import json, os, sys, time, urllib.error, urllib.parse, urllib.request

base, schemas = sys.argv[1:]
try:
    import jsonschema
except ImportError:
    jsonschema = None
held = 0

def ask(path='', form=None, headers={}):
    data = None if form is None else urllib.parse.urlencode(form).encode()
    request = urllib.request.Request(base + path, data, headers)
    return urllib.request.urlopen(request, timeout=30)

def answer(schema, path='', form=None):
    global held
    value = json.load(ask(path, form))
    file = os.path.join(schemas, schema + '.json')
    if jsonschema and os.path.exists(file):
        rules = json.load(open(file))
        for name in ('authentication',): # points at a schema elsewhere; we send none
            rules.get('properties', {}).pop(name, None)
        text = json.dumps(rules).replace('{"$ref": "type.json"}', '{"type": "object", "required": ["id", "name"]}')
        jsonschema.validate(value, json.loads(text))
        held += 1
    return value

for _ in range(100):
    try:
        ask()
        break
    except (urllib.error.URLError, ConnectionError):
        time.sleep(0.1)

for lang in ('', '/vi', '/ru', '/en'):
    answer('manifest', lang)
queries = {'a': {'query': 'Росатом'}, 'b': {'query': 'Ханойский политехнический университет', 'limit': 3},
           'c': {'query': 'Vingroup', 'type': 'organization', 'properties': [{'pid': 'country', 'v': 'Вьетнам'}]},
           'd': {'query': 'no such body anywhere'}, 'e': {'query': 'Vingroup', 'type': 'no-such-type'}}
for lang in ('', '/vi', '/ru', '/en'):
    got = answer('reconciliation-result-batch', lang, {'queries': json.dumps(queries)})
    assert got == answer('reconciliation-result-batch', lang + '?' + urllib.parse.urlencode({'queries': json.dumps(queries)})), 'GET and POST differ'
    assert [got[k]['result'][0]['match'] for k in 'abc'] == [True] * 3, got
    assert len(got['b']['result']) <= 3 and got['d']['result'] == [] == got['e']['result'], got
    first = got['c']['result'][0]['id']
    got = answer('data-extension-response', lang, {'extend': json.dumps({'ids': [first, 'r:none'], 'properties': [
        {'id': p} for p in ('name', 'country', 'city', 'websites', 'ror', 'types', 'established', 'summary', 'nothing')]})})
    assert got['rows'][first]['country'][0]['id'] == 'VN' and got['rows']['r:none']['name'] == []
for lang in ('/vi', '/ru', '/en'):
    assert answer('suggest-entities-response', lang + '/suggest/entity?prefix=rosat')['result']
    answer('suggest-types-response', lang + '/suggest/type?prefix=o')
    assert answer('suggest-properties-response', lang + '/suggest/property?prefix=c')['result']
    assert answer('data-extension-property-proposal', lang + '/properties?type=organization&limit=5')['properties']
    preview = ask(f'{lang}/preview/{first}')
    assert b'Vingroup' in preview.read() and 'frame-ancestors *' in preview.headers['Content-Security-Policy']

# Any origin may ask, as a stranger; a broken question is refused.
got = ask('', {'queries': '{}'}, {'Origin': 'https://refine.example', 'Cookie': 'cau_session=x'})
assert got.headers['Access-Control-Allow-Origin'] == '*' and 'Set-Cookie' not in got.headers
for form in ({'queries': '['}, {'queries': json.dumps({str(i): {'query': 'a'} for i in range(51)})}, {'extend': '{}'}):
    try:
        ask('', form)
        raise SystemExit(f'not refused: {form}')
    except urllib.error.HTTPError as error:
        assert error.code == 400, error
if held == 0:
    print('SKIP schemas: ../shared/vectors/reconciliation-api or python3-jsonschema is not there', file=sys.stderr)
print(f'reconcile: {held} answers fit the schemas of the specification')
PYTHON
