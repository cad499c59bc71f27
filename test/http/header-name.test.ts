import { expect, it } from 'vitest';
import { HEADER_NAME } from '../../src/http/header-name.ts';

/** RFC 9110 §5.6.2: `tchar`. */
const TCHAR = "!#$%&'*+-.^_`|~";

it('accepts the characters of a token, alone and together', () => {
  for (const name of [...TCHAR, TCHAR, 'a', 'Z', '0', 'X-Api-Key', `${TCHAR}aZ09`]) {
    expect(HEADER_NAME.test(name), name).toBe(true);
  }
});

it('rejects an empty name, and any other character, wherever it stands', () => {
  expect(HEADER_NAME.test('')).toBe(false);
  for (let code = 0; code < 0x180; code++) {
    const char = String.fromCharCode(code);
    if (/[0-9A-Za-z]/.test(char) || TCHAR.includes(char)) continue;
    for (const name of [char, `${char}a`, `a${char}`]) {
      expect(HEADER_NAME.test(name), JSON.stringify(name)).toBe(false);
    }
  }
});
