import { Alert, Anchor, Text } from '@mantine/core';
import { frontEndTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconAlert } from '@shared/icons';
import { useFormats } from '@shared/session/use_formats';
import { Link } from 'wouter';
import { useRead } from '../api';
import { paths } from '../paths';

const REFRESH_SECONDS = 60;

/** Which chats refuse new users today, since they made all the accounts that they may make. */
export function NewAccountsNotice() {
  const t = useTexts(frontEndTexts);
  const formats = useFormats();
  const read = useRead('GET /admin/front-end-keys', undefined, { refreshSeconds: REFRESH_SECONDS });
  const refusing = (read.data?.data ?? []).filter((row) => row.new_accounts_refused_at && !row.revoked_at);
  if (refusing.length === 0) return null;
  return (
    <Alert color="red" icon={<IconAlert />} c="var(--mantine-color-text)" title={t.refusingTitle}>
      {refusing.map((row) => (
        <Text size="sm" key={row.id}>
          {t.refusingText(
            row.name,
            formats.integer(row.new_accounts_limit),
            formats.time(row.new_accounts_refused_at ?? ''),
          )}
        </Text>
      ))}
      <Anchor component={Link} href={paths.frontEnds} size="sm">
        {t.refusingLink}
      </Anchor>
    </Alert>
  );
}
