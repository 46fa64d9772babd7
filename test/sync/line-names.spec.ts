import { expect } from 'chai';
import fc from 'fast-check';
import { headReader, NameList, NameSet, nameAt } from '../../src/sync/line-names.ts';

function nameIn(line: string): string | undefined {
  const bytes = Buffer.from(`\n${line}\n`, 'utf8');
  const head = headReader()(bytes, 1, bytes.length - 1);
  return head && nameAt(bytes, head);
}

describe('the name of what a line holds', () => {
  it('is told from its first bytes, as servers and scripts write them', () => {
    expect(nameIn('{"resourceType":"Task","id":"t-1","status":"requested"}')).to.equal('Task/t-1');
    expect(nameIn('{"resourceType": "Task", "id": "t-1"}')).to.equal('Task/t-1');
    expect(nameIn('{"resourceType":"Patient","id":"Bär"}')).to.equal('Patient/Bär');
  });

  it('is not guessed where other elements or an escape come first, or the line ends', () => {
    for (const line of [
      '{"id":"t-1","resourceType":"Task"}',
      '{"resourceType":"Task","meta":{},"id":"t-1"}',
      '{"resourceType":"Task","id":"t\\u002d1"}',
      '{"resourceType":"Task","id":""}',
      '{"resourceType":"Task","id":"t-1',
      '{"resourceType":"Task"',
      '{"r esourceType":"Task","id":"t-1"}',
      '{}',
    ])
      expect(nameIn(line), line).to.equal(undefined);
  });
});

describe('a reader of names', () => {
  it('finds in each line what it would find in that line alone', () => {
    const line = fc.constantFrom(
      '{"resourceType":"Task","id":"a"}',
      '{"resourceType":"Task","id":"a\\u0062"}',
      '{"resourceType":"Task","id":""}',
      '{"resourceType":"Task","id":"',
      '{"resourceType": "Task", "id": "b"}',
      '{"resourceType":"Patient","id":"Bär"}',
      '{"resourceType":"Patient","meta":{}}',
      '{"resourceType":"Pat',
      '{}',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (all) => {
        const bytes = Buffer.from(all.join('\n'), 'utf8');
        const read = headReader();
        let from = 0;
        for (const one of all) {
          const to = from + Buffer.byteLength(one);
          const head = read(bytes, from, to);
          expect(head && nameAt(bytes, head)).to.equal(nameIn(one));
          if (head !== undefined) {
            const names = new NameSet();
            names.add(nameAt(bytes, head));
            expect(names.hasHash(head.high, head.low)).to.equal(true);
          }
          from = to + 1;
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a list of names', () => {
  const lineOf = (name: string): Buffer => {
    const [type, id] = name.split('/');
    return Buffer.from(JSON.stringify({ resourceType: type, id }));
  };

  it('has those of a set that were added to it, however many came before', () => {
    const names = new NameList();
    const read = headReader();
    const sought = (...all: string[]): boolean => {
      const set = new NameSet();
      for (const one of all) set.add(one);
      return names.hasAnyOf(set);
    };
    expect(sought('Patient/p0')).to.equal(false);
    for (let number = 0; number < 80_000; number += 1) {
      const line = lineOf(`Patient/p${number}`);
      const head = read(line, 0, line.length);
      if (head === undefined) throw new Error('the line has a name');
      names.add(head);
    }
    for (const number of [0, 511, 512, 40_000, 79_999])
      expect(sought('Patient/other', `Patient/p${number}`), `p${number}`).to.equal(true);
    expect(sought('Patient/p80000', 'Encounter/p1')).to.equal(false);
    expect(sought()).to.equal(false);
  });
});

describe('a set of names', () => {
  it('has what was added to it, and hardly anything else', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9.-]{1,40}$/);
    fc.assert(
      fc.property(fc.array(id), fc.array(id), (added, others) => {
        const names = new NameSet();
        for (const one of added) names.add(`Patient/${one}`);
        for (const one of added) expect(names.has(`Patient/${one}`)).to.equal(true);
        for (const one of others) expect(names.has(`Patient/${one}`)).to.equal(added.includes(one));
        expect(names.has('Patient/ none')).to.equal(false);
        expect(names.size).to.equal(new Set(added).size);
      }),
    );
  });

  it('keeps types apart, and takes names from the bytes of a line', () => {
    const names = new NameSet();
    const bytes = Buffer.from('{"resourceType":"Task","id":"t-1"}');
    const head = headReader()(bytes, 0, bytes.length);
    if (head === undefined) throw new Error('the line has a name');
    expect(names.hasHash(head.high, head.low)).to.equal(false);
    names.add('Task/t-1');
    expect(names.hasHash(head.high, head.low)).to.equal(true);
    expect(names.has('Patient/t-1')).to.equal(false);
  });

  it('grows', () => {
    const names = new NameSet();
    for (let number = 0; number < 20_000; number += 1) names.add(`Patient/p${number}`);
    expect(names.size).to.equal(20_000);
    for (let number = 0; number < 20_000; number += 1)
      expect(names.has(`Patient/p${number}`)).to.equal(true);
    const strangers = Array.from({ length: 20_000 }, (_, number) => `Encounter/p${number}`);
    expect(strangers.filter((name) => names.has(name))).to.deep.equal([]);
  });
});
