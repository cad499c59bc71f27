/** RFC 9110 §5.1: a token. */
export const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
