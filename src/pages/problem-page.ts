/** A problem as a page, for somebody who followed a link: what it is, what to do, and the number to quote. */
import { html } from 'htm/preact';
import { page } from './layout.ts';

export interface PageProblem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly fix: string;
  readonly instance: string;
}

export function problemPage({ status, title, detail, fix, instance }: PageProblem): string {
  return page({
    title,
    content: html`<section class="problem">
      <h1>${title}</h1>
      <p>${detail}</p>
      <p>${fix}</p>
      <p>
        ${
          status === 401
            ? html`<a href="/sign-in">Sign in</a>`
            : html`<a href="/">To the referrals</a>`
        }
      </p>
      <p class="muted">Request ${instance}</p>
    </section>`,
  });
}
