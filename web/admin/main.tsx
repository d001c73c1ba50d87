import { startApplication } from '@shared/application';
import { pages } from './pages';
import { paths } from './paths';

startApplication({ app: 'admin', signInPath: paths.signIn, pages });
