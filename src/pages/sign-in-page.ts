/** Where the key is typed once. */
import { html } from 'htm/preact';
import { page } from './layout.ts';

export function signInPage(shown: {
  readonly next: string;
  readonly wrong?: string | undefined;
}): string {
  const { next, wrong } = shown;
  return page({
    title: wrong === undefined ? 'Sign in' : 'Not signed in',
    content: html`<section class="sign-in">
      <h1>Sign in</h1>
      <p>Type the key that you were given. Ask whoever runs this adapter for one.</p>
      ${wrong !== undefined && html`<p class="alert" role="alert" id="wrong">${wrong}</p>`}
      <form method="post" action="/sign-in">
        <input type="hidden" name="next" value=${next} />
        <label for="key">Key</label>
        <input
          id="key"
          name="key"
          type="password"
          autocomplete="current-password"
          autocapitalize="none"
          spellcheck="false"
          required
          aria-invalid=${wrong === undefined ? undefined : 'true'}
          aria-describedby=${wrong === undefined ? undefined : 'wrong'}
        />
        <button type="submit">Sign in</button>
      </form>
    </section>`,
  });
}
