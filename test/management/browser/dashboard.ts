import type { Locator, Page } from 'playwright-core';

/** The dashboard as a person finds their way in it. */
export class Dashboard {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  /** The dialog with this title. */
  dialog(title: string | RegExp): Locator {
    return this.page.getByRole('dialog', { name: title });
  }

  tab(name: 'Keys' | 'Activity' | 'Security'): Locator {
    return this.page.getByRole('tab', { name });
  }

  /** The rows of keys with this name. */
  rows(name: string): Locator {
    const header = this.page.getByRole('rowheader').filter({ hasText: name });
    return this.page.getByRole('row').filter({ has: header });
  }

  async ready(): Promise<void> {
    await this.page.getByRole('table', { name: 'API keys' }).waitFor();
  }

  /** Creates a key by clicking, up to the dialog that shows it. */
  async create(name: string): Promise<Locator> {
    await this.button('Create key').first().click();
    const dialog = this.dialog('Create an API key');
    await dialog.getByLabel('Name', { exact: true }).fill(name);
    await dialog.getByRole('button', { name: 'Create key' }).click();
    return this.dialog('Save your key');
  }

  /** Copies the key that is shown, and closes the dialog. */
  async save(dialog: Locator): Promise<void> {
    await dialog.getByRole('button', { name: 'Copy key' }).click();
    await dialog.getByRole('button', { name: 'I have saved the key' }).click();
  }

  /** The key that is shown. */
  async shownKey(dialog: Locator): Promise<string> {
    return (await dialog.locator('code').first().textContent()) ?? '';
  }

  /** What the page holds anywhere: its markup through all shadow trees, and what its elements keep. */
  holds(text: string): Promise<boolean> {
    return this.page.evaluate((sought) => {
      const seen = new Set<unknown>();
      const isIn = (value: unknown, depth: number): boolean => {
        if (typeof value === 'string') return value.includes(sought);
        if (typeof value !== 'object' || value === null || depth > 6 || seen.has(value))
          return false;
        seen.add(value);
        if (value instanceof Node && !(value instanceof Element)) return false;
        return Object.values(value).some((member) => isIn(member, depth + 1));
      };
      const inTree = (root: Document | ShadowRoot): boolean =>
        [...root.querySelectorAll('*')].some((element) => {
          const own = element.cloneNode(false) as Element;
          return (
            own.outerHTML.includes(sought) ||
            (element.textContent ?? '').includes(sought) ||
            isIn({ ...element }, 0) ||
            (element instanceof HTMLInputElement && element.value.includes(sought)) ||
            (element.shadowRoot !== null && inTree(element.shadowRoot))
          );
        });
      return inTree(document);
    }, text);
  }
}
