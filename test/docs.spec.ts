/** The documents that repeat code say what the code says. */
import { expect } from 'chai';
import { blocks, pages, regenerated } from '../tools/docs.ts';

describe('docs', () => {
  for (const { path, now, fresh } of pages('docs'))
    it(`${path} is up to date`, () => {
      expect(now === fresh, `${path} is stale: run npm run docs`).to.equal(true);
    });

  it('use every block that can be made', () => {
    const text = pages('docs')
      .map(({ now }) => now)
      .join('\n');
    for (const name of Object.keys(blocks)) expect(text).to.contain(`<!-- generated:${name} -->`);
  });

  it('are made anew between the marks only', () => {
    const text = 'before\n<!-- generated:errors -->\nstale words\n<!-- /generated -->\nafter\n';
    const fresh = regenerated(text);
    expect(fresh).to.match(/^before\n<!-- generated:errors -->\n\| code/);
    expect(fresh).to.match(/\|\n<!-- \/generated -->\nafter\n$/);
    expect(fresh).not.to.contain('stale words');
    expect(regenerated(fresh)).to.equal(fresh);
  });

  it('refuse a block that nothing makes', () => {
    expect(() => regenerated('<!-- generated:nothing -->\n<!-- /generated -->')).to.throw(
      'nothing makes the block nothing',
    );
  });
});
