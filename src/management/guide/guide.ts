import type { GuideDocument } from './document.ts';
import { errorSection } from './error-section.ts';
import type { Facts } from './facts.ts';
import { createSection, sendSection } from './key-sections.ts';
import { checklistSection, revokeSection, rotateSection } from './life-sections.ts';

/** What customers of the host read: how to authenticate their requests. */
export function guideOf(facts: Facts): GuideDocument {
  const { texts, brand, dashboardUrl, docsUrl, line, plain } = facts;
  return {
    language: texts.language,
    brand,
    title: plain('title'),
    lead: line('lead'),
    links: [
      { text: plain('manage'), url: dashboardUrl },
      ...(docsUrl === undefined ? [] : [{ text: plain('docs'), url: docsUrl }]),
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
