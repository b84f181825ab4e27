// Figures of both sides in a browser: a secretary enters one, confirms it, imports a file; the page has table, gap and drawing.
'use strict';
const fs = require('fs');
const path = require('path');

const words = {
  vi: { silent: 'không nêu', confirmed: 'đã được xác nhận', share: '12,7% so với số lớn hơn', place: 'không phải là một nước' },
  ru: { silent: 'не приведено', confirmed: 'подтверждено стороной', share: '12,7 % от большего значения', place: 'такой страны в перечне нет' },
  en: { silent: 'not stated', confirmed: 'confirmed by the side', share: '12.7 % of the higher figure', place: 'is no country of the list' },
};
const year = { vi: '2018', ru: '2019', en: '2020' };

module.exports = ({ base, person, leave, check, folder }) => {
  async function opens(page, lang) {
    await page.goto(`${base}/${lang}/figures?a=VN&b=RU&differ=1`);
    check(await page.locator('.cau-figures-table tbody th[scope=row]').count() >= 1, 'an indicator in which the sides differ');
    await page.goto(`${base}/${lang}/figures?measure=people`);
    await page.locator('.cau-figures-table tbody tr', { has: page.locator('.cau-tag--example') }).locator('a').first().click();
  }

  // A figure of the Vietnamese side; the Russian one is not stated. What the form says of its standing does not count.
  async function entersFigure(lang) {
    const w = words[lang];
    const page = await person('secretary-vn', lang);
    await opens(page, lang);
    check(await page.locator('.cau-chart').getAttribute('role') === 'img', 'the drawing is an image with a title');
    check((await page.innerText('.cau-figures table')).includes(w.share), 'the gap in per cent');
    await page.click('.cau-side a[href$="/edit"]');
    const at = Number(await page.inputValue('[name="values.count"]')) - 1;
    await page.fill(`[name="values[${at}].period.year"]`, year[lang]);
    await page.fill(`[name="values[${at}].value"]`, '41');
    await page.selectOption(`[name="values[${at}].side"]`, 'VN');
    await page.selectOption(`[name="values[${at}].standing"]`, 'confirmed');
    await page.click('main form button.govuk-button[value=save]');
    const row = page.locator('.cau-figures tbody tr', { has: page.locator('th', { hasText: year[lang] }) }).first();
    check((await row.innerText()).includes('41') && (await row.innerText()).includes(w.silent), 'both sides in the row');
    check(!(await row.innerText()).includes(w.confirmed), 'a form confirms nothing');
    await page.click('form[action$="/confirm"] button');
    check((await row.innerText()).includes(w.confirmed), 'the secretary of the side confirms');
    check(await page.locator('form[action$="/confirm"]').count() === 0, 'nothing is left to be confirmed');
    await leave(page);
  }

  // A table by country and year: known by its head, previewed at once, a group of countries is refused.
  async function importsFigures(lang) {
    const page = await person('editor', lang);
    const file = path.join(folder, `births-${lang}.csv`);
    fs.writeFileSync(file, 'Country Name,Country Code,Year,Value\nViet Nam,VNM,2021,15.1\nViet Nam,VNM,2022,14.8\nWorld,WLD,2022,17\n');
    await page.goto(`${base}/${lang}/imports`);
    await page.setInputFiles('input[type=file]', file);
    await page.click('main form button.govuk-button');
    check((await page.innerText('main')).includes(words[lang].place), 'a group of countries is refused by name');
    await page.click('form[action$="/confirm"] button');
    for (let i = 0; i < 50 && await page.locator('form[action$="/undo"]').count() === 0; i++) {
      await page.waitForTimeout(200);
      await page.reload();
    }
    await page.goto(`${base}/${lang}/indicator?q=births-${lang}`);
    await page.locator('.cau-row-title a', { hasText: `births-${lang}` }).first().click();
    check(await page.locator('.cau-figures tbody tr').count() === 2 && await page.locator('.cau-chart').count() === 1, 'two years and a drawing');
    await leave(page);
  }

  return { entersFigure, importsFigures };
};
