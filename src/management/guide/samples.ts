/** What the samples call, and the variable that holds the key. */
interface Target {
  readonly address: string;
  readonly variable: string;
}

/* The address comes from the host: in each language it stands as a literal of that language. */

export function curlSample({ address, variable }: Target): string {
  const literal = `'${address.replaceAll("'", "'\\''")}'`;
  return `curl ${literal} \\
  -H "Authorization: Bearer $${variable}"`;
}

export function javascriptSample({ address, variable }: Target): string {
  return `const response = await fetch(${JSON.stringify(address)}, {
  headers: { Authorization: \`Bearer \${process.env.${variable}}\` },
});
if (!response.ok) throw new Error(\`\${response.status}: \${await response.text()}\`);
console.log(await response.json());`;
}

export function pythonSample({ address, variable }: Target): string {
  // What JSON escapes in a text, Python reads in the same way.
  return `import os

import requests

response = requests.get(
    ${JSON.stringify(address)},
    headers={"Authorization": f"Bearer {os.environ['${variable}']}"},
    timeout=10,
)
response.raise_for_status()
print(response.json())`;
}
