import type { Section } from './document.ts';
import type { Facts } from './facts.ts';
import { blocks, code, list, note } from './markdown.ts';

export function rotateSection({ line, plain, replaced }: Facts): Section {
  const headers = Object.entries(replaced).map(([name, value]) => `${name}: ${value}`);
  return {
    id: 'rotate',
    title: line('rotate.title'),
    body: blocks(
      line('rotate.text'),
      list('steps', [
        line('rotate.start'),
        line('rotate.deploy'),
        line('rotate.check'),
        line('rotate.finish'),
      ]),
      line('rotate.headers'),
      code(plain('rotate.headers.label'), 'http', headers.join('\n')),
      line('rotate.deprecation'),
    ),
  };
}

export function revokeSection({ line }: Facts): Section {
  return {
    id: 'revoke',
    title: line('revoke.title'),
    body: blocks(line('revoke.text'), note(line('revoke.leak'))),
  };
}

export function checklistSection({ line, scoped, secondFactor }: Facts): Section {
  return {
    id: 'security-checklist',
    title: line('checklist.title'),
    body: list('checklist', [
      line('checklist.server'),
      line('checklist.storage'),
      line('checklist.separate'),
      scoped ? line('checklist.scopes') : '',
      secondFactor ? line('checklist.secondFactor') : '',
      line('checklist.expiry'),
      line('checklist.transport'),
      line('checklist.logs'),
      line('checklist.scan'),
      line('checklist.rotate'),
      line('checklist.unused'),
      line('checklist.activity'),
    ]),
  };
}
