/** Where the loopback host gives the bytes that it granted. No file of the page has this path. */
export const grantedPath = '/granted-bytes';

/** The request's header that holds the grant: a secret in an address would end up in histories and logs. */
export const grantHeader = 'x-modshark-grant';
