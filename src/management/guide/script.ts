/** Adds a copy button to each block of code. Without the script, the page lacks only these buttons. */
export const SCRIPT = `const { copy, copied } = document.documentElement.dataset;
for (const figure of document.querySelectorAll('figure')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = copy;
  button.setAttribute('aria-live', 'polite');
  const code = figure.querySelector('code');
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      getSelection().selectAllChildren(code);
      document.execCommand('copy');
    }
    button.textContent = copied;
    setTimeout(() => (button.textContent = copy), 2000);
  });
  figure.querySelector('figcaption').append(button);
}
`;
