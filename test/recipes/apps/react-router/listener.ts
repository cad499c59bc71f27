import { createRequestHandler } from '@react-router/express';
import express from 'express';

const build = await import(new URL('./build/server/index.js', import.meta.url).href);

export default express().use(createRequestHandler({ build }));
