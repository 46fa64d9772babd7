/** The browser that page tests use must enforce what a page's headers say, or those tests prove nothing. */

import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { type Loopback, serveOnLoopback } from './loopback.ts';

describe('browser', function () {
  this.timeout(60_000);
  let browser: Browser;
  let server: Loopback;

  before(async () => {
    browser = await launchBrowser();
    server = await serveOnLoopback((req, res) => {
      const strict = req.url === '/strict' && { 'Content-Security-Policy': "script-src 'none'" };
      res.writeHead(200, { 'Content-Type': 'text/html', ...strict });
      res.end('<title>kept</title><script>document.title = "changed"</script>');
    });
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  for (const [path, title] of [
    ['/', 'changed'],
    ['/strict', 'kept'],
  ] as const) {
    it(`leaves the title of ${path} ${title}`, async () => {
      const page = await browser.newPage();
      await page.goto(server.origin + path);
      expect(await page.title()).to.equal(title);
    });
  }
});
