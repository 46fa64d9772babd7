/** Narratives that R4 does not allow, and unusual ones that it does. */
import type { Kind } from './change.ts';

function narrative(name: string, makes: Kind['makes'], ...divs: readonly string[]): Kind {
  return {
    name,
    makes,
    change(resource, random) {
      if (resource.resourceType === 'Bundle' || resource.resourceType === 'Parameters')
        return false;
      resource.text = { status: 'generated', div: random.pick(divs) };
      return true;
    },
  };
}

const div = (content: string): string =>
  `<div xmlns="http://www.w3.org/1999/xhtml">${content}</div>`;

export const narratives: readonly Kind[] = [
  narrative(
    'xhtml-not-closed',
    'invalid',
    div('<p>text'),
    div('<b><i>text</b></i>'),
    '<div xmlns="http://www.w3.org/1999/xhtml">text',
  ),
  narrative('xhtml-no-element', 'invalid', 'only text', ' '),
  narrative('xhtml-other-root', 'invalid', '<p xmlns="http://www.w3.org/1999/xhtml">text</p>'),
  narrative('xhtml-two-roots', 'invalid', `${div('one')}${div('two')}`),
  narrative(
    'xhtml-no-namespace',
    'invalid',
    '<div>text</div>',
    '<div xmlns="http://www.w3.org/1999/html">text</div>',
  ),
  narrative(
    'xhtml-element-not-allowed',
    'invalid',
    div('<script>1</script>'),
    div('<iframe src="x"></iframe>'),
    div('<form>text</form>'),
    div('<object>text</object>'),
    div('<font>text</font>'),
    div('<video>text</video>'),
  ),
  narrative('xhtml-unknown-element', 'invalid', div('<note>text</note>'), div('<P>text</P>')),
  narrative(
    'xhtml-attribute-not-allowed',
    'invalid',
    div('<p onclick="x()">text</p>'),
    div('<p data-x="1">text</p>'),
    div('<a target="_blank" href="https://a.example">text</a>'),
  ),
  narrative('xhtml-entity', 'invalid', div('a&nbsp;b'), div('a & b'), div('&copy;'), div('&#xZZ;')),
  narrative(
    'xhtml-attribute-unquoted',
    'invalid',
    div('<p class=x>text</p>'),
    div('<p hidden>text</p>'),
  ),
  narrative('xhtml-nothing-in-it', 'invalid', div(''), div('   '), div('<p> </p>')),
  narrative('xhtml-script-link', 'either', div('<a href="javascript:alert(1)">text</a>')),
  narrative('xhtml-less-than', 'invalid', div('a < b'), div('a <3 b')),
  narrative(
    'xhtml-head',
    'invalid',
    div('<head><title>x</title></head>'),
    div('<style>p {}</style>'),
    div('<link rel="stylesheet" href="x"/>'),
  ),
  narrative('xhtml-external-entity', 'invalid', `<!DOCTYPE div [<!ENTITY x "y">]>${div('&x;')}`),
  narrative('xhtml-doctype', 'either', `<!DOCTYPE html>${div('text')}`),
  narrative('xhtml-instruction', 'either', div('<?php echo 1 ?>text')),
  narrative('xhtml-cdata', 'either', div('<![CDATA[a < b]]>')),
  narrative('xhtml-declaration', 'either', `<?xml version="1.0"?>${div('text')}`),
  narrative(
    'xhtml-paragraph-in-paragraph',
    'either',
    div('<p>one <p>two</p></p>'),
    div('<p><div>one</div></p>'),
  ),
  narrative(
    'xhtml-local-link-to-nothing',
    'either',
    div('<img src="#i" alt="text"/>'),
    div('<a href="#y">text</a>'),
  ),
  narrative(
    'xhtml-unusual',
    'valid',
    div(
      '<table border="1"><caption>c</caption><tbody><tr><td colspan="2" style="color:red">text</td></tr></tbody></table>',
    ),
    div('<img src="https://a.example/i.png" alt="text"/>'),
    div('a&#160;b &lt; c &amp; d'),
    div('<ul><li>Ελληνικά</li></ul><hr/>'),
    div('<a name="x" href="https://a.example/">text</a>'),
    div('<!-- remark -->text'),
    `<div xmlns='http://www.w3.org/1999/xhtml' lang="en" xml:lang="en">text</div>`,
    div('<h2>text</h2><pre>a\n  b</pre><blockquote><p>q</p></blockquote>'),
  ),
];
