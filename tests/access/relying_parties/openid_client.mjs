// An application as npm openid-client makes it: it prints where the browser has to go, reads where
// the browser came back to, and prints what it was told of the person.
import * as client from "openid-client";
import * as readline from "node:readline";

const [issuer, clientId, secret, callback, proof] = process.argv.slice(2);
const proofs = {
  post: () => client.ClientSecretPost(secret),
  basic: () => client.ClientSecretBasic(secret),
  none: () => client.None(),
};
const config = await client.discovery(new URL(issuer), clientId, undefined, proofs[proof](), {
  execute: [client.allowInsecureRequests],
});
const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const nonce = client.randomNonce();
const address = client.buildAuthorizationUrl(config, {
  redirect_uri: callback,
  scope: "openid profile email groups offline_access",
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
  nonce,
  max_age: "600",
});
console.log(address.href);

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const came = new URL((await lines.next()).value);
const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, maxAge: 600 };
const tokens = await client.authorizationCodeGrant(config, came, checks);
const claims = tokens.claims();
const person = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
const renewed = await client.refreshTokenGrant(config, tokens.refresh_token);
const told = secret ? await client.tokenIntrospection(config, renewed.access_token) : {};
console.log(JSON.stringify({ claims, person, active: told.active ?? null }));

// Told to go on, it asks again for somebody who may no longer be there.
await lines.next();
const refused = await client.refreshTokenGrant(config, renewed.refresh_token).catch((error) => error);
const closed = await client
  .fetchUserInfo(config, renewed.access_token, claims.sub)
  .catch((error) => error);
console.log(JSON.stringify({ refresh: refused.error, person: closed.cause?.[0]?.parameters?.error }));
process.exit(0);
