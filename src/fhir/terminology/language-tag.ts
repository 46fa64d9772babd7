/**
 * Language tags (BCP 47). Their form is RFC 5646 §2.1; whether their parts are registered is asked of the locale data
 * that Node carries, which knows most of the registry: what it knows is in, and what it does not know may be.
 */

import type { Membership } from './code-list.ts';

const form = new RegExp(
  [
    '^(?<language>[a-z]{2,3}(-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})',
    '(-(?<script>[a-z]{4}))?',
    '(-(?<region>[a-z]{2}|[0-9]{3}))?',
    '(?<variants>(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)',
    '(?<extensions>(-[a-wyz0-9](-[a-z0-9]{2,8})+)*)',
    '(?<own>-x(-[a-z0-9]{1,8})+)?$',
  ].join(''),
  'i',
);

const ownOnly = /^x(-[a-z0-9]{1,8})+$/i;

/** Registered before there was a form (RFC 5646 §2.1, `irregular`). The regular ones fit the form. */
const irregular = new Set(
  (
    'en-gb-oed i-ami i-bnn i-default i-enochian i-hak i-klingon i-lux i-mingo i-navajo i-pwn i-tao i-tay i-tsu ' +
    'sgn-be-fr sgn-be-nl sgn-ch-de'
  ).split(' '),
);

export function languageTag(tag: string): Membership {
  if (irregular.has(tag.toLowerCase())) return 'in';
  if (ownOnly.test(tag)) return 'unknown';
  const parts = form.exec(tag)?.groups;
  if (!parts) return 'out';
  const { language, script, region, variants, extensions, own } = parts;
  const known =
    isNamed('language', language?.toLowerCase()) &&
    isNamed('script', script && script.charAt(0).toUpperCase() + script.slice(1).toLowerCase()) &&
    isNamed('region', region?.toUpperCase());
  return known && !variants && !extensions && !own ? 'in' : 'unknown';
}

const names = new Map<string, Intl.DisplayNames>();

function isNamed(type: 'language' | 'script' | 'region', part: string | undefined): boolean {
  if (part === undefined) return true;
  if (type === 'language' && !/^[a-z]{2,3}$/.test(part)) return false;
  const list = names.get(type) ?? new Intl.DisplayNames('en', { type, fallback: 'none' });
  names.set(type, list);
  return list.of(part) !== undefined;
}
