import { code, heading, listOf, paragraph } from './blocks.ts';
import type { Block, Line, Section } from './document.ts';
import type { Facts } from './facts.ts';
import { curlSample, javascriptSample, pythonSample } from './samples.ts';

export function createSection(facts: Facts): Section {
  const { line, plain } = facts;
  return {
    id: 'create-a-key',
    title: plain('create.title'),
    blocks: [
      ...listOf('steps', [
        line('create.open'),
        line('create.name'),
        ...(facts.scoped ? [line('create.scopes')] : []),
        ...(facts.secondFactor ? [line('create.secondFactor')] : []),
        line('create.copy'),
        line('create.save'),
      ]),
      ...formatBlocks(facts),
    ],
  };
}

function formatBlocks(facts: Facts): Block[] {
  const { line, plain, kinds } = facts;
  return [
    ...heading('key-format', line('format.title')),
    ...paragraph([
      ...line('format.text'),
      ...(facts.hasChecksum ? spaced(line('format.checksum')) : []),
    ]),
    formatTable(facts),
    ...(kinds.length > 1 ? paragraph(line('format.separate')) : []),
    ...paragraph(line('format.pattern')),
    ...code(plain('format.pattern.label'), 'text', facts.pattern),
  ];
}

function formatTable({ plain, kinds }: Facts): Block {
  const says = (accepted: boolean) => plain(accepted ? 'yes' : 'no');
  const isSaid = kinds.some(({ accepted }) => accepted !== undefined);
  return {
    kind: 'table',
    caption: plain('format.table'),
    head: [
      plain('format.environment'),
      plain('format.sample'),
      plain('format.total'),
      ...(isSaid ? [plain('format.accepted')] : []),
    ],
    rows: kinds.map(({ environment, sample, length, accepted }) => [
      text(environment),
      [{ kind: 'code', text: sample }],
      text(String(length)),
      ...(accepted === undefined ? [] : [text(says(accepted))]),
    ]),
  };
}

export function sendSection(facts: Facts): Section {
  const { line, plain } = facts;
  return {
    id: 'send-the-key',
    title: plain('send.title'),
    blocks: [
      ...paragraph(line('send.text')),
      ...code(plain('send.header.label'), 'http', `Authorization: Bearer ${facts.sample}`),
      ...(facts.addressKnown ? [] : paragraph(line('send.address'))),
      ...code(plain('send.curl'), 'bash', curlSample(facts)),
      ...code(plain('send.javascript'), 'javascript', javascriptSample(facts)),
      ...code(plain('send.python'), 'python', pythonSample(facts)),
      ...listOf('list', [line('send.once'), line('send.elsewhere')]),
    ],
  };
}

function text(content: string): Line {
  return [{ kind: 'text', text: content }];
}

function spaced(line: Line): Line {
  return line.length === 0 ? [] : [{ kind: 'text', text: ' ' }, ...line];
}
