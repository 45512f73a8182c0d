export type HostAddress =
  | { readonly kind: 'electron' }
  | { readonly kind: 'loopback'; readonly token: string }
  | { readonly kind: 'none' };

const tokenKey = 'modshark.token';

/**
 * Reads from the address's fragment how to reach the host: `#host=electron`, or `#token=…` of the loopback server.
 *
 * The token then leaves the address, for the history, the screen and a copied link, and stays in this tab's session
 * storage so that a reload still has it.
 */
export function takeHostAddress(): HostAddress {
  const fragment = new URLSearchParams(location.hash.slice(1));
  if (fragment.get('host') === 'electron') return { kind: 'electron' };
  const given = fragment.get('token');
  if (given !== null) {
    sessionStorage.setItem(tokenKey, given);
    history.replaceState(null, '', location.pathname);
  }
  const token = given ?? sessionStorage.getItem(tokenKey);
  return token === null ? { kind: 'none' } : { kind: 'loopback', token };
}
