import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { narrativeFaults } from '../../src/fhir/narrative.ts';
import { aSecond } from '../support/second.ts';

const root = '<div xmlns="http://www.w3.org/1999/xhtml">';
const div = (inner: string) => `${root}${inner}</div>`;

/** The first fault: its constraint and what it says, without its place. */
function fault(text: string): string {
  const [first] = narrativeFaults(text);
  if (first === undefined) return 'fine';
  return `${first.constraint ?? 'no XML'}: ${first.message.replace(/ \(character .*/, '')}`;
}

describe('narrative: what is allowed', () => {
  const fine: Readonly<Record<string, string>> = {
    'text and a paragraph': div('<p>Pain <b>7</b> of 10</p>'),
    'text only': div('Pain'),
    'single quotes, and white space around': ` \n<div xmlns='http://www.w3.org/1999/xhtml'>x</div>\n`,
    'attributes of the div':
      '<div lang="en" xml:lang="en" xmlns="http://www.w3.org/1999/xhtml">x</div>',
    'an image without text': div('<img src="#scan" alt=""/>'),
    'links by name and href': div('<a name="x"/><a href="#x" title="a>b">up</a>'),
    'a table': div(
      '<table class="grid"><tbody><tr><td colspan="2" style="color: red">x</td></tr></tbody></table>',
    ),
    'references of XML and numbers': div('&lt;&amp;&gt;&quot;&apos;&#160;&#xA0;'),
    'a comment': div('<!-- why & <b> -->x'),
    'an instruction, and a declaration before': `<?xml version="1.0"?>\n${div('<?x y?>x')}`,
    'white space inside tags': div('<br />\n<p\n class = "a"\t>x</p >'),
    'a non-breaking space as the only text': div('&#160;'),
    'its own namespace again': div('<p xmlns="http://www.w3.org/1999/xhtml">x</p>'),
    'blocks in running text that is no paragraph': div(
      '<b><ul><li>x</li></ul></b><span><div>y</div></span><h2><p>z</p></h2>',
    ),
    'parts of lists and tables anywhere': div(
      '<li>a</li><ul>b<ul><li>c</li></ul></ul><table>d<tr><td>e</td></tr></table>',
    ),
    'lists and definitions': div(
      '<ul><li>a<ol><li>b</li></ol></li></ul><dl><dt>c</dt><dd>d</dd></dl>',
    ),
  };
  for (const [name, text] of Object.entries(fine))
    it(name, () => {
      expect(fault(text)).to.equal('fine');
    });

  it('the narratives of all official examples, but for four that are empty', function () {
    this.timeout(60_000);
    const folder = 'node_modules/hl7.fhir.r4.examples';
    const refused: string[] = [];
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.json')))
      for (const text of narrativesIn(JSON.parse(readFileSync(join(folder, file), 'utf8'))))
        if (fault(text) !== 'fine') refused.push(`${file} ${fault(text)}`);
    // Each is <div xmlns="http://www.w3.org/1999/xhtml"/> or holds white space only
    const empty = 'txt-2: The narrative has neither text nor an image.';
    expect(refused.toSorted()).to.deep.equal([
      `ActivityDefinition-blood-tubes-supply.json ${empty}`,
      `ActivityDefinition-heart-valve-replacement.json ${empty}`,
      `EventDefinition-example.json ${empty}`,
      `Questionnaire-zika-virus-exposure-assessment.json ${empty}`,
    ]);
  });
});

