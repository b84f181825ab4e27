// The pages in a real browser, in three languages: the story of a user without script, axe, widths, paper.
//   node test/browser/run.js [PORT]      starts ./cau demo in a folder of its own, ends it, prints "N passed, M failed"
// CAU_URL and CAU_PASSWORD name a running demonstration node instead. CAU_SHOTS=DIR keeps a picture of each page; CAU_STORY=1 leaves out axe, widths and paper.
'use strict';
const { chromium } = require('playwright-core');
const { spawn, execFileSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const committee = require('./committee.js');
const figures = require('./figures.js');
const payloads = require('./payloads.js');

const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const languages = ['vi', 'ru', 'en'];
const port = Number(process.argv[2] || 8137);
let base = process.env.CAU_URL || `http://127.0.0.1:${port}`;
let password = process.env.CAU_PASSWORD || '';
let passed = 0, failed = 0, browser;

async function test(name, run) {
  try {
    await run();
    passed++;
  } catch (error) {
    failed++;
    console.log(`FAILED ${name}: ${String(error.message || error).split('\n').slice(0, 6).join('\n    ')}`);
  }
}

function check(truth, what) {
  if (!truth) throw new Error(what);
}

// ---- the node under test ----

async function answers() {
  for (let i = 0; i < 600; i++) {
    try {
      const answer = await fetch(`${base}/health`);
      if (answer.status === 200) return true;
    } catch { /* not yet */ }
    await new Promise((done) => setTimeout(done, 200));
  }
  return false;
}

async function startNode(folder) {
  const dir = path.join(folder, 'node');
  const node = spawn('./cau', ['demo', '--port', String(port), '--dir', dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  node.stdout.resume();
  node.on('exit', (code, signal) => { if (!node.asked) console.log(`FAILED the node ended: ${signal || code}`); });
  check(await answers(), 'the demonstration node does not answer');
  password = fs.readFileSync(path.join(dir, 'demo-password'), 'utf8').trim();
  return node;
}

// ---- people at their browsers; without script unless a test asks for it ----

async function person(name, lang, options = {}) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  page.complaints = [];
  page.on('console', (message) => { if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) page.complaints.push(message.text()); });
  if (name) {
    await page.goto(`${base}/${lang}/sign-in`);
    await page.fill('#name', name);
    await page.fill('#password', password);
    await page.click('main form button');
    check(page.url().endsWith(`/${lang}/account`), `${name} is not signed in: ${page.url()}`);
  }
  return page;
}

async function leave(page) {
  check(page.complaints.length === 0, `the browser complains: ${page.complaints[0]}`);
  await page.context().close();
}

async function search(page, lang, words) {
  await page.goto(`${base}/${lang}/search?q=${encodeURIComponent(words)}`);
  return page.locator('.cau-row-title').allInnerTexts();
}

// ---- the story ----

const needs = {
  vi: { title: 'Cần thiết bị đo bức xạ vũ trụ cho vệ tinh nhỏ', words: 'buc xa vu tru ve tinh', comment: 'Nội dung rõ ràng.' },
  ru: { title: 'Требуется прибор для измерения космического излучения на малых спутниках', words: 'измерением космических излучений', comment: 'Изложено ясно.' },
  en: { title: 'Cosmic radiation gauges wanted for small satellites', words: 'cosmic radiation gauge', comment: 'Clear.' },
};

async function switchesLanguage() {
  const page = await person('', 'vi');
  await page.goto(`${base}/vi/search?q=dien+gio&kind=need`);
  await page.click('.cau-languages a[lang=ru]');
  check(page.url() === `${base}/ru/search?q=dien+gio&kind=need`, `the address changed: ${page.url()}`);
  check(await page.locator('html').getAttribute('lang') === 'ru', 'the page is not Russian');
  await page.click('.cau-languages a[lang=en]');
  check((await page.title()).startsWith('Search'), 'the page is not English');
  await leave(page);
}

async function findsWithoutMarks() {
  const page = await person('', 'vi');
  const titles = await search(page, 'vi', 'dien gio');
  check(titles.slice(0, 5).some((t) => t.toLowerCase().includes('điện gió')), `first hits: ${titles.slice(0, 5)}`);
  await page.locator('.cau-why summary').first().click();
  check((await page.locator('.cau-why li').first().innerText()).includes('→'), 'no reason is given');
  // The language of the words is guessed, the guess is shown, and can be changed.
  check((await page.locator('#query_lang option').first().innerText()).includes('Tiếng Việt'), 'the guess is not shown');
  await page.selectOption('#query_lang', 'en');
  await page.click('.cau-search button');
  check(page.url().includes('query_lang=en'), `the language is not asked for: ${page.url()}`);
  check(await page.locator('#query_lang').inputValue() === 'en', 'the chosen language does not stay');
  // What met nothing is said; where the record is in another language, with a way to propose a translation.
  await search(page, 'vi', 'móng nổi cho tuabin gió chịu bão qwzxv');
  await page.locator('.cau-why summary').first().click();
  const missed = page.locator('.cau-missed__one:has(a)', { hasText: 'qwzxv' }).first();
  check((await missed.locator('a').getAttribute('href')).includes('/vi/terms/new?lang='), 'no translation can be proposed');
  await search(page, 'vi', 'dien gio');
  await page.locator('.cau-row-title a').first().click();
  check(await page.locator('h1').count() === 1, 'a record has one heading');
  check(await page.locator('.cau-fields dt').count() > 1, 'a record shows its fields');
  await leave(page);
}

async function filters() {
  const page = await person('', 'en');
  await page.goto(`${base}/en/search`);
  const all = await page.locator('.cau-found').innerText();
  await page.locator('.cau-facet a', { hasText: 'Organisations' }).click();
  check(await page.locator('.cau-chip').count() === 1, 'the filter can be seen');
  check(await page.locator('.cau-found').innerText() !== all, 'the filter changes the count');
  await page.locator('.cau-chip').click();
  check(await page.locator('.cau-found').innerText() === all, 'the filter can be removed');
  await leave(page);
}

async function claimsOrganisation() {
  const member = await person('member', 'vi');
  if (await member.locator('.cau-tag').count() > 0) return leave(member); // on a node where it was done before
  await search(member, 'vi', 'Rosatom');
  await member.goto(`${base}/vi/organization?q=rosatom`);
  await member.locator('.cau-row-title a').first().click();
  await member.click('a[href$="/claim"]');
  await member.click('main form button'); // nothing written yet
  check(await member.locator('[role=alert]').count() === 1, 'an empty claim is refused');
  await member.fill('#statement', 'Phó trưởng phòng hợp tác quốc tế');
  await member.click('main form button');
  check(await member.locator('.cau-done').count() === 1, 'the claim is filed');
  const editor = await person('editor', 'ru');
  await editor.goto(`${base}/ru/claims`);
  await editor.locator('button[value=accept]').first().click();
  check(await editor.locator('.cau-done').count() === 1, 'the claim is confirmed');
  await leave(editor);
  await leave(member);
  const again = await person('member', 'vi'); // new rights come with a new session
  check(await again.locator('.cau-tag').count() > 0, 'the member speaks for the organisation');
  await leave(again);
}

async function addsNeed(lang, author) {
  const need = needs[lang];
  const page = await person(author, lang);
  await page.goto(`${base}/${lang}/need/new`);
  await page.locator('button[value=submit]').click(); // without a title
  check(await page.locator('.govuk-error-summary').count() === 1, 'errors are summed up');
  check(await page.locator('.govuk-error-message').count() > 0, 'and stand beside the field');
  await page.fill(`[name="title.${lang}"]`, need.title);
  await page.fill(`[name="summary.${lang}"]`, `${need.title}.\n\n1 000 km.`);
  await page.fill('[name="deadline.day"]', '31');
  await page.fill('[name="deadline.month"]', '2');
  await page.fill('[name="deadline.year"]', '2027');
  await page.locator('button[value=submit]').click(); // there is no such day
  check(await page.locator('.govuk-error-message').count() > 0, 'a day that does not exist is refused');
  check(await page.inputValue(`[name="title.${lang}"]`) === need.title, 'what was written is kept');
  await page.fill('[name="deadline.day"]', '28');
  await page.locator('button[value=submit]').click();
  check(await page.locator('.cau-done').count() === 1, `saved and sent: ${await page.locator('main').innerText()}`);
  const address = new URL(page.url()).pathname;
  check((await search(page, lang, need.title)).includes(need.title), 'its author finds the draft');
  await leave(page);
  const stranger = await person('', lang);
  const answer = await stranger.goto(base + address);
  check(answer.status() === 404, 'nobody else sees a draft');
  check(!(await search(stranger, lang, need.title)).includes(need.title), 'nor finds it');
  await stranger.context().close();
  return address;
}

async function reviews(lang, address) {
  const page = await person('adviser', lang);
  await page.goto(`${base}/${lang}/reviews`);
  await page.click(`a[href="${address}/review"]`);
  await page.click('main form button'); // without scores
  check(await page.locator('[role=alert]').count() === 1, 'scores are required');
  for (const name of ['innovation', 'clarity', 'cooperation', 'completeness']) await page.check(`#${name}-4`);
  await page.fill('#comment', needs[lang].comment);
  await page.click('main form button');
  check(await page.locator('.cau-done').count() === 1, 'the decision is recorded');
  await leave(page);
  const stranger = await person('', lang);
  check((await search(stranger, lang, needs[lang].words)).includes(needs[lang].title), 'everyone finds it now');
  await leave(stranger);
}

async function sameNobodyReviewsHimself() {
  const page = await person('adviser', 'en');
  await page.goto(`${base}/en/offer/new`);
  await page.fill('[name="title.en"]', 'A text of the adviser himself');
  await page.locator('button[value=submit]').click();
  const address = new URL(page.url()).pathname;
  await page.goto(`${base}${address}/review`);
  for (const name of ['innovation', 'clarity', 'cooperation', 'completeness']) await page.check(`#${name}-5`);
  await page.click('main form button');
  check((await page.locator('h1').innerText()).includes('not done'), 'the author cannot review his own text');
  await leave(page);
}

async function editsAtTheSameTime() {
  const one = await person('editor', 'en'), two = await person('administrator', 'en');
  await one.goto(`${base}/en/organization/new`);
  await one.fill('[name="name.en"]', 'Institute of Simultaneous Edits');
  await one.check('[name=types][value=institute]');
  await one.locator('button[value=save]').last().click();
  const address = new URL(one.url()).pathname;
  await one.goto(`${base}${address}/edit`);
  await two.goto(`${base}${address}/edit`);
  await one.fill('[name="name.en"]', 'Institute of the First Edit');
  await one.locator('button[value=save]').last().click();
  await two.fill('[name="name.en"]', 'Institute of the Second Edit');
  await two.locator('button[value=save]').last().click();
  check(await two.locator('.cau-banner--gone').count() === 1, 'the second one sees the difference');
  check((await two.locator('.cau-compare').innerText()).includes('First Edit'), 'with what stands there now');
  check(await two.inputValue('[name="name.en"]') === 'Institute of the Second Edit', 'and keeps his own text');
  await two.locator('button[value=save]').last().click();
  check((await two.locator('h1').innerText()) === 'Institute of the Second Edit', 'he may then save');
  await two.goto(`${base}${address}/history`);
  check(await two.locator('.cau-history tbody tr').count() === 3, 'three versions stand in the history');
  await two.click('main form button');
  check(await two.locator('.cau-del').count() > 0 && await two.locator('.cau-ins').count() > 0, 'two versions compared');
  await leave(one);
  await leave(two);
}

async function keepsWhatWasWritten() {
  const page = await person('editor', 'en');
  await page.goto(`${base}/en/need/new`);
  await page.fill('[name="title.en"]', 'Written before the session ended');
  const cookies = await page.context().cookies();
  await page.context().clearCookies();
  await page.locator('button[value=save]').last().click();
  check((await page.locator('h1').innerText()).includes('expired'), 'says that the session is over');
  await page.context().addCookies(cookies);
  await page.click('main form button');
  await page.click('main form button'); // signed in again: a fresh token, one more look
  check((await page.locator('h1').innerText()).includes('Written before'), 'and loses nothing');
  await leave(page);
}

// A spreadsheet with errors in it: mapped, looked at, imported, taken back.
async function imports(lang, folder) {
  const file = path.join(folder, `${lang}.csv`);
  const mark = `Imported ${lang}`;
  fs.writeFileSync(file, `name.en;types;country;established;Note of nobody\n${mark} Institute;institute;VN;1975;x\n` +
    `${mark} Broken;institute;ZZZ;31.02.2001;\n${mark} University;university;RU;1980;y\n`);
  const page = await person('editor', lang);
  await page.goto(`${base}/${lang}/imports`);
  await page.click('main form button'); // no file chosen
  check(await page.locator('[role=alert]').count() === 1, 'a file is asked for');
  await page.setInputFiles('#file', file);
  await page.selectOption('#kind', 'organization');
  await page.click('main form button');
  check(page.url().endsWith('/columns'), `the columns are asked for: ${page.url()}`);
  check(await page.inputValue('[name=column0]') === 'name.en', 'a heading is understood');
  check(await page.inputValue('[name=column4]') === '', 'another is left out');
  await page.locator('button[value=look]').last().click();
  const numbers = await page.locator('.cau-numbers b').allInnerTexts();
  check(numbers[0] === '3' && numbers[1] === '2' && numbers[4] === '1', `the preview counts: ${numbers}`);
  check((await page.locator('.cau-report').first().innerText()).includes('ZZZ'), 'and names what it refuses');
  const address = new URL(page.url()).pathname;
  const refused = await page.context().request.get(`${base}${address}/refused`);
  check((await refused.text()).includes('Broken'), 'the refused row can be fetched');
  check(!(await search(page, lang, mark)).some((t) => t.includes(mark)), 'nothing is written yet');
  await page.goto(base + address);
  await page.locator('form[action$="/confirm"] button').click();
  for (let i = 0; i < 30 && await page.locator('form[action$="/undo"]').count() === 0; i++) {
    await page.waitForTimeout(500);
    await page.goto(base + address);
  }
  check((await search(page, lang, `"${mark}"`)).length === 2, 'two rows are in the register');
  await page.goto(base + address);
  await page.locator('details summary').first().click();
  await page.locator('form[action$="/undo"] button').click();
  for (let i = 0; i < 30 && await page.locator('form[action$="/undo"]').count() > 0; i++) {
    await page.waitForTimeout(500);
    await page.goto(base + address);
  }
  check((await search(page, lang, `"${mark}"`)).length === 0, 'and gone again');
  await leave(page);
}

// A row that looks like a record we have: said to be the same, it changes that record instead of adding one.
async function sameAsWeHave(folder) {
  const file = path.join(folder, 'alike.csv');
  fs.writeFileSync(file, 'name.vi;name.en;types;country;websites\n' +
    'Bộ Khoa học và Công nghệ;Ministry of Science and Technology of Viet Nam;ministry;VN;https://mst.gov.vn/en\n');
  const page = await person('editor', 'en');
  await page.goto(`${base}/en/imports`);
  await page.setInputFiles('#file', file);
  await page.selectOption('#kind', 'organization');
  await page.click('main form button');
  await page.fill('#save_as', 'Ministries');
  await page.locator('button[value=look]').last().click();
  check((await page.locator('.cau-numbers b').allInnerTexts())[5] === '1', 'a likeness is counted');
  await page.locator('[id^=same-]').check();
  await page.locator('form[action$="/choose"] button').click();
  const numbers = await page.locator('.cau-numbers b').allInnerTexts();
  check(numbers[1] === '0' && numbers[2] === '1', `it would be changed, not added: ${numbers}`);
  await page.locator('form[action$="/drop"] button').click();
  check(await page.locator('.cau-done').count() === 1, 'the preview is dropped');
  await leave(page);
}

async function asksForConsent(lang) {
  const page = await person('editor', lang);
  await page.goto(`${base}/${lang}/person/new`);
  check(await page.locator('[name=visibility]:checked').inputValue() === 'private', 'a person is private unless one says otherwise');
  await page.locator(`[name^="name"][name*="${lang}"]:not([type=hidden])`).first().fill('Nguyễn Văn Mẫu');
  await page.check('#visibility-public');
  await page.locator('button[value=save]').last().click();
  check(await page.locator('#visibility-public').isChecked(), 'what was chosen is kept');
  check(await page.locator('.govuk-error-message').count() === 1, 'a person who did not agree is not shown to others');
  check(await page.locator('.govuk-form-group--error [name=consent]').count() === 1, 'it is said beside the consent');
  await page.selectOption('[name=consent]', 'public_card');
  await page.fill('[name="consented.year"]', '2026');
  await page.locator('button[value=save]').last().click();
  check(await page.locator('.cau-done').count() === 1, `saved: ${page.url()}`);
  await leave(page);
}

async function wrongPassword() {
  const page = await person('', 'ru');
  await page.goto(`${base}/ru/sign-in`);
  await page.fill('#name', 'editor');
  await page.fill('#password', 'wrong wrong wrong');
  await page.click('main form button');
  check(await page.locator('[role=alert]').count() === 1, 'a wrong password is refused');
  check(await page.inputValue('#name') === 'editor', 'the name is kept');
  await page.context().close();
}

// A second organisation is interested in the need of the first; both note what became of it.
async function newMember(name, organization) {
  const admin = await person('administrator', 'en');
  await admin.goto(`${base}/en/users`);
  await admin.fill('#name', name);
  await admin.fill('#password', password);
  await admin.locator('main form button').last().click();
  await leave(admin);
  const member = await person(name, 'ru');
  await member.goto(`${base}/ru/organization?q=${organization}`);
  await member.locator('.cau-row-title a').first().click();
  await member.click('a[href$="/claim"]');
  await member.fill('#statement', 'Отдел внешних связей');
  await member.click('main form button');
  await leave(member);
  const editor = await person('editor', 'en');
  await editor.goto(`${base}/en/claims`);
  await editor.locator('button[value=accept]').last().click();
  await leave(editor);
  return person(name, 'ru');
}

async function expressesInterest(need) {
  const from = await newMember(`works${Date.now()}`, 'Gazprom');
  const address = need.replace(/^\/../, '/ru');
  await from.goto(base + address);
  await from.click('.cau-side a[href$="/interest"]');
  await from.fill('#message', 'Готовы поставить прибор.');
  await from.fill('#mailbox', 'no address');
  await from.click('main form button');
  check(await from.locator('[role=alert]').count() === 1, 'a bad mailbox is refused');
  await from.fill('#mailbox', 'office@works.example');
  await from.click('main form button');
  check(await from.locator('.cau-course').count() === 1, 'the interest has a page with its course');
  const page = new URL(from.url()).pathname;
  await from.goto(`${base}${address}/interest`);
  await from.click('main form button');
  check(await from.locator('[role=alert]').count() === 1, 'one interest at a time');
  const to = await person('member', 'vi');
  await to.goto(`${base}/vi/account`);
  await to.locator(`.cau-interests a[href="${page.replace('/ru', '/vi')}"]`).click();
  check((await to.locator('main').innerText()).includes('Готовы поставить'), 'the other side reads the message');
  await to.fill('#note', 'Đã gọi điện, hẹn gặp tháng sau.');
  await to.locator('form[action$="/step"] button').click();
  check(await to.locator('.cau-steps__now').innerText() === 'Đã liên hệ', 'and notes the first contact');
  check(await to.locator(`a[href$="/history"]`).count() > 0, 'with a history');
  await to.click('a[href$="/history"]');
  check(await to.locator('tbody tr').count() === 2, 'that the other side may read too');
  await from.goto(base + page);
  check((await from.locator('.cau-course').innerText()).includes('hẹn gặp tháng sau'), 'the note is seen by the first');
  await from.check('#stage-dropped');
  await from.locator('form[action$="/step"] button').click();
  check(await from.locator('[role=alert]').count() === 1, 'to drop it, a reason is needed');
  await from.selectOption('#reason', 'price');
  await from.locator('form[action$="/step"] button').click();
  check(await from.locator('#stage-talks').count() === 0, 'nothing follows the end');
  const adviser = await person('adviser', 'en');
  await adviser.goto(`${base}/en/funnel`);
  check((await adviser.locator('main').innerText()).includes('Price'), 'the funnel says why');
  await adviser.locator('.cau-funnel td a').last().click();
  check(await adviser.locator('.cau-row-title').count() > 0, 'and leads to the records');
  const stranger = await person('', 'en');
  check((await stranger.goto(base + page)).status() === 404, 'nobody else reads it');
  for (const one of [from, to, adviser]) await leave(one);
  await stranger.context().close();
}

// Words of one language find texts of another; the reason and its source are in the reader's language.
const across = {
  vi: { words: 'móng nổi điện gió', title: 'плавучие основания', source: 'bản dịch · nguồn: Bảng thuật ngữ Cầu' },
  ru: { words: 'плавучие основания', title: 'móng nổi', source: 'перевод · источник: глоссарий Cầu' },
  en: { words: 'floating wind foundations', title: 'móng nổi', source: 'translation · source: Cầu\'s glossary' },
};

async function findsAcross(lang) {
  const page = await person('', lang);
  const { words, title, source } = across[lang];
  await page.goto(`${base}/${lang}/need?q=${encodeURIComponent(words)}`);
  const row = page.locator('.cau-row-item', { has: page.locator('.cau-row-title .cau-lang') }).filter({ hasText: new RegExp(title, 'i') }).first();
  check(await row.count() === 1, `not found: ${title}`);
  check((await row.locator('.cau-why').textContent()).replace(/\s+/g, ' ').includes(source), `the reason says ${source}`);
  await leave(page);
}

// From a need to what fits it, with reasons in the reader's language.
const fitting = {
  vi: { words: 'tuabin gió vùng nước sâu', from: 'Tiếng Nga', why: 'bản dịch' },
  ru: { words: 'плавучие основания для ветроустановок', from: 'вьетнамский', why: 'перевод' },
  en: { words: 'turbines beyond fixed-bottom depth', from: 'Vietnamese', why: 'translation' },
};

async function showsWhatFits(lang) {
  const page = await person('', lang);
  const { words, from, why } = fitting[lang];
  await page.goto(`${base}/${lang}/need?q=${encodeURIComponent(words)}`);
  await page.locator('.cau-row-title a').first().click();
  await page.click('.cau-side a[href$="/matches"]');
  check(await page.locator('.cau-match').count() > 0, 'something fits');
  check(await page.locator('.cau-match .cau-band').count() > 0, 'how sure it is, is said');
  await page.locator('.cau-match .cau-why summary').first().click();
  check((await page.locator('.cau-match .cau-why li').first().innerText()).includes('→'), 'and why');
  const foreign = page.locator('.cau-match').first().locator('.cau-row-item', { has: page.locator('.cau-lang', { hasText: from }) }).first();
  check(await foreign.count() === 1, `an offer written in another language fits: ${from}`);
  const reasons = await foreign.locator('.cau-why li').allTextContents();
  check(reasons.some((r) => r.includes(why)), 'by translation, with its source');
  check(!reasons.some((r) => /^(cho|tại|для|в|for|at) →| → (cho|tại|для|в|for|at|the) /i.test(r)), 'by words that say something');
  await page.locator('.cau-match .cau-row-title a').first().click();
  check(await page.locator('h1').count() === 1, 'each leads to its record');
  await leave(page);
}

// A missing translation: proposed by one, accepted by another, then everybody's.
async function proposesTerm(lang) {
  const mark = `${lang}${Date.now()}`;
  const names = { vi: `máy lặn sâu ${mark}`, ru: `глубоководный аппарат ${mark}`, en: `deep-sea vehicle ${mark}` };
  const reader = await person('member', lang);
  await reader.goto(`${base}/${lang}/terms/new?lang=${lang}&word=${encodeURIComponent(names[lang])}`);
  check(await reader.inputValue(`#name-${lang}`) === names[lang], 'the missing word is filled in');
  await reader.click('main form button');
  check(await reader.locator('[role=alert]').count() === 1, 'a second language is needed');
  for (const other of languages) await reader.fill(`#name-${other}`, names[other]);
  await reader.click('main form button');
  check(await reader.locator('.cau-done').count() === 1, 'the proposal is sent');
  await leave(reader);
  const adviser = await person('adviser', lang);
  await adviser.goto(`${base}/${lang}/reviews`);
  await adviser.click('main a[href$="/terms"]');
  const proposal = adviser.locator('.cau-row-item', { hasText: mark });
  await proposal.locator('button[value=accept]').click();
  check(await adviser.locator('.cau-done').count() === 1 && await proposal.count() === 0, 'it is accepted');
  await leave(adviser);
  const stranger = await person('', lang);
  check((await search(stranger, lang, mark)).includes(names[lang]), 'everybody finds the term');
  await leave(stranger);
}

// A person keeps a search, hears of a new record, reads it in a feed, and stops that.
async function savesSearch(lang) {
  const mark = `Saved ${lang} ${Date.now()}`;
  const reader = await person('member', lang);
  await reader.goto(`${base}/${lang}/mechanism?q=${encodeURIComponent(`"${mark}"`)}`);
  await reader.click('.cau-save summary');
  await reader.fill('#save-name', mark);
  await reader.click('.cau-save button');
  const mine = () => reader.locator('.cau-row-item', { hasText: mark });
  check(await mine().count() === 1 && await mine().locator('.cau-tag--new').count() === 0, 'the search is kept, nothing is new');
  const editor = await person('editor', lang);
  await editor.goto(`${base}/${lang}/mechanism/new`);
  await editor.fill(`[name="title.${lang}"]`, `${mark} record`);
  await editor.locator('button[value=save]').last().click();
  await leave(editor);
  await reader.goto(`${base}/${lang}/account/searches`);
  check(await mine().locator('.cau-tag--new').count() === 1, 'a new record is told');
  check((await mine().innerText()).includes(`${mark} record`), 'and named');
  await mine().locator('button[value=make]').click();
  const address = await mine().locator('input[readonly]').inputValue();
  check((await (await fetch(address)).text()).includes(`${mark} record</title>`), 'the feed has it');
  await reader.goto(`${base}/${lang}/account/searches`);
  check(await mine().locator('input[readonly]').count() === 0, 'the address is not shown again');
  await mine().locator('button[value=stop]').click();
  check((await fetch(address)).status === 404, 'a stopped feed is gone');
  await mine().locator('form[action$="/open"] button').click();
  check(await reader.locator('.cau-row-title').count() === 1, 'its results');
  await reader.goto(`${base}/${lang}/account/searches`);
  check(await mine().locator('.cau-tag--new').count() === 0, 'looked at: nothing is new');
  await mine().locator('form[action$="/remove"] button').click();
  check(await mine().count() === 0, 'the search is removed');
  await leave(reader);
}

// Every number of the matrix is a link to a list of exactly so many records.
async function countsStrengths(lang) {
  const page = await person('', lang);
  await page.goto(`${base}/${lang}/matrix`);
  await page.selectOption('#a', 'RU');
  await page.selectOption('#b', 'VN');
  await page.click('.cau-pair button');
  check(page.url().endsWith('/matrix?a=RU&b=VN'), `the address names both countries: ${page.url()}`);
  const cells = page.locator('.cau-matrix td a');
  check(await cells.count() > 20, 'many fields have records');
  const chosen = await cells.evaluateAll((all) => all.filter((a, i) => i % 17 === 0).map((a) => [a.href, a.textContent]));
  for (const [address, number] of chosen) {
    await page.goto(address);
    const found = (await page.locator('.cau-found').innerText()).match(/\d+/)[0];
    check(found === number, `${address} lists ${found}, the table says ${number}`);
  }
  await page.goto(`${base}/${lang}/matrix?a=RU&b=RU`);
  check(await page.locator('[role=alert]').count() === 1, 'a country beside itself is refused');
  await leave(page);
}

// From the agreement of 2011 to the project that rests on it; every number leads to a list of exactly so many.
async function followsAgreements(lang) {
  const page = await person('', lang);
  await page.goto(`${base}/${lang}/cooperation`);
  await page.click('.cau-kinds__name a[href$="/agreements"]');
  for (const place of ['agreements', 'portfolio']) {
    await page.goto(`${base}/${lang}/${place}`);
    const chosen = await page.locator('.cau-facet li').evaluateAll((all) => all.map((li) => [li.querySelector('a').href, li.querySelector('.cau-count').textContent]));
    check(chosen.length > 10, 'documents and projects are counted');
    for (const [address, number] of chosen) {
      await page.goto(address);
      const found = (await page.locator('.cau-found').innerText()).match(/\d+/)[0];
      check(found === number, `${address} lists ${found}, the page says ${number}`);
    }
  }
  await page.goto(`${base}/${lang}/agreements?partner=RU&year=2011`);
  await page.locator('.cau-time-table__name > a').first().click();
  await page.locator('.cau-time-table__name > a').last().click(); // the latest in the chain: its project
  check(await page.locator('.cau-chain li').count() >= 5, 'agreement, decision, project, site, owner');
  check(await page.locator('.cau-time-table svg[role=img]').count() >= 3, 'milestones along a line of time');
  await leave(page);
}

// The report of 2019 says what was published; three notes are followed to the records and their sources, and back.
async function followsNotes(lang) {
  const page = await person('', lang);
  await page.goto(`${base}/${lang}/report`);
  await page.selectOption('#year', '2019');
  await page.selectOption('#country', 'VN');
  await page.click('.cau-pair button');
  check(page.url().endsWith(`/${lang}/report/2019?country=VN`), `the address names year and country: ${page.url()}`);
  for (const published of ['7', '9', '5']) {
    await page.goto(`${base}/${lang}/report/2019?country=VN`);
    const number = page.locator('.cau-office p strong', { hasText: new RegExp(`^${published}$`) }).first();
    await number.locator('xpath=following::sup[1]/a').click();
    const note = page.locator('.cau-office__notes li:target');
    check((await note.innerText()).includes('Vietnam Economic News'), 'the note names the publication');
    await note.locator('a').first().click();
    check((await page.locator('#sources').locator('xpath=..').innerText()).includes('sci-tech cooperation'), 'the record names its source');
  }
  await page.goto(`${base}/${lang}/report/2024?country=VN`);
  const notStated = { vi: 'không nêu', ru: 'не указано', en: 'not stated' }[lang];
  check(await page.locator('.cau-office td', { hasText: notStated }).count() > 0, 'a side without a figure has none, not 0');
  for (const format of ['docx', 'xlsx', 'csv']) {
    const [file] = await Promise.all([page.waitForEvent('download'), page.click(`.cau-office__formats a[href$="format=${format}"]`)]);
    check(file.suggestedFilename() === `report-VN-2024.${format}`, file.suggestedFilename());
  }
  await leave(page);
}

// A portrait is one page of A4, whatever it is of.
async function printsPortraits(lang, folder) {
  const page = await person('', lang);
  await page.goto(`${base}/${lang}/project?q=CNST`);
  await page.locator('.cau-row-title a').first().click();
  await page.click('a[href$="/portrait"]');
  const project = new URL(page.url()).pathname;
  await page.goto(`${base}/${lang}/organization?q=Vietsovpetro`);
  await page.locator('.cau-row-title a').first().click();
  const organization = `${new URL(page.url()).pathname}/portrait`;
  for (const place of [`/${lang}/portrait/country/VN`, `/${lang}/portrait/country/RU`, `/${lang}/portrait/field/2`, project, organization]) {
    const file = path.join(folder, 'portrait.pdf');
    await page.goto(base + place);
    await page.pdf({ path: file, format: 'A4', preferCSSPageSize: true });
    const pages = execFileSync('pdfinfo', [file], { encoding: 'utf8' }).match(/Pages:\s+(\d+)/)[1];
    check(pages === '1', `${place} has ${pages} pages`);
  }
  await page.context().close();
}

// ---- every page kind ----

async function pageKinds(lang) {
  const stranger = await person('', lang);
  const kinds = [], of = {};
  for (const kind of ['organization', 'need', 'indicator', 'agreement', 'commitment', 'project', 'session', 'mechanism', 'obstacle', 'programme']) {
    await stranger.goto(`${base}/${lang}/${kind}`);
    const first = stranger.locator('.cau-row-title a').first();
    if (await first.count() > 0) kinds.push(of[kind] = new URL(await first.getAttribute('href'), base).pathname);
  }
  await leave(stranger);
  const record = kinds[0];
  return {
    '': ['', '/search?q=Rosatom', '/search?q=offshore+wind', '/search?q=zzzzqqq', '/browse', '/matrix?a=VN&b=RU', '/cooperation', '/agreements', '/portfolio', '/figures', '/obstacles', '/report/2019?country=VN', '/report/2024?country=RU', '/portrait/country/VN', '/portrait/country/RU', '/portrait/field/FORD:2.11', '/portrait/field/2.7', '/organization', '/about', '/help', '/accessibility',
      '/sign-in', '/no-such-page'].map((p) => `/${lang}${p}`).concat(kinds,
      [`${record}/portrait`, `${record}/matches`, `${kinds[1] || record}/matches`, `${record}/history`, `${record}/print`, `${record}/version/public/1`, `${record}/compare?old=public.1&new=public.1`]),
    editor: ['/account', '/account/searches', '/funnel', '/interest', '/terms', '/terms/new', '/reviews', '/claims', '/duplicates', '/imports', '/need/new', '/indicator/new', '/session/new'].map((p) => `/${lang}${p}`)
      .concat([`${record}/edit`, `${record}/withdraw`, `${record}/claim`]),
    'secretary-vn': ['/desk', '/desk?show=unconfirmed', '/digest'].map((p) => `/${lang}${p}`)
      .concat([`${of.mechanism}/table`, `${of.mechanism}/agenda`, `${of.session}/minutes`, `${of.project}/portrait`, of.commitment, of.session, of.obstacle]),
    administrator: ['/users', '/users/editor'].map((p) => `/${lang}${p}`),
  };
}

async function looksAtPage(page, address, lang) {
  await page.setViewportSize({ width: 1200, height: 900 });
  await page.goto(base + address);
  if (process.env.CAU_SHOTS)
    await page.screenshot({ path: path.join(process.env.CAU_SHOTS, `${address.replace(/[^a-z0-9]+/gi, '_')}.png`), fullPage: true });
  await page.evaluate(() => document.querySelectorAll('details.cau-why').forEach((d) => { d.open = true; }));
  await page.evaluate(axe);
  const result = await page.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  check(result.violations.length === 0, result.violations.map((v) =>
    `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 160)}`).join('\n'));
  check(await page.locator('html').getAttribute('lang') === lang, 'the page names its language');
  for (const width of [320, 360]) {
    await page.setViewportSize({ width, height: 700 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (process.env.CAU_SHOTS && width === 360)
      await page.screenshot({ path: path.join(process.env.CAU_SHOTS, `${address.replace(/[^a-z0-9]+/gi, '_')}-360.png`), fullPage: true });
    check(over <= 0, `${over} pixels too wide at ${width}`);
  }
}

async function looksAtAll(lang) {
  const kinds = await pageKinds(lang);
  for (const [name, addresses] of Object.entries(kinds)) {
    const page = await person(name, lang, { javaScriptEnabled: true }); // axe is script
    for (const address of addresses)
      await test(`axe and width ${name || 'reader'} ${address}`, () => looksAtPage(page, address, lang));
    await page.context().close();
  }
}

async function prints(lang, folder) {
  const page = await person('', lang);
  await page.goto(`${base}/${lang}/organization?q=Rosatom`);
  await page.locator('.cau-row-title a').first().click();
  const id = new URL(page.url()).pathname.split('/')[2];
  await page.goto(`${base}/${lang}/${id}/print`);
  const file = path.join(folder, `print-${lang}.pdf`);
  await page.pdf({ path: file, format: 'A4', preferCSSPageSize: true });
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).normalize('NFC');
  check(text.includes('Росатом'), 'Cyrillic text is text on paper');
  check(/Tập đoàn|năng lượng|nguyên tử/i.test(text.replace(/\s+/g, ' ')), 'Vietnamese text is text on paper');
  check(text.includes(id), 'the id stands in the foot');
  await page.context().close();
}

// ---- programs ----

async function programs() {
  const api = await (await fetch(`${base}/api/v1/openapi.json?lang=ru`)).json();
  check(api.openapi === '3.1.0' && Object.keys(api.paths).length > 8, 'the interface describes itself');
  const found = await (await fetch(`${base}/api/v1/search?q=Rosatom&limit=1`)).json();
  const answer = await fetch(`${base}/api/v1/records/${found.hits[0].id}`);
  const again = await fetch(`${base}/api/v1/records/${found.hits[0].id}`, { headers: { 'If-None-Match': answer.headers.get('etag') } });
  check(again.status === 304, 'what did not change is not sent twice');
  const checkpoint = await (await fetch(`${base}/log/public/checkpoint`)).text();
  check(checkpoint.split('\n')[0].endsWith('/log/public'), 'the checkpoint names its log');
  check((await fetch(`${base}/log/private/checkpoint`)).status === 404, 'the private log is nobody’s business');
  check((await fetch(`${base}/vi/%2e%2e/x`)).status >= 400, 'dots in an address are refused');
  const home = await fetch(`${base}/`, { redirect: 'manual', headers: { 'Accept-Language': 'ru-RU,ru;q=0.9' } });
  check(home.headers.get('location') === '/ru/', 'the first page is in the reader’s language');
  check(home.headers.get('content-security-policy').startsWith("default-src 'none'"), 'the policy is strict');
}

async function main() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cau-browser-'));
  const node = process.env.CAU_URL ? null : await startNode(folder);
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
  await test('language switch keeps the address', switchesLanguage);
  await test('search without tone marks', findsWithoutMarks);
  await test('filters', filters);
  await test('a member speaks for an organisation', claimsOrganisation);
  let need = '';
  for (const lang of languages)
    await test(`a need in ${lang}`, async () => {
      const address = await addsNeed(lang, lang === 'vi' ? 'member' : 'editor');
      await reviews(lang, address);
      if (lang === 'vi') need = address;
    });
  await test('interest in a need', () => expressesInterest(need));
  for (const lang of languages) await test(`a spreadsheet in ${lang}`, () => imports(lang, folder));
  await test('a row that looks like a record', () => sameAsWeHave(folder));
  await test('nobody reviews his own text', sameNobodyReviewsHimself);
  await test('two editors at once', editsAtTheSameTime);
  await test('an expired session loses nothing', keepsWhatWasWritten);
  for (const lang of languages) await test(`consent in ${lang}`, () => asksForConsent(lang));
  await test('a wrong password', wrongPassword);
  for (const lang of languages) await test(`words of ${lang} find other languages`, () => findsAcross(lang));
  for (const lang of languages) await test(`what fits in ${lang}`, () => showsWhatFits(lang));
  for (const lang of languages) await test(`a term in ${lang}`, () => proposesTerm(lang));
  for (const lang of languages) await test(`a saved search in ${lang}`, () => savesSearch(lang));
  for (const lang of languages) await test(`strengths and needs in ${lang}`, () => countsStrengths(lang));
  for (const lang of languages) await test(`agreements and projects in ${lang}`, () => followsAgreements(lang));
  const desk = committee({ base, person, leave, check, folder });
  const association = {};
  await test('an association is spoken for', async () => Object.assign(association, await desk.speaksForAssociation('adviser')));
  for (const lang of languages) {
    let session, obstacle;
    await test(`a session and its commitments in ${lang}`, async () => { session = await desk.holdsSession(lang); });
    await test(`two sides tell differently in ${lang}`, () => desk.sidesDiffer(lang, session));
    await test(`an obstacle through an association in ${lang}`, async () => { obstacle = await desk.filesObstacle(lang, association); });
    await test(`the draft agenda in ${lang}`, () => desk.draftsAgenda(lang, session, obstacle));
    await test(`the printed table in ${lang}`, () => desk.printsTable(lang, session));
    await test(`the report of 2019 in ${lang}`, () => desk.readsReport(lang));
  }
  for (const lang of languages) await test(`the annual report in ${lang}`, () => followsNotes(lang));
  const both = figures({ base, person, leave, check, folder });
  for (const lang of languages) await test(`a side's figure in ${lang}`, () => both.entersFigure(lang));
  for (const lang of languages) await test(`a file of figures in ${lang}`, () => both.importsFigures(lang));
  for (const lang of languages) await test(`portraits in ${lang}`, () => printsPortraits(lang, folder));
  await test('programs', programs);
  if (!process.env.CAU_URL) await test('payloads for scripts', () => payloads.run(browser, folder, port + 1, test));
  for (const lang of process.env.CAU_STORY ? [] : languages) {
    await looksAtAll(lang);
    await test(`paper in ${lang}`, () => prints(lang, folder));
  }
  await browser.close();
  if (node) {
    const over = new Promise((done) => node.once('exit', done));
    node.asked = true;
    node.kill('SIGTERM');
    await over;
  }
  fs.rmSync(folder, { recursive: true, force: true });
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
