/** Everything about one request, as a list of terms. */

import { Button, Group, Stack } from '@mantine/core';
import type { StaffRequestResponse } from '@shared/api/admin.gen';
import { commonTexts, requestsTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { MONEY_READERS, MONEY_WRITERS } from '@shared/layout/pages';
import { useSession } from '@shared/session/session';
import { useFormats } from '@shared/session/use_formats';
import type { ReactNode } from 'react';
import { useMay } from '../forms/use_may';
import classes from '../forms/terms.module.css';
import { type Deed, isOpenFor, RequestStateBadge, WhyNotNow } from './request_columns';

interface RequestDetailsProps {
  row: StaffRequestResponse;
  onDeed: (deed: Deed) => void;
}

export function RequestDetails({ row, onDeed }: RequestDetailsProps) {
  const t = useTexts(requestsTexts);
  const none = useTexts(commonTexts).notAvailable;
  const formats = useFormats();
  const seesMoney = useMay(MONEY_READERS);
  const decides = useMay(MONEY_WRITERS);
  const reader = useSession().user.id;
  const terms: [string, ReactNode][] = [
    [t.user, `${row.user_name}${row.user_email ? ` (${row.user_email})` : ''}`],
    [t.state, <RequestStateBadge key="state" state={row.state} />],
    [t.tokens, formats.integer(row.tokens)],
    ...(seesMoney
      ? [
          [t.amount, row.amount_brl === null ? t.noPrice : formats.money(row.amount_brl)] as [
            string,
            ReactNode,
          ],
        ]
      : []),
    [t.urgency, t.urgencies[row.urgency]],
    [t.when, formats.dateTime(row.created_at)],
    [t.note, row.note || none],
  ];
  if (row.decided_at) {
    terms.push([t.decided, t.decidedBy(row.decided_by_name ?? t.system, formats.dateTime(row.decided_at))]);
    terms.push([t.reason, row.decision_reason || none]);
  }
  return (
    <Stack>
      <dl className={classes.terms}>
        {terms.map(([term, text]) => (
          <div key={term} className={classes.term}>
            <dt>{term}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <WhyNotNow row={row} />
      {decides && isOpenFor(row, reader) && (
        <Group justify="flex-end">
          <Button variant="default" onClick={() => onDeed('reject')}>
            {t.reject}
          </Button>
          <Button onClick={() => onDeed('approve')}>{t.approve}</Button>
        </Group>
      )}
    </Stack>
  );
}
