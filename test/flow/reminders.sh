#!/bin/sh
# Reminders as people get them: the page, a calendar that opens and stops, addresses that are refused, and mail that a
# server on this machine takes. (What it does not take is in test/unit/mail_test.c.)
set -u
cau=${CAU:-$PWD/cau}
dir=$(mktemp -d /tmp/cau-flow-XXXXXX)
ports=$(python3 -c 'import socket
s = [socket.socket() for _ in "ab"]
[x.bind(("127.0.0.1", 0)) for x in s]
print(*[x.getsockname()[1] for x in s])') || exit 1
port=${ports% *} mail=${ports#* }
trap 'rm -rf "$dir"' EXIT
export CAU_NODE=$dir/node CAU_LANG=en
cd "$dir" || exit 1
today=$(date -u +%Y-%m-%d)
cat >records.jsonl <<JSON
{"kind":"commitment","external_id":"due","title":{"vi":"Bàn giao danh mục, phòng thí nghiệm; bản 2","en":"Hand over the list of laboratories, version 2"},"side":["VN"],"due":"$today","visibility":"public"}
{"kind":"commitment","title":{"en":"Not for others"},"side":["VN"],"due":"$today","visibility":"private"}
{"kind":"session","title":{"en":"26th session"},"countries":["VN","RU"],"held_on":"$today","status":"planned","visibility":"public"}
JSON
{
    "$cau" init node --name flow.example --country VN --lang en && "$cau" import records.jsonl &&
        echo 'a long password' | "$cau" user add secretary --roles secretary --lang vi --password -
} >/dev/null 2>&1 || { echo "reminders: no node"; exit 1; }
cat >node/mail.conf <<CONF
server 127.0.0.1
port $mail
tls none
from cau@flow.example
site https://flow.example
CONF
timeout 300 python3 - "$cau" "$port" "$mail" <<'PYTHON'
import email, email.policy, html.parser, http.cookiejar, re, socketserver, subprocess, sys, threading, time
import urllib.error, urllib.parse, urllib.request

cau, port, mail = sys.argv[1], sys.argv[2], int(sys.argv[3])
base = 'http://127.0.0.1:' + port
checks, taken, served = 0, [], None

def good(what, say):
    global checks
    checks += 1
    if not what:
        stop()
        sys.exit('reminders: ' + say)

class Smtp(socketserver.StreamRequestHandler):
    def handle(self):
        say = lambda line: self.wfile.write(line + b'\r\n')
        say(b'220 flow')
        for line in self.rfile:
            word = line[:4].upper()
            if word == b'DATA':
                say(b'354 go on')
                text = b''
                for line in self.rfile:
                    if line == b'.\r\n':
                        break
                    text += line[1:] if line.startswith(b'..') else line
                taken.append(text)
                say(b'250 taken')
            elif word == b'QUIT':
                say(b'221 bye')
                return
            else:
                say(b'250 ok')

def serve():
    global served
    served = subprocess.Popen([cau, 'serve', '--listen', '127.0.0.1:' + port], stderr=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL)
    for _ in range(100):
        try:
            return ask('/health')
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)

def stop():
    if served:
        served.terminate()
        served.wait()

class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None

opener = urllib.request.build_opener(Stay, urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

def ask(path, form=None):
    data = None if form is None else urllib.parse.urlencode(form).encode()
    try:
        r = opener.open(urllib.request.Request(base + path, data), timeout=30)
    except urllib.error.HTTPError as e:
        r = e
    return r.status, r.read().decode()

def token(end):
    page = ask('/en/account')[1]
    form = re.search(r'action="/en/account/' + end + r'".*?name="token" value="([^"]+)"', page, re.S)
    good(form, 'no form ' + end)
    return form.group(1)

serve()
good(ask('/en/digest')[0] == 303, 'the page is shown to who is not signed in')
good(ask('/en/sign-in', {'name': 'secretary', 'password': 'a long password'})[0] == 303, 'nobody signs in')
status, page = ask('/en/digest')
good(status == 200 and 'Hand over the list' in page and '26th session' in page and 'Not for others' in page, 'the page')

# ---- the calendar ----
for wrong in ('x', 'A' * 43, 'A' * 44):
    good(ask('/calendar/' + wrong)[0] == 404, 'a calendar without its token')
status, page = ask('/en/account/calendar', {'token': token('calendar'), 'what': 'make'})
address = re.search(r'(/calendar/[A-Za-z0-9_-]{43})"', page)
good(status == 200 and address, 'no calendar is made')
status, calendar = ask(address.group(1))
good(status == 200 and calendar.startswith('BEGIN:VCALENDAR\r\n') and calendar.endswith('END:VCALENDAR\r\n'), 'the calendar')
for line in calendar.split('\r\n'):
    good(len(line.encode()) <= 75, 'a long line in the calendar')
whole = calendar.replace('\r\n ', '')
good('SUMMARY:Hạn thực hiện: Bàn giao danh mục\\, phòng thí nghiệm\\; bản 2\r\n' in whole, 'no commitment in the calendar')
good(whole.count('BEGIN:VTODO') == 1 and whole.count('BEGIN:VEVENT') == 1, 'what is in the calendar')
good('Not for others' not in whole, 'something private is in the calendar')
good(ask(address.group(1))[1] == calendar, 'the calendar is another one each time')
status, page = ask('/en/account/calendar', {'token': token('calendar'), 'what': 'make'})
good(ask(address.group(1))[0] == 404, 'the earlier address still opens it')
address = re.search(r'(/calendar/[A-Za-z0-9_-]{43})"', page)
good(ask(address.group(1))[0] == 200, 'the new address does not')
good(ask('/en/account/calendar', {'token': token('calendar'), 'what': 'stop'})[0] == 303, 'it does not stop')
good(ask(address.group(1))[0] == 404, 'it goes on after it was stopped')

# ---- mail ----
for wrong in ('', 'nobody', 'a@b', 'a@b.vn\r\nBcc: x@y.ru', 'a@b.vn, c@d.vn'):
    status, page = ask('/en/account/reminders', {'token': token('reminders'), 'address': wrong, 'often': 'daily'})
    good(status == 400 and 'an e-mail address is needed' in page, f'the address "{wrong}" is taken')
good(ask('/en/account/reminders', {'token': token('reminders'), 'address': 'lan@flow.example', 'often': 'hourly'})[0] == 400, 'hourly')
good(ask('/en/account/reminders', {'token': token('reminders'), 'address': 'lan@flow.example', 'often': 'daily'})[0] == 303,
     'the wish is not kept')
good('value="lan@flow.example"' in ask('/en/account')[1] and 'not set up to send' not in ask('/en/account')[1], 'the wish is not shown')
stop()
if time.gmtime().tm_hour < 1 or time.gmtime()[3:5] > (23, 57):
    print(f'reminders: {checks} checks, no mail at this hour')
    sys.exit(0)

socketserver.ThreadingTCPServer.allow_reuse_address = True
server = socketserver.ThreadingTCPServer(('127.0.0.1', mail), Smtp)
threading.Thread(target=server.serve_forever, daemon=True).start()
serve()
for _ in range(200):
    if taken:
        break
    time.sleep(0.1)
good(len(taken) == 1, f'{len(taken)} messages came')
message = email.message_from_bytes(taken[0], policy=email.policy.default)
text = message.get_content().replace('\r\n', '\n')
good(message['To'] == '<lan@flow.example>' or 'lan@flow.example' in message['To'], 'it goes to ' + message['To'])
good(message['Subject'] == 'Cầu: 2 việc đến hạn hoặc sắp đến hạn', message['Subject'])
good('- Bàn giao danh mục, phòng thí nghiệm; bản 2\n' in text and 'https://flow.example/vi/r:' in text, text)
good('Not for others' not in text, 'something private is in the mail')
good(max(len(line) for line in taken[0].split(b'\r\n')) <= 76, 'a long line in the mail')
stop()
serve()
time.sleep(1)
good(len(taken) == 1, 'it is written to twice a day')
stop()
print(f'reminders: {checks} checks, 1 message of {len(taken[0])} bytes')
PYTHON
