export { default as bearerAuth } from '@fastify/bearer-auth';
