/** Catches what a page throws while it is drawn, so that the rest stays usable. */

import { Button, Loader } from '@mantine/core';
import { Component, type ReactNode, useEffect, useState } from 'react';
import { commonTexts } from '../i18n';
import { useTexts } from '../i18n/language';
import { IconAlert, IconRefresh } from '../icons';
import { Message } from './messages';

interface BoundaryState {
  error: unknown;
  failed: boolean;
}

export class ErrorBoundary extends Component<{ children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { error: null, failed: false };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { error, failed: true };
  }

  override render() {
    return this.state.failed ? <Crash error={this.state.error} /> : this.props.children;
  }
}

// A file of the page that does not come: the service is away, or was updated and has other files now.
const LOST_FILE = /dynamically imported module|module script failed|preload/i;
const LOOK_MILLISECONDS = 3_000;

function Crash({ error }: { error: unknown }) {
  return error instanceof Error && LOST_FILE.test(error.message) ? <LostFile /> : <Mistake />;
}

function Mistake() {
  const t = useTexts(commonTexts);
  return (
    <div role="alert">
      <Message icon={IconAlert} title={t.crashTitle} text={t.crashText} order={1}>
        <ReloadButton />
      </Message>
    </div>
  );
}

/** Waits for a service that is away, and then goes on by itself; where it answers, its pages are newer than this one. */
function LostFile() {
  const t = useTexts(commonTexts);
  const [state, setState] = useState<'asking' | 'away' | 'newer'>('asking');
  useEffect(() => {
    let wasAway = false;
    const look = async () => {
      if (!(await answers())) {
        wasAway = true;
        setState('away');
      } else if (wasAway) window.location.reload();
      else setState('newer');
    };
    void look();
    const looking = setInterval(() => void look(), LOOK_MILLISECONDS);
    return () => clearInterval(looking);
  }, []);
  if (state === 'asking') return null;
  if (state === 'newer')
    return (
      <div role="alert">
        <Message icon={IconRefresh} title={t.newVersionTitle} text={t.newVersionText} order={1}>
          <ReloadButton />
        </Message>
      </div>
    );
  return (
    <div role="alert">
      <Message icon={IconAlert} title={t.awayTitle} text={t.awayText} order={1}>
        <Loader size="sm" aria-label={t.loading} />
      </Message>
    </div>
  );
}

function ReloadButton() {
  const t = useTexts(commonTexts);
  return (
    <Button leftSection={<IconRefresh size={18} />} onClick={() => window.location.reload()}>
      {t.reload}
    </Button>
  );
}

async function answers(): Promise<boolean> {
  try {
    await fetch(window.location.pathname, { method: 'HEAD', cache: 'no-store' });
    return true;
  } catch {
    return false;
  }
}
