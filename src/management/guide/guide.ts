import type { GuideDocument, Section } from './document.ts';
import { errorSection } from './error-section.ts';
import type { Facts } from './facts.ts';
import { createSection, sendSection } from './key-sections.ts';
import { checklistSection, revokeSection, rotateSection } from './life-sections.ts';
import { blocks, escaped, link, list } from './markdown.ts';

/** Builds the guide, which explains to API consumers how to authenticate their requests. */
export function guideOf(facts: Facts): GuideDocument {
  const { texts, brand, dashboardUrl, docsUrl, line, plain } = facts;
  return {
    language: texts.language,
    brand,
    title: plain('title'),
    lead: line('lead'),
    links: [
      link(plain('manage'), dashboardUrl),
      ...(docsUrl === undefined ? [] : [link(plain('docs'), docsUrl)]),
    ],
    sections: [
      createSection(facts),
      sendSection(facts),
      errorSection(facts),
      rotateSection(facts),
      revokeSection(facts),
      checklistSection(facts),
    ],
  };
}

/** The guide as one Markdown file. */
export function markdownOf({ brand, title, lead, links, sections }: GuideDocument): string {
  const heading = [title, brand].filter((part) => part !== undefined).join(' · ');
  const section =
    (level: number) =>
    (part: Section): string =>
      blocks(
        part.title === '' ? '' : `${'#'.repeat(level)} ${part.title}`,
        part.body,
        ...(part.parts ?? []).map(section(level + 1)),
      );
  return `${blocks(`# ${escaped(heading)}`, lead, list('list', links), ...sections.map(section(2)))}\n`;
}