describe('narrative: what is not', () => {
  const cases: Readonly<Record<string, [text: string, says: string]>> = {
    'no markup': ['Pain', 'no XML: The narrative does not begin with <div>'],
    nothing: ['', 'no XML: The narrative does not begin with <div>'],
    'another root': [
      '<p xmlns="http://www.w3.org/1999/xhtml">x</p>',
      'no XML: The narrative does not begin with <div>',
    ],
    'no namespace': [
      '<div>x</div>',
      'no XML: The <div> of the narrative needs xmlns="http://www.w3.org/1999/xhtml"',
    ],
    'another namespace': [
      '<div xmlns="http://www.w3.org/2000/svg">x</div>',
      'no XML: The <div> of the narrative needs xmlns="http://www.w3.org/1999/xhtml"',
    ],
    'an XML declaration without an end': [
      `<?xml version="1.0"${div('x')}`,
      'no XML: A processing instruction or XML declaration is not closed',
    ],
    'a document type': [
      `<!DOCTYPE html>${div('x')}`,
      'no XML: A document type is not allowed in a narrative',
    ],
    'a comment before the div': [
      `<!-- x -->${div('x')}`,
      'no XML: A comment is not closed, stands outside the <div>, or has -- inside',
    ],
    'a CDATA section': [
      div('<![CDATA[x]]>'),
      'no XML: A CDATA section is not allowed in a narrative',
    ],
    'text after the div': [
      `${div('x')}y`,
      'no XML: Something follows after the </div> of the narrative',
    ],
    'two divs': [
      div('x') + div('y'),
      'no XML: Something follows after the </div> of the narrative',
    ],
    'an open element': [
      div('<p>x'),
      'no XML: An end tag does not belong to the element that is open',
    ],
    'crossed elements': [
      div('<b><i>x</b></i>'),
      'no XML: An end tag does not belong to the element that is open',
    ],
    'an end too early': [`${root}<p>x`, 'no XML: The narrative ends before its last </div>'],
    'a tag without end': [`${root}<p`, 'no XML: A tag is not closed'],
    'a value without end': [
      `${root}<p title="x>y</p></div>`,
      'no XML: The value of an attribute is not closed',
    ],
    'a comment without end': [
      div('<!-- x'),
      'no XML: A comment is not closed, stands outside the <div>, or has -- inside',
    ],
    '-- in a comment': [
      div('<!-- a -- b -->x'),
      'no XML: A comment is not closed, stands outside the <div>, or has -- inside',
    ],
    'a < in text': [div('a < b'), 'no XML: A < is not written as &lt;'],
    'an & in text': [div('a & b'), 'no XML: An & is not written as &amp;'],
    'an & at the end': [div('a&'), 'no XML: An & is not written as &amp;'],
    'a < in a value': [
      div('<p title="a<b">x</p>'),
      'no XML: A < stands in the value of an attribute: it is written as &lt;',
    ],
    'an & in a value': [div('<p title="a&b">x</p>'), 'no XML: An & is not written as &amp;'],
    'an entity of HTML': [
      div('&nbsp;'),
      'no XML: A named entity such as &nbsp; is used: narratives know &amp; &lt; &gt; &quot; &apos; and numbers such as &#160; only',
    ],
    'a number that names no character': [
      div('&#0;'),
      'no XML: A character reference by number names no character',
    ],
    'half of a surrogate pair by number': [
      div('&#xD800;'),
      'no XML: A character reference by number names no character',
    ],
    'the same attribute twice': [
      div('<p class="a" class="b">x</p>'),
      'no XML: A tag has the same attribute twice',
    ],
    'a value without quotes': [
      div('<p class=a>x</p>'),
      'no XML: The value of an attribute is not quoted',
    ],
    'an attribute without a value': [
      div('<img src="#a" ismap/>'),
      'no XML: A tag has an attribute without a value, or something else than attributes',
    ],
    'no space between attributes': [
      div('<p class="a"id="b">x</p>'),
      'no XML: A tag has something else than attributes',
    ],
    'a script': [div('<script>x</script>'), 'txt-1: <script> is not allowed'],
    'a form': [div('<form/>x'), 'txt-1: <form> is not allowed'],
    'an object': [div('<object data="x"/>x'), 'txt-1: <object> is not allowed'],
    'an external stylesheet': [
      div('<link rel="stylesheet" href="x.css"/>x'),
      'txt-1: <link> is not allowed',
    ],
    'a deprecated element': [div('<font>x</font>'), 'txt-1: <font> is not allowed'],
    'capital letters': [div('<P>x</P>'), 'txt-1: <P> has to be written in small letters'],
    'another vocabulary': [
      div('<x:y xmlns:x="urn:x">x</x:y>'),
      'txt-1: There is an element that no narrative may have',
    ],
    'an inner namespace': [div('<p xmlns="urn:x">x</p>'), 'txt-1: An element is not XHTML'],
    'an event': [
      div('<p onclick="x()">x</p>'),
      'txt-1: <p> has an event attribute, which is not allowed',
    ],
    'an attribute of another element': [
      div('<p href="#x">x</p>'),
      'txt-1: <p> has the attribute href, which is not allowed there',
    ],
    'an attribute of nobody': [
      div('<p data-x="1">x</p>'),
      'txt-1: <p> has an attribute that is not allowed',
    ],
    'a script as address': [
      div('<a href=" java&#x73;cript:x()">x</a>'),
      'txt-1: The href of <a> is a script, which is not allowed',
    ],
    'a block in a paragraph': [
      div('<p><b><div>x</div></b></p>'),
      'txt-1: <div> stands inside a <p>',
    ],
    'a paragraph in a paragraph': [
      div('<p><span><p>x</p></span></p>'),
      'txt-1: <p> stands inside a <p>',
    ],
    'no content': [div(''), 'txt-2: The narrative has neither text nor an image.'],
    'no content at all': [
      '<div xmlns="http://www.w3.org/1999/xhtml"/>',
      'txt-2: The narrative has neither text nor an image.',
    ],
    'white space only': [
      div(' \n<p> &#32; </p>\t'),
      'txt-2: The narrative has neither text nor an image.',
    ],
    'a comment only': [div('<!-- x -->'), 'txt-2: The narrative has neither text nor an image.'],
  };
  for (const [name, [text, says]] of Object.entries(cases))
    it(name, () => {
      expect(fault(text)).to.equal(says);
    });

  it('is said once for each place, with its place', () => {
    expect(narrativeFaults(div('<u>x</u><s>y</s>'))).to.deep.equal([
      { constraint: 'txt-1', message: '<u> is not allowed (character 43 of the div).' },
      { constraint: 'txt-1', message: '<s> is not allowed (character 51 of the div).' },
    ]);
  });

  it('never repeats what the narrative says', () => {
    for (const text of [
      div('<Smith>x'),
      div('&Smith;'),
      div('<p Smith="1">x</p>'),
      div('a <Smith'),
    ])
      expect(fault(text)).not.to.contain('Smith');
  });
});

