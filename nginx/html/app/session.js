// Who is signed in, for every part of the page.
import { createContext, useContext } from './vendor/htm-preact.js';

// {user, account, plan, session, public_url, change(members), load(), setSession(answer), signOut(), signedOut(): it has ended}
export const SessionContext = createContext(null);
export const useSession = () => useContext(SessionContext);
