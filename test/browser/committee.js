// From minutes to the annual report, as two secretaries, a firm and its association do it: in a language, without script.
'use strict';
const { execFileSync } = require('child_process');
const path = require('path');

const words = {
  vi: {
    session: 'Kỳ họp thử của Ủy ban hợp tác về khoa học và công nghệ', second: 'ru',
    minutes: 'Hai bên nhất trí xây dựng phòng thí nghiệm chung về ăn mòn kim loại.\n\nPhía Nga nhất trí xem xét tăng số học bổng ngành đo lường.',
    note: 'Đã giao viện chủ trì lập kế hoạch.', answer: 'Chưa nhận được tài liệu.',
    obstacle: 'Thủ tục tạm nhập thiết bị đo kéo dài', detail: 'Hồ sơ tạm nhập phải nộp ba lần.',
  },
  ru: {
    session: 'Пробное заседание совместного комитета по науке и технологиям', second: 'vi',
    minutes: 'Стороны договорились создать совместную лабораторию коррозии металлов.\n\nРоссийская сторона согласилась рассмотреть увеличение числа стипендий по метрологии.',
    note: 'Поручено головному институту подготовить план.', answer: 'Материалы не получены.',
    obstacle: 'Долгое оформление временного ввоза приборов', detail: 'Документы на временный ввоз приходится подавать трижды.',
  },
  en: {
    session: 'Trial session of the joint committee on science and technology', second: 'vi',
    minutes: 'Both sides agreed to set up a joint laboratory of metal corrosion.\n\nThe Russian side consented to consider more scholarships in metrology.',
    note: 'The lead institute was asked to draw up a plan.', answer: 'No papers have come yet.',
    obstacle: 'Temporary import of instruments takes long', detail: 'The papers for temporary import must be filed three times.',
  },
};
const forces = ['agreed', 'consented_to_consider'];

