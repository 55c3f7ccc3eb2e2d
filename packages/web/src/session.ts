const KEY = 'mailslot.token';

/**
 * The token of the link that opened this page. It is taken out of the address at once, where it could be seen or copied,
 * and kept for this tab only. Never a cookie: cookies ignore ports, so that every server of this computer would get it.
 */
export function takeToken(): string | undefined {
  const fragment = location.hash.slice(1);
  if (fragment !== '') {
    sessionStorage.setItem(KEY, fragment);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem(KEY) ?? undefined;
}
