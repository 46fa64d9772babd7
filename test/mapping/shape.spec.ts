/** The check in front of every reader: what it lets through has the types of the shape, whatever came in. */
import { expect } from 'chai';
import fc from 'fast-check';
import { compileShape } from '../../src/mapping/shape.ts';

interface Thing {
  name?: string;
  size?: number;
  on?: boolean;
  parts?: Thing[];
  words?: string[];
}

const check = compileShape<Thing>(
  {
    name: 'string',
    size: 'number',
    on: 'boolean',
    words: ['string'],
    parts: [{ name: 'string', words: ['string'] }],
  },
  'Thing',
);

function checked(value: unknown) {
  const reports: string[] = [];
  const sound = check(value, (path, says) => reports.push(`${path} ${says}`));
  return { sound, reports };
}

describe('shape', () => {
  it('hands a sound value on as it is, without a copy', () => {
    const thing = { name: 'a', size: 1, on: false, parts: [{ name: 'b' }], unknown: [null] };
    expect(checked(thing)).to.deep.equal({ sound: thing, reports: [] });
    expect(checked(thing).sound).to.equal(thing);
  });

  it('drops what is of the wrong type and says where, not what', () => {
    const thing = { name: { secret: 'x' }, size: 'many', on: 'yes', parts: [{ name: 'b' }, 'c'] };
    const { sound, reports } = checked(thing);
    expect(sound).to.deep.equal({ parts: [{ name: 'b' }] });
    expect(reports).to.deep.equal([
      'Thing.name is not a text',
      'Thing.size is not a number',
      'Thing.on is not true or false',
      'Thing.parts is not an object',
    ]);
    expect(thing.parts).to.have.length(2);
  });

  it('takes what can mean only one thing, and reports it', () => {
    const { sound, reports } = checked({ name: 5, size: '2.5', parts: { name: ['b'] } });
    expect(sound).to.deep.equal({ name: '5', size: 2.5, parts: [{ name: 'b' }] });
    expect(reports).to.have.length(4);
  });

  it('counts an empty text as missing and leaves null in a list of texts out silently', () => {
    expect(checked({ name: '' })).to.deep.equal({
      sound: {},
      reports: ['Thing.name is not a text'],
    });
    expect(checked({ words: [null, 'a'] })).to.deep.equal({ sound: { words: ['a'] }, reports: [] });
  });

  it('is not fooled by keys of Object', () => {
    const hostile = JSON.parse('{"__proto__":{"name":1},"constructor":2,"name":"a"}');
    expect(checked(hostile).reports).to.deep.equal([]);
  });

  it('gives values in which it finds nothing wrong itself', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { sound } = checked(value);
        if (sound !== undefined) expect(checked(sound)).to.deep.equal({ sound, reports: [] });
      }),
    );
  });
});
