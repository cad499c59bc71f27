import type { LegacyFormat } from '../digest/legacy.ts';
import { invalid } from '../errors.ts';
import type { TokenFormat } from '../token/format.ts';
import { checkEnvironments, checkOneOf } from './arguments.ts';

const MAX_LEGACY_FORMATS = 8;

/**
 * Returns the environments whose keys a service accepts. A format with several environments has no
 * default: the service would silently refuse the keys of the others.
 */
export function acceptedEnvironments(
  environments: unknown,
  format: TokenFormat,
): readonly string[] {
  if (environments !== undefined) return checkEnvironments(environments, format);
  const [first, second] = format.environments;
  if (second === undefined) return [first];
  throw invalid(
    'environments',
    `is required, because the format has several: pass ["${first}"] to accept the keys of one, or ` +
      'format.environments to accept those of all',
  );
}

/** Checks the formats of imported keys against the environments of the format. */
export function legacyFormats(legacy: unknown, format: TokenFormat): readonly LegacyFormat[] {
  if (legacy === undefined) return [];
  if (!Array.isArray(legacy) || legacy.length > MAX_LEGACY_FORMATS) {
    throw invalid('legacy', `must be an array of at most ${MAX_LEGACY_FORMATS} formats`);
  }
  return Array.from(legacy as readonly LegacyFormat[], (old, i) => {
    if (typeof old?.digest !== 'function') {
      throw invalid(`legacy[${i}]`, 'must come from legacyFormat()');
    }
    if (old.environment !== undefined) {
      checkOneOf(old.environment, `legacy[${i}].environment`, format.environments);
    }
    return old;
  });
}
