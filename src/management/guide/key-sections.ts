import type { Section } from './document.ts';
import type { Facts } from './facts.ts';
import { blocks, code, codeSpan, escaped, list, table } from './markdown.ts';
import { curlSample, goSample, javascriptSample, pythonSample } from './samples.ts';

export function createSection(facts: Facts): Section {
  const { line, scoped, secondFactor } = facts;
  return {
    id: 'create-a-key',
    title: line('create.title'),
    body: list('steps', [
      line('create.open'),
      line('create.name'),
      scoped ? line('create.scopes') : '',
      secondFactor ? line('create.secondFactor') : '',
      line('create.copy'),
      line('create.save'),
    ]),
    parts: [formatPart(facts)],
  };
}

function formatPart(facts: Facts): Section {
  const { line, plain, kinds } = facts;
  return {
    id: 'key-format',
    title: line('format.title'),
    body: blocks(
      [line('format.text'), facts.hasChecksum ? line('format.checksum') : '']
        .filter((part) => part !== '')
        .join(' '),
      formatTable(facts),
      kinds.length > 1 ? line('format.separate') : '',
      line('format.pattern'),
      code(plain('format.pattern.label'), 'text', facts.pattern),
    ),
  };
}

function formatTable({ plain, kinds }: Facts): string {
  // If all environments share one address, the samples already show it.
  const differ = new Set(kinds.map(({ address }) => address)).size > 1;
  return table(
    [
      plain('format.environment'),
      plain('format.sample'),
      plain('format.total'),
      ...(differ ? [plain('format.address')] : []),
    ],
    kinds.map(({ environment, sample, length, address }) => [
      escaped(environment),
      codeSpan(sample),
      String(length),
      ...(differ ? [address === undefined ? '' : codeSpan(address)] : []),
    ]),
  );
}

export function sendSection(facts: Facts): Section {
  const { line, plain } = facts;
  return {
    id: 'send-the-key',
    title: line('send.title'),
    body: blocks(
      line('send.text'),
      code(plain('send.header.label'), 'http', `Authorization: Bearer ${facts.sample}`),
      facts.addressKnown ? '' : line('send.address'),
      code(plain('send.curl'), 'bash', curlSample(facts)),
      code(plain('send.javascript'), 'javascript', javascriptSample(facts)),
      code(plain('send.python'), 'python', pythonSample(facts)),
      code(plain('send.go'), 'go', goSample(facts)),
      line('send.answer'),
      code(plain('send.answer.label'), 'http', goodAnswer(facts)),
      list('list', [line('send.once'), line('send.elsewhere')]),
    ),
  };
}

/** The body depends on the application, which may supply a sample. */
function goodAnswer({ sampleAnswer }: Facts): string {
  const head = 'HTTP/1.1 200 OK\nContent-Type: application/json';
  return sampleAnswer === undefined ? head : `${head}\n\n${JSON.stringify(sampleAnswer, null, 2)}`;
}
