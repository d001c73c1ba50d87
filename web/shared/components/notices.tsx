/** Notices that come and go in a corner: what was done, and what was not. */

import { Notification, Text } from '@mantine/core';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react';
import type { ApiError } from '../api/errors';
import { commonTexts } from '../i18n';
import { useTexts } from '../i18n/language';
import { IconAlert, IconCheck } from '../icons';
import { useErrorText } from './error_text';
import classes from './notices.module.css';

interface Notice {
  id: string;
  kind: 'done' | 'failed';
  message: ReactNode;
}

type Show = (kind: Notice['kind'], message: ReactNode) => void;

const Context = createContext<Show>(() => undefined);
const SHOWN_MILLISECONDS = 6000;
const MOST_NOTICES = 4;

/** Shows the notices of everything inside it. */
export function NoticesProvider({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  const show = useCallback<Show>(
    (kind, message) =>
      setNotices((present) => [...present, { id: crypto.randomUUID(), kind, message }].slice(-MOST_NOTICES)),
    [],
  );
  const close = useCallback(
    (id: string) => setNotices((present) => present.filter((notice) => notice.id !== id)),
    [],
  );
  return (
    <Context.Provider value={show}>
      {children}
      <div className={classes.corner}>
        {notices.map((notice) => (
          <ShownNotice key={notice.id} notice={notice} onClose={close} />
        ))}
      </div>
    </Context.Provider>
  );
}

/** What was done goes by itself, but never from under the pointer; what failed stays until it is closed. */
function ShownNotice({ notice, onClose }: { notice: Notice; onClose: (id: string) => void }) {
  const t = useTexts(commonTexts);
  const [held, setHeld] = useState(false);
  const { id, kind, message } = notice;
  useEffect(() => {
    if (kind === 'failed' || held) return undefined;
    const timer = setTimeout(() => onClose(id), SHOWN_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [id, kind, held, onClose]);
  const failed = kind === 'failed';
  return (
    <Notification
      className={classes.notice}
      role={failed ? 'alert' : 'status'}
      title={failed ? t.failed : t.done}
      color={failed ? 'red' : 'green'}
      icon={failed ? <IconAlert /> : <IconCheck />}
      withBorder
      closeButtonProps={{ 'aria-label': t.close }}
      onClose={() => onClose(id)}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {message}
    </Notification>
  );
}

/** `notify(text)`: something was done. */
export function useNotice(): (text: string) => void {
  const show = useContext(Context);
  return useCallback((text: string) => show('done', text), [show]);
}

/** Shows an error with its trace id. */
export function useErrorNotice(): (error: ApiError) => void {
  const show = useContext(Context);
  const t = useTexts(commonTexts);
  const textOf = useErrorText();
  return useCallback(
    (error: ApiError) =>
      show(
        'failed',
        <>
          {textOf(error)}
          {error.traceId && (
            <Text component="span" display="block" size="xs" c="dimmed">
              {t.traceId(error.traceId)}
            </Text>
          )}
        </>,
      ),
    [show, t, textOf],
  );
}