describe('narrative: laws', () => {
  const inline: fc.Memo<string> = fc.memo((depth) =>
    depth <= 1
      ? fc.constantFrom('x', '&amp;', '<br/>', ' ', '<!-- c -->', '<img src="#a" alt="a > b"/>')
      : fc
          .tuple(
            fc.constantFrom('b', 'span', 'em', 'strong', 'acronym'),
            fc.array(inline(depth - 1), { maxLength: 3 }),
          )
          .map(([name, inner]) => `<${name} class='c'>${inner.join('')}</${name}>`),
  );

  it('what is put together of allowed elements is fine, and without one > of its tags it is not', () => {
    fc.assert(
      fc.property(inline(4), fc.nat(), (inner, pick) => {
        const text = div(`<p>x${inner}</p>`);
        expect(fault(text)).to.equal('fine');
        const marks = [...text.replace(/<!--.*?-->|"[^"]*"/g, (part) => '_'.repeat(part.length))]
          .map((letter, at) => ({ letter, at }))
          .filter(({ letter }) => letter === '>');
        const { at = 0 } = marks[pick % marks.length] ?? {};
        expect(fault(text.slice(0, at) + text.slice(at + 1))).not.to.equal('fine');
      }),
    );
  });

  it('never throws, and ends, whatever the text', () => {
    const piece = fc.constantFrom(
      root,
      '</div>',
      '<',
      '>',
      '/',
      '&',
      ';',
      '"',
      "'",
      '=',
      ' ',
      'p',
      '<b>',
      '</b>',
      '<!--',
      '-->',
      '<?',
      '\ud800',
      'a:',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        for (const { message } of narrativeFaults(pieces.join('')))
          expect(message).to.be.a('string');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('narrative: hostile text', () => {
  const hostile: Readonly<Record<string, string>> = {
    'a million levels': div('<b>'.repeat(1_000_000)),
    'a value full of >': div(`<p title="${'>'.repeat(2_000_000)}`),
    'a tag of many attributes': div(`<p ${'a="1" '.repeat(300_000)}>`),
    'comments that do not end': div('<!--'.repeat(500_000)),
    'many & without ;': div('&a'.repeat(1_000_000)),
    'many & in a value': div(`<p title="${'&amp;'.repeat(500_000)}">x</p>`),
    'a long name': div(`<${'b'.repeat(5_000_000)}>`),
    'white space in a tag': div(`<p${' '.repeat(5_000_000)}>`),
    'many different tags': div(
      Array.from({ length: 200_000 }, (_, at) => `<a name="${at}"/>`).join(''),
    ),
    'many tags without end': div('<p title="'.repeat(300_000)),
  };
  for (const [name, text] of Object.entries(hostile))
    it(`ends within a second: ${name}`, () => {
      const start = process.cpuUsage();
      narrativeFaults(text);
      expect(process.cpuUsage(start).user / 1e6).to.be.below(aSecond());
    });
});

function* narrativesIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value))
    if (key === 'div' && typeof child === 'string') yield child;
    else yield* narrativesIn(child);
}
