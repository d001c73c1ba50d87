/** The frame around every page: header with the user's menu, navigation at the side, the page itself. */

import { AppShell, Burger, Group, NavLink, ScrollArea, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { commonTexts } from '../i18n/common';
import { useTexts } from '../i18n/language';
import { navigationTexts } from '../i18n/navigation';
import { useSession } from '../session/session';
import { Brand } from './brand';
import classes from './frame.module.css';
import { isCurrent, maySee, type Page } from './pages';
import { UserMenu } from './user_menu';

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
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', md: 'lg' }}
    >
      <a className="solaris-skip" href="#conteudo">
        {t.skipToContent}
      </a>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
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
        </Group>
      </AppShell.Header>
      <AppShell.Navbar id="navegacao" className={classes.navbar} aria-label={t.mainNavigation}>
        <AppShell.Section grow component={ScrollArea} type="auto">
          <Navigation pages={shown} onGo={close} />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="conteudo" tabIndex={-1} className={classes.main}>
        <div className={classes.page}>{children}</div>
      </AppShell.Main>
    </AppShell>
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
