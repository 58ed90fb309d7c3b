import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Identifiers } from '../../../src/app/diagram/identifiers.js';
import { mermaidChart, mermaidLabel, mermaidText } from '../../../src/app/diagram/mermaid.js';
import { plantDescription, plantProblems, plantText } from '../../../src/app/diagram/plantuml.js';
import { escapeForTerminal } from '../../../src/lib/display.js';
import { RUNS } from '../../lib/property.js';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'"\'[]{}()<>%!@#&;|~^*/-_=.\\\n `$:+ae1') }),
  fc.constantFrom('end note', 'endnote', '@enduml', '!include /etc/passwd', '%getenv("HOME")', "/' x '/", '<b>x</b>'),
);

describe('PlantUML', () => {
  it.each([
    ['foo.>', 'foo.>'],
    ['$SYS.REQ.*', '$SYS.REQ.*'],
    ['a]b"c', 'a<U+005D>b<U+0022>c'],
    ['**bold**', '*<U+002A>bold*<U+002A>'],
    ['%getenv("X")', '<U+0025>getenv(<U+0022>X<U+0022>)'],
    ['a\nb', 'a<U+005C>u<U+007B>a<U+007D>b'],
    ['né 😀', 'né 😀'],
  ])('%j is written %s', (text, expected) => {
    expect(plantText(text)).toBe(expected);
  });

  it('shows any text as it is, and lets none of it mean anything', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const written = plantText(text);
        expect(written).not.toMatch(/["'[\]{}%!@#&;|~\\\n]|<(?!U\+[0-9A-F]{4}>)|([*/_=.-])\1/u);
        const seen = written.replace(/<U\+([0-9A-F]{4})>/g, (_all, hex: string) =>
          String.fromCharCode(Number.parseInt(hex, 16)),
        );
        expect(seen).toBe(escapeForTerminal(text));
      }),
      { numRuns: RUNS },
    );
  });

  it('ends no note', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const line of [...plantDescription({ text, url: text }), ...plantProblems([text])]) {
          expect(line.trim()).not.toMatch(/^end|^[!@'|=#]|^\* *end/i);
        }
      }),
      { numRuns: RUNS },
    );
    expect(plantDescription({ text: 'end note' })).toEqual(['<U+0065>nd note']);
  });

  it('links to web addresses only', () => {
    expect(plantDescription({ url: 'https://example.com/a?b=%20' })).toEqual(['[[https://example.com/a?b=%20 info]]']);
    for (const url of ['javascript:alert(1)', 'https://x]] y', 'https://x/%load("y")']) {
      expect(plantDescription({ url })).toEqual([`info: ${plantText(url)}`]);
    }
  });

  it('wraps descriptions', () => {
    expect(plantDescription({ text: 'all orders of the last thirty days' })).toEqual([
      'all orders of the',
      'last thirty days',
    ]);
  });
});

describe('Mermaid', () => {
  it.each([
    ['orders', 'orders'],
    ['foo.>', 'foo.#62;'],
    ['a "b"', 'a #34;b#34;'],
    ['1. first', '1#46; first'],
    ['- item', '#45; item'],
    ['_it_ my_key', '#95;it#95; my_key'],
    ['<br/>', '#60;br/#62;'],
    ['a\nb', 'a#92;u#123;a#125;b'],
  ])('%j is written %s', (text, expected) => {
    expect(mermaidText(text)).toBe(expected);
  });

  it('shows any text as it is, and lets none of it mean anything', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const written = mermaidText(text);
        expect(written).toMatch(/^(?:[\p{L}\p{N} _.,:/()=-]|#\d+;)*$/u);
        const seen = written.replace(/#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)));
        expect(seen).toBe(escapeForTerminal(text));
      }),
      { numRuns: RUNS },
    );
  });

  it('has no empty label, which Mermaid cannot read', () => {
    expect(mermaidLabel([''])).toBe('" "');
  });

  it('has its title in one line', () => {
    const [, title] = mermaidChart('a\n---\n"b"', 'LR', [], { storeRoot: '/s', now: 0 }).split('\n');
    expect(title).toBe('title: "a\\\\u{a}---\\\\u{a}\\"b\\""');
  });
});

describe('identifiers', () => {
  it('are nsc’s for subjects', () => {
    expect(new Identifiers().of('AX_a b.*.$X-Y.>')).toBe('AX_a_b__A___D_X_M_Y__G_');
  });

  it('are the same for one thing and differ between things', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: fc.constantFrom(...'a*_A>. ') })), (things) => {
        const ids = new Identifiers();
        const made = things.map((thing) => ids.of(thing));
        expect(new Set(made).size).toBe(things.length);
        expect(things.map((thing) => ids.of(thing))).toEqual(made);
        for (const id of made) expect(id).toMatch(/^[A-Z][A-Za-z0-9_]*$/);
      }),
      { numRuns: RUNS },
    );
  });
});
