/** The icons, from Tabler's set: decoration only, the text beside them speaks. One import each, or the build reads all 6,000. */

import AdjustmentsHorizontal from '@tabler/icons-react/icons/IconAdjustmentsHorizontal';
import AlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import Bell from '@tabler/icons-react/icons/IconBell';
import Cash from '@tabler/icons-react/icons/IconCash';
import ChartBar from '@tabler/icons-react/icons/IconChartBar';
import Check from '@tabler/icons-react/icons/IconCheck';
import ChevronDown from '@tabler/icons-react/icons/IconChevronDown';
import ChevronLeft from '@tabler/icons-react/icons/IconChevronLeft';
import ChevronLeftPipe from '@tabler/icons-react/icons/IconChevronLeftPipe';
import ChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import ChevronUp from '@tabler/icons-react/icons/IconChevronUp';
import Coins from '@tabler/icons-react/icons/IconCoins';
import Copy from '@tabler/icons-react/icons/IconCopy';
import Cpu from '@tabler/icons-react/icons/IconCpu';
import DotsVertical from '@tabler/icons-react/icons/IconDotsVertical';
import Download from '@tabler/icons-react/icons/IconDownload';
import Eye from '@tabler/icons-react/icons/IconEye';
import EyeOff from '@tabler/icons-react/icons/IconEyeOff';
import Filter from '@tabler/icons-react/icons/IconFilter';
import History from '@tabler/icons-react/icons/IconHistory';
import Home from '@tabler/icons-react/icons/IconHome';
import Inbox from '@tabler/icons-react/icons/IconInbox';
import InfoCircle from '@tabler/icons-react/icons/IconInfoCircle';
import Key from '@tabler/icons-react/icons/IconKey';
import LayoutDashboard from '@tabler/icons-react/icons/IconLayoutDashboard';
import Link from '@tabler/icons-react/icons/IconLink';
import Logout from '@tabler/icons-react/icons/IconLogout';
import Pencil from '@tabler/icons-react/icons/IconPencil';
import PlayerPause from '@tabler/icons-react/icons/IconPlayerPause';
import PlayerPlay from '@tabler/icons-react/icons/IconPlayerPlay';
import Plus from '@tabler/icons-react/icons/IconPlus';
import Printer from '@tabler/icons-react/icons/IconPrinter';
import Receipt from '@tabler/icons-react/icons/IconReceipt';
import Refresh from '@tabler/icons-react/icons/IconRefresh';
import Search from '@tabler/icons-react/icons/IconSearch';
import Selector from '@tabler/icons-react/icons/IconSelector';
import ShieldCheck from '@tabler/icons-react/icons/IconShieldCheck';
import ShoppingCart from '@tabler/icons-react/icons/IconShoppingCart';
import Trash from '@tabler/icons-react/icons/IconTrash';
import TrendingDown from '@tabler/icons-react/icons/IconTrendingDown';
import TrendingUp from '@tabler/icons-react/icons/IconTrendingUp';
import User from '@tabler/icons-react/icons/IconUser';
import Users from '@tabler/icons-react/icons/IconUsers';
import Wallet from '@tabler/icons-react/icons/IconWallet';
import X from '@tabler/icons-react/icons/IconX';
import type { TablerIcon } from '@tabler/icons-react';
import { createElement, type FunctionComponent } from 'react';

interface IconProps {
  size?: number;
}
export type Icon = FunctionComponent<IconProps>;

// What a page doesn't draw is left out of its build.
/* @__NO_SIDE_EFFECTS__ */
function decoration(icon: TablerIcon): Icon {
  return ({ size = 20 }) => createElement(icon, { size, stroke: 1.8, 'aria-hidden': true, focusable: false });
}

export const IconSettings = decoration(AdjustmentsHorizontal);
export const IconAlert = decoration(AlertTriangle);
export const IconBell = decoration(Bell);
export const IconMoney = decoration(Cash);
export const IconChart = decoration(ChartBar);
export const IconCheck = decoration(Check);
export const IconChevronDown = decoration(ChevronDown);
export const IconChevronLeft = decoration(ChevronLeft);
export const IconFirst = decoration(ChevronLeftPipe);
export const IconChevronRight = decoration(ChevronRight);
export const IconChevronUp = decoration(ChevronUp);
export const IconTokens = decoration(Coins);
export const IconCopy = decoration(Copy);
export const IconModels = decoration(Cpu);
export const IconMore = decoration(DotsVertical);
export const IconDownload = decoration(Download);
export const IconEye = decoration(Eye);
export const IconEyeOff = decoration(EyeOff);
export const IconFilter = decoration(Filter);
export const IconAudit = decoration(History);
export const IconHome = decoration(Home);
export const IconRequests = decoration(Inbox);
export const IconInfo = decoration(InfoCircle);
export const IconKey = decoration(Key);
export const IconDashboard = decoration(LayoutDashboard);
export const IconLink = decoration(Link);
export const IconSignOut = decoration(Logout);
export const IconEdit = decoration(Pencil);
export const IconPause = decoration(PlayerPause);
export const IconPlay = decoration(PlayerPlay);
export const IconPlus = decoration(Plus);
export const IconPrint = decoration(Printer);
export const IconStatement = decoration(Receipt);
export const IconRefresh = decoration(Refresh);
export const IconSearch = decoration(Search);
export const IconSort = decoration(Selector);
export const IconShield = decoration(ShieldCheck);
export const IconCart = decoration(ShoppingCart);
export const IconTrash = decoration(Trash);
export const IconTrendDown = decoration(TrendingDown);
export const IconTrendUp = decoration(TrendingUp);
export const IconUser = decoration(User);
export const IconUsers = decoration(Users);
export const IconWallet = decoration(Wallet);
export const IconClose = decoration(X);
