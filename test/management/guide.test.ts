import type { ApiKeys } from 'keywright';
import { describe, expect, it } from 'vitest';
import {
  acme,
  codeOf,
  decoded,
  guideOf,
  proon,
  wordsOfHtml,
  wordsOfMarkdown,
} from './guide-texts.ts';
import { mount, ORIGIN } from './support.ts';

const actor = { id: 'user_ada' };

async function newKey(keys: ApiKeys, environment: string) {
  const { secret, record } = await keys.create({
    ...{ name: 'Zapier', owner: 'org_1', actor },
    environment,
  });
  return { token: secret.reveal(), id: record.id };
}

function answerOf(refusal: {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}) {
  const headers = Object.entries(refusal.headers).map(([name, value]) => `${name}: ${value}\n`);
  return `${refusal.status} REASON\n${headers.join('')}\n${refusal.body}`;
}

/** The answers that the page shows, without what RFC 9112 §4 calls a reason phrase. */
function answersIn(html: string): string[] {
  return codeOf(html, 'The response').map((text) =>
    text.replace(/^HTTP\/1\.1 (\d{3}) [A-Z][A-Za-z ]+\n/, '$1 REASON\n'),
  );
}

describe('the page for API consumers', () => {
  it('describes keys by their format', async () => {
    const { html, markdown } = await guideOf(proon().management);
    expect(markdown).toContain(
      '| live | `prn_live_••••` | 64 | `https://www.proon.ai/api/v1/me` |',
    );
    expect(markdown).toContain('| test | `prn_test_••••` | 64 |  |');
    expect(markdown).toContain('55 characters of');
    expect(markdown).not.toContain('checksum');
    expect(codeOf(html, 'Header')).toEqual(['Authorization: Bearer prn_live_••••']);

    const other = (await guideOf(acme().management)).markdown;
    expect(other).toContain('| Environment | Key | Length |\n');
    expect(other).toContain('| eu_prod | `acme_eu_prod_••••` | 53 |\n');
    expect(other).toContain('40 characters of');
    expect(other).toContain('The last 6 of them are a checksum');
    expect(other).not.toContain('and in no other');
  });

  it('shows an expression that finds keys of every environment', async () => {
    for (const { keys, management } of [proon(), acme()]) {
      const { html } = await guideOf(management);
      const [pattern = ''] = codeOf(html, 'Regular expression');
      for (const environment of keys.format.environments) {
        const { token } = await newKey(keys, environment);
        expect(new RegExp(pattern).exec(`KEY="${token}"`)?.[0]).toBe(token);
        expect(new RegExp(pattern).test(`${token}0`)).toBe(false);
      }
    }
  });

  it('shows the bytes of the responses of the service', async () => {
    for (const { keys, management } of [proon(), acme()]) {
      const { html } = await guideOf(management);
      const { token } = await newKey(keys, keys.format.environments[0]);
      const scopes = keys.scopes?.slice(0, 1) ?? ['orders:read'];
      const unknown = await keys.authenticate('Bearer nonsense');
      const lacking = await keys.authenticate(`Bearer ${token}`, { scopes });
      const answers = answersIn(html);
      const [unauthorized, unavailable] = [answers[0], answers.at(-1)];
      expect(unknown.ok || answerOf(unknown.refusal)).toBe(unauthorized);
      // Where any scope can be given, none is made up for a sample.
      const forbidden = keys.scopes === undefined ? [] : [lacking.ok || answerOf(lacking.refusal)];
      expect(answers.slice(1, -1)).toEqual(forbidden);
      if (keys.scopes === undefined) expect(html).not.toContain('orders:read');
      expect(unavailable).toMatch(/^503 REASON\n(?:.+\n)*Retry-After: \d+\n/);
    }
  });

  it('shows the headers of responses to a replaced key', async () => {
    const { keys, management } = proon();
    const { token, id } = await newKey(keys, 'live');
    await keys.rotate(id, { actor, graceMs: 60_000 });
    const result = await keys.authenticate(`Bearer ${token}`);
    const [shown = ''] = codeOf(
      (await guideOf(management)).html,
      'Headers of a response to the old key',
    );
    const names = shown.split('\n').map((line) => line.split(': ', 1).join());
    expect(names).toEqual(Object.keys((result.ok && result.headers) || {}));
    expect(names).toContain('Sunset');
  });

  it('names the product, its addresses and its options', async () => {
    const { html, markdown } = await guideOf(proon().management);
    expect(html).toContain('<title>Authentication · ProoN</title>');
    expect(html).toContain('<p class="brand"><bdi>ProoN</bdi></p>');
    expect(html).toContain('<a href="/app/settings/api-keys/">Manage keys</a>');
    expect(markdown).toContain('Requests to the ProoN API carry');
    expect(markdown).toContain('second factor');
    expect(markdown).toContain(`[Manage keys](<${ORIGIN}/app/settings/api-keys/>)`);
    expect(markdown).not.toMatch(/\]\(<?\//);
    for (const cause of ['another scheme than', 'secret manager', 'two-factor authentication']) {
      expect(markdown).toContain(cause);
    }
    expect(html).toContain(
      '<meta name="description" content="Requests to the ProoN API carry an API key.',
    );
    expect(markdown).toContain('https://www.proon.ai/api/v1/me');
    expect(markdown).toContain('PROON_API_KEY');
    expect(markdown).not.toContain('put the address');

    const other = await guideOf(acme().management);
    expect(other.html).toContain('<title>Authentication</title>');
    expect(other.markdown).toContain('[Manage keys](<https://my.example.com/keys>)');
    expect(other.html).toContain('<a href="https://docs.example.com/?a=1&#38;copy;=2">');
    expect(other.markdown).toContain('Requests to the API carry');
    expect(other.markdown).toContain('put the address of the API instead of');
    expect(other.markdown).toContain('these scopes: `invoices:send`, `invoices:read`.');
    expect(other.markdown).not.toContain('second factor');
    expect(other.markdown).toContain('read `API_KEY`');
  });

  it('does not mention scopes if there are none', async () => {
    const { management } = await mount({}, { scopes: [] });
    const { markdown } = await guideOf(management);
    expect(markdown).not.toMatch(/scope|403/i);
  });

  it('has the same content as HTML and as Markdown', async () => {
    for (const { management } of [proon(), acme()]) {
      const { html, markdown } = await guideOf(management);
      const words = wordsOfHtml(html);
      expect(words.length).toBeGreaterThan(500);
      expect(wordsOfMarkdown(markdown, 'ProoN')).toEqual(words);
    }
  });

  it('shows any custom refusal of the application', async () => {
    const body = 'no `key`, ```no``` entry';
    const { management } = await mount({}, { unauthorized: { status: 404, headers: {}, body } });
    const { html, markdown } = await guideOf(management);
    expect(answersIn(html)[0]).toBe(`404 REASON\n\n${body}`);
    expect(markdown).toContain(`\`\`\`\`http\nHTTP/1.1 404 Not Found\n\n${body}\n\`\`\`\``);
    expect(markdown).toContain('### 404: the key is not accepted');
    expect(markdown).toContain('| 404 |  | There is no key');
  });
});

describe('texts of the host', () => {
  it('replaces texts of the page, in both forms', async () => {
    const texts = {
      language: 'de',
      title: 'Jede Anfrage ausweisen',
      lead: '{brand}: **{variable}** in `{prefix}` {unknown}',
      'checklist.logs': '',
      'rotate.text': '',
    };
    const { html, markdown } = await guideOf(proon({ guide: { texts } }).management);
    expect(html).toContain('<html lang="de" dir="ltr"');
    expect(html).toContain('<h1>Jede Anfrage ausweisen</h1>');
    expect(decoded(html)).toContain(
      '<p class="lead">ProoN: <strong><code>PROON_API_KEY</code></strong> in <code>prn_</code> {unknown}',
    );
    expect(markdown).toContain('ProoN: **`PROON_API_KEY`** in `prn_` {unknown}');
    expect(html).not.toMatch(/error trackers|A rotation gives|<li><\/li>|<p><\/p>/);
    expect(markdown).not.toMatch(/error trackers|A rotation gives|- \[ \] *\n/);
  });

  it('isolates a name with another direction than the text', async () => {
    const named = async (name: string, language: string) => {
      const texts = { language, lead: '{brand}: 1' };
      return guideOf(proon({ brand: { name }, guide: { texts } }).management);
    };
    for (const [name, language] of [
      ['مفاتيح', 'en'],
      ['ProoN', 'ar'],
    ] as const) {
      const { html, markdown } = await named(name, language);
      expect(html).toContain(`<p class="lead">\u2068${name}\u2069: 1</p>`);
      expect(markdown).toContain(`\n\u2068${name}\u2069: 1\n`);
    }
    expect((await named('ProoN', 'en')).html).toContain('<p class="lead">ProoN: 1</p>');
  });

  it.each([
    ['鍵は**「秘密」**です', '鍵は <strong>「秘密」</strong> です'],
    ['鍵は**秘密**です', '鍵は<strong>秘密</strong>です'],
    ['**Now.** Then', '<strong>Now.</strong> Then'],
  ])('are strong where they say so, beside any letter: %s', async (lead, html) => {
    const guide = { texts: { lead } };
    expect((await guideOf(proon({ guide }).management)).html).toContain(
      `<p class="lead">${html}</p>`,
    );
  });

  it('shows texts of the application as plain text', async () => {
    const name = `<script>a</script> </title>"' &amp; [x](http://evil) **b** \`c\` |__i__ a_b ‮`;
    const text = `- <img src=x onerror=y>\n# no heading\n1) no step`;
    const { html, markdown } = await guideOf(
      proon({
        brand: { name },
        guide: { texts: { 'send.text': text, 'errors.meaning': 'a | b' } },
      }).management,
    );
    expect(html).not.toMatch(/<(?:script(?! type="module" src=)|img)|<[^>]*style=/i);
    expect(decoded(html)).toContain(`<p class="brand"><bdi>${name}</bdi></p>`);
    expect(decoded(html)).toContain(`<p>${text.replaceAll('\n', ' ')}</p>`);
    expect(markdown).toContain(
      '\\<script\\>a\\</script\\> \\</title\\>"\' \\&amp; \\[x\\](http://evil) \\*\\*b\\*\\* \\`c\\` \\|\\_\\_i\\_\\_ a_b ‮',
    );
    expect(markdown).toContain('\n\\- \\<img src=x onerror=y\\> \\# no heading 1) no step\n');
    expect(markdown).toContain('| a \\| b |');
  });

  it.each([
    ['guide.dashboardUrl', { dashboardUrl: 'javascript:alert(1)' }],
    ['guide.dashboardUrl', { dashboardUrl: '//evil.example' }],
    ['guide.texts.titel', { texts: { titel: 'Title' } }],
    ['guide.texts.title', { texts: { title: 5 } }],
    ['guide.text', { text: {} }],
  ])('that are wrong are named: %s', (argument, guide) => {
    const make = () => proon({ guide: guide as never });
    expect(make).toThrow(expect.objectContaining({ code: 'invalid_argument', argument }));
  });
});
