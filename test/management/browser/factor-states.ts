import type { StepUp } from 'keywright/management';
import type { Page } from 'playwright-core';
import type { Dashboard } from './dashboard.ts';
import { OWNER } from './host.ts';
import { openRow, type State } from './states.ts';

function asks(enrolled: boolean): StepUp['check'] {
  return (_request, _session, action) =>
    action === 'enroll' ? { ok: true } : { ok: false, challenge: { kind: 'code', enrolled } };
}

/** Someone new for each state, who has no second factor yet. */
let people = 0;
const somebodyNew = {
  before: async () => people++,
  session: () => ({ owner: OWNER, actor: { id: `user_${people}` } }),
};

async function openPrompt(dashboard: Dashboard, title = 'Confirm that it is you'): Promise<void> {
  await openRow(dashboard, /^Revoke .Billing sync.$/, 'Revoke Billing sync?');
  await dashboard.button('Revoke key').click();
  await dashboard.dialog(title).waitFor();
}

async function enter(dashboard: Dashboard, code: string): Promise<void> {
  const prompt = dashboard.dialog('Confirm that it is you');
  await prompt.getByRole('textbox').fill(code);
  await prompt.getByRole('button', { name: 'Confirm' }).click();
}

async function setUp(dashboard: Dashboard): Promise<void> {
  await dashboard.tab('Security').click();
  await dashboard.button('Set up').click();
  await dashboard.page.getByLabel('Code of the app').fill('424242');
  await dashboard.button('Turn on').click();
  await dashboard.dialog('Save your recovery codes').waitFor();
}

async function setUpAndSave(dashboard: Dashboard): Promise<void> {
  await setUp(dashboard);
  await dashboard.button('Copy codes').click();
  await dashboard.button('I have saved the codes').click();
  await dashboard.button('Turn off').waitFor();
}

function refuseCodes(error: string, headers: Record<string, string> = {}) {
  const answer = { status: 429, headers, json: { error, message: 'Refused.' } };
  return (page: Page) => page.route('**/second-factor/verify', (route) => route.fulfill(answer));
}

/** States of the dashboard that the second factor brings. */
export const FACTOR_STATES: readonly State[] = [
  {
    name: 'no second factor',
    async show(dashboard) {
      await dashboard.tab('Security').click();
      await dashboard.button('Set up').waitFor();
    },
  },
  {
    name: 'the set-up of a second factor',
    async show(dashboard) {
      await dashboard.tab('Security').click();
      await dashboard.button('Set up').click();
      await dashboard.page.getByLabel('Code of the app').waitFor();
    },
  },
  { name: 'recovery codes, shown once', ...somebodyNew, show: setUp },
  {
    name: 'recovery codes that were not saved',
    ...somebodyNew,
    async show(dashboard) {
      await setUp(dashboard);
      await dashboard.page.keyboard.press('Escape');
      await dashboard.button('Go back').waitFor();
    },
  },
  { name: 'a second factor', ...somebodyNew, show: setUpAndSave },
  {
    name: 'the question before the second factor is turned off',
    ...somebodyNew,
    async show(dashboard) {
      await setUpAndSave(dashboard);
      await dashboard.button('Turn off').click();
      await dashboard.dialog('Turn off two-factor authentication?').waitFor();
    },
  },
  {
    name: 'a prompt for who has no second factor',
    stepUp: asks(false),
    show: (dashboard) => openPrompt(dashboard, 'Set up a second factor first'),
  },
  { name: 'the prompt for a code', picture: 'code', stepUp: asks(true), show: openPrompt },
  {
    name: 'the prompt for a recovery code',
    stepUp: asks(true),
    async show(dashboard) {
      await openPrompt(dashboard);
      await dashboard.button('Use a recovery code').click();
      await dashboard.page.getByLabel('Recovery code').waitFor();
    },
  },
  {
    name: 'a wrong code',
    stepUp: asks(true),
    before: refuseCodes('wrong_code'),
    async show(dashboard) {
      await openPrompt(dashboard);
      await enter(dashboard, '000000');
      await dashboard.page.getByText('This code is wrong, or has been used.').waitFor();
    },
  },
  {
    name: 'codes that are refused for a time',
    stepUp: asks(true),
    before: refuseCodes('too_many_attempts', { 'Retry-After': '30' }),
    async show(dashboard) {
      await openPrompt(dashboard);
      await enter(dashboard, '000000');
      await dashboard.page.getByText(/Too many wrong codes\. Try again in/).waitFor();
    },
  },
];
