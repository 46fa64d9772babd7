/**
 * The frame of every page. Titles carry no patient: they stand in tabs, histories and screen shares. One style sheet,
 * no script, nothing from elsewhere.
 */
import { html } from 'htm/preact';
import type { ComponentChild } from 'preact';
import { render } from 'preact-render-to-string';
import { styleAddress } from './style.ts';

export interface PageFrame {
  readonly title: string;
  /** Name of the key; absent where nobody is signed in. */
  readonly signedInAs?: string | undefined;
  readonly content: ComponentChild;
}

export function page({ title, signedInAs, content }: PageFrame): string {
  const body = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="robots" content="noindex" />
      <title>${title} · Massage service</title>
      <link rel="stylesheet" href=${styleAddress} />
      <link rel="icon" href="/icon.svg" type="image/svg+xml" />
    </head>
    <body>
      <a class="skip" href="#content">Skip to the content</a>
      <header class="bar">
        <p class="brand"><a href="/">Massage service</a></p>
        ${
          signedInAs !== undefined &&
          html`<form method="post" action="/sign-out" class="account">
            <span>Signed in as <strong>${signedInAs}</strong></span>
            <button type="submit" class="quiet">Sign out</button>
          </form>`
        }
      </header>
      <main id="content" tabindex="-1">${content}</main>
    </body>
  </html>`;
  return `<!doctype html>${render(body as Parameters<typeof render>[0])}`;
}
