import type { Authorization, StepUp } from 'keywright/management';
import type { Page } from 'playwright-core';
import type { Dashboard } from './dashboard.ts';
import { OWNER } from './host.ts';

/** A state that the dashboard can be in, and the way to it. */
export interface State {
  readonly name: string;
  /** What its picture in the guide is called, if there is one. */
  readonly picture?: string;
  readonly session?: () => Partial<Authorization> | undefined;
  readonly stepUp?: StepUp['check'];
  before?(page: Page): Promise<unknown>;
  show(dashboard: Dashboard): Promise<void>;
}

const API = '**/api/keys?*';

async function openCreate(dashboard: Dashboard): Promise<void> {
  await dashboard.ready();
  await dashboard.button('Create key').first().click();
  await dashboard.dialog('Create an API key').waitFor();
}

/** Opens the dialog of a row's button. */
export async function openRow(dashboard: Dashboard, button: RegExp, title: string | RegExp) {
  await dashboard.ready();
  await dashboard.button(button).first().click();
  await dashboard.dialog(title).waitFor();
}

/** Whether the session ends while a dialog is open. */
let ended = false;

export const STATES: readonly State[] = [
  { name: 'the list of keys', picture: 'keys', show: (dashboard) => dashboard.ready() },
  {
    name: 'no keys yet',
    session: () => ({ owner: 'org_new' }),
    show: (dashboard) => dashboard.page.getByText('Create your first key').waitFor(),
  },
  {
    name: 'a list that is on its way',
    before: (page) => page.route(API, () => {}),
    show: (dashboard) => dashboard.page.getByText('Loading…').waitFor(),
  },
  {
    name: 'a list that could not be read',
    before: (page) => page.route(API, (route) => route.fulfill({ status: 503, body: '{}' })),
    async show({ page }) {
      await page.getByText('This could not be loaded').waitFor();
      await page.getByRole('button', { name: 'Try again' }).waitFor();
    },
  },
  {
    name: 'signed out',
    session: () => undefined,
    show: ({ page }) => page.getByText('You are signed out').waitFor(),
  },
  {
    name: 'nothing allowed',
    session: () => ({ owner: OWNER, actions: [] }),
    show: ({ page }) => page.getByText('You cannot see these keys').waitFor(),
  },
  {
    name: 'nothing found',
    async show(dashboard) {
      await dashboard.ready();
      await dashboard.page.getByRole('searchbox').fill('no such key');
      await dashboard.page.getByText('No key matches').waitFor();
    },
  },
  {
    name: 'the dialog for a new key',
    picture: 'create',
    async show(dashboard) {
      await openCreate(dashboard);
      const dialog = dashboard.dialog('Create an API key');
      await dialog.getByLabel('Name', { exact: true }).fill('Zapier production');
      await dialog.getByText('There is an active key').waitFor();
    },
  },
  {
    name: 'a new key without what it needs',
    async show(dashboard) {
      await openCreate(dashboard);
      const dialog = dashboard.dialog('Create an API key');
      await dialog.getByLabel('Expiry', { exact: true }).selectOption('On a date…');
      await dialog.getByRole('button', { name: 'Create key' }).click();
      await dialog.getByText('Choose a day that is still to come.').waitFor();
    },
  },
  {
    name: 'a request that fails',
    before: (page) =>
      page.route('**/api/keys', (route) => route.fulfill({ status: 503, body: '{}' })),
    async show(dashboard) {
      await openCreate(dashboard);
      const dialog = dashboard.dialog('Create an API key');
      await dialog.getByLabel('Name', { exact: true }).fill('Zapier production');
      await dialog.getByRole('button', { name: 'Create key' }).click();
      await dialog.getByText('The server gave an unexpected answer.').waitFor();
    },
  },
  {
    name: 'a new key, shown once',
    picture: 'reveal',
    session: () => ({ owner: 'org_reveal' }),
    async show(dashboard) {
      await (await dashboard.create('Zapier production')).waitFor();
    },
  },
  {
    name: 'a key that was not copied',
    session: () => ({ owner: 'org_reveal' }),
    async show(dashboard) {
      await (await dashboard.create('Zapier production')).waitFor();
      await dashboard.page.keyboard.press('Escape');
      await dashboard.dialog('Close without copying?').waitFor();
    },
  },
  {
    name: 'the dialog for a rotation',
    async show(dashboard) {
      await openRow(dashboard, /^Rotate .Billing sync.$/, 'Rotate key');
      await dashboard.page.getByLabel('Ends by itself').check();
    },
  },
  {
    name: 'a rotation whose old key is in use',
    picture: 'retire',
    async show(dashboard) {
      await openRow(dashboard, /Finish the rotation of .Zapier/, 'Retire the old key');
      await dashboard.page.getByText('Still in use').waitFor();
    },
  },
  {
    name: 'a rotation of which it is too early to tell',
    picture: 'early',
    async show(dashboard) {
      await openRow(dashboard, /Finish the rotation of .Webhook relay/, 'Retire the old key');
      await dashboard.page.getByText('Too early to tell').waitFor();
    },
  },
  {
    name: 'the question before the old key of a rotation is revoked',
    async show(dashboard) {
      await openRow(dashboard, /Finish the rotation of .Zapier/, 'Retire the old key');
      await dashboard.button('Revoke now…').click();
      await dashboard.dialog('Revoke Zapier production?').waitFor();
    },
  },
  {
    name: 'the dialog for changes',
    show: (dashboard) => openRow(dashboard, /^Edit .Reports nightly.$/, 'Edit key'),
  },
  {
    name: 'the question before a key is revoked',
    show: (dashboard) => openRow(dashboard, /^Revoke .Billing sync.$/, 'Revoke Billing sync?'),
  },
  {
    name: 'the question before all keys are revoked',
    show: (dashboard) => openRow(dashboard, /^Revoke all keys$/, 'Revoke all keys?'),
  },
  {
    name: 'the activity',
    picture: 'activity',
    async show(dashboard) {
      await dashboard.tab('Activity').click();
      await dashboard.page.getByText('Reason: Leaked in a build log').waitFor();
    },
  },
  {
    name: 'no activity found',
    async show(dashboard) {
      await dashboard.tab('Activity').click();
      await dashboard.page.getByLabel('Action', { exact: true }).selectOption('Erased');
      await dashboard.page.getByText('No event matches').waitFor();
    },
  },
  {
    name: 'a session that ended in a dialog',
    before: async () => {
      ended = false;
    },
    session: () => (ended ? undefined : { owner: OWNER }),
    async show(dashboard) {
      await openCreate(dashboard);
      const dialog = dashboard.dialog('Create an API key');
      await dialog.getByLabel('Name', { exact: true }).fill('Zapier production');
      ended = true;
      await dialog.getByRole('button', { name: 'Create key' }).click();
      await dialog.getByText('You are signed out.').waitFor();
    },
  },
  {
    name: 'a whole key in a name',
    async show(dashboard) {
      await openCreate(dashboard);
      const dialog = dashboard.dialog('Create an API key');
      await dialog.getByLabel('Name', { exact: true }).fill(`prn_live_${'0'.repeat(55)}`);
      await dialog.getByRole('button', { name: 'Create key' }).click();
      await dialog.getByText('This text holds a whole API key.').waitFor();
    },
  },
];
