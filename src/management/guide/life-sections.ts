import { code, listOf, note, paragraph } from './blocks.ts';
import type { Section } from './document.ts';
import type { Facts } from './facts.ts';

export function rotateSection({ line, plain, replaced }: Facts): Section {
  const headers = Object.entries(replaced).map(([name, value]) => `${name}: ${value}`);
  return {
    id: 'rotate',
    title: plain('rotate.title'),
    blocks: [
      ...paragraph(line('rotate.text')),
      ...listOf('steps', [
        line('rotate.start'),
        line('rotate.deploy'),
        line('rotate.check'),
        line('rotate.finish'),
      ]),
      ...paragraph(line('rotate.headers')),
      ...code(plain('rotate.headers.label'), 'http', headers.join('\n')),
      ...paragraph(line('rotate.deprecation')),
    ],
  };
}

export function revokeSection({ line, plain }: Facts): Section {
  return {
    id: 'revoke',
    title: plain('revoke.title'),
    blocks: [...paragraph(line('revoke.text')), ...note(line('revoke.leak'))],
  };
}

export function checklistSection({ line, plain, scoped }: Facts): Section {
  return {
    id: 'security-checklist',
    title: plain('checklist.title'),
    blocks: listOf('checklist', [
      line('checklist.server'),
      line('checklist.storage'),
      line('checklist.separate'),
      ...(scoped ? [line('checklist.scopes')] : []),
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
