/** The address that the samples call, and the environment variable that holds the key. */
interface Target {
  readonly address: string;
  readonly variable: string;
}

/* The application sets the address, so each sample escapes it as a literal of its language. */

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
  // Python reads the escapes of JSON in the same way.
  return `import json
import os
import urllib.request

request = urllib.request.Request(
    ${JSON.stringify(address)},
    headers={"Authorization": f"Bearer {os.environ['${variable}']}"},
)
with urllib.request.urlopen(request, timeout=10) as response:
    print(json.load(response))`;
}

export function goSample({ address, variable }: Target): string {
  // Go reads the escapes of JSON in the same way.
  return `package main

import (
\t"fmt"
\t"io"
\t"log"
\t"net/http"
\t"os"
)

func main() {
\trequest, err := http.NewRequest("GET", ${JSON.stringify(address)}, nil)
\tif err != nil {
\t\tlog.Fatal(err)
\t}
\trequest.Header.Set("Authorization", "Bearer "+os.Getenv("${variable}"))
\tresponse, err := http.DefaultClient.Do(request)
\tif err != nil {
\t\tlog.Fatal(err)
\t}
\tdefer response.Body.Close()
\tbody, err := io.ReadAll(response.Body)
\tif err != nil || response.StatusCode != http.StatusOK {
\t\tlog.Fatal(response.Status, err)
\t}
\tfmt.Println(string(body))
}`;
}
