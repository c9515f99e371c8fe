// What a test person's level in the cast means on the wire.

export const LEVELS = {
  loatest2: 'http://ftn.ficora.fi/2017/loatest2',
  loatest3: 'http://ftn.ficora.fi/2017/loatest3',
  weak: 'urn:oid:1.2.246.517.3002.110.6',
  eidas: 'http://eidas.europa.eu/LoA/substantial',
};

export const METHODS = {
  bank: 'urn:oid:1.2.246.517.3002.110.1',
  mobile: 'urn:oid:1.2.246.517.3002.110.3',
  card: 'urn:oid:1.2.246.517.99.10.23.1',
};
