/** How a bucket of time is written. */

import type { Unit } from '@shared/api/admin.gen';
import type { Language } from '@shared/i18n/texts';

/** "22/11", "22/11 14h", "nov. de 2026": short, for an axis. `bucket` is local already: a day, or a day and time with offset. */
export function writeBucket(bucket: string, unit: Unit, language: Language): string {
  const [year = '', month = '', day = ''] = bucket.slice(0, 10).split('-');
  if (unit === 'month') {
    return new Intl.DateTimeFormat(language, { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
      new Date(`${year}-${month}-01T00:00:00Z`),
    );
  }
  if (unit === 'hour') return `${day}/${month} ${bucket.slice(11, 13)}h`;
  return `${day}/${month}`;
}

/** The same in full, for a table. */
export function writeBucketInFull(bucket: string, unit: Unit, language: Language): string {
  const [year = '', month = '', day = ''] = bucket.slice(0, 10).split('-');
  if (unit === 'month') return writeBucket(bucket, unit, language);
  return `${day}/${month}/${year}${unit === 'hour' ? ` ${bucket.slice(11, 16)}` : ''}`;
}
