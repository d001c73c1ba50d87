/** The frame around every page: header with the user's menu, navigation at the side, the page itself. */

import { Burger, Group, NavLink, Text } from '@mantine/core';
import { useDisclosure, useWindowEvent } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { commonTexts, navigationTexts } from '../i18n';
import { useTexts } from '../i18n/language';
import { useSession } from '../session/session';
import { Brand } from './brand';
import classes from './frame.module.css';
import { isCurrent, maySee, type Page } from './pages';
import { useArrival } from './use_arrival';
import { UserMenu } from './user_menu';

const MAIN_ID = 'conteudo';

interface FrameProps {
  title: string;
  pages: readonly Page[];
  children: ReactNode;
}

export function Frame({ title, pages, children }: FrameProps) {
  const [opened, { toggle, close }] = useDisclosure(false);
  const t = useTexts(commonTexts);
  const { user } = useSession();
  const shown = pages.filter((page) => page.icon !== undefined && maySee(page, user.role));
  const [location] = useLocation();
  useArrival(location, MAIN_ID);
  useWindowEvent('keydown', (event) => {
    if (event.key === 'Escape') close();
  });
  return (
    <div className={classes.frame} data-opened={opened || undefined}>
      <a className="solaris-skip" href={`#${MAIN_ID}`}>
        {t.skipToContent}
      </a>
      <header className={classes.header}>
        <Group gap="sm" wrap="nowrap" miw={0}>
          <Burger
            opened={opened}
            onClick={toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label={opened ? t.closeNavigation : t.openNavigation}
            aria-expanded={opened}
            aria-controls="navegacao"
          />
          <Brand title={title} />
        </Group>
        <UserMenu />
      </header>
      <nav id="navegacao" className={classes.navigation} aria-label={t.mainNavigation}>
        <Navigation pages={shown} onGo={close} />
      </nav>
      <main id={MAIN_ID} tabIndex={-1} className={classes.main}>
        <div className={classes.page}>{children}</div>
      </main>
    </div>
  );
}

function Navigation({ pages, onGo }: { pages: readonly Page[]; onGo: () => void }) {
  const [location] = useLocation();
  const t = useTexts(navigationTexts);
  return (
    <div className={classes.links}>
      {pages.map((page) => {
        const current = isCurrent(page, location);
        const PageIcon = page.icon;
        return (
          <NavLink
            key={page.path}
            component={Link}
            href={page.path}
            onClick={onGo}
            active={current}
            aria-current={current ? 'page' : undefined}
            className={classes.link}
            label={<Text size="sm">{t[page.name]}</Text>}
            leftSection={PageIcon ? <PageIcon /> : undefined}
          />
        );
      })}
    </div>
  );
}
