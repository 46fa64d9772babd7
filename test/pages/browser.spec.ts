/** The pages in a real Chromium: typed into, looked at by axe, narrowed and enlarged. `RECORD=1` renews docs/page.png. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { type WardDay, wardDay } from './day.ts';
import { giveLetters } from './letters.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const picture = resolve(import.meta.dirname, '../../docs/page.png');

/** A desktop, a phone, and a desktop at 200 %: half as many pixels of the page, each twice as large. */
const windows: Readonly<Record<string, BrowserContextOptions>> = {
  'on a desktop': { viewport: { width: 1280, height: 900 } },
  'on a desktop in the dark': { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  'on a phone': { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true },
  'at 200 %': { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 },
  'without script': { viewport: { width: 1280, height: 900 }, javaScriptEnabled: false },
};

describe('pages in a browser', function () {
  this.timeout(120_000);
  let browser: Browser;
  let day: WardDay;
  let takeLetters: () => void;
  before(async () => {
    takeLetters = giveLetters();
    day = await wardDay();
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    takeLetters();
    await day.stop();
  });

  for (const [where, options] of Object.entries(windows)) {
    describe(where, () => {
      let page: Page;
      const said: string[] = [];
      beforeEach(async () => {
        const context = await browser.newContext({ baseURL: day.served.origin, ...options });
        page = await context.newPage();
        said.length = 0;
        page.on('console', (message) => said.push(message.text()));
        page.on('pageerror', (error) => said.push(error.message));
        page.on('requestfailed', (request) => said.push(`failed: ${request.url()}`));
        await page.goto('/');
      });
      afterEach(() => page.context().close());

      async function signIn(): Promise<void> {
        await page.getByLabel('Key').fill(day.served.keys.viewer);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('heading', { level: 1, name: 'Referrals' }).waitFor();
      }

      async function expectGood(name: string): Promise<void> {
        expect(said, name).to.deep.equal([]);
        if (options.javaScriptEnabled === false) return;
        const [wide, inner] = await page.evaluate<[number, number]>(
          '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
        );
        expect(wide, `${name}: nothing is wider than the window`).to.be.at.most(inner);
        // evaluated by the debugger: as a script element it would rightly be stopped by the page’s own policy
        await page.evaluate(axe);
        const found = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
          'axe.run().then((result) => result.violations)',
        );
        const violations = found.map(({ id, nodes }) => `${id}: ${nodes.map((one) => one.html)}`);
        expect(violations, name).to.deep.equal([]);
      }

      it('signs in, shows the list and a story, and signs out', async () => {
        await expectGood('sign-in');
        await signIn();
        await expectGood('list');
        if (process.env.RECORD === '1' && where === 'on a desktop')
          await page.screenshot({ path: picture });
        await page.locator(`h3 a[href="/referrals/${day.story}"]`).click();
        await page.getByRole('heading', { name: 'Both sides now' }).waitFor();
        await page.getByRole('heading', { name: /Disagreement/ }).waitFor();
        await expectGood('story');
        await page.getByRole('button', { name: 'Sign out' }).click();
        await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
      });

      it('says that a key is wrong', async () => {
        await page.getByLabel('Key').fill('mf_wrong');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('alert').waitFor();
        // a browser reports every answer of 400 and above: here that is what was asked for
        expect(said.filter((one) => !one.includes('401'))).to.deep.equal([]);
        said.length = 0;
        await expectGood('wrong key');
      });
    });
  }

  it('can be used by keyboard alone', async () => {
    const context = await browser.newContext({ baseURL: day.served.origin });
    const page = await context.newPage();
    await page.goto('/');
    await page.keyboard.press('Tab');
    const focused = () => page.evaluate<string>('document.activeElement.textContent.trim()');
    expect(await focused()).to.equal('Skip to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type(day.served.keys.viewer);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Referrals' }).waitFor();
    await context.close();
  });
});
