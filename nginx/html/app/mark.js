// Which session this browser has, as far as its pages know: the session's id (no secret; the cookie is HttpOnly) in
// localStorage, which every tab reads. Without a mark the API is not asked who is signed in.
const kName = 'quietleaks.session';

export function markedSession() {
  try {
    return localStorage.getItem(kName);
  } catch {
    return null;  // a browser that keeps nothing for us keeps no session either
  }
}

// null: nobody is signed in any more.
export function markSession(id) {
  if (markedSession() === id) return;
  try {
    if (id === null) localStorage.removeItem(kName);
    else localStorage.setItem(kName, id);
  } catch {
    // Then this page alone knows.
  }
}

// look is called whenever another tab may have signed in or out: at once, when this tab is seen again, and when the
// browser brings the page back as it was left.
export function watchMark(look) {
  const events = [[window, 'storage'], [window, 'pageshow'], [document, 'visibilitychange']];
  for (const [target, name] of events) target.addEventListener(name, look);
  return () => events.forEach(([target, name]) => target.removeEventListener(name, look));
}
