/** The icons: lines on a grid of 24, in the colour of the text around them; decoration only, the text beside them speaks. */

import type { ReactNode } from 'react';

export interface IconProps {
  size?: number;
}
export type Icon = (props: IconProps) => ReactNode;

function draw({ size = 20 }: IconProps, ...lines: string[]): ReactNode {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {lines.map((line) => (
        <path key={line} d={line} />
      ))}
    </svg>
  );
}

export const IconHome: Icon = (props) => draw(props, 'M4 11l8-7 8 7', 'M6 10v10h12V10', 'M10 20v-6h4v6');
export const IconDashboard: Icon = (props) =>
  draw(props, 'M4 4h7v9H4z', 'M13 4h7v5h-7z', 'M13 11h7v9h-7z', 'M4 15h7v5H4z');
export const IconUsers: Icon = (props) =>
  draw(
    props,
    'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8z',
    'M2 21v-1a6 6 0 0 1 12 0v1',
    'M16 3.5a4 4 0 0 1 0 7',
    'M18 14.5a6 6 0 0 1 4 5.5v1',
  );
export const IconUser: Icon = (props) =>
  draw(props, 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z', 'M5 21v-1a7 7 0 0 1 14 0v1');
export const IconTokens: Icon = (props) =>
  draw(
    props,
    'M12 7c4.4 0 8-1.3 8-3s-3.6-3-8-3-8 1.3-8 3 3.6 3 8 3z',
    'M4 4v8c0 1.7 3.6 3 8 3s8-1.3 8-3V4',
    'M4 12v7c0 1.7 3.6 3 8 3s8-1.3 8-3v-7',
  );
export const IconMoney: Icon = (props) =>
  draw(props, 'M3 6h18v12H3z', 'M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z', 'M6.5 9v.01', 'M17.5 15v.01');
export const IconWallet: Icon = (props) =>
  draw(
    props,
    'M4 7h15a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2h12v3',
    'M20 12h-4a2 2 0 0 0 0 4h4',
  );
export const IconCart: Icon = (props) =>
  draw(
    props,
    'M3 4h2l2.5 12h11l2-8.5H6',
    'M9 21a1 1 0 1 0 0-2 1 1 0 0 0 0 2z',
    'M17 21a1 1 0 1 0 0-2 1 1 0 0 0 0 2z',
  );
export const IconStatement: Icon = (props) =>
  draw(props, 'M6 2h12v20l-3-2-3 2-3-2-3 2z', 'M9 7h6', 'M9 11h6', 'M9 15h4');
export const IconRequests: Icon = (props) => draw(props, 'M4 13l3-9h10l3 9v7H4z', 'M4 13h5a3 3 0 0 0 6 0h5');
export const IconKey: Icon = (props) =>
  draw(props, 'M8 20a5 5 0 1 0 0-10 5 5 0 0 0 0 10z', 'M11.5 11.5L20 3', 'M16 7l3 3');
export const IconModels: Icon = (props) =>
  draw(props, 'M7 7h10v10H7z', 'M10 3v4M14 3v4M10 17v4M14 17v4M3 10h4M3 14h4M17 10h4M17 14h4');
export const IconChart: Icon = (props) => draw(props, 'M4 20h16', 'M6 16v-5', 'M11 16V5', 'M16 16V9');
export const IconBell: Icon = (props) => draw(props, 'M6 16V11a6 6 0 0 1 12 0v5l2 2H4z', 'M10 21h4');
export const IconShield: Icon = (props) =>
  draw(props, 'M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6z', 'M9 12l2 2 4-4');
export const IconAudit: Icon = (props) => draw(props, 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z', 'M12 7v5l3 2');
export const IconSettings: Icon = (props) =>
  draw(
    props,
    'M4 7h10M18 7h2M4 17h2M10 17h10',
    'M16 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
    'M8 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  );
export const IconReports: Icon = (props) =>
  draw(props, 'M6 3h8l5 5v13H6z', 'M14 3v5h5', 'M9 13h7', 'M9 17h5');
export const IconSignOut: Icon = (props) => draw(props, 'M10 4H5v16h5', 'M14 8l4 4-4 4', 'M9 12h9');
export const IconSun: Icon = (props) =>
  draw(
    props,
    'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8z',
    'M12 3v1M12 20v1M3 12h1M20 12h1M5.6 5.6l.7.7M17.7 17.7l.7.7M5.6 18.4l.7-.7M17.7 6.3l.7-.7',
  );
export const IconMoon: Icon = (props) => draw(props, 'M20 14a8 8 0 1 1-9-11 6.5 6.5 0 0 0 9 11z');
export const IconAuto: Icon = (props) => draw(props, 'M4 5h16v11H4z', 'M9 20h6', 'M12 16v4');
export const IconLanguage: Icon = (props) =>
  draw(
    props,
    'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z',
    'M3 12h18',
    'M12 3c3 3 3 15 0 18',
    'M12 3c-3 3-3 15 0 18',
  );
export const IconSearch: Icon = (props) =>
  draw(props, 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13z', 'M20 20l-5-5');
export const IconFilter: Icon = (props) => draw(props, 'M4 5h16l-6 7v6l-4 2v-8z');
export const IconDownload: Icon = (props) => draw(props, 'M12 4v11', 'M8 11l4 4 4-4', 'M4 20h16');
export const IconPrint: Icon = (props) => draw(props, 'M7 8V3h10v5', 'M5 17H3V8h18v9h-2', 'M7 14h10v7H7z');
export const IconPlus: Icon = (props) => draw(props, 'M12 5v14M5 12h14');
export const IconCheck: Icon = (props) => draw(props, 'M5 12.5l4.5 4.5L19 7.5');
export const IconClose: Icon = (props) => draw(props, 'M6 6l12 12M18 6L6 18');
export const IconAlert: Icon = (props) => draw(props, 'M12 3.5L2.5 20h19z', 'M12 10v4', 'M12 17v.01');
export const IconInfo: Icon = (props) =>
  draw(props, 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z', 'M12 11v5', 'M12 8v.01');
export const IconRefresh: Icon = (props) =>
  draw(props, 'M20 11a8 8 0 0 0-14-4L4 9', 'M4 4v5h5', 'M4 13a8 8 0 0 0 14 4l2-2', 'M20 20v-5h-5');
export const IconEdit: Icon = (props) => draw(props, 'M4 20l1-4L16 5l3 3L8 19z', 'M13.5 7.5l3 3');
export const IconCopy: Icon = (props) => draw(props, 'M9 9h11v11H9z', 'M5 15H4V4h11v1');
export const IconTrash: Icon = (props) => draw(props, 'M4 7h16', 'M9 7V4h6v3', 'M6 7l1 13h10l1-13');
export const IconPause: Icon = (props) => draw(props, 'M8 5v14M16 5v14');
export const IconPlay: Icon = (props) => draw(props, 'M7 4l13 8-13 8z');
export const IconMore: Icon = (props) => draw(props, 'M12 5v.01M12 12v.01M12 19v.01');
export const IconEye: Icon = (props) =>
  draw(
    props,
    'M2 12c3-5 6.5-7 10-7s7 2 10 7c-3 5-6.5 7-10 7s-7-2-10-7z',
    'M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  );
export const IconEyeOff: Icon = (props) =>
  draw(
    props,
    'M3 3l18 18',
    'M9 5.5A9 9 0 0 1 12 5c3.5 0 7 2 10 7a20 20 0 0 1-3 3.8',
    'M6 7c-1.5 1.2-2.8 2.9-4 5 3 5 6.5 7 10 7a9 9 0 0 0 5-1.5',
    'M10 10a3 3 0 0 0 4 4',
  );
export const IconChevronDown: Icon = (props) => draw(props, 'M6 9l6 6 6-6');
export const IconChevronUp: Icon = (props) => draw(props, 'M6 15l6-6 6 6');
export const IconChevronLeft: Icon = (props) => draw(props, 'M15 6l-6 6 6 6');
export const IconChevronRight: Icon = (props) => draw(props, 'M9 6l6 6-6 6');
export const IconFirst: Icon = (props) => draw(props, 'M18 6l-6 6 6 6', 'M7 6v12');
export const IconSort: Icon = (props) => draw(props, 'M8 9l4-5 4 5', 'M8 15l4 5 4-5');
export const IconTrendUp: Icon = (props) => draw(props, 'M4 16l6-6 4 4 6-7', 'M15 7h5v5');
export const IconTrendDown: Icon = (props) => draw(props, 'M4 8l6 6 4-4 6 7', 'M15 17h5v-5');
export const IconMail: Icon = (props) => draw(props, 'M3 6h18v12H3z', 'M3 7l9 6 9-6');
export const IconLink: Icon = (props) =>
  draw(props, 'M10 14a4 4 0 0 0 6 0l4-4a4 4 0 0 0-6-6l-1 1', 'M14 10a4 4 0 0 0-6 0l-4 4a4 4 0 0 0 6 6l1-1');
