import { describe, expect, it } from 'vitest';
import { Texts } from '../../src/management/dashboard/text.ts';
import { directionOf, languageTag } from '../../src/management/texts/language.ts';
import { TEXTS } from '../../src/management/texts/texts.ts';
import { mount, ORIGIN } from './support.ts';

describe('languages', () => {
  it.each([
    ['de_DE', 'de-DE'],
    ['de_DE.UTF-8', 'de-DE'],
    ['sr_RS@latin', 'sr-RS'],
    ['PT-br', 'pt-BR'],
    ['zh-hant-tw', 'zh-Hant-TW'],
    ['not a language', undefined],
    ['', undefined],
  ])('reads %j as %s', (text, tag) => {
    expect(languageTag(text)).toBe(tag);
  });

  it.each([
    ['ar', 'rtl'],
    ['he-IL', 'rtl'],
    ['fa', 'rtl'],
    ['ur-PK', 'rtl'],
    ['ks-Deva', 'ltr'],
    ['az-Arab', 'rtl'],
    ['en', 'ltr'],
    ['ja', 'ltr'],
  ])('writes %s %s', (tag, direction) => {
    expect(directionOf(tag)).toBe(direction);
  });

  it('normalises the language of the page', async () => {
    const { management } = await mount({ texts: { language: 'ar_EG' } });
    const page = await management(new Request(`${ORIGIN}${management.basePath}/`));
    expect(await page.text()).toContain('<html lang="ar-EG" dir="rtl">');
  });

  it.each([
    [{ titel: 'Schlüssel' }, 'texts.titel'],
    [{ language: 'not a language' }, 'texts.language'],
    [{ title: 1 as unknown as string }, 'texts.title'],
  ])('refuses %j at construction', async (texts, argument) => {
    await expect(mount({ texts })).rejects.toMatchObject({ code: 'invalid_argument', argument });
  });

  it('accepts every name of TEXTS, and further plural categories', async () => {
    await mount({ texts: { ...TEXTS, 'list.total.few': '{count} klucze' } });
    await expect(mount({ texts: { 'title.few': 'klucze' } })).rejects.toThrow();
  });

  it('refuses a language of the guide that is none, and normalises the others', async () => {
    const guide = (language: string) => mount({ guide: { texts: { language } } });
    await expect(guide('??')).rejects.toMatchObject({ argument: 'guide.texts.language' });
    const { management } = await guide('he_IL');
    const page = await management(new Request(`${ORIGIN}${management.basePath}/guide`));
    expect(await page.text()).toContain('<html lang="he-IL" dir="rtl"');
  });

  it('compares texts without regard to case and to the form of characters', () => {
    const german = new Texts({ language: 'de_DE' });
    expect(german.language).toBe('de-DE');
    expect(german.fold('Straße')).toBe(german.fold('STRASSE'));
    expect(german.fold('Caf\u00e9')).toBe(german.fold('cafe\u0301'));
    const turkish = new Texts({ language: 'tr' });
    expect(turkish.fold('İPTAL')).toBe(turkish.fold('iptal'));
  });
});
