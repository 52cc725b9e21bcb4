// The dashboard begins here: who is signed in, and which view belongs to the path.
import { html, render, useCallback, useEffect, useLayoutEffect, useMemo, useState } from './vendor/htm-preact.js';
import './double_click.js';
import { ask, askUnder, onSessionOver } from './api.js';
import { markedSession, markSession, watchMark } from './mark.js';
import { useLocation } from './router.js';
import { SessionContext } from './session.js';
import { flushEverywhere } from './removals.js';
import { lazy } from './parts/lazy.js';
import { OfflineBar } from './parts/offline_bar.js';
import { Failure, Loading } from './parts/states.js';
import { sayError, Toasts } from './parts/toasts.js';
import { TopBar } from './parts/top_bar.js';
import { askAgain } from './use_data.js';
import { SignIn, SignInAgain } from './views/sign_in.js';

const SignUp = lazy(async () => (await import('./views/sign_up.js')).SignUp);
const Reset = lazy(async () => (await import('./views/reset.js')).Reset);
const NotFound = lazy(async () => (await import('./views/not_found.js')).NotFound);

const routes = [
  [/^\/app\/(?:links\/?|signup)?$/, lazy(async () => (await import('./views/links.js')).Links)],
  [/^\/app\/links\/([0-9a-f-]{36})$/, lazy(async () => (await import('./views/link.js')).Link)],
  [/^\/app\/events\/?$/, lazy(async () => (await import('./views/events.js')).Events)],
  [/^\/app\/settings(?:\/keys)?\/?$/, lazy(async () => (await import('./views/keys.js')).Keys)],
  [/^\/app\/settings\/account\/?$/, lazy(async () => (await import('./views/account.js')).Account)],
];

// {View, id}: the component for the path, and the link's id in it, if there is one.
function viewAt(path) {
  for (const [pattern, View] of routes) {
    const found = pattern.exec(path);
    if (found) return { View, id: found[1] };
  }
  return { View: NotFound };
}

const root = document.getElementById('app');
const nobody = { session: null, error: null, over: false };

// What another tab did is not guessed at: nothing of this page is shown any more, and it begins again.
function startOver() {
  render(null, root);
  location.reload();
}

// session undefined: not known yet; null: nobody. {session, error, over: it has ended, load, setSession}
function useSessionState() {
  const [state, setState] = useState({ ...nobody, session: markedSession() === null ? null : undefined });
  const { session, over } = state;
  const mark = (id) => {
    askUnder(id);
    markSession(id);
  };
  const setSession = useCallback((next) => {
    mark(next?.session.id ?? null);
    setState({ ...nobody, session: next });
  }, []);
  // The page stays, covered, until its reader has signed in again. Of somebody else's page nothing is shown.
  const end = useCallback(() => {
    askUnder(null);  // the mark stays: only a sign-out empties the other tabs, too
    setState((old) => ({ ...old, over: true }));
  }, []);
  const resume = useCallback((next) => {
    setSession(next);
    if (next.user.email === session.user.email) askAgain();
    else startOver();
  }, [session]);
  const load = useCallback(async () => {
    setState({ ...nobody, session: undefined });
    try {
      setSession(await ask('GET', '/api/app/session'));
    } catch (error) {
      if (error.status === 401) setSession(null);
      else setState({ ...nobody, session: undefined, error });
    }
  }, []);
  useEffect(() => {
    if (session === undefined) load();
  }, []);
  useLayoutEffect(() => {
    if (session === undefined) return undefined;
    let asked = false;
    // Somebody has signed in in another tab: if it is the same reader, this page goes on with what was typed into it.
    const join = async () => {
      if (asked) return;
      asked = true;
      root.hidden = true;
      askUnder(markedSession());
      try {
        resume(await ask('GET', '/api/app/session'));
        root.hidden = false;
      } catch {
        startOver();
      }
    };
    const look = () => {
      const marked = markedSession();
      const other = marked !== (session?.session.id ?? null);
      if (other && marked !== null && session !== null) join();
      else if (other) startOver();
      return other;
    };
    const unwatch = watchMark(look);
    const unlisten = onSessionOver(() => look() || end());
    return () => {
      unwatch();
      unlisten();
    };
  }, [session, resume, end]);
  const leave = useCallback(() => setState({ ...nobody, session: undefined }), []);
  return { ...state, load, leave, setSession, resume };
}

// A document of their own for whoever signs in next: nothing that this one remembers is theirs.
function signedOut() {
  markSession(null);
  location.assign('/app/');
}

// What is under way is given up first: answered later, it would only be refused.
async function signOut({ leave, load }) {
  await flushEverywhere();
  leave();
  try {
    await ask('DELETE', '/api/app/session');
    signedOut();
  } catch (error) {
    if (error.status === 401) return signedOut();
    sayError(error);
    load();
  }
}

function Outside({ path, setSession }) {
  return path === '/app/signup' ? html`<${SignUp} onSignedIn=${setSession} />` : html`<${SignIn} onSignedIn=${setSession} />`;
}

function Inside({ path, session, setSession, leave, load }) {
  const { View, id } = viewAt(path);
  const context = useMemo(
    () => ({ ...session, change: (members) => setSession({ ...session, ...members }), load, setSession, signedOut, signOut: () => signOut({ leave, load }) }),
    [session],
  );
  return html`<${SessionContext.Provider} value=${context}>
    <${TopBar} path=${path} />
    <${OfflineBar} />
    <${View} key=${id} id=${id} />
  <//>`;
}

function Body({ path, ...state }) {
  const { session, error, over, load, setSession, resume } = state;
  if (path === '/app/reset') return html`<${Reset} />`;
  if (error) return html`<main id="main" class="narrow"><h1>QuietLeaks</h1><${Failure} error=${error} retry=${load} /></main>`;
  if (session === undefined) return html`<main id="main" class="narrow"><${Loading} label="Loading the dashboard" /></main>`;
  if (session === null) return html`<${Outside} path=${path} setSession=${setSession} />`;
  return html`<${Inside} path=${path} ...${state} />${over && html`<${SignInAgain} email=${session.user.email} onSignedIn=${resume} />`}`;
}

function App() {
  const { path } = useLocation();
  return html`<${Body} path=${path} ...${useSessionState()} /><${Toasts} />`;
}

viewAt(location.pathname).View.preload();
render(html`<${App} />`, root);
