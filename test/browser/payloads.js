// What attackers write, as text of records: 6,613 payloads for scripts and the big list of naughty strings in names
// and descriptions. Each record's page, its edit form, a list and a search are opened with the page's own policy
// switched off (nothing but our escaping stands between the text and the browser), and the record's page once more
// with it. Nothing may run, nothing may become an element, and each text is shown as it was written.
'use strict';
const { spawn, execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');

const scripts = '../shared/vectors/xss-payloads/Intruder/xss-payload-list.txt';
const strings = '../shared/vectors/naughty-strings/blns.json';
const NAME_POINTS = 300, NAMES = 60, PROSE_POINTS = 9900, ADDRESS_BYTES = 7000;

function check(truth, what) {
  if (!truth) throw new Error(what);
}

// What the register takes as a name: NFC, one line, no control characters, none that turn the direction of writing.
function asName(text) {
  return Array.from(text.normalize('NFC').replace(/[\p{Cc}\p{Cs}\p{Cn}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ').trim())
    .slice(0, NAME_POINTS).join('').trim();
}

function batches(texts) {
  const all = [];
  let names = [], points = 0;
  for (const text of texts) {
    const length = Array.from(text).length + 1;
    if (names.length === NAMES || points + length > PROSE_POINTS) {
      all.push(names);
      names = [];
      points = 0;
    }
    names.push(text);
    points += length;
  }
  return names.length > 0 ? [...all, names] : all;
}

async function startNode(folder, port, groups) {
  const dir = path.join(folder, 'payloads'), file = path.join(folder, 'payloads.jsonl');
  const cau = (args, input) => execFileSync('./cau', args, { input: input || '', encoding: 'utf8', env: { ...process.env, CAU_NODE: dir } });
  cau(['init', dir, '--name', 'payloads.example', '--country', 'VN']);
  fs.writeFileSync(file, groups.map((names, i) => JSON.stringify({
    kind: 'organization', external_id: `payload-${i}`, country: 'VN', name: { en: names }, summary: { en: names.join('\n') },
  })).join('\n'));
  const done = JSON.parse(cau(['import', file, '--json']));
  check(done.added === groups.length, `${done.refused} records were refused: ${JSON.stringify(done.report).slice(0, 300)}`);
  cau(['user', 'add', 'editor', '--password', 'a long password', '--roles', 'editor']);
  const ids = new Map(groups.map((_, i) => [i, JSON.parse(cau(['show', `payload-${i}`, '--json'])).id]));
  const node = spawn('./cau', ['serve', '--listen', `127.0.0.1:${port}`, '--node', dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((ready, gone) => {
    node.stdout.once('data', ready); // its address
    node.once('exit', () => gone(new Error('the node of the payloads does not start')));
  });
  node.stdout.resume();
  node.on('exit', (code, signal) => { if (!node.asked) console.log(`FAILED the node of the payloads ended: ${signal || code}`); });
  return { node, ids };
}

// A page that notes whatever should not happen.
async function open(browser, base, own) {
  const context = await browser.newContext({ bypassCSP: !own });
  const page = await context.newPage();
  page.bad = [];
  page.on('dialog', async (dialog) => { page.bad.push(`dialog ${dialog.message()}`); await dialog.dismiss(); });
  page.on('console', (message) => { if (message.type() !== 'debug') page.bad.push(`console: ${message.text()}`); }); // debug: hints of the browser
  page.on('pageerror', (error) => page.bad.push(`script error: ${error.message}`));
  page.on('request', (request) => { if (!request.url().startsWith(base)) page.bad.push(`request to ${request.url()}`); });
  page.on('popup', () => page.bad.push('a window opened'));
  return page;
}

// In the page: what came of the texts. Our own script is the one element that may be there.
function look(texts) {
  const squeeze = (x) => x.replace(/\s+/gu, ' ');
  const shown = squeeze(document.body.textContent) + ' ' +
    [...document.querySelectorAll('input, textarea')].map((x) => squeeze(x.value)).join(' \n ');
  const alive = [...document.querySelectorAll('*')].filter((x) => /^(object|embed|iframe|frame|svg|math|base|marquee|video|audio|isindex|xml|layer|bgsound|applet)$/i.test(x.localName) ||
    (x.localName === 'script' && !(x.src.startsWith(location.origin) && x.src.includes('/asset/'))) ||
    [...x.attributes].some((a) => /^on/i.test(a.name) || /^\s*(javascript|data|vbscript):/i.test(a.value) && /^(href|src|action|formaction)$/i.test(a.name)));
  return { missing: texts.filter((x) => !shown.includes(squeeze(x))), alive: alive.map((x) => x.outerHTML.slice(0, 200)) };
}

async function lookAt(page, address, texts) {
  page.bad.length = 0;
  await page.goto(address);
  const { missing, alive } = await page.evaluate(`(${look})(${JSON.stringify(texts)})`);
  check(page.bad.length === 0, `${address}: ${page.bad[0]}`);
  check(alive.length === 0, `${address}: text became an element: ${alive[0]}`);
  check(missing.length === 0, `${address}: not shown as text: ${missing[0]}`);
}

// As many texts as an address takes, one after another.
function queries(texts) {
  const all = [];
  for (const text of texts.map(encodeURIComponent)) {
    const last = all.length - 1;
    if (last >= 0 && all[last].length + text.length < ADDRESS_BYTES) all[last] += `+${text}`;
    else all.push(text);
  }
  return all;
}

// Runs all of it; test(name, run) counts. Says in one line what was done, or that the vectors are not there.
async function run(browser, folder, port, test) {
  if (!fs.existsSync(scripts) || !fs.existsSync(strings)) {
    console.log('SKIPPED payloads for scripts: ../shared/vectors is not there');
    return;
  }
  const lines = fs.readFileSync(scripts, 'utf8').split('\n').concat(JSON.parse(fs.readFileSync(strings, 'utf8')));
  const texts = [...new Set(lines.map(asName))].filter((x) => x.length > 0);
  const groups = batches(texts), base = `http://127.0.0.1:${port}`;
  const { node, ids } = await startNode(folder, port, groups);
  const bare = await open(browser, base, false), own = await open(browser, base, true);
  await bare.goto(`${base}/en/sign-in`);
  await bare.fill('#name', 'editor');
  await bare.fill('#password', 'a long password');
  await bare.click('main form button');
  await test('payloads are noticed where they are not escaped', async () => { // or the rest would prove nothing
    await bare.goto(`${base}/en`);
    await bare.evaluate(() => { document.querySelector('main').innerHTML = '<img src="x:" onerror="alert(1)">'; });
    await bare.waitForTimeout(500);
    check(bare.bad.some((x) => x.startsWith('dialog')), 'a dialog is not noticed');
    check((await bare.evaluate(`(${look})([])`)).alive.length === 1, 'a handler is not noticed');
  });
  let pages = 0;
  for (const [i, names] of groups.entries()) {
    const at = `${base}/en/${ids.get(i)}`;
    await test(`payloads of batch ${i}`, async () => {
      for (const [page, address] of [[bare, at], [bare, `${at}/edit`], [own, at]])
        await lookAt(page, address, names);
    });
    pages += 3;
  }
  for (let i = 1; i <= Math.ceil(groups.length / 20); i++)
    await test(`payloads in list ${i}`, () => { pages++; return lookAt(bare, `${base}/en/organization?page=${i}`, []); });
  for (const [i, words] of queries(texts).entries())
    await test(`payloads in search ${i}`, () => { pages++; return lookAt(bare, `${base}/en/search?q=${words}`, []); });
  console.log(`payloads: ${texts.length} texts of ${lines.length} lines on ${pages} pages`);
  await bare.context().close();
  await own.context().close();
  const over = new Promise((done) => node.once('exit', done));
  node.asked = true;
  node.kill('SIGTERM');
  await over;
}

module.exports = { run };
if (require.main === module) { // alone: node test/browser/payloads.js [PORT]
  const { chromium } = require('playwright-core');
  const os = require('os');
  (async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cau-payloads-'));
    const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] });
    let bad = 0;
    await run(browser, folder, Number(process.argv[2] || 8138), async (name, one) => { try { await one(); } catch (error) { bad++; console.log(`FAILED ${name}: ${error.message.slice(0, 400)}`); } });
    await browser.close();
    fs.rmSync(folder, { recursive: true, force: true });
    process.exit(bad === 0 ? 0 : 1);
  })();
}
