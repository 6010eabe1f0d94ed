/**
 * A person name (PS3.5 6.2.1) as people write it: `Family, Given Middle`, the ideographic or phonetic group, if
 * there is one, in brackets.
 */
export function formatPersonName(value: string): string {
  const [alphabetic = '', ideographic = ''] = value.split('=').map(formatGroup);
  if (alphabetic === '') return ideographic;
  return ideographic === '' ? alphabetic : `${alphabetic} (${ideographic})`;
}

function formatGroup(group: string): string {
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = group
    .split('^')
    .map((part) => part.trim());
  const rest = [prefix, given, middle, suffix].filter((part) => part !== '').join(' ');
  return [family, rest].filter((part) => part !== '').join(', ');
}
