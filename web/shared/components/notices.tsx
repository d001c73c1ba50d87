/** Notices that come and go in a corner: what was done, and what was not. */

import { Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import type { ApiError } from '../api/errors';
import { commonTexts } from '../i18n/common';
import { useTexts } from '../i18n/language';
import { IconAlert, IconCheck } from '../icons';
import { useErrorText } from './error_text';

/** `notify(text)`: something was done. */
export function useNotice(): (text: string) => void {
  const t = useTexts(commonTexts);
  return useCallback(
    (text: string) =>
      notifications.show({ title: t.done, message: text, color: 'green', icon: <IconCheck /> }),
    [t],
  );
}

/** Shows an error with its trace id; it stays until it is closed. */
export function useErrorNotice(): (error: ApiError) => void {
  const t = useTexts(commonTexts);
  const textOf = useErrorText();
  return useCallback(
    (error: ApiError) =>
      notifications.show({
        title: t.failed,
        message: (
          <>
            {textOf(error)}
            {error.traceId && (
              <Text component="span" display="block" size="xs" c="dimmed">
                {t.traceId(error.traceId)}
              </Text>
            )}
          </>
        ),
        color: 'red',
        icon: <IconAlert />,
        autoClose: false,
      }),
    [t, textOf],
  );
}