module.exports = function committee({ base, person, leave, check, folder }) {
  const main = (page) => page.locator('main').innerText();
  const done = async (page, what) => check(await page.locator('.cau-done').count() === 1, `${what}: ${(await main(page)).slice(0, 400)}`);
  const here = (page) => new URL(page.url()).pathname;
  const open = async (page, summary) => { for (const d of await page.locator(summary).all()) await d.evaluate((e) => { e.open = true; }); };

  async function mechanism(page, lang) {
    await page.goto(`${base}/${lang}/mechanism?q=Russia`);
    const links = await page.locator('.cau-row-title a').all();
    for (const link of links)
      if (/education|образованию|giáo dục/.test(await link.innerText())) return new URL(await link.getAttribute('href'), base).pathname;
    throw new Error('the joint committee with Russia is not found');
  }

  // A session of 2019, its minutes, and a commitment of different force out of each paragraph.
  async function holdsSession(lang) {
    const page = await person('secretary-vn', lang), w = words[lang];
    const at = await mechanism(page, lang), id = at.split('/')[2];
    await page.goto(`${base}/${lang}/session/new?mechanism=${id}&held_on=2019-06-1${lang === 'vi' ? 1 : lang === 'ru' ? 2 : 3}&countries=VN&countries=RU&status=held&host=VN`);
    await page.fill(`[name="title.${lang}"]`, w.session);
    await page.locator('button[value=save]').last().click();
    await done(page, 'the session is saved');
    const session = here(page);
    await page.goto(`${base}${session}/minutes`);
    await page.selectOption('#lang', lang);
    await page.fill('#text', w.minutes);
    await page.click('main form button');
    await done(page, 'the minutes are kept');
    check(/[0-9a-f]{64}/.test(await main(page)), 'the page shows the hash of the minutes');
    const made = await page.locator('.cau-paragraphs a').evaluateAll((list) => list.map((a) => a.getAttribute('href')));
    check(made.length === forces.length, `a commitment can be made of each paragraph: ${made.length}`);
    const commitments = [];
    for (const [i, force] of forces.entries()) {
      await page.goto(base + made[i]);
      const statement = w.minutes.split('\n\n')[i];
      check(await page.inputValue(`[name="statement.${lang}"]`) === statement, 'the paragraph is the statement');
      await page.fill(`[name="title.${lang}"]`, statement.slice(0, 60));
      await page.locator(`[name=force][value=${force}], [name=force]`).first().evaluate((e, value) => {
        if (e.tagName === 'SELECT') e.value = value; else document.querySelector(`[name=force][value=${value}]`).checked = true;
      }, force);
      await page.check('[name=side][value=VN]').catch(() => page.selectOption('[name=side]', 'VN'));
      await page.fill('[name="due.year"]', '2021');
      await page.locator('button[value=save]').last().click();
      await done(page, 'the commitment is saved');
      commitments.push(here(page));
      const weak = await page.locator('#voices').locator('..').innerText();
      check((force === 'agreed') !== /không được tính là đã nhất trí|договорённостью не считается|does not count as agreed/i.test(weak),
        `${force} is ${force === 'agreed' ? '' : 'not '}agreed: ${weak.slice(0, 200)}`);
    }
    await leave(page);
    return { mechanism: at, session, commitments };
  }

  // Each side tells its own status; neither takes the place of the other's.
  async function sidesDiffer(lang, it) {
    const tell = async (name, status, note) => {
      const page = await person(name, lang);
      await page.goto(base + it.commitments[0]);
      await open(page, '.cau-voices details');
      await page.check(`#status-${status}`);
      await page.fill('#status-note', note);
      await page.click('form[action$="/status"] button');
      await done(page, `${name} tells ${status}`);
      const text = await page.locator('.cau-voices__sides').innerText();
      await leave(page);
      return text;
    };
    await tell('secretary-vn', 'under_way', words[lang].note);
    const both = await tell('secretary-ru', 'disputed', words[lang].answer);
    check(both.includes(words[lang].note) && both.includes(words[lang].answer), 'both words stand side by side');
    const desk = await person('secretary-vn', lang);
    await desk.goto(`${base}/${lang}/desk?show=differing`);
    check(await desk.locator(`a[href="${it.commitments[0]}"]`).count() === 1, 'the difference is on the secretary’s desk');
    await desk.goto(`${base}/${lang}/desk?show=overdue`);
    check(await desk.locator(`a[href="${it.commitments[0]}"]`).count() === 1, 'and what is overdue');
    await leave(desk);
  }

  // Somebody speaks for an association once an editor has confirmed it.
  async function speaksForAssociation(name) {
    const page = await person(name, 'en'), title = 'Vietnam Chamber of Commerce and Industry';
    await page.goto(`${base}/en/organization?q=${encodeURIComponent(title)}`);
    await page.locator('.cau-row-title a').first().click();
    const found = { id: here(page).split('/')[2], member: 'Rosatom' };
    if (await page.locator('a[href$="/claim"]').count() > 0) {
      await page.click('a[href$="/claim"]');
      await page.fill('#statement', 'Secretariat');
      await page.click('main form button');
      await done(page, 'the claim is filed');
      const editor = await person('editor', 'en');
      await editor.goto(`${base}/en/claims`);
      await editor.locator('button[value=accept]').first().click();
      await done(editor, 'the claim is confirmed');
      await leave(editor);
    }
    await leave(page);
    return found;
  }

  // A firm files through its association; what the other side reads does not name the firm.
  async function filesObstacle(lang, association) {
    const firm = await person('member', lang), w = words[lang];
    await firm.goto(`${base}/${lang}/obstacle/new?through=${association.id}&countries=VN&countries=RU&side=VN`);
    await firm.fill(`[name="title.${lang}"]`, w.obstacle);
    await firm.fill(`[name="summary.${lang}"]`, w.detail);
    await firm.locator('button[value=save]').last().click();
    await done(firm, 'the obstacle is with the association');
    const filed = here(firm);
    await leave(firm);
    const office = await person('adviser', lang);
    await office.goto(`${base}${filed}/forward`);
    await office.locator('main form button.cau-button').last().click();
    await done(office, 'it is put forward');
    const public_ = here(office);
    check(public_ !== filed, 'under an address of its own');
    await leave(office);
    const stranger = await person('', lang);
    check((await stranger.goto(base + filed)).status() === 404, 'what the firm wrote is not public');
    await stranger.goto(base + public_);
    const text = await main(stranger);
    check(text.includes(w.obstacle) && !text.includes(association.member), `the firm is not named: ${text.slice(0, 300)}`);
    await leave(stranger);
    return public_;
  }

  async function draftsAgenda(lang, it, obstacle) {
    const page = await person('secretary-vn', lang);
    await page.goto(`${base}${it.mechanism}/agenda`);
    const text = await main(page);
    check(text.includes(words[lang].obstacle), `the obstacle is on the draft agenda: ${text.slice(0, 600)}`);
    check(await page.locator(`a[href="${obstacle}"]`).count() > 0, 'and leads to its record');
    await leave(page);
  }

  async function printsTable(lang, it) {
    const w = words[lang], page = await person('secretary-vn', lang);
    await page.goto(`${base}${it.mechanism}/table?second=${w.second}`);
    check((await main(page)).includes(w.minutes.split('\n\n')[0]), 'the statement stands in the table');
    const file = path.join(folder, `table-${lang}.pdf`);
    await page.pdf({ path: file, preferCSSPageSize: true });
    const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).normalize('NFC');
    check(/\/log\/public/.test(text), 'the checkpoint stands at the foot of the paper');
    check(text.replace(/\s+/g, ' ').length > 400, 'the paper is not empty');
    for (const format of ['docx', 'xlsx', 'csv']) {
      const cookie = (await page.context().cookies()).map((c) => `${c.name}=${c.value}`).join('; ');
      const address = new URL(page.url());
      address.searchParams.set('format', format);
      const get = async () => Buffer.from(await (await fetch(address, { headers: { Cookie: cookie } })).arrayBuffer());
      const first = await get();
      check(first.length > 200 && first.equals(await get()), `the same ${format} each time`);
    }
    await leave(page);
  }

  async function readsReport(lang) {
    const page = await person('', lang);
    await page.goto(`${base}/${lang}/report/2019?country=VN`);
    const text = await page.locator('main').evaluate((e) => { // without the marks of the notes
      const copy = e.cloneNode(true);
      copy.querySelectorAll('sup').forEach((mark) => mark.remove());
      return copy.textContent;
    });
    for (const number of ['7', '9', '5']) check(new RegExp(`\\b${number}\\b`).test(text), `${number} is not in the report`);
    const names = { vi: ['Hàn Quốc', 'Thụy Điển', 'Cu-ba|Cuba', 'Đức', 'Mông Cổ'], ru: ['Корея', 'Швеция', 'Куба', 'Германия', 'Монголия'], en: ['Korea', 'Sweden', 'Cuba', 'Germany', 'Mongolia'] };
    for (const name of names[lang]) check(new RegExp(name).test(text), `${name} is not in the report`);
    const notes = await page.locator('.cau-paper sup a, sup a').all();
    check(notes.length >= 3, 'numbers have notes');
    for (const note of [notes[0], notes[Math.floor(notes.length / 2)], notes[notes.length - 1]]) {
      const target = await note.getAttribute('href');
      const place = page.locator(target.slice(target.indexOf('#')));
      check(await place.count() === 1, `note ${target} is there`);
      check((await place.innerText()).trim().length > 10, 'and says something');
    }
    const record = page.locator('li[id] a[href*="/r:"]').first();
    await record.click();
    check(await page.locator('.cau-sources').count() > 0, 'a note leads to a record with its sources');
    await leave(page);
  }

  return { holdsSession, sidesDiffer, speaksForAssociation, filesObstacle, draftsAgenda, printsTable, readsReport };
};
