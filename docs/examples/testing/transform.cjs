const { transformSync } = require('esbuild');

module.exports = {
  process: (text, path) => transformSync(text, { sourcefile: path, loader: 'ts', format: 'cjs' }),
};
