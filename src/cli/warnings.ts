/**
 * Hides Node's warnings about experimental features: Node 22 prints one for `node:sqlite`, which the
 * person who runs a command can do nothing about. Node prints all other warnings as before.
 */
export function hideExperimentalWarnings(): void {
  const listeners = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name === 'ExperimentalWarning') return;
    for (const listener of listeners) listener(warning);
  });
}
