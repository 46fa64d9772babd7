/** The log: every signal has a sentence, the two forms, the levels; and that nothing passes that must not (I7). */
import { Writable } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import type { SignalName, Signals } from '../../src/core/signals.ts';
import { type LogOptions, logListener } from '../../src/telemetry/log.ts';
import { redacted } from '../../src/telemetry/redaction.ts';
import { sentences } from '../../src/telemetry/sentences.ts';
import { samples } from './samples.ts';

/** Emits one signal and gives what the log printed of it. */
function printed(name: SignalName, data: object, options: Partial<LogOptions> = {}): string {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  const listener = logListener({
    level: 'debug',
    format: 'json',
    color: false,
    stream,
    clock: () => '2026-03-02T09:30:00.000Z',
    ...options,
  });
  listener(name, data as Signals[SignalName]);
  return text;
}

const names = Object.keys(samples) as SignalName[];

describe('log: every signal', () => {
  for (const name of names)
    it(`${name} is one line, as JSON and as text`, () => {
      const line: unknown = JSON.parse(printed(name, samples[name]));
      expect(line).to.include({ at: '2026-03-02T09:30:00.000Z', signal: name });
      const text = printed(name, samples[name], { format: 'text' });
      expect(text).to.match(/^\d\d:\d\d:\d\d (error|warn |info |debug) \S.*\n$/);
      expect(text).not.to.contain('undefined');
    });

  it('has its fields beside the sentence', () => {
    expect(JSON.parse(printed('outbox:retry', samples['outbox:retry']))).to.deep.equal({
      at: '2026-03-02T09:30:00.000Z',
      level: 'warn',
      signal: 'outbox:retry',
      message:
        'general: write-procedure not sent yet, hospital-busy; again at 2026-03-02T09:31:00Z',
      hospital: 'general',
      intention: 'i1',
      kind: 'write-procedure',
      code: 'hospital-busy',
      nextAt: '2026-03-02T09:31:00Z',
    });
  });
});

describe('log: levels', () => {
  it('leaves out what is below the level', () => {
    expect(printed('exchange', samples.exchange, { level: 'info' })).to.equal('');
    expect(printed('run:started', samples['run:started'], { level: 'warn' })).to.equal('');
    expect(printed('fault', samples.fault, { level: 'warn' })).to.contain('fault');
  });

  it('raises a run in which something failed', () => {
    const run = samples['run:ended'];
    expect(JSON.parse(printed('run:ended', { ...run, failed: 0 })).level).to.equal('info');
    expect(JSON.parse(printed('run:ended', { ...run, failed: 1 })).level).to.equal('warn');
  });
});

describe('log: what must not be printed', () => {
  const secret = 'Quillfeather';

  for (const name of names)
    it(`${name} prints no field that its sentence does not list`, () => {
      const more = { ...samples[name], patient: secret, body: { name: secret }, at: secret };
      for (const format of ['json', 'text'] as const)
        expect(printed(name, more, { format })).not.to.contain(secret);
    });

  it('prints nothing below a listed field', () => {
    const text = printed('run:started', { ...samples['run:started'], mode: { name: secret } });
    expect(JSON.parse(text)).not.to.have.property('mode');
    expect(text).not.to.contain(secret);
  });

  const leaks: readonly (readonly [string, string])[] = [
    ['a bearer token', `sent Bearer ${secret}.x-y_z`],
    ['basic credentials', `sent Basic ${secret}==`],
    ['credentials in an address', `https://me:${secret}@h.example/r4`],
    ['the value of a query', `GET Patient?name=${secret}&_count=5`],
    ['a body', `answered {"resourceType":"Patient","name":"${secret}"}`],
    ['a list of bodies', `answered [{"name":"${secret}"}]`],
    ['markup', `answered <div>${secret}</div>`],
    ['what JSON.parse quotes', `Unexpected token 'Q', "${secret}" is not valid JSON`],
    [
      'what JSON.parse quotes of a long text',
      `Unexpected token 'x', ..."${secret}"... is not valid JSON`,
    ],
  ];
  for (const [what, says] of leaks)
    it(`cuts out ${what}`, () => {
      for (const format of ['json', 'text'] as const)
        expect(printed('fault', { ...samples.fault, says }, { format })).not.to.contain(secret);
    });

  it('keeps the names of search parameters, which say what was asked', () => {
    expect(redacted('GET Patient?name=x&_count=5 200')).to.equal('GET Patient?name&_count 200');
  });

  it('is never longer than a line and never more than one', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2000, unit: 'grapheme' }), (text) => {
        const line = redacted(text);
        expect(line.length).to.be.at.most(301);
        expect(line).not.to.match(/[\r\n]/);
      }),
    );
  });
});

describe('log: the catalogue', () => {
  it('lists no field that would hide one of the line itself', () => {
    const own = ['at', 'level', 'signal', 'message'];
    const fields = Object.values(sentences).flatMap(
      (sentence): readonly string[] => sentence.fields,
    );
    expect(fields.filter((field) => own.includes(field))).to.deep.equal([]);
  });
});
