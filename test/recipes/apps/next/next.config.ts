import type { NextConfig } from 'next';

const config: NextConfig = { turbopack: { root: new URL('../../', import.meta.url).pathname } };

export default config;
